#include "ingest/readers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/stop.h"
#include "ingest/ingest.h"

enum {
	STAY = 64,     /* pieces of one source before the next has its turn */
	AGAIN_MS = 50, /* a source that waits is looked at again … */
	REST_MAX_MS = 1000, /* … at the latest */
};

struct reader {
	const struct ingest_source *from;
	struct source_options options; /* borrowed by the source */
	struct source *source;	       /* open now, or NULL */
	bool ended;
	int64_t look_ms; /* not before */
	uint64_t size;	 /* of its file; 0: not known */
};

struct readers {
	struct reader *v;
	size_t n, turn, left;
	int stay;
	struct buf notes; /* sentences of sources, a line each */
	int trouble;
};

static void log_notes(struct readers *r)
{
	struct str rest = buf_view(&r->notes);

	while (rest.n) {
		struct str note = str_cut(&rest, '\n');

		log_line(LOG_WARN, STR_FMT, STR_ARG(note));
	}
	buf_clear(&r->notes);
}

static uint64_t size_of(const struct ingest_source *from)
{
	struct stat st;

	if (from->follow || !from->path || stat(from->path, &st) ||
	    !S_ISREG(st.st_mode))
		return 0;
	return (uint64_t)st.st_size;
}

int readers_open(const struct conf_maps *sources,
		 const struct source_memory *memory,
		 const struct source_tools *tools, bool one_shot,
		 struct readers **ret)
{
	const struct ingest_source *from = sources->v;
	struct readers *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	r->v = calloc(sources->n + 1, sizeof(*r->v));
	if (!r->v) {
		free(r);
		return -ENOMEM;
	}
	buf_init(&r->notes, 1 << 16);
	r->n = r->left = sources->n;
	for (size_t i = 0; i < r->n; i++) {
		r->v[i].from = &from[i];
		r->v[i].size = size_of(&from[i]);
		r->v[i].options = (struct source_options){
			.kind = from[i].kind,
			.path = from[i].path,
			.name = from[i].name,
			/* What is polled never ends, but in a run that does. */
			.follow = from[i].follow ||
				  (!one_shot && source_is_polled(from[i].path,
							     from[i].kind)),
			.memory = memory,
			.notes = &r->notes,
			.tools = tools,
			.every = from[i].every,
			.full = (enum source_full)from[i].full,
			.agent = from[i].agent,
			.one_shot = one_shot,
		};
	}
	*ret = r;
	return 0;
}

void readers_free(struct readers *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++)
		source_free(r->v[i].source);
	free(r->v);
	buf_done(&r->notes);
	free(r);
}

bool readers_ended(const struct readers *r)
{
	return !r->left;
}

int readers_trouble(const struct readers *r)
{
	return r->trouble;
}

void readers_progress(const struct readers *r, uint64_t *done,
		      uint64_t *total)
{
	*done = *total = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct reader *one = &r->v[i];
		uint64_t had = 0, all;

		if (one->source)
			source_progress(one->source, &had, &all);
		if (one->ended || had > one->size)
			had = one->size;
		*done += had;
		*total += one->size;
		if (!one->size && !one->ended) {
			*total = 0;
			return;
		}
	}
}

static bool is_stdin(const struct reader *one)
{
	return !strcmp(one->from->path, "-");
}

int readers_fd(const struct readers *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].source && is_stdin(&r->v[i]))
			return STDIN_FILENO;
	return -1;
}

static void end(struct readers *r, struct reader *one, int code,
		const struct err *why)
{
	/* A signal has ended the wait for the other end of a pipe. */
	if (code < 0 && !(code == -EINTR && stop_asked())) {
		log_line(LOG_TROUBLE, "%s", why->text);
		r->trouble = r->trouble ? r->trouble : code;
	}
	source_free(one->source);
	one->source = NULL;
	one->ended = true;
	r->left--;
}

static int open_one(struct readers *r, struct reader *one)
{
	struct err why = { "" };
	int code = source_open(&one->options, &one->source, &why);

	log_notes(r);
	if (code == -ENOMEM)
		return code;
	if (code)
		end(r, one, code, &why);
	return 0;
}

/* A source that ends waits until those before it have; one that is followed
 * waits for nobody. */
static bool has_turn(const struct readers *r, size_t at, int64_t now_ms)
{
	const struct reader *one = &r->v[at];

	if (one->ended || now_ms < one->look_ms)
		return false;
	if (one->source || one->options.follow)
		return true;
	for (size_t i = 0; i < at; i++)
		if (!r->v[i].ended && !r->v[i].options.follow)
			return false;
	return true;
}

/* Until a source that waits is looked at again. */
static int64_t rest(const struct reader *one, int64_t now_ms)
{
	int64_t ms = source_pause(one->source, now_ms);

	return ms > AGAIN_MS && ms < REST_MAX_MS ? ms
	       : ms < 0 || ms > AGAIN_MS	  ? REST_MAX_MS
						  : AGAIN_MS;
}

/* Something came from the web: ask again who waits for it. */
void readers_wake(struct readers *r)
{
	for (size_t i = 0; i < r->n; i++)
		r->v[i].look_ms = 0;
}

/* Ask one: as readers_next(), STEP_END when it has just ended. */
static int ask(struct readers *r, struct reader *one, int64_t now_ms,
	       struct raw *ret, struct err *why)
{
	int code = one->source ? 0 : open_one(r, one);

	if (code || one->ended)
		return code ? code : STEP_END;
	*ret = (struct raw){ .place = one->from->path };
	code = source_next(one->source, ret, why);
	log_notes(r);
	if (code == STEP_WAIT && !is_stdin(one))
		one->look_ms = now_ms + rest(one, now_ms);
	if (code == -ENOMEM)
		return code;
	if (code == STEP_END || code < 0) {
		end(r, one, code, why);
		err_clear(why);
		return STEP_END;
	}
	return code;
}

static void pass_on(struct readers *r)
{
	r->turn = r->n ? (r->turn + 1) % r->n : 0;
	r->stay = 0;
}

int readers_next(struct readers *r, int64_t now_ms, struct raw *ret,
		 size_t *from, struct err *why)
{
	if (++r->stay > STAY)
		pass_on(r);
	for (size_t tried = 0; tried < r->n && r->left; tried++) {
		int code = STEP_WAIT;

		*from = r->turn;
		if (has_turn(r, r->turn, now_ms))
			code = ask(r, &r->v[r->turn], now_ms, ret, why);
		if (code == STEP_END) /* perhaps one that waited for it */
			tried = 0;
		else if (code != STEP_WAIT)
			return code;
		pass_on(r);
	}
	return r->left ? STEP_WAIT : STEP_END;
}
