/* Letters that are brought to an ingest again, or are done with. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "commands/dlq.h"
#include "commands/pusher.h"

struct replay {
	struct letters *l;
	struct pusher *to; /* NULL: standard output */
	struct buf article, answer;
	size_t accepted, known, failed;
};

static void say_refusal(void *self, uint64_t line, const char *reason)
{
	struct err *why = self;

	(void)line;
	err_set(why, STEP_REJECT, "%s", reason);
}

/* Under a key of its own, so that it is accepted once however often it is
 * brought. */
static int bring(struct replay *p, const struct letter_at *at, struct err *e)
{
	char key[16 + WIRE_ORIGIN_HEX + 24], hex[WIRE_ORIGIN_HEX];
	struct pusher_told told;
	int r;

	origin_hex(at->origin, hex);
	snprintf(key, sizeof(key), "dlq:%s:%llu", hex,
		 (unsigned long long)at->seq);
	r = pusher_send(p->to, str_of(key), buf_view(&p->article), &p->answer,
			e);
	if (!r)
		r = pusher_read(buf_view(&p->answer), &told, say_refusal, e,
				e);
	if (r)
		return r == -EPROTO ? STEP_REJECT : r;
	if (told.accepted != 1)
		return err_set(e, STEP_REJECT, "ingest has not accepted it");
	err_clear(e);
	p->known += told.repeated;
	return handled_add(p->l, at, "replayed", e);
}

static int replay_one(struct replay *p, const struct letter_at *at,
		      struct err *e)
{
	struct str line;
	json_t *letter;
	int r = letters_load(p->l, at, &line, &letter, e);

	if (r)
		return r == -EBADMSG ? STEP_REJECT : r;
	buf_clear(&p->article);
	r = dlq_article(line, letter, &p->article, e);
	json_decref(letter);
	if (!r && p->to)
		return bring(p, at, e);
	if (!r)
		fwrite(p->article.p, 1, p->article.n, stdout);
	return r;
}

/* One that is refused does not hold up the others. */
static int replay_all(struct replay *p, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < p->l->n && !r; i++) {
		const struct letter_at *at = &p->l->v[i];
		char name[64];

		if (!at->chosen)
			continue;
		r = replay_one(p, at, e);
		p->accepted += !r;
		if (r != STEP_REJECT)
			continue;
		letters_name(p->l, at, name, sizeof(name));
		log_line(LOG_WARN, "letter %s: %s", name, e->text);
		err_clear(e);
		p->failed++;
		r = 0;
	}
	return r;
}

static int say_end(const struct replay *p, struct err *e)
{
	if (p->to)
		printf("%zu replayed, %zu of them accepted before; %zu "
		       "refused\n", p->accepted, p->known, p->failed);
	if (!p->failed)
		return 0;
	return err_set(e, STEP_REJECT, "%zu letters were not replayed",
		       p->failed);
}

int dlq_replay(struct letters *l, const struct dlq_options *o, struct err *e)
{
	struct pusher_options to = { .to = o->to,
				     .token_file = o->token_file,
				     .ca = o->ca,
				     .keys = o->keys };
	struct replay p = { .l = l };
	int r = o->to ? pusher_open(&to, &p.to, e) : 0;

	if (r)
		return r;
	buf_init(&p.article, 4 * (size_t)RECORD_LINE_MAX);
	buf_init(&p.answer, 1 << 20);
	r = replay_all(&p, e);
	if (!r)
		r = say_end(&p, e);
	buf_done(&p.article);
	buf_done(&p.answer);
	if (p.to)
		pusher_close(p.to);
	return r;
}

int dlq_drop(struct letters *l, const struct dlq_options *o, struct err *e)
{
	size_t n = 0;
	int r = 0;

	(void)o;
	for (size_t i = 0; i < l->n && !r; i++)
		if (l->v[i].chosen) {
			r = handled_add(l, &l->v[i], "dropped", e);
			n += !r;
		}
	printf("%zu dropped\n", n);
	return r;
}
