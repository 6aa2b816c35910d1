/* What a letter says, for people. What an article has put into it neither
 * begins a line of its own nor steers the terminal. */
#include "commands/dlq.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/unicode.h"

enum { REASON_WIDTH = 48, TITLE_WIDTH = 48, NAME_SIZE = 64 };

static const char *text_of(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

/* s in so many columns, one a character. */
static void print_cell(const char *s, size_t width, bool last)
{
	struct str rest = str_of(s ? s : "-");
	size_t used = 0;

	while (rest.n) {
		uint32_t c;
		size_t n;

		c = unicode_decode(rest.p, rest.p + rest.n, &n);
		if (++used == width && rest.n > n) {
			fputs("…", stdout);
			break;
		}
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			putchar(' ');
		else
			fwrite(rest.p, 1, n, stdout);
		rest.p += n;
		rest.n -= n;
	}
	if (!last)
		printf("%*s", (int)(width - used + 2), "");
	else
		putchar('\n');
}

static const char *title_of(const json_t *article)
{
	static const char *const names[] = { "title", "url", "id", "place" };
	const char *s = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !s; i++)
		s = text_of(article, names[i]);
	return s;
}

static void print_row(const char *name, size_t width, const json_t *letter,
		      bool handled)
{
	const json_t *dead = json_object_get(letter, "dead");
	const json_t *attempts = json_object_get(dead, "attempts");
	char n[24];

	snprintf(n, sizeof(n), "%lld",
		 (long long)json_integer_value(attempts));
	print_cell(name, width, false);
	print_cell(text_of(dead, "at"), 20, false);
	print_cell(text_of(dead, "stage"), 8, false);
	print_cell(text_of(dead, "signal"), 7, false);
	print_cell(json_is_integer(attempts) ? n : NULL, 5, false);
	print_cell(handled ? "handled" : "waits", 7, false);
	print_cell(text_of(dead, "reason"), REASON_WIDTH, false);
	print_cell(title_of(json_object_get(letter, "article")), TITLE_WIDTH,
		   true);
}

static size_t name_width(const struct letters *l)
{
	size_t width = strlen("number");

	for (size_t i = 0; i < l->n; i++) {
		char name[NAME_SIZE];

		letters_name(l, &l->v[i], name, sizeof(name));
		if (strlen(name) > width)
			width = strlen(name);
	}
	return width;
}

/* A letter that cannot be understood is warned of, and passed over. */
static void complain(struct letters *l, struct err *why)
{
	l->damaged++;
	fflush(stdout);
	fprintf(stderr, "vigie dlq: %s; passed over\n", why->text);
}

static int list_one(struct letters *l, const struct letter_at *at, size_t width,
		    struct err *e)
{
	struct err why = { "" };
	char name[NAME_SIZE];
	json_t *letter;
	struct str line;
	int r = letters_load(l, at, &line, &letter, &why);

	if (r == -EBADMSG) {
		complain(l, &why);
		return 0;
	}
	if (r)
		return err_set(e, r, "%s", why.text);
	letters_name(l, at, name, sizeof(name));
	print_row(name, width, letter, at->handled);
	json_decref(letter);
	return 0;
}

int dlq_list(struct letters *l, const struct dlq_options *o, struct err *e)
{
	size_t width = name_width(l), waiting = 0;
	int r = 0;

	for (size_t i = 0; i < l->n; i++)
		waiting += !l->v[i].handled;
	if (o->all ? l->n : waiting) {
		static const char *const heads[] = { "time", "stage", "signal",
						     "tries", "state" };
		static const size_t widths[] = { 20, 8, 7, 5, 7 };

		print_cell("number", width, false);
		for (size_t i = 0; i < 5; i++)
			print_cell(heads[i], widths[i], false);
		print_cell("reason", REASON_WIDTH, false);
		print_cell("article", TITLE_WIDTH, true);
	}
	for (size_t i = 0; i < l->n && !r; i++)
		if (o->all || !l->v[i].handled)
			r = list_one(l, &l->v[i], width, e);
	printf("%zu wait, %zu were replayed or dropped\n", waiting,
	       l->n - waiting);
	return r;
}

/* Show. */

/* Bytes that may be anything: as they are into a file or pipe, but on a
 * terminal without what steers it. */
static void print_bytes(struct str s)
{
	bool terminal = isatty(STDOUT_FILENO) == 1;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (terminal && c != '\n' && c != '\t' &&
		    (c < 0x20 || c == 0x7f))
			c = ' ';
		putchar(c);
	}
	if (s.n && s.p[s.n - 1] != '\n')
		putchar('\n');
}

/* A number with the digits that it was written with. */
static void print_value(const char *name, const json_t *v, struct str written)
{
	struct buf b;

	buf_init(&b, RECORD_LINE_MAX);
	buf_printf(&b, "%-10s ", name);
	if (json_is_string(v))
		buf_add(&b, json_string_value(v), json_string_length(v));
	else
		buf_add_str(&b, written);
	print_bytes(buf_view(&b));
	buf_done(&b);
}

static void print_members(const json_t *o, struct str written)
{
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)o, name, v)
		if (strcmp(name, "text") && !json_is_null(v))
			print_value(name, v, dlq_written(written, name));
}

static int print_raw(const char *raw, struct err *e)
{
	struct buf b;
	int r;

	buf_init(&b, RECORD_LINE_MAX);
	r = base64_decode(&b, str_of(raw));
	if (r == -EINVAL)
		r = err_set(e, -EBADMSG, "what it holds is no base64");
	else if (!r)
		print_bytes(buf_view(&b));
	buf_done(&b);
	return r;
}

static int print_letter(const struct letter_at *at, const json_t *letter,
			struct str line, struct err *e)
{
	const json_t *article = json_object_get(letter, "article");
	const json_t *text = json_object_get(article, "text");
	const char *raw = text_of(letter, "raw");
	char hex[WIRE_ORIGIN_HEX];

	origin_hex(at->origin, hex);
	printf("%-10s %s:%llu%s\n", "number", hex,
	       (unsigned long long)at->seq, at->handled ? " (handled)" : "");
	print_members(json_object_get(letter, "dead"),
		      dlq_written(line, "dead"));
	putchar('\n');
	print_members(article, dlq_written(line, "article"));
	putchar('\n');
	if (json_is_string(text))
		print_bytes((struct str){ json_string_value(text),
					  json_string_length(text) });
	return raw ? print_raw(raw, e) : 0;
}

int dlq_show(struct letters *l, const struct dlq_options *o, struct err *e)
{
	int r = 0;

	(void)o;
	for (size_t i = 0; i < l->n && !r; i++) {
		json_t *letter;
		struct str line;

		if (!l->v[i].chosen)
			continue;
		r = letters_load(l, &l->v[i], &line, &letter, e);
		if (r)
			return r;
		r = print_letter(&l->v[i], letter, line, e);
		json_decref(letter);
	}
	return r;
}
