#include "ingest/pending.h"

#include <errno.h>

#include "tests/check_main.h"

enum { ME = 7, OTHER = 8 };

static struct pending *p;

static void begin(uint64_t records, uint64_t bytes)
{
	ck_assert_int_eq(pending_new(records, bytes, 0, &p), 0);
}

static void add_article(const struct article *a)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	batch_add(&b, a);
	ck_assert_int_eq(pending_add(p, a->seq, buf_view(&b),
				     (int64_t)a->seq), 0);
	buf_done(&b);
}

/* An article of n bytes once packed; returns its number. */
static uint64_t add_bytes(size_t n)
{
	static char text[8192];
	struct article a = { .seq = pending_stats(p).next,
			     .text = { text, 0 } };

	memset(text, 'x', sizeof(text));
	a.text.n = n - article_size(&a);
	add_article(&a);
	return a.seq;
}

static bool has_room(void)
{
	return pending_has_room(p, pending_stats(p).next);
}

static void add(int n)
{
	while (n-- > 0)
		add_bytes(64);
}

/* Send the next that waits; -1 when none does. */
static int64_t send(uint64_t worker, int64_t now)
{
	struct str record;
	uint64_t seq;

	if (!pending_peek(p, &seq, &record))
		return -1;
	pending_sent(p, seq, worker, now);
	return (int64_t)seq;
}

static void send_all(uint64_t worker, int64_t now)
{
	while (send(worker, now) >= 0)
		;
}

/* bits is a picture of the bitmap, "x.x": the first is that of low. */
static int ack(uint64_t low, const char *picture)
{
	unsigned char bits[16] = { 0 };
	size_t n = strlen(picture);

	for (size_t i = 0; i < n; i++)
		if (picture[i] == 'x')
			bits[i / 8] |= (unsigned char)(1u << i % 8);
	return pending_ack(p, low, (struct str){ (char *)bits, (n + 7) / 8 },
			   pending_stats(p).next, NULL, NULL, NULL);
}

static void low_next(uint64_t low, uint64_t next)
{
	struct pending_stats s = pending_stats(p);

	ck_assert_uint_eq(s.low, low);
	ck_assert_uint_eq(s.next, next);
}

/* The numbers that wait are these, in this order. */
static void waiting(const char *want)
{
	char have[256] = "";
	uint64_t n = pending_stats(p).waiting;

	for (uint64_t i = 0; i < n; i++)
		sprintf(have + strlen(have), "%s%lld", i ? " " : "",
			(long long)send(OTHER, 0));
	ck_assert_str_eq(have, want);
	ck_assert_int_eq(send(OTHER, 0), -1);
}

START_TEST(add_numbers_are_dense)
{
	begin(8, 1 << 20);
	for (uint64_t i = 0; i < 8; i++)
		ck_assert_uint_eq(add_bytes(64), i);
	low_next(0, 8);
	ack(8, "");
	ck_assert_uint_eq(add_bytes(64), 8);
	pending_free(p);
}
END_TEST

START_TEST(add_packs_what_batch_reads)
{
	struct article a = { .meta = STR("m"), .title = STR("t"),
			     .text = STR("x") }, back;
	struct batch_head h = { .kind = WIRE_ARTICLES };
	struct batch_reader in;
	struct str record;
	struct buf b;
	uint64_t seq;

	begin(8, 1 << 20);
	add(1);
	a.seq = 1;
	add_article(&a);
	send(ME, 0);
	ck_assert(pending_peek(p, &seq, &record));
	buf_init(&b, 4096);
	batch_begin(&b, &h);
	batch_add_packed(&b, record);
	ck_assert_int_eq(batch_end(&b, 1), 0);
	ck_assert_int_eq(batch_open(&in, buf_view(&b), NULL), 0);
	ck_assert_int_eq(batch_next(&in, &back, NULL), 0);
	ck_assert_uint_eq(back.seq, 1);
	ck_assert(str_eq(back.meta, a.meta) && str_eq(back.title, a.title) &&
		  str_eq(back.text, a.text));
	buf_done(&b);
	pending_free(p);
}
END_TEST

