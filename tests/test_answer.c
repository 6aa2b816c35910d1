#include "ingest/answer.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/check_main.h"

static int ours, theirs, result;
static struct buf out;
static struct err err;

static void pair(void)
{
	int v[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, v), 0);
	ours = v[0];
	theirs = v[1];
	buf_init(&out, 1 << 20);
	err_clear(&err);
	result = 99;
}

static void done(void)
{
	buf_done(&out);
	close(ours);
	close(theirs);
}

static int take(size_t max)
{
	return answer_take(ours, clock_ms() + 10000, max, &result, &out, &err);
}

/* What a child that went wild might say. */
static void says(int32_t r, uint32_t n, const char *text, size_t length)
{
	ck_assert_int_eq(write(theirs, &r, sizeof(r)), 4);
	ck_assert_int_eq(write(theirs, &n, sizeof(n)), 4);
	ck_assert_int_eq(write(theirs, text, length), (ssize_t)length);
}

START_TEST(take_lines_gives_them)
{
	pair();
	ck_assert_int_eq(answer_give(theirs, 0, STR("{\"a\":1}\n\xC3\xA9\n"),
				     &err), 0);
	ck_assert_int_eq(take(64), 0);
	ck_assert_int_eq(result, 0);
	ck_assert(str_eq(buf_view(&out), STR("{\"a\":1}\n\xC3\xA9\n")));
	done();
}
END_TEST

START_TEST(take_refusal_gives_its_sentence)
{
	struct err theirs_err = { "no feed: line 3" };

	pair();
	buf_add_z(&out, "old");
	ck_assert_int_eq(answer_give(theirs, STEP_REJECT, STR("x"),
				     &theirs_err), 0);
	ck_assert_int_eq(take(64), 0);
	ck_assert_int_eq(result, STEP_REJECT);
	ck_assert_str_eq(err.text, "no feed: line 3");
	ck_assert_uint_eq(out.n, 0);
	done();
}
END_TEST

START_TEST(take_length_at_the_limit_and_above)
{
	pair();
	says(0, 4, "abcd", 4);
	ck_assert_int_eq(take(4), 0);
	says(0, 5, "abcde", 5);
	ck_assert_int_eq(take(4), -EBADMSG);
	done();
	pair();
	says(STEP_REJECT, sizeof(err.text) + 1, "", 0);
	ck_assert_int_eq(take(1 << 20), -EBADMSG);
	done();
	pair();
	says(0, UINT32_MAX, "", 0);
	ck_assert_int_eq(take(1 << 20), -EBADMSG);
	done();
}
END_TEST

START_TEST(take_unknown_result_is_nonsense)
{
	static const int32_t bad[] = { 2, 3, 1 << 30, -4096, INT32_MIN };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		pair();
		says(bad[i], 0, "", 0);
		ck_assert_int_eq(take(64), -EBADMSG);
		done();
	}
}
END_TEST

START_TEST(take_text_that_is_none_is_nonsense)
{
	static const struct str bad[] = {
		{ "\xFF", 1 }, { "\xC3", 1 }, { "a\0b", 3 }, { "\x1B[31m", 5 },
		{ "a\tb", 3 }, { "\xED\xA0\x80", 3 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		pair();
		says(0, (uint32_t)bad[i].n, bad[i].p, bad[i].n);
		ck_assert_int_eq(take(64), -EBADMSG);
		ck_assert_uint_eq(out.n, 0);
		done();
		pair();
		says(STEP_REJECT, (uint32_t)bad[i].n, bad[i].p, bad[i].n);
		ck_assert_int_eq(take(64), -EBADMSG);
		ck_assert_str_eq(err.text, "");
		done();
	}
}
END_TEST

START_TEST(take_end_in_the_middle_is_a_broken_pipe)
{
	pair();
	says(0, 10, "abc", 3);
	shutdown(theirs, SHUT_RDWR);
	ck_assert_int_eq(take(64), -EPIPE);
	done();
	pair();
	ck_assert_int_eq(write(theirs, "ab", 2), 2);
	shutdown(theirs, SHUT_RDWR);
	ck_assert_int_eq(take(64), -EPIPE);
	done();
}
END_TEST

START_TEST(take_too_late_is_a_timeout)
{
	pair();
	says(0, 10, "abc", 3);
	ck_assert_int_eq(answer_take(ours, clock_ms() - 1, 64, &result, &out,
				     &err), -ETIMEDOUT);
	done();
}
END_TEST

START_TEST(write_nobody_reads_is_a_timeout_or_a_broken_pipe)
{
	static char much[4 << 20];

	pair();
	ck_assert_int_eq(answer_write(ours, much, sizeof(much), clock_ms()),
			 -ETIMEDOUT);
	close(theirs);
	ck_assert_int_eq(answer_write(ours, much, 1, clock_ms() + 1000),
			 -EPIPE);
	done();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(take_lines_gives_them),
		CHECK_TEST(take_refusal_gives_its_sentence),
		CHECK_TEST(take_length_at_the_limit_and_above),
		CHECK_TEST(take_unknown_result_is_nonsense),
		CHECK_TEST(take_text_that_is_none_is_nonsense),
		CHECK_TEST(take_end_in_the_middle_is_a_broken_pipe),
		CHECK_TEST(take_too_late_is_a_timeout),
		CHECK_TEST(write_nobody_reads_is_a_timeout_or_a_broken_pipe),
		CHECK_END,
	};

	return check_main("answer", tests);
}
