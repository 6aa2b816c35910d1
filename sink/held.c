#include "sink/held.h"

#include <errno.h>
#include <string.h>

#include "sink/target.h"

enum {
	/* A line of a record is longer than 64 bytes. */
	ROWS_MAX = TARGET_PENDING_MAX / 64,
};

void held_init(struct held *h)
{
	buf_init(&h->lines, TARGET_PENDING_MAX);
	buf_init(&h->rows, ROWS_MAX * sizeof(struct held_row));
	buf_init(&h->origins, ROWS_MAX * sizeof(struct origin));
}

void held_done(struct held *h)
{
	buf_done(&h->lines);
	buf_done(&h->rows);
	buf_done(&h->origins);
}

void held_clear(struct held *h)
{
	buf_clear(&h->lines);
	buf_clear(&h->rows);
	buf_clear(&h->origins);
}

const struct held_row *held_rows(const struct held *h, size_t *n)
{
	*n = h->rows.n / sizeof(struct held_row);
	return (const void *)h->rows.p;
}

const struct origin *held_origins(const struct held *h, size_t *n)
{
	*n = h->origins.n / sizeof(struct origin);
	return (const void *)h->origins.p;
}

struct str held_line(const struct held *h, const struct held_row *row)
{
	return (struct str){ h->lines.p + row->at, row->size };
}

/* From the last: lines of one origin come in runs. */
static void add_origin(struct held *h, struct origin o)
{
	size_t n;
	const struct origin *v = held_origins(h, &n);

	while (n--)
		if (!origin_cmp(v[n], o))
			return;
	buf_add(&h->origins, &o, sizeof(o));
}

int held_add(struct held *h, const struct record *line, struct err *e)
{
	struct held_row row = { .origin = line->origin,
				.seq = line->seq,
				.at = h->lines.n,
				.size = line->line.n };
	int r;

	if (line->seq > INT64_MAX)
		return err_set(e, -ERANGE,
			       "seq %llu is more than a database counts to",
			       (unsigned long long)line->seq);
	if (row.size && line->line.p[row.size - 1] == '\n')
		row.size--;
	buf_add_str(&h->lines, line->line);
	buf_add(&h->rows, &row, sizeof(row));
	add_origin(h, line->origin);
	r = buf_error(&h->lines);
	r = r ? r : buf_error(&h->rows);
	r = r ? r : buf_error(&h->origins);
	return r ? err_sys(e, r, "lines in memory") : 0;
}

bool held_watermark(struct done *found, struct origin o, struct ack *ret)
{
	done_ack(found, o, ret);
	return (ret->low > 0 || ret->bits.n > 0) && ret->low <= INT64_MAX;
}

int held_restore(struct done *found, struct str origin, int64_t low,
		 struct str bits, struct err *e)
{
	struct origin o;

	if (origin.n != WIRE_ORIGIN_HEX - 1 || origin_parse(origin, &o) ||
	    low < 0 || bits.n > WIRE_WINDOW_MAX / 8)
		return err_set(e, -EBADMSG,
			       "the watermark of origin '" STR_FMT
			       "' is none: low %lld and %zu bytes of bits",
			       STR_ARG(origin), (long long)low, bits.n);
	done_raise(found, o, (uint64_t)low);
	for (size_t i = 0; i < 8 * bits.n; i++)
		if (bits.p[i / 8] >> i % 8 & 1)
			done_add(found, o, (uint64_t)low + i, NULL);
	return 0;
}
