#include "sink/done.h"

#include <errno.h>

#include "tests/check_main.h"

static const struct origin a = { "origin a" }, b = { "origin b" };
static const uint64_t W = WIRE_WINDOW_MAX;

static struct done *empty(void)
{
	struct done *d;

	ck_assert_int_eq(done_new(&d), 0);
	return d;
}

static void add(struct done *d, struct origin o, uint64_t seq)
{
	struct err e = { "" };

	ck_assert_int_eq(done_add(d, o, seq, &e), 0);
	ck_assert_str_eq(e.text, "");
}

static struct done *with(uint64_t low, const uint64_t *seqs, size_t n)
{
	struct done *d = empty();

	done_raise(d, a, low);
	for (size_t i = 0; i < n; i++)
		add(d, a, seqs[i]);
	return d;
}

START_TEST(has_unknown_origin_gives_false)
{
	struct done *d = empty();

	ck_assert(!done_has(d, a, 0));
	ck_assert(!done_known(d, a, 0));
	ck_assert_uint_eq(done_low(d, a), 0);
	done_free(d);
}
END_TEST

START_TEST(add_in_order_raises_low)
{
	struct done *d = empty();

	for (uint64_t seq = 0; seq < 3 * W; seq++) {
		ck_assert(!done_has(d, a, seq));
		add(d, a, seq);
		if (done_low(d, a) != seq + 1)
			ck_abort_msg("low at %lu", (unsigned long)seq);
	}
	done_free(d);
}
END_TEST

START_TEST(add_with_gap_keeps_low_until_it_closes)
{
	struct done *d = empty();

	add(d, a, 1);
	add(d, a, 2);
	add(d, a, 4);
	ck_assert_uint_eq(done_low(d, a), 0);
	ck_assert(!done_has(d, a, 0) && done_has(d, a, 1) &&
		  done_has(d, a, 2) && !done_has(d, a, 3) &&
		  done_has(d, a, 4) && !done_has(d, a, 5));
	add(d, a, 0);
	ck_assert_uint_eq(done_low(d, a), 3);
	ck_assert(done_has(d, a, 2) && !done_has(d, a, 3) &&
		  done_has(d, a, 4));
	done_free(d);
}
END_TEST

START_TEST(add_twice_changes_nothing)
{
	struct done *d = empty();

	add(d, a, 0);
	add(d, a, 0);
	add(d, a, 5);
	add(d, a, 5);
	ck_assert_uint_eq(done_low(d, a), 1);
	ck_assert(done_has(d, a, 5) && !done_has(d, a, 4));
	done_free(d);
}
END_TEST

/* The whole window backwards: one low at the very end. */
START_TEST(add_backwards_over_window_raises_low_at_last)
{
	struct done *d = empty();

	for (uint64_t seq = W; seq-- > 1;)
		add(d, a, seq);
	ck_assert_uint_eq(done_low(d, a), 0);
	add(d, a, 0);
	ck_assert_uint_eq(done_low(d, a), W);
	for (uint64_t seq = W; seq < 2 * W; seq++)
		if (done_has(d, a, seq))
			ck_abort_msg("%lu is left", (unsigned long)seq);
	done_free(d);
}
END_TEST

START_TEST(add_at_window_end_is_refused)
{
	const uint64_t lows[] = { 0, 1, W - 1, W, 12345678901 };

	for (size_t i = 0; i < sizeof(lows) / sizeof(*lows); i++) {
		struct done *d = empty();
		struct err e = { "" };

		done_raise(d, a, lows[i]);
		ck_assert_int_eq(done_add(d, a, lows[i] + W, &e), -EPROTO);
		ck_assert_ptr_nonnull(strstr(e.text, "outside the window"));
		ck_assert_int_eq(done_check(d, a, lows[i] + W + 1, NULL),
				 -EPROTO);
		ck_assert(!done_has(d, a, lows[i] + W));
		ck_assert_int_eq(done_add(d, a, lows[i] + W - 1, NULL), 0);
		ck_assert(done_has(d, a, lows[i] + W - 1));
		done_free(d);
	}
}
END_TEST

