/* SPDX-License-Identifier: MIT
 *
 * shipment: what payloads say was shipped of an order: a fulfillment by itself, or those that an
 * order lists. It moves no stock.
 */
#ifndef SHIPMENT_H
#define SHIPMENT_H

#include "base/err.h"
#include "order/payload.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True for fulfillments/create and fulfillments/update, however they are spelled. */
bool shipment_topic(const char *topic);

/* Shopify's id of the order that a fulfillment by itself is of; 0: it does not say. */
int64_t shipment_order(const struct payload *it);

/* True if the order of the payload lists fulfillments. */
bool shipment_listed(const struct payload *it);

/* Stores what those of the n payloads that are not stored yet say, in one statement; asks
 * nothing of the database if they say nothing. Order and repetition make no difference. */
ERR_CHECK int shipment_store(struct db *db, struct payload *const *items, size_t n, struct err *e);

#endif
