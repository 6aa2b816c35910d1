#include "learn/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"

static const size_t file_max = (size_t)64 << 30;

/* Names of files. */

enum { SLUG = 40 };

/* The letters and digits of a name, in small letters, for the eye alone: the
 * number before it tells files apart. */
static void add_slug(char *out, const char *z)
{
	size_t n = strlen(out), end = n + SLUG;
	bool gap = true;

	for (; *z && n < end && n + 2 < EXPORT_NAME_MAX; z++) {
		char c = *z >= 'A' && *z <= 'Z' ? (char)(*z - 'A' + 'a') : *z;
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (plain && gap)
			out[n++] = '-';
		if (plain)
			out[n++] = c;
		gap = !plain;
	}
	out[n] = '\0';
}

static void name_file(const struct model *m, struct export_file *f)
{
	uint32_t t, k;

	if (f->first < m->topic_count) {
		if (f->count > 1) {
			snprintf(f->name, sizeof(f->name), "topics");
			return;
		}
		snprintf(f->name, sizeof(f->name), "topic-%u", f->first + 1);
		add_slug(f->name, m->topics[f->first].name);
		return;
	}
	t = model_column_topic(m, f->first);
	k = model_column_stance(m, f->first);
	if (f->count > 1)
		snprintf(f->name, sizeof(f->name), "stances-%u", t + 1);
	else
		snprintf(f->name, sizeof(f->name), "stance-%u-%u", t + 1,
			 k + 1);
	add_slug(f->name, m->topics[t].name);
	if (f->count == 1)
		add_slug(f->name, m->stances[k]);
}

/* What there is. */

static bool has_weights(const struct model *m, uint32_t column)
{
	for (uint32_t t = 0; t < m->tfidf.terms; t++)
		if (m->weights[(size_t)t * m->column_count + column] != 0)
			return true;
	return false;
}

/* LIBSVM's machines are vectors under one kernel, or weights. */
static bool is_mixed(const struct model *m, uint32_t column)
{
	return m->columns[column].kernel &&
	       (m->scales || has_weights(m, column));
}

static bool same_kernel(const struct kernel_params *x,
			const struct kernel_params *y)
{
	return x->type == y->type && x->degree == y->degree &&
	       x->gamma == y->gamma && x->coef0 == y->coef0;
}

/* Can the columns vote in one file? Those without a kernel must then have
 * nothing to say but their intercept. */
static bool is_even(const struct model *m, const struct export_file *f)
{
	const struct kernel_params *first = NULL;

	for (uint32_t i = 0; i < f->count; i++) {
		uint64_t k = m->columns[f->first + i].kernel;

		if (!k)
			continue;
		if (first && !same_kernel(first, &m->kernels[k - 1].params))
			return false;
		first = &m->kernels[k - 1].params;
	}
	for (uint32_t i = 0; i < f->count && first; i++)
		if (!m->columns[f->first + i].kernel &&
		    has_weights(m, f->first + i))
			return false;
	return true;
}

static void add_group(const struct model *m, uint32_t first, uint32_t count,
		      struct export_file *v, size_t *n)
{
	struct export_file f = { .first = first, .count = count };

	if (count < 2 || !is_even(m, &f))
		return;
	name_file(m, &f);
	v[(*n)++] = f;
}

int export_list(const struct model *m, struct export_file **ret, struct err *e)
{
	struct export_file *v = calloc(
		m->column_count + m->topic_count + 1, sizeof(*v));
	size_t n = 0;

	if (!v)
		return -ENOMEM;
	/* A target is given: its column decides nothing. */
	for (uint32_t c = m->targets ? m->topic_count : 0; c < m->column_count;
	     c++) {
		v[n] = (struct export_file){ .first = c, .count = 1 };
		name_file(m, &v[n]);
		if (is_mixed(m, c)) {
			err_set(e, -EINVAL,
				"%s: has a kernel and weights of terms at "
				"once, which no machine of LIBSVM has",
				v[n].name);
			free(v);
			return -EINVAL;
		}
		n++;
	}
	if (m->one_of && !m->targets)
		add_group(m, 0, m->topic_count, v, &n);
	for (uint32_t t = 0; t < m->topic_count && m->stance_count; t++)
		add_group(m, model_stance_column(m, t, 0), m->stance_count, v,
			  &n);
	*ret = v;
	return (int)n;
}

/* The files beside the machines. */

static void add_term(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '\t':
			buf_add_z(out, "\\t");
			break;
		case '\n':
			buf_add_z(out, "\\n");
			break;
		case '\\':
			buf_add_z(out, "\\\\");
			break;
		default:
			buf_add_char(out, s.p[i]);
		}
}

