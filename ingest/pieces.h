/* pieces.h -- what a push brings, cut into articles: the lines of JSON lines,
 * the elements of an array, or one object. Bytes are cut and not parsed: a
 * piece is one JSON text if the whole is JSON, and who parses it will say where
 * it is none. Views only; one thread. */
#ifndef VIGIE_PIECES_H
#define VIGIE_PIECES_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum pieces_form {
	PIECES_LINES, /* one a line; blank lines are passed over */
	PIECES_ARRAY, /* [ one, two ] */
	PIECES_ONE,   /* all of it */
	PIECES_WRONG, /* a media type that has no articles */
};

struct pieces {
	enum pieces_form form;
	uint64_t number; /* of the piece in hand, from 1: line or element */
	struct str rest;
	bool closed, over; /* the array; all of it */
};

/* The form that a media type says (NULL: none is given). application/json is
 * one object, or an array when it begins so; what has no type, or that of web
 * forms, which curl gives to all it sends, is lines, or an array; the types of
 * JSON lines are lines, whatever the first one is. */
enum pieces_form pieces_form(const char *type, struct str body);
void pieces_begin(struct pieces *p, enum pieces_form form, struct str body);
/* The next piece: 0; STEP_REJECT with a sentence when the bytes hold no piece
 * here (call again); STEP_END. */
int pieces_next(struct pieces *p, struct str *ret, struct err *e);

#endif
