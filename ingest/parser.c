#include "ingest/parser.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "ingest/answer.h"
#include "ingest/confine.h"

struct parser {
	pid_t pid; /* 0: no process */
	int fd;
	struct parser_stats stats;
};

/* What is asked: this, then the type, the address and the bytes. */
struct question {
	int64_t now_ms;
	int32_t kind;
	uint32_t type, url, bytes; /* their lengths, 0: NULL */
};

enum {
	WORD_MAX = 1 << 16, /* of a type or an address */
	/* The smaller a document, the more is left for what is made of it. */
	ROOM = DOCUMENT_MAX + DOCUMENT_ARENA,
};

/* The child. */

static int take_word(int fd, size_t n, struct arena *a, const char **ret)
{
	char *p = n <= WORD_MAX ? arena_take(a, n + 1) : NULL;

	if (!p)
		return -ENOMEM;
	*ret = n ? p : NULL;
	return answer_read(fd, p, n, -1);
}

static int take_rest(int fd, const struct question *q, struct arena *a,
		     struct document *d)
{
	char *bytes;
	int r = take_word(fd, q->type, a, &d->type);

	if (!r)
		r = take_word(fd, q->url, a, &d->url);
	if (r)
		return r;
	bytes = arena_take(a, q->bytes);
	if (!bytes)
		return -ENOMEM;
	d->bytes = (struct str){ bytes, q->bytes };
	return answer_read(fd, bytes, q->bytes, -1);
}

static int answer_one(int fd, const struct question *q)
{
	struct document d = { .kind = (enum document_kind)q->kind,
			      .now_ms = q->now_ms };
	struct err e = { "" };
	struct arena block, a;
	struct buf out;
	int r = arena_open(&block, ROOM);

	if (r)
		return r;
	a = block;
	buf_init(&out, DOCUMENT_ANSWER_MAX);
	r = take_rest(fd, q, &a, &d);
	if (!r) {
		r = document_parse(&d, a, &out, &e);
		r = answer_give(fd, r, buf_view(&out), &e);
	}
	buf_done(&out);
	arena_close(block);
	return r;
}

static int serve(void *self, int fd)
{
	struct question q;
	int r = 0;

	(void)self;
	while (!r && !answer_read(fd, &q, sizeof(q), -1)) {
		confine_step(PARSER_TIME_MS);
		r = answer_one(fd, &q);
		confine_step(0);
	}
	return r ? EX_SOFTWARE : EX_OK;
}

static void prepare(void *self)
{
	(void)self;
	/* What is large is mapped, grows in place, and goes when it is freed:
	 * else the library would soon keep large blocks among its small ones. */
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	document_prepare(NULL);
}

/* The parent. */

int parser_new(struct parser **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : -ENOMEM;
}

static int end(struct parser *p)
{
	int status = confine_end(p->pid);

	close(p->fd);
	p->pid = 0;
	return status;
}

void parser_free(struct parser *p)
{
	if (p && p->pid)
		end(p);
	free(p);
}

struct parser_stats parser_stats(const struct parser *p)
{
	return p->stats;
}

int parser_start(struct parser *p, struct err *e)
{
	static const struct confine_limits limits = { .memory = PARSER_MEMORY };

	/* Somebody else may have ended it, while it had nothing to do. */
	if (p->pid && waitpid(p->pid, NULL, WNOHANG)) {
		close(p->fd);
		p->pid = 0;
	}
	if (p->pid)
		return 0;
	return confine_fork(&limits, -1, prepare, serve, NULL, &p->pid, &p->fd,
			    e);
}

static int ask(int fd, const struct document *d, int64_t until_ms)
{
	struct str type = str_of(d->type), url = str_of(d->url);
	struct question q = { d->now_ms, (int32_t)d->kind, (uint32_t)type.n,
			      (uint32_t)url.n, (uint32_t)d->bytes.n };
	int r = answer_write(fd, &q, sizeof(q), until_ms);

	if (!r)
		r = answer_write(fd, type.p, type.n, until_ms);
	if (!r)
		r = answer_write(fd, url.p, url.n, until_ms);
	return r ? r : answer_write(fd, d->bytes.p, d->bytes.n, until_ms);
}

int parser_died(int status, struct err *e)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (number == SIGPROF)
		return err_set(e, STEP_REJECT,
			       "took more than %d s of processor time to read; "
			       "refused", PARSER_TIME_MS / 1000);
	if (number == SIGSYS)
		return err_set(e, STEP_REJECT,
			       "had the parser ask the kernel for what it must "
			       "not have (SIGSYS); refused");
	if (number)
		return err_set(e, STEP_REJECT,
			       "killed the parser (signal %d, %s); refused",
			       number, strsignal(number));
	return err_set(e, STEP_REJECT,
		       "ended the parser (code %d); refused",
		       WEXITSTATUS(status));
}

/* No answer, or none that makes sense: the process goes, whatever it is. */
static int give_up(struct parser *p, int r, struct err *e)
{
	int status = end(p);

	p->stats.killed++;
	if (r == -EPIPE)
		return parser_died(status, e);
	if (r == -ETIMEDOUT)
		return err_set(e, STEP_REJECT,
			       "not read within %d s; refused",
			       PARSER_WAIT_MS / 1000);
	if (r == -EBADMSG)
		return err_set(e, STEP_REJECT,
			       "made the parser speak nonsense; refused");
	return err_sys(e, r, "asking the process that parses");
}

/* Whatever the child says went wrong is the document's doing. */
static int blame(int result, struct err *e)
{
	if (result == -ENOMEM)
		return err_set(e, STEP_REJECT,
			       "needed more than %d MB of memory to read; "
			       "refused", PARSER_MEMORY >> 20);
	if (result < 0)
		return err_set(e, STEP_REJECT, "could not be read (%s); refused",
			       strerror(-result));
	return result;
}

static int refuse(struct parser *p, const struct document *d, int r,
		  struct err *e)
{
	if (r == STEP_REJECT)
		p->stats.refused++;
	return d->url ? err_at(e, r, "%.256s: ", d->url) : r;
}

static bool is_too_large(const struct document *d, struct err *e)
{
	if (d->bytes.n > DOCUMENT_MAX)
		err_set(e, 0, "has %zu bytes, more than %d MB; refused",
			d->bytes.n, DOCUMENT_MAX >> 20);
	else if (str_of(d->url).n > WORD_MAX || str_of(d->type).n > WORD_MAX)
		err_set(e, 0, "an address or a type of more than %d bytes; "
			"refused", WORD_MAX);
	else
		return false;
	return true;
}

int parser_ask(struct parser *p, const struct document *d, struct buf *out,
	       struct err *e)
{
	int64_t until_ms = clock_ms() + PARSER_WAIT_MS;
	int r, result = 0;

	buf_clear(out);
	p->stats.asked++;
	if (is_too_large(d, e))
		return refuse(p, d, STEP_REJECT, e);
	r = parser_start(p, e);
	if (r)
		return r;
	r = ask(p->fd, d, until_ms);
	if (!r)
		r = answer_take(p->fd, until_ms, DOCUMENT_ANSWER_MAX, &result,
				out, e);
	if (r == -ENOMEM || r == -EMSGSIZE) { /* ours */
		end(p);
		return r;
	}
	result = r ? give_up(p, r, e) : blame(result, e);
	return result ? refuse(p, d, result, e) : 0;
}
