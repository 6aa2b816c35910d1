#include "sink/held.h"
#include "sink/target.h"
#include "tests/check_main.h"

#include <errno.h>

static const struct origin one = { "one" }, other = { "other" };
static struct held h;
static struct err err;

static int add(struct origin o, uint64_t seq, struct str line)
{
	struct record r = { .origin = o, .seq = seq, .line = line };

	err_clear(&err);
	return held_add(&h, &r, &err);
}

START_TEST(add_keeps_lines_without_their_ends_and_each_origin_once)
{
	const struct held_row *row;
	const struct origin *o;
	size_t n;

	held_init(&h);
	ck_assert_int_eq(add(one, 5, STR("a line\n")), 0);
	ck_assert_int_eq(add(other, 5, STR("b\n")), 0);
	ck_assert_int_eq(add(one, 6, STR("no end")), 0);
	row = held_rows(&h, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert(str_is(held_line(&h, &row[0]), "a line"));
	ck_assert(str_is(held_line(&h, &row[1]), "b"));
	ck_assert(str_is(held_line(&h, &row[2]), "no end"));
	ck_assert(row[2].seq == 6 && !origin_cmp(row[1].origin, other));
	o = held_origins(&h, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert(!origin_cmp(o[0], one) && !origin_cmp(o[1], other));
	held_clear(&h);
	held_rows(&h, &n);
	ck_assert_uint_eq(n, 0);
	held_origins(&h, &n);
	ck_assert_uint_eq(n, 0);
	held_done(&h);
}
END_TEST

START_TEST(add_seq_that_no_database_counts_to_is_refused)
{
	held_init(&h);
	ck_assert_int_eq(add(one, (uint64_t)INT64_MAX, STR("x\n")), 0);
	ck_assert_int_eq(add(one, (uint64_t)INT64_MAX + 1, STR("x\n")),
			 -ERANGE);
	ck_assert_str_eq(err.text, "seq 9223372036854775808 is more than a "
				   "database counts to");
	held_done(&h);
}
END_TEST

START_TEST(add_at_ceiling)
{
	char *most = calloc(1, TARGET_PENDING_MAX);

	ck_assert_ptr_nonnull(most);
	held_init(&h);
	ck_assert_int_eq(add(one, 0, STR("x")), 0);
	ck_assert_int_eq(add(one, 1, (struct str){ most,
						   TARGET_PENDING_MAX - 1 }),
			 0);
	ck_assert_int_eq(add(one, 2, STR("x")), -EMSGSIZE);
	held_done(&h);
	free(most);
}
END_TEST

START_TEST(watermark_comes_back_as_it_was)
{
	struct done *d, *again;
	struct ack a;
	char hex[WIRE_ORIGIN_HEX];

	ck_assert_int_eq(done_new(&d), 0);
	ck_assert_int_eq(done_new(&again), 0);
	ck_assert(!held_watermark(d, one, &a)); /* never seen: keep the row */
	for (uint64_t seq = 0; seq < 1000; seq++)
		if (seq < 7 || seq % 3)
			ck_assert_int_eq(done_add(d, one, seq, NULL), 0);
	ck_assert(held_watermark(d, one, &a));
	ck_assert_uint_eq(a.low, 9);
	origin_hex(one, hex);
	ck_assert_int_eq(held_restore(again, str_of(hex), (int64_t)a.low,
				      a.bits, &err),
			 0);
	for (uint64_t seq = 0; seq < 1010; seq++)
		ck_assert_int_eq(done_has(d, one, seq),
				 done_has(again, one, seq));
	done_free(d);
	done_free(again);
}
END_TEST

START_TEST(restore_what_no_sink_wrote_is_refused)
{
	static const char zeros[WIRE_WINDOW_MAX / 8 + 1];
	static const char hex[] = "6f6e6500000000000000000000000000";
	struct done *d;

	ck_assert_int_eq(done_new(&d), 0);
	ck_assert_int_eq(held_restore(d, STR(hex), 0,
				      (struct str){ zeros, sizeof(zeros) - 1 },
				      &err),
			 0);
	ck_assert_int_eq(held_restore(d, STR(hex), 0,
				      (struct str){ zeros, sizeof(zeros) },
				      &err),
			 -EBADMSG);
	ck_assert_int_eq(held_restore(d, STR(hex), -1, STR(""), &err),
			 -EBADMSG);
	ck_assert_int_eq(held_restore(d, STR("6f6e65"), 0, STR(""), &err),
			 -EBADMSG);
	ck_assert_int_eq(held_restore(d, STR("zf6e6500000000000000000000000000"),
				      0, STR(""), &err),
			 -EBADMSG);
	done_free(d);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(
			add_keeps_lines_without_their_ends_and_each_origin_once),
		CHECK_TEST(add_seq_that_no_database_counts_to_is_refused),
		CHECK_TEST(add_at_ceiling),
		CHECK_TEST(watermark_comes_back_as_it_was),
		CHECK_TEST(restore_what_no_sink_wrote_is_refused),
		CHECK_END,
	};

	return check_main("held", tests);
}
