/* The feeds that a page names. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/stop.h"
#include "commands/feeds.h"
#include "ingest/parser.h"
#include "ingest/poll_item.h"
#include "ingest/web.h"

enum { TURN_MS = 100 };

struct discover {
	const char *url;
	struct parser *parser;
	struct buf lines;
	int r;
	bool done;
	struct err *e;
};

static void print_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		putchar((unsigned char)s.p[i] < ' ' ? ' ' : s.p[i]);
}

static void print_line(const json_t *line, const char *url)
{
	struct str at = poll_item_text(line, "url");
	struct str title = poll_item_text(line, "title");

	print_plain(url ? str_of(url) : at);
	if (title.n) {
		putchar('\t');
		print_plain(title);
	}
	putchar('\n');
}

static int ask(struct discover *d, struct document *doc)
{
	int r = parser_ask(d->parser, doc, &d->lines, d->e);

	return r ? err_at(d->e, r, "%s: ", d->url) : 0;
}

static int print_links(struct discover *d, struct document *doc)
{
	struct str rest;
	int r;

	doc->kind = DOCUMENT_LINKS;
	r = ask(d, doc);
	rest = buf_view(&d->lines);
	str_cut(&rest, '\n');
	if (!r && !rest.n)
		r = err_set(d->e, -ENOENT, "%s: names no feed", d->url);
	while (!r && rest.n) {
		json_t *line = json_parse(str_cut(&rest, '\n'), NULL);

		if (line)
			print_line(line, NULL);
		json_decref(line);
	}
	return r;
}

/* A page is asked for its links; a feed is its own answer. */
static int read_answer(struct discover *d, const struct web_answer *a)
{
	struct document doc = { .bytes = a->body, .type = a->type,
				.url = a->url };
	struct str rest;
	json_t *head;
	int r = ask(d, &doc);

	if (r)
		return r;
	rest = buf_view(&d->lines);
	head = json_parse(str_cut(&rest, '\n'), d->e);
	if (!head)
		return STEP_REJECT;
	if (str_is(poll_item_text(head, "document"), "page"))
		r = print_links(d, &doc);
	else
		print_line(head, a->url);
	json_decref(head);
	return r;
}

static void heard(void *self, const struct web_answer *a)
{
	struct discover *d = self;

	d->done = true;
	if (a->result != WEB_ANSWER)
		d->r = err_set(d->e, a->result == WEB_REFUSED ? -EACCES
							      : -EHOSTUNREACH,
			       "%s", a->sentence ? a->sentence : d->url);
	else if (a->status != 200)
		d->r = err_set(d->e, -ENOENT, "%s",
			       a->sentence ? a->sentence : d->url);
	else
		d->r = read_answer(d, a);
}

static int wait(struct web *w)
{
	struct pollfd fd = { web_fd(w), POLLIN, 0 };
	int64_t ms = web_pause(w);

	if (ms < 0 || ms > TURN_MS)
		ms = TURN_MS;
	return poll(&fd, 1, (int)ms) < 0 && errno != EINTR ? -errno : 0;
}

static int fetch(struct discover *d, struct web *w)
{
	const struct web_request q = { .url = d->url, .done = heard,
				       .self = d };
	struct web_job *job;
	int r = web_get(w, &q, &job);

	while (!r && !d->done) {
		if (stop_asked())
			return err_set(d->e, -EINTR, "%s: interrupted",
				       d->url);
		r = wait(w);
		if (!r)
			r = web_turn(w, d->e);
	}
	return r ? r : d->r;
}

int feeds_discover(const struct settings *s, const struct feeds_options *o,
		   const char *word, struct err *e)
{
	struct discover d = { .url = word, .e = e };
	struct web *w = NULL;
	int r = web_open(&s->ingest.web, &w, e);

	(void)o;
	stop_install();
	buf_init(&d.lines, DOCUMENT_ANSWER_MAX);
	if (!r)
		r = parser_new(&d.parser);
	if (!r)
		r = fetch(&d, w);
	web_free(w);
	parser_free(d.parser);
	buf_done(&d.lines);
	return r;
}
