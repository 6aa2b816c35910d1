/* test_decimal.c -- the same bytes as printf(3), for every number. */
#include "base/decimal.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tests/check_main.h"

/* Numbers that were left to printf(), and those that were not. */
static size_t left, written;

static void same(double x, int digits)
{
	char ours[DECIMAL_MAX], theirs[400];
	size_t n = decimal_write(x, digits, ours);
	int m;

	if (!n) {
		left++;
		return;
	}
	written++;
	m = snprintf(theirs, sizeof(theirs), "%.*g", digits, x);
	if ((size_t)m != n || memcmp(ours, theirs, n) != 0)
		ck_abort_msg("%a with %d digits is %s, not %.*s", x, digits,
			     theirs, (int)n, ours);
}

/* A number, its neighbours, and their opposites. */
static void same_around(double x)
{
	for (int digits = 1; digits <= DECIMAL_DIGITS_MAX; digits++) {
		same(x, digits);
		same(-x, digits);
		same(nextafter(x, INFINITY), digits);
		same(nextafter(x, 0), digits);
	}
}

static uint64_t next(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}

START_TEST(write_any_bits_as_printf)
{
	uint64_t state = 88172645463325252u, bits;
	double x;

	for (int i = 0; i < 200000; i++) {
		bits = next(&state);
		memcpy(&x, &bits, sizeof(x));
		same(x, i % DECIMAL_DIGITS_MAX + 1);
	}
	ck_assert_uint_gt(left, written);
}
END_TEST

START_TEST(write_usual_magnitudes_as_printf)
{
	uint64_t state = 88172645463325252u;

	for (int i = 0; i < 1000000; i++) {
		double part = (double)(next(&state) >> 11) * 0x1p-53;
		double x = part * pow(10, (double)(i % 9) - 4);

		same(i & 1 ? x : -x, i % 3 ? 4 : i % 17 + 1);
	}
	ck_assert_uint_gt(written, left);
}
END_TEST

/* Numbers of few binary digits lie in the middle between two of few decimal
 * ones: 0.0625 of two digits, 2.5 of one. */
START_TEST(write_ties_as_printf)
{
	for (int n = 1; n < 5000; n++)
		for (int e = 0; e < 30; e++)
			for (int digits = 1; digits < 9; digits++)
				same(ldexp(n, -e), digits);
	for (int n = 10001; n < 100000; n += 2)
		same(n / 10.0, 4);
}
END_TEST

START_TEST(write_around_powers_as_printf)
{
	for (int k = -8; k <= 20; k++) {
		for (int n = 1; n <= 9; n++)
			same_around(n * pow(10, k));
		same_around(pow(10, k) * 0.99995);
		same_around(pow(10, k) * 0.999949999999);
		same_around(pow(10, k) * 0.5);
	}
	for (int e = -20; e < 70; e++)
		same_around(ldexp(1, e));
}
END_TEST

START_TEST(write_simple_numbers_by_hand)
{
	static const struct {
		double x;
		int digits;
		const char *z;
	} v[] = {
		{ 0, 4, "0" },	      { -0.0, 4, "-0" },
		{ 1, 4, "1" },	      { 10, 4, "10" },
		{ 1000, 4, "1000" },  { 9999.4, 4, "9999" },
		{ 0.5, 4, "0.5" },    { -0.25, 4, "-0.25" },
		{ 0.0001, 4, "0.0001" }, { 0.00012345, 4, "0.0001234" },
		{ 0.99999, 4, "1" },  { 12.304, 4, "12.3" },
		{ 0.1, 17, "0.10000000000000001" },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		char out[DECIMAL_MAX];
		size_t n = decimal_write(v[i].x, v[i].digits, out);

		ck_assert_msg(n == strlen(v[i].z) && !memcmp(out, v[i].z, n),
			      "%s: %.*s", v[i].z, (int)n, out);
	}
}
END_TEST

START_TEST(write_what_has_an_exponent_is_left)
{
	const double x[] = { INFINITY, -INFINITY, NAN, DBL_MAX, DBL_MIN,
			     0x1p-1074, 9.9e-5, 1e4, 9999.6 };
	char out[DECIMAL_MAX];

	for (size_t i = 0; i < sizeof(x) / sizeof(*x); i++)
		ck_assert_uint_eq(decimal_write(x[i], 4, out), 0);
	ck_assert_uint_eq(decimal_write(1.5, 0, out), 0);
	ck_assert_uint_eq(decimal_write(1.5, 18, out), 0);
	ck_assert_uint_eq(decimal_write(1.5, -1, out), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(write_any_bits_as_printf),
		CHECK_TEST(write_usual_magnitudes_as_printf),
		CHECK_TEST(write_ties_as_printf),
		CHECK_TEST(write_around_powers_as_printf),
		CHECK_TEST(write_simple_numbers_by_hand),
		CHECK_TEST(write_what_has_an_exponent_is_left),
		CHECK_END,
	};

	return check_main("decimal", tests);
}
