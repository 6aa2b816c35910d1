#include "learn/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int report_init(struct report *r, uint32_t topics, uint32_t stances,
		bool one_of)
{
	*r = (struct report){ .topics = topics, .stances = stances,
			      .one_of = one_of };
	r->topic = calloc(topics, sizeof(*r->topic));
	r->by_topic = calloc(topics, sizeof(*r->by_topic));
	if (one_of)
		r->topic_confusion = calloc((size_t)topics * topics,
					    sizeof(*r->topic_confusion));
	if (!r->topic || !r->by_topic || (one_of && !r->topic_confusion)) {
		report_done(r);
		return -ENOMEM;
	}
	return 0;
}

void report_done(struct report *r)
{
	free(r->topic);
	free(r->by_topic);
	free(r->topic_confusion);
	*r = (struct report){ 0 };
}

static void add_topics(struct report *r, const unsigned char *gold,
		       const unsigned char *given)
{
	uint32_t is = 0, said = 0;
	bool exact = true;

	for (uint32_t t = 0; t < r->topics; t++) {
		struct report_label *l = &r->topic[t];

		l->tp += gold[t] && given[t];
		l->fp += !gold[t] && given[t];
		l->fn += gold[t] && !given[t];
		exact &= !gold[t] == !given[t];
		if (gold[t])
			is = t;
		if (given[t])
			said = t;
	}
	r->documents++;
	r->exact += exact;
	if (r->one_of)
		r->topic_confusion[(size_t)is * r->topics + said]++;
}

void report_add(struct report *r, const unsigned char *gold,
		const unsigned char *given, const int *stance_gold,
		const int *stance_given)
{
	add_topics(r, gold, given);
	for (uint32_t t = 0; r->stances && t < r->topics; t++) {
		if (stance_gold[t] < 0)
			continue;
		r->stance[stance_gold[t]][stance_given[t]]++;
		r->by_topic[t][stance_gold[t]][stance_given[t]]++;
	}
}

static double part(uint64_t a, uint64_t b)
{
	return b ? (double)a / (double)b : 0;
}

double report_precision(const struct report_label *l)
{
	return part(l->tp, l->tp + l->fp);
}

double report_recall(const struct report_label *l)
{
	return part(l->tp, l->tp + l->fn);
}

double report_f1(const struct report_label *l)
{
	return part(2 * l->tp, 2 * l->tp + l->fp + l->fn);
}

static struct report_label sum(const struct report *r)
{
	struct report_label all = { 0, 0, 0 };

	for (uint32_t t = 0; t < r->topics; t++) {
		all.tp += r->topic[t].tp;
		all.fp += r->topic[t].fp;
		all.fn += r->topic[t].fn;
	}
	return all;
}

double report_micro_f1(const struct report *r)
{
	struct report_label all = sum(r);

	return report_f1(&all);
}

static double macro(const struct report_label *v, uint32_t n)
{
	double f1 = 0;
	uint32_t seen = 0;

	for (uint32_t i = 0; i < n; i++)
		if (v[i].tp + v[i].fn) {
			f1 += report_f1(&v[i]);
			seen++;
		}
	return seen ? f1 / seen : 0;
}

double report_macro_f1(const struct report *r)
{
	return macro(r->topic, r->topics);
}

static void stance_labels(uint64_t m[][REPORT_STANCES_MAX], uint32_t n,
			  struct report_label *out)
{
	memset(out, 0, n * sizeof(*out));
	for (uint32_t g = 0; g < n; g++)
		for (uint32_t s = 0; s < n; s++) {
			if (g == s) {
				out[g].tp += m[g][s];
				continue;
			}
			out[g].fn += m[g][s];
			out[s].fp += m[g][s];
		}
}

double report_stance_macro_f1(const struct report *r)
{
	struct report_label l[REPORT_STANCES_MAX];

	stance_labels((uint64_t(*)[REPORT_STANCES_MAX])r->stance, r->stances,
		      l);
	return macro(l, r->stances);
}

/* The table. */

static int widest(const char *const *names, uint32_t n, int least)
{
	int w = least;

	for (uint32_t i = 0; i < n; i++)
		if ((int)strlen(names[i]) > w)
			w = (int)strlen(names[i]);
	return w;
}

static void print_label(const char *name, int width,
			const struct report_label *l, FILE *out)
{
	fprintf(out, "%-*s  %9.3f  %6.3f  %6.3f  %7llu\n", width, name,
		report_precision(l), report_recall(l), report_f1(l),
		(unsigned long long)(l->tp + l->fn));
}

static void print_head(const char *what, int width, FILE *out)
{
	fprintf(out, "%-*s  precision  recall      F1  support\n", width,
		what);
}

static void print_confusion(const char *what, const uint64_t *m, size_t stride,
			    const char *const *names, uint32_t n, FILE *out)
{
	int w = widest(names, n, 8);

	fprintf(out, "\n%s: rows are what is so, columns what was said\n%-*s",
		what, w, "");
	for (uint32_t i = 0; i < n; i++)
		fprintf(out, "  %*s", w, names[i]);
	fputc('\n', out);
	for (uint32_t g = 0; g < n; g++) {
		fprintf(out, "%-*s", w, names[g]);
		for (uint32_t s = 0; s < n; s++)
			fprintf(out, "  %*llu", w,
				(unsigned long long)m[g * stride + s]);
		fputc('\n', out);
	}
}

