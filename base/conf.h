/* conf.h -- YAML read through a table: the table gives types, bounds, defaults
 * and help, and from it come the loader, the errors (all of them, each with
 * line and column), the example file and the listing of what is in effect.
 *
 * A struct conf owns every string and list that it filled in; free it last.
 * Single-threaded. */
#ifndef VIGIE_CONF_H
#define VIGIE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"

enum conf_kind {
	CONF_TEXT,   /* const char *, or NULL */
	CONF_BOOL,   /* bool: true or false */
	CONF_INT,    /* int64_t within min..max */
	CONF_REAL,   /* double within min..max */
	CONF_SIZE,   /* int64_t bytes: 65536, 64k, 16M, 2G */
	CONF_TIME,   /* int64_t milliseconds: 250ms, 5s, 2m, 1h */
	CONF_CHOICE, /* int: index into choices */
	CONF_RANGE,  /* struct conf_range: [1, 2] */
	CONF_TEXTS,  /* struct conf_texts: a list of strings, or one */
	CONF_REALS,  /* struct conf_reals: a list of numbers, or one */
	CONF_MAP,    /* keys, in a struct that lies at `at` */
	CONF_MAPS,   /* struct conf_maps: a list of such structs */
	CONF_ANY,    /* struct conf_texts of "name", "value" pairs */
};

struct conf_range {
	int64_t lo, hi;
};

struct conf_texts {
	const char **v;
	size_t n;
};

struct conf_reals {
	double *v;
	size_t n;
};

struct conf_maps {
	void *v; /* n structs of the table's size */
	size_t n;
};

struct conf_key {
	const char *name; /* NULL ends a table */
	enum conf_kind kind;
	size_t at;	    /* offset in the struct of this level */
	const char *preset; /* default: a scalar as it is, else YAML flow as
			     * in [1, 2]; NULL: 0, NULL, false, empty */
	double min, max;    /* for numbers, sizes and times */
	const char *const *choices; /* CONF_CHOICE, NULL at the end */
	const struct conf_key *keys; /* CONF_MAP, CONF_MAPS */
	size_t size;		     /* CONF_MAPS: of one struct */
	const char *help; /* what it is, for the example and the man page */
};

struct conf {
	struct arena block, free;
	struct buf problems; /* one line each */
	size_t count;	     /* of problems */
	const char *path;    /* borrowed */
};

/* Fill *into (of which keys is the table) from the file at path, or with the
 * defaults alone when path is NULL. Every problem is collected in
 * c->problems, "FILE:LINE:COLUMN: sentence\n" each. Returns 0; -EINVAL when
 * there are problems, *into being safe to read all the same; or -errno with
 * the sentence when the file cannot be read. conf_done() in every case. */
int conf_load(struct conf *c, const char *path, const struct conf_key *keys,
	      void *into, struct err *e);
/* The same from bytes; name stands for the path in the sentences. */
int conf_parse(struct conf *c, const char *name, struct str yaml,
	       const struct conf_key *keys, void *into, struct err *e);
void conf_done(struct conf *c);
/* A problem found after loading, without a place of its own. */
void conf_problem(struct conf *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What is in effect, as YAML that conf_load() reads back. */
void conf_show(const struct conf_key *keys, const void *from, FILE *out);
/* Every key with its help and its default, commented out: "#key: value". The
 * names of maps stand; a list of maps is shown with one entry, all of it
 * commented out. The file loads as it is, to the defaults. */
void conf_example(const struct conf_key *keys, FILE *out);
/* The same as a section of a man page. */
void conf_man(const struct conf_key *keys, FILE *out);

#endif
