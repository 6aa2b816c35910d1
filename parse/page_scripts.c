/* The scripts that hold JSON-LD, with salvage: JSON as hands and templates write
 * it. */
#include <string.h>

#include "base/json.h"
#include "parse/page_found.h"

enum {
	MEMBERS_MAX = 1 << 15,	/* of them all */
	MENDED_MAX = 256 << 10, /* bytes of broken JSON */
};

struct mender {
	struct str s;
	size_t at;
	struct buf out;
};

static bool is_at(const struct mender *m, const char *z)
{
	struct str rest = { m->s.p + m->at, m->s.n - m->at };

	return str_starts(rest, str_of(z));
}

/* Behind the next z, or the end. */
static void skip_past(struct mender *m, const char *z)
{
	size_t n = strlen(z);

	while (m->at < m->s.n && !is_at(m, z))
		m->at++;
	m->at = m->at + n < m->s.n ? m->at + n : m->s.n;
}

/* In a string: raw newlines and tabs, and escapes that JSON does not know. */
static void mend_string(struct mender *m)
{
	buf_add_char(&m->out, m->s.p[m->at++]);
	while (m->at < m->s.n) {
		char c = m->s.p[m->at++];

		if (c == '\\' && m->at < m->s.n) {
			char next = m->s.p[m->at++];

			if (strchr("\"\\/bfnrtu", next) && next)
				buf_add_char(&m->out, '\\');
			c = next;
			if ((unsigned char)c < 0x20)
				c = ' ';
			buf_add_char(&m->out, c);
			continue;
		}
		if (c == '\n')
			buf_add_z(&m->out, "\\n");
		else
			buf_add_char(&m->out, (unsigned char)c < 0x20 ? ' ' :
									c);
		if (c == '"')
			return;
	}
}

static void drop_comma(struct mender *m)
{
	struct str s = str_trim(buf_view(&m->out));

	if (str_ends(s, STR(",")))
		m->out.n = (size_t)(s.p - m->out.p) + s.n - 1;
}

static void mend_next(struct mender *m)
{
	char c = m->s.p[m->at];

	if (c == '"') {
		mend_string(m);
	} else if (is_at(m, "<!--") || is_at(m, "-->")) {
		m->at += c == '<' ? 4 : 3;
	} else if (is_at(m, "<![CDATA[")) {
		m->at += 9;
	} else if (is_at(m, "]]>")) {
		m->at += 3;
	} else if (is_at(m, "/*")) {
		skip_past(m, "*/");
	} else if (is_at(m, "//")) {
		m->at += 2;
		if (!is_at(m, "<![CDATA[") && !is_at(m, "]]>"))
			skip_past(m, "\n");
	} else if (c == ';') {
		m->at++;
	} else {
		if (c == '}' || c == ']')
			drop_comma(m);
		buf_add_char(&m->out, (unsigned char)c < 0x20 ? ' ' : c);
		m->at++;
	}
}

/* A whole script whose quotes are references is decoded first. */
static json_t *parse_mended(struct page_found *f, struct str s)
{
	struct mender m = { .s = s };
	json_t *v = NULL;

	if (str_starts(s, STR("{&quot;")) || str_starts(s, STR("[{&quot;")))
		m.s = page_plain(f, s, false);
	buf_init(&m.out, 2 * m.s.n + 64);
	while (m.at < m.s.n)
		mend_next(&m);
	if (!buf_error(&m.out))
		v = json_parse(buf_view(&m.out), NULL);
	buf_done(&m.out);
	return v;
}

static bool is_json_ld(const struct dom *d, uint32_t i)
{
	struct str type;

	if (d->v[i].tag != DOM_SCRIPT || d->v[i].end < i + 2)
		return false;
	type = dom_attribute(d, i, "type");
	return str_starts(type, STR("application/ld+json"));
}

/* No descriptions of an article have more members; a tree of them costs much. */
static size_t members_of(struct str s)
{
	size_t n = 1;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == ',';
	return n;
}

size_t page_scripts(struct page_found *f, json_t *ret[PAGE_SCRIPTS_MAX])
{
	const struct dom *d = f->d;
	size_t left = PAGE_JSON_MAX, members = MEMBERS_MAX, n = 0;

	for (uint32_t i = 0; i < d->n && n < PAGE_SCRIPTS_MAX; i++) {
		struct str s;
		json_t *v;

		if (!is_json_ld(d, i))
			continue;
		s = str_trim(d->v[i + 1].text);
		if (!s.n || s.n > left || members_of(s) > members)
			continue;
		left -= s.n;
		members -= members_of(s);
		v = json_parse(s, NULL);
		if (!v && s.n <= MENDED_MAX && members_of(s) <= members)
			v = parse_mended(f, s);
		if (v)
			ret[n++] = v;
	}
	return n;
}
