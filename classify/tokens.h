/* tokens.h -- a text cut into words. The settings and TOKENS_VERSION travel in
 * the bundle: the tokenizer that trains is the one that judges.
 *
 * A word is a run of letters, marks, digits and '_' that begins with no mark,
 * lower-cased, with the ligatures œ and æ undone. At an apostrophe it is cut
 * and an elided word is given back its vowel (l'Europe: le, europe; qu'une:
 * que, une), but not in aujourd'hui, quelqu'un, O'Brien or don't; an English 's
 * is dropped. A hyphenated word gives its parts, and itself as an extra; a word
 * with digits gives itself, and its longer runs of letters as extras (S3NS:
 * s3ns, ns). Extras stand outside the sequence that n-grams are made of.
 *
 * Soft hyphens vanish. A word that a hyphen breaks at a line's end is one word,
 * when a small letter goes on (souve-/raineté: souveraineté); with a hyphen it
 * is an extra, since it may have one of its own (sous-/secteur: soussecteur,
 * sous-secteur). Where the hyphen is its own for certain (dit-/elle, a-/t-il,
 * c'est-à-/dire), it is hyphenated as if in one line. See words.c.
 *
 * That is the cut for words. Others are made for parity with other tools, for
 * short messages and for characters; see enum tokens_cut. They fold letters
 * only, one by one: İ becomes i, and Σ always σ, where Python has i̇, and ς at a
 * word's end. Blanks are those of Python's str.split(), no-break ones too.
 *
 * One thread a tokenizer (the stemmer has a state). */
#ifndef VIGIE_TOKENS_H
#define VIGIE_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { TOKENS_VERSION = 2, TOKENS_WORD_MAX = 256 };

enum tokens_cut {
	TOKENS_WORDS, /* as above */
	TOKENS_PLAIN, /* runs of letters, digits and '_', as they are: \w+ of
		       * Python's re. scikit-learn's is min_length 2 of it */
	TOKENS_MARKS, /* addresses, @names, #tags, words with their apostrophes
		       * inside, and every other character on its own:
		       * https?://\S+|[@#]\w+|\w+(?:['’]\w+)*|[^\w\s] of the
		       * lower-cased text */
	TOKENS_BLANKS, /* what stands between blanks, whole */
};

struct tokens_settings {
	int64_t min_length;  /* code points, folded; shorter ones are dropped */
	enum tokens_cut cut;
	bool cased;	     /* letters keep their case */
	bool hashtags;	     /* a tag of several parts is followed by them, as
			      * words of the sequence whose bytes lie in its
			      * own: #PartOfTag, part, of, tag */
	bool compounds;	     /* extras for hyphens and digits; of words */
	bool strip_accents;  /* état and etat are one word */
	const char *stem;    /* a libstemmer algorithm, NULL or "none" */
	const char **stop;   /* words left out before n-grams are made; folded
			      * as words are, but not stemmed */
	size_t stop_count;
};

struct token {
	struct str s;	     /* folded, stemmed */
	uint64_t hash;	     /* XXH3 of s */
	uint32_t start, end; /* bytes of the text it stands for */
	bool extra;
};

struct tokens {
	const struct token *v;
	size_t n;
};

struct tokenizer;

/* Copies the settings. Returns 0; -EINVAL with the sentence when the stemmer
 * is not known; -ENOMEM. */
int tokenizer_new(const struct tokens_settings *s, struct tokenizer **ret,
		  struct err *e);
void tokenizer_free(struct tokenizer *t);

/* Cut well-formed text of at most 4 GiB. Tokens and their bytes lie in the
 * arena, in the order of the text. Words longer than TOKENS_WORD_MAX bytes
 * are not words and are passed over. Returns 0 or -ENOMEM (arena full). */
int tokens_cut(struct tokenizer *t, struct str text, struct arena *a,
	       struct tokens *ret);

#endif