/* Many-of topics have no square matrix: what is confused is given with not. */
static void print_topic_counts(const struct report *r,
			       const char *const *topics, int w, FILE *out)
{
	fprintf(out, "\n%-*s  given, right  given, wrong  missed  "
		     "rightly not given\n",
		w, "topics");
	for (uint32_t t = 0; t < r->topics; t++) {
		const struct report_label *l = &r->topic[t];

		fprintf(out, "%-*s  %12llu  %12llu  %6llu  %17llu\n", w,
			topics[t], (unsigned long long)l->tp,
			(unsigned long long)l->fp, (unsigned long long)l->fn,
			(unsigned long long)(r->documents - l->tp - l->fp -
					     l->fn));
	}
}

static void print_stances(const struct report *r, const char *const *topics,
			  const char *const *stances, int w, FILE *out)
{
	struct report_label l[REPORT_STANCES_MAX];

	stance_labels((uint64_t(*)[REPORT_STANCES_MAX])r->stance, r->stances,
		      l);
	fputc('\n', out);
	print_head("stances", w, out);
	for (uint32_t s = 0; s < r->stances; s++)
		print_label(stances[s], w, &l[s], out);
	fprintf(out, "%-*s  %25.3f\n", w, "macro",
		report_stance_macro_f1(r));
	for (uint32_t t = 0; t < r->topics; t++) {
		stance_labels(r->by_topic[t], r->stances, l);
		fprintf(out, "%-*s  %25.3f\n", w, topics[t],
			macro(l, r->stances));
	}
	print_confusion("stances", &r->stance[0][0], REPORT_STANCES_MAX,
			stances, r->stances, out);
}

void report_print(const struct report *r, const char *const *topics,
		  const char *const *stances, FILE *out)
{
	struct report_label all = sum(r);
	int w = widest(topics, r->topics, 8);

	print_head("topics", w, out);
	for (uint32_t t = 0; t < r->topics; t++)
		print_label(topics[t], w, &r->topic[t], out);
	print_label("micro", w, &all, out);
	fprintf(out, "%-*s  %25.3f\n", w, "macro", report_macro_f1(r));
	fprintf(out, "%-*s  %25.3f  %7llu\n", w, r->one_of ? "accuracy"
							    : "all right",
		part(r->exact, r->documents),
		(unsigned long long)r->documents);
	if (r->one_of)
		print_confusion("topics", r->topic_confusion, r->topics,
				topics, r->topics, out);
	else
		print_topic_counts(r, topics, w, out);
	if (r->stances)
		print_stances(r, topics, stances, w, out);
}

/* JSON. */

static json_t *label_json(const struct report_label *l)
{
	return json_pack("{s:f, s:f, s:f, s:I}", "precision",
			 report_precision(l), "recall", report_recall(l), "f1",
			 report_f1(l), "support", (json_int_t)(l->tp + l->fn));
}

static json_t *matrix_json(const uint64_t *m, size_t stride, uint32_t n)
{
	json_t *rows = json_array();

	for (uint32_t g = 0; g < n; g++) {
		json_t *row = json_array();

		for (uint32_t s = 0; s < n; s++)
			json_array_append_new(
				row,
				json_integer((json_int_t)m[g * stride + s]));
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *binary_json(const struct report *r,
			   const struct report_label *l)
{
	return json_pack("[[II][II]]", (json_int_t)l->tp, (json_int_t)l->fn,
			 (json_int_t)l->fp,
			 (json_int_t)(r->documents - l->tp - l->fp - l->fn));
}

static json_t *topics_json(const struct report *r, const char *const *topics)
{
	struct report_label all = sum(r);
	json_t *labels = json_object(), *confusion = json_object();

	for (uint32_t t = 0; t < r->topics; t++) {
		json_object_set_new(labels, topics[t],
				    label_json(&r->topic[t]));
		json_object_set_new(confusion, topics[t],
				    binary_json(r, &r->topic[t]));
	}
	if (r->one_of) {
		json_decref(confusion);
		confusion = matrix_json(r->topic_confusion, r->topics,
					r->topics);
	}
	return json_pack("{s:o, s:o, s:f, s:f, s:o}", "labels", labels,
			 "micro", label_json(&all), "macro_f1",
			 report_macro_f1(r), r->one_of ? "accuracy" : "exact",
			 part(r->exact, r->documents), "confusion", confusion);
}

static json_t *stances_json(const struct report *r, const char *const *topics,
			    const char *const *stances)
{
	struct report_label l[REPORT_STANCES_MAX];
	json_t *labels = json_object(), *by_topic = json_object();
	json_t *names = json_array();

	stance_labels((uint64_t(*)[REPORT_STANCES_MAX])r->stance, r->stances,
		      l);
	for (uint32_t s = 0; s < r->stances; s++) {
		json_object_set_new(labels, stances[s], label_json(&l[s]));
		json_array_append_new(names, json_string(stances[s]));
	}
	for (uint32_t t = 0; t < r->topics; t++) {
		stance_labels(r->by_topic[t], r->stances, l);
		json_object_set_new(by_topic, topics[t],
				    json_real(macro(l, r->stances)));
	}
	return json_pack("{s:o, s:f, s:o, s:o, s:o}", "labels", labels,
			 "macro_f1", report_stance_macro_f1(r),
			 "macro_f1_by_topic", by_topic, "order", names,
			 "confusion",
			 matrix_json(&r->stance[0][0], REPORT_STANCES_MAX,
				     r->stances));
}

json_t *report_json(const struct report *r, const char *const *topics,
		    const char *const *stances)
{
	json_t *o = json_pack("{s:I, s:o}", "documents",
			      (json_int_t)r->documents, "topics",
			      topics_json(r, topics));

	if (o && r->stances)
		json_object_set_new(o, "stances",
				    stances_json(r, topics, stances));
	return o;
}
