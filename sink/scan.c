#include "sink/scan.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sink/record.h"

enum {
	BLOCK = 1 << 16,
	NOTES_MAX = 8, /* lines that are complained about one by one */
};

/* The number of a line is known only where the file was read from its start. */
void scan_refuse(struct scan *s, const char *why)
{
	if (++s->refused > NOTES_MAX)
		return;
	if (s->from)
		buf_printf(s->notes, "%s: the line that ends at byte %lld: %s; "
			   "it is left alone\n",
			   s->path, (long long)s->end, why);
	else
		buf_printf(s->notes, "%s:%llu: %s; it is left alone\n",
			   s->path, (unsigned long long)s->lines, why);
}

void scan_end(struct scan *s)
{
	if (s->refused > NOTES_MAX)
		buf_printf(s->notes, "%s: %llu lines are no records, the "
			   "first %d of them named above\n",
			   s->path, (unsigned long long)s->refused, NOTES_MAX);
}

static void take(struct scan *s, struct origin o, uint64_t seq)
{
	s->fresh += !done_has(s->found, o, seq);
	done_found(s->found, o, seq);
}

static int end_line(struct scan *s)
{
	struct err why = { "" };
	struct origin origin;
	uint64_t seq;
	int r = buf_error(&s->tail);

	s->lines++;
	if (r == -ENOMEM)
		return r;
	if (r)
		scan_refuse(s, "longer than any record");
	else if (record_read(buf_view(&s->tail), &origin, &seq, &why))
		scan_refuse(s, why.text);
	else
		take(s, origin, seq);
	buf_clear(&s->tail);
	return 0;
}

static int scan_block(struct scan *s, struct str block)
{
	const char *start = block.p;
	int r = 0;

	while (!r && memchr(block.p, '\n', block.n)) {
		buf_add_str(&s->tail, str_cut(&block, '\n'));
		s->end = s->size + (block.p - start);
		r = end_line(s);
	}
	buf_add_str(&s->tail, block);
	return r;
}

int scan_file(struct scan *s, struct err *e)
{
	char block[BLOCK];
	ssize_t n;
	int r = 0;

	buf_init(&s->tail, RECORD_LINE_MAX);
	s->end = s->size = s->from;
	while (!r && (n = pread(s->fd, block, sizeof(block), s->size))) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, -errno, "%s", s->path);
		r = scan_block(s, (struct str){ block, (size_t)n });
		s->size += n;
	}
	return r;
}
