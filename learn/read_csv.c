#include "learn/read_csv.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

void read_csv_init(struct read_csv *c, struct str bytes, char separator,
		   bool quotes)
{
	*c = (struct read_csv){ .rest = bytes,
				.at = { 1, 1 },
				.separator = separator,
				.quotes = quotes };
	buf_init(&c->cells, SIZE_MAX);
	buf_init(&c->texts, SIZE_MAX);
}

void read_csv_done(struct read_csv *c)
{
	buf_done(&c->cells);
	buf_done(&c->texts);
}

/* Go n bytes on. */
static void skip(struct read_csv *c, size_t n)
{
	struct str over = { c->rest.p, n };
	const char *newline;

	while (over.n && (newline = memchr(over.p, '\n', over.n))) {
		size_t line = (size_t)(newline - over.p) + 1;

		over.p += line, over.n -= line;
		c->at.line++;
		c->at.column = 1;
	}
	c->at.column += over.n;
	c->rest.p += n;
	c->rest.n -= n;
}

static bool at(const struct read_csv *c, char x)
{
	return c->rest.n && c->rest.p[0] == x;
}

/* The bytes of the end of a line that rest begins with: 0 when it does not. */
static size_t line_end(struct str rest)
{
	if (str_starts(rest, STR("\n")))
		return 1;
	return str_starts(rest, STR("\r\n")) ? 2 : 0;
}

static void bare_cell(struct read_csv *c)
{
	size_t n = 0;

	while (n < c->rest.n && c->rest.p[n] != c->separator &&
	       c->rest.p[n] != '\n')
		n++;
	if (n && n < c->rest.n && c->rest.p[n] == '\n' &&
	    c->rest.p[n - 1] == '\r')
		n--;
	buf_add(&c->texts, c->rest.p, n);
	skip(c, n);
}

/* The cell whose quote c is at. */
static int quoted_cell(struct read_csv *c, struct err *e)
{
	struct read_csv_place from = c->at;

	skip(c, 1);
	for (;;) {
		const char *quote = c->rest.n ? memchr(c->rest.p, '"',
						       c->rest.n)
					      : NULL;
		size_t n = quote ? (size_t)(quote - c->rest.p) : 0;

		if (!quote) {
			c->end = from;
			return err_set(e, -EBADMSG,
				       "the quote opened here is never "
				       "closed");
		}
		buf_add(&c->texts, c->rest.p, n);
		skip(c, n + 1);
		if (!at(c, '"'))
			break;
		buf_add_char(&c->texts, '"');
		skip(c, 1);
	}
	if (!c->rest.n || at(c, c->separator) || line_end(c->rest))
		return 0;
	c->end = c->at;
	return err_set(e, STEP_REJECT,
		       "something follows the closing quote of a cell; quotes "
		       "within a cell are doubled");
}

/* Only the length of its text is known for good: see lay_out(). */
static int read_cell(struct read_csv *c, struct err *e)
{
	struct read_csv_cell cell = { .place = c->at };
	size_t before = c->texts.n;
	int r = 0;

	if (c->quotes && at(c, '"'))
		r = quoted_cell(c, e);
	else
		bare_cell(c);
	cell.text.n = c->texts.n - before;
	buf_add(&c->cells, &cell, sizeof(cell));
	return r;
}

static void skip_line(struct read_csv *c)
{
	const char *newline = c->rest.n ? memchr(c->rest.p, '\n', c->rest.n)
					: NULL;

	skip(c, newline ? (size_t)(newline - c->rest.p) + 1 : c->rest.n);
}

/* The texts lie one behind the other and have moved while they grew. */
static void lay_out(struct read_csv *c)
{
	struct read_csv_cell *v = (struct read_csv_cell *)(void *)c->cells.p;
	const char *text = buf_view(&c->texts).p;

	c->n = c->cells.n / sizeof(*v);
	for (size_t i = 0; i < c->n; i++) {
		v[i].text.p = text;
		text += v[i].text.n;
	}
	c->v = v;
}

int read_csv_next(struct read_csv *c, struct err *e)
{
	int r;

	c->n = 0;
	buf_clear(&c->cells);
	buf_clear(&c->texts);
	if (!c->rest.n)
		return STEP_END;
	for (;;) {
		r = read_cell(c, e);
		if (r || !at(c, c->separator))
			break;
		skip(c, 1);
	}
	if (r == STEP_REJECT)
		skip_line(c);
	if (!r)
		r = buf_error(&c->cells);
	if (!r)
		r = buf_error(&c->texts);
	if (r)
		return r;
	c->end = c->at;
	skip(c, line_end(c->rest));
	lay_out(c);
	return 0;
}
