#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "commands/feeds.h"
#include "ingest/parser.h"
#include "ingest/poll_item.h"
#include "ingest/source.h"
#include "ingest/state_read.h"

static const struct str key_head = { "feed:", 5 };

void feeds_done(struct feeds *f)
{
	for (size_t i = 0; i < f->n; i++) {
		poll_done(&f->v[i].poll);
		free(f->v[i].name);
		free(f->v[i].key);
	}
	free(f->v);
	*f = (struct feeds){ .v = NULL };
}

static int add(struct feeds *f, const char *url, const char *name)
{
	struct feed_row *row;

	if (f->n == f->room) {
		size_t room = f->room ? 2 * f->room : 16;
		struct feed_row *v = realloc(f->v, room * sizeof(*v));

		if (!v)
			return -ENOMEM;
		f->v = v;
		f->room = room;
	}
	row = &f->v[f->n];
	*row = (struct feed_row){ .name = strdup(name ? name : ""),
				  .key = poll_show(url), .named = true };
	if (row->name && row->key && !poll_init(&row->poll, url)) {
		f->n++;
		return 0;
	}
	free(row->name);
	free(row->key);
	return -ENOMEM;
}

/* Lists. */

static int each_line(struct str rest,
		     int (*each)(void *self, struct str url, struct str title),
		     void *self)
{
	int r = 0;

	str_cut(&rest, '\n');
	while (!r && rest.n) {
		json_t *line = json_parse(str_cut(&rest, '\n'), NULL);
		struct str url = poll_item_text(line, "url");

		if (url.n)
			r = each(self, url, poll_item_text(line, "title"));
		json_decref(line);
	}
	return r;
}

int feeds_of_file(const char *path,
		  int (*each)(void *self, struct str url, struct str title),
		  void *self, struct err *e)
{
	struct document d = { .kind = DOCUMENT_OPML };
	struct parser *parser = NULL;
	struct err why = { "" };
	struct buf lines;
	int r = file_read(path, DOCUMENT_MAX, &d.bytes, e);

	if (r)
		return r;
	buf_init(&lines, DOCUMENT_ANSWER_MAX);
	r = parser_new(&parser);
	if (!r)
		r = parser_ask(parser, &d, &lines, &why);
	if (r)
		err_set(e, r, "%s: %s", path,
			why.text[0] ? why.text : strerror(-r));
	else
		r = each_line(buf_view(&lines), each, self);
	buf_done(&lines);
	parser_free(parser);
	free((char *)d.bytes.p);
	return r;
}

static int add_listed(void *self, struct str url, struct str title)
{
	char *u = strndup(url.p, url.n), *t = strndup(title.p, title.n);
	int r = u && t ? add(self, u, strcmp(u, t) ? t : NULL) : -ENOMEM;

	free(u);
	free(t);
	return r;
}

static int add_source(struct feeds *f, const struct ingest_source *s)
{
	struct err why = { "" };
	int r;

	if (source_is_web(s->path))
		return add(f, s->path, s->name);
	if (!source_is_polled(s->path, s->kind))
		return 0;
	r = feeds_of_file(s->path, add_listed, f, &why);
	if (!r || r == -ENOMEM)
		return r;
	log_line(LOG_WARN, "%s", why.text); /* the others are there */
	return 0;
}

/* What is remembered. */

struct recall {
	struct feeds *f;
	bool all;
};

static struct feed_row *find(struct feeds *f, struct str key)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_is(key, f->v[i].key))
			return &f->v[i];
	return NULL;
}

static int add_unnamed(struct feeds *f, struct str key)
{
	char *url = strndup(key.p, key.n);
	int r = url ? add(f, url, NULL) : -ENOMEM;

	free(url);
	if (!r)
		f->v[f->n - 1].named = false;
	return r;
}

static int recall_one(void *self, struct str name, struct str value)
{
	struct recall *to = self;
	struct str key = { name.p + key_head.n, name.n - key_head.n };
	struct feed_row *row = find(to->f, key);
	int r = 0;

	if (!row && to->all) {
		r = add_unnamed(to->f, key);
		row = r ? NULL : &to->f->v[to->f->n - 1];
	}
	if (!row || r)
		return r;
	r = poll_read(&row->poll, value);
	row->known |= !r;
	return r == -EINVAL ? 0 : r;
}

int feeds_gather(const struct settings *s, bool all, struct feeds *ret,
		 struct err *e)
{
	const struct ingest_source *v = s->ingest.sources.v;
	struct recall to = { ret, all };
	char path[PATH_MAX];
	int r = 0;

	*ret = (struct feeds){ .v = NULL };
	for (size_t i = 0; !r && i < s->ingest.sources.n; i++)
		r = add_source(ret, &v[i]);
	if (r || !s->ingest.journal.path)
		return r;
	snprintf(path, sizeof(path), "%s/state.db", s->ingest.journal.path);
	r = state_peek(path, key_head, recall_one, &to, e);
	return r == STEP_END ? 0 : r;
}
