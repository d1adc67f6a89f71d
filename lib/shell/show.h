/* SPDX-License-Identifier: MIT
 *
 * show: JSON of the API for people and for programs: objects as records, a line each, or as
 * tables of the width of a terminal. Programs only.
 */
#ifndef SHOW_H
#define SHOW_H

#include "base/buf.h"

#include <jansson.h>
#include <stddef.h>

/* Adds {"v":1,"type":"row","of":NOUN, …members} and a line end. */
void show_record(struct buf *b, const char *noun, const json_t *object);

/* Adds the objects of an array as a table with a head, no wider than `width` columns:
 * of `columns` (commas between), or if that is NULL of all members that are neither objects
 * nor arrays. What would harm a terminal is a "?". */
void show_table(struct buf *b, const json_t *rows, const char *columns, size_t width);

/* Adds an object as two columns, name and value, and each array of objects in it as a table. */
void show_object(struct buf *b, json_t *object, size_t width);

/* How wide the terminal on standard output is. */
size_t show_width(void);

#endif
