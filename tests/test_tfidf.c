#include "classify/tfidf.h"

#include <jansson.h>
#include <math.h>

#include "tests/data/tiny.h"

static char block[1 << 20];

/* scikit-learn's vectors, made by tests/data/make_tfidf_reference.py. */

/* A document without a word needs a title all the same, which is not read. */
static void add_line(struct buf *b, const json_t *text)
{
	char *z = json_dumps(text, JSON_ENCODE_ANY);

	buf_printf(b, "{\"topics\":[\"t\"],\"title\":\"-\",\"text\":%s}\n",
		   z);
	free(z);
}

static const char *z_of(const json_t *c, const char *name)
{
	return json_string_value(json_object_get(c, name));
}

static double number_of(const json_t *c, const char *name)
{
	return json_number_value(json_object_get(c, name));
}

static const char *flag_of(const json_t *c, const char *name)
{
	return json_is_true(json_object_get(c, name)) ? "true" : "false";
}

/* scikit-learn's own pattern of a word wants two characters. */
static const char *recipe_of(const json_t *c)
{
	static char yaml[1024];
	json_t *n = json_object_get(c, "ngrams");

	snprintf(yaml, sizeof(yaml),
		 "words: {of: %s, cut: %s, cased: %s, ngrams: [%d, %d], "
		 "min_df: %d, max_df: %.17g, count: %s, idf: %.17g, norm: %s, "
		 "fields: [text]}\ntokens: {min_length: %d}\n",
		 z_of(c, "of"), z_of(c, "cut"), flag_of(c, "cased"),
		 (int)json_integer_value(json_array_get(n, 0)),
		 (int)json_integer_value(json_array_get(n, 1)),
		 (int)number_of(c, "min_df"), number_of(c, "max_df"),
		 z_of(c, "count"), number_of(c, "idf"), flag_of(c, "norm"),
		 strcmp(z_of(c, "cut"), "plain") ? 1 : 2);
	return yaml;
}

static void compare_vector(const struct tiny *t, const struct vocabulary *v,
			   size_t doc, const json_t *want)
{
	struct arena a = { block, block + sizeof(block) };
	struct counts c = vocabulary_counts(v, t->terms.docs[doc], &a);
	struct feat *x = arena_take_array(&a, c.n + 1, sizeof(*x));

	ck_assert_uint_eq(tfidf_weigh(&v->tfidf, c, x), c.n);
	ck_assert_uint_eq(c.n, json_object_size(want));
	for (size_t i = 0; i < c.n; i++) {
		struct str name =
			t->terms.v[v->global[x[i].index]].name;
		char z[256];

		snprintf(z, sizeof(z), STR_FMT, STR_ARG(name));
		ck_assert_msg(json_object_get(want, z) != NULL, "'%s'", z);
		ck_assert_double_eq_tol(
			x[i].value,
			json_number_value(json_object_get(want, z)), 1e-9);
	}
	ck_assert_int_eq(x[c.n].index, -1);
}

static void compare_case(const json_t *c)
{
	json_t *docs = json_object_get(c, "documents"), *d;
	struct vocabulary v;
	struct err e = { "" };
	struct tiny t;
	struct buf b;
	size_t i;

	buf_init(&b, 1 << 16);
	json_array_foreach(docs, i, d)
		add_line(&b, d);
	tiny_open(&t, recipe_of(c), buf_view(&b));
	ck_assert_int_eq(vocabulary_fit(&v, &t.terms, &t.recipe, t.use, &e), 0);
	ck_assert_uint_eq(t.corpus.n, json_array_size(docs));
	ck_assert_msg(v.tfidf.terms == (uint32_t)number_of(c, "terms"),
		      "%u of %g terms by %s", v.tfidf.terms,
		      number_of(c, "terms"), recipe_of(c));
	json_array_foreach(docs, i, d)
		compare_vector(&t, &v, i,
			       json_array_get(json_object_get(c, "vectors"),
					      i));
	vocabulary_free(&v);
	tiny_done(&t);
	buf_done(&b);
}

