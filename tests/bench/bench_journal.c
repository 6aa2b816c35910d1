/* The journal alone: records of 2 KB added, committed in groups and read back
 * by the cursor. Prints one line a case: records a second for groups of 1, 64
 * and 512, with fdatasync and without.
 *
 *	bench_journal [FOLDER [RECORDS]]
 *
 * A new folder is made within FOLDER (".") and removed again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "ingest/journal.h"

enum { RECORD = 2048 };

static bool no_sync;

/* Ours stands before libc's. */
int fdatasync(int fd)
{
	return no_sync ? 0 : (int)syscall(SYS_fdatasync, fd);
}

static int fail(const char *what, const struct err *e)
{
	fprintf(stderr, "bench_journal: %s: %s\n", what, e->text);
	return 1;
}

/* Commit what was added and read it, as ingest does before it sends. */
static int turn(struct journal *j, uint64_t n, struct err *e)
{
	struct str record;
	uint64_t seq;
	int r = journal_commit(j, e);

	for (uint64_t i = 0; !r && i < n; i++)
		r = journal_read(j, &seq, &record, e);
	return r;
}

static int fill(struct journal *j, uint64_t records, uint64_t group,
		struct err *e)
{
	char bytes[RECORD];
	struct journal_entry entry = { .kind = JOURNAL_ARTICLE,
				       .value = { bytes, sizeof(bytes) } };
	int r = 0;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 31);
	for (uint64_t i = 0; !r && i < records; i++) {
		entry.seq = journal_next(j);
		memcpy(bytes, &entry.seq, sizeof(entry.seq));
		r = journal_add(j, &entry);
		if (!r && journal_waiting(j) == group)
			r = turn(j, group, e);
	}
	return r ? r : turn(j, journal_waiting(j), e);
}

static int run(const char *folder, uint64_t records, int64_t group,
	       struct err *e)
{
	const struct journal_settings s = { .path = folder,
					    .group = group,
					    .segment = 64 << 20,
					    .quota = (int64_t)1 << 40 };
	struct journal *j;
	struct buf notes;
	int64_t start;
	double s_write, s_open;
	int r;

	buf_init(&notes, 1 << 16);
	r = journal_open(&s, NULL, &notes, &j, e);
	if (r)
		return r;
	start = clock_ns();
	r = fill(j, records, (uint64_t)group, e);
	s_write = (double)(clock_ns() - start) / 1e9;
	journal_free(j);
	start = clock_ns();
	if (!r)
		r = journal_open(&s, NULL, &notes, &j, e);
	s_open = (double)(clock_ns() - start) / 1e9;
	buf_done(&notes);
	if (r)
		return r;
	journal_free(j);
	printf("group %3d %-10s %9.0f records/s   opened again %9.0f "
	       "records/s\n",
	       (int)group, no_sync ? "no sync" : "fdatasync",
	       (double)records / s_write, (double)records / s_open);
	return 0;
}

static int run_in(const char *folder, uint64_t records, int64_t group,
		  struct err *e)
{
	char path[4096], line[4096 + 16];
	int r;

	snprintf(path, sizeof(path), "%s/bench-journal-XXXXXX", folder);
	if (!mkdtemp(path))
		return err_sys(e, -1, "%s", path);
	r = run(path, records, group, e);
	snprintf(line, sizeof(line), "rm -r '%s'", path);
	return system(line) && !r ? -1 : r;
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : ".";
	uint64_t records = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
	const int64_t groups[] = { 1, 64, 512 };
	struct err e = { "" };

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < 3; i++) {
			bool slow = groups[i] == 1 && !pass;

			no_sync = pass;
			if (run_in(folder, slow ? records / 20 : records,
				   groups[i], &e))
				return fail(folder, &e);
		}
	return 0;
}
