#include "learn/rows.h"

#include <errno.h>

#include "tests/data/memory.h"
#include "tests/data/targets.h"

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

START_TEST(make_kernels_equal_those_of_the_vectors)
{
	const struct rows *both[2] = { &s.topic, &s.stance };

	begin(TINY_RECIPE "copy_weight: 0.5\n"
			  "topic: {kernel: rbf, gamma: 0.7}\n"
			  "stance: {kernel: poly, degree: 2, gamma: 0.4}\n");
	for (int b = 0; b < 2; b++) {
		size_t n = both[b]->n;
		struct kernel_params p = rows_kernel(
			b ? &t.recipe.stance : &t.recipe.topic);

		ck_assert_uint_eq(both[b]->kernel.n, n);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++) {
				const struct feat *x = both[b]->v[i].x;
				const struct feat *y = both[b]->v[j].x;
				double want = kernel_value(&p, dot(x, y),
							   dot(x, x),
							   dot(y, y));
				double got = *gram_at(&both[b]->kernel, i, j);

				ck_assert_double_eq_tol(got, want, 1e-12);
				ck_assert(b || got == want);
			}
	}
	end();
}
END_TEST

/* x holds the entries of base that are in blocks the machine reads. */
START_TEST(make_gives_machines_the_blocks_that_they_read)
{
	size_t left_out = 0;

	begin(TINY_RECIPE "blocks: [{of: opening, machine: bayes},"
			  " {of: across, ngrams: [2, 2], machine: svm}]\n");
	for (size_t i = 0; i < s.topic.n; i++) {
		const struct feat *x = s.topic.v[i].x;
		const struct feat *f = s.topic.v[i].base;
		const struct tfidf_block *b = s.vocabulary.tfidf.block;

		for (; f->index >= 0; f++) {
			uint32_t at = (uint32_t)f->index;

			if (at >= b[1].end && at < b[2].end) {
				left_out++;
				continue;
			}
			ck_assert_int_eq(x->index, f->index);
			ck_assert(x++->value == f->value);
		}
		ck_assert_int_eq(x->index, -1);
	}
	ck_assert_uint_gt(left_out, 100);
	end();
}
END_TEST

START_TEST(make_without_such_blocks_keeps_one_vector)
{
	begin(TINY_RECIPE);
	for (size_t i = 0; i < s.topic.n; i++)
		ck_assert_ptr_eq(s.topic.v[i].x, s.topic.v[i].base);
	end();
}
END_TEST

START_TEST(make_stance_rows_are_joint)
{
	begin(TINY_RECIPE "copy_weight: 0.5\n");
	for (size_t i = 0; i < s.stance.n; i++) {
		const struct row *r = &s.stance.v[i];
		const struct row *of = &s.topic.v[r->topic_row];
		int terms = (int)s.topic.dims;
		size_t n = 0;

		ck_assert_uint_eq(of->doc, r->doc);
		ck_assert_ptr_eq(of->base, r->base);
		ck_assert_uint_eq(t.corpus.v[r->doc].labels[r->topic],
				  r->stance);
		while (of->x[n].index >= 0)
			n++;
		for (size_t k = 0; k < n; k++) {
			ck_assert_int_eq(r->x[k].index, of->x[k].index);
			ck_assert_int_eq(r->x[n + k].index,
					 ((int)r->topic + 1) * terms +
						 of->x[k].index);
			ck_assert(r->x[n + k].value == 0.5 * of->x[k].value);
		}
		ck_assert_int_eq(r->x[2 * n].index,
				 4 * terms + (int)r->topic);
		ck_assert(r->x[2 * n].value == 1);
		ck_assert_int_eq(r->x[2 * n + 1].index, -1);
	}
	end();
}
END_TEST

