#include "learn/ratios.h"

#include <math.h>

#include "tests/data/tiny.h"

static struct tiny t;
static struct row_set s;
static struct err err;
static double weight[4096];

/* Rows that hold the topic and rows that do not, by term: aa 2 and 0, bb 1 and
 * 1, cc 1 and 2, dd 0 and 1. */
static const char lines[] =
	"{\"title\":\"aa\",\"text\":\"aa aa bb\",\"topics\":[\"t\"]}\n"
	"{\"text\":\"aa cc\",\"topics\":[\"t\"]}\n"
	"{\"text\":\"bb cc\",\"topics\":[]}\n"
	"{\"text\":\"cc dd dd\",\"topics\":[]}\n";

static void begin(const char *yaml, const char *data)
{
	if (data)
		tiny_open(&t, yaml, str_of(data));
	else
		tiny_made(&t, yaml, 24);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), 0);
	ck_assert_uint_le(s.vocabulary.tfidf.terms, 4096);
}

/* The weights of the machine of a topic. */
static void fit(uint32_t topic)
{
	signed char y[64];

	for (size_t i = 0; i < s.topic.n; i++)
		y[i] = t.corpus.v[s.topic.v[i].doc].labels[topic] ? 1 : -1;
	ck_assert_int_eq(ratios_fit(&s, &s.topic, y, weight), 0);
}

static void end(void)
{
	rows_free(&s);
	tiny_done(&t);
}

static void compare(const double want[4])
{
	ck_assert_uint_eq(s.vocabulary.tfidf.terms, 4);
	for (int i = 0; i < 4; i++)
		ck_assert_double_eq_tol(weight[i], want[i], 1e-14);
}

#define WORDS "machine: svm, ngrams: [1, 1]"

START_TEST(fit_bayes_is_the_log_count_ratio)
{
	/* (1 + with) / 8 against (1 + without) / 8 */
	const double mean = log(9) / 4;
	const double want[] = { log(3) / mean, 0, log(1.5) / mean,
				log(2) / mean };

	begin("words: {supervised: bayes, mix: 1, " WORDS "}\n", lines);
	fit(0);
	compare(want);
	end();
}
END_TEST

START_TEST(fit_relevance_is_relevance_frequency)
{
	const double rf[] = { log2(4), log2(3), log2(2.5), log2(2) };
	const double mean = (rf[0] + rf[1] + rf[2] + rf[3]) / 4;
	const double want[] = { rf[0] / mean, rf[1] / mean, rf[2] / mean,
				rf[3] / mean };

	begin("words: {supervised: relevance, mix: 1, " WORDS "}\n", lines);
	fit(0);
	compare(want);
	end();
}
END_TEST

START_TEST(fit_mix_is_of_means_of_one)
{
	const double s9 = log(9) / 4;
	const double idf[] = { log(5.0 / 3) + 1, log(5.0 / 3) + 1,
			       log(5.0 / 4) + 1, log(5.0 / 2) + 1 };
	const double mean = (idf[0] + idf[1] + idf[2] + idf[3]) / 4;
	const double want[] = {
		0.75 * idf[0] / mean + 0.25 * log(3) / s9,
		0.75 * idf[1] / mean,
		0.75 * idf[2] / mean + 0.25 * log(1.5) / s9,
		0.75 * idf[3] / mean + 0.25 * log(2) / s9,
	};

	begin("words: {supervised: bayes, mix: 0.25, " WORDS "}\n", lines);
	fit(0);
	compare(want);
	end();
}
END_TEST

/* Nothing parts the sides: all ratios are zero, and idf is left. */
START_TEST(fit_sides_alike_leave_the_idf)
{
	begin("words: {supervised: bayes, mix: 0.5, " WORDS "}\n",
	      "{\"text\":\"aa bb\",\"topics\":[\"t\"]}\n"
	      "{\"text\":\"aa bb\",\"topics\":[]}\n");
	fit(0);
	ck_assert(weight[0] == 0.5 && weight[1] == 0.5);
	end();
}
END_TEST

START_TEST(fit_of_blocks_that_are_not_supervised_is_one)
{
	begin("words: {ngrams: [1, 1]}\nchars: {ngrams: [3, 3], "
	      "supervised: relevance, machine: svm}\n", NULL);
	for (uint32_t k = 0; k < 3; k++) {
		size_t other = 0;

		fit(k);
		for (uint32_t i = 0; i < s.vocabulary.tfidf.block[1].end; i++)
			if (i < s.vocabulary.tfidf.block[0].end)
				ck_assert(weight[i] == 1);
			else
				other += weight[i] != 1;
		ck_assert_uint_gt(other, 10);
	}
	end();
}
END_TEST

/* What a term tells of another block's terms must not change its own weight. */
START_TEST(fit_blocks_are_each_for_themselves)
{
	static double alone[4096];
	uint32_t n;

	begin("words: {supervised: bayes, " WORDS "}\n", NULL);
	fit(1);
	n = s.vocabulary.tfidf.terms;
	memcpy(alone, weight, n * sizeof(*alone));
	end();
	begin("words: {supervised: bayes, " WORDS "}\nchars: {ngrams: [2, 3], "
	      "supervised: bayes, machine: svm}\n", NULL);
	fit(1);
	ck_assert_uint_eq(s.vocabulary.tfidf.block[0].end, n);
	ck_assert_mem_eq(weight, alone, n * sizeof(*alone));
	end();
}
END_TEST

