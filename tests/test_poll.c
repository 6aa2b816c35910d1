#include "ingest/poll.h"

#include <errno.h>

#include "ingest/schedule.h"
#include "base/unicode.h"
#include "tests/check_main.h"

static const struct web_settings set = { .every = 3600000,
					 .at_most = 86400000 };
static struct poll p;

static struct web_answer answer(int status)
{
	return (struct web_answer){ .result = WEB_ANSWER, .status = status,
				    .url = "https://a.example/rss",
				    .max_age_ms = -1, .retry_after_ms = -1 };
}

static void begin(void)
{
	ck_assert_int_eq(poll_init(&p, "https://me:secret@a.example/rss"), 0);
}

static enum poll_meaning hear(const struct web_answer *a, int64_t now)
{
	enum poll_meaning m;

	ck_assert_int_eq(poll_hear(&p, a, now, &m), 0);
	return m;
}

static void good(const struct web_answer *a, int64_t now)
{
	ck_assert_int_eq(hear(a, now), POLL_DOCUMENT);
	ck_assert_int_eq(poll_good(&p, a, STR("Title"), 0, 0, now), 0);
}

/* What is remembered of p now. */
static struct buf written(const uint64_t *open, size_t n, bool again)
{
	struct buf b;

	buf_init(&b, POLL_TEXT_MAX);
	ck_assert_int_eq(poll_write(&p, open, n, again, &b), 0);
	return b;
}

START_TEST(show_address_leaves_out_name_and_password)
{
	static const char *const pairs[][2] = {
		{ "https://a:b@c.example/d@e", "https://c.example/d@e" },
		{ "https://a:b@x@c.example", "https://c.example" },
		{ "https://c.example/?a=b@c", "https://c.example/?a=b@c" },
		{ "file", "file" },
	};

	for (size_t i = 0; i < 4; i++) {
		char *s = poll_show(pairs[i][0]);

		ck_assert_str_eq(s, pairs[i][1]);
		free(s);
	}
}
END_TEST

START_TEST(hear_200_leaves_validators_until_the_document_is_good)
{
	struct web_answer a = answer(200);

	begin();
	a.etag = "W/\"a b\\\"";
	a.last_modified = "yesterday, or so";
	ck_assert_int_eq(hear(&a, 5), POLL_DOCUMENT);
	ck_assert_ptr_null(p.etag);
	ck_assert_int_eq(poll_good(&p, &a, STR("T"), 60, 0, 5), 0);
	ck_assert_str_eq(p.etag, a.etag);
	ck_assert_str_eq(p.modified, a.last_modified);
	ck_assert_str_eq(p.title, "T");
	ck_assert_int_eq(p.good_ms, 5);
	poll_done(&p);
}
END_TEST

START_TEST(good_without_validators_forgets_the_old_ones)
{
	struct web_answer a = answer(200);

	begin();
	a.etag = "\"1\"";
	good(&a, 1);
	a.etag = NULL;
	good(&a, 2);
	ck_assert_ptr_null(p.etag);
	poll_done(&p);
}
END_TEST

START_TEST(hear_304_refreshes_what_it_gives)
{
	struct web_answer a = answer(200), b = answer(304);

	begin();
	a.etag = "\"1\"";
	a.last_modified = "then";
	good(&a, 1);
	ck_assert_int_eq(hear(&b, 2), POLL_UNCHANGED);
	ck_assert_str_eq(p.etag, "\"1\"");
	b.etag = "\"2\"";
	ck_assert_int_eq(hear(&b, 3), POLL_UNCHANGED);
	ck_assert_str_eq(p.etag, "\"2\"");
	ck_assert_str_eq(p.modified, "then");
	ck_assert_int_eq(p.good_ms, 3);
	poll_done(&p);
}
END_TEST

START_TEST(hear_304_never_asked_for_fails)
{
	struct web_answer a = answer(304);

	begin();
	ck_assert_int_eq(hear(&a, 2), POLL_FAILED);
	ck_assert_ptr_nonnull(strstr(p.error, "304"));
	ck_assert_ptr_null(strstr(p.error, "secret"));
	poll_done(&p);
}
END_TEST

