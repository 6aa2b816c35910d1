/* The child: libarchive reads the file from memory, since it would else ask to
 * seek, which the child may not. */
#include "ingest/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/file.h"
#include "ingest/confine.h"
#include "ingest/unpack_parts.h"

enum {
	FIRST = 4096,
	STEP_MS = 20000,   /* of the processor, for one entry */
	PULSE = 1000,	   /* entries passed over before we say so */
	BLOCK = 64 << 10,
};

struct work {
	const struct unpack_child *child;
	struct archive *a;
	struct archive_entry *entry;
	int fd;
	uint64_t number, made; /* bytes, by all entries */
	uint64_t said;	       /* the number in the last frame */
	struct buf bytes;
};

void unpack_map(void *self)
{
	struct unpack_child *c = self;
	void *p;

	/* Or names in UTF-8 would be converted, by tables in files; and times
	 * of zip, by a file that says where we live. */
	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC0", 1);
	tzset();
	p = c->size ? mmap(NULL, c->size, PROT_READ, MAP_PRIVATE, c->fd, 0)
		    : MAP_FAILED;
	c->map = p == MAP_FAILED ? NULL : p;
}

static struct str name_of(const struct work *w)
{
	const char *name = w->entry ? archive_entry_pathname_utf8(w->entry)
				    : NULL;
	struct str s;

	if (!name && w->entry)
		name = archive_entry_pathname(w->entry);
	s = str_of(name ? name : "");
	if (s.n > 2 * UNPACK_NAME_MAX)
		s.n = 2 * UNPACK_NAME_MAX;
	return s;
}

static int say(struct work *w, enum unpack_kind kind, struct str bytes)
{
	struct str name = kind == UNPACK_ENTRY || kind == UNPACK_REFUSED
				  ? name_of(w)
				  : STR("");
	struct unpack_frame f = {
		.kind = kind, .name = (uint32_t)name.n,
		.bytes = (uint32_t)bytes.n, .number = w->number,
		.offset = (uint64_t)archive_filter_bytes(w->a, -1),
	};
	int r = file_write_all(w->fd, (struct str){ (char *)&f, sizeof(f) });

	w->said = w->number;
	if (!r)
		r = file_write_all(w->fd, name);
	return r ? r : file_write_all(w->fd, bytes);
}

/* What libarchive says of its trouble. */
static int say_why(struct work *w, enum unpack_kind kind)
{
	const char *why = archive_error_string(w->a);
	struct str s = str_of(why ? why : "damaged");

	if (s.n > UNPACK_SENTENCE_MAX)
		s.n = UNPACK_SENTENCE_MAX;
	return say(w, kind, s);
}

static bool is_bomb(const struct work *w)
{
	uint64_t stream = (uint64_t)archive_filter_bytes(w->a, 0);
	uint64_t made = stream > w->made ? stream : w->made;

	return made > UNPACK_FREE + w->child->size * UNPACK_RATIO_MAX;
}

/* Up to n bytes more of the entry. Their number, 0 at its end, or < 0. */
static la_ssize_t read_more(struct work *w, size_t n)
{
	char block[BLOCK];
	la_ssize_t got = archive_read_data(w->a, block,
					   n < sizeof(block) ? n
							     : sizeof(block));

	if (got > 0) {
		buf_add(&w->bytes, block, (size_t)got);
		w->made += (uint64_t)got;
	}
	return got;
}

/* Read the first bytes, and the rest if it is wanted. 1: it is; 0: it is not;
 * < 0: libarchive's trouble; an error in w->bytes: too large. */
static int read_entry(struct work *w)
{
	la_ssize_t got = 1;

	buf_clear(&w->bytes);
	while (got > 0 && w->bytes.n < FIRST)
		got = read_more(w, FIRST - w->bytes.n);
	if (got < 0)
		return (int)got;
	if (!w->child->wanted(name_of(w), buf_view(&w->bytes)))
		return 0;
	while (got > 0 && !buf_error(&w->bytes))
		got = read_more(w, BLOCK);
	return got < 0 ? (int)got : 1;
}

/* 0: go on; else the exit code of an end. */
static int take_entry(struct work *w)
{
	int r;

	if (archive_entry_filetype(w->entry) != AE_IFREG ||
	    archive_entry_hardlink(w->entry))
		return 0;
	r = read_entry(w);
	if (r < 0)
		return say_why(w, UNPACK_REFUSED);
	if (r && buf_error(&w->bytes))
		return say(w, UNPACK_REFUSED,
			   STR("larger than 16777216 bytes; such entries are "
			       "not read"));
	return r ? say(w, UNPACK_ENTRY, buf_view(&w->bytes)) : 0;
}

/* libarchive's form "raw" is for one file in gzip; it takes everything else,
 * too. */
static bool is_no_archive(const struct work *w)
{
	return archive_format(w->a) == ARCHIVE_FORMAT_RAW &&
	       archive_filter_count(w->a) < 2;
}

static int step(struct work *w)
{
	int r = archive_read_next_header(w->a, &w->entry);

	if (r == ARCHIVE_EOF) {
		w->entry = NULL;
		say(w, UNPACK_END, STR(""));
		return 1;
	}
	if (r == ARCHIVE_RETRY)
		return 0;
	if (r < ARCHIVE_WARN) {
		w->entry = NULL;
		say_why(w, UNPACK_END);
		return 1;
	}
	if (is_no_archive(w)) {
		w->entry = NULL;
		return say(w, UNPACK_END, STR("neither zip nor tar, nor a file "
					      "that is compressed")), 1;
	}
	w->number++;
	if (w->number > UNPACK_ENTRIES_MAX)
		return say(w, UNPACK_END, STR("more than 1000000 entries; the "
					      "rest is not read")), 1;
	if (is_bomb(w))
		return say(w, UNPACK_END, STR("it becomes more than 200 times "
					      "as large; the rest is not "
					      "read")), 1;
	if (w->number > w->child->skip && take_entry(w))
		return 1;
	return w->number - w->said >= PULSE &&
	       say(w, UNPACK_PASSED, STR(""));
}

static struct archive *make_reader(void)
{
	struct archive *a = archive_read_new();

	if (!a)
		return NULL;
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_zip(a);
	archive_read_support_format_raw(a);
	return a;
}

int unpack_work(void *self, int fd)
{
	struct work w = { .child = self, .fd = fd, .a = make_reader() };
	int r;

	if (!w.a)
		return 1;
	buf_init(&w.bytes, UNPACK_ENTRY_MAX);
	if (!w.child->map && w.child->size)
		return say(&w, UNPACK_END, STR("it cannot be mapped")), 1;
	if (!w.child->size) /* which libarchive takes for damaged */
		return say(&w, UNPACK_END, STR(""));
	r = archive_read_open_memory(w.a, w.child->map, w.child->size);
	if (r < ARCHIVE_WARN)
		return say_why(&w, UNPACK_END), 1;
	do {
		confine_step(STEP_MS);
		r = step(&w);
	} while (!r);
	return 0;
}
