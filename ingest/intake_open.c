/* Recovery: what the journal and its cache know of earlier lives. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/service.h"
#include "ingest/intake_parts.h"
#include "ingest/understand.h"

enum { EXTEND_MS = 30000, ROLLED_MAX = 50000 };

struct mark *intake_mark(struct intake *t, uint64_t seq)
{
	for (size_t i = t->mark_count; i-- > 0;)
		if (t->marks[i].seq == seq)
			return &t->marks[i];
	return NULL;
}

static int add_mark(struct intake *t, uint64_t seq, struct mark **ret)
{
	struct mark *more;

	*ret = intake_mark(t, seq);
	if (*ret)
		return 0;
	more = realloc(t->marks, (t->mark_count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	t->marks = more;
	*ret = &more[t->mark_count++];
	**ret = (struct mark){ .seq = seq };
	return 0;
}

static int mark(struct intake *t, const struct journal_entry *entry)
{
	struct mark *m;
	int r = add_mark(t, entry->seq, &m);

	if (r)
		return r;
	if (entry->kind == JOURNAL_ATTEMPT) {
		m->failures++;
		return 0;
	}
	free(m->letter);
	m->letter_size = entry->value.n;
	m->letter = malloc(entry->value.n + 1);
	if (!m->letter)
		return -ENOMEM;
	memcpy(m->letter, entry->value.p, entry->value.n);
	return 0;
}

/* The state's file can only be opened when the journal's origin is known, so
 * replay is in two parts: marks now, positions and keys by roll_forward(). */
static int replay(void *self, const struct journal_entry *entry)
{
	struct intake *t = self;

	if (entry->kind == JOURNAL_ATTEMPT || entry->kind == JOURNAL_DEAD)
		return mark(t, entry);
	return 0;
}

/* Of a long journal it is done in parts, each of whole frames: memory holds
 * what was applied until it is committed. That the disk is full changes nothing
 * but that. */
static int roll_forward(void *self, const struct journal_entry *entry)
{
	struct intake *t = self;
	int r = 0;

	if (entry->frame != t->applied && t->rolled >= ROLLED_MAX) {
		r = state_commit(t->state, t->applied, state_low(t->state),
				 false, NULL);
		t->rolled = 0;
	}
	t->applied = entry->frame;
	t->rolled++;
	return r < 0 ? r : state_apply(t->state, entry, NULL);
}

static void go_on(void *self, uint64_t done, uint64_t total)
{
	(void)self;
	service_extend(EXTEND_MS);
	service_status("recovering the journal: %llu of %llu MB",
		       (unsigned long long)(done >> 20),
		       (unsigned long long)(total >> 20));
}

static void log_notes(struct buf *notes)
{
	struct str rest = buf_view(notes);

	while (rest.n) {
		struct str note = str_cut(&rest, '\n');

		log_line(LOG_WARN, STR_FMT, STR_ARG(note));
	}
	buf_clear(notes);
}

static int open_state(struct intake *t, struct buf *notes, struct err *e)
{
	const struct journal_replay how = { .each = roll_forward, .self = t };
	char path[PATH_MAX];
	int r;

	snprintf(path, sizeof(path), "%s/state.db", t->set->journal.path);
	r = state_open(path, t->origin, notes, &t->state, e);
	log_notes(notes);
	if (!r && t->set->copies != COPIES_KEEP)
		state_limit(t->state, JOURNAL_SIGNATURE,
			    t->set->copies_window);
	if (!r)
		r = journal_each(t->journal, state_frame(t->state), &how, e);
	if (r)
		return r;
	t->applied = journal_stats(t->journal).frames;
	t->kept_low = state_low(t->state);
	/* Is the journal older than the cache, an old copy that was put here? */
	state_rewind(t->state, t->applied);
	if (t->kept_low > journal_next(t->journal))
		journal_skip(t->journal, t->kept_low + WIRE_WINDOW_MAX);
	t->born = journal_next(t->journal);
	r = state_commit(t->state, t->applied, t->kept_low, false, e);
	return r == STEP_WAIT ? 0 : r;
}

static int open_journal(struct intake *t, struct err *e)
{
	const struct journal_replay how = { replay, go_on, t };
	struct buf notes;
	int r;

	buf_init(&notes, 1 << 16);
	r = journal_open(&t->set->journal, &how, &notes, &t->journal, e);
	log_notes(&notes);
	if (!r) {
		t->origin = journal_origin(t->journal);
		r = open_state(t, &notes, e);
	}
	buf_done(&notes);
	return r;
}

/* A one-shot run is named by what it reads, so that the same input gives the
 * same records; a daemon's life without a journal by chance. */
static int make_origin(struct intake *t)
{
	const struct ingest_source *v = t->set->sources.v;
	unsigned char digest[HASH_SHA_SIZE];
	struct buf all;
	int r;

	if (!t->set->one_shot)
		return getrandom(t->origin.id, WIRE_ORIGIN_SIZE, 0) < 0
			       ? -errno
			       : 0;
	buf_init(&all, 1 << 24);
	for (size_t i = 0; i < t->set->sources.n; i++) {
		buf_add_z(&all, v[i].path);
		buf_add_char(&all, '\0');
	}
	r = buf_error(&all) ? buf_error(&all)
			    : hash_sha256(buf_view(&all), digest);
	memcpy(t->origin.id, digest, WIRE_ORIGIN_SIZE);
	buf_done(&all);
	return r;
}

/* Where the window begins: at the first number that may still be missing at
 * the sink. */
static uint64_t first_number(const struct intake *t)
{
	uint64_t low, first;

	if (!t->journal)
		return 0;
	low = state_low(t->state);
	first = journal_stats(t->journal).first;
	return low > first ? low : first;
}

int intake_open(const struct ingest_settings *s, struct intake **ret,
		struct err *e)
{
	struct intake *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return -ENOMEM;
	t->set = s;
	buf_init(&t->record, JOURNAL_FRAME_MAX);
	buf_init(&t->key, 1 << 16);
	buf_init(&t->position, 1 << 16);
	group_init(&t->told, 2 * (size_t)JOURNAL_FRAME_MAX);
	r = arena_open(&t->block, UNDERSTAND_ARENA);
	if (!r)
		r = s->journal.path ? open_journal(t, e) : make_origin(t);
	if (!r)
		r = intake_load_copies(t, e);
	if (!r)
		r = pending_new((uint64_t)s->window, (uint64_t)s->window_bytes,
				first_number(t), &t->pending);
	if (r) {
		intake_free(t);
		return r;
	}
	t->fed = pending_stats(t->pending).low;
	if (t->journal)
		journal_seek(t->journal, t->fed);
	*ret = t;
	return 0;
}

void intake_free(struct intake *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->mark_count; i++)
		free(t->marks[i].letter);
	free(t->marks);
	state_free(t->state);
	near_copies_free(t->copies);
	journal_free(t->journal);
	pending_free(t->pending);
	buf_done(&t->record);
	buf_done(&t->key);
	buf_done(&t->position);
	group_done(&t->told);
	arena_close(t->block);
	free(t);
}
