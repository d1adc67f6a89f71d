/* SPDX-License-Identifier: MIT
 *
 * address: a list of networks, and a reader of URLs that refuses every second
 * spelling: what this file reads as one host no resolver may read as another.
 */
#include "webhook/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum verdict { NEVER, IF_PRIVATE, ALWAYS }; /* IF_PRIVATE: a setting may allow it */

struct network {
	const char *address;
	int bits;
	enum verdict verdict;
};

/* Any address but these: RFC 6890 and its successors, and what answers at a fixed address in
 * clouds. */
static const struct network v4[] = {
	{"0.0.0.0", 0, ALWAYS},
	{"10.0.0.0", 8, IF_PRIVATE}, {"127.0.0.0", 8, IF_PRIVATE},
	{"172.16.0.0", 12, IF_PRIVATE}, {"192.168.0.0", 16, IF_PRIVATE},
	{"0.0.0.0", 8, NEVER},       {"100.64.0.0", 10, NEVER},   {"169.254.0.0", 16, NEVER},
	{"192.0.0.0", 24, NEVER},    {"192.0.2.0", 24, NEVER},    {"192.88.99.0", 24, NEVER},
	{"198.18.0.0", 15, NEVER},   {"198.51.100.0", 24, NEVER}, {"203.0.113.0", 24, NEVER},
	{"224.0.0.0", 4, NEVER},     {"240.0.0.0", 4, NEVER},     {"168.63.129.16", 32, NEVER},
};

/* Of IPv6 only what is global unicast, but for its exceptions. The metadata services of AWS,
 * Google, Oracle and Scaleway have addresses among the private ones. */
static const struct network v6[] = {
	{"::", 0, NEVER},            {"2000::", 3, ALWAYS},
	{"2001::", 23, NEVER},       {"2001:db8::", 32, NEVER},   {"2002::", 16, NEVER},
	{"3fff::", 20, NEVER},       {"::1", 128, IF_PRIVATE},    {"fc00::", 7, IF_PRIVATE},
	{"fd00:ec2::", 32, NEVER},   {"fd20:ce::254", 128, NEVER},
	{"fd00:c1::a9fe:a9fe", 128, NEVER}, {"fd00:42::42", 128, NEVER},
};

static bool same_bits(const unsigned char *a, const unsigned char *b, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	return memcmp(a, b, (size_t)whole) == 0 &&
	       (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

/* The longest network decides: ::1 lies in ::/0. */
static bool allowed(const struct network *list, size_t n, int family, const unsigned char *p,
		    bool private)
{
	const struct network *best = list;
	unsigned char net[16];

	for (size_t i = 0; i < n; i++)
		if (inet_pton(family, list[i].address, net) == 1 &&
		    same_bits(p, net, list[i].bits) && list[i].bits > best->bits)
			best = &list[i];
	return best->verdict == ALWAYS || (best->verdict == IF_PRIVATE && private);
}

/* The bytes of the address; *family is AF_INET too where an IPv6 address leads to an
 * IPv4 one: mapped (RFC 4291) or by the prefix of NAT64 (RFC 6052). NULL: neither. */
static const unsigned char *bytes_of(const struct sockaddr *sa, int *family)
{
	static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
	static const unsigned char nat64[12] = {0x00, 0x64, 0xFF, 0x9B};
	const unsigned char *p;

	*family = sa->sa_family;
	if (*family == AF_INET)
		return (const unsigned char *)&((const struct sockaddr_in *)sa)->sin_addr;
	if (*family != AF_INET6)
		return NULL;
	p = ((const struct sockaddr_in6 *)sa)->sin6_addr.s6_addr;
	if (memcmp(p, mapped, sizeof mapped) != 0 && memcmp(p, nat64, sizeof nat64) != 0)
		return p;
	*family = AF_INET;
	return p + sizeof mapped;
}

bool address_ok(const struct sockaddr *sa, bool private)
{
	int family;
	const unsigned char *p = bytes_of(sa, &family);

	if (p == NULL)
		return false;
	return family == AF_INET ? allowed(v4, sizeof v4 / sizeof *v4, AF_INET, p, private)
				 : allowed(v6, sizeof v6 / sizeof *v6, AF_INET6, p, private);
}

bool address_same(const struct sockaddr *a, const struct sockaddr *b)
{
	int one, other;
	const unsigned char *p = bytes_of(a, &one), *q = bytes_of(b, &other);

	return p && q && one == other && memcmp(p, q, one == AF_INET ? 4 : 16) == 0;
}

void address_text(const struct sockaddr *sa, char out[ADDRESS_TEXT])
{
	const void *p = sa->sa_family == AF_INET
				? (const void *)&((const struct sockaddr_in *)sa)->sin_addr
				: (const void *)&((const struct sockaddr_in6 *)sa)->sin6_addr;

	if (inet_ntop(sa->sa_family, p, out, ADDRESS_TEXT) == NULL)
		snprintf(out, ADDRESS_TEXT, "unknown");
}

const char *address_host(const char *url, size_t *n)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	*n = strcspn(host, "/?#");
	return host;
}

/* Ports of servers that speak no HTTP and might take a request for commands. */
static int check_port(const char *s, struct err *e)
{
	static const long others[] = {3306, 5432, 6379, 6380, 9200, 11211, 27017};
	size_t n = strlen(s);
	long port = n > 0 && n <= 5 && strspn(s, "0123456789") == n ? strtol(s, NULL, 10) : 0;
	bool ok = port == 80 || port == 443 || (port >= 1024 && port <= 65535);

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		ok = ok && port != others[i];
	return ok ? 0 : err_set(e, ERR_DATA, "port \"%.10s\" is not allowed: 80, 443 and those "
				"from 1024 are, except of databases", s);
}

static int check_literal(const struct sockaddr *sa, bool private, struct err *e)
{
	char text[ADDRESS_TEXT];

	if (address_ok(sa, private))
		return 0;
	address_text(sa, text);
	return err_set(e, ERR_DATA, "the address %s is private or reserved", text);
}

static int check_v6(const char *host, bool private, struct err *e)
{
	struct sockaddr_in6 sa = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET6, host, &sa.sin6_addr) != 1)
		return err_set(e, ERR_DATA, "\"%.60s\" is no IPv6 address", host);
	return check_literal((const struct sockaddr *)&sa, private, e);
}

