/* fuzz_tokens.c -- any well-formed text, cut by any settings. Words stand in
 * the order of the text, for whole code points of it, and are well-formed; what
 * lies between two words is no letter that was lost. Then judged by a model
 * made here, with blocks of terms of every kind: the shares of all words and
 * the intercept are the decision.
 *
 * Input: two bytes of settings, then the text, which is cut where it is no
 * longer UTF-8. */
#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "classify/because.h"
#include "classify/cut.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SLOTS = 512, TERMS = SLOTS / 2, TOPICS = 2 };

static struct arena block;
static struct tfidf_slot slots[SLOTS];
static double idf[TERMS], weights[TERMS][TOPICS], scales[TERMS][TOPICS];
static const struct bundle_column columns[TOPICS] = { { .intercept = -0.5 },
						      { .intercept = 0.25 } };

static bool is_border(struct str s, size_t at)
{
	return at == s.n || (s.p[at] & 0xC0) != 0x80;
}

/* A '#' before it, and no blank between: it may be a part of a tag. */
static bool is_in_tag(struct str text, const struct token *w)
{
	for (size_t i = w->start; i-- && text.p[i] != ' ';)
		if (text.p[i] == '#')
			return true;
	return false;
}

/* Starts ascend but for extras, which are the whole of words before or runs in
 * them, and for the parts of tags. */
static void look(struct str text, struct tokens k)
{
	uint32_t last = 0;

	for (size_t i = 0; i < k.n; i++) {
		const struct token *w = &k.v[i];

		assert(w->start < w->end && w->end <= text.n);
		assert(is_border(text, w->start) && is_border(text, w->end));
		assert(w->end - w->start <= TOKENS_WORD_MAX);
		assert(unicode_valid(w->s) == w->s.n);
		if (w->extra || (w->start < last && is_in_tag(text, w)))
			continue;
		assert(w->start >= last);
		last = w->end;
	}
}

/* No letter or digit stands between two words, unless in a run too long. */
static void look_between(struct str text, struct tokens k)
{
	uint32_t last = 0;

	for (size_t i = 0; i <= k.n; i++) {
		uint32_t next = i < k.n ? k.v[i].start : (uint32_t)text.n;

		for (uint32_t at = last; at < next; at++)
			assert(next - last > TOKENS_WORD_MAX ||
			       !isalnum((unsigned char)text.p[at]));
		if (i < k.n && k.v[i].end > last)
			last = k.v[i].end;
	}
}

/* Runs of plain ASCII go another way than what must be looked at. */
static void look_twice(struct tokenizer *t, struct str text, struct tokens k,
		       struct arena scratch)
{
	struct tokens slow;

	if (cut_slowly(t, text, &scratch, &slow))
		abort();
	assert(slow.n == k.n);
	for (size_t i = 0; i < k.n; i++) {
		const struct token *x = &k.v[i], *y = &slow.v[i];

		assert(str_eq(x->s, y->s) && x->hash == y->hash);
		assert(x->start == y->start && x->end == y->end);
		assert(x->extra == y->extra);
	}
}

static void cut_it(struct tokenizer *t, const struct tokens_settings *set,
		   struct str text)
{
	struct arena a = block;
	struct tokens k;

	if (tokens_cut(t, text, &a, &k))
		abort(); /* the arena is large enough for any input */
	look(text, k);
	look_twice(t, text, k, a);
	if (set->cut != TOKENS_WORDS && set->min_length == 1 &&
	    !set->stop_count)
		look_between(text, k);
}

/* Words always, and what else the settings ask for. */
static void add_blocks(struct features *f, const uint8_t how[2],
		       const struct tokens_settings *set)
{
	struct features_block b = { .of = FEATURES_WORDS, .fields = 7,
				    .ngrams = { 1, 1 + (how[0] & 1) } };
	struct tokens_settings blanks = features_cut(set, TOKENS_BLANKS, true,
						     false);

	if (features_add(f, &b, set, NULL))
		abort();
	for (int i = FEATURES_CHARS; i <= FEATURES_GIVEN; i++) {
		bool apart = i == FEATURES_ACROSS || i == FEATURES_GIVEN;

		b = (struct features_block){ .of = (enum features_kind)i,
					     .fields = 7,
					     .first = how[0] & 4 ? 3 : 0,
					     .ngrams = { 3, 4 } };
		if (how[1] >> (3 + i) & 1 &&
		    features_add(f, &b, apart ? &blanks : set, NULL))
			abort();
	}
}

/* Every block has the same number of terms; the last of several weighs them
 * for each machine. */
static struct model model_of(const uint8_t how[2],
			     const struct tokens_settings *set)
{
	struct model m = {
		.tfidf = { .title_weight = how[0] & 1 ? 0.3 : 2,
			   .slots = slots, .slot_mask = SLOTS - 1,
			   .idf = idf },
		.topic_count = TOPICS,
		.column_count = TOPICS,
		.machine_count = TOPICS,
		.columns = columns,
		.weights = &weights[0][0],
		.scales = &scales[0][0],
	};
	uint32_t n;

	add_blocks(&m.features, how, set);
	n = m.features.block_count;
	for (uint32_t b = 0; b < n; b++)
		m.tfidf.block[b] = (struct tfidf_block){
			.count = (enum tfidf_count_mode)((how[0] + b) % 3),
			.idf = b % 2, .norm = how[0] & 8, .weight = 0.5 + b,
			.supervised = b && b == n - 1,
			.end = TERMS / n * (b + 1),
		};
	m.tfidf.block_count = n;
	m.tfidf.terms = TERMS / n * n;
	return m;
}

