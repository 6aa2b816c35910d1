#include "ingest/tame.h"

#include "base/json.h"
#include "base/unicode.h"

void tame(struct str s, size_t max, struct buf *out)
{
	size_t i = 0, good = 0, n;

	while (i < s.n) {
		uint32_t c = '?';

		if (i == good)
			good += unicode_valid((struct str){ s.p + i, s.n - i });
		n = 1;
		if (i < good)
			c = unicode_decode(s.p + i, s.p + good, &n);
		else
			good = i + 1;
		if (i + n > max)
			return;
		if (good == i + 1 && c == '?')
			buf_add_char(out, '?');
		else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			buf_add_char(out, ' ');
		else
			buf_add(out, s.p + i, n);
		i += n;
	}
}

void tame_json(struct str s, struct buf *out)
{
	struct buf b;

	buf_init(&b, s.n);
	tame(s, s.n, &b);
	json_add_text(out, buf_view(&b));
	if (buf_error(&b))
		out->error = buf_error(&b);
	buf_done(&b);
}
