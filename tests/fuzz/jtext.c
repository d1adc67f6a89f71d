/* SPDX-License-Identifier: MIT
 *
 * jtext: what is taken as JSON; and any bytes, written as a JSON string, are read again as text
 * that steers no terminal.
 */
#include "base/jtext.h"
#include "fuzz.h"

#include <jansson.h>

static void check_string(const char *s, size_t n)
{
	struct buf b = BUF_INIT;
	json_t *j = NULL;
	struct err e = {0};

	buf_addstr(&b, "{\"a\":");
	jtext_addn(&b, s, n);
	buf_addstr(&b, "}");
	FUZZ_HOLDS(utf8_check(b.data, b.len) == b.len);
	for (size_t i = 0; i < b.len; i++)
		FUZZ_HOLDS((unsigned char)b.data[i] >= 0x20 && b.data[i] != 0x7F &&
			   utf8_control(b.data + i, b.len - i) == 0);
	if (memchr(s, '\0', n) == NULL)
		FUZZ_HOLDS(jtext_parse(b.data, b.len, &j, &e) == 0);
	json_decref(j);
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *s = fuzz_text(data, n);
	struct buf clean = BUF_INIT;
	json_t *j = NULL;
	struct err e = {0};

	if (jtext_parse(s, n, &j, &e) != 0)
		fuzz_check_error(&e);
	json_decref(j);
	check_string(s, n);
	jtext_add_clean(&clean, s, n);
	FUZZ_HOLDS(clean.len == 0 || utf8_check(clean.data, clean.len) == clean.len);
	buf_release(&clean);
	free(s);
	return 0;
}
