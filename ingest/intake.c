#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "ingest/dead.h"
#include "ingest/intake_parts.h"
#include "ingest/journal_frame.h"
#include "ingest/understand.h"

enum { MEMBERS_MAX = 1 << 16 };

struct origin intake_origin(const struct intake *t)
{
	return t->origin;
}

struct pending *intake_pending(struct intake *t)
{
	return t->pending;
}

bool intake_has_journal(const struct intake *t)
{
	return t->journal;
}

/* Accepting. */

uint64_t intake_next(const struct intake *t)
{
	return t->journal ? journal_next(t->journal)
			  : pending_stats(t->pending).next;
}

bool intake_has_room(const struct intake *t)
{
	if (t->journal)
		return !t->full && journal_has_room(t->journal) &&
		       intake_fits(t, ARTICLE_TEXT_MAX);
	return pending_has_room(t->pending, intake_next(t));
}

/* What understanding adds to a piece is bounded by what it has twice. */
bool intake_fits(const struct intake *t, size_t bytes)
{
	uint64_t held = t->journal ? journal_stats(t->journal).waiting : 0;

	return held + 2 * bytes + (1 << 20) < JOURNAL_FRAME_MAX;
}

bool intake_holds(const struct intake *t, size_t bytes)
{
	uint64_t held = t->journal ? journal_stats(t->journal).waiting : 0;

	return held + JOURNAL_FRAME_HEAD + bytes <= JOURNAL_FRAME_MAX;
}

static bool is_for_state(enum journal_kind kind)
{
	return kind == JOURNAL_POSITION || kind == JOURNAL_KEY ||
	       kind == JOURNAL_KNOWN || kind == JOURNAL_SIGNATURE;
}

/* Into the group. The state hears of it once that is committed: it must never
 * know of a position whose articles were lost with the group. */
int intake_add(struct intake *t, const struct journal_entry *entry)
{
	int r = journal_add(t->journal, entry);

	if (r == -EMSGSIZE)
		return STEP_WAIT;
	return r || !is_for_state(entry->kind) ? r : group_add(&t->told, entry);
}

static int tell_state(struct intake *t, struct err *e)
{
	struct str rest = buf_view(&t->told.entries);
	struct journal_entry entry;
	int r = 0;

	t->applied = journal_stats(t->journal).frames;
	while (!r && !journal_entry_next(&rest, &entry)) {
		entry.frame = t->applied;
		r = state_apply(t->state, &entry, e);
	}
	group_clear(&t->told);
	return r;
}

static int add_position(struct intake *t)
{
	struct journal_entry entry = { .kind = JOURNAL_POSITION,
				       .name = buf_view(&t->key),
				       .value = buf_view(&t->position) };
	int r = t->journal && t->key.n ? intake_add(t, &entry) : 0;

	if (!r)
		buf_clear(&t->key);
	return r;
}

/* Where a source is counts once for a group: only the last is added, when
 * another source is read or the group ends. */
static int leave_source(struct intake *t, const struct raw *raw)
{
	return t->key.n && raw->key.n && !str_eq(buf_view(&t->key), raw->key)
		       ? add_position(t)
		       : 0;
}

static int remember_position(struct intake *t, const struct raw *raw)
{
	if (!t->journal || !raw->key.n)
		return 0;
	buf_clear(&t->key);
	buf_clear(&t->position);
	buf_add_str(&t->key, raw->key);
	buf_add_str(&t->position, raw->position);
	return buf_error(&t->key) ? buf_error(&t->key)
				  : buf_error(&t->position);
}

int intake_accept(struct intake *t, uint64_t seq)
{
	struct journal_entry entry = { .kind = JOURNAL_ARTICLE,
				       .seq = seq,
				       .value = buf_view(&t->record) };
	int r = t->journal ? intake_add(t, &entry)
			   : pending_add(t->pending, seq, entry.value,
					 clock_ms());

	if (r)
		return r;
	t->bytes += entry.value.n;
	t->added++;
	return 0;
}

