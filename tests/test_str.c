/* test_str.c -- views and buffers. */
#include "base/str.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check_main.h"

static const struct str none = { NULL, 0 };

START_TEST(str_of_null_gives_empty)
{
	ck_assert_uint_eq(str_of(NULL).n, 0);
	ck_assert_uint_eq(str_of("abc").n, 3);
	ck_assert_uint_eq(STR("a\0b").n, 3);
}
END_TEST

START_TEST(str_eq_empty_and_null_are_equal)
{
	ck_assert(str_eq(none, STR("")));
	ck_assert(str_eq(none, none));
	ck_assert(!str_eq(none, STR("a")));
	ck_assert(str_eq(STR("a\0b"), STR("a\0b")));
	ck_assert(!str_eq(STR("a\0b"), STR("a\0c")));
	ck_assert(!str_eq(STR("a"), STR("ab")));
	ck_assert(str_is(STR("abc"), "abc"));
	ck_assert(!str_is(STR("abc"), "ab"));
	ck_assert(str_is(none, ""));
}
END_TEST

START_TEST(str_starts_ends_at_every_length)
{
	ck_assert(str_starts(STR("abc"), STR("ab")));
	ck_assert(str_starts(STR("abc"), STR("abc")));
	ck_assert(!str_starts(STR("abc"), STR("abcd")));
	ck_assert(!str_starts(STR("abc"), STR("b")));
	ck_assert(str_starts(none, none));
	ck_assert(str_starts(STR("a"), none));
	ck_assert(!str_starts(none, STR("a")));
	ck_assert(str_ends(STR("abc"), STR("bc")));
	ck_assert(str_ends(STR("abc"), STR("abc")));
	ck_assert(!str_ends(STR("abc"), STR("xabc")));
	ck_assert(!str_ends(STR("abc"), STR("b")));
	ck_assert(str_ends(none, none));
	ck_assert(str_ends(STR("a"), none));
	ck_assert(!str_ends(none, STR("a")));
}
END_TEST

START_TEST(str_cmp_orders_by_bytes_then_length)
{
	ck_assert_int_lt(str_cmp(STR("a"), STR("b")), 0);
	ck_assert_int_gt(str_cmp(STR("b"), STR("a")), 0);
	ck_assert_int_eq(str_cmp(STR("ab"), STR("ab")), 0);
	ck_assert_int_lt(str_cmp(STR("ab"), STR("abc")), 0);
	ck_assert_int_gt(str_cmp(STR("abc"), STR("ab")), 0);
	ck_assert_int_lt(str_cmp(none, STR("a")), 0);
	ck_assert_int_eq(str_cmp(none, STR("")), 0);
	/* bytes are unsigned */
	ck_assert_int_lt(str_cmp(STR("z"), STR("\xc3\xa9")), 0);
}
END_TEST

START_TEST(str_trim_every_ascii_space_goes)
{
	ck_assert(str_is(str_trim(STR(" \t\n\v\f\ra b\r\n ")), "a b"));
	ck_assert(str_is(str_trim(STR("a")), "a"));
	ck_assert(str_is(str_trim(STR(" \n ")), ""));
	ck_assert(str_is(str_trim(none), ""));
	/* not the no-break space, nor what lies beside the range */
	ck_assert(str_is(str_trim(STR("\xc2\xa0")), "\xc2\xa0"));
	ck_assert(str_is(str_trim(STR("\x08\x0e")), "\x08\x0e"));
}
END_TEST

START_TEST(str_cut_gives_every_part_and_then_null)
{
	struct str rest = STR("a,,b,");

	ck_assert(str_is(str_cut(&rest, ','), "a"));
	ck_assert(str_is(str_cut(&rest, ','), ""));
	ck_assert(str_is(str_cut(&rest, ','), "b"));
	ck_assert_ptr_nonnull(rest.p);
	ck_assert(str_is(str_cut(&rest, ','), ""));
	ck_assert_ptr_null(rest.p);
	ck_assert_ptr_null(str_cut(&rest, ',').p);
	rest = STR("whole");
	ck_assert(str_is(str_cut(&rest, ','), "whole"));
	ck_assert_ptr_null(rest.p);
	ck_assert_uint_eq(rest.n, 0);
}
END_TEST

