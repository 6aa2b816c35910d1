#include "learn/calibrate.h"

#include <jansson.h>
#include <math.h>

#include "classify/judge.h"
#include "learn/recipe.h"
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

/* The curve as judging reads it. */
static double curve(const struct bundle_knot *v, uint32_t n, double decision)
{
	const struct bundle_column c = { .knots = n };
	const struct model m = { .columns = &c, .knots = v };

	return judge_probability(&m, 0, decision);
}

/* See tests/data/make_calibrate_reference.py. */
static json_t *reference(const char *name)
{
	json_t *all = json_load_file("tests/data/calibrate_reference.json", 0,
				     NULL);
	json_t *part = json_incref(json_object_get(all, name));

	ck_assert_ptr_nonnull(part);
	json_decref(all);
	return part;
}

static size_t numbers(const json_t *o, const char *name, double *out)
{
	json_t *v, *list = json_object_get(o, name);
	size_t i;

	json_array_foreach(list, i, v)
		out[i] = json_number_value(v);
	return json_array_size(list);
}

struct sample {
	double d[MOST], at[MOST], p[MOST];
	unsigned char y[MOST];
	size_t n, at_n;
	struct calibrate_case scratch[MOST];
	struct bundle_knot knots[CALIBRATE_KNOTS_MAX];
	uint32_t knot_count;
};

static void read_sample(struct sample *s, const json_t *o)
{
	double y[MOST];

	s->n = numbers(o, "decisions", s->d);
	ck_assert_uint_eq(numbers(o, "y", y), s->n);
	for (size_t i = 0; i < s->n; i++)
		s->y[i] = y[i] > 0;
	s->at_n = numbers(o, "at", s->at);
	numbers(o, "isotonic", s->p);
	s->knot_count = calibrate_isotonic(s->d, s->y, s->n, s->scratch,
					   s->knots);
}

START_TEST(isotonic_equals_scikit_learn)
{
	json_t *cases = reference("cases"), *o;
	static struct sample s;
	size_t i;

	ck_assert_uint_eq(json_array_size(cases), 6);
	json_array_foreach(cases, i, o) {
		read_sample(&s, o);
		ck_assert_uint_ge(s.knot_count, 2);
		for (size_t k = 0; k < s.at_n; k++)
			ck_assert_double_eq_tol(
				curve(s.knots, s.knot_count, s.at[k]), s.p[k],
				1e-12);
	}
	json_decref(cases);
}
END_TEST

START_TEST(bins_equal_scikit_learn)
{
	json_t *cases = reference("cases"), *o;
	static struct sample s;
	size_t i;

	json_array_foreach(cases, i, o) {
		struct calibrate_bins b = { .n = 0 };

		read_sample(&s, o);
		for (size_t k = 0; k < s.n; k++)
			calibrate_bins_add(&b,
					   curve(s.knots, s.knot_count, s.d[k]),
					   s.y[k]);
		ck_assert_double_eq_tol(
			calibrate_brier(&b),
			json_number_value(json_object_get(o, "brier")), 1e-12);
		ck_assert_double_eq_tol(
			calibrate_ece(&b),
			json_number_value(json_object_get(o, "ece")), 1e-12);
	}
	json_decref(cases);
}
END_TEST

/* Three cases at 1, of which one is positive, are one step of 1/3. */
START_TEST(isotonic_pools_ties)
{
	const double d[] = { 1, 2, 1, 0, 1 };
	const unsigned char y[] = { 1, 1, 0, 0, 0 };
	struct calibrate_case scratch[5];
	struct bundle_knot k[CALIBRATE_KNOTS_MAX];

	ck_assert_uint_eq(calibrate_isotonic(d, y, 5, scratch, k), 3);
	ck_assert(k[0].decision == 0 && k[0].probability == 1.0 / 7);
	ck_assert(k[1].decision == 1 && k[1].probability == 1.0 / 3);
	ck_assert(k[2].decision == 2 && k[2].probability == 1 - 1.0 / 7);
}
END_TEST

/* A curve of one knot, or none, is no curve. */
START_TEST(isotonic_of_one_decision_is_none)
{
	const double d[] = { 2, 2, 2 };
	const unsigned char y[] = { 1, 0, 1 };
	struct calibrate_case scratch[3];
	struct bundle_knot k[CALIBRATE_KNOTS_MAX];

	ck_assert_uint_eq(calibrate_isotonic(d, y, 3, scratch, k), 0);
	ck_assert_uint_eq(calibrate_isotonic(d, y, 0, scratch, k), 0);
}
END_TEST

