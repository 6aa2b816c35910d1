#include "sink/order.h"

#include <errno.h>

#include "tests/check_main.h"

static const struct origin a = { "origin a" }, b = { "origin b" };
static const uint64_t W = WIRE_WINDOW_MAX;
static struct order *order;
static struct done *done;

static void begin(size_t bytes)
{
	ck_assert_int_eq(order_new(bytes, &order), 0);
	ck_assert_int_eq(done_new(&done), 0);
}

static void end(void)
{
	order_free(order);
	done_free(done);
}

/* A line of ten bytes with a key of two. */
static int try(struct origin o, uint64_t seq)
{
	char line[32], key[4];
	struct record r = { o, seq, { line, 10 }, { key, 2 }, false };

	snprintf(line, sizeof(line), "%c%08llu\n", o.id[7],
		 (unsigned long long)seq);
	snprintf(key, sizeof(key), "%c\n", o.id[7]);
	return order_add(order, done, &r, NULL);
}

static void add(struct origin o, uint64_t seq)
{
	ck_assert_int_eq(try(o, seq), 0);
}

static void gives(struct origin o, uint64_t seq)
{
	struct record r;
	char want[32];

	ck_assert_int_eq(order_next(order, done, &r), 0);
	ck_assert_uint_eq(r.seq, seq);
	ck_assert_int_eq(origin_cmp(r.origin, o), 0);
	snprintf(want, sizeof(want), "%c%08llu\n", o.id[7],
		 (unsigned long long)seq);
	ck_assert(str_is(r.line, want));
	ck_assert_uint_eq(r.keys.n, 2);
	ck_assert_int_eq(r.keys.p[0], o.id[7]);
}

static void waits(void)
{
	struct record r;

	ck_assert_int_eq(order_next(order, done, &r), STEP_END);
}

START_TEST(next_in_order_comes_at_once)
{
	begin(1000);
	waits();
	for (uint64_t seq = 0; seq < 5; seq++) {
		add(a, seq);
		gives(a, seq);
		waits();
	}
	end();
}
END_TEST

START_TEST(next_backwards_waits_for_the_first)
{
	begin(1000);
	for (uint64_t seq = 5; seq-- > 1;) {
		add(a, seq);
		waits();
	}
	ck_assert_uint_eq(order_count(order), 4);
	add(a, 0);
	for (uint64_t seq = 0; seq < 5; seq++)
		gives(a, seq);
	waits();
	ck_assert_uint_eq(order_count(order), 0);
	end();
}
END_TEST

START_TEST(next_origins_do_not_wait_for_each_other)
{
	begin(1000);
	add(a, 1);
	add(b, 1);
	add(b, 0);
	gives(b, 0);
	gives(b, 1);
	waits();
	add(a, 0);
	gives(a, 0);
	gives(a, 1);
	end();
}
END_TEST

START_TEST(next_skips_what_is_done)
{
	begin(1000);
	done_raise(done, a, 3);
	done_add(done, a, 4, NULL);
	add(a, 5);
	waits();
	add(a, 3);
	gives(a, 3);
	gives(a, 5);
	end();
}
END_TEST

/* What another says is acknowledged lets those go that waited for it. */
START_TEST(next_after_raise_drops_what_is_below)
{
	begin(1000);
	add(a, 2);
	add(a, 6);
	waits();
	done_raise(done, a, 6);
	gives(a, 6);
	waits();
	ck_assert_uint_eq(order_count(order), 0);
	end();
}
END_TEST

START_TEST(next_after_far_raise_is_empty)
{
	begin(1000);
	add(a, 2);
	add(a, W - 1);
	done_raise(done, a, 1000 * W);
	waits();
	ck_assert_uint_eq(order_count(order), 0);
	add(a, 1000 * W);
	gives(a, 1000 * W);
	end();
}
END_TEST

START_TEST(add_repetition_is_dropped)
{
	begin(1000);
	add(a, 1);
	ck_assert_int_eq(try(a, 1), STEP_REJECT);
	add(a, 0);
	gives(a, 0);
	ck_assert_int_eq(try(a, 0), STEP_REJECT);
	gives(a, 1);
	waits();
	done_add(done, a, 2, NULL);
	ck_assert_int_eq(try(a, 2), STEP_REJECT);
	end();
}
END_TEST

START_TEST(add_at_window_end_is_refused)
{
	struct err e = { "" };
	struct record r = { a, W + 7, STR("x\n"), STR(""), false };

	begin(1000);
	done_raise(done, a, 7);
	add(a, W + 5);
	add(a, W + 6);
	ck_assert_int_eq(try(a, W + 8), -EPROTO);
	ck_assert_int_eq(order_add(order, done, &r, &e), -EPROTO);
	ck_assert_str_eq(e.text, "seq 65543 lies outside the window of 65536 "
				 "from 7");
	end();
}
END_TEST

START_TEST(add_at_byte_ceiling)
{
	begin(36); /* three lines with their keys */
	add(a, 1);
	add(a, 2);
	add(a, 3);
	ck_assert_int_eq(try(a, 4), STEP_WAIT);
	ck_assert_int_eq(try(b, 1), STEP_WAIT);
	add(a, 0); /* which makes the room */
	gives(a, 0);
	gives(a, 1);
	add(a, 4);
	ck_assert_int_eq(try(a, 5), STEP_WAIT);
	end();
	begin(35);
	add(a, 1);
	add(a, 2);
	ck_assert_int_eq(try(a, 3), STEP_WAIT);
	end();
}
END_TEST

static struct origin numbered(unsigned n)
{
	return (struct origin){ { (unsigned char)n, (unsigned char)(n >> 8), 1,
				  0, 0, 0, 0, 'n' } };
}

START_TEST(add_origins_past_ceiling_take_an_idle_place)
{
	begin(1 << 20);
	for (unsigned i = 0; i < ORDER_ORIGINS; i++)
		add(numbered(i), 1);
	ck_assert_int_eq(try(a, 0), STEP_WAIT);
	add(numbered(9), 0);
	gives(numbered(9), 0);
	gives(numbered(9), 1);
	add(a, 0);
	gives(a, 0);
	end();
}
END_TEST

START_TEST(next_whole_window_backwards_comes_in_order)
{
	begin(W * 12);
	for (uint64_t seq = W; seq-- > 0;)
		add(a, seq);
	for (uint64_t seq = 0; seq < W; seq++) {
		struct record r;

		if (order_next(order, done, &r) || r.seq != seq)
			ck_abort_msg("seq %lu", (unsigned long)seq);
	}
	waits();
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_in_order_comes_at_once),
		CHECK_TEST(next_backwards_waits_for_the_first),
		CHECK_TEST(next_origins_do_not_wait_for_each_other),
		CHECK_TEST(next_skips_what_is_done),
		CHECK_TEST(next_after_raise_drops_what_is_below),
		CHECK_TEST(next_after_far_raise_is_empty),
		CHECK_TEST(add_repetition_is_dropped),
		CHECK_TEST(add_at_window_end_is_refused),
		CHECK_TEST(add_at_byte_ceiling),
		CHECK_TEST(add_origins_past_ceiling_take_an_idle_place),
		CHECK_TEST(next_whole_window_backwards_comes_in_order),
		CHECK_END,
	};

	return check_main("order", tests);
}
