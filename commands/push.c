/* A batch is the lines of one file as they lie in it, and its key a digest of
 * them and of where they lie. So the same command finds what an interrupted
 * one has brought, also from a pipe, or when the file has been renamed or has
 * grown: only its last, shorter batch is then another one. */
#include "commands/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/stop.h"
#include "commands/pusher.h"
#include "ingest/source.h"

enum {
	BATCH = 500,	      /* lines */
	TIMEOUT_S = 60,
	PREFIX_MAX = 150,
	KEY_DIGITS = 40,
	PATIENCE_MS = 500,    /* a pipe's lines wait for more */
	TICK_MS = 100,
	ANSWER_MAX = 1 << 20,
};

struct push_options {
	const char *to, *prefix, *token_file, *ca, *keys;
	uint64_t batch, timeout;
	bool quiet;
};

struct pushing {
	const struct push_options *o;
	struct pusher *pusher;
	const char *path;	/* of the lines in hand */
	struct buf lines, numbers; /* uint64_t, one a line */
	struct buf answer;
	int64_t since;		/* when the first of them came */
	bool said_waiting;
	uint64_t accepted, refused, repeated;
};

static size_t count(const struct pushing *p)
{
	return p->numbers.n / sizeof(uint64_t);
}

static uint64_t number_at(const struct pushing *p, uint64_t i)
{
	uint64_t n = 0;

	if (i >= 1 && i <= count(p))
		memcpy(&n, p->numbers.p + (i - 1) * sizeof(n), sizeof(n));
	return n;
}

static void refused(void *self, uint64_t line, const char *reason)
{
	struct pushing *p = self;

	log_line(LOG_WARN, "%s:%" PRIu64 ": %s; refused", p->path,
		 number_at(p, line), reason);
}

/* Once a batch is enough to know why nothing moves. */
static void waits(void *self, const char *why)
{
	struct pushing *p = self;

	if (!p->said_waiting)
		log_line(LOG_NOTE, "%s; trying again", why);
	p->said_waiting = true;
}

static int make_key(const struct pushing *p, char *key, size_t size)
{
	unsigned char sha[HASH_SHA_SIZE];
	char hex[HASH_SHA_HEX];
	struct buf b;
	int r;

	buf_init(&b, SIZE_MAX);
	buf_printf(&b, "%" PRIu64 "\n", number_at(p, 1));
	buf_add_str(&b, buf_view(&p->lines));
	r = buf_error(&b) ? buf_error(&b) : hash_sha256(buf_view(&b), sha);
	buf_done(&b);
	if (r)
		return r;
	hash_hex(sha, sizeof(sha), hex);
	snprintf(key, size, "%s%s%.*s", p->o->prefix ? p->o->prefix : "",
		 p->o->prefix ? "-" : "", KEY_DIGITS, hex);
	return 0;
}

static int send_batch(struct pushing *p, struct err *e)
{
	struct pusher_told told;
	char key[PREFIX_MAX + KEY_DIGITS + 2];
	int r;

	if (!count(p))
		return 0;
	p->said_waiting = false;
	r = make_key(p, key, sizeof(key));
	if (!r)
		r = pusher_send(p->pusher, str_of(key), buf_view(&p->lines),
				&p->answer, e);
	if (!r)
		r = pusher_read(buf_view(&p->answer), &told, refused, p, e);
	if (r)
		return err_at(e, r, "%s:%" PRIu64 ": ", p->path,
			      number_at(p, 1));
	p->accepted += told.accepted;
	p->refused += told.refused;
	p->repeated += told.repeated ? told.accepted : 0;
	buf_clear(&p->lines);
	buf_clear(&p->numbers);
	if (!p->o->quiet)
		log_progress("articles", p->accepted, 0);
	return 0;
}

static int add_line(struct pushing *p, const struct raw *raw, struct err *e)
{
	const char *colon = strrchr(raw->place, ':');
	uint64_t number = colon ? strtoull(colon + 1, NULL, 10) : 0;
	int r = 0;

	if (p->lines.n + raw->bytes.n >= PUSHER_BODY_MAX)
		r = send_batch(p, e);
	if (r)
		return r;
	if (!count(p))
		p->since = clock_ms();
	buf_add_str(&p->lines, raw->bytes);
	buf_add_char(&p->lines, '\n');
	buf_add(&p->numbers, &number, sizeof(number));
	if (buf_error(&p->lines) || buf_error(&p->numbers))
		return err_sys(e, -ENOMEM, "%s", raw->place);
	return count(p) >= p->o->batch ? send_batch(p, e) : 0;
}

/* A pipe has nothing now: what came so far need not wait for long. */
static int wait_for_more(struct pushing *p, struct err *e)
{
	struct pollfd in = { STDIN_FILENO, POLLIN, 0 };

	if (count(p) && clock_ms() - p->since >= PATIENCE_MS)
		return send_batch(p, e);
	poll(&in, 1, TICK_MS);
	return 0;
}

static int push_pieces(struct pushing *p, struct source *s, struct err *e)
{
	struct raw raw;
	int r = 0;

	while (!r && !stop_asked()) {
		struct err why = { "" };

		r = source_next(s, &raw, &why);
		if (r == STEP_END)
			return send_batch(p, e);
		if (r == STEP_WAIT) {
			r = wait_for_more(p, e);
		} else if (r == STEP_REJECT) {
			log_line(LOG_WARN, "%s; refused", why.text);
			p->refused++;
			r = 0;
		} else {
			r = r ? err_set(e, r, "%s", why.text)
			      : add_line(p, &raw, e);
		}
	}
	return r ? r
		 : err_set(e, -ETIMEDOUT, "stopped before the end of %s",
			   p->path);
}

