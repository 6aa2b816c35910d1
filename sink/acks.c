#include "sink/acks.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/clock.h"

enum {
	QUEUE = 64,	     /* acks waiting for one ingest */
	HEARD_MAX = 4096,    /* bytes; an ingest says nothing to us */
	LINGER_MS = 1000,    /* for the last acks */
	REPEAT_MS = 500,     /* greetings and acks are repeated … */
	REPEAT_FIRST_MS = 10, /* … sooner at first, see acks_repeat() */
	AGAIN_MS = 60000,    /* for so long after an origin was heard */
};

/* One that lines came from. */
struct peer {
	struct origin origin;
	int64_t heard;
	bool due;
};

struct acks {
	struct link **ingest;
	size_t ingest_count;
	struct peer peers[DONE_ORIGINS];
	size_t peer_count;
	struct buf message;
	uint64_t epoch;
	uint32_t flags;
	int64_t repeat_at, repeat_ms;
};

static int connect_all(struct acks *a, struct link_net *net,
		       const struct conf_texts *ingests, struct err *e)
{
	static const char *const usual[] = { "ipc:///run/vigie/articles" };
	const char *const *at = ingests->n ? ingests->v : usual;
	size_t n = ingests->n ? ingests->n : 1;
	struct link_options how = { .queue = QUEUE,
				    .linger_ms = LINGER_MS,
				    .message_max = HEARD_MAX };
	int r = 0;

	a->ingest = calloc(n, sizeof(struct link *));
	if (!a->ingest)
		return -ENOMEM;
	for (; a->ingest_count < n && !r; a->ingest_count++)
		r = link_open(net, LINK_DEALER, at[a->ingest_count], false,
			      how, &a->ingest[a->ingest_count], e);
	return r;
}

/* The epoch names this life of the sink: random, and not zero. */
static int choose_epoch(uint64_t *epoch, struct err *e)
{
	do {
		if (getrandom(epoch, sizeof(*epoch), 0) != sizeof(*epoch))
			return err_sys(e, -errno, "getrandom");
	} while (!*epoch);
	return 0;
}

int acks_open(struct link_net *net, const struct conf_texts *ingests,
	      uint32_t flags, struct acks **ret, struct err *e)
{
	struct acks *a = calloc(1, sizeof(*a));
	int r;

	if (!a)
		return -ENOMEM;
	a->flags = flags;
	a->repeat_ms = REPEAT_FIRST_MS;
	buf_init(&a->message, 1 << 16);
	r = choose_epoch(&a->epoch, e);
	if (!r)
		r = connect_all(a, net, ingests, e);
	if (r)
		acks_free(a);
	else
		*ret = a;
	return r;
}

void acks_free(struct acks *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->ingest_count; i++)
		link_free(a->ingest[i]);
	free(a->ingest);
	buf_done(&a->message);
	free(a);
}

/* To every ingest; each knows its own origin. One whose queue is full is
 * passed over. */
static int send_ack(struct acks *a, struct ack *ack, struct err *e)
{
	ack->epoch = a->epoch;
	ack->flags = a->flags;
	for (size_t i = 0; i < a->ingest_count; i++) {
		int r;

		buf_clear(&a->message);
		ack_write(&a->message, ack);
		r = link_send(a->ingest[i], NULL, &a->message, e);
		if (r < 0)
			return r;
	}
	return 0;
}

static int send_peer(struct acks *a, struct peer *p, struct done *d,
		     struct err *e)
{
	struct ack ack;

	p->due = false;
	done_ack(d, p->origin, &ack);
	return send_ack(a, &ack, e);
}

void acks_hear(struct acks *a, struct origin o)
{
	struct peer *p = &a->peers[0];
	size_t i = 0;

	while (i < a->peer_count && origin_cmp(a->peers[i].origin, o))
		i++;
	if (i < a->peer_count)
		p = &a->peers[i];
	else if (a->peer_count < DONE_ORIGINS)
		p = &a->peers[a->peer_count++];
	else
		for (i = 1; i < a->peer_count; i++)
			if (a->peers[i].heard < p->heard)
				p = &a->peers[i];
	*p = (struct peer){ o, clock_ms(), true };
}

int acks_send_due(struct acks *a, struct done *d, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < a->peer_count && !r; i++)
		if (a->peers[i].due)
			r = send_peer(a, &a->peers[i], d, e);
	return r;
}

/* The first greetings may come before the connection, so the pauses between
 * them grow from short. */
int acks_repeat(struct acks *a, struct done *d, struct err *e)
{
	struct ack greeting = { .low = 0 };
	int64_t now = clock_ms();
	int r;

	if (now < a->repeat_at)
		return 0;
	a->repeat_at = now + a->repeat_ms;
	a->repeat_ms = 2 * a->repeat_ms < REPEAT_MS ? 2 * a->repeat_ms
						    : REPEAT_MS;
	r = send_ack(a, &greeting, e);
	for (size_t i = 0; i < a->peer_count && !r; i++)
		if (now - a->peers[i].heard < AGAIN_MS)
			r = send_peer(a, &a->peers[i], d, e);
	return r;
}

int64_t acks_pause(const struct acks *a)
{
	int64_t rest = a->repeat_at - clock_ms();

	return rest > 0 ? rest : 0;
}
