/* SPDX-License-Identifier: MIT
 *
 * guess: which column a name most likely means, of other systems' exports and of suppliers'
 * lists in many languages. Case, blanks and punctuation are ignored, and so is a unit at the
 * end of the name of a price or quantity: "Preis netto (EUR)" is "preis". Weaker than a name
 * or an alias of product.h.
 */
#ifndef GUESS_H
#define GUESS_H

#include "catalogue/product.h"

#include <stdbool.h>

/* The column, or PRODUCT_COLUMNS. *rank is 0 for a name that is sure to mean it; else
 * the name may mean something else, too, "code" or "msrp", and counts only where no
 * other does: of several the one with the lowest rank. */
enum product_column guess_column(struct product_text name, int *rank);

/* True if a header may call the column of SKUs so, and rows never do; quick. */
bool guess_names_sku(struct product_text v);

#endif
