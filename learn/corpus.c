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

/* Texts are kept for good; the ceiling is address space, not memory. */
static const size_t corpus_arena = (size_t)16 << 30;
static const size_t corpus_file_max = (size_t)4 << 30;

struct reader {
	struct corpus *c;
	const struct recipe *recipe;
	struct arena *a;
	struct buf examples; /* struct example, growing */
	struct buf topics;   /* const char *, growing; unless given */
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

/* The index of a topic; a new one when the recipe leaves them to the data;
 * -1 with a complaint. */
static int topic_of(struct reader *rd, const char *name)
{
	struct near n;
	const char *copy;

	near_init(&n, str_of(name));
	for (uint32_t i = 0; i < topic_count(rd); i++) {
		if (!strcmp(topic_name(rd, i), name))
			return (int)i;
		near_offer(&n, topic_name(rd, i));
	}
	if (rd->topics_given) {
		complain(rd, "unknown topic '%s'%s%s%s", name,
			 near_best(&n) ? ": did you mean '" : "",
			 near_best(&n) ? near_best(&n) : "",
			 near_best(&n) ? "'?" : "");
		return -1;
	}
	copy = arena_copy(rd->a, str_of(name)).p;
	buf_add(&rd->topics, &copy, sizeof(copy));
	return (int)topic_count(rd) - 1;
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

/* Labels while the number of topics still grows: pairs of topic and byte. */
enum { LABELS_MAX = 256 };

struct labels {
	struct {
		uint32_t topic;
		unsigned char byte;
	} v[LABELS_MAX];
	size_t n;
};

static bool add_label(struct reader *rd, struct labels *l, const char *name,
		      const json_t *stance)
{
	int topic = topic_of(rd, name);
	int byte = stance ? stance_of(rd, stance) : CORPUS_NO_STANCE;

	if (topic < 0 || byte < 0)
		return false;
	if (l->n == LABELS_MAX) {
		complain(rd, "more than %d labels", LABELS_MAX);
		return false;
	}
	l->v[l->n].topic = (uint32_t)topic;
	l->v[l->n++].byte = (unsigned char)byte;
	return true;
}

static bool read_labels(struct reader *rd, json_t *v, struct labels *l)
{
	const char *name;
	json_t *item;
	size_t i;
	bool ok = true;

	l->n = 0;
	if (json_is_object(v)) {
		json_object_foreach(v, name, item)
			ok &= add_label(rd, l, name, item);
	} else if (json_is_array(v)) {
		json_array_foreach(v, i, item)
			ok &= json_is_string(item) &&
			      add_label(rd, l, json_string_value(item), NULL);
	} else if (json_is_string(v)) {
		ok = add_label(rd, l, json_string_value(v), NULL);
	} else {
		complain(rd, "'%s' is %s, expected an object, a list or a text",
			 rd->recipe->fields.topics,
			 v ? "of another type" : "missing");
		return false;
	}
	if (ok && rd->recipe->one_of && l->n != 1) {
		complain(rd, "%zu topics where the recipe says one_of", l->n);
		return false;
	}
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

static int keep_labels(struct reader *rd, const struct labels *l,
		       struct example *x)
{
	/* As pairs for now; corpus_finish() spreads them to a byte a topic. */
	struct labels *copy = arena_take(rd->a, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	*copy = *l;
	x->labels = (unsigned char *)copy;
	return 0;
}

static int read_object(struct reader *rd, const json_t *o)
{
	const struct recipe_fields *f = &rd->recipe->fields;
	struct example x = { 0 };
	struct labels l;
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
	if (!read_labels(rd, json_object_get(o, f->topics), &l))
		return 0;
	id = kept_text(rd, o, f->id);
	x.place = arena_copy(rd->a, str_of(rd->place)).p;
	x.id = id ? id : x.place;
	x.hand = kept_text(rd, o, f->hand);
	if (!x.place || keep_labels(rd, &l, &x))
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
	return r;
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

/* Sort the topics that the data brought, spread every label list into a byte
 * a topic, and hand everything to the corpus. */
static int corpus_finish(struct reader *rd, struct err *e)
{
	struct corpus *c = rd->c;
	uint32_t n = topic_count(rd);
	const char **sorted = arena_take_array(rd->a, n + 1, sizeof(char *));
	uint32_t *rank = arena_take_array(rd->a, n + 1, sizeof(*rank));

	c->n = rd->examples.n / sizeof(struct example);
	if (!c->n || !n)
		return err_set(e, -EBADMSG,
			       "no labelled document is left to learn from%s%s",
			       rd->report.n ? ":\n" : "",
			       rd->report.n ? buf_view(&rd->report).p : "");
	if (!sorted || !rank)
		return -ENOMEM;
	memcpy(sorted, rd->topics.p, n * sizeof(*sorted));
	if (!rd->topics_given)
		qsort(sorted, n, sizeof(*sorted), by_name);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < n; j++)
			if (!strcmp(topic_name(rd, i), sorted[j]))
				rank[i] = j;
	c->v = (struct example *)(void *)buf_steal(&rd->examples);
	c->topics = sorted;
	c->topic_count = n;
	for (size_t i = 0; i < c->n; i++) {
		struct labels *l = (struct labels *)(void *)c->v[i].labels;

		c->v[i].labels = arena_take(rd->a, n);
		if (!c->v[i].labels)
			return -ENOMEM;
		for (size_t k = 0; k < l->n; k++)
			c->v[i].labels[rank[l->v[k].topic]] = l->v[k].byte;
	}
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

static int find_contradictions(struct reader *rd)
{
	struct corpus *c = rd->c;
	const struct example **v = calloc(c->n, sizeof(*v));

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < c->n; i++)
		v[i] = &c->v[i];
	qsort(v, c->n, sizeof(*v), by_text);
	for (size_t i = 1; i < c->n; i++) {
		if (!str_eq(v[i - 1]->title, v[i]->title) ||
		    !str_eq(v[i - 1]->text, v[i]->text) ||
		    !memcmp(v[i - 1]->labels, v[i]->labels, c->topic_count))
			continue;
		snprintf(rd->place, sizeof(rd->place), "%s", v[i]->place);
		complain(rd, "the same text has other labels at %s",
			 v[i - 1]->place);
	}
	free(v);
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
		r = find_contradictions(rd);
	if (!r)
		EVP_DigestFinal_ex(rd->digest, rd->c->digest, &size);
	return r;
}

int corpus_read(struct corpus *ret, const struct recipe *recipe,
		struct str folder, const char *const *files, size_t n,
		struct err *e)
{
	struct reader rd = { .c = ret, .recipe = recipe };
	int r;

	*ret = (struct corpus){ .stances = recipe->stances };
	r = arena_open(&ret->block, corpus_arena);
	if (r)
		return err_sys(e, r, "reading the corpus");
	struct arena free_part = ret->block;
	rd.a = &free_part;
	rd.topics_given = recipe->topics.n > 0;
	buf_init(&rd.examples, corpus_file_max);
	buf_init(&rd.topics, 1 << 24);
	buf_init(&rd.report, 1 << 24);
	rd.digest = EVP_MD_CTX_new();
	if (!rd.digest || !EVP_DigestInit_ex(rd.digest, EVP_sha256(), NULL))
		r = -ENOMEM;
	if (!r)
		r = read_all(&rd, folder, files, n, e);
	buf_add_char(&rd.report, '\0');
	ret->report = buf_steal(&rd.report);
	EVP_MD_CTX_free(rd.digest);
	buf_done(&rd.examples);
	buf_done(&rd.topics);
	if (r)
		corpus_free(ret);
	return r;
}

void corpus_free(struct corpus *c)
{
	free(c->v);
	free(c->report);
	arena_close(c->block);
	*c = (struct corpus){ .n = 0 };
}
