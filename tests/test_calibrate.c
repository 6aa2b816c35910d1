#include "learn/calibrate.h"

#include <jansson.h>
#include <math.h>

#include "tests/check_main.h"

enum { MOST = 256 };

/* What scipy finds; see tests/data/make_tfidf_reference.py. */
START_TEST(platt_equals_scikit_learn)
{
	json_t *all = json_load_file("tests/data/platt_reference.json", 0,
				     NULL), *c, *v;
	json_t *cases = json_object_get(all, "cases");
	size_t i, k;

	ck_assert_uint_eq(json_array_size(cases), 5);
	json_array_foreach(cases, i, c) {
		double d[MOST], a, b;
		unsigned char y[MOST];
		size_t n = json_array_size(json_object_get(c, "y"));

		json_array_foreach(json_object_get(c, "decisions"), k, v)
			d[k] = json_number_value(v);
		json_array_foreach(json_object_get(c, "y"), k, v)
			y[k] = json_integer_value(v) > 0;
		calibrate_platt(d, y, n, &a, &b);
		ck_assert_double_eq_tol(
			a, json_number_value(json_object_get(c, "a")), 1e-6);
		ck_assert_double_eq_tol(
			b, json_number_value(json_object_get(c, "b")), 1e-6);
	}
	json_decref(all);
}
END_TEST

/* One decision each side, targets 2/3 and 1/3: p(1) = 2/3 is a = -ln 2. */
START_TEST(platt_of_two_by_hand)
{
	const double d[] = { 1, -1 };
	const unsigned char y[] = { 1, 0 };
	double a, b;

	calibrate_platt(d, y, 2, &a, &b);
	ck_assert_double_eq_tol(a, -log(2), 1e-6);
	ck_assert_double_eq_tol(b, 0, 1e-6);
}
END_TEST

/* Decisions that tell nothing give the part of positives, drawn in. */
START_TEST(platt_of_equal_decisions_is_finite)
{
	const double d[] = { -1, -1, -1, -1, -1, -1 };
	unsigned char y[6] = { 0 };

	for (int positives = 0; positives <= 6; positives++) {
		double a, b, p, want = positives / 6.0;

		for (int i = 0; i < 6; i++)
			y[i] = i < positives;
		calibrate_platt(d, y, 6, &a, &b);
		ck_assert_double_finite(a);
		ck_assert_double_finite(b);
		p = 1 / (1 + exp(a * -1 + b));
		want = (positives * (positives + 1.0) / (positives + 2.0) +
			(6 - positives) / (6.0 - positives + 2)) / 6;
		ck_assert_double_eq_tol(p, want, 1e-4);
	}
}
END_TEST

START_TEST(platt_of_nothing_is_even)
{
	double a, b;

	calibrate_platt(NULL, NULL, 0, &a, &b);
	ck_assert(a == 0 && b == 0);
}
END_TEST

START_TEST(platt_of_far_decisions_is_finite)
{
	const double d[] = { 1e150, -1e150, 1e100, -1e6 };
	const unsigned char y[] = { 1, 0, 1, 0 };
	double a, b;

	calibrate_platt(d, y, 4, &a, &b);
	ck_assert_double_finite(a);
	ck_assert_double_finite(b);
	ck_assert_double_le(a, 0);
}
END_TEST

static double f1(const double *d, const unsigned char *y, size_t n)
{
	struct calibrate_case scratch[8];

	return calibrate_f1(d, y, n, scratch);
}

START_TEST(f1_cut_lies_half_way)
{
	const double d[] = { 0.5, 3, -1, 1 };
	const unsigned char y[] = { 0, 1, 0, 1 };

	ck_assert(f1(d, y, 4) == 0.75);
}
END_TEST

START_TEST(f1_no_cut_goes_through_a_tie)
{
	/* At 1 stand a positive and two others: all or none of them. */
	const double d[] = { 2, 1, 1, 1, 0 };
	const unsigned char y[] = { 1, 1, 0, 0, 0 };
	/* Above 1.5: 2*1/(1+2) = 2/3; above 0.5: 2*2/(4+2) = 2/3. The first. */
	ck_assert(f1(d, y, 5) == 1.5);
	/* With one of the others less, the lower cut is better: 4/5. */
	ck_assert(f1(d, y, 3) == 0);
}
END_TEST

START_TEST(f1_of_positives_alone_takes_all)
{
	const double d[] = { -3, -5, -4 };
	const unsigned char y[] = { 1, 1, 1 };

	ck_assert(f1(d, y, 3) == -6);
	ck_assert(f1(d, y, 1) == -4);
}
END_TEST

START_TEST(f1_without_positives_is_zero)
{
	const double d[] = { 3, -5 };
	const unsigned char y[] = { 0, 0 };

	ck_assert(f1(d, y, 2) == 0);
	ck_assert(f1(d, y, 0) == 0);
}
END_TEST

/* Against trying every cut. */
START_TEST(f1_is_the_best_of_all_cuts)
{
	for (unsigned s = 0; s < 5000; s++) {
		double d[6], cut, best = 0, got;
		unsigned char y[6];
		int positives = 0, tp = 0, given = 0;

		for (unsigned i = 0; i < 6; i++) {
			d[i] = (int)(s * (i + 3) / 7 % 5) - 2;
			y[i] = s >> i & 1;
			positives += y[i];
		}
		if (!positives)
			continue;
		for (cut = -2.5; cut < 3; cut++) {
			int a = 0, b = 0;

			for (int i = 0; i < 6; i++) {
				a += d[i] > cut && y[i];
				b += d[i] > cut;
			}
			best = fmax(best, 2.0 * a / (b + positives));
		}
		cut = f1(d, y, 6);
		for (int i = 0; i < 6; i++) {
			tp += d[i] > cut && y[i];
			given += d[i] > cut;
		}
		got = 2.0 * tp / (given + positives);
		ck_assert_double_eq_tol(got, best, 1e-12);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(platt_equals_scikit_learn),
		CHECK_TEST(platt_of_two_by_hand),
		CHECK_TEST(platt_of_equal_decisions_is_finite),
		CHECK_TEST(platt_of_nothing_is_even),
		CHECK_TEST(platt_of_far_decisions_is_finite),
		CHECK_TEST(f1_cut_lies_half_way),
		CHECK_TEST(f1_no_cut_goes_through_a_tie),
		CHECK_TEST(f1_of_positives_alone_takes_all),
		CHECK_TEST(f1_without_positives_is_zero),
		CHECK_TEST(f1_is_the_best_of_all_cuts),
		CHECK_END,
	};

	return check_main("calibrate", tests);
}
