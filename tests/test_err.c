/* test_err.c -- sentences and exit codes. */
#include "base/err.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

#include "tests/check_main.h"

START_TEST(set_first_sentence_stays)
{
	struct err e = { "" };

	ck_assert_int_eq(err_set(&e, -EINVAL, "deep %d", 1), -EINVAL);
	ck_assert_int_eq(err_set(&e, -EIO, "shallow"), -EIO);
	ck_assert_int_eq(err_sys(&e, -EIO, "shallow"), -EIO);
	ck_assert_str_eq(e.text, "deep 1");
	err_clear(&e);
	ck_assert_str_eq(e.text, "");
	err_set(&e, 0, "again");
	ck_assert_str_eq(e.text, "again");
}
END_TEST

START_TEST(set_null_err_returns_r)
{
	ck_assert_int_eq(err_set(NULL, -EINVAL, "x"), -EINVAL);
	ck_assert_int_eq(err_sys(NULL, -EIO, "x"), -EIO);
	ck_assert_int_eq(err_at(NULL, STEP_REJECT, "x"), STEP_REJECT);
	err_clear(NULL);
}
END_TEST

START_TEST(sys_ends_with_the_words_of_errno)
{
	struct err e = { "" };

	ck_assert_int_eq(err_sys(&e, -ENOENT, "%s", "/a"), -ENOENT);
	ck_assert_str_eq(e.text, "/a: No such file or directory");
}
END_TEST

START_TEST(at_puts_the_place_in_front)
{
	struct err e = { "" };

	err_set(&e, -EINVAL, "no number");
	ck_assert_int_eq(err_at(&e, -EINVAL, "%s:%d: ", "f", 3), -EINVAL);
	ck_assert_str_eq(e.text, "f:3: no number");
	err_at(&e, 0, "above: ");
	ck_assert_str_eq(e.text, "above: f:3: no number");
	err_clear(&e);
	err_at(&e, 0, "alone: ");
	ck_assert_str_eq(e.text, "alone: ");
}
END_TEST

START_TEST(set_endless_sentence_is_cut_and_ended)
{
	static char word[3000];
	struct err e = { "" };
	size_t last = sizeof(e.text) - 1;

	memset(word, 'x', sizeof(word) - 1);
	err_set(&e, 0, "%s", word);
	ck_assert_uint_eq(strlen(e.text), last);
	err_at(&e, 0, "f:1: ");
	ck_assert_uint_eq(strlen(e.text), last);
	ck_assert_int_eq(strncmp(e.text, "f:1: xxx", 8), 0);
	err_clear(&e);
	err_sys(&e, -ENOENT, "%s", word);
	ck_assert_uint_eq(strlen(e.text), last);
	err_at(&e, 0, "%s", word);
	ck_assert_uint_eq(strlen(e.text), last);
}
END_TEST

START_TEST(exit_each_kind_has_its_code)
{
	static const int want[][2] = {
		{ 0, EX_OK },
		{ STEP_END, EX_OK },
		{ STEP_REJECT, EX_DATAERR },
		{ STEP_WAIT, EX_TEMPFAIL },
		{ -EBADMSG, EX_DATAERR },
		{ -EFBIG, EX_DATAERR },
		{ -EILSEQ, EX_DATAERR },
		{ -ENOENT, EX_NOINPUT },
		{ -EISDIR, EX_NOINPUT },
		{ -ENAMETOOLONG, EX_NOINPUT },
		{ -EACCES, EX_NOPERM },
		{ -EPERM, EX_NOPERM },
		{ -ENOMEM, EX_OSERR },
		{ -EMFILE, EX_OSERR },
		{ -EIO, EX_IOERR },
		{ -ENOSPC, EX_IOERR },
		{ -EPIPE, EX_IOERR },
		{ -EINVAL, EX_CONFIG },
		{ -EPROTO, EX_PROTOCOL },
		{ -ETIMEDOUT, EX_TEMPFAIL },
		{ -EADDRINUSE, EX_UNAVAILABLE },
		{ -ECONNREFUSED, EX_UNAVAILABLE },
		{ -EHOSTUNREACH, EX_UNAVAILABLE },
		{ -EEXIST, EX_CANTCREAT },
		{ -EROFS, EX_CANTCREAT },
		{ -EDOM, EX_SOFTWARE },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		ck_assert_int_eq(err_exit(want[i][0]), want[i][1]);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(set_first_sentence_stays),
		CHECK_TEST(set_null_err_returns_r),
		CHECK_TEST(sys_ends_with_the_words_of_errno),
		CHECK_TEST(at_puts_the_place_in_front),
		CHECK_TEST(set_endless_sentence_is_cut_and_ended),
		CHECK_TEST(exit_each_kind_has_its_code),
		CHECK_END,
	};

	return check_main("err", tests);
}
