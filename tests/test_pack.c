#include "learn/pack.h"

#include <errno.h>

#include "tests/data/tiny.h"

static uint64_t u64_at(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return x;
}

/* kinds: those of the sections, in their order, 0 at the end. */
static void check_layout(const char *recipe, bool curves, const char *kinds)
{
	static const struct bundle_knot curve[] = { { -1, 0.25 }, { 1, 0.75 } };
	struct fit_column columns[12];
	unsigned char digest[HASH_SHA_SIZE];
	struct bundle_section s[BUNDLE_KINDS];
	struct tiny t;
	struct buf b;
	uint32_t count;
	uint64_t end;

	tiny_made(&t, recipe, 24);
	for (uint32_t i = 0; i < 12; i++)
		columns[i] = (struct fit_column){
			-1, 0, 0, curve, curves && i % 2 ? 2 : 0
		};
	t.fit.columns = columns;
	tiny_bundle(&t, &b);
	ck_assert_mem_eq(b.p, BUNDLE_MAGIC, 8);
	memcpy(&count, b.p + 12, sizeof(count));
	ck_assert_uint_eq(count, strlen(kinds));
	ck_assert_uint_eq(u64_at(b.p + 16), b.n);
	memcpy(s, b.p + BUNDLE_HEAD, count * sizeof(*s));
	end = BUNDLE_HEAD + count * sizeof(*s);
	for (uint32_t i = 0; i < count; i++) {
		ck_assert_uint_eq(s[i].kind, (uint32_t)(kinds[i] - '0'));
		ck_assert_uint_eq(s[i].zero, 0);
		ck_assert_uint_eq(s[i].at % BUNDLE_ALIGN, 0);
		ck_assert_uint_ge(s[i].at, end);
		ck_assert_uint_lt(s[i].at - end, BUNDLE_ALIGN);
		end = s[i].at + s[i].size;
	}
	ck_assert_uint_le(end, b.n - BUNDLE_TRAILER);
	ck_assert_int_eq(hash_sha256((struct str){ b.p, b.n - BUNDLE_TRAILER },
				     digest), 0);
	ck_assert_mem_eq(b.p + b.n - BUNDLE_TRAILER, digest, sizeof(digest));
	buf_done(&b);
	tiny_done(&t);
}

START_TEST(bundle_layout_is_as_drawn)
{
	check_layout(TINY_RECIPE, false, "123456");
	check_layout(TINY_RECIPE "stance: {kernel: rbf}\n", false, "123456;");
	check_layout(TINY_RECIPE "blocks: [{of: opening, supervised: bayes, "
				 "machine: svm}]\n", true, "12345689");
}
END_TEST