START_TEST(failure_keeps_validators_and_items)
{
	const struct poll_item items[] = { { 1, 2 } };
	struct web_answer a = answer(200), b = answer(500);
	bool fresh[1];

	begin();
	a.etag = "\"1\"";
	good(&a, 1);
	ck_assert_int_eq(poll_settle(&p, items, 1, fresh), 0);
	b.sentence = "https://a.example/rss: HTTP 500";
	ck_assert_int_eq(hear(&b, 2), POLL_FAILED);
	ck_assert_int_eq(poll_bad(&p, "no document", 3), 0);
	ck_assert_str_eq(p.error, "no document");
	ck_assert_int_eq(p.failures, 2);
	ck_assert_str_eq(p.etag, "\"1\"");
	ck_assert_uint_eq(p.item_count, 1);
	good(&a, 4);
	ck_assert_int_eq(p.failures, 0);
	ck_assert_ptr_null(p.error);
	poll_done(&p);
}
END_TEST

START_TEST(move_is_believed_the_third_time_in_a_row)
{
	struct web_answer a = answer(200), plain = answer(200);

	begin();
	a.moved = "https://b.example/rss";
	good(&a, 1);
	good(&a, 2);
	good(&plain, 3);
	good(&a, 4);
	good(&a, 5);
	ck_assert_str_eq(poll_address(&p), p.url);
	ck_assert(!p.settled);
	good(&a, 6);
	ck_assert(p.settled);
	ck_assert_str_eq(poll_address(&p), "https://b.example/rss");
	poll_done(&p);
}
END_TEST

START_TEST(move_counts_answers_that_are_not_modified)
{
	struct web_answer a = answer(200), b = answer(304);

	begin();
	a.moved = b.moved = "https://b.example/rss";
	a.etag = "\"1\"";
	good(&a, 1);
	hear(&b, 2);
	hear(&b, 3);
	ck_assert_str_eq(poll_address(&p), "https://b.example/rss");
	poll_done(&p);
}
END_TEST

START_TEST(failure_between_moves_begins_to_count_anew)
{
	struct web_answer a = answer(200);

	begin();
	a.moved = "https://b.example/rss";
	good(&a, 1);
	good(&a, 2);
	poll_bad(&p, "no", 3);
	good(&a, 4);
	ck_assert_str_eq(poll_address(&p), p.url);
	poll_done(&p);
}
END_TEST

START_TEST(learnt_address_is_forgotten_after_failures)
{
	begin();
	ck_assert_int_eq(poll_found(&p, STR("https://a.example/feed")), 0);
	for (int i = 0; i < POLL_LOST - 1; i++)
		poll_bad(&p, "no", i);
	ck_assert_str_eq(poll_address(&p), "https://a.example/feed");
	poll_bad(&p, "no", 9);
	ck_assert_str_eq(poll_address(&p), p.url);
	poll_done(&p);
}
END_TEST

START_TEST(hear_410_ends_it_but_not_that_of_a_learnt_address)
{
	struct web_answer a = answer(410);

	begin();
	poll_found(&p, STR("https://a.example/feed"));
	ck_assert_int_eq(hear(&a, 1), POLL_FAILED);
	ck_assert_str_eq(poll_address(&p), p.url);
	ck_assert_int_eq(hear(&a, 2), POLL_GONE);
	poll_plan(&p, &set, 0, &a, 2);
	ck_assert_int_eq(poll_wait(&p, 3), -1);
	poll_done(&p);
}
END_TEST

START_TEST(plan_obeys_retry_after)
{
	struct web_answer a = answer(429);

	begin();
	a.retry_after_ms = 5 * 3600000;
	hear(&a, 1000);
	poll_plan(&p, &set, 0, &a, 1000);
	ck_assert_int_ge(poll_wait(&p, 1000), 5 * 3600000);
	ck_assert_int_lt(poll_wait(&p, 1000), 6 * 3600000);
	poll_done(&p);
}
END_TEST

START_TEST(wait_survives_a_clock_that_jumps)
{
	struct web_answer a = answer(200);
	int64_t then = INT64_C(1700000000000);

	begin();
	good(&a, then);
	poll_plan(&p, &set, 0, &a, then);
	ck_assert_int_ge(poll_wait(&p, then), 3600000);
	ck_assert_int_eq(poll_wait(&p, 2 * then), 0);
	/* Years back: still about an hour. */
	ck_assert_int_lt(poll_wait(&p, then / 2), 2 * 3600000);
	/* What was remembered is nonsense. */
	p.next_ms = INT64_MAX / 2;
	ck_assert_int_le(poll_wait(&p, then), 2 * SCHEDULE_REST_MAX);
	poll_done(&p);
}
END_TEST

