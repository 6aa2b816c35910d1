#include "learn/compare.h"

#include <jansson.h>
#include <math.h>

#include "tests/data/allocations.h"
#include "tests/check_main.h"

static struct compare_mcnemar mcnemar(size_t only_a, size_t only_b)
{
	unsigned char a[512], b[512];
	struct compare_mcnemar m;
	size_t n = 0;

	for (size_t i = 0; i < only_a + only_b; i++, n++) {
		a[n] = i < only_a;
		b[n] = i >= only_a;
	}
	for (size_t i = 0; i < 7; i++, n++) /* agreement has no say */
		a[n] = b[n] = i > 3;
	compare_mcnemar(a, b, n, &m);
	return m;
}

/* See tests/data/make_calibrate_reference.py. */
START_TEST(mcnemar_equals_scipy)
{
	json_t *all = json_load_file("tests/data/calibrate_reference.json", 0,
				     NULL), *o;
	size_t i;

	json_array_foreach(json_object_get(all, "mcnemar"), i, o) {
		size_t a = (size_t)json_integer_value(
			json_object_get(o, "only_a"));
		size_t b = (size_t)json_integer_value(
			json_object_get(o, "only_b"));
		struct compare_mcnemar m = mcnemar(a, b);

		ck_assert_uint_eq(m.only_a, a);
		ck_assert_uint_eq(m.only_b, b);
		ck_assert_int_eq(m.exact, a + b < 25);
		ck_assert_double_eq_tol(
			m.p, json_number_value(json_object_get(o, "p")),
			1e-12);
	}
	ck_assert_uint_eq(i, 12);
	json_decref(all);
}
END_TEST

START_TEST(mcnemar_without_difference_is_one)
{
	ck_assert(mcnemar(0, 0).p == 1);
	ck_assert(mcnemar(3, 3).p == 1);
	ck_assert(mcnemar(30, 30).p == 1);
}
END_TEST

enum { DOCS = 120, LABELS = 3 };

struct said {
	unsigned char gold[DOCS * LABELS], a[DOCS * LABELS], b[DOCS * LABELS];
	struct compare_rows rows;
};

static unsigned next(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 16 & 0x7FFF;
}

/* a errs at one decision in err_a, b in err_b. */
static void make(struct said *s, unsigned seed, unsigned err_a, unsigned err_b)
{
	for (size_t i = 0; i < DOCS * LABELS; i++) {
		s->gold[i] = next(&seed) % 3 == 0;
		s->a[i] = s->gold[i] ^ (next(&seed) % err_a == 0);
		s->b[i] = s->gold[i] ^ (next(&seed) % err_b == 0);
	}
	s->rows = (struct compare_rows){ .n = DOCS, .labels = LABELS,
					 .gold = s->gold, .a = s->a,
					 .b = s->b };
}

START_TEST(bootstrap_figures_by_hand)
{
	/* Label 0: a F1 1, b 2/3; label 1: both 0; label 2 does not occur. */
	const unsigned char gold[] = { 1, 0, 0, 1, 1, 0 };
	const unsigned char a[] = { 1, 0, 0, 1, 0, 0 };
	const unsigned char b[] = { 1, 0, 0, 0, 0, 1 };
	const unsigned char first[] = { 1, 0, 0 }, ends[] = { 1, 0, 1 };
	struct compare_rows r = { .n = 2, .labels = 3, .gold = gold, .a = a,
				  .b = b };
	struct compare_bootstrap c;

	compare_bootstrap(&r, COMPARE_MICRO_F1, 1, 1, &c);
	ck_assert(c.a == 4.0 / 5 && c.b == 2.0 / 5);
	ck_assert(c.difference == c.b - c.a);
	compare_bootstrap(&r, COMPARE_MACRO_F1, 1, 1, &c);
	ck_assert(c.a == 0.5 && c.b == 1.0 / 3);
	compare_bootstrap(&r, COMPARE_MEAN_F1, 1, 1, &c);
	ck_assert(c.a == 1.0 / 3 && c.b == 2.0 / 9);
	r.counted = first;
	compare_bootstrap(&r, COMPARE_MICRO_F1, 1, 1, &c);
	ck_assert(c.a == 1 && c.b == 2.0 / 3);
	r.counted = ends;
	compare_bootstrap(&r, COMPARE_MEAN_F1, 1, 1, &c);
	ck_assert(c.a == 0.5 && c.b == 1.0 / 3);
}
END_TEST

START_TEST(bootstrap_of_equals_is_no_difference)
{
	static struct said s;
	struct compare_bootstrap c;

	make(&s, 1, 5, 5);
	s.rows.b = s.a;
	compare_bootstrap(&s.rows, COMPARE_MACRO_F1, 200, 1, &c);
	ck_assert(c.difference == 0 && c.low == 0 && c.high == 0 && c.p == 1);
}
END_TEST

