#include "base/base64.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_add(struct buf *out, struct str s)
{
	char *at = buf_grow(out, (s.n + 2) / 3 * 4);

	for (size_t i = 0; at && i < s.n; i += 3) {
		size_t n = s.n - i < 3 ? s.n - i : 3;
		uint32_t x = 0;

		for (size_t k = 0; k < 3; k++)
			x = x << 8 | (k < n ? (unsigned char)s.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			*at++ = k > n ? '=' : digits[x >> (18 - 6 * k) & 63];
	}
}

static int value_of(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Four digits, of which the last n - 1 .. 3 are padding: n bytes, or 0. */
static size_t decode_four(const char *p, char out[3])
{
	size_t n = p[3] != '=' ? 3 : p[2] != '=' ? 2 : 1;
	uint32_t x = 0;

	for (size_t k = 0; k < 4; k++) {
		int v = k > n ? 0 : value_of(p[k]);

		if (v < 0)
			return 0;
		x = x << 6 | (uint32_t)v;
	}
	for (size_t k = 0; k < 3; k++)
		out[k] = (char)(x >> (16 - 8 * k));
	return n;
}

int base64_decode(struct buf *out, struct str s)
{
	if (s.n % 4)
		return -EINVAL;
	for (size_t i = 0; i < s.n; i += 4) {
		char three[3];
		size_t n = decode_four(s.p + i, three);

		if (!n || (n < 3 && i + 4 < s.n))
			return -EINVAL;
		buf_add(out, three, n);
	}
	return buf_error(out);
}
