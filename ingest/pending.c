#include "ingest/pending.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum state { EMPTY, WAITING, SENT };

struct slot {
	char *record; /* packed, n bytes; NULL once acknowledged */
	uint32_t n;
	uint32_t times; /* sent so often */
	uint32_t failures; /* of workers that had it alone */
	enum state state;
	bool suspect, dead;
	uint64_t worker;
	int64_t added_ms, sent_ms;
};

struct pending {
	struct slot *slots; /* seq % window */
	uint64_t window, bytes_max;
	uint64_t first_waiting, first_suspect; /* none waits below */
	struct pending_stats s;
};

int pending_new(uint64_t records, uint64_t bytes, uint64_t first,
		struct pending **ret)
{
	struct pending *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->window = records < WIRE_WINDOW_MAX ? records : WIRE_WINDOW_MAX;
	p->bytes_max = bytes;
	p->s.low = p->s.next = p->s.sent = first;
	p->first_waiting = p->first_suspect = first;
	p->slots = calloc(p->window, sizeof(*p->slots));
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

static bool is_held(const struct pending *p, uint64_t seq)
{
	return seq >= p->s.low && seq < p->s.next &&
	       slot(p, seq)->state != EMPTY;
}

bool pending_has_room(const struct pending *p, uint64_t seq)
{
	if (p->s.next == p->s.low)
		return true;
	return seq - p->s.low < p->window && p->s.bytes < p->bytes_max;
}

int pending_add(struct pending *p, uint64_t seq, struct str record,
		int64_t now_ms)
{
	struct slot *at = slot(p, seq);
	char *copy = malloc(record.n ? record.n : 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, record.p, record.n);
	if (p->s.next == p->s.low)
		p->s.low = p->first_waiting = p->first_suspect = seq;
	*at = (struct slot){ .record = copy,
			     .n = (uint32_t)record.n,
			     .state = WAITING,
			     .added_ms = now_ms };
	p->s.next = seq + 1;
	p->s.bytes += at->n;
	p->s.held++;
	p->s.waiting++;
	return 0;
}

/* The first from *from on that waits and is, or is not, a suspect. */
static bool peek(const struct pending *p, uint64_t from, bool suspect,
		 uint64_t *seq, struct str *record)
{
	for (*seq = from; *seq < p->s.next; ++*seq) {
		const struct slot *s = slot(p, *seq);

		if (s->state != WAITING || s->suspect != suspect)
			continue;
		*record = (struct str){ s->record, s->n };
		return true;
	}
	return false;
}

bool pending_peek(const struct pending *p, uint64_t *seq, struct str *record)
{
	return p->s.waiting && peek(p, p->first_waiting, false, seq, record);
}

bool pending_peek_suspect(const struct pending *p, uint64_t *seq,
			  struct str *record)
{
	return p->s.suspects && peek(p, p->first_suspect, true, seq, record);
}

/* One more, or one less, of those who wait. */
static void count(struct pending *p, uint64_t seq, int by)
{
	bool suspect = slot(p, seq)->suspect;
	uint64_t *n = suspect ? &p->s.suspects : &p->s.waiting;
	uint64_t *first = suspect ? &p->first_suspect : &p->first_waiting;

	*n += (uint64_t)(int64_t)by;
	if (by > 0 && seq < *first)
		*first = seq;
}

void pending_sent(struct pending *p, uint64_t seq, uint64_t worker,
		  int64_t now_ms)
{
	struct slot *at = slot(p, seq);

	count(p, seq, -1);
	if (at->suspect)
		p->first_suspect = seq + 1;
	else
		p->first_waiting = seq + 1;
	at->state = SENT;
	at->worker = worker;
	at->sent_ms = now_ms;
	p->s.resent += at->times++ > 0;
	if (seq >= p->s.sent)
		p->s.sent = seq + 1;
}

static void wait_again(struct pending *p, uint64_t seq)
{
	slot(p, seq)->state = WAITING;
	slot(p, seq)->worker = PENDING_NOBODY;
	count(p, seq, 1);
}

void pending_handed_on(struct pending *p, uint64_t seq)
{
	if (!is_held(p, seq) || slot(p, seq)->state != SENT)
		return;
	slot(p, seq)->worker = PENDING_NOBODY;
	slot(p, seq)->suspect = false;
}

/* Whom it was alone with is the worse suspect. */
static void suspect(struct pending *p, uint64_t seq, struct pending_loss *l)
{
	struct slot *s = slot(p, seq);

	if (s->dead)
		return;
	if (s->suspect) {
		l->alone = true;
		l->seq = seq;
		l->failures = ++s->failures;
	}
	s->suspect = true;
}

struct pending_loss pending_worker_lost(struct pending *p, uint64_t worker,
					bool died)
{
	struct pending_loss l = { .records = 0 };

	for (uint64_t seq = p->s.low; seq < p->s.next; seq++) {
		if (slot(p, seq)->state != SENT ||
		    slot(p, seq)->worker != worker)
			continue;
		if (died)
			suspect(p, seq, &l);
		wait_again(p, seq);
		l.records++;
	}
	return l;
}

void pending_blame(struct pending *p, uint64_t seq, uint32_t failures)
{
	struct slot *s = slot(p, seq);

	if (!is_held(p, seq) || s->dead)
		return;
	s->failures = failures;
	if (s->suspect)
		return;
	if (s->state == WAITING)
		count(p, seq, -1);
	s->suspect = true;
	if (s->state == WAITING)
		count(p, seq, 1);
}

int pending_dead(struct pending *p, uint64_t seq, struct str letter)
{
	struct slot *s = slot(p, seq);
	char *copy;

	if (!is_held(p, seq))
		return 0;
	copy = malloc(letter.n);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, letter.p, letter.n);
	free(s->record);
	s->record = copy;
	p->s.bytes += letter.n - s->n;
	s->n = (uint32_t)letter.n;
	if (s->state == WAITING)
		count(p, seq, -1);
	s->suspect = false;
	s->dead = true;
	wait_again(p, seq);
	return 0;
}

