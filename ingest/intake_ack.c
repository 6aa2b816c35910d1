/* What the sink has acknowledged, and what may be forgotten for it. */
#include <errno.h>

#include "base/log.h"
#include "ingest/intake_parts.h"

static int add_again(struct intake *t, struct str record, struct err *e)
{
	struct article a;
	int r = record_open(record, &a, e);

	if (r)
		return r;
	a.seq = intake_next(t);
	buf_clear(&t->record);
	batch_add(&t->record, &a);
	r = buf_error(&t->record);
	if (!r)
		r = intake_accept(t, a.seq);
	if (r != STEP_WAIT)
		return r;
	r = intake_commit(t, e);
	if (r == STEP_WAIT)
		return -ENOSPC;
	return r ? r : intake_accept(t, a.seq);
}

/* A journal that was cut short or restored from a copy gives numbers again that
 * the sink takes for done: go on above them all, also with what was accepted
 * since the start. STEP_WAIT: not now. */
static int go_above(struct intake *t, uint64_t low, struct err *e)
{
	uint64_t end = journal_next(t->journal), next = low + WIRE_WINDOW_MAX;
	uint64_t seq = 0, again = 0;
	struct str record;
	int r = intake_commit(t, e);

	if (r)
		return r;
	journal_skip(t->journal, next);
	journal_seek(t->journal, t->born);
	while (!(r = journal_read(t->journal, &seq, &record, e)) && seq < end &&
	       !(r = add_again(t, record, e)))
		again++;
	t->born = next > end ? next : end;
	log_line(LOG_WARN,
		 "the sink knows of number %llu, this journal had come to %llu: "
		 "it was cut short or is an old copy; numbers go on at %llu, "
		 "%llu articles have new ones",
		 (unsigned long long)low, (unsigned long long)end,
		 (unsigned long long)t->born, (unsigned long long)again);
	return r == STEP_END ? 0 : r;
}

/* Numbers that earlier lives gave, or that this one has handed out, may be
 * acknowledged; no others. */
static bool is_strange(const struct intake *t, uint64_t low)
{
	return t->journal && low > t->born &&
	       low > pending_stats(t->pending).sent;
}

int intake_ack(struct intake *t, const struct ack *a, pending_forgotten *each,
	       void *self, struct err *e)
{
	uint64_t given = intake_next(t), low = a->low;
	struct str bits = a->bits;
	bool strange = is_strange(t, low);
	int r = 0;

	if (strange) {
		r = go_above(t, low, e);
		low = given;
		bits.n = 0;
	}
	if (r)
		return r == STEP_WAIT ? 0 : r;
	/* A one-shot ingest that was killed and started again gives the same
	 * numbers again. What the sink says that it has above, they will be. */
	if (low > given && t->set->one_shot) {
		low = given;
		bits.n = 0;
	}
	r = pending_ack(t->pending, low, bits, given, each, self, e);
	if (!t->journal || (pending_stats(t->pending).next <= t->fed &&
			    !strange))
		return r;
	t->fed = pending_stats(t->pending).next;
	journal_seek(t->journal, t->fed);
	return r;
}

int intake_keep(struct intake *t, bool durable, struct err *e)
{
	uint64_t low = pending_stats(t->pending).low;
	struct journal_stats s;
	bool full;
	int r;

	if (!t->journal)
		return 0;
	s = journal_stats(t->journal);
	full = !journal_has_room(t->journal);
	if (low == t->kept_low && state_frame(t->state) == t->applied && !full)
		return 0;
	/* Also the only segment must go when it alone fills the quota. */
	durable |= s.segments > 1 || full;
	r = state_commit(t->state, t->applied, low, durable, e);
	if (r)
		return r == STEP_WAIT ? 0 : r;
	t->kept_low = low;
	return durable ? journal_forget(t->journal, low, t->applied, e) : 0;
}
