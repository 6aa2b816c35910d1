#include "learn/pack.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "classify/screen.h"
#include "learn/fit.h"

/* The array with one more; NULL when there is no memory for either: json_pack()
 * then gives NULL as well. */
static json_t *append(json_t *all, json_t *one)
{
	if (!json_array_append_new(all, one))
		return all;
	json_decref(all);
	return NULL;
}

static json_t *texts(const char *const *v, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		a = append(a, json_string(v[i]));
	return a;
}

static json_t *tokens_head(const struct recipe *r)
{
	return json_pack("{s:i, s:I, s:b, s:b, s:s, s:o}", "version",
			 TOKENS_VERSION, "min_length",
			 (json_int_t)r->tokens.min_length, "compounds",
			 r->tokens.compounds, "strip_accents",
			 r->tokens.strip_accents, "stem", r->tokens.stem,
			 "stop", texts(r->tokens.stop.v, r->tokens.stop.n));
}

static json_t *features_head(const struct recipe *r)
{
	json_t *all = json_array();

	for (uint32_t b = 0; b < r->block_count; b++) {
		const struct recipe_block *from = &r->block[b];
		struct features_block f;

		recipe_features(r, b, &f);
		all = append(
			all,
			json_pack("{s:s, s:i, s:i, s:b, s:b, s:i, s:I, s:[II]}",
				  "name", from->name, "of", from->of, "cut",
				  from->cut, "cased", from->cased, "hashtags",
				  from->hashtags, "fields", (int)f.fields,
				  "first", (json_int_t)from->first, "ngrams",
				  (json_int_t)f.ngrams.lo,
				  (json_int_t)f.ngrams.hi));
	}
	return json_pack("{s:i, s:o}", "version", FEATURES_VERSION, "blocks",
			 all);
}

static json_t *tfidf_head(const struct tfidf *t)
{
	json_t *all = json_array();

	for (uint32_t b = 0; b < t->block_count; b++) {
		const struct tfidf_block *k = &t->block[b];

		all = append(
			all, json_pack("{s:i, s:f, s:b, s:f, s:b, s:I}",
				       "count", (int)k->count, "idf", k->idf,
				       "norm", k->norm, "weight", k->weight,
				       "supervised", k->supervised, "end",
				       (json_int_t)k->end));
	}
	return json_pack("{s:i, s:f, s:i, s:o}", "version", TFIDF_VERSION,
			 "title_weight", t->title_weight, "terms",
			 (int)t->terms, "blocks", all);
}

static json_t *machine_head(const struct recipe_machine *m)
{
	return json_pack("{s:i, s:i, s:i, s:I, s:f, s:f, s:f, s:I, s:b, s:f, "
			 "s:f}",
			 "kernel", m->kernel, "solver", m->solver, "loss",
			 m->loss, "large", (json_int_t)m->large, "c", m->c,
			 "gamma", m->gamma, "coef0", m->coef0, "degree",
			 (json_int_t)m->degree, "balanced", m->balanced,
			 "bayes", m->bayes, "bayes_alpha", m->bayes_alpha);
}

static json_t *fields_head(const struct recipe_fields *f)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id",
			 f->id, "title", f->title, "text", f->text, "topics",
			 f->topics, "stance", f->stance, "target", f->target,
			 "hand", f->hand, "date", f->date);
}

static json_t *blocks_head(const struct recipe *r)
{
	json_t *all = json_array();

	for (uint32_t b = 0; b < r->block_count; b++)
		all = append(
			all, json_pack("{s:I, s:f, s:i, s:f, s:i}", "min_df",
				       (json_int_t)r->block[b].min_df,
				       "max_df", r->block[b].max_df,
				       "supervised", r->block[b].supervised,
				       "mix", r->block[b].mix, "machine",
				       r->block[b].machine));
	return all;
}

