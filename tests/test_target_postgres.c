/* A real server, started by tests/fault/postgres.sh in a folder of its own. */
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "sink/session.h"
#include "tests/target_case.h"

enum { SKIPPED = 77 };

static char folder[CHECK_PATH_MAX], place[CHECK_PATH_MAX];
static struct target_case c = { .kind = &target_postgres };

static int server(const char *what)
{
	char line[2 * CHECK_PATH_MAX];
	int status;

	snprintf(line, sizeof(line),
		 "bash -c '. tests/fault/postgres.sh; %s_postgres %s'", what,
		 folder);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The first value that the server gives, as text, in a session of our own. */
static void query(const char *sql, char *got, size_t n)
{
	PGconn *conn = PQconnectdb(place);
	PGresult *r = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(r);

	ck_assert_msg(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK,
		      "%s: %s", sql, PQerrorMessage(conn));
	snprintf(got, n, "%s", PQntuples(r) ? PQgetvalue(r, 0, 0) : "nothing");
	PQclear(r);
	PQfinish(conn);
}

static void told(const char *sql, const char *want)
{
	char got[4096];

	query(sql, got, sizeof(got));
	ck_assert_msg(!strcmp(got, want), "%s: %s", sql, got);
}

static void change(const char *sql)
{
	char got[16];

	query(sql, got, sizeof(got));
}

#define COUNT "SELECT count(*) FROM vigie_records"

static void begin(void)
{
	change("SET client_min_messages = error; DROP TABLE IF EXISTS"
	       " vigie_records, vigie_topics, vigie_sink");
}

START_TEST(commit_makes_rows_and_topics_of_lines)
{
	struct buf line;

	begin();
	case_open(&c, place);
	ck_assert(c.kind->commits(c.self));
	ck_assert_uint_eq(c.notes.n, 0);
	case_put(&c, 0);
	case_put(&c, 1);
	told(COUNT, "0");
	ck_assert_msg(case_commit(&c) == 0, "%s", c.err.text);
	ck_assert_int_eq(case_commit(&c), 0);
	told(COUNT, "2");
	buf_init(&line, 1 << 16);
	case_line(&line, 1);
	line.p[line.n - 1] = '\0';
	told("SELECT record FROM vigie_records WHERE seq = 1", line.p);
	told("SELECT origin || id || published || title || (source IS NULL)"
	     " FROM vigie_records WHERE seq = 1",
	     CASE_ORIGIN "i12022-11-29L’été \"1\"true");
	told("SELECT string_agg(concat_ws(' ', seq, topic, stance,"
	     " probability, stance_probability), ',' ORDER BY seq, topic)"
	     " FROM vigie_topics",
	     "0 cars 0.625,0 rail favour 0.75 0.5,"
	     "1 cars 0.625,1 rail favour 0.75 0.5");
	told("SELECT low || encode(bits, 'hex') FROM vigie_sink", "2");
	buf_done(&line);
	case_close(&c);
}
END_TEST

START_TEST(open_again_finds_what_was_committed)
{
	begin();
	case_open(&c, place);
	case_run(&c, 0, 3);
	case_put(&c, 5);
	case_put(&c, 40000);
	ck_assert_int_eq(case_commit(&c), 0);
	case_put(&c, 6); /* and never committed */
	case_close(&c);
	case_open(&c, place);
	ck_assert_uint_eq(done_low(c.found, case_origin), 3);
	for (uint64_t seq = 0; seq < 65000; seq++)
		ck_assert_int_eq(done_has(c.found, case_origin, seq),
				 seq < 3 || seq == 5 || seq == 40000);
	told(COUNT, "5");
	case_close(&c);
}
END_TEST

START_TEST(record_that_is_there_is_not_there_twice)
{
	begin();
	case_open(&c, place);
	case_run(&c, 0, 10);
	case_close(&c);
	change("DELETE FROM vigie_sink");
	case_open(&c, place);
	ck_assert(!done_has(c.found, case_origin, 0));
	case_run(&c, 0, 12);
	told(COUNT, "12");
	told("SELECT count(*) FROM vigie_topics", "24");
	case_close(&c);
}
END_TEST

START_TEST(open_truncate_starts_anew)
{
	begin();
	case_open(&c, place);
	case_run(&c, 0, 3);
	case_close(&c);
	ck_assert_int_eq(case_try(&c, place, true), 0);
	ck_assert(!done_has(c.found, case_origin, 0));
	told(COUNT, "0");
	case_run(&c, 0, 1);
	told("SELECT count(*) FROM vigie_topics", "2");
	case_close(&c);
}
END_TEST

START_TEST(open_second_time_is_refused)
{
	struct target_case second = { .kind = &target_postgres };

	begin();
	case_open(&c, place);
	ck_assert_int_eq(case_try(&second, place, false), -EADDRINUSE);
	case_says(&second, "another sink, or another target of this one");
	case_run(&c, 0, 2);
	case_close(&c);
	case_open(&second, place);
	ck_assert_uint_eq(done_low(second.found, case_origin), 2);
	case_close(&second);
}
END_TEST

/* U+0000 and what is no JSON would have a whole group refused. */
START_TEST(line_that_the_server_refuses_is_mended)
{
	begin();
	case_open(&c, place);
	case_put(&c, 0);
	case_put_line(&c, 1, STR("{\"title\":\"a\\u0000b\\\\u0000\"}\n"));
	case_put_line(&c, 2, STR("{\"vigie\":1,\xff\"\n"));
	case_put_line(&c, 3, STR("{\"topics\":7}\n"));
	ck_assert_msg(case_commit(&c) == 0, "%s", c.err.text);
	told(COUNT, "4");
	told("SELECT title FROM vigie_records WHERE seq = 1",
	     "a\xef\xbf\xbd" "b\\u0000");
	told("SELECT record #>> '{}' FROM vigie_records WHERE seq = 2",
	     "{\"vigie\":1,\xef\xbf\xbd\"");
	told("SELECT low FROM vigie_sink", "4");
	case_close(&c);
}
END_TEST

/* Until it commits, which may take some attempts. */
static void commit_until(int64_t ms)
{
	int64_t until = clock_ms() + ms;
	int r;

	while ((r = case_commit(&c)) == STEP_WAIT && clock_ms() < until)
		poll(NULL, 0, 20);
	ck_assert_msg(r == 0, "%s", c.err.text);
}

START_TEST(killed_server_is_waited_for_and_nothing_is_lost_or_twice)
{
	uint64_t seq = 0;
	char count[32];

	begin();
	case_open(&c, place);
	for (int round = 1; round <= 3; round++) {
		case_run(&c, seq, seq + 100);
		seq += 100;
		for (int i = 0; i < 100; i++)
			case_put(&c, seq++);
		ck_assert_int_eq(server("kill"), 0);
		ck_assert_int_eq(case_commit(&c), STEP_WAIT);
		ck_assert(str_starts(str_of(c.err.text), STR("PostgreSQL (")));
		ck_assert_int_eq(case_commit(&c), STEP_WAIT);
		ck_assert_int_eq(server("start"), 0);
		commit_until(10000);
		snprintf(count, sizeof(count), "%d", round * 200);
		told(COUNT, count);
		told("SELECT low FROM vigie_sink", count);
	}
	case_close(&c);
}
END_TEST

/* A server that stands between us and the server. */

enum { PASS, SWALLOW, SILENT };
static volatile int *mode; /* shared with its process */
static char between[CHECK_PATH_MAX], through[2 * CHECK_PATH_MAX];
static pid_t proxy;

static int unix_socket(const char *where, bool listens)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), r;

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/.s.PGSQL.5432", where);
	r = listens ? bind(fd, (const void *)&a, sizeof(a)) || listen(fd, 4)
		    : connect(fd, (const void *)&a, sizeof(a));
	return r ? -1 : fd;
}

