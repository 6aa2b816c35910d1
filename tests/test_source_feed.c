#include "ingest/source_feed.h"

#include <errno.h>

#include "base/json.h"
#include "tests/fake_web.h"

#define RSS "https://a.example/rss"
#define HEAD "{\"document\":\"feed\",\"title\":\"Paper\",\"ttl\":90}\n"
#define LONG                                                                 \
	"0123456789012345678901234567890123456789012345678901234567890123456789"
#define LONG600 LONG LONG LONG LONG LONG LONG LONG LONG LONG
#define ITEM(n)                                                              \
	"{\"id\":\"g" #n "\",\"url\":\"https://a.example/" #n                \
	"\",\"title\":\"T" #n "\",\"content\":\"" LONG600 #n "\"}\n"
#define BRIEF(n)                                                             \
	"{\"id\":\"g" #n "\",\"url\":\"https://a.example/" #n                \
	"\",\"title\":\"T" #n "\",\"summary\":\"brief …\"}\n"
#define PAGE(text)                                                           \
	"{\"document\":\"page\"}\n{\"text\":\"" text                         \
	"\",\"author\":\"Ann\",\"url\":\"https://a.example/canonical\"}\n"

static struct polls *polls;
static struct source_tools tools;
static struct source_options options;
static struct buf notes;
static struct source *s;
static struct raw raw;
static struct err err;

static void begin(const char *path)
{
	memset(&fake, 0, sizeof(fake));
	fake.now = 1000;
	fake.wall = INT64_C(1700000000000);
	ck_assert_int_eq(polls_new(&fake_settings, &polls), 0);
	polls->clock = fake_clock;
	polls->wall = fake_wall;
	tools.polls = polls;
	buf_init(&notes, 1 << 16);
	options = (struct source_options){ .path = path, .follow = true,
					   .memory = &fake_memory,
					   .notes = &notes,
					   .tools = &tools };
}

static void open_it(void)
{
	ck_assert_int_eq(source_open(&options, &s, &err), 0);
}

static int next(void)
{
	err_clear(&err);
	return source_next(s, &raw, &err);
}

/* As after a crash or a stop. */
static void open_again(void)
{
	source_free(s);
	open_it();
}

static void end(void)
{
	source_free(s);
	ck_assert_uint_eq(polls->kept, 0);
	ck_assert_uint_eq(polls->pages, 0);
	polls_free(polls);
	buf_done(&notes);
}

static bool holds(struct str s, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= s.n; i++)
		if (!memcmp(s.p + i, text, n))
			return true;
	return false;
}

/* The next piece has this in it. */
static void gives(const char *text)
{
	ck_assert_int_eq(next(), 0);
	ck_assert_msg(holds(raw.bytes, text),
		      "%.*s in %.*s", 80, text, (int)raw.bytes.n, raw.bytes.p);
}

static bool noted(const char *text)
{
	return holds(buf_view(&notes), text);
}

static void reply(const struct web_answer a)
{
	ck_assert_int_eq(next(), STEP_WAIT);
	fake_reply(&a);
}

static void next_poll(void)
{
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_ptr_null(fake_asked());
	fake_pass(source_pause(s, fake.now));
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_ptr_nonnull(fake_asked());
}

START_TEST(next_feed_gives_items_oldest_first)
{
	begin(RSS);
	open_it();
	reply(FAKE_ANSWER(200, HEAD ITEM(2) ITEM(1)));
	gives("\"title\":\"T1\"");
	ck_assert_int_eq(raw.kind, RAW_PARSED);
	ck_assert(raw.once);
	ck_assert_str_eq(raw.place, RSS ": item 2");
	ck_assert(str_is(raw.alias[0], "guid\n" RSS "\ng1"));
	ck_assert(str_is(raw.alias[1], "link\nhttps://a.example/1"));
	gives("\"source\":\"Paper\"");
	ck_assert_str_eq(raw.place, RSS ": item 1");
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_int_eq(source_pause(s, fake.now) / 60000 / 90, 1);
	end();
}
END_TEST

START_TEST(next_ascending_dates_are_read_in_their_order)
{
	begin(RSS);
	open_it();
	reply(FAKE_ANSWER(200, HEAD
			  "{\"title\":\"A\",\"published\":\"2022-01-01\"}\n"
			  "{\"title\":\"B\",\"published\":\"2022-01-02\"}\n"));
	gives("\"title\":\"A\"");
	gives("\"title\":\"B\"");
	end();
}
END_TEST

