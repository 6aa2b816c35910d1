/* test_unicode.c -- UTF-8, Windows-1252 and form C. */
#include "base/unicode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "tests/check_main.h"

static struct arena block;

static void need_arena(void)
{
	if (!block.p)
		ck_assert_int_eq(arena_open(&block, 64 << 20), 0);
}

/* From a copy of its exact size, so that AddressSanitizer sees an overrun. */
static size_t valid(const void *p, size_t n)
{
	char *exact = malloc(n ? n : 1);
	size_t r;

	memcpy(exact, p, n);
	r = unicode_valid((struct str){ exact, n });
	free(exact);
	return r;
}

/* Table 3-7 of the Unicode Standard, a row a line. */
static const unsigned char table[][8] = {
	{ 0xC2, 0xDF, 0x80, 0xBF },
	{ 0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF },
	{ 0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF },
	{ 0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF },
	{ 0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF },
	{ 0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF },
	{ 0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF },
	{ 0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF },
};

/* Is s in the table? Its own words, not those of the code. */
static bool in_table(const unsigned char *s, size_t n)
{
	if (n == 1)
		return s[0] < 0x80;
	for (size_t row = 0; row < sizeof(table) / sizeof(table[0]); row++) {
		const unsigned char *t = table[row];
		size_t len = t[6] ? 4 : t[4] ? 3 : 2, i = 0;

		while (len == n && i < n && s[i] >= t[2 * i] &&
		       s[i] <= t[2 * i + 1])
			i++;
		if (len == n && i == n)
			return true;
	}
	return false;
}

START_TEST(valid_every_pair_of_bytes_agrees_with_the_table)
{
	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++) {
			unsigned char s[2] = { (unsigned char)a,
					       (unsigned char)b };
			size_t want = in_table(s, 2)   ? 2
				      : !in_table(s, 1) ? 0
				      : in_table(s + 1, 1) ? 2
							   : 1;

			ck_assert_uint_eq(valid(s, 2), want);
		}
}
END_TEST

START_TEST(valid_every_boundary_of_table_3_7)
{
	/* every lead with second bytes at and beside each bound, tails too */
	static const unsigned char edge[] = { 0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F,
					      0xA0, 0xBF, 0xC0, 0xFF };
	const size_t n = sizeof(edge);

	for (unsigned lead = 0x80; lead < 256; lead++)
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++) {
				unsigned char s[4] = { (unsigned char)lead,
						       edge[i], edge[j], 0x80 };

				if (!in_table(s, 2))
					ck_assert_uint_eq(valid(s, 3),
							  in_table(s, 3) ? 3 : 0);
				if (in_table(s, 2) || in_table(s, 3))
					continue;
				ck_assert_uint_eq(valid(s, 4),
						  in_table(s, 4) ? 4 : 0);
				s[3] = 0xBF;
				ck_assert_uint_eq(valid(s, 4),
						  in_table(s, 4) ? 4 : 0);
				s[3] = 0xC0;
				ck_assert_uint_eq(valid(s, 4), 0);
				s[3] = 0x7F;
				ck_assert_uint_eq(valid(s, 4), 0);
			}
}
END_TEST

static bool comes_back(uint32_t c)
{
	char s[4];
	size_t n = unicode_encode(c, s), len = 0;

	return n == (c < 0x80 ? 1U : c < 0x800 ? 2U : c < 0x10000 ? 3U : 4U) &&
	       unicode_valid((struct str){ s, n }) == n &&
	       unicode_decode(s, s + n, &len) == c && len == n;
}

START_TEST(valid_every_scalar_value_and_no_other)
{
	/* Each assertion is a message to the parent: not millions of them. */
	for (uint32_t c = 0; c <= 0x10FFFF; c++)
		if ((c < 0xD800 || c >= 0xE000) && !comes_back(c))
			ck_abort_msg("U+%04X", (unsigned int)c);
	/* surrogates and what lies behind the last plane */
	ck_assert_uint_eq(valid("\xed\xa0\x80", 3), 0);
	ck_assert_uint_eq(valid("\xed\xbf\xbf", 3), 0);
	ck_assert_uint_eq(valid("\xf4\x90\x80\x80", 4), 0);
}
END_TEST

