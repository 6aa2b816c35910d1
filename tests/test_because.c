#include "classify/because.h"

#include <errno.h>
#include <math.h>

#include "tests/data/targets.h"

static char block[1 << 22];

/* For every column of one document. Returns how many spans there were. */
static size_t document_adds_up(const struct model *m, const struct example *x)
{
	struct arena a = { block, block + sizeof(block) };
	struct judgement j;
	size_t seen = 0;

	tiny_judge(m, x, &a, &j);
	for (uint32_t c = 0; c < m->column_count; c++) {
		double sum = m->columns[c].intercept;
		const struct span *last = NULL;
		struct arena scratch = a;
		struct spans w;

		ck_assert_int_eq(because_words(m, &j, c, &scratch, &w), 0);
		for (size_t k = 0; k < w.n; last = &w.v[k++]) {
			ck_assert_uint_lt(w.v[k].start, w.v[k].end);
			ck_assert_uint_le(w.v[k].end,
					  j.field[w.v[k].field].n);
			ck_assert(!last || last->field <= w.v[k].field);
			sum += w.v[k].weight;
		}
		TINY_ASSERT_NEAR(sum, j.decision[c]);
		seen += w.n;
	}
	return seen;
}

/* For every document, and for texts that were not learnt. */
static void all_add_up(const struct tiny *t, const struct model *m)
{
	const struct example more[] = {
		tiny_example("Gaia-X et S3NS",
			     "La souveraineté, la souveraineté, l’œuvre "
			     "d'aujourd'hui : Gaia-X, Gaia-X."),
		tiny_example("", "cloud cloud cloud cloud"),
		tiny_example("cloud", ""),
		tiny_example("marché",
			     "marché marché Google-Thales qu'hélas"),
	};

	for (size_t i = 0; i < t->corpus.n; i++)
		ck_assert_uint_gt(document_adds_up(m, &t->corpus.v[i]), 0);
	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
		document_adds_up(m, &more[i]);
}

