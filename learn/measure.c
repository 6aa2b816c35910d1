#include "learn/measure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static double part(double a, double b)
{
	return b > 0 ? a / b : 0;
}

/* Someone or something that is asked one question of every label: a document,
 * or the pair of a document and a topic. */
struct ask {
	size_t doc;
	uint32_t topic;
	uint32_t gold, told; /* classes; not of many-of topics */
};

/* The questions, and the answers about one label at a time. */
struct work {
	const struct corpus *corpus;
	const struct scores *scores;
	struct ask *ask;
	size_t n, room;
	double *decision, *probability;
	unsigned char *gold, *told;
	struct calibrate_case *scratch;
	struct curves_case *cases;
};

static size_t count_asks(const struct corpus *c, const struct scores *s,
			 size_t *pairs)
{
	size_t documents = 0;

	*pairs = 0;
	for (size_t i = 0; i < c->n; i++) {
		documents += s->judged[i] != 0;
		for (uint32_t t = 0; s->judged[i] && t < s->topics; t++)
			*pairs += score_gold(c->v[i].labels[t]) >= 0;
	}
	return documents;
}

static int work_open(struct work *w, const struct corpus *c,
		     const struct scores *s, bool one_of)
{
	size_t pairs, documents = count_asks(c, s, &pairs), cases = pairs;

	*w = (struct work){ .corpus = c, .scores = s };
	w->room = (documents > pairs ? documents : pairs) + 1;
	if (cases < documents * (one_of ? 1 : s->topics))
		cases = documents * (one_of ? 1 : s->topics);
	w->ask = calloc(w->room, sizeof(*w->ask));
	w->decision = calloc(w->room, sizeof(*w->decision));
	w->probability = calloc(w->room, sizeof(*w->probability));
	w->gold = calloc(w->room, 1);
	w->told = calloc(w->room, 1);
	w->scratch = calloc(w->room, sizeof(*w->scratch));
	w->cases = calloc(cases + 1, sizeof(*w->cases));
	return w->ask && w->decision && w->probability && w->gold && w->told &&
			       w->scratch && w->cases
		       ? 0
		       : -ENOMEM;
}

static void work_done(struct work *w)
{
	free(w->ask);
	free(w->decision);
	free(w->probability);
	free(w->gold);
	free(w->told);
	free(w->scratch);
	free(w->cases);
}

/* What the questions gave about one label. */
static void measure_label(struct work *w, struct report_label *l,
			  struct curves_recall *curve)
{
	for (size_t i = 0; i < w->n; i++) {
		l->tp += w->gold[i] && w->told[i];
		l->fp += !w->gold[i] && w->told[i];
		l->fn += w->gold[i] && !w->told[i];
		l->tn += !w->gold[i] && !w->told[i];
		calibrate_bins_add(&l->bins, w->probability[i], w->gold[i]);
	}
	l->support = l->tp + l->fn;
	l->precision = part(l->tp, l->tp + l->fp);
	l->recall = part(l->tp, l->support);
	l->f1 = part(2 * l->tp, 2 * l->tp + l->fp + l->fn);
	l->brier = calibrate_brier(&l->bins);
	l->ece = calibrate_ece(&l->bins);
	curves_recall(w->decision, w->gold, w->n, w->scratch, curve);
	l->average_precision = curve->average_precision;
}

/* The mean F1 over the labels that occur. */
static double macro_f1(const struct report_label *v, uint32_t n)
{
	double sum = 0, seen = 0;

	for (uint32_t i = 0; i < n; i++) {
		sum += v[i].support > 0 ? v[i].f1 : 0;
		seen += v[i].support > 0;
	}
	return part(sum, seen);
}

static double mean_f1(const struct report_set *s, const char *const *names,
		      const struct report_label *v, uint32_t n)
{
	double sum = 0, seen = 0;

	for (uint32_t i = 0; i < n; i++) {
		bool asked = !s->metric_labels.n;

		for (size_t k = 0; k < s->metric_labels.n; k++)
			asked |= !strcmp(s->metric_labels.v[k], names[i]);
		sum += asked ? v[i].f1 : 0;
		seen += asked;
	}
	return seen > 0 ? sum / seen : -1;
}

