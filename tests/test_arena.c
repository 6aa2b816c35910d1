/* test_arena.c -- memory of one article. */
#include "base/arena.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "tests/check_main.h"

static const size_t align = _Alignof(max_align_t);

START_TEST(take_gives_zeroed_and_aligned_bytes)
{
	struct arena block, a;

	ck_assert_int_eq(arena_open(&block, 4096), 0);
	a = block;
	for (size_t n = 1; n < 40; n++) {
		char *p = arena_take(&a, n);

		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % align, 0);
		for (size_t i = 0; i < n; i++)
			ck_assert_int_eq(p[i], 0);
		memset(p, 'x', n);
	}
	/* the same bytes again are zeroed again */
	a = block;
	ck_assert_int_eq(*(char *)arena_take(&a, 1), 0);
	arena_close(block);
}
END_TEST

START_TEST(room_is_taken_as_it_is)
{
	struct arena block, a;
	char *p;

	ck_assert_int_eq(arena_open(&block, 64), 0);
	a = block;
	memset(arena_take(&a, 64), 'x', 64);
	a = block;
	ck_assert_ptr_nonnull(arena_room(&a, 3));
	p = arena_room_array(&a, 3, 4);
	ck_assert_uint_eq((uintptr_t)p % align, 0);
	ck_assert_int_eq(p[0], 'x');
	ck_assert_ptr_null(arena_room(&a, 64));
	ck_assert_ptr_null(arena_room_array(&a, SIZE_MAX / 2 + 1, 2));
	ck_assert_ptr_nonnull(arena_room_array(&a, 2, 16));
	ck_assert_ptr_null(arena_room_array(&a, 1, 1));
	arena_close(block);
}
END_TEST

START_TEST(take_at_the_end_fits_and_past_it_is_null)
{
	struct arena block, a;

	ck_assert_int_eq(arena_open(&block, 64), 0);
	for (size_t n = 63; n <= 65; n++) {
		a = block;
		ck_assert((arena_take(&a, n) != NULL) == (n <= 64));
		ck_assert_uint_eq(arena_left(a), n <= 64 ? 64 - n : 64);
	}
	a = block;
	ck_assert_ptr_nonnull(arena_take(&a, 64));
	ck_assert_ptr_null(arena_take(&a, 1));
	ck_assert_ptr_nonnull(arena_take(&a, 0));
	arena_close(block);
}
END_TEST

START_TEST(take_padding_counts_as_room)
{
	struct arena block, a;

	ck_assert_int_eq(arena_open(&block, 64), 0);
	a = block;
	ck_assert_ptr_nonnull(arena_take(&a, 1));
	ck_assert_ptr_null(arena_take(&a, 64 - align + 1));
	ck_assert_ptr_nonnull(arena_take(&a, 64 - align));
	a = block;
	ck_assert_ptr_nonnull(arena_take(&a, 63));
	ck_assert_ptr_nonnull(arena_take(&a, 0));
	ck_assert_ptr_null(arena_take(&a, SIZE_MAX));
	arena_close(block);
}
END_TEST

START_TEST(take_array_product_past_size_is_null)
{
	struct arena block, a;

	ck_assert_int_eq(arena_open(&block, 4096), 0);
	a = block;
	ck_assert_ptr_null(arena_take_array(&a, SIZE_MAX / 2, 3));
	ck_assert_ptr_null(arena_take_array(&a, SIZE_MAX, SIZE_MAX));
	/* 2^63 * 2 wraps to nothing */
	ck_assert_ptr_null(arena_take_array(&a, SIZE_MAX / 2 + 1, 2));
	ck_assert_ptr_nonnull(arena_take_array(&a, 0, 8));
	ck_assert_ptr_nonnull(arena_take_array(&a, 8, 0));
	ck_assert_ptr_nonnull(arena_take_array(&a, 512, 8));
	ck_assert_ptr_null(arena_take_array(&a, 1, 1));
	arena_close(block);
}
END_TEST

START_TEST(copy_has_a_nul_behind_it)
{
	struct arena block, a;
	struct str s;

	ck_assert_int_eq(arena_open(&block, 64), 0);
	a = block;
	s = arena_copy(&a, (struct str){ "abcdef", 3 });
	ck_assert_uint_eq(s.n, 3);
	ck_assert_str_eq(s.p, "abc");
	s = arena_copy(&a, (struct str){ NULL, 0 });
	ck_assert_uint_eq(s.n, 0);
	ck_assert_str_eq(s.p, "");
	arena_close(block);
}
END_TEST

START_TEST(copy_without_room_is_null)
{
	static char bytes[65];
	struct arena block, a;

	ck_assert_int_eq(arena_open(&block, 64), 0);
	for (size_t n = 62; n <= 65; n++) {
		a = block;
		ck_assert((arena_copy(&a, (struct str){ bytes, n }).p != NULL) ==
			  (n + 1 <= 64));
	}
	arena_close(block);
}
END_TEST

START_TEST(extend_grows_what_was_taken_last)
{
	struct arena block, a;
	char *p;

	ck_assert_int_eq(arena_open(&block, 64), 0);
	a = block;
	memset(a.p, 'x', 64);
	ck_assert_ptr_nonnull(arena_take(&a, 3));
	p = arena_take(&a, 0);
	ck_assert_ptr_nonnull(p);
	for (size_t i = 0; i < 5; i++)
		ck_assert_ptr_eq(arena_extend(&a, 2), p + 2 * i);
	for (size_t i = 0; i < 10; i++)
		ck_assert_int_eq(p[i], 0);
	ck_assert_uint_eq(arena_left(a), 64 - align - 10);
	ck_assert_ptr_null(arena_extend(&a, arena_left(a) + 1));
	ck_assert_ptr_null(arena_extend(&a, SIZE_MAX));
	ck_assert_ptr_nonnull(arena_extend(&a, arena_left(a)));
	ck_assert_ptr_null(arena_extend(&a, 1));
	ck_assert_ptr_nonnull(arena_extend(&a, 0));
	arena_close(block);
}
END_TEST

static void scribble(struct arena scratch)
{
	memset(arena_take(&scratch, 32), 'x', 32);
}

START_TEST(take_from_a_scratch_copy_leaves_the_arena)
{
	struct arena block, a;

	ck_assert_int_eq(arena_open(&block, 64), 0);
	a = block;
	scribble(a);
	ck_assert_uint_eq(arena_left(a), 64);
	ck_assert_int_eq(*(char *)arena_take(&a, 64), 0);
	arena_close(block);
}
END_TEST

START_TEST(open_what_no_machine_has_gives_enomem)
{
	struct arena a = { NULL, NULL };

	ck_assert_int_eq(arena_open(&a, SIZE_MAX / 2), -ENOMEM);
	ck_assert_int_eq(arena_open(&a, 0), -ENOMEM);
	ck_assert_ptr_null(a.p);
	arena_close(a);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(take_gives_zeroed_and_aligned_bytes),
		CHECK_TEST(room_is_taken_as_it_is),
		CHECK_TEST(take_at_the_end_fits_and_past_it_is_null),
		CHECK_TEST(take_padding_counts_as_room),
		CHECK_TEST(take_array_product_past_size_is_null),
		CHECK_TEST(copy_has_a_nul_behind_it),
		CHECK_TEST(copy_without_room_is_null),
		CHECK_TEST(extend_grows_what_was_taken_last),
		CHECK_TEST(take_from_a_scratch_copy_leaves_the_arena),
		CHECK_TEST(open_what_no_machine_has_gives_enomem),
		CHECK_END,
	};

	return check_main("arena", tests);
}
