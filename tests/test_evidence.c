#include "classify/evidence.h"

#include <errno.h>

#include "tests/data/tiny.h"

static char block[1 << 23];

/* A word that the vocabulary knows and that stands once in each field. */
static const char *const title = "partenariat", *const text =
	"souveraineté souveraineté Gaia-X salue l'alliance, échec du marché.";

struct fixture {
	struct tiny t;
	struct buf bundle;
	struct model *m;
	struct arena a;
	struct judgement j;
};

static json_t *with_ids(const struct model *m, const void *arg)
{
	json_t *all = json_array();

	(void)arg;
	for (uint32_t k = 0; k < m->kernel_count; k += m->kernels[k].machines) {
		json_t *ids = json_array();

		for (uint32_t i = 0; i < m->kernels[k].vectors; i++)
			json_array_append_new(ids,
					      json_sprintf("k%u-%u",
						m->kernels[k].shared, i));
		json_array_append_new(all, ids);
	}
	return json_pack("{s:o}", "support", all);
}

static void open_it(struct fixture *f, const char *yaml, bool ids)
{
	struct example x = tiny_example(title, text);

	tiny_made(&f->t, yaml, 24);
	if (ids)
		f->t.fit.extra = with_ids;
	tiny_bundle(&f->t, &f->bundle);
	f->m = tiny_view(&f->bundle);
	f->a = (struct arena){ block, block + sizeof(block) };
	tiny_judge(f->m, &x, &f->a, &f->j);
}

static void close_it(struct fixture *f)
{
	model_free(f->m);
	buf_done(&f->bundle);
	tiny_done(&f->t);
}

static double sum_of(struct spans w)
{
	double sum = 0;

	for (size_t i = 0; i < w.n; i++)
		sum += w.v[i].weight;
	return sum;
}

START_TEST(linear_columns_leave_no_rest)
{
	struct fixture f;

	open_it(&f, TINY_RECIPE, false);
	for (uint32_t c = 0; c < f.m->column_count; c++) {
		struct arena a = f.a;
		struct evidence e;

		ck_assert_int_eq(evidence_find(f.m, &f.j, c, &a, &e), 0);
		ck_assert(e.linear);
		ck_assert_uint_eq(e.support_count, 0);
		ck_assert_double_eq_tol(e.rest, 0, 1e-9);
		TINY_ASSERT_NEAR(e.intercept + sum_of(e.words), e.decision);
		ck_assert(e.decision == f.j.decision[c]);
		ck_assert(e.threshold == f.m->columns[c].threshold);
		ck_assert(e.probability ==
			  judge_probability(f.m, c, e.decision));
	}
	close_it(&f);
}
END_TEST

static const char *const kernels[] = {
	TINY_RECIPE "topic: {kernel: rbf}\nstance: {kernel: rbf, gamma: 0.6}\n",
	TINY_RECIPE "topic: {kernel: poly, degree: 2, coef0: 1}\n"
		    "stance: {kernel: sigmoid, gamma: 0.5}\ncopy_weight: 2\n",
};

/* The decision value of a column for the article times z: along the line from
 * nothing to the article the slope at 1 is the sum of the shares, but for that
 * of a topic's constant. */
static double decide_at(const struct fixture *f, uint32_t column, double z)
{
	const struct kernel *k =
		&f->m->kernels[f->m->columns[column].kernel - 1];
	struct judge_space space = { f->m->tfidf.terms, f->m->topic_count,
				     f->m->copy_weight };
	struct arena a = f->a;
	size_t n = f->j.counts.n;
	struct feat *x = arena_take_array(&a, n + 1, sizeof(*x));
	double *dot = arena_take_array(&a, k->vectors, sizeof(*dot)), sum;

	memcpy(x, f->j.x, (n + 1) * sizeof(*x));
	for (size_t i = 0; i < n; i++)
		x[i].value *= z;
	if (column >= f->m->topic_count)
		x = judge_joint(&space, x, n,
				(column - f->m->topic_count) /
					f->m->stance_count,
				&a);
	kernel_decide(k, 1, x, dot, &sum);
	return sum;
}

