#include "ingest/pending.h"

#include <errno.h>
#include <stdlib.h>

enum state { EMPTY, WAITING, SENT };

struct slot {
	char *record; /* packed, n bytes; NULL once acknowledged */
	uint32_t n;
	enum state state;
	uint32_t times; /* sent so often */
	uint64_t worker;
	int64_t sent_ms;
};

struct pending {
	struct slot *slots; /* seq % window */
	uint64_t window, bytes_max;
	uint64_t first_waiting; /* none waits below */
	struct pending_stats s;
	struct buf scratch;
};

int pending_new(uint64_t records, uint64_t bytes, struct pending **ret)
{
	struct pending *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->window = records < WIRE_WINDOW_MAX ? records : WIRE_WINDOW_MAX;
	p->bytes_max = bytes;
	p->slots = calloc(p->window, sizeof(*p->slots));
	buf_init(&p->scratch, WIRE_BATCH_MAX);
	if (!p->slots) {
		free(p);
		return -ENOMEM;
	}
	*ret = p;
	return 0;
}

void pending_free(struct pending *p)
{
	if (!p)
		return;
	for (uint64_t i = 0; i < p->window; i++)
		free(p->slots[i].record);
	free(p->slots);
	buf_done(&p->scratch);
	free(p);
}

struct pending_stats pending_stats(const struct pending *p)
{
	return p->s;
}

static struct slot *slot(const struct pending *p, uint64_t seq)
{
	return &p->slots[seq % p->window];
}

bool pending_has_room(const struct pending *p)
{
	return p->s.next - p->s.low < p->window &&
	       (p->s.bytes < p->bytes_max || p->s.next == p->s.low);
}

int pending_add(struct pending *p, struct article *a)
{
	struct slot *at = slot(p, p->s.next);

	a->seq = p->s.next;
	buf_clear(&p->scratch);
	batch_add(&p->scratch, a);
	if (buf_error(&p->scratch))
		return buf_error(&p->scratch);
	*at = (struct slot){ .state = WAITING, .n = (uint32_t)p->scratch.n };
	at->record = buf_steal(&p->scratch);
	p->s.next++;
	p->s.bytes += at->n;
	p->s.waiting++;
	return 0;
}

bool pending_peek(const struct pending *p, uint64_t *seq, struct str *record)
{
	if (!p->s.waiting)
		return false;
	for (*seq = p->first_waiting; slot(p, *seq)->state != WAITING; ++*seq)
		;
	*record = (struct str){ slot(p, *seq)->record, slot(p, *seq)->n };
	return true;
}

void pending_sent(struct pending *p, uint64_t seq, uint64_t worker,
		  int64_t now_ms)
{
	struct slot *at = slot(p, seq);

	at->state = SENT;
	at->worker = worker;
	at->sent_ms = now_ms;
	p->s.resent += at->times++ > 0;
	p->s.waiting--;
	p->first_waiting = seq + 1;
}

static void wait_again(struct pending *p, uint64_t seq)
{
	slot(p, seq)->state = WAITING;
	slot(p, seq)->worker = PENDING_NOBODY;
	p->s.waiting++;
	if (seq < p->first_waiting)
		p->first_waiting = seq;
}

void pending_handed_on(struct pending *p, uint64_t seq)
{
	if (seq >= p->s.low && seq < p->s.next)
		slot(p, seq)->worker = PENDING_NOBODY;
}

uint64_t pending_worker_lost(struct pending *p, uint64_t worker)
{
	uint64_t n = 0;

	for (uint64_t seq = p->s.low; seq < p->s.next; seq++)
		if (slot(p, seq)->state == SENT &&
		    slot(p, seq)->worker == worker) {
			wait_again(p, seq);
			n++;
		}
	return n;
}

static int64_t patience(const struct slot *s, int64_t ms)
{
	uint32_t doublings = s->times - 1;

	return ms << (doublings < 6 ? doublings : 6);
}

uint64_t pending_overdue(struct pending *p, int64_t now_ms,
			 int64_t patience_ms)
{
	uint64_t n = 0;

	for (uint64_t seq = p->s.low; seq < p->s.next; seq++) {
		const struct slot *s = slot(p, seq);

		if (s->state != SENT ||
		    now_ms - s->sent_ms < patience(s, patience_ms))
			continue;
		wait_again(p, seq);
		n++;
	}
	return n;
}

uint64_t pending_again(struct pending *p)
{
	uint64_t n = 0;

	for (uint64_t seq = p->s.low; seq < p->s.next; seq++)
		if (slot(p, seq)->state == SENT) {
			wait_again(p, seq);
			n++;
		}
	return n;
}

static void forget(struct pending *p, uint64_t seq)
{
	struct slot *s = slot(p, seq);

	if (s->state == EMPTY)
		return;
	p->s.waiting -= s->state == WAITING;
	p->s.bytes -= s->n;
	free(s->record);
	*s = (struct slot){ .state = EMPTY };
}

int pending_ack(struct pending *p, uint64_t low, struct str bits,
		struct err *e)
{
	if (low > p->s.next)
		return err_set(e, -EPROTO,
			       "an ack speaks of number %llu; %llu is the "
			       "highest that was given",
			       (unsigned long long)low,
			       (unsigned long long)p->s.next);
	for (uint64_t seq = p->s.low; seq < low; seq++)
		forget(p, seq);
	for (uint64_t i = 0; i < 8 * bits.n; i++)
		if ((unsigned char)bits.p[i / 8] >> i % 8 & 1 &&
		    low + i >= p->s.low && low + i < p->s.next)
			forget(p, low + i);
	while (p->s.low < p->s.next && slot(p, p->s.low)->state == EMPTY)
		p->s.low++;
	if (p->first_waiting < p->s.low)
		p->first_waiting = p->s.low;
	return 0;
}
