/* Function words, not letters or their runs: a text cannot do without them, and
 * names, numbers and borrowed words, of which an article is full, do not
 * disturb. A word counts the more, the fewer languages have it. */
#include "parse/language.h"

#include <assert.h>
#include <endian.h>
#include <stdbool.h>
#include <string.h>

#include "base/run.h"
#include "parse/language_words.h"

enum {
	BYTES_MAX = 2048, /* of the text, looked at */
	WORDS_MIN = 24,	  /* it is not told by the quotation it begins with */
	STEP = 12,	  /* words after which it is asked again */
	BYTES_MIN = 12,	  /* too short to say anything */
	COVERED = 18,	  /* words in a hundred that must be the language's */
	COVERED_CLEAR = 12, /* the same where no neighbour has half as much */
	NEIGHBOUR = 115,  /* hundredths of its score that a neighbour has */
	HOPE = 24,	  /* words of which not even one is the language's */
	ONE_WORD = 1 << 16, /* see struct count */
};

/* Of each language its score, and above it how many words it has: one addition
 * a word. */
struct count {
	uint32_t tally[LANGUAGES];
	uint32_t words; /* of letters */
	size_t letters, foreign; /* bytes; of these, those past ASCII */
};

#define SMALL 0x2020202020202020u

/* A word as the table has it: its bytes from the left of a number, so that
 * numbers are in the order of the bytes. */
struct word {
	uint64_t key;
	size_t n;
};

/* What a word of the table is worth to its languages. */
struct worth {
	uint64_t key;
	uint32_t languages;
	uint32_t more; /* for the tally of each */
};

enum { WORTH_MAX = 2048, PLACES_BITS = 12, PLACES = 1 << PLACES_BITS };

/* The table in any order, and by the hash of its words where each stands in
 * it, from 1: filled as the program starts. */
static struct worth worth[WORTH_MAX];
static uint16_t places[PLACES];

static uint64_t key_of(const char z[LANGUAGE_WORD_MAX])
{
	uint64_t key;

	memcpy(&key, z, sizeof(key));
	return be64toh(key);
}

/* Where it stands, or the free place. */
static uint16_t *place_of(uint64_t key)
{
	size_t at = (size_t)(key * 0x9E3779B97F4A7C15u >>
			     (64 - PLACES_BITS));

	while (places[at] && worth[places[at]].key != key)
		at = (at + 1) % PLACES;
	return &places[at];
}

static uint16_t put(const struct language_word *w, uint16_t n)
{
	/* 12 of a word that one language alone has, 12 / n of others. */
	static const uint8_t weights[LANGUAGES + 1] = {
		0, 12, 6, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1,
		1, 1,  1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	};
	uint64_t key = key_of(w->z);

	assert(n < WORTH_MAX);
	worth[n] = (struct worth){
		key, w->languages,
		ONE_WORD + weights[__builtin_popcount(w->languages)]
	};
	*place_of(key) = n;
	return n;
}

__attribute__((constructor)) static void fill(void)
{
	uint16_t n = 0;

	for (size_t i = 0; i < 256; i++)
		for (size_t j = 0; j < language_words[i].n; j++)
			n = put(&language_words[i].v[j], (uint16_t)(n + 1));
}

static void add(struct count *c, uint64_t key)
{
	const struct worth *w = &worth[*place_of(key)];

	for (uint32_t set = w->languages; set; set &= set - 1)
		c->tally[__builtin_ctz(set)] += w->more;
}

static uint32_t score(const struct count *c, int language)
{
	return c->tally[language] % ONE_WORD;
}

static uint32_t hits(const struct count *c, int language)
{
	return c->tally[language] / ONE_WORD;
}

static bool is_letter(unsigned char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || c >= 0x80;
}

/* Signs that begin with the bytes of letters: quotes, dashes, no-break spaces,
 * in two or three bytes. Their length, or 0. */
static size_t sign_length(const unsigned char *p, const unsigned char *end)
{
	if (*p == 0xC2 && p + 1 < end)
		return 2;
	return (*p == 0xE2 || *p == 0xE3) && p + 2 < end &&
			       (p[1] == 0x80 || p[1] == 0x81) ? 3 : 0;
}

static bool is_apostrophe(const unsigned char *p, const unsigned char *end)
{
	return p < end && (*p == '\'' || (end - p > 2 && p[0] == 0xE2 &&
					  p[1] == 0x80 && p[2] == 0x99));
}

/* The word at p in small letters (of ASCII and of Latin-1); behind it. Those
 * that are longer than the table's are only counted. */
