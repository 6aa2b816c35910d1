/* The group and its commit; what is forgotten. */
#include "ingest/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/broken.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "ingest/journal_parts.h"

#define AT(member) offsetof(struct journal_settings, member)

const struct conf_key journal_keys[] = {
	{ "path", CONF_TEXT, AT(path),
	  .help = "a folder, made when it is not there, as in "
		  "/var/lib/vigie/journal.\nWithout one articles are kept in "
		  "memory only: what was read and not yet\nwritten is lost when "
		  "ingest is killed" },
	{ "group", CONF_INT, AT(group), "2048", 1, 65536,
	  .help = "articles made to last by one sync, at most" },
	{ "patience", CONF_TIME, AT(patience), "0ms", 0, 60000,
	  .help = "an article waits so long for others to share its sync; "
		  "0ms: not at\nall, those share one that come while the disk "
		  "is busy with the last" },
	{ "segment", CONF_SIZE, AT(segment), "64M", 4096, 1e12,
	  .help = "bytes of one file of the journal" },
	{ "quota", CONF_SIZE, AT(quota), "4G", 65536, 1e15,
	  .help = "bytes of all; then sources wait, and pushes are told to "
		  "come again" },
	{ .name = NULL },
};

/* The largest packed record that ingest makes, its entry and its frame. */
enum { RECORD_ROOM = ARTICLE_TEXT_MAX + ARTICLE_META_MAX + 4096 };

enum { WORTH_MAX_MS = 100 }; /* that a flood waits after one slow commit */

void journal_free(struct journal *j)
{
	if (!j)
		return;
	journal_cursor_done(&j->cursor);
	if (j->fd >= 0)
		close(j->fd);
	if (j->folder >= 0)
		close(j->folder);
	if (j->lock >= 0)
		close(j->lock);
	buf_done(&j->group);
	free(j->kept);
	free(j->path);
	free(j);
}

struct origin journal_origin(const struct journal *j)
{
	return j->sum.origin;
}

uint64_t journal_next(const struct journal *j)
{
	return j->next;
}

void journal_skip(struct journal *j, uint64_t seq)
{
	if (j->next < seq)
		j->next = seq;
}

bool journal_is_full(int r)
{
	return r == -ENOSPC || r == -EDQUOT || r == -EFBIG;
}

int journal_sync(int fd)
{
	if (broken("nosync"))
		return 0;
	return fdatasync(fd) ? -errno : 0;
}

int journal_sync_folder(const struct journal *j)
{
	if (broken("nosync"))
		return 0;
	return fsync(j->folder) ? -errno : 0;
}

static struct journal_segment *newest(const struct journal *j)
{
	return &j->kept[j->n - 1].seg;
}

/* A small quota is shared by several segments, so that old ones can go while
 * new ones are written. */
static uint64_t segment_size(const struct journal *j)
{
	int64_t most = j->s.quota / 4;

	return (uint64_t)(j->s.segment < most ? j->s.segment : most);
}

bool journal_has_room(const struct journal *j)
{
	uint64_t quota = (uint64_t)j->s.quota, record = RECORD_ROOM;

	/* Where the quota is smaller than that, it bends by one record. */
	if (record > quota / 4)
		record = quota / 4;
	return j->stats.bytes + j->group.n + record <= quota;
}

/* The group. */

int journal_add(struct journal *j, const struct journal_entry *entry)
{
	bool article = entry->kind == JOURNAL_ARTICLE;
	size_t had;
	int r;

	assert(!article || entry->seq == j->next);
	if (article && j->next + 1 >= JOURNAL_NUMBER_MAX)
		return -EOVERFLOW;
	if (!j->group.n)
		buf_grow(&j->group, JOURNAL_FRAME_HEAD);
	had = j->group.n;
	journal_entry_write(&j->group, entry);
	r = buf_error(&j->group);
	if (r) {
		j->group.n = j->waiting ? had : 0;
		j->group.error = 0;
		return r;
	}
	j->waiting++;
	if (!article)
		return 0;
	if (!j->articles++)
		j->first = entry->seq;
	j->end = j->next = entry->seq + 1;
	return 0;
}

uint64_t journal_waiting(const struct journal *j)
{
	return j->waiting;
}

/* What comes one by one finds its group by itself: it is what came while the
 * disk was busy with the last one. A file that is read does not come, and has
 * nobody who waits for an answer: of it a group lasts as long as makes the sync
 * a small part of its time. */
static int64_t patience(const struct journal *j, bool more)
{
	int64_t worth = more ? 9 * j->stats.commit_ns / 1000000 : 0;

	if (worth > WORTH_MAX_MS)
		worth = WORTH_MAX_MS;
	return worth > j->s.patience ? worth : j->s.patience;
}

int64_t journal_due(struct journal *j, int64_t now_ms, bool more)
{
	int64_t left;

	if (!j->waiting)
		return -1;
	if (j->since_ms < 0)
		j->since_ms = now_ms;
	left = patience(j, more) - (now_ms - j->since_ms);
	if (j->waiting >= (uint64_t)j->s.group || left < 0 ||
	    j->group.n > JOURNAL_FRAME_MAX / 2)
		return 0;
	return left;
}