/* Pack the record, and accept it with all that is noted of it. */
static int take(struct intake *t, const struct raw *raw, const struct story *s,
		const struct past *p, struct arena scratch, struct err *why)
{
	struct article a = { .seq = intake_next(t) };
	char stamp[CLOCK_STAMP_MAX];
	int r;

	clock_stamp(stamp);
	r = story_article(s, t->set->one_shot ? NULL : stamp, &scratch, &a,
			  why);
	if (r)
		return r;
	buf_clear(&t->record);
	batch_add(&t->record, &a);
	r = buf_error(&t->record);
	if (!r && !intake_holds(t, JOURNAL_ENTRY_HEAD + t->record.n +
					   intake_note_size(p)))
		return STEP_WAIT;
	if (!r)
		r = intake_accept(t, a.seq);
	if (!r)
		r = intake_note(t, s, p);
	t->took = !r;
	return r ? r : remember_position(t, raw);
}

/* It is not accepted, but its source need not give it again. */
static int pass_over(struct intake *t, const struct raw *raw,
		     const struct story *s, const struct past *p)
{
	int r = 0;

	if (!intake_holds(t, intake_note_size(p)))
		return STEP_WAIT;
	r = intake_note(t, s, p);
	if (!r)
		r = remember_position(t, raw);
	/* Begins a group, which has patience; else each were committed. */
	if (!r && t->journal && !journal_waiting(t->journal))
		r = add_position(t);
	return r;
}

int intake_take(struct intake *t, const struct raw *raw, struct err *why)
{
	const struct understand_options o = { .tidy = t->set->tidy,
					      .keep_raw = t->set->keep_raw };
	struct arena scratch = t->block;
	struct story s;
	struct past p;
	bool dropped;
	int r;

	t->took = false;
	r = leave_source(t, raw);
	if (!r)
		r = understand_story(raw, &o, &scratch, &s, why);
	if (!r)
		r = intake_look(t, raw, &s, &p, why);
	if (r)
		return r;
	dropped = p.copy && t->set->copies == COPIES_DROP && !raw->again;
	r = p.repeated || dropped ? pass_over(t, raw, &s, &p)
				  : take(t, raw, &s, &p, scratch, why);
	if (!r) {
		t->repeated += p.repeated;
		t->copied += p.copy;
	}
	return r;
}

bool intake_took(const struct intake *t)
{
	return t->took;
}

int intake_refuse(struct intake *t, const struct raw *raw, struct str why,
		  struct err *e)
{
	char stamp[CLOCK_STAMP_MAX];
	struct letter l = { .stage = "ingest", .reason = why, .at = stamp };
	struct buf members;
	uint64_t seq = intake_next(t);
	int r;

	if (!t->journal) {
		t->refused++;
		return 0;
	}
	r = leave_source(t, raw);
	if (r)
		return r;
	clock_stamp(stamp);
	buf_init(&members, MEMBERS_MAX);
	dead_members(&members, &l);
	buf_clear(&t->record);
	r = buf_error(&members) ? buf_error(&members)
				: dead_of_raw(raw, seq, buf_view(&members),
						&t->record);
	buf_done(&members);
	if (!r)
		r = intake_accept(t, seq);
	if (!r) {
		t->refused++;
		r = remember_position(t, raw);
	}
	return r < 0 ? err_sys(e, r, "%s", raw->place) : r;
}

int intake_attempt(struct intake *t, uint64_t seq, struct str reason)
{
	struct journal_entry entry = { .kind = JOURNAL_ATTEMPT, .seq = seq,
				       .value = reason };

	return t->journal ? intake_add(t, &entry) : 0;
}

/* In the window its letter takes its place. */
static int put_letter(struct intake *t, uint64_t seq, struct str members,
		      struct err *e)
{
	int r;

	buf_clear(&t->record);
	r = dead_of_record(pending_record(t->pending, seq), members,
			     &t->record, e);
	return r ? r : pending_dead(t->pending, seq, buf_view(&t->record));
}

