#include "learn/differ.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "classify/judge.h"
#include "learn/kept.h"

/* What both know. */

static bool has(const struct conf_texts *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->v[i], name))
			return true;
	return false;
}

static void join(struct conf_texts *t, const char *name)
{
	if (!has(t, name))
		t->v[t->n++] = name;
}

static int find_topic(const struct model *m, const char *name)
{
	for (uint32_t t = 0; t < m->topic_count; t++)
		if (!strcmp(m->topics[t].name, name))
			return (int)t;
	return -1;
}

static uint32_t common_topics(const struct model *const m[2])
{
	uint32_t n = 0;

	for (uint32_t t = 0; t < m[0]->topic_count; t++)
		n += find_topic(m[1], m[0]->topics[t].name) >= 0;
	return n;
}

static int check(const struct model *const m[2], struct err *e)
{
	if (m[0]->targets != m[1]->targets)
		return err_set(e, -EINVAL,
			       "the models cannot be compared: their stances "
			       "are not towards the same kind of target");
	if (!common_topics(m))
		return err_set(e, -EINVAL,
			       "the models cannot be compared: they have no "
			       "topic in common");
	return 0;
}

int differ_recipe(const struct model *const m[2], struct recipe *ret,
		  struct err *e)
{
	size_t topics = m[0]->topic_count + m[1]->topic_count;
	size_t stances = m[0]->stance_count + m[1]->stance_count;
	struct recipe r = { .fields = kept_fields(m[0]),
			    .targets = (int)m[0]->targets };
	int bad = check(m, e);

	if (bad)
		return bad;
	r.topics.v = calloc(topics + 1, sizeof(*r.topics.v));
	r.stances.v = calloc(stances + 1, sizeof(*r.stances.v));
	if (!r.topics.v || !r.stances.v) {
		free(r.topics.v);
		free(r.stances.v);
		return -ENOMEM;
	}
	for (int k = 0; k < 2; k++) {
		for (uint32_t t = 0; t < m[k]->topic_count; t++)
			join(&r.topics, m[k]->topics[t].name);
		for (uint32_t s = 0; s < m[k]->stance_count; s++)
			join(&r.stances, m[k]->stances[s]);
	}
	*ret = r;
	return 0;
}

static int find_topics(struct differ *d)
{
	const struct model *a = d->m[0];
	const struct corpus *c = d->corpus;

	d->topic = calloc(common_topics(d->m) + 1, sizeof(*d->topic));
	if (!d->topic)
		return -ENOMEM;
	for (uint32_t t = 0; t < a->topic_count; t++) {
		struct differ_topic *one = &d->topic[d->topics];
		int in_b = find_topic(d->m[1], a->topics[t].name);
		uint32_t i = 0;

		while (i < c->topic_count &&
		       strcmp(c->topics[i], a->topics[t].name))
			i++;
		if (in_b < 0 || i == c->topic_count)
			continue;
		*one = (struct differ_topic){ a->topics[t].name,
					      { t, (uint32_t)in_b }, i };
		d->topics++;
	}
	return 0;
}

/* Judging. */

static int said_init(struct differ_said *s, size_t n)
{
	s->given = calloc(n + 1, 1);
	s->stance = calloc(n + 1, 1);
	return s->given && s->stance ? 0 : -ENOMEM;
}

static unsigned char stance_byte(const struct differ *d, const char *name)
{
	const struct conf_texts *s = &d->corpus->stances;
	unsigned char i = 0;

	while (i < s->n && strcmp(s->v[i], name))
		i++;
	return i < s->n ? (unsigned char)(i + 1) : 0;
}

static int note(struct differ *d, int k, size_t i, const struct judgement *j,
		struct arena scratch)
{
	const struct model *m = d->m[k];
	unsigned char *given = arena_take(&scratch, m->topic_count);

