/* SPDX-License-Identifier: MIT
 *
 * sign: OpenSSL does the hashing; this file decides what is accepted.
 * Invariant: a header is decoded, never a digest encoded, before comparing,
 * so a second spelling of the same bytes is refused by the decoder.
 */
#include "base/sign.h"

#include "base/xalloc.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

/* What cannot fail but for want of memory. Its result is never used unset: a digest of
 * chance would be stored, or compared with an attacker's. */
static void must(bool done)
{
	if (!done)
		xalloc_checked(NULL);
}

void sign_hmac(const void *key, size_t keylen, const void *body, size_t len,
	       unsigned char out[SIGN_BYTES])
{
	unsigned int n = SIGN_BYTES;

	must(HMAC(EVP_sha256(), key, (int)keylen, body, len, out, &n) != NULL);
}

static EVP_PKEY *ed25519_key(const unsigned char pair[SIGN_PAIR])
{
	/* Any 32 bytes are a seed: what fails is memory. */
	return xalloc_checked(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, pair,
							   SIGN_PAIR / 2));
}

void sign_ed25519(const unsigned char pair[SIGN_PAIR], const void *body, size_t len,
		  unsigned char out[SIGN_ED25519])
{
	EVP_PKEY *key = ed25519_key(pair);
	EVP_MD_CTX *ctx = xalloc_checked(EVP_MD_CTX_new());
	size_t n = SIGN_ED25519;

	must(EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
	     EVP_DigestSign(ctx, out, &n, body, len) == 1);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
}

bool sign_is_pair(const unsigned char pair[SIGN_PAIR])
{
	EVP_PKEY *key = ed25519_key(pair);
	unsigned char public[SIGN_PAIR / 2];
	size_t n = sizeof public;
	bool ok = EVP_PKEY_get_raw_public_key(key, public, &n) == 1 &&
		  sign_equal(public, n, pair + sizeof public, sizeof public);

	EVP_PKEY_free(key);
	return ok;
}

void sign_digest(const void *body, size_t len, unsigned char out[SIGN_BYTES])
{
	must(EVP_Digest(body, len, out, NULL, EVP_sha256(), NULL) == 1);
}

/* A struct sign_sum is an EVP_MD_CTX; callers need not know OpenSSL. */
struct sign_sum *sign_sum_new(void)
{
	EVP_MD_CTX *ctx = xalloc_checked(EVP_MD_CTX_new());

	must(EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1);
	return (struct sign_sum *)ctx;
}

void sign_sum_add(struct sign_sum *s, const void *p, size_t n)
{
	must(EVP_DigestUpdate((EVP_MD_CTX *)s, p, n) == 1);
}

void sign_sum_end(struct sign_sum *s, unsigned char out[SIGN_BYTES])
{
	must(EVP_DigestFinal_ex((EVP_MD_CTX *)s, out, NULL) == 1);
}

void sign_sum_free(struct sign_sum *s)
{
	EVP_MD_CTX_free((EVP_MD_CTX *)s);
}

int sign_count_certificates(const char *path)
{
	STACK_OF(X509_INFO) *all;
	BIO *in;
	int n = 0;

	errno = 0;
	in = BIO_new_file(path, "r");
	if (in == NULL)
		return -1;
	all = PEM_X509_INFO_read_bio(in, NULL, NULL, NULL);
	for (int i = 0; i < sk_X509_INFO_num(all); i++)
		n += sk_X509_INFO_value(all, i)->x509 != NULL;
	sk_X509_INFO_pop_free(all, X509_INFO_free);
	BIO_free(in);
	ERR_clear_error();
	return n;
}

bool sign_equal(const void *a, size_t alen, const void *b, size_t blen)
{
	return alen == blen && CRYPTO_memcmp(a, b, alen) == 0;
}

bool sign_scrypt(const char *password, const unsigned char *salt, size_t n, unsigned log_n,
		 unsigned char out[SIGN_BYTES])
{
	enum { R = 8, P = 1, MOST_MEMORY = 256 << 20 };

	return EVP_PBE_scrypt(password, strlen(password), salt, n, UINT64_C(1) << log_n, R, P,
			      MOST_MEMORY, out, SIGN_BYTES) == 1;
}

bool sign_random(void *out, size_t n)
{
	return RAND_bytes(out, (int)n) == 1;
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

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int sign_decode64(const char *text, size_t n, unsigned char *out, size_t size)
{
	unsigned char raw[4];
	size_t pad = n > 0 && text[n - 1] == '=' ? 1 + (n > 1 && text[n - 2] == '=') : 0, done = 0;

	if (n % 4 != 0 || n / 4 * 3 - pad > size)
		return -1;
	for (size_t i = 0; i < n - pad; i++)
		if (text[i] == '\0' || strchr(alphabet, text[i]) == NULL)
			return -1;
	/* The last character carries bits that must be zero. */
	if (pad && ((strchr(alphabet, text[n - pad - 1]) - alphabet) & (pad == 1 ? 3 : 15)) != 0)
		return -1;
	for (size_t i = 0; i < n; i += 4) {
		size_t k = i + 4 == n ? 3 - pad : 3;

		EVP_DecodeBlock(raw, (const unsigned char *)text + i, 4);
		memcpy(out + done, raw, k);
		done += k;
	}
	return (int)done;
}

void sign_encode64(const unsigned char *p, size_t n, char *out)
{
	EVP_EncodeBlock((unsigned char *)out, p, (int)n);
}

bool sign_shopify_ok(const char *secrets, const char *header, const void *body, size_t len)
{
	static const char gaps[] = ", \t\n";
	unsigned char want[SIGN_BYTES], have[SIGN_BYTES];
	bool ok = false;

	if (header == NULL ||
	    sign_decode64(header, strlen(header), want, sizeof want) != SIGN_BYTES)
		return false;
	for (const char *s = secrets + strspn(secrets, gaps); *s; s += strspn(s, gaps)) {
		size_t n = strcspn(s, gaps);

		sign_hmac(s, n, body, len, have);
		ok |= sign_equal(want, sizeof want, have, sizeof have);
		s += n;
	}
	return ok;
}
