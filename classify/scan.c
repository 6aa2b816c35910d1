#include "classify/scan.h"

static bool is_letter(unsigned char b)
{
	return (b | 0x20u) - 'a' < 26;
}

struct scan_bits scan_bytes(const struct scan *how, const char *in, char *out)
{
	struct scan_bits r = { 0, 0 };

	for (int i = 0; i < SCAN_BYTES; i++) {
		unsigned char b = (unsigned char)in[i];
		bool digit = b - (unsigned)'0' < 10;
		bool plain = is_letter(b) || b == '_' ||
			     (digit && !how->words);
		bool other = b >= 0x80 ||
			     (how->words && (digit || b == '-' || b == '\''));

		out[i] = (char)(is_letter(b) && !how->cased ? b | 0x20 : b);
		r.plain |= (uint64_t)plain << i;
		r.other |= (uint64_t)other << i;
	}
	return r;
}

#if defined(__SSE2__) && !defined(VIGIE_PORTABLE)
#include <emmintrin.h>

/* 0xFF in each byte that is one of the n from `first` on. */
static __m128i among(__m128i x, char first, char n)
{
	__m128i low = _mm_set1_epi8((char)(-128 + n));

	x = _mm_sub_epi8(x, _mm_set1_epi8((char)(first - 128)));
	return _mm_cmplt_epi8(x, low);
}

static uint64_t bits_of(__m128i x, int at)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(x) << at;
}

static struct scan_bits scan_block(const struct scan *how, const char *in,
				   char *out)
{
	__m128i small = _mm_set1_epi8(0x20);
	__m128i fold = how->cased ? _mm_setzero_si128() : small;
	__m128i words = _mm_set1_epi8(how->words ? -1 : 0);
	struct scan_bits r = { 0, 0 };

	for (int i = 0; i < SCAN_BYTES; i += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(in + i));
		__m128i letter = among(_mm_or_si128(x, small), 'a', 26);
		__m128i line = _mm_cmpeq_epi8(x, _mm_set1_epi8('_'));
		__m128i digit = among(x, '0', 10);
		__m128i sign = _mm_or_si128(
			_mm_cmpeq_epi8(x, _mm_set1_epi8('-')),
			_mm_cmpeq_epi8(x, _mm_set1_epi8('\'')));
		__m128i plain = _mm_or_si128(_mm_or_si128(letter, line),
					     _mm_andnot_si128(words, digit));
		__m128i other = _mm_and_si128(_mm_or_si128(sign, digit),
					      words);

		_mm_storeu_si128(
			(__m128i *)(out + i),
			_mm_or_si128(x, _mm_and_si128(letter, fold)));
		r.plain |= bits_of(plain, i);
		/* The highest bit of a byte is what movemask takes. */
		r.other |= bits_of(_mm_or_si128(other, x), i);
	}
	return r;
}
#else
static struct scan_bits scan_block(const struct scan *how, const char *in,
				   char *out)
{
	return scan_bytes(how, in, out);
}
#endif

void scan_text(const struct scan *how, struct str s, char *folded,
	       struct scan_bits *bits)
{
	char last[SCAN_BYTES];
	size_t whole = s.n / SCAN_BYTES, rest = s.n % SCAN_BYTES;

	for (size_t i = 0; i < whole; i++)
		bits[i] = scan_block(how, s.p + i * SCAN_BYTES,
				     folded + i * SCAN_BYTES);
	memset(last, ' ', sizeof(last));
	if (rest)
		memcpy(last, s.p + whole * SCAN_BYTES, rest);
	bits[whole] = scan_block(how, last, folded + whole * SCAN_BYTES);
	bits[whole].other |= (uint64_t)1 << rest;
}
