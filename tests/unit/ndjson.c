/* SPDX-License-Identifier: MIT
 *
 * ndjson: where records start and end. `input` (each line of the file is
 * followed by a line end, unless the field is `inputs`; `inputN: x` is N times
 * x) gives the lines `record: LINE TEXT`, `bad: LINE WHY` and `status: N`, in
 * this order. Each case is read in pieces of several sizes, which must all
 * give the same.
 */
#include "filter/ndjson.h"

#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int one(void *ctx, const struct ndjson_record *r, struct err *e)
{
	struct buf *b = ctx;

	if (json_is_true(json_object_get(r->json, "refuse")))
		return err_set(e, ERR_DATA, "refused");
	if (json_is_true(json_object_get(r->json, "away")))
		return err_set(e, ERR_AWAY, "away");
	buf_addf(b, "record: %ld ", r->line);
	unit_add_escaped(b, r->text, r->len);
	buf_addstr(b, "\n");
	return 0;
}

static void bad(void *ctx, long line, const char *why)
{
	buf_addf(ctx, "bad: %ld %s\n", line, why);
}

/* Sends `in` in pieces that keep their size: each is a packet. */
static pid_t send_pieces(int fd[2], const struct buf *in, size_t size)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	close(fd[0]);
	for (size_t at = 0; at < in->len; at += size)
		if (send(fd[1], in->data + at, in->len - at < size ? in->len - at : size,
			 MSG_NOSIGNAL) < 0)
			_exit(1);
	_exit(0);
}

static void read_in_pieces(const struct unit_case *c, const struct buf *in, size_t size,
			   const char *want)
{
	const struct ndjson_ops ops = {one, bad, NULL};
	struct buf got = BUF_INIT;
	int fd[2], status;
	char what[64];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd) != 0 ||
	    (pid = send_pieces(fd, in, size)) < 0) {
		unit_say(false, c, "no process or socket");
		return;
	}
	close(fd[1]);
	status = ndjson_each(fd[0], &ops, &got);
	close(fd[0]);
	waitpid(pid, NULL, 0);
	buf_addf(&got, "status: %d\n", status);
	snprintf(what, sizeof what, "in pieces of %zu", size);
	unit_is(c, what, got.data, want);
	buf_release(&got);
}

static void run(const struct unit_case *c)
{
	static const size_t sizes[] = {1, 2, 3, 7, 50000};
	struct buf in = BUF_INIT, want = BUF_INIT;

	for (int i = 1; i < c->n; i++) {
		const struct unit_field *f = &c->field[i];

		if (strncmp(f->key, "input", 5) == 0) {
			unit_add_input(&in, f);
			buf_add(&in, "\n", f->key[5] == '\0');
		} else {
			buf_addf(&want, "%s: ", f->key);
			unit_add_escaped(&want, f->value.data, f->value.len);
			buf_addstr(&want, "\n");
		}
	}
	buf_reserve(&in, 1);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (in.len / sizes[i] < 100000)
			read_in_pieces(c, &in, sizes[i], want.data);
	buf_release(&in);
	buf_release(&want);
}

int main(void)
{
	int null = open("/dev/null", O_WRONLY);

	setvbuf(stdout, NULL, _IOLBF, 0); /* forked processes have no part in it */
	if (null < 0 || dup2(null, STDERR_FILENO) < 0) /* each bad line is said there */
		return 1;
	close(null);
	return unit_main(__FILE__, run);
}
