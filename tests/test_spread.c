#include "classify/spread.h"

#include <errno.h>

#include "tests/data/tiny.h"

static char block[1 << 22];

/* Several cuts, characters, openings and titles that count for themselves. */
#define WIDE_RECIPE                                                        \
	TINY_RECIPE                                                        \
	"blocks:\n"                                                        \
	"  - {name: marks, of: words, cut: marks, ngrams: [1, 2]}\n"       \
	"  - {name: start, of: opening, first: 6}\n"                       \
	"  - {name: over, of: across, cut: marks, ngrams: [3, 3]}\n"

struct fixture {
	struct tiny t;
	struct buf bundle;
	struct model *m;
	struct arena a;
	struct judgement j;
};

static void open_it(struct fixture *f, const char *yaml, size_t example)
{
	tiny_made(&f->t, yaml, 24);
	tiny_bundle(&f->t, &f->bundle);
	f->m = tiny_view(&f->bundle);
	f->a = (struct arena){ block, block + sizeof(block) };
	tiny_judge(f->m, &f->t.corpus.v[example], &f->a, &f->j);
}

static void close_it(struct fixture *f)
{
	model_free(f->m);
	buf_done(&f->bundle);
	tiny_done(&f->t);
}

static double *some_shares(struct fixture *f, double *sum)
{
	double *share = arena_take_array(&f->a, f->j.counts.n + 1,
					 sizeof(*share));
	unsigned state = 3;

	ck_assert_ptr_nonnull(share);
	*sum = 0;
	for (size_t i = 0; i < f->j.counts.n; i++) {
		share[i] = (double)tiny_random(&state) / 4096 - 4;
		*sum += share[i];
	}
	return share;
}

START_TEST(words_add_up_to_any_shares)
{
	for (size_t i = 0; i < 24; i += 5) {
		struct fixture f;
		struct spans w;
		double sum, left, *share;

		open_it(&f, WIDE_RECIPE, i);
		share = some_shares(&f, &sum);
		ck_assert_int_eq(spread_words(f.m, &f.j, share, &f.a, &w), 0);
		ck_assert_uint_gt(w.n, 0);
		left = sum;
		for (size_t k = 0; k < w.n; k++) {
			ck_assert_uint_lt(w.v[k].start, w.v[k].end);
			ck_assert_uint_le(w.v[k].end,
					  f.j.field[w.v[k].field].n);
			left -= w.v[k].weight;
		}
		ck_assert_double_eq_tol(left, 0, 1e-9);
		close_it(&f);
	}
}
END_TEST

START_TEST(words_are_in_order_and_each_once)
{
	struct fixture f;
	struct spans w;
	double sum, *share;

	open_it(&f, WIDE_RECIPE, 0);
	share = some_shares(&f, &sum);
	ck_assert_int_eq(spread_words(f.m, &f.j, share, &f.a, &w), 0);
	for (size_t k = 1; k < w.n; k++) {
		const struct span *x = &w.v[k - 1], *y = &w.v[k];

		ck_assert_int_le(x->field, y->field);
		if (x->field != y->field)
			continue;
		ck_assert_uint_le(x->start, y->start);
		ck_assert(x->start != y->start || x->end != y->end);
	}
	close_it(&f);
}
END_TEST

START_TEST(shares_and_intercept_are_the_decision)
{
	struct fixture f;

	open_it(&f, WIDE_RECIPE, 4);
	for (uint32_t c = 0; c < f.m->column_count; c++) {
		struct arena a = f.a;
		double *share = arena_take_array(&a, f.j.counts.n + 1,
						 sizeof(*share));
		double sum = f.m->columns[c].intercept;

		judge_shares(f.m, &f.j, c, share);
		for (size_t i = 0; i < f.j.counts.n; i++)
			sum += share[i];
		TINY_ASSERT_NEAR(sum, f.j.decision[c]);
		ck_assert(share[f.j.counts.n] == 0);
	}
	close_it(&f);
}
END_TEST

START_TEST(no_shares_are_no_words)
{
	struct fixture f;
	struct spans w;
	double *share;

	open_it(&f, TINY_RECIPE, 0);
	share = arena_take_array(&f.a, f.j.counts.n + 1, sizeof(*share));
	ck_assert_int_eq(spread_words(f.m, &f.j, share, &f.a, &w), 0);
	ck_assert_uint_eq(w.n, 0);
	close_it(&f);
}
END_TEST

START_TEST(arena_too_small_is_out_of_memory)
{
	struct fixture f;
	double sum, *share;
	size_t size = 0;
	int r;

	open_it(&f, WIDE_RECIPE, 0);
	share = some_shares(&f, &sum);
	do {
		char *exact = malloc(size + 1);
		struct arena small = { exact, exact + size };
		struct spans w;

		r = spread_words(f.m, &f.j, share, &small, &w);
		ck_assert(r == 0 || r == -ENOMEM);
		free(exact);
		size += 61;
		ck_assert_uint_lt(size, 1 << 20);
	} while (r);
	close_it(&f);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(words_add_up_to_any_shares),
		CHECK_TEST(words_are_in_order_and_each_once),
		CHECK_TEST(shares_and_intercept_are_the_decision),
		CHECK_TEST(no_shares_are_no_words),
		CHECK_TEST(arena_too_small_is_out_of_memory),
		CHECK_END,
	};

	return check_main("spread", tests);
}