START_TEST(bootstrap_of_a_better_one_is_significant)
{
	static struct said s;
	struct compare_bootstrap c, swapped;

	make(&s, 1, 3, 12);
	compare_bootstrap(&s.rows, COMPARE_MACRO_F1, 1000, 1, &c);
	ck_assert_double_gt(c.difference, 0.1);
	ck_assert_double_gt(c.low, 0);
	ck_assert(c.low < c.difference && c.difference < c.high);
	ck_assert(c.p == 2.0 / 1001);
	s.rows.a = s.b;
	s.rows.b = s.a;
	compare_bootstrap(&s.rows, COMPARE_MACRO_F1, 1000, 1, &swapped);
	ck_assert(swapped.p == c.p);
	ck_assert_double_eq_tol(swapped.low, -c.high, 1e-12);
}
END_TEST

/* Of two equally good models the test says "different" at 5 % about one time in
 * twenty. */
START_TEST(bootstrap_is_seldom_wrong_on_equals)
{
	static struct said s;
	int wrong = 0;

	for (unsigned seed = 0; seed < 400; seed++) {
		struct compare_bootstrap c;

		make(&s, seed * 7919, 6, 6);
		compare_bootstrap(&s.rows, COMPARE_MICRO_F1, 200, seed, &c);
		wrong += c.p < 0.05;
	}
	ck_assert_int_gt(wrong, 400 / 100);
	ck_assert_int_lt(wrong, 400 / 10);
}
END_TEST

START_TEST(bootstrap_same_seed_gives_the_same)
{
	static struct said s;
	struct compare_bootstrap c[3];

	make(&s, 3, 5, 6);
	for (unsigned i = 0; i < 3; i++)
		compare_bootstrap(&s.rows, COMPARE_MACRO_F1, 100, i / 2, &c[i]);
	ck_assert(c[0].low == c[1].low && c[0].high == c[1].high);
	ck_assert(c[0].low != c[2].low);
}
END_TEST

/* Rows of one document say the same: four times the rows tell no more. */
START_TEST(bootstrap_draws_documents_not_rows)
{
	static struct said s, four;
	static uint32_t document[DOCS];
	struct compare_bootstrap one, together, apart;

	make(&s, 5, 5, 5);
	for (size_t i = 0; i < DOCS; i++) {
		document[i] = (uint32_t)(i / 4);
		memcpy(four.gold + i * LABELS, s.gold + i / 4 * LABELS, LABELS);
		memcpy(four.a + i * LABELS, s.a + i / 4 * LABELS, LABELS);
		memcpy(four.b + i * LABELS, s.b + i / 4 * LABELS, LABELS);
	}
	four.rows = (struct compare_rows){ .n = DOCS, .labels = LABELS,
					   .gold = four.gold, .a = four.a,
					   .b = four.b };
	s.rows.n = DOCS / 4;
	compare_bootstrap(&s.rows, COMPARE_MICRO_F1, 500, 1, &one);
	compare_bootstrap(&four.rows, COMPARE_MICRO_F1, 500, 1, &apart);
	four.rows.document = document;
	compare_bootstrap(&four.rows, COMPARE_MICRO_F1, 500, 1, &together);
	ck_assert_double_eq_tol(together.low, one.low, 1e-12);
	ck_assert_double_eq_tol(together.high, one.high, 1e-12);
	ck_assert_double_lt(apart.high - apart.low,
			    0.7 * (one.high - one.low));
}
END_TEST

START_TEST(bootstrap_of_no_document_is_no_difference)
{
	const struct compare_rows r = { .labels = 2 };
	struct compare_bootstrap c;

	ck_assert_int_eq(compare_bootstrap(&r, COMPARE_MACRO_F1, 10, 1, &c), 0);
	ck_assert(c.difference == 0 && c.p == 1);
}
END_TEST

START_TEST(bootstrap_every_allocation_fails_once)
{
	static struct said s;

	make(&s, 1, 5, 5);
	for (unsigned long nth = 1; nth <= 4; nth++) {
		struct compare_bootstrap c;

		allocations_fail_at(nth);
		ck_assert_int_lt(compare_bootstrap(&s.rows, COMPARE_MICRO_F1,
						   10, 1, &c), 0);
		allocations_fail_at(0);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(mcnemar_equals_scipy),
		CHECK_TEST(mcnemar_without_difference_is_one),
		CHECK_TEST(bootstrap_figures_by_hand),
		CHECK_TEST(bootstrap_of_equals_is_no_difference),
		CHECK_TEST(bootstrap_of_a_better_one_is_significant),
		CHECK_TEST(bootstrap_is_seldom_wrong_on_equals),
		CHECK_TEST(bootstrap_same_seed_gives_the_same),
		CHECK_TEST(bootstrap_draws_documents_not_rows),
		CHECK_TEST(bootstrap_of_no_document_is_no_difference),
		CHECK_TEST(bootstrap_every_allocation_fails_once),
		CHECK_END,
	};

	return check_main("compare", tests);
}
