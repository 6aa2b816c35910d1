#include "learn/terms.h"

#include <errno.h>
#include <math.h>

#include "tests/data/tiny.h"

/* The places of the blocks of TINY_RECIPE and of recipes that have words and
 * chars. */
enum { WORDS, CHARS };

static char block[1 << 20];

static const char lines[] =
	"{\"title\":\"cloud\",\"text\":\"cloud europe\",\"topics\":[\"t\"]}\n"
	"{\"text\":\"europe data cloud\",\"topics\":[\"t\"]}\n"
	"{\"text\":\"… !\",\"topics\":[\"t\"]}\n"
	"{\"text\":\"data\",\"topics\":[]}\n";

/* The count of a term in a document, by name; 0 when it is not there. */
static double count_of(const struct tiny *t, size_t doc, const char *name,
		       uint32_t in)
{
	for (size_t i = 0; i < t->terms.docs[doc].n; i++) {
		const struct count *c = &t->terms.docs[doc].v[i];

		if (str_is(t->terms.v[c->term].name, name) &&
		    t->terms.v[c->term].block == in)
			return c->n;
	}
	return 0;
}

START_TEST(read_counts_every_document)
{
	struct tiny t;

	tiny_open(&t, "title_weight: 2.5\n", str_of(lines));
	ck_assert(count_of(&t, 0, "cloud", WORDS) == 3.5);
	ck_assert(count_of(&t, 0, "cloud europe", WORDS) == 1);
	ck_assert(count_of(&t, 0, "cloud cloud", WORDS) == 0);
	ck_assert(count_of(&t, 1, "data cloud", WORDS) == 1);
	ck_assert_uint_eq(t.terms.docs[2].n, 0);
	ck_assert(count_of(&t, 3, "data", WORDS) == 1);
	/* cloud, europe, data; cloud europe, europe data, data cloud. */
	ck_assert_uint_eq(t.terms.n, 6);
	tiny_done(&t);
}
END_TEST

START_TEST(read_first_document_without_words)
{
	struct tiny t;

	tiny_open(&t, "", STR("{\"text\":\"!\",\"topics\":[]}\n"
			      "{\"text\":\"cloud\",\"topics\":[\"t\"]}\n"));
	ck_assert_uint_eq(t.terms.docs[0].n, 0);
	ck_assert_uint_eq(t.terms.docs[1].n, 1);
	tiny_done(&t);
}
END_TEST

START_TEST(read_titles_without_weight_are_not_read)
{
	struct tiny t;

	tiny_open(&t, "title_weight: 0\n",
		  STR("{\"title\":\"gone\",\"text\":\"cloud\","
		      "\"topics\":[\"t\"]}\n"));
	ck_assert_uint_eq(t.terms.n, 1);
	ck_assert(str_is(t.terms.v[0].name, "cloud"));
	tiny_done(&t);
}
END_TEST

START_TEST(read_ids_follow_block_and_name)
{
	struct tiny t;

	tiny_made(&t, "chars: {ngrams: [2, 3]}\n", 24);
	for (uint32_t i = 1; i < t.terms.n; i++) {
		const struct term *x = &t.terms.v[i - 1], *y = &t.terms.v[i];

		ck_assert(x->block < y->block ||
			  (x->block == y->block &&
			   str_cmp(x->name, y->name) < 0));
	}
	for (size_t d = 0; d < t.terms.doc_count; d++)
		for (size_t i = 1; i < t.terms.docs[d].n; i++)
			ck_assert_uint_lt(t.terms.docs[d].v[i - 1].term,
					  t.terms.docs[d].v[i].term);
	tiny_done(&t);
}
END_TEST

START_TEST(read_near_copies_are_one_group)
{
	struct tiny t;

	tiny_open(&t, "",
		  STR("{\"text\":\"a b c d e f g h i j k l m n o p q r s t\","
		      "\"topics\":[\"t\"]}\n"
		      "{\"text\":\"something else was said on that day\","
		      "\"topics\":[]}\n"
		      "{\"title\":\"A b c\",\"text\":\"d e f g h i j k l m n o "
		      "p q r s t u\",\"topics\":[\"t\"]}\n"));
	ck_assert_uint_eq(t.terms.groups[0], 0);
	ck_assert_uint_eq(t.terms.groups[1], 1);
	/* min_length 2 leaves none of the letters: too short, but equal. */
	ck_assert_uint_eq(t.terms.groups[2], 0);
	tiny_done(&t);
}
END_TEST

