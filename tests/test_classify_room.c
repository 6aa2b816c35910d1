#include "tests/classify_room.h"

/* The sink: take messages until n articles came, which are checked; returns
 * how many messages that were. */
static int takes(struct link *l, uint64_t first, uint32_t n, struct str text)
{
	int messages = 0;

	for (uint32_t i = 0; i < n; messages++) {
		struct batch_reader in;
		struct link_message m;
		struct article a;

		ck_assert(heard(l, &m, PATIENCE_MS));
		ck_assert_int_eq(batch_open(&in, m.body, &err), 0);
		ck_assert_int_eq(in.head.kind, WIRE_VERDICTS);
		ck_assert_str_eq((char *)in.head.origin.id, "some origin");
		ck_assert_uint_eq(in.head.low, 2);
		while (!batch_next(&in, &a, &err)) {
			ck_assert_uint_eq(a.seq, first + i++);
			ck_assert(str_eq(a.meta, STR("\"id\":1")));
			ck_assert(str_eq(a.text, text));
			ck_assert(a.verdict.n && a.keys.n);
		}
	}
	return messages;
}

START_TEST(credit_says_what_has_room)
{
	struct link *ingest;
	struct credit c;

	begin();
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	for (int i = 0; i < 3; i++) { /* again with each beat */
		ck_assert(hears_credit(ingest, &c, PATIENCE_MS));
		ck_assert_uint_eq(c.session, 0);
		ck_assert_uint_eq(c.done_batches, 0);
		ck_assert_uint_eq(c.room_records, 7);
		ck_assert_uint_eq(c.room_bytes, 12345);
	}
	kill(room, SIGKILL);
	link_free(ingest);
	end();
}
END_TEST

START_TEST(batch_is_judged_and_handed_on)
{
	struct link *ingest, *sink;
	struct credit c;

	begin();
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	sink = peer(LINK_PULL, "verdicts", true);
	hears_done(ingest, 0);
	give(ingest, 1, 0, 5, 3, some_text);
	takes(sink, 5, 3, STR(""));
	c = hears_done(ingest, 1);
	ck_assert_uint_eq(c.session, 33);
	give(ingest, 2, WIRE_WANT_TEXT, 8, 2, some_text);
	takes(sink, 8, 2, some_text);
	hears_done(ingest, 2);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(ingest);
	link_free(sink);
	end();
}
END_TEST

/* A knock at the door: its credit says how far it is, and no message goes to
 * the sink. */
START_TEST(batch_without_articles_is_answered)
{
	struct link *ingest, *sink;
	struct link_message m;

	begin();
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	sink = peer(LINK_PULL, "verdicts", true);
	hears_done(ingest, 0);
	give(ingest, 1, 0, 5, 3, some_text);
	give(ingest, 1, 0, 0, 0, some_text);
	takes(sink, 5, 3, STR(""));
	hears_done(ingest, 1);
	ck_assert(!heard(sink, &m, SILENCE_MS));
	kill(room, SIGKILL);
	link_free(ingest);
	link_free(sink);
	end();
}
END_TEST

START_TEST(farewell_says_no_room)
{
	struct link *ingest;
	struct credit c;

	begin();
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	hears_done(ingest, 0);
	kill(room, SIGTERM);
	do
		ck_assert(hears_credit(ingest, &c, PATIENCE_MS));
	while (c.room_records);
	ck_assert_uint_eq(c.room_bytes, 0);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(ingest);
	end();
}
END_TEST

/* It says that it lives, and not that it is done. */
START_TEST(full_sink_does_not_stop_the_beat)
{
	struct link *ingest, *sink;
	struct credit c;

	begin();
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	hears_done(ingest, 0);
	give(ingest, 1, 0, 0, 2, some_text);
	for (int i = 0; i < 4; i++) {
		ck_assert(hears_credit(ingest, &c, PATIENCE_MS));
		ck_assert_uint_eq(c.done_batches, 0);
	}
	sink = peer(LINK_PULL, "verdicts", true);
	takes(sink, 0, 2, STR(""));
	hears_done(ingest, 1);
	kill(room, SIGKILL);
	link_free(ingest);
	link_free(sink);
	end();
}
END_TEST

/* What the sink never got is not said to be done, or ingest would wait for its
 * ack before it sends it to another. */
START_TEST(full_sink_at_the_end_leaves_the_batch_undone)
{
	struct link *ingest;
	struct credit c;

	begin();
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	hears_done(ingest, 0);
	give(ingest, 1, 0, 0, 2, some_text);
	ck_assert(hears_credit(ingest, &c, PATIENCE_MS));
	ck_assert(hears_credit(ingest, &c, PATIENCE_MS));
	kill(room, SIGTERM);
	do {
		ck_assert(hears_credit(ingest, &c, PATIENCE_MS));
		ck_assert_uint_eq(c.done_batches, 0);
	} while (c.room_records);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(ingest);
	end();
}
END_TEST

/* Judging so many words takes longer than a beat, and may take longer than
 * ingest is patient with who is silent. And verdicts with the text are more
 * than the articles were: at the limit, more than a message may be. */
