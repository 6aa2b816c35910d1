/* journal.h -- what was accepted and is not yet known to be written, on disk:
 * segments of frames, one frame a group of entries, appended and synced before
 * any source hears "accepted". It is its own truth: it has no index beside it,
 * and state.h is a cache of it. One thread; a lock on the folder keeps a second
 * ingest out.
 *
 *  folder   lock  0000000000000001.journal  0000000000000002.journal …
 *  segment  head: "VIGIEJNL" version crc origin number first-seq …, then frames
 *  frame    head: mark crc length … origin number seq total, then entries, of
 *           which there is a crc, too; number rises by one, but for a leap where
 *           a tail was lost; total counts the articles ever accepted before
 *  entry    kind, lengths, seq, then name and value
 *
 * Byte by byte: journal_frame.h. A damaged frame costs what it held and no
 * more: reading goes on at the next mark with a right crc, the bytes are set
 * aside in damaged-SEGMENT-BYTE.bin, and the numbers that were in it count as
 * damaged. A torn tail is cut; after a cut the numbers of articles, and those
 * of frames, go on WIRE_WINDOW_MAX higher at least, in a new segment, so that
 * none can be given twice. */
#ifndef VIGIE_JOURNAL_H
#define VIGIE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/article.h"

enum { JOURNAL_VERSION = 1, JOURNAL_FRAME_MAX = 64 << 20 };

struct journal_settings {
	const char *path; /* a folder; NULL: no journal */
	int64_t group;	  /* entries in one frame before it must be synced */
	int64_t patience; /* milliseconds that an entry waits for others; 0: the
			   * group is what came while the last was synced */
	int64_t segment;  /* bytes after which a new segment begins */
	int64_t quota;	  /* bytes of all segments */
};

extern const struct conf_key journal_keys[];

enum journal_kind {
	JOURNAL_ARTICLE = 1, /* seq; value: a packed record (article.h) */
	JOURNAL_POSITION,    /* name: the source; value: where it was */
	JOURNAL_KEY,	     /* name: a push's key; value: what it was told */
	JOURNAL_ATTEMPT,     /* seq failed alone; value: the reason as text */
	JOURNAL_DEAD,	     /* seq was given up; value: the letter's members */
	JOURNAL_KNOWN,	     /* name: an id or alias; value: see state.h */
	JOURNAL_SIGNATURE,   /* name: an id; value: see state.h */
};

struct journal_entry {
	enum journal_kind kind;
	uint64_t seq;	/* ARTICLE, ATTEMPT, DEAD; else 0 */
	uint64_t frame; /* the number of its frame; set by the journal */
	struct str name, value;
};

struct journal;

/* Called for every entry of every good frame, oldest first, while the journal
 * is opened; what it returns but 0 ends the opening. Entries are borrowed. */
struct journal_replay {
	int (*each)(void *self, const struct journal_entry *entry);
	/* Now and then on the way, with bytes read and to be read. */
	void (*progress)(void *self, uint64_t done, uint64_t total);
	void *self;
};

/* Open the folder, made 0700 when it is not there, and recover. Sentences of
 * what was cut and set aside go to notes, a line each. Returns 0; -EADDRINUSE
 * when another ingest holds it; -EPROTONOSUPPORT for segments of a newer
 * version; -EINVAL for segments of two journals; -errno: with the sentence. A
 * disk that is full, or damage, is no reason not to open. */
int journal_open(const struct journal_settings *s,
		 const struct journal_replay *replay, struct buf *notes,
		 struct journal **ret, struct err *e);
void journal_free(struct journal *j);

/* Every entry of the frames above `frame`, again. 0, -errno, or what each()
 * returned. */
int journal_each(struct journal *j, uint64_t frame,
		 const struct journal_replay *replay, struct err *e);

struct origin journal_origin(const struct journal *j);
/* The number that the next article gets. */
uint64_t journal_next(const struct journal *j);
/* Go on at `seq` at least: numbers below were used by a life that this journal
 * does not know of. */
void journal_skip(struct journal *j, uint64_t seq);

/* Is there room within the quota for what waits and one more record? */
bool journal_has_room(const struct journal *j);
/* Take a copy of an entry into the group. An ARTICLE's seq must be
 * journal_next(), which then rises. 0; -EMSGSIZE when the group would pass
 * JOURNAL_FRAME_MAX: commit, then add again; -ENOMEM; -EOVERFLOW past 2^62,
 * which only a forged journal comes to. */
int journal_add(struct journal *j, const struct journal_entry *entry);
/* Entries that wait for a commit. */
uint64_t journal_waiting(const struct journal *j);
/* Milliseconds until they should be committed: 0 when the group is full or
 * patience is over, -1 when nothing waits. Patience begins with the first call
 * that finds the group begun. more: others can be added without a pause; then
 * it is nine times what the last commit took (100 ms at most), if that is
 * longer, so that of a flood a tenth of the time is spent in syncs. */
int64_t journal_due(struct journal *j, int64_t now_ms, bool more);
/* The commit point: write the group as one frame, fdatasync. 0; STEP_WAIT with
 * the sentence when the disk is full (nothing of the frame stays on disk; the
 * entries wait and the call may be repeated); -EIO when a write or sync failed
 * otherwise: never try again, end. */
int journal_commit(struct journal *j, struct err *e);

/* The next committed article from the cursor on, which stands at the first one
 * whose seq is not below `seq` of the last journal_seek() (0 at first): 0;
 * STEP_END when all committed ones were given; -errno. Borrowed until the next
 * call. Numbers that were damaged or skipped are passed over. */
void journal_seek(struct journal *j, uint64_t seq);
int journal_read(struct journal *j, uint64_t *seq, struct str *record,
		 struct err *e);

/* Unlink the segments all of whose articles are below low and whose frames are
 * below or at `applied`; the newest one stays (where it alone leaves no room
 * within the quota, a new one is begun first). 0 or -errno. */
int journal_forget(struct journal *j, uint64_t low, uint64_t applied,
		   struct err *e);

struct journal_stats {
	uint64_t segments, bytes;	/* on disk now */
	uint64_t frames;		/* the number of the last one */
	uint64_t total;			/* articles ever accepted */
	uint64_t first;			/* the lowest seq still on disk */
	uint64_t damaged_frames, damaged_bytes; /* since opened */
	uint64_t damaged_articles;	/* where their number is known */
	uint64_t cut_bytes;		/* of a torn tail */
	int64_t commit_ns;		/* how long the last commit took */
	uint64_t waiting;		/* bytes of the group */
	uint64_t unread; /* committed articles that the cursor has before it */
};

struct journal_stats journal_stats(const struct journal *j);

#endif
