/* journal_kit.h -- what the tests of the journal share: a folder of its own, a
 * journal in it, articles whose bytes follow from their numbers, and damage. */
#ifndef VIGIE_JOURNAL_KIT_H
#define VIGIE_JOURNAL_KIT_H

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ingest/journal_frame.h"
#include "ingest/journal_walk.h"
#include "tests/check_main.h"

enum { KIT_SEQS = 1 << 16, KIT_VALUE_MAX = 1 << 16 };

static struct {
	char home[CHECK_PATH_MAX];	  /* the test's folder */
	char folder[CHECK_PATH_MAX + 16]; /* the journal's, within */
	struct journal_settings s;
	struct journal *j;
	struct buf notes;
	struct err err;
	/* What a replay told. */
	uint64_t entries, articles, others, last_seq, last_frame;
	unsigned char seen[KIT_SEQS];
} kit;

/* In memory where there is such a place: damage by the thousand. */
static inline void kit_begin(void)
{
	if (!getenv("TMPDIR") && !access("/dev/shm", W_OK))
		setenv("TMPDIR", "/dev/shm", 1);
	check_folder(kit.home);
	snprintf(kit.folder, sizeof(kit.folder), "%s/journal", kit.home);
	kit.s = (struct journal_settings){ .path = kit.folder,
					   .group = 512,
					   .patience = 5,
					   .segment = 64 << 20,
					   .quota = (int64_t)4 << 30 };
	buf_init(&kit.notes, 1 << 20);
}

static inline void kit_end(void)
{
	journal_free(kit.j);
	kit.j = NULL;
	buf_done(&kit.notes);
	check_folder_done(kit.home);
}

/* The value of an article: its length and bytes follow from seq. */
static inline struct str kit_value(uint64_t seq, size_t n)
{
	static char bytes[KIT_VALUE_MAX];

	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(seq * 31 + i * 7 + (seq ^ i) / 5);
	return (struct str){ bytes, n };
}

static inline size_t kit_size(uint64_t seq)
{
	return 40 + seq * 37 % 500;
}

/* An assertion that is silent as long as it holds: Check writes a line for each
 * of its own, and here there are millions. */
static inline void kit_must(bool holds, const char *what)
{
	if (!holds)
		ck_abort_msg("not so: %s", what);
}

#define KIT_MUST(holds) kit_must(holds, #holds)

static inline int kit_each(void *self, const struct journal_entry *entry)
{
	(void)self;
	kit.entries++;
	KIT_MUST(entry->frame >= kit.last_frame);
	kit.last_frame = entry->frame;
	if (entry->kind != JOURNAL_ARTICLE) {
		kit.others++;
		return 0;
	}
	KIT_MUST(str_eq(entry->value,
			kit_value(entry->seq, kit_size(entry->seq))));
	KIT_MUST(!kit.articles++ || entry->seq > kit.last_seq);
	kit.last_seq = entry->seq;
	if (entry->seq < KIT_SEQS)
		kit.seen[entry->seq]++;
	return 0;
}

static inline int kit_try(void)
{
	const struct journal_replay replay = { .each = kit_each };

	buf_clear(&kit.notes);
	err_clear(&kit.err);
	kit.entries = kit.articles = kit.others = 0;
	kit.last_seq = kit.last_frame = 0;
	memset(kit.seen, 0, sizeof(kit.seen));
	return journal_open(&kit.s, &replay, &kit.notes, &kit.j, &kit.err);
}

static inline void kit_open(void)
{
	ck_assert_msg(kit_try() == 0, "%s", kit.err.text);
}

static inline void kit_close(void)
{
	journal_free(kit.j);
	kit.j = NULL;
}

static inline const char *kit_notes(void)
{
	buf_add_char(&kit.notes, '\0');
	kit.notes.n--;
	return kit.notes.p;
}

static inline void kit_says(const char *what)
{
	ck_assert_msg(strstr(kit_notes(), what) != NULL, "notes: %s",
		      kit_notes());
}

