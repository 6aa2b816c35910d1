/* The items of a document into pieces, in their order; those whose text is
 * elsewhere wait for their page, a few at a time. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ingest/parser.h"
#include "ingest/poller_parts.h"

enum {
	AGAIN_MS = 10 * 60000,	/* after the first failure */
	LAST_MS = 60 * 60000,	/* after the second */
	TRIES = 3,
	WAITS_MAX = 64 << 10, /* bytes of an item that waits for them */
	PAGE_MAX = 5 << 20, /* bytes of its line: no article is as long */
};

enum slot_state {
	SLOT_READY,
	SLOT_ASKED, /* its page is on its way */
	SLOT_AGAIN, /* it failed, and is tried again */
};

struct slot {
	struct poller *p;
	enum slot_state state;
	unsigned number;
	uint64_t id;
	size_t size; /* of its line */
	int tries;
	bool failed;
	int64_t due_ms;
	json_t *item, *page;
	char *at; /* where the page lay */
	struct web_job *job;
};

static void drop_slot(struct slot *s)
{
	if (s->job)
		web_cancel(s->job);
	if (s->state == SLOT_ASKED || s->page)
		s->p->polls->pages--;
	json_decref(s->item);
	json_decref(s->page);
	free(s->at);
	free(s);
}

static void take_out(struct poller *p, size_t i)
{
	p->slot_count--;
	memmove(p->slots + i, p->slots + i + 1,
		(p->slot_count - i) * sizeof(*p->slots));
}

void poller_release(struct poller *p)
{
	p->polls->kept -= p->kept.n;
	buf_done(&p->kept);
	p->at = 0;
}

void poller_drop(struct poller *p)
{
	while (p->slot_count)
		drop_slot(p->slots[--p->slot_count]);
	poller_release(p);
}

bool poller_waits(const struct poller *p)
{
	for (size_t i = 0; i < p->slot_count; i++)
		if (p->slots[i]->state == SLOT_ASKED)
			return true;
	return false;
}

int64_t poller_again(const struct poller *p)
{
	int64_t first = -1;

	for (size_t i = 0; i < p->slot_count; i++) {
		const struct slot *s = p->slots[i];

		if (s->state == SLOT_AGAIN && (first < 0 || s->due_ms < first))
			first = s->due_ms;
	}
	return first;
}

/* "NUMBER ID" in front of a line. */
static uint64_t read_head(struct str head, unsigned *number)
{
	char text[64], *end;

	snprintf(text, sizeof(text), STR_FMT, STR_ARG(head));
	*number = (unsigned)strtoul(text, &end, 10);
	return strtoull(end, NULL, 16);
}

static bool has_lines(const struct poller *p)
{
	return p->at < p->kept.n;
}

bool poller_amidst(const struct poller *p)
{
	return has_lines(p) || poller_waits(p);
}

size_t poller_open_ids(const struct poller *p, uint64_t *ids, size_t n)
{
	struct str rest = { p->kept.p + p->at, p->kept.n - p->at };
	size_t k = 0;
	unsigned number;

	for (size_t i = 0; i < p->slot_count && k < n; i++)
		ids[k++] = p->slots[i]->id;
	while (has_lines(p) && rest.n && k < n) {
		struct str line = str_cut(&rest, '\n');

		ids[k++] = read_head(str_cut(&line, '\t'), &number);
	}
	return k;
}

/* Pages. */

static void lose(struct slot *s, const char *why)
{
	struct poller *p = s->p;

	s->failed = true;
	s->state = SLOT_READY;
	p->polls->stats.pages_failed++;
	if (!p->lost++)
		snprintf(p->why, sizeof(p->why), "%s", why);
}

/* The page's line of JSON. */
static int read_page(struct slot *s, const struct web_answer *a,
		     struct err *e)
{
	struct buf *lines = &s->p->polls->lines;
	const struct document d = {
		.kind = DOCUMENT_PAGE,
		.bytes = a->body,
		.type = a->type,
		.url = a->url,
		.now_ms = s->p->polls->wall(),
	};
	struct str rest;
	int r;

