#include "classify/screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "classify/cpu.h"
#include "tests/check_main.h"
#include "tests/data/tiny.h"

enum { TERMS = 300, MOST = 130 };

static unsigned state = 3;

static double any(void)
{
	return ((double)tiny_random(&state) - 16384) / 7001;
}

/* Weights of so many topics, of very different sizes, and their screen. */
static double *weights;
static char *rows;
static struct screen screen;

static void make(uint32_t topics)
{
	size_t stride = screen_stride(topics);

	weights = calloc((size_t)TERMS * topics, sizeof(*weights));
	rows = malloc(TERMS * stride);
	screen = (struct screen){ rows, topics };
	for (size_t i = 0; i < TERMS; i++) {
		double size = i % 7 ? pow(10, any()) : 0;

		for (uint32_t t = 0; t < topics; t++)
			weights[i * topics + t] = size * any();
		ck_assert(screen_write(weights + i * topics, topics,
				       rows + i * stride));
	}
}

static void drop(void)
{
	free(weights);
	free(rows);
}

START_TEST(stride_is_half_lines_with_room_for_the_step)
{
	ck_assert_uint_eq(screen_stride(28), 32);
	ck_assert_uint_eq(screen_stride(29), 64);
	ck_assert_uint_eq(screen_stride(90), 96);
	ck_assert_uint_eq(screen_stride(92), 96);
	ck_assert_uint_eq(screen_stride(93), 128);
}
END_TEST

START_TEST(written_row_fits_its_weights_and_no_others)
{
	uint32_t topics = 31;

	make(topics);
	for (size_t i = 0; i < TERMS; i++) {
		const char *row = rows + i * screen_stride(topics);
		double *w = weights + i * topics, was = w[30];

		ck_assert(screen_is_sound(row, topics));
		ck_assert(screen_fits(row, w, topics));
		w[30] += i % 7 ? fabs(w[0]) : 1;
		ck_assert(!screen_fits(row, w, topics) || w[0] == 0);
		w[30] = was;
	}
	drop();
}
END_TEST

START_TEST(weights_beyond_the_screen_are_told)
{
	static const struct {
		double weight;
		bool fits;
	} all[] = {
		{ 1e15, false }, { -1e15, false }, { 1e13, true },
		{ 1e-40, false }, { 1e-27, true }, { 0, true },
	};
	char row[32];

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		ck_assert(screen_write(&all[i].weight, 1, row) ==
			  all[i].fits);
}
END_TEST

START_TEST(step_that_was_not_written_is_unsound)
{
	static const float bad[] = { NAN, INFINITY, -1, 1e20F, 1e-40F };
	char row[32] = { 0 };

	ck_assert(screen_is_sound(row, 28));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		memcpy(row + 28, &bad[i], sizeof(bad[i]));
		ck_assert(!screen_is_sound(row, 28));
	}
}
END_TEST

/* The exact sum, as it is judged by, is never further off than it says. */
START_TEST(sum_is_as_near_as_it_says)
{
	static const uint32_t topics[] = { 1, 24, 28, 29, 90, 93, 250 };

	for (size_t k = 0; k < sizeof(topics) / sizeof(*topics); k++) {
		size_t stride = screen_stride(topics[k]);
		float *sum = malloc(stride * sizeof(*sum));

		make(topics[k]);
		for (size_t n = 0; n <= MOST; n += 13) {
			struct feat x[MOST];
			double bound;

			for (size_t i = 0; i < n; i++)
				x[i] = (struct feat){ (int)(2 * i), any() };
			bound = screen_sum(&screen, x, n, sum);
			ck_assert(bound < 1e6);
			for (uint32_t t = 0; t < topics[k]; t++) {
				double d = 0;

				for (size_t i = 0; i < n; i++)
					d += x[i].value *
					     weights[2 * i * topics[k] + t];
				ck_assert(fabs(d - sum[t]) <= bound);
			}
		}
		drop();
		free(sum);
	}
}
END_TEST

START_TEST(sum_gives_the_same_bits_either_way)
{
	uint32_t topics = 140;
	float wide[160], narrow[160];
	struct feat x[MOST];
	double a, b;

	make(topics);
	for (int i = 0; i < MOST; i++)
		x[i] = (struct feat){ 2 * i, any() };
	a = screen_sum(&screen, x, MOST, wide);
	cpu_narrow(true);
	b = screen_sum(&screen, x, MOST, narrow);
	cpu_narrow(false);
	ck_assert(a == b);
	ck_assert_mem_eq(wide, narrow, topics * sizeof(*wide));
	drop();
}
END_TEST

START_TEST(sum_past_what_floats_hold_says_so)
{
	struct feat x = { 1, 1e300 };
	float sum[32];

	make(24);
	ck_assert(!isfinite(screen_sum(&screen, &x, 1, sum)));
	ck_assert(!isfinite(screen_sum(&screen, &x, (size_t)1 << 24, sum)));
	drop();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(stride_is_half_lines_with_room_for_the_step),
		CHECK_TEST(written_row_fits_its_weights_and_no_others),
		CHECK_TEST(weights_beyond_the_screen_are_told),
		CHECK_TEST(step_that_was_not_written_is_unsound),
		CHECK_TEST(sum_is_as_near_as_it_says),
		CHECK_TEST(sum_gives_the_same_bits_either_way),
		CHECK_TEST(sum_past_what_floats_hold_says_so),
		CHECK_END,
	};

	return check_main("screen", tests);
}