/* Hundred steps of hundred cases, the k-th with k positives: thinned out, they
 * still ascend, and no probability is far off. */
START_TEST(isotonic_many_steps_are_thinned_out)
{
	enum { STEPS = 100, N = STEPS * 100 };
	static double d[N];
	static unsigned char y[N];
	static struct calibrate_case scratch[N];
	struct bundle_knot k[CALIBRATE_KNOTS_MAX];
	uint32_t n;

	for (int i = 0; i < N; i++) {
		d[i] = i; /* within a step the positives come first */
		y[i] = i % 100 < i / 100;
	}
	n = calibrate_isotonic(d, y, N, scratch, k);
	ck_assert_uint_gt(n, CALIBRATE_KNOTS_MAX / 2);
	ck_assert_uint_le(n, CALIBRATE_KNOTS_MAX);
	for (uint32_t i = 1; i < n; i++) {
		ck_assert_double_gt(k[i].decision, k[i - 1].decision);
		ck_assert_double_ge(k[i].probability, k[i - 1].probability);
	}
	for (int i = 0; i < N; i++)
		ck_assert_double_eq_tol(curve(k, n, d[i]), i / 100 / 100.0,
					0.025);
}
END_TEST

START_TEST(bins_hold_their_tenth)
{
	const double p[] = { 0, 0.05, 0.1, 0.95, 1 };
	struct calibrate_bins b = { .n = 0 }, twice;

	for (int i = 0; i < 5; i++)
		calibrate_bins_add(&b, p[i], i >= 3);
	ck_assert(b.bin[0].n == 2 && b.bin[1].n == 1 && b.bin[9].n == 2);
	ck_assert(b.bin[9].positives == 2 && b.bin[9].probability == 1.95);
	/* |0.05 - 0| + |0.1 - 0| + |1.95 - 2| over five. */
	ck_assert_double_eq_tol(calibrate_ece(&b), 0.2 / 5, 1e-15);
	ck_assert_double_eq_tol(calibrate_brier(&b),
				(0.0025 + 0.01 + 0.0025) / 5, 1e-15);
	twice = b;
	calibrate_bins_join(&twice, &b);
	ck_assert(twice.n == 10 && twice.bin[9].positives == 4);
	ck_assert(calibrate_ece(&twice) == calibrate_ece(&b));
	twice = (struct calibrate_bins){ .n = 0 };
	ck_assert(calibrate_ece(&twice) == 0 && calibrate_brier(&twice) == 0);
}
END_TEST

static double choose(int by, double number, double part, const double *d,
		     const unsigned char *y, size_t n)
{
	const struct calibrate_choice c = { by, number, number, part };
	struct calibrate_case scratch[32];

	return calibrate_threshold(&c, d, y, n, scratch);
}

START_TEST(threshold_zero_is_zero)
{
	const double d[] = { 3, 2, 1 };
	const unsigned char y[] = { 1, 1, 1 };

	ck_assert(choose(RECIPE_THRESHOLD_ZERO, 1, 1, d, y, 3) == 0);
	for (int by = RECIPE_THRESHOLD_ZERO; by <= RECIPE_THRESHOLD_COST; by++)
		ck_assert(choose(by, 1, 1, d, y, 0) == 0);
}
END_TEST

/* Three positives tell something, two do not. */
START_TEST(threshold_f1_wants_three_positives)
{
	const double d[] = { 3, 2, 1, -1 };
	const unsigned char two[] = { 1, 1, 0, 0 }, three[] = { 1, 1, 1, 0 };

	ck_assert(choose(RECIPE_THRESHOLD_F1, 0, 1, d, two, 4) == 0);
	ck_assert(choose(RECIPE_THRESHOLD_F1, 0, 1, d, three, 4) == 0);
	ck_assert(f1(d, three, 4) == 0);
	ck_assert(choose(RECIPE_THRESHOLD_F1, 0, 1, d, three, 3) == 0);
}
END_TEST