static double squares(const struct feat *x, uint32_t from, uint32_t to)
{
	double sum = 0;

	for (; x->index >= 0; x++)
		if ((uint32_t)x->index >= from && (uint32_t)x->index < to)
			sum += x->value * x->value;
	return sum;
}

START_TEST(apply_brings_blocks_to_their_length)
{
	const struct tfidf *f = &s.vocabulary.tfidf;
	static struct feat out[4096];

	begin("words: {supervised: bayes, " WORDS "}\n"
	      "chars: {ngrams: [2, 2], supervised: relevance, machine: svm, "
	      "weight: 0.5}\n"
	      "blocks: [{of: opening, weight: 2}]\n", NULL);
	fit(0);
	for (size_t i = 0; i < s.topic.n; i++) {
		ratios_apply(f, weight, s.topic.v[i].base, out);
		ck_assert_double_eq_tol(squares(out, 0, f->block[0].end), 1,
					1e-12);
		ck_assert_double_eq_tol(squares(out, f->block[0].end,
						f->block[1].end), 0.25, 1e-12);
		ck_assert_double_eq_tol(squares(out, f->block[1].end,
						f->block[2].end), 4, 1e-12);
	}
	end();
}
END_TEST

START_TEST(apply_without_norm_is_count_times_weights)
{
	struct feat out[5];

	begin("words: {supervised: bayes, norm: false, count: plain, "
	      "weight: 0.5, " WORDS "}\n", lines);
	fit(0);
	ratios_apply(&s.vocabulary.tfidf, weight, s.topic.v[0].base, out);
	ck_assert_int_eq(out[0].index, 0);
	ck_assert_double_eq_tol(out[0].value, 3 * 0.5 * weight[0], 1e-15);
	ck_assert_int_eq(out[1].index, 1);
	ck_assert_double_eq_tol(out[1].value, 0.5 * weight[1], 1e-15);
	ck_assert_int_eq(out[2].index, -1);
	end();
}
END_TEST

/* Mixed with nothing of the labels, the vectors are those of idf. */
START_TEST(apply_mix_of_none_is_tfidf)
{
	static struct feat idf[24][512], out[512];
	static const char *const kinds[] = {
		"words: {supervised: bayes, mix: 0, idf: 2, machine: svm}\n",
		"words: {supervised: relevance, mix: 0, idf: 2, machine: svm}"
		"\n",
	};

	begin("words: {idf: 2}\n", NULL);
	for (size_t i = 0; i < s.topic.n; i++)
		for (size_t n = 0;; n++) {
			ck_assert_uint_lt(n, 512);
			idf[i][n] = s.topic.v[i].base[n];
			if (idf[i][n].index < 0)
				break;
		}
	end();
	for (size_t k = 0; k < 2; k++) {
		begin(kinds[k], NULL);
		fit(2);
		for (size_t i = 0; i < s.topic.n; i++) {
			size_t n = 0;

			ratios_apply(&s.vocabulary.tfidf, weight,
				     s.topic.v[i].base, out);
			for (; idf[i][n].index >= 0; n++) {
				ck_assert_int_eq(out[n].index,
						 idf[i][n].index);
				ck_assert_double_eq_tol(out[n].value,
							idf[i][n].value,
							1e-12);
			}
			ck_assert_int_eq(out[n].index, -1);
		}
		end();
	}
}
END_TEST

START_TEST(apply_of_nothing_is_nothing)
{
	static const struct feat none[] = { { -1, 0 } };
	struct feat out[1] = { { 7, 7 } };

	begin("words: {supervised: bayes, " WORDS "}\n", lines);
	fit(0);
	ratios_apply(&s.vocabulary.tfidf, weight, none, out);
	ck_assert_int_eq(out[0].index, -1);
	end();
}
END_TEST

START_TEST(wanted_by_any_block)
{
	begin("chars: {ngrams: [3, 3]}\n", NULL);
	ck_assert(!ratios_wanted(&t.recipe));
	t.recipe.block[1].supervised = RECIPE_SUPERVISED_RELEVANCE;
	ck_assert(ratios_wanted(&t.recipe));
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(fit_bayes_is_the_log_count_ratio),
		CHECK_TEST(fit_relevance_is_relevance_frequency),
		CHECK_TEST(fit_mix_is_of_means_of_one),
		CHECK_TEST(fit_sides_alike_leave_the_idf),
		CHECK_TEST(fit_of_blocks_that_are_not_supervised_is_one),
		CHECK_TEST(fit_blocks_are_each_for_themselves),
		CHECK_TEST(apply_brings_blocks_to_their_length),
		CHECK_TEST(apply_without_norm_is_count_times_weights),
		CHECK_TEST(apply_mix_of_none_is_tfidf),
		CHECK_TEST(apply_of_nothing_is_nothing),
		CHECK_TEST(wanted_by_any_block),
		CHECK_END,
	};

	return check_main("ratios", tests);
}