/* SWALLOW: what the server answers is lost, and the connection with it. */
static bool copy(int from, int to, bool is_answer)
{
	char block[65536];
	ssize_t n = read(from, block, sizeof(block));

	if (n <= 0 || (is_answer && *mode == SWALLOW))
		return false;
	if (is_answer && *mode == SILENT)
		return true;
	for (ssize_t done = 0; done < n;) {
		ssize_t more = write(to, block + done, (size_t)(n - done));

		if (more <= 0)
			return false;
		done += more;
	}
	return true;
}

static void pass_on(int listener)
{
	int client = accept(listener, NULL, NULL);
	int up = unix_socket(folder, false);
	struct pollfd p[2] = { { client, POLLIN, 0 }, { up, POLLIN, 0 } };
	bool on = client >= 0 && up >= 0;

	while (on && poll(p, 2, -1) > 0) {
		if (p[0].revents)
			on = copy(client, up, false);
		if (on && p[1].revents)
			on = copy(up, client, true);
	}
	close(client);
	close(up);
}

static void begin_proxy(void)
{
	int listener;

	begin();
	check_folder(between);
	snprintf(through, sizeof(through), "host=%s user=vigie "
		 "dbname=postgres", between);
	mode = mmap(NULL, sizeof(*mode), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne((void *)mode, MAP_FAILED);
	listener = unix_socket(between, true);
	ck_assert_int_ge(listener, 0);
	signal(SIGPIPE, SIG_IGN);
	proxy = fork();
	while (!proxy)
		pass_on(listener);
	close(listener);
	case_open(&c, through);
}

static void end_proxy(void)
{
	case_close(&c);
	kill(proxy, SIGKILL);
	waitpid(proxy, NULL, 0);
	check_folder_done(between);
}

START_TEST(commit_whose_answer_is_lost_is_repeated_without_effect)
{
	begin_proxy();
	case_run(&c, 0, 50);
	for (uint64_t seq = 50; seq < 80; seq++)
		case_put(&c, seq);
	*mode = SWALLOW;
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	case_says(&c, "server closed the connection unexpectedly");
	told(COUNT, "80"); /* it was there all the same */
	*mode = PASS;
	commit_until(10000);
	told(COUNT, "80");
	told("SELECT count(*) FROM vigie_topics", "160");
	told("SELECT low FROM vigie_sink", "80");
	case_run(&c, 80, 90);
	told(COUNT, "90");
	end_proxy();
}
END_TEST

START_TEST(commit_without_answer_waits_no_longer_than_timeout)
{
	int64_t start;

	c.settings.timeout = 300;
	begin_proxy();
	case_run(&c, 0, 5);
	case_put(&c, 5);
	*mode = SILENT;
	start = clock_ms();
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	ck_assert_int_lt(clock_ms() - start, 2000);
	case_says(&c, "no answer within 300 ms");
	*mode = PASS;
	commit_until(10000);
	told(COUNT, "6");
	end_proxy();
}
END_TEST

START_TEST(commit_behind_a_lock_waits_and_goes_on)
{
	PGconn *other;

	c.settings.timeout = 300;
	begin();
	case_open(&c, place);
	other = PQconnectdb(place);
	PQclear(PQexec(other, "BEGIN; LOCK vigie_records"));
	case_put(&c, 0);
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	case_says(&c, "statement timeout");
	PQfinish(other);
	commit_until(10000);
	told(COUNT, "1");
	case_close(&c);
}
END_TEST

/* Somebody cleans up while we are at work: it is mended, or waited for. */
START_TEST(commit_without_tables_makes_them_anew)
{
	begin();
	case_open(&c, place);
	case_run(&c, 0, 3);
	begin();
	case_put(&c, 3);
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	case_says(&c, "relation \"vigie_records\" does not exist");
	commit_until(10000);
	told(COUNT, "1");
	case_close(&c);
}
END_TEST

START_TEST(open_server_that_may_lose_what_it_said_is_refused)
{
	begin();
	change("ALTER SYSTEM SET fsync = off");
	change("SELECT pg_reload_conf()");
	poll(NULL, 0, 200);
	ck_assert_int_eq(case_try(&c, place, false), -EINVAL);
	case_says(&c, "the server has fsync = off");
	change("ALTER SYSTEM RESET fsync");
	change("ALTER ROLE vigie SET synchronous_commit = off");
	change("SELECT pg_reload_conf()");
	poll(NULL, 0, 200);
	case_open(&c, place);
	buf_add_char(&c.notes, '\0');
	ck_assert_msg(strstr(c.notes.p, "synchronous_commit was off and is on "
					"in this session"),
		      "%s", c.notes.p);
	change("ALTER ROLE vigie RESET synchronous_commit");
	case_close(&c);
}
END_TEST

START_TEST(open_what_is_not_ours_is_refused)
{
	char other[CHECK_PATH_MAX + 64];

	begin();
	change("CREATE TABLE vigie_sink(mine text)");
	ck_assert_int_eq(case_try(&c, place, false), -EINVAL);
	case_says(&c, "has the comment 'none'");
	change("COMMENT ON TABLE vigie_sink IS 'vigie schema 2'");
	ck_assert_int_eq(case_try(&c, place, false), -EINVAL);
	case_says(&c, "has the comment 'vigie schema 2'");
	told("SELECT count(*) FROM vigie_sink", "0");
	begin();
	snprintf(other, sizeof(other), "host=%s user=vigie dbname=nowhere",
		 folder);
	ck_assert_int_eq(case_try(&c, other, false), -EACCES);
	case_says(&c, "database \"nowhere\" does not exist");
	change("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE "
	       "template0");
	snprintf(other, sizeof(other), "host=%s user=vigie dbname=latin",
		 folder);
	ck_assert_int_eq(case_try(&c, other, false), -EINVAL);
	case_says(&c, "the database's encoding is LATIN1");
	change("DROP DATABASE latin");
}
END_TEST

/* Who may only write does, when the tables are there. */
START_TEST(open_as_a_role_that_may_not_create)
{
	char other[CHECK_PATH_MAX + 64];

	begin();
	change("CREATE ROLE writer LOGIN");
	snprintf(other, sizeof(other), "host=%s user=writer dbname=postgres",
		 folder);
	ck_assert_int_eq(case_try(&c, other, false), -EACCES);
	case_says(&c, "permission denied for schema public");
	case_open(&c, place);
	case_close(&c);
	change("GRANT SELECT, INSERT, UPDATE ON vigie_records, vigie_topics,"
	       " vigie_sink TO writer");
	case_open(&c, other);
	case_run(&c, 0, 3);
	told(COUNT, "3");
	case_close(&c);
	change("DROP OWNED BY writer; DROP ROLE writer");
}
END_TEST

static void stop_soon(int signal)
{
	(void)signal;
	kill(getpid(), SIGTERM);
}

START_TEST(open_waits_for_the_server_until_it_is_to_stop)
{
	signal(SIGALRM, stop_soon);
	stop_install();
	alarm(1);
	ck_assert_int_eq(case_try(&c, "host=/nonexistent", false), STEP_WAIT);
	case_says(&c, "PostgreSQL (at /nonexistent): ");
	case_says(&c, "No such file or directory");
}
END_TEST

static void check_says(const char *where, int want, const char *notes)
{
	struct target_options o = { .place = where, .notes = &c.notes };

	err_clear(&c.err);
	buf_init(&c.notes, 4096);
	ck_assert_int_eq(c.kind->check(&o, &c.err), want);
	buf_add_char(&c.notes, '\0');
	ck_assert_str_eq(c.notes.p, notes);
	ck_assert(!strstr(c.err.text, "secret"));
	buf_done(&c.notes);
}

START_TEST(check_reads_places_and_never_says_passwords)
{
	check_says("host=db dbname=news", 0, "");
	check_says("postgresql://db/news", 0, "");
	check_says("service=news", 0, "");
	check_says("news", 0, "");
	check_says("host=db password=secret", 0,
		   "PostgreSQL (at db): its password stands in the "
		   "configuration; better in a file, with passfile=FILE or "
		   "~/.pgpass\n");
	check_says("postgres://me:secret@db/news", 0,
		   "PostgreSQL (news at db): its password stands in the "
		   "configuration; better in a file, with passfile=FILE or "
		   "~/.pgpass\n");
	check_says("hots=db", -EINVAL, "");
	case_says(&c, "PostgreSQL: invalid connection option \"hots\"");
}
END_TEST

static int run_tests(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(commit_makes_rows_and_topics_of_lines),
		CHECK_TEST(open_again_finds_what_was_committed),
		CHECK_TEST(record_that_is_there_is_not_there_twice),
		CHECK_TEST(open_truncate_starts_anew),
		CHECK_TEST(open_second_time_is_refused),
		CHECK_TEST(line_that_the_server_refuses_is_mended),
		CHECK_TEST(
			killed_server_is_waited_for_and_nothing_is_lost_or_twice),
		CHECK_TEST(
			commit_whose_answer_is_lost_is_repeated_without_effect),
		CHECK_TEST(commit_without_answer_waits_no_longer_than_timeout),
		CHECK_TEST(commit_behind_a_lock_waits_and_goes_on),
		CHECK_TEST(commit_without_tables_makes_them_anew),
		CHECK_TEST(open_server_that_may_lose_what_it_said_is_refused),
		CHECK_TEST(open_what_is_not_ours_is_refused),
		CHECK_TEST(open_as_a_role_that_may_not_create),
		CHECK_TEST(open_waits_for_the_server_until_it_is_to_stop),
		CHECK_TEST(check_reads_places_and_never_says_passwords),
		CHECK_END,
	};

	return check_main("target_postgres", tests);
}

int main(void)
{
	char line[CHECK_PATH_MAX + 16];
	int failed;

	snprintf(folder, sizeof(folder), "/tmp/vpg-XXXXXX");
	if (!mkdtemp(folder))
		return 1;
	snprintf(place, sizeof(place), "host=%s user=vigie dbname=postgres",
		 folder);
	failed = server("start");
	if (!failed)
		failed = run_tests();
	if (failed != SKIPPED)
		server("stop");
	snprintf(line, sizeof(line), "rm -rf '%s'", folder);
	return system(line) ? 1 : failed;
}
