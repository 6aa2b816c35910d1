/* fuzz_tail.c -- an output file, a file that it was rotated to and a checkpoint
 * of any bytes, opened: that never fails, and no whole good line is forgotten.
 * The first byte says which of them the input is cut into. */
#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sink/lines.h"
#include "sink/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64], current[96], rotated[128], checkpoint[128];

static void make_places(void)
{
	const char *tmp = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";

	if (folder[0])
		return;
	snprintf(folder, sizeof(folder), "%s/vigie-fuzz-XXXXXX", tmp);
	if (!mkdtemp(folder))
		abort();
	snprintf(current, sizeof(current), "%s/o", folder);
	snprintf(rotated, sizeof(rotated), "%s.20260102T030405Z", current);
	snprintf(checkpoint, sizeof(checkpoint), "%s.done", current);
}

static void put(const char *path, struct str s)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert(fd >= 0);
	assert(write(fd, s.p, s.n) == (ssize_t)s.n);
	close(fd);
}

/* The last line counts when it has its end. */
static void all_found(struct str s, const struct done *found)
{
	while (s.n && memchr(s.p, '\n', s.n)) {
		struct str line = str_cut(&s, '\n');
		struct origin o;
		uint64_t seq;

		if (!record_read(line, &o, &seq, NULL) && seq != UINT64_MAX)
			assert(done_has(found, o, seq));
	}
}

static void reopen(struct lines_options *o, struct str in, struct str before)
{
	struct err e = { "" };
	struct lines *l;

	assert(!done_new(&o->found));
	if (lines_open(o, &l, &e))
		abort();
	all_found(in, o->found);
	all_found(before, o->found);
	lines_free(l);
	done_free(o->found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf notes;
	struct lines_options o = { .path = current, .notes = &notes };
	struct str in = { (const char *)data + 1, size ? size - 1 : 0 };
	struct str part[3] = { in, { "", 0 }, { "", 0 } };
	int how = size ? data[0] % 4 : 0;

	make_places();
	buf_init(&notes, 1 << 16);
	for (int i = 1; i < 3 && how; i++)
		if (how == 3 || how == i) {
			part[i] = part[0];
			part[0] = str_cut(&part[i], '\x01');
			if (!part[i].p)
				part[i] = (struct str){ "", 0 };
		}
	put(current, part[0]);
	put(rotated, part[1]);
	unlink(checkpoint);
	if (part[2].n)
		put(checkpoint, part[2]);
	reopen(&o, part[0], part[1]);
	reopen(&o, part[0], part[1]); /* its tail is mended now */
	buf_done(&notes);
	return 0;
}
