/* SPDX-License-Identifier: MIT
 *
 * generate: orders for the benchmarks, one compact payload a line.
 *   generate COUNT FIRST_ID [--spread] [--pad BYTES] [--sign SECRET]
 * Three lines an order; the first is of SKU-1 in all of them unless --spread,
 * the others of 1,000 SKUs in turn. --pad adds a note of that many bytes.
 * --sign puts "BASE64<TAB>" in front, the signature of the line.
 */
#include "base/sign.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKUS = 1000, MOST = 1 << 16 };

static size_t payload(char *to, size_t size, long id, bool spread, const char *pad)
{
	int n = snprintf(to, size,
			 "{\"id\":%ld,\"name\":\"#%ld\",\"email\":\"c%ld@example.com\","
			 "\"created_at\":\"2026-01-01T00:00:00Z\","
			 "\"updated_at\":\"2026-01-01T00:00:00Z\","
			 "\"currency\":\"EUR\",\"total_price\":\"59.97\",\"note\":\"%s\","
			 "\"customer\":{\"first_name\":\"Ann\",\"last_name\":\"B%ld\"},"
			 "\"line_items\":[", id, id, id, pad, id);

	for (long k = 0; k < 3; k++) {
		long sku = k == 0 && !spread ? 1 : 1 + (id * 7919 + k * 104729) % SKUS;

		n += snprintf(to + n, size - (size_t)n,
			      "%s{\"id\":%ld,\"sku\":\"SKU-%ld\",\"name\":\"Thing %ld\","
			      "\"quantity\":1,\"price\":\"19.99\"}", k ? "," : "",
			      id * 10 + k, sku, sku);
	}
	n += snprintf(to + n, size - (size_t)n, "]}");
	return (size_t)n;
}

int main(int argc, char **argv)
{
	static char line[MOST], pad[MOST - 2048];
	const char *secret = NULL;
	bool spread = false;

	if (argc < 3)
		return 64;
	for (int i = 3; i < argc; i++) {
		if (strcmp(argv[i], "--spread") == 0)
			spread = true;
		else if (strcmp(argv[i], "--pad") == 0 && i + 1 < argc)
			memset(pad, 'x', (size_t)strtol(argv[++i], NULL, 10) % sizeof pad);
		else if (strcmp(argv[i], "--sign") == 0 && i + 1 < argc)
			secret = argv[++i];
	}
	for (long i = 0, n = strtol(argv[1], NULL, 10), first = strtol(argv[2], NULL, 10); i < n;
	     i++) {
		size_t len = payload(line, sizeof line, first + i, spread, pad);

		if (secret) {
			unsigned char mac[SIGN_BYTES], text[64];

			sign_hmac(secret, strlen(secret), line, len, mac);
			EVP_EncodeBlock(text, mac, SIGN_BYTES);
			printf("%s\t", (char *)text);
		}
		puts(line);
	}
	return fflush(stdout) ? 74 : 0;
}
