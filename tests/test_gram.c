#include "learn/gram.h"

#include <errno.h>

#include "tests/data/allocations.h"
#include "tests/data/memory.h"
#include "tests/check_main.h"

static const struct feat a[] = { { 0, 1 }, { 2, 2 }, { 5, -1 }, { -1, 0 } };
static const struct feat b[] = { { 1, 9 }, { 2, 3 }, { -1, 0 } };
static const struct feat c[] = { { -1, 0 } };
static const struct feat d[] = { { 0, 4 }, { 5, 2 }, { -1, 0 } };
static const struct feat *const rows[] = { a, b, c, d };

START_TEST(new_holds_all_inner_products)
{
	static const double want[4][4] = { { 6, 6, 0, 2 },
					   { 6, 90, 0, 0 },
					   { 0, 0, 0, 0 },
					   { 2, 0, 0, 20 } };

	for (size_t n = 1; n <= 4; n++) {
		struct gram g;

		ck_assert_int_eq(gram_new(&g, rows, n, 6), 0);
		ck_assert_uint_eq(g.n, n);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++)
				ck_assert(*gram_at(&g, i, j) == want[i][j]);
		gram_done(&g);
	}
}
END_TEST

START_TEST(new_rows_know_their_numbers)
{
	struct gram g;

	ck_assert_int_eq(gram_new(&g, rows, 4, 6), 0);
	for (size_t i = 0; i < 4; i++)
		ck_assert(gram_row(&g, i)[1] == (double)i + 1);
	gram_done(&g);
}
END_TEST

START_TEST(new_of_no_rows_is_empty)
{
	struct gram g;

	ck_assert_int_eq(gram_new(&g, rows, 0, 0), 0);
	ck_assert_ptr_nonnull(g.v);
	gram_done(&g);
	ck_assert_ptr_null(g.v);
}
END_TEST

START_TEST(new_every_allocation_fails_once)
{
	struct gram g = { .n = 7 };

	for (unsigned long nth = 1; nth <= 5; nth++) {
		allocations_fail_at(nth);
		ck_assert_int_eq(gram_new(&g, rows, 4, 6), -ENOMEM);
		allocations_fail_at(0);
	}
	ck_assert_uint_eq(g.n, 7);
}
END_TEST

/* More rows than a square of the copying has. */
START_TEST(mirror_makes_the_table_symmetric)
{
	struct gram g;

	for (size_t n = 63; n <= 130; n += n < 65 ? 1 : 65) {
		ck_assert_int_eq(gram_open(&g, n), 0);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j <= i; j++)
				*gram_at(&g, i, j) = (double)(1000 * i + j);
		gram_mirror(&g);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j <= i; j++)
				ck_assert(*gram_at(&g, j, i) ==
						  (double)(1000 * i + j) &&
					  *gram_at(&g, i, j) ==
						  (double)(1000 * i + j));
		gram_done(&g);
	}
}
END_TEST

START_TEST(fits_a_quarter_of_the_memory)
{
	memory_pages = 400;
	ck_assert(gram_fits(100 * (double)sysconf(_SC_PAGESIZE)));
	ck_assert(!gram_fits(100 * (double)sysconf(_SC_PAGESIZE) + 1));
	gram_among(4);
	ck_assert(gram_fits(25 * (double)sysconf(_SC_PAGESIZE)));
	ck_assert(!gram_fits(25 * (double)sysconf(_SC_PAGESIZE) + 1));
	ck_assert(gram_bytes(7600) > 8.0 * 7600 * 7600);
	ck_assert(gram_bytes(7600) < 8.1 * 7600 * 7600);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(new_holds_all_inner_products),
		CHECK_TEST(new_rows_know_their_numbers),
		CHECK_TEST(new_of_no_rows_is_empty),
		CHECK_TEST(new_every_allocation_fails_once),
		CHECK_TEST(mirror_makes_the_table_symmetric),
		CHECK_TEST(fits_a_quarter_of_the_memory),
		CHECK_END,
	};

	return check_main("gram", tests);
}