/* The words of a document are those of whichever block reads them. */
START_TEST(read_near_copies_whatever_the_first_block_reads)
{
	static const char data[] =
		"{\"title\":\"one\",\"topics\":[],\"text\":"
		"\"the cloud market grows and its leaders sign a deal\"}\n"
		"{\"title\":\"two\",\"topics\":[],\"text\":"
		"\"nothing of this was ever said by anyone in town\"}\n"
		"{\"title\":\"six\",\"topics\":[\"t\"],\"text\":"
		"\"the cloud market grows and its leaders sign a deal\"}\n";
	struct tiny t;

	tiny_open(&t, "words: {fields: [title]}\n"
		      "blocks: [{cut: blanks, fields: [text]}]\n",
		  str_of(data));
	ck_assert_uint_eq(t.terms.groups[0], 0);
	ck_assert_uint_eq(t.terms.groups[1], 1);
	ck_assert_uint_eq(t.terms.groups[2], 0);
	tiny_done(&t);
}
END_TEST

START_TEST(read_blocks_each_count_their_fields)
{
	struct tiny t;

	tiny_open(&t,
		  "targets: text\nstances: [for, against]\n"
		  "words: {ngrams: [1, 1], fields: [target]}\n"
		  "blocks:\n"
		  "- {name: begin, of: opening, fields: [title, text]}\n"
		  "- {name: numbers, of: given, cut: blanks, fields: [text]}\n"
		  "title_weight: 3\n",
		  STR("{\"title\":\"one\",\"text\":\"one a:2.5 a:-1 b:x\","
		      "\"target\":\"two two\",\"stance\":\"for\"}\n"));
	ck_assert(count_of(&t, 0, "two", 0) == 2);
	ck_assert(count_of(&t, 0, "one", 0) == 0);
	ck_assert(count_of(&t, 0, "^^one", 1) == 4);
	ck_assert(count_of(&t, 0, "^one", 1) == 4);
	ck_assert(count_of(&t, 0, "2^1 words", 1) == 4);
	ck_assert(count_of(&t, 0, "a", 2) == 1.5);
	ck_assert(count_of(&t, 0, "b", 2) == 0);
	tiny_done(&t);
}
END_TEST

START_TEST(read_unknown_stemmer_is_refused)
{
	struct recipe r;
	struct tiny t;
	struct terms terms;
	struct err e = { "" };

	tiny_open(&t, "", str_of(lines));
	r = t.recipe;
	r.tokens.stem = "klingon";
	ck_assert_int_eq(terms_read(&terms, &t.corpus, &r, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "klingon"));
	tiny_done(&t);
}
END_TEST

/* The vocabulary of some of the documents. */
static struct vocabulary fit(const struct tiny *t, const char *use)
{
	unsigned char in[32] = { 0 };
	struct vocabulary v;
	struct err e = { "" };

	for (size_t i = 0; use[i]; i++)
		in[i] = use[i] == '1';
	ck_assert_int_eq(vocabulary_fit(&v, &t->terms, &t->recipe, in, &e), 0);
	return v;
}

static bool knows(const struct tiny *t, const struct vocabulary *v,
		  const char *name)
{
	for (uint32_t i = 0; i < v->tfidf.terms; i++)
		if (str_is(t->terms.v[v->global[i]].name, name))
			return tfidf_find(&v->tfidf,
					  t->terms.v[v->global[i]].hash) == i;
	return false;
}

START_TEST(fit_counts_the_documents_in_use)
{
	struct vocabulary v;
	struct tiny t;

	tiny_open(&t, "words: {ngrams: [1, 1]}\n", str_of(lines));
	v = fit(&t, "1111");
	ck_assert_uint_eq(v.documents, 4);
	ck_assert_uint_eq(v.tfidf.terms, 3);
	ck_assert_uint_eq(v.tfidf.block_count, 1);
	ck_assert_uint_eq(v.tfidf.block[WORDS].end, 3);
	for (uint32_t i = 0; i < 3; i++)
		ck_assert(v.idf[i] == log(5.0 / 3) + 1); /* each in two */
	vocabulary_free(&v);
	v = fit(&t, "1000");
	ck_assert_uint_eq(v.documents, 1);
	ck_assert_uint_eq(v.tfidf.terms, 2);
	ck_assert(!knows(&t, &v, "data"));
	ck_assert(knows(&t, &v, "cloud"));
	vocabulary_free(&v);
	tiny_done(&t);
}
END_TEST

START_TEST(fit_bounds_of_document_frequency)
{
	struct vocabulary v;
	struct tiny t;

	tiny_open(&t, "words: {ngrams: [1, 2], min_df: 2, max_df: 0.5}\n",
		  str_of(lines));
	v = fit(&t, "1111");
	ck_assert_uint_eq(v.tfidf.terms, 3); /* no pair is in two */
	ck_assert(!knows(&t, &v, "cloud europe"));
	vocabulary_free(&v);
	t.recipe.block[WORDS].min_df = 1;
	v = fit(&t,
		"1101"); /* each word is in two of three, each pair in one */
	ck_assert_uint_eq(v.tfidf.terms, 3);
	ck_assert(!knows(&t, &v, "cloud") && knows(&t, &v, "cloud europe"));
	vocabulary_free(&v);
	tiny_done(&t);
}
END_TEST

