/* bench_rounds.h -- what the benchmarks of the classify room have in common: all
 * articles of a file are read and understood, then each is taken through one
 * step, round after round, on one thread. A round prints one line: documents
 * and megabytes of title and text a second, and how much was answered, so that
 * nothing can be left out. For one program each, which includes it once. */
#ifndef VIGIE_BENCH_ROUNDS_H
#define VIGIE_BENCH_ROUNDS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "classify/judge.h"
#include "ingest/source.h"
#include "ingest/understand.h"

enum { DOCUMENTS_MAX = 1 << 20 };

struct load {
	struct arena block;
	struct article *v;
	size_t n, bytes;
};

/* What is timed: judge one article in the arena, and add to *answered. 0 or
 * -errno. */
struct bench {
	const char *name, *answer;
	int (*step)(const struct model *m, const struct article *article,
		    struct arena a, size_t *answered, struct err *e);
};

static int bench_fail(const struct bench *b, const char *what,
		      const struct err *e)
{
	fprintf(stderr, "%s: %s%s%s\n", b->name, what,
		e && e->text[0] ? ": " : "", e ? e->text : "");
	return 1;
}

/* Everything is read and understood before the clock starts. */
static int bench_read(const char *path, struct load *l, struct err *e)
{
	const struct source_options o = { .kind = "jsonl", .path = path };
	struct arena keep;
	struct source *s;
	struct raw raw;
	int r = arena_open(&l->block, (size_t)16 << 30);

	if (!r)
		r = source_open(&o, &s, e);
	if (r)
		return r;
	keep = l->block;
	l->v = arena_take_array(&keep, DOCUMENTS_MAX, sizeof(*l->v));
	while (l->n < DOCUMENTS_MAX && !(r = source_next(s, &raw, e))) {
		r = understand(&raw, NULL, &keep, &l->v[l->n], e);
		if (r)
			break;
		l->bytes += l->v[l->n].title.n + l->v[l->n].text.n;
		l->n++;
	}
	source_free(s);
	return r == STEP_END ? 0 : r;
}

static int bench_round(const struct bench *b, const struct model *m,
		       const struct load *l, struct arena scratch,
		       struct err *e)
{
	int64_t begin = clock_ns();
	size_t answered = 0;
	double seconds;

	for (size_t i = 0; i < l->n; i++) {
		int r = b->step(m, &l->v[i], scratch, &answered, e);

		if (r)
			return r;
	}
	seconds = (double)(clock_ns() - begin) / 1e9;
	printf("%.0f documents/s  %.2f MB/s  %zu %s\n",
	       (double)l->n / seconds, (double)l->bytes / seconds / 1e6,
	       answered, b->answer);
	return 0;
}

/* The bundle is held as the daemons hold it. */
static int bench_main(const struct bench *b, int argc, char **argv)
{
	int rounds = argc > 3 ? atoi(argv[3]) : 5;
	struct load l = { .n = 0 };
	struct err e = { "" };
	struct arena scratch;
	struct model *m;

	if (argc < 3)
		return bench_fail(b, "name a bundle and a file of JSON lines",
				  NULL);
	if (model_load(argv[1], NULL, &m, &e) ||
	    bench_read(argv[2], &l, &e) || arena_open(&scratch, JUDGE_ARENA))
		return bench_fail(b, "cannot begin", &e);
	for (int i = 0; i < rounds; i++)
		if (bench_round(b, m, &l, scratch, &e))
			return bench_fail(b, "cannot judge", &e);
	arena_close(scratch);
	arena_close(l.block);
	model_free(m);
	return 0;
}

#endif
