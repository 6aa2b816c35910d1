/* classify.h -- the middle room: pull articles, judge, push verdicts. Keeps
 * nothing: it may die at any moment, and any number of it may run. */
#ifndef VIGIE_CLASSIFY_H
#define VIGIE_CLASSIFY_H

#include "base/conf.h"
#include "base/err.h"
#include "classify/model.h"
#include "wire/article.h"
#include "wire/http.h"
#include "wire/keys.h"

struct classify_settings {
	struct conf_texts connect; /* ingests to pull from */
	const char *sink;	   /* where to push verdicts */
	const char *model;	   /* path of the bundle */
	int64_t room, room_bytes;  /* articles held at once, at most */
	int64_t stuck_after; /* ms without getting on, then it is killed */
	bool watch;	     /* load a changed bundle by itself */
	const char *share;   /* the folder to share its copy in, or "none" */
	struct http_settings http;
	const struct keys_settings *keys; /* not in the file; NULL: no tcp */
	int number; /* not in the file: among those of one `vigie run`, from 0;
		     * http listens on its port plus this */
};

extern const struct conf_key classify_keys[];

/* Judge one article: meta, title, text and target in; keys and verdict out, in
 * the arena. Title, text and target are dropped unless flags has
 * WIRE_WANT_TEXT. Pure.
 * Returns 0; STEP_REJECT with the sentence when the article is too large to be
 * judged in this arena. */
int classify_step(const struct model *m, uint32_t flags, struct arena *a,
		  struct article *article, struct err *e);

/* Run until stop_asked(). Returns 0; -EBADMSG and -errno with the sentence. */
int classify_run(const struct classify_settings *s, struct err *e);

#endif
