/* settings.h -- the whole configuration: the rooms' tables under one roof, and
 * what follows from several of them at once. */
#ifndef VIGIE_SETTINGS_H
#define VIGIE_SETTINGS_H

#include <limits.h>
#include <stdbool.h>

#include "base/conf.h"
#include "classify/classify.h"
#include "ingest/ingest.h"
#include "sink/sink.h"

struct settings {
	struct ingest_settings ingest;
	struct classify_settings classify;
	struct sink_settings sink;
	int64_t workers; /* of `vigie run`; 0: one a processor */
	int log;	 /* enum log_level */
	int log_format;	 /* enum log_format; right behind log */
	struct keys_settings keys;
	char model_path[PATH_MAX]; /* where classify.model points, if found */
};

extern const struct conf_key settings_keys[];

/* Load path (NULL: defaults alone) and look for the model. Returns 0; -EINVAL
 * with every problem in c->problems and in the sentence; -errno with the
 * sentence. conf_done() in every case. */
int settings_load(struct conf *c, const char *path, struct settings *ret,
		  struct err *e);
/* What a table cannot know: endpoints, HTTP, kinds, targets, and what needs a
 * journal. Adds to c->problems; returns 0 or -EINVAL. */
int settings_check(struct conf *c, const struct settings *s);
/* Do articles come by themselves, so that no source is needed? With a journal
 * they may, over ZeroMQ or over HTTP. */
bool settings_take_pushes(const struct settings *s);
/* Fill endpoints that were not told with those of a system-wide vigie. */
void settings_endpoints(struct settings *s);
/* 0, or -ENOENT with a sentence that says where a model was looked for. */
int settings_need_model(const struct settings *s, struct err *e);

#endif