/* Resolvers take a name whose last label is one for an address, each in its way. */
static bool is_number(const char *label)
{
	static const char digits[] = "0123456789";

	if (*label == '0' && (label[1] == 'x' || label[1] == 'X')) {
		label += 2 + strspn(label + 2, "0123456789abcdefABCDEF");
		return *label == '\0' || strcmp(label, ".") == 0;
	}
	if (*label == '\0' || strspn(label, digits) == 0)
		return false;
	label += strspn(label, digits);
	return *label == '\0' || strcmp(label, ".") == 0;
}

/* The last label, with the dot that may follow it. */
static const char *last_label(const char *host)
{
	const char *dot = NULL;

	for (const char *s = host; *s; s++)
		if (*s == '.' && s[1] != '\0')
			dot = s;
	return dot ? dot + 1 : host;
}

static int check_name(char *host, bool private, struct err *e)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	struct sockaddr_in sa = {.sin_family = AF_INET};
	size_t n = strlen(host);

	if (inet_pton(AF_INET, host, &sa.sin_addr) == 1)
		return check_literal((const struct sockaddr *)&sa, private, e);
	if (is_number(last_label(host)))
		return err_set(e, ERR_DATA,
			       "\"%.60s\" is an address in another spelling than a.b.c.d", host);
	if (n == 0 || n > 253 || strspn(host, letters) != n || *host == '.' || strstr(host, ".."))
		return err_set(e, ERR_DATA, "\"%.60s\" is no host name", host);
	if (host[n - 1] == '.')
		host[--n] = '\0';
	if (!private && (strchr(host, '.') == NULL ||
			 (n >= 10 && strcasecmp(host + n - 10, ".localhost") == 0)))
		return err_set(e, ERR_DATA, "\"%.60s\" is a name of this machine or network", host);
	return 0;
}

/* host, host:port, [v6] or [v6]:port, which it takes apart. */
static int check_authority(char *s, bool private, struct err *e)
{
	char *end = *s == '[' ? strchr(s, ']') : s + strcspn(s, ":"), *port;

	if (end == NULL)
		return err_set(e, ERR_DATA, "a bracket is not closed");
	port = *s == '[' ? end + 1 : end;
	if (*port != '\0' && *port != ':')
		return err_set(e, ERR_DATA, "after the address only a port may stand");
	if (*port == ':' && check_port(port + 1, e) != 0)
		return -1;
	*end = '\0';
	return *s == '[' ? check_v6(s + 1, private, e) : check_name(s, private, e);
}

void address_normalize(const char *url, struct buf *out)
{
	bool secure = strncasecmp(url, "https:", 6) == 0;
	size_t n, name, from;
	const char *host = address_host(url, &n), *path = host + n;
	const char *bracket = memchr(host, ']', n), *end = bracket ? bracket : host;
	const char *port = memchr(end, ':', (size_t)(path - end));

	name = (size_t)((port ? port : path) - host);
	if (name > 0 && host[name - 1] == '.')
		name--;
	buf_addstr(out, secure ? "https://" : "http://");
	from = out->len;
	buf_add(out, host, name);
	for (size_t i = from; i < out->len; i++)
		out->data[i] = (char)tolower((unsigned char)out->data[i]);
	if (port && strtol(port + 1, NULL, 10) != (secure ? 443 : 80))
		buf_add(out, port, (size_t)(path - port));
	buf_addstr(out, *path == '/' ? "" : "/");
	buf_addstr(out, path);
}

void address_show(const char *url, struct buf *out)
{
	size_t n;
	const char *host = address_host(url, &n);

	buf_add(out, url, (size_t)(host - url) + n);
	buf_addstr(out, "/…");
}

int address_check_url(const char *url, bool private, struct err *e)
{
	char authority[300];
	const char *host;
	size_t n;

	if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)
		return err_set(e, ERR_DATA, "it must start with https:// or http://");
	if (strlen(url) > ADDRESS_MOST_URL)
		return err_set(e, ERR_DATA, "it is longer than %d bytes", ADDRESS_MOST_URL);
	for (const char *s = url; *s; s++) {
		if (*s == '%' && (!isxdigit((unsigned char)s[1]) || !isxdigit((unsigned char)s[2])))
			return err_set(e, ERR_DATA, "in it a %% is not followed by two hex digits");
		if (*s <= ' ' || *s > '~' || strchr("\\#\"<>^`{|}", *s))
			return err_set(e, ERR_DATA, "a character in it is not allowed: spell hosts "
				       "in ASCII (xn--…) and the rest with %%XX, without a "
				       "fragment");
	}
	host = address_host(url, &n);
	if (memchr(host, '@', n))
		return err_set(e, ERR_DATA,
			       "a user name or password is not allowed in it; use a header");
	if (memchr(host, '%', n) || n >= sizeof authority)
		return err_set(e, ERR_DATA, "its host is no plain name");
	memcpy(authority, host, n);
	authority[n] = '\0';
	return check_authority(authority, private, e);
}