/* Of a single topic what is shared is all: no copies, no constant. */
START_TEST(make_one_topic_has_no_copies)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	targets_lines(&b, 24, true);
	tiny_open(&t, TARGETS_TEXT, buf_view(&b));
	buf_done(&b);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), 0);
	ck_assert_uint_eq(t.corpus.topic_count, 1);
	ck_assert_uint_eq(s.stance.n, 24);
	ck_assert_uint_eq(s.stance.dims, s.topic.dims);
	ck_assert_ptr_nonnull(s.stance.kernel.v);
	for (size_t i = 0; i < s.stance.n; i++) {
		const struct feat *x = s.stance.v[i].x, *y = s.topic.v[i].x;

		for (; y->index >= 0; x++, y++)
			ck_assert(x->index == y->index &&
				  x->value == y->value);
		ck_assert_int_eq(x->index, -1);
		ck_assert_double_eq_tol(*gram_at(&s.stance.kernel, 0, i),
					dot(s.stance.v[0].x, s.stance.v[i].x),
					1e-12);
	}
	end();
}
END_TEST

START_TEST(make_with_weights_of_machines_has_no_kernels)
{
	begin("words: {supervised: bayes, machine: svm}\n");
	ck_assert_ptr_null(s.topic.kernel.v);
	ck_assert_ptr_null(s.stance.kernel.v);
	end();
}
END_TEST

START_TEST(make_has_kernels_of_what_libsvm_solves_alone)
{
	begin(TINY_RECIPE "topic: {solver: liblinear}\n"
			  "stance: {loss: squared}\n");
	ck_assert_ptr_null(s.topic.kernel.v);
	ck_assert_ptr_null(s.stance.kernel.v);
	end();
	begin(TINY_RECIPE "topic: {solver: liblinear}\n"
			  "stance: {kernel: rbf}\n");
	ck_assert_ptr_null(s.topic.kernel.v);
	ck_assert_ptr_nonnull(s.stance.kernel.v);
	end();
	begin(TINY_RECIPE "topic: {kernel: rbf}\n"
			  "stance: {loss: squared}\n");
	ck_assert_ptr_nonnull(s.topic.kernel.v);
	ck_assert_ptr_null(s.stance.kernel.v);
	end();
}
END_TEST

START_TEST(make_kernels_that_do_not_fit_are_not_made)
{
	memory_pages = 1;
	begin(TINY_RECIPE "topic: {kernel: rbf}\nstance: {kernel: rbf}\n");
	ck_assert_ptr_null(s.topic.kernel.v);
	ck_assert_ptr_null(s.stance.kernel.v);
	end();
}
END_TEST

START_TEST(by_libsvm_what_is_small_or_has_a_kernel)
{
	struct recipe r = { .block_count = 1 };
	struct recipe_machine m = { .large = 10 };

	ck_assert(rows_by_libsvm(&r, &m, 10));
	ck_assert(!rows_by_libsvm(&r, &m, 11));
	m.solver = RECIPE_SOLVER_LIBSVM;
	ck_assert(rows_by_libsvm(&r, &m, 11));
	m.solver = RECIPE_SOLVER_LIBLINEAR;
	ck_assert(!rows_by_libsvm(&r, &m, 10));
	m.solver = RECIPE_SOLVER_AUTO;
	m.loss = RECIPE_LOSS_SQUARED;
	ck_assert(!rows_by_libsvm(&r, &m, 10));
	m.loss = RECIPE_LOSS_HINGE;
	m.kernel = KERNEL_RBF;
	ck_assert(rows_by_libsvm(&r, &m, 11));
	m.kernel = KERNEL_LINEAR;
	r.block[0].supervised = RECIPE_SUPERVISED_BAYES;
	ck_assert(!rows_by_libsvm(&r, &m, 10));
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
		CHECK_TEST(make_kernels_equal_those_of_the_vectors),
		CHECK_TEST(make_gives_machines_the_blocks_that_they_read),
		CHECK_TEST(make_without_such_blocks_keeps_one_vector),
		CHECK_TEST(make_stance_rows_are_joint),
		CHECK_TEST(make_one_topic_has_no_copies),
		CHECK_TEST(make_with_weights_of_machines_has_no_kernels),
		CHECK_TEST(make_has_kernels_of_what_libsvm_solves_alone),
		CHECK_TEST(make_kernels_that_do_not_fit_are_not_made),
		CHECK_TEST(by_libsvm_what_is_small_or_has_a_kernel),
		CHECK_TEST(make_without_terms_says_so),
		CHECK_END,
	};

	return check_main("rows", tests);
}
