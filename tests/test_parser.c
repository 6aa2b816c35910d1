#include "ingest/parser.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/check_main.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

static struct parser *parser;
static struct buf out;
static struct err err;

/* A clock that stands still unless a test says otherwise: on a busy machine two
 * seconds of the processor take longer than the parser is waited for. */
static int64_t now_ms, step_ms;

int64_t clock_ms(void)
{
	return now_ms += step_ms;
}

/* Documents that do what is in them, in place of parse/document.c. */

void document_prepare(const struct document *d)
{
	(void)d;
}

static void speak_nonsense(void)
{
	for (int i = 3; i < 64; i++)
		if (write(i, "nonsense, and more of it", 24) == 24)
			return;
}

static void spin(void)
{
	volatile bool on = true;

	while (on)
		;
}

static int eat(void)
{
	char *p;

	while ((p = malloc(1 << 20)))
		memset(p, 1, 1 << 20);
	return -ENOMEM;
}

static int say_what_came(const struct document *d, struct buf *to)
{
	buf_printf(to, "%d %s %s %lld " STR_FMT "\n", (int)d->kind,
		   d->type ? d->type : "-", d->url ? d->url : "-",
		   (long long)d->now_ms, STR_ARG(d->bytes));
	return 0;
}

int document_parse(const struct document *d, struct arena scratch,
		   struct buf *to, struct err *e)
{
	(void)scratch;
	if (str_is(d->bytes, "open"))
		return open("/dev/null", O_RDONLY);
	if (str_is(d->bytes, "abort"))
		abort();
	if (str_is(d->bytes, "exit"))
		_exit(3);
	if (str_is(d->bytes, "nonsense"))
		speak_nonsense();
	if (str_is(d->bytes, "spin"))
		spin();
	if (str_is(d->bytes, "eat"))
		return eat();
	if (str_is(d->bytes, "fail"))
		return -EIO;
	if (str_is(d->bytes, "full"))
		return -ENOMEM;
	if (str_is(d->bytes, "no"))
		return err_set(e, STEP_REJECT, "no such thing");
	if (str_is(d->bytes, "much"))
		return buf_grow(to, DOCUMENT_ANSWER_MAX) ? 0 : buf_error(to);
	if (d->bytes.n > 4096)
		buf_printf(to, "%zu\n", d->bytes.n);
	return d->bytes.n > 4096 ? 0 : say_what_came(d, to);
}

static void begin(void)
{
	ck_assert_int_eq(parser_new(&parser), 0);
	buf_init(&out, DOCUMENT_ANSWER_MAX);
}

static void done(void)
{
	parser_free(parser);
	buf_done(&out);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* no child left */
}

static int ask(const char *what, const char *url)
{
	struct document d = { .kind = DOCUMENT_FEED, .bytes = str_of(what),
			      .type = "text/x", .url = url, .now_ms = 42 };

	err_clear(&err);
	return parser_ask(parser, &d, &out, &err);
}

static void works(void)
{
	ck_assert_int_eq(ask("hello", NULL), 0);
	ck_assert(str_eq(buf_view(&out), STR("1 text/x - 42 hello\n")));
}

static void refuses(const char *what, const char *sentence)
{
	ck_assert_int_eq(ask(what, NULL), STEP_REJECT);
	ck_assert_str_eq(err.text, sentence);
	ck_assert_uint_eq(out.n, 0);
}

START_TEST(ask_gives_the_lines)
{
	struct document d = { .kind = DOCUMENT_PAGE, .bytes = STR(""),
			      .url = "http://a.example/", .now_ms = -1 };

	begin();
	works();
	ck_assert_int_eq(parser_ask(parser, &d, &out, &err), 0);
	ck_assert(str_eq(buf_view(&out), STR("2 - http://a.example/ -1 \n")));
	ck_assert_uint_eq(parser_stats(parser).asked, 2);
	ck_assert_uint_eq(parser_stats(parser).refused, 0);
	done();
}
END_TEST

START_TEST(ask_refusal_goes_on_in_the_same_process)
{
	begin();
	refuses("no", "no such thing");
	ck_assert_int_eq(ask("no", "http://a.example/f"), STEP_REJECT);
	ck_assert_str_eq(err.text, "http://a.example/f: no such thing");
	works();
	ck_assert_uint_eq(parser_stats(parser).refused, 2);
	ck_assert_uint_eq(parser_stats(parser).killed, 0);
	done();
}
END_TEST

