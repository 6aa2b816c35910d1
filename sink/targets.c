#include "sink/targets.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/broken.h"
#include "base/log.h"
#include "sink/lines.h"

const struct conf_key target_keys[] = {
	{ .name = "jsonl", .kind = CONF_TEXT,
	  .at = offsetof(struct sink_target, jsonl),
	  .help = "a file that gets one line of JSON an article, appended and "
		  "synced\nbefore ingest forgets the article; - is standard "
		  "output, which is not synced" },
	{ .name = "publish", .kind = CONF_TEXT,
	  .at = offsetof(struct sink_target, publish),
	  .help = "an endpoint where lines are published by topic.stance "
		  "(ZeroMQ PUB);\nwho does not listen, or not fast enough, "
		  "misses them" },
	{ .name = "sqlite", .kind = CONF_TEXT,
	  .at = offsetof(struct sink_target, sqlite),
	  .help = "an SQLite file that gets a row an article, in the "
		  "transaction that also\nremembers it" },
	{ .name = "postgres", .kind = CONF_TEXT,
	  .at = offsetof(struct sink_target, postgres),
	  .help = "a PostgreSQL database that gets a row an article: a "
		  "connection string\n(host=… dbname=…), a URI or "
		  "service=NAME; its password belongs into a file\n"
		  "(passfile=FILE, or ~/.pgpass)" },
	{ .name = "webhook", .kind = CONF_TEXT,
	  .at = offsetof(struct sink_target, webhook),
	  .help = "a URL that lines are posted to; at least once, each group "
		  "with its key" },
	{ .name = "rotate_size", .kind = CONF_SIZE,
	  .at = offsetof(struct sink_target, rotate_size), .preset = "0",
	  .max = 1e15,
	  .help = "jsonl: begin a new file at this size; 0: never" },
	{ .name = "rotate_every", .kind = CONF_TIME,
	  .at = offsetof(struct sink_target, rotate_every), .preset = "0ms",
	  .max = 1e12,
	  .help = "jsonl: begin a new file after this time; 0ms: never" },
	{ .name = "token_file", .kind = CONF_TEXT,
	  .at = offsetof(struct sink_target, token_file),
	  .help = "webhook: a file with the token to bear" },
	{ .name = "timeout", .kind = CONF_TIME,
	  .at = offsetof(struct sink_target, timeout), .preset = "10s",
	  .min = 10, .max = 3600000,
	  .help = "postgres, webhook: wait so long for an answer, then try "
		  "again" },
	{ .name = NULL },
};

/* The kinds of targets, each with the place that sink_target holds for it. A
 * new kind is a row here and a key above. */
static const struct {
	const struct target_kind *kind;
	size_t at;
} kinds[] = {
	{ &target_jsonl, offsetof(struct sink_target, jsonl) },
	{ &target_pub, offsetof(struct sink_target, publish) },
	{ &target_sqlite, offsetof(struct sink_target, sqlite) },
	{ &target_postgres, offsetof(struct sink_target, postgres) },
	{ &target_webhook, offsetof(struct sink_target, webhook) },
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds), NOTES_MAX = 1 << 16 };

struct target {
	const struct target_kind *kind;
	const char *place;
	void *self;
	struct done *found; /* what is in it; see struct target_options */
};

struct targets {
	struct target *v;
	size_t n;
	struct lines *letters;	    /* NULL: not kept */
	struct done *letters_found; /* what is in it */
	uint64_t unkept;	    /* letters that went nowhere */
	struct buf notes;
};

/* Opening. */

static const char *place_of(const struct sink_target *t, size_t kind)
{
	return *(const char *const *)(const void *)((const char *)t +
						    kinds[kind].at);
}

static int kind_of(const struct sink_target *t, size_t number, size_t *ret,
		   struct err *e)
{
	size_t named = 0;

	for (size_t i = 0; i < KINDS; i++)
		if (place_of(t, i)) {
			*ret = i;
			named++;
		}
	if (named == 1)
		return 0;
	return err_set(e, -EINVAL,
		       "target %zu names %s; give each target one of jsonl, "
		       "sqlite, postgres, webhook and publish",
		       number, named ? "more than one place" : "no place");
}

static void log_notes(struct targets *t)
{
	struct str rest = buf_view(&t->notes);

	while (rest.n) {
		struct str note = str_cut(&rest, '\n');

		log_line(LOG_WARN, STR_FMT, STR_ARG(note));
	}
	buf_clear(&t->notes);
}

static int open_one(struct targets *t, const struct sink_target *from,
		    bool truncate, struct link_net *net, struct err *e)
{
	struct target *new = &t->v[t->n];
	struct target_options o = { .settings = from,
				    .truncate = truncate,
				    .net = net,
				    .notes = &t->notes };
	size_t kind = 0;
	int r = kind_of(from, t->n + 1, &kind, e);

	if (r)
		return r;
	r = done_new(&new->found);
	if (r)
		return r;
	t->n++; /* targets_free() copes with half a target */
	new->kind = kinds[kind].kind;
	new->place = o.place = place_of(from, kind);
	o.found = new->found;
	r = new->kind->open(&o, &new->self, e);
	log_notes(t);
	return r;
}

