#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/target_case.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX + 16];
static struct target_case c = { .kind = &target_sqlite };

/* Ours stands before libc's, so that a disk can fail. */
static int syncs, sync_errno;

int fdatasync(int fd)
{
	syncs++;
	errno = sync_errno;
	return sync_errno ? -1 : (int)syscall(SYS_fdatasync, fd);
}

static void begin(void)
{
	check_folder(folder);
	snprintf(path, sizeof(path), "%s/out.db", folder);
}

static void end(void)
{
	check_folder_done(folder);
}

/* What somebody who reads along is told: the first value of the first row, as
 * text. */
static void told(const char *sql, const char *want)
{
	sqlite3_stmt *q;
	sqlite3 *db;
	const char *got;

	ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE,
					 NULL), 0);
	ck_assert_msg(!sqlite3_prepare_v2(db, sql, -1, &q, NULL), "%s: %s",
		      sql, sqlite3_errmsg(db));
	sqlite3_busy_timeout(db, 1000);
	got = sqlite3_step(q) == SQLITE_ROW
		      ? (const char *)sqlite3_column_text(q, 0)
		      : "nothing";
	ck_assert_msg(got && !strcmp(got, want), "%s: %s", sql, got);
	sqlite3_finalize(q);
	sqlite3_close(db);
}

static void change(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), 0);
	ck_assert_msg(!sqlite3_exec(db, sql, NULL, NULL, NULL), "%s: %s", sql,
		      sqlite3_errmsg(db));
	sqlite3_close(db);
}

#define COUNT "SELECT count(*) FROM vigie_records"

START_TEST(commit_makes_rows_and_topics_of_lines)
{
	struct buf line;

	begin();
	case_open(&c, path);
	ck_assert(c.kind->commits(c.self));
	case_put(&c, 0);
	case_put(&c, 1);
	told(COUNT, "0");
	ck_assert_int_eq(case_commit(&c), 0);
	ck_assert_int_eq(case_commit(&c), 0);
	told(COUNT, "2");
	buf_init(&line, 1 << 16);
	case_line(&line, 1);
	line.p[line.n - 1] = '\0';
	told("SELECT record FROM vigie_records WHERE seq = 1", line.p);
	told("SELECT origin || id || published || title || (source IS NULL)"
	     " FROM vigie_records WHERE seq = 1",
	     CASE_ORIGIN "i12022-11-29L’été \"1\"1");
	told("SELECT group_concat(topic || ' ' || seq || ' ' ||"
	     " ifnull(stance, '-') || probability || "
	     " ifnull(stance_probability, '-')) FROM vigie_topics",
	     "cars 0 -0.625-,rail 0 favour0.750.5,"
	     "cars 1 -0.625-,rail 1 favour0.750.5");
	told("SELECT low || hex(bits) FROM vigie_sink", "2");
	buf_done(&line);
	case_close(&c);
	end();
}
END_TEST

START_TEST(topic_query_uses_the_index)
{
	sqlite3_stmt *q;
	sqlite3 *db;

	begin();
	case_open(&c, path);
	ck_assert_int_eq(sqlite3_open(path, &db), 0);
	ck_assert_int_eq(sqlite3_prepare_v2(
				 db,
				 "EXPLAIN QUERY PLAN SELECT title FROM"
				 " vigie_topics JOIN vigie_records"
				 " USING (origin, seq) WHERE topic = 'rail'"
				 " AND stance = 'against'",
				 -1, &q, NULL),
			 0);
	ck_assert_int_eq(sqlite3_step(q), SQLITE_ROW);
	ck_assert_str_eq((const char *)sqlite3_column_text(q, 3),
			 "SEARCH vigie_topics USING COVERING INDEX "
			 "vigie_topics_topic (topic=? AND stance=?)");
	sqlite3_finalize(q);
	sqlite3_close(db);
	case_close(&c);
	end();
}
END_TEST