START_TEST(next_named_source_is_not_called_by_the_feed)
{
	begin(RSS);
	options.name = "Mine";
	open_it();
	reply(FAKE_ANSWER(200, HEAD ITEM(1)));
	ck_assert_int_eq(next(), 0);
	ck_assert(!holds(raw.bytes, "source"));
	ck_assert_str_eq(raw.name, "Mine");
	end();
}
END_TEST

START_TEST(next_item_known_and_unchanged_is_passed_over)
{
	begin(RSS);
	open_it();
	reply(FAKE_ANSWER(200, HEAD ITEM(2) ITEM(1)));
	gives("T1");
	gives("T2");
	next_poll();
	reply(FAKE_ANSWER(200, HEAD ITEM(3) ITEM(2) ITEM(1)));
	gives("T3");
	next_poll();
	ck_assert_uint_eq(polls->stats.known, 2);
	ck_assert_uint_eq(polls->stats.given, 3);
	end();
}
END_TEST

START_TEST(next_changed_item_is_given_again)
{
	begin(RSS);
	open_it();
	reply(FAKE_ANSWER(200, HEAD ITEM(1)));
	gives("T1");
	next_poll();
	reply(FAKE_ANSWER(200, HEAD "{\"id\":\"g1\",\"title\":\"other\"}\n"));
	gives("other");
	next_poll();
	end();
}
END_TEST

START_TEST(next_validators_go_back_byte_for_byte)
{
	struct web_answer a = FAKE_ANSWER(200, HEAD ITEM(1));

	begin(RSS);
	a.etag = "W/\"\\\" \t\xE9\"";
	a.last_modified = "a while ago";
	open_it();
	reply(a);
	gives("T1");
	next_poll();
	ck_assert_str_eq(fake_asked()->etag, a.etag);
	ck_assert_str_eq(fake_asked()->modified, a.last_modified);
	reply(FAKE_ANSWER(304, ""));
	next_poll();
	ck_assert_str_eq(fake_asked()->etag, a.etag);
	ck_assert_uint_eq(polls->stats.polls[POLLS_UNCHANGED], 1);
	end();
}
END_TEST

START_TEST(open_after_a_poll_remembers_it)
{
	struct web_answer a = FAKE_ANSWER(200, HEAD ITEM(1));

	begin(RSS);
	a.etag = "\"1\"";
	open_it();
	reply(a);
	gives("T1");
	ck_assert_int_eq(next(), STEP_WAIT);
	open_again();
	ck_assert_int_gt(source_pause(s, fake.now), 3600000);
	next_poll();
	ck_assert_str_eq(fake_asked()->etag, "\"1\"");
	reply(a);
	next_poll();
	ck_assert_uint_eq(polls->stats.given, 1);
	end();
}
END_TEST

START_TEST(open_amidst_a_document_gives_it_all_again)
{
	begin(RSS);
	open_it();
	reply(FAKE_ANSWER(200, HEAD ITEM(2) ITEM(1)));
	gives("T1");
	open_again();
	reply(FAKE_ANSWER(200, HEAD ITEM(2) ITEM(1)));
	ck_assert_ptr_null(fake.jobs[1].etag);
	gives("T1");
	gives("T2");
	end();
}
END_TEST

START_TEST(next_memory_that_waits_is_asked_again)
{
	begin(RSS);
	open_it();
	reply(FAKE_ANSWER(200, HEAD));
	fake.remember = STEP_WAIT;
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_int_eq(source_pause(s, fake.now), 0);
	ck_assert_uint_eq(fake.cell_count, 0);
	fake.remember = 0;
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_uint_eq(fake.cell_count, 1);
	ck_assert_str_eq(fake.cells[0].key, "feed:" RSS);
	end();
}
END_TEST

START_TEST(open_with_damaged_memory_begins_anew)
{
	begin(RSS);
	fake_remember(NULL, STR("feed:" RSS), STR("feed1\nbroken"));
	open_it();
	ck_assert(noted("damaged"));
	reply(FAKE_ANSWER(200, HEAD ITEM(1)));
	gives("T1");
	end();
}
END_TEST

