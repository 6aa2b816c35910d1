#include "ingest/wording.h"

#include <utf8proc.h>

#include "base/unicode.h"

/* FNV-1a: a word is short, and its letters come one by one. */
#define FNV_BEGIN 0xCBF29CE484222325u
#define FNV_PRIME 0x100000001B3u

enum piece { PIECE_GAP, PIECE_NOTHING, PIECE_LETTER, PIECE_WORD };

void wording_begin(struct wording *w, struct str text)
{
	*w = (struct wording){ text.p, text.p + text.n };
}

/* Ideographs, kana and Thai. */
static bool stands_alone(uint32_t c)
{
	return (c >= 0x0E00 && c < 0x0E80) || (c >= 0x3040 && c < 0x3100) ||
	       (c >= 0x3400 && c < 0xA000) || (c >= 0xF900 && c < 0xFB00) ||
	       (c >= 0x20000 && c < 0x32000);
}

static enum piece piece_of(uint32_t c)
{
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return stands_alone(c) ? PIECE_WORD : PIECE_LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return PIECE_LETTER;
	case UTF8PROC_CATEGORY_CF: /* a soft hyphen, a joiner */
		return PIECE_NOTHING;
	default:
		return PIECE_GAP;
	}
}

/* The character at w->p, in its small form; its bytes into *n. */
static enum piece look(const struct wording *w, uint32_t *c, size_t *n)
{
	unsigned char b = (unsigned char)*w->p;

	*n = 1;
	*c = b;
	if ((b | 32u) - 'a' < 26u) {
		*c = b | 32u;
		return PIECE_LETTER;
	}
	if (b < 0x80)
		return b - (unsigned)'0' < 10u ? PIECE_LETTER : PIECE_GAP;
	*c = unicode_decode(w->p, w->end, n);
	*c = (uint32_t)utf8proc_tolower((utf8proc_int32_t)*c);
	return piece_of(*c);
}

bool wording_next(struct wording *w, uint64_t *ret)
{
	uint64_t h = FNV_BEGIN;
	enum piece last = PIECE_GAP;

	for (size_t n; w->p < w->end && last != PIECE_WORD; w->p += n) {
		uint32_t c;
		enum piece at = look(w, &c, &n);
		bool begun = last == PIECE_LETTER;

		if (at == PIECE_NOTHING || (at == PIECE_GAP && !begun))
			continue;
		if (begun && at != PIECE_LETTER)
			break;
		h = (h ^ c) * FNV_PRIME;
		last = at;
	}
	*ret = wording_mix(h);
	return last != PIECE_GAP;
}
