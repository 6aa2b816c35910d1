/* language_words.h -- the words that a sentence of a language cannot do
 * without, each with the languages that have it: the seven that are told, and
 * their neighbours, which are known only to be told apart. */
#ifndef VIGIE_LANGUAGE_WORDS_H
#define VIGIE_LANGUAGE_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum language_bit {
	LANGUAGE_FR, LANGUAGE_EN, LANGUAGE_DE, LANGUAGE_ES, LANGUAGE_IT,
	LANGUAGE_NL, LANGUAGE_PT,
	LANGUAGE_TOLD, /* those above */
	LANGUAGE_CA = LANGUAGE_TOLD, LANGUAGE_RO, LANGUAGE_GL, LANGUAGE_DA,
	LANGUAGE_SV, LANGUAGE_NO, LANGUAGE_PL, LANGUAGE_AF, LANGUAGE_CS,
	LANGUAGE_SK, LANGUAGE_FI, LANGUAGE_HU, LANGUAGE_TR, LANGUAGE_ID,
	LANGUAGE_HR, LANGUAGE_EO, LANGUAGE_EU,
	LANGUAGES,
};

enum { LANGUAGE_WORD_MAX = 8 }; /* bytes */

struct language_word {
	char z[LANGUAGE_WORD_MAX]; /* UTF-8, small letters, zeros behind; an
				    * elision has its apostrophe: "l'" */
	uint32_t languages;	   /* a set of 1 << LANGUAGE_* */
};

/* By their first byte; in the order of their bytes. */
struct language_words {
	const struct language_word *v;
	size_t n;
};

extern const struct language_words language_words[256];

#endif
