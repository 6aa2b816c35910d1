#include "ingest/source.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/near.h"
#include "ingest/source_archive.h"
#include "ingest/source_feed.h"
#include "ingest/source_folder.h"
#include "ingest/source_jsonl.h"
#include "ingest/source_page.h"
#include "ingest/source_text.h"
#include "ingest/source_warc.h"

static const struct source_kind kinds[] = {
	{ .name = "jsonl",
	  .help = "JSON lines, one article a line; - is standard input",
	  .open = source_jsonl_open, .next = source_jsonl_next,
	  .close = source_jsonl_close, .progress = source_jsonl_progress },
	{ .name = "text",
	  .help = "a plain text that is one article; - is standard input",
	  .open = source_text_open, .next = source_text_next,
	  .close = source_text_close },
	{ .name = "folder",
	  .help = "every text and JSON lines file below a folder",
	  .open = source_folder_open, .next = source_folder_next,
	  .close = source_folder_close },
	{ .name = "page",
	  .help = "a saved HTML page",
	  .open = source_page_open, .next = source_page_next,
	  .close = source_page_close },
	{ .name = "warc",
	  .help = "a crawl archive (WARC)",
	  .open = source_warc_open, .next = source_warc_next,
	  .close = source_warc_close, .progress = source_warc_progress },
	{ .name = "archive",
	  .help = "a zip or tar file of pages, texts and the like",
	  .open = source_archive_open, .next = source_archive_next,
	  .close = source_archive_close,
	  .progress = source_archive_progress },
	{ .name = "feed",
	  .help = "an RSS, Atom or JSON feed, polled; or one in a file",
	  .open = source_feed_open, .next = source_feed_next,
	  .close = source_feed_close, .pause = source_feed_pause },
	{ .name = "sitemap",
	  .help = "the pages that a news sitemap lists, polled",
	  .open = source_sitemap_open, .next = source_feed_next,
	  .close = source_feed_close, .pause = source_feed_pause },
	{ .name = "opml",
	  .help = "the feeds that a list names, each polled",
	  .open = source_opml_open, .next = source_feed_next,
	  .close = source_feed_close, .pause = source_feed_pause },
	{ .name = NULL },
};

enum {
	KIND_JSONL,
	KIND_TEXT,
	KIND_FOLDER,
	KIND_PAGE,
	KIND_WARC,
	KIND_ARCHIVE,
	KIND_FEED,
	KIND_SITEMAP,
	KIND_OPML,
};

/* What a file is by the end of its name; all else is a text. */
static const struct {
	const char *end;
	int kind;
} looks[] = {
	{ ".jsonl", KIND_JSONL },    { ".ndjson", KIND_JSONL },
	{ ".json", KIND_JSONL },     { ".html", KIND_PAGE },
	{ ".htm", KIND_PAGE },	     { ".xhtml", KIND_PAGE },
	{ ".mhtml", KIND_PAGE },     { ".mht", KIND_PAGE },
	{ ".warc", KIND_WARC },	     { ".warc.gz", KIND_WARC },
	{ ".warc.zst", KIND_WARC },  { ".zip", KIND_ARCHIVE },
	{ ".tar", KIND_ARCHIVE },    { ".tgz", KIND_ARCHIVE },
	{ ".tar.gz", KIND_ARCHIVE }, { ".tar.xz", KIND_ARCHIVE },
	{ ".txz", KIND_ARCHIVE },    { ".tar.zst", KIND_ARCHIVE },
	{ ".tar.bz2", KIND_ARCHIVE }, { ".gz", KIND_ARCHIVE },
	{ ".rss", KIND_FEED },	     { ".atom", KIND_FEED },
	{ ".xml", KIND_FEED },	     { ".opml", KIND_OPML },
};

/* Standard input is looked at by the first source_next(), not by
 * source_open(), which must not block; what is followed may not be there yet:
 * until then kind is NULL. */
struct source {
	const struct source_kind *kind;
	const struct source_options *o;
	void *self;
	uint64_t lines; /* empty ones, gone by before the first byte */
	size_t ahead;
	char first[4]; /* the first byte, or what began like a BOM */
};

const struct source_kind *source_kinds(void)
{
	return kinds;
}

int source_read(int fd, void *p, size_t n, size_t *got)
{
	struct pollfd ready = { fd, POLLIN, 0 };
	ssize_t k;

	*got = 0;
	/* Never wait here: ingest hears acks while standard input is idle. */
	if (poll(&ready, 1, 0) == 0)
		return STEP_WAIT;
	k = read(fd, p, n);
	if (k < 0)
		return errno == EINTR || errno == EAGAIN ? STEP_WAIT : -errno;
	*got = (size_t)k;
	return 0;
}

/* "jsonl, text and folder" */
static void list_kinds(char *out, size_t size)
{
	size_t n = 0;

	for (const struct source_kind *k = kinds; k->name && n < size; k++)
		n += (size_t)snprintf(out + n, size - n, "%s%s", k == kinds ? ""
				      : k[1].name ? ", " : " and ", k->name);
}

static int no_such_kind(const char *name, struct err *e)
{
	char all[256] = "";
	const char *meant;
	struct near near;

	near_init(&near, str_of(name));
	for (const struct source_kind *k = kinds; k->name; k++)
		near_offer(&near, k->name);
	meant = near_best(&near);
	if (meant)
		return err_set(e, -EINVAL,
			       "no kind of source is called '%s'; did you "
			       "mean %s?", name, meant);
	list_kinds(all, sizeof(all));
	return err_set(e, -EINVAL,
		       "no kind of source is called '%s'; there are %s", name,
		       all);
}

static const struct source_kind *kind_called(const char *name)
{
	const struct source_kind *k = kinds;

	while (k->name && strcmp(k->name, name))
		k++;
	return k->name ? k : NULL;
}

