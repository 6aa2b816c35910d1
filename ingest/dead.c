#include "ingest/dead.h"

#include <errno.h>
#include <signal.h>

#include "base/json.h"
#include "wire/article.h"

static const struct {
	int number;
	const char *name;
} signals[] = {
	{ SIGABRT, "SIGABRT" }, { SIGBUS, "SIGBUS" },	{ SIGFPE, "SIGFPE" },
	{ SIGHUP, "SIGHUP" },	{ SIGILL, "SIGILL" },	{ SIGINT, "SIGINT" },
	{ SIGKILL, "SIGKILL" }, { SIGQUIT, "SIGQUIT" }, { SIGSEGV, "SIGSEGV" },
	{ SIGSYS, "SIGSYS" },	{ SIGTERM, "SIGTERM" }, { SIGTRAP, "SIGTRAP" },
	{ SIGXCPU, "SIGXCPU" }, { SIGALRM, "SIGALRM" },
};

const char *dead_signal(int number)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (signals[i].number == number)
			return signals[i].name;
	return NULL;
}

static void add_signal(struct buf *out, int number)
{
	const char *name = dead_signal(number);

	json_add_name(out, "signal");
	if (name)
		json_add_text(out, str_of(name));
	else if (number)
		buf_printf(out, "%d", number);
	else
		buf_add_z(out, "null");
}

void dead_members(struct buf *out, const struct letter *l)
{
	buf_add_z(out, "\"stage\":");
	json_add_text(out, str_of(l->stage));
	json_add_name(out, "reason");
	json_add_text(out, l->reason);
	add_signal(out, l->signal);
	json_add_name(out, "attempts");
	buf_printf(out, "%u", l->attempts);
	json_add_name(out, "model");
	if (l->model.n)
		json_add_text(out, l->model);
	else
		buf_add_z(out, "null");
	if (l->at) {
		json_add_name(out, "at");
		json_add_text(out, str_of(l->at));
	}
}

int dead_of_record(struct str record, struct str members, struct buf *out,
		   struct err *e)
{
	struct article a;
	int r = record_open(record, &a, e);

	if (r)
		return r;
	a.flags |= ARTICLE_DEAD;
	a.keys = STR("");
	a.verdict = members;
	batch_add(out, &a);
	return buf_error(out);
}

/* Where the piece came from, for people; and how much of it is kept. */
static void add_place(struct buf *meta, const struct raw *raw, size_t kept)
{
	buf_add_z(meta, "\"place\":");
	json_add_text(meta, str_of(raw->place));
	if (raw->name) {
		json_add_name(meta, "source");
		json_add_text(meta, str_of(raw->name));
	}
	json_add_name(meta, "bytes");
	buf_printf(meta, "%zu", raw->bytes.n);
	if (kept < raw->bytes.n) {
		json_add_name(meta, "kept");
		buf_printf(meta, "%zu", kept);
	}
}

int dead_of_raw(const struct raw *raw, uint64_t seq, struct str members,
		struct buf *out)
{
	size_t kept = raw->bytes.n < DEAD_RAW_MAX ? raw->bytes.n : DEAD_RAW_MAX;
	struct article a = { .seq = seq,
			     .flags = ARTICLE_DEAD | ARTICLE_RAW,
			     .text = { raw->bytes.p, kept },
			     .verdict = members };
	struct buf meta;
	int r;

	buf_init(&meta, ARTICLE_META_MAX);
	add_place(&meta, raw, kept);
	r = buf_error(&meta);
	a.meta = buf_view(&meta);
	if (!r) {
		batch_add(out, &a);
		r = buf_error(out);
	}
	buf_done(&meta);
	return r;
}
