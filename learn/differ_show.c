/* Two models compared, for people and for programs. */
#include "learn/differ.h"

#include <errno.h>
#include <string.h>

enum { WIDE = 18 };

static const char *const sides[] = { "A", "B" };

static double part(uint64_t a, uint64_t of)
{
	return of ? (double)a / (double)of : 0;
}

/* For people. */

static void print_models(const struct differ *d, FILE *out)
{
	for (int k = 0; k < 2; k++)
		fprintf(out, "%s  %s, sha256 %.16s…\n", sides[k],
			d->m[k]->name, d->m[k]->id);
	fprintf(out, "\n%zu documents, %s; %u topics that both know\n",
		d->corpus->n, d->labelled ? "labelled" : "without labels",
		d->topics);
	for (int k = 0; k < 2; k++) {
		const struct model *m = d->m[k];

		for (uint32_t t = 0; t < m->topic_count; t++) {
			uint32_t i = 0;

			while (i < d->topics && d->topic[i].in[k] != t)
				i++;
			if (i == d->topics)
				fprintf(out, "only %s knows %s\n", sides[k],
					m->topics[t].name);
		}
	}
}

static int print_counts(const struct differ *d, FILE *out)
{
	int r = 0;

	fprintf(out, "\n%-*s   both  only A  only B  neither    agree%s\n",
		WIDE, "topics given by",
		d->stances ? "  stance: same  other" : "");
	for (uint32_t t = 0; t < d->topics && !r; t++) {
		struct differ_counts c;

		r = differ_count(d, t, &c);
		fprintf(out, "%-*s %6llu %7llu %7llu  %7llu  %5.1f %%", WIDE,
			d->topic[t].name, (unsigned long long)c.both,
			(unsigned long long)c.only[0],
			(unsigned long long)c.only[1],
			(unsigned long long)c.neither,
			100 * part(c.both + c.neither, d->corpus->n));
		if (d->stances)
			fprintf(out, "  %12llu  %5llu",
				(unsigned long long)c.same,
				(unsigned long long)c.other);
		fputc('\n', out);
	}
	return r;
}

static void print_test(const struct compare_mcnemar *t, FILE *out)
{
	fprintf(out, " %7llu %7llu", (unsigned long long)t->only_a,
		(unsigned long long)t->only_b);
	fprintf(out, t->p < 0.001 ? "  below 0.001\n" : "  %.3f\n", t->p);
}

static void print_figures(const char *name, double a, double b, FILE *out)
{
	fprintf(out, "%-*s %7.3f %7.3f  %+7.3f", WIDE, name, a, b, b - a);
}

/* p below 0.05 is no proof, but what is above it is none either. */
static void print_whole(const char *what, const struct differ_test *t,
			FILE *out)
{
	fprintf(out, "%s, %llu asked\n", what, (unsigned long long)t->asked);
	if (!t->asked)
		return;
	print_figures("  right", t->accuracy[0], t->accuracy[1], out);
	print_test(&t->test, out);
	print_figures("  micro F1", t->micro_f1[0], t->micro_f1[1], out);
	fputc('\n', out);
	print_figures("  macro F1", t->macro.a, t->macro.b, out);
	fprintf(out, "   95 %%: %+.3f to %+.3f\n",
		t->macro.low, t->macro.high);
}

static int print_tests(const struct differ *d, FILE *out)
{
	struct differ_test t;
	int r = 0;

	fprintf(out,
		"\n%-*s       A       B   B - A   right alone  McNemar\n"
		"%-*s       F1      F1               A       B  p\n",
		WIDE, "against the labels", WIDE, "");
	for (uint32_t i = 0; i < d->topics && !r && !d->m[0]->targets; i++) {
		struct differ_counts c;

		r = differ_count(d, i, &c);
		print_figures(d->topic[i].name, c.f1[0], c.f1[1], out);
		print_test(&c.test, out);
	}
	if (!r && !d->m[0]->targets) {
		r = differ_test_topics(d, &t);
		if (!r)
			print_whole("all topics of a document", &t, out);
	}
	if (r || !d->stances)
		return r;
	r = differ_test_stances(d, &t);
	if (!r)
		print_whole("stances", &t, out);
	return r;
}

/* An id may hold anything. */
static void add_id(const char *z, struct buf *out)
{
	for (; *z; z++)
		buf_add_char(out, (unsigned char)*z < 0x20 || *z == 0x7F
					  ? '?'
					  : *z);
}

static int print_listed(const struct differ *d, FILE *out)
{
	size_t n = 0, shown = 0;
	struct buf b;
	int r;

	buf_init(&b, (size_t)1 << 30);
	for (size_t i = 0; i < d->corpus->n; i++) {
		if (!differ_at(d, i) || ++n > DIFFER_LISTED)
			continue;
		shown++;
		buf_add_char(&b, '\n');
		add_id(d->corpus->v[i].id, &b);
		buf_add_z(&b, "\n  A       ");
		differ_tell(d, &d->said[0], i, &b);
		buf_add_z(&b, "\n  B       ");
		differ_tell(d, &d->said[1], i, &b);
		if (d->labelled) {
			buf_add_z(&b, "\n  labels  ");
			differ_tell(d, &d->gold, i, &b);
		}
		buf_add_char(&b, '\n');
	}
	r = buf_error(&b);
	fprintf(out, "\n%zu documents differ%s\n", n,
		shown < n ? "; the first of them:" : n ? ":" : ".");
	if (!r && b.n)
		fwrite(b.p, 1, b.n, out);
	buf_done(&b);
	return r;
}

