/* json_members.h -- the members of a JSON object, found in one pass and left as
 * they were written: for who knows which it looks for and needs no tree. */
#ifndef VIGIE_JSON_MEMBERS_H
#define VIGIE_JSON_MEMBERS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

enum { JSON_MEMBERS_FEW = 16 };

/* All lie in the text or in the arena. */
struct json_member {
	struct str name;    /* without quotes and escapes */
	struct str written; /* the same with them */
	struct str value;   /* as written */
	struct str text;    /* of a string: without quotes and escapes */
	bool taken;	    /* the caller's */
};

struct json_members {
	struct json_member *v; /* in their order */
	size_t n, room;
	struct json_member few[JSON_MEMBERS_FEW]; /* v, mostly */
};

/* Find the members of s, which is well-formed UTF-8. What json_parse() refuses
 * is refused with its sentence, and so is what is no object. 0; STEP_REJECT;
 * -ENOMEM. Either way *ret is to be done, and is not moved before. */
int json_members(struct str s, struct arena *a, struct json_members *ret,
		 struct err *e);
void json_members_done(struct json_members *all);
/* The member of this name, or NULL. */
struct json_member *json_members_get(const struct json_members *all,
				     const char *name);
bool json_member_is_text(const struct json_member *m);
/* Of a list or an object its tree, of others their value: to json_decref(); or
 * NULL without memory. */
json_t *json_member_value(const struct json_member *m);

#endif
