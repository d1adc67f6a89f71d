/* SPDX-License-Identifier: MIT
 *
 * match: entity tags (RFC 9110). A tag of ours is "VERSION.DIGEST" or "DIGEST": the
 * version is of what can be edited, the digest of the whole answer. If-None-Match is
 * about the answer, and If-Match about the version, so that what changes by itself,
 * as a count of waiting deliveries does, refuses no edit. No I/O.
 */
#ifndef MATCH_H
#define MATCH_H

#include <stdbool.h>
#include <stddef.h>

enum { MATCH_TAG = 96 };

/* Makes the tag, quotes too, of an answer; `version` has at most 40 characters, or is "". */
void match_make(char tag[MATCH_TAG], const char *version, const char *body, size_t len);

/* True if the header, a list of tags or "*", has the tag. Weak ones count: a proxy that
 * compresses makes them weak. */
bool match_answer(const char *header, const char *tag);

/* True if one of them is of that version, or the header is "*". */
bool match_version(const char *header, const char *version);

#endif
