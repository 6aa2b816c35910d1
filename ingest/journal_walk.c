#include "ingest/journal_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/journal_scan.h"

enum { PROGRESS_EVERY = 16 << 20, DIGITS = 16 };

struct walk {
	int folder;
	const char *path;
	const struct journal_visitor *v;
	struct err *e;
	uint64_t *names; /* of segments, ascending */
	size_t n;
	uint64_t bytes, done, told; /* for progress */
	struct journal_scan scan;
	struct journal_sum sum;
	bool knows_total;
	/* Of the segment at hand. */
	struct journal_segment seg;
	bool knows_number; /* frames from here on are dense */
	struct journal_gap gap;
	bool gap_short; /* it began as a frame, and nothing that came after
			 * speaks against it */
	int fd;
};

void journal_name(uint64_t segment, char out[JOURNAL_NAME_MAX])
{
	snprintf(out, JOURNAL_NAME_MAX, "%016" PRIu64 ".journal",
		 segment % (JOURNAL_SEGMENT_MAX + 1));
}

/* The number of a segment, 0 when the name is none of one. */
static uint64_t number_of(const char *name)
{
	char again[JOURNAL_NAME_MAX];
	uint64_t n = 0;

	if (strspn(name, "0123456789") != DIGITS)
		return 0;
	for (size_t i = 0; i < DIGITS; i++)
		n = 10 * n + (uint64_t)(name[i] - '0');
	journal_name(n, again);
	return strcmp(name, again) ? 0 : n;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int add_name(struct walk *w, uint64_t number)
{
	uint64_t *more = w->names;

	if (!number)
		return 0;
	if (!(w->n & (w->n - 1))) /* full: 0, 1, 2, 4, 8 … */
		more = realloc(more, (w->n ? 2 * w->n : 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	w->names = more;
	w->names[w->n++] = number;
	return 0;
}

static int list(struct walk *w)
{
	int fd = openat(w->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *d;
	int r = 0;

	if (!dir) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return err_sys(w->e, r, "%s", w->path);
	}
	errno = 0;
	while (!r && (d = readdir(dir)))
		r = add_name(w, number_of(d->d_name));
	if (!r && errno)
		r = err_sys(w->e, -errno, "%s", w->path);
	closedir(dir);
	if (w->n)
		qsort(w->names, w->n, sizeof(*w->names), compare);
	return r;
}

/* A segment may be gone by now, where another forgets it: STEP_END. */
static int open_segment(struct walk *w, uint64_t number)
{
	char name[JOURNAL_NAME_MAX];
	struct stat st;
	int r = 0;

	journal_name(number, name);
	w->fd = openat(w->folder, name, O_RDONLY | O_CLOEXEC);
	if (w->fd < 0 && errno == ENOENT)
		return STEP_END;
	if (w->fd < 0 || fstat(w->fd, &st))
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = -EINVAL;
	if (r == -EINVAL)
		err_set(w->e, r, "%s/%s: not a regular file", w->path, name);
	else if (r)
		err_sys(w->e, r, "%s/%s", w->path, name);
	if (r && w->fd >= 0) {
		close(w->fd);
		w->fd = -1;
	}
	if (r)
		return r;
	w->seg = (struct journal_segment){ .number = number,
					   .bytes = (uint64_t)st.st_size };
	journal_scan_file(&w->scan, w->fd, 0, w->seg.bytes);
	return 0;
}

static void close_segment(struct walk *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

static int read_failed(struct walk *w, int r)
{
	char name[JOURNAL_NAME_MAX];

	journal_name(w->seg.number, name);
	return err_sys(w->e, r, "%s/%s: read", w->path, name);
}

/* Before anything is touched: may we read all of them, and are they of one
 * journal? */
static int check_head(struct walk *w)
{
	char name[JOURNAL_NAME_MAX], hex[2][WIRE_ORIGIN_HEX];
	struct journal_head h;
	struct str bytes;
	int r = journal_scan_bytes(&w->scan, 0, JOURNAL_HEAD, &bytes);

	if (r)
		return read_failed(w, r);
	if (!journal_head_read(bytes, &h))
		return 0;
	journal_name(w->seg.number, name);
	if (h.version > JOURNAL_VERSION)
		return err_set(w->e, -EPROTONOSUPPORT,
			       "%s/%s: a journal of version %u, which a newer "
			       "vigie wrote; this one reads versions up to %d: "
			       "use the newer one",
			       w->path, name, h.version, JOURNAL_VERSION);
	if (w->scan.has_origin && origin_cmp(w->scan.origin, h.origin)) {
		origin_hex(h.origin, hex[0]);
		origin_hex(w->scan.origin, hex[1]);
		return err_set(w->e, -EINVAL,
			       "%s/%s: belongs to another journal (origin %s) "
			       "than the segments before it (%s): move it out "
			       "of the folder",
			       w->path, name, hex[0], hex[1]);
	}
	w->scan.origin = h.origin;
	w->scan.has_origin = true;
	return 0;
}

static int check_heads(struct walk *w)
{
	int r = 0;

	for (size_t i = 0; !r && i < w->n; i++) {
		r = open_segment(w, w->names[i]);
		if (r == STEP_END) {
			r = 0;
			continue;
		}
		if (r)
			break;
		w->bytes += w->seg.bytes;
		r = check_head(w);
		close_segment(w);
	}
	return r;
}

/* No head tells whose the segments are: the first good frame does, before any
 * other is believed or not. */
static int find_origin(struct walk *w)
{
	struct journal_piece p;
	int r = 0, step = 0;

	for (size_t i = 0; !r && !w->scan.has_origin && i < w->n; i++) {
		r = open_segment(w, w->names[i]);
		if (r == STEP_END) {
			r = 0;
			continue;
		}
		while (!r && !step && !w->scan.has_origin)
			step = journal_scan_next(&w->scan, &p);
		if (!r && step < 0)
			r = read_failed(w, step);
		step = 0;
		close_segment(w);
	}
	w->scan.number = w->scan.seq = 0;
	return r;
}

static int tell_gap(struct walk *w)
{
	struct journal_gap gap = w->gap;

	w->seg.damaged += gap.n;
	w->gap = (struct journal_gap){ .segment = w->seg.number };
	w->gap_short = false;
	if (!w->v->gap || (!gap.n && !gap.frames && !gap.articles))
		return 0;
	return w->v->gap(w->v->self, &gap, w->fd);
}

/* Frames below `frame` and articles up to `total` should have come. */
static void count_lost(struct walk *w, uint64_t frame, uint64_t total)
{
	if (w->knows_number && frame > w->sum.frame)
		w->gap.frames += frame - w->sum.frame;
	if (w->knows_total && total > w->sum.total)
		w->gap.articles += total - w->sum.total;
}

static void pass_frame(struct walk *w, const struct journal_frame *f)
{
	w->sum.last = f->number;
	w->sum.frame = f->number + 1;
	w->sum.next = f->end;
	w->sum.total = f->total + f->articles;
	w->knows_total = w->knows_number = true;
}

static int give_entries(struct walk *w, const struct journal_piece *p)
{
	struct str rest = p->entries;
	struct journal_entry entry;
	int r = 0;

	while (!r && !journal_entry_next(&rest, &entry)) {
		w->seg.entries++;
		entry.frame = p->frame.number;
		if (entry.kind < JOURNAL_ARTICLE ||
		    entry.kind > JOURNAL_SIGNATURE)
			w->sum.unknown++;
		else if (w->v->entry)
			r = w->v->entry(w->v->self, &entry);
	}
	return r;
}

static int good(struct walk *w, const struct journal_piece *p)
{
	const struct journal_frame *f = &p->frame;
	int r;

	w->gap.at = w->gap.n ? w->gap.at : p->at;
	count_lost(w, f->number, f->total);
	r = tell_gap(w);
	if (r)
		return r;
	pass_frame(w, f);
	w->sum.good = f->number;
	if (!w->seg.frames++)
		w->seg.first_frame = f->number;
	w->seg.last_frame = f->number;
	if (f->articles && !w->seg.articles)
		w->seg.first = f->seq;
	if (f->articles)
		w->seg.end = f->end;
	w->seg.articles += f->articles;
	return give_entries(w, p);
}

static void bad(struct walk *w, const struct journal_piece *p)
{
	if (!w->gap.n) {
		w->gap.at = p->at;
		w->gap_short = p->found == JOURNAL_SHORT;
	} else if (p->found != JOURNAL_GARBAGE) {
		w->gap_short = false;
	}
	w->gap.n += p->n;
	if (!p->has_frame)
		return;
	count_lost(w, p->frame.number + 1,
		   p->frame.total + p->frame.articles);
	pass_frame(w, &p->frame);
}

/* What a head says of the time before it, and where its frames begin. */
static int take_head(struct walk *w)
{
	const struct journal_head *h = &w->seg.head;
	struct journal_sum *sum = &w->sum;
	int r;

	/* Frames before it that we did not see, though we saw some. (Where it
	 * knows of no more than we do, articles that are gone were lost and
	 * told in an earlier life.) */
	w->knows_number = sum->last > 0;
	if (w->knows_number && h->before > sum->last)
		count_lost(w, h->before + 1, h->total);
	r = tell_gap(w);
	if (sum->last < h->before)
		sum->last = h->before;
	if (sum->frame < h->frame)
		sum->frame = h->frame;
	if (sum->next < h->seq)
		sum->next = h->seq;
	if (sum->total < h->total)
		sum->total = h->total;
	w->knows_total = true;
	return r;
}

static void tell_progress(struct walk *w, uint64_t done)
{
	if (!w->v->progress || (done < w->bytes && done - w->told <
							   PROGRESS_EVERY))
		return;
	w->told = done;
	w->v->progress(w->v->self, done, w->bytes);
}

static int read_frames(struct walk *w)
{
	struct journal_piece p;
	int r = 0, step = 0;

	while (!r && !(step = journal_scan_next(&w->scan, &p))) {
		if (p.found == JOURNAL_GOOD)
			r = good(w, &p);
		else
			bad(w, &p);
		tell_progress(w, w->done + w->scan.at);
	}
	if (!r && step < 0)
		r = read_failed(w, step);
	return r;
}

static int begin_segment(struct walk *w)
{
	struct str bytes;
	int r = journal_scan_bytes(&w->scan, 0, JOURNAL_HEAD, &bytes);

	if (r)
		return read_failed(w, r);
	w->gap = (struct journal_gap){ .segment = w->seg.number };
	w->seg.has_head = journal_head_read(bytes, &w->seg.head);
	w->knows_number = false;
	if (w->seg.has_head) {
		w->scan.at = JOURNAL_HEAD;
		r = take_head(w);
		/* Its frames follow upon what it says itself. */
		w->knows_number = true;
	}
	w->scan.number = w->seg.above = w->sum.frame - 1;
	w->scan.seq = w->seg.from = w->sum.next;
	return r;
}

static int walk_segment(struct walk *w, uint64_t number, bool is_last)
{
	int r = open_segment(w, number);

	if (r)
		return r == STEP_END ? 0 : r;
	r = begin_segment(w);
	if (!r)
		r = read_frames(w);
	if (!r) {
		w->gap.torn = w->gap_short ||
			      (!w->seg.has_head && w->gap.n == w->seg.bytes &&
			       w->seg.bytes < JOURNAL_HEAD);
		w->gap.tail = is_last;
		w->sum.segments++;
		w->sum.bytes += w->seg.bytes;
		w->done += w->seg.bytes;
		r = tell_gap(w);
	}
	if (!r && w->v->segment)
		r = w->v->segment(w->v->self, &w->seg);
	close_segment(w);
	return r;
}

int journal_walk(int fd, const char *path, const struct journal_visitor *v,
		 struct journal_sum *ret, struct err *e)
{
	struct walk w = { .folder = fd, .path = path, .v = v, .e = e,
			  .sum = { .frame = 1 }, .fd = -1 };
	int r;

	journal_scan_init(&w.scan);
	r = list(&w);
	if (!r)
		r = check_heads(&w);
	if (!r)
		r = find_origin(&w);
	for (size_t i = 0; !r && i < w.n; i++)
		r = walk_segment(&w, w.names[i], i + 1 == w.n);
	if (!r) {
		w.sum.has_origin = w.scan.has_origin;
		w.sum.origin = w.scan.origin;
		*ret = w.sum;
	} else if (r == -ENOMEM) {
		err_set(e, r, "%s: not enough memory to read it", path);
	}
	close_segment(&w);
	journal_scan_done(&w.scan);
	free(w.names);
	return r;
}

int journal_look(const char *path, const struct journal_visitor *v,
		 struct journal_sum *ret, struct err *e)
{
	struct journal_sum sum;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	r = journal_walk(fd, path, v, &sum, e);
	close(fd);
	if (r)
		return r;
	if (!sum.segments)
		return err_set(e, -ENOENT,
			       "%s: no journal; it holds no file like "
			       "0000000000000001.journal",
			       path);
	*ret = sum;
	return 0;
}