START_TEST(next_failure_is_noted_once_and_remembered)
{
	struct web_answer a = FAKE_ANSWER(404, "");

	begin(RSS);
	a.sentence = RSS ": HTTP 404";
	open_it();
	reply(a);
	ck_assert(noted("404"));
	buf_clear(&notes);
	next_poll();
	reply(a);
	ck_assert(!notes.n);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_uint_eq(polls->stats.feeds[POLLS_FAILING], 1);
	open_again();
	ck_assert_uint_eq(polls->stats.feeds[POLLS_FAILING], 1);
	ck_assert_int_gt(source_pause(s, fake.now), 0);
	end();
}
END_TEST

START_TEST(next_failure_that_took_another_time_is_noted_once)
{
	struct web_answer a = { .result = WEB_FAILED, .max_age_ms = -1,
				.retry_after_ms = -1 };

	begin(RSS);
	a.sentence = RSS ": no answer from 10.0.0.1 after 0 ms: refused";
	open_it();
	reply(a);
	ck_assert(noted("after 0 ms"));
	buf_clear(&notes);
	next_poll();
	a.sentence = RSS ": no answer from 10.0.0.1 after 132 ms: refused";
	reply(a);
	ck_assert(!notes.n);
	next_poll();
	a.sentence = RSS ": no answer from 10.0.0.2 after 132 ms: refused";
	reply(a);
	ck_assert(noted("10.0.0.2"));
	end();
}
END_TEST

START_TEST(next_unusable_document_keeps_what_was)
{
	struct web_answer a = FAKE_ANSWER(200, HEAD ITEM(1));

	begin(RSS);
	a.etag = "\"1\"";
	open_it();
	reply(a);
	gives("T1");
	next_poll();
	reply(FAKE_ANSWER(200, "<rss"));
	ck_assert(noted(RSS ": line 1: no document"));
	ck_assert(!noted(RSS ": " RSS));
	next_poll();
	ck_assert_str_eq(fake_asked()->etag, "\"1\"");
	reply(a);
	ck_assert(noted("answers again"));
	next_poll();
	ck_assert_uint_eq(polls->stats.given, 1);
	end();
}
END_TEST

START_TEST(next_gone_is_never_asked_again)
{
	struct web_answer a = FAKE_ANSWER(410, "");

	begin(RSS);
	a.sentence = RSS ": HTTP 410";
	open_it();
	reply(a);
	ck_assert(noted("410"));
	fake_pass(INT64_C(400) * 86400000);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_ptr_null(fake_asked());
	ck_assert_int_eq(source_pause(s, fake.now), -1);
	open_again();
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_ptr_null(fake_asked());
	ck_assert_uint_eq(polls->stats.feeds[POLLS_GONE], 1);
	end();
}
END_TEST

START_TEST(next_host_that_rests_is_left_alone_over_a_restart)
{
	struct web_answer a = FAKE_ANSWER(429, "");

	begin(RSS);
	a.sentence = RSS ": HTTP 429";
	a.retry_after_ms = 2 * 86400000;
	open_it();
	ck_assert_int_eq(next(), STEP_WAIT);
	web_host_set(NULL, STR("a.example"), fake.wall + a.retry_after_ms);
	fake_reply(&a);
	ck_assert_int_eq(next(), STEP_WAIT);
	source_free(s);
	fake.rested[0] = '\0';
	options.path = "https://a.example/other";
	open_it();
	ck_assert_str_eq(fake.rested, "a.example");
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_ptr_null(fake_asked());
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_int_eq(source_pause(s, fake.now), 2 * 86400000);
	end();
}
END_TEST

START_TEST(next_page_leads_to_its_feed)
{
	begin("https://a.example/");
	open_it();
	reply(FAKE_ANSWER(200, "{\"document\":\"page\"}\n{\"text\":\"x\"}\n"
			       "\nlinks:{\"document\":\"links\"}\n"
			       "{\"url\":\"" RSS "\"}\n"
			       "{\"url\":\"https://a.example/b\"}\n"));
	ck_assert(noted("its feed " RSS " is read"));
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_str_eq(fake_asked()->url, RSS);
	reply(FAKE_ANSWER(200, HEAD ITEM(1)));
	gives("T1");
	ck_assert_str_eq(raw.place, "https://a.example/: item 1");
	next_poll();
	ck_assert_str_eq(fake_asked()->url, RSS);
	open_again();
	fake_pass(86400000);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_str_eq(fake_asked()->url, RSS);
	end();
}
END_TEST

START_TEST(next_page_without_a_feed_is_a_failure)
{
	begin("https://a.example/");
	open_it();
	reply(FAKE_ANSWER(200, "{\"document\":\"page\"}\n"
			       "\nlinks:{\"document\":\"links\"}\n"));
	ck_assert(noted("names no feed"));
	end();
}
END_TEST