START_TEST(valid_cut_at_every_byte_ends_before_the_cut_character)
{
	static const char text[] = "abcdefgh\xc3\xa9-\xe2\x82\xac-"
				   "\xf0\x9f\x98\x80 ijklmnopq";
	static const size_t ends[] = { 8, 8, 10, 11, 11, 11, 14, 15, 15, 15, 15,
				       19 };

	for (size_t n = 0; n <= sizeof(text) - 1; n++)
		ck_assert_uint_eq(valid(text, n), n < 8	  ? n
						  : n < 20 ? ends[n - 8]
							   : n);
	ck_assert_uint_eq(unicode_valid((struct str){ NULL, 0 }), 0);
}
END_TEST

START_TEST(valid_bad_byte_at_every_place_of_ascii_is_found)
{
	char s[40];

	for (size_t at = 0; at < sizeof(s); at++) {
		memset(s, 'a', sizeof(s));
		s[at] = '\xff';
		ck_assert_uint_eq(valid(s, sizeof(s)), at);
	}
}
END_TEST

START_TEST(from_1252_known_characters)
{
	struct arena a;
	struct str out;
	size_t at = 77;

	need_arena();
	a = block;
	ck_assert_int_eq(unicode_from_1252(STR("caf\xe9 \x93\x80\x94 \x9f"), &a,
					   &out, &at),
			 0);
	ck_assert(str_is(out, "café “€” Ÿ"));
	ck_assert_uint_eq(at, 77);
	ck_assert_int_eq(unicode_from_1252((struct str){ NULL, 0 }, &a, &out,
					   &at),
			 0);
	ck_assert_uint_eq(out.n, 0);
	ck_assert_int_eq(unicode_from_1252(STR("a\0b"), &a, &out, &at), 0);
	ck_assert(str_eq(out, STR("a\0b")));
}
END_TEST

START_TEST(from_1252_every_byte_is_defined_but_five)
{
	size_t undefined = 0;

	need_arena();
	for (unsigned byte = 0; byte < 256; byte++) {
		const char s[2] = { 'x', (char)byte };
		struct arena a = block;
		struct str out = { NULL, 0 };
		size_t at = 77;
		int r = unicode_from_1252((struct str){ s, 2 }, &a, &out, &at);
		bool none = byte == 0x81 || byte == 0x8D || byte == 0x8F ||
			    byte == 0x90 || byte == 0x9D;

		ck_assert_int_eq(r, none ? -EILSEQ : 0);
		undefined += none;
		if (none) {
			ck_assert_uint_eq(at, 1);
			ck_assert_ptr_null(out.p);
			continue;
		}
		ck_assert_uint_eq(unicode_valid(out), out.n);
		if (byte < 0x80 || byte >= 0xA0) {
			size_t n;

			ck_assert_uint_eq(unicode_decode(out.p + 1,
							 out.p + out.n, &n),
					  byte);
		}
	}
	ck_assert_uint_eq(undefined, 5);
}
END_TEST

START_TEST(from_1252_without_room_is_enomem)
{
	struct arena small, a;
	struct str out = { "kept", 4 };
	size_t at;

	ck_assert_int_eq(arena_open(&small, 16), 0);
	a = small;
	ck_assert_int_eq(unicode_from_1252(STR("abcdef"), &a, &out, &at),
			 -ENOMEM);
	ck_assert(str_is(out, "kept"));
	arena_close(small);
}
END_TEST

static void nfc_is(const char *from, const char *want)
{
	struct arena a;
	struct str out;

	need_arena();
	a = block;
	ck_assert_int_eq(unicode_nfc(str_of(from), &a, &out), 0);
	ck_assert_msg(str_is(out, want), "'" STR_FMT "' is not '%s'",
		      STR_ARG(out), want);
	/* once more changes nothing, and then nothing is copied */
	ck_assert_int_eq(unicode_nfc(str_of(want), &a, &out), 0);
	ck_assert_ptr_eq(out.p, want);
}

