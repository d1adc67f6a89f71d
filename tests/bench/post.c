/* SPDX-License-Identifier: MIT
 *
 * post: the limit of delivering: a bare libcurl multi loop that posts the same
 * bytes COUNT times, 64 at once, and prints how many went out in a second.
 * usage: post URL COUNT
 */
#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { AT_ONCE = 64 };

static const char body[] =
	"{\"data\": {\"active\": true, \"created_at\": \"2026-11-21T23:49:15.784146Z\", "
	"\"description\": null, \"id\": 1, \"name\": \"Thing 1\", \"sku\": \"SKU-1\", "
	"\"updated_at\": \"2026-11-21T23:49:15.784146Z\"}, \"event\": \"product.created\", "
	"\"timestamp\": 1795304956}";

static size_t drop(char *p, size_t one, size_t n, void *ctx)
{
	(void)p;
	(void)ctx;
	return one * n;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static CURL *prepare(const char *url, struct curl_slist *headers)
{
	CURL *c = curl_easy_init();

	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
	return c;
}

int main(int argc, char **argv)
{
	long left = argc == 3 ? strtol(argv[2], NULL, 10) : 0, done = 0, failed = 0;
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	CURLM *m = curl_multi_init();
	double from = now();
	int running, queued;
	CURLMsg *msg;

	if (left < 1)
		return 64;
	for (; left > 0 && done < AT_ONCE; left--, done++)
		curl_multi_add_handle(m, prepare(argv[1], headers));
	do {
		curl_multi_perform(m, &running);
		while ((msg = curl_multi_info_read(m, &queued)) != NULL) {
			CURL *c = msg->easy_handle;

			failed += msg->data.result != CURLE_OK;
			curl_multi_remove_handle(m, c);
			if (left > 0) {
				curl_multi_add_handle(m, c);
				left--;
				done++;
				running++;
			} else {
				curl_easy_cleanup(c);
			}
		}
		if (running > 0)
			curl_multi_poll(m, NULL, 0, 1000, NULL);
	} while (running > 0);
	printf("%.0f\n", (double)done / (now() - from));
	curl_multi_cleanup(m);
	curl_slist_free_all(headers);
	return failed > 0;
}
