/* What somebody says, as one line without markup. */
#include <errno.h>
#include <string.h>

#include "parse/page_found.h"
#include "parse/text.h"

enum {
	PLAIN_MAX = 1 << 20,
	TEXT_NODES_MAX = 400, /* of a heading, a byline, a date */
};

static bool is_marked_up(struct str s)
{
	const char *at = memchr(s.p, '&', s.n);

	return (at && memchr(at, ';', s.n - (size_t)(at - s.p))) ||
	       memchr(s.p, '<', s.n);
}

/* Newlines as breaks, which the tree keeps. */
static void add_lines(struct buf *out, struct str s)
{
	while (s.p) {
		buf_add_str(out, str_cut(&s, '\n'));
		if (s.p)
			buf_add_z(out, "<br>");
	}
}

static bool read_markup(struct page_found *f, struct str s, struct buf *out)
{
	struct arena scratch = *f->a;
	struct dom d;

	if (dom_parse(s, &scratch, &d))
		return false;
	dom_text(&d, 0, out);
	return !buf_error(out);
}

struct str page_plain(struct page_found *f, struct str raw, bool keep_lines)
{
	struct buf in, out;
	struct str s = raw;

	if (raw.n > PLAIN_MAX)
		return (struct str){ "", 0 };
	buf_init(&in, 8 * PLAIN_MAX);
	buf_init(&out, 8 * PLAIN_MAX);
	if (is_marked_up(raw) && f->decoded++ < PAGE_DECODED_MAX) {
		if (keep_lines)
			add_lines(&in, raw);
		if (read_markup(f, keep_lines ? buf_view(&in) : raw, &out))
			s = buf_view(&out);
	}
	if ((keep_lines ? text_clean : text_line)(s, f->a, &s)) {
		f->no_memory = true;
		s = (struct str){ "", 0 };
	}
	buf_done(&in);
	buf_done(&out);
	return s;
}

struct str page_text_of(struct page_found *f, uint32_t i, size_t max)
{
	struct str s = { "", 0 };
	struct buf out;

	if (f->d->v[i].end - i > TEXT_NODES_MAX)
		return s;
	buf_init(&out, max);
	dom_text(f->d, i, &out);
	if (!buf_error(&out) && out.n && text_line(buf_view(&out), f->a, &s))
		f->no_memory = true;
	buf_done(&out);
	return s;
}

static void join_author(struct page_found *f, struct str *to, struct str more)
{
	struct str both;

	if (to->n + more.n + 2 > PAGE_SAID_MAX)
		return;
	both.n = to->n + more.n + 2;
	both.p = arena_take(f->a, both.n);
	if (!both.p) {
		f->no_memory = true;
		return;
	}
	memcpy((char *)both.p, to->p, to->n);
	memcpy((char *)both.p + to->n, "; ", 2);
	memcpy((char *)both.p + to->n + 2, more.p, more.n);
	*to = both;
}

void page_say(struct page_found *f, enum page_field field, enum page_rank rank,
	      struct str raw)
{
	struct str *to = &f->said[field][rank], s;

	raw = str_trim(raw);
	if (!raw.n || raw.n > PAGE_SAID_MAX ||
	    (to->n && (field != PAGE_AUTHOR || to->n > PAGE_AUTHORS_MAX)))
		return;
	s = page_plain(f, raw, false);
	if (!s.n)
		return;
	if (to->n)
		join_author(f, to, s);
	else
		*to = s;
}