	if (!given)
		return -ENOMEM;
	judge_topics(m, j, given);
	for (uint32_t t = 0; t < d->topics; t++) {
		size_t at = i * d->topics + t;
		uint32_t topic = d->topic[t].in[k], s;
		double p;

		d->said[k].given[at] = given[topic];
		if (!m->stance_count)
			continue;
		s = judge_stance(m, j, topic, &p);
		d->said[k].stance[at] = p < m->unsure
						? DIFFER_UNSURE
						: stance_byte(d,
							      m->stances[s]);
	}
	return 0;
}

static int judge_all(struct differ *d)
{
	struct arena block;
	int r = arena_open(&block, JUDGE_ARENA);

	for (size_t i = 0; i < d->corpus->n && !r; i++) {
		const struct example *x = &d->corpus->v[i];
		const struct str field[FIELD_COUNT] = { x->title, x->text,
							x->target };

		for (int k = 0; k < 2 && !r; k++) {
			struct arena scratch = block;
			struct judgement j;

			r = judge(d->m[k], field, &scratch, &j);
			if (!r)
				r = note(d, k, i, &j, scratch);
		}
		log_progress("judging by both", i + 1, d->corpus->n);
	}
	arena_close(block);
	return r;
}

static void note_gold(struct differ *d)
{
	for (size_t i = 0; i < d->corpus->n; i++)
		for (uint32_t t = 0; t < d->topics; t++) {
			const struct example *x = &d->corpus->v[i];
			unsigned char b = x->labels[d->topic[t].in_corpus];
			size_t at = i * d->topics + t;

			d->gold.given[at] = b != 0;
			if (b != CORPUS_NO_STANCE)
				d->gold.stance[at] = b;
		}
}

/* A stance that one of both cannot tell would be held against it. */
static bool shares_stances(const struct model *const m[2])
{
	for (uint32_t a = 0; a < m[0]->stance_count; a++)
		for (uint32_t b = 0; b < m[1]->stance_count; b++)
			if (!strcmp(m[0]->stances[a], m[1]->stances[b]))
				return true;
	return false;
}

int differ_init(struct differ *d, const struct model *const m[2],
		const struct corpus *c, bool labelled)
{
	size_t n;
	int r;

	*d = (struct differ){ .m = { m[0], m[1] },
			      .corpus = c,
			      .labelled = labelled,
			      .stances = shares_stances(m) };
	r = find_topics(d);
	n = c->n * d->topics;
	for (int k = 0; k < 2 && !r; k++)
		r = said_init(&d->said[k], n);
	if (!r)
		r = said_init(&d->gold, n);
	if (!r && labelled)
		note_gold(d);
	return r ? r : judge_all(d);
}

void differ_done(struct differ *d)
{
	struct differ_said *all[] = { &d->said[0], &d->said[1], &d->gold };

	for (size_t i = 0; i < 3; i++) {
		free(all[i]->given);
		free(all[i]->stance);
	}
	free(d->topic);
	*d = (struct differ){ .topics = 0 };
}

/* What is told. */

bool differ_at(const struct differ *d, size_t i)
{
	for (uint32_t t = 0; t < d->topics; t++) {
		size_t at = i * d->topics + t;
		bool a = d->said[0].given[at], b = d->said[1].given[at];

		if (a != b || (a && d->stances &&
			       d->said[0].stance[at] != d->said[1].stance[at]))
			return true;
	}
	return false;
}

void differ_tell(const struct differ *d, const struct differ_said *s,
		 size_t i, struct buf *out)
{
	bool any = false;

	for (uint32_t t = 0; t < d->topics; t++) {
		size_t at = i * d->topics + t;
		unsigned char b = s->stance[at];

		if (!s->given[at])
			continue;
		buf_printf(out, "%s%s", any ? ", " : "", d->topic[t].name);
		if (b)
			buf_printf(out, " %s",
				   b == DIFFER_UNSURE
					   ? "unsure"
					   : d->corpus->stances.v[b - 1]);
		any = true;
	}
	if (!any)
		buf_add_z(out, "none");
}
