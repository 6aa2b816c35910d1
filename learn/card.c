#include "learn/card.h"

#include <stdlib.h>
#include <string.h>

#include "learn/recipe.h"

/* Where the head has the place of a choice in its list, the name itself. */
static void name_choices(json_t *o, const struct conf_key *keys)
{
	for (; o && keys->name; keys++) {
		json_t *v = json_object_get(o, keys->name);
		json_int_t at = json_integer_value(v);
		int n = 0;

		if (keys->kind == CONF_MAP && json_is_object(v))
			name_choices(v, keys->keys);
		if (keys->kind != CONF_CHOICE || !json_is_integer(v))
			continue;
		while (keys->choices[n])
			n++;
		if (at >= 0 && at < n)
			json_object_set_new(o, keys->name,
					    json_string(keys->choices[at]));
	}
}

static const struct conf_key *block_keys(void)
{
	const struct conf_key *k = recipe_keys;

	while (strcmp(k->name, "blocks"))
		k++;
	return k->keys;
}

/* A copy, or null. */
static json_t *copy(const json_t *o, const char *name)
{
	json_t *v = json_deep_copy(json_object_get(o, name));

	return v ? v : json_null();
}

static json_t *fields_json(unsigned fields)
{
	json_t *all = json_array();

	for (int f = 0; f < FIELD_COUNT; f++)
		if (fields & 1u << f)
			json_array_append_new(all, json_string(field_names[f]));
	return all;
}

/* A block: how it is read, how it is weighed, what the recipe said. */
static json_t *block_json(const struct model *m, uint32_t b)
{
	const char *const parts[] = { "features", "tfidf", "recipe" };
	uint32_t before = b ? m->tfidf.block[b - 1].end : 0;
	json_t *o = json_object();

	for (size_t i = 0; i < 3; i++) {
		const json_t *part = json_object_get(m->head, parts[i]);
		json_t *v = json_deep_copy(json_array_get(
			json_object_get(part, "blocks"), b));

		if (i == 2 && json_object_get(v, "machine"))
			json_object_set_new(
				v, "machine", /* the head has bits */
				json_integer(json_integer_value(json_object_get(
						     v, "machine")) -
					     1));
		name_choices(v, block_keys());
		if (v)
			json_object_update(o, v);
		json_decref(v);
	}
	json_object_del(o, "end");
	json_object_set_new(o, "fields",
			    fields_json(m->features.block[b].fields));
	json_object_set_new(o, "terms",
			    json_integer(m->tfidf.block[b].end - before));
	return o;
}

static json_t *blocks_json(const struct model *m)
{
	json_t *all = json_array();

	for (uint32_t b = 0; b < m->features.block_count; b++)
		json_array_append_new(all, block_json(m, b));
	return all;
}

/* The terms of one column that weigh most either way: a list kept in order, to
 * whose end what is lighter than all does not come. */
struct heavy {
	uint32_t term;
	double weight; /* times the sign that is asked for */
};

static void offer(struct heavy *v, size_t *n, size_t top, struct heavy one)
{
	size_t i = *n;

	if (one.weight <= 0 || (i == top && one.weight <= v[top - 1].weight))
		return;
	if (i == top)
		i--;
	else
		++*n;
	for (; i && v[i - 1].weight < one.weight; i--)
		v[i] = v[i - 1];
	v[i] = one;
}

static const char *block_of(const struct model *m, uint32_t term)
{
	uint32_t b = 0;

	while (m->tfidf.block[b].end <= term)
		b++;
	return m->block_names[b];
}

static json_t *terms_json(const struct model *m, uint32_t column, double sign,
			  size_t top)
{
	struct heavy *v = calloc(top, sizeof(*v));
	json_t *all = json_array();
	size_t n = 0;

	for (uint32_t t = 0; v && t < m->tfidf.terms; t++)
		offer(v, &n, top,
		      (struct heavy){ t, sign * m->weights[(size_t)t *
							   m->column_count +
							   column] });
	for (size_t i = 0; i < n; i++) {
		struct str name = model_term(m, v[i].term);

		json_array_append_new(
			all, json_pack("{s:s%, s:s, s:f}", "term", name.p,
				       name.n, "block",
				       block_of(m, v[i].term), "weight",
				       sign * v[i].weight));
	}
	free(v);
	return all;
}

