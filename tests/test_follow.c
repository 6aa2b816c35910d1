/* A property, not a stem: whatever one who writes does (append in pieces,
 * rotate, cut once all was read) and however often one who reads is closed and
 * begun again from its last position, every line comes once. By scripts that a
 * number gives. */
#include <stdint.h>

#include "tests/follow.h"

enum { SCRIPTS = 200, STEPS = 300, KEPT = 60 };

static uint64_t chance;

static unsigned below(unsigned n)
{
	chance = chance * 6364136223846793005 + 1442695040888963407;
	return (unsigned)(chance >> 33) % n;
}

struct world {
	int fd;		   /* the writer's */
	unsigned written;  /* lines begun */
	unsigned complete; /* of them */
	unsigned got;
	bool half;
	bool dated; /* how rotation calls files */
	unsigned rotations;
};

static void open_writer(struct world *w)
{
	w->fd = open(at("a.jsonl"), O_WRONLY | O_CREAT | O_APPEND, 0600);
	ck_assert_int_ge(w->fd, 0);
}

static void write_some(struct world *w)
{
	char line[256];
	int n = 0;

	/* Long ones at times: more than what a file is known by. */
	for (unsigned i = below(4); i-- > 0;) {
		if (!w->half) {
			n = snprintf(line, sizeof(line), "%u %0*d", w->written,
				     below(5) ? 1 : (int)below(200), 0);
			w->written++;
		} else {
			n = snprintf(line, sizeof(line), "\n");
			w->complete++;
		}
		w->half = !w->half;
		ck_assert_int_eq(write(w->fd, line, (size_t)n), n);
	}
}

static void finish_line(struct world *w)
{
	if (!w->half)
		return;
	ck_assert_int_eq(write(w->fd, "\n", 1), 1);
	w->complete++;
	w->half = false;
}

static void rotate_once(struct world *w)
{
	char from[32], to[32];

	if (below(2))
		finish_line(w); /* else the writer ends it after the rename */
	if (w->dated) {
		snprintf(to, sizeof(to), "a.jsonl-%u",
			 20240101 + w->rotations++);
		rotate("a.jsonl", to);
	} else {
		for (int i = KEPT; i-- > 1;) {
			snprintf(from, sizeof(from), "a.jsonl.%d", i);
			snprintf(to, sizeof(to), "a.jsonl.%d", i + 1);
			rename(at(from), at(to));
		}
		rotate("a.jsonl", "a.jsonl.1");
	}
	if (below(2))
		write_some(w);
	finish_line(w);
	close(w->fd);
	open_writer(w);
}

/* Read at most so many lines; true when there are no more now. */
static bool read_some(struct world *w, unsigned most)
{
	struct raw raw;
	char line[256];

	for (; most; most--) {
		unsigned number;
		int r = next(&raw);

		if (r == STEP_WAIT)
			return true;
		ck_assert_msg(!r, "%d: %s", r, err.text);
		snprintf(line, sizeof(line), STR_FMT, STR_ARG(raw.bytes));
		ck_assert_int_eq(sscanf(line, "%u ", &number), 1);
		ck_assert_msg(number == w->got, "line %u, not %u", number,
			      w->got);
		ck_assert_uint_lt(number, w->complete);
		w->got++;
		remember(&raw);
	}
	return false;
}

static void read_all(struct world *w)
{
	while (w->got < w->complete) {
		unsigned had = w->got;

		if (read_some(w, 1000))
			ck_assert_uint_gt(w->got, had);
	}
	ck_assert(read_some(w, 1));
}

static void cut(struct world *w)
{
	finish_line(w);
	read_all(w);
	ck_assert_int_eq(ftruncate(w->fd, 0), 0);
}

static void step(struct world *w)
{
	switch (below(16)) {
	case 0:
		rotate_once(w);
		break;
	case 1:
		cut(w);
		break;
	case 2:
	case 3:
		reopen("a.jsonl", true);
		break;
	case 4:
	case 5:
	case 6:
	case 7:
	case 8:
		read_some(w, below(6));
		break;
	default:
		write_some(w);
	}
}

START_TEST(every_line_comes_once)
{
	unsigned lines = 0;

	for (unsigned script = 0; script < SCRIPTS; script++) {
		struct world w = { .dated = script % 2 };

		chance = script;
		memset(memories, 0, sizeof(memories));
		begin();
		open_writer(&w);
		reopen("a.jsonl", true);
		/* Before its first line there is nothing to remember. */
		while (!w.half)
			write_some(&w);
		finish_line(&w);
		read_all(&w);
		for (int i = 0; i < STEPS; i++)
			step(&w);
		finish_line(&w);
		reopen("a.jsonl", true);
		read_all(&w);
		lines += w.got;
		close(w.fd);
		done();
		s = NULL;
	}
	ck_assert_uint_gt(lines, 50 * SCRIPTS);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(every_line_comes_once),
		CHECK_END,
	};

	return check_main("follow", tests);
}