static const unsigned char *read_word(const unsigned char *p,
				      const unsigned char *end, struct word *w,
				      size_t *foreign)
{
	unsigned char before = 0;

	w->key = 0;
	w->n = 0;
	for (; p < end && is_letter(*p); p++) {
		unsigned char c = *p;

		if (c >= 0x80 && sign_length(p, end))
			break;
		if (c < 0x80 || (before == 0xC3 && c < 0x9F))
			c |= 0x20;
		*foreign += c >= 0x80;
		before = c;
		w->key = w->key << 8 | c;
		w->n++;
	}
	return p;
}

static const unsigned char *skip_others(const unsigned char *p,
					const unsigned char *end)
{
	while (p < end) {
		size_t n = is_letter(*p) ? sign_length(p, end) : 1;

		if (!n)
			break;
		p += n;
	}
	return p;
}

/* The same of a word of ASCII, as most are; false where it may be another. */
static bool read_plain_word(const unsigned char *p, const unsigned char *end,
			    struct word *w)
{
	size_t left = (size_t)(end - p), n = run_letters((const char *)p, left);

	if (n == left || left < sizeof(w->key) || p[n] >= 0x80)
		return false;
	w->n = n;
	memcpy(&w->key, p, sizeof(w->key));
	w->key = be64toh(w->key) | SMALL;
	if (n && n < sizeof(w->key))
		w->key >>= 8 * (sizeof(w->key) - n);
	return n;
}

static const unsigned char *count_word(struct count *c, const unsigned char *p,
				       const unsigned char *end)
{
	struct word w;

	if (read_plain_word(p, end, &w))
		p += w.n;
	else
		p = read_word(p, end, &w, &c->foreign);
	c->letters += w.n;
	c->words++;
	if (is_apostrophe(p, end) && w.n < LANGUAGE_WORD_MAX) {
		w.key = w.key << 8 | '\'';
		w.n++;
	}
	if (w.n && w.n <= LANGUAGE_WORD_MAX)
		add(c, w.key << 8 * (LANGUAGE_WORD_MAX - w.n));
	return p;
}

/* The best of the scores from `from` to `to`. */
static int best_of(const struct count *c, int from, int to)
{
	int best = from;

	for (int i = from + 1; i < to; i++)
		if (score(c, i) > score(c, best))
			best = i;
	return best;
}

/* After more words a smaller lead will do. */
static bool is_clear(const struct count *c)
{
	/* Quarters of the second's score that the best must have. */
	static const uint8_t leads[] = { 10, 10, 6, 6, 6, 6, 5 };
	size_t step = (c->words - WORDS_MIN) / STEP;
	uint32_t second = 0;
	int best = best_of(c, 0, LANGUAGE_TOLD);

	if (step >= sizeof(leads))
		step = sizeof(leads) - 1;
	if ((step < 2 ? 3 : 4) * hits(c, best) <= c->words)
		return false;
	for (int i = 0; i < LANGUAGES; i++)
		if (i != best && score(c, i) > second)
			second = score(c, i);
	return 4 * score(c, best) > leads[step] * second;
}

/* Lists of names, words thrown together: no sentence goes on like this. */
static bool is_hopeless(const struct count *c)
{
	return c->words >= 2 * WORDS_MIN &&
	       HOPE * hits(c, best_of(c, 0, LANGUAGES)) < c->words;
}

static const char *name_of(const struct count *c)
{
	static const char *const names[LANGUAGE_TOLD] = {
		"fr", "en", "de", "es", "it", "nl", "pt",
	};
	int best = best_of(c, 0, LANGUAGE_TOLD);
	int near = best_of(c, LANGUAGE_TOLD, LANGUAGES);

	/* Other scripts have long words or none between spaces. */
	if (2 * c->foreign > c->letters)
		return c->letters >= BYTES_MIN ? "other" : NULL;
	if (c->words < 3 || c->letters < BYTES_MIN)
		return NULL;
	if (100 * score(c, near) > NEIGHBOUR * score(c, best) ||
	    100 * hits(c, best) <
		    (score(c, best) > 2 * score(c, near) ? COVERED_CLEAR :
							    COVERED) *
			    c->words)
		return "other";
	return names[best];
}

const char *language_of(struct str text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	size_t n = text.n < BYTES_MAX ? text.n : BYTES_MAX;
	struct count c = { .words = 0 };
	uint32_t next = WORDS_MIN;

	if (!n)
		return NULL;
	for (const unsigned char *end = p + n; p < end;) {
		p = skip_others(p, end);
		if (p == end)
			break;
		p = count_word(&c, p, end);
		if (c.words < next)
			continue;
		if (is_clear(&c) || is_hopeless(&c))
			break;
		next += STEP;
	}
	return name_of(&c);
}
