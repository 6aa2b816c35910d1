#include "base/json_members.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"

bool json_member_is_text(const struct json_member *m)
{
	return m->value.p[0] == '"';
}

json_t *json_member_value(const struct json_member *m)
{
	return json_loadb(m->value.p, m->value.n, JSON_DECODE_ANY, NULL);
}

struct json_member *json_members_get(const struct json_members *all,
				     const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < all->n; i++) {
		struct str s = all->v[i].name;

		if (s.n == n && (!n || s.p[0] == name[0]) &&
		    !memcmp(s.p, name, n))
			return &all->v[i];
	}
	return NULL;
}

/* What is nested is seldom, and jansson's tree knows of its duplicates. */
static bool pass_value(struct json_reader *r)
{
	json_t *v = json_take_value(r);

	json_decref(v);
	return v;
}

static bool take_member(struct json_reader *r, struct json_member *m)
{
	json_take_space(r);
	m->written.p = r->p;
	if (!json_take(r, '"') || !json_take_string(r, &m->name))
		return false;
	m->written.n = (size_t)(r->p - m->written.p);
	json_take_space(r);
	if (!json_take(r, ':'))
		return false;
	json_take_space(r);
	m->value.p = r->p;
	if (json_take(r, '"') ? !json_take_string(r, &m->text)
			      : !pass_value(r))
		return false;
	m->value.n = (size_t)(r->p - m->value.p);
	return r->tokens <= JSON_TOKENS_MAX;
}

static void begin(struct json_members *all)
{
	all->v = all->few;
	all->room = JSON_MEMBERS_FEW;
	all->n = 0;
}

void json_members_done(struct json_members *all)
{
	if (all->v != all->few)
		free(all->v);
	begin(all);
}

/* The place of another, or NULL. */
static struct json_member *add(struct json_members *all)
{
	bool few = all->v == all->few;
	struct json_member *more;

	if (all->n == all->room) {
		more = realloc(few ? NULL : all->v,
			       2 * all->room * sizeof(*more));
		if (!more)
			return NULL;
		if (few)
			memcpy(more, all->few, sizeof(all->few));
		all->v = more;
		all->room *= 2;
	}
	more = &all->v[all->n++];
	*more = (struct json_member){ .taken = false };
	return more;
}

static bool take_members(struct json_reader *r, struct json_members *all)
{
	struct json_member *m;

	json_take_space(r);
	if (!json_take(r, '{'))
		return false;
	r->depth++;
	r->tokens++;
	json_take_space(r);
	if (json_take(r, '}'))
		return true;
	do {
		m = add(all);
		if (!m || !take_member(r, m))
			return false;
		json_take_space(r);
		r->tokens += json_is_at(r, ',');
	} while (json_take(r, ','));
	return json_take(r, '}');
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool are_many_unique(const struct json_members *all,
			    struct arena scratch)
{
	struct str *names = arena_take_array(&scratch, all->n, sizeof(*names));

	if (!names)
		return false;
	for (size_t i = 0; i < all->n; i++)
		names[i] = all->v[i].name;
	qsort(names, all->n, sizeof(*names), by_name);
	for (size_t i = 1; i < all->n; i++)
		if (str_eq(names[i - 1], names[i]))
			return false;
	return true;
}

static bool are_unique(const struct json_members *all, struct arena scratch)
{
	if (all->n > JSON_MEMBERS_FEW)
		return are_many_unique(all, scratch);
	for (size_t i = 1; i < all->n; i++)
		for (size_t j = 0; j < i; j++)
			if (str_eq(all->v[i].name, all->v[j].name))
				return false;
	return true;
}

/* It was not read. */
static int say_why(struct str s, struct err *e)
{
	json_t *v = json_parse(s, e);
	bool is_object = json_is_object(v);

	json_decref(v);
	if (is_object)
		return -ENOMEM;
	return v ? err_set(e, STEP_REJECT, "no JSON object") : STEP_REJECT;
}

int json_members(struct str s, struct arena *a, struct json_members *ret,
		 struct err *e)
{
	struct json_reader r;
	bool good;

	begin(ret);
	json_read_begin(&r, s, a);
	good = take_members(&r, ret);
	json_take_space(&r);
	if (!good || r.p < r.end || r.tokens > JSON_TOKENS_MAX ||
	    !are_unique(ret, *a))
		return say_why(s, e);
	return 0;
}