	buf_clear(lines);
	r = parser_ask(s->p->o->tools->parser, &d, lines, e);
	rest = buf_view(lines);
	if (!r && rest.n > PAGE_MAX)
		r = err_set(e, STEP_REJECT, "longer than any article");
	if (!r) {
		str_cut(&rest, '\n');
		s->page = json_parse(str_cut(&rest, '\n'), e);
		s->at = strdup(a->url ? a->url : "");
		r = s->page && s->at ? 0 : STEP_REJECT;
	}
	buf_done(lines);
	return r;
}

static bool may_pass(const struct web_answer *a)
{
	return a->result == WEB_FAILED || a->status >= 500 ||
	       a->status == 429 || a->status == 408;
}

static void try_again(struct slot *s, const struct web_answer *a)
{
	int64_t ms = s->tries == 1 ? AGAIN_MS : LAST_MS;

	if (a->retry_after_ms > ms)
		ms = a->retry_after_ms < LAST_MS ? a->retry_after_ms : LAST_MS;
	s->due_ms = s->p->polls->clock() + ms;
	s->state = SLOT_AGAIN;
}

static void heard_page(void *self, const struct web_answer *a)
{
	struct slot *s = self;
	struct err why = { "" };
	bool last = s->p->o->one_shot || s->tries >= TRIES;

	s->job = NULL;
	s->p->polls->pages--;
	poller_rest(s->p, a);
	if (a->result == WEB_ANSWER && (a->status == 200 || a->status == 203)) {
		if (read_page(s, a, &why)) {
			json_decref(s->page);
			s->page = NULL;
			err_at(&why, 0, "%s: ", a->url ? a->url : "");
			lose(s, why.text);
			return;
		}
		s->p->polls->stats.pages++;
		s->p->polls->pages++; /* in hand */
		s->state = SLOT_READY;
	} else if (may_pass(a) && !last && s->size <= WAITS_MAX) {
		try_again(s, a);
	} else {
		lose(s, a->sentence ? a->sentence : "no page came");
	}
}

static bool may_ask(const struct poller *p)
{
	size_t asked = 0;

	for (size_t i = 0; i < p->slot_count; i++)
		asked += p->slots[i]->state == SLOT_ASKED;
	return asked < POLLER_PAGES && p->polls->pages < POLLS_PAGES_MAX;
}

static int ask_page(struct slot *s)
{
	struct poller *p = s->p;
	const struct web_request q = {
		.url = poll_item_page(s->item).p,
		.agent = p->o->agent,
		.accept = "text/html, application/xhtml+xml, */*;q=0.5",
		.robots = true,
		.done = heard_page,
		.self = s,
	};
	char *url = strndup(q.url, poll_item_page(s->item).n);
	struct web_request trimmed = q;
	int r;

	if (!url)
		return -ENOMEM;
	trimmed.url = url;
	s->state = SLOT_ASKED;
	s->tries++;
	p->polls->pages++;
	r = web_get(p->o->tools->web, &trimmed, &s->job);
	free(url);
	if (r) {
		p->polls->pages--;
		s->state = SLOT_READY;
	}
	return r;
}

/* Items. */

static bool lacks(const struct poller *p, const json_t *item)
{
	/* A feed that lies in a file is read without the web. */
	if (p->file && !p->feed.sitemap)
		return false;
	return poll_item_lacks(item, p->o->full, p->feed.sitemap);
}

/* Is the page's site to be left alone for a while? For longer than we wait at
 * most, the item goes as it is. */
static int hold(struct poller *p, const json_t *item, bool *ret)
{
	struct str page = poll_item_page(item);
	char *url = strndup(page.p, page.n);
	int64_t ms;

	if (!url)
		return -ENOMEM;
	ms = poller_rest_of(p, url);
	free(url);
	*ret = ms > 0 && ms <= LAST_MS;
	if (*ret)
		p->hold_ms = p->polls->clock() + ms;
	return 0;
}

