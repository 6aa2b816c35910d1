#include "learn/corpus.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/near.h"
#include "base/unicode.h"
#include "classify/model.h"

/* Texts are kept for good; the ceiling is address space, not memory. */
static const size_t corpus_arena = (size_t)16 << 30;
static const size_t corpus_file_max = (size_t)4 << 30;
enum { WARNINGS_MAX = 100 };

/* A label while the number of topics still grows. */
struct label {
	size_t example;
	uint32_t topic;
	unsigned char byte;
};

struct reader {
	struct corpus *c;
	const struct recipe *recipe;
	struct arena *a;
	struct buf examples; /* struct example, growing */
	struct buf topics;   /* const char *, growing; unless given */
	struct buf labels;   /* struct label, growing */
	struct buf report;
	EVP_MD_CTX *digest;
	bool topics_given;
	char place[4200];
};

static void complain(struct reader *rd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void complain(struct reader *rd, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(&rd->report, "%s: %s\n", rd->place, text);
	rd->c->report_count++;
}

static uint32_t topic_count(const struct reader *rd)
{
	return (uint32_t)(rd->topics.n / sizeof(char *));
}

static const char *topic_name(const struct reader *rd, uint32_t i)
{
	return ((const char **)(void *)rd->topics.p)[i];
}

static int new_topic(struct reader *rd, const char *name)
{
	const char *copy;

	if (!model_is_name(name)) {
		complain(rd, "'%s' cannot name a topic: 1 to %d bytes without "
			     "quotes, backslashes and control characters can",
			 name, BUNDLE_NAME_MAX - 1);
		return -1;
	}
	if (topic_count(rd) == BUNDLE_TOPICS_MAX) {
		complain(rd, "'%s' is one topic more than %d", name,
			 BUNDLE_TOPICS_MAX);
		return -1;
	}
	copy = arena_copy(rd->a, str_of(name)).p;
	if (!copy)
		rd->topics.error = -ENOMEM; /* read_line() looks there */
	buf_add(&rd->topics, &copy, sizeof(copy));
	return (int)topic_count(rd) - 1;
}

/* The index of a topic; a new one when the recipe leaves them to the data;
 * -1 with a complaint. */
static int topic_of(struct reader *rd, const char *name)
{
	struct near n;

	near_init(&n, str_of(name));
	for (uint32_t i = 0; i < topic_count(rd); i++) {
		if (!strcmp(topic_name(rd, i), name))
			return (int)i;
		near_offer(&n, topic_name(rd, i));
	}
	if (!rd->topics_given)
		return new_topic(rd, name);
	complain(rd, "unknown topic '%s'%s%s%s", name,
		 near_best(&n) ? ": did you mean '" : "",
		 near_best(&n) ? near_best(&n) : "",
		 near_best(&n) ? "'?" : "");
	return -1;
}

static int stance_of(struct reader *rd, const json_t *v)
{
	const struct conf_texts *s = &rd->recipe->stances;
	const char *name = json_string_value(v);
	struct near n;

	if (!s->n || json_is_null(v))
		return CORPUS_NO_STANCE;
	near_init(&n, str_of(name ? name : ""));
	for (size_t i = 0; name && i < s->n; i++) {
		if (!strcmp(s->v[i], name))
			return (int)i + 1;
		near_offer(&n, s->v[i]);
	}
	complain(rd, "unknown stance '%s'%s%s%s", name ? name : "(no text)",
		 near_best(&n) ? ": did you mean '" : "",
		 near_best(&n) ? near_best(&n) : "",
		 near_best(&n) ? "'?" : "");
	return -1;
}

static size_t example_count(const struct reader *rd)
{
	return rd->examples.n / sizeof(struct example);
}

static bool add_label(struct reader *rd, const char *name,
		      const json_t *stance)
{
	int topic = topic_of(rd, name);
	int byte = stance ? stance_of(rd, stance) : CORPUS_NO_STANCE;
	struct label l = { example_count(rd), (uint32_t)topic,
			   (unsigned char)byte };

	if (topic < 0 || byte < 0)
		return false;
	buf_add(&rd->labels, &l, sizeof(l));
	return true;
}

static bool read_list(struct reader *rd, json_t *v)
{
	json_t *item;
	size_t i;
	bool ok = true;

	json_array_foreach(v, i, item) {
		if (json_is_string(item)) {
			ok &= add_label(rd, json_string_value(item), NULL);
			continue;
		}
		complain(rd, "entry %zu of '%s' is no text", i + 1,
			 rd->recipe->fields.topics);
		ok = false;
	}
	return ok;
}

/* Add the labels of the next example, all of them or none. */
static bool read_labels(struct reader *rd, json_t *v)
{
	size_t before = rd->labels.n, n;
	const char *name;
	json_t *item;
	bool ok = true;

	if (json_is_object(v)) {
		json_object_foreach(v, name, item)
			ok &= add_label(rd, name, item);
	} else if (json_is_array(v)) {
		ok = read_list(rd, v);
	} else if (json_is_string(v)) {
		ok = add_label(rd, json_string_value(v), NULL);
	} else {
		complain(rd, "'%s' is %s, expected an object, a list or a text",
			 rd->recipe->fields.topics,
			 v ? "of another type" : "missing");
		ok = false;
	}
	n = (rd->labels.n - before) / sizeof(struct label);
	if (ok && rd->recipe->one_of && n != 1) {
		complain(rd, "%zu topics where the recipe says one_of", n);
		ok = false;
	}
	if (!ok)
		rd->labels.n = before;
	return ok;
}

static struct str clean_text(struct reader *rd, const json_t *o,
			     const char *field)
{
	json_t *v = json_object_get(o, field);
	struct str s = { json_string_value(v), json_string_length(v) };
	struct str nfc, kept;

	if (!s.p)
		return (struct str){ "", 0 };
	s = str_trim(s);
	if (unicode_nfc(s, rd->a, &nfc))
		return (struct str){ "", 0 };
	kept = arena_copy(rd->a, nfc);
	return kept.p ? kept : (struct str){ "", 0 };
}

static const char *kept_text(struct reader *rd, const json_t *o,
			     const char *field)
{
	const char *z = json_string_value(json_object_get(o, field));

	return z ? arena_copy(rd->a, str_of(z)).p : NULL;
}

static int read_object(struct reader *rd, const json_t *o)
{
	const struct recipe_fields *f = &rd->recipe->fields;
	struct example x = { 0 };
	const char *id;

	if (!json_is_object(o)) {
		complain(rd, "no JSON object");
		return 0;
	}
	x.title = clean_text(rd, o, f->title);
	x.text = clean_text(rd, o, f->text);
	if (!x.title.n && !x.text.n) {
		complain(rd, "neither '%s' nor '%s' holds a text", f->title,
			 f->text);
		return 0;
	}
	if (!read_labels(rd, json_object_get(o, f->topics)))
		return 0;
	id = kept_text(rd, o, f->id);
	x.place = arena_copy(rd->a, str_of(rd->place)).p;
	x.id = id ? id : x.place;
	x.hand = kept_text(rd, o, f->hand);
	if (!x.place)
		return -ENOMEM;
	buf_add(&rd->examples, &x, sizeof(x));
	return buf_error(&rd->examples);
}

static int read_line(struct reader *rd, struct str line)
{
	struct err why = { "" };
	json_t *o;
	int r;

	line = str_trim(line);
	if (!line.n)
		return 0;
	o = json_parse(line, &why);
	if (!o) {
		complain(rd, "%s", why.text);
		return 0;
	}
	r = read_object(rd, o);
	json_decref(o);
	if (!r)
		r = buf_error(&rd->topics);
	return r ? r : buf_error(&rd->labels);
}

static int read_file(struct reader *rd, const char *path, struct err *e)
{
	struct str bytes, rest;
	size_t line = 0, total;
	int r = file_read(path, corpus_file_max, &bytes, e);

	if (r)
		return r;
	EVP_DigestUpdate(rd->digest, bytes.p, bytes.n);
	rest = bytes;
	total = bytes.n;
	while (rest.p && !r) {
		struct str one = str_cut(&rest, '\n');

		snprintf(rd->place, sizeof(rd->place), "%s:%zu", path, ++line);
		r = read_line(rd, one);
		if (line % 512 == 0)
			log_progress("reading, bytes", total - rest.n, total);
	}
	log_progress("reading, bytes", total, total);
	free((char *)bytes.p);
	return r < 0 ? err_sys(e, r, "%s", path) : 0;
}

static int read_pattern(struct reader *rd, struct str folder,
			const char *pattern, struct err *e)
{
	char full[4200];
	glob_t g;
	int r = 0;

	snprintf(full, sizeof(full), STR_FMT "%s",
		 pattern[0] == '/' ? 0 : STR_ARG(folder), pattern);
	if (glob(full, GLOB_NOCHECK, NULL, &g)) /* sorted by name */
		return err_set(e, -ENOMEM, "%s: cannot be listed", full);
	for (size_t i = 0; i < g.gl_pathc && !r; i++)
		r = read_file(rd, g.gl_pathv[i], e);
	globfree(&g);
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The topics that the data brought are sorted by name; rank leads from the
 * order in which they were met to theirs. */
static int rank_topics(struct reader *rd, uint32_t *rank)
{
	uint32_t n = topic_count(rd);
	const char **sorted = arena_take_array(rd->a, n, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, rd->topics.p, n * sizeof(*sorted));
	if (!rd->topics_given)
		qsort(sorted, n, sizeof(*sorted), by_name);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < n; j++)
			if (!strcmp(topic_name(rd, i), sorted[j]))
				rank[i] = j;
	rd->c->topics = sorted;
	rd->c->topic_count = n;
	return 0;
}

/* Hand everything to the corpus, with the list of labels spread into a byte a
 * topic. */
static int corpus_finish(struct reader *rd, struct err *e)
{
	const struct label *l = (const struct label *)(void *)rd->labels.p;
	struct corpus *c = rd->c;
	uint32_t n = topic_count(rd);
	uint32_t *rank = arena_take_array(rd->a, n, sizeof(*rank));

	c->n = example_count(rd);
	if (!c->n || !n)
		return err_set(e, -EBADMSG,
			       "no labelled document is left to learn from%s"
			       STR_FMT,
			       rd->report.n ? ":\n" : "",
			       STR_ARG(buf_view(&rd->report)));
	if (!rank || rank_topics(rd, rank))
		return -ENOMEM;
	c->v = (struct example *)(void *)buf_steal(&rd->examples);
	for (size_t i = 0; i < c->n; i++) {
		c->v[i].labels = arena_take(rd->a, n);
		if (!c->v[i].labels)
			return -ENOMEM;
	}
	for (size_t k = 0; k < rd->labels.n / sizeof(*l); k++)
		c->v[l[k].example].labels[rank[l[k].topic]] = l[k].byte;
	return 0;
}

static int by_text(const void *a, const void *b)
{
	const struct example *x = *(const struct example *const *)a;
	const struct example *y = *(const struct example *const *)b;
	int c = str_cmp(x->title, y->title);

	if (!c)
		c = str_cmp(x->text, y->text);
	return c ? c : (x > y) - (x < y);
}

static bool same_text(const struct example *x, const struct example *y)
{
	return str_eq(x->title, y->title) && str_eq(x->text, y->text);
}

/* Of one text with several labellings the first stands. */
static int drop_contradictions(struct reader *rd)
{
	struct corpus *c = rd->c;
	struct example **v = calloc(c->n, sizeof(*v)), *first = &c->v[0];
	size_t kept = 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < c->n; i++)
		v[i] = &c->v[i];
	qsort(v, c->n, sizeof(*v), by_text);
	for (size_t i = 0; i < c->n; i++) {
		if (!i || !same_text(first, v[i])) {
			first = v[i];
			continue;
		}
		if (!memcmp(first->labels, v[i]->labels, c->topic_count))
			continue;
		snprintf(rd->place, sizeof(rd->place), "%s", v[i]->place);
		complain(rd, "the same text has other labels at %s",
			 first->place);
		v[i]->labels = NULL;
	}
	free(v);
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].labels)
			c->v[kept++] = c->v[i];
	c->n = kept;
	return 0;
}