static inline void kit_quiet(void)
{
	ck_assert_msg(!kit.notes.n, "notes: %s", kit_notes());
}

/* Add the next article to the group; returns its number. */
static inline uint64_t kit_add(void)
{
	uint64_t seq = journal_next(kit.j);
	const struct journal_entry entry = {
		.kind = JOURNAL_ARTICLE,
		.seq = seq,
		.value = kit_value(seq, kit_size(seq)),
	};

	ck_assert_int_eq(journal_add(kit.j, &entry), 0);
	return seq;
}

static inline void kit_add_named(enum journal_kind kind, const char *name,
				 const char *value)
{
	const struct journal_entry entry = { .kind = kind,
					     .name = str_of(name),
					     .value = str_of(value) };

	ck_assert_int_eq(journal_add(kit.j, &entry), 0);
}

static inline void kit_commit(void)
{
	err_clear(&kit.err);
	ck_assert_msg(journal_commit(kit.j, &kit.err) == 0, "%s",
		      kit.err.text);
}

/* So many frames of so many articles each. */
static inline void kit_frames(size_t frames, size_t articles)
{
	for (size_t i = 0; i < frames; i++) {
		for (size_t k = 0; k < articles; k++)
			kit_add();
		kit_commit();
	}
}

/* The next article of the cursor is this one, whole. */
static inline void kit_reads(uint64_t want)
{
	struct str record;
	uint64_t seq = 0;

	err_clear(&kit.err);
	ck_assert_msg(journal_read(kit.j, &seq, &record, &kit.err) == 0, "%s",
		      kit.err.text);
	ck_assert_uint_eq(seq, want);
	ck_assert(str_eq(record, kit_value(seq, kit_size(seq))));
}

static inline void kit_reads_end(void)
{
	struct str record;
	uint64_t seq;

	ck_assert_int_eq(journal_read(kit.j, &seq, &record, &kit.err),
			 STEP_END);
}

/* The bytes of files. */

static inline char *kit_path(uint64_t segment)
{
	static char path[CHECK_PATH_MAX + 64];
	char name[JOURNAL_NAME_MAX];

	journal_name(segment, name);
	snprintf(path, sizeof(path), "%s/%s", kit.folder, name);
	return path;
}

static inline struct str kit_bytes(uint64_t segment)
{
	struct str s;

	ck_assert_int_eq(file_read(kit_path(segment), 1 << 28, &s, NULL), 0);
	return s;
}

static inline void kit_put(uint64_t segment, struct str bytes)
{
	int fd = open(kit_path(segment), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(file_write_all(fd, bytes), 0);
	close(fd);
}

static inline void kit_patch(uint64_t segment, uint64_t at, const void *p,
			     size_t n)
{
	int fd = open(kit_path(segment), O_WRONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, p, n, (off_t)at), (ssize_t)n);
	close(fd);
}

static inline off_t kit_length(uint64_t segment)
{
	struct stat st;

	return stat(kit_path(segment), &st) ? -1 : st.st_size;
}

/* Files of the folder whose names begin so. */
static inline int kit_files(const char *head)
{
	DIR *dir = opendir(kit.folder);
	const struct dirent *d;
	int n = 0;

	ck_assert_ptr_nonnull(dir);
	while ((d = readdir(dir)))
		n += !strncmp(d->d_name, head, strlen(head));
	closedir(dir);
	return n;
}

/* Where the frames of a segment end, of which there are n; [0]: its head. */
static inline size_t kit_ends(struct str bytes, uint64_t *ends, size_t max)
{
	struct journal_frame f;
	size_t n = 0;

	ends[0] = JOURNAL_HEAD;
	while (n + 1 < max && ends[n] < bytes.n) {
		ck_assert(journal_frame_read(
			(struct str){ bytes.p + ends[n], bytes.n - ends[n] },
			&f));
		ends[n + 1] = ends[n] + JOURNAL_FRAME_HEAD + f.length;
		n++;
	}
	return n;
}

#endif