START_TEST(fit_ids_and_settings_go_block_by_block)
{
	struct vocabulary v;
	struct tiny t;
	uint32_t from = 0;

	tiny_made(&t, "words: {min_df: 2, idf: 0.5}\n"
		      "chars: {ngrams: [3, 3], min_df: 4, idf: 0, weight: 2, "
		      "count: once}\n"
		      "blocks: [{of: across, ngrams: [16, 16], min_df: 1000},"
		      " {of: opening, norm: false, supervised: bayes, "
		      "machine: svm, min_df: 3}]\n", 24);
	v = fit(&t, "111111111111111111111111");
	ck_assert_uint_eq(v.tfidf.block_count, 4);
	ck_assert_uint_eq(v.tfidf.block[2].end, v.tfidf.block[1].end);
	ck_assert_uint_eq(v.tfidf.block[3].end, v.tfidf.terms);
	for (uint32_t b = 0; b < 4; from = v.tfidf.block[b++].end)
		for (uint32_t i = from; i < v.tfidf.block[b].end; i++)
			ck_assert_uint_eq(t.terms.v[v.global[i]].block, b);
	ck_assert(v.tfidf.block[1].weight == 2 &&
		  v.tfidf.block[1].count == TFIDF_ONCE);
	ck_assert(v.tfidf.block[3].supervised && !v.tfidf.block[3].norm);
	ck_assert(!v.tfidf.block[0].supervised && v.tfidf.block[0].norm);
	for (uint32_t i = 0; i < v.tfidf.block[1].end; i++) {
		uint32_t slot = 0;
		double idf;

		while (v.slots[slot].term != i)
			slot++;
		idf = tfidf_idf(24, v.slots[slot].df);
		ck_assert_double_eq_tol(v.idf[i],
					i < v.tfidf.block[0].end ? sqrt(idf)
								 : 1,
					1e-15);
	}
	vocabulary_free(&v);
	tiny_done(&t);
}
END_TEST

START_TEST(fit_no_term_or_no_document_is_refused)
{
	unsigned char none[4] = { 0 };
	struct vocabulary v;
	struct tiny t;
	struct err e = { "" };

	tiny_open(&t, "words: {min_df: 3}\n", str_of(lines));
	ck_assert_int_eq(vocabulary_fit(&v, &t.terms, &t.recipe, t.use, &e),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "min_df"));
	err_clear(&e);
	ck_assert_int_eq(vocabulary_fit(&v, &t.terms, &t.recipe, none, &e),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "no document is left"));
	tiny_done(&t);
}
END_TEST

START_TEST(counts_are_in_the_ids_of_the_vocabulary)
{
	struct arena a = { block, block + sizeof(block) },
		     none = { block, block };
	struct vocabulary v;
	struct counts c;
	struct tiny t;

	tiny_open(&t, "words: {ngrams: [1, 1]}\n", str_of(lines));
	v = fit(&t, "1000");
	c = vocabulary_counts(&v, t.terms.docs[1], &a);
	ck_assert_uint_eq(c.n, 2); /* europe, cloud; not data */
	ck_assert_uint_eq(c.v[0].term, 0);
	ck_assert_uint_eq(c.v[1].term, 1);
	ck_assert_ptr_null(vocabulary_counts(&v, t.terms.docs[1], &none).v);
	vocabulary_free(&v);
	tiny_done(&t);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(read_counts_every_document),
		CHECK_TEST(read_first_document_without_words),
		CHECK_TEST(read_titles_without_weight_are_not_read),
		CHECK_TEST(read_ids_follow_block_and_name),
		CHECK_TEST(read_near_copies_are_one_group),
		CHECK_TEST(read_near_copies_whatever_the_first_block_reads),
		CHECK_TEST(read_blocks_each_count_their_fields),
		CHECK_TEST(read_unknown_stemmer_is_refused),
		CHECK_TEST(fit_counts_the_documents_in_use),
		CHECK_TEST(fit_bounds_of_document_frequency),
		CHECK_TEST(fit_ids_and_settings_go_block_by_block),
		CHECK_TEST(fit_no_term_or_no_document_is_refused),
		CHECK_TEST(counts_are_in_the_ids_of_the_vocabulary),
		CHECK_END,
	};

	return check_main("terms", tests);
}
