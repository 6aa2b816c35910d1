/* Settings out again: what differs, and the whole. */
#include <stdlib.h>
#include <string.h>

#include "base/conf_value.h"
#include "learn/setting.h"

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_texts(const struct conf_texts *a, const struct conf_texts *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]))
			return false;
	return true;
}

static bool same_value(const struct conf_key *k, const void *a, const void *b)
{
	switch (k->kind) {
	case CONF_TEXT:
		return same_text(*(const char *const *)a,
				 *(const char *const *)b);
	case CONF_BOOL:
		return *(const bool *)a == *(const bool *)b;
	case CONF_REAL:
		return *(const double *)a == *(const double *)b;
	case CONF_CHOICE:
		return *(const int *)a == *(const int *)b;
	case CONF_RANGE:
		return !memcmp(a, b, sizeof(struct conf_range));
	case CONF_TEXTS:
	case CONF_ANY:
		return same_texts(a, b);
	default:
		return *(const int64_t *)a == *(const int64_t *)b;
	}
}

static void tell(const char *prefix, const struct conf_key *k, const void *at,
		 FILE *out)
{
	fprintf(out, "%s%s%s=", ftell(out) ? "; " : "", prefix, k->name);
	conf_show_value(k, at, out);
}

static void tell_map(const char *prefix, const struct conf_key *keys,
		     const void *a, const void *b, FILE *out)
{
	for (const struct conf_key *k = keys; k->name; k++) {
		const char *x = (const char *)a + k->at;
		const char *y = (const char *)b + k->at;

		if (!same_value(k, x, y))
			tell(prefix, k, y, out);
	}
}

static void tell_blocks(const struct setting_base *b, const struct conf_key *k,
			const struct conf_maps *now, FILE *out)
{
	const struct conf_maps *was = &b->recipe->more;

	for (size_t i = 0; i < now->n; i++) {
		const char *from = i < was->n
					   ? (const char *)was->v + i * k->size
					   : b->empty.more.v;
		char prefix[40];

		snprintf(prefix, sizeof(prefix), "%s.%zu.", k->name, i + 1);
		tell_map(prefix, k->keys, from,
			 (const char *)now->v + i * k->size, out);
	}
}

static void tell_all(const struct setting_base *b, const struct recipe *r,
		     FILE *out)
{
	for (const struct conf_key *k = recipe_keys; k->name; k++) {
		const char *x = (const char *)b->recipe + k->at;
		const char *y = (const char *)r + k->at;
		char prefix[40];

		snprintf(prefix, sizeof(prefix), "%s.", k->name);
		if (k->kind == CONF_MAP)
			tell_map(prefix, k->keys, x, y, out);
		else if (k->kind == CONF_MAPS)
			tell_blocks(b, k, &r->more, out);
		else if (!same_value(k, x, y))
			tell("", k, y, out);
	}
}

struct str setting_differences(const struct setting_base *b,
			       const struct recipe *r, struct arena *a)
{
	struct str kept = { NULL, 0 };
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return kept;
	tell_all(b, r, f);
	if (!fclose(f))
		kept = arena_copy(a, (struct str){ text, n });
	free(text);
	return kept;
}

int setting_base_init(struct setting_base *b, const struct recipe *r,
		      struct err *e)
{
	b->recipe = r;
	return recipe_parse(&b->conf, "defaults", STR("blocks: [{}]"),
			    &b->empty, e);
}

void setting_base_done(struct setting_base *b)
{
	conf_done(&b->conf);
}

char *setting_yaml(const struct recipe *r)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return NULL;
	conf_show(recipe_keys, r, f);
	if (!fclose(f))
		return text;
	free(text);
	return NULL;
}
