#include "classify/model.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "classify/because.h"
#include "classify/verdict.h"
#include "tests/data/allocations.h"
#include "tests/data/tiny.h"

enum { DAMAGES = 2000 };

static char block[1 << 21];

#define SMALL_RECIPE                                       \
	"name: tiny\nstances: [favour, against, neutral]\n" \
	"words: {ngrams: [1, 1], min_df: 3}\n"              \
	"tokens: {stem: french, stop_words: [le, la]}\n"

enum kind { LINEAR, KERNELS, SCALES, SCREEN };

/* A bundle with golden articles; of linear machines, of others, or of machines
 * that weigh terms for themselves, calibrated by curves; or of many topics. */
static void make(struct tiny *t, struct buf *bundle, enum kind kind)
{
	static const char *const yamls[] = {
		[LINEAR] = SMALL_RECIPE,
		[KERNELS] = SMALL_RECIPE "topic: {kernel: rbf}\n"
					 "stance: {kernel: poly}\n",
		[SCALES] = SMALL_RECIPE
			"chars: {ngrams: [3, 3], min_df: 9, machine: svm, "
			"supervised: bayes}\n"
			"blocks: [{of: opening, cut: blanks, min_df: 3}]\n",
	};
	static const struct bundle_knot knots[] = { { -1, 0.25 }, { 0, 0.5 },
						    { 1, 0.5 } };
	struct fit_column columns[12];

	if (kind == SCREEN)
		tiny_many(t, "name: many\n");
	else
		tiny_made(t, yamls[kind], 24);
	for (size_t i = 0; i < 12; i++)
		columns[i] = (struct fit_column){ -1, 0, 0, knots,
						  i % 2 ? 3 : 0 };
	t->fit.columns = kind == SCALES ? columns : NULL;
	t->fit.extra = tiny_golden;
	t->fit.extra_arg = &t->corpus;
	tiny_bundle(t, bundle);
	t->fit.columns = NULL;
}

/* Bytes in a place of their own, so that ASan sees every step beyond. */
static char *place(struct str s)
{
	char *p = malloc(s.n + 1);

	ck_assert_ptr_nonnull(p);
	memcpy(p, s.p, s.n);
	return p;
}

/* Whatever a model says that could be opened, it must be able to say it. */
static void use(const struct model *m)
{
	struct arena a = { block, block + sizeof(block) };
	struct judgement j;
	struct spans w;
	struct buf out, keys;
	const struct str field[FIELD_COUNT] = {
		STR("Gaia-X et l'alliance"),
		STR("La souveraineté dénonce le marché de S3NS."),
		STR("market"),
	};
	struct err e = { "" };

	(void)model_selftest(m, &e);
	for (uint32_t i = 0; i < m->tfidf.terms; i++)
		(void)model_term(m, i);
	if (judge(m, field, &a, &j))
		return;
	buf_init(&out, 1 << 20);
	buf_init(&keys, 1 << 20);
	(void)because_words(m, &j, m->column_count - 1, &a, &w);
	(void)verdict_write(m, &j, true, a, &out, &keys);
	buf_done(&out);
	buf_done(&keys);
}

/* Open what is left of a bundle. Returns 0 or model_view()'s refusal. */
static int look(struct str s)
{
	char *p = place(s);
	struct model *m = NULL;
	struct err e = { "" };
	int r = model_view("cloud.vigie", (struct str){ p, s.n }, &m, &e);

	if (r) {
		ck_assert_int_eq(r, -EBADMSG);
		ck_assert_ptr_null(m);
		ck_assert_ptr_eq(strstr(e.text, "cloud.vigie: "), e.text);
		ck_assert_uint_gt(strlen(e.text), strlen("cloud.vigie: ") + 5);
	} else {
		use(m);
	}
	model_free(m);
	free(p);
	return r;
}

