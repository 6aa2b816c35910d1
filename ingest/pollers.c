#include "ingest/pollers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct part {
	struct poller *poller;
	char *url;  /* as the list names it */
	bool ended, listed;
};

struct pollers {
	const struct source_options *o;
	struct poller *root;
	bool root_ended;
	struct part *v; /* what it lists */
	size_t n, turn;
	size_t failed; /* parts of a run that ends */
	struct err first; /* of them */
	int trouble;
};

int pollers_open(const struct source_options *o, enum poller_want want,
		 struct pollers **ret, struct err *e)
{
	struct pollers *g = calloc(1, sizeof(*g));
	int r;

	if (!g)
		return err_sys(e, -ENOMEM, "%s", o->path);
	g->o = o;
	r = poller_open(o, o->path, NULL, want, &g->root, e);
	if (r) {
		free(g);
		return r;
	}
	*ret = g;
	return 0;
}

static void drop(struct part *part)
{
	poller_free(part->poller);
	free(part->url);
}

void pollers_free(struct pollers *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->n; i++)
		drop(&g->v[i]);
	free(g->v);
	poller_free(g->root);
	free(g);
}

/* Lists have their order, in which most stay where they were: look there
 * first, and a list of thousands is compared in one pass. */
static struct part *find(struct pollers *g, struct str url, size_t from)
{
	for (size_t i = 0; i < g->n; i++) {
		struct part *part = &g->v[(from + i) % g->n];

		if (str_is(url, part->url))
			return part;
	}
	return NULL;
}

static int add(struct pollers *g, struct str url, struct str title,
	       struct err *e)
{
	struct part *part = &g->v[g->n];
	char *called = strndup(title.p ? title.p : "", title.n);
	int r = -ENOMEM;

	*part = (struct part){ .url = strndup(url.p, url.n), .listed = true };
	if (part->url && called)
		r = poller_open(g->o, part->url, called, POLLER_PART,
				&part->poller, e);
	free(called);
	if (r)
		free(part->url);
	else
		g->n++;
	return r;
}

static void drop_unlisted(struct pollers *g)
{
	size_t k = 0;

	for (size_t i = 0; i < g->n; i++) {
		if (g->v[i].listed)
			g->v[k++] = g->v[i];
		else
			drop(&g->v[i]);
	}
	g->n = k;
	g->turn = 0;
}

static size_t count_lines(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

static int take_list(struct pollers *g, struct str list, struct err *e)
{
	struct part *v = realloc(g->v, (g->n + count_lines(list) + 1) *
					       sizeof(*v));
	size_t at = 0;
	int r = 0;

	if (!v)
		return -ENOMEM;
	g->v = v;
	for (size_t i = 0; i < g->n; i++)
		g->v[i].listed = false;
	while (!r && list.n) {
		struct str title = str_cut(&list, '\n');
		struct str url = str_cut(&title, '\t');
		struct part *had = find(g, url, at++);

		if (had)
			had->listed = true;
		else
			r = add(g, url, title, e);
	}
	drop_unlisted(g);
	return r;
}

/* The root, which may be a list that is new. */
static int ask_root(struct pollers *g, struct raw *ret, struct err *e)
{
	struct str list;
	int r = g->root_ended ? STEP_END : poller_next(g->root, ret, e);

	if (poller_list(g->root, &list)) {
		int took = take_list(g, list, e);

		if (took)
			return took;
	}
	if (r == STEP_END)
		g->root_ended = true;
	return r;
}

static void note_failure(struct pollers *g, const struct err *why, int r)
{
	if (!g->failed++) {
		g->first = *why;
		g->trouble = r;
	}
	if (g->o->notes)
		buf_printf(g->o->notes, "%s\n", why->text);
}

/* One of the list. In a run that ends its trouble is not the others'. */
static int ask_part(struct pollers *g, struct part *part, struct raw *ret,
		    struct err *e)
{
	struct err why = { "" };
	int r = part->ended ? STEP_END : poller_next(part->poller, ret, &why);

	if (r < 0 && r != -ENOMEM) {
		note_failure(g, &why, r);
		r = STEP_END;
	}
	if (r == STEP_END)
		part->ended = true;
	else if (r == STEP_REJECT || r < 0)
		err_set(e, r, "%s", why.text);
	return r;
}

static int end(const struct pollers *g, struct err *e)
{
	if (!g->failed)
		return STEP_END;
	return err_set(e, g->trouble, "%s: %zu of %zu could not be read, "
		       "first: %s", poller_place(g->root), g->failed, g->n,
		       g->first.text);
}

int pollers_next(struct pollers *g, struct raw *ret, struct err *e)
{
	int r = ask_root(g, ret, e);
	bool waits = r == STEP_WAIT;

	if (r != STEP_WAIT && r != STEP_END)
		return r;
	for (size_t i = 0; i < g->n; i++) {
		r = ask_part(g, &g->v[g->turn], ret, e);
		if (r != STEP_WAIT && r != STEP_END)
			return r;
		waits |= r == STEP_WAIT;
		g->turn = (g->turn + 1) % g->n;
	}
	return waits ? STEP_WAIT : end(g, e);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

int64_t pollers_pause(const struct pollers *g, int64_t now_ms)
{
	int64_t ms = g->root_ended ? -1 : poller_pause(g->root, now_ms);

	for (size_t i = 0; i < g->n && ms; i++)
		if (!g->v[i].ended)
			ms = sooner(ms, poller_pause(g->v[i].poller, now_ms));
	return ms;
}