static int push_file(struct pushing *p, const char *path, struct err *e)
{
	const struct source_options o = { .kind = "jsonl", .path = path };
	struct source *s;
	int r = source_open(&o, &s, e);

	if (r)
		return r;
	p->path = strcmp(path, "-") ? path : "standard input";
	r = push_pieces(p, s, e);
	source_free(s);
	return r;
}

static int push_files(struct pushing *p, const struct opt_list *files,
		      struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < files->n && !r; i++)
		r = push_file(p, files->v[i], e);
	if (!p->o->quiet) {
		log_progress("articles", 0, 0);
		log_line(LOG_NOTE, "%" PRIu64 " accepted (%" PRIu64
				   " of them before), %" PRIu64 " refused",
			 p->accepted, p->repeated, p->refused);
	}
	if (!r && p->refused)
		r = -EBADMSG; /* each was told */
	return r;
}

static int run_push(const struct push_options *o, const struct opt_list *files,
		    struct err *e)
{
	struct pushing p = { .o = o };
	const struct pusher_options po = {
		.to = o->to,
		.token_file = o->token_file,
		.ca = o->ca,
		.keys = o->keys,
		.timeout_ms = (int64_t)o->timeout * 1000,
		.waits = o->quiet ? NULL : waits,
		.self = &p,
	};
	int r = pusher_open(&po, &p.pusher, e);

	if (r)
		return r;
	buf_init(&p.lines, SIZE_MAX);
	buf_init(&p.numbers, SIZE_MAX);
	buf_init(&p.answer, ANSWER_MAX);
	r = push_files(&p, files, e);
	buf_done(&p.answer);
	buf_done(&p.numbers);
	buf_done(&p.lines);
	pusher_close(p.pusher);
	return r;
}

static bool is_prefix(const char *z)
{
	size_t n = strlen(z);

	for (size_t i = 0; i < n; i++)
		if (z[i] < ' ' || z[i] > '~')
			return false;
	return n && n <= PREFIX_MAX;
}

static int push_main(int argc, char **argv)
{
	struct push_options o = { .batch = BATCH, .timeout = TIMEOUT_S };
	struct opt_list files = { .n = 0 };
	struct err e = { "" };
	int r = opt_parse(&push_cmd, argc, argv, &o, &files);

	if (r != OPT_GO)
		return r;
	if (!files.n)
		return opt_misuse(&push_cmd, "name files of JSON lines, or - "
					     "for standard input");
	if (!o.batch || o.batch > 100000)
		return opt_misuse(&push_cmd, "a batch is of 1 to 100000 lines");
	if (o.timeout > 1000000000)
		return opt_misuse(&push_cmd, "a timeout is of at most "
					     "1000000000 seconds");
	if (o.prefix && !is_prefix(o.prefix))
		return opt_misuse(&push_cmd, "a key prefix is of 1 to %d "
					     "printable ASCII characters",
				  PREFIX_MAX);
	log_name("push");
	stop_install();
	r = run_push(&o, &files, &e);
	if (r && e.text[0])
		log_line(LOG_TROUBLE, "%s", e.text);
	return err_exit(r);
}

#define AT(member) offsetof(struct push_options, member)

static const struct opt options[] = {
	{ "to", 0, OPT_TEXT, AT(to), "ENDPOINT",
	  "where an ingest listens: ipc://, tcp://, http:// or https://; else "
	  PUSHER_USUAL },
	{ "batch", 'b', OPT_COUNT, AT(batch), "N",
	  "bring so many lines at once; else 500" },
	{ "key-prefix", 0, OPT_TEXT, AT(prefix), "TEXT",
	  "begin the keys of batches so; another one makes the same lines new" },
	{ "token-file", 0, OPT_TEXT, AT(token_file), "FILE",
	  "bear this token over HTTP" },
	{ "ca", 0, OPT_TEXT, AT(ca), "FILE",
	  "trust certificates that are signed by this one" },
	{ "keys", 0, OPT_TEXT, AT(keys), "FOLDER",
	  "connect over tcp with these keys" },
	{ "timeout", 't', OPT_COUNT, AT(timeout), "SECONDS",
	  "give up on a batch after this, 0 for never; else 60" },
	{ "quiet", 'q', OPT_FLAG, AT(quiet), NULL,
	  "no summary and no progress" },
	{ .name = NULL },
};

const struct cmd push_cmd = {
	.name = "push",
	.args = "FILE…",
	.summary = "Bring articles to a running ingest",
	.about =
		"Reads FILEs of JSON lines, or - for standard input, and brings "
		"them to an ingest that listens for pushes (ingest.push.bind, "
		"or ingest.http.listen). A line counts as accepted when the "
		"ingest has it on disk: from then on it comes out exactly "
		"once.\n\n"
		"Lines go in batches, each under a key that is made of its "
		"bytes and its place in the file. Without an answer within "
		"five seconds, or told that there is no room, the batch is "
		"brought again under the same key, so nothing is accepted "
		"twice; the same goes for the whole command, which may be "
		"interrupted and given again. To bring the same lines as new "
		"ones, give another --key-prefix.\n\n"
		"Refused lines are reported with their place, and the rest "
		"goes on. Ends with 0 when every line was accepted, 65 when "
		"some were refused, 75 when it gave up waiting or was stopped, "
		"76 when the ingest does not take what is brought, 77 without "
		"the right token.",
	.examples = "  vigie push news.jsonl\n"
		    "  zcat news.jsonl.gz | vigie push --to tcp://host:9471 "
		    "--keys keys -\n"
		    "  vigie push --to https://news.example:9470 "
		    "--token-file token \\\n      news.jsonl\n",
	.opts = options,
	.run = push_main,
};
