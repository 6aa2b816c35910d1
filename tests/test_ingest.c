#include "tests/ingest_room.h"

/* A room with so many articles, "0", "1" … in its order of reading. */
static void begin(int articles)
{
	static char path[CHECK_PATH_MAX];
	char text[1 << 16] = "";

	check_folder(folder);
	for (int i = 0; i < articles; i++)
		sprintf(text + strlen(text), "{\"text\":\"%d\"}\n", i);
	check_file(folder, "in.jsonl", text, strlen(text), path);
	sources[0].path = path;
	set = (struct ingest_settings){
		.bind = strdup(endpoint("articles")),
		.sources = { sources, 1 },
		.window = 64, .window_bytes = 1 << 20,
		.batch = 4, .batch_bytes = 1 << 20,
		.resend_after = 3600000, .worker_timeout = 3600000,
		.drain = PATIENCE_MS, .solo = 3,
	};
}

START_TEST(nothing_is_handed_out_before_a_sink_greets)
{
	struct link *worker, *sink;

	begin(3);
	go();
	worker = peer(LINK_DEALER, "articles", false);
	give_credit(worker, 0, 0, 10, 1000);
	gets_nothing(worker);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_ack(sink, gets(worker, "0 1 2").head.origin, EPOCH, 3, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(batch_has_what_the_sink_asks_for)
{
	struct link *both; /* so that one is heard before the other */
	struct batch b;

	begin(2);
	go();
	both = peer(LINK_DEALER, "articles", false);
	give_ack(both, (struct origin){ { 0 } }, EPOCH, 0, "",
		 WIRE_WANT_TEXT | WIRE_WANT_SCORES);
	give_credit(both, 0, 0, 10, 1000);
	b = gets(both, "0 1");
	ck_assert_uint_eq(b.head.flags, WIRE_WANT_TEXT | WIRE_WANT_SCORES);
	ck_assert_uint_eq(b.head.window, 64);
	ck_assert_uint_eq(b.head.low, 0);
	ck_assert_uint_eq(b.head.batch, 1);
	ck_assert_int_eq(b.head.kind, WIRE_ARTICLES);
	kill(room, SIGKILL);
	link_free(both);
	end();
}
END_TEST

START_TEST(credit_in_records_is_respected)
{
	struct link *worker, *sink;
	struct batch b;

	begin(12);
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 6, 100000);
	b = gets(worker, "0 1 2 3");
	gets(worker, "4 5");
	gets_nothing(worker);
	give_credit(worker, b.head.session, 1, 6, 100000);
	gets(worker, "6 7 8 9");
	give_credit(worker, b.head.session, 1, 6, 100000); /* once more */
	gets_nothing(worker);
	/* Acks are another matter: they do not empty a worker's hands. */
	give_ack(sink, b.head.origin, EPOCH, 10, "", 0);
	gets_nothing(worker);
	give_credit(worker, b.head.session, 3, 6, 100000);
	gets(worker, "10 11");
	kill(room, SIGKILL);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(credit_in_bytes_is_respected)
{
	struct link *worker, *sink;
	struct batch b;

	begin(6);
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	/* One byte: each article is larger, and goes to idle hands alone. */
	give_credit(worker, 0, 0, 100, 1);
	b = gets(worker, "0");
	gets_nothing(worker);
	give_credit(worker, b.head.session, 1, 100, 1);
	gets(worker, "1");
	kill(room, SIGKILL);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(window_bounds_what_is_under_way)
{
	struct link *worker, *sink;
	struct batch b;

	begin(12);
	set.window = 6;
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	b = gets(worker, "0 1 2 3");
	gets(worker, "4 5");
	gets_nothing(worker);
	give_ack(sink, b.head.origin, EPOCH, 0, "\x3e", 0); /* all but 0 */
	gets_nothing(worker);
	give_ack(sink, b.head.origin, EPOCH, 1, "", 0);
	gets(worker, "6 7 8 9");
	gets(worker, "10 11");
	kill(room, SIGKILL);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

/* Its hands are full, so that nothing is sent to it which would not arrive;
 * nor does patience end. */
START_TEST(lost_worker_leaves_its_articles_to_another)
{
	struct link *first, *second, *sink;
	struct batch b;

	begin(6);
	go();
	first = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(first, 0, 0, 4, 100000);
	b = gets(first, "0 1 2 3");
	link_free(first);
	second = peer(LINK_DEALER, "articles", false);
	gets_suspects(second, 4);
	give_ack(sink, b.head.origin, EPOCH, 6, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert(log_has("a worker is gone: 4 articles are sent again"));
	link_free(second);
	link_free(sink);
	end();
}
END_TEST

START_TEST(silent_worker_leaves_its_articles_to_another)
{
	struct link *first, *second, *sink;
	struct batch b;

	begin(6);
	set.worker_timeout = 300;
	go();
	first = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(first, 0, 0, 4, 100000);
	b = gets(first, "0 1 2 3");
	second = peer(LINK_DEALER, "articles", false);
	gets_suspects(second, 4);
	give_ack(sink, b.head.origin, EPOCH, 6, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert(log_has("a worker is silent: 4 articles are sent again"));
	link_free(first);
	link_free(second);
	link_free(sink);
	end();
}
END_TEST

START_TEST(silent_worker_is_asked_whether_it_is_there)
{
	struct link *worker, *sink;
	struct batch_reader in;
	struct link_message m;
	struct batch b;

	begin(4);
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 4, 100000);
	b = gets(worker, "0 1 2 3");
	ck_assert(heard(worker, &m, PATIENCE_MS));
	ck_assert_int_eq(batch_open(&in, m.body, &err), 0);
	ck_assert_uint_eq(in.head.count, 0);
	ck_assert_uint_eq(in.head.batch, b.head.batch);
	ck_assert_uint_eq(in.head.session, b.head.session);
	kill(room, SIGKILL);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(leaving_worker_leaves_its_articles_to_another)
{
	struct link *first, *second, *sink;
	struct batch b;

	begin(6);
	go();
	first = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(first, 0, 0, 6, 100000);
	b = gets(first, "0 1 2 3");
	gets(first, "4 5");
	give_credit(first, b.head.session, 1, 0, 0);
	second = peer(LINK_DEALER, "articles", false);
	give_credit(second, 0, 0, 100, 100000);
	b = gets(second, "4 5");
	give_ack(sink, b.head.origin, EPOCH, 6, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(first);
	link_free(second);
	link_free(sink);
	end();
}
END_TEST

/* Killed from outside, in the middle of nothing: its articles are no
 * suspects, and go on together. */
START_TEST(worker_that_died_idle_blames_nobody)
{
	struct link *first, *second, *sink, *guard;
	struct obituary o = { .signal = SIGKILL };
	struct batch b;
	struct buf m;

	begin(4);
	go();
	first = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(first, 0, 0, 4, 100000);
	b = gets(first, "0 1 2 3");
	guard = peer(LINK_DEALER, "articles", false);
	o.session = b.head.session;
	buf_init(&m, 256);
	obituary_write(&m, &o);
	say(guard, NULL, &m);
	second = peer(LINK_DEALER, "articles", false);
	give_credit(second, 0, 0, 100, 100000);
	b = gets(second, "0 1 2 3");
	give_ack(sink, b.head.origin, EPOCH, 4, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert(log_has("a worker was killed by SIGKILL: 4 articles are "
			  "sent again"));
	link_free(first);
	link_free(second);
	link_free(guard);
	link_free(sink);
	end();
}
END_TEST

START_TEST(new_sink_gets_what_the_old_had_not_acknowledged)
{
	struct link *worker, *sink;
	struct batch b;

	begin(6);
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	b = gets(worker, "0 1 2 3");
	gets(worker, "4 5");
	give_credit(worker, b.head.session, 2, 100, 100000);
	give_ack(sink, b.head.origin, EPOCH, 1, "\x04", 0); /* 0 and 3 */
	gets_nothing(worker);
	greet(sink, EPOCH + 1);
	b = gets(worker, "1 2 4 5");
	ck_assert_uint_eq(b.seqs[0], 1);
	ck_assert_uint_eq(b.head.low, 1);
	greet(sink, EPOCH + 1);
	gets_nothing(worker);
	give_ack(sink, b.head.origin, EPOCH + 1, 6, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert(log_has("a new sink: 4 articles are sent again"));
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(no_ack_in_time_sends_again)
{
	struct link *worker, *sink;
	struct batch b;

	begin(2);
	set.resend_after = 100;
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	gets(worker, "0 1");
	b = gets(worker, "0 1");
	ck_assert_uint_eq(b.head.batch, 2);
	give_ack(sink, b.head.origin, EPOCH, 2, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(malformed_messages_are_dropped)
{
	static const char *const junk[] = {
		"", "x", "VGIE", "VGIE\3\0\3\0", "VGIE\3\0\4\0",
		"VGIE\3\0\1\0 and so on", "VGIE\3\0\2\0 and so on",
		"GET / HTTP/1.1\r\n\r\n",
	};
	struct link *worker, *sink;
	struct batch b;

	begin(3);
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	for (size_t i = 0; i < sizeof(junk) / sizeof(*junk); i++) {
		size_t n = i > 2 && i < 7 ? 8 + strlen(junk[i] + 8)
					  : strlen(junk[i]);
		struct buf m;

		buf_init(&m, 256);
		buf_add(&m, junk[i], n);
		buf_add(&m, "", 0);
		if (n)
			say(worker, NULL, &m);
		buf_done(&m);
	}
	/* Two frames. */
	ck_assert_int_eq(link_publish(worker, STR("a"), STR("b"), &err), 0);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	b = gets(worker, "0 1 2");
	/* Of an ack that cannot be, nothing is believed. */
	give_ack(sink, b.head.origin, EPOCH, 1000, "", 0);
	gets_nothing(worker);
	ck_assert_int_eq(waitpid(room, NULL, WNOHANG), 0);
	give_ack(sink, b.head.origin, EPOCH, 3, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert(log_has("dropped: a message of 1 bytes that is none of "
			  "ours"));
	ck_assert(log_has("dropped: a message of 8 bytes is no credit"));
	ck_assert(log_has("dropped: a message with the wrong number of "
			  "frames"));
	ck_assert(log_has("dropped: an ack speaks of number 1000"));
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(ack_of_another_origin_is_not_ours)
{
	struct link *worker, *sink;
	struct batch b;

	begin(2);
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	b = gets(worker, "0 1");
	give_ack(sink, (struct origin){ "another" }, EPOCH, 2, "", 0);
	gets_nothing(worker);
	ck_assert_int_eq(waitpid(room, NULL, WNOHANG), 0);
	give_ack(sink, b.head.origin, EPOCH, 2, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

/* An ingest that was killed after the sink had more than its window holds:
 * the new one would wait for ever, its numbers being below every ack. */
START_TEST(one_shot_that_begins_again_believes_what_is_written)
{
	struct link *worker, *sink;
	struct batch b;

	begin(20);
	set.one_shot = true;
	set.window = 4;
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	b = gets(worker, "0 1 2 3");
	for (int i = 0; i < 4; i++)
		give_ack(sink, b.head.origin, EPOCH, 16, "", 0);
	while (strcmp(b.texts, "16 17 18 19")) {
		ck_assert(take(worker, &b, PATIENCE_MS));
		give_ack(sink, b.head.origin, EPOCH, 16, "", 0);
	}
	give_ack(sink, b.head.origin, EPOCH, 20, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(one_shot_is_the_same_every_time)
{
	struct origin first = { { 0 } };

	for (int i = 0; i < 2; i++) {
		struct link *worker, *sink;
		struct batch b;

		if (!i)
			begin(2);
		set.one_shot = true;
		go();
		worker = peer(LINK_DEALER, "articles", false);
		sink = peer(LINK_DEALER, "articles", false);
		greet(sink, EPOCH);
		give_credit(worker, 0, 0, 100, 100000);
		b = gets(worker, "0 1");
		if (i)
			ck_assert_int_eq(origin_cmp(first, b.head.origin), 0);
		first = b.head.origin;
		give_ack(sink, first, EPOCH, 2, "", 0);
		ck_assert_int_eq(room_end(), EX_OK);
		link_free(worker);
		link_free(sink);
		if (!i)
			link_net_free(net);
	}
	end();
}
END_TEST

START_TEST(sigterm_drains)
{
	struct link *worker, *sink;
	struct batch b;

	begin(12);
	set.window = 4;
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	b = gets(worker, "0 1 2 3");
	kill(room, SIGTERM);
	give_ack(sink, b.head.origin, EPOCH, 3, "", 0);
	gets_nothing(worker); /* what was not read is not read */
	ck_assert_int_eq(waitpid(room, NULL, WNOHANG), 0);
	give_ack(sink, b.head.origin, EPOCH, 4, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(sigterm_ends_a_drain_that_leads_nowhere)
{
	struct link *worker, *sink;

	begin(4);
	set.drain = 100;
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	gets(worker, "0 1 2 3");
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_TEMPFAIL);
	ck_assert(log_has("4 articles were read and are not acknowledged"));
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(sigterm_twice_is_now)
{
	struct link *worker, *sink;

	begin(4);
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	gets(worker, "0 1 2 3");
	kill(room, SIGTERM);
	gets_nothing(worker);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_TEMPFAIL);
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(unreadable_source_leaves_the_others)
{
	struct link *worker, *sink;

	begin(2);
	sources[1] = sources[0];
	sources[0].path = "/nonexistent/file";
	set.sources.n = 2;
	go();
	worker = peer(LINK_DEALER, "articles", false);
	sink = peer(LINK_DEALER, "articles", false);
	greet(sink, EPOCH);
	give_credit(worker, 0, 0, 100, 100000);
	give_ack(sink, gets(worker, "0 1").head.origin, EPOCH, 2, "", 0);
	ck_assert_int_eq(room_end(), EX_NOINPUT);
	ck_assert(log_has("/nonexistent/file: No such file or directory"));
	link_free(worker);
	link_free(sink);
	end();
}
END_TEST

START_TEST(endpoint_in_use_is_refused)
{
	struct link *other;

	begin(1);
	peers_begin();
	other = peer(LINK_ROUTER, "articles", true);
	room_start(body);
	ck_assert_int_eq(room_end(), EX_UNAVAILABLE);
	link_free(other);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(nothing_is_handed_out_before_a_sink_greets),
		CHECK_TEST(batch_has_what_the_sink_asks_for),
		CHECK_TEST(credit_in_records_is_respected),
		CHECK_TEST(credit_in_bytes_is_respected),
		CHECK_TEST(window_bounds_what_is_under_way),
		CHECK_TEST(lost_worker_leaves_its_articles_to_another),
		CHECK_TEST(silent_worker_leaves_its_articles_to_another),
		CHECK_TEST(silent_worker_is_asked_whether_it_is_there),
		CHECK_TEST(leaving_worker_leaves_its_articles_to_another),
		CHECK_TEST(worker_that_died_idle_blames_nobody),
		CHECK_TEST(new_sink_gets_what_the_old_had_not_acknowledged),
		CHECK_TEST(no_ack_in_time_sends_again),
		CHECK_TEST(malformed_messages_are_dropped),
		CHECK_TEST(ack_of_another_origin_is_not_ours),
		CHECK_TEST(one_shot_that_begins_again_believes_what_is_written),
		CHECK_TEST(one_shot_is_the_same_every_time),
		CHECK_TEST(sigterm_drains),
		CHECK_TEST(sigterm_ends_a_drain_that_leads_nowhere),
		CHECK_TEST(sigterm_twice_is_now),
		CHECK_TEST(unreadable_source_leaves_the_others),
		CHECK_TEST(endpoint_in_use_is_refused),
		CHECK_END,
	};

	return check_main("ingest", tests);
}
