/* bench_targets.c -- records a second that a target takes and commits, of two
 * kilobytes each, with two topics. Prints one line: kind, records, group,
 * seconds, records a second.
 *
 *	bench_targets jsonl|sqlite|postgres|webhook PLACE [COUNT] [GROUP] */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "sink/sink.h"
#include "sink/target.h"

static const struct target_kind *const kinds[] = {
	&target_jsonl, &target_sqlite, &target_postgres, &target_webhook,
};

static const struct target_kind *kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}

static void add_topic(struct buf *b, const char *name, const char *stance)
{
	buf_printf(b, "{\"topic\":\"%s\",\"probability\":0.973,\"stance\":"
		   "\"%s\",\"stance_probability\":0.84,\"because\":[", name,
		   stance);
	for (int i = 0; i < 6; i++)
		buf_printf(b, "%s{\"field\":\"text\",\"text\":\"souveraineté "
			   "opérationnelle\",\"start\":%d,\"end\":%d,"
			   "\"weight\":0.41%d}",
			   i ? "," : "", 1203 + i, 1232 + i, i);
	buf_add_z(b, "],\"stance_because\":[]}");
}

static int make_line(struct buf *line, struct origin o, uint64_t seq,
		     struct err *e)
{
	static char meta[2048], verdict[4096];
	struct article a = { .seq = seq };
	struct buf b;

	snprintf(meta, sizeof(meta),
		 "\"id\":\"%032llx\",\"url\":\"https://news.example/%llu\","
		 "\"title\":\"Le ministre présente une stratégie pour le "
		 "nuage\",\"source\":\"example\",\"author\":null,"
		 "\"published\":\"2022-11-29T00:00:00Z\",\"fetched\":"
		 "\"2022-11-29T00:10:00Z\",\"language\":\"fr\","
		 "\"revision\":1,\"near_of\":null",
		 (unsigned long long)seq, (unsigned long long)seq);
	buf_init(&b, sizeof(verdict));
	buf_add_z(&b, "\"topics\":[");
	add_topic(&b, "sovereignty", "favour");
	buf_add_char(&b, ',');
	add_topic(&b, "partnership", "against");
	buf_add_z(&b, "],\"unknown_words\":0.1,\"model\":\"cloud@sha256:0\"");
	memcpy(verdict, b.p, b.n);
	a.verdict = (struct str){ verdict, b.n };
	a.meta = (struct str){ meta, strlen(meta) };
	buf_done(&b);
	buf_clear(line);
	return record_line(line, o, seq, &a, false, e);
}

static int feed(const struct target_kind *kind, void *self, struct done *found,
		uint64_t count, uint64_t group, struct err *e)
{
	struct origin o = { "bench" };
	struct buf line;
	int r = 0;

	buf_init(&line, RECORD_LINE_MAX);
	for (uint64_t seq = 0; seq < count && !r; seq++) {
		struct record rec = { .origin = o, .seq = seq };

		r = make_line(&line, o, seq, e);
		rec.line = buf_view(&line);
		if (!r)
			r = kind->write(self, &rec, e);
		done_add(found, o, seq, NULL);
		if (!r && (seq + 1 == count || (seq + 1) % group == 0))
			while ((r = kind->commit(self, e)) == STEP_WAIT)
				;
	}
	buf_done(&line);
	return r;
}

int main(int argc, char **argv)
{
	const struct target_kind *kind = argc > 2 ? kind_of(argv[1]) : NULL;
	uint64_t count = argc > 3 ? strtoull(argv[3], NULL, 10) : 50000;
	uint64_t group = argc > 4 ? strtoull(argv[4], NULL, 10) : 1024;
	struct sink_target settings = { .timeout = 60000 };
	struct target_options o = { .settings = &settings, .truncate = true };
	struct err e = { "" };
	struct buf notes;
	void *self = NULL;
	int64_t start;
	double s;
	int r;

	if (!kind || !count || !group) {
		fputs("bench_targets KIND PLACE [COUNT] [GROUP]\n", stderr);
		return 64;
	}
	buf_init(&notes, 1 << 16);
	o.notes = &notes;
	o.place = argv[2];
	r = done_new(&o.found);
	if (!r)
		r = kind->open(&o, &self, &e);
	start = clock_ns();
	if (!r)
		r = feed(kind, self, o.found, count, group, &e);
	s = (double)(clock_ns() - start) / 1e9;
	if (r)
		fprintf(stderr, "bench_targets: %s\n",
			e.text[0] ? e.text : strerror(-r));
	else
		printf("%s\t%llu\t%llu\t%.2f\t%.0f\n", kind->name,
		       (unsigned long long)count, (unsigned long long)group, s,
		       (double)count / s);
	if (self)
		kind->close(self);
	done_free(o.found);
	buf_done(&notes);
	return r != 0;
}
