#include "learn/tried.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct tried t;
static struct err e;
static const struct tried_of of = { "0123456789abcdef0123",
				    "1123456789abcdef0123",
				    "2123456789abcdef0123" };

static void begin(void)
{
	check_folder(folder);
	snprintf(path, sizeof(path), "%s/table.tsv", folder);
	err_clear(&e);
}

static void open_table(void)
{
	ck_assert_msg(!tried_open(&t, path, &of, &e), "%s", e.text);
}

static void add(const char *setting, double figure)
{
	int r = tried_add(&t, str_of(setting), figure, 0.0123456789, 1.5,
			  true, &e);

	ck_assert_msg(!r, "%s", e.text);
}

static void append(const char *text)
{
	FILE *f = fopen(path, "a");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static void refused(int code, const char *sentence)
{
	struct tried other;
	struct err why = { "" };

	ck_assert_int_eq(tried_open(&other, path, &of, &why), code);
	ck_assert_msg(strstr(why.text, sentence) != NULL, "%s", why.text);
	tried_done(&other);
}

START_TEST(table_is_taken_up_again)
{
	const struct tried_one *one;

	begin();
	open_table();
	ck_assert_uint_eq(t.n, 0);
	add("", 0.1234567);
	add("words.ngrams=[1, 1]; topic.c=2", 2.0 / 3);
	add("words.min_df=3", -INFINITY);
	tried_done(&t);
	open_table();
	ck_assert_uint_eq(t.n, 3);
	ck_assert(!t.torn);
	one = tried_find(&t, STR(""));
	ck_assert(one->figure == 0.123457 && one->spread == 0.012346);
	ck_assert(one->seconds == 1.5 && one->told);
	one = tried_find(&t, STR("words.ngrams=[1, 1]; topic.c=2"));
	ck_assert(one->figure == 0.666667);
	ck_assert(isinf(tried_find(&t, STR("words.min_df=3"))->figure));
	ck_assert_ptr_null(tried_find(&t, STR("words.min_df=2")));
	tried_done(&t);
	check_folder_done(folder);
}
END_TEST

/* In memory a figure is what the table will say of it. */
START_TEST(add_rounds_as_the_table_does)
{
	begin();
	ck_assert_int_eq(tried_open(&t, NULL, &of, &e), 0);
	add("a", 0.12345649);
	ck_assert(tried_find(&t, STR("a"))->figure == 0.123456);
	ck_assert(!tried_find(&t, STR("a"))->told);
	tried_done(&t);
	check_folder_done(folder);
}
END_TEST

START_TEST(add_without_writing_is_not_in_the_table)
{
	begin();
	open_table();
	ck_assert_int_eq(tried_add(&t, STR("x"), -INFINITY, 0, 0, false, &e),
			 0);
	ck_assert_ptr_nonnull(tried_find(&t, STR("x")));
	tried_done(&t);
	open_table();
	ck_assert_uint_eq(t.n, 0);
	tried_done(&t);
	check_folder_done(folder);
}
END_TEST

/* Killed while it wrote: the half line goes, the next stands in its place. */
START_TEST(open_cuts_half_a_line)
{
	begin();
	open_table();
	add("a", 0.5);
	tried_done(&t);
	append("0.6\t0.0");
	open_table();
	ck_assert(t.torn);
	ck_assert_uint_eq(t.n, 1);
	add("b", 0.75);
	tried_done(&t);
	open_table();
	ck_assert(!t.torn);
	ck_assert_uint_eq(t.n, 2);
	ck_assert(tried_find(&t, STR("b"))->figure == 0.75);
	tried_done(&t);
	check_folder_done(folder);
}
END_TEST

START_TEST(open_begins_anew_where_the_first_line_is_half)
{
	begin();
	append("# vigie tune 0.");
	open_table();
	add("a", 0.5);
	tried_done(&t);
	open_table();
	ck_assert_uint_eq(t.n, 1);
	tried_done(&t);
	check_folder_done(folder);
}
END_TEST

static void refused_with(struct tried_of other, const char *sentence)
{
	begin();
	ck_assert_int_eq(tried_open(&t, path, &other, &e), 0);
	tried_done(&t);
	refused(-EBADMSG, sentence);
	check_folder_done(folder);
}

START_TEST(open_refuses_a_table_of_something_else)
{
	struct tried_of other = of;

	other.recipe[0] = 'f';
	refused_with(other, "table.tsv: this table was made from another "
			    "recipe");
	other = of;
	other.data[3] = 'f';
	refused_with(other, "from other data");
	other = of;
	other.folds[14] = 'f';
	refused_with(other, "on other folds");
}
END_TEST

START_TEST(open_refuses_what_is_no_table)
{
	static const char text[] = "id,label\n1,2\n";
	struct str s;

	begin();
	append(text);
	refused(-EBADMSG, "no table of vigie tune");
	ck_assert_int_eq(file_read(path, 100, &s, NULL), 0);
	ck_assert(str_is(s, text)); /* nor is it touched */
	free((char *)s.p);
	check_folder_done(folder);
	begin();
	append("no end of line");
	refused(-EBADMSG, "no table of vigie tune");
	check_folder_done(folder);
}
END_TEST

START_TEST(open_tells_the_line_that_is_wrong)
{
	static const char *const lines[] = { "0.5\t0\t1\n", "\t0\t1\tx\n",
					     "0.5x\t0\t1\tx\n",
					     "0.5\t0\t-\tx\n", "nan\t0\t1\tx\n",
					     "\n" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		begin();
		open_table();
		add("a", 0.5);
		tried_done(&t);
		append(lines[i]);
		refused(-EBADMSG, "table.tsv:4: expected a figure");
		check_folder_done(folder);
	}
}
END_TEST

START_TEST(open_is_for_one_at_a_time)
{
	begin();
	open_table();
	refused(-EAGAIN, "another vigie tune");
	tried_done(&t);
	open_table();
	tried_done(&t);
	check_folder_done(folder);
}
END_TEST

START_TEST(open_tells_what_cannot_be_opened)
{
	begin();
	strcat(path, "/none");
	refused(-ENOENT, "table.tsv/none: No such file");
	check_folder_done(folder);
}
END_TEST

START_TEST(add_tells_what_cannot_be_written)
{
	begin();
	if (access("/dev/full", W_OK))
		return;
	t = (struct tried){ .path = "/dev/full",
			    .fd = open("/dev/full", O_WRONLY) };
	ck_assert_int_eq(tried_add(&t, STR("a"), 1, 0, 0, true, &e), -ENOSPC);
	ck_assert_ptr_nonnull(strstr(e.text, "/dev/full: No space"));
	tried_done(&t);
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(table_is_taken_up_again),
		CHECK_TEST(add_rounds_as_the_table_does),
		CHECK_TEST(add_without_writing_is_not_in_the_table),
		CHECK_TEST(open_cuts_half_a_line),
		CHECK_TEST(open_begins_anew_where_the_first_line_is_half),
		CHECK_TEST(open_refuses_a_table_of_something_else),
		CHECK_TEST(open_refuses_what_is_no_table),
		CHECK_TEST(open_tells_the_line_that_is_wrong),
		CHECK_TEST(open_is_for_one_at_a_time),
		CHECK_TEST(open_tells_what_cannot_be_opened),
		CHECK_TEST(add_tells_what_cannot_be_written),
		CHECK_END,
	};

	return check_main("tried", tests);
}