/* What judging does not need and evaluating or a reader of the card does. */
static json_t *recipe_head(const struct recipe *r)
{
	return json_pack(
		"{s:s?, s:i, s:o, s:o, s:o, s:I, s:I, s:i, s:f, s:f, s:f,"
		" s:i, s:i, s:o, s:o}",
		"about", r->about, "format", r->format, "topic",
		machine_head(&r->topic), "stance", machine_head(&r->stance),
		"blocks", blocks_head(r), "folds", (json_int_t)r->folds,
		"seed", (json_int_t)r->seed, "threshold", r->threshold,
		"threshold_part", r->threshold_part, "precision",
		r->precision, "cost", r->cost, "calibration", r->calibration,
		"metric", r->metric, "metric_labels",
		texts(r->metric_labels.v, r->metric_labels.n), "only",
		texts(r->only.v, r->only.n));
}

static json_t *head(const struct pack *p)
{
	const struct recipe *r = p->recipe;
	const struct corpus *c = p->corpus;
	char digest[HASH_SHA_HEX];
	json_t *o;

	hash_hex(c->digest, HASH_SHA_SIZE, digest);
	o = json_pack(
		"{s:s, s:o, s:o, s:o, s:{s:b, s:b, s:i, s:o},"
		" s:{s:o, s:f, s:f},"
		" s:I, s:s, s:o, s:o}",
		"name", r->name, "tokens", tokens_head(r), "features",
		features_head(r), "tfidf", tfidf_head(&p->vocabulary->tfidf),
		"topics", "one_of", r->one_of, "at_least_one",
		r->at_least_one, "targets", r->targets, "names",
		texts(c->topics, c->topic_count), "stance", "names",
		texts(c->stances.v, c->stances.n), "copy_weight",
		r->copy_weight, "unsure", r->unsure, "documents",
		(json_int_t)p->vocabulary->documents, "data_sha256", digest,
		"recipe", recipe_head(r), "fields", fields_head(&r->fields));
	if (o && ((json_array_size(p->support) &&
		   json_object_set(o, "support", p->support)) ||
		  (p->extra && json_object_update(o, p->extra)))) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static void add_names(const struct pack *p, struct buf *out)
{
	const struct vocabulary *v = p->vocabulary;
	uint32_t at = 0;

	for (uint32_t i = 0; i <= v->tfidf.terms; i++) {
		buf_add(out, &at, sizeof(at));
		if (i < v->tfidf.terms)
			at += (uint32_t)p->terms->v[v->global[i]].name.n;
	}
	for (uint32_t i = 0; i < v->tfidf.terms; i++)
		buf_add_str(out, p->terms->v[v->global[i]].name);
}

static void align(struct buf *out, size_t to)
{
	static const char zeros[BUNDLE_ALIGN];

	buf_add(out, zeros, (to - out->n % to) % to);
}

/* The sections are written where they will lie, behind room for the table of
 * them: a bundle is too large to be held twice. */
struct layout {
	struct bundle_section v[BUNDLE_KINDS];
	uint32_t n;
	struct buf *out;
	char *screen; /* its rows, or NULL */
};

/* How many fill() will write. */
static uint32_t count_sections(const struct pack *p, const struct layout *l)
{
	return 6U + (l->screen != NULL) + (p->scales != NULL) +
	       (p->knots.n > 0) + (p->kernels.n > 0);
}

static void begin(struct layout *l, enum bundle_section_kind kind)
{
	align(l->out, BUNDLE_ALIGN);
	l->v[l->n++] = (struct bundle_section){ .kind = kind,
						.at = l->out->n };
}

static void end(struct layout *l)
{
	struct bundle_section *s = &l->v[l->n - 1];

	s->size = l->out->n - s->at;
}

static void section(struct layout *l, enum bundle_section_kind kind,
		    const void *p, size_t n)
{
	begin(l, kind);
	buf_add(l->out, p, n);
	end(l);
}

static bool wants_screen(const struct pack *p)
{
	uint32_t topics = p->corpus->topic_count;

	if (topics < SCREEN_TOPICS_MIN || p->scales || p->recipe->targets)
		return false;
	for (uint32_t t = 0; t < topics; t++)
		if (p->columns[t].kernel)
			return false;
	return true;
}

/* Without memory, or with weights that are beyond it, there is none. */
static char *make_screen(const struct pack *p)
{
	uint32_t topics = p->corpus->topic_count;
	uint32_t terms = p->vocabulary->tfidf.terms;
	size_t columns = fit_columns(p->corpus);
	size_t stride = screen_stride(topics);
	char *rows = wants_screen(p) ? malloc(terms * stride) : NULL;

	for (uint32_t i = 0; i < terms && rows; i++)
		if (!screen_write(p->weights + i * columns, topics,
				  rows + i * stride)) {
			free(rows);
			rows = NULL;
		}
	return rows;
}

static void fill(struct layout *l, const struct pack *p, const json_t *o)
{
	const struct tfidf *t = &p->vocabulary->tfidf;
	size_t columns = fit_columns(p->corpus);
	size_t machines = p->corpus->topic_count + p->corpus->stances.n;

	begin(l, BUNDLE_JSON);
	json_add_value(l->out, o);
	end(l);
	section(l, BUNDLE_SLOTS, t->slots,
		(t->slot_mask + 1) * sizeof(*t->slots));
	section(l, BUNDLE_IDF, t->idf, t->terms * sizeof(*t->idf));
	begin(l, BUNDLE_NAMES);
	add_names(p, l->out);
	end(l);
	section(l, BUNDLE_COLUMNS, p->columns, columns * sizeof(*p->columns));
	section(l, BUNDLE_WEIGHTS, p->weights,
		t->terms * columns * sizeof(*p->weights));
	if (l->screen)
		section(l, BUNDLE_SCREEN, l->screen,
			t->terms * screen_stride(p->corpus->topic_count));
	if (p->scales)
		section(l, BUNDLE_SCALES, p->scales,
			t->terms * machines * sizeof(*p->scales));
	if (p->knots.n)
		section(l, BUNDLE_CURVES, p->knots.p, p->knots.n);
	if (p->kernels.n)
		section(l, BUNDLE_MACHINES, p->kernels.p, p->kernels.n);
	align(l->out, BUNDLE_ALIGN);
}

static void begin_file(struct buf *out, uint32_t sections)
{
	static const char zeros[sizeof(uint64_t) +
				BUNDLE_KINDS * sizeof(struct bundle_section)];
	uint32_t version = BUNDLE_VERSION;

	buf_add(out, BUNDLE_MAGIC, 8);
	buf_add(out, &version, sizeof(version));
	buf_add(out, &sections, sizeof(sections));
	buf_add(out, zeros,
		sizeof(uint64_t) + sections * sizeof(struct bundle_section));
}

/* What stands in front and is known last. */
static void fill_front(const struct layout *l)
{
	uint64_t size = l->out->n + BUNDLE_TRAILER;

	assert(l->out->n > BUNDLE_HEAD + l->n * sizeof(l->v[0]));
	memcpy(l->out->p + BUNDLE_HEAD - sizeof(size), &size, sizeof(size));
	memcpy(l->out->p + BUNDLE_HEAD, l->v, l->n * sizeof(l->v[0]));
}

int pack_bundle(const struct pack *p, struct buf *out, struct err *e)
{
	unsigned char digest[HASH_SHA_SIZE];
	struct layout l = { .out = out };
	json_t *o = head(p);
	int r;

	if (!o)
		return err_set(e, -ENOMEM, "the bundle's head cannot be made");
	l.screen = make_screen(p);
	begin_file(out, count_sections(p, &l));
	fill(&l, p, o);
	json_decref(o);
	r = buf_error(out);
	assert(r || l.n == count_sections(p, &l));
	free(l.screen);
	if (r)
		return r;
	fill_front(&l);
	r = hash_sha256(buf_view(out), digest);
	buf_add(out, digest, sizeof(digest));
	return r ? r : buf_error(out);
}

bool pack_is_vector(const double *const *coef, uint32_t machines, size_t i)
{
	for (uint32_t m = 0; m < machines; m++)
		if (coef[m][i] != 0)
			return true;
	return false;
}

enum { FULL_MIN = 64, FULL_PART = 4 };

/* Vectors on their way into the bundle, and the inverted index of them. */
struct index {
	struct kernel_head head;
	const struct feat **x; /* of each vector */
	uint32_t *start, *vector;
	double *value;
};

static bool is_full(const struct index *o, int dim)
{
	return o->start[dim + 1] - o->start[dim] == o->head.vectors;
}

/* A counting sort of all entries by dimension; next is of dims. */
static void invert(struct index *o, uint32_t *next)
{
	memcpy(next, o->start, o->head.dims * sizeof(*next));
	for (uint32_t v = 0; v < o->head.vectors; v++)
		for (const struct feat *f = o->x[v]; f->index >= 0; f++) {
			uint32_t at = is_full(o, f->index)
					      ? o->start[f->index] + v
					      : next[f->index]++;

			o->vector[at] = v;
			o->value[at] = f->value;
		}
	for (uint32_t d = 0; d < o->head.dims; d++)
		for (uint32_t v = 0; v < o->head.vectors && is_full(o, (int)d);
		     v++)
			o->vector[o->start[d] + v] = v;
}

/* From how many entries a dimension has to where they begin. A quarter of all
 * vectors is read straight on as soon as one by one. */
static void place(struct index *o)
{
	struct kernel_head *h = &o->head;

	h->entries = 0;
	for (uint32_t d = 1; d <= h->dims; d++) {
		if (h->vectors >= FULL_MIN &&
		    o->start[d] > h->vectors / FULL_PART)
			o->start[d] = h->vectors;
		h->entries += o->start[d];
		o->start[d] = (uint32_t)h->entries;
	}
}

static void count_vectors(struct index *o, const struct feat *const *x,
			  const double *const *coef, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!pack_is_vector(coef, o->head.machines, i))
			continue;
		o->x[o->head.vectors++] = x[i];
		for (const struct feat *f = x[i]; f->index >= 0; f++)
			o->start[f->index + 1]++;
	}
	place(o);
}

