/* What tests/counts/run counts the instructions of: a few articles on their way
 * through the house, each step in a function of its own that is called once.
 * Others go before them and are not counted, so that what is made at the first
 * use is there. Prints how many articles were counted, and what the counts
 * depend on besides the sources.
 *
 *	counts BUNDLE FIRST.jsonl COUNTED.jsonl FOLDER
 *
 * A journal is made in FOLDER. No clock and no number of chance is read, so the
 * counts of two runs are the same. */
#include <gnu/libc-version.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify/classify.h"
#include "classify/judge.h"
#include "ingest/journal.h"
#include "ingest/source.h"
#include "ingest/understand.h"
#include "sink/record.h"

enum { ARTICLES_MAX = 1000, SEED = 1 };

struct way {
	const char *path; /* of the articles */
	struct model *model;
	struct article v[ARTICLES_MAX], judged[ARTICLES_MAX];
	size_t n;
	struct arena keep, scratch;
	struct buf out;
	struct journal *journal;
	uint64_t given; /* so that no label can be left out */
};

static int read_all(struct way *w, struct err *e)
{
	const struct source_options o = { .kind = "jsonl", .path = w->path };
	struct source *s;
	struct raw raw;
	int r = source_open(&o, &s, e);

	if (r)
		return r;
	w->n = 0;
	while (w->n < ARTICLES_MAX && !(r = source_next(s, &raw, e))) {
		r = understand(&raw, NULL, &w->keep, &w->v[w->n], e);
		if (r)
			break;
		w->n++;
	}
	source_free(s);
	return r == STEP_END ? 0 : r;
}

/* Text in, decision values and labels out. */
static int judge_all(struct way *w, struct err *e)
{
	static unsigned char labels[BUNDLE_TOPICS_MAX];

	for (size_t i = 0; i < w->n; i++) {
		const struct article *a = &w->v[i];
		struct arena here = w->scratch;
		struct judgement j;
		int r = judge_quick(w->model,
			      (const struct str[FIELD_COUNT]){
				      a->title, a->text, a->target },
			      &here, &j);

		if (r)
			return err_set(e, r, "no room to judge");
		judge_topics(w->model, &j, labels);
		for (uint32_t t = 0; t < w->model->topic_count; t++)
			w->given += labels[t];
	}
	return 0;
}

/* The same, and the verdict as JSON; what is written stays. */
static int step_all(struct way *w, struct err *e)
{
	int r = 0;

	for (size_t i = 0; !r && i < w->n; i++) {
		w->judged[i] = w->v[i];
		r = classify_step(w->model, 0, &w->keep, &w->judged[i], e);
	}
	return r;
}

static int record_all(struct way *w, struct err *e)
{
	const struct origin o = { { 0 } };
	int r = 0;

	for (size_t i = 0; !r && i < w->n; i++) {
		buf_clear(&w->out);
		r = record_line(&w->out, o, i, &w->judged[i], false, e);
	}
	return r;
}

/* Packed, added and committed as one group; what the kernel does for it is not
 * counted. */
static int journal_all(struct way *w, struct err *e)
{
	int r = 0;

	for (size_t i = 0; !r && i < w->n; i++) {
		struct journal_entry entry = { .kind = JOURNAL_ARTICLE,
					       .seq = journal_next(
						       w->journal) };

		w->v[i].seq = entry.seq;
		buf_clear(&w->out);
		batch_add(&w->out, &w->v[i]);
		entry.value = buf_view(&w->out);
		r = journal_add(w->journal, &entry);
	}
	return r ? r : journal_commit(w->journal, e);
}

/* Known by name to callgrind, so neither inlined nor specialised. */
#define COUNTED(step)                                                 \
	int count_##step(struct way *w, struct err *e);               \
	__attribute__((noinline, noclone)) int count_##step(          \
		struct way *w, struct err *e)                         \
	{                                                             \
		return step##_all(w, e);                              \
	}
COUNTED(read)
COUNTED(judge)
COUNTED(step)
COUNTED(record)
COUNTED(journal)

typedef int way_step(struct way *w, struct err *e);

static way_step *const first[] = { read_all, judge_all, step_all, record_all,
				   journal_all };
static way_step *const counted[] = { count_read, count_judge, count_step,
				     count_record, count_journal };
enum { STEPS = sizeof(first) / sizeof(*first) };

static int no_entry(void *self, const struct journal_entry *entry)
{
	(void)self;
	(void)entry;
	return 0;
}

static int open_all(struct way *w, char **argv, struct err *e)
{
	const struct journal_settings s = { .path = argv[4],
					    .group = 2 * ARTICLES_MAX,
					    .segment = 64 << 20,
					    .quota = 128 << 20 };
	const struct journal_replay replay = { .each = no_entry };
	struct buf notes;
	int r = model_open(argv[1], &w->model, e);

	buf_init(&notes, WIRE_BATCH_MAX);
	buf_init(&w->out, RECORD_LINE_MAX);
	if (!r)
		r = arena_open(&w->keep, JUDGE_ARENA);
	if (!r)
		r = arena_open(&w->scratch, JUDGE_ARENA);
	if (!r)
		r = journal_open(&s, &replay, &notes, &w->journal, e);
	buf_done(&notes);
	return r;
}

static int go(struct way *w, const char *path, way_step *const *steps,
	      struct err *e)
{
	int r = 0;

	w->path = path;
	for (int i = 0; !r && i < STEPS; i++)
		r = steps[i](w, e);
	return r;
}

int main(int argc, char **argv)
{
	static struct way w;
	struct err e = { "" };
	int r;

	json_object_seed(SEED);
	if (argc != 5) {
		fprintf(stderr, "usage: counts BUNDLE FIRST COUNTED FOLDER\n");
		return 64;
	}
	r = open_all(&w, argv, &e);
	if (!r)
		r = go(&w, argv[2], first, &e);
	if (!r)
		r = go(&w, argv[3], counted, &e);
	if (r) {
		fprintf(stderr, "counts: %s (%d)\n", e.text, r);
		return 1;
	}
	printf("%zu\n", w.n);
	printf("gcc %s, glibc %s, %s\n", __VERSION__, gnu_get_libc_version(),
	       __builtin_cpu_supports("avx2") ? "AVX2" : "no AVX2");
	journal_free(w.journal);
	model_free(w.model);
	arena_close(w.scratch);
	arena_close(w.keep);
	buf_done(&w.out);
	return 0;
}