START_TEST(room_ends_with_the_window_of_records)
{
	begin(5, 1 << 20);
	for (int i = 0; i < 5; i++) {
		ck_assert(has_room());
		add(1);
	}
	ck_assert(!has_room());
	/* An ack in the middle frees bytes, but numbers stay in the window. */
	ack(0, ".xxxx");
	ck_assert(!has_room());
	ack(1, "xxxx");
	ck_assert(has_room());
	low_next(5, 5);
	pending_free(p);
}
END_TEST

START_TEST(room_ends_with_the_window_of_bytes)
{
	for (uint64_t held = 999; held <= 1001; held++) {
		begin(100, 1000);
		add_bytes(500);
		add_bytes((size_t)held - 500);
		ck_assert_uint_eq(pending_stats(p).bytes, held);
		ck_assert_int_eq(has_room(), held < 1000);
		pending_free(p);
	}
}
END_TEST

START_TEST(room_oversize_record_goes_alone)
{
	begin(100, 1000);
	ck_assert(has_room());
	add_bytes(5000);
	ck_assert(!has_room());
	ack(1, "");
	ck_assert_uint_eq(pending_stats(p).bytes, 0);
	ck_assert(has_room());
	pending_free(p);
}
END_TEST

START_TEST(window_of_one_goes_on)
{
	begin(1, 1);
	for (uint64_t i = 0; i < 5; i++) {
		ck_assert(has_room());
		ck_assert_uint_eq(add_bytes(64), i);
		ck_assert(!has_room());
		ck_assert_int_eq(send(ME, 0), (int64_t)i);
		ck_assert_int_eq(ack(i, "x"), 0);
	}
	pending_free(p);
}
END_TEST

START_TEST(peek_is_oldest_first)
{
	begin(8, 1 << 20);
	ck_assert_int_eq(send(ME, 0), -1);
	add(3);
	ck_assert_int_eq(send(ME, 0), 0);
	ck_assert_int_eq(send(ME, 0), 1);
	add(1);
	waiting("2 3");
	pending_free(p);
}
END_TEST

START_TEST(lost_worker_leaves_what_it_had)
{
	begin(16, 1 << 20);
	add(6);
	for (int i = 0; i < 6; i++)
		send(i % 2 ? ME : OTHER, 0);
	ck_assert_uint_eq(pending_worker_lost(p, ME, false).records, 3);
	ck_assert_uint_eq(pending_worker_lost(p, ME, false).records, 0);
	add(1);
	waiting("1 3 5 6");
	ck_assert_uint_eq(pending_stats(p).resent, 3);
	pending_free(p);
}
END_TEST

START_TEST(lost_worker_keeps_what_it_handed_on)
{
	begin(16, 1 << 20);
	add(4);
	send_all(ME, 0);
	pending_handed_on(p, 1);
	pending_handed_on(p, 2);
	ack(0, "x");
	pending_handed_on(p, 0); /* acknowledged before */
	pending_handed_on(p, 99); /* none of ours */
	ck_assert_uint_eq(pending_worker_lost(p, ME, false).records, 1);
	waiting("3");
	pending_free(p);
}
END_TEST

/* Given up, sent to another, and now the first says that it is done. */
START_TEST(handed_on_late_does_no_harm)
{
	begin(16, 1 << 20);
	add(1);
	send_all(ME, 0);
	pending_worker_lost(p, ME, false);
	pending_handed_on(p, 0);
	waiting("0");
	pending_free(p);
}
END_TEST

START_TEST(new_sink_gets_all_again)
{
	begin(16, 1 << 20);
	add(5);
	for (int i = 0; i < 4; i++)
		send(ME, 0);
	pending_handed_on(p, 2);
	ack(0, ".x");
	ck_assert_uint_eq(pending_again(p), 3);
	waiting("0 2 3 4");
	pending_free(p);
}
END_TEST

