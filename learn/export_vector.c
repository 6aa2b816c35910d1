/* Articles as vectors of LIBSVM, as the machines of one file read them. */
#include "learn/export.h"

#include <errno.h>

static void add_entry(uint64_t index, double value, struct buf *out)
{
	buf_printf(out, " %llu:%.17g", (unsigned long long)index + 1, value);
}

/* With weights of its own a machine sees each supervised block at its own
 * length; the weights are in the model. */
static void add_own(const struct model *m, const struct judgement *j,
		    uint32_t machine, uint64_t from, struct buf *out)
{
	size_t i = 0;

	for (uint32_t b = 0; b < m->tfidf.block_count; b++) {
		size_t end = tfidf_block_end(j->counts, i,
					     m->tfidf.block[b].end);
		double factor = j->factor[b * m->machine_count + machine];

		for (; i < end; i++)
			add_entry(from + (uint32_t)j->x[i].index,
				  j->x[i].value * factor, out);
	}
}

static bool has_kernel(const struct model *m, const struct export_file *f)
{
	for (uint32_t i = 0; i < f->count; i++)
		if (m->columns[f->first + i].kernel)
			return true;
	return false;
}

/* A kernel's stances are judged in the joint space; weights have it folded
 * into them. */
static const struct feat *seen(const struct model *m,
			       const struct judgement *j,
			       const struct export_file *f, struct arena *a)
{
	return has_kernel(m, f) ? judge_seen(m, j, f->first, a) : j->x;
}

int export_vector(const struct model *m, const struct judgement *j,
		  const struct export_file *f, int label,
		  struct arena scratch, struct buf *out)
{
	const struct feat *x = seen(m, j, f, &scratch);

	if (!x)
		return -ENOMEM;
	buf_printf(out, "%d", label);
	if (!m->scales)
		for (; x->index >= 0; x++)
			add_entry((uint32_t)x->index, x->value, out);
	else
		for (uint32_t i = 0; i < f->count; i++)
			add_own(m, j, model_machine(m, f->first + i),
				(uint64_t)i * m->tfidf.terms, out);
	buf_add_char(out, '\n');
	return buf_error(out);
}

/* The topic that excludes the others, from 1. */
static int topic_label(const struct export_file *f, const struct example *x)
{
	for (uint32_t t = 0; t < f->count; t++)
		if (x->labels[f->first + t])
			return (int)t + 1;
	return 0;
}

int export_label(const struct model *m, const struct export_file *f,
		 const struct example *x)
{
	unsigned char b;

	if (!x->labels)
		return 0;
	if (f->first < m->topic_count)
		return f->count > 1 ? topic_label(f, x)
		       : x->labels[f->first] ? 1
					     : -1;
	b = x->labels[model_column_topic(m, f->first)];
	if (!b || b == CORPUS_NO_STANCE)
		return 0;
	if (f->count > 1)
		return b;
	return b == 1 + model_column_stance(m, f->first) ? 1 : -1;
}
