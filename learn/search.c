#include "learn/search.h"

#include <errno.h>
#include <math.h>

struct walk {
	const struct search *s;
	struct search_plan *p;
	struct arena *a;
	size_t most; /* wants */
	size_t room; /* for steps */
};

/* One setting. */
struct candidate {
	struct recipe recipe;
	struct str setting;
	double figure;
};

static bool is_wanted(const struct search_plan *p, struct str setting)
{
	for (size_t i = 0; i < p->want_count; i++)
		if (str_eq(p->wants[i].setting, setting))
			return true;
	return false;
}

static void note(struct walk *w, const struct candidate *t)
{
	struct search_plan *p = w->p;

	if (!isnan(t->figure)) {
		p->done++;
		return;
	}
	if (is_wanted(p, t->setting))
		return;
	p->left++;
	if (p->want_count < w->most)
		p->wants[p->want_count++] =
			(struct search_want){ t->recipe, t->setting };
}

/* The best so far with these changes; -INFINITY when nothing comes of them. */
static int try_text(struct walk *w, struct str text, struct candidate *t)
{
	int r;

	t->recipe = w->p->best;
	t->figure = -INFINITY;
	r = setting_apply(&t->recipe, text, w->a, NULL);
	if (r)
		return r == -EINVAL ? 0 : r;
	t->setting = setting_differences(w->s->base, &t->recipe, w->a);
	if (!t->setting.p)
		return -ENOMEM;
	if (str_eq(t->setting, w->p->setting))
		return 0;
	t->figure = w->s->figure(w->s->arg, t->setting);
	note(w, t);
	return 0;
}

/* The list of steps doubles; the old one stays in the arena. */
static int add_step(struct walk *w, struct search_step step)
{
	struct search_plan *p = w->p;
	struct search_step *more;

	if (p->step_count == w->room) {
		w->room = 2 * w->room + 8;
		more = arena_take_array(w->a, w->room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		for (size_t i = 0; i < p->step_count; i++)
			more[i] = p->steps[i];
		p->steps = more;
	}
	p->steps[p->step_count++] = step;
	return 0;
}

static int take(struct walk *w, const struct candidate *t)
{
	struct setting_base before = *w->s->base;
	struct search_step step = { .setting = t->setting,
				    .figure = t->figure };

	before.recipe = &w->p->best;
	step.change = setting_differences(&before, &t->recipe, w->a);
	if (!step.change.p)
		return -ENOMEM;
	w->p->best = t->recipe;
	w->p->setting = t->setting;
	w->p->figure = t->figure;
	return add_step(w, step);
}

/* Try all alternatives, and take the best of those that are known when it
 * gains enough: what is not known is taken to gain nothing until it is. */
static int make_move(struct walk *w, const struct space_move *m, bool *gained)
{
	double top = w->p->figure + w->s->least;
	struct candidate best, t;
	int r = 0;

	*gained = false;
	for (size_t i = 0; i < m->n && !r; i++) {
		struct arena before = *w->a;
		size_t wants = w->p->want_count;

		r = try_text(w, m->try[i], &t);
		if (!r && t.figure > top) {
			best = t;
			top = t.figure;
			*gained = true;
		} else if (w->p->want_count == wants) {
			*w->a = before; /* nobody needs it */
		}
	}
	return !r && *gained ? take(w, &best) : r;
}

static int walk_round(struct walk *w, bool *gained)
{
	const struct space *s = w->s->space;
	struct search_plan *p = w->p;
	int r = 0;

	for (size_t row = 0; row < space_rows(s); row++)
		for (size_t i = 0; i < space_subjects(s, &p->best, row); i++) {
			struct space_move m;
			bool more;

			do {
				r = space_move(s, &p->best, row, i, w->a, &m);
				if (!r)
					r = make_move(w, &m, &more);
				if (r)
					return r;
				*gained |= more;
			} while (more && m.steps);
		}
	return 0;
}

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

struct texts {
	struct str *v;
	size_t n;
};

/* All that can be tried from the best. */
static int gather(struct walk *w, struct texts *ret)
{
	const struct space *s = w->s->space;
	const struct recipe *best = &w->p->best;
	size_t most = 0;

	for (size_t row = 0; row < space_rows(s); row++)
		most += space_subjects(s, best, row) * SPACE_TRIES_MAX;
	*ret = (struct texts){ arena_take_array(w->a, most, sizeof(*ret->v)),
			       0 };
	if (!ret->v)
		return -ENOMEM;
	for (size_t row = 0; row < space_rows(s); row++)
		for (size_t i = 0; i < space_subjects(s, best, row); i++) {
			struct space_move m;

			if (space_move(s, best, row, i, w->a, &m))
				return -ENOMEM;
			for (size_t k = 0; k < m.n; k++)
				ret->v[ret->n++] = m.try[k];
		}
	return 0;
}

static int draw_pair(struct walk *w, const struct texts *t, uint64_t *state,
		     struct space_move *ret)
{
	struct str a = t->v[draw(state) % t->n];
	struct str b = t->v[draw(state) % t->n];
	struct buf both;

	buf_init(&both, 1 << 16);
	buf_printf(&both, STR_FMT "; " STR_FMT, STR_ARG(a), STR_ARG(b));
	*ret = (struct space_move){ .n = 1 };
	ret->try[0] = arena_copy(w->a, buf_view(&both));
	if (buf_error(&both))
		ret->try[0].p = NULL;
	buf_done(&both);
	return ret->try[0].p ? 0 : -ENOMEM;
}

/* Where no single move gains, two together may. The draws are other ones after
 * each gain. */
static int walk_pairs(struct walk *w, bool *gained)
{
	uint64_t state = w->s->seed + w->p->step_count * 0x9E3779B9u;
	struct texts t;
	int r = gather(w, &t);

	for (int i = 0; i < SEARCH_PAIRS && !r && t.n > 1 && !*gained; i++) {
		struct space_move m;

		r = draw_pair(w, &t, &state, &m);
		if (!r)
			r = make_move(w, &m, gained);
	}
	return r;
}

/* One round of single moves, and pairs when it has gained nothing. */
static int walk_once(struct walk *w)
{
	struct search_plan *p = w->p;
	bool gained = false;
	int r;

	p->pairs = false;
	p->done = 0;
	r = walk_round(w, &gained);
	if (r || p->left || gained)
		return r;
	p->pairs = true;
	p->done = 0;
	r = walk_pairs(w, &gained);
	p->over = !r && !p->left && !gained;
	return r;
}

int search_plan(const struct search *s, size_t wants, struct arena *a,
		struct search_plan *ret)
{
	struct walk w = { .s = s, .p = ret, .a = a, .most = wants };
	struct candidate start = { .recipe = *s->base->recipe,
				   .setting = STR("") };
	int r;

	*ret = (struct search_plan){ .best = start.recipe,
				     .setting = start.setting };
	ret->wants = arena_take_array(a, wants + 1, sizeof(*ret->wants));
	if (!ret->wants)
		return -ENOMEM;
	start.figure = ret->figure = s->figure(s->arg, start.setting);
	note(&w, &start);
	do {
		ret->round++;
		r = walk_once(&w);
	} while (!r && !ret->left && !ret->over);
	return r;
}
