/* Function words, not letters or their runs: a text cannot do without them, and
 * names, numbers and borrowed words, of which an article is full, do not
 * disturb. A word counts the more, the fewer languages have it. */
#include "parse/language.h"

#include <endian.h>
#include <stdbool.h>
#include <string.h>

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

/* A word as the table has it: its bytes from the left of a number, so that
 * numbers are in the order of the bytes. */
struct word {
	uint64_t key;
	size_t n;
};

static uint64_t key_of(const char z[LANGUAGE_WORD_MAX])
{
	uint64_t key;

	memcpy(&key, z, sizeof(key));
	return be64toh(key);
}

static uint32_t languages_of(uint64_t key)
{
	const struct language_words *words = &language_words[key >> 56];
	const struct language_word *at = words->v;
	size_t n = words->n;

	if (!n)
		return 0;
	/* Without branches that depend on the text. */
	while (n > 1) {
		size_t half = n / 2;

		at += key_of(at[half].z) <= key ? half : 0;
		n -= half;
	}
	return key_of(at->z) == key ? at->languages : 0;
}

static void add(struct count *c, uint32_t set)
{
	/* 12 of a word that one language alone has, 12 / n of others. */
	static const uint8_t weights[LANGUAGES + 1] = {
		0, 12, 6, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1,
		1, 1,  1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	};
	uint32_t more = ONE_WORD + weights[__builtin_popcount(set)];

	for (; set; set &= set - 1)
		c->tally[__builtin_ctz(set)] += more;
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

static const unsigned char *count_word(struct count *c, const unsigned char *p,
				       const unsigned char *end)
{
	struct word w;
	uint32_t set;

	p = read_word(p, end, &w, &c->foreign);
	c->letters += w.n;
	c->words++;
	if (is_apostrophe(p, end) && w.n < LANGUAGE_WORD_MAX) {
		w.key = w.key << 8 | '\'';
		w.n++;
	}
	if (!w.n || w.n > LANGUAGE_WORD_MAX)
		return p;
	set = languages_of(w.key << 8 * (LANGUAGE_WORD_MAX - w.n));
	if (set)
		add(c, set);
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