START_TEST(view_whole_bundle_is_what_was_trained)
{
	struct tiny t;
	struct buf b;
	struct model *m;
	unsigned char digest[HASH_SHA_SIZE];
	char hex[HASH_SHA_HEX];
	struct err e = { "" };

	make(&t, &b, LINEAR);
	m = tiny_view(&b);
	ck_assert_str_eq(m->name, "tiny");
	ck_assert_uint_eq(m->topic_count, 3);
	ck_assert_str_eq(m->topics[0].name, "market"); /* sorted */
	ck_assert_uint_eq(m->stance_count, 3);
	ck_assert_str_eq(m->stances[2], "neutral");
	ck_assert_uint_eq(m->column_count, 12);
	ck_assert_uint_eq(model_stance_column(m, 2, 1), 10);
	ck_assert(!m->one_of && !m->at_least_one && !m->targets);
	ck_assert_uint_eq(m->machine_count, 6);
	for (uint32_t c = 0; c < 12; c++)
		ck_assert_uint_eq(model_machine(m, c),
				  c < 3 ? c : 3 + (c - 3) % 3);
	ck_assert_ptr_null(m->scales);
	ck_assert_str_eq(m->block_names[0], "words");
	ck_assert_int_eq(hash_sha256(buf_view(&b), digest), 0);
	hash_hex(digest, sizeof(digest), hex);
	ck_assert_str_eq(m->id, hex);
	for (uint32_t i = 1; i < m->tfidf.terms; i++)
		ck_assert_int_lt(str_cmp(model_term(m, i - 1),
					 model_term(m, i)), 0);
	ck_assert_int_eq(model_selftest(m, &e), 0);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(view_cut_short_is_refused)
{
	for (int kind = LINEAR; kind <= SCALES; kind++) {
		struct tiny t;
		struct buf b;

		make(&t, &b, (enum kind)kind);
		/* To the last section's end, not into the padding behind. */
		for (size_t n = 0; n < b.n - BUNDLE_ALIGN;
		     n += n < 512 ? 1 : 61) {
			char *p = place((struct str){ b.p, n });
			uint64_t size = n;

			ck_assert_int_eq(look((struct str){ p, n }), -EBADMSG);
			/* Also when the head and the trailer say it is so. */
			if (n >= BUNDLE_HEAD + BUNDLE_TRAILER) {
				memcpy(p + 16, &size, sizeof(size));
				tiny_seal(p, n);
				ck_assert_int_eq(look((struct str){ p, n }),
						 -EBADMSG);
			}
			free(p);
		}
		buf_done(&b);
		tiny_done(&t);
	}
}
END_TEST

START_TEST(view_flipped_bit_is_refused)
{
	struct tiny t;
	struct buf b;
	unsigned state = 1;

	make(&t, &b, KERNELS);
	for (int i = 0; i < DAMAGES; i++) {
		size_t at = (tiny_random(&state) << 15 | tiny_random(&state)) %
			    b.n;
		char bit = (char)(1 << tiny_random(&state) % 8);

		b.p[at] = (char)(b.p[at] ^ bit);
		ck_assert_int_eq(look(buf_view(&b)), -EBADMSG);
		b.p[at] = (char)(b.p[at] ^ bit);
	}
	ck_assert_int_eq(look(buf_view(&b)), 0);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

/* The digest guards against chance. Against malice everything behind it is
 * checked as well: refused, or judged by without a step outside. */
static void damage_and_seal(enum kind kind, size_t most)
{
	static const unsigned char bytes[] = { 0, 0xFF, 0x7F, 0x80, '9', '-' };
	struct tiny t;
	struct buf b;
	unsigned state = 2;
	int refused = 0;

	make(&t, &b, kind);
	for (int i = 0; i < DAMAGES; i++) {
		size_t at = (tiny_random(&state) << 15 | tiny_random(&state)) %
			    (most && most < b.n ? most : b.n);
		char *p = place(buf_view(&b));

		if (i % 2)
			p[at] = (char)(p[at] ^ 1 << tiny_random(&state) % 8);
		else
			p[at] = (char)bytes[tiny_random(&state) % 6];
		tiny_seal(p, b.n);
		refused += look((struct str){ p, b.n }) != 0;
		free(p);
	}
	ck_assert_int_gt(refused, 0);
	buf_done(&b);
	tiny_done(&t);
}

START_TEST(view_damaged_and_sealed_does_no_harm)
{
	damage_and_seal(LINEAR, 0);
}
END_TEST

START_TEST(view_damaged_kernels_and_sealed_do_no_harm)
{
	damage_and_seal(KERNELS, 0);
}
END_TEST

START_TEST(view_damaged_head_and_sealed_does_no_harm)
{
	damage_and_seal(KERNELS, 2048);
	damage_and_seal(SCALES, 2048);
}
END_TEST

START_TEST(view_damaged_scales_and_sealed_do_no_harm)
{
	damage_and_seal(SCALES, 0);
}
END_TEST

/* Change a number of the JSON head: text of the same length instead. */
static int with_head(enum kind kind, const char *from, const char *to)
{
	struct tiny t;
	struct buf b;
	char *at;
	int r;

	ck_assert_uint_eq(strlen(from), strlen(to));
	make(&t, &b, kind);
	at = tiny_find(buf_view(&b), from);
	ck_assert_msg(at != NULL, "%s", from);
	memcpy(at, to, strlen(to));
	tiny_seal(b.p, b.n);
	r = look(buf_view(&b));
	buf_done(&b);
	tiny_done(&t);
	return r;
}

START_TEST(view_wrong_head_is_refused)
{
	static const char *const pairs[][2] = {
		{ "\"ngrams\":[1,1]", "\"ngrams\":[2,1]" },
		{ "\"ngrams\":[1,1]", "\"ngrams\":[0,1]" },
		{ "\"ngrams\":[1,1]", "\"ngrams\":[9,1]" },
		{ "\"name\":\"tiny\"", "\"name\":\"ti\\\"\"" },
		{ "\"name\":\"tiny\"", "\"nome\":\"tiny\"" },
		{ "\"stem\":\"french\"", "\"stem\":\"fransh\"" },
		{ "\"min_length\":2", "\"min_length\":x" },
		{ "\"tokens\":{\"version\":2", "\"tokens\":{\"version\":1" },
		{ "\"features\":{\"version\":2",
		  "\"features\":{\"version\":9" },
		{ "\"tfidf\":{\"version\":2", "\"tfidf\":{\"version\":1" },
		{ "\"title_weight\":1.0", "\"title_weight\":-10" },
		{ "\"names\":[\"market\"", "\"names\":[\"mark\\t\"" },
		{ "\"names\":[\"favour\"", "\"names\":[\"favo\\r\"" },
		{ "\"compounds\":true", "\"compounds\":1234" },
		{ "\"targets\":0", "\"targets\":3" },
		{ "\"at_least_one\":false", "\"at_least_two\":false" },
		{ "\"partnership\",\"sovereignty\"",
		  "\"partnership\",\"partnership\"" },
		{ "\"against\",\"neutral\"", "\"against\",\"against\"" },
		{ "\"stop\":[\"le\"", "\"stop\":[1234" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		ck_assert_msg(with_head(LINEAR, pairs[i][0], pairs[i][1]) ==
				      -EBADMSG, "%s", pairs[i][1]);
	ck_assert_int_eq(with_head(LINEAR, "\"name\":\"tiny\"",
				   "\"name\":\"tinz\""), 0);
	ck_assert_int_eq(with_head(LINEAR, "\"targets\":0", "\"targets\":2"),
			 0);
}
END_TEST

START_TEST(view_wrong_block_is_refused)
{
	static const char *const pairs[][2] = {
		{ "\"of\":3", "\"of\":5" },
		{ "\"cut\":3", "\"cut\":4" },
		{ "\"fields\":3", "\"fields\":8" },
		{ "\"first\":0", "\"first\":x" },
		{ "\"cased\":false", "\"cased\":67890" },
		{ "\"hashtags\":false", "\"hashtags\":\"yes\"" },
		{ "\"ngrams\":[3,3]", "\"ngrams\":[3,x]" },
		{ "\"count\":0", "\"count\":3" },
		{ "\"idf\":1.0", "\"idf\":nul" },
		{ "\"supervised\":true", "\"supervised\":1234" },
		/* Then there would be no use for the scales. */
		{ "\"weight\":1.0,\"supervised\":true",
		  "\"weight\":1, \"supervised\":false" },
		{ "\"of\":1,", "\"of\":-1" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		ck_assert_msg(with_head(SCALES, pairs[i][0], pairs[i][1]) ==
				      -EBADMSG, "%s", pairs[i][1]);
	/* An article is then read otherwise, within the same tables. */
	ck_assert_int_eq(with_head(SCALES, "\"of\":3", "\"of\":0"), 0);
	ck_assert_int_eq(with_head(SCALES, "\"of\":3", "\"of\":4"), 0);
	ck_assert_int_eq(with_head(SCALES, "\"fields\":3", "\"fields\":0"), 0);
}
END_TEST

/* Ids go block by block, and the last block ends with the last term. */
START_TEST(view_blocks_out_of_order_are_refused)
{
	char from[64], to[64];
	struct tiny t;
	struct buf b;
	struct model *m;
	uint32_t first, second, terms;

	make(&t, &b, SCALES);
	m = tiny_view(&b);
	first = m->tfidf.block[0].end;
	second = m->tfidf.block[1].end;
	terms = m->tfidf.terms;
	ck_assert_uint_lt(first, terms);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
	ck_assert(first >= 10 && first < 100 && second < terms &&
		  second >= 100 && terms < 900);
	snprintf(from, 64, "\"end\":%u", first);
	ck_assert_int_eq(with_head(SCALES, from, "\"end\":-1"), -EBADMSG);
	snprintf(from, 64, "\"end\":%u", second);
	ck_assert_int_eq(with_head(SCALES, from, "\"end\":  9"), -EBADMSG);
	snprintf(from, 64, "\"end\":%u", terms);
	snprintf(to, 64, "\"end\":%u", terms - 1);
	ck_assert_int_eq(with_head(SCALES, from, to), -EBADMSG);
	snprintf(to, 64, "\"end\":%u", terms + 1);
	ck_assert_int_eq(with_head(SCALES, from, to), -EBADMSG);
}
END_TEST

/* Where a section of the bundle begins, for a test to change. */
static char *section(struct buf *b, uint32_t kind)
{
	struct bundle_section s;

	for (uint32_t i = 0; i < BUNDLE_KINDS; i++) {
		memcpy(&s, b->p + BUNDLE_HEAD + i * sizeof(s), sizeof(s));
		if (s.kind == kind)
			return b->p + s.at;
	}
	ck_abort_msg("no section %u", kind);
	return NULL;
}

/* A look-up in a full table would never end. */
START_TEST(view_full_term_table_is_refused)
{
	struct tfidf_slot *slot;
	struct tiny t;
	struct buf b;
	struct model *m;
	uint64_t n;

	make(&t, &b, LINEAR);
	m = tiny_view(&b);
	n = m->tfidf.slot_mask + 1;
	model_free(m);
	slot = (struct tfidf_slot *)(void *)section(&b, BUNDLE_SLOTS);
	for (uint64_t i = 0; i < n; i++)
		if (slot[i].term == TFIDF_NONE)
			slot[i].term = 0;
	tiny_seal(b.p, b.n);
	ck_assert_int_eq(look(buf_view(&b)), -EBADMSG);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

/* Of two terms with one key, one would never be found. */
START_TEST(view_term_that_is_not_found_is_refused)
{
	struct tfidf_slot *slot, *other = NULL;
	struct tiny t;
	struct buf b;

	make(&t, &b, LINEAR);
	slot = (struct tfidf_slot *)(void *)section(&b, BUNDLE_SLOTS);
	while (slot->term == TFIDF_NONE)
		slot++;
	other = slot + 1;
	while (other->term == TFIDF_NONE)
		other++;
	other->hash = slot->hash;
	tiny_seal(b.p, b.n);
	ck_assert_int_eq(look(buf_view(&b)), -EBADMSG);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(view_term_that_is_there_twice_is_refused)
{
	struct tfidf_slot *slot;
	struct tiny t;
	struct buf b;
	uint32_t term;

	make(&t, &b, LINEAR);
	slot = (struct tfidf_slot *)(void *)section(&b, BUNDLE_SLOTS);
	while (slot->term == TFIDF_NONE)
		slot++;
	term = slot->term;
	do
		slot++;
	while (slot->term == TFIDF_NONE);
	slot->term = term;
	tiny_seal(b.p, b.n);
	ck_assert_int_eq(look(buf_view(&b)), -EBADMSG);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

/* Between two sections are zeros, and as few as the layout asks for. */
START_TEST(view_bytes_of_no_section_are_refused)
{
	struct tiny t;
	struct buf b;
	size_t at;

	make(&t, &b, LINEAR);
	at = (size_t)(section(&b, BUNDLE_JSON) - b.p) - 1;
	ck_assert_int_eq(b.p[at], 0);
	b.p[at] = 1;
	tiny_seal(b.p, b.n);
	ck_assert_int_eq(look(buf_view(&b)), -EBADMSG);
	b.p[at] = 0;
	b.p[BUNDLE_HEAD + 4] = 1; /* of the first section's row */
	tiny_seal(b.p, b.n);
	ck_assert_int_eq(look(buf_view(&b)), -EBADMSG);
	b.p[BUNDLE_HEAD + 4] = 0;
	tiny_seal(b.p, b.n);
	ck_assert_int_eq(look(buf_view(&b)), 0);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

/* Some bytes of a table, changed and sealed. */
static int with_bytes(enum kind of, uint32_t kind, size_t at, const void *p,
		      size_t n)
{
	struct tiny t;
	struct buf b;
	int r;

	make(&t, &b, of);
	memcpy(section(&b, kind) + at, p, n);
	tiny_seal(b.p, b.n);
	r = look(buf_view(&b));
	buf_done(&b);
	tiny_done(&t);
	return r;
}

static int with_u32(uint32_t kind, size_t at, uint32_t x)
{
	return with_bytes(KERNELS, kind, at, &x, sizeof(x));
}

static int with_double(uint32_t kind, size_t at, double x)
{
	return with_bytes(KERNELS, kind, at, &x, sizeof(x));
}

#define COLUMN(member) offsetof(struct bundle_column, member)

START_TEST(view_wrong_table_is_refused)
{
	struct tiny t;
	struct buf b;
	struct model *m;
	size_t terms;

	make(&t, &b, KERNELS);
	m = tiny_view(&b);
	terms = m->tfidf.terms;
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
	ck_assert_int_eq(with_u32(BUNDLE_NAMES, 0, 1), -EBADMSG);
	ck_assert_int_eq(with_u32(BUNDLE_NAMES, 4, 1 << 30), -EBADMSG);
	ck_assert_int_eq(with_u32(BUNDLE_NAMES, 4 * terms, 1 << 30), -EBADMSG);
	ck_assert_int_eq(with_double(BUNDLE_IDF, 0, NAN), -EBADMSG);
	ck_assert_int_eq(with_double(BUNDLE_IDF, 8, INFINITY), -EBADMSG);
	ck_assert_int_eq(with_double(BUNDLE_WEIGHTS, 0, -INFINITY), -EBADMSG);
	ck_assert_int_eq(with_double(BUNDLE_COLUMNS, 0, NAN), -EBADMSG);
	ck_assert_int_eq(with_double(BUNDLE_COLUMNS, COLUMN(threshold), NAN),
			 -EBADMSG);
	ck_assert_int_eq(with_u32(BUNDLE_COLUMNS, COLUMN(kernel), 7), -EBADMSG);
	ck_assert_int_eq(with_u32(BUNDLE_COLUMNS, COLUMN(kernel), 6), 0);
	ck_assert_int_eq(with_u32(BUNDLE_MACHINES,
				  offsetof(struct kernel_head, dims), 1 << 20),
			 -EBADMSG);
}
END_TEST

/* Of column 1 the knots are the first three. */
static int with_knot(size_t at, double decision, double probability)
{
	struct bundle_knot k = { decision, probability };

	return with_bytes(SCALES, BUNDLE_CURVES, at * sizeof(k), &k,
			  sizeof(k));
}

static int with_curve(uint32_t knot, uint32_t knots)
{
	uint32_t both[2] = { knot, knots };

	return with_bytes(SCALES, BUNDLE_COLUMNS,
			  sizeof(struct bundle_column) + COLUMN(knot), both,
			  sizeof(both));
}

START_TEST(view_wrong_curve_is_refused)
{
	ck_assert_int_eq(with_knot(1, 0.5, 0.25), 0);
	ck_assert_int_eq(with_knot(1, -1, 0.5), -EBADMSG); /* no ascent */
	ck_assert_int_eq(with_knot(1, -2, 0.5), -EBADMSG);
	ck_assert_int_eq(with_knot(1, 1, 0.5), -EBADMSG);
	ck_assert_int_eq(with_knot(1, 0, 0.125), -EBADMSG);
	ck_assert_int_eq(with_knot(1, 0, 0.75), -EBADMSG);
	ck_assert_int_eq(with_knot(0, -1, -0.25), -EBADMSG);
	ck_assert_int_eq(with_knot(2, 1, 1.25), -EBADMSG);
	ck_assert_int_eq(with_knot(2, 1, NAN), -EBADMSG);
	ck_assert_int_eq(with_knot(2, NAN, 0.75), -EBADMSG);
	ck_assert_int_eq(with_knot(2, INFINITY, 0.75), -EBADMSG);
	/* Six columns have a curve of three knots each. */
	ck_assert_int_eq(with_curve(15, 3), 0);
	ck_assert_int_eq(with_curve(16, 3), -EBADMSG);
	ck_assert_int_eq(with_curve(18, 1), -EBADMSG);
	ck_assert_int_eq(with_curve(19, 0), -EBADMSG);
	ck_assert_int_eq(with_curve(1, UINT32_MAX), -EBADMSG);
	ck_assert_int_eq(with_curve(UINT32_MAX, 2), -EBADMSG);
	ck_assert_int_eq(with_curve(2, 3), -EBADMSG); /* into the next */
}
END_TEST

START_TEST(view_wrong_scales_are_refused)
{
	double bad[] = { NAN, INFINITY, -INFINITY }, negative = -1;

	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(with_bytes(SCALES, BUNDLE_SCALES, 8 * i,
					    &bad[i], sizeof(bad[i])),
				 -EBADMSG);
	ck_assert_int_eq(with_bytes(SCALES, BUNDLE_SCALES, 0, &negative,
				    sizeof(negative)), -EBADMSG);
}
END_TEST

/* A section is told by its row in the front of the file. */
static int with_section(enum kind of, uint32_t kind, uint64_t shorter)
{
	struct bundle_section s;
	struct tiny t;
	struct buf b;
	char *row;
	int r;

	make(&t, &b, of);
	row = b.p + BUNDLE_HEAD;
	while (memcmp(row, &kind, sizeof(kind)))
		row += sizeof(s);
	memcpy(&s, row, sizeof(s));
	s.size -= shorter ? shorter : s.size;
	memcpy(row, &s, sizeof(s));
	tiny_seal(b.p, b.n);
	r = look(buf_view(&b));
	buf_done(&b);
	tiny_done(&t);
	return r;
}

START_TEST(view_sections_of_wrong_size_are_refused)
{
	for (uint32_t kind = BUNDLE_JSON; kind < BUNDLE_KINDS; kind++) {
		enum kind of = kind == BUNDLE_MACHINES ? KERNELS
			       : kind == BUNDLE_SCREEN ? SCREEN
						       : SCALES;

		if (kind == BUNDLE_KERNELS) /* of older bundles */
			continue;
		ck_assert_msg(with_section(of, kind, 0) == -EBADMSG,
			      "none of %u", kind);
		ck_assert_msg(with_section(of, kind, 4) == -EBADMSG,
			      "short %u", kind);
	}
}
END_TEST

/* Terms of one block that are found under hashes of another: judged, wrongly,
 * and without a step outside. */
START_TEST(view_hash_of_another_block_does_no_harm)
{
	struct tfidf_slot *slot;
	struct tiny t;
	struct buf b;
	struct model *m;
	uint64_t n;
	uint32_t terms;

	make(&t, &b, SCALES);
	m = tiny_view(&b);
	n = m->tfidf.slot_mask + 1;
	terms = m->tfidf.terms;
	model_free(m);
	slot = (struct tfidf_slot *)(void *)section(&b, BUNDLE_SLOTS);
	for (uint64_t i = 0; i < n; i++)
		if (slot[i].term != TFIDF_NONE)
			slot[i].term = terms - 1 - slot[i].term;
	tiny_seal(b.p, b.n);
	ck_assert_int_eq(look(buf_view(&b)), 0);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(view_other_version_says_train_again)
{
	struct tiny t;
	struct buf b;

	make(&t, &b, LINEAR);
	ck_assert_int_eq(BUNDLE_VERSION, 3);
	for (uint32_t version = 1; version <= 4; version += 3) {
		struct model *m = NULL;
		struct err e = { "" };

		memcpy(b.p + 8, &version, sizeof(version));
		tiny_seal(b.p, b.n);
		ck_assert_int_eq(model_view("x", buf_view(&b), &m, &e),
				 -EBADMSG);
		ck_assert_ptr_nonnull(strstr(e.text, "train it again"));
	}
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

/* What vigie made when bundles were version 2. */
START_TEST(view_older_version_is_read_and_passes_its_selftest)
{
	static const char *const paths[] = {
		"tests/fuzz/seeds/bundle/older",
		"tests/fuzz/seeds/bundle/older-rbf",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct err e = { "" };
		struct model *m;

		ck_assert_msg(!model_open(paths[i], &m, &e), "%s", e.text);
		ck_assert_uint_eq((unsigned char)m->bytes.view.p[8], 2);
		ck_assert_ptr_null(m->screen.rows);
		ck_assert_ptr_nonnull(json_object_get(m->head, "whole"));
		ck_assert_msg(!model_selftest(m, &e), "%s: %s", paths[i],
			      e.text);
		model_free(m);
	}
}
END_TEST

static int with_screen(size_t at, const void *p, size_t n)
{
	return with_bytes(SCREEN, BUNDLE_SCREEN, at, p, n);
}

START_TEST(view_wrong_screen_is_refused)
{
	size_t stride = screen_stride(TINY_MANY);
	float nan = NAN, negative = -1, huge = 1e30F, other = 1;
	signed char full[TINY_MANY];

	memset(full, -128, sizeof(full));
	ck_assert_int_eq(with_screen(stride, full, 0), 0);
	ck_assert_int_eq(with_screen(2 * stride - 4, &nan, 4), -EBADMSG);
	ck_assert_int_eq(with_screen(2 * stride - 4, &negative, 4), -EBADMSG);
	ck_assert_int_eq(with_screen(2 * stride - 4, &huge, 4), -EBADMSG);
	ck_assert_int_eq(with_screen(stride - 4, &other, 4), -EBADMSG);
	ck_assert_int_eq(with_screen(0, full, sizeof(full)), -EBADMSG);
}
END_TEST

START_TEST(selftest_with_scales_and_curves_passes)
{
	struct err e = { "" };
	struct tiny t;
	struct buf b;
	struct model *m;

	make(&t, &b, SCALES);
	m = tiny_view(&b);
	ck_assert_ptr_nonnull(m->scales);
	ck_assert_uint_eq(m->knot_count, 18);
	ck_assert_uint_eq(m->columns[11].knot, 15);
	ck_assert_uint_eq(m->columns[11].knots, 3);
	ck_assert_uint_eq(m->columns[10].knots, 0);
	ck_assert_msg(!model_selftest(m, &e), "%s", e.text);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(selftest_changed_weight_fails)
{
	for (int what = 0; what < 2; what++) {
		struct tiny t;
		struct buf b;
		struct model *m;
		struct err e = { "" };
		double *changed;

		make(&t, &b, LINEAR);
		m = tiny_view(&b);
		/* The heaviest weight, or an intercept; both lie in b. */
		changed = what ? (double *)&m->columns[4].intercept
			       : (double *)m->weights;
		for (size_t i = 0;
		     !what && i < (size_t)m->tfidf.terms * m->column_count; i++)
			if (fabs(m->weights[i]) > fabs(*changed))
				changed = (double *)&m->weights[i];
		*changed *= 1.01;
		tiny_seal(b.p, b.n);
		model_free(m);
		m = tiny_view(&b);
		ck_assert_int_eq(model_selftest(m, &e), -EBADMSG);
		ck_assert_ptr_nonnull(strstr(e.text, "self-test"));
		model_free(m);
		buf_done(&b);
		tiny_done(&t);
	}
}
END_TEST

START_TEST(open_maps_a_file)
{
	char path[CHECK_PATH_MAX];
	struct model *m = NULL;
	struct err e = { "" };
	struct tiny t;
	struct buf b;

	make(&t, &b, KERNELS);
	check_file(t.folder, "a.vigie", b.p, b.n, path);
	ck_assert_int_eq(model_open(path, &m, &e), 0);
	ck_assert_int_eq(model_selftest(m, &e), 0);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(load_shares_its_copy_or_has_one_of_its_own)
{
	const char *const bases[] = { NULL, "/nowhere/at/all", NULL };
	char path[CHECK_PATH_MAX];
	struct model *m[3];
	struct err e = { "" };
	struct tiny t;
	struct buf b;

	make(&t, &b, KERNELS);
	check_file(t.folder, "a.vigie", b.p, b.n, path);
	for (int i = 0; i < 3; i++) {
		const char *base = i ? bases[i] : t.folder;

		ck_assert_int_eq(model_load(path, base, &m[i], &e), 0);
		ck_assert_int_eq(model_selftest(m[i], &e), 0);
		ck_assert_str_eq(m[i]->id, m[0]->id);
		ck_assert_ptr_eq(m[i]->bytes.base, i ? NULL : t.folder);
	}
	ck_assert_str_eq(m[0]->alone.text, "");
	ck_assert_ptr_nonnull(strstr(m[1]->alone.text, "/nowhere/at/all"));
	ck_assert_str_eq(m[2]->alone.text, ""); /* as it was asked */
	for (int i = 0; i < 3; i++)
		model_free(m[i]);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

/* Nor is it kept for others. */
START_TEST(load_of_what_is_damaged_is_refused_and_not_shared)
{
	char path[CHECK_PATH_MAX], line[CHECK_PATH_MAX + 32];
	struct model *m = NULL;
	struct err e = { "" };
	struct tiny t;
	struct buf b;

	make(&t, &b, KERNELS);
	b.p[b.n / 2] ^= 1;
	check_file(t.folder, "a.vigie", b.p, b.n, path);
	ck_assert_int_eq(model_load(path, t.folder, &m, &e), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, path));
	snprintf(line, sizeof(line), "%s/vigie-bundles-%u", t.folder,
		 (unsigned)geteuid());
	ck_assert_int_eq(access(line, F_OK), -1);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(open_what_is_no_bundle_is_refused)
{
	char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
	struct model *m = NULL;
	struct err e = { "" };

	check_folder(folder);
	ck_assert_int_eq(model_open(folder, &m, &e), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, folder));
	check_file(folder, "empty", "", 0, path);
	ck_assert_int_eq(model_open(path, &m, NULL), -EBADMSG);
	check_file(folder, "text",
		   "Once upon a time there was a file that had "
		   "nothing to do with vigie at all.",
		   75, path);
	err_clear(&e);
	ck_assert_int_eq(model_open(path, &m, &e), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "is no bundle of vigie"));
	err_clear(&e);
	strcat(path, "s");
	ck_assert_int_eq(model_open(path, &m, &e), -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, path));
	check_folder_done(folder);
}
END_TEST

/* jansson tells no lack of memory from bad JSON, or drops the end of a long
 * text (lex_save() forgets to look); libcrypto can do without some. */
START_TEST(view_every_allocation_fails_once)
{
	struct tiny t;
	struct buf b;
	unsigned long nth = 0;
	int r, more;

	make(&t, &b, SCALES);
	ck_assert_int_eq(look(buf_view(&b)), 0);
	do {
		struct model *m = NULL;
		struct err e = { "" };

		allocations_fail_at(++nth);
		r = model_view("x", buf_view(&b), &m, &e);
		more = allocations_failed();
		allocations_fail_at(0);
		ck_assert_msg(r == -ENOMEM || r == -EBADMSG || r == 0,
			      "%lu: %d", nth, r);
		ck_assert_int_eq(!m, r != 0);
		if (m)
			use(m);
		model_free(m);
	} while (more && nth < 5000);
	ck_assert_uint_gt(nth, 50);
	ck_assert_uint_lt(nth, 5000);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(is_name_of_a_label)
{
	char longest[BUNDLE_NAME_MAX + 1] = "";

	ck_assert(model_is_name("a"));
	ck_assert(model_is_name("souveraineté numérique"));
	ck_assert(!model_is_name(""));
	ck_assert(!model_is_name("a\"b"));
	ck_assert(!model_is_name("a\\b"));
	ck_assert(!model_is_name("a\nb"));
	memset(longest, 'a', BUNDLE_NAME_MAX - 1);
	ck_assert(model_is_name(longest));
	longest[BUNDLE_NAME_MAX - 1] = 'a';
	ck_assert(!model_is_name(longest));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(view_whole_bundle_is_what_was_trained),
		CHECK_TEST(view_cut_short_is_refused),
		CHECK_TEST(view_flipped_bit_is_refused),
		CHECK_TEST(view_damaged_and_sealed_does_no_harm),
		CHECK_TEST(view_damaged_kernels_and_sealed_do_no_harm),
		CHECK_TEST(view_damaged_head_and_sealed_does_no_harm),
		CHECK_TEST(view_damaged_scales_and_sealed_do_no_harm),
		CHECK_TEST(view_wrong_head_is_refused),
		CHECK_TEST(view_wrong_block_is_refused),
		CHECK_TEST(view_blocks_out_of_order_are_refused),
		CHECK_TEST(view_full_term_table_is_refused),
		CHECK_TEST(view_term_that_is_not_found_is_refused),
		CHECK_TEST(view_term_that_is_there_twice_is_refused),
		CHECK_TEST(view_bytes_of_no_section_are_refused),
		CHECK_TEST(view_wrong_table_is_refused),
		CHECK_TEST(view_wrong_curve_is_refused),
		CHECK_TEST(view_wrong_scales_are_refused),
		CHECK_TEST(view_sections_of_wrong_size_are_refused),
		CHECK_TEST(view_hash_of_another_block_does_no_harm),
		CHECK_TEST(view_other_version_says_train_again),
		CHECK_TEST(view_older_version_is_read_and_passes_its_selftest),
		CHECK_TEST(view_wrong_screen_is_refused),
		CHECK_TEST(selftest_with_scales_and_curves_passes),
		CHECK_TEST(selftest_changed_weight_fails),
		CHECK_TEST(open_maps_a_file),
		CHECK_TEST(load_shares_its_copy_or_has_one_of_its_own),
		CHECK_TEST(load_of_what_is_damaged_is_refused_and_not_shared),
		CHECK_TEST(open_what_is_no_bundle_is_refused),
		CHECK_TEST(view_every_allocation_fails_once),
		CHECK_TEST(is_name_of_a_label),
		CHECK_END,
	};

	return check_main("model", tests);
}