START_TEST(buf_new_views_as_empty)
{
	struct buf b;

	buf_init(&b, 8);
	ck_assert_ptr_nonnull(buf_view(&b).p);
	ck_assert_uint_eq(buf_view(&b).n, 0);
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert_ptr_null(buf_steal(&b));
	buf_add(&b, NULL, 0);
	ck_assert_int_eq(buf_error(&b), 0);
	buf_done(&b);
}
END_TEST

START_TEST(buf_add_at_the_ceiling_fits_and_past_it_fails)
{
	struct buf b;

	buf_init(&b, 5);
	buf_add(&b, "abcd", 4);
	ck_assert_int_eq(buf_error(&b), 0);
	buf_add_char(&b, 'e');
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert(str_is(buf_view(&b), "abcde"));
	buf_add(&b, "", 0);
	ck_assert_int_eq(buf_error(&b), 0);
	buf_add_char(&b, 'f');
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	ck_assert(str_is(buf_view(&b), "abcde"));
	buf_done(&b);
}
END_TEST

START_TEST(buf_add_after_a_failure_is_ignored)
{
	struct buf b;

	buf_init(&b, 3);
	buf_add_z(&b, "a");
	buf_add_z(&b, "long");
	buf_add_z(&b, "b");
	buf_printf(&b, "%d", 1);
	ck_assert_ptr_null(buf_grow(&b, 1));
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	ck_assert(str_is(buf_view(&b), "a"));
	buf_clear(&b);
	ck_assert_int_eq(buf_error(&b), 0);
	buf_add_str(&b, STR("xyz"));
	ck_assert(str_is(buf_view(&b), "xyz"));
	buf_done(&b);
	ck_assert_uint_eq(b.max, 3);
}
END_TEST

START_TEST(buf_printf_at_the_ceiling_fits_and_past_it_fails)
{
	struct buf b;

	for (int n = 4; n <= 6; n++) {
		buf_init(&b, 5);
		buf_printf(&b, "%.*s", n, "abcdef");
		ck_assert_int_eq(buf_error(&b), n <= 5 ? 0 : -EMSGSIZE);
		ck_assert_uint_eq(b.n, n <= 5 ? (size_t)n : 0);
		buf_done(&b);
	}
	buf_init(&b, 1000);
	for (int i = 0; i < 100; i++)
		buf_printf(&b, "%09d,", i);
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert_uint_eq(b.n, 1000);
	ck_assert(str_ends(buf_view(&b), STR("000000098,000000099,")));
	buf_done(&b);
}
END_TEST

START_TEST(buf_printf_longer_than_an_int_is_remembered)
{
	volatile int wide = INT_MAX; /* else the compiler sees it coming */
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	buf_printf(&b, "%*s%s", wide, "", "x");
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	buf_done(&b);
}
END_TEST

START_TEST(buf_insert_moves_what_is_behind)
{
	struct buf b;

	buf_init(&b, 8);
	buf_insert(&b, 0, STR("de"));
	buf_insert(&b, 0, STR("ab"));
	buf_insert(&b, 2, STR("c"));
	buf_insert(&b, 5, STR("f"));
	buf_insert(&b, 3, STR(""));
	ck_assert(str_is(buf_view(&b), "abcdef"));
	buf_insert(&b, 3, STR("xyz"));
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	ck_assert(str_is(buf_view(&b), "abcdef"));
	buf_done(&b);
}
END_TEST

START_TEST(buf_grow_huge_count_does_not_wrap)
{
	struct buf b;

	buf_init(&b, 100);
	buf_add_z(&b, "abc");
	ck_assert_ptr_null(buf_grow(&b, SIZE_MAX));
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	buf_clear(&b);
	ck_assert_ptr_null(buf_grow(&b, SIZE_MAX - 2));
	buf_clear(&b);
	ck_assert_ptr_nonnull(buf_grow(&b, 0));
	ck_assert_ptr_nonnull(buf_grow(&b, 100));
	ck_assert_uint_eq(b.n, 100);
	buf_done(&b);
}
END_TEST