static int read_all(struct reader *rd, struct str folder,
		    const char *const *files, size_t n, struct err *e)
{
	unsigned size = HASH_SHA_SIZE;
	int r = 0;

	for (size_t i = 0; i < rd->recipe->topics.n; i++)
		buf_add(&rd->topics, &rd->recipe->topics.v[i], sizeof(char *));
	for (size_t i = 0; i < n && !r; i++)
		r = read_pattern(rd, folder, files[i], e);
	if (!r)
		r = corpus_finish(rd, e);
	if (!r)
		r = drop_contradictions(rd);
	if (!r)
		EVP_DigestFinal_ex(rd->digest, rd->c->digest, &size);
	return r;
}

int corpus_read(struct corpus *ret, const struct recipe *recipe,
		struct str folder, const char *const *files, size_t n,
		struct err *e)
{
	struct reader rd = { .c = ret, .recipe = recipe };
	struct arena free_part;
	int r;

	*ret = (struct corpus){ .stances = recipe->stances };
	r = arena_open(&ret->block, corpus_arena);
	if (r)
		return err_sys(e, r, "reading the corpus");
	free_part = ret->block;
	rd.a = &free_part;
	rd.topics_given = recipe->topics.n > 0;
	buf_init(&rd.examples, corpus_file_max);
	buf_init(&rd.topics, 1 << 24);
	buf_init(&rd.labels, corpus_file_max);
	buf_init(&rd.report, corpus_file_max);
	rd.digest = EVP_MD_CTX_new();
	if (!rd.digest || !EVP_DigestInit_ex(rd.digest, EVP_sha256(), NULL))
		r = -ENOMEM;
	if (!r)
		r = read_all(&rd, folder, files, n, e);
	buf_add_char(&rd.report, '\0');
	if (!r)
		r = buf_error(&rd.report);
	ret->report = buf_steal(&rd.report);
	EVP_MD_CTX_free(rd.digest);
	buf_done(&rd.examples);
	buf_done(&rd.topics);
	buf_done(&rd.labels);
	if (r)
		corpus_free(ret);
	return r < 0 ? err_sys(e, r, "reading the corpus") : r;
}

void corpus_warn(const struct corpus *c)
{
	struct str rest = str_of(c->report);

	for (size_t i = 0; rest.n && i < WARNINGS_MAX; i++) {
		struct str line = str_cut(&rest, '\n');

		log_line(LOG_WARN, STR_FMT, STR_ARG(line));
	}
	if (c->report_count > WARNINGS_MAX)
		log_line(LOG_WARN, "%zu more lines have such errors",
			 c->report_count - WARNINGS_MAX);
}

void corpus_free(struct corpus *c)
{
	free(c->v);
	free(c->report);
	arena_close(c->block);
	*c = (struct corpus){ .n = 0 };
}