START_TEST(next_summary_brings_the_text_of_its_page)
{
	begin(RSS);
	open_it();
	reply(FAKE_ANSWER(200, HEAD BRIEF(1)));
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_str_eq(fake_asked()->url, "https://a.example/1");
	ck_assert(fake_asked()->robots);
	ck_assert_int_eq(source_pause(s, fake.now), -1);
	reply(FAKE_ANSWER(200, PAGE("The whole of it")));
	gives("\"text\":\"The whole of it\"");
	ck_assert(holds(raw.bytes, "\"author\":\"Ann\""));
	ck_assert(holds(raw.bytes, "/canonical"));
	ck_assert(holds(raw.bytes, "\"summary\":\"brief"));
	ck_assert(!holds(raw.bytes, "\"full\""));
	ck_assert(str_is(raw.alias[1], "link\nhttps://a.example/1"));
	end();
}
END_TEST

START_TEST(next_full_never_fetches_nothing)
{
	begin(RSS);
	options.full = SOURCE_FULL_NEVER;
	open_it();
	reply(FAKE_ANSWER(200, HEAD BRIEF(1)));
	gives("brief");
	ck_assert_ptr_null(fake_asked());
	end();
}
END_TEST

START_TEST(next_full_always_fetches_what_is_long)
{
	begin(RSS);
	options.full = SOURCE_FULL_ALWAYS;
	open_it();
	reply(FAKE_ANSWER(200, HEAD ITEM(1)));
	ck_assert_int_eq(next(), STEP_WAIT);
	reply(FAKE_ANSWER(200, PAGE("short")));
	gives(LONG600);
	end();
}
END_TEST

START_TEST(next_pages_are_asked_few_at_a_time_and_given_in_order)
{
	begin(RSS);
	open_it();
	reply(FAKE_ANSWER(200, HEAD BRIEF(5) BRIEF(4) BRIEF(3) BRIEF(2)
				       BRIEF(1)));
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_uint_eq(fake.n, 4);
	fake_reply(&FAKE_ANSWER(200, PAGE("the first page")));
	gives("the first page");
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_uint_eq(fake.n, 5);
	end();
}
END_TEST

START_TEST(next_page_that_fails_is_tried_again_and_then_left)
{
	struct web_answer a = FAKE_ANSWER(503, "");

	begin(RSS);
	a.sentence = "https://a.example/1: HTTP 503";
	open_it();
	reply(FAKE_ANSWER(200, HEAD ITEM(2) BRIEF(1)));
	reply(a);
	gives("T2"); /* the other does not wait */
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_int_eq(source_pause(s, fake.now), 600000);
	fake_pass(600000);
	reply(a);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_int_eq(source_pause(s, fake.now), 3600000);
	fake_pass(3600000);
	reply(a);
	gives("\"full\":false");
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert(noted("1 page could not be fetched"));
	end();
}
END_TEST

START_TEST(open_while_a_page_is_to_be_tried_again_gives_the_item_again)
{
	struct web_answer a = FAKE_ANSWER(200, HEAD ITEM(2) BRIEF(1));
	struct web_answer b = FAKE_ANSWER(503, "");

	begin(RSS);
	a.etag = "\"1\"";
	open_it();
	reply(a);
	reply(b);
	gives("T2");
	ck_assert_int_eq(next(), STEP_WAIT);
	open_again();
	fake_pass(86400000);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_ptr_null(fake_asked()->etag);
	reply(a);
	reply(FAKE_ANSWER(200, PAGE("the whole text")));
	gives("the whole text");
	next_poll();
	end();
}
END_TEST

START_TEST(next_page_refused_by_robots_is_not_tried_again)
{
	struct web_answer a = { .result = WEB_REFUSED, .retry_after_ms = -1,
				.sentence = "robots.txt says no" };

	begin(RSS);
	open_it();
	reply(FAKE_ANSWER(200, HEAD BRIEF(1)));
	reply(a);
	gives("\"full\":false");
	next_poll();
	ck_assert(noted("robots.txt says no"));
	end();
}
END_TEST