/* Every setting that judging or reading needs, and where it came from. */
START_TEST(bundle_head_holds_the_recipe)
{
	char digest[HASH_SHA_HEX];
	json_t *recipe, *tokens;
	struct model *m;
	struct tiny t;
	struct buf b;

	tiny_made(&t, TINY_RECIPE
		  "about: a sentence\nseed: 5\nunsure: 0.4\ncopy_weight: 2\n"
		  "fields: {hand: hand}\n"
		  "tokens: {min_length: 3, stem: french, stop_words: [été]}\n",
		  24);
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	tokens = json_object_get(m->head, "tokens");
	recipe = json_object_get(m->head, "recipe");
	ck_assert_int_eq(json_integer_value(json_object_get(tokens,
							    "min_length")), 3);
	ck_assert_str_eq(json_string_value(json_array_get(
				 json_object_get(tokens, "stop"), 0)), "été");
	ck_assert_str_eq(json_string_value(json_object_get(recipe, "about")),
			 "a sentence");
	ck_assert_int_eq(json_integer_value(json_object_get(recipe, "seed")),
			 5);
	ck_assert_int_eq(json_integer_value(json_object_get(m->head,
							    "documents")), 24);
	hash_hex(t.corpus.digest, HASH_SHA_SIZE, digest);
	ck_assert_str_eq(json_string_value(json_object_get(m->head,
							   "data_sha256")),
			 digest);
	ck_assert(m->unsure == 0.4 && m->copy_weight == 2);
	ck_assert(m->tfidf.title_weight == 2);
	ck_assert(m->tfidf.block[1].weight == 0.5);
	ck_assert_int_eq(m->features.block[1].ngrams.hi, 4);
	ck_assert_str_eq(m->block_names[1], "chars");
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(bundle_head_holds_every_block)
{
	const struct features_block *f;
	const struct tfidf_block *w;
	struct model *m;
	struct tiny t;
	struct buf b;
	json_t *more;

	tiny_made(&t, TINY_RECIPE
		  "at_least_one: true\n"
		  "blocks: [{name: x, of: across, cut: marks, cased: true, "
		  "hashtags: true, fields: [title], first: 9, ngrams: [2, 3], "
		  "count: once, idf: 0.5, norm: false, weight: 0.75, "
		  "supervised: relevance, mix: 0.25, machine: svm, min_df: 2, "
		  "max_df: 0.9}]\n"
		  "topic: {bayes: 0.5, bayes_alpha: 2}\n", 24);
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	ck_assert(m->at_least_one);
	ck_assert_uint_eq(m->features.block_count, 3);
	ck_assert_uint_eq(m->features.cut_count, 2);
	ck_assert_str_eq(m->block_names[2], "x");
	f = &m->features.block[2];
	w = &m->tfidf.block[2];
	ck_assert(f->of == FEATURES_ACROSS && f->fields == 1 << FIELD_TITLE &&
		  f->first == 9 && f->ngrams.lo == 2 && f->ngrams.hi == 3);
	ck_assert_uint_eq(f->cut, 1);
	ck_assert(m->features.set[1].cut == TOKENS_MARKS &&
		  m->features.set[1].cased && m->features.set[1].hashtags);
	ck_assert(w->count == TFIDF_ONCE && w->idf == 0.5 && !w->norm &&
		  w->weight == 0.75 && w->supervised);
	ck_assert_uint_eq(w->end, m->tfidf.terms);
	more = json_array_get(json_object_get(json_object_get(m->head,
							      "recipe"),
					      "blocks"), 2);
	ck_assert(json_real_value(json_object_get(more, "mix")) == 0.25);
	ck_assert(json_real_value(json_object_get(more, "max_df")) == 0.9);
	ck_assert_int_eq(json_integer_value(json_object_get(more, "min_df")),
			 2);
	ck_assert_int_eq(json_integer_value(json_object_get(more, "machine")),
			 RECIPE_MACHINE_SVM);
	more = json_object_get(json_object_get(m->head, "recipe"), "topic");
	ck_assert(json_real_value(json_object_get(more, "bayes")) == 0.5);
	ck_assert(json_real_value(json_object_get(more, "bayes_alpha")) == 2);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(bundle_extra_members_are_in_the_head)
{
	struct model *m;
	struct tiny t;
	struct buf b;

	tiny_made(&t, TINY_RECIPE, 24);
	t.fit.extra = tiny_golden;
	t.fit.extra_arg = &t.corpus;
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	ck_assert_uint_eq(json_array_size(json_object_get(m->head, "golden")),
			  3);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(kernel_without_vectors_is_one)
{
	static const struct feat row[] = { { 0, 1 }, { -1, 0 } };
	const struct feat *x[] = { row };
	struct kernel_params p = { KERNEL_RBF, 0, 1, 0 };
	const double zero[] = { 0 }, *coef = zero;
	struct kernel k;
	struct buf b;
	size_t used;

	buf_init(&b, 4096);
	ck_assert_int_eq(pack_kernels(&p, x, &coef, 1, 1, 3, &b), 0);
	ck_assert_int_eq(kernel_view(buf_view(&b), false, &k, &used, NULL), 0);
	ck_assert_uint_eq(k.vectors, 0);
	buf_done(&b);
}
END_TEST

START_TEST(kernels_stand_one_behind_the_other)
{
	static const struct feat row[] = { { 0, 1 }, { 2, 3 }, { -1, 0 } };
	const struct feat *x[] = { row };
	const double half[] = { 0.5 }, *coef = half;
	struct kernel k;
	struct buf b;
	size_t used, at = 0;

	buf_init(&b, 4096);
	for (uint32_t type = 0; type < 4; type++) {
		struct kernel_params p = { type, 2, 1, 0 };

		ck_assert_int_eq(pack_kernels(&p, x, &coef, 1, 1, 3 + type,
					      &b), 0);
	}
	for (uint32_t type = 0; type < 4; type++) {
		ck_assert_int_eq(kernel_view((struct str){ b.p + at, b.n - at },
					     false, &k, &used, NULL), 0);
		ck_assert_uint_eq(k.params.type, type);
		ck_assert_uint_eq(k.dims, 3 + type);
		ck_assert(k.norm[0] == 10);
		at += used;
	}
	ck_assert_uint_eq(at, b.n);
	buf_done(&b);
}
END_TEST

/* A dimension that more than a quarter of the vectors have has an entry of
 * each; of few vectors, none is so. */
START_TEST(kernel_dimension_of_many_vectors_is_full)
{
	enum { MANY = 64 };
	const struct feat rows[2][3] = { { { 0, 2 }, { 1, 3 }, { -1, 0 } },
					 { { 2, 1 }, { -1, 0 } } };
	const struct kernel_params p = { KERNEL_RBF, 0, 1, 0 };
	const struct feat *x[MANY];
	double ones[MANY];
	const double *coef = ones;

	for (size_t part = 16; part <= 17; part++) {
		struct kernel k;
		struct buf b;
		size_t used;

		for (size_t i = 0; i < MANY; i++) {
			ones[i] = 1;
			x[i] = rows[i >= part];
		}
		buf_init(&b, 1 << 16);
		ck_assert_int_eq(pack_kernels(&p, x, &coef, 1, MANY, 3, &b),
				 0);
		ck_assert_int_eq(kernel_view(buf_view(&b), false, &k, &used,
					     NULL), 0);
		ck_assert_uint_eq(k.start[1], part == 16 ? 16 : MANY);
		for (uint32_t i = 0; i < k.start[1]; i++) {
			ck_assert_uint_eq(k.vector[i], i);
			ck_assert(k.value[i] == (i < part ? 2 : 0));
		}
		buf_done(&b);
	}
}
END_TEST

START_TEST(kernel_past_the_ceiling_is_told)
{
	static const struct feat row[] = { { 0, 1 }, { -1, 0 } };
	const struct feat *x[] = { row };
	struct kernel_params p = { KERNEL_RBF, 0, 1, 0 };
	const double one[] = { 1 }, *coef = one;
	struct buf b;

	buf_init(&b, 64);
	ck_assert_int_eq(pack_kernels(&p, x, &coef, 1, 1, 3, &b), -EMSGSIZE);
	buf_done(&b);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(bundle_layout_is_as_drawn),
		CHECK_TEST(bundle_head_holds_the_recipe),
		CHECK_TEST(bundle_head_holds_every_block),
		CHECK_TEST(bundle_extra_members_are_in_the_head),
		CHECK_TEST(kernel_without_vectors_is_one),
		CHECK_TEST(kernels_stand_one_behind_the_other),
		CHECK_TEST(kernel_dimension_of_many_vectors_is_full),
		CHECK_TEST(kernel_past_the_ceiling_is_told),
		CHECK_END,
	};

	return check_main("pack", tests);
}
