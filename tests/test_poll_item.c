#include "ingest/poll_item.h"

#include <errno.h>

#include "base/json.h"
#include "tests/check_main.h"

static const struct poll_feed feed = {
	.address = { "https://a.example/rss", 21 },
	.title = { "Paper", 5 },
	.language = { "fr", 2 },
};
static struct buf out, names;
static struct str alias[RAW_ALIASES];

static json_t *object(const char *text)
{
	json_t *o = json_parse(str_of(text), NULL);

	ck_assert_ptr_nonnull(o);
	return o;
}

/* What comes of an item and, perhaps, its page. */
static const char *written(const struct poll_feed *of, const char *item,
			   const char *page, const char *at, bool failed)
{
	json_t *i = object(item), *p = page ? object(page) : NULL;

	if (!out.max)
		buf_init(&out, RAW_MAX);
	ck_assert_int_eq(poll_item_write(of, i, p, str_of(at), failed, &out),
			 0);
	buf_add_char(&out, '\0');
	json_decref(i);
	json_decref(p);
	return out.p;
}

static uint64_t id(const char *item)
{
	json_t *i = object(item);
	uint64_t ret = poll_item_hash(i).id;

	json_decref(i);
	return ret;
}

static uint64_t content(const char *item)
{
	json_t *i = object(item);
	uint64_t ret = poll_item_hash(i).content;

	json_decref(i);
	return ret;
}

static bool lacks(const char *item, enum source_full full)
{
	json_t *i = object(item);
	bool ret = poll_item_lacks(i, full, false);

	json_decref(i);
	return ret;
}

START_TEST(hash_item_is_its_guid_else_its_address_else_its_text)
{
	ck_assert_uint_eq(id("{\"id\":\"1\",\"url\":\"u\"}"),
			  id("{\"id\":\"1\",\"title\":\"t\"}"));
	ck_assert_uint_ne(id("{\"id\":\"1\"}"), id("{\"url\":\"1\"}"));
	ck_assert_uint_eq(id("{\"url\":\"u\",\"title\":\"a\"}"),
			  id("{\"url\":\"u\",\"title\":\"b\"}"));
	ck_assert_uint_ne(id("{\"title\":\"a\"}"), id("{\"title\":\"b\"}"));
	ck_assert_uint_ne(id("{\"title\":\"ab\",\"summary\":\"c\"}"),
			  id("{\"title\":\"a\",\"summary\":\"bc\"}"));
}
END_TEST

START_TEST(hash_content_is_title_text_and_date)
{
	uint64_t one = content("{\"title\":\"a\",\"content\":\"b\","
			       "\"published\":\"2022\"}");

	ck_assert_uint_eq(one, content("{\"id\":\"9\",\"title\":\"a\","
				       "\"content\":\"b\",\"updated\":\"2023\","
				       "\"published\":\"2022\"}"));
	ck_assert_uint_ne(one, content("{\"title\":\"a\",\"content\":\"c\","
				       "\"published\":\"2022\"}"));
	ck_assert_uint_ne(one, content("{\"title\":\"x\",\"content\":\"b\","
				       "\"published\":\"2022\"}"));
	ck_assert_uint_ne(one, content("{\"title\":\"a\",\"content\":\"b\","
				       "\"published\":\"2023\"}"));
}
END_TEST

/* An item whose content has n characters. */
static bool lacks_of(int n, const char *tail, const char *summary)
{
	char item[4096], text[2048] = "";

	for (int i = 0; i < n; i++)
		strcat(text, "é");
	snprintf(item, sizeof(item),
		 "{\"url\":\"https://a.example/1\",\"content\":\"%s%s\","
		 "\"summary\":\"%s\"}",
		 summary ? "" : text, summary ? "" : tail,
		 summary ? text : "");
	return lacks(item, SOURCE_FULL_AUTO);
}

START_TEST(lacks_summary_is_short_or_cut)
{
	ck_assert(lacks_of(POLL_ITEM_SHORT - 1, "", "s"));
	ck_assert(!lacks_of(POLL_ITEM_SHORT, "", "s"));
	ck_assert(!lacks_of(10, "", NULL)); /* all there is */
	ck_assert(lacks("{\"url\":\"https://a.example/1\"}",
			SOURCE_FULL_AUTO));
}
END_TEST

START_TEST(lacks_without_an_address_is_never_true)
{
	ck_assert(!lacks("{\"summary\":\"x\"}", SOURCE_FULL_ALWAYS));
	ck_assert(!lacks("{\"url\":\"ftp://a.example/1\"}",
			 SOURCE_FULL_ALWAYS));
	ck_assert(!lacks("{\"url\":\"https://a.example/1\"}",
			 SOURCE_FULL_NEVER));
}
END_TEST

