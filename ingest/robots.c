#include "ingest/robots.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	TARGET_MAX = 8192,
	/* Bytes of target that rules with a star may look at together. Half a
	 * million bytes of rules that are made for it would take a second. */
	WORK_MAX = 32 << 20,
};

/* Rules lie one behind the other in text, each as
 *
 *	'+' or '-', the normalised pattern, '\0', '\n'
 *
 * with '\0' for each '*' in the pattern, too, so that its parts are strings for
 * strstr(), which is linear. Other control characters are encoded. A file of
 * rules takes no more memory than three times its bytes. */
struct rules {
	struct buf text;
	int64_t delay;
	bool named; /* there was a group */
};

struct robots {
	struct rules rules;
};

/* Percent-encoding. */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%41" at s[i] stands for; -1: nothing of the kind. */
static int encoded(struct str s, size_t i)
{
	int hi, lo;

	if (s.p[i] != '%' || s.n - i < 3)
		return -1;
	hi = hex_digit(s.p[i + 1]);
	lo = hex_digit(s.p[i + 2]);
	return hi < 0 || lo < 0 ? -1 : hi * 16 + lo;
}

static bool is_alnum(int c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' &&
					  (c | 0x20) <= 'z');
}

/* RFC 3986, 2.3. */
static bool is_unreserved(int c)
{
	return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void add_encoded(struct buf *out, int c)
{
	static const char digits[] = "0123456789ABCDEF";

	buf_add_char(out, '%');
	buf_add_char(out, digits[c >> 4 & 15]);
	buf_add_char(out, digits[c & 15]);
}

/* The byte s[i], written as itself: is it to be encoded? In a pattern * is
 * special, and $ at its end. */
static bool encodes(struct str s, size_t i, bool pattern)
{
	unsigned char c = (unsigned char)s.p[i];

	if (c == '*')
		return !pattern;
	if (c == '$')
		return !pattern || i + 1 < s.n;
	return c <= ' ' || c >= 0x7f;
}

/* One way to write what has many: unreserved characters as themselves, what is
 * no visible ASCII encoded, the rest as it was. In a query, which begins at the
 * first '?', a slash and a colon need no encoding (RFC 9309, 2.2.2, the second
 * line of its table). In a target * and $ are encoded, for in a pattern they
 * are special; written there as %2A and %24 they are themselves. */
static void normalise(struct buf *out, struct str s, bool pattern)
{
	bool query = false;

	for (size_t i = 0; i < s.n; i++) {
		int c = encoded(s, i);

		query = query || s.p[i] == '?';
		if (c < 0 && encodes(s, i, pattern))
			add_encoded(out, (unsigned char)s.p[i]);
		else if (c < 0)
			buf_add_char(out, s.p[i] == '*' ? '\0' : s.p[i]);
		else if (is_unreserved(c) || (query && (c == '/' || c == ':')))
			buf_add_char(out, (char)c);
		else
			add_encoded(out, c);
		i += c < 0 ? 0 : 2;
	}
}

/* Reading. */

struct reading {
	struct str agent;
	struct rules ours, all;	    /* for us; for "*" */
	bool for_us, for_all;	    /* whom the group is for */
	bool rules;		    /* it has rules: an agent begins another */
};

/* "vigie/1.0 (...)" names vigie. */
static struct str product(struct str s)
{
	size_t n = 0;

	while (n < s.n && (((s.p[n] | 0x20) >= 'a' && (s.p[n] | 0x20) <= 'z') ||
			   s.p[n] == '-' || s.p[n] == '_'))
		n++;
	return (struct str){ s.p, n };
}

static bool names(struct str s, struct str z)
{
	return s.n == z.n && s.n && !strncasecmp(s.p, z.p, z.n);
}

static void read_agent(struct reading *g, struct str value)
{
	if (g->rules)
		g->rules = g->for_us = g->for_all = false;
	if (value.n && *value.p == '*') {
		g->for_all = g->all.named = true;
	} else if (names(product(value), g->agent)) {
		g->for_us = g->ours.named = true;
	}
}

static void add_rule(struct rules *r, bool allow, struct str pattern)
{
	if (!pattern.n) /* "Disallow:" forbids nothing */
		return;
	buf_add_char(&r->text, allow ? '+' : '-');
	normalise(&r->text, pattern, true);
	buf_add(&r->text, "\0\n", 2);
}

static void read_rule(struct reading *g, bool allow, struct str pattern)
{
	g->rules = true;
	if (g->for_us)
		add_rule(&g->ours, allow, pattern);
	if (g->for_all)
		add_rule(&g->all, allow, pattern);
}

/* Seconds, perhaps with a fraction; -1. */
static int64_t delay_of(struct str s)
{
	int64_t ms = 0, unit = 1000;
	bool point = false;

	if (!s.n || s.p[0] == '.')
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		if (point)
			ms += (s.p[i] - '0') * (unit /= 10);
		else if (ms < ROBOTS_DELAY_MAX)
			ms = ms * 10 + (s.p[i] - '0') * 1000;
	}
	return ms < ROBOTS_DELAY_MAX ? ms : ROBOTS_DELAY_MAX;
}

