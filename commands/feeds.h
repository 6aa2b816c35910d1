/* feeds.h -- the actions of `vigie feeds`. Each returns 0 or what err_exit()
 * takes, with the sentence. */
#ifndef VIGIE_FEEDS_H
#define VIGIE_FEEDS_H

#include <stdbool.h>

#include "base/err.h"
#include "commands/settings.h"
#include "ingest/poll.h"

struct feeds_options {
	const char *config, *output;
	bool json, all;
};

/* A feed of the configuration, with what the journal remembers of it. */
struct feed_row {
	char *name;  /* in the configuration or the list that names it, or "" */
	char *key;   /* its address as the journal knows it */
	bool known;  /* the journal remembers something */
	bool named;  /* the configuration names it */
	struct poll poll; /* .url: its address */
};

struct feeds {
	struct feed_row *v;
	size_t n, room;
};

/* Those of the configuration, and of the lists (OPML) in files that it names,
 * in its order, each with what the journal remembers; with `all` those that
 * the journal alone knows of behind them. feeds_done() in every case. */
int feeds_gather(const struct settings *s, bool all, struct feeds *ret,
		 struct err *e);
void feeds_done(struct feeds *f);

int feeds_list(const struct settings *s, const struct feeds_options *o,
	       const char *word, struct err *e);
int feeds_export(const struct settings *s, const struct feeds_options *o,
		 const char *word, struct err *e);
int feeds_import(const struct settings *s, const struct feeds_options *o,
		 const char *word, struct err *e);
int feeds_discover(const struct settings *s, const struct feeds_options *o,
		   const char *word, struct err *e);

/* Call each() for every line of the OPML file at path: address and title, the
 * latter perhaps empty. */
int feeds_of_file(const char *path,
		  int (*each)(void *self, struct str url, struct str title),
		  void *self, struct err *e);
/* Print what is in out, or write it to path unless that is NULL. */
int feeds_write(const char *path, struct buf *out, struct err *e);

#endif