int differ_print(const struct differ *d, FILE *out)
{
	int r;

	print_models(d, out);
	r = print_counts(d, out);
	if (!r && d->labelled)
		r = print_tests(d, out);
	return r ? r : print_listed(d, out);
}

/* For programs. */

static json_t *mcnemar_json(const struct compare_mcnemar *t)
{
	return json_pack("{s:I, s:I, s:b, s:f, s:f}", "only_a",
			 (json_int_t)t->only_a, "only_b",
			 (json_int_t)t->only_b, "exact", t->exact,
			 "statistic", t->statistic, "p", t->p);
}

static json_t *pair_json(double a, double b)
{
	return json_pack("{s:f, s:f, s:f}", "a", a, "b", b, "difference",
			 b - a);
}

static json_t *test_json(const struct differ_test *t)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:[ff], s:f}", "asked",
			 (json_int_t)t->asked, "accuracy",
			 pair_json(t->accuracy[0], t->accuracy[1]), "mcnemar",
			 mcnemar_json(&t->test), "micro_f1",
			 pair_json(t->micro_f1[0], t->micro_f1[1]),
			 "macro_f1", pair_json(t->macro.a, t->macro.b),
			 "macro_f1_interval", t->macro.low, t->macro.high,
			 "macro_f1_p", t->macro.p);
}

static json_t *topic_json(const struct differ *d, uint32_t topic)
{
	struct differ_counts c;
	json_t *o;

	if (differ_count(d, topic, &c))
		return NULL;
	o = json_pack("{s:s, s:I, s:I, s:I, s:I}", "topic",
		      d->topic[topic].name, "both", (json_int_t)c.both,
		      "only_a", (json_int_t)c.only[0], "only_b",
		      (json_int_t)c.only[1], "neither",
		      (json_int_t)c.neither);
	if (d->stances) {
		json_object_set_new(o, "same_stance",
				    json_integer((json_int_t)c.same));
		json_object_set_new(o, "other_stance",
				    json_integer((json_int_t)c.other));
	}
	if (d->labelled && !d->m[0]->targets) {
		json_object_set_new(o, "f1", pair_json(c.f1[0], c.f1[1]));
		json_object_set_new(o, "mcnemar", mcnemar_json(&c.test));
	}
	return o;
}

static json_t *said_json(const struct differ *d, const struct differ_said *s,
			 size_t i)
{
	json_t *o = json_object();

	for (uint32_t t = 0; t < d->topics; t++) {
		size_t at = i * d->topics + t;
		unsigned char b = s->stance[at];

		if (!s->given[at])
			continue;
		json_object_set_new(
			o, d->topic[t].name,
			!b ? json_null()
			   : json_string(b == DIFFER_UNSURE
						 ? "unsure"
						 : d->corpus->stances
							   .v[b - 1]));
	}
	return o;
}

static json_t *listed_json(const struct differ *d, size_t *n)
{
	json_t *all = json_array();

	*n = 0;
	for (size_t i = 0; i < d->corpus->n; i++) {
		json_t *o;

		if (!differ_at(d, i) || ++*n > DIFFER_LISTED)
			continue;
		o = json_pack("{s:s, s:o, s:o}", "id", d->corpus->v[i].id, "a",
			      said_json(d, &d->said[0], i), "b",
			      said_json(d, &d->said[1], i));
		if (d->labelled)
			json_object_set_new(o, "labels",
					    said_json(d, &d->gold, i));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *model_json(const struct model *m)
{
	return json_sprintf("%s@sha256:%s", m->name, m->id);
}

json_t *differ_json(const struct differ *d)
{
	json_t *topics = json_array(), *o;
	struct differ_test t;
	size_t n;
	json_t *listed = listed_json(d, &n);

	for (uint32_t i = 0; i < d->topics; i++)
		json_array_append_new(topics, topic_json(d, i));
	o = json_pack("{s:o, s:o, s:I, s:b, s:I, s:o, s:o}", "a",
		      model_json(d->m[0]), "b", model_json(d->m[1]),
		      "documents", (json_int_t)d->corpus->n, "labelled",
		      d->labelled, "differ", (json_int_t)n, "topics", topics,
		      "listed", listed);
	if (!d->labelled)
		return o;
	if (!d->m[0]->targets && !differ_test_topics(d, &t))
		json_object_set_new(o, "all_topics", test_json(&t));
	if (d->stances && !differ_test_stances(d, &t))
		json_object_set_new(o, "stances", test_json(&t));
	return o;
}