/* Letters of earlier runs are never dropped, not even with `truncate`. */
static int open_letters(struct targets *t, const char *path, struct err *e)
{
	struct lines_options o = { .path = path, .notes = &t->notes };
	int r;

	if (!path)
		return 0;
	r = done_new(&t->letters_found);
	if (r)
		return r;
	o.found = t->letters_found;
	r = lines_open(&o, &t->letters, e);
	log_notes(t);
	return r;
}

/* Committed is what every target has that can tell, or what was given up. */
static void recover(const struct targets *t, struct done *done)
{
	bool first = true;

	for (size_t i = 0; i < t->n; i++) {
		const struct target *one = &t->v[i];

		if (!one->kind->commits(one->self))
			continue;
		if (first)
			done_copy(done, one->found);
		else
			done_meet(done, one->found);
		first = false;
	}
	if (t->letters)
		done_join(done, t->letters_found);
}

static int open_all(struct targets *t, const struct sink_settings *s,
		    struct link_net *net, struct err *e)
{
	static const struct sink_target out = { .jsonl = "-" };
	const struct sink_target *from = s->targets.v;
	size_t n = s->targets.n;
	int r = 0;

	if (!n) {
		from = &out;
		n = 1;
	}
	t->v = calloc(n, sizeof(*t->v));
	if (!t->v)
		return -ENOMEM;
	for (size_t i = 0; i < n && !r; i++)
		r = open_one(t, &from[i], s->truncate, net, e);
	return r ? r : open_letters(t, s->dead_letters, e);
}

int targets_open(const struct sink_settings *s, struct link_net *net,
		 struct done *done, struct targets **ret, struct err *e)
{
	struct targets *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return -ENOMEM;
	buf_init(&t->notes, NOTES_MAX);
	r = open_all(t, s, net, e);
	if (r) {
		targets_free(t);
		return r;
	}
	recover(t, done);
	*ret = t;
	return 0;
}

void targets_free(struct targets *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].self)
			t->v[i].kind->close(t->v[i].self);
		done_free(t->v[i].found);
	}
	free(t->v);
	lines_free(t->letters);
	done_free(t->letters_found);
	buf_done(&t->notes);
	free(t);
}

/* Writing. */

/* done_add() refuses only what lies outside the window, which the sink has
 * refused before. */
static int write_one(struct target *t, const struct record *line,
		     struct err *e)
{
	int r;

	if (done_has(t->found, line->origin, line->seq) &&
	    !broken("no-dedup"))
		return 0;
	r = t->kind->write(t->self, line, e);
	if (!r)
		done_add(t->found, line->origin, line->seq, NULL);
	return r;
}

static int bury(struct targets *t, const struct record *letter, struct err *e)
{
	int r;

	if (!t->letters) {
		t->unkept++;
		return 0;
	}
	r = lines_write(t->letters, letter->line, e);
	if (!r)
		done_found(t->letters_found, letter->origin, letter->seq);
	return r;
}

int targets_write(struct targets *t, const struct record *line, struct err *e)
{
	int r = 0;

	if (line->dead)
		return bury(t, line, e);

	for (size_t i = 0; i < t->n && !r; i++)
		r = write_one(&t->v[i], line, e);
	return r;
}

int targets_commit(struct targets *t, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < t->n && !r; i++)
		r = t->v[i].kind->commit(t->v[i].self, e);
	if (!r && t->letters)
		r = lines_commit(t->letters, e);
	log_notes(t);
	return r;
}

void targets_raise(struct targets *t, struct origin o, uint64_t low)
{
	for (size_t i = 0; i < t->n; i++)
		done_raise(t->v[i].found, o, low);
}

/* Counting. */

bool targets_keep_letters(const struct targets *t)
{
	return t->letters != NULL;
}

uint64_t targets_letters(const struct targets *t)
{
	return t->letters ? lines_count(t->letters) : t->unkept;
}

/* A file that was begun anew by another ingest counts for both, and numbers
 * that a journal skipped for none: what was written is asked first. */
uint64_t targets_emitted(const struct targets *t, const struct done *done)
{
	uint64_t n = done_count(done), letters = targets_letters(t);

	for (size_t i = 0; i < t->n; i++) {
		const struct target *one = &t->v[i];

		if (one->kind->records && one->kind->commits(one->self))
			return one->kind->records(one->self);
	}
	return n > letters ? n - letters : 0;
}

bool targets_bytes(const struct targets *t, size_t i, const char **name,
		   uint64_t *bytes)
{
	const struct target *one;

	if (i >= t->n)
		return false;
	one = &t->v[i];
	*name = one->kind->bytes ? one->place : NULL;
	*bytes = one->kind->bytes ? one->kind->bytes(one->self) : 0;
	return true;
}