START_TEST(next_sitemap_gives_its_pages)
{
	begin("https://a.example/news.xml");
	open_it();
	reply(FAKE_ANSWER(200, "{\"document\":\"sitemap\",\"index\":false}\n"
			       "{\"url\":\"https://a.example/1\"}\n"));
	reply(FAKE_ANSWER(200, PAGE("the whole text")));
	gives("the whole text");
	next_poll();
	end();
}
END_TEST

START_TEST(next_sitemap_entry_without_a_page_is_skipped)
{
	begin("https://a.example/news.xml");
	options.kind = "sitemap";
	open_it();
	reply(FAKE_ANSWER(200, "{\"document\":\"sitemap\",\"index\":false}\n"
			       "{\"url\":\"https://a.example/1\"}\n"));
	reply(FAKE_ANSWER(404, ""));
	next_poll();
	ck_assert_uint_eq(polls->stats.skipped, 1);
	end();
}
END_TEST

START_TEST(next_index_polls_its_parts)
{
	begin("https://a.example/index.xml");
	open_it();
	reply(FAKE_ANSWER(200, "{\"document\":\"sitemap\",\"index\":true}\n"
			       "{\"url\":\"https://a.example/a.xml\"}\n"
			       "{\"url\":\"https://a.example/b.xml\"}\n"));
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_uint_eq(fake.n, 3);
	ck_assert_str_eq(fake.jobs[1].url, "https://a.example/a.xml");
	end();
}
END_TEST

START_TEST(next_list_in_a_list_is_a_failure)
{
	begin("https://a.example/index.xml");
	open_it();
	reply(FAKE_ANSWER(200, "{\"document\":\"opml\"}\n"
			       "{\"url\":\"https://a.example/a.xml\"}\n"));
	reply(FAKE_ANSWER(200, "{\"document\":\"opml\"}\n"));
	ck_assert(noted("and this is opml"));
	end();
}
END_TEST

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];

START_TEST(next_list_in_a_file_is_followed)
{
	static const char one[] = "{\"document\":\"opml\"}\n"
				  "{\"url\":\"https://a.example/a\"}\n"
				  "{\"url\":\"https://a.example/b\","
				  "\"title\":\"Called\"}\n";
	static const char two[] = "{\"document\":\"opml\"}\n"
				  "{\"url\":\"https://a.example/b\"}\n";

	check_folder(folder);
	check_file(folder, "f.opml", one, sizeof(one) - 1, path);
	begin(path);
	open_it();
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_uint_eq(fake.n, 2);
	ck_assert_uint_eq(polls->stats.feeds[POLLS_NEW], 2);
	ck_assert_uint_eq(polls->stats.feeds[POLLS_GOOD], 1);
	check_file(folder, "f.opml", two, sizeof(two) - 1, path);
	fake_pass(10000);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert(!fake.jobs[0].open);
	reply(FAKE_ANSWER(200, "{\"document\":\"feed\"}\n" ITEM(1)));
	gives("\"source\":\"Called\"");
	end();
	check_folder_done(folder);
}
END_TEST

START_TEST(next_feed_in_a_file_is_read_once)
{
	static const char text[] = HEAD BRIEF(2) ITEM(1);

	check_folder(folder);
	check_file(folder, "f.rss", text, sizeof(text) - 1, path);
	begin(path);
	options.follow = false;
	open_it();
	gives("T1");
	gives("T2");
	ck_assert_str_eq(raw.file, path);
	ck_assert_int_eq(next(), STEP_END);
	ck_assert_uint_eq(fake.n, 0);
	open_again();
	ck_assert_int_eq(next(), STEP_END);
	check_file(folder, "f.rss", text, sizeof(text) - 2, path);
	open_again();
	gives("T1");
	end();
	check_folder_done(folder);
}
END_TEST

START_TEST(next_broken_feed_in_a_file_is_told)
{
	check_folder(folder);
	check_file(folder, "f.rss", "<rss", 4, path);
	begin(path);
	options.follow = false;
	open_it();
	ck_assert_int_eq(next(), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "f.rss: line 1"));
	end();
	check_folder_done(folder);
}
END_TEST

START_TEST(next_one_shot_ends_after_one_poll)
{
	begin(RSS);
	options.one_shot = true;
	options.follow = false;
	options.memory = NULL;
	open_it();
	reply(FAKE_ANSWER(200, HEAD ITEM(1)));
	gives("T1");
	ck_assert_int_eq(next(), STEP_END);
	end();
}
END_TEST