START_TEST(open_again_finds_what_was_committed)
{
	begin();
	case_open(&c, path);
	case_run(&c, 0, 3);
	case_put(&c, 5);
	case_put(&c, 40000);
	ck_assert_int_eq(case_commit(&c), 0);
	case_put(&c, 6); /* and never committed */
	case_close(&c);
	syncs = 0;
	case_open(&c, path);
	ck_assert_int_ge(syncs, 1); /* a killed life may have missed it */
	ck_assert_uint_eq(done_low(c.found, case_origin), 3);
	for (uint64_t seq = 0; seq < 65000; seq++)
		ck_assert_int_eq(done_has(c.found, case_origin, seq),
				 seq < 3 || seq == 5 || seq == 40000);
	told(COUNT, "5");
	case_close(&c);
	end();
}
END_TEST

/* Where the watermark was lost, the key of the rows still knows. */
START_TEST(record_that_is_there_is_not_there_twice)
{
	begin();
	case_open(&c, path);
	case_run(&c, 0, 10);
	case_close(&c);
	change("DELETE FROM vigie_sink");
	case_open(&c, path);
	ck_assert(!done_has(c.found, case_origin, 0));
	case_run(&c, 0, 12);
	told(COUNT, "12");
	told("SELECT count(*) FROM vigie_topics", "24");
	case_close(&c);
	end();
}
END_TEST

START_TEST(open_truncate_starts_anew)
{
	begin();
	case_open(&c, path);
	case_run(&c, 0, 3);
	case_close(&c);
	ck_assert_int_eq(case_try(&c, path, true), 0);
	ck_assert(!done_has(c.found, case_origin, 0));
	told(COUNT, "0");
	told("SELECT count(*) FROM vigie_topics", "0");
	case_run(&c, 0, 1);
	told(COUNT, "1");
	case_close(&c);
	end();
}
END_TEST

/* Of more origins than the set holds the newest are found. */
START_TEST(open_with_many_origins_finds_the_newest)
{
	struct origin o;

	begin();
	case_open(&c, path);
	case_close(&c);
	change("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
	       " WHERE i < 999) INSERT INTO vigie_sink"
	       " SELECT printf('%032x', i), i, x'', printf('%04d', i) FROM n");
	case_open(&c, path);
	for (unsigned i = 0; i < 1000; i++) {
		char hex[WIRE_ORIGIN_HEX];

		snprintf(hex, sizeof(hex), "%032x", i);
		ck_assert_int_eq(origin_parse(str_of(hex), &o), 0);
		ck_assert_uint_eq(done_low(c.found, o),
				  i < 1000 - DONE_ORIGINS ? 0 : i);
	}
	case_close(&c);
	end();
}
END_TEST

START_TEST(line_that_is_no_json_is_kept_without_columns)
{
	begin();
	case_open(&c, path);
	case_put_line(&c, 0, STR("{\"vigie\":1,\n"));
	case_put_line(&c, 1, STR("{\"topics\":[7,null,{\"topic\":null}]}\n"));
	case_put_line(&c, 2, STR("{\"title\":\"a\\u0000b\",\"topics\":5}\n"));
	ck_assert_msg(case_commit(&c) == 0, "%s", c.err.text);
	told("SELECT group_concat(record, '') FROM vigie_records",
	     "{\"vigie\":1,{\"topics\":[7,null,{\"topic\":null}]}"
	     "{\"title\":\"a\\u0000b\",\"topics\":5}");
	told("SELECT count(*) FROM vigie_topics", "0");
	case_close(&c);
	end();
}
END_TEST

START_TEST(open_second_time_is_refused)
{
	struct target_case second = { .kind = &target_sqlite };
	char other[2 * CHECK_PATH_MAX];

	begin();
	case_open(&c, path);
	ck_assert_int_eq(case_try(&second, path, true), -EADDRINUSE);
	case_says(&second, "another sink, or another target of this one");
	snprintf(other, sizeof(other), "%s/link.db", folder);
	ck_assert_int_eq(symlink("out.db", other), 0);
	ck_assert_int_eq(case_try(&second, other, true), -EADDRINUSE);
	case_run(&c, 0, 2);
	case_close(&c);
	case_open(&second, path);
	ck_assert_uint_eq(done_low(second.found, case_origin), 2);
	case_close(&second);
	end();
}
END_TEST

