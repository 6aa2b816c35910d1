#include "ingest/pieces.h"

#include <string.h>
#include <strings.h>

#include "ingest/source.h"

static const struct {
	const char *type;
	enum pieces_form form;
	bool by_looks; /* unless it begins an array */
} types[] = {
	{ "application/json", PIECES_ONE, true },
	{ "application/x-ndjson", PIECES_LINES, false },
	{ "application/ndjson", PIECES_LINES, false },
	{ "application/jsonl", PIECES_LINES, false },
	{ "application/x-jsonlines", PIECES_LINES, false },
	{ "text/plain", PIECES_LINES, false },
	{ "application/x-www-form-urlencoded", PIECES_LINES, true },
	{ "", PIECES_LINES, true },
};

static struct str without_bom(struct str s)
{
	static const struct str bom = { "\xEF\xBB\xBF", 3 };

	if (str_starts(s, bom))
		s = (struct str){ s.p + bom.n, s.n - bom.n };
	return s;
}

enum pieces_form pieces_form(const char *type, struct str body)
{
	size_t n = type ? strcspn(type, "; \t") : 0;
	bool list = str_starts(str_trim(without_bom(body)), STR("["));

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strlen(types[i].type) == n &&
		    (!n || !strncasecmp(types[i].type, type, n)))
			return types[i].by_looks && list ? PIECES_ARRAY
							 : types[i].form;
	return PIECES_WRONG;
}

void pieces_begin(struct pieces *p, enum pieces_form form, struct str body)
{
	*p = (struct pieces){ .form = form, .rest = without_bom(body) };
	if (form != PIECES_LINES)
		p->rest = str_trim(p->rest);
	if (form == PIECES_ARRAY && p->rest.n)
		p->rest = (struct str){ p->rest.p + 1, p->rest.n - 1 };
	p->over = !p->rest.n && form != PIECES_ARRAY;
}

static int too_long(struct str s, struct err *e)
{
	if (s.n <= RAW_MAX)
		return 0;
	return err_set(e, STEP_REJECT, "an article of more than %d bytes",
		       RAW_MAX);
}

static int next_line(struct pieces *p, struct str *ret, struct err *e)
{
	do {
		if (!p->rest.n)
			return STEP_END;
		*ret = str_trim(str_cut(&p->rest, '\n'));
		p->number++;
	} while (!ret->n);
	return too_long(*ret, e);
}

/* Bytes up to the comma or bracket that ends the element, which they do not
 * have within a string or a deeper bracket; all when none ends it. */
static size_t element(struct str s)
{
	bool in_string = false;
	size_t depth = 0, i;

	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else
				in_string = c != '"';
		} else if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			depth++;
		} else if (c == ']' || c == '}') {
			if (!depth)
				return i;
			depth--;
		} else if (c == ',' && !depth) {
			return i;
		}
	}
	return s.n;
}

static int behind_array(struct pieces *p, struct err *e)
{
	p->over = true;
	if (!str_trim(p->rest).n)
		return STEP_END;
	p->number++;
	return err_set(e, STEP_REJECT, "bytes behind the end of the array");
}

static int next_element(struct pieces *p, struct str *ret, struct err *e)
{
	size_t n = element(p->rest);
	char end = n < p->rest.n ? p->rest.p[n] : '\0';

	*ret = str_trim((struct str){ p->rest.p, n });
	n += n < p->rest.n;
	p->rest = (struct str){ p->rest.p + n, p->rest.n - n };
	p->closed = end == ']';
	if (p->closed && !ret->n && !p->number)
		return behind_array(p, e);
	p->number++;
	if (!p->closed && end != ',') {
		p->over = true;
		return err_set(e, STEP_REJECT,
			       "the array has no end, or a bracket too many");
	}
	if (!ret->n)
		return err_set(e, STEP_REJECT, "an element without a value");
	return too_long(*ret, e);
}

int pieces_next(struct pieces *p, struct str *ret, struct err *e)
{
	if (p->over)
		return STEP_END;
	if (p->form == PIECES_LINES)
		return next_line(p, ret, e);
	if (p->closed)
		return behind_array(p, e);
	if (p->form == PIECES_ARRAY)
		return next_element(p, ret, e);
	p->over = true;
	p->number = 1;
	*ret = p->rest;
	return too_long(*ret, e);
}
