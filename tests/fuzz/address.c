/* SPDX-License-Identifier: MIT
 *
 * address: a webhook's URL: one that is taken is spelled in one way, which is taken too.
 */
#include "fuzz.h"
#include "webhook/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *s = fuzz_text(data, n);
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct err e = {0};
	size_t len;

	for (int private = 0; private <= 1; private++) {
		if (address_check_url(s, private, &e) != 0) {
			fuzz_check_error(&e);
			continue;
		}
		buf_reset(&once);
		buf_reset(&twice);
		address_normalize(s, &once);
		FUZZ_HOLDS(address_check_url(once.data, private, &e) == 0);
		address_normalize(once.data, &twice);
		FUZZ_HOLDS(strcmp(once.data, twice.data) == 0);
		FUZZ_HOLDS(address_host(s, &len) != NULL && len > 0);
	}
	buf_release(&once);
	buf_release(&twice);
	free(s);
	return 0;
}
