/* The cursor over what is committed. It has a file of its own open, so that a
 * segment may be forgotten under it. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "ingest/journal_parts.h"

void journal_cursor_init(struct journal_cursor *c)
{
	*c = (struct journal_cursor){ .rest = { "", 0 } };
	journal_scan_init(&c->scan);
}

static void leave(struct journal_cursor *c)
{
	if (c->segment)
		close(c->scan.fd);
	c->segment = 0;
	c->rest.n = 0;
}

void journal_cursor_done(struct journal_cursor *c)
{
	leave(c);
	journal_scan_done(&c->scan);
}

void journal_seek(struct journal *j, uint64_t seq)
{
	struct journal_cursor *c = &j->cursor;

	if (seq < c->seq)
		leave(c);
	c->seq = seq;
}

/* The first segment behind this one that may hold what is sought. */
static struct journal_kept *following(const struct journal *j)
{
	const struct journal_cursor *c = &j->cursor;

	for (size_t i = 0; i < j->n; i++)
		if (j->kept[i].seg.number > c->segment &&
		    j->kept[i].seg.end > c->seq)
			return &j->kept[i];
	return NULL;
}

static struct journal_kept *at_hand(const struct journal *j)
{
	for (size_t i = j->n; i-- > 0;)
		if (j->kept[i].seg.number == j->cursor.segment)
			return &j->kept[i];
	return NULL;
}

static int enter(struct journal *j, const struct journal_segment *s,
		 struct err *e)
{
	struct journal_cursor *c = &j->cursor;
	char name[JOURNAL_NAME_MAX];
	int fd;

	journal_name(s->number, name);
	fd = openat(j->folder, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, -errno, "%s/%s", j->path, name);
	leave(c);
	c->segment = s->number;
	journal_scan_file(&c->scan, fd, s->has_head ? JOURNAL_HEAD : 0,
			  s->bytes);
	c->scan.origin = j->sum.origin;
	c->scan.has_origin = true;
	c->scan.number = s->above;
	c->scan.seq = s->from;
	return 0;
}

/* Damage that came after the segment was written or read for the first time. */
static void count(struct journal *j, struct journal_kept *kept,
		  const struct journal_piece *p)
{
	if (!kept || p->at < kept->counted)
		return;
	kept->counted = p->at + p->n;
	j->stats.damaged_bytes += p->n;
	if (!p->has_frame)
		return;
	j->stats.damaged_frames++;
	j->stats.damaged_articles += p->frame.articles;
}

/* The next good frame of the segment at hand: 0, STEP_END, -errno. */
static int next_frame(struct journal *j, struct journal_kept *kept)
{
	struct journal_cursor *c = &j->cursor;
	struct journal_piece p;
	int r;

	if (kept)
		c->scan.size = kept->seg.bytes;
	do {
		r = journal_scan_skip(&c->scan, c->seq);
		if (!r)
			r = journal_scan_next(&c->scan, &p);
		if (!r && p.found != JOURNAL_GOOD)
			count(j, kept, &p);
	} while (!r && p.found != JOURNAL_GOOD);
	if (!r) {
		c->rest = p.entries;
		c->total = p.frame.total;
	}
	return r;
}

static int advance(struct journal *j, struct err *e)
{
	struct journal_cursor *c = &j->cursor;
	struct journal_kept *next;
	char name[JOURNAL_NAME_MAX];
	int r = STEP_END;

	if (c->segment)
		r = next_frame(j, at_hand(j));
	if (r < 0) {
		journal_name(c->segment, name);
		return err_sys(e, r, "%s/%s: read", j->path, name);
	}
	if (r != STEP_END)
		return 0;
	next = following(j);
	return next ? enter(j, &next->seg, e) : STEP_END;
}

int journal_read(struct journal *j, uint64_t *seq, struct str *record,
		 struct err *e)
{
	struct journal_cursor *c = &j->cursor;
	struct journal_entry entry;
	int r = 0;

	while (!r) {
		while (!journal_entry_next(&c->rest, &entry)) {
			if (entry.kind != JOURNAL_ARTICLE)
				continue;
			c->total++;
			if (entry.seq < c->seq)
				continue;
			*seq = entry.seq;
			*record = entry.value;
			c->seq = entry.seq + 1;
			return 0;
		}
		c->rest.n = 0;
		r = advance(j, e);
	}
	if (r == STEP_END)
		c->total = j->sum.total;
	return r;
}
