#include "learn/curves.h"

#include <jansson.h>
#include <math.h>

#include "tests/check_main.h"

enum { MOST = 256 };

START_TEST(coverage_of_the_surest_by_hand)
{
	/* Ten cases, the surest first: right but for the 4th and the last. */
	struct curves_case v[10];
	struct curves_step s[CURVES_STEPS];

	for (uint32_t i = 0; i < 10; i++) /* handed in the wrong way round */
		v[9 - i] = (struct curves_case){
			1 - i / 16.0, 1, i != 3 && i != 9
		};
	curves_coverage(v, 10, 0, s);
	ck_assert_double_eq_tol(s[0].coverage, 0.1, 1e-15);
	ck_assert(s[0].accuracy == 1 && s[0].confidence == 1);
	ck_assert_double_eq_tol(s[2].accuracy, 1, 1e-12);
	ck_assert_double_eq_tol(s[3].accuracy, 3.0 / 4, 1e-12);
	ck_assert(s[4].accuracy == 4.0 / 5);
	ck_assert(s[9].accuracy == 8.0 / 10 && s[9].coverage == 1);
	ck_assert(s[9].confidence == 1 - 9 / 16.0);
	ck_assert(s[9].macro_f1 == 0); /* was not asked for */
}
END_TEST

/* Of five equally sure cases two are right: whatever their order, the surest
 * fifth of them has two fifths right. */
START_TEST(coverage_ties_count_in_part)
{
	struct curves_step s[2][CURVES_STEPS];

	for (int turn = 0; turn < 2; turn++) {
		struct curves_case v[5];

		for (uint32_t i = 0; i < 5; i++)
			v[i] = (struct curves_case){
				0.5, turn ? i < 2 : i >= 3, 1
			};
		curves_coverage(v, 5, 2, s[turn]);
		for (int i = 0; i < CURVES_STEPS; i++)
			ck_assert_double_eq_tol(s[turn][i].accuracy, 0.4,
						1e-12);
	}
	for (int i = 0; i < CURVES_STEPS; i++)
		ck_assert_double_eq_tol(s[0][i].macro_f1, s[1][i].macro_f1,
					1e-12);
}
END_TEST

/* Classes 0 and 1 in the surer half: F1 1 and 1; over all, class 1 is once
 * taken for 0 and class 2 once for 1: 2/3, 2/4, 0. */
START_TEST(coverage_macro_f1_is_over_what_occurs)
{
	struct curves_case v[] = { { 0.9, 0, 0 },
				   { 0.8, 1, 1 },
				   { 0.7, 1, 0 },
				   { 0.6, 2, 1 } };
	struct curves_step s[CURVES_STEPS];

	curves_coverage(v, 4, 3, s);
	ck_assert(s[4].macro_f1 == 1);
	ck_assert_double_eq_tol(s[9].macro_f1, (2.0 / 3 + 2.0 / 4 + 0) / 3,
				1e-12);
}
END_TEST

START_TEST(coverage_of_nothing_is_zero)
{
	struct curves_step s[CURVES_STEPS];

	curves_coverage(NULL, 0, 3, s);
	ck_assert(s[9].accuracy == 0 && s[9].macro_f1 == 0 &&
		  s[9].coverage == 1);
}
END_TEST

START_TEST(recall_by_hand)
{
	const double d[] = { 4, 3, 3, 1 };
	const unsigned char y[] = { 1, 0, 1, 0 };
	struct calibrate_case scratch[4];
	struct curves_recall c;

	curves_recall(d, y, 4, scratch, &c);
	ck_assert_uint_eq(c.n, 2); /* the cut at 1 finds nothing more */
	ck_assert(c.v[0].threshold == 3.5 && c.v[0].precision == 1 &&
		  c.v[0].recall == 0.5);
	ck_assert(c.v[1].threshold == 2 && c.v[1].precision == 2.0 / 3 &&
		  c.v[1].recall == 1);
	ck_assert(c.average_precision == 0.5 + 2.0 / 3 * 0.5);
	curves_recall(d, y + 3, 1, scratch, &c);
	ck_assert_uint_eq(c.n, 0);
	ck_assert(c.average_precision == 0);
}
END_TEST

/* However many cuts there are, the points fit; the last finds everything. */
START_TEST(recall_has_a_point_a_hundredth)
{
	enum { N = 5000 };
	static double d[N];
	static unsigned char y[N];
	static struct calibrate_case scratch[N];

	for (int every = 1; every <= 60; every++) {
		struct curves_recall c;

		for (int i = 0; i < N; i++) {
			d[i] = -i;
			y[i] = i % every == 0;
		}
		curves_recall(d, y, N, scratch, &c);
		ck_assert_uint_ge(c.n, 80);
		ck_assert_uint_le(c.n, CURVES_POINTS_MAX);
		ck_assert(c.v[c.n - 1].recall == 1);
		for (size_t i = 1; i < c.n; i++)
			ck_assert_double_gt(c.v[i].recall,
					    c.v[i - 1].recall);
	}
}
END_TEST

/* See tests/data/make_calibrate_reference.py. */
START_TEST(average_precision_equals_scikit_learn)
{
	json_t *all = json_load_file("tests/data/calibrate_reference.json", 0,
				     NULL), *c, *v;
	size_t i, k;

	json_array_foreach(json_object_get(all, "cases"), i, c) {
		static struct calibrate_case scratch[MOST];
		double d[MOST];
		unsigned char y[MOST];
		struct curves_recall curve;

		json_array_foreach(json_object_get(c, "decisions"), k, v)
			d[k] = json_number_value(v);
		json_array_foreach(json_object_get(c, "y"), k, v)
			y[k] = json_integer_value(v) > 0;
		curves_recall(d, y, k, scratch, &curve);
		ck_assert_double_eq_tol(
			curve.average_precision,
			json_number_value(
				json_object_get(c, "average_precision")),
			1e-12);
	}
	ck_assert_uint_eq(i, 6);
	json_decref(all);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(coverage_of_the_surest_by_hand),
		CHECK_TEST(coverage_ties_count_in_part),
		CHECK_TEST(coverage_macro_f1_is_over_what_occurs),
		CHECK_TEST(coverage_of_nothing_is_zero),
		CHECK_TEST(recall_by_hand),
		CHECK_TEST(recall_has_a_point_a_hundredth),
		CHECK_TEST(average_precision_equals_scikit_learn),
		CHECK_END,
	};

	return check_main("curves", tests);
}
