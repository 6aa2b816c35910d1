#include "classify/memo.h"

#include "tests/check_main.h"

static void keep(const struct memo *m, uint64_t key, uint64_t value)
{
	*(uint64_t *)memo_put(m, key) = value;
}

START_TEST(find_gives_what_was_put)
{
	struct memo m;

	ck_assert_int_eq(memo_init(&m, 8, 16), 0);
	ck_assert_ptr_null(memo_find(&m, 0));
	ck_assert_ptr_null(memo_find(&m, 5));
	for (uint64_t i = 1; i < 8; i++)
		keep(&m, i << 20, 10 * i);
	for (uint64_t i = 1; i < 8; i++)
		ck_assert_uint_eq(*(const uint64_t *)memo_find(&m, i << 20),
				  10 * i);
	ck_assert_ptr_null(memo_find(&m, 9 << 20));
	memo_expect(&m, 9 << 20);
	memo_done(&m);
	memo_done(&m);
}
END_TEST

START_TEST(put_takes_the_place_of_another_key)
{
	struct memo m;

	ck_assert_int_eq(memo_init(&m, 8, 8), 0);
	keep(&m, 1 << 20, 1);
	keep(&m, 9 << 20, 9);
	ck_assert_ptr_null(memo_find(&m, 1 << 20));
	ck_assert_uint_eq(*(const uint64_t *)memo_find(&m, 9 << 20), 9);
	/* A key of 0 is kept, but never found: places are empty by it. */
	keep(&m, 0, 3);
	ck_assert_ptr_null(memo_find(&m, 0));
	memo_done(&m);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(find_gives_what_was_put),
		CHECK_TEST(put_takes_the_place_of_another_key),
		CHECK_END,
	};

	return check_main("memo", tests);
}
