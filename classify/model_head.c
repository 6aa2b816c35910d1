/* The JSON head, member by member. */
#include "classify/model_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *member(const json_t *o, const char *name, json_type type,
		      struct err *e)
{
	json_t *v = json_object_get(o, name);

	if (v && json_typeof(v) == type)
		return v;
	if (v && type == JSON_TRUE && json_is_boolean(v))
		return v;
	if (v && type == JSON_REAL && json_is_number(v))
		return v;
	err_set(e, -EBADMSG, "the bundle is damaged: its head has no '%s'",
		name);
	return NULL;
}

static const char *text_of(const json_t *o, const char *name, struct err *e)
{
	json_t *v = member(o, name, JSON_STRING, e);

	return v ? json_string_value(v) : NULL;
}

static bool flag_of(const json_t *o, const char *name, struct err *e)
{
	json_t *v = member(o, name, JSON_TRUE, e);

	return json_is_true(v);
}

static double real_of(const json_t *o, const char *name, struct err *e)
{
	json_t *v = member(o, name, JSON_REAL, e);
	double x = v ? json_number_value(v) : 0;

	if (!isfinite(x) || fabs(x) > 1e9)
		err_set(e, -EBADMSG, "the bundle is damaged: '%s' is %g",
			name, x);
	return x;
}

static int64_t whole_of(const json_t *o, const char *name, int64_t max,
			struct err *e)
{
	json_t *v = member(o, name, JSON_INTEGER, e);
	int64_t x = v ? json_integer_value(v) : 0;

	if (x < 0 || x > max)
		err_set(e, -EBADMSG, "the bundle is damaged: '%s' is %lld",
			name, (long long)x);
	return x < 0 || x > max ? 0 : x;
}

static int check_version(const json_t *o, int ours, const char *what,
			 struct err *e)
{
	int64_t v = whole_of(o, "version", INT32_MAX, e);

	if (v != ours)
		return err_set(e, -EBADMSG,
			       "was made with version %lld of the %s; this "
			       "vigie has %d: train it again",
			       (long long)v, what, ours);
	return 0;
}

/* The settings that all cuts share; s->stop is to be freed. */
static int read_tokens(const json_t *o, struct tokens_settings *s,
		       struct err *e)
{
	json_t *stop = member(o, "stop", JSON_ARRAY, e);
	size_t n = stop ? json_array_size(stop) : 0;
	int r = check_version(o, TOKENS_VERSION, "tokenizer", e);

	*s = (struct tokens_settings){ .stop = NULL };
	if (r || !stop)
		return -EBADMSG;
	s->stop = calloc(n + 1, sizeof(*s->stop));
	if (!s->stop)
		return -ENOMEM;
	for (; s->stop_count < n; s->stop_count++) {
		json_t *w = json_array_get(stop, s->stop_count);

		if (!json_is_string(w))
			return model_damaged(e, "a stop word");
		s->stop[s->stop_count] = json_string_value(w);
	}
	s->min_length = whole_of(o, "min_length", 64, e);
	s->compounds = flag_of(o, "compounds", e);
	s->strip_accents = flag_of(o, "strip_accents", e);
	s->stem = text_of(o, "stem", e);
	if (s->stem && !strcmp(s->stem, "none"))
		s->stem = NULL;
	return e->text[0] ? -EBADMSG : 0;
}

static int read_block(struct model *m, const json_t *o,
		      const struct tokens_settings *common, struct err *e)
{
	struct features_block b = {
		.of = (enum features_kind)whole_of(o, "of", FEATURES_KINDS - 1,
						   e),
		.fields = (unsigned)whole_of(o, "fields",
					     (1 << FIELD_COUNT) - 1, e),
		.first = (uint32_t)whole_of(o, "first", INT32_MAX, e),
	};
	json_t *range = member(o, "ngrams", JSON_ARRAY, e);
	struct tokens_settings s = features_cut(
		common, (enum tokens_cut)whole_of(o, "cut", TOKENS_BLANKS, e),
		flag_of(o, "cased", e), flag_of(o, "hashtags", e));
	int r;

	m->block_names[m->features.block_count] = text_of(o, "name", e);
	b.ngrams.lo = json_integer_value(json_array_get(range, 0));
	b.ngrams.hi = json_integer_value(json_array_get(range, 1));
	if (b.ngrams.lo < 1 || b.ngrams.hi < b.ngrams.lo || b.ngrams.hi > 16)
		return model_damaged(e, "an n-gram range");
	if (e->text[0])
		return -EBADMSG;
	r = features_add(&m->features, &b, &s, e);
	return r == -EINVAL ? -EBADMSG : r;
}

static int read_features(struct model *m, const json_t *o, struct err *e)
{
	json_t *blocks = member(o, "blocks", JSON_ARRAY, e);
	json_t *tokens = member(m->head, "tokens", JSON_OBJECT, e);
	size_t n = json_array_size(blocks);
	struct tokens_settings common = { .stop = NULL };
	int r = check_version(o, FEATURES_VERSION, "features", e);

	if (!r && (!tokens || n == 0 || n > FEATURES_BLOCKS_MAX))
		r = model_damaged(e, "the blocks of terms");
	if (!r)
		r = read_tokens(tokens, &common, e);
	for (size_t b = 0; b < n && !r; b++)
		r = read_block(m, json_array_get(blocks, b), &common, e);
	free(common.stop);
	return r;
}

