/* SPDX-License-Identifier: MIT
 *
 * address: a `url` and a part of the reason why it is refused (`refused`), a
 * `same` and what it is another spelling of (`answer`), or an `ip` and whether
 * it may be connected to (`answer`: yes or no). `private` yes allows private
 * ones.
 */
#include "webhook/address.h"

#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static bool ip_ok(const char *ip, bool private)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	struct sockaddr_in four = {.sin_family = AF_INET};

	if (inet_pton(AF_INET, ip, &four.sin_addr) == 1)
		return address_ok((struct sockaddr *)&four, private);
	return inet_pton(AF_INET6, ip, &six.sin6_addr) == 1 &&
	       address_ok((struct sockaddr *)&six, private);
}

static void run(const struct unit_case *c)
{
	const char *want = unit_get(c, "refused", NULL);
	bool private = strcmp(unit_get(c, "private", "no"), "yes") == 0;
	struct err e = {0};

	for (int i = 0; i < c->n; i++) {
		const char *value = c->field[i].value.data;

		if (strcmp(c->field[i].key, "ip") == 0) {
			unit_is(c, value, ip_ok(value, private) ? "yes" : "no",
				unit_get(c, "answer", "?"));
		} else if (strcmp(c->field[i].key, "same") == 0) {
			struct buf b = BUF_INIT;

			address_normalize(value, &b);
			unit_is(c, value, b.data, unit_get(c, "answer", "?"));
			buf_release(&b);
		} else if (strcmp(c->field[i].key, "url") == 0) {
			int rc = address_check_url(value, private, &e);

			unit_is(c, value, rc == 0 ? "fine" : want &&
				strstr(e.msg, want) ? want : e.msg, want ? want : "fine");
		}
	}
}

int main(void)
{
	return unit_main(__FILE__, run);
}
