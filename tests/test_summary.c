#include "sink/summary.h"

#include "tests/check_main.h"

static struct summary *summary;

static void begin(void)
{
	ck_assert_int_eq(summary_new(&summary), 0);
}

static void add(const char *keys)
{
	ck_assert_int_eq(summary_add(summary, str_of(keys)), 0);
}

/* The table as it stands; ends the test's summary. */
static void shows(const char *want)
{
	struct buf out;

	buf_init(&out, 1 << 22);
	summary_write(summary, &out);
	buf_add_char(&out, '\0');
	ck_assert_int_eq(buf_error(&out), 0);
	ck_assert_str_eq(out.p, want);
	buf_done(&out);
	summary_free(summary);
}

START_TEST(write_nothing_says_no_articles)
{
	begin();
	shows("no articles\n");
}
END_TEST

START_TEST(write_without_topics_has_no_table)
{
	begin();
	add("none\n");
	shows("1 article, 1 without a topic\n");
	begin();
	add("none\n");
	add("");
	add("\n");
	shows("3 articles, 3 without a topic\n");
}
END_TEST

START_TEST(write_topics_by_count_then_name)
{
	begin();
	add("b.favour\n");
	add("c.favour\na.favour\n");
	add("c.favour\n");
	shows("topic  articles  favour\n"
	      "c             2       2\n"
	      "a             1       1\n"
	      "b             1       1\n"
	      "\n"
	      "3 articles, 0 without a topic\n");
}
END_TEST

START_TEST(write_stances_in_their_order)
{
	begin();
	add("sovereignty.zeal\nsovereignty2.doubt\n");
	add("sovereignty.unsure\nsovereignty2.neutral\n");
	add("sovereignty.against\nsovereignty2.favour");
	add("none\n");
	shows("topic         articles  favour  against  neutral  unsure  doubt"
	      "  zeal\n"
	      "sovereignty          3       0        1        0       1      0"
	      "     1\n"
	      "sovereignty2         3       1        0        1       0      1"
	      "     0\n"
	      "\n"
	      "4 articles, 1 without a topic\n");
}
END_TEST

START_TEST(write_topics_without_stance)
{
	begin();
	add("economy\n");
	add("economy\nart\n");
	shows("topic    articles\n"
	      "economy         2\n"
	      "art             1\n"
	      "\n"
	      "2 articles, 0 without a topic\n");
}
END_TEST

START_TEST(add_dotted_topic_splits_at_the_last_dot)
{
	begin();
	add("a.b.favour\n");
	shows("topic  articles  favour\n"
	      "a.b           1       1\n"
	      "\n"
	      "1 article, 0 without a topic\n");
}
END_TEST

START_TEST(write_wide_names_and_numbers_are_aligned)
{
	begin();
	for (int i = 0; i < 1000; i++)
		add("souverainet\xc3\xa9.ja\n");
	add("x.ja\n");
	shows("topic         articles    ja\n"
	      "souverainet\xc3\xa9      1000  1000\n"
	      "x                    1     1\n"
	      "\n"
	      "1001 articles, 0 without a topic\n");
}
END_TEST

static void add_numbered(const char *form, int n)
{
	char key[64];

	snprintf(key, sizeof(key), form, n);
	add(key);
}

/* The table as it stands, to be freed; ends the test's summary. */
static char *table(void)
{
	struct buf out;

	buf_init(&out, 1 << 22);
	summary_write(summary, &out);
	buf_add_char(&out, '\0');
	summary_free(summary);
	return buf_steal(&out);
}

START_TEST(add_topics_at_ceiling)
{
	for (int more = -1; more <= 2; more++) {
		char *out, *rest;

		begin();
		for (int i = 0; i < SUMMARY_TOPICS_MAX + more; i++)
			add_numbered("t%d\n", i);
		out = table();
		rest = strstr(out, "(others)");
		if (more <= 0)
			ck_assert_ptr_null(rest);
		else
			ck_assert_int_eq(atoi(rest + 8), more);
		free(out);
	}
}
END_TEST

START_TEST(add_stances_at_ceiling)
{
	for (int more = -1; more <= 2; more++) {
		char *out;

		begin();
		for (int i = 0; i < SUMMARY_STANCES_MAX + more; i++)
			add_numbered("t.s%d\n", i);
		out = table();
		ck_assert(!strstr(out, "(others)") == (more <= 0));
		free(out);
	}
}
END_TEST

START_TEST(add_name_at_ceiling)
{
	char key[258];

	for (size_t n = 254; n <= 256; n++) {
		char *out;

		memset(key, 'x', sizeof(key));
		key[n] = '\n';
		begin();
		ck_assert_int_eq(summary_add(summary,
					     (struct str){ key, n + 1 }),
				 0);
		out = table();
		ck_assert(!strstr(out, "(others)") == (n <= 255));
		free(out);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(write_nothing_says_no_articles),
		CHECK_TEST(write_without_topics_has_no_table),
		CHECK_TEST(write_topics_by_count_then_name),
		CHECK_TEST(write_stances_in_their_order),
		CHECK_TEST(write_topics_without_stance),
		CHECK_TEST(add_dotted_topic_splits_at_the_last_dot),
		CHECK_TEST(write_wide_names_and_numbers_are_aligned),
		CHECK_TEST(add_topics_at_ceiling),
		CHECK_TEST(add_stances_at_ceiling),
		CHECK_TEST(add_name_at_ceiling),
		CHECK_END,
	};

	return check_main("summary", tests);
}