START_TEST(add_unknown_origin_beyond_window_names_it)
{
	struct done *d = empty();
	struct err e = { "" };

	ck_assert_int_eq(done_add(d, a, W, &e), -EPROTO);
	ck_assert_str_eq(e.text,
			 "seq 65536 of origin 6f726967696e20610000000000000000"
			 " lies outside the window of 65536 from 0");
	done_free(d);
}
END_TEST

START_TEST(add_last_numbers_are_refused_at_the_last)
{
	struct done *d = empty();

	done_raise(d, a, UINT64_MAX - 2);
	add(d, a, UINT64_MAX - 1);
	ck_assert_int_eq(done_add(d, a, UINT64_MAX, NULL), -EPROTO);
	done_found(d, a, UINT64_MAX);
	ck_assert_uint_eq(done_low(d, a), UINT64_MAX - 2);
	add(d, a, UINT64_MAX - 2);
	ck_assert_uint_eq(done_low(d, a), UINT64_MAX);
	done_free(d);
}
END_TEST

START_TEST(take_makes_known_but_not_done)
{
	struct done *d = empty();

	done_take(d, a, 3);
	ck_assert(done_known(d, a, 3) && !done_has(d, a, 3));
	ck_assert(!done_known(d, a, 2));
	add(d, a, 3);
	ck_assert(done_known(d, a, 3) && done_has(d, a, 3));
	done_take(d, a, 3);
	ck_assert(done_has(d, a, 3));
	done_free(d);
}
END_TEST

/* The slot of a seq serves again a window later. */
START_TEST(take_is_forgotten_with_the_window)
{
	struct done *d = empty();

	done_take(d, a, 7);
	done_raise(d, a, 8);
	ck_assert(!done_known(d, a, 7 + W));
	done_take(d, a, 7 + W);
	ck_assert(done_known(d, a, 7 + W) && !done_known(d, a, 6 + W));
	done_free(d);
}
END_TEST

START_TEST(raise_joins_the_run_behind_it)
{
	const uint64_t seqs[] = { 5, 6, 8 };
	struct done *d = with(0, seqs, 3);

	done_raise(d, a, 5);
	ck_assert_uint_eq(done_low(d, a), 7);
	done_raise(d, a, 3); /* an old batch */
	ck_assert_uint_eq(done_low(d, a), 7);
	ck_assert(done_has(d, a, 8) && !done_has(d, a, 7));
	done_raise(d, a, 7 + W - 1);
	ck_assert_uint_eq(done_low(d, a), 7 + W - 1);
	ck_assert(!done_has(d, a, 8 + W));
	done_free(d);
}
END_TEST

START_TEST(raise_far_beyond_forgets_all_bits)
{
	struct done *d = empty();

	for (uint64_t seq = 1; seq < W; seq++)
		add(d, a, seq);
	done_raise(d, a, 10 * W + 3);
	for (uint64_t i = 0; i < W; i++)
		if (done_known(d, a, 10 * W + 3 + i))
			ck_abort_msg("bit %lu is left", (unsigned long)i);
	done_free(d);
}
END_TEST

START_TEST(found_beyond_window_raises_low_behind_it)
{
	struct done *d = empty();

	done_found(d, a, W - 1);
	ck_assert_uint_eq(done_low(d, a), 0);
	done_found(d, a, W);
	ck_assert_uint_eq(done_low(d, a), 1);
	done_found(d, a, 1000000);
	ck_assert_uint_eq(done_low(d, a), 1000000 - W + 1);
	ck_assert(done_has(d, a, 1000000) && !done_has(d, a, 999999));
	done_free(d);
}
END_TEST

START_TEST(origins_are_apart)
{
	struct done *d = empty();

	add(d, a, 0);
	add(d, b, 1);
	ck_assert(done_has(d, a, 0) && !done_has(d, a, 1));
	ck_assert(!done_has(d, b, 0) && done_has(d, b, 1));
	done_free(d);
}
END_TEST