START_TEST(settle_tells_new_and_changed_items)
{
	struct poll_item items[] = { { 1, 1 }, { 2, 1 }, { 3, 1 } };
	bool fresh[3];

	begin();
	ck_assert_int_eq(poll_settle(&p, items, 2, fresh), 0);
	ck_assert(fresh[0] && fresh[1]);
	items[0].content = 2;
	ck_assert_int_eq(poll_settle(&p, items, 3, fresh), 0);
	ck_assert(fresh[0] && !fresh[1] && fresh[2]);
	ck_assert_int_eq(poll_settle(&p, items + 1, 1, fresh), 0);
	ck_assert_int_eq(poll_settle(&p, items, 3, fresh), 0);
	ck_assert(!fresh[0] && !fresh[1] && !fresh[2]);
	poll_done(&p);
}
END_TEST

START_TEST(settle_keeps_the_newest_items)
{
	struct poll_item *items = calloc(POLL_ITEMS_MAX, sizeof(*items));
	bool *fresh = calloc(POLL_ITEMS_MAX, sizeof(*fresh));

	begin();
	for (uint64_t i = 0; i < POLL_ITEMS_MAX; i++)
		items[i] = (struct poll_item){ i, 0 };
	ck_assert_int_eq(poll_settle(&p, items, POLL_ITEMS_MAX, fresh), 0);
	ck_assert_uint_eq(p.item_count, POLL_ITEMS_MAX);
	items[0].id = POLL_ITEMS_MAX;
	ck_assert_int_eq(poll_settle(&p, items, 1, fresh), 0);
	ck_assert_uint_eq(p.item_count, POLL_ITEMS_LEAST);
	ck_assert_uint_eq(p.items[POLL_ITEMS_LEAST - 1].id, POLL_ITEMS_MAX);
	ck_assert_uint_eq(p.items[POLL_ITEMS_LEAST - 2].id,
			  POLL_ITEMS_MAX - 1);
	free(items);
	free(fresh);
	poll_done(&p);
}
END_TEST

/* Everything that can be in it. */
static void fill(void)
{
	const struct poll_item items[] = { { 1, UINT64_MAX }, { 2, 0 } };
	struct web_answer a = answer(200);
	bool fresh[2];

	begin();
	a.etag = "\"line\nfeed 5:x\"\xFF";
	a.last_modified = " ";
	a.moved = "https://b.example/";
	a.max_age_ms = 1;
	good(&a, 1234567890123);
	poll_settle(&p, items, 2, fresh);
	poll_found(&p, STR("https://a.example/feed"));
	poll_good(&p, &a, STR("Un titre\n"), 60, 120, 1234567890124);
	poll_plan(&p, &set, 0, &a, 1234567890125);
	poll_bad(&p, "why", 1234567890126);
}

START_TEST(text_comes_back_as_it_was)
{
	struct buf one, two;
	struct poll q;

	fill();
	one = written(NULL, 0, false);
	ck_assert_int_eq(poll_init(&q, p.url), 0);
	ck_assert_int_eq(poll_read(&q, buf_view(&one)), 0);
	ck_assert_str_eq(q.etag, p.etag);
	ck_assert_str_eq(q.modified, " ");
	ck_assert_str_eq(q.title, "Un titre\n");
	ck_assert_str_eq(q.error, "why");
	ck_assert_str_eq(q.address, p.address);
	ck_assert_int_eq(q.failures, 1);
	ck_assert_int_eq(q.ttl, 60);
	ck_assert_int_eq(q.next_ms, p.next_ms);
	ck_assert_uint_eq(q.items[0].content, UINT64_MAX);
	poll_done(&p);
	p = q;
	two = written(NULL, 0, false);
	ck_assert(str_eq(buf_view(&one), buf_view(&two)));
	buf_done(&one);
	buf_done(&two);
	poll_done(&p);
}
END_TEST

START_TEST(text_has_room_for_what_any_feed_says)
{
	const char half[] = "\xC3\xA9";
	static char title[1 << 18];
	struct web_answer a = answer(200);
	struct buf b;

	for (size_t i = 0; i + 2 < sizeof(title); i += 2)
		memcpy(title + i, half, 2);
	fill();
	ck_assert_int_eq(poll_good(&p, &a, str_of(title), 0, 0, 1), 0);
	ck_assert_uint_eq(unicode_valid(str_of(p.title)), strlen(p.title));
	ck_assert_uint_gt(strlen(p.title), 900);
	b = written(NULL, 0, false);
	buf_done(&b);
	poll_done(&p);
}
END_TEST