START_TEST(next_one_shot_that_fails_says_why)
{
	struct web_answer a = FAKE_ANSWER(404, "");

	begin(RSS);
	options.one_shot = true;
	a.sentence = RSS ": HTTP 404";
	open_it();
	reply(a);
	ck_assert_int_eq(next(), -ENOENT);
	ck_assert_str_eq(err.text, a.sentence);
	ck_assert_uint_eq(fake.cell_count, 0);
	end();
}
END_TEST

START_TEST(next_one_shot_list_goes_on_after_a_failure)
{
	begin("https://a.example/list");
	options.one_shot = true;
	open_it();
	reply(FAKE_ANSWER(200, "{\"document\":\"opml\"}\n"
			       "{\"url\":\"https://a.example/a\"}\n"
			       "{\"url\":\"https://a.example/b\"}\n"));
	reply(FAKE_ANSWER(200, "<"));
	reply(FAKE_ANSWER(200, HEAD ITEM(1)));
	gives("T1");
	ck_assert_int_eq(next(), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "1 of 2 could not be read"));
	end();
}
END_TEST

START_TEST(open_many_spreads_their_first_polls)
{
	struct source *all[20];

	begin(RSS);
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(source_open(&options, &all[i], &err), 0);
		ck_assert_int_eq(source_next(all[i], &raw, &err), STEP_WAIT);
	}
	ck_assert_uint_eq(fake.n, 10);
	ck_assert_int_le(source_pause(all[19], fake.now), 180000);
	for (int i = 1; i < 20; i++)
		source_free(all[i]);
	s = all[0];
	end();
}
END_TEST

START_TEST(next_moved_feed_is_asked_there_after_three_polls)
{
	struct web_answer a = FAKE_ANSWER(200, HEAD);

	begin(RSS);
	a.moved = "https://b.example/rss";
	open_it();
	reply(a);
	for (int i = 0; i < 2; i++) {
		next_poll();
		ck_assert_str_eq(fake_asked()->url, RSS);
		reply(a);
	}
	ck_assert(noted("moved for good; https://b.example/rss"));
	next_poll();
	ck_assert_str_eq(fake_asked()->url, a.moved);
	open_again();
	fake_pass(86400000);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_str_eq(fake_asked()->url, a.moved);
	end();
}
END_TEST

START_TEST(next_long_item_does_not_wait_for_a_page_that_fails)
{
	static char text[80000];
	size_t n = (size_t)snprintf(text, sizeof(text),
				    HEAD "{\"id\":\"g\",\"url\":"
				    "\"https://a.example/1\",\"content\":\"");

	memset(text + n, 'a', 70000);
	strcpy(text + n + 70000, "\"}\n");
	begin(RSS);
	options.full = SOURCE_FULL_ALWAYS;
	open_it();
	reply(FAKE_ANSWER(200, text));
	reply(FAKE_ANSWER(500, ""));
	gives("\"full\":false");
	end();
}
END_TEST

START_TEST(next_document_that_cannot_be_kept_leaves_nothing)
{
	enum { ITEMS = 350000 };
	struct buf b;
	char path[CHECK_PATH_MAX], folder[CHECK_PATH_MAX];

	buf_init(&b, 1 << 24);
	buf_add_z(&b, HEAD);
	for (int i = 0; i < ITEMS; i++)
		buf_printf(&b, "{\"title\":\"%d\"}\n", i);
	check_folder(folder);
	check_file(folder, "a.rss", b.p, b.n, path);
	begin(path);
	open_it();
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert(noted("more than can be kept"));
	ck_assert_uint_eq(polls->kept, 0);
	end();
	check_folder_done(folder);
	buf_done(&b);
}
END_TEST

#define SECRET "https://ann:hush@"

START_TEST(next_moved_feed_never_tells_its_password)
{
	struct web_answer a = FAKE_ANSWER(200, HEAD);

	begin(SECRET "a.example/rss");
	a.moved = SECRET "a.example/new";
	open_it();
	reply(a);
	for (int i = 0; i < 2; i++) {
		next_poll();
		reply(a);
	}
	next_poll();
	ck_assert_str_eq(fake_asked()->url, a.moved);
	reply(FAKE_ANSWER(200, "{\"document\":\"page\"}\n"));
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert(noted("https://a.example/new: a page; it was a feed"));
	ck_assert(!noted("hush"));
	end();
}
END_TEST