START_TEST(overdue_patience_doubles)
{
	int64_t now = 1000, patience = 100;

	begin(4, 1 << 20);
	add(1);
	for (int times = 1; times <= 10; times++) {
		ck_assert_int_eq(send(ME, now), 0);
		ck_assert_uint_eq(pending_overdue(p, now + patience - 1, 100),
				  0);
		now += patience;
		ck_assert_uint_eq(pending_overdue(p, now, 100), 1);
		ck_assert_uint_eq(pending_overdue(p, now, 100), 0);
		if (patience < 6400)
			patience *= 2;
	}
	pending_free(p);
}
END_TEST

START_TEST(overdue_spares_those_that_wait)
{
	begin(4, 1 << 20);
	add(3);
	send(ME, 0);
	send(ME, 50);
	ck_assert_uint_eq(pending_overdue(p, 100, 100), 1);
	ck_assert_uint_eq(pending_stats(p).waiting, 2);
	waiting("0 2");
	pending_free(p);
}
END_TEST

/* Every order of three acks that say together that all is committed. */
START_TEST(ack_order_does_not_matter)
{
	static const char *const pictures[] = { "x.x", ".x..x", "...x.x" };
	static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					 { 1, 2, 0 }, { 2, 0, 1 },
					 { 2, 1, 0 } };

	for (size_t i = 0; i < 6; i++) {
		begin(8, 1 << 20);
		add(6);
		send_all(ME, 0);
		for (size_t k = 0; k < 3; k++)
			ck_assert_int_eq(ack(0, pictures[orders[i][k]]), 0);
		low_next(6, 6);
		ck_assert_uint_eq(pending_stats(p).bytes, 0);
		pending_free(p);
	}
}
END_TEST

START_TEST(ack_stale_changes_nothing)
{
	begin(8, 1 << 20);
	add(8);
	ck_assert_int_eq(ack(6, "x"), 0);
	low_next(7, 8);
	ck_assert_int_eq(ack(2, "xxx"), 0);
	ck_assert_int_eq(ack(0, ""), 0);
	ck_assert_int_eq(ack(0, "xxxxxxx"), 0);
	low_next(7, 8);
	ck_assert_uint_eq(pending_stats(p).bytes, 64);
	pending_free(p);
}
END_TEST

/* The slots are a ring: bit 8 of a window of 8 is the slot of bit 0. */
START_TEST(ack_beyond_forgets_nothing_else)
{
	struct err e = { "" };

	begin(8, 1 << 20);
	add(4);
	ck_assert_int_eq(ack(0, "....xxxxxxx"), 0);
	low_next(0, 4);
	ck_assert_int_eq(pending_ack(p, 4, STR(""), 4, NULL, NULL, &e), 0);
	ck_assert_int_eq(pending_ack(p, 5, STR("\xff"), 4, NULL, NULL, &e),
			 -EPROTO);
	ck_assert_str_eq(e.text, "an ack speaks of number 5; 4 is the highest "
				 "that was given");
	low_next(4, 4);
	pending_free(p);
}
END_TEST

START_TEST(ack_of_waiting_takes_it_from_the_queue)
{
	begin(8, 1 << 20);
	add(5);
	send(ME, 0);
	ack(0, "xx.x");
	low_next(2, 5);
	waiting("2 4");
	ack(5, "");
	ck_assert_uint_eq(pending_again(p), 0);
	waiting("");
	pending_free(p);
}
END_TEST

/* A long life in a small window, everything being sent twice. */
START_TEST(ring_turns_many_times)
{
	begin(7, 1 << 20);
	for (uint64_t i = 0; i < 1000; i++) {
		while (has_room())
			add(1);
		send_all(ME, (int64_t)i);
		pending_worker_lost(p, ME, false);
		ck_assert_int_eq(send(OTHER, (int64_t)i), (int64_t)i);
		ck_assert_int_eq(ack(i, "x"), 0);
	}
	low_next(1000, 1006);
	pending_free(p);
}
END_TEST

