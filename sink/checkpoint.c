#include "sink/checkpoint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"

enum {
	VERSION = 1,
	TAIL = 64,
	CRC_LINE = sizeof("crc 01234567\n") - 1,
	ORIGIN_LINE = 64 + WIRE_ORIGIN_HEX + 2 * WIRE_WINDOW_MAX / 8,
	FILE_MAX = 1024 + DONE_ORIGINS * ORIGIN_LINE,
};

/* The bytes before offset; of a file that is shorter, fewer of them. */
static int tail_of(int fd, uint64_t offset, uint32_t *ret)
{
	size_t n = offset < TAIL ? (size_t)offset : TAIL;
	char bytes[TAIL];
	ssize_t got = pread(fd, bytes, n, (off_t)(offset - n));

	if (got < 0)
		return -errno;
	*ret = hash_crc32c(0, (struct str){ bytes, (size_t)got });
	return 0;
}

int checkpoint_of(int fd, uint64_t offset, struct checkpoint *ret)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	ret->device = (uint64_t)st.st_dev;
	ret->inode = (uint64_t)st.st_ino;
	ret->offset = offset;
	return tail_of(fd, offset, &ret->tail);
}

bool checkpoint_fits(const struct checkpoint *c, int fd)
{
	struct checkpoint now = { .device = 0 };
	struct stat st;

	return !fstat(fd, &st) && c->offset <= (uint64_t)st.st_size &&
	       !checkpoint_of(fd, c->offset, &now) &&
	       now.device == c->device && now.inode == c->inode &&
	       now.tail == c->tail;
}

/* Writing. */

static void add_origin(struct buf *b, struct done *done, struct origin o)
{
	char hex[WIRE_ORIGIN_HEX], *at;
	struct ack a;

	done_ack(done, o, &a);
	origin_hex(o, hex);
	buf_printf(b, "origin %s %llu ", hex, (unsigned long long)a.low);
	at = buf_grow(b, 2 * a.bits.n + 1);
	if (!at)
		return;
	hash_hex((const unsigned char *)a.bits.p, a.bits.n, at);
	at[2 * a.bits.n] = '\n';
}

static void add_all(struct buf *b, const struct checkpoint *c,
		    struct done *done)
{
	struct origin o;

	buf_printf(b, "vigie-done %d\nfile %llu %llu %llu %08x\n"
		   "records %llu\n",
		   VERSION, (unsigned long long)c->device,
		   (unsigned long long)c->inode,
		   (unsigned long long)c->offset, c->tail,
		   (unsigned long long)c->records);
	for (size_t i = 0; done_origin(done, i, &o); i++)
		add_origin(b, done, o);
	buf_printf(b, "crc %08x\n", hash_crc32c(0, buf_view(b)));
}

int checkpoint_write(const char *path, const struct checkpoint *c,
		     struct done *done, struct err *e)
{
	struct buf b;
	int r;

	buf_init(&b, FILE_MAX);
	add_all(&b, c, done);
	r = buf_error(&b);
	if (!r)
		r = file_write(path, buf_view(&b), e);
	buf_done(&b);
	return r;
}

/* Reading. */

/* The word before the next space of a line, as a number. */
static bool read_number(struct str *line, int base, uint64_t *ret)
{
	struct str word = str_cut(line, ' ');
	char digits[32], *end;

	if (!word.n || word.n >= sizeof(digits) || word.p[0] == '-')
		return false;
	memcpy(digits, word.p, word.n);
	digits[word.n] = '\0';
	errno = 0;
	*ret = strtoull(digits, &end, base);
	return !errno && !*end;
}

static int digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

static bool read_bits(struct str hex, struct buf *bits)
{
	buf_clear(bits);
	if (hex.n % 2 || hex.n > 2 * WIRE_WINDOW_MAX / 8)
		return false;
	for (size_t i = 0; i < hex.n; i += 2) {
		int hi = digit(hex.p[i]), lo = digit(hex.p[i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		buf_add_char(bits, (char)(hi << 4 | lo));
	}
	return !buf_error(bits);
}

static bool read_origin(struct str line, struct buf *bits, struct done *done)
{
	struct ack a;

	if (!str_is(str_cut(&line, ' '), "origin") ||
	    origin_parse(str_cut(&line, ' '), &a.origin) ||
	    !read_number(&line, 10, &a.low) || !read_bits(line, bits))
		return false;
	a.bits = buf_view(bits);
	if (done)
		done_hear(done, &a);
	return true;
}

static bool read_head(struct str *rest, struct checkpoint *c)
{
	struct str file = str_cut(rest, '\n'), records = str_cut(rest, '\n');
	uint64_t tail = 0;
	bool good = str_is(str_cut(&file, ' '), "file") &&
		    read_number(&file, 10, &c->device) &&
		    read_number(&file, 10, &c->inode) &&
		    read_number(&file, 10, &c->offset) &&
		    read_number(&file, 16, &tail) && tail <= UINT32_MAX &&
		    str_is(str_cut(&records, ' '), "records") &&
		    read_number(&records, 10, &c->records) &&
		    c->offset <= INT64_MAX;

	c->tail = (uint32_t)tail;
	return good;
}

/* Twice: first to see that all of it can be read, with done NULL. */
static bool read_body(struct str body, struct checkpoint *c, struct done *done)
{
	struct buf bits;
	bool good = read_head(&body, c);

	buf_init(&bits, WIRE_WINDOW_MAX / 8);
	while (good && body.n)
		good = read_origin(str_cut(&body, '\n'), &bits, done);
	buf_done(&bits);
	return good;
}

static int check(struct str *s, const char *path, struct err *e)
{
	struct str body = { s->p, s->n < CRC_LINE ? 0 : s->n - CRC_LINE };
	struct str version;
	char crc[CRC_LINE + 1];

	snprintf(crc, sizeof(crc), "crc %08x\n", hash_crc32c(0, body));
	if (s->n < CRC_LINE || memcmp(s->p + body.n, crc, CRC_LINE))
		return err_set(e, -EBADMSG, "%s: damaged", path);
	version = str_cut(&body, '\n');
	if (!str_is(version, "vigie-done 1"))
		return err_set(e, -EPROTONOSUPPORT,
			       "%s: '" STR_FMT "' is not of version %d", path,
			       version.n < 40 ? (int)version.n : 40, version.p,
			       VERSION);
	*s = body;
	return 0;
}

int checkpoint_read(const char *path, struct checkpoint *ret,
		    struct done *done, struct err *e)
{
	struct checkpoint c;
	struct str all, body;
	int r = file_read(path, FILE_MAX, &all, e);

	if (r)
		return r;
	body = all;
	r = check(&body, path, e);
	if (!r && !read_body(body, &c, NULL))
		r = err_set(e, -EBADMSG, "%s: cannot be understood", path);
	if (!r) {
		read_body(body, &c, done);
		*ret = c;
	}
	free((char *)all.p);
	return r;
}