static void clear_group(struct journal *j)
{
	buf_clear(&j->group);
	j->waiting = j->articles = 0;
	j->since_ms = -1;
}

/* A new segment. */

int journal_reserve(struct journal *j)
{
	size_t room = j->room ? 2 * j->room : 16;
	struct journal_kept *more;

	if (j->n < j->room)
		return 0;
	more = realloc(j->kept, room * sizeof(*more));
	if (!more)
		return -ENOMEM;
	j->kept = more;
	j->room = room;
	return 0;
}

static int say(const struct journal *j, uint64_t segment, int r,
	       const char *what, struct err *e)
{
	char name[JOURNAL_NAME_MAX];

	journal_name(segment, name);
	return err_sys(e, r, "%s/%s: %s", j->path, name, what);
}

static int wait_for_room(const struct journal *j, uint64_t segment, int r,
			 struct err *e)
{
	char name[JOURNAL_NAME_MAX];

	journal_name(segment, name);
	err_sys(e, r, "%s/%s: no room, articles wait to be written", j->path,
		name);
	return STEP_WAIT;
}

/* The tail goes only when the number that follows it is on disk. It is no
 * harm when it cannot: a good frame never comes behind it. */
static void cut_tail(struct journal *j)
{
	char name[JOURNAL_NAME_MAX];
	int fd;

	j->cuts = false;
	journal_name(j->cut_segment, name);
	fd = openat(j->folder, name, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	for (size_t i = 0; i < j->n; i++) {
		struct journal_segment *s = &j->kept[i].seg;

		if (s->number != j->cut_segment ||
		    ftruncate(fd, (off_t)j->cut_at))
			continue;
		j->stats.bytes -= s->bytes - j->cut_at;
		s->bytes = j->cut_at;
	}
	close(fd);
}

static void describe(const struct journal *j, uint64_t number,
		     struct journal_segment *ret)
{
	*ret = (struct journal_segment){ .number = number,
					 .bytes = JOURNAL_HEAD,
					 .has_head = true };
	ret->head = (struct journal_head){
		.version = JOURNAL_VERSION,
		.origin = j->sum.origin,
		.segment = number,
		.seq = j->articles ? j->first : j->next,
		.frame = j->sum.frame,
		.before = j->sum.good,
		.total = j->sum.total,
	};
	ret->above = ret->head.frame - 1;
	ret->from = ret->head.seq;
}

/* The file with its head, to last. An fsync that fails is never tried again.
 * (What failed before it may be.) */
static int make(const struct journal *j, const struct journal_segment *s,
		int *ret, struct err *e)
{
	unsigned char head[JOURNAL_HEAD];
	char name[JOURNAL_NAME_MAX];
	int fd, r;

	journal_name(s->number, name);
	fd = openat(j->folder, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 && (errno == EMFILE || errno == ENFILE))
		return wait_for_room(j, s->number, -errno, e);
	if (fd < 0)
		return journal_is_full(-errno)
			       ? wait_for_room(j, s->number, -errno, e)
			       : say(j, s->number, -errno, "make", e);
	journal_head_write(&s->head, head);
	r = file_write_all(fd, (struct str){ (char *)head, sizeof(head) });
	if (journal_is_full(r))
		r = wait_for_room(j, s->number, r, e);
	else if (r)
		say(j, s->number, r, "write", e);
	else if (!broken("nosync") && fsync(fd))
		r = say(j, s->number, -EIO, "sync", e);
	else if (journal_sync_folder(j))
		r = err_set(e, -EIO, "%s: sync of the folder failed", j->path);
	if (!r) {
		*ret = fd;
		return 0;
	}
	close(fd);
	unlinkat(j->folder, name, 0);
	return r;
}

int journal_begin(struct journal *j, struct err *e)
{
	uint64_t number = j->n ? newest(j)->number + 1 : 1;
	struct journal_segment s;
	int fd = -1, r;

	if (number > JOURNAL_SEGMENT_MAX)
		return err_set(e, -EOVERFLOW, "%s: no number is left for "
			       "another segment", j->path);
	r = journal_reserve(j);
	if (!r && j->fd >= 0 && journal_sync(j->fd))
		r = say(j, number - 1, -EIO, "sync", e);
	describe(j, number, &s);
	if (!r)
		r = make(j, &s, &fd, e);
	if (r)
		return r;
	if (j->fd >= 0)
		close(j->fd);
	j->fd = fd;
	j->kept[j->n++] = (struct journal_kept){ .seg = s };
	j->stats.bytes += s.bytes;
	if (j->cuts)
		cut_tail(j);
	return 0;
}

/* The commit. */

static void seal(struct journal *j, struct journal_frame *f)
{
	struct str all = buf_view(&j->group);
	struct str entries = { all.p + JOURNAL_FRAME_HEAD,
			       all.n - JOURNAL_FRAME_HEAD };

	*f = (struct journal_frame){
		.length = (uint32_t)entries.n,
		.crc = hash_crc32c(0, entries),
		.articles = (uint32_t)j->articles,
		.entries = (uint32_t)j->waiting,
		.origin = j->sum.origin,
		.number = j->sum.frame,
		.seq = j->articles ? j->first : j->next,
		.end = j->articles ? j->end : j->next,
		.total = j->sum.total,
	};
	journal_frame_write(f, (unsigned char *)j->group.p);
}

/* What was written of it would stand between this frame and the next try. */
static int take_back(struct journal *j, int r, struct err *e)
{
	const struct journal_segment *s = newest(j);

	if (ftruncate(j->fd, (off_t)s->bytes))
		return say(j, s->number, -EIO, "cut after a failed write", e);
	if (journal_is_full(r))
		return wait_for_room(j, s->number, r, e);
	say(j, s->number, r, "write", e);
	return -EIO;
}

static int write_frame(struct journal *j, struct err *e)
{
	int r = file_write_all(j->fd, buf_view(&j->group));

	if (r)
		return take_back(j, r, e);
	r = journal_sync(j->fd);
	if (!r)
		return 0;
	say(j, newest(j)->number, r, "sync", e);
	return -EIO;
}

static void committed(struct journal *j, const struct journal_frame *f)
{
	struct journal_segment *s = newest(j);

	s->bytes += j->group.n;
	j->stats.bytes += j->group.n;
	s->last_frame = f->number;
	if (f->articles && !s->articles)
		s->first = f->seq;
	if (f->articles)
		s->end = f->end;
	s->articles += f->articles;
	j->sum.last = j->sum.good = f->number;
	j->sum.frame = f->number + 1;
	j->sum.next = f->end;
	j->sum.total = f->total + f->articles;
	clear_group(j);
}

int journal_commit(struct journal *j, struct err *e)
{
	int64_t start = clock_ns();
	struct journal_frame f;
	int r = 0;

	if (j->is_broken)
		return err_set(e, -EIO, "%s: a write or a sync failed before; "
			       "nothing more is written", j->path);
	if (!j->waiting)
		return 0;
	seal(j, &f);
	if (j->fd < 0 || (newest(j)->bytes > JOURNAL_HEAD &&
			  newest(j)->bytes + j->group.n > segment_size(j)))
		r = journal_begin(j, e);
	if (!r)
		r = write_frame(j, e);
	if (r == STEP_WAIT || r == -ENOMEM)
		return r;
	if (r) {
		j->is_broken = true;
		return -EIO;
	}
	committed(j, &f);
	j->stats.commit_ns = clock_ns() - start;
	return 0;
}

/* What is forgotten. */

static bool is_done(const struct journal_segment *s, uint64_t low,
		    uint64_t applied)
{
	return s->end <= low && s->last_frame <= applied;
}

static int forget_oldest(struct journal *j, struct err *e)
{
	const struct journal_segment *s = &j->kept[0].seg;
	char name[JOURNAL_NAME_MAX];

	journal_name(s->number, name);
	if (unlinkat(j->folder, name, 0) && errno != ENOENT)
		return say(j, s->number, -errno, "unlink", e);
	/* In their order, or there would be a hole after a loss of power. */
	if (journal_sync_folder(j))
		return err_set(e, -EIO, "%s: sync of the folder failed",
			       j->path);
	if (j->cuts && j->cut_segment == s->number)
		j->cuts = false;
	j->stats.bytes -= s->bytes;
	j->n--;
	for (size_t i = 0; i < j->n; i++)
		j->kept[i] = j->kept[i + 1];
	return 0;
}

int journal_forget(struct journal *j, uint64_t low, uint64_t applied,
		   struct err *e)
{
	struct err why = { "" };
	int r = 0;

	/* The newest one stays; but where it alone fills the quota, nothing
	 * new would ever come: then it must not be the newest. */
	if (j->n && j->fd >= 0 && !j->is_broken && newest(j)->last_frame &&
	    is_done(newest(j), low, applied) && !journal_has_room(j))
		r = journal_begin(j, &why);
	if (r < 0 && r != -ENOMEM) {
		j->is_broken = true;
		return err_set(e, -EIO, "%s", why.text);
	}
	r = 0;
	while (!r && j->n > 1 && is_done(&j->kept[0].seg, low, applied))
		r = forget_oldest(j, e);
	return r;
}

struct journal_stats journal_stats(const struct journal *j)
{
	struct journal_stats s = j->stats;

	s.segments = j->n;
	s.frames = j->sum.last;
	s.total = j->sum.total;
	s.waiting = j->group.n;
	s.unread = j->sum.total - j->cursor.total;
	s.first = j->next;
	if (j->articles)
		s.first = j->first;
	for (size_t i = j->n; i-- > 0;)
		if (j->kept[i].seg.articles)
			s.first = j->kept[i].seg.first;
	return s;
}
