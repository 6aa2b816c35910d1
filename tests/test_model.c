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

/* A bundle with golden articles; of machines that are not linear, if told. */
static void make(struct tiny *t, struct buf *bundle, bool kernels)
{
	tiny_made(t, kernels ? SMALL_RECIPE "topic: {kernel: rbf}\n"
					    "stance: {kernel: poly}\n"
			     : SMALL_RECIPE, 24);
	t->fit.extra = tiny_golden;
	t->fit.extra_arg = &t->corpus;
	tiny_bundle(t, bundle);
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
	struct err e = { "" };

	(void)model_selftest(m, &e);
	for (uint32_t i = 0; i < m->tfidf.terms; i++)
		(void)model_term(m, i);
	if (judge(m, STR("Gaia-X et l'alliance"),
		  STR("La souveraineté dénonce le marché de S3NS."), &a, &j))
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

	make(&t, &b, false);
	m = tiny_view(&b);
	ck_assert_str_eq(m->name, "tiny");
	ck_assert_uint_eq(m->topic_count, 3);
	ck_assert_str_eq(m->topics[0].name, "market"); /* sorted */
	ck_assert_uint_eq(m->stance_count, 3);
	ck_assert_str_eq(m->stances[2], "neutral");
	ck_assert_uint_eq(m->column_count, 12);
	ck_assert_uint_eq(model_stance_column(m, 2, 1), 10);
	ck_assert(!m->one_of);
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
	for (int kernels = 0; kernels < 2; kernels++) {
		struct tiny t;
		struct buf b;

		make(&t, &b, kernels);
		for (size_t n = 0; n < b.n; n += n < 512 ? 1 : 61) {
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

	make(&t, &b, true);
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
static void damage_and_seal(bool kernels, size_t most)
{
	static const unsigned char bytes[] = { 0, 0xFF, 0x7F, 0x80, '9', '-' };
	struct tiny t;
	struct buf b;
	unsigned state = 2;
	int refused = 0;

	make(&t, &b, kernels);
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
	damage_and_seal(false, 0);
}
END_TEST

START_TEST(view_damaged_kernels_and_sealed_do_no_harm)
{
	damage_and_seal(true, 0);
}
END_TEST

START_TEST(view_damaged_head_and_sealed_does_no_harm)
{
	damage_and_seal(true, 2048);
}
END_TEST

/* Change a number of the JSON head: text of the same length instead. */
static int with_head(const char *from, const char *to)
{
	struct tiny t;
	struct buf b;
	char *at;
	int r;

	ck_assert_uint_eq(strlen(from), strlen(to));
	make(&t, &b, false);
	at = tiny_find(buf_view(&b), from);
	ck_assert_ptr_nonnull(at);
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
		{ "\"words\":[1,1]", "\"words\":[2,1]" },
		{ "\"words\":[1,1]", "\"words\":[0,1]" },
		{ "\"words\":[1,1]", "\"words\":[9,1]" },
		{ "\"name\":\"tiny\"", "\"name\":\"ti\\\"\"" },
		{ "\"name\":\"tiny\"", "\"nome\":\"tiny\"" },
		{ "\"stem\":\"french\"", "\"stem\":\"fransh\"" },
		{ "\"min_length\":2", "\"min_length\":x" },
		{ "\"tokens\":{\"version\":1", "\"tokens\":{\"version\":9" },
		{ "\"features\":{\"version\":1",
		  "\"features\":{\"version\":9" },
		{ "\"tfidf\":{\"version\":1", "\"tfidf\":{\"version\":9" },
		{ "\"title_weight\":1.0", "\"title_weight\":-10" },
		{ "\"names\":[\"market\"", "\"names\":[\"mark\\t\"" },
		{ "\"names\":[\"favour\"", "\"names\":[\"favo\\r\"" },
		{ "\"compounds\":true", "\"compounds\":1234" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		ck_assert_msg(with_head(pairs[i][0], pairs[i][1]) == -EBADMSG,
			      "%s", pairs[i][1]);
	ck_assert_int_eq(with_head("\"name\":\"tiny\"", "\"name\":\"tinz\""),
			 0);
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

	make(&t, &b, false);
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

/* One number of a table, changed and sealed. */
static int with_u32(uint32_t kind, size_t at, uint32_t x)
{
	struct tiny t;
	struct buf b;
	int r;

	make(&t, &b, true);
	memcpy(section(&b, kind) + at, &x, sizeof(x));
	tiny_seal(b.p, b.n);
	r = look(buf_view(&b));
	buf_done(&b);
	tiny_done(&t);
	return r;
}

static int with_double(uint32_t kind, size_t at, double x)
{
	uint32_t half[2];
	struct tiny t;
	struct buf b;
	int r;

	make(&t, &b, true);
	memcpy(half, &x, sizeof(x));
	memcpy(section(&b, kind) + at, half, sizeof(half));
	tiny_seal(b.p, b.n);
	r = look(buf_view(&b));
	buf_done(&b);
	tiny_done(&t);
	return r;
}

START_TEST(view_wrong_table_is_refused)
{
	struct tiny t;
	struct buf b;
	struct model *m;
	size_t terms;

	make(&t, &b, true);
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
#define COLUMN(member) offsetof(struct bundle_column, member)
	ck_assert_int_eq(with_double(BUNDLE_COLUMNS, COLUMN(threshold), NAN),
			 -EBADMSG);
	ck_assert_int_eq(with_u32(BUNDLE_COLUMNS, COLUMN(kernel), 7), -EBADMSG);
	ck_assert_int_eq(with_u32(BUNDLE_COLUMNS, COLUMN(kernel), 6), 0);
	ck_assert_int_eq(with_u32(BUNDLE_KERNELS,
				  offsetof(struct kernel_head, dims), 1 << 20),
			 -EBADMSG);
}
END_TEST

START_TEST(view_other_version_says_train_again)
{
	uint32_t version = BUNDLE_VERSION + 1;
	struct model *m = NULL;
	struct err e = { "" };
	struct tiny t;
	struct buf b;

	make(&t, &b, false);
	memcpy(b.p + 8, &version, sizeof(version));
	tiny_seal(b.p, b.n);
	ck_assert_int_eq(model_view("x", buf_view(&b), &m, &e), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "train it again"));
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

		make(&t, &b, false);
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

	make(&t, &b, true);
	check_file(t.folder, "a.vigie", b.p, b.n, path);
	ck_assert_int_eq(model_open(path, &m, &e), 0);
	ck_assert_int_eq(model_selftest(m, &e), 0);
	model_free(m);
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

	make(&t, &b, true);
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
		CHECK_TEST(view_wrong_head_is_refused),
		CHECK_TEST(view_full_term_table_is_refused),
		CHECK_TEST(view_wrong_table_is_refused),
		CHECK_TEST(view_other_version_says_train_again),
		CHECK_TEST(selftest_changed_weight_fails),
		CHECK_TEST(open_maps_a_file),
		CHECK_TEST(open_what_is_no_bundle_is_refused),
		CHECK_TEST(view_every_allocation_fails_once),
		CHECK_TEST(is_name_of_a_label),
		CHECK_END,
	};

	return check_main("model", tests);
}