static void add_coefs(const double *const *coef, uint32_t machines, size_t n,
		      struct buf *out)
{
	for (uint32_t m = 0; m < machines; m++)
		for (size_t i = 0; i < n; i++)
			if (pack_is_vector(coef, machines, i))
				buf_add(out, &coef[m][i], sizeof(coef[m][i]));
}

static void add_norms(const struct index *o, struct buf *out)
{
	for (uint32_t v = 0; v < o->head.vectors; v++) {
		double norm = 0;

		for (const struct feat *f = o->x[v]; f->index >= 0; f++)
			norm += f->value * f->value;
		buf_add(out, &norm, sizeof(norm));
	}
}

static void add_index(const struct index *o, struct buf *out)
{
	const struct kernel_head *h = &o->head;

	buf_add(out, o->value, h->entries * sizeof(*o->value));
	buf_add(out, o->start, ((size_t)h->dims + 1) * sizeof(*o->start));
	align(out, 8);
	buf_add(out, o->vector, h->entries * sizeof(*o->vector));
	align(out, 8);
}

int pack_kernels(const struct kernel_params *p, const struct feat *const *x,
		 const double *const *coef, uint32_t machines, size_t n,
		 uint32_t dims, struct buf *out)
{
	struct index o = { .head = { .params = *p, .dims = dims,
				     .machines = machines } };
	uint32_t *next = calloc((size_t)dims + 1, sizeof(*next));
	int r = -ENOMEM;

	o.x = calloc(n + 1, sizeof(*o.x));
	o.start = calloc((size_t)dims + 2, sizeof(*o.start));
	if (o.x && o.start)
		count_vectors(&o, x, coef, n);
	if (o.head.entries > UINT32_MAX) {
		r = -EMSGSIZE;
		goto out;
	}
	o.vector = calloc(o.head.entries + 2, sizeof(*o.vector));
	o.value = calloc(o.head.entries + 1, sizeof(*o.value));
	if (next && o.x && o.start && o.vector && o.value) {
		invert(&o, next);
		buf_add(out, &o.head, sizeof(o.head));
		add_coefs(coef, machines, n, out);
		add_norms(&o, out);
		add_index(&o, out);
		r = buf_error(out);
	}
out:
	free(next);
	free(o.x);
	free(o.start);
	free(o.vector);
	free(o.value);
	return r;
}
