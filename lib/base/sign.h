/* SPDX-License-Identifier: MIT
 *
 * sign: HMAC-SHA-256 (RFC 2104), Ed25519 (RFC 8032), SHA-256, strict base64
 * (RFC 4648 section 4), and comparisons in constant time. Signatures are over
 * the exact bytes given.
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

/* True if the public key of the pair belongs to its seed. */
bool sign_is_pair(const unsigned char pair[SIGN_PAIR]);

/* SHA-256 of `body`. */
void sign_digest(const void *body, size_t len, unsigned char out[SIGN_BYTES]);

/* SHA-256 of bytes that arrive in pieces: sign_sum_new, sign_sum_add for each
 * piece, sign_sum_end once, then sign_sum_free. */
struct sign_sum;
struct sign_sum *sign_sum_new(void);
void sign_sum_add(struct sign_sum *s, const void *p, size_t n);
void sign_sum_end(struct sign_sum *s, unsigned char out[SIGN_BYTES]);
void sign_sum_free(struct sign_sum *s);

/* How many certificates, in PEM, the file holds; -1, with errno, if it cannot be
 * read. */
int sign_count_certificates(const char *path);

/* True if `header` is the base64 of the HMAC of `body` with one of `secrets`,
 * which have commas or blanks between them. All secrets are tried, so the time
 * taken does not tell which one matched. */
bool sign_shopify_ok(const char *secrets, const char *header, const void *body, size_t len);

/* scrypt (RFC 7914) of a password, with N = 2^log_n, r = 8, p = 1: 32 bytes. False: there is no
 * memory for it. */
bool sign_scrypt(const char *password, const unsigned char *salt, size_t n, unsigned log_n,
		 unsigned char out[SIGN_BYTES]);

/* Compares two byte strings in time that depends on their lengths only. */
bool sign_equal(const void *a, size_t alen, const void *b, size_t blen);

/* Decodes n bytes of strict base64 into `out`, which has room for `size` bytes.
 * Returns how many bytes it wrote; -1 if the text is not base64, or too long. */
int sign_decode64(const char *text, size_t n, unsigned char *out, size_t size);

/* Writes the base64 of n bytes and a NUL into out[4 * ((n + 2) / 3) + 1]. */
void sign_encode64(const unsigned char *p, size_t n, char *out);

/* n random bytes that nobody can guess; false: OpenSSL has none. */
bool sign_random(void *out, size_t n);

/* Writes n bytes as lower-case hex and a NUL into out[2n + 1]. */
void sign_hex(const unsigned char *p, size_t n, char *out);

#endif