START_TEST(next_page_with_too_long_a_link_is_a_failure)
{
	static char page[20000];
	size_t n = (size_t)snprintf(page, sizeof(page),
				    "{\"document\":\"page\"}\n\nlinks:"
				    "{\"document\":\"links\"}\n"
				    "{\"url\":\"https://a.example/");

	memset(page + n, 'a', 9000);
	strcpy(page + n + 9000, "\"}\n");
	begin("https://a.example/");
	open_it();
	reply(FAKE_ANSWER(200, page));
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert(noted("names no feed"));
	end();
}
END_TEST

START_TEST(next_items_that_share_an_address_are_told_apart)
{
	const struct web_answer a = FAKE_ANSWER(
		200, HEAD "{\"url\":\"https://a.example/1\",\"title\":\"A\","
			  "\"content\":\"" LONG600 "\"}\n"
			  "{\"url\":\"https://a.example/1\",\"title\":\"B\","
			  "\"content\":\"" LONG600 "\"}\n");

	begin(RSS);
	open_it();
	reply(a);
	gives("\"B\"");
	gives("\"A\"");
	next_poll();
	reply(a);
	next_poll();
	ck_assert_uint_eq(polls->stats.known, 2);
	end();
}
END_TEST

START_TEST(open_amidst_pages_asks_again_only_for_those_not_given)
{
	struct web_answer a = FAKE_ANSWER(200, HEAD BRIEF(3) BRIEF(2) BRIEF(1));

	begin(RSS);
	a.etag = "\"1\"";
	open_it();
	reply(a);
	reply(FAKE_ANSWER(200, PAGE("the first page")));
	gives("the first page");
	fake_pass(60000);
	ck_assert_int_eq(next(), STEP_WAIT);
	open_again();
	ck_assert_int_eq(source_pause(s, fake.now), 0);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_str_eq(fake_asked()->url, RSS);
	ck_assert_ptr_null(fake_asked()->etag);
	reply(a);
	reply(FAKE_ANSWER(200, PAGE("the second page")));
	gives("the second page");
	ck_assert_uint_eq(polls->stats.known, 1);
	end();
}
END_TEST

START_TEST(next_pages_of_a_host_that_rests_wait)
{
	struct web_answer a = FAKE_ANSWER(429, "");

	begin(RSS);
	a.retry_after_ms = 900000;
	open_it();
	reply(FAKE_ANSWER(200, HEAD BRIEF(5) BRIEF(4) BRIEF(3) BRIEF(2)
				       BRIEF(1)));
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_uint_eq(fake.n, 4);
	web_host_set(NULL, STR("a.example"), fake.wall + a.retry_after_ms);
	for (int i = 0; i < 3; i++)
		fake_reply(&a);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_uint_eq(fake.n, 4);
	ck_assert_int_eq(source_pause(s, fake.now), 900000);
	fake_pass(900000);
	reply(FAKE_ANSWER(200, PAGE("the first page")));
	gives("the first page");
	end();
}
END_TEST

START_TEST(next_feeds_in_a_folder_are_read_and_lists_are_not)
{
	static const char feed[] = HEAD ITEM(1);
	static const char list[] = "{\"document\":\"opml\"}\n";

	check_folder(folder);
	check_file(folder, "a.opml", list, sizeof(list) - 1, path);
	check_file(folder, "b.rss", feed, sizeof(feed) - 1, path);
	begin(folder);
	options.follow = false;
	open_it();
	ck_assert_int_eq(next(), STEP_REJECT);
	ck_assert_ptr_nonnull(strstr(err.text, "a.opml: a list of feeds"));
	gives("T1");
	ck_assert_int_eq(next(), STEP_END);
	open_again();
	ck_assert_int_eq(next(), STEP_REJECT);
	ck_assert_int_eq(next(), STEP_END);
	end();
	check_folder_done(folder);
}
END_TEST

START_TEST(next_sitemap_in_a_file_must_be_called_one)
{
	static const char map[] = "{\"document\":\"sitemap\"}\n"
				  "{\"url\":\"https://a.example/1\"}\n";

	check_folder(folder);
	check_file(folder, "a.xml", map, sizeof(map) - 1, path);
	begin(path);
	options.follow = false;
	open_it();
	ck_assert_int_eq(next(), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "kind sitemap"));
	source_free(s);
	options.kind = "sitemap";
	open_it();
	reply(FAKE_ANSWER(200, PAGE("the whole text")));
	gives("the whole text");
	ck_assert_int_eq(next(), STEP_END);
	end();
	check_folder_done(folder);
}
END_TEST