/* Not a byte of it changes. */
static void is_left_alone(int want, const char *sentence)
{
	struct str before, after;

	ck_assert_int_eq(file_read(path, 1 << 20, &before, NULL), 0);
	ck_assert_int_eq(case_try(&c, path, true), want);
	case_says(&c, sentence);
	ck_assert_int_eq(file_read(path, 1 << 20, &after, NULL), 0);
	ck_assert(str_eq(before, after));
	free((char *)before.p);
	free((char *)after.p);
}

START_TEST(open_what_is_not_ours_is_refused)
{
	char name[CHECK_PATH_MAX], lines[4096];

	begin();
	change("CREATE TABLE mine(x); INSERT INTO mine VALUES(1)");
	is_left_alone(-EINVAL, "a database of something else");
	unlink(path);
	change("PRAGMA application_id = 1986619241; PRAGMA user_version = 2");
	is_left_alone(-EINVAL, "its tables are of version 2, this vigie "
			       "knows 1");
	memset(lines, 'x', sizeof(lines));
	check_file(folder, "out.db", lines, sizeof(lines), name);
	is_left_alone(-EBADMSG, "file is not a database");
	ck_assert_int_eq(case_try(&c, folder, false), -EACCES);
	ck_assert_int_eq(case_try(&c, ":memory:", false), -EINVAL);
	case_says(&c, "':memory:' is no file");
	end();
}
END_TEST

START_TEST(open_damaged_watermark_is_told)
{
	begin();
	case_open(&c, path);
	case_run(&c, 0, 3);
	case_close(&c);
	change("UPDATE vigie_sink SET low = -1");
	ck_assert_int_eq(case_try(&c, path, false), -EBADMSG);
	case_says(&c, "the watermark of origin '" CASE_ORIGIN "' is none");
	end();
}
END_TEST

/* All of a group or nothing is there while there is no room; then all. */
static void fill_up(void (*make_room)(void))
{
	case_run(&c, 0, 10);
	for (uint64_t seq = 10; seq < 5000; seq++)
		case_put(&c, seq);
	for (int i = 0; i < 3; i++) {
		ck_assert_msg(case_commit(&c) == STEP_WAIT, "%s", c.err.text);
		ck_assert(str_starts(str_of(c.err.text), str_of(path)));
		told(COUNT, "10");
		told("SELECT low FROM vigie_sink", "10");
	}
	make_room();
	ck_assert_msg(case_commit(&c) == 0, "%s", c.err.text);
	told(COUNT, "5000");
	told("SELECT low FROM vigie_sink", "5000");
	told("PRAGMA integrity_check", "ok");
}

static void set_file_limit(rlim_t n)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = n;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void lift_limit(void)
{
	set_file_limit(RLIM_INFINITY);
}

START_TEST(commit_at_file_size_limit_waits_and_goes_on)
{
	begin();
	signal(SIGXFSZ, SIG_IGN);
	case_open(&c, path);
	set_file_limit(400000);
	fill_up(lift_limit);
	case_close(&c);
	end();
}
END_TEST

static bool mount_tiny(void)
{
	enum { NEW_MOUNTS = 0x00020000, NEW_USERS = 0x10000000 };

	return (!syscall(SYS_unshare, NEW_MOUNTS) ||
		!syscall(SYS_unshare, NEW_MOUNTS | NEW_USERS)) &&
	       !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("none", folder, "tmpfs", 0, "size=512k");
}

static void remount(void)
{
	ck_assert_int_eq(mount("none", folder, "tmpfs", MS_REMOUNT,
			       "size=64m"), 0);
}

START_TEST(commit_on_full_disk_waits_and_goes_on)
{
	begin();
	if (mount_tiny()) {
		case_open(&c, path);
		fill_up(remount);
		case_close(&c);
		ck_assert_int_eq(umount(folder), 0);
	} else {
		fprintf(stderr, "no mount is allowed here: a full disk is "
				"tested through RLIMIT_FSIZE alone\n");
	}
	end();
}
END_TEST

