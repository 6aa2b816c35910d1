/* Judging alone, on one core: UTF-8 title and text in, decision values and
 * labels out; no verdict is written. Prints one line a round: documents and
 * megabytes of title and text a second.
 *
 *	bench_judge BUNDLE FILE.jsonl [ROUNDS] */
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

static int fail(const char *what, const struct err *e)
{
	fprintf(stderr, "bench_judge: %s%s%s\n", what,
		e && e->text[0] ? ": " : "", e ? e->text : "");
	return 1;
}

/* Everything is read and understood before the clock starts. */
static int read_all(const char *path, struct load *l, struct err *e)
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

/* How many labels were given, so that none can be left out. */
static int judge_all(const struct model *m, const struct load *l,
		     struct arena scratch, size_t *given)
{
	static unsigned char labels[BUNDLE_TOPICS_MAX];

	for (size_t i = 0; i < l->n; i++) {
		const struct article *a = &l->v[i];
		struct arena here = scratch;
		struct judgement j;
		int r = judge_quick(m,
			      (const struct str[FIELD_COUNT]){
				      a->title, a->text, { NULL, 0 } },
			      &here, &j);

		if (r)
			return r;
		judge_topics(m, &j, labels);
		for (uint32_t t = 0; t < m->topic_count; t++)
			*given += labels[t];
	}
	return 0;
}

int main(int argc, char **argv)
{
	int rounds = argc > 3 ? atoi(argv[3]) : 5;
	struct load l = { .n = 0 };
	struct err e = { "" };
	struct arena scratch;
	struct model *m;

	if (argc < 3)
		return fail("name a bundle and a file of JSON lines", NULL);
	if (model_load(argv[1], NULL, &m, &e) || read_all(argv[2], &l, &e) ||
	    arena_open(&scratch, JUDGE_ARENA))
		return fail("cannot begin", &e);
	for (int i = 0; i < rounds; i++) {
		int64_t begin = clock_ns();
		size_t given = 0;
		double seconds;

		if (judge_all(m, &l, scratch, &given))
			return fail("cannot judge", NULL);
		seconds = (double)(clock_ns() - begin) / 1e9;
		printf("%.0f documents/s  %.2f MB/s  %zu labels\n",
		       (double)l.n / seconds,
		       (double)l.bytes / seconds / 1e6, given);
	}
	arena_close(scratch);
	arena_close(l.block);
	model_free(m);
	return 0;
}
