/* SPDX-License-Identifier: MIT
 *
 * password: scrypt$LOG_N$SALT$HASH, both in hex. What was kept with another LOG_N continues to fit.
 */
#include "base/password.h"

#include "base/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_N = 15, MOST_LOG_N = 17, SALT = 16 };

static bool make(const char *password, const unsigned char salt[SALT], unsigned log_n,
		 char text[PASSWORD_TEXT])
{
	unsigned char hash[SIGN_BYTES];
	char salt_hex[2 * SALT + 1], hash_hex[2 * SIGN_BYTES + 1];

	if (!sign_scrypt(password, salt, SALT, log_n, hash))
		return false;
	sign_hex(salt, SALT, salt_hex);
	sign_hex(hash, sizeof hash, hash_hex);
	snprintf(text, PASSWORD_TEXT, "scrypt$%u$%s$%s", log_n, salt_hex, hash_hex);
	return true;
}

static size_t characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xC0) != 0x80;
	return n;
}

int password_keep(const char *password, char kept[PASSWORD_TEXT], struct err *e)
{
	unsigned char salt[SALT];

	if (characters(password) < PASSWORD_LEAST || strlen(password) > PASSWORD_MOST)
		return err_set(e, ERR_DATA, "a password has from %d characters to %d bytes",
			       PASSWORD_LEAST, PASSWORD_MOST);
	if (!sign_random(salt, sizeof salt) || !make(password, salt, LOG_N, kept))
		return err_set(e, ERR_BUG, "OpenSSL has no random bytes, or no memory");
	return 0;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_salt(const char *hex, unsigned char salt[SALT])
{
	for (size_t i = 0; i < SALT; i++) {
		int high = digit(hex[2 * i]), low = high < 0 ? -1 : digit(hex[2 * i + 1]);

		if (low < 0)
			return false;
		salt[i] = (unsigned char)(high << 4 | low);
	}
	return hex[2 * (size_t)SALT] == '$';
}

bool password_fits(const char *kept, const char *password)
{
	static const char mark[] = "scrypt$";
	unsigned char salt[SALT] = {0};
	char text[PASSWORD_TEXT], *end = NULL;
	unsigned long log_n = LOG_N;
	bool read = false;

	if (kept && strncmp(kept, mark, sizeof mark - 1) == 0) {
		log_n = strtoul(kept + sizeof mark - 1, &end, 10);
		read = *end == '$' && log_n > 0 && log_n <= MOST_LOG_N && read_salt(end + 1, salt);
	}
	if (!read)
		log_n = LOG_N;
	return strlen(password) <= PASSWORD_MOST && make(password, salt, (unsigned)log_n, text) &&
	       read && sign_equal(text, strlen(text), kept, strlen(kept));
}
