/* conf_value.h -- single values of a configuration, between text and the
 * struct; what conf.c and conf_show.c share. */
#ifndef VIGIE_CONF_VALUE_H
#define VIGIE_CONF_VALUE_H

#include "base/conf.h"

/* Read the text s as k wants it, within its bounds, into *at; a text is copied
 * into the arena. False, and *at as it was, when s is none of k's kind, out of
 * bounds, or does not fit. Lists and maps are no single values. */
bool conf_set_scalar(const struct conf_key *k, struct str s, struct arena *a,
		     void *at);
/* A value as YAML that is read back as the same. No maps. */
void conf_show_value(const struct conf_key *k, const void *at, FILE *out);
/* What k wants, for a sentence: "a whole number from 1 to 9". Returns out. */
const char *conf_wanted(const struct conf_key *k, char *out, size_t size);
/* Does YAML read the text z as itself, without quotes? */
bool conf_is_bare(const char *z);

#endif
