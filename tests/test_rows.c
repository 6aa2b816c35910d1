#include "learn/rows.h"

#include <errno.h>

#include "tests/data/tiny.h"

static struct tiny t;
static struct row_set s;
static struct err err;

static void begin(const char *yaml)
{
	tiny_made(&t, yaml, 24);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), 0);
}

static void end(void)
{
	rows_free(&s);
	tiny_done(&t);
}

static double dot(const struct feat *p, const struct feat *q)
{
	double sum = 0;

	while (p->index >= 0 && q->index >= 0)
		if (p->index == q->index)
			sum += p++->value * q++->value;
		else if (p->index < q->index)
			p++;
		else
			q++;
	return sum;
}

START_TEST(make_gives_a_row_a_document_and_one_a_stance)
{
	size_t stances = 0;

	begin(TINY_RECIPE);
	for (size_t d = 0; d < t.corpus.n; d++)
		for (uint32_t k = 0; k < 3; k++)
			stances += t.corpus.v[d].labels[k] != 0;
	ck_assert_uint_eq(s.topic.n, t.corpus.n);
	ck_assert_uint_eq(s.stance.n, stances);
	ck_assert_uint_eq(s.stance.dims, 4 * s.topic.dims + 3);
	end();
}
END_TEST

START_TEST(make_leaves_out_what_is_not_used)
{
	tiny_made(&t, TINY_RECIPE, 24);
	memset(t.use, 0, 10);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), 0);
	ck_assert_uint_eq(s.topic.n, 14);
	ck_assert_uint_eq(s.topic.v[0].doc, 10);
	end();
}
END_TEST

START_TEST(kernel_equals_the_kernel_of_the_vectors)
{
	struct kernel_params p = { KERNEL_RBF, 0, 0.7, 0 };
	const struct rows *both[2] = { &s.topic, &s.stance };

	begin(TINY_RECIPE "copy_weight: 0.5\n");
	for (int b = 0; b < 2; b++) {
		size_t n = both[b]->n;
		double *k = rows_kernel(&s, both[b], &p);

		ck_assert_ptr_nonnull(k);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++) {
				const struct feat *x = both[b]->v[i].x;
				const struct feat *y = both[b]->v[j].x;
				double want = kernel_value(&p, dot(x, y),
							   dot(x, x),
							   dot(y, y));

				ck_assert_double_eq_tol(k[i * n + j], want,
							1e-12);
			}
		free(k);
	}
	end();
}
END_TEST

START_TEST(make_without_terms_says_so)
{
	tiny_made(&t, "words: {ngrams: [1, 1], min_df: 1000}\n", 24);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "min_df"));
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(make_gives_a_row_a_document_and_one_a_stance),
		CHECK_TEST(make_leaves_out_what_is_not_used),
		CHECK_TEST(kernel_equals_the_kernel_of_the_vectors),
		CHECK_TEST(make_without_terms_says_so),
		CHECK_END,
	};

	return check_main("rows", tests);
}
