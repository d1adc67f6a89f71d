/* SPDX-License-Identifier: MIT
 *
 * driver: a main() for harnesses where there is no libFuzzer: feeds each file of a corpus, then
 * mutations of them, the same each time.
 * usage: HARNESS CORPUS [ROUNDS [SEED]]
 */
#include "fuzz.h"

#include <dirent.h>

enum { MOST_FILES = 500, LONGEST = 1 << 16, MOST_CHANGES = 8 };

static unsigned seed = 1;

struct sample {
	uint8_t *data;
	size_t n;
};

static size_t below(size_t n)
{
	return n ? (size_t)rand_r(&seed) % n : 0;
}

static struct sample read_file(const char *directory, const char *name)
{
	struct sample s = {malloc(LONGEST), 0};
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	f = fopen(path, "rb");
	if (f == NULL || s.data == NULL)
		exit(74);
	s.n = fread(s.data, 1, LONGEST, f);
	fclose(f);
	return s;
}

/* Memory of just that size, so that a sanitizer sees a read past it. */
static void feed(const uint8_t *data, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static size_t mutate(uint8_t *data, size_t n, const struct sample *other)
{
	static const uint8_t odd[] = {0, '"', '\\', '{', '}', '[', ',', ';', ':', '%', '\n', '\r',
				      '-', 0x7F, 0x80, 0xC2, 0xE2, 0xF0, 0xFF};
	size_t at, len;

	for (size_t changes = 1 + below(MOST_CHANGES); changes > 0; changes--) {
		at = below(n + 1);
		switch (below(5)) {
		case 0:
			if (at < n)
				data[at] ^= (uint8_t)(1U << below(8));
			break;
		case 1:
			if (at < n)
				data[at] = odd[below(sizeof odd)];
			break;
		case 2: /* a part is left out */
			len = below(n - at + 1);
			memmove(data + at, data + at + len, n - at - len);
			n -= len;
			break;
		case 3: /* a part comes again */
			len = below(n - at + 1);
			if (n + len <= LONGEST) {
				memmove(data + at + len, data + at, n - at);
				n += len;
			}
			break;
		default: /* a part of another */
			len = below(other->n < 64 ? other->n + 1 : 64);
			if (at + len <= LONGEST && len <= other->n) {
				memcpy(data + at, other->data + below(other->n - len + 1), len);
				n = at + len > n ? at + len : n;
			}
		}
	}
	return n;
}

int main(int argc, char **argv)
{
	static struct sample sample[MOST_FILES];
	static uint8_t work[LONGEST];
	long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 1000;
	const struct dirent *entry;
	size_t n = 0;
	DIR *d = argc > 1 ? opendir(argv[1]) : NULL;

	if (d == NULL) {
		fprintf(stderr, "usage: %s CORPUS [ROUNDS [SEED]]\n", argv[0]);
		return 64;
	}
	seed = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1;
	while (n < MOST_FILES && (entry = readdir(d)) != NULL)
		if (*entry->d_name != '.')
			sample[n++] = read_file(argv[1], entry->d_name);
	closedir(d);
	feed(work, 0);
	for (size_t i = 0; i < n; i++)
		feed(sample[i].data, sample[i].n);
	for (long i = 0; n > 0 && i < rounds; i++) {
		const struct sample *s = &sample[below(n)];

		memcpy(work, s->data, s->n);
		feed(work, mutate(work, s->n, &sample[below(n)]));
	}
	printf("%zu files and %ld mutations\n", n, n ? rounds : 0);
	for (size_t i = 0; i < n; i++)
		free(sample[i].data);
	return 0;
}