START_TEST(long_batch_beats_and_leaves_in_parts)
{
	enum { ARTICLES = 28, SIZE = 1 << 20 };
	struct link *ingest, *sink;
	struct credit c;
	struct buf b;
	int beats = 0;

	begin();
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	sink = peer(LINK_PULL, "verdicts", true);
	hears_done(ingest, 0);
	buf_init(&b, SIZE);
	while (b.n + 64 < SIZE)
		buf_printf(&b, "rail w%zu ", b.n % 10007);
	give(ingest, 1, WIRE_WANT_TEXT, 0, ARTICLES, buf_view(&b));
	while (hears_credit(ingest, &c, 0))
		;
	ck_assert_int_gt(takes(sink, 0, ARTICLES, buf_view(&b)), 1);
	do {
		ck_assert(hears_credit(ingest, &c, PATIENCE_MS));
		beats++;
	} while (!c.done_batches);
	ck_assert_int_gt(beats, 1);
	kill(room, SIGKILL);
	buf_done(&b);
	link_free(ingest);
	link_free(sink);
	end();
}
END_TEST

static void give_bytes(struct link *l, const void *p, size_t n)
{
	struct buf b;

	buf_init(&b, 4096);
	buf_add(&b, p, n);
	say(l, &worker, &b);
}

START_TEST(malformed_messages_are_dropped)
{
	struct batch_head h = head(1, 0);
	struct article a = { .seq = 1, .text = some_text };
	struct link *ingest, *sink;
	struct buf b;

	begin();
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	sink = peer(LINK_PULL, "verdicts", true);
	hears_done(ingest, 0);
	give_bytes(ingest, "x", 1);
	give_bytes(ingest, "VGIE\2\0\1\0 and so on", 18);
	/* A record that is cut, and one that is announced and not there. */
	buf_init(&b, 4096);
	batch_begin(&b, &h);
	batch_add(&b, &a);
	ck_assert_int_eq(batch_end(&b, 1), 0);
	give_bytes(ingest, b.p, b.n - 5);
	ck_assert_int_eq(batch_end(&b, 2), 0);
	give_bytes(ingest, b.p, b.n);
	buf_clear(&b);
	h.kind = WIRE_VERDICTS;
	batch_begin(&b, &h);
	ck_assert_int_eq(batch_end(&b, 0), 0);
	give_bytes(ingest, b.p, b.n);
	/* Two frames. */
	buf_done(&b);
	give(ingest, 1, 0, 5, 1, some_text);
	takes(sink, 5, 1, STR(""));
	hears_done(ingest, 1);
	ck_assert(log_has("dropped: a message of 1 bytes is no batch"));
	ck_assert(log_has("dropped: a message of 18 bytes is no batch"));
	ck_assert(log_has("dropped: a batch ends inside a record"));
	ck_assert(log_has("dropped: a batch of the wrong kind"));
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(ingest);
	link_free(sink);
	end();
}
END_TEST

/* A DEALER is no ROUTER: what it publishes has two frames. */
START_TEST(message_of_two_frames_is_dropped)
{
	struct link *odd, *ingest, *sink;
	struct link_message m;

	begin();
	connect_to[1] = strdup(endpoint("odd"));
	set.connect.n = 2;
	go();
	odd = peer(LINK_DEALER, "odd", true);
	ck_assert(heard(odd, &m, PATIENCE_MS));
	ck_assert_int_eq(link_publish(odd, STR("a"), STR("b"), &err), 0);
	ck_assert(heard(odd, &m, PATIENCE_MS));
	ingest = peer(LINK_ROUTER, "articles", true);
	sink = peer(LINK_PULL, "verdicts", true);
	hears_done(ingest, 0);
	give(ingest, 1, 0, 5, 1, some_text);
	takes(sink, 5, 1, STR(""));
	ck_assert(log_has("dropped: a message with the wrong number"));
	kill(room, SIGKILL);
	free((void *)(uintptr_t)connect_to[1]);
	link_free(odd);
	link_free(ingest);
	link_free(sink);
	end();
}
END_TEST

START_TEST(two_ingests_are_served)
{
	struct link *first, *second, *sink;
	struct link_peer of_first;

	begin();
	connect_to[1] = strdup(endpoint("more"));
	set.connect.n = 2;
	go();
	first = peer(LINK_ROUTER, "articles", true);
	second = peer(LINK_ROUTER, "more", true);
	sink = peer(LINK_PULL, "verdicts", true);
	hears_done(first, 0);
	of_first = worker;
	hears_done(second, 0);
	give(second, 1, 0, 5, 1, some_text);
	takes(sink, 5, 1, STR(""));
	worker = of_first;
	give(first, 1, 0, 9, 1, some_text);
	takes(sink, 9, 1, STR(""));
	hears_done(first, 1);
	hears_done(second, 1);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	free((void *)(uintptr_t)connect_to[1]);
	link_free(first);
	link_free(second);
	link_free(sink);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(credit_says_what_has_room),
		CHECK_TEST(batch_is_judged_and_handed_on),
		CHECK_TEST(batch_without_articles_is_answered),
		CHECK_TEST(farewell_says_no_room),
		CHECK_TEST(full_sink_does_not_stop_the_beat),
		CHECK_TEST(full_sink_at_the_end_leaves_the_batch_undone),
		CHECK_TEST(long_batch_beats_and_leaves_in_parts),
		CHECK_TEST(malformed_messages_are_dropped),
		CHECK_TEST(message_of_two_frames_is_dropped),
		CHECK_TEST(two_ingests_are_served),
		CHECK_END,
	};

	return check_main("classify_room", tests);
}