static void measure_group(struct report_group *g, const struct report_set *s,
			  const char *const *names,
			  const struct report_label *v, uint32_t n)
{
	double tp = 0, fp = 0, fn = 0, ece = 0;

	for (uint32_t i = 0; i < n; i++) {
		tp += v[i].tp;
		fp += v[i].fp;
		fn += v[i].fn;
		ece += v[i].ece;
		calibrate_bins_join(&g->bins, &v[i].bins);
	}
	g->micro_precision = part(tp, tp + fp);
	g->micro_recall = part(tp, tp + fn);
	g->micro_f1 = part(2 * tp, 2 * tp + fp + fn);
	g->macro_f1 = macro_f1(v, n);
	g->mean_f1 = mean_f1(s, names, v, n);
	g->brier = calibrate_brier(&g->bins);
	g->ece = calibrate_ece(&g->bins);
	g->macro_ece = part(ece, n);
}

/* Topics. */

/* n when there is none: of a document whose only topic the model knows not. */
static uint32_t first_set(const unsigned char *v, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && !v[i])
		i++;
	return i;
}

static void ask_topics(struct work *w)
{
	const struct scores *s = w->scores;

	w->n = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->judged[i])
			w->ask[w->n++] = (struct ask){
				.doc = i,
				.gold = first_set(w->corpus->v[i].labels,
						  s->topics),
				.told = first_set(s->given + i * s->topics,
						  s->topics),
			};
}

static void answer_topic(struct work *w, uint32_t t)
{
	const struct scores *s = w->scores;

	for (size_t i = 0; i < w->n; i++) {
		size_t doc = w->ask[i].doc;

		w->decision[i] = s->decision[doc * s->columns + t];
		w->probability[i] = s->probability[doc * s->columns + t];
		w->gold[i] = w->corpus->v[doc].labels[t] != 0;
		w->told[i] = s->given[doc * s->topics + t];
	}
}

static bool all_right(const struct work *w, size_t doc)
{
	const struct scores *s = w->scores;

	for (uint32_t t = 0; t < s->topics; t++)
		if (!w->corpus->v[doc].labels[t] !=
		    !s->given[doc * s->topics + t])
			return false;
	return true;
}

/* How sure each decision on a label is, or of one-of topics each document. */
static size_t topic_cases(struct work *w, bool one_of)
{
	const struct scores *s = w->scores;
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct ask *a = &w->ask[i];
		const double *p = s->probability + a->doc * s->columns;
		const unsigned char *given = s->given + a->doc * s->topics;

		for (uint32_t t = 0; t < s->topics && !one_of; t++)
			w->cases[n++] = (struct curves_case){
				given[t] ? p[t] : 1 - p[t],
				w->corpus->v[a->doc].labels[t] != 0, given[t]
			};
		if (one_of)
			w->cases[n++] = (struct curves_case){
				p[a->told], a->gold, a->told
			};
	}
	return n;
}

static void measure_topics(struct report *r, struct work *w)
{
	struct report_group *g = &r->topics;
	uint32_t n = r->set.topic_count;
	double right = 0;

	ask_topics(w);
	for (uint32_t t = 0; t < n; t++) {
		answer_topic(w, t);
		measure_label(w, &r->topic[t], &r->topic_curve[t]);
	}
	measure_group(g, &r->set, r->set.topics, r->topic, n);
	for (size_t i = 0; i < w->n; i++) {
		const struct ask *a = &w->ask[i];

		right += all_right(w, a->doc);
		if (r->topic_confusion && a->gold < n)
			r->topic_confusion[(size_t)a->gold * n + a->told]++;
	}
	g->asked = (double)w->n;
	g->accuracy = part(right, g->asked);
	curves_coverage(w->cases, topic_cases(w, r->set.one_of), 0, g->step);
}

