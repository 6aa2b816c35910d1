#include "learn/read_lines.h"

#include "base/log.h"
#include "learn/read_sink.h"

struct read_lines read_lines_of(struct str bytes)
{
	return (struct read_lines){ .rest = read_unmarked(bytes),
				    .total = bytes.n };
}

void read_progress(size_t n, size_t left, size_t total)
{
	if (!left || n % 512 == 0)
		log_progress("reading, bytes", total - left, total);
}

bool read_lines_next(struct read_lines *l, struct str *line)
{
	if (!l->rest.n)
		return false;
	*line = str_cut(&l->rest, '\n');
	if (str_ends(*line, STR("\r")))
		line->n--;
	read_progress(++l->number, l->rest.n, l->total);
	return true;
}