START_TEST(write_item_has_what_the_feed_says)
{
	ck_assert_str_eq(
		written(&feed,
			"{\"id\":\"g\",\"url\":\"https://a.example/1\","
			"\"title\":\" T \",\"content\":\"whole\",\"summary\":"
			"\"brief\",\"author\":\"A\",\"published\":\"2022-01-01\""
			",\"categories\":[\"x\",\"y\"]}",
			NULL, "", false),
		"{\"feed\":\"https://a.example/rss\",\"title\":\"T\","
		"\"text\":\"whole\",\"url\":\"https://a.example/1\","
		"\"author\":\"A\",\"published\":\"2022-01-01\","
		"\"language\":\"fr\",\"source\":\"Paper\",\"guid\":\"g\","
		"\"categories\":[\"x\",\"y\"],\"summary\":\"brief\"}");
}
END_TEST

START_TEST(write_named_feed_leaves_the_source_out)
{
	struct poll_feed named = feed;

	named.named = true;
	ck_assert_str_eq(written(&named, "{\"title\":\"T\"}", NULL, "", true),
			 "{\"feed\":\"https://a.example/rss\",\"title\":\"T\","
			 "\"language\":\"fr\",\"full\":false}");
}
END_TEST

START_TEST(write_item_takes_from_its_page_what_it_lacks)
{
	const char *got = written(
		&feed,
		"{\"url\":\"https://a.example/1\",\"title\":\"T\","
		"\"summary\":\"brief\",\"updated\":\"2022\"}",
		"{\"title\":\"P\",\"text\":\"the whole text\",\"author\":\"B\","
		"\"published\":\"2021\",\"language\":\"en\"}",
		"https://a.example/1?x", false);

	ck_assert_str_eq(got,
			 "{\"feed\":\"https://a.example/rss\",\"title\":\"T\","
			 "\"text\":\"the whole text\","
			 "\"url\":\"https://a.example/1\",\"author\":\"B\","
			 "\"published\":\"2022\",\"language\":\"en\","
			 "\"source\":\"Paper\",\"summary\":\"brief\"}");
}
END_TEST

START_TEST(write_address_over_a_detour_is_where_it_led)
{
	const char *item = "{\"url\":\"https://proxy.example/1\"}";

	ck_assert_ptr_nonnull(strstr(
		written(&feed, item, "{\"text\":\"t\"}", "https://b.example/1",
			false),
		"\"url\":\"https://b.example/1\""));
	ck_assert_ptr_nonnull(strstr(
		written(&feed, item,
			"{\"text\":\"t\",\"url\":\"https://c.example/1\"}",
			"https://b.example/1", false),
		"\"url\":\"https://c.example/1\""));
}
END_TEST

START_TEST(write_item_without_words_is_rejected)
{
	json_t *i = object("{\"url\":\"https://a.example/1\"}");

	buf_init(&out, RAW_MAX);
	ck_assert_int_eq(poll_item_write(&feed, i, NULL, STR(""), true, &out),
			 STEP_REJECT);
	json_decref(i);
}
END_TEST

START_TEST(write_endless_summary_is_left_out)
{
	size_t n = POLL_ITEM_EXTRA + 1;
	char *item = calloc(1, n + 64);

	for (int over = 0; over < 2; over++) {
		char *at = item + sprintf(item, "{\"content\":\"x\","
						"\"summary\":\"");

		memset(at, 'y', n - 1 + (size_t)over);
		strcpy(at + n - 1 + over, "\"}");
		/* The longer one is the text, unless there is one. */
		ck_assert_int_eq(!strstr(written(&feed, item, NULL, "", false),
					 "\"summary\""),
				 over);
	}
	free(item);
}
END_TEST

START_TEST(aliases_are_guid_in_its_feed_and_listed_address)
{
	json_t *both = object("{\"id\":\"g\",\"url\":\"https://a.example/\"}");
	json_t *none = object("{\"title\":\"x\"}");

	buf_init(&names, 1 << 16);
	ck_assert_int_eq(poll_item_aliases(&feed, both, &names, alias), 0);
	ck_assert(str_is(alias[0], "guid\nhttps://a.example/rss\ng"));
	ck_assert(str_is(alias[1], "link\nhttps://a.example/"));
	ck_assert_int_eq(poll_item_aliases(&feed, none, &names, alias), 0);
	ck_assert_uint_eq(alias[0].n, 0);
	ck_assert_uint_eq(alias[1].n, 0);
	json_decref(both);
	json_decref(none);
	buf_done(&names);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(
			hash_item_is_its_guid_else_its_address_else_its_text),
		CHECK_TEST(hash_content_is_title_text_and_date),
		CHECK_TEST(lacks_summary_is_short_or_cut),
		CHECK_TEST(lacks_without_an_address_is_never_true),
		CHECK_TEST(write_item_has_what_the_feed_says),
		CHECK_TEST(write_named_feed_leaves_the_source_out),
		CHECK_TEST(write_item_takes_from_its_page_what_it_lacks),
		CHECK_TEST(write_address_over_a_detour_is_where_it_led),
		CHECK_TEST(write_item_without_words_is_rejected),
		CHECK_TEST(write_endless_summary_is_left_out),
		CHECK_TEST(aliases_are_guid_in_its_feed_and_listed_address),
		CHECK_END
	};

	return check_main("poll_item", tests);
}