/* The number of the suspect that leaves next; -1 when there is none. */
static int64_t send_suspect(uint64_t worker)
{
	struct str record;
	uint64_t seq;

	if (!pending_peek_suspect(p, &seq, &record))
		return -1;
	pending_sent(p, seq, worker, 0);
	return (int64_t)seq;
}

START_TEST(died_worker_leaves_suspects)
{
	struct pending_loss l;

	begin(16, 1 << 20);
	add(4);
	send(ME, 0);
	send(ME, 0);
	l = pending_worker_lost(p, ME, true);
	ck_assert_uint_eq(l.records, 2);
	ck_assert(!l.alone);
	ck_assert_uint_eq(pending_stats(p).suspects, 2);
	waiting("2 3");
	ck_assert_int_eq(send_suspect(ME), 0);
	ck_assert_int_eq(send_suspect(ME), 1);
	ck_assert_int_eq(send_suspect(ME), -1);
	pending_free(p);
}
END_TEST

START_TEST(suspect_alone_fails_and_is_counted)
{
	struct pending_loss l;

	begin(16, 1 << 20);
	add(2);
	send_all(ME, 0);
	pending_worker_lost(p, ME, true);
	for (uint32_t i = 1; i <= 3; i++) {
		ck_assert_int_eq(send_suspect(ME), 0);
		l = pending_worker_lost(p, ME, true);
		ck_assert(l.alone);
		ck_assert_uint_eq(l.seq, 0);
		ck_assert_uint_eq(l.failures, i);
	}
	pending_free(p);
}
END_TEST

START_TEST(suspect_that_is_handed_on_is_innocent)
{
	begin(16, 1 << 20);
	add(1);
	send_all(ME, 0);
	pending_worker_lost(p, ME, true);
	ck_assert_int_eq(send_suspect(ME), 0);
	pending_handed_on(p, 0);
	pending_again(p);
	ck_assert_int_eq(send_suspect(ME), -1);
	waiting("0");
	pending_free(p);
}
END_TEST

START_TEST(suspect_that_is_acknowledged_is_forgotten)
{
	begin(16, 1 << 20);
	add(3);
	send_all(ME, 0);
	pending_worker_lost(p, ME, true);
	ack(0, "xx");
	ck_assert_uint_eq(pending_stats(p).suspects, 1);
	ck_assert_int_eq(send_suspect(ME), 2);
	ack(3, "");
	low_next(3, 3);
	ck_assert_uint_eq(pending_stats(p).held, 0);
	pending_free(p);
}
END_TEST

START_TEST(dead_letter_takes_the_place_and_is_never_suspect)
{
	struct str record;
	uint64_t seq;

	begin(16, 1 << 20);
	add(2);
	send_all(ME, 0);
	pending_worker_lost(p, ME, true);
	ck_assert_int_eq(pending_dead(p, 0, STR("letter")), 0);
	ck_assert(pending_peek(p, &seq, &record));
	ck_assert_uint_eq(seq, 0);
	ck_assert(str_is(record, "letter"));
	pending_sent(p, 0, ME, 0);
	ck_assert(!pending_worker_lost(p, ME, true).alone);
	waiting("0");
	ck_assert_int_eq(send_suspect(ME), 1);
	ck_assert_int_eq(pending_dead(p, 99, STR("letter")), 0);
	pending_free(p);
}
END_TEST

START_TEST(blame_of_an_earlier_life_counts_on)
{
	struct pending_loss l;

	begin(16, 1 << 20);
	add(2);
	pending_blame(p, 1, 2);
	waiting("0");
	ck_assert_int_eq(send_suspect(ME), 1);
	l = pending_worker_lost(p, ME, true);
	ck_assert_uint_eq(l.failures, 3);
	pending_free(p);
}
END_TEST

