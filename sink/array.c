#include "sink/array.h"

#include <arpa/inet.h>

#include "base/json.h"
#include "base/unicode.h"
#include "sink/record.h"

static void add_number(struct buf *b, uint32_t x)
{
	uint32_t big = htonl(x);

	buf_add(b, &big, sizeof(big));
}

void array_begin(struct buf *b, uint32_t type, size_t n)
{
	const uint32_t head[] = { 1, 0, type, (uint32_t)n, 1 };

	buf_clear(b);
	for (size_t i = 0; i < sizeof(head) / sizeof(*head); i++)
		add_number(b, head[i]);
}

void array_add(struct buf *b, struct str s)
{
	add_number(b, (uint32_t)s.n);
	buf_add_str(b, s);
}

void array_add_int8(struct buf *b, uint64_t x)
{
	add_number(b, sizeof(x));
	add_number(b, (uint32_t)(x >> 32));
	add_number(b, (uint32_t)x);
}

void array_add_origin(struct buf *b, struct origin o)
{
	char hex[WIRE_ORIGIN_HEX];

	origin_hex(o, hex);
	array_add(b, (struct str){ hex, sizeof(hex) - 1 });
}

/* Add s with its escapes of U+0000, which PostgreSQL cannot have in a text, as
 * U+FFFD. A backslash takes the byte behind it along. */
static void add_without_nul(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = { s.p + i, s.n - i };

		if (str_starts(rest, STR("\\u0000"))) {
			buf_add_str(b, STR("\\ufffd"));
			i += 5;
			continue;
		}
		buf_add_char(b, s.p[i]);
		if (s.p[i] == '\\' && i + 1 < s.n)
			buf_add_char(b, s.p[++i]);
	}
}

/* Add s with the bytes that are no UTF-8 as U+FFFD each. */
static void add_valid(struct buf *b, struct str s)
{
	while (s.n) {
		size_t n = unicode_valid(s);

		buf_add(b, s.p, n);
		if (n < s.n)
			buf_add_str(b, STR("\xef\xbf\xbd"));
		n += n < s.n;
		s = (struct str){ s.p + n, s.n - n };
	}
}

int array_add_mended(struct buf *b, struct str line)
{
	struct buf clean, text;
	json_t *is_json;
	int r;

	buf_init(&clean, 3 * (size_t)RECORD_LINE_MAX);
	buf_init(&text, 6 * (size_t)RECORD_LINE_MAX);
	add_without_nul(&clean, line);
	is_json = json_parse(buf_view(&clean), NULL);
	if (!is_json) {
		buf_clear(&clean);
		add_valid(&clean, line);
		json_add_text(&text, buf_view(&clean));
	}
	r = buf_error(&clean) ? buf_error(&clean) : buf_error(&text);
	array_add(b, buf_view(is_json ? &clean : &text));
	json_decref(is_json);
	buf_done(&clean);
	buf_done(&text);
	return r;
}
