#include "classify/swap.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LOOK_MS = 1000 };

/* What tells one file, or one state of it, from another. */
struct seen {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

/* Who loads: `done` says that the rest may be read. */
struct load {
	const char *path, *base;
	struct model *model;
	struct err err;
	int result;
	_Atomic bool done;
};

struct swap {
	const char *path, *base;
	bool watch, asked;
	struct model *now, *before;
	struct seen tried; /* the file as it was loaded last */
	struct seen other; /* as it was at the last look, if not as tried */
	bool has_other;
	int64_t looked_ms;
	bool loading;
	pthread_t thread;
	struct load load;
};

/* False when there is no file: then nothing is known of it. */
static bool look_at(const char *path, struct seen *ret)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	memset(ret, 0, sizeof(*ret));
	ret->device = st.st_dev;
	ret->inode = st.st_ino;
	ret->size = st.st_size;
	ret->changed = st.st_mtim;
	return true;
}

static bool same(const struct seen *a, const struct seen *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

static int load_verified(const char *path, const char *base,
			 struct model **ret, struct err *e)
{
	struct model *m;
	int r = model_load(path, base, &m, e);

	if (r)
		return r;
	r = model_selftest(m, e);
	if (r) {
		model_free(m);
		return r == -ENOMEM ? err_sys(e, r, "%s: self-test", path)
				    : err_at(e, r, "%s: ", path);
	}
	*ret = m;
	return 0;
}

static void *run(void *arg)
{
	struct load *l = arg;

	l->result = load_verified(l->path, l->base, &l->model, &l->err);
	atomic_store(&l->done, true);
	return NULL;
}

/* Signals are the room's, not this thread's. */
static int begin(struct swap *s, struct err *e)
{
	sigset_t all, before;
	int r;

	s->asked = false;
	s->load = (struct load){ .path = s->path, .base = s->base };
	(void)look_at(s->path, &s->tried);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(&s->thread, NULL, run, &s->load);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r)
		return err_sys(e, r, "a thread to load %s", s->path);
	s->loading = true;
	return 0;
}

static enum swap_result take_over(struct swap *s, struct err *e)
{
	struct load *l = &s->load;

	pthread_join(s->thread, NULL);
	s->loading = false;
	if (l->result) {
		err_set(e, l->result, "%s",
			l->err.text[0] ? l->err.text : strerror(-l->result));
		return SWAP_REFUSED;
	}
	if (!strcmp(l->model->id, s->now->id)) {
		model_free(l->model);
		return SWAP_SAME;
	}
	model_free(s->before);
	s->before = s->now;
	s->now = l->model;
	return SWAP_DONE;
}

/* Has the file changed, and come to rest? */
static bool has_changed(struct swap *s, int64_t now_ms)
{
	struct seen at;

	if (!s->watch || now_ms - s->looked_ms < LOOK_MS)
		return false;
	s->looked_ms = now_ms;
	if (!look_at(s->path, &at) || same(&at, &s->tried)) {
		s->has_other = false;
		return false;
	}
	if (s->has_other && same(&at, &s->other))
		return true;
	s->other = at;
	s->has_other = true;
	return false;
}

enum swap_result swap_turn(struct swap *s, int64_t now_ms, struct err *e)
{
	if (s->loading)
		return atomic_load(&s->load.done) ? take_over(s, e) : SWAP_NONE;
	if ((s->asked || has_changed(s, now_ms)) && begin(s, e))
		return SWAP_REFUSED;
	return SWAP_NONE;
}

void swap_ask(struct swap *s)
{
	s->asked = true;
}

const struct model *swap_model(const struct swap *s)
{
	return s->now;
}

bool swap_is_loading(const struct swap *s)
{
	return s->loading;
}

const struct model *swap_before(const struct swap *s)
{
	return s->before;
}

int swap_open(const char *path, const char *base, bool watch,
	      struct swap **ret, struct err *e)
{
	struct swap *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->path = path;
	s->base = base;
	s->watch = watch;
	(void)look_at(path, &s->tried);
	r = load_verified(path, base, &s->now, e);
	if (r) {
		free(s);
		return r;
	}
	*ret = s;
	return 0;
}

void swap_free(struct swap *s)
{
	if (!s)
		return;
	if (s->loading) {
		pthread_join(s->thread, NULL);
		model_free(s->load.model);
	}
	model_free(s->before);
	model_free(s->now);
	free(s);
}