int source_kind_check(const char *name, struct err *e)
{
	return kind_called(name) ? 0 : no_such_kind(name, e);
}

static int kind_by_name(const char *name, const struct source_kind **ret,
			struct err *e)
{
	*ret = kind_called(name);
	return *ret ? 0 : no_such_kind(name, e);
}

bool source_is_web(const char *path)
{
	return !strncasecmp(path, "http://", 7) ||
	       !strncasecmp(path, "https://", 8);
}

static const struct source_kind *by_name(const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
		size_t end = strlen(looks[i].end);

		if (n > end && !strcasecmp(path + n - end, looks[i].end))
			return &kinds[looks[i].kind];
	}
	return &kinds[KIND_TEXT];
}

bool source_is_polled(const char *path, const char *kind)
{
	return source_is_web(path) ||
	       (kind ? !strcmp(kind, kinds[KIND_OPML].name)
		     : by_name(path) == &kinds[KIND_OPML]);
}

bool source_is_parsed(const char *path, const char *kind)
{
	const struct source_kind *k = kind ? kind_called(kind)
					   : by_name(path);

	return source_is_web(path) || (k && k >= &kinds[KIND_PAGE]);
}

/* Begins with what could be a host, as in "news.example/rss"? */
static bool is_half_an_address(const char *path)
{
	size_t host = strcspn(path, "/");
	const char *dot = memchr(path, '.', host);

	return path[host] && dot && dot > path && dot + 1 < path + host;
}

static int no_file(const char *path, int r, struct err *e)
{
	if (r == -ENOENT && is_half_an_address(path))
		return err_set(e, r, "%s: no such file; an address begins "
			       "with https://", path);
	return err_sys(e, r, "%s", path);
}

static int kind_by_looks(const char *path, const struct source_kind **ret,
			 struct err *e)
{
	struct stat st;

	if (source_is_web(path)) {
		*ret = &kinds[KIND_FEED];
		return 0;
	}
	if (stat(path, &st))
		return no_file(path, -errno, e);
	*ret = S_ISDIR(st.st_mode) ? &kinds[KIND_FOLDER] : by_name(path);
	return 0;
}

/* Of what is known by its looks. STEP_WAIT: it is not there yet. */
static int open_by_looks(struct source *s, struct err *e)
{
	struct err why = { "" };
	const struct source_kind *kind = NULL;
	int r = kind_by_looks(s->o->path, &kind, &why);

	if (r == -ENOENT && s->o->follow)
		return STEP_WAIT;
	if (r)
		return err_set(e, r, "%s", why.text);
	r = kind->open(s->o, &s->self, e);
	if (!r)
		s->kind = kind;
	return r;
}

int source_open(const struct source_options *o, struct source **ret,
		struct err *e)
{
	struct source *s = calloc(1, sizeof(*s));
	int r = 0;

	if (!s)
		return err_sys(e, -ENOMEM, "%s", o->path);
	s->o = o;
	if (o->kind)
		r = kind_by_name(o->kind, &s->kind, e);
	else if (strcmp(o->path, "-"))
		r = open_by_looks(s, e);
	if (!r && s->kind && !s->self)
		r = s->kind->open(o, &s->self, e);
	if (r < 0) {
		free(s);
		return r;
	}
	*ret = s;
	return 0;
}

/* Read on to the first byte that is no white space; it stays in s->first. A
 * byte order mark counts as white space. Byte by byte, since what is read here
 * must be handed on: only white space is read so slowly. */
static int look_ahead(struct source *s)
{
	static const struct str bom = { "\xEF\xBB\xBF", 3 };

	for (;;) {
		struct str had;
		size_t got;
		char c;
		int r = source_read(STDIN_FILENO, &c, 1, &got);

		if (r || !got)
			return r;
		if (!s->ahead && strchr(" \t\r\n\f", c) && c) {
			s->lines += c == '\n';
			continue;
		}
		s->first[s->ahead++] = c;
		had = (struct str){ s->first, s->ahead };
		if (!str_starts(bom, had))
			return 0;
		if (str_eq(bom, had))
			s->ahead = 0;
	}
}

/* Decide what standard input is. An empty one is no lines rather than an
 * empty text: there is nothing to complain of. */
static int settle(struct source *s, struct err *e)
{
	struct str ahead;
	bool lines;
	int r = look_ahead(s);

	if (r < 0)
		return err_sys(e, r, "standard input");
	if (r)
		return r;
	ahead = (struct str){ s->first, s->ahead };
	lines = !ahead.n || ahead.p[0] == '{';
	r = lines ? source_jsonl_resume(s->o, ahead, s->lines, &s->self, e)
		  : source_text_resume(s->o, ahead, &s->self, e);
	if (!r)
		s->kind = &kinds[lines ? KIND_JSONL : KIND_TEXT];
	return r;
}

int source_next(struct source *s, struct raw *ret, struct err *e)
{
	int r = 0;

	*ret = (struct raw){ 0 };
	if (!s->kind)
		r = strcmp(s->o->path, "-") ? open_by_looks(s, e)
					    : settle(s, e);
	if (!r)
		r = s->kind->next(s->self, ret, e);
	ret->name = s->o->name;
	return r;
}

int64_t source_pause(const struct source *s, int64_t now_ms)
{
	return s->kind && s->self && s->kind->pause
		       ? s->kind->pause(s->self, now_ms)
		       : 0;
}

void source_progress(const struct source *s, uint64_t *done, uint64_t *total)
{
	*done = *total = 0;
	if (s->kind && s->self && s->kind->progress)
		s->kind->progress(s->self, done, total);
}

void source_free(struct source *s)
{
	if (s && s->self)
		s->kind->close(s->self);
	free(s);
}