static struct origin numbered(unsigned n)
{
	return (struct origin){ { (unsigned char)n, (unsigned char)(n >> 8),
				  1 } };
}

START_TEST(origins_at_ceiling_all_are_kept)
{
	struct done *d = empty();

	for (unsigned i = 0; i < DONE_ORIGINS; i++)
		add(d, numbered(i), i);
	for (unsigned i = 0; i < DONE_ORIGINS; i++)
		ck_assert(done_has(d, numbered(i), i));
	done_free(d);
}
END_TEST

START_TEST(origins_past_ceiling_forget_the_least_recent)
{
	struct done *d = empty();

	for (unsigned i = 0; i < DONE_ORIGINS; i++)
		add(d, numbered(i), 2);
	add(d, numbered(0), 3); /* so that 1 is the oldest */
	add(d, numbered(DONE_ORIGINS), 2);
	ck_assert(done_has(d, numbered(0), 2));
	ck_assert(!done_has(d, numbered(1), 2));
	for (unsigned i = 2; i <= DONE_ORIGINS; i++)
		ck_assert(done_has(d, numbered(i), 2));
	ck_assert(!done_has(d, numbered(DONE_ORIGINS), 3));
	done_free(d);
}
END_TEST

static void ack_is(struct done *d, uint64_t low, struct str bits)
{
	struct ack ack;

	done_ack(d, a, &ack);
	ck_assert_int_eq(origin_cmp(ack.origin, a), 0);
	ck_assert_uint_eq(ack.low, low);
	ck_assert_uint_eq(ack.bits.n, bits.n);
	ck_assert_mem_eq(ack.bits.p, bits.p, bits.n);
}

START_TEST(ack_without_gap_has_no_bits)
{
	struct done *d = empty();

	ack_is(d, 0, STR(""));
	add(d, a, 0);
	add(d, a, 1);
	ack_is(d, 2, STR(""));
	done_free(d);
}
END_TEST

START_TEST(ack_bits_count_from_low_and_are_trimmed)
{
	const uint64_t seqs[] = { 14, 20, 21 };
	struct done *d = with(13, seqs, 3);

	ack_is(d, 13, STR("\x82\x01"));
	add(d, a, 13);
	ack_is(d, 15, STR("\x60"));
	add(d, a, 15 + 64);
	ack_is(d, 15, STR("\x60\0\0\0\0\0\0\0\x01"));
	done_free(d);
}
END_TEST

START_TEST(ack_leaves_out_what_is_in_hand)
{
	struct done *d = empty();

	done_take(d, a, 0);
	done_take(d, a, 3);
	ack_is(d, 0, STR(""));
	done_free(d);
}
END_TEST

START_TEST(ack_of_full_window_fits_the_wire)
{
	struct done *d = empty();
	struct ack ack, back;
	struct buf out;

	for (uint64_t seq = 1; seq < W; seq++)
		add(d, a, seq);
	done_ack(d, a, &ack);
	ck_assert_uint_eq(ack.bits.n, W / 8);
	buf_init(&out, 1 << 20);
	ack_write(&out, &ack);
	ck_assert_int_eq(ack_read(buf_view(&out), &back, NULL), 0);
	buf_done(&out);
	done_free(d);
}
END_TEST

/* What is in both, against the plain definition, where lows and rings lie in
 * every way to each other. */
START_TEST(meet_keeps_what_is_in_both)
{
	const uint64_t lows[] = { 0, 3, 9, W - 2, W, W + 5, 3 * W };
	const uint64_t off[] = { 1, 2, 4, 7, 30, W - 9 };
	const size_t n = sizeof(lows) / sizeof(*lows);

	for (size_t i = 0; i < n * n; i++) {
		struct done *x = with(lows[i / n], NULL, 0);
		struct done *y = with(lows[i % n], NULL, 0);
		struct done *both = empty();

		for (size_t j = 0; j < sizeof(off) / sizeof(*off); j++) {
			add(x, a, lows[i / n] + off[j]);
			add(y, a, lows[i % n] + off[j] + (j & 1));
		}
		add(x, b, 1);
		done_copy(both, x);
		done_meet(both, y);
		for (uint64_t seq = 0; seq < 5 * W; seq += seq < 64 ? 1 : 3)
			if (done_has(both, a, seq) !=
			    (done_has(x, a, seq) && done_has(y, a, seq)))
				ck_abort_msg("%zu: seq %lu", i,
					     (unsigned long)seq);
		ck_assert(!done_has(both, b, 1));
		done_free(x);
		done_free(y);
		done_free(both);
	}
}
END_TEST

