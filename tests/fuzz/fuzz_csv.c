/* fuzz_csv.c -- any bytes as CSV and as TSV. Cells are made of bytes that were
 * there, in their order, and have the places that they say; what is read is
 * written again, all in quotes, and comes back. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "learn/read_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_quoted(struct buf *b, const struct read_csv *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct str rest = c->v[i].text;
		const char *before = i ? ",\"" : "\"";

		do {
			buf_add_z(b, before);
			buf_add_str(b, str_cut(&rest, '"'));
			before = "\"\"";
		} while (rest.p);
		buf_add_char(b, '"');
	}
	buf_add_char(b, '\n');
}

/* The byte that a place stands for. */
static size_t at(struct str s, struct read_csv_place p)
{
	struct str rest = s;

	assert(p.line && p.column);
	while (--p.line) {
		str_cut(&rest, '\n');
		assert(rest.p);
	}
	assert(p.column <= rest.n + 1);
	return (size_t)(rest.p - s.p) + p.column - 1;
}

static void check_places(struct str s, const struct read_csv *c)
{
	size_t last = 0;

	assert(c->n);
	for (size_t i = 0; i < c->n; i++) {
		size_t from = at(s, c->v[i].place);

		assert(!i || s.p[from - 1] == c->separator);
		assert(from >= last);
		last = from + c->v[i].text.n;
	}
	assert(at(s, c->end) >= last);
}

/* All records of s, quoted; those that are refused are left out. */
static void read_all(struct str s, char separator, bool quotes, bool places,
		     struct buf *out)
{
	struct read_csv c;
	struct err e = { "" };
	size_t left = s.n;
	int r;

	read_csv_init(&c, s, separator, quotes);
	while ((r = read_csv_next(&c, &e)) != STEP_END) {
		assert((r != 0) == (e.text[0] != '\0'));
		assert(r <= 0 || c.rest.n < left);
		left = c.rest.n;
		err_clear(&e);
		if (r < 0)
			break;
		if (r)
			continue;
		if (places)
			check_places(s, &c);
		add_quoted(out, &c);
	}
	read_csv_done(&c);
}

static void try_all(struct str s, char separator, bool quotes)
{
	struct buf once, again;

	buf_init(&once, SIZE_MAX);
	buf_init(&again, SIZE_MAX);
	read_all(s, separator, quotes, s.n < 4096, &once);
	read_all(buf_view(&once), ',', true, false, &again);
	assert(str_eq(buf_view(&once), buf_view(&again)));
	buf_done(&once);
	buf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };

	if (!size)
		return 0;
	try_all(s, ',', true);
	try_all(s, '\t', false);
	return 0;
}
