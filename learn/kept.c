#include "learn/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct conf_key *key_of(const struct conf_key *keys,
				     struct str name)
{
	while (keys->name && !str_is(name, keys->name))
		keys++;
	return keys->name ? keys : NULL;
}

/* The recipe's own table knows which fields there are. */
static const struct conf_key *field_keys(void)
{
	return key_of(recipe_keys, STR("fields"))->keys;
}

static const char **field_at(struct recipe_fields *f,
			     const struct conf_key *key)
{
	return (const char **)(void *)((char *)f + key->at);
}

struct recipe_fields kept_fields(const struct model *m)
{
	const json_t *told = json_object_get(m->head, "fields");
	struct recipe_fields f = { .id = NULL };

	for (const struct conf_key *k = field_keys(); k->name; k++) {
		const char *z =
			json_string_value(json_object_get(told, k->name));

		*field_at(&f, k) = z ? z : k->preset;
	}
	return f;
}

/* The place of a choice, which a foreign head may have beyond those that there
 * are; then, and where it has none, the first. */
static int choice_of(const json_t *head, const char *name)
{
	json_int_t i = json_integer_value(json_object_get(head, name));
	const struct conf_key *key = key_of(recipe_keys, str_of(name));
	json_int_t n = 0;

	while (key->choices[n])
		n++;
	return i >= 0 && i < n ? (int)i : 0;
}

/* The strings of an array. */
static int set_texts(struct conf_texts *ret, const json_t *array)
{
	size_t n = json_array_size(array);

	ret->v = calloc(n + 1, sizeof(*ret->v));
	if (!ret->v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const char *z = json_string_value(json_array_get(array, i));

		if (z)
			ret->v[ret->n++] = z;
	}
	return 0;
}

/* A target that is a text has no name of its own. */
static int set_names(struct recipe *r, const struct model *m)
{
	r->topics.v = calloc((size_t)m->topic_count + 1, sizeof(char *));
	r->stances.v = calloc((size_t)m->stance_count + 1, sizeof(char *));
	if (!r->topics.v || !r->stances.v)
		return -ENOMEM;
	while (r->topics.n < m->topic_count &&
	       m->targets != BUNDLE_TARGETS_TEXT) {
		r->topics.v[r->topics.n] = m->topics[r->topics.n].name;
		r->topics.n++;
	}
	for (; r->stances.n < m->stance_count; r->stances.n++)
		r->stances.v[r->stances.n] = m->stances[r->stances.n];
	return 0;
}

static int set_lists(struct recipe *r, const struct model *m)
{
	const json_t *kept = json_object_get(m->head, "recipe");
	int result = set_names(r, m);

	if (!result)
		result = set_texts(&r->metric_labels,
				   json_object_get(kept, "metric_labels"));
	if (!result)
		result = set_texts(&r->only, json_object_get(kept, "only"));
	r->only.n -= r->only.n % 2; /* pairs */
	return result;
}

int kept_open(struct kept *ret, const struct model *m, struct err *e)
{
	const json_t *kept = json_object_get(m->head, "recipe");
	struct recipe *r = &ret->recipe;
	int result = recipe_load(&ret->conf, NULL, r, e);

	/* The lists are the model's from here on, and kept_done()'s to free. */
	r->topics = r->stances = r->metric_labels = r->only =
		(struct conf_texts){ NULL, 0 };
	if (result)
		return result;
	r->fields = kept_fields(m);
	r->one_of = m->one_of;
	r->at_least_one = m->at_least_one;
	r->targets = (int)m->targets;
	r->unsure = m->unsure;
	r->format = choice_of(kept, "format");
	r->metric = choice_of(kept, "metric");
	result = set_lists(r, m);
	return result ? err_sys(e, result, "the bundle's recipe") : 0;
}

void kept_done(struct kept *k)
{
	free(k->recipe.topics.v);
	free(k->recipe.stances.v);
	free(k->recipe.metric_labels.v);
	free(k->recipe.only.v);
	conf_done(&k->conf);
	*k = (struct kept){ .recipe = { .name = NULL } };
}

/* "a, b, c", for a sentence. */
static void list_choices(const struct conf_key *key, char *ret, size_t size)
{
	size_t n = 0;

	for (int i = 0; key->choices[i] && n < size; i++)
		n += (size_t)snprintf(ret + n, size - n, "%s%s",
				      i ? ", " : "", key->choices[i]);
}

static void list_keys(const struct conf_key *keys, char *ret, size_t size)
{
	size_t n = 0;

	for (int i = 0; keys[i].name && n < size; i++)
		n += (size_t)snprintf(ret + n, size - n, "%s%s",
				      i ? ", " : "", keys[i].name);
}

int kept_set_format(struct kept *k, const char *name, struct err *e)
{
	const struct conf_key *key = key_of(recipe_keys, STR("format"));
	char all[256];

	for (int i = 0; name && key->choices[i]; i++) {
		if (strcmp(key->choices[i], name))
			continue;
		k->recipe.format = i;
		return 0;
	}
	if (!name)
		return 0;
	list_choices(key, all, sizeof(all));
	return err_set(e, -EINVAL,
		       "--format %s: there is no such format, expected one of "
		       "%s",
		       name, all);
}

int kept_set_field(struct kept *k, const char *pair, struct err *e)
{
	struct str theirs = str_of(pair), name = str_cut(&theirs, '=');
	const struct conf_key *key = key_of(field_keys(), name);
	char all[256];

	if (!theirs.n)
		return err_set(e, -EINVAL,
			       "--field %s: expected NAME=THEIRS, as in "
			       "text=body",
			       pair);
	if (key) {
		*field_at(&k->recipe.fields, key) = theirs.p;
		return 0;
	}
	list_keys(field_keys(), all, sizeof(all));
	return err_set(e, -EINVAL,
		       "--field %s: a document has no '" STR_FMT "', expected "
		       "one of %s",
		       pair, STR_ARG(name), all);
}
