/* ingest_room.h -- the ingest room under test, and its neighbours as the test
 * plays them: a worker and a sink. */
#ifndef VIGIE_INGEST_ROOM_H
#define VIGIE_INGEST_ROOM_H

#include <sysexits.h>

#include "ingest/ingest.h"
#include "tests/fake_room.h"

enum { EPOCH = 41, BATCH_MAX = 64 };

static struct ingest_settings set;
static struct ingest_source sources[2] __attribute__((unused));

static inline int body(void)
{
	struct err e = { "" };
	int r = ingest_run(&set, &e);

	if (r)
		fprintf(stderr, "%s\n", e.text);
	return err_exit(r);
}

static inline void go(void)
{
	room_start(body);
	peers_begin();
}

static inline void end(void)
{
	link_net_free(net);
	free((void *)(uintptr_t)set.bind);
	check_folder_done(folder);
}

/* A worker, as ingest sees it. */

struct batch {
	struct batch_head head;
	char texts[256]; /* of its articles, the first words: "0 1 2" */
	uint64_t seqs[BATCH_MAX];
	uint32_t flags; /* of the last … */
	char letter[1024];
};

static inline void give_credit(struct link *l, uint64_t session, uint64_t done,
			       uint64_t records, uint64_t bytes)
{
	struct credit c = { session, done, records, bytes };
	struct buf b;

	buf_init(&b, 256);
	credit_write(&b, &c);
	say(l, NULL, &b);
}

static inline bool take(struct link *l, struct batch *ret, int64_t ms)
{
	struct batch_reader in;
	struct link_message m;
	struct article a;

	memset(ret, 0, sizeof(*ret));
	do {
		if (!heard(l, &m, ms))
			return false;
		ck_assert_int_eq(batch_open(&in, m.body, &err), 0);
	} while (!in.head.count); /* are you still there? */
	ret->head = in.head;
	for (size_t i = 0; i < in.head.count; i++) {
		ck_assert_int_eq(batch_next(&in, &a, &err), 0);
		if (!a.flags)
			ck_assert_uint_eq(a.keys.n + a.verdict.n, 0);
		ret->seqs[i] = a.seq;
		ret->flags = a.flags;
		snprintf(ret->letter, sizeof(ret->letter), STR_FMT,
			 STR_ARG(a.verdict));
		a.text = str_cut(&a.text, ' ');
		sprintf(ret->texts + strlen(ret->texts), "%s" STR_FMT,
			i ? " " : "", STR_ARG(a.text));
	}
	ck_assert_int_eq(batch_next(&in, &a, &err), STEP_END);
	return true;
}

/* What comes next is these articles, in one batch or, where they were slow to
 * come in, in several. */
static inline struct batch gets(struct link *l, const char *texts)
{
	struct batch b, more;
	uint32_t n;
	size_t had;

	ck_assert(take(l, &b, PATIENCE_MS));
	while (strlen(b.texts) < strlen(texts)) {
		ck_assert(take(l, &more, PATIENCE_MS));
		n = b.head.count;
		memcpy(b.seqs + n, more.seqs,
		       more.head.count * sizeof(*b.seqs));
		had = strlen(b.texts);
		ck_assert_uint_lt(had + strlen(more.texts) + 1,
				  sizeof(b.texts));
		snprintf(b.texts + had, sizeof(b.texts) - had, " %.254s",
			 more.texts);
		b.head = more.head;
		b.head.count += n;
	}
	ck_assert_str_eq(b.texts, texts);
	return b;
}

static inline void gets_nothing(struct link *l)
{
	struct batch b;

	ck_assert(!take(l, &b, SILENCE_MS));
}

/* It takes all that comes, and says with each batch that it is handed on, until
 * the first n articles came, each alone and in order. It speaks now and then
 * also when nothing comes, or it would be given up as silent. */
static inline void gets_suspects(struct link *l, int n)
{
	struct batch b = { .texts = "" };
	char next[16];

	for (int i = 0; i < n;) {
		give_credit(l, b.head.session, b.head.batch, 100, 100000);
		if (!take(l, &b, 50))
			continue;
		sprintf(next, "%d", i);
		i += !strcmp(b.texts, next);
	}
}

/* The sink, as ingest sees it. */

static inline void give_ack(struct link *l, struct origin o, uint64_t epoch,
			    uint64_t low, const char *bits, uint32_t flags)
{
	struct ack a = { o, epoch, flags, low, str_of(bits) };
	struct buf b;

	buf_init(&b, 4096);
	ack_write(&b, &a);
	say(l, NULL, &b);
}

static inline void greet(struct link *l, uint64_t epoch)
{
	give_ack(l, (struct origin){ { 0 } }, epoch, 0, "", 0);
}

#endif