static void read_delay(struct reading *g, struct str value)
{
	int64_t delay = delay_of(value);

	if (g->for_us && delay > g->ours.delay)
		g->ours.delay = delay;
	if (g->for_all && delay > g->all.delay)
		g->all.delay = delay;
}

static void read_line(struct reading *g, struct str line)
{
	struct str value = str_cut(&line, '#');
	struct str name = str_trim(str_cut(&value, ':'));

	if (!value.p)
		return;
	value = str_trim(value);
	if (names(name, STR("user-agent")))
		read_agent(g, value);
	else if (names(name, STR("allow")))
		read_rule(g, true, value);
	else if (names(name, STR("disallow")))
		read_rule(g, false, value);
	else if (names(name, STR("crawl-delay")))
		read_delay(g, value);
}

/* The end of the line at p: any of \r, \n and \r\n (as an empty line more). */
static size_t line_end(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '\n' && s.p[n] != '\r')
		n++;
	return n;
}

static struct str without_mark(struct str s)
{
	if (s.n >= 3 && !memcmp(s.p, "\xef\xbb\xbf", 3))
		return (struct str){ s.p + 3, s.n - 3 };
	return s;
}

static void read_lines(struct reading *g, struct str body)
{
	bool cut = body.n > ROBOTS_MAX;

	if (cut)
		body.n = ROBOTS_MAX;
	for (body = without_mark(body); body.n;) {
		size_t n = line_end(body);
		struct str line = { body.p, n };

		if (n == body.n && cut) /* half a rule is another rule */
			return;
		read_line(g, line);
		n += n < body.n;
		body.p += n;
		body.n -= n;
	}
}

int robots_parse(struct str body, const char *agent, struct robots **ret)
{
	struct reading g = { .agent = str_of(agent) };
	struct rules *mine, *other;
	struct robots *r = malloc(sizeof(*r));

	if (!r)
		return -ENOMEM;
	buf_init(&g.ours.text, 4 * (size_t)ROBOTS_MAX);
	buf_init(&g.all.text, 4 * (size_t)ROBOTS_MAX);
	read_lines(&g, body);
	mine = g.ours.named ? &g.ours : &g.all;
	other = g.ours.named ? &g.all : &g.ours;
	buf_done(&other->text);
	r->rules = *mine;
	if (buf_error(&mine->text)) {
		robots_free(r);
		return -ENOMEM;
	}
	*ret = r;
	return 0;
}

void robots_free(struct robots *r)
{
	if (!r)
		return;
	buf_done(&r->rules.text);
	free(r);
}

int64_t robots_delay(const struct robots *r)
{
	return r->rules.delay;
}

size_t robots_size(const struct robots *r)
{
	return sizeof(*r) + r->rules.text.room;
}

/* Matching. */

/* Find the part (a string) in *s (one, too), of which is left what lies behind
 * it. The first place is the right one, for it leaves most to the parts that
 * follow. */
static bool skip_past(struct str *s, struct str part)
{
	const char *at;

	if (!part.n)
		return true;
	at = s->p ? strstr(s->p, part.p) : NULL;
	if (!at)
		return false;
	at += part.n;
	*s = (struct str){ at, (size_t)(s->p + s->n - at) };
	return true;
}

/* Does the pattern match the beginning of s, or with a '$' the whole? Each byte
 * of s is looked at once. */
static bool matches(struct str pattern, struct str s)
{
	bool whole = pattern.n && pattern.p[pattern.n - 1] == '$';
	struct str part;

	pattern.n -= whole;
	part = str_cut(&pattern, '\0');
	if (!pattern.p)
		return whole ? str_eq(part, s) : str_starts(s, part);
	if (!str_starts(s, part))
		return false;
	s.p += part.n;
	s.n -= part.n;
	for (;;) {
		part = str_cut(&pattern, '\0');
		if (!pattern.p)
			break;
		if (!skip_past(&s, part))
			return false;
	}
	return whole ? str_ends(s, part) : skip_past(&s, part);
}

static bool decide(struct str rules, struct str target)
{
	size_t longest = 0, work = 0;
	bool allow = true;

	while (rules.n) {
		struct str rule = str_cut(&rules, '\n');
		bool this_allows = rule.p[0] == '+';
		struct str pattern = { rule.p + 1, rule.n - 2 };

		if (pattern.n < longest ||
		    (pattern.n == longest && (allow || !this_allows)))
			continue;
		work += str_has(pattern, '\0') ? target.n : 0;
		if (work > WORK_MAX)
			return false;
		if (!matches(pattern, target))
			continue;
		longest = pattern.n;
		allow = this_allows;
	}
	return allow;
}

bool robots_allows(const struct robots *r, struct str target)
{
	struct buf b;
	bool allow;

	if (target.n > TARGET_MAX)
		return false;
	if (str_is(target, "/robots.txt"))
		return true;
	buf_init(&b, 3 * (size_t)TARGET_MAX + 1);
	normalise(&b, target, false);
	buf_add_char(&b, '\0');
	allow = !buf_error(&b) && decide(buf_view(&r->rules.text),
					 (struct str){ b.p, b.n - 1 });
	buf_done(&b);
	return allow;
}
