/* source.h -- where articles come from: one file a kind of source, one row in
 * the table of source.c. A source hands out raw pieces one by one; it knows
 * nothing of what they mean. Owned by ingest, one thread.
 *
 * A source of files says with each piece where it is now; who remembers that
 * once the piece is accepted, and tells it when the source is opened again,
 * gets every line once, over restarts and over rotation: see tail.h. */
#ifndef VIGIE_SOURCE_H
#define VIGIE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { RAW_MAX = 16 << 20 }; /* bytes of one piece */

enum raw_kind {
	RAW_JSON,   /* one JSON object */
	RAW_TEXT,   /* a whole plain text */
	RAW_PARSED, /* one JSON object that our parsers made (document.h) */
};

enum { RAW_ALIASES = 2 };

/* One piece as it came. All of it is borrowed from the source until its next
 * call. */
struct raw {
	enum raw_kind kind;
	struct str bytes;
	const char *place; /* "FILE:3" or "FILE", for sentences */
	const char *file;  /* the file it lies in; NULL: standard input */
	const char *name;  /* given to source_open(), or NULL */
	/* What to remember, and under what key, once this piece was accepted
	 * or refused; an empty key: nothing. These two are also set when
	 * source_next() returns STEP_REJECT, so that what was refused is not
	 * read again. */
	struct str key, position;
	/* By its nature the source may give the same article again (a feed, a
	 * crawl): what came before word for word is passed over, whatever
	 * ingest.repeats says. Other names of the article (identity.h: feed
	 * and guid, the address it was listed under); unused ones are empty. */
	bool once;
	/* It was given up and is brought back on purpose: that it came before
	 * is no reason to pass it over. */
	bool again;
	struct str alias[RAW_ALIASES];
};

/* What a source asks of whoever remembers: where it was when the piece that
 * was last accepted under this key had been accepted. 0; STEP_END: never read;
 * -errno. And, when all its pieces so far are accepted (it is asked for the
 * next), to remember something without a piece; NULL: nobody does. STEP_WAIT:
 * not now, ask again. */
struct source_memory {
	int (*recall)(void *self, struct str key, struct buf *position);
	void *self;
	int (*remember)(void *self, struct str key, struct str position);
};

/* What sources share; any may be NULL. */
struct parser;
struct polls;
struct web;
struct source_tools {
	struct parser *parser;
	struct web *web;
	struct polls *polls;
};

/* For feeds that carry summaries: fetch the page of an item … */
enum source_full {
	SOURCE_FULL_AUTO,   /* … when the feed does not carry its text */
	SOURCE_FULL_ALWAYS,
	SOURCE_FULL_NEVER,
};

struct source_options {
	/* kind: NULL: by its looks. name: what the record calls the source of
	 * an article that names none itself; may be NULL. */
	const char *kind, *path, *name;
	bool follow; /* at the end wait for more: STEP_WAIT */
	const struct source_memory *memory; /* NULL: from the beginning */
	/* Sentences for the log, a line each, as "cut short; read from its
	 * beginning"; they may come with any call. NULL: none. */
	struct buf *notes;
	const struct source_tools *tools; /* never NULL where kinds ask for it */
	int64_t every;	   /* of a feed: ms between two polls at least; 0: as
			    * ingest.web says */
	enum source_full full;
	const char *agent; /* User-Agent for this source; NULL: the usual one */
	bool one_shot;	   /* a run that ends: what is polled is asked once */
};

struct source;

/* The kinds and what each calls its files. */
struct source_kind {
	const char *name; /* jsonl, text, folder … */
	const char *help;
	int (*open)(const struct source_options *o, void **ret, struct err *e);
	int (*next)(void *self, struct raw *ret, struct err *e);
	void (*close)(void *self);
	/* After STEP_WAIT: milliseconds until it is worth asking again, -1:
	 * not before something comes from the web. NULL: soon. */
	int64_t (*pause)(const void *self, int64_t now_ms);
	/* Bytes of the file read, and all there are (0: not known), for
	 * progress; NULL: it cannot tell. */
	void (*progress)(const void *self, uint64_t *done, uint64_t *total);
};

/* Open o->path; o is borrowed for the source's life. By its looks it is: a
 * folder; ".jsonl", ".ndjson" and ".json" are JSON lines; ".html", ".htm" and
 * ".xhtml" a page; ".warc" and ".warc.gz" a crawl archive; ".zip", ".tar",
 * ".tgz", ".tar.*" and what else ends in ".gz" an archive; "-" is standard
 * input, JSON lines when its first byte that is no white space is '{', else
 * one text or page; all else is a text, or a page when it begins as one. With follow it need not be there yet. Returns 0
 * or -errno with the sentence; -EINVAL for a kind that there is not. Does not
 * block: standard input is first looked at by source_next(), and a named pipe
 * waits there for who writes. */
int source_open(const struct source_options *o, struct source **ret,
		struct err *e);
void source_free(struct source *s);
/* The next piece into *ret: 0; STEP_REJECT with a sentence that begins with
 * the place when a piece is refused (remember its position, call again for the
 * next); STEP_WAIT when there is nothing yet, from standard input, a pipe or
 * what is followed (nothing is lost: wait until it can be read, or a while,
 * and call again); STEP_END; -errno when the source can give no more (its sentence
 * names it). e is clear. */
int source_next(struct source *s, struct raw *ret, struct err *e);
/* As the kind says; see struct source_kind. */
int64_t source_pause(const struct source *s, int64_t now_ms);
void source_progress(const struct source *s, uint64_t *done, uint64_t *total);
/* Is it an http or https address rather than a path? */
bool source_is_web(const char *path);
/* Is it polled for ever, whatever `follow` says, but for a run that ends? An
 * address is, and a list of feeds. kind may be NULL. */
bool source_is_polled(const char *path, const char *kind);
/* Will it surely ask for the parser (a page, an archive, a feed)? A folder may.
 * kind may be NULL. */
bool source_is_parsed(const char *path, const char *kind);
/* 0, or -EINVAL with a sentence that names the kinds there are. */
int source_kind_check(const char *name, struct err *e);
/* Rows of the table, ending with one that has no name. */
const struct source_kind *source_kinds(void);

/* For the kinds: up to n bytes of fd into p, their number into *got (0 at the
 * end). Returns 0, STEP_WAIT as above, or -errno without a sentence. */
int source_read(int fd, void *p, size_t n, size_t *got);

#endif