START_TEST(ask_trouble_of_the_child_is_a_refusal)
{
	begin();
	refuses("fail", "could not be read (Input/output error); refused");
	refuses("full", "needed more than 60 MB of memory to read; refused");
	works();
	ck_assert_uint_eq(parser_stats(parser).refused, 2);
	ck_assert_uint_eq(parser_stats(parser).killed, 0);
	done();
}
END_TEST

START_TEST(ask_crash_is_a_refusal_and_a_new_process)
{
	begin();
	refuses("abort", "killed the parser (signal 6, Aborted); refused");
	works();
	refuses("exit", "ended the parser (code 3); refused");
	works();
	ck_assert_uint_eq(parser_stats(parser).killed, 2);
	ck_assert_uint_eq(parser_stats(parser).refused, 2);
	done();
}
END_TEST

START_TEST(ask_reaching_out_is_a_refusal)
{
	begin();
	refuses("open", "had the parser ask the kernel for what it must not "
			"have (SIGSYS); refused");
	works();
	done();
}
END_TEST

START_TEST(ask_too_slow_is_a_refusal)
{
	begin();
	refuses("spin",
		"took more than 2 s of processor time to read; refused");
	works();
	done();
}
END_TEST

START_TEST(ask_not_read_in_time_is_a_refusal)
{
	begin();
	step_ms = PARSER_WAIT_MS;
	refuses("spin", "not read within 10 s; refused");
	step_ms = 0;
	works();
	ck_assert_uint_eq(parser_stats(parser).killed, 1);
	done();
}
END_TEST

START_TEST(ask_too_much_memory_is_a_refusal)
{
	if (SANITIZED)
		return;
	begin();
	refuses("eat", "needed more than 60 MB of memory to read; refused");
	done();
}
END_TEST

START_TEST(ask_nonsense_is_a_refusal_and_a_new_process)
{
	begin();
	refuses("nonsense", "made the parser speak nonsense; refused");
	works();
	refuses("much", "made the parser speak nonsense; refused"); /* NULs */
	works();
	done();
}
END_TEST

START_TEST(ask_length_at_the_limit_and_above)
{
	char *much = calloc(DOCUMENT_MAX + 1, 1);
	struct document d = { .kind = DOCUMENT_PAGE,
			      .bytes = { much, DOCUMENT_MAX } };

	begin();
	ck_assert_int_eq(parser_ask(parser, &d, &out, &err), 0);
	ck_assert(str_eq(buf_view(&out), STR("15728640\n")));
	d.bytes.n++;
	err_clear(&err);
	ck_assert_int_eq(parser_ask(parser, &d, &out, &err), STEP_REJECT);
	ck_assert_str_eq(err.text,
			 "has 15728641 bytes, more than 15 MB; refused");
	works();
	free(much);
	done();
}
END_TEST

/* The only child that there is, which is left for the parser to bury. */
static void kill_the_child(void)
{
	FILE *f = fopen("/proc/thread-self/children", "r");
	siginfo_t info;
	int pid = 0;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%d", &pid), 1);
	fclose(f);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
			 0);
}

START_TEST(ask_after_a_stranger_killed_it_starts_anew)
{
	begin();
	works();
	kill_the_child();
	works();
	done();
}
END_TEST

START_TEST(start_twice_is_one_process)
{
	begin();
	ck_assert_int_eq(parser_start(parser, &err), 0);
	ck_assert_int_eq(parser_start(parser, &err), 0);
	works();
	done();
}
END_TEST

START_TEST(free_null_is_fine)
{
	parser_free(NULL);
	begin();
	done();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(ask_gives_the_lines),
		CHECK_TEST(ask_refusal_goes_on_in_the_same_process),
		CHECK_TEST(ask_trouble_of_the_child_is_a_refusal),
		CHECK_TEST(ask_crash_is_a_refusal_and_a_new_process),
		CHECK_TEST(ask_reaching_out_is_a_refusal),
		CHECK_TEST(ask_too_slow_is_a_refusal),
		CHECK_TEST(ask_not_read_in_time_is_a_refusal),
		CHECK_TEST(ask_too_much_memory_is_a_refusal),
		CHECK_TEST(ask_nonsense_is_a_refusal_and_a_new_process),
		CHECK_TEST(ask_length_at_the_limit_and_above),
		CHECK_TEST(ask_after_a_stranger_killed_it_starts_anew),
		CHECK_TEST(start_twice_is_one_process),
		CHECK_TEST(free_null_is_fine),
		CHECK_END,
	};

	return check_main("parser", tests);
}
