#include "commands/dump.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "ingest/answer.h"
#include "ingest/confine.h"
#include "ingest/parser.h"
#include "parse/charset.h"
#include "parse/date.h"
#include "parse/language.h"
#include "parse/text.h"
#include "parse/tidy.h"

/* What the child works on. It reads the document itself, before its door is
 * shut, so that there is only one copy. */
struct job {
	const struct kind *kind;
	struct document d;
	int fd;
	struct arena block, arena;
	int r; /* of reading */
	struct err e;
};

struct kind {
	const char *name;
	enum document_kind document;
	/* Of what is no document; the lines, as document_parse(). */
	int (*make)(const struct document *d, struct arena scratch,
		    struct buf *out, struct err *e);
	/* Print what the child made; NULL: as it is. */
	int (*print)(struct str lines, struct err *e);
};

enum { ROOM = DOCUMENT_MAX + DOCUMENT_ARENA, STEP_BYTES = 1 << 16 };

/* In the child: texts. */

static void add_text(struct buf *out, const char *name, struct str s)
{
	if (!s.n)
		return;
	json_add_name(out, name);
	json_add_text(out, s);
}

/* The text of the bytes, clean. */
static int clean_text(const struct document *d, struct arena *a,
		      struct str *ret)
{
	struct charset c;
	int r = charset_decode(d->bytes, d->type, a, &c);

	return r ? r : text_clean(c.text, a, ret);
}