START_TEST(kernel_shares_are_the_slope_towards_the_article)
{
	const double h = 1e-5;

	for (size_t i = 0; i < 2; i++) {
		struct fixture f;

		open_it(&f, kernels[i], false);
		for (uint32_t c = 0; c < f.m->column_count; c++) {
			struct arena a = f.a;
			struct evidence e;
			double slope;

			if (!f.m->columns[c].kernel)
				continue;
			slope = (decide_at(&f, c, 1 + h) -
				 decide_at(&f, c, 1 - h)) /
				(2 * h);
			ck_assert_int_eq(evidence_find(f.m, &f.j, c, &a, &e),
					 0);
			ck_assert(!e.linear);
			ck_assert_double_eq_tol(sum_of(e.words), slope, 1e-7);
			ck_assert_double_eq_tol(
				e.rest, e.decision - e.intercept - slope,
				1e-7);
		}
		close_it(&f);
	}
}
END_TEST

START_TEST(support_is_the_heaviest_either_way)
{
	struct fixture f;

	open_it(&f, kernels[0], true);
	for (uint32_t c = 0; c < f.m->column_count; c++) {
		struct arena a = f.a;
		struct evidence e;
		size_t n = 0;
		char id[64];

		ck_assert_int_eq(evidence_find(f.m, &f.j, c, &a, &e), 0);
		ck_assert_uint_ge(e.support_count, 2);
		ck_assert_uint_le(e.support_count, 2 * EVIDENCE_SUPPORT);
		while (n < e.support_count && e.support[n].weight > 0)
			n++;
		ck_assert_uint_le(n, EVIDENCE_SUPPORT);
		for (size_t i = 0; i < e.support_count; i++) {
			const struct evidence_support *s = &e.support[i];

			ck_assert(i < n || s->weight < 0);
			ck_assert(!i || s->weight <= s[-1].weight);
			ck_assert(s->similarity > 0 && s->similarity <= 1);
			snprintf(id, sizeof(id), "k%u-%u",
				 f.m->kernels[f.m->columns[c].kernel - 1]
					 .shared,
				 s->vector);
			ck_assert_str_eq(s->id, id);
		}
	}
	close_it(&f);
}
END_TEST

START_TEST(support_without_ids_has_none)
{
	struct fixture f;
	struct evidence e;

	open_it(&f, kernels[0], false);
	json_object_del(f.m->head, "support");
	ck_assert_int_eq(evidence_find(f.m, &f.j, 0, &f.a, &e), 0);
	ck_assert_uint_gt(e.support_count, 0);
	ck_assert_ptr_null(e.support[0].id);
	close_it(&f);
}
END_TEST

START_TEST(arena_too_small_is_out_of_memory)
{
	for (size_t i = 0; i < 2; i++) {
		struct fixture f;
		size_t size = 0;
		int r;

		open_it(&f, i ? kernels[0] : TINY_RECIPE, false);
		do {
			char *exact = malloc(size + 1);
			struct arena small = { exact, exact + size };
			struct evidence e;

			r = evidence_find(f.m, &f.j, 4, &small, &e);
			ck_assert(r == 0 || r == -ENOMEM);
			free(exact);
			size += 53;
			ck_assert_uint_lt(size, 1 << 20);
		} while (r);
		close_it(&f);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(linear_columns_leave_no_rest),
		CHECK_TEST(kernel_shares_are_the_slope_towards_the_article),
		CHECK_TEST(support_is_the_heaviest_either_way),
		CHECK_TEST(support_without_ids_has_none),
		CHECK_TEST(arena_too_small_is_out_of_memory),
		CHECK_END,
	};

	return check_main("evidence", tests);
}