START_TEST(text_with_open_items_lacks_them_and_validators)
{
	const uint64_t open[] = { 1 };
	struct poll q;
	struct buf b;

	fill();
	b = written(open, 1, false);
	poll_init(&q, p.url);
	ck_assert_int_eq(poll_read(&q, buf_view(&b)), 0);
	ck_assert_ptr_null(q.etag);
	ck_assert_ptr_null(q.modified);
	ck_assert_uint_eq(q.item_count, 1);
	ck_assert_uint_eq(q.items[0].id, 2);
	buf_done(&b);
	poll_done(&p);
	poll_done(&q);
}
END_TEST

START_TEST(text_of_one_gone_stays_gone)
{
	struct web_answer a = answer(410);
	struct poll q;
	struct buf b;

	begin();
	hear(&a, 1);
	b = written(NULL, 0, false);
	poll_init(&q, p.url);
	ck_assert_int_eq(poll_read(&q, buf_view(&b)), 0);
	ck_assert(q.gone);
	buf_done(&b);
	poll_done(&p);
	poll_done(&q);
}
END_TEST

START_TEST(read_damaged_text_is_refused_or_harmless)
{
	struct buf b;
	struct poll q;

	fill();
	b = written(NULL, 0, false);
	for (size_t i = 0; i < b.n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			b.p[i] = (char)(b.p[i] ^ 1 << bit);
			poll_init(&q, p.url);
			poll_read(&q, buf_view(&b));
			ck_assert_str_eq(q.url, p.url);
			poll_wait(&q, 1);
			poll_done(&q);
			b.p[i] = (char)(b.p[i] ^ 1 << bit);
		}
		poll_init(&q, p.url);
		poll_read(&q, (struct str){ b.p, i });
		poll_done(&q);
	}
	buf_done(&b);
	poll_done(&p);
}
END_TEST

START_TEST(read_what_is_none_leaves_it_as_it_was)
{
	static const char *const texts[] = {
		"", "feed2\nasked 1\n", "feed1\nasked x\n", "feed1\nasked 1",
		"feed1\netag 99:x\n", "feed1\netag 1:xy\n", "feed1\nnews 1\n",
		"feed1\netag 1:x\netag 1:x\n", "feed1\nitems 3:abc\n",
		"feed1\nitems 4:AAAA\n", "feed1\nasked 9999999999999999999\n",
		"feed1\nasked -1\n",
	};

	begin();
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ck_assert_int_eq(poll_read(&p, str_of(texts[i])), -EINVAL);
	ck_assert_int_eq(p.asked_ms, 0);
	ck_assert_ptr_null(p.etag);
	ck_assert_int_eq(poll_read(&p, STR("feed1\n")), 0);
	poll_done(&p);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(show_address_leaves_out_name_and_password),
		CHECK_TEST(
			hear_200_leaves_validators_until_the_document_is_good),
		CHECK_TEST(good_without_validators_forgets_the_old_ones),
		CHECK_TEST(hear_304_refreshes_what_it_gives),
		CHECK_TEST(hear_304_never_asked_for_fails),
		CHECK_TEST(failure_keeps_validators_and_items),
		CHECK_TEST(move_is_believed_the_third_time_in_a_row),
		CHECK_TEST(move_counts_answers_that_are_not_modified),
		CHECK_TEST(failure_between_moves_begins_to_count_anew),
		CHECK_TEST(learnt_address_is_forgotten_after_failures),
		CHECK_TEST(
			hear_410_ends_it_but_not_that_of_a_learnt_address),
		CHECK_TEST(plan_obeys_retry_after),
		CHECK_TEST(wait_survives_a_clock_that_jumps),
		CHECK_TEST(settle_tells_new_and_changed_items),
		CHECK_TEST(settle_keeps_the_newest_items),
		CHECK_TEST(text_comes_back_as_it_was),
		CHECK_TEST(text_has_room_for_what_any_feed_says),
		CHECK_TEST(text_with_open_items_lacks_them_and_validators),
		CHECK_TEST(text_of_one_gone_stays_gone),
		CHECK_TEST(read_damaged_text_is_refused_or_harmless),
		CHECK_TEST(read_what_is_none_leaves_it_as_it_was),
		CHECK_END
	};

	return check_main("poll", tests);
}
