/* Our side of unpack.h: hears the child and believes nothing. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ingest/confine.h"
#include "ingest/tame.h"
#include "ingest/unpack_parts.h"

enum {
	LOOK_MS = 100,	  /* until a caller has its turn again */
	STUCK_MS = 10000, /* in the middle of a frame; a watchdog has 30 s */
};

struct unpack {
	struct unpack_child child;
	pid_t pid;
	int fd;
	bool over;
	uint64_t number, offset;
	struct buf raw, name, bytes;
};

int unpack_open(int fd, uint64_t skip,
		bool (*wanted)(struct str name, struct str first),
		struct unpack **ret, struct err *e)
{
	const struct confine_limits limits = { .memory = UNPACK_MEMORY };
	struct unpack *u;
	struct stat st;
	int r;

	if (fstat(fd, &st))
		return err_sys(e, -errno, "an archive");
	if (!S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "an archive must be a regular file");
	u = calloc(1, sizeof(*u));
	if (!u)
		return err_sys(e, -ENOMEM, "an archive");
	u->child = (struct unpack_child){ .fd = fd, .skip = skip,
					  .size = (uint64_t)st.st_size,
					  .wanted = wanted };
	buf_init(&u->raw, 2 * UNPACK_NAME_MAX);
	buf_init(&u->name, UNPACK_NAME_MAX + 1);
	buf_init(&u->bytes, UNPACK_ENTRY_MAX);
	r = confine_fork(&limits, fd, unpack_map, unpack_work, &u->child,
			 &u->pid, &u->fd, e);
	if (r) {
		free(u);
		return r;
	}
	*ret = u;
	return 0;
}

static int finish(struct unpack *u)
{
	int status = u->pid ? confine_end(u->pid) : 0;

	if (u->pid)
		close(u->fd);
	u->pid = 0;
	u->over = true;
	return status;
}

void unpack_free(struct unpack *u)
{
	if (!u)
		return;
	finish(u);
	buf_done(&u->raw);
	buf_done(&u->name);
	buf_done(&u->bytes);
	free(u);
}

static int died(struct unpack *u, struct err *e)
{
	int status = finish(u);

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
		return err_set(e, -EBADMSG, "one entry takes more than 20 s to "
					    "unpack; the rest is not read");
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
		return err_set(e, -EBADMSG, "the file was cut while it was "
					    "read");
	return err_set(e, -EBADMSG, "the process that unpacks it died of it "
				    "(status 0x%04x); the rest is not read",
		       (unsigned int)status);
}

/* All of n bytes. */
static int hear(struct unpack *u, void *p, size_t n)
{
	char *to = p;

	while (n) {
		struct pollfd ready = { u->fd, POLLIN, 0 };
		ssize_t k = poll(&ready, 1, STUCK_MS);

		if (k > 0)
			k = read(u->fd, to, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return -EPIPE;
		to += k;
		n -= (size_t)k;
	}
	return 0;
}

static int hear_into(struct unpack *u, struct buf *b, size_t n)
{
	void *p;

	buf_clear(b);
	if (!n)
		return 0;
	p = buf_grow(b, n);
	return p ? hear(u, p, n) : buf_error(b);
}

static bool is_sane(const struct unpack *u, const struct unpack_frame *f)
{
	uint32_t most = f->kind == UNPACK_ENTRY ? UNPACK_ENTRY_MAX
						: UNPACK_SENTENCE_MAX;

	return f->kind < UNPACK_KINDS && f->name <= 2 * UNPACK_NAME_MAX &&
	       f->bytes <= most && f->number >= u->number &&
	       f->number <= UNPACK_ENTRIES_MAX + 1;
}

/* A whole frame: 0; STEP_WAIT; -errno. */
static int hear_frame(struct unpack *u, struct unpack_frame *f)
{
	struct pollfd ready = { u->fd, POLLIN, 0 };
	int r = poll(&ready, 1, LOOK_MS);

	if (r <= 0)
		return !r || errno == EINTR ? STEP_WAIT : -errno;
	r = hear(u, f, sizeof(*f));
	if (!r && !is_sane(u, f))
		r = -EPIPE;
	if (!r)
		r = hear_into(u, &u->raw, f->name);
	return r ? r : hear_into(u, &u->bytes, f->bytes);
}

/* A sentence that the child has from libarchive, which may quote. */
static int quote(struct unpack *u, int r, struct err *e)
{
	struct buf b;

	buf_init(&b, UNPACK_SENTENCE_MAX);
	tame(buf_view(&u->bytes), UNPACK_SENTENCE_MAX, &b);
	err_set(e, r, STR_FMT, STR_ARG(buf_view(&b)));
	buf_done(&b);
	return r;
}

int unpack_next(struct unpack *u, struct unpack_entry *ret, struct err *e)
{
	struct unpack_frame f = { .kind = UNPACK_PASSED };
	int r;

	if (u->over)
		return STEP_END;
	r = hear_frame(u, &f);
	if (r == -EPIPE)
		return died(u, e);
	if (r)
		return r < 0 ? err_sys(e, r, "unpacking") : r;
	u->number = f.number;
	u->offset = f.offset;
	if (f.kind == UNPACK_PASSED)
		return STEP_WAIT;
	if (f.kind == UNPACK_END) {
		finish(u);
		return f.bytes ? quote(u, -EBADMSG, e) : STEP_END;
	}
	buf_clear(&u->name);
	tame(buf_view(&u->raw), UNPACK_NAME_MAX, &u->name);
	*ret = (struct unpack_entry){ .number = f.number,
				      .name = buf_view(&u->name),
				      .bytes = buf_view(&u->bytes) };
	return f.kind == UNPACK_REFUSED ? quote(u, STEP_REJECT, e) : 0;
}

uint64_t unpack_entries(const struct unpack *u)
{
	return u->number;
}

uint64_t unpack_offset(const struct unpack *u)
{
	return u->offset;
}