START_TEST(nfc_composes_letters_and_marks)
{
	nfc_is("e\u0301te\u0301", "été");
	nfc_is("A\u030A", "Å");
	nfc_is("\u212B", "Å"); /* Angstrom sign, a singleton */
	nfc_is("o\u0302\u0301", "ố");
	/* excluded from composition: stays taken apart */
	nfc_is("\u0958", "\u0915\u093C");
	nfc_is("\u0344", "\u0308\u0301");
	nfc_is("ﬁ", "ﬁ"); /* compatibility characters are left alone */
}
END_TEST

START_TEST(nfc_orders_marks_by_class_stably)
{
	/* below (220) before above (230), from UAX 15 */
	nfc_is("q\u0307\u0323", "q\u0323\u0307");
	nfc_is("d\u0307\u0323", "\u1E0D\u0307");
	nfc_is("q\u0301\u0300\u0316\u0317", "q\u0316\u0317\u0301\u0300");
}
END_TEST

START_TEST(nfc_composes_hangul)
{
	nfc_is("\u1112\u1161\u11AB\u1100\u1173\u11AF", "한글");
	nfc_is("\u1100\u1161", "가");
	nfc_is("\uAC00\u11A8", "각"); /* LV and T */
	nfc_is("\uD788\u11C2", "\uD7A3"); /* the last syllable */
	nfc_is("가\u11A7", "가\u11A7"); /* T base is no trailing consonant */
}
END_TEST

START_TEST(nfc_text_in_form_is_itself)
{
	static const char *const texts[] = { "", "abc", "déjà vu — « œuvre »",
					     "北京", "😀", "\u02FF", "\u0300" };
	struct arena a;
	struct str out;

	need_arena();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		a = block;
		ck_assert_int_eq(unicode_nfc(str_of(texts[i]), &a, &out), 0);
		ck_assert_ptr_eq(out.p, texts[i]);
		ck_assert_ptr_eq(a.p, block.p);
	}
	ck_assert_int_eq(unicode_nfc((struct str){ NULL, 0 }, &a, &out), 0);
	ck_assert_uint_eq(out.n, 0);
	ck_assert_int_eq(unicode_nfc(STR("e\u0301\0x"), &a, &out), 0);
	ck_assert(str_eq(out, STR("é\0x")));
}
END_TEST

START_TEST(nfc_without_room_is_enomem)
{
	struct arena small, a;
	struct str out = { "kept", 4 };

	ck_assert_int_eq(arena_open(&small, 16), 0);
	a = small;
	/* é twelve times in 24 bytes, and a NUL */
	ck_assert_int_eq(unicode_nfc(STR("e\u0301e\u0301e\u0301e\u0301"
					 "e\u0301e\u0301e\u0301e\u0301"),
				     &a, &out),
			 -ENOMEM);
	ck_assert(str_is(out, "kept"));
	/* seven are 14 bytes and a NUL; eight are one too many */
	ck_assert_int_eq(unicode_nfc(STR("e\u0301e\u0301e\u0301e\u0301"
					 "e\u0301e\u0301e\u0301"),
				     &a, &out),
			 0);
	arena_close(small);
}
END_TEST

/* The marks of one letter in the order of their classes, whatever their
 * number: short runs are inserted, longer than 32 counted. */
START_TEST(nfc_runs_of_marks_at_each_length_are_ordered)
{
	for (size_t pairs = 15; pairs <= 18; pairs++) {
		char from[200] = "q", want[200] = "q";

		for (size_t i = 0; i < pairs; i++)
			strcat(from, "\u0307\u0323");
		for (size_t i = 0; i < pairs; i++)
			strcat(want, "\u0323");
		for (size_t i = 0; i < pairs; i++)
			strcat(want, "\u0307");
		nfc_is(from, want);
	}
}
END_TEST

