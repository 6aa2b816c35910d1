#include "sink/record.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/unicode.h"

#define HEAD "{\"vigie\":1,\"origin\":\""
#define SEQ "\",\"seq\":"
#define CRC ",\"crc\":\""

enum {
	HEAD_SIZE = sizeof(HEAD) - 1,
	HEX = WIRE_ORIGIN_HEX - 1,
	SEQ_SIZE = sizeof(SEQ) - 1,
	FRONT = HEAD_SIZE + HEX + SEQ_SIZE, /* as far as the number */
	BACK = sizeof(CRC "01234567\"}") - 1,
	DIGITS = 20, /* of the largest number */
};

/* What is the same in every line is put together by hand: printf() took as long
 * as all the rest of a line. */

/* The end of a line over whose other bytes crc was taken. */
static void back_of(uint32_t crc, char out[BACK + 1])
{
	const unsigned char bytes[] = { (unsigned char)(crc >> 24),
					(unsigned char)(crc >> 16),
					(unsigned char)(crc >> 8),
					(unsigned char)crc };

	memcpy(out, CRC, sizeof(CRC) - 1);
	hash_hex(bytes, sizeof(bytes), out + sizeof(CRC) - 1);
	memcpy(out + BACK - 2, "\"}", 3);
}

static bool is_members(struct str s, struct str head)
{
	return str_starts(s, head) && !memchr(s.p, '\n', s.n);
}

static int check(const struct article *a, bool text, struct err *e)
{
	if (!is_members(a->meta, STR("\"id\":")))
		return err_set(e, STEP_REJECT,
			       "its metadata are no JSON members on one line "
			       "that begin with \"id\"");
	if (!is_members(a->verdict, STR("\"")))
		return err_set(e, STEP_REJECT,
			       "its verdict is no JSON members on one line");
	if (text && a->text.n > ARTICLE_TEXT_MAX)
		return err_set(e, STEP_REJECT,
			       "its text is %zu bytes; at most %d are allowed",
			       a->text.n, ARTICLE_TEXT_MAX);
	if (text && unicode_valid(a->text) != a->text.n)
		return err_set(e, STEP_REJECT,
			       "its text is no UTF-8 at byte %zu",
			       unicode_valid(a->text));
	return 0;
}

void record_begin(struct buf *out, struct origin o, uint64_t seq)
{
	char front[FRONT + 1], digits[DIGITS + 1];
	size_t at = sizeof(digits);

	memcpy(front, HEAD, HEAD_SIZE);
	origin_hex(o, front + HEAD_SIZE);
	memcpy(front + HEAD_SIZE + HEX, SEQ, SEQ_SIZE);
	digits[--at] = ',';
	do
		digits[--at] = (char)('0' + seq % 10);
	while (seq /= 10);
	buf_add(out, front, FRONT);
	buf_add(out, digits + at, sizeof(digits) - at);
}

int record_seal(struct buf *out, size_t from)
{
	char back[BACK + 1];

	if (buf_error(out))
		return buf_error(out);
	back_of(hash_crc32c(0, (struct str){ out->p + from, out->n - from }),
		back);
	buf_add(out, back, BACK);
	buf_add_char(out, '\n');
	if (!buf_error(out) && out->n - from > RECORD_LINE_MAX)
		return -EMSGSIZE;
	return buf_error(out);
}

int record_line(struct buf *out, struct origin o, uint64_t seq,
		const struct article *a, bool text, struct err *e)
{
	size_t from = out->n;
	int r = check(a, text, e);

	if (r)
		return err_at(e, r, "seq %llu: ", (unsigned long long)seq);
	record_begin(out, o, seq);
	buf_add_str(out, a->meta);
	if (text) {
		json_add_name(out, "text");
		json_add_text(out, a->text);
	}
	buf_add_char(out, ',');
	buf_add_str(out, a->verdict);
	r = record_seal(out, from);
	if (r == -EMSGSIZE)
		return err_set(e, STEP_REJECT,
			       "seq %llu: its line would be longer than %d "
			       "bytes",
			       (unsigned long long)seq, RECORD_LINE_MAX);
	return r;
}

/* Read digits as snprintf() writes them, up to the comma behind them. */
static bool read_seq(struct str s, uint64_t *ret)
{
	uint64_t x = 0;
	size_t i = 0;

	for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
		uint64_t digit = (uint64_t)(s.p[i] - '0');

		if (x > (UINT64_MAX - digit) / 10)
			return false;
		x = 10 * x + digit;
	}
	*ret = x;
	return i > 0 && i < s.n && s.p[i] == ',' && (i == 1 || s.p[0] != '0');
}

int record_read(struct str line, struct origin *o, uint64_t *seq,
		struct err *e)
{
	struct str body = { line.p, line.n - BACK };
	char back[BACK + 1];
	struct origin origin;
	uint64_t number;

	if (line.n < FRONT + BACK || !str_starts(line, STR(HEAD)) ||
	    origin_parse((struct str){ line.p + HEAD_SIZE, HEX }, &origin) ||
	    memcmp(line.p + HEAD_SIZE + HEX, SEQ, SEQ_SIZE) ||
	    !read_seq((struct str){ line.p + FRONT, body.n - FRONT }, &number))
		return err_set(e, -EBADMSG, "no record of vigie's");
	back_of(hash_crc32c(0, body), back);
	if (memcmp(line.p + body.n, back, BACK))
		return err_set(e, -EBADMSG,
			       "damaged: the line ends in " STR_FMT
			       ", its bytes give %s",
			       BACK, line.p + body.n, back);
	*o = origin;
	*seq = number;
	return 0;
}

bool record_is_torn(struct str tail)
{
	while (tail.n && tail.p[tail.n - 1] == '\0')
		tail.n--;
	return !tail.n ||
	       !memcmp(tail.p, HEAD, tail.n < HEAD_SIZE ? tail.n : HEAD_SIZE);
}