int export_vocabulary(const struct model *m, struct buf *out)
{
	uint32_t *df = calloc((size_t)m->tfidf.terms + 1, sizeof(*df));
	uint32_t b = 0;

	if (!df)
		return -ENOMEM;
	for (uint64_t i = 0; i <= m->tfidf.slot_mask; i++)
		if (m->tfidf.slots[i].term != TFIDF_NONE)
			df[m->tfidf.slots[i].term] = m->tfidf.slots[i].df;
	buf_add_z(out, "index\tblock\tterm\tdf\tidf\n");
	for (uint32_t t = 0; t < m->tfidf.terms; t++) {
		while (m->tfidf.block[b].end <= t)
			b++;
		buf_printf(out, "%u\t%s\t", t + 1, m->block_names[b]);
		add_term(model_term(m, t), out);
		buf_printf(out, "\t%u\t%.17g\n", df[t], m->tfidf.idf[t]);
	}
	free(df);
	return buf_error(out);
}

/* Which label of which file means what. */
static void add_labels(const struct model *m, const struct export_file *f,
		       struct buf *out)
{
	for (uint32_t i = 0; i < f->count; i++) {
		uint32_t c = f->first + i;
		bool is_topic = c < m->topic_count;

		buf_printf(out, "%s\t%u\t%s\t%s\n", f->name,
			   f->count > 1 ? i + 1 : 1,
			   m->topics[model_column_topic(m, c)].name,
			   is_topic ? ""
				    : m->stances[model_column_stance(m, c)]);
	}
}

/* The folder. */

struct folder {
	const struct model *m;
	const char *path;
	struct buf out; /* of the file in hand */
	struct err *e;
};

static int write_out(struct folder *d, const char *name, const char *ending)
{
	char path[4096];
	int r = buf_error(&d->out);

	if (r)
		return err_sys(d->e, r, "%s%s", name, ending);
	if (snprintf(path, sizeof(path), "%s/%s%s", d->path, name, ending) >=
	    (int)sizeof(path))
		return err_set(d->e, -ENAMETOOLONG, "%s: name too long",
			       d->path);
	r = file_write(path, buf_view(&d->out), d->e);
	buf_clear(&d->out);
	return r;
}

static int write_models(struct folder *d, const struct export_file *v,
			size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && !r; i++) {
		export_model(d->m, &v[i], &d->out);
		r = write_out(d, v[i].name, ".model");
	}
	if (r)
		return r;
	buf_add_z(&d->out, "file\tlabel\ttopic\tstance\n");
	for (size_t i = 0; i < n; i++)
		add_labels(d->m, &v[i], &d->out);
	return write_out(d, "labels", ".tsv");
}

/* Every document is judged once a file: what judging sees is much larger than
 * the time it takes. */
static int write_vectors(struct folder *d, const struct export_file *f,
			 const struct corpus *c, struct arena a)
{
	int r = 0;

	for (size_t i = 0; i < c->n && !r; i++) {
		const struct example *x = &c->v[i];
		const struct str field[FIELD_COUNT] = { x->title, x->text,
							x->target };
		struct arena scratch = a;
		struct judgement j;

		r = judge(d->m, field, &scratch, &j);
		if (!r)
			r = export_vector(d->m, &j, f,
					  export_label(d->m, f, x), scratch,
					  &d->out);
	}
	if (r)
		return err_sys(d->e, r, "%s.svm", f->name);
	return write_out(d, f->name, ".svm");
}

static int write_documents(struct folder *d, const struct export_file *v,
			   size_t n, const struct corpus *c)
{
	struct arena a;
	int r = arena_open(&a, JUDGE_ARENA);

	if (r)
		return r;
	for (size_t i = 0; i < n && !r; i++) {
		log_progress("writing vectors", i, n);
		r = write_vectors(d, &v[i], c, a);
	}
	log_progress("writing vectors", n, n);
	arena_close(a);
	if (r)
		return r;
	buf_add_z(&d->out, "line\tid\n");
	for (size_t i = 0; i < c->n; i++) {
		buf_printf(&d->out, "%zu\t", i + 1);
		add_term(str_of(c->v[i].id), &d->out);
		buf_add_char(&d->out, '\n');
	}
	return write_out(d, "documents", ".tsv");
}

static int write_all(struct folder *d, const struct export_file *v, size_t n,
		     const struct corpus *c)
{
	int r = write_models(d, v, n);

	if (!r)
		r = export_vocabulary(d->m, &d->out);
	if (!r)
		r = write_out(d, "vocabulary", ".tsv");
	if (!r && c)
		r = write_documents(d, v, n, c);
	if (r)
		return r;
	export_readme(d->m, v, n, c != NULL, &d->out);
	return write_out(d, "README", ".txt");
}

int export_folder(const struct model *m, const char *folder,
		  const struct corpus *c, struct err *e)
{
	struct folder d = { .m = m, .path = folder, .e = e };
	struct export_file *v;
	int n = export_list(m, &v, e), r;

	if (n < 0)
		return n;
	if (mkdir(folder, 0777) && errno != EEXIST) {
		r = err_sys(e, -errno, "%s", folder);
	} else {
		buf_init(&d.out, file_max);
		r = write_all(&d, v, (size_t)n, c);
		buf_done(&d.out);
	}
	free(v);
	return r;
}
