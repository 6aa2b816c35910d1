/* The document that came: what is new in it, oldest first. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ingest/parser.h"
#include "ingest/poller_parts.h"
#include "parse/url.h"

enum {
	PARTS_MAX = 20,	     /* of a sitemap index: the newest */
	LIST_MAX = 5000,     /* feeds of a list */
	STAMP = sizeof("2022-11-29T09:00:00Z"),
};

/* An item of the document. */
struct entry {
	struct str line;
	unsigned number;
	char date[STAMP];
	struct poll_item hash;
	bool fresh;
};

struct entries {
	struct entry *v;
	size_t n, room;
};

static int add_entry(struct entries *all, struct str line, unsigned number,
		     const json_t *item)
{
	struct str date = poll_item_text(item, "published");
	struct entry *e;

	if (all->n == all->room) {
		size_t room = all->room ? 2 * all->room : 64;
		struct entry *v = realloc(all->v, room * sizeof(*v));

		if (!v)
			return -ENOMEM;
		all->v = v;
		all->room = room;
	}
	e = &all->v[all->n++];
	*e = (struct entry){ .line = line, .number = number, .fresh = true,
			     .hash = poll_item_hash(item) };
	if (!date.n)
		date = poll_item_text(item, "updated");
	if (date.n < sizeof(e->date))
		memcpy(e->date, date.p, date.n);
	return 0;
}

/* Of each line, but the head. A line that is none is our parser's mistake. */
static int gather(struct str rest, struct entries *all)
{
	int r = 0;

	str_cut(&rest, '\n');
	for (unsigned number = 1; !r && rest.n; number++) {
		struct str line = str_cut(&rest, '\n');
		json_t *item = line.n ? json_parse(line, NULL) : NULL;

		if (json_is_object(item))
			r = add_entry(all, line, number, item);
		json_decref(item);
	}
	return r;
}

static int by_date(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = strcmp(x->date, y->date);

	/* What stands further down is older. */
	return c ? c : (x->number < y->number) - (x->number > y->number);
}

static void reverse(struct entries *all)
{
	for (size_t i = 0; i < all->n / 2; i++) {
		struct entry other = all->v[all->n - 1 - i];

		all->v[all->n - 1 - i] = all->v[i];
		all->v[i] = other;
	}
}

/* Does the first item that has a date come before the last? */
static bool is_ascending(const struct entries *all)
{
	const char *first = NULL, *last = NULL;

	for (size_t i = 0; i < all->n; i++) {
		if (!all->v[i].date[0])
			continue;
		if (!first)
			first = all->v[i].date;
		last = all->v[i].date;
	}
	return first && strcmp(first, last) < 0;
}

/* Feeds have their newest item first, but for those that do not; sitemaps have
 * no order. */
static void put_in_order(struct entries *all, bool sitemap)
{
	if (sitemap && all->n)
		qsort(all->v, all->n, sizeof(*all->v), by_date);
	else if (!is_ascending(all))
		reverse(all);
}

/* Only as many as are remembered: more would come again with each poll. */
static void leave_newest(struct poller *p, struct entries *all)
{
	size_t over = all->n > POLL_ITEMS_MAX ? all->n - POLL_ITEMS_MAX : 0;

	if (!over || p->file)
		return;
	poller_note(p, "%s: %zu items; the newest %d of them are read",
		    p->poll.shown, all->n, POLL_ITEMS_MAX);
	memmove(all->v, all->v + over, POLL_ITEMS_MAX * sizeof(*all->v));
	all->n = POLL_ITEMS_MAX;
}

/* Items that share their address and have no guid are told apart by what they
 * say. Lists are short, see poll_settle(). */
static void part_namesakes(struct entries *all, const struct poll_item *items)
{
	for (size_t i = 0; i < all->n; i++) {
		size_t same = 0;

		for (size_t k = 0; k < all->n; k++)
			same += items[k].id == items[i].id;
		if (same > 1)
			all->v[i].hash.id ^= items[i].content;
	}
}

static int settle(struct poller *p, struct entries *all)
{
	struct poll_item *items = calloc(all->n + 1, sizeof(*items));
	bool *fresh = calloc(all->n + 1, sizeof(*fresh));
	int r = items && fresh ? 0 : -ENOMEM;

	for (size_t i = 0; !r && i < all->n; i++)
		items[i] = all->v[i].hash;
	if (!r)
		part_namesakes(all, items);
	for (size_t i = 0; !r && i < all->n; i++)
		items[i] = all->v[i].hash;
	if (!r)
		r = poll_settle(&p->poll, items, all->n, fresh);
	for (size_t i = 0; !r && i < all->n; i++) {
		all->v[i].fresh = fresh[i];
		p->polls->stats.known += !fresh[i];
	}
	free(items);
	free(fresh);
	return r;
}

