#include "commands/articles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "ingest/source.h"
#include "ingest/understand.h"

/* Address space, as for a corpus. */
static const size_t kept_max = (size_t)16 << 30;

struct reader {
	struct arena *kept;
	struct arena scratch;
	struct buf examples;
};

static int keep(struct reader *rd, const struct raw *raw,
		const struct article *a)
{
	struct example x = {
		.place = arena_copy(rd->kept, str_of(raw->place)).p,
		.title = arena_copy(rd->kept, a->title),
		.text = arena_copy(rd->kept, a->text),
		.target = arena_copy(rd->kept, a->target),
	};

	if (!x.place || !x.title.p || !x.text.p || !x.target.p)
		return -ENOMEM;
	x.id = x.place;
	buf_add(&rd->examples, &x, sizeof(x));
	return buf_error(&rd->examples);
}

static int read_piece(struct reader *rd, const struct raw *raw, struct err *e)
{
	struct arena scratch = rd->scratch;
	struct article a = { 0 };
	int r = understand(raw, NULL, &scratch, &a, e);

	return r ? r : keep(rd, raw, &a);
}

static int read_source(struct reader *rd, const char *path, struct err *e)
{
	const struct source_options o = { .path = path };
	struct source *s;
	struct raw raw;
	int r = source_open(&o, &s, e);

	if (r)
		return r;
	while (r != STEP_END && r >= 0) {
		struct err why = { "" };

		r = source_next(s, &raw, &why);
		if (r == STEP_WAIT)
			usleep(10000);
		if (!r)
			r = read_piece(rd, &raw, &why);
		if (r == STEP_REJECT)
			log_line(LOG_WARN, "%s; skipped", why.text);
		else if (r < 0)
			err_set(e, r, "%s",
				why.text[0] ? why.text : strerror(-r));
	}
	source_free(s);
	return r < 0 ? r : 0;
}

static int read_all(struct reader *rd, const char *const *files, size_t n,
		    struct err *e)
{
	int r = arena_open(&rd->scratch, UNDERSTAND_ARENA);

	if (r)
		return r;
	for (size_t i = 0; i < n && !r; i++)
		r = read_source(rd, files[i], e);
	arena_close(rd->scratch);
	if (!r && !rd->examples.n)
		r = err_set(e, -EBADMSG, "there is no article to judge");
	return r;
}

int articles_read(struct corpus *ret, const struct recipe *recipe,
		  const char *const *files, size_t n, struct err *e)
{
	struct corpus c = { .topics = recipe->topics.v,
			    .topic_count = (uint32_t)recipe->topics.n,
			    .stances = recipe->stances };
	struct arena kept;
	struct reader rd = { .kept = &kept };
	int r = arena_open(&c.block, kept_max);

	if (r)
		return r;
	kept = c.block;
	buf_init(&rd.examples, kept_max);
	r = read_all(&rd, files, n, e);
	c.n = rd.examples.n / sizeof(*c.v);
	c.v = (struct example *)(void *)buf_steal(&rd.examples);
	if (r)
		corpus_free(&c);
	else
		*ret = c;
	return r;
}