START_TEST(buf_over_fills_all_but_the_last_byte)
{
	char room[8];
	struct buf b;

	memset(room, 'x', sizeof(room));
	buf_over(&b, room, 7);
	buf_printf(&b, "%s", "");
	buf_printf(&b, "%d", 123);
	buf_add_z(&b, "456");
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert(str_is(buf_view(&b), "123456"));
	ck_assert_ptr_eq(b.p, room);
	buf_add_char(&b, '7');
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	buf_clear(&b);
	buf_printf(&b, "%06d", 0);
	ck_assert_int_eq(buf_error(&b), 0);
	buf_clear(&b);
	buf_printf(&b, "%07d", 0);
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	ck_assert_int_eq(room[7], 'x');
	buf_over(&b, room, 1);
	buf_add_char(&b, '7');
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
}
END_TEST

START_TEST(buf_reserve_is_room_for_so_many)
{
	struct buf b;
	char *p;

	buf_init(&b, 1000);
	buf_reserve(&b, 1000);
	p = b.p;
	for (size_t i = 0; i < 1000; i++)
		buf_add_char(&b, 'a');
	ck_assert_ptr_eq(b.p, p);
	buf_reserve(&b, 10);
	ck_assert_ptr_eq(b.p, p);
	ck_assert_int_eq(buf_error(&b), 0);
	buf_reserve(&b, 1001);
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	buf_done(&b);
}
END_TEST

/* As decoders do, of which one is asked for short and long texts in turns. */
START_TEST(buf_whose_ceiling_is_raised_grows_on)
{
	struct buf b;

	buf_init(&b, 1);
	buf_add_char(&b, 'a');
	b.max = 1000;
	for (size_t i = 1; i < 1000; i++)
		buf_add_char(&b, 'a');
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert_uint_eq(b.n, 1000);
	buf_add_char(&b, 'a');
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	buf_done(&b);
}
END_TEST

START_TEST(buf_add_u64_every_length)
{
	char want[32];
	struct buf b;
	uint64_t x = 0;

	buf_init(&b, 100);
	for (int digits = 1; digits <= 20; digits++) {
		snprintf(want, sizeof(want), "%llu", (unsigned long long)x);
		buf_clear(&b);
		buf_add_u64(&b, x);
		ck_assert_msg(str_is(buf_view(&b), want), "%s", want);
		x = x * 10 + 7;
	}
	buf_clear(&b);
	buf_add_u64(&b, UINT64_MAX);
	ck_assert(str_is(buf_view(&b), "18446744073709551615"));
	buf_done(&b);
}
END_TEST

START_TEST(buf_steal_leaves_an_empty_buffer_with_its_ceiling)
{
	struct buf b;
	char *p;

	buf_init(&b, 3);
	buf_add_z(&b, "abc");
	p = buf_steal(&b);
	ck_assert_int_eq(memcmp(p, "abc", 3), 0);
	ck_assert_uint_eq(buf_view(&b).n, 0);
	buf_add_z(&b, "def");
	ck_assert_int_eq(buf_error(&b), 0);
	buf_add_z(&b, "g");
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	free(p);
	buf_done(&b);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(str_of_null_gives_empty),
		CHECK_TEST(str_eq_empty_and_null_are_equal),
		CHECK_TEST(str_starts_ends_at_every_length),
		CHECK_TEST(str_cmp_orders_by_bytes_then_length),
		CHECK_TEST(str_trim_every_ascii_space_goes),
		CHECK_TEST(str_cut_gives_every_part_and_then_null),
		CHECK_TEST(buf_new_views_as_empty),
		CHECK_TEST(buf_add_at_the_ceiling_fits_and_past_it_fails),
		CHECK_TEST(buf_add_after_a_failure_is_ignored),
		CHECK_TEST(buf_printf_at_the_ceiling_fits_and_past_it_fails),
		CHECK_TEST(buf_printf_longer_than_an_int_is_remembered),
		CHECK_TEST(buf_insert_moves_what_is_behind),
		CHECK_TEST(buf_grow_huge_count_does_not_wrap),
		CHECK_TEST(buf_over_fills_all_but_the_last_byte),
		CHECK_TEST(buf_reserve_is_room_for_so_many),
		CHECK_TEST(buf_whose_ceiling_is_raised_grows_on),
		CHECK_TEST(buf_add_u64_every_length),
		CHECK_TEST(buf_steal_leaves_an_empty_buffer_with_its_ceiling),
		CHECK_END,
	};

	return check_main("str", tests);
}
