#include "learn/gram.h"

#include "tests/data/allocations.h"
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
	double *dots = gram_new(rows, 4, 6);

	ck_assert_ptr_nonnull(dots);
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++)
			ck_assert(dots[i * 4 + j] == want[i][j]);
	free(dots);
}
END_TEST

START_TEST(new_of_no_rows_is_empty)
{
	double *dots = gram_new(rows, 0, 0);

	ck_assert_ptr_nonnull(dots);
	free(dots);
}
END_TEST

START_TEST(new_every_allocation_fails_once)
{
	for (unsigned long nth = 1; nth <= 2; nth++) {
		allocations_fail_at(nth);
		ck_assert_ptr_null(gram_new(rows, 4, 6));
		allocations_fail_at(0);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(new_holds_all_inner_products),
		CHECK_TEST(new_of_no_rows_is_empty),
		CHECK_TEST(new_every_allocation_fails_once),
		CHECK_END,
	};

	return check_main("gram", tests);
}