START_TEST(threshold_part_is_of_the_way)
{
	const double d[] = { 5, 4, 3, 1 };
	const unsigned char y[] = { 1, 1, 1, 0 };

	ck_assert(choose(RECIPE_THRESHOLD_F1, 0, 1, d, y, 4) == 2);
	ck_assert(choose(RECIPE_THRESHOLD_F1, 0, 0.5, d, y, 4) == 1);
	ck_assert(choose(RECIPE_THRESHOLD_F1, 0, 0, d, y, 4) == 0);
}
END_TEST

/* Three positives below sixty others: even the best F1 is 6 / 66. */
START_TEST(threshold_f1_of_the_hopeless_is_the_largest)
{
	enum { N = 63 };
	static struct calibrate_case scratch[N];
	const struct calibrate_choice c = { RECIPE_THRESHOLD_F1, 0, 0, 0.5 };
	double d[N];
	unsigned char y[N];

	for (int i = 0; i < N; i++) {
		d[i] = 10 - i;
		y[i] = i >= 60;
	}
	ck_assert(calibrate_threshold(&c, d, y, N, scratch) == 10);
	/* With three others less it is 6 / 63, still below 0.1; with seven 6 /
	 * 59. */
	ck_assert(calibrate_threshold(&c, d + 3, y + 3, N - 3, scratch) == 7);
	ck_assert(calibrate_threshold(&c, d + 7, y + 7, N - 7, scratch) ==
		  (10 - 62 - 1) / 2.0);
}
END_TEST

START_TEST(threshold_precision_is_the_lowest_that_keeps_it)
{
	/* Precision from the top: 1, 1, 2/3, 3/4, 3/5, 4/6. */
	const double d[] = { 6, 5, 4, 3, 2, 1 };
	const unsigned char y[] = { 1, 1, 0, 1, 0, 1 };

	ck_assert(choose(RECIPE_THRESHOLD_PRECISION, 1, 1, d, y, 6) == 4.5);
	ck_assert(choose(RECIPE_THRESHOLD_PRECISION, 0.7, 1, d, y, 6) == 2.5);
	ck_assert(choose(RECIPE_THRESHOLD_PRECISION, 0.65, 1, d, y, 6) == 0);
	/* None does: above all of them, whatever the part. */
	ck_assert_double_gt(choose(RECIPE_THRESHOLD_PRECISION, 0.9, 0.1, d + 2,
				   y + 2, 4), 4);
}
END_TEST

START_TEST(threshold_cost_is_the_cheapest)
{
	const double d[] = { 6, 5, 4, 3, 2, 1 };
	const unsigned char y[] = { 1, 0, 1, 1, 0, 0 };

	/* A label too many for one missing: above 2.5 costs 1. */
	ck_assert(choose(RECIPE_THRESHOLD_COST, 1, 1, d, y, 6) == 2.5);
	/* For three: above 5.5 costs 2, above 2.5 costs 3. */
	ck_assert(choose(RECIPE_THRESHOLD_COST, 3, 1, d, y, 6) == 5.5);
	/* For two, both cost 2: the higher. */
	ck_assert(choose(RECIPE_THRESHOLD_COST, 2, 1, d, y, 6) == 5.5);
	/* For nothing: all. */
	ck_assert(choose(RECIPE_THRESHOLD_COST, 0, 1, d, y, 3) == 3);
	/* Nothing to gain: never. */
	ck_assert_double_gt(choose(RECIPE_THRESHOLD_COST, 1, 0.1, d + 4, y + 4,
				   2), 2);
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
		CHECK_TEST(isotonic_equals_scikit_learn),
		CHECK_TEST(isotonic_pools_ties),
		CHECK_TEST(isotonic_of_one_decision_is_none),
		CHECK_TEST(isotonic_many_steps_are_thinned_out),
		CHECK_TEST(bins_equal_scikit_learn),
		CHECK_TEST(bins_hold_their_tenth),
		CHECK_TEST(threshold_zero_is_zero),
		CHECK_TEST(threshold_f1_wants_three_positives),
		CHECK_TEST(threshold_part_is_of_the_way),
		CHECK_TEST(threshold_f1_of_the_hopeless_is_the_largest),
		CHECK_TEST(threshold_precision_is_the_lowest_that_keeps_it),
		CHECK_TEST(threshold_cost_is_the_cheapest),
		CHECK_END,
	};

	return check_main("calibrate", tests);
}