static int read_weighting(struct tfidf_block *b, const json_t *o,
			  struct err *e)
{
	b->count = (enum tfidf_count_mode)whole_of(o, "count", TFIDF_ONCE, e);
	b->idf = real_of(o, "idf", e);
	b->norm = flag_of(o, "norm", e);
	b->weight = real_of(o, "weight", e);
	b->supervised = flag_of(o, "supervised", e);
	b->end = (uint32_t)whole_of(o, "end", UINT32_MAX, e);
	return e->text[0] ? -EBADMSG : 0;
}

static int read_tfidf(struct model *m, const json_t *o, struct err *e)
{
	struct tfidf *t = &m->tfidf;
	json_t *blocks = member(o, "blocks", JSON_ARRAY, e);
	uint32_t before = 0;
	int r = check_version(o, TFIDF_VERSION, "vectoriser", e);

	t->title_weight = real_of(o, "title_weight", e);
	t->terms = (uint32_t)whole_of(o, "terms", BUNDLE_TERMS_MAX, e);
	if (!r && json_array_size(blocks) != m->features.block_count)
		r = model_damaged(e, "the blocks of terms");
	for (; t->block_count < m->features.block_count && !r;
	     t->block_count++) {
		struct tfidf_block *b = &t->block[t->block_count];

		r = read_weighting(b, json_array_get(blocks, t->block_count),
				   e);
		if (!r && (b->end < before || b->end > t->terms))
			r = model_damaged(e, "the blocks of terms");
		before = b->end;
	}
	if (!r && before != t->terms)
		r = model_damaged(e, "the blocks of terms");
	if (!r && t->title_weight < 0)
		r = model_damaged(e, "the weight of titles");
	return r ? r : e->text[0] ? -EBADMSG : 0;
}

/* A label goes into JSON and topics of a socket. */
bool model_is_name(const char *z)
{
	size_t n = strlen(z);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)z[i] < 0x20 || z[i] == '"' || z[i] == '\\')
			return false;
	return n > 0 && n < BUNDLE_NAME_MAX;
}

/* Two of one name could not be told apart in a record. */
static bool are_distinct(const json_t *names)
{
	json_t *all = json_object();
	bool so = all != NULL;
	json_t *name;
	size_t i;

	json_array_foreach (names, i, name)
		so = so && !json_object_set_new(all, json_string_value(name),
						json_true());
	so = so && json_object_size(all) == json_array_size(names);
	json_decref(all);
	return so;
}

static int read_topics(struct model *m, const json_t *o, struct err *e)
{
	json_t *names = member(o, "names", JSON_ARRAY, e);
	size_t n = json_array_size(names);

	m->one_of = flag_of(o, "one_of", e);
	m->at_least_one = flag_of(o, "at_least_one", e);
	m->targets = (enum bundle_targets)whole_of(o, "targets",
						   BUNDLE_TARGETS_TEXT, e);
	if (n == 0 || n > BUNDLE_TOPICS_MAX)
		return model_damaged(e, "no topics, or too many");
	m->topics = calloc(n, sizeof(*m->topics));
	if (!m->topics)
		return -ENOMEM;
	for (; m->topic_count < n; m->topic_count++) {
		const char *z = json_string_value(
			json_array_get(names, m->topic_count));

		if (!z || !model_is_name(z))
			return model_damaged(e, "the name of a topic");
		m->topics[m->topic_count].name = z;
	}
	return are_distinct(names) ? 0 : model_damaged(e, "topics of one name");
}

static int read_stances(struct model *m, const json_t *o, struct err *e)
{
	json_t *names = member(o, "names", JSON_ARRAY, e);
	size_t n = json_array_size(names);

	m->copy_weight = real_of(o, "copy_weight", e);
	m->unsure = real_of(o, "unsure", e);
	if (n > BUNDLE_STANCES_MAX)
		return model_damaged(e, "too many stances");
	for (; m->stance_count < n; m->stance_count++) {
		const char *z = json_string_value(
			json_array_get(names, m->stance_count));

		if (!z || !model_is_name(z))
			return model_damaged(e, "the name of a stance");
		m->stances[m->stance_count] = z;
	}
	return are_distinct(names) ? 0
				   : model_damaged(e, "stances of one name");
}

int model_read_head(struct model *m, struct str json, struct err *e)
{
	static const struct {
		const char *name;
		int (*read)(struct model *m, const json_t *o, struct err *e);
	} parts[] = { { "features", read_features },
		      { "tfidf", read_tfidf },
		      { "topics", read_topics },
		      { "stance", read_stances } };
	int r = 0;

	m->head = json_parse(json, e);
	if (!m->head)
		return -EBADMSG;
	m->name = text_of(m->head, "name", e);
	if (!m->name || !model_is_name(m->name))
		return model_damaged(e, "it has no name");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && !r; i++) {
		json_t *o = member(m->head, parts[i].name, JSON_OBJECT, e);

		r = o ? parts[i].read(m, o, e) : -EBADMSG;
		if (!r && e->text[0])
			r = -EBADMSG;
	}
	if (!r && m->targets && !m->stance_count)
		r = model_damaged(e, "targets without stances");
	m->column_count = m->topic_count * (1 + m->stance_count);
	m->machine_count = m->topic_count + m->stance_count;
	return r;
}