/* Stances. */

static void ask_stances(struct work *w)
{
	const struct scores *s = w->scores;

	w->n = 0;
	for (size_t i = 0; i < s->n; i++)
		for (uint32_t t = 0; s->judged[i] && t < s->topics; t++) {
			int gold = score_gold(w->corpus->v[i].labels[t]);

			if (gold >= 0)
				w->ask[w->n++] = (struct ask){
					i, t, (uint32_t)gold,
					s->stance[i * s->topics + t]
				};
		}
}

/* The column of a stance on the topic that is asked about. */
static size_t stance_at(const struct scores *s, const struct ask *a,
			uint32_t stance)
{
	return a->doc * s->columns + s->topics + a->topic * s->stances +
	       stance;
}

static void answer_stance(struct work *w, uint32_t stance)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct ask *a = &w->ask[i];
		size_t at = stance_at(w->scores, a, stance);

		w->decision[i] = w->scores->decision[at];
		w->probability[i] = w->scores->probability[at];
		w->gold[i] = a->gold == stance;
		w->told[i] = a->told == stance;
	}
}

/* Macro F1 of a matrix [gold][told]. */
static double matrix_f1(const double *m, uint32_t n)
{
	double sum = 0, seen = 0;

	for (uint32_t k = 0; k < n; k++) {
		double is = 0, told = 0;

		for (uint32_t i = 0; i < n; i++) {
			is += m[k * n + i];
			told += m[i * n + k];
		}
		sum += is > 0 ? 2 * m[k * n + k] / (is + told) : 0;
		seen += is > 0;
	}
	return part(sum, seen);
}

static void count_stances(struct report *r, struct work *w)
{
	size_t n = r->set.stance_count;
	double right = 0, sure = 0, sure_right = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct ask *a = &w->ask[i];
		double p = w->scores->probability[stance_at(w->scores, a,
							    a->told)];
		double *own = r->stance_confusion + (a->topic + 1) * n * n;
		bool ok = a->gold == a->told;

		r->stance_confusion[a->gold * n + a->told]++;
		own[a->gold * n + a->told]++;
		right += ok;
		sure += p >= r->set.unsure;
		sure_right += ok && p >= r->set.unsure;
		w->cases[i] = (struct curves_case){ p, a->gold, a->told };
	}
	r->stances.asked = (double)w->n;
	r->stances.accuracy = part(right, r->stances.asked);
	r->stances.unsure = part(r->stances.asked - sure, r->stances.asked);
	r->stances.sure_accuracy = part(sure_right, sure);
}

static void measure_stances(struct report *r, struct work *w)
{
	size_t n = r->set.stance_count;

	ask_stances(w);
	for (uint32_t s = 0; s < n; s++) {
		answer_stance(w, s);
		measure_label(w, &r->stance[s], &r->stance_curve[s]);
	}
	measure_group(&r->stances, &r->set, r->set.stances, r->stance,
		      r->set.stance_count);
	count_stances(r, w);
	for (uint32_t t = 0; t < r->set.topic_count; t++)
		r->stance_f1[t] = matrix_f1(r->stance_confusion +
						    (t + 1) * n * n,
					    r->set.stance_count);
	curves_coverage(w->cases, w->n, r->set.stance_count, r->stances.step);
}

/* The whole. */

static void measure_head(struct report *r, const struct scores *s)
{
	double unknown = 0;

	for (size_t i = 0; i < s->n; i++) {
		r->head.documents += s->judged[i] != 0;
		unknown += s->judged[i] ? s->unknown[i] : 0;
	}
	r->head.unknown = part(unknown, r->head.documents);
}

int measure(struct report *r, const struct corpus *c, const struct scores *s)
{
	struct work w;
	int result = work_open(&w, c, s, r->set.one_of);

	if (!result) {
		measure_head(r, s);
		if (!r->set.targets)
			measure_topics(r, &w);
		if (r->set.stance_count)
			measure_stances(r, &w);
	}
	work_done(&w);
	return result;
}