static json_t *calibration_json(const struct model *m,
				const struct bundle_column *c)
{
	json_t *knots;

	if (c->knots < 2)
		return json_pack("{s:f, s:f}", "a", c->a, "b", c->b);
	knots = json_array();
	for (uint32_t i = 0; i < c->knots; i++)
		json_array_append_new(
			knots, json_pack("[ff]",
					 m->knots[c->knot + i].decision,
					 m->knots[c->knot + i].probability));
	return json_pack("{s:o}", "knots", knots);
}

static json_t *column_json(const struct model *m, uint32_t column, size_t top)
{
	const struct bundle_column *c = &m->columns[column];
	bool is_topic = column < m->topic_count;
	json_t *o = json_pack(
		"{s:s, s:s?, s:b, s:f, s:o}", "topic",
		m->topics[model_column_topic(m, column)].name, "stance",
		is_topic ? NULL : m->stances[model_column_stance(m, column)],
		"linear", !c->kernel, "intercept", c->intercept,
		"calibration", calibration_json(m, c));

	if (is_topic)
		json_object_set_new(o, "threshold", json_real(c->threshold));
	if (c->kernel) {
		json_object_set_new(
			o, "support_vectors",
			json_integer(kernel_support(
				&m->kernels[c->kernel - 1])));
	} else if (top) {
		json_object_set_new(o, "for", terms_json(m, column, 1, top));
		json_object_set_new(o, "against",
				    terms_json(m, column, -1, top));
	}
	return o;
}

/* Of a target nothing is decided but the stance. */
static json_t *columns_json(const struct model *m, size_t top)
{
	json_t *all = json_array();

	for (uint32_t c = m->targets ? m->topic_count : 0; c < m->column_count;
	     c++)
		json_array_append_new(all, column_json(m, c, top));
	return all;
}

static json_t *recipe_json(const struct model *m)
{
	json_t *o = json_deep_copy(json_object_get(m->head, "recipe"));

	name_choices(o, recipe_keys);
	json_object_del(o, "blocks");
	json_object_del(o, "about");
	return o ? o : json_object();
}

static json_t *versions_json(void)
{
	return json_pack("{s:i, s:i, s:i, s:i}", "bundle", BUNDLE_VERSION,
			 "tokens", TOKENS_VERSION, "features",
			 FEATURES_VERSION, "tfidf", TFIDF_VERSION);
}

json_t *card_make(const struct model *m, const char *path, size_t top)
{
	const json_t *h = m->head;
	json_t *topics = copy(h, "topics"), *file = json_string(path);
	json_t *date = json_object_get(h, "date"), *o;

	name_choices(topics, recipe_keys);
	o = json_pack("{s:s, s:o, s:o, s:I, s:s, s:o, s:o, s:{s:o, s:o}}",
		      "name", m->name, "about",
		      copy(json_object_get(h, "recipe"), "about"), "file",
		      file ? file : json_null(), "bytes",
		      (json_int_t)m->bytes.view.n, "sha256", m->id, "topics",
		      topics, "stance", copy(h, "stance"), "data", "documents",
		      copy(h, "documents"), "sha256", copy(h, "data_sha256"));
	if (!o)
		return NULL;
	if (date)
		json_object_set(o, "date", date);
	json_object_set_new(o, "title_weight",
			    json_real(m->tfidf.title_weight));
	json_object_set_new(o, "terms", json_integer(m->tfidf.terms));
	json_object_set_new(o, "blocks", blocks_json(m));
	json_object_set_new(o, "tokens", copy(h, "tokens"));
	json_object_set_new(o, "recipe", recipe_json(m));
	json_object_set_new(o, "fields", copy(h, "fields"));
	json_object_set_new(o, "versions", versions_json());
	json_object_set_new(o, "figures", copy(h, "figures"));
	json_object_set_new(
		o, "columns",
		columns_json(m, top < CARD_TOP_MAX ? top : CARD_TOP_MAX));
	return o;
}
