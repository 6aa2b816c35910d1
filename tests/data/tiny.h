/* tiny.h -- a little made-up corpus and what is learnt from it, for the tests
 * of judging and training. */
#ifndef VIGIE_TESTS_TINY_H
#define VIGIE_TESTS_TINY_H

#include <math.h>

#include "base/hash.h"
#include "classify/judge.h"
#include "learn/fit.h"
#include "tests/check_main.h"

struct tiny {
	char folder[CHECK_PATH_MAX], data[CHECK_PATH_MAX];
	struct conf conf;
	struct recipe recipe;
	struct corpus corpus;
	struct terms terms;
	struct fit fit;
	unsigned char *use; /* all of them */
};

/* The recipe of most tests: three topics, three stances, both blocks. */
#define TINY_RECIPE                                                   \
	"name: tiny\n"                                                \
	"topics: [sovereignty, partnership, market]\n"                \
	"stances: [favour, against, neutral]\n"                       \
	"words: {ngrams: [1, 2], min_df: 2}\n"                        \
	"chars: {ngrams: [3, 4], min_df: 3, weight: 0.5}\n"           \
	"title_weight: 2\nfolds: 3\n"

static inline unsigned tiny_random(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 16 & 0x7FFF;
}

static inline void tiny_words(struct buf *b, const char *const *v, size_t n,
			      size_t count, unsigned *state)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(b, " %s", v[tiny_random(state) % n]);
}

static const char *const tiny_topics[] = { "sovereignty", "partnership",
					   "market" };
static const char *const tiny_stances[] = { "favour", "against", "neutral" };

/* n documents of JSON lines with one or two topics each, every stance of every
 * topic in turn, and some without any topic. */
static inline void tiny_lines(struct buf *b, size_t n)
{
	static const char *const topic_words[3][6] = {
		{ "souveraineté", "Gaia-X", "l'autonomie", "S3NS",
		  "l’indépendance", "européenne" },
		{ "partenariat", "l'alliance", "coentreprise", "signent",
		  "Google-Thales", "ensemble" },
		{ "marché", "croissance", "ventes", "d'affaires", "bénéfice",
		  "parts" },
	};
	static const char *const stance_words[3][4] = {
		{ "salue", "réussite", "l'atout", "enfin" },
		{ "échec", "dénonce", "qu'hélas", "critique" },
		{ "annonce", "indique", "précise", "mardi" },
	};
	static const char *const filler[] = {
		"cloud",       "données", "le",	      "la",
		"entreprise",  "Paris",	  "ministre", "projet",
		"aujourd'hui", "2022",	  "œuvre",    "très"
	};
	unsigned state = 7;

	for (size_t i = 0; i < n; i++) {
		size_t t = i % 4, s = i / 4 % 3, u = (t + 1) % 3;

		buf_printf(b, "{\"id\":\"d%zu\",\"hand\":\"%c\",\"title\":\"",
			   i, "abc"[i % 3]);
		tiny_words(b, filler, 12, 2, &state);
		if (t < 3)
			tiny_words(b, topic_words[t], 6, 1, &state);
		buf_add_z(b, "\",\"text\":\"");
		tiny_words(b, filler, 12, 6, &state);
		if (t < 3) {
			tiny_words(b, topic_words[t], 6, 4, &state);
			tiny_words(b, stance_words[s], 4, 3, &state);
		}
		if (t < 3 && i % 5 == 0)
			tiny_words(b, topic_words[u], 6, 4, &state);
		buf_add_z(b, ". Fin.\",\"topics\":{");
		if (t < 3)
			buf_printf(b, "\"%s\":\"%s\"", tiny_topics[t],
				   tiny_stances[s]);
		if (t < 3 && i % 5 == 0)
			buf_printf(b, ",\"%s\":\"%s\"", tiny_topics[u],
				   tiny_stances[s]);
		buf_add_z(b, "}}\n");
	}
}

/* Write a recipe and its data into a folder of the test's own. */
static inline void tiny_files(struct tiny *t, const char *yaml, struct str data,
			      char recipe[CHECK_PATH_MAX])
{
	check_folder(t->folder);
	check_file(t->folder, "data.jsonl", data.p, data.n, t->data);
	check_file(t->folder, "recipe.yaml", yaml, strlen(yaml), recipe);
}

/* Read recipe, corpus and terms; fit is ready for fit_bundle(). */
static inline void tiny_open(struct tiny *t, const char *yaml, struct str data)
{
	char recipe[CHECK_PATH_MAX];
	const char *file = t->data;
	struct err e = { "" };
	int r;

	memset(t, 0, sizeof(*t));
	tiny_files(t, yaml, data, recipe);
	r = recipe_load(&t->conf, recipe, &t->recipe, &e);
	ck_assert_msg(!r, "%s", e.text);
	r = corpus_read(&t->corpus, &t->recipe, STR(""), &file, 1, &e);
	ck_assert_msg(!r, "%s", e.text);
	r = terms_read(&t->terms, &t->corpus, &t->recipe, &e);
	ck_assert_msg(!r, "%s", e.text);
	t->use = malloc(t->corpus.n);
	ck_assert_ptr_nonnull(t->use);
	memset(t->use, 1, t->corpus.n);
	t->fit = (struct fit){ .corpus = &t->corpus, .terms = &t->terms,
			       .recipe = &t->recipe, .jobs = 1 };
}

