/* Folds that come in a file: folds_read(). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "learn/folds.h"

static const size_t folds_file_max = (size_t)1 << 30;
enum { NOT_DEALT = UINT32_MAX };

/* Documents in the order of their ids. */
struct place {
	const char *id;
	size_t doc;
};

static int by_id(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = strcmp(x->id, y->id);

	return c ? c : (x->doc > y->doc) - (x->doc < y->doc);
}

struct dealing {
	const struct corpus *c;
	struct folds_dealt *d;
	struct place *places;
};

static int dealing_open(struct dealing *g)
{
	g->places = calloc(g->c->n + 1, sizeof(*g->places));
	if (!g->places)
		return -ENOMEM;
	for (size_t i = 0; i < g->c->n; i++)
		g->places[i] = (struct place){ g->c->v[i].id, i };
	qsort(g->places, g->c->n, sizeof(*g->places), by_id);
	return 0;
}

/* The first place whose id is not below z. */
static size_t find_place(const struct dealing *g, const char *z)
{
	size_t lo = 0, hi = g->c->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(g->places[mid].id, z) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The first line says how many repeats there are. */
static int make_room(struct dealing *g, size_t repeats, struct err *e)
{
	struct folds_dealt *d = g->d;

	if (!d->fold) {
		if (!repeats || repeats > FOLDS_REPEATS_MAX)
			return err_set(e, -EBADMSG,
				       "'folds' has %zu numbers, expected 1 to "
				       "%d",
				       repeats, FOLDS_REPEATS_MAX);
		d->repeats = (uint32_t)repeats;
		d->fold = malloc((repeats * g->c->n + 1) * sizeof(*d->fold));
		for (size_t i = 0; d->fold && i < repeats * g->c->n; i++)
			d->fold[i] = NOT_DEALT;
	}
	if (!d->fold)
		return -ENOMEM;
	return repeats == d->repeats
		       ? 0
		       : err_set(e, -EBADMSG,
				 "'folds' has %zu numbers, the first line has "
				 "%u",
				 repeats, d->repeats);
}

static int deal_one(struct dealing *g, size_t doc, const json_t *folds,
		    struct err *e)
{
	for (size_t r = 0; r < g->d->repeats; r++) {
		const json_t *v = json_array_get(folds, r);
		uint32_t *at = &g->d->fold[r * g->c->n + doc];

		if (!json_is_integer(v) || json_integer_value(v) < 0 ||
		    json_integer_value(v) >= FOLDS_MAX)
			return err_set(e, -EBADMSG,
				       "entry %zu of 'folds' is no whole "
				       "number from 0 to %d",
				       r + 1, FOLDS_MAX - 1);
		if (*at != NOT_DEALT)
			return err_set(e, -EBADMSG,
				       "'%s' has folds already, by a line "
				       "before",
				       g->c->v[doc].id);
		*at = (uint32_t)json_integer_value(v);
	}
	return 0;
}

static int read_object(struct dealing *g, const json_t *o, struct err *e)
{
	const json_t *id = json_object_get(o, "id");
	const json_t *folds = json_object_get(o, "folds");
	char number[32];
	const char *z = json_string_value(id);
	int r;

	if (json_is_integer(id)) {
		snprintf(number, sizeof(number), "%lld",
			 (long long)json_integer_value(id));
		z = number;
	}
	if (!z)
		return err_set(e, -EBADMSG, "'id' is missing or no text");
	if (!json_is_array(folds))
		return err_set(e, -EBADMSG,
			       "'folds' is missing or no list of numbers");
	r = make_room(g, json_array_size(folds), e);
	for (size_t i = find_place(g, z);
	     !r && i < g->c->n && !strcmp(g->places[i].id, z); i++)
		r = deal_one(g, g->places[i].doc, folds, e);
	return r;
}

static int read_line(struct dealing *g, struct str line, struct err *e)
{
	json_t *o;
	int r;

	line = str_trim(line);
	if (!line.n)
		return 0;
	o = json_parse(line, e);
	if (!o)
		return -EBADMSG;
	r = read_object(g, o, e);
	json_decref(o);
	return r;
}

static int check_dealt(const struct dealing *g, const char *path,
		       struct err *e)
{
	const struct folds_dealt *d = g->d;
	size_t n = g->c->n;

	for (size_t i = 0; i < n; i++)
		if (!d->fold || d->fold[i] == NOT_DEALT)
			return err_set(e, -EBADMSG,
				       "%s: has no folds for '%s' (%s)", path,
				       g->c->v[i].id, g->c->v[i].place);
	for (uint32_t r = 0; r < d->repeats; r++) {
		const uint32_t *fold = d->fold + r * n;
		size_t i = 0;

		while (i < n && fold[i] == fold[0])
			i++;
		if (i == n)
			return err_set(e, -EBADMSG,
				       "%s: repeat %u has all documents in one "
				       "fold, so that none is left to learn "
				       "from",
				       path, r);
	}
	return 0;
}

int folds_read(const char *path, const struct corpus *c,
	       struct folds_dealt *ret, struct err *e)
{
	struct dealing g = { .c = c, .d = ret };
	struct str bytes = { NULL, 0 }, rest;
	size_t line = 0;
	int r;

	*ret = (struct folds_dealt){ 0, NULL };
	r = file_read(path, folds_file_max, &bytes, e);
	if (!r)
		r = dealing_open(&g);
	rest = bytes;
	while (rest.p && !r) {
		struct str one = str_cut(&rest, '\n');

		line++;
		r = read_line(&g, one, e);
		if (r == -EBADMSG)
			err_at(e, r, "%s:%zu: ", path, line);
	}
	if (!r)
		r = check_dealt(&g, path, e);
	free(g.places);
	free((char *)bytes.p);
	return r ? err_sys(e, r, "%s", path) : 0;
}

void folds_dealt_done(struct folds_dealt *d)
{
	free(d->fold);
	*d = (struct folds_dealt){ 0, NULL };
}