/* The next line into a slot. STEP_WAIT: it wants a page, and enough were asked
 * for, or its site rests. */
static int load(struct poller *p)
{
	struct str rest = { p->kept.p + p->at, p->kept.n - p->at };
	struct str line = str_cut(&rest, '\n'), head = str_cut(&line, '\t');
	json_t *item = json_parse(line, NULL);
	bool wants = item && lacks(p, item), waits = false;
	struct slot *s = NULL;
	int r = wants ? hold(p, item, &waits) : 0;

	if (r || waits || (wants && !may_ask(p))) {
		json_decref(item);
		return r ? r : STEP_WAIT;
	}
	p->at = p->kept.n - rest.n;
	if (item)
		s = calloc(1, sizeof(*s));
	if (!s) {
		json_decref(item);
		return item ? -ENOMEM : 0;
	}
	s->p = p;
	s->item = item;
	s->size = line.n;
	s->id = read_head(head, &s->number);
	p->slots[p->slot_count++] = s;
	return wants ? ask_page(s) : 0;
}

static int fill(struct poller *p)
{
	int64_t now = p->polls->clock();
	int r = 0;

	for (size_t i = 0; !r && i < p->slot_count; i++) {
		struct slot *s = p->slots[i];

		if (s->state == SLOT_AGAIN && s->due_ms <= now && may_ask(p))
			r = ask_page(s);
	}
	while (!r && p->slot_count < POLLER_SLOTS && has_lines(p) &&
	       p->hold_ms <= now)
		r = load(p);
	return r == STEP_WAIT ? 0 : r;
}

/* The first that does not wait for another try; when those take all the room,
 * the first of them goes as it is. POLLER_SLOTS: there is none. */
static size_t first(struct poller *p)
{
	for (size_t i = 0; i < p->slot_count; i++)
		if (p->slots[i]->state != SLOT_AGAIN)
			return i;
	if (p->slot_count < POLLER_SLOTS || !has_lines(p))
		return POLLER_SLOTS;
	lose(p->slots[0], "too many pages wait for another try");
	return 0;
}

static int write_piece(struct poller *p, const struct slot *s,
		       struct raw *ret)
{
	int r = poll_item_write(&p->feed, s->item, s->page,
				str_of(s->at ? s->at : ""), s->failed,
				&p->piece);

	if (!r)
		r = poll_item_aliases(&p->feed, s->item, &p->names,
				      ret->alias);
	buf_clear(&p->place);
	buf_printf(&p->place, "%s: item %u", p->poll.shown, s->number);
	buf_add_char(&p->place, '\0');
	ret->kind = RAW_PARSED;
	ret->once = true;
	ret->bytes = buf_view(&p->piece);
	ret->place = p->place.p;
	ret->file = p->file ? p->poll.url : NULL;
	return r ? r : buf_error(&p->place);
}

/* STEP_END: there was nothing to give of it. */
static int give(struct poller *p, size_t i, struct raw *ret, struct err *e)
{
	struct slot *s = p->slots[i];
	int r = write_piece(p, s, ret);

	take_out(p, i);
	drop_slot(s);
	if (r == STEP_REJECT) {
		p->polls->stats.skipped++;
		return STEP_END;
	}
	if (r == -EMSGSIZE)
		ret->bytes = STR("");
	if (r == -EMSGSIZE)
		return err_set(e, STEP_REJECT,
			       "%s: more than %d bytes for one article",
			       ret->place, RAW_MAX);
	p->polls->stats.given += !r;
	return r;
}

int poller_give(struct poller *p, struct raw *ret, struct err *e)
{
	int r;

	do {
		size_t i;

		r = fill(p);
		if (r)
			return r;
		i = first(p);
		if (i == POLLER_SLOTS && has_lines(p))
			return STEP_WAIT;
		if (i == POLLER_SLOTS) {
			poller_release(p);
			return STEP_END;
		}
		r = p->slots[i]->state == SLOT_READY ? give(p, i, ret, e)
						     : STEP_WAIT;
	} while (r == STEP_END);
	return r;
}
