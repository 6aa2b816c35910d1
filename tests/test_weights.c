#include "classify/weights.h"

#include <string.h>

#include "classify/cpu.h"
#include "tests/check_main.h"
#include "tests/data/tiny.h"

enum { TERMS = 200, COLUMNS = 93, MOST = 60 };

static double table[TERMS * COLUMNS];
static struct feat x[MOST + 1];
static unsigned state = 5;

static double any(void)
{
	return ((double)tiny_random(&state) - 16384) / 7001;
}

static struct weights some(void)
{
	for (size_t i = 0; i < TERMS * COLUMNS; i++)
		table[i] = any();
	for (int i = 0; i <= MOST; i++)
		x[i] = (struct feat){ i < MOST ? 3 * i : -1, any() };
	return (struct weights){ table, COLUMNS };
}

/* By the definition, one column after the other. */
static void add_plainly(size_t n, double *sum)
{
	for (uint32_t c = 0; c < COLUMNS; c++)
		for (size_t i = 0; i < n; i++) {
			volatile double one =
				x[i].value *
				table[x[i].index * COLUMNS + (int)c];

			sum[c] += one;
		}
}

START_TEST(add_gives_the_bits_of_the_definition)
{
	struct weights w = some();

	for (size_t n = 0; n <= MOST; n++) {
		double want[COLUMNS], wide[COLUMNS], narrow[COLUMNS];

		for (size_t c = 0; c < COLUMNS; c++)
			want[c] = wide[c] = narrow[c] = any();
		add_plainly(n, want);
		weights_add(&w, x, n, 0, COLUMNS, wide);
		cpu_narrow(true);
		weights_add(&w, x, n, 0, COLUMNS, narrow);
		cpu_narrow(false);
		ck_assert_mem_eq(wide, want, sizeof(want));
		ck_assert_mem_eq(narrow, want, sizeof(want));
	}
}
END_TEST

START_TEST(add_gives_a_piece_the_bits_of_the_whole)
{
	struct weights w = some();
	double all[COLUMNS] = { 0 };

	weights_add(&w, x, MOST, 0, COLUMNS, all);
	for (uint32_t first = 0; first < COLUMNS; first++)
		for (uint32_t n = 0; n <= COLUMNS - first; n++) {
			double some[COLUMNS + 1] = { 0 };

			some[n] = 7;
			weights_add(&w, x, MOST, first, n, some);
			ck_assert_mem_eq(some, all + first,
					 n * sizeof(*some));
			ck_assert(some[n] == 7); /* none beyond */
		}
}
END_TEST

/* The last row is the table's end: nothing behind it may be read. */
START_TEST(add_reads_no_further_than_the_table)
{
	double *exact = malloc(3 * 5 * sizeof(*exact)), sum[5] = { 0 };
	struct weights w = { exact, 5 };
	static const struct feat last[] = { { 2, 1 }, { -1, 0 } };

	for (int i = 0; i < 15; i++)
		exact[i] = i;
	weights_add(&w, last, 1, 0, 5, sum);
	for (int i = 0; i < 5; i++)
		ck_assert(sum[i] == 10 + i);
	free(exact);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(add_gives_the_bits_of_the_definition),
		CHECK_TEST(add_gives_a_piece_the_bits_of_the_whole),
		CHECK_TEST(add_reads_no_further_than_the_table),
		CHECK_END,
	};

	return check_main("weights", tests);
}
