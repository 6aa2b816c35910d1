#include "learn/complement.h"

#include <jansson.h>
#include <math.h>

#include "tests/data/tiny.h"

static struct tiny t;
static struct row_set s;
static struct err err;
static uint32_t class_of[64];
static double weights[1 << 14];

static void begin(const char *yaml, struct str data)
{
	tiny_open(&t, yaml, data);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), 0);
	/* Of documents with one topic, that topic. */
	for (size_t i = 0; i < s.topic.n; i++)
		for (uint32_t k = 0; k < t.corpus.topic_count; k++)
			if (t.corpus.v[s.topic.v[i].doc].labels[k])
				class_of[i] = k;
}

static void end(void)
{
	rows_free(&s);
	tiny_done(&t);
}

/* scikit-learn's feature_log_prob_, made by
 * tests/data/make_tfidf_reference.py; ours has no mean. */
START_TEST(fit_equals_scikit_learn)
{
	json_t *all = json_load_file("tests/data/complement_reference.json", 0,
				     NULL);
	json_t *texts = json_object_get(all, "documents"), *text;
	json_t *classes = json_object_get(all, "classes");
	size_t i, n = json_array_size(classes);
	struct buf b;

	buf_init(&b, 1 << 16);
	json_array_foreach(texts, i, text)
		buf_printf(&b, "{\"text\":\"%s\",\"topics\":\"%s\"}\n",
			   json_string_value(text),
			   json_string_value(json_array_get(
				   json_object_get(all, "labels"), i)));
	begin("one_of: true\ntokens: {min_length: 1}\n"
	      "words: {ngrams: [1, 1]}\n", buf_view(&b));
	ck_assert_uint_eq(t.corpus.topic_count, n);
	ck_assert_uint_eq(n, 3);
	complement_fit(&s, &s.topic, class_of, 3,
		       json_number_value(json_object_get(all, "alpha")),
		       weights);
	for (uint32_t j = 0; j < s.vocabulary.tfidf.terms; j++) {
		struct str name = t.terms.v[s.vocabulary.global[j]].name;
		double want[3], mean = 0;
		json_t *w = json_object_getn(json_object_get(all, "weights"),
					     name.p, name.n);

		ck_assert_uint_eq(json_array_size(w), 3);
		for (i = 0; i < 3; i++) {
			want[i] = json_number_value(json_array_get(w, i));
			mean += want[i] / 3;
		}
		for (i = 0; i < 3; i++)
			ck_assert_double_eq_tol(
				weights[i * s.vocabulary.tfidf.terms + j],
				want[i] - mean, 1e-9);
	}
	end();
	buf_done(&b);
	json_decref(all);
}
END_TEST

/* By hand, of two classes and whole counts: the other class holds aa 0, bb 1,
 * cc 2 and aa 2, bb 0, cc 1; one is added to each. */
START_TEST(fit_two_classes_by_hand)
{
	const double of_a[] = { 1.0 / 6, 2.0 / 6, 3.0 / 6 };
	const double of_b[] = { 3.0 / 6, 1.0 / 6, 2.0 / 6 };

	begin("words: {ngrams: [1, 1], count: plain, idf: 0, norm: false}\n"
	      "one_of: true\n",
	      STR("{\"text\":\"aa aa cc\",\"topics\":\"a\"}\n"
		  "{\"text\":\"bb cc cc\",\"topics\":\"b\"}\n"));
	complement_fit(&s, &s.topic, class_of, 2, 1, weights);
	for (int j = 0; j < 3; j++) {
		double half = (log(of_b[j]) - log(of_a[j])) / 2;

		ck_assert_double_eq_tol(weights[j], half, 1e-15);
		ck_assert_double_eq_tol(weights[3 + j], -half, 1e-15);
	}
	end();
}
END_TEST

START_TEST(fit_terms_of_blocks_that_are_not_read_weigh_nothing)
{
	static double alone[1 << 10];
	static const char data[] =
		"{\"text\":\"aa aa cc\",\"topics\":\"a\"}\n"
		"{\"text\":\"bb cc cc\",\"topics\":\"b\"}\n"
		"{\"text\":\"bb dd\",\"topics\":\"c\"}\n";
	uint32_t words, n;

	begin("one_of: true\n", STR(data));
	words = s.vocabulary.tfidf.terms;
	complement_fit(&s, &s.topic, class_of, 3, 0.1, weights);
	memcpy(alone, weights, 3 * words * sizeof(*alone));
	end();
	begin("one_of: true\nchars: {ngrams: [2, 3], machine: svm}\n",
	      STR(data));
	n = s.vocabulary.tfidf.terms;
	complement_fit(&s, &s.topic, class_of, 3, 0.1, weights);
	ck_assert_uint_eq(s.vocabulary.tfidf.block[0].end, words);
	ck_assert_uint_gt(n, words);
	for (uint32_t c = 0; c < 3; c++)
		for (uint32_t j = 0; j < n; j++)
			ck_assert(weights[c * n + j] ==
				  (j < words ? alone[c * words + j] : 0));
	end();
}
END_TEST

START_TEST(fit_weights_of_a_term_add_up_to_nothing)
{
	size_t n, terms;

	tiny_made(&t, TINY_RECIPE, 24);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), 0);
	n = s.stance.n;
	terms = s.vocabulary.tfidf.terms;
	for (size_t i = 0; i < n; i++)
		class_of[i] = s.stance.v[i].stance - 1u;
	complement_fit(&s, &s.stance, class_of, 3, 1e-9, weights);
	for (size_t j = 0; j < terms; j++) {
		double sum = weights[j] + weights[terms + j] +
			     weights[2 * terms + j];

		ck_assert(isfinite(weights[j]));
		ck_assert_double_eq_tol(sum, 0, 1e-12);
	}
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(fit_equals_scikit_learn),
		CHECK_TEST(fit_two_classes_by_hand),
		CHECK_TEST(fit_terms_of_blocks_that_are_not_read_weigh_nothing),
		CHECK_TEST(fit_weights_of_a_term_add_up_to_nothing),
		CHECK_END,
	};

	return check_main("complement", tests);
}
