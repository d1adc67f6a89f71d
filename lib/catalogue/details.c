/* SPDX-License-Identifier: MIT
 *
 * details: one table of names; those of one detail stand together, the most
 * telling first.
 */
#include "catalogue/details.h"

#include <string.h>

enum { MOST_BARCODE = 255 }; /* bytes; an index has it */

static const char *const members[DETAILS_KNOWN] = {
	"barcode", "cost", "compare_at_price", "vendor", "tags", "weight", "image_url", "group",
	"group_title", "options"};

/* What they are called; `*` at the end stands for any text. */
static const struct {
	const char *name;
	enum details_key key;
} aliases[] = {
	{"variant_barcode", DETAILS_BARCODE}, {"ean", DETAILS_BARCODE}, {"gtin", DETAILS_BARCODE},
	{"upc", DETAILS_BARCODE}, {"ean13", DETAILS_BARCODE}, {"ean_13", DETAILS_BARCODE},
	{"variant_ean", DETAILS_BARCODE}, {"variant_upc", DETAILS_BARCODE},
	{"isbn", DETAILS_BARCODE}, {"gtin,_*", DETAILS_BARCODE}, {"upc/*", DETAILS_BARCODE},
	{"ean/*", DETAILS_BARCODE}, {"product_upc/ean", DETAILS_BARCODE},
	{"barcode_(*", DETAILS_BARCODE}, {"strichcode", DETAILS_BARCODE},
	{"code_barres", DETAILS_BARCODE}, {"código_de_barras", DETAILS_BARCODE},
	{"codice_a_barre", DETAILS_BARCODE},
	{"cost_per_item", DETAILS_COST}, {"variant_cost", DETAILS_COST},
	{"cost_price", DETAILS_COST}, {"unit_cost", DETAILS_COST},
	{"default_unit_cost", DETAILS_COST}, {"default_cost", DETAILS_COST},
	{"supply_price", DETAILS_COST}, {"purchase_price", DETAILS_COST},
	{"purchase_rate", DETAILS_COST}, {"purchase_cost", DETAILS_COST},
	{"purchasesunitprice", DETAILS_COST}, {"purchases_unit_price", DETAILS_COST},
	{"price_cost", DETAILS_COST}, {"price_old", DETAILS_COMPARE_AT_PRICE},
	{"wholesale_price", DETAILS_COST}, {"standard_price", DETAILS_COST},
	{"einkaufspreis", DETAILS_COST}, {"ek", DETAILS_COST}, {"ek_preis", DETAILS_COST},
	{"prix_d'achat", DETAILS_COST}, {"precio_de_coste", DETAILS_COST},
	{"variant_compare_at_price", DETAILS_COMPARE_AT_PRICE},
	{"compare_at", DETAILS_COMPARE_AT_PRICE}, {"msrp", DETAILS_COMPARE_AT_PRICE},
	{"rrp", DETAILS_COMPARE_AT_PRICE}, {"uvp", DETAILS_COMPARE_AT_PRICE},
	{"brand", DETAILS_VENDOR}, {"brands", DETAILS_VENDOR}, {"brand_name", DETAILS_VENDOR},
	{"product_vendor", DETAILS_VENDOR}, {"manufacturer", DETAILS_VENDOR},
	{"default_vendor_name", DETAILS_VENDOR}, {"supplier", DETAILS_VENDOR},
	{"supplier_name", DETAILS_VENDOR}, {"marke", DETAILS_VENDOR},
	{"hersteller", DETAILS_VENDOR}, {"marque", DETAILS_VENDOR},
	{"fabricant", DETAILS_VENDOR}, {"marca", DETAILS_VENDOR},
	{"product_tags", DETAILS_TAGS}, {"tag", DETAILS_TAGS}, {"schlagwörter", DETAILS_TAGS},
	{"étiquettes", DETAILS_TAGS}, {"etiquetas", DETAILS_TAGS},
	{"variant_grams", DETAILS_WEIGHT}, {"grams", DETAILS_WEIGHT},
	{"weight_value_(grams)", DETAILS_WEIGHT}, {"variant_weight", DETAILS_WEIGHT},
	{"product_weight", DETAILS_WEIGHT}, {"weight_(*", DETAILS_WEIGHT},
	{"package_weight", DETAILS_WEIGHT}, {"gewicht*", DETAILS_WEIGHT},
	{"poids*", DETAILS_WEIGHT}, {"peso*", DETAILS_WEIGHT},
	{"variant_image", DETAILS_IMAGE_URL}, {"variant_image_url", DETAILS_IMAGE_URL},
	{"image_src", DETAILS_IMAGE_URL}, {"product_image_url", DETAILS_IMAGE_URL},
	{"image", DETAILS_IMAGE_URL}, {"images", DETAILS_IMAGE_URL},
	{"image_link", DETAILS_IMAGE_URL}, {"image1", DETAILS_IMAGE_URL},
	{"main_image_url", DETAILS_IMAGE_URL}, {"base_image", DETAILS_IMAGE_URL},
	{"product_image_1_url", DETAILS_IMAGE_URL}, {"product_image_1", DETAILS_IMAGE_URL},
	{"product_image_file_1", DETAILS_IMAGE_URL}, {"product_thumbnail", DETAILS_IMAGE_URL},
	{"bilder", DETAILS_IMAGE_URL}, {"imágenes", DETAILS_IMAGE_URL},
	{"immagini", DETAILS_IMAGE_URL}, {"afbeeldingen", DETAILS_IMAGE_URL},
	{"handle", DETAILS_GROUP}, {"url_handle", DETAILS_GROUP},
	{"item_group_id", DETAILS_GROUP}, {"parent_sku", DETAILS_GROUP},
};

static struct product_text text_of(const char *s, size_t n)
{
	return (struct product_text){s, n};
}

const char *details_name(enum details_key key)
{
	return members[key];
}

static bool is_called(struct product_text name, const char *alias)
{
	size_t n = strlen(alias);

	if (alias[n - 1] != '*')
		return product_same_name(name, text_of(alias, n));
	n--;
	return name.n >= n && product_same_name(text_of(name.s, n), text_of(alias, n)) &&
	       !product_same_name(text_of(alias, n), text_of("", 0));
}

enum details_key details_find(struct product_text name, int *rank)
{
	product_trim(&name);
	for (*rank = 0; *rank < DETAILS_KNOWN; ++*rank)
		if (product_same_name(name, text_of(members[*rank], strlen(members[*rank]))))
			return (enum details_key)*rank;
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++, ++*rank)
		if (is_called(name, aliases[i].name))
			return aliases[i].key;
	return DETAILS_KNOWN;
}

bool details_is_extra(struct product_text name)
{
	size_t n = strlen(DETAILS_EXTRA);

	return name.n > n && memcmp(name.s, DETAILS_EXTRA, n) == 0;
}

bool details_is_member(const char *name, enum details_key *key)
{
	int i = 0;

	while (i < DETAILS_KNOWN && strcmp(name, members[i]) != 0)
		i++;
	*key = (enum details_key)i;
	return i < DETAILS_KNOWN || details_is_extra(text_of(name, strlen(name)));
}

int details_check(enum details_key key, struct product_text *v, struct product_fault *f)
{
	if (key == DETAILS_BARCODE && v->n > MOST_BARCODE)
		return product_refuse(f, "barcode_too_long", "barcode has %zu bytes; %d are the "
				      "most", v->n, MOST_BARCODE);
	if (key != DETAILS_COST && key != DETAILS_COMPARE_AT_PRICE)
		return 0;
	return product_check(PRODUCT_PRICE, v, f);
}