static int keep(struct poller *p, const struct entries *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct entry *e = &all->v[i];

		if (!e->fresh)
			continue;
		buf_printf(&p->kept, "%u %" PRIx64 "\t", e->number,
			   e->hash.id);
		buf_add_str(&p->kept, e->line);
		buf_add_char(&p->kept, '\n');
	}
	p->polls->kept += p->kept.n;
	return buf_error(&p->kept);
}

static int read_items(struct poller *p, bool sitemap)
{
	struct entries all = { .v = NULL };
	int r = gather(buf_view(&p->polls->lines), &all);

	p->feed.sitemap = sitemap;
	p->at = 0;
	if (!r) {
		put_in_order(&all, sitemap);
		leave_newest(p, &all);
	}
	if (!r && !p->file)
		r = settle(p, &all);
	if (!r)
		r = keep(p, &all);
	free(all.v);
	return r;
}

/* Is it one that the web can be asked for? */
static bool is_usable(struct str url)
{
	return url_is_web(url) && url.n <= URL_MAX;
}

static void add_listed(struct poller *p, const json_t *item)
{
	struct str url = poll_item_text(item, "url");
	struct str title = poll_item_text(item, "title");

	if (!is_usable(url) || str_has(url, '\t') || str_has(url, '\n'))
		return;
	buf_add_str(&p->list, url);
	buf_add_char(&p->list, '\t');
	if (!str_has(title, '\n') && !str_eq(title, url))
		buf_add_str(&p->list, title);
	buf_add_char(&p->list, '\n');
}

/* A list of others, which pollers.h polls. Of an index the newest parts: the
 * others are its archive. */
static int read_list(struct poller *p, bool index)
{
	size_t most = index ? PARTS_MAX : LIST_MAX, from;
	struct entries all = { .v = NULL };
	int r = gather(buf_view(&p->polls->lines), &all);

	buf_clear(&p->list);
	if (!r && index && all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_date);
	from = all.n > most && index ? all.n - most : 0;
	if (all.n > most)
		poller_note(p, "%s: a list of %zu; %zu of them are read",
			    p->poll.shown, all.n, most);
	for (size_t i = 0; !r && from + i < all.n && i < most; i++) {
		size_t at = index ? all.n - 1 - i : i; /* newest first */
		json_t *item = json_parse(all.v[at].line, NULL);

		if (item)
			add_listed(p, item);
		json_decref(item);
	}
	free(all.v);
	p->listed = true;
	p->list_shown = false;
	return r ? r : buf_error(&p->list);
}

/* The lines of the document, and its head. */
static int ask(struct poller *p, const struct document *d, json_t **head,
	       struct err *e)
{
	struct buf *lines = &p->polls->lines;
	struct err why = { "" };
	struct str rest;
	int r;

	buf_clear(lines);
	r = parser_ask(p->o->tools->parser, d, lines, &why);
	if (r == -ENOMEM)
		return r;
	if (r) {
		err_set(e, STEP_REJECT, "%s",
			why.text[0] ? why.text : strerror(-r));
		/* The parser names the address that answered, which may be
		 * another. */
		return str_starts(str_of(e->text), str_of(p->poll.shown))
			       ? STEP_REJECT
			       : err_at(e, STEP_REJECT, "%s: ", p->poll.shown);
	}
	rest = buf_view(lines);
	*head = json_parse(str_cut(&rest, '\n'), e);
	return *head ? 0 : STEP_REJECT;
}

/* It has led us here already. Addresses may have a password. */
static int not_again(struct poller *p, struct err *e)
{
	char *shown = poll_show(poll_address(&p->poll));

	err_set(e, STEP_REJECT, "%s: a page; it was a feed that was sought",
		shown ? shown : p->poll.shown);
	free(shown);
	return STEP_REJECT;
}

/* A page: the first feed that it names is asked from now on. */
static int discover(struct poller *p, const struct document *d, struct err *e)
{
	struct document page = *d;
	struct entries all = { .v = NULL };
	json_t *head = NULL, *first = NULL;
	struct str url = { "", 0 };
	int r;

	if (p->poll.address)
		return not_again(p, e);
	page.kind = DOCUMENT_LINKS;
	r = ask(p, &page, &head, e);
	json_decref(head);
	if (!r)
		r = gather(buf_view(&p->polls->lines), &all);
	if (!r && all.n)
		first = json_parse(all.v[0].line, NULL);
	if (first)
		url = poll_item_text(first, "url");
	if (!r && !is_usable(url))
		r = err_set(e, STEP_REJECT,
			    "%s: a page that names no feed; give the address "
			    "of the feed itself", p->poll.shown);
	if (!r)
		r = poll_found(&p->poll, url);
	if (!r)
		poller_note(p, "%s: a page; its feed " STR_FMT " is read",
			    p->poll.shown, STR_ARG(url));
	json_decref(first);
	free(all.v);
	return r ? r : STEP_END;
}

