#include "ingest/story.h"

#include "tests/check_main.h"

static struct arena arena;
static struct err err;

/* In place of tidy.c's. */
const char *tidy_name(enum tidy_kind kind)
{
	return kind == TIDY_SHARE ? "share" : "other";
}

static void begin(void)
{
	ck_assert_int_eq(arena_open(&arena, 1 << 24), 0);
}

static void same(struct str got, const char *want)
{
	ck_assert_msg(str_is(got, want), "got " STR_FMT ", not %s",
		      STR_ARG(got), want);
}

START_TEST(article_tells_revision_and_leader)
{
	struct story s = { .place = "p", .title = STR("T"), .text = STR("X"),
			   .id = "0123456789abcdef0123456789abcdef",
			   .revision = 7, .cut = STR("[1]"),
			   .near_of = "fedcba9876543210fedcba9876543210",
			   .input = STR("{\"a\":1}") };
	struct article a = { .seq = 9 };

	begin();
	ck_assert_int_eq(story_article(&s, NULL, &arena, &a, &err), 0);
	same(a.meta,
	     "\"id\":\"0123456789abcdef0123456789abcdef\",\"url\":null,"
	     "\"title\":\"T\",\"source\":null,\"author\":null,"
	     "\"published\":null,\"fetched\":null,\"language\":null,"
	     "\"revision\":7,"
	     "\"near_of\":\"fedcba9876543210fedcba9876543210\","
	     "\"cut\":[1],\"input\":{\"a\":1}");
	same(a.title, "T");
	same(a.text, "X");
	ck_assert_uint_eq(a.seq, 9);
}
END_TEST

/* The list of cuts of these lengths out of a text of é. */
static struct str list(const size_t *n, size_t count)
{
	static struct tidy_cut cuts[2 * STORY_CUTS_MAX];
	static char text[1 << 20];
	struct tidy t = { .cuts = cuts, .cut_count = count };
	struct story s = { .cut = STR("") };
	size_t at = 0;

	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "\xC3\xA9", 2);
	for (size_t i = 0; i < count; i++) {
		cuts[i] = (struct tidy_cut){ TIDY_SHARE, at, at + n[i] };
		at += n[i];
	}
	begin();
	ck_assert_int_eq(story_cut(&s, (struct str){ text, sizeof(text) }, &t,
				   &arena), 0);
	return s.cut;
}

static size_t count_of(struct str s, const char *what)
{
	size_t n = 0;

	for (const char *p = s.p; (p = strstr(p, what)); p++)
		n++;
	return n;
}

START_TEST(cut_is_listed_whole_up_to_its_limit)
{
	struct str all;

	same(list((size_t[]){ 2, 4 }, 2),
	     "[{\"kind\":\"share\",\"text\":\"\xC3\xA9\"},"
	     "{\"kind\":\"share\",\"text\":\"\xC3\xA9\xC3\xA9\"}]");
	all = list((size_t[]){ STORY_CUT_MAX }, 1);
	ck_assert_uint_eq(count_of(all, "bytes"), 0);
	all = list((size_t[]){ STORY_CUT_MAX + 2 }, 1);
	ck_assert(str_ends(all, STR("\xC3\xA9\",\"bytes\":4098}]")));
	ck_assert_uint_lt(all.n, STORY_CUT_MAX + 100);
}
END_TEST

START_TEST(cut_is_told_without_its_line_ends)
{
	struct tidy_cut cut = { TIDY_SHARE, 0, 5 };
	struct tidy t = { .cuts = &cut, .cut_count = 1 };
	struct story s = { .cut = STR("") };

	begin();
	ck_assert_int_eq(story_cut(&s, STR("\n ab\nc"), &t, &arena), 0);
	same(s.cut, "[{\"kind\":\"share\",\"text\":\"ab\"}]");
}
END_TEST

START_TEST(cut_list_is_bounded_and_says_so)
{
	static size_t n[2 * STORY_CUTS_MAX];
	struct str all;

	for (size_t i = 0; i < STORY_CUTS_MAX + 2; i++)
		n[i] = 1000;
	all = list(n, STORY_CUTS_MAX);
	ck_assert_uint_eq(count_of(all, "\"kind\""), STORY_CUTS_MAX);
	ck_assert_uint_lt(all.n, STORY_CUT_BYTES + 50 * STORY_CUTS_MAX);
	ck_assert(str_ends(all, STR("{\"kind\":\"share\",\"bytes\":1000}]")));
	all = list(n, STORY_CUTS_MAX + 2);
	ck_assert_uint_eq(count_of(all, "\"kind\""), STORY_CUTS_MAX + 1);
	ck_assert(str_ends(all, STR(",{\"kind\":\"others\",\"bytes\":2000}]")));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(article_tells_revision_and_leader),
		CHECK_TEST(cut_is_listed_whole_up_to_its_limit),
		CHECK_TEST(cut_is_told_without_its_line_ends),
		CHECK_TEST(cut_list_is_bounded_and_says_so),
		CHECK_END,
	};

	return check_main("story", tests);
}
