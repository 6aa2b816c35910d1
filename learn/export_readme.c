/* What stands in the folder for who finds it there. */
#include "learn/export.h"

static void add_files(const struct model *m, bool vectors, struct buf *out)
{
	buf_printf(out,
		   "The model %s, sha256\n%s,\nas files for LIBSVM "
		   "(Debian: libsvm-tools).\n\n",
		   m->name, m->id);
	buf_add_z(out, "  NAME.model      machines, for svm-predict\n"
		       "  labels.tsv      which label of which file is which "
		       "topic and stance\n"
		       "  vocabulary.tsv  the terms: index (from 1), block, "
		       "term, documents that\n"
		       "                  held it, idf\n");
	if (vectors)
		buf_add_z(out, "  NAME.svm        the documents as NAME.model "
			       "reads them, in their order;\n"
			       "                  first their label, 0 where "
			       "nothing is known\n"
			       "  documents.tsv   their line and their id\n");
}

static void add_call(const char *name, bool vectors, struct buf *out)
{
	if (!vectors)
		buf_add_z(out, "\nDocuments as vectors, NAME.svm, are written "
			       "where --data FILE names some. Then\n");
	buf_printf(out, "\n  svm-predict %s.svm %s.model %s.out\n\n"
			"writes a label a line:\n\n",
		   name, name, name);
}

static void add_meanings(const struct model *m, bool groups, struct buf *out)
{
	if (!m->targets && !m->one_of)
		buf_add_z(out, "  topic-…    1: the topic is given, -1: it is "
			       "not. The threshold is in rho.\n");
	if (!m->targets && m->one_of)
		buf_add_z(out, "  topic-…    1: its own decision value is "
			       "positive, -1: it is not. The topic\n"
			       "             that is given is told by "
			       "topics.model.\n");
	if (m->stance_count)
		buf_add_z(out, "  stance-…   1: its own decision value is "
			       "positive, -1: it is not.\n");
	if (groups)
		buf_add_z(out, "  topics, stances-…   the topic or stance that "
			       "vigie tells: 1, 2, … as in\n"
			       "             labels.tsv. Each has one machine "
			       "against the rest; of every two\n"
			       "             the one with the larger decision "
			       "value has LIBSVM's vote.\n");
}

static void add_notes(const struct model *m, struct buf *out)
{
	buf_add_z(out, "\nWhere a file has probA, `svm-predict -b 1` gives "
		       "vigie's probabilities.\n");
	if (m->at_least_one)
		buf_add_z(out, "This model gives every document at least one "
			       "topic, also when no file says 1:\nthe one "
			       "with the largest decision value less its "
			       "threshold.\n");
	if (m->stance_count)
		buf_add_z(out, "Stances speak of the topics that a document "
			       "has.\n");
	if (m->scales)
		buf_add_z(out, "Each machine weighs the terms in its own way, "
			       "so the vectors of one file do not\n"
			       "fit another; in topics and stances-… the "
			       "classes' vectors stand side by side.\n");
}

void export_readme(const struct model *m, const struct export_file *v,
		   size_t n, bool vectors, struct buf *out)
{
	add_files(m, vectors, out);
	add_call(v[0].name, vectors, out);
	add_meanings(m, v[n - 1].count > 1, out);
	add_notes(m, out);
}
