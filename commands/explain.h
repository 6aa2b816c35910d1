/* explain.h -- one judged article shown in three ways: for the terminal, as
 * JSON, as a part of a page. */
#ifndef VIGIE_EXPLAIN_H
#define VIGIE_EXPLAIN_H

#include <stdio.h>

#include "classify/evidence.h"
#include "commands/marks.h"

struct explained {
	const struct model *m;
	const struct judgement *j;
	const unsigned char *given; /* by judge_topics() */
	const char *place; /* "FILE:3", well-formed, without control
			    * characters */
	struct str meta;   /* the article's JSON members, without braces */
	bool all;	   /* the topics that were not given, too */
};

/* A column as people read it. */
struct explain_column {
	struct evidence evidence;
	struct told *told; /* its words, each once, the heaviest for first */
	size_t told_count;
	struct spans flat; /* its words, laid over the text */
};

/* 0 or -ENOMEM when the arena is full. */
int explain_column(const struct explained *x, uint32_t column,
		   struct arena *a, struct explain_column *ret);
/* Of a machine with a kernel: in which way its shares are an approximation,
 * and how far they miss. */
void explain_note(const struct model *m, const struct evidence *e,
		  struct buf *out);

/* In the terminal. */
struct explain_look {
	bool colours;
	bool full;    /* the whole text; else the heaviest sentences */
	size_t width; /* columns of the terminal */
};

/* To standard output. 0, -ENOMEM when the arena is full, or what buf_error()
 * says. */
int explain_text(const struct explained *x, const struct explain_look *look,
		 struct arena scratch);
/* One object on one line, to standard output: every word with a share. 0 or
 * -ENOMEM. */
int explain_json(const struct explained *x, struct arena scratch);

/* A page that needs nothing beside itself. */
struct explain_page {
	struct buf index, body;
	size_t articles;
};

void explain_page_init(struct explain_page *p);
void explain_page_done(struct explain_page *p);
/* Add an article. 0, -ENOMEM, -EMSGSIZE when the page becomes too large. */
int explain_page_add(struct explain_page *p, const struct explained *x,
		     struct arena scratch);
/* Write the page of all that were added. 0 or -ENOMEM. */
int explain_page_write(const struct explain_page *p, const struct model *m,
		       FILE *out);

#endif
