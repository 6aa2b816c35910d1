#include "ingest/warc_head.h"

#include <string.h>
#include <strings.h>

static bool is_named(struct str name, const char *want)
{
	return name.n == strlen(want) && !strncasecmp(name.p, want, name.n);
}

/* An address that wget puts between < and >. */
static struct str bare(struct str s)
{
	return s.n > 1 && s.p[0] == '<' && s.p[s.n - 1] == '>'
		       ? (struct str){ s.p + 1, s.n - 2 }
		       : s;
}

static bool read_length(struct str s, uint64_t *ret)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || n > INT64_MAX / 16)
			return false;
		n = n * 10 + (uint64_t)(s.p[i] - '0');
	}
	*ret = n;
	return s.n;
}

/* Returns whether it is a good Content-Length. */
static bool keep_field(struct warc_record *r, struct str line)
{
	struct str name = str_trim(str_cut(&line, ':'));
	struct str value = line.p ? str_trim(line) : STR("");

	if (is_named(name, "WARC-Type"))
		r->type = value;
	else if (is_named(name, "WARC-Target-URI"))
		r->uri = bare(value);
	else if (is_named(name, "WARC-Date"))
		r->date = value;
	else if (is_named(name, "WARC-Record-ID"))
		r->id = value;
	else if (is_named(name, "Content-Type"))
		r->mime = value;
	return is_named(name, "Content-Length") &&
	       read_length(value, &r->length);
}

/* A line that begins with white space goes on with the one before (1.0). */
static void unfold(struct buf *b)
{
	for (size_t i = 0; i + 1 < b->n; i++) {
		if (b->p[i] != '\n' ||
		    (b->p[i + 1] != ' ' && b->p[i + 1] != '\t'))
			continue;
		b->p[i] = ' ';
		if (i && b->p[i - 1] == '\r')
			b->p[i - 1] = ' ';
	}
}

bool warc_head(struct buf *head, struct warc_record *ret)
{
	struct str rest;
	bool sized = false;

	unfold(head);
	rest = buf_view(head);
	str_cut(&rest, '\n'); /* the version */
	while (rest.p)
		sized |= keep_field(ret, str_cut(&rest, '\n'));
	return sized;
}
