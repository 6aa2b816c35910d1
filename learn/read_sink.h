/* read_sink.h -- between the readers of labelled data, one a format, and the
 * corpus that they fill: what they hand over for each document, and where
 * their complaints go. One thread a sink. */
#ifndef VIGIE_READ_SINK_H
#define VIGIE_READ_SINK_H

#include "base/err.h"
#include "base/str.h"
#include "learn/recipe.h"

/* A document's label as it was written. */
struct raw_label {
	struct str topic, stance; /* stance.p NULL: none told */
};

/* A document as it was written: well-formed UTF-8 without NUL, in no form of
 * normalisation, nothing trimmed, p NULL where nothing is told. */
struct raw_example {
	size_t line; /* from 1, where it begins; 0: the file is the document */
	struct str id, title, text, hand, date;
	/* Where documents come with targets … */
	struct str target, stance;
	/* … and where they do not. */
	const struct raw_label *labels;
	size_t n;
	bool dotted; /* a label without a stance may be "topic.stance" */
};

/* Whose file is read into it: the fields left to others are the corpus's. */
struct read_sink {
	const struct recipe *recipe;
	const char *path;  /* of the file in hand */
	struct buf report; /* complaints, a line each */
	size_t count;	   /* of them */
	void *arg;
	/* Bytes of a file, before they are understood: for the digest. */
	void (*bytes)(void *arg, struct str bytes);
	/* Take a document, which is borrowed for the call. 0, also when there
	 * was something to complain of, or -errno. */
	int (*example)(void *arg, const struct raw_example *x);
};

/* Add "PATH:LINE:COLUMN: sentence" to the report; line and column count from 1,
 * columns in bytes, and 0 leaves them out. */
void read_complain(struct read_sink *s, size_t line, size_t column,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The beginning of s that a sentence has room for, cut between characters. */
struct str read_shown(struct str s);

/* Is text well-formed UTF-8 without NUL? If not, a complaint at the place says
 * which byte of it, from 1, is the first that is wrong; `what` is what the text
 * is ("line"). */
bool read_is_text(struct read_sink *s, size_t line, size_t column,
		  const char *what, struct str text);

/* Without the UTF-8 mark (U+FEFF) at the start of a file. */
struct str read_unmarked(struct str bytes);

/* Read all of the file at path for parsing: its bytes have gone to s->bytes.
 * The caller frees ret->p, which has a NUL behind its end. 0 or -errno with
 * the sentence. */
int read_bytes(struct read_sink *s, const char *path, struct str *ret,
	       struct err *e);

#endif
