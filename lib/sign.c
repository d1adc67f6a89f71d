/* SPDX-License-Identifier: MIT
 *
 * sign: OpenSSL does the hashing; this file decides what is accepted.
 * Invariant: a header is decoded, never a digest encoded, before comparing,
 * so a second spelling of the same bytes is refused by the decoder.
 */
#include "sign.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

void sign_hmac(const void *key, size_t keylen, const void *body, size_t len,
	       unsigned char out[SIGN_BYTES])
{
	unsigned int n = SIGN_BYTES;

	HMAC(EVP_sha256(), key, (int)keylen, body, len, out, &n);
}

void sign_digest(const void *body, size_t len, unsigned char out[SIGN_BYTES])
{
	EVP_Digest(body, len, out, NULL, EVP_sha256(), NULL);
}

bool sign_equal(const void *a, size_t alen, const void *b, size_t blen)
{
	return alen == blen && CRYPTO_memcmp(a, b, alen) == 0;
}

void sign_hex(const unsigned char *p, size_t n, char *out)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = hex[p[i] >> 4];
		*out++ = hex[p[i] & 15];
	}
	*out = '\0';
}

/* 32 bytes are 43 characters and one '='; anything else is not a SHA-256. */
static bool decode_digest(const char *s, unsigned char out[SIGN_BYTES])
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char raw[33];

	if (strlen(s) != 44 || s[43] != '=' || strspn(s, alphabet) != 43)
		return false;
	if (EVP_DecodeBlock(raw, (const unsigned char *)s, 44) != 33)
		return false;
	/* The last character carries two bits that must be zero. */
	if (((strchr(alphabet, s[42]) - alphabet) & 3) != 0)
		return false;
	memcpy(out, raw, SIGN_BYTES);
	return true;
}

bool sign_shopify_ok(const char *secrets, const char *header, const void *body, size_t len)
{
	static const char gaps[] = ", \t\n";
	unsigned char want[SIGN_BYTES], have[SIGN_BYTES];
	bool ok = false;

	if (header == NULL || !decode_digest(header, want))
		return false;
	for (const char *s = secrets + strspn(secrets, gaps); *s; s += strspn(s, gaps)) {
		size_t n = strcspn(s, gaps);

		sign_hmac(s, n, body, len, have);
		ok |= sign_equal(want, sizeof want, have, sizeof have);
		s += n;
	}
	return ok;
}
