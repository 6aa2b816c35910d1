#include "ingest/position.h"

#include <unistd.h>

#include "tests/check_main.h"

START_TEST(lines_come_back_as_they_were)
{
	const struct position p = { UINT64_MAX, UINT64_MAX, UINT64_MAX,
				    UINT32_MAX };
	struct position back;
	char text[POSITION_MAX];

	position_lines(&p, text);
	ck_assert_uint_lt(strlen(text), POSITION_MAX - 1);
	ck_assert(position_parse(str_of(text), &back));
	ck_assert_mem_eq(&p, &back, sizeof(p) - 4);
	position_lines(&(struct position){ 1, 2, 3, 0xab }, text);
	ck_assert_str_eq(text, "lines1 1 2 3 000000ab");
}
END_TEST

START_TEST(parse_refuses_what_it_does_not_know)
{
	static const char *const bad[] = { "", "lines1", "lines1 1 2 3",
					   "lines2 1 2 3 0", "text1 1 2 3",
					   "lines1 1 2 3 0 more" };
	struct position p;
	char big[2 * POSITION_MAX];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(!position_parse(str_of(bad[i]), &p), "%s",
			      bad[i]);
	memset(big, '1', sizeof(big));
	ck_assert(!position_parse((struct str){ big, sizeof(big) }, &p));
}
END_TEST

static void key_is(const char *path, const char *want)
{
	struct buf b;

	buf_init(&b, 8192);
	ck_assert_int_eq(position_key(path, &b), 0);
	ck_assert_msg(str_is(buf_view(&b), want), STR_FMT,
		      STR_ARG(buf_view(&b)));
	buf_done(&b);
}

START_TEST(key_is_absolute)
{
	ck_assert_int_eq(chdir("/proc"), 0);
	key_is("/a.jsonl", "file:/a.jsonl");
	key_is("/proc//../proc/a.jsonl", "file:/proc/a.jsonl");
	key_is("a.jsonl", "file:/proc/a.jsonl");
	key_is("/nowhere/at/all/a", "file:/nowhere/at/all/a");
	key_is("nowhere/a", "file:/proc/nowhere/a");
}
END_TEST

START_TEST(bytes_come_back_as_they_were)
{
	const struct position_bytes most = { UINT64_MAX, UINT64_MAX,
					     UINT64_MAX, UINT64_MAX,
					     UINT32_MAX };
	struct position_bytes got;
	char text[POSITION_MAX];
	struct position lines;

	position_bytes(&most, text);
	ck_assert_uint_lt(strlen(text), POSITION_MAX - 1);
	ck_assert(position_bytes_parse(str_of(text), &got));
	ck_assert_uint_eq(got.offset, UINT64_MAX);
	ck_assert_uint_eq(got.within, UINT64_MAX);
	ck_assert_uint_eq(got.number, UINT64_MAX);
	ck_assert_uint_eq(got.head, UINT32_MAX);
	ck_assert(!position_parse(str_of(text), &lines));
	strcat(text, "x");
	ck_assert(!position_bytes_parse(str_of(text), &got));
	ck_assert(!position_bytes_parse(STR("bytes1 1 2 3 4"), &got));
	ck_assert(!position_bytes_parse(STR(""), &got));
}
END_TEST

START_TEST(entries_are_of_the_file_as_it_was)
{
	struct stat st = { .st_ino = 1, .st_size = 2 };
	char text[POSITION_MAX];
	uint64_t entries, pieces;

	position_entries(&st, UINT64_MAX, UINT64_MAX, text);
	ck_assert(position_entries_parse(str_of(text), &st, &entries,
					 &pieces));
	ck_assert_uint_eq(entries, UINT64_MAX);
	ck_assert_uint_eq(pieces, UINT64_MAX);
	st.st_size = 3;
	ck_assert(!position_entries_parse(str_of(text), &st, &entries,
					  &pieces));
	ck_assert(!position_entries_parse(STR(""), &st, &entries, &pieces));
	memset(&st, 0xff, sizeof(st));
	position_entries(&st, UINT64_MAX, UINT64_MAX, text);
	ck_assert_uint_lt(strlen(text), POSITION_MAX - 1);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(lines_come_back_as_they_were),
		CHECK_TEST(parse_refuses_what_it_does_not_know),
		CHECK_TEST(key_is_absolute),
		CHECK_TEST(bytes_come_back_as_they_were),
		CHECK_TEST(entries_are_of_the_file_as_it_was),
		CHECK_END,
	};

	return check_main("position", tests);
}