static void shares_add_up(const char *yaml)
{
	struct buf bundle;
	struct tiny t;
	struct model *m;

	tiny_made(&t, yaml, 24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	all_add_up(&t, m);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}

START_TEST(words_add_up_to_the_decision)
{
	shares_add_up(TINY_RECIPE);
}
END_TEST

START_TEST(words_add_up_with_long_grams)
{
	shares_add_up("stances: [favour, against, neutral]\n"
		      "words: {ngrams: [2, 4]}\nchars: {ngrams: [1, 5]}\n"
		      "tokens: {min_length: 1}\ntitle_weight: 0.3\n");
}
END_TEST

START_TEST(words_add_up_with_counts)
{
	shares_add_up("stances: [favour, against, neutral]\n"
		      "words: {count: plain, norm: false, idf: 0}\n"
		      "title_weight: 3.5\ncopy_weight: 2\n"
		      "topic: {c: 0.01}\nstance: {c: 0.01}\n");
}
END_TEST

START_TEST(words_add_up_with_titles_unread)
{
	shares_add_up("stances: [favour, against, neutral]\n"
		      "title_weight: 0\ntokens: {stem: french}\n");
}
END_TEST

/* Blocks of every kind, each cut in its own way, some the same. */
#define MANY_BLOCKS                                                          \
	"tokens: {min_length: 1}\n"                                          \
	"chars: {ngrams: [3, 3], cut: blanks}\n"                             \
	"blocks:\n"                                                          \
	"- {of: across, ngrams: [2, 4], idf: 0.5, weight: 0.5}\n"            \
	"- {of: across, cut: marks, cased: true, ngrams: [5, 5]}\n"          \
	"- {of: opening, count: once}\n"                                     \
	"- {cut: blanks, fields: [title], ngrams: [1, 1], norm: false}\n"    \
	"- {cut: plain, first: 5, ngrams: [1, 3], count: plain}\n"

START_TEST(words_add_up_over_cuts_and_kinds)
{
	shares_add_up(MANY_BLOCKS "title_weight: 0.5\n"
		      "stances: [favour, against, neutral]\n");
}
END_TEST

START_TEST(words_add_up_with_weights_of_each_machine)
{
	shares_add_up("stances: [favour, against, neutral]\n"
		      "words: {supervised: bayes, machine: svm}\n"
		      "chars: {ngrams: [3, 4]}\n"
		      "blocks: [{of: across, cut: blanks, ngrams: [2, 3], "
		      "supervised: relevance, machine: svm, norm: false},"
		      " {of: opening, supervised: bayes, machine: svm, "
		      "weight: 2}]\ntitle_weight: 2.5\n");
}
END_TEST

START_TEST(words_add_up_with_naive_bayes)
{
	shares_add_up(MANY_BLOCKS
		      "- {of: opening, machine: bayes}\n"
		      "stances: [favour, against, neutral]\n"
		      "topic: {bayes: 0.5}\nstance: {bayes: 2}\n");
}
END_TEST

START_TEST(words_add_up_over_targets)
{
	static const char *const yamls[] = {
		TARGETS_TOPICS,
		TARGETS_TEXT "blocks: [{of: across, ngrams: [3, 3], "
			     "fields: [target], supervised: bayes, "
			     "machine: svm}, {of: opening, cut: blanks, "
			     "fields: [text, target]}]\n",
	};

	for (size_t y = 0; y < 2; y++) {
		struct arena a = { block, block + sizeof(block) };
		bool target = false;
		struct buf bundle, b;
		struct judgement j;
		struct model *m;
		struct spans w;
		struct tiny t;

		buf_init(&b, 1 << 20);
		targets_lines(&b, 24, y);
		tiny_open(&t, yamls[y], buf_view(&b));
		tiny_bundle(&t, &bundle);
		m = tiny_view(&bundle);
		for (size_t i = 0; i < t.corpus.n; i++)
			document_adds_up(m, &t.corpus.v[i]);
		tiny_judge(m, &t.corpus.v[0], &a, &j);
		ck_assert_int_eq(because_words(m, &j, m->column_count - 1, &a,
					       &w), 0);
		for (size_t i = 0; i < w.n; i++)
			target |= w.v[i].field == FIELD_TARGET;
		ck_assert(target == (y == 1));
		model_free(m);
		buf_done(&bundle);
		buf_done(&b);
		tiny_done(&t);
	}
}
END_TEST

START_TEST(words_add_up_of_values_that_were_given)
{
	struct buf bundle;
	struct tiny t;
	struct model *m;

	tiny_open(&t, "words: {of: given, cut: blanks, count: plain, idf: 0}\n",
		  STR("{\"text\":\"a:0.5 b:2 c:-1\",\"topics\":[\"t\"]}\n"
		      "{\"text\":\"a:1.5 c:2 d:0.25\",\"topics\":[]}\n"
		      "{\"text\":\"b:1 b:0.5 d:1\",\"topics\":[\"t\"]}\n"));
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	for (size_t i = 0; i < t.corpus.n; i++)
		ck_assert_uint_gt(document_adds_up(m, &t.corpus.v[i]), 0);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

/* What several cuts have in common is one span. */
START_TEST(words_of_several_cuts_are_merged)
{
	struct arena a = { block, block + sizeof(block) };
	struct example x = tiny_example("", "souveraineté cloud souveraineté");
	struct buf bundle;
	struct judgement j;
	struct model *m;
	struct spans w;
	struct tiny t;

	tiny_made(&t, "blocks: [{cut: blanks}, {cut: plain}, {cased: true}]\n",
		  24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	tiny_judge(m, &x, &a, &j);
	ck_assert_uint_eq(m->features.cut_count, 4);
	ck_assert_int_eq(because_words(m, &j, 2, &a, &w), 0);
	ck_assert_uint_eq(w.n, 3);
	for (size_t i = 1; i < w.n; i++)
		ck_assert_uint_lt(w.v[i - 1].end, w.v[i].start);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

START_TEST(words_of_a_kernel_column_are_none)
{
	struct arena a = { block, block + sizeof(block) };
	struct buf bundle;
	struct tiny t;
	struct model *m;
	struct judgement j;
	struct spans w;

	tiny_made(&t, TINY_RECIPE "topic: {kernel: rbf}\n", 24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	tiny_judge(m, &t.corpus.v[0], &a, &j);
	ck_assert_int_eq(because_words(m, &j, 0, &a, &w), 0);
	ck_assert_uint_eq(w.n, 0);
	ck_assert_int_eq(because_words(m, &j, 3, &a, &w), 0);
	ck_assert_uint_gt(w.n, 0);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

START_TEST(words_arena_too_small_is_out_of_memory)
{
	struct arena a = { block, block + sizeof(block) };
	struct buf bundle;
	struct tiny t;
	struct model *m;
	struct judgement j;
	size_t size = 0;
	int r;

	tiny_made(&t, MANY_BLOCKS, 24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	tiny_judge(m, &t.corpus.v[0], &a, &j);
	do {
		char *exact = malloc(size + 1);
		struct arena small = { exact, exact + size };
		struct spans w;

		r = because_words(m, &j, 0, &small, &w);
		ck_assert(r == 0 || r == -ENOMEM);
		free(exact);
		ck_assert_uint_lt(++size, 1 << 16);
	} while (r);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

/* The best, by hand. */

static struct spans best(const char *title, const char *text, struct span *v,
			 size_t n)
{
	struct judgement j = { .field = { str_of(title), str_of(text) } };

	return because_best(&j, (struct spans){ v, n });
}

START_TEST(best_are_the_heaviest_for_it)
{
	const char *text = "aa. bb. cc. dd. ee. ff. gg.";
	struct span v[7];
	struct spans b;
	static const double w[] = { 1, -5, 0.3, 0.24, 0.5, 0.6, 0.7 };

	for (uint32_t i = 0; i < 7; i++)
		v[i] = (struct span){ FIELD_TEXT, 4 * i, 4 * i + 2, w[i] };
	b = best("", text, v, 7);
	ck_assert_uint_eq(b.n, BECAUSE_MOST);
	ck_assert(b.v[0].weight == 1 && b.v[1].weight == 0.7 &&
		  b.v[2].weight == 0.6 && b.v[3].weight == 0.5 &&
		  b.v[4].weight == 0.3);
}
END_TEST

START_TEST(best_neighbours_are_one)
{
	const char *text = "la souveraineté numérique, l’Europe avance";
	struct span v[] = { { FIELD_TEXT, 3, 16, 0.5 },
			    { FIELD_TEXT, 17, 27, 0.4 },
			    { FIELD_TEXT, 29, 30, 0.3 },
			    { FIELD_TEXT, 33, 39, 0.3 } };
	struct spans b = best("", text, v, 4);

	ck_assert_uint_eq(b.n, 2); /* the comma divides, the ’ does not */
	ck_assert_uint_eq(b.v[0].start, 3);
	ck_assert_uint_eq(b.v[0].end, 27);
	ck_assert_double_eq_tol(b.v[0].weight, 0.9, 1e-15);
	ck_assert_uint_eq(b.v[1].start, 29);
	ck_assert_uint_eq(b.v[1].end, 39);
}
END_TEST

START_TEST(best_parts_lie_within_their_compound)
{
	struct span v[] = { { FIELD_TEXT, 0, 4, 0.5 },
			    { FIELD_TEXT, 5, 6, 0.4 },
			    { FIELD_TEXT, 0, 6, 0.3 } };
	struct spans b = best("", "Gaia-X", v, 3);

	ck_assert_uint_eq(b.n, 1);
	ck_assert_uint_eq(b.v[0].start, 0);
	ck_assert_uint_eq(b.v[0].end, 6);
	ck_assert_double_eq_tol(b.v[0].weight, 1.2, 1e-15);
}
END_TEST

START_TEST(best_title_and_text_stay_apart)
{
	struct span v[] = { { FIELD_TITLE, 0, 5, 0.5 },
			    { FIELD_TEXT, 5, 6, 0.5 } };
	struct spans b = best("title", "text x", v, 2);

	ck_assert_uint_eq(b.n, 2);
	ck_assert_int_eq(b.v[0].field, FIELD_TITLE); /* equal: by place */
}
END_TEST

START_TEST(best_of_nothing_for_it_is_none)
{
	struct span v[] = { { FIELD_TEXT, 0, 1, -0.5 },
			    { FIELD_TEXT, 2, 3, -0.1 } };

	ck_assert_uint_eq(best("", "a b", v, 2).n, 0);
	ck_assert_uint_eq(best("", "a b", v, 0).n, 0);
	ck_assert_uint_eq(best("", "a b", NULL, 0).n, 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(words_add_up_to_the_decision),
		CHECK_TEST(words_add_up_with_long_grams),
		CHECK_TEST(words_add_up_with_counts),
		CHECK_TEST(words_add_up_with_titles_unread),
		CHECK_TEST(words_add_up_over_cuts_and_kinds),
		CHECK_TEST(words_add_up_with_weights_of_each_machine),
		CHECK_TEST(words_add_up_with_naive_bayes),
		CHECK_TEST(words_add_up_over_targets),
		CHECK_TEST(words_add_up_of_values_that_were_given),
		CHECK_TEST(words_of_several_cuts_are_merged),
		CHECK_TEST(words_of_a_kernel_column_are_none),
		CHECK_TEST(words_arena_too_small_is_out_of_memory),
		CHECK_TEST(best_are_the_heaviest_for_it),
		CHECK_TEST(best_neighbours_are_one),
		CHECK_TEST(best_parts_lie_within_their_compound),
		CHECK_TEST(best_title_and_text_stay_apart),
		CHECK_TEST(best_of_nothing_for_it_is_none),
		CHECK_END,
	};

	return check_main("because", tests);
}
