#include "parse/url.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_in_scheme(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '+' ||
	       c == '-' || c == '.';
}

/* The first n bytes of *rest, and past `skip` more. */
static struct str cut(struct str *rest, size_t n, size_t skip)
{
	struct str head = { rest->p, n };

	rest->p += n + skip;
	rest->n -= n + skip;
	return head;
}

/* Bytes before the first of these. */
static size_t before(struct str s, struct str stops)
{
	size_t n = 0;

	while (n < s.n && !str_has(stops, s.p[n]))
		n++;
	return n;
}

static void split_scheme(struct str *rest, struct url *u)
{
	size_t n = 0;

	if (!rest->n || !is_letter(rest->p[0]))
		return;
	while (n < rest->n && is_in_scheme(rest->p[n]))
		n++;
	if (n < rest->n && rest->p[n] == ':')
		u->scheme = cut(rest, n, 1);
}

/* user@host:port, the host of which may be "[::1]". */
static void split_authority(struct str s, struct url *u)
{
	size_t at = s.n, n;

	while (at && s.p[at - 1] != '@')
		at--;
	if (at)
		u->user = cut(&s, at - 1, 1);
	n = before(s, STR("]"));
	if (s.n && s.p[0] == '[' && n < s.n) {
		s.p++;
		u->host = (struct str){ s.p, n - 1 };
		s.p += n;
		s.n -= n + 1;
	} else {
		u->host = cut(&s, before(s, STR(":")), 0);
	}
	if (s.n && s.p[0] == ':')
		u->port = (struct str){ s.p + 1, s.n - 1 };
}

void url_split(struct str s, struct url *ret)
{
	size_t n;

	*ret = (struct url){ .path = { "", 0 } };
	if (!s.p)
		return;
	split_scheme(&s, ret);
	if (str_starts(s, STR("//"))) {
		cut(&s, 2, 0);
		split_authority(cut(&s, before(s, STR("/?#")), 0), ret);
	}
	ret->path = cut(&s, before(s, STR("?#")), 0);
	n = before(s, STR("#"));
	if (n)
		ret->query = (struct str){ s.p + 1, n - 1 };
	if (n < s.n)
		ret->fragment = (struct str){ s.p + n + 1, s.n - n - 1 };
}

static bool is_like(struct str s, struct str word)
{
	return s.n == word.n && !strncasecmp(s.p, word.p, s.n);
}

bool url_is_web(struct str s)
{
	struct url u;

	url_split(s, &u);
	return (is_like(u.scheme, STR("http")) ||
		is_like(u.scheme, STR("https"))) &&
	       u.host.n;
}

/* Past the last '/' of the first n bytes, which is cut with what follows. */
static size_t without_last(const char *p, size_t floor, size_t n)
{
	while (n > floor && p[n - 1] != '/')
		n--;
	return n > floor ? n - 1 : floor;
}

/* RFC 3986, 5.2.4, in place: the path begins at p + floor. Returns the end. */
static size_t remove_dots(char *p, size_t floor, size_t n)
{
	size_t from = floor, to = floor;

	while (from < n) {
		size_t segment = from + (p[from] == '/');
		size_t end = segment;
		struct str name;

		while (end < n && p[end] != '/')
			end++;
		name = (struct str){ p + segment, end - segment };
		if (str_is(name, ".") || str_is(name, "..")) {
			if (name.n == 2)
				to = without_last(p, floor, to);
			if (end == n)
				p[to++] = '/';
		} else {
			memmove(p + to, p + from, end - from);
			to += end - from;
		}
		from = end;
	}
	return to;
}

/* What white space and newlines browsers forgive, into out. */
static struct str tidied(struct str s, char *out)
{
	size_t n = 0;

	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\n' && s.p[i] != '\r' && s.p[i] != '\t')
			out[n++] = s.p[i];
	return (struct str){ out, n };
}

struct writer {
	char *p;
	size_t n;
};

static void add(struct writer *w, struct str s)
{
	if (s.p)
		memcpy(w->p + w->n, s.p, s.n);
	w->n += s.n;
}

/* What stands before the path: "https://user@host:port". The authority is
 * taken as it is written. */
static void add_front(struct writer *w, struct str of, const struct url *u)
{
	struct url parts;
	const char *path;

	url_split(of, &parts);
	path = parts.path.p;
	add(w, u->scheme);
	add(w, STR(":"));
	if (parts.scheme.p)
		cut(&of, parts.scheme.n + 1, 0);
	add(w, (struct str){ of.p, (size_t)(path - of.p) });
}

/* The path, the dots of which are removed. */
static void add_path(struct writer *w, struct str base, struct str ref)
{
	size_t floor = w->n;

	if (!ref.n || ref.p[0] != '/') {
		size_t n = base.n;

		while (n && base.p[n - 1] != '/')
			n--;
		add(w, (struct str){ base.p, n });
		if (!n)
			add(w, STR("/"));
	}
	add(w, ref);
	w->n = remove_dots(w->p, floor, w->n);
}

static void add_rest(struct writer *w, struct str query, struct str fragment)
{
	if (query.p)
		add(w, STR("?"));
	add(w, query);
	if (fragment.p)
		add(w, STR("#"));
	add(w, fragment);
}

/* RFC 3986, 5.2.2; an address that is no path, "mailto:x", stays as it is. */
static void transform(struct writer *w, struct str base, struct str ref)
{
	struct url b, r;

	url_split(base, &b);
	url_split(ref, &r);
	if (r.scheme.p && !r.host.p) {
		add(w, ref);
	} else if (r.host.p) {
		add_front(w, ref, r.scheme.p ? &r : &b);
		if (r.path.n)
			add_path(w, r.path, r.path);
		add_rest(w, r.query, r.fragment);
	} else {
		add_front(w, base, &b);
		if (r.path.n)
			add_path(w, b.path, r.path);
		else
			add(w, b.path);
		add_rest(w, r.path.n || r.query.p ? r.query : b.query,
			 r.fragment);
	}
}

int url_resolve(struct str base, struct str ref, struct arena *a,
		struct str *ret)
{
	struct url b;
	struct writer w = { NULL, 0 };
	char *room;

	if (base.n > URL_MAX || ref.n > URL_MAX)
		return -EINVAL;
	room = arena_take(a, base.n + ref.n + 1);
	/* A base and a reference, each at most once, and "/". */
	w.p = arena_take(a, base.n + ref.n + 8);
	if (!room || !w.p)
		return -ENOMEM;
	base = tidied(base, room);
	ref = tidied(ref, room + base.n);
	url_split(base, &b);
	if (b.scheme.p && b.host.p)
		transform(&w, base, ref);
	else
		add(&w, ref);
	if (w.n > URL_MAX)
		return -EINVAL;
	*ret = (struct str){ w.p, w.n };
	return 0;
}

static struct str site_of(struct str s)
{
	static const char *const fronts[] = { "www.", "m.", "mobile.", "amp." };
	struct url u;

	url_split(s, &u);
	for (size_t i = 0; i < sizeof(fronts) / sizeof(*fronts); i++) {
		struct str front = str_of(fronts[i]);

		if (u.host.n > front.n &&
		    !strncasecmp(u.host.p, front.p, front.n)) {
			u.host.p += front.n;
			u.host.n -= front.n;
			break;
		}
	}
	return u.host;
}

bool url_same_site(struct str a, struct str b)
{
	struct str x = site_of(a), y = site_of(b);

	return x.n && is_like(x, y);
}
