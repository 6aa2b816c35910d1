/* fuzz_tokens.c -- any well-formed text, cut by any settings. Words stand in
 * the order of the text, for whole code points of it, and are well-formed; what
 * lies between two words is no letter that was lost. Then judged by a model
 * made here: the shares of all words and the intercept are the decision.
 *
 * Input: one byte of settings, then the text, which is cut where it is no
 * longer UTF-8. */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "classify/because.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SLOTS = 256, TOPICS = 2 };

static struct arena block;
static struct tfidf_slot slots[SLOTS];
static double idf[SLOTS], weights[SLOTS][TOPICS];
static const struct bundle_column columns[TOPICS] = { { .intercept = -0.5 },
						      { .intercept = 0.25 } };

static bool is_border(struct str s, size_t at)
{
	return at == s.n || (s.p[at] & 0xC0) != 0x80;
}

/* A part follows its whole's start, and the whole of a hyphenated word its
 * parts: starts ascend but for extras. */
static void look(struct str text, struct tokens k)
{
	uint32_t last = 0;

	for (size_t i = 0; i < k.n; i++) {
		const struct token *w = &k.v[i];

		assert(w->start < w->end && w->end <= text.n);
		assert(is_border(text, w->start) && is_border(text, w->end));
		assert(w->end - w->start <= TOKENS_WORD_MAX);
		assert(unicode_valid(w->s) == w->s.n);
		if (w->extra)
			continue;
		assert(w->start >= last);
		last = w->end;
	}
}

static struct model model_of(uint8_t how, struct tokenizer *t)
{
	return (struct model){
		.tokenizer = t,
		.features = { { { 1, 1 + (how & 1) },
				{ how & 2 ? 3 : 0, how & 2 ? 4 : 0 } } },
		.tfidf = { .set = { .sublinear = how & 4, .idf = true,
				    .norm = how & 8, .weight = { 1, 0.5 },
				    .title_weight = how & 1 ? 0.3 : 2 },
			   .terms = SLOTS / 2,
			   .block_end = { SLOTS / 4, SLOTS / 2 },
			   .slots = slots, .slot_mask = SLOTS - 1, .idf = idf },
		.topic_count = TOPICS,
		.column_count = TOPICS,
		.columns = columns,
		.weights = &weights[0][0],
	};
}

/* A vocabulary out of the text itself: of its terms as many as there is room,
 * words first, for ids go block by block. */
static void learn(struct model *m, struct str text, struct arena a)
{
	struct tokens k;
	struct occurrences all;
	uint32_t next[BLOCK_COUNT] = { 0, SLOTS / 4 };

	for (size_t i = 0; i < SLOTS; i++)
		slots[i] = (struct tfidf_slot){ .term = TFIDF_NONE };
	if (tokens_cut(m->tokenizer, text, &a, &k) ||
	    features_list(&m->features, k, &a, &all))
		return;
	for (size_t i = 0; i < all.n; i++) {
		const struct occurrence *o = &all.v[i];
		uint32_t id = next[o->block];

		if (i % 5 == 4 || id == m->tfidf.block_end[o->block] ||
		    tfidf_find(&m->tfidf, o->hash) != TFIDF_NONE)
			continue;
		next[o->block]++;
		tfidf_put(slots, SLOTS - 1,
			  (struct tfidf_slot){ o->hash, id, 1 });
		idf[id] = 1 + (double)(id % 7) / 3;
		weights[id][0] = (double)(o->hash % 1000) / 500 - 1;
		weights[id][1] = (double)(o->hash % 77) / 7;
	}
}

static void judge_it(const struct model *m, struct str title, struct str text)
{
	struct arena a = block;
	struct judgement j;
	struct spans w;

	if (judge(m, title, text, &a, &j))
		return;
	look(title, j.tokens[FIELD_TITLE]);
	look(text, j.tokens[FIELD_TEXT]);
	for (uint32_t c = 0; c < m->column_count; c++) {
		double sum = m->columns[c].intercept, d = j.decision[c];
		struct arena scratch = a;

		if (because_words(m, &j, c, &scratch, &w))
			return;
		for (size_t i = 0; i < w.n; i++)
			sum += w.v[i].weight;
		assert(fabs(sum - d) <= 1e-9 * fmax(1, fabs(d)));
		w = because_best(&j, w);
		assert(w.n <= BECAUSE_MOST);
		for (size_t i = 0; i < w.n; i++) {
			assert(w.v[i].start < w.v[i].end);
			assert(w.v[i].end <= j.field[w.v[i].field].n);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const stems[] = { "none", "french", "english",
					     "german" };
	static const char *stop[] = { "le", "THE", "d’un", "Œuvre" };
	struct tokens_settings set;
	struct tokenizer *t;
	struct model m;
	struct str text, title;

	if (!size)
		return 0;
	if (!block.p && arena_open(&block, 64 << 20))
		abort();
	set = (struct tokens_settings){
		.min_length = 1 + (data[0] >> 4 & 1),
		.compounds = data[0] >> 5 & 1,
		.strip_accents = data[0] >> 6 & 1,
		.stem = stems[data[0] & 3],
		.stop = stop,
		.stop_count = data[0] >> 7 ? 4 : 0,
	};
	if (tokenizer_new(&set, &t, NULL))
		abort();
	text = (struct str){ (const char *)data + 1, size - 1 };
	text.n = unicode_valid(text);
	title = text;
	title.n = text.n / 3;
	title.n = unicode_valid(title);
	m = model_of(data[0], t);
	learn(&m, text, block);
	judge_it(&m, title, text);
	tokenizer_free(t);
	return 0;
}