struct str pending_record(const struct pending *p, uint64_t seq)
{
	if (!is_held(p, seq))
		return STR("");
	return (struct str){ slot(p, seq)->record, slot(p, seq)->n };
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

struct forgetting {
	struct pending *p;
	pending_forgotten *each;
	void *self;
};

static void forget(const struct forgetting *f, uint64_t seq)
{
	struct pending *p = f->p;
	struct slot *s = slot(p, seq);

	if (s->state == EMPTY)
		return;
	if (s->state == WAITING)
		count(p, seq, -1);
	if (f->each)
		f->each(f->self, s->added_ms);
	p->s.bytes -= s->n;
	p->s.held--;
	free(s->record);
	*s = (struct slot){ .state = EMPTY };
}

static void rise(struct pending *p)
{
	while (p->s.low < p->s.next && slot(p, p->s.low)->state == EMPTY)
		p->s.low++;
	if (p->first_waiting < p->s.low)
		p->first_waiting = p->s.low;
	if (p->first_suspect < p->s.low)
		p->first_suspect = p->s.low;
}

int pending_ack(struct pending *p, uint64_t low, struct str bits,
		uint64_t given, pending_forgotten *each, void *self,
		struct err *e)
{
	const struct forgetting f = { p, each, self };
	uint64_t end = low < p->s.next ? low : p->s.next;

	if (low > given)
		return err_set(e, -EPROTO,
			       "an ack speaks of number %llu; %llu is the "
			       "highest that was given",
			       (unsigned long long)low,
			       (unsigned long long)given);
	for (uint64_t seq = p->s.low; seq < end; seq++)
		forget(&f, seq);
	for (uint64_t i = 0; i < 8 * bits.n; i++)
		if ((unsigned char)bits.p[i / 8] >> i % 8 & 1 &&
		    low + i >= p->s.low && low + i < p->s.next)
			forget(&f, low + i);
	rise(p);
	if (low > p->s.next) {
		p->s.low = p->s.next = low;
		p->first_waiting = p->first_suspect = low;
	}
	return 0;
}

int64_t pending_oldest(const struct pending *p, int64_t now_ms)
{
	for (uint64_t seq = p->s.low; seq < p->s.next; seq++)
		if (slot(p, seq)->state != EMPTY)
			return slot(p, seq)->added_ms;
	return now_ms;
}
