/* What is remembered of a feed, as text: a version, then a line a fact. What
 * came from outside (validators are bytes) has its length in front, so that
 * nothing in it can end a line early.
 *
 *	feed1
 *	asked 1700000000000
 *	failures 2
 *	etag 7:"a\nb c"
 *	items 44:BASE64			id and content, 8 bytes each, little end
 *					first */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "ingest/poll.h"

static const struct str version = { "feed1\n", 6 };

static const struct number {
	const char *name;
	size_t at;
} numbers[] = {
	{ "asked", offsetof(struct poll, asked_ms) },
	{ "good", offsetof(struct poll, good_ms) },
	{ "next", offsetof(struct poll, next_ms) },
	{ "ttl", offsetof(struct poll, ttl) },
	{ "sy", offsetof(struct poll, sy) },
	{ "failures", offsetof(struct poll, failures) },
	{ "moves", offsetof(struct poll, moves) },
};

static const struct text {
	const char *name;
	size_t at;
	bool validator;
} texts[] = {
	{ "address", offsetof(struct poll, address), false },
	{ "moved", offsetof(struct poll, moved), false },
	{ "title", offsetof(struct poll, title), false },
	{ "error", offsetof(struct poll, error), false },
	{ "etag", offsetof(struct poll, etag), true },
	{ "modified", offsetof(struct poll, modified), true },
};

enum {
	NUMBERS = sizeof(numbers) / sizeof(*numbers),
	TEXTS = sizeof(texts) / sizeof(*texts),
	ITEM = 16, /* bytes of one */
	DIGITS = 18,
};

static int64_t *number_at(struct poll *p, const struct number *n)
{
	return (int64_t *)(void *)((char *)p + n->at);
}

static char **text_at(struct poll *p, const struct text *t)
{
	return (char **)(void *)((char *)p + t->at);
}

/* Writing. */

static void add_text(struct buf *out, const char *name, struct str s)
{
	buf_printf(out, "%s %zu:", name, s.n);
	buf_add_str(out, s);
	buf_add_char(out, '\n');
}

static void add_64(struct buf *b, uint64_t x)
{
	for (int i = 0; i < 8; i++)
		buf_add_char(b, (char)(x >> 8 * i));
}

static bool is_open(const uint64_t *open, size_t n, uint64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (open[i] == id)
			return true;
	return false;
}

static void add_items(const struct poll *p, const uint64_t *open, size_t n,
		      struct buf *out)
{
	struct buf raw, coded;

	buf_init(&raw, POLL_ITEMS_MAX * ITEM);
	buf_init(&coded, POLL_TEXT_MAX);
	for (size_t i = 0; i < p->item_count; i++) {
		if (is_open(open, n, p->items[i].id))
			continue;
		add_64(&raw, p->items[i].id);
		add_64(&raw, p->items[i].content);
	}
	base64_add(&coded, buf_view(&raw));
	if (coded.n)
		add_text(out, "items", buf_view(&coded));
	if (buf_error(&raw) || buf_error(&coded))
		out->error = buf_error(&raw) ? raw.error : coded.error;
	buf_done(&raw);
	buf_done(&coded);
}

int poll_write(const struct poll *p, const uint64_t *open, size_t n,
	       bool again, struct buf *out)
{
	const char *base = (const char *)p;

	again |= n > 0;
	buf_add_str(out, version);
	for (size_t i = 0; i < NUMBERS; i++)
		buf_printf(out, "%s %" PRId64 "\n", numbers[i].name,
			   *(const int64_t *)(const void *)(base +
							    numbers[i].at));
	if (p->gone)
		buf_add_z(out, "gone 1\n");
	for (size_t i = 0; i < TEXTS; i++) {
		const char *s = *(char *const *)(const void *)(base +
							       texts[i].at);

		if (s && !(again && texts[i].validator))
			add_text(out, texts[i].name, str_of(s));
	}
	add_items(p, open, n, out);
	return buf_error(out);
}

/* Reading. */

static bool cut_number(struct str *rest, char end, int64_t *ret)
{
	struct str s = str_cut(rest, end);
	int64_t x = 0;

	if (!s.n || s.n > DIGITS || !rest->p)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		x = 10 * x + (s.p[i] - '0');
	}
	*ret = x;
	return true;
}

/* LENGTH:bytes and the end of the line. */
static bool cut_text(struct str *rest, struct str *ret)
{
	int64_t n;

	if (!cut_number(rest, ':', &n) || (uint64_t)n >= rest->n ||
	    rest->p[n] != '\n')
		return false;
	*ret = (struct str){ rest->p, (size_t)n };
	rest->p += n + 1;
	rest->n -= (size_t)n + 1;
	return true;
}

static uint64_t get_64(const char *p)
{
	uint64_t x = 0;

	for (int i = 8; i-- > 0;)
		x = x << 8 | (unsigned char)p[i];
	return x;
}

static int read_items(struct poll *p, struct str coded)
{
	struct buf raw;
	size_t n;
	int r;

	buf_init(&raw, POLL_ITEMS_MAX * ITEM);
	r = p->items ? -EINVAL : base64_decode(&raw, coded);
	if (!r && raw.n % ITEM)
		r = -EINVAL;
	n = raw.n / ITEM;
	if (!r && n) {
		p->items = calloc(n, sizeof(*p->items));
		r = p->items ? 0 : -ENOMEM;
	}
	for (size_t i = 0; !r && i < n; i++)
		p->items[i] = (struct poll_item){
			get_64(raw.p + ITEM * i), get_64(raw.p + ITEM * i + 8)
		};
	if (!r)
		p->item_count = n;
	buf_done(&raw);
	return r == -EMSGSIZE ? -EINVAL : r;
}

static int read_text(struct poll *p, struct str name, struct str s)
{
	for (size_t i = 0; i < TEXTS; i++) {
		char **at = text_at(p, &texts[i]);

		if (!str_is(name, texts[i].name))
			continue;
		if (*at || memchr(s.p, '\0', s.n))
			return -EINVAL;
		*at = strndup(s.p, s.n);
		return *at ? 0 : -ENOMEM;
	}
	return str_is(name, "items") ? read_items(p, s) : -EINVAL;
}

static int read_number(struct poll *p, struct str name, struct str *rest)
{
	int64_t x;

	if (!cut_number(rest, '\n', &x))
		return -EINVAL;
	if (str_is(name, "gone"))
		p->gone = x == 1;
	for (size_t i = 0; i < NUMBERS; i++)
		if (str_is(name, numbers[i].name))
			*number_at(p, &numbers[i]) = x;
	return 0;
}

static bool is_number(struct str name)
{
	for (size_t i = 0; i < NUMBERS; i++)
		if (str_is(name, numbers[i].name))
			return true;
	return str_is(name, "gone");
}

static int read_lines(struct poll *p, struct str rest)
{
	int r = 0;

	while (!r && rest.n) {
		struct str name = str_cut(&rest, ' '), s;

		if (!rest.p)
			return -EINVAL;
		if (is_number(name))
			r = read_number(p, name, &rest);
		else
			r = cut_text(&rest, &s) ? read_text(p, name, s)
						: -EINVAL;
	}
	return r;
}

int poll_read(struct poll *p, struct str text)
{
	struct poll fresh;
	int r;

	if (!str_starts(text, version))
		return -EINVAL;
	r = poll_init(&fresh, p->url);
	if (!r)
		r = read_lines(&fresh, (struct str){ text.p + version.n,
						     text.n - version.n });
	if (r) {
		poll_done(&fresh);
		return r;
	}
	poll_done(p);
	*p = fresh;
	return 0;
}
