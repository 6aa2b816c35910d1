#include "sink/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct held {
	struct record line; /* points into bytes */
	char bytes[];
};

/* Slot seq % WIRE_WINDOW_MAX holds seq, next <= seq < next + that. */
struct queue {
	struct origin origin;
	uint64_t next;	    /* all below are written or were handed out */
	size_t count;	    /* of lines held */
	struct held **ring; /* NULL: free */
};

struct order {
	size_t bytes, bytes_max, count;
	struct held *out; /* what order_next() gave */
	struct queue v[ORDER_ORIGINS];
};

int order_new(size_t bytes, struct order **ret)
{
	struct order *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	o->bytes_max = bytes;
	*ret = o;
	return 0;
}

void order_free(struct order *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < ORDER_ORIGINS; i++) {
		for (size_t s = 0; o->v[i].count && s < WIRE_WINDOW_MAX; s++)
			free(o->v[i].ring[s]);
		free(o->v[i].ring);
	}
	free(o->out);
	free(o);
}

size_t order_count(const struct order *o)
{
	return o->count;
}

static struct held **slot(struct queue *q, uint64_t seq)
{
	return &q->ring[seq % WIRE_WINDOW_MAX];
}

static size_t size_of(const struct record *line)
{
	return line->line.n + line->keys.n;
}

/* Empty the slot of seq. Returns what was there, or NULL. */
static struct held *take(struct order *o, struct queue *q, uint64_t seq)
{
	struct held *h = *slot(q, seq);

	*slot(q, seq) = NULL;
	if (h) {
		q->count--;
		o->count--;
		o->bytes -= size_of(&h->line);
	}
	return h;
}

/* Bring next up to what has been written, by us or, as ingest says, before
 * us; a line held for such a seq is a repetition. */
static void catch_up(struct order *o, struct queue *q, const struct done *d)
{
	uint64_t low = done_low(d, q->origin), end = low;

	if (low > q->next && low - q->next > WIRE_WINDOW_MAX)
		end = q->next + WIRE_WINDOW_MAX;
	for (uint64_t seq = q->next; seq < end; seq++)
		free(take(o, q, seq));
	if (q->next < low)
		q->next = low;
	for (; done_has(d, q->origin, q->next); q->next++)
		free(take(o, q, q->next));
}

static struct queue *find(struct order *o, struct origin origin)
{
	for (size_t i = 0; i < ORDER_ORIGINS; i++)
		if (o->v[i].ring && !origin_cmp(o->v[i].origin, origin))
			return &o->v[i];
	return NULL;
}

/* A queue that is free, or else one that holds nothing. */
static struct queue *find_idle(struct order *o)
{
	struct queue *idle = NULL;

	for (size_t i = 0; i < ORDER_ORIGINS; i++) {
		if (!o->v[i].ring)
			return &o->v[i];
		if (!o->v[i].count)
			idle = &o->v[i];
	}
	return idle;
}

static int use(struct order *o, struct origin origin, struct queue **ret)
{
	struct queue *q = find(o, origin);

	if (!q) {
		q = find_idle(o);
		if (!q)
			return STEP_WAIT;
		if (!q->ring)
			q->ring = calloc(WIRE_WINDOW_MAX, sizeof(*q->ring));
		if (!q->ring)
			return -ENOMEM;
		q->origin = origin;
		q->next = 0;
	}
	*ret = q;
	return 0;
}

static struct held *copy_of(const struct record *line)
{
	struct held *h = malloc(sizeof(*h) + size_of(line));
	char *keys;

	if (!h)
		return NULL;
	keys = h->bytes + line->line.n;
	h->line = *line;
	h->line.line.p = memcpy(h->bytes, line->line.p, line->line.n);
	if (line->keys.n)
		memcpy(keys, line->keys.p, line->keys.n);
	h->line.keys.p = keys;
	return h;
}

/* May the line be held in q, whose next is up to date? As order_add(). */
static int check(struct order *o, struct queue *q, const struct record *line,
		 struct err *e)
{
	uint64_t seq = line->seq;

	if (seq < q->next)
		return STEP_REJECT;
	if (seq - q->next >= WIRE_WINDOW_MAX)
		return err_set(e, -EPROTO,
			       "seq %llu lies outside the window of %d from "
			       "%llu",
			       (unsigned long long)seq, WIRE_WINDOW_MAX,
			       (unsigned long long)q->next);
	if (*slot(q, seq))
		return STEP_REJECT;
	if (seq > q->next && o->bytes + size_of(line) > o->bytes_max)
		return STEP_WAIT;
	return 0;
}

int order_add(struct order *o, const struct done *d, const struct record *line,
	      struct err *e)
{
	struct queue *q;
	struct held *h;
	int r = use(o, line->origin, &q);

	if (r)
		return r;
	catch_up(o, q, d);
	r = check(o, q, line, e);
	if (r)
		return r;
	h = copy_of(line);
	if (!h)
		return -ENOMEM;
	*slot(q, line->seq) = h;
	q->count++;
	o->count++;
	o->bytes += size_of(line);
	return 0;
}

int order_next(struct order *o, const struct done *d, struct record *ret)
{
	free(o->out);
	o->out = NULL;
	for (size_t i = 0; o->count && i < ORDER_ORIGINS; i++) {
		struct queue *q = &o->v[i];

		if (!q->count)
			continue;
		catch_up(o, q, d);
		o->out = take(o, q, q->next);
		if (!o->out)
			continue;
		q->next++;
		*ret = o->out->line;
		return 0;
	}
	return STEP_END;
}