START_TEST(commit_waits_for_who_writes_and_goes_on)
{
	sqlite3 *other;

	begin();
	case_open(&c, path);
	ck_assert_int_eq(sqlite3_open(path, &other), 0);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL,
				      NULL), 0);
	case_put(&c, 0);
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	case_says(&c, "database is locked");
	sqlite3_close(other);
	ck_assert_int_eq(case_commit(&c), 0);
	told(COUNT, "1");
	case_close(&c);
	end();
}
END_TEST

/* Somebody's trigger: what it refuses leaves no transaction open. */
START_TEST(commit_that_is_refused_is_withdrawn)
{
	begin();
	case_open(&c, path);
	change("CREATE TRIGGER t BEFORE INSERT ON vigie_records WHEN"
	       " new.seq = 1 BEGIN SELECT raise(ABORT, 'not this'); END");
	case_put(&c, 0);
	case_put(&c, 1);
	ck_assert_int_eq(case_commit(&c), -EIO);
	case_says(&c, "not this");
	told(COUNT, "0");
	change("DROP TRIGGER t");
	ck_assert_msg(case_commit(&c) == 0, "%s", c.err.text);
	told(COUNT, "2");
	case_close(&c);
	end();
}
END_TEST

START_TEST(commit_failed_sync_is_never_tried_again)
{
	begin();
	case_open(&c, path);
	case_run(&c, 0, 3);
	case_put(&c, 3);
	sync_errno = EIO;
	ck_assert_int_eq(case_commit(&c), -EIO);
	case_says(&c, "sync, after which what it holds is not known");
	sync_errno = 0;
	syncs = 0;
	ck_assert_int_eq(case_commit(&c), -EIO);
	case_says(&c, "an earlier sync failed");
	ck_assert_int_eq(syncs, 0);
	case_close(&c);
	end();
}
END_TEST

/* A writer that is killed while it commits as fast as it can: all that it has
 * told is there, and what is found is what is there. */
static void write_until_killed(int tell)
{
	case_open(&c, path);
	for (uint64_t seq = done_low(c.found, case_origin);; seq += 7) {
		uint64_t next = seq + 7;

		case_run(&c, seq, next);
		if (write(tell, &next, sizeof(next)) != sizeof(next))
			_exit(1);
	}
}

START_TEST(killed_writer_loses_nothing_that_it_told)
{
	char count[32];

	begin();
	for (int round = 0; round < 20; round++) {
		uint64_t acked = 0;
		int fds[2];
		pid_t pid;

		ck_assert_int_eq(pipe(fds), 0);
		pid = fork();
		if (!pid)
			write_until_killed(fds[1]);
		close(fds[1]);
		for (int i = 0; i < 3 + round; i++)
			ck_assert_int_eq(read(fds[0], &acked, sizeof(acked)),
					 sizeof(acked));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		while (read(fds[0], &acked, sizeof(acked)) > 0)
			;
		close(fds[0]);
		case_open(&c, path);
		ck_assert_uint_ge(done_low(c.found, case_origin), acked);
		snprintf(count, sizeof(count), "%llu",
			 (unsigned long long)done_low(c.found, case_origin));
		told(COUNT, count);
		case_close(&c);
	}
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(commit_makes_rows_and_topics_of_lines),
		CHECK_TEST(topic_query_uses_the_index),
		CHECK_TEST(open_again_finds_what_was_committed),
		CHECK_TEST(record_that_is_there_is_not_there_twice),
		CHECK_TEST(open_truncate_starts_anew),
		CHECK_TEST(open_with_many_origins_finds_the_newest),
		CHECK_TEST(line_that_is_no_json_is_kept_without_columns),
		CHECK_TEST(open_second_time_is_refused),
		CHECK_TEST(open_what_is_not_ours_is_refused),
		CHECK_TEST(open_damaged_watermark_is_told),
		CHECK_TEST(commit_at_file_size_limit_waits_and_goes_on),
		CHECK_TEST(commit_on_full_disk_waits_and_goes_on),
		CHECK_TEST(commit_waits_for_who_writes_and_goes_on),
		CHECK_TEST(commit_that_is_refused_is_withdrawn),
		CHECK_TEST(commit_failed_sync_is_never_tried_again),
		CHECK_TEST(killed_writer_loses_nothing_that_it_told),
		CHECK_END,
	};

	return check_main("target_sqlite", tests);
}