START_TEST(weigh_equals_scikit_learn)
{
	json_t *all = json_load_file("tests/data/tfidf_reference.json", 0,
				     NULL), *c;
	json_t *cases = json_object_get(all, "cases");
	size_t i;

	ck_assert_uint_gt(json_array_size(cases), 20);
	json_array_foreach(cases, i, c)
		compare_case(c);
	json_decref(all);
}
END_TEST

/* The same once more through the bundle: what judge() weighs is what training
 * weighed. */
START_TEST(weigh_judged_equals_trained)
{
	struct arena a = { block, block + sizeof(block) };
	struct vocabulary v;
	struct buf bundle;
	struct tiny t;
	struct model *m;
	struct err e = { "" };

	tiny_made(&t, TINY_RECIPE "blocks: [{of: opening, idf: 0.5}, "
				  "{of: across, cut: blanks, ngrams: [2, 3], "
				  "count: once}]\n", 24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	ck_assert_int_eq(vocabulary_fit(&v, &t.terms, &t.recipe, t.use, &e), 0);
	for (size_t d = 0; d < t.corpus.n; d++) {
		struct arena here = a;
		struct counts c = vocabulary_counts(&v, t.terms.docs[d], &here);
		struct feat *x = arena_take_array(&here, c.n + 1, sizeof(*x));
		struct judgement j;

		tfidf_weigh(&v.tfidf, c, x);
		tiny_judge(m, &t.corpus.v[d], &here, &j);
		ck_assert_uint_eq(j.counts.n, c.n);
		for (size_t i = 0; i <= c.n; i++) {
			ck_assert_int_eq(j.x[i].index, x[i].index);
			ck_assert(j.x[i].value == x[i].value);
		}
	}
	vocabulary_free(&v);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

/* By hand. */

static struct tfidf_slot slots[8];
static const double idf[] = { 1, 2, 4 };

/* Three terms whose hashes are 1, 2 and 9: the last two meet in the table. */
static struct tfidf three(void)
{
	static const struct tfidf_slot terms[] = { { 1, 0, 0 }, { 9, 1, 0 },
						   { 17, 2, 0 } };

	for (size_t i = 0; i < 8; i++)
		slots[i] = (struct tfidf_slot){ .term = TFIDF_NONE };
	for (size_t i = 0; i < 3; i++)
		tfidf_put(slots, 7, terms[i]);
	return (struct tfidf){
		.title_weight = 1, .terms = 3, .block_count = 2,
		.block = { { .count = TFIDF_PLAIN, .idf = 1, .weight = 1,
			     .end = 2 },
			   { .count = TFIDF_PLAIN, .idf = 1, .weight = 1,
			     .end = 3 } },
		.slots = slots, .slot_mask = 7, .idf = idf
	};
}

START_TEST(find_terms_with_one_slot)
{
	struct tfidf t = three();

	ck_assert_uint_eq(tfidf_find(&t, 1), 0);
	ck_assert_uint_eq(tfidf_find(&t, 9), 1);
	ck_assert_uint_eq(tfidf_find(&t, 17), 2);
	ck_assert_uint_eq(tfidf_find(&t, 25), TFIDF_NONE);
	ck_assert_uint_eq(tfidf_find(&t, 0), TFIDF_NONE);
}
END_TEST

START_TEST(idf_is_smoothed)
{
	ck_assert_double_eq_tol(tfidf_idf(6, 2), log(7.0 / 3) + 1, 1e-15);
	ck_assert(tfidf_idf(5, 5) == 1);
	ck_assert(tfidf_idf(0, 0) == 1);
}
END_TEST

static struct counts count(const struct tfidf *t, const uint64_t *title,
			   size_t titles, const uint64_t *text, size_t texts,
			   struct arena *a)
{
	static struct occurrence o[2][8];
	struct reading r[FIELD_COUNT] = { { .block = { { .v = o[0], .n = titles } } },
					  { .block = { { .v = o[1], .n = texts } } } };
	struct counts c;

	for (size_t i = 0; i < titles; i++)
		o[0][i] = (struct occurrence){ .hash = title[i], .n = 1 };
	for (size_t i = 0; i < texts; i++)
		o[1][i] = (struct occurrence){ .hash = text[i], .n = 1 };
	ck_assert_int_eq(tfidf_count(t, r, a, &c), 0);
	return c;
}

START_TEST(count_adds_up_and_sorts)
{
	static const uint64_t title[] = { 9, 25 }, text[] = { 17, 9, 1, 9, 99 };
	struct arena a = { block, block + sizeof(block) };
	struct tfidf t = three();
	struct counts c;

	t.title_weight = 2.5;
	c = count(&t, title, 2, text, 5, &a);
	ck_assert_uint_eq(c.n, 3);
	ck_assert_uint_eq(c.v[0].term, 0);
	ck_assert(c.v[0].n == 1);
	ck_assert_uint_eq(c.v[1].term, 1);
	ck_assert(c.v[1].n == 4.5);
	ck_assert_uint_eq(c.v[2].term, 2);
}
END_TEST

START_TEST(count_title_without_weight_is_not_read)
{
	static const uint64_t title[] = { 9 }, text[] = { 1 };
	struct arena a = { block, block + sizeof(block) };
	struct tfidf t = three();
	struct counts c;

	t.title_weight = 0;
	c = count(&t, title, 1, text, 1, &a);
	ck_assert_uint_eq(c.n, 1);
	ck_assert_uint_eq(c.v[0].term, 0);
}
END_TEST

START_TEST(count_nothing_known_gives_only_the_mark)
{
	static const uint64_t text[] = { 99, 98 };
	struct arena a = { block, block + sizeof(block) };
	struct tfidf t = three();
	struct counts c = count(&t, NULL, 0, text, 2, &a);
	struct feat x[1];

	ck_assert_uint_eq(c.n, 0);
	ck_assert_uint_eq(tfidf_weigh(&t, c, x), 0);
	ck_assert_int_eq(x[0].index, -1);
}
END_TEST

START_TEST(count_adds_up_over_fields_and_given_values)
{
	struct arena a = { block, block + sizeof(block) };
	struct occurrence title = { .hash = 1, .n = 2 },
				text = { .hash = 1, .n = 0.25f },
				target = { .hash = 1, .n = -4 };
	struct reading r[FIELD_COUNT] = {
		[FIELD_TITLE] = { .block = { { .v = &title, .n = 1 } } },
		[FIELD_TEXT] = { .block = { { .v = &text, .n = 1 } } },
		[FIELD_TARGET] = { .block = { { .v = &target, .n = 1 } } },
	};
	struct tfidf t = three();
	struct counts c;

	t.title_weight = 3;
	ck_assert_int_eq(tfidf_count(&t, r, &a, &c), 0);
	ck_assert_uint_eq(c.n, 1);
	ck_assert(c.v[0].n == 6 + 0.25 - 4);
}
END_TEST

START_TEST(count_leaves_each_occurrence_its_term_and_place)
{
	struct arena a = { block, block + sizeof(block) };
	struct occurrence text[] = { { .hash = 17, .n = 1 },
				     { .hash = 99, .n = 1 },
				     { .hash = 1, .n = 1 },
				     { .hash = 17, .n = 1 } };
	struct reading r[FIELD_COUNT] = {
		[FIELD_TEXT] = { .block = { { .v = text, .n = 4 } } },
	};
	struct tfidf t = three();
	struct counts c;

	ck_assert_int_eq(tfidf_count(&t, r, &a, &c), 0);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_uint_eq(text[0].term, 2);
	ck_assert_uint_eq(text[0].at, 1);
	ck_assert_uint_eq(text[1].term, TFIDF_NONE);
	ck_assert_uint_eq(text[2].term, 0);
	ck_assert_uint_eq(text[2].at, 0);
	ck_assert_uint_eq(text[3].at, 1);
}
END_TEST

/* More occurrences than are sorted by insertion, of terms far apart, against
 * what adds them up one by one. */
START_TEST(count_many_sorts_as_few_do)
{
	enum { TERMS = 1 << 10, MANY = 3000, FAR = 777 };
	static struct tfidf_slot table[4 * TERMS];
	static struct occurrence o[MANY];
	static double want[TERMS * FAR];
	static char room[1 << 18];
	struct arena a = { room, room + sizeof(room) };
	struct reading r[FIELD_COUNT] = { { .cut = { { NULL, 0 } } } };
	struct tfidf t = { .title_weight = 1, .block_count = 1,
			   .slots = table, .slot_mask = 4 * TERMS - 1 };
	static double idf[TERMS * FAR];
	struct counts c;
	size_t distinct;
	unsigned state = 3;

	t.terms = t.block[0].end = TERMS * FAR;
	t.idf = idf;
	for (size_t i = 0; i < 4 * TERMS; i++)
		table[i].term = TFIDF_NONE;
	for (uint32_t i = 0; i < TERMS; i++)
		tfidf_put(table, t.slot_mask,
			  (struct tfidf_slot){ i * 131, i * FAR, i });
	/* About half of them are known. */
	for (size_t n = 1; n <= MANY; n += n < 60 ? 1 : 245) {
		struct arena here = a;

		memset(want, 0, sizeof(want));
		distinct = 0;
		r[FIELD_TEXT].block[0] = (struct occurrences){ .v = o, .n = n };
		for (size_t i = 0; i < n; i++) {
			uint32_t k = tiny_random(&state) % (2 * TERMS);

			o[i] = (struct occurrence){ .hash = k * 131, .n = 0.1f };
			if (k < TERMS) {
				distinct += want[k * FAR] == 0;
				want[k * FAR] += o[i].n;
			}
		}
		ck_assert_int_eq(tfidf_count(&t, r, &here, &c), 0);
		ck_assert_uint_eq(c.n, distinct);
		for (size_t i = 0; i < c.n; i++) {
			ck_assert(!i || c.v[i - 1].term < c.v[i].term);
			ck_assert(c.v[i].n == want[c.v[i].term]);
		}
		for (size_t i = 0; i < n; i++)
			if (o[i].term != TFIDF_NONE)
				ck_assert_uint_eq(c.v[o[i].at].term, o[i].term);
	}
}
END_TEST

/* Terms of one document frequency have one idf; where they have not, each
 * keeps its own. */
START_TEST(ready_gives_every_term_its_own_idf)
{
	static const uint64_t text[] = { 1, 9, 17, 17 };
	static const double log2_of = 0.69314718055994530942;
	struct arena a = { block, block + sizeof(block) };
	struct tfidf t = three();
	struct feat x[4];

	for (size_t i = 0; i < 8; i++)
		slots[i].df = slots[i].hash == 17 ? TFIDF_LOW : 5;
	t.block[1].count = TFIDF_LOG;
	ck_assert_int_eq(tfidf_ready(&t), 0);
	ck_assert_uint_eq(tfidf_weigh(&t, count(&t, NULL, 0, text, 4, &a), x),
			  3);
	ck_assert(x[0].value == 1);
	ck_assert(x[1].value == 2);
	ck_assert(x[2].value == 4 * (1 + log2_of));
	tfidf_done(&t);
}
END_TEST

START_TEST(weigh_blocks_are_normed_each_and_weighed)
{
	struct count v[] = { { 0, 3 }, { 1, 2 }, { 2, 5 } };
	struct tfidf t = three();
	struct feat x[4];

	t.block[0].norm = t.block[1].norm = true;
	t.block[1].weight = 0.25;
	ck_assert_uint_eq(tfidf_weigh(&t, (struct counts){ v, 3, NULL }, x), 3);
	ck_assert_double_eq_tol(x[0].value, 0.6, 1e-15); /* 3 and 4 */
	ck_assert_double_eq_tol(x[1].value, 0.8, 1e-15);
	ck_assert_double_eq_tol(x[2].value, 0.25, 1e-15);
	ck_assert_int_eq(x[3].index, -1);
}
END_TEST

START_TEST(weigh_counts_by_the_setting_of_their_block)
{
	struct count v[] = { { 0, 3 }, { 1, -0.5 }, { 2, 5 } };
	struct tfidf t = three();
	struct feat x[4];

	t.block[0].count = TFIDF_LOG;
	t.block[0].idf = 0;
	t.block[1].count = TFIDF_ONCE;
	tfidf_weigh(&t, (struct counts){ v, 3, NULL }, x);
	ck_assert_double_eq_tol(x[0].value, 1 + log(3), 1e-15);
	ck_assert(x[1].value == -0.5);
	ck_assert(x[2].value == 4); /* once, times its idf */
}
END_TEST

/* Values that were given may cancel out: what is not there is not there even
 * once. */
START_TEST(weigh_count_of_nothing_is_nothing)
{
	struct count v[] = { { 0, 0 }, { 2, 0 } };
	struct tfidf t = three();
	struct feat x[3];

	t.block[0].count = TFIDF_ONCE;
	t.block[1].count = TFIDF_LOG;
	tfidf_weigh(&t, (struct counts){ v, 2, NULL }, x);
	ck_assert(x[0].value == 0);
	ck_assert(x[1].value == 0);
}
END_TEST

/* Their machines weigh the terms and bring them to length 1. */
START_TEST(weigh_supervised_blocks_are_counts_times_weight)
{
	struct count v[] = { { 0, 3 }, { 1, 2 }, { 2, 5 } };
	struct tfidf t = three();
	struct feat x[4];

	t.block[0].supervised = t.block[0].norm = true;
	t.block[0].weight = 0.5;
	t.block[1].norm = true;
	tfidf_weigh(&t, (struct counts){ v, 3, NULL }, x);
	ck_assert(x[0].value == 1.5 && x[1].value == 1);
	ck_assert(x[2].value == 1);
}
END_TEST

START_TEST(weigh_light_counts_never_speak_against)
{
	double last = 0;

	for (double n = 0.01; n < 8; n += 0.01) {
		struct count v[] = { { 0, n } };
		struct tfidf t = three();
		struct feat x[2];

		t.block[0].count = TFIDF_LOG;
		tfidf_weigh(&t, (struct counts){ v, 1, NULL }, x);
		ck_assert_double_gt(x[0].value, last);
		if (n >= 1)
			ck_assert_double_eq_tol(x[0].value, 1 + log(n), 1e-12);
		last = x[0].value;
	}
}
END_TEST

START_TEST(block_end_is_the_first_entry_beyond)
{
	struct count v[9];
	struct counts c = { .v = v, .n = 0 };

	for (size_t i = 0; i < 9; i++)
		v[i] = (struct count){ (uint32_t)(3 * i + 1), 1 };
	for (c.n = 0; c.n <= 9; c.n++)
		for (size_t from = 0; from <= c.n; from++)
			for (uint32_t end = 0; end < 30; end++) {
				size_t i = from;

				while (i < c.n && v[i].term < end)
					i++;
				ck_assert_uint_eq(tfidf_block_end(c, from, end),
						  i);
			}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(weigh_equals_scikit_learn),
		CHECK_TEST(weigh_judged_equals_trained),
		CHECK_TEST(find_terms_with_one_slot),
		CHECK_TEST(idf_is_smoothed),
		CHECK_TEST(count_adds_up_and_sorts),
		CHECK_TEST(count_title_without_weight_is_not_read),
		CHECK_TEST(count_nothing_known_gives_only_the_mark),
		CHECK_TEST(count_adds_up_over_fields_and_given_values),
		CHECK_TEST(count_leaves_each_occurrence_its_term_and_place),
		CHECK_TEST(count_many_sorts_as_few_do),
		CHECK_TEST(ready_gives_every_term_its_own_idf),
		CHECK_TEST(weigh_blocks_are_normed_each_and_weighed),
		CHECK_TEST(weigh_counts_by_the_setting_of_their_block),
		CHECK_TEST(weigh_count_of_nothing_is_nothing),
		CHECK_TEST(weigh_supervised_blocks_are_counts_times_weight),
		CHECK_TEST(weigh_light_counts_never_speak_against),
		CHECK_TEST(block_end_is_the_first_entry_beyond),
		CHECK_END,
	};

	return check_main("tfidf", tests);
}