START_TEST(next_page_of_a_host_that_rests_is_remembered)
{
	struct web_answer a = FAKE_ANSWER(429, "");

	begin(RSS);
	a.retry_after_ms = 1000;
	a.url = "https://WWW.a.example:8080/1";
	open_it();
	reply(FAKE_ANSWER(200, HEAD BRIEF(1)));
	ck_assert_int_eq(next(), STEP_WAIT);
	web_host_set(NULL, STR("www.a.example"), fake.wall + 1000);
	fake_reply(&a);
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_str_eq(fake.cells[0].key, "host:www.a.example");
	end();
}
END_TEST

START_TEST(free_while_the_web_is_asked_cancels)
{
	begin(RSS);
	open_it();
	ck_assert_int_eq(next(), STEP_WAIT);
	end();
	ck_assert_ptr_null(fake_asked());
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_feed_gives_items_oldest_first),
		CHECK_TEST(next_ascending_dates_are_read_in_their_order),
		CHECK_TEST(next_named_source_is_not_called_by_the_feed),
		CHECK_TEST(next_item_known_and_unchanged_is_passed_over),
		CHECK_TEST(next_changed_item_is_given_again),
		CHECK_TEST(next_validators_go_back_byte_for_byte),
		CHECK_TEST(open_after_a_poll_remembers_it),
		CHECK_TEST(open_amidst_a_document_gives_it_all_again),
		CHECK_TEST(next_memory_that_waits_is_asked_again),
		CHECK_TEST(open_with_damaged_memory_begins_anew),
		CHECK_TEST(next_failure_is_noted_once_and_remembered),
		CHECK_TEST(next_failure_that_took_another_time_is_noted_once),
		CHECK_TEST(next_unusable_document_keeps_what_was),
		CHECK_TEST(next_gone_is_never_asked_again),
		CHECK_TEST(next_host_that_rests_is_left_alone_over_a_restart),
		CHECK_TEST(next_page_leads_to_its_feed),
		CHECK_TEST(next_page_without_a_feed_is_a_failure),
		CHECK_TEST(next_summary_brings_the_text_of_its_page),
		CHECK_TEST(next_full_never_fetches_nothing),
		CHECK_TEST(next_full_always_fetches_what_is_long),
		CHECK_TEST(
			next_pages_are_asked_few_at_a_time_and_given_in_order),
		CHECK_TEST(next_page_that_fails_is_tried_again_and_then_left),
		CHECK_TEST(
			open_while_a_page_is_to_be_tried_again_gives_the_item_again),
		CHECK_TEST(next_page_refused_by_robots_is_not_tried_again),
		CHECK_TEST(next_sitemap_gives_its_pages),
		CHECK_TEST(next_sitemap_entry_without_a_page_is_skipped),
		CHECK_TEST(next_index_polls_its_parts),
		CHECK_TEST(next_list_in_a_list_is_a_failure),
		CHECK_TEST(next_list_in_a_file_is_followed),
		CHECK_TEST(next_feed_in_a_file_is_read_once),
		CHECK_TEST(next_broken_feed_in_a_file_is_told),
		CHECK_TEST(next_one_shot_ends_after_one_poll),
		CHECK_TEST(next_one_shot_that_fails_says_why),
		CHECK_TEST(next_one_shot_list_goes_on_after_a_failure),
		CHECK_TEST(open_many_spreads_their_first_polls),
		CHECK_TEST(next_moved_feed_is_asked_there_after_three_polls),
		CHECK_TEST(
			next_long_item_does_not_wait_for_a_page_that_fails),
		CHECK_TEST(next_document_that_cannot_be_kept_leaves_nothing),
		CHECK_TEST(next_moved_feed_never_tells_its_password),
		CHECK_TEST(next_page_with_too_long_a_link_is_a_failure),
		CHECK_TEST(next_items_that_share_an_address_are_told_apart),
		CHECK_TEST(
			open_amidst_pages_asks_again_only_for_those_not_given),
		CHECK_TEST(next_pages_of_a_host_that_rests_wait),
		CHECK_TEST(
			next_feeds_in_a_folder_are_read_and_lists_are_not),
		CHECK_TEST(next_sitemap_in_a_file_must_be_called_one),
		CHECK_TEST(next_page_of_a_host_that_rests_is_remembered),
		CHECK_TEST(free_while_the_web_is_asked_cancels),
		CHECK_END
	};

	return check_main("source_feed", tests);
}
