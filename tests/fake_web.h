/* fake_web.h -- a web and a parser that do as they are told, and a memory, for
 * the tests of what is polled. Documents are lines of JSON as they stand. */
#ifndef VIGIE_TESTS_FAKE_WEB_H
#define VIGIE_TESTS_FAKE_WEB_H

#include <stdlib.h>
#include <string.h>

#include "ingest/parser.h"
#include "ingest/polls.h"
#include "ingest/source.h"
#include "ingest/web.h"
#include "tests/check_main.h"

enum { FAKE_JOBS = 64, FAKE_CELLS = 64, FAKE_TEXT = 1 << 18 };

/* Something asked for and not answered. */
struct web_job {
	char *url, *etag, *modified;
	bool open, robots;
	void (*done)(void *self, const struct web_answer *a);
	void *self;
};

static struct {
	struct web_job jobs[FAKE_JOBS];
	size_t n, answered;
	int64_t now, wall;	 /* what the clocks show */
	char rested[256];	 /* the host that rests … */
	int64_t until;
	struct {
		char key[512], value[FAKE_TEXT];
	} cells[FAKE_CELLS];
	size_t cell_count;
	int remember; /* what remembering returns */
} fake;

int web_get(struct web *w, const struct web_request *r, struct web_job **ret)
{
	struct web_job *j = &fake.jobs[fake.n++];

	(void)w;
	ck_assert_uint_le(fake.n, FAKE_JOBS);
	*j = (struct web_job){ .url = strdup(r->url), .open = true,
			       .robots = r->robots, .done = r->done,
			       .self = r->self };
	j->etag = r->etag ? strdup(r->etag) : NULL;
	j->modified = r->last_modified ? strdup(r->last_modified) : NULL;
	*ret = j;
	return 0;
}

void web_cancel(struct web_job *job)
{
	job->open = false;
}

void web_host_set(struct web *w, struct str host, int64_t until_ms)
{
	(void)w;
	snprintf(fake.rested, sizeof(fake.rested), STR_FMT, STR_ARG(host));
	fake.until = until_ms;
}

int64_t web_host_until(const struct web *w, struct str host)
{
	(void)w;
	return str_is(host, fake.rested) ? fake.until : 0;
}

/* "links:" in front of a page's lines parts them from the page itself. */
int parser_ask(struct parser *p, const struct document *d, struct buf *out,
	       struct err *e)
{
	const char *links = strstr(d->bytes.p, "\nlinks:");

	(void)p;
	buf_clear(out);
	if (d->bytes.p[0] != '{')
		return err_set(e, STEP_REJECT, "%s%sline 1: no document",
			       d->url ? d->url : "", d->url ? ": " : "");
	if (d->kind == DOCUMENT_LINKS && links)
		buf_add_z(out, links + 7);
	else
		buf_add(out, d->bytes.p,
			links ? (size_t)(links - d->bytes.p) : d->bytes.n);
	return buf_error(out);
}

static int fake_recall(void *self, struct str key, struct buf *position)
{
	(void)self;
	buf_clear(position);
	for (size_t i = 0; i < fake.cell_count; i++) {
		if (!str_is(key, fake.cells[i].key))
			continue;
		buf_add_z(position, fake.cells[i].value);
		return buf_error(position);
	}
	return STEP_END;
}

static int fake_remember(void *self, struct str key, struct str position)
{
	size_t i = 0;

	(void)self;
	if (fake.remember)
		return fake.remember;
	while (i < fake.cell_count && !str_is(key, fake.cells[i].key))
		i++;
	ck_assert_uint_lt(i, FAKE_CELLS);
	ck_assert_uint_lt(position.n, FAKE_TEXT);
	fake.cell_count += i == fake.cell_count;
	snprintf(fake.cells[i].key, sizeof(fake.cells[i].key), STR_FMT,
		 STR_ARG(key));
	memcpy(fake.cells[i].value, position.p, position.n);
	fake.cells[i].value[position.n] = '\0';
	return 0;
}

static int64_t fake_clock(void)
{
	return fake.now;
}

static int64_t fake_wall(void)
{
	return fake.wall;
}

static inline void fake_pass(int64_t ms)
{
	fake.now += ms;
	fake.wall += ms;
}

static const struct source_memory fake_memory = { fake_recall, NULL,
						  fake_remember };
static const struct web_settings fake_settings = { .every = 3600000,
						   .at_most = 86400000 };

/* The next request that waits for an answer; NULL: there is none. */
static inline struct web_job *fake_asked(void)
{
	while (fake.answered < fake.n && !fake.jobs[fake.answered].open)
		fake.answered++;
	return fake.answered < fake.n ? &fake.jobs[fake.answered] : NULL;
}

static inline void fake_reply(const struct web_answer *a)
{
	struct web_job *j = fake_asked();
	struct web_answer whole = *a;

	ck_assert_ptr_nonnull(j);
	if (!whole.url)
		whole.url = j->url;
	j->open = false;
	j->done(j->self, &whole);
}

#define FAKE_ANSWER(code, text)                                              \
	(struct web_answer){ .result = WEB_ANSWER, .status = code,           \
			     .body = STR(text), .max_age_ms = -1,            \
			     .retry_after_ms = -1 }

#endif