int intake_dead(struct intake *t, uint64_t seq, struct str members,
		struct err *e)
{
	struct journal_entry entry = { .kind = JOURNAL_DEAD, .seq = seq,
				       .value = members };
	int r = t->journal ? intake_add(t, &entry) : 0;

	return r ? r : put_letter(t, seq, members, e);
}

/* Committing. */

int64_t intake_due(const struct intake *t, int64_t now_ms, bool more)
{
	if (!t->journal)
		return -1;
	if (t->key.n && !journal_waiting(t->journal))
		return 0;
	return journal_due(t->journal, now_ms, more);
}

int intake_commit(struct intake *t, struct err *e)
{
	int r;

	if (!t->journal)
		return 0;
	r = add_position(t);
	if (r == STEP_WAIT) /* no room for it in this frame: in the next */
		r = 0;
	if (!r && journal_waiting(t->journal))
		r = journal_commit(t->journal, e);
	t->full = r == STEP_WAIT;
	return r ? r : tell_state(t, e);
}

/* What earlier lives knew of it. */
static int recall_mark(struct intake *t, uint64_t seq, struct err *e)
{
	struct mark *m = t->mark_count ? intake_mark(t, seq) : NULL;
	int r = 0;

	if (!m)
		return 0;
	if (m->letter)
		r = put_letter(t, seq,
			       (struct str){ m->letter, m->letter_size }, e);
	else
		pending_blame(t->pending, seq, m->failures);
	free(m->letter);
	*m = t->marks[--t->mark_count];
	return r;
}

static int feed_one(struct intake *t, int64_t now_ms, struct err *e)
{
	struct str record;
	uint64_t seq;
	int r = journal_read(t->journal, &seq, &record, e);

	if (r)
		return r;
	if (!pending_has_room(t->pending, seq)) {
		journal_seek(t->journal, seq);
		return STEP_END;
	}
	r = pending_add(t->pending, seq, record, now_ms);
	t->fed = seq + 1;
	return r ? r : recall_mark(t, seq, e);
}

int intake_feed(struct intake *t, int64_t now_ms, struct err *e)
{
	int r = 0;

	while (t->journal && !r &&
	       pending_has_room(t->pending, pending_stats(t->pending).next))
		r = feed_one(t, now_ms, e);
	return r == STEP_END ? 0 : r;
}

/* Remembering. */

int intake_position(void *self, struct str key, struct buf *position)
{
	struct intake *t = self;
	struct str last;

	if (!t->journal)
		return STEP_END;
	if (t->key.n && str_eq(buf_view(&t->key), key))
		last = buf_view(&t->position);
	else if (!group_find(&t->told, JOURNAL_POSITION, key, &last))
		return state_position(t->state, key, position, NULL);
	buf_clear(position);
	buf_add_str(position, last);
	return buf_error(position);
}

int intake_leave(void *self, struct str key, struct str position)
{
	struct intake *t = self;
	struct journal_entry entry = { .kind = JOURNAL_POSITION, .name = key,
				       .value = position };
	int r = t->journal ? add_position(t) : 0;

	return r || !t->journal ? r : intake_add(t, &entry);
}

int intake_key(void *self, struct str key, struct buf *answer)
{
	struct intake *t = self;

	return t->journal ? state_key(t->state, key, answer, NULL) : STEP_END;
}

int intake_remember(void *self, struct str key, struct str answer)
{
	struct intake *t = self;
	struct journal_entry entry = { .kind = JOURNAL_KEY, .name = key,
				       .value = answer };

	return t->journal ? intake_add(t, &entry) : 0;
}

struct intake_stats intake_stats(const struct intake *t)
{
	struct intake_stats s = { .refused = t->refused,
				  .bytes = t->bytes,
				  .full = t->full,
				  .repeated = t->repeated,
				  .copies = t->copied,
				  .accepted = t->added };
	struct journal_stats j;

	if (!t->journal)
		return s;
	j = journal_stats(t->journal);
	s.accepted = j.total;
	s.damaged = j.damaged_articles;
	s.backlog = j.unread;
	s.journal_bytes = j.bytes;
	s.commit_ns = j.commit_ns;
	return s;
}
