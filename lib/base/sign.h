/* SPDX-License-Identifier: MIT
 *
 * sign: HMAC-SHA-256 (RFC 2104) and Ed25519 (RFC 8032) over exact bytes, strict
 * base64 (RFC 4648 section 4), and comparisons that take the same time whatever
 * differs.
 */
#ifndef SIGN_H
#define SIGN_H

#include <stdbool.h>
#include <stddef.h>

#define SIGN_BYTES 32
#define SIGN_PAIR 64 /* of Ed25519: a seed of 32 bytes, then the public key it makes */
#define SIGN_ED25519 64

/* HMAC-SHA-256 of `body` with `key`. */
void sign_hmac(const void *key, size_t keylen, const void *body, size_t len,
	       unsigned char out[SIGN_BYTES]);

/* The Ed25519 signature of `body`; only the seed of the pair is used. */
void sign_ed25519(const unsigned char pair[SIGN_PAIR], const void *body, size_t len,
		  unsigned char out[SIGN_ED25519]);

/* True if the public key of the pair is the one that its seed makes. */
bool sign_is_pair(const unsigned char pair[SIGN_PAIR]);

/* SHA-256 of `body`. */
void sign_digest(const void *body, size_t len, unsigned char out[SIGN_BYTES]);

/* The same of bytes that come in pieces; sign_sum_end, then sign_sum_free. */
struct sign_sum;
struct sign_sum *sign_sum_new(void);
void sign_sum_add(struct sign_sum *s, const void *p, size_t n);
void sign_sum_end(struct sign_sum *s, unsigned char out[SIGN_BYTES]);
void sign_sum_free(struct sign_sum *s);

/* True if `header` is the strict base64 of the HMAC of `body` under one of
 * the secrets in `secrets`, which are separated by commas or blanks. Every
 * secret is tried, so the time taken does not tell which one matched. */
bool sign_shopify_ok(const char *secrets, const char *header, const void *body, size_t len);

/* Compares two byte strings in time that depends on their lengths only. */
bool sign_equal(const void *a, size_t alen, const void *b, size_t blen);

/* Strict base64: n bytes of `text` into `out`, which has room for `size`.
 * Returns how many came out, -1 for text that is no base64 or too long. */
int sign_decode64(const char *text, size_t n, unsigned char *out, size_t size);

/* The base64 of n bytes, NUL-terminated, into out[4 * ((n + 2) / 3) + 1]. */
void sign_encode64(const unsigned char *p, size_t n, char *out);

/* Lower-case hex of n bytes, NUL-terminated, into out[2n+1]. */
void sign_hex(const unsigned char *p, size_t n, char *out);

#endif