static void add_at(uint64_t seq)
{
	struct article a = { .seq = seq, .text = STR("x") };

	add_article(&a);
}

START_TEST(passed_over_numbers_count_as_acknowledged)
{
	begin(16, 1 << 20);
	add_at(0);
	ck_assert(!pending_has_room(p, 70000));
	add_at(5);
	ack(1, "");
	low_next(5, 6);
	ack(6, "");
	ck_assert(pending_has_room(p, 70000));
	add_at(70000);
	low_next(70000, 70001);
	waiting("70000");
	ack(70001, "");
	low_next(70001, 70001);
	pending_free(p);
}
END_TEST

START_TEST(ack_above_what_was_added_moves_the_window)
{
	begin(16, 1 << 20);
	add(3);
	ck_assert_int_eq(pending_ack(p, 40, STR(""), 50, NULL, NULL, NULL), 0);
	low_next(40, 40);
	ck_assert_uint_eq(pending_stats(p).bytes, 0);
	add_at(40);
	waiting("40");
	ck_assert_int_eq(pending_ack(p, 51, STR(""), 50, NULL, NULL, NULL),
			 -EPROTO);
	pending_free(p);
}
END_TEST

static void sum_up(void *self, int64_t added_ms)
{
	*(int64_t *)self += added_ms;
}

START_TEST(ack_tells_when_each_was_added)
{
	int64_t sum = 0;

	begin(16, 1 << 20);
	for (uint64_t i = 0; i < 5; i++)
		add_at(i); /* at i ms */
	ck_assert_int_eq(pending_oldest(p, 99), 0);
	ck_assert_int_eq(pending_ack(p, 2, STR("\x02"), 5, sum_up, &sum,
				     NULL), 0);
	ck_assert_int_eq(sum, 0 + 1 + 3);
	ck_assert_int_eq(pending_oldest(p, 99), 2);
	ck_assert_uint_eq(pending_stats(p).held, 2);
	pending_free(p);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(add_numbers_are_dense),
		CHECK_TEST(add_packs_what_batch_reads),
		CHECK_TEST(room_ends_with_the_window_of_records),
		CHECK_TEST(room_ends_with_the_window_of_bytes),
		CHECK_TEST(room_oversize_record_goes_alone),
		CHECK_TEST(window_of_one_goes_on),
		CHECK_TEST(peek_is_oldest_first),
		CHECK_TEST(lost_worker_leaves_what_it_had),
		CHECK_TEST(lost_worker_keeps_what_it_handed_on),
		CHECK_TEST(handed_on_late_does_no_harm),
		CHECK_TEST(new_sink_gets_all_again),
		CHECK_TEST(overdue_patience_doubles),
		CHECK_TEST(overdue_spares_those_that_wait),
		CHECK_TEST(ack_order_does_not_matter),
		CHECK_TEST(ack_stale_changes_nothing),
		CHECK_TEST(ack_beyond_forgets_nothing_else),
		CHECK_TEST(ack_of_waiting_takes_it_from_the_queue),
		CHECK_TEST(ring_turns_many_times),
		CHECK_TEST(died_worker_leaves_suspects),
		CHECK_TEST(suspect_alone_fails_and_is_counted),
		CHECK_TEST(suspect_that_is_handed_on_is_innocent),
		CHECK_TEST(suspect_that_is_acknowledged_is_forgotten),
		CHECK_TEST(dead_letter_takes_the_place_and_is_never_suspect),
		CHECK_TEST(blame_of_an_earlier_life_counts_on),
		CHECK_TEST(passed_over_numbers_count_as_acknowledged),
		CHECK_TEST(ack_above_what_was_added_moves_the_window),
		CHECK_TEST(ack_tells_when_each_was_added),
		CHECK_END,
	};

	return check_main("pending", tests);
}
