/* SPDX-License-Identifier: MIT
 *
 * empty: fulfil-migrate and conf_load() see it by DATABASE_URL of the process.
 */
#include "report/empty.h"

#include "base/buf.h"
#include "base/xalloc.h"
#include "sql.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A name that PostgreSQL takes for itself: letters, digits and _ of the name here. */
static void name_database(char *out, size_t size, const char *here)
{
	size_t n = 0;

	for (; *here && n < 30 && n + 1 < size; here++)
		out[n++] = (*here >= 'a' && *here <= 'z') || (*here >= '0' && *here <= '9') ? *here
										       : '_';
	snprintf(out + n, size - n, "_rebuild_%ld", (long)getpid());
}

static int run_ddl(struct db *db, const char *what, const char *name, struct err *e)
{
	char sql[128];
	struct db_query q = {.name = what, .sql = sql, .nparams = 0};

	snprintf(sql, sizeof sql, "%s \"%s\"", what, name);
	return db_exec(db, &q, NULL, NULL, e);
}

/* Of the process. libpq takes the last word for a parameter that is given twice. */
static void point_at(const char *url, const char *name)
{
	struct buf b = BUF_INIT;

	buf_addstr(&b, url);
	if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
		buf_addf(&b, "%cdbname=%s", strchr(url, '?') ? '&' : '?', name);
	else
		buf_addf(&b, " dbname=%s", name);
	setenv("DATABASE_URL", b.data, 1);
	buf_release(&b);
}

/* fulfil-migrate up, in the database that the environment names. */
static int migrate(struct err *e)
{
	static char program[] = "fulfil-migrate", up[] = "up";
	char *argv[] = {program, up, NULL};
	extern char **environ;
	posix_spawn_file_actions_t files;
	int status = -1, failed;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	failed = posix_spawnp(&pid, argv[0], &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	if (failed)
		return err_set(e, ERR_SETUP, "fulfil-migrate cannot be run: %s", strerror(failed));
	if (waitpid(pid, &status, 0) != pid || status != 0)
		return err_set(e, ERR_SETUP, "fulfil-migrate up failed in the empty database");
	return 0;
}

static int check_empty(struct db *db, struct err *e)
{
	struct db_rows *rows;
	bool empty;

	if (db_exec(db, &SQL_READ_EMPTY, NULL, &rows, e) != 0)
		return -1;
	empty = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return empty ? 0 : err_set(e, ERR_CONFIG, "the database for the rebuild is not empty");
}

/* NAME_rebuild_PID, beside the one that db is in. */
static int make(struct empty *x, struct db *db, const char *url, const char *here, struct err *e)
{
	name_database(x->name, sizeof x->name, here);
	if (run_ddl(db, "create database", x->name, e) == 0) {
		point_at(url, x->name);
		return 0;
	}
	*x->name = '\0';
	return strcmp(e->sqlstate, "42501") != 0 ? -1
		: err_set(e, ERR_CONFIG, "a rebuild needs an empty database, and this role may not "
			  "make one: alter role … createdb, or name one with --into");
}

/* History is what was history here. */
static int fill(struct empty *x, const struct conf *conf, const char *made, struct err *e)
{
	if (*conf_get(conf, "HISTORY_BEFORE") == '\0')
		setenv("HISTORY_BEFORE", made, 1);
	if (migrate(e) != 0 || conf_load(&x->conf, CONF_COMMAND, e) != 0)
		return -1;
	if (db_open_by_key(&x->db, x->conf, "fulfil-scan", e) != 0)
		return -1;
	return check_empty(x->db, e);
}

int empty_open(struct empty *x, struct db *db, const struct conf *conf, const char *into,
	       struct err *e)
{
	const char *url = getenv("DATABASE_URL"), *history = getenv("HISTORY_BEFORE");
	struct db_rows *rows;
	int rc = 0;

	*x = (struct empty){.url = xalloc_strdup(url), .history = xalloc_strdup(history)};
	if (db_exec(db, &SQL_READ_DATABASE, NULL, &rows, e) != 0)
		return -1;
	if (into)
		setenv("DATABASE_URL", into, 1);
	else
		rc = make(x, db, conf_get(conf, "DATABASE_URL"), db_text(rows, 0, 0), e);
	if (rc == 0)
		rc = fill(x, conf, db_text(rows, 0, 1), e);
	db_rows_free(rows);
	return rc;
}

static void put_back(const char *name, char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
	free(value);
}

int empty_close(struct empty *x, struct db *db, struct err *e)
{
	db_close(x->db);
	conf_free(x->conf);
	put_back("DATABASE_URL", x->url);
	put_back("HISTORY_BEFORE", x->history);
	return *x->name ? run_ddl(db, "drop database", x->name, e) : 0;
}
