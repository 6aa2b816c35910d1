/* fuzz_journal.c -- recovery: any bytes as the only segment of a journal, in a
 * folder in memory. It opens, or refuses with a sentence; what it replays the
 * cursor reads as well; it takes an article more; and the second opening, which
 * finds the damage cut or set aside, tells the same and that one.
 *
 * Random bytes never have a right crc. So the mutator also changes what lies
 * inside frames and puts the crcs right, then and now. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "ingest/journal_frame.h"
#include "ingest/journal_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed);

static char folder[64];

struct told {
	uint64_t entries, articles, last, hash;
};

static void mix(struct told *t, uint64_t seq, struct str record)
{
	t->articles++;
	t->last = seq;
	t->hash = hash_xx(record, t->hash ^ seq);
}

static int each(void *self, const struct journal_entry *entry)
{
	struct told *t = self;

	t->entries++;
	if (entry->kind != JOURNAL_ARTICLE)
		return 0;
	assert(!t->articles || entry->seq > t->last);
	mix(t, entry->seq, entry->value);
	return 0;
}

static void empty_folder(void)
{
	DIR *dir = opendir(folder);
	const struct dirent *d;

	assert(dir);
	while ((d = readdir(dir)))
		if (d->d_name[0] != '.')
			unlinkat(dirfd(dir), d->d_name, 0);
	closedir(dir);
}

static void put_segment(struct str bytes)
{
	char path[128];
	int fd;

	if (!folder[0]) {
		strcpy(folder, access("/dev/shm", W_OK)
				       ? "/tmp/fuzz-journal-XXXXXX"
				       : "/dev/shm/fuzz-journal-XXXXXX");
		assert(mkdtemp(folder));
	}
	empty_folder();
	snprintf(path, sizeof(path), "%s/0000000000000003.journal", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert(fd >= 0 && !file_write_all(fd, bytes));
	close(fd);
}

static int open_it(struct told *t, struct journal **ret)
{
	const struct journal_settings s = { .path = folder,
					    .group = 512,
					    .segment = 4096,
					    .quota = 1 << 20 };
	const struct journal_replay replay = { .each = each, .self = t };
	struct err e = { "" };
	struct buf notes;
	int r;

	*t = (struct told){ .entries = 0 };
	buf_init(&notes, 1 << 20);
	r = journal_open(&s, &replay, &notes, ret, &e);
	assert((r == 0) == (e.text[0] == '\0'));
	assert(!buf_error(&notes));
	buf_done(&notes);
	return r;
}

static void read_all(struct journal *j, struct told *ret)
{
	struct str record;
	uint64_t seq;
	int r;

	*ret = (struct told){ .entries = 0 };
	while (!(r = journal_read(j, &seq, &record, NULL)))
		mix(ret, seq, record);
	assert(r == STEP_END);
}

static void add_one(struct journal *j)
{
	const struct journal_entry entry = {
		.kind = JOURNAL_ARTICLE,
		.seq = journal_next(j),
		.value = STR("one more"),
	};
	int r = journal_add(j, &entry);

	/* Numbers that only a forger writes. */
	assert(!r || r == -EOVERFLOW);
	if (!r)
		assert(!journal_commit(j, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct told first, read, again;
	struct journal *j;

	put_segment((struct str){ (const char *)data, size });
	if (open_it(&first, &j))
		return 0;
	read_all(j, &read);
	assert(first.articles == read.articles && first.hash == read.hash);
	add_one(j);
	read_all(j, &read);
	journal_seek(j, 0);
	read_all(j, &read);
	assert(!journal_forget(j, first.last, UINT64_MAX, NULL));
	journal_free(j);
	put_segment((struct str){ (const char *)data, size });
	assert(!open_it(&first, &j));
	add_one(j);
	read_all(j, &read);
	journal_free(j);
	assert(!open_it(&again, &j));
	assert(again.articles == read.articles && again.hash == read.hash);
	journal_free(j);
	return 0;
}

/* Put right what makes frames frames, wherever a mark stands. */
static void mend(uint8_t *data, size_t size)
{
	struct journal_head h;
	unsigned char *p = data;
	uint32_t n, crc;

	if (size >= JOURNAL_HEAD && !memcmp(data, "VIGIEJNL", 8)) {
		crc = hash_crc32c(0, (struct str){ (char *)p, 12 });
		crc = hash_crc32c(crc, (struct str){ (char *)p + 16,
						     JOURNAL_HEAD - 16 });
		memcpy(p + 12, &crc, 4);
		(void)journal_head_read((struct str){ (char *)p, size }, &h);
	}
	for (size_t i = 0; i + JOURNAL_FRAME_HEAD <= size; i++) {
		p = data + i;
		if (memcmp(p, journal_mark, JOURNAL_FRAME_MARK))
			continue;
		memcpy(&n, p + 12, 4);
		if (n <= size - i - JOURNAL_FRAME_HEAD) {
			crc = hash_crc32c(
				0, (struct str){ (char *)p + JOURNAL_FRAME_HEAD,
						 n });
			memcpy(p + 16, &crc, 4);
		}
		crc = hash_crc32c(0, (struct str){ (char *)p + 12,
						   JOURNAL_FRAME_HEAD - 12 });
		memcpy(p + 8, &crc, 4);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	size = LLVMFuzzerMutate(data, size, max);
	if (seed % 4)
		mend(data, size);
	return size;
}
