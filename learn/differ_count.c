/* Two models counted against each other and against the labels. */
#include "learn/differ.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 2000, SEED = 1 };

static double f1(uint64_t right, uint64_t said, uint64_t so)
{
	return said + so ? 2 * (double)right / (double)(said + so) : 0;
}

static double topic_f1(const struct differ *d, int k, uint32_t topic)
{
	uint64_t right = 0, said = 0, so = 0;

	for (size_t i = 0; i < d->corpus->n; i++) {
		size_t at = i * d->topics + topic;

		right += d->said[k].given[at] & d->gold.given[at];
		said += d->said[k].given[at];
		so += d->gold.given[at];
	}
	return f1(right, said, so);
}

static int mcnemar_of(const struct differ *d, uint32_t topic,
		      struct compare_mcnemar *ret)
{
	size_t n = d->corpus->n;
	unsigned char *a = malloc(2 * n + 1), *b = a + n;

	if (!a)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		size_t at = i * d->topics + topic;

		a[i] = d->said[0].given[at] == d->gold.given[at];
		b[i] = d->said[1].given[at] == d->gold.given[at];
	}
	compare_mcnemar(a, b, n, ret);
	free(a);
	return 0;
}

int differ_count(const struct differ *d, uint32_t topic,
		 struct differ_counts *ret)
{
	*ret = (struct differ_counts){ .both = 0 };
	for (size_t i = 0; i < d->corpus->n; i++) {
		size_t at = i * d->topics + topic;
		bool a = d->said[0].given[at], b = d->said[1].given[at];

		ret->both += a && b;
		ret->only[0] += a && !b;
		ret->only[1] += b && !a;
		ret->neither += !a && !b;
		if (!a || !b || !d->stances)
			continue;
		if (d->said[0].stance[at] == d->said[1].stance[at])
			ret->same++;
		else
			ret->other++;
	}
	if (!d->labelled)
		return 0;
	ret->f1[0] = topic_f1(d, 0, topic);
	ret->f1[1] = topic_f1(d, 1, topic);
	return mcnemar_of(d, topic, &ret->test);
}

static double micro_f1(const struct compare_rows *rows,
		       const unsigned char *said)
{
	uint64_t right = 0, told = 0, so = 0;

	for (size_t i = 0; i < rows->n * rows->labels; i++) {
		right += said[i] & rows->gold[i];
		told += said[i];
		so += rows->gold[i];
	}
	return f1(right, told, so);
}

/* Which rows are right in all labels, a byte each; the part that is. */
static double rows_right(const struct compare_rows *rows,
			 const unsigned char *said, unsigned char *right)
{
	uint32_t labels = rows->labels;
	size_t sum = 0;

	for (size_t i = 0; i < rows->n; i++) {
		right[i] = !memcmp(said + i * labels, rows->gold + i * labels,
				   labels);
		sum += right[i];
	}
	return rows->n ? (double)sum / (double)rows->n : 0;
}

static int test_rows(const struct compare_rows *rows, struct differ_test *ret)
{
	unsigned char *a = malloc(2 * rows->n + 1), *b = a + rows->n;
	int r;

	*ret = (struct differ_test){ .asked = rows->n };
	if (!a)
		return -ENOMEM;
	ret->accuracy[0] = rows_right(rows, rows->a, a);
	ret->accuracy[1] = rows_right(rows, rows->b, b);
	ret->micro_f1[0] = micro_f1(rows, rows->a);
	ret->micro_f1[1] = micro_f1(rows, rows->b);
	compare_mcnemar(a, b, rows->n, &ret->test);
	r = rows->n ? compare_bootstrap(rows, COMPARE_MACRO_F1, SAMPLES, SEED,
					&ret->macro)
		    : 0;
	free(a);
	return r;
}

int differ_test_topics(const struct differ *d, struct differ_test *ret)
{
	struct compare_rows rows = { .n = d->corpus->n,
				     .labels = d->topics,
				     .gold = d->gold.given,
				     .a = d->said[0].given,
				     .b = d->said[1].given };

	return test_rows(&rows, ret);
}

/* A byte a stance, of which one is set; none where it is unsure. */
static void spread_stance(unsigned char byte, uint32_t stances,
			  unsigned char *out)
{
	if (byte && byte <= stances)
		out[byte - 1] = 1;
}

int differ_test_stances(const struct differ *d, struct differ_test *ret)
{
	uint32_t stances = (uint32_t)d->corpus->stances.n;
	size_t n = d->corpus->n * d->topics, k = 0;
	unsigned char *v = calloc(3 * n * stances + 1, 1);
	uint32_t *document = calloc(n + 1, sizeof(*document));
	unsigned char *a = v + n * stances, *b = a + n * stances;
	struct compare_rows rows = { .labels = stances, .gold = v, .a = a,
				     .b = b, .document = document };
	int r = -ENOMEM;

	if (v && document) {
		for (size_t i = 0; i < n; i++) {
			if (!d->gold.stance[i])
				continue;
			spread_stance(d->gold.stance[i], stances,
				      v + k * stances);
			spread_stance(d->said[0].stance[i], stances,
				      a + k * stances);
			spread_stance(d->said[1].stance[i], stances,
				      b + k * stances);
			document[k++] = (uint32_t)(i / d->topics);
		}
		rows.n = k;
		r = test_rows(&rows, ret);
	}
	free(v);
	free(document);
	return r;
}