static int64_t minutes(const json_t *head, const char *name)
{
	const json_t *v = json_object_get(head, name);
	double x = json_is_number(v) ? json_number_value(v) : 0;

	return x >= 1 && x < 1e7 ? (int64_t)x : 0;
}

/* The document was what it had to be. */
static int be_good(struct poller *p, const json_t *head,
		   const struct web_answer *a)
{
	struct str title = poll_item_text(head, "title");
	struct str language = poll_item_text(head, "language");
	int r;

	if (!a)
		return title.n ? poll_title(&p->poll, title) : 0;
	r = poll_good(&p->poll, a, title, minutes(head, "ttl"),
		      minutes(head, "every"), p->polls->wall());
	p->language[0] = '\0';
	if (language.n < sizeof(p->language)) {
		memcpy(p->language, language.p, language.n);
		p->language[language.n] = '\0';
	}
	return r;
}

static void describe_feed(struct poller *p)
{
	const char *title = p->poll.title ? p->poll.title
			    : p->name	  ? p->name
					  : "";

	p->feed.address = str_of(p->poll.shown);
	p->feed.title = str_of(title);
	p->feed.language = str_of(p->language);
	p->feed.named = p->o->name != NULL;
}

static int unwanted(struct poller *p, const char *kind, struct err *e)
{
	static const char *const wanted[] = {
		[POLLER_FEED] = "a feed",
		[POLLER_SITEMAP] = "a sitemap",
		[POLLER_OPML] = "a list of feeds (OPML)",
		[POLLER_PART] = "a feed or a sitemap",
	};

	if (p->file && p->want == POLLER_FEED && strcmp(kind, "page"))
		return err_set(e, STEP_REJECT,
			       "%s: no feed but what leads to the web (%s); "
			       "where that is meant, name it as a source of "
			       "kind %s", p->poll.shown, kind, kind);
	return err_set(e, STEP_REJECT, "%s: %s was expected, and this is %s",
		       p->poll.shown, wanted[p->want],
		       strcmp(kind, "page") ? kind : "none");
}

static int read_kind(struct poller *p, const json_t *head,
		     const struct document *d, struct err *e)
{
	const char *kind = json_string_value(json_object_get(head,
							     "document"));
	bool index = json_is_true(json_object_get(head, "index"));
	bool may_list = p->want != POLLER_PART;

	kind = kind ? kind : "";
	/* A folder of files is no reason to go to the web. */
	if (p->file && p->want == POLLER_FEED && strcmp(kind, "feed"))
		return unwanted(p, kind, e);
	if (!strcmp(kind, "feed") && p->want != POLLER_SITEMAP &&
	    p->want != POLLER_OPML)
		return read_items(p, false);
	if (!strcmp(kind, "sitemap") && p->want != POLLER_OPML && !index)
		return read_items(p, true);
	if (!strcmp(kind, "sitemap") && p->want != POLLER_OPML && may_list)
		return read_list(p, true);
	if (!strcmp(kind, "opml") && p->want != POLLER_SITEMAP && may_list)
		return read_list(p, false);
	if (!strcmp(kind, "page") && !p->file &&
	    (p->want == POLLER_FEED || p->want == POLLER_PART))
		return discover(p, d, e);
	return unwanted(p, kind, e);
}

int poller_read(struct poller *p, const struct document *d,
		const struct web_answer *a, struct err *e)
{
	struct document sought = *d;
	json_t *head = NULL;
	int r;

	sought.kind = p->want == POLLER_SITEMAP ? DOCUMENT_SITEMAP
		      : p->want == POLLER_OPML	? DOCUMENT_OPML
						: DOCUMENT_ANY;
	r = ask(p, &sought, &head, e);
	if (!r && p->polls->kept + p->polls->lines.n > POLLS_KEPT_MAX)
		r = STEP_WAIT;
	if (!r)
		r = read_kind(p, head, &sought, e);
	if (!r)
		r = be_good(p, head, a);
	if (!r)
		describe_feed(p);
	json_decref(head);
	buf_done(&p->polls->lines);
	if (r)
		poller_release(p);
	return r == -EMSGSIZE ? err_set(e, STEP_REJECT, "%s: more than can be "
					"kept at a time", p->poll.shown)
			      : r;
}