enum { TINY_MANY = 40 };

/* The same over documents of two of many topics each, which have words of
 * their own. */
static inline void tiny_many(struct tiny *t, const char *yaml)
{
	unsigned state = 9;
	struct buf b;

	buf_init(&b, 1 << 24);
	for (unsigned i = 0; i < 4 * TINY_MANY; i++) {
		unsigned one = i % TINY_MANY;
		unsigned two = tiny_random(&state) % TINY_MANY;

		two = two == one ? (one + 1) % TINY_MANY : two;
		buf_printf(&b,
			   "{\"text\":\"alpha w%u x%u beta w%u gamma y%u\","
			   "\"topics\":[\"t%u\",\"t%u\"]}\n",
			   one, one, two, tiny_random(&state) % 9, one, two);
	}
	tiny_open(t, yaml, buf_view(&b));
	buf_done(&b);
}

/* The same over n documents of tiny_lines(). */
static inline void tiny_made(struct tiny *t, const char *yaml, size_t n)
{
	struct buf b;

	buf_init(&b, 1 << 24);
	tiny_lines(&b, n);
	tiny_open(t, yaml, buf_view(&b));
	buf_done(&b);
}

static inline void tiny_done(struct tiny *t)
{
	free(t->use);
	terms_free(&t->terms);
	corpus_free(&t->corpus);
	conf_done(&t->conf);
	check_folder_done(t->folder);
}

static inline void tiny_bundle(struct tiny *t, struct buf *out)
{
	struct err e = { "" };
	int r;

	buf_init(out, 1 << 28);
	r = fit_bundle(&t->fit, t->use, out, &e);
	ck_assert_msg(!r, "%d %s", r, e.text);
}

static inline struct model *tiny_view(const struct buf *bundle)
{
	struct err e = { "" };
	struct model *m = NULL;
	int r = model_view("tiny", buf_view(bundle), &m, &e);

	ck_assert_msg(!r, "%s", e.text);
	return m;
}

/* Judge a document, or a title and a text of the test's own. */
static inline void tiny_judge(const struct model *m, const struct example *x,
			      struct arena *a, struct judgement *ret)
{
	const struct str field[FIELD_COUNT] = { x->title, x->text, x->target };

	ck_assert_int_eq(judge(m, field, a, ret), 0);
}

static inline struct example tiny_example(const char *title, const char *text)
{
	return (struct example){ .title = str_of(title),
				 .text = str_of(text),
				 .target = STR("") };
}

/* The first documents with the decision values that m gives them: what
 * model_selftest() wants in the head. For fit.extra. */
static inline json_t *tiny_golden(const struct model *m, const void *arg)
{
	const struct corpus *c = arg;
	json_t *all = json_array();
	struct arena a;

	ck_assert_int_eq(arena_open(&a, 1 << 24), 0);
	for (size_t i = 0; i < 3; i++) {
		const struct example *x = &c->v[i];
		json_t *scores = json_array();
		struct arena scratch = a;
		struct judgement j;

		tiny_judge(m, x, &scratch, &j);
		for (uint32_t k = 0; k < m->column_count; k++)
			json_array_append_new(scores, json_real(j.decision[k]));
		json_array_append_new(
			all, json_pack("{s:s%, s:s%, s:s%, s:o}", "title",
				       x->title.p, x->title.n, "text",
				       x->text.p, x->text.n, "target",
				       x->target.p, x->target.n, "scores",
				       scores));
	}
	arena_close(a);
	return json_pack("{s:o}", "golden", all);
}

/* The trailer's digest made to fit whatever the bytes are now. */
static inline void tiny_seal(char *bytes, size_t n)
{
	if (n < BUNDLE_TRAILER)
		return;
	ck_assert_int_eq(hash_sha256((struct str){ bytes, n - BUNDLE_TRAILER },
				     (unsigned char *)bytes + n -
					     BUNDLE_TRAILER), 0);
}

/* Where z begins in s, or NULL. */
static inline char *tiny_find(struct str s, const char *z)
{
	size_t n = strlen(z);

	for (size_t i = 0; i + n <= s.n; i++)
		if (!memcmp(s.p + i, z, n))
			return (char *)s.p + i;
	return NULL;
}

/* |a - b| <= 1e-9 * max(1, |b|). */
#define TINY_ASSERT_NEAR(a, b)                                            \
	ck_assert_msg(fabs((a) - (b)) <= 1e-9 * fmax(1, fabs(b)),         \
		      "%s is %.17g, %s is %.17g", #a, (double)(a), #b,    \
		      (double)(b))

#endif
