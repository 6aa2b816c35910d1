#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "commands/feeds.h"

enum { STAMP = sizeof("2022-11-29T00:00:00Z") };

/* Milliseconds since 1970 as the record prints times; false: never. */
static bool stamp(int64_t ms, char out[STAMP])
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	return ms > 0 && gmtime_r(&t, &tm) &&
	       strftime(out, STAMP, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0;
}

static const char *state(const struct feed_row *row)
{
	const struct poll *p = &row->poll;

	return p->gone	      ? "gone"
	       : !p->asked_ms ? "new"
	       : p->failures  ? "failing"
			      : "good";
}

/* A name comes from outside: nothing in it reaches the terminal as more than
 * text. */
static void print_plain(const char *s)
{
	for (; *s; s++)
		putchar((unsigned char)*s < ' ' || *s == 0x7f ? ' ' : *s);
}

static const char *name_of(const struct feed_row *row)
{
	if (row->name[0])
		return row->name;
	return row->poll.title ? row->poll.title : "";
}

static void print_row(const struct feed_row *row)
{
	char good[STAMP] = "never", next[STAMP] = "-";
	const struct poll *p = &row->poll;

	stamp(p->good_ms, good);
	if (!p->gone && !stamp(p->next_ms, next))
		strcpy(next, "soon");
	printf("%-8s %-20s %-20s %8" PRId64 "  ", state(row), good, next,
	       p->failures);
	if (name_of(row)[0]) {
		print_plain(name_of(row));
		fputs(", ", stdout);
	}
	print_plain(row->key);
	if (p->address) {
		char *shown = poll_show(p->address);

		fputs(" -> ", stdout);
		print_plain(shown ? shown : "");
		free(shown);
	}
	putchar('\n');
	if (p->error) {
		fputs("         ", stdout);
		print_plain(p->error);
		putchar('\n');
	}
}

static void add_text(struct buf *b, const char *name, const char *z)
{
	json_add_name(b, name);
	if (z && *z)
		json_add_text(b, str_of(z));
	else
		buf_add_z(b, "null");
}

static void add_time(struct buf *b, const char *name, int64_t ms)
{
	char text[STAMP];

	add_text(b, name, stamp(ms, text) ? text : NULL);
}

static void add_json(struct buf *b, const struct feed_row *row)
{
	const struct poll *p = &row->poll;
	char *shown = p->address ? poll_show(p->address) : NULL;

	buf_add_char(b, '{');
	add_text(b, "url", row->key);
	add_text(b, "asked_at", shown);
	add_text(b, "name", row->name);
	add_text(b, "title", p->title);
	add_text(b, "state", state(row));
	add_time(b, "last_success", p->good_ms);
	add_time(b, "last_poll", p->asked_ms);
	add_time(b, "next_poll", p->gone ? 0 : p->next_ms);
	json_add_name(b, "failures");
	buf_printf(b, "%" PRId64, p->failures);
	add_text(b, "last_error", p->error);
	json_add_name(b, "items");
	buf_printf(b, "%zu", p->item_count);
	buf_add_z(b, ",\"configured\":");
	buf_add_z(b, row->named ? "true}\n" : "false}\n");
	free(shown);
}

static int print_json(const struct feeds *f)
{
	struct buf b;
	int r = 0;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; !r && i < f->n; i++) {
		buf_clear(&b);
		add_json(&b, &f->v[i]);
		r = buf_error(&b);
		fwrite(b.p, 1, b.n, stdout);
	}
	buf_done(&b);
	return r;
}

int feeds_list(const struct settings *s, const struct feeds_options *o,
	       const char *word, struct err *e)
{
	struct feeds f;
	int r = feeds_gather(s, o->all, &f, e);

	(void)word;
	if (!r && o->json) {
		r = print_json(&f);
	} else if (!r && !f.n) {
		puts("no feeds: list them under ingest.sources ('vigie feeds "
		     "import' makes that of OPML)");
	} else if (!r) {
		printf("%-8s %-20s %-20s %8s  %s\n", "state", "last success",
		       "next poll", "failures", "feed");
		for (size_t i = 0; i < f.n; i++)
			print_row(&f.v[i]);
	}
	feeds_done(&f);
	return r;
}
