#include "ingest/source_jsonl.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/tail.h"

/*  block  [ … handed out | at … not yet looked at … n )  <- tail_read()
 *  line   the bytes of the line in hand, gathered from one block or more
 *
 * read(2) returns what a pipe has, so a line leaves as soon as its newline is
 * there; stdio would wait for a full buffer. */
struct source_jsonl {
	const struct source_options *o;
	struct tail *tail;
	bool is_stdin;
	uint64_t life;	 /* of the file that block and line are of */
	uint64_t number; /* of the line in hand, from 1 */
	uint64_t offset; /* behind it, in the file */
	bool whole;	 /* the line in hand is complete */
	struct buf line;
	size_t at, n;
	char block[65536];
	char place[PATH_MAX + 32], position[POSITION_MAX];
};

/* Another file, or the same one from its beginning: what was unfinished is
 * void. */
static void keep_up(struct source_jsonl *j)
{
	struct tail_file f = tail_at(j->tail);

	if (f.life == j->life)
		return;
	j->life = f.life;
	j->number = f.line;
	j->offset = f.offset;
	buf_clear(&j->line);
}

/* The ceiling leaves room for the CR of a line of just RAW_MAX bytes. */
int source_jsonl_open(const struct source_options *o, void **ret,
		      struct err *e)
{
	struct source_jsonl *j = calloc(1, sizeof(*j));
	int r;

	if (!j)
		return err_sys(e, -ENOMEM, "%s", o->path);
	r = tail_open(o, &j->tail, e);
	if (r) {
		free(j);
		return r;
	}
	j->o = o;
	j->is_stdin = !strcmp(o->path, "-");
	j->whole = true;
	buf_init(&j->line, RAW_MAX + 1);
	keep_up(j);
	*ret = j;
	return 0;
}

int source_jsonl_resume(const struct source_options *o, struct str ahead,
			uint64_t lines, void **ret, struct err *e)
{
	struct source_jsonl *j;
	void *self = NULL;
	int r = source_jsonl_open(o, &self, e);

	if (r)
		return r;
	j = self;
	j->number = lines;
	j->n = ahead.n;
	if (ahead.n)
		memcpy(j->block, ahead.p, ahead.n);
	*ret = j;
	return 0;
}

/* Read the next block, which may be of another file. STEP_END with half a line
 * in hand: it is the last one of its file. */
static int refill(struct source_jsonl *j, struct err *e)
{
	int r;

	j->at = j->n = 0;
	r = tail_read(j->tail, j->block, sizeof(j->block), &j->n, e);
	keep_up(j);
	if (r != STEP_END || j->line.n || j->line.error)
		return r;
	r = tail_turn(j->tail, e);
	keep_up(j);
	return r;
}

/* Gather a line. STEP_WAIT leaves it half done and the next call goes on. Past
 * its ceiling the buffer ignores what is added: so the rest of a line that is
 * too long goes by without being kept. */
static int gather(struct source_jsonl *j, struct err *e)
{
	if (j->whole)
		buf_clear(&j->line);
	j->whole = false;
	while (!j->whole) {
		int r = j->at < j->n ? 0 : refill(j, e);
		const char *p = j->block + j->at, *newline;
		size_t n = j->n - j->at;

		if (r == STEP_END && (j->line.n || j->line.error))
			break; /* the last line, without a newline */
		if (r)
			return r;
		newline = n ? memchr(p, '\n', n) : NULL;
		if (newline)
			n = (size_t)(newline - p);
		buf_add(&j->line, p, n);
		j->at += n + (newline != NULL);
		j->offset += n + (newline != NULL);
		j->whole = newline != NULL;
	}
	j->whole = true;
	j->number++;
	return 0;
}

/* The line in hand without what belongs to the file and not to the line. */
static struct str content(const struct source_jsonl *j)
{
	static const struct str bom = { "\xEF\xBB\xBF", 3 };
	struct str s = buf_view(&j->line);

	if (j->number == 1 && str_starts(s, bom))
		s = (struct str){ s.p + bom.n, s.n - bom.n };
	if (str_ends(s, STR("\r")))
		s.n--;
	return s;
}

/* Where the line in hand is, and what to remember of it. */
static void describe(struct source_jsonl *j, struct raw *ret)
{
	struct buf place;

	buf_over(&place, j->place, sizeof(j->place));
	buf_add_z(&place, tail_at(j->tail).path);
	buf_add_char(&place, ':');
	buf_add_u64(&place, j->number);
	j->place[place.n] = '\0';
	*ret = (struct raw){ .kind = RAW_JSON,
			     .place = j->place,
			     .file = j->is_stdin ? NULL : j->o->path,
			     .key = tail_key(j->tail) };
	if (!ret->key.n)
		return;
	tail_position(j->tail, j->offset, j->number, j->position);
	ret->position = str_of(j->position);
}

int source_jsonl_next(void *self, struct raw *ret, struct err *e)
{
	struct source_jsonl *j = self;
	struct str s;
	int r;

	do {
		r = gather(j, e);
		if (r)
			return r;
		s = content(j);
	} while (!buf_error(&j->line) && !str_trim(s).n);
	describe(j, ret);
	if (buf_error(&j->line) == -ENOMEM)
		return err_sys(e, -ENOMEM, "%s", j->place);
	if (buf_error(&j->line) || s.n > RAW_MAX)
		return err_set(e, STEP_REJECT,
			       "%s: a line of more than %d bytes; one line is "
			       "one article", j->place, RAW_MAX);
	ret->bytes = s;
	return 0;
}

void source_jsonl_progress(const void *self, uint64_t *done,
			   uint64_t *total)
{
	const struct source_jsonl *j = self;

	*done = j->offset;
	*total = 0; /* it may be rotated */
}

void source_jsonl_close(void *self)
{
	struct source_jsonl *j = self;

	tail_close(j->tail);
	buf_done(&j->line);
	free(j);
}
