/* SPDX-License-Identifier: MIT
 *
 * clock: durations by the monotonic clock, and RFC 3339 timestamps. Times that
 * are stored, or compared between hosts, come from PostgreSQL's clock; this
 * module only measures how long something takes and checks spelling.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Milliseconds and microseconds since some fixed moment, on a clock that never
 * jumps. */
int64_t clock_ms(void);
int64_t clock_us(void);

/* The wall clock in microseconds since 1970. */
int64_t clock_wall_us(void);

/* Writes the time of day into `out`, as "2026-11-21T20:15:02.123Z". */
#define CLOCK_TEXT 32
void clock_now_text(char out[CLOCK_TEXT]);

/* True if `s` is an RFC 3339 date-time: 0 to 9 fraction digits, Z or an
 * offset, a day that exists. PostgreSQL reads every string this accepts. */
bool clock_is_rfc3339(const char *s);

/* The same, and *us is the instant in microseconds since 1970; more digits than
 * six after the point are cut off. */
bool clock_parse_rfc3339(const char *s, int64_t *us);

#endif