START_TEST(join_adds_what_the_other_has)
{
	const uint64_t in_one[] = { 0, 1, 2, 4 }, in_other[] = { 3, 9 };
	struct done *d = with(0, in_one, 4), *other = with(0, in_other, 2);

	add(other, b, 7);
	done_join(d, other);
	ck_assert_uint_eq(done_low(d, a), 5);
	ck_assert(!done_has(d, a, 8) && done_has(d, a, 9));
	ck_assert(done_has(d, b, 7) && !done_has(d, b, 6));
	done_raise(other, a, 3 * W);
	done_join(d, other);
	ck_assert_uint_eq(done_low(d, a), 3 * W);
	done_free(d);
	done_free(other);
}
END_TEST

START_TEST(hear_undoes_ack)
{
	const uint64_t seqs[] = { 11, 12, 20, 10 + 65535 };
	struct done *d = with(10, seqs, 4), *back = empty();
	struct ack ack;

	done_ack(d, a, &ack);
	done_hear(back, &ack);
	for (uint64_t seq = 0; seq < 2 * W; seq++)
		if (done_has(d, a, seq) != done_has(back, a, seq))
			ck_abort_msg("at %lu", (unsigned long)seq);
	ck_assert_uint_eq(done_count(d), 14);
	ck_assert_uint_eq(done_count(back), 14);
	done_free(d);
	done_free(back);
}
END_TEST

START_TEST(origin_gives_the_least_recently_used_first)
{
	struct done *d = empty();
	struct origin o;

	ck_assert(!done_origin(d, 0, &o));
	add(d, a, 0);
	add(d, b, 0);
	add(d, a, 1);
	ck_assert(done_origin(d, 0, &o) && !origin_cmp(o, b));
	ck_assert(done_origin(d, 1, &o) && !origin_cmp(o, a));
	ck_assert(!done_origin(d, 2, &o));
	done_free(d);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(has_unknown_origin_gives_false),
		CHECK_TEST(add_in_order_raises_low),
		CHECK_TEST(add_with_gap_keeps_low_until_it_closes),
		CHECK_TEST(add_twice_changes_nothing),
		CHECK_TEST(add_backwards_over_window_raises_low_at_last),
		CHECK_TEST(add_at_window_end_is_refused),
		CHECK_TEST(add_unknown_origin_beyond_window_names_it),
		CHECK_TEST(add_last_numbers_are_refused_at_the_last),
		CHECK_TEST(take_makes_known_but_not_done),
		CHECK_TEST(take_is_forgotten_with_the_window),
		CHECK_TEST(raise_joins_the_run_behind_it),
		CHECK_TEST(raise_far_beyond_forgets_all_bits),
		CHECK_TEST(found_beyond_window_raises_low_behind_it),
		CHECK_TEST(origins_are_apart),
		CHECK_TEST(origins_at_ceiling_all_are_kept),
		CHECK_TEST(origins_past_ceiling_forget_the_least_recent),
		CHECK_TEST(ack_without_gap_has_no_bits),
		CHECK_TEST(ack_bits_count_from_low_and_are_trimmed),
		CHECK_TEST(ack_leaves_out_what_is_in_hand),
		CHECK_TEST(ack_of_full_window_fits_the_wire),
		CHECK_TEST(meet_keeps_what_is_in_both),
		CHECK_TEST(join_adds_what_the_other_has),
		CHECK_TEST(hear_undoes_ack),
		CHECK_TEST(origin_gives_the_least_recently_used_first),
		CHECK_END,
	};

	return check_main("done", tests);
}