/* utf8proc_map() would sort these for hours: a poison article. */
START_TEST(nfc_endless_marks_end)
{
	const size_t pairs = 1 << 20;
	char *s = malloc(4 * pairs);
	struct arena a;
	struct str out;

	ck_assert_ptr_nonnull(s);
	for (size_t i = 0; i < pairs; i++)
		memcpy(s + 4 * i, "\u0301\u0316", 4);
	need_arena();
	a = block;
	ck_assert_int_eq(unicode_nfc((struct str){ s, 4 * pairs }, &a, &out), 0);
	ck_assert_uint_eq(out.n, 4 * pairs);
	ck_assert_int_eq(memcmp(out.p, "\u0316\u0316", 4), 0);
	ck_assert_int_eq(memcmp(out.p + out.n - 4, "\u0301\u0301", 4), 0);
	free(s);
}
END_TEST

/* utf8proc itself, for a few characters. */
static void nfc_agrees(const int32_t *c, size_t n)
{
	char from[64];
	utf8proc_uint8_t *want = NULL;
	utf8proc_ssize_t size;
	struct arena a = block;
	struct str out, s = { from, 0 };

	for (size_t i = 0; i < n; i++)
		s.n += unicode_encode((uint32_t)c[i], from + s.n);
	size = utf8proc_map((const utf8proc_uint8_t *)s.p,
			    (utf8proc_ssize_t)s.n, &want,
			    UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	/* each ck_assert() writes to a file: only when it fails */
	if (size <= 0 || unicode_nfc(s, &a, &out) ||
	    !str_eq(out, (struct str){ (char *)want, (size_t)size }))
		ck_abort_msg("U+%04X and what follows", (unsigned int)c[0]);
	free(want);
}

static bool is_scalar(int32_t c)
{
	return c < 0xD800 || c > 0xDFFF;
}

/* Alone, and put together from what it can be taken apart into: so every pair
 * that composes has been met. */
START_TEST(nfc_every_character_and_its_parts_are_as_utf8proc_has_them)
{
	need_arena();
	for (int32_t c = 1; c < 0x110000; c++) {
		int32_t parts[16];
		utf8proc_ssize_t n;
		int boundary = 0;

		if (!is_scalar(c))
			continue;
		nfc_agrees(&c, 1);
		n = utf8proc_decompose_char(c, parts, 16, UTF8PROC_DECOMPOSE |
						    UTF8PROC_STABLE, &boundary);
		if (n > 1)
			nfc_agrees(parts, (size_t)n);
		/* a letter that begins a syllable of two may take a third */
		if (c >= 0xAC00 && c <= 0xD7A3 && n == 2)
			nfc_agrees((int32_t[]){ c, 0x11A8 }, 2);
	}
}
END_TEST

START_TEST(nfc_every_pair_of_marks_is_in_the_order_of_utf8proc)
{
	static int32_t marks[4096];
	size_t n = 0;

	need_arena();
	for (int32_t c = 1; c < 0x110000 && n < 4096; c++)
		if (is_scalar(c) && utf8proc_get_property(c)->combining_class)
			marks[n++] = c;
	ck_assert_uint_gt(n, 800);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			nfc_agrees((int32_t[]){ marks[i], marks[j] }, 2);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(valid_every_pair_of_bytes_agrees_with_the_table),
		CHECK_TEST(valid_every_boundary_of_table_3_7),
		CHECK_TEST(valid_every_scalar_value_and_no_other),
		CHECK_TEST(valid_cut_at_every_byte_ends_before_the_cut_character),
		CHECK_TEST(valid_bad_byte_at_every_place_of_ascii_is_found),
		CHECK_TEST(from_1252_known_characters),
		CHECK_TEST(from_1252_every_byte_is_defined_but_five),
		CHECK_TEST(from_1252_without_room_is_enomem),
		CHECK_TEST(nfc_composes_letters_and_marks),
		CHECK_TEST(nfc_orders_marks_by_class_stably),
		CHECK_TEST(nfc_composes_hangul),
		CHECK_TEST(nfc_text_in_form_is_itself),
		CHECK_TEST(nfc_without_room_is_enomem),
		CHECK_TEST(nfc_runs_of_marks_at_each_length_are_ordered),
		CHECK_TEST(nfc_endless_marks_end),
		CHECK_TEST(
			nfc_every_character_and_its_parts_are_as_utf8proc_has_them),
		CHECK_TEST(
			nfc_every_pair_of_marks_is_in_the_order_of_utf8proc),
		CHECK_END,
	};

	return check_main("unicode", tests);
}
