/* setting.h -- a recipe's settings by name, as text: what a search changes,
 * what its table keeps, what --try says.
 *
 *   words.ngrams=[1, 2]        set a key; blocks.1 is the first of the further
 *                              blocks, blocks.last the last
 *   topic.c*=1.8 to 30         times 1.8, in two digits, and not past 30
 *   chars:=words               a block becomes what another is
 *   blocks+=words as bayes     one block more, like another, called "bayes
 *                              words"
 *
 * several with ';' between, one after the other. Pure functions. */
#ifndef VIGIE_SETTING_H
#define VIGIE_SETTING_H

#include "learn/recipe.h"

/* Change *r. What is new lies in the arena; the rest is borrowed from where *r
 * borrowed it. r->block is not brought up to date, nor is it checked that
 * settings agree with each other: recipe_parse() does both to what
 * setting_yaml() writes. Returns 0; -EINVAL with the sentence, *r being of no
 * use; -ENOMEM. */
int setting_apply(struct recipe *r, struct str text, struct arena *a,
		  struct err *e);
/* The next change of *text, cut off, and the name of what it changes:
 * "words.ngrams"; of what is done to a new block, "blocks". False when there is
 * none left. */
bool setting_next(struct str *text, struct str *name);

/* Is this a key of a recipe, or a map of such? 0; -EINVAL with the sentence,
 * which guesses what was meant. */
int setting_check(struct str name, struct err *e);
/* Is name the key, or in the map, `of`? "words.ngrams" is in "words". */
bool setting_is_in(struct str name, struct str of);

/* "words", "chars", "blocks.1", "blocks.last"; NULL when there is none. */
struct recipe_block *setting_block(struct recipe *r, struct str name);

/* The recipe that others are told by their differences from. */
struct setting_base {
	const struct recipe *recipe; /* borrowed */
	struct conf conf;
	struct recipe empty; /* with one further block, all by default */
};
/* 0 or what recipe_parse() returns; setting_base_done() in every case. */
int setting_base_init(struct setting_base *b, const struct recipe *r,
		      struct err *e);
void setting_base_done(struct setting_base *b);
/* What was set to make r of the base, "topic.c=0.3; words.ngrams=[1, 1]", in
 * the order of the keys, so that it is the same however r came about. "" for no
 * difference. In the arena; p is NULL when there is no memory. */
struct str setting_differences(const struct setting_base *b,
			       const struct recipe *r, struct arena *a);

/* The recipe as YAML, every key of it; free() it. NULL without memory. */
char *setting_yaml(const struct recipe *r);

#endif