static void add_cuts(struct buf *out, struct str clean, const struct tidy *t)
{
	json_add_name(out, "cut");
	buf_add_char(out, '[');
	for (size_t i = 0; i < t->cut_count; i++) {
		const struct tidy_cut *c = &t->cuts[i];

		buf_add_z(out, i ? ",{" : "{");
		add_text(out, "kind", str_of(tidy_name(c->kind)));
		add_text(out, "text",
			 (struct str){ clean.p + c->start, c->end - c->start });
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static int make_text(const struct document *d, struct arena scratch,
		     struct buf *out, struct err *e)
{
	struct text_parts parts;
	struct str clean;
	struct tidy t;
	int r = clean_text(d, &scratch, &clean);

	(void)e;
	if (!r)
		r = tidy(clean, &scratch, &t);
	if (r)
		return r;
	text_split(t.text, &parts);
	buf_add_char(out, '{');
	add_text(out, "title", parts.title);
	add_text(out, "text", parts.body);
	add_text(out, "author", t.author);
	add_text(out, "published", t.date.n ? t.date : parts.date);
	add_cuts(out, clean, &t);
	buf_add_z(out, "}\n");
	return buf_error(out);
}

static int make_language(const struct document *d, struct arena scratch,
			 struct buf *out, struct err *e)
{
	struct str clean;
	int r = clean_text(d, &scratch, &clean);

	(void)e;
	if (r)
		return r;
	buf_add_char(out, '{');
	add_text(out, "language", str_of(language_of(clean)));
	buf_add_z(out, "}\n");
	return buf_error(out);
}

static int make_charset(const struct document *d, struct arena scratch,
			struct buf *out, struct err *e)
{
	struct charset c;
	int r = charset_decode(d->bytes, d->type, &scratch, &c);

	(void)e;
	if (r)
		return r;
	buf_add_char(out, '{');
	add_text(out, "charset", str_of(c.name));
	add_text(out, "text", c.text);
	buf_printf(out, ",\"lost\":%zu}\n", c.lost);
	return buf_error(out);
}

/* In the parent: lines into one object. What the child said is text, but need
 * be no JSON: a document may have been speaking. */

static void print(struct str s)
{
	fwrite(s.p, 1, s.n, stdout);
}

static int print_page(struct str lines, struct err *e)
{
	struct str head = str_cut(&lines, '\n');

	(void)e;
	print(head.n ? lines : head);
	return 0;
}

static int print_items(const char *head_name, struct str head, struct str items)
{
	bool first = true;

	printf("{\"%s\":", head_name);
	print(head);
	printf(",\"items\":[");
	while (items.n) {
		if (!first)
			putchar(',');
		first = false;
		print(str_cut(&items, '\n'));
	}
	putchar(']');
	return 0;
}

static int print_list(struct str lines, struct err *e)
{
	struct str head = str_cut(&lines, '\n');

	(void)e;
	print_items("head", head, lines);
	puts("}");
	return 0;
}

/* Members of the head that tell of the document stand beside it as well. */
static int print_feed(struct str lines, struct err *e)
{
	struct str head = str_cut(&lines, '\n'), rest = head, name, value;
	json_t *read = json_parse(head, e);

	if (!read)
		return STEP_REJECT;
	json_decref(read);
	print_items("feed", head, lines);
	while (json_next_member(&rest, &name, &value))
		if (str_is(name, "\"encoding\"") || str_is(name, "\"format\""))
			printf("," STR_FMT ":" STR_FMT, STR_ARG(name),
			       STR_ARG(value));
	puts("}");
	return 0;
}

static int print_any(struct str lines, struct err *e)
{
	if (str_starts(lines, STR("{\"document\":\"feed\"")))
		return print_feed(lines, e);
	if (str_starts(lines, STR("{\"document\":\"page\"")))
		return print_page(lines, e);
	return print_list(lines, e);
}

static const struct kind kinds[] = {
	{ "feed", DOCUMENT_FEED, NULL, print_feed },
	{ "page", DOCUMENT_PAGE, NULL, print_page },
	{ "sitemap", DOCUMENT_SITEMAP, NULL, print_list },
	{ "opml", DOCUMENT_OPML, NULL, print_list },
	{ "links", DOCUMENT_LINKS, NULL, print_list },
	{ "any", DOCUMENT_ANY, NULL, print_any },
	{ "text", DOCUMENT_KINDS, make_text, NULL },
	{ "language", DOCUMENT_KINDS, make_language, NULL },
	{ "charset", DOCUMENT_KINDS, make_charset, NULL },
};

const char dump_kinds[] = "feed, page, sitemap, opml, links, any, text, "
			  "language, charset, date or warc";

static const struct kind *by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

/* The child. */

static int read_all(struct job *j)
{
	char *start = arena_take(&j->arena, 0);
	size_t n = 0;
	ssize_t got;

	do {
		char *at = arena_extend(&j->arena, STEP_BYTES);

		got = at ? read(j->fd, at, STEP_BYTES) : -1;
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got < 0)
			return at ? err_sys(&j->e, -errno, "reading it")
				  : -ENOMEM;
		else if (!got)
			break;
		n += (size_t)got;
		j->arena.p = start + n;
	} while (n <= DOCUMENT_MAX);
	j->arena.p = start + n;
	j->d.bytes = (struct str){ start, n };
	if (n > DOCUMENT_MAX)
		return err_set(&j->e, STEP_REJECT,
			       "has more than %d MB; refused",
			       DOCUMENT_MAX >> 20);
	return 0;
}

static void prepare(void *self)
{
	struct job *j = self;

	j->r = arena_open(&j->block, ROOM);
	if (j->r)
		return;
	j->arena = j->block;
	j->r = read_all(j);
	if (!j->r)
		document_prepare(&j->d);
}

static int work(void *self, int fd)
{
	struct job *j = self;
	struct buf out;
	int r = j->r;

	confine_step(PARSER_TIME_MS);
	buf_init(&out, DOCUMENT_ANSWER_MAX);
	if (!r && j->kind->make)
		r = j->kind->make(&j->d, j->arena, &out, &j->e);
	else if (!r)
		r = document_parse(&j->d, j->arena, &out, &j->e);
	if (r == -EMSGSIZE)
		r = err_set(&j->e, STEP_REJECT,
			    "has more text in it than %d MB; refused",
			    DOCUMENT_ANSWER_MAX >> 20);
	return answer_give(fd, r, buf_view(&out), &j->e);
}

static int run_child(struct job *j, struct buf *out, struct err *e)
{
	static const struct confine_limits limits = {
		.memory = PARSER_MEMORY - ROOM, /* which is taken before */
	};
	int fd, result = 0, status, r;
	pid_t pid;

	r = confine_fork(&limits, j->fd, prepare, work, j, &pid, &fd, e);
	if (r)
		return r;
	r = answer_take(fd, -1, DOCUMENT_ANSWER_MAX, &result, out, e);
	status = confine_end(pid);
	close(fd);
	if (r == -EPIPE)
		return parser_died(status, e);
	return r ? err_sys(e, r, "the process that parses") : result;
}

static int dump_open(struct job *j, const char *path, struct err *e)
{
	if (!path || !strcmp(path, "-"))
		return 0;
	j->fd = open(path, O_RDONLY | O_CLOEXEC);
	return j->fd < 0 ? err_sys(e, -errno, "opening it") : 0;
}

static int dump_with(struct job *j, const char *path, struct err *e)
{
	struct buf out;
	int r = dump_open(j, path, e);

	if (r)
		return r;
	buf_init(&out, DOCUMENT_ANSWER_MAX);
	r = run_child(j, &out, e);
	if (!r && j->kind->print)
		r = j->kind->print(buf_view(&out), e);
	else if (!r)
		print(buf_view(&out));
	buf_done(&out);
	if (j->fd > STDIN_FILENO)
		close(j->fd);
	return r;
}

/* The word itself, not a document: nothing that a stranger wrote. */
static int dump_date(const char *word, struct err *e)
{
	char out[DATE_MAX];

	if (!word)
		return err_set(e, -EINVAL, "--dump date wants a date behind "
			       "it, as in --dump date '14 mai 2024'");
	if (!date_parse_feed(str_of(word), out))
		puts(out);
	return 0;
}

static int dump_document(const struct dump *d, struct err *e)
{
	struct job j = { .kind = by_name(d->kind),
			 .d = { .type = d->type, .url = d->base } };
	int r;

	if (!j.kind)
		return err_set(e, -EINVAL,
			       "'%s' is no kind of document; there is %s",
			       d->kind, dump_kinds);
	j.d.kind = j.kind->document;
	j.d.as_html = j.d.kind == DOCUMENT_FEED;
	r = dump_with(&j, d->what, e);
	if (r == -ENOMEM)
		r = err_set(e, STEP_REJECT,
			    "needed more than %d MB of memory to read; refused",
			    PARSER_MEMORY >> 20);
	return r ? err_at(e, r, "%s: ",
			  d->what ? d->what : "standard input")
		 : 0;
}

int dump(const struct dump *d, struct err *e)
{
	return strcmp(d->kind, "date") ? dump_document(d, e)
				       : dump_date(d->what, e);
}