/* A vocabulary out of the text itself: of its terms as many as there is room,
 * for ids go block by block. */
static void learn(struct model *m, struct str text, struct arena a)
{
	struct reading r;

	for (size_t i = 0; i < SLOTS; i++)
		slots[i] = (struct tfidf_slot){ .term = TFIDF_NONE };
	if (features_read(&m->features, FIELD_TEXT, text, &a, &r))
		return;
	for (uint32_t b = 0, id = 0; b < m->features.block_count;
	     id = m->tfidf.block[b++].end)
		for (size_t i = 0; i < r.block[b].n; i++) {
			uint64_t hash = r.block[b].v[i].hash;

			if (i % 5 == 4 || id == m->tfidf.block[b].end ||
			    tfidf_find(&m->tfidf, hash) != TFIDF_NONE)
				continue;
			tfidf_put(slots, SLOTS - 1,
				  (struct tfidf_slot){ hash, id, 1 });
			idf[id] = 1 + (double)(id % 7) / 3;
			weights[id][0] = (double)(hash % 1000) / 500 - 1;
			weights[id][1] = (double)(hash % 77) / 7;
			scales[id][0] = (double)(hash % 13);
			scales[id++][1] = (double)(hash % 3);
		}
}

/* Values that were given may be large and cancel out: what is lost is measured
 * by what was added. */
static void explain(const struct model *m, const struct judgement *j,
		    uint32_t column, struct arena scratch)
{
	double sum = m->columns[column].intercept, d = j->decision[column];
	double all = fabs(sum);
	struct spans w;

	if (because_words(m, j, column, &scratch, &w))
		return;
	for (size_t i = 0; i < w.n; i++) {
		assert(w.v[i].start < w.v[i].end);
		assert(w.v[i].end <= j->field[w.v[i].field].n);
		sum += w.v[i].weight;
		all += fabs(w.v[i].weight);
	}
	assert(isfinite(d) && fabs(sum - d) <= 1e-9 * fmax(1, all));
	w = because_best(j, w);
	assert(w.n <= BECAUSE_MOST);
	for (size_t i = 0; i < w.n; i++) {
		assert(w.v[i].start < w.v[i].end);
		assert(w.v[i].end <= j->field[w.v[i].field].n);
	}
}

/* With what was kept of words' characters, twice: once to keep it. */
static void judge_again(struct model *m, const struct str field[],
			const struct judgement *first, struct arena scratch)
{
	size_t columns = m->column_count * sizeof(*first->decision);
	struct judgement j;

	if (tfidf_ready(&m->tfidf) || features_know(&m->features, &m->tfidf))
		abort();
	for (int i = 0; i < 2; i++) {
		struct arena a = scratch;

		if (judge(m, field, &a, &j))
			break;
		assert(j.counts.n == first->counts.n);
		assert(!memcmp(j.decision, first->decision, columns));
	}
	tfidf_done(&m->tfidf);
}

static void judge_it(struct model *m, const struct str field[])
{
	struct arena a = block;
	struct judgement j;
	double unknown;

	if (judge(m, field, &a, &j))
		return;
	for (int f = 0; f < FIELD_COUNT; f++)
		for (uint32_t c = 0; c < m->features.cut_count; c++)
			look(field[f], j.read[f].cut[c]);
	unknown = judge_unknown(m, &j);
	assert(unknown >= 0 && unknown <= 1);
	for (uint32_t c = 0; c < m->column_count; c++)
		explain(m, &j, c, a);
	judge_again(m, field, &j, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const stems[] = { "none", "french", "english",
					     "german" };
	static const char *stop[] = { "le", "THE", "d’un", "Œuvre" };
	struct tokens_settings set;
	struct tokenizer *t;
	struct model m;
	struct str field[FIELD_COUNT], *text = &field[FIELD_TEXT];
	struct str *title = &field[FIELD_TITLE], *target = &field[FIELD_TARGET];

	if (size < 2)
		return 0;
	if (!block.p && arena_open(&block, 64 << 20))
		abort();
	set = (struct tokens_settings){
		.min_length = 1 + (data[0] >> 4 & 1),
		.cut = (enum tokens_cut)(data[1] & 3),
		.cased = data[1] >> 2 & 1,
		.hashtags = data[1] >> 3 & 1,
		.compounds = data[0] >> 5 & 1,
		.strip_accents = data[0] >> 6 & 1,
		.stem = stems[data[0] & 3],
		.stop = stop,
		.stop_count = data[0] >> 7 ? 4 : 0,
	};
	if (tokenizer_new(&set, &t, NULL))
		abort();
	*text = (struct str){ (const char *)data + 2, size - 2 };
	text->n = unicode_valid(*text);
	cut_it(t, &set, *text);
	tokenizer_free(t);
	*title = (struct str){ text->p, text->n / 3 };
	title->n = unicode_valid(*title);
	*target = (struct str){ text->p + title->n, text->n / 5 };
	target->n = unicode_valid(*target);
	m = model_of(data, &set);
	learn(&m, *text, block);
	judge_it(&m, field);
	features_done(&m.features);
	return 0;
}
