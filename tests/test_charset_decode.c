#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parse/charset_parts.h"
#include "tests/check_main.h"

static struct arena block;
static struct charset got;

/* Of a copy of exactly the size, so that ASan sees a read past its end. */
static void decode(struct str bytes, const char *type)
{
	char *p = malloc(bytes.n + !bytes.n);
	struct arena a;

	memcpy(p, bytes.p, bytes.n);
	if (!block.p)
		ck_assert_int_eq(arena_open(&block, 1 << 20), 0);
	a = block;
	ck_assert_int_eq(charset_decode((struct str){ p, bytes.n }, type, &a,
					&got), 0);
	got.text = arena_copy(&a, got.text);
	free(p);
}

static void is(struct str bytes, const char *type, const char *name,
	       struct str text)
{
	decode(bytes, type);
	ck_assert_str_eq(got.name, name);
	ck_assert_uint_eq(got.text.n, text.n);
	ck_assert_mem_eq(got.text.p, text.p, text.n);
}

START_TEST(decode_mark_says_which)
{
	is(STR("\xEF\xBB\xBF\xC3\xA9"), NULL, "utf-8", STR("\xC3\xA9"));
	is(STR("\xFF\xFE\xE9\0"), NULL, "utf-16le", STR("\xC3\xA9"));
	is(STR("\xFE\xFF\0\xE9"), NULL, "utf-16be", STR("\xC3\xA9"));
	is(STR("\xFF\xFE\0\0\xE9\0\0\0"), NULL, "utf-32le", STR("\xC3\xA9"));
	is(STR("\0\0\xFE\xFF\0\0\0\xE9"), NULL, "utf-32be", STR("\xC3\xA9"));
	is(STR("\xEF\xBB\xBF"), NULL, "utf-8", STR(""));
	is(STR("\xFE\xFF"), "text/html; charset=koi8-r", "utf-16be", STR(""));
}
END_TEST

START_TEST(decode_half_pairs_are_lost)
{
	is(STR("\xFE\xFF\xD8\x3D\xDE\x00\xD8\x3D\0a"), NULL, "utf-16be",
	   STR("\xF0\x9F\x98\x80\xEF\xBF\xBD" "a"));
	ck_assert_uint_eq(got.lost, 1);
	is(STR("\xFF\xFE" "a\0b"), NULL, "utf-16le", STR("a\xEF\xBF\xBD"));
	is(STR("\xFF\xFE\0\0\0\0\x11\0"), NULL, "utf-32le",
	   STR("\xEF\xBF\xBD"));
	ck_assert_uint_eq(got.lost, 1);
}
END_TEST

START_TEST(decode_wide_without_a_mark_by_its_zeros)
{
	is(STR("\0<\0?\0x\0m\0l"), NULL, "utf-16be", STR("<?xml"));
	is(STR("<\0?\0x\0m\0l\0"), NULL, "utf-16le", STR("<?xml"));
	is(STR("\0\0\0<\0\0\0x\0\0\0>"), NULL, "utf-32be", STR("<x>"));
	is(STR("<\0\0\0x\0\0\0>\0\0\0"), NULL, "utf-32le", STR("<x>"));
}
END_TEST

START_TEST(decode_utf8_goes_before_the_label)
{
	is(STR("d\xC3\xA9j\xC3\xA0 vu"), "text/html; charset=iso-8859-1",
	   "utf-8", STR("d\xC3\xA9j\xC3\xA0 vu"));
	is(STR(""), NULL, "utf-8", STR(""));
}
END_TEST

START_TEST(decode_utf8_cut_or_nearly_is_utf8)
{
	is(STR("\xC3\xA9t\xC3"), NULL, "utf-8",
	   STR("\xC3\xA9t\xEF\xBF\xBD"));
	is(STR("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
	       "\xC3\xA9\xC3\xA9\xC3\xA9 \xE9 "), NULL, "utf-8",
	   STR("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
	       "\xC3\xA9\xC3\xA9\xC3\xA9 \xEF\xBF\xBD "));
	ck_assert_uint_eq(got.lost, 1);
	is(STR("\xC3\xA9 \xE9 "), "text/html; charset=utf-8", "utf-8",
	   STR("\xC3\xA9 \xEF\xBF\xBD "));
	is(STR("caf\xE9"), NULL, "windows-1252", STR("caf\xC3\xA9"));
	is(STR("caf\xE9 fort\xE9 l\xE0"), "text/html; charset=utf-8",
	   "windows-1252", STR("caf\xC3\xA9 fort\xC3\xA9 l\xC3\xA0"));
}
END_TEST

START_TEST(decode_labels_are_read_as_browsers_do)
{
	is(STR("l\x92\xE9t\xE9"), "text/html;charset=ISO-8859-1",
	   "iso-8859-1", STR("l\xE2\x80\x99\xC3\xA9t\xC3\xA9"));
	is(STR("\xA4 \xBD"), "text/html; charset='iso-8859-15'",
	   "iso-8859-15", STR("\xE2\x82\xAC \xC5\x93"));
	is(STR("\xD6\xD0\xB9\xFA"), "text/html; charset=\"gb2312\"",
	   "gb18030", STR("\xE4\xB8\xAD\xE5\x9B\xBD"));
	is(STR("\xD0\xC9\xD7\xCF"), "text/html; charset= KOI8-R ; q=1",
	   "koi8-r", STR("\xD0\xBF\xD0\xB8\xD0\xB2\xD0\xBE"));
	is(STR("\xFEi\xFE"), "text/html; charset=iso-8859-9", "iso-8859-9",
	   STR("\xC5\x9Fi\xC5\x9F"));
}
END_TEST

START_TEST(decode_label_of_declaration_and_meta)
{
	is(STR("<?xml version='1.0' encoding='windows-1251'?>\xEF\xE8"), NULL,
	   "windows-1251",
	   STR("<?xml version='1.0' encoding='windows-1251'?>"
	       "\xD0\xBF\xD0\xB8"));
	is(STR(" \n<?xml encoding=\"koi8-r\"?>\xD0\xC9"), "text/xml",
	   "koi8-r",
	   STR(" \n<?xml encoding=\"koi8-r\"?>\xD0\xBF\xD0\xB8"));
	is(STR("<META CharSet=koi8-r>\xD0\xC9"), NULL, "koi8-r",
	   STR("<META CharSet=koi8-r>\xD0\xBF\xD0\xB8"));
	is(STR("<meta name=a><meta http-equiv=x content=\"text/html; "
	       "charset=koi8-r\">\xD0\xC9"), NULL, "koi8-r",
	   STR("<meta name=a><meta http-equiv=x content=\"text/html; "
	       "charset=koi8-r\">\xD0\xBF\xD0\xB8"));
}
END_TEST

START_TEST(label_meta_at_the_limit_and_behind)
{
	static const struct str meta = { "<meta charset=koi8-r>", 21 };
	char s[CHARSET_LOOK + 64];

	for (size_t at = CHARSET_LOOK - 22; at <= CHARSET_LOOK; at += 11) {
		memset(s, ' ', sizeof(s));
		memcpy(s + at, meta.p, meta.n);
		ck_assert_uint_eq(
			charset_label((struct str){ s, sizeof(s) }, NULL).n,
			at == CHARSET_LOOK - 22 ? 6 : 0);
	}
}
END_TEST

START_TEST(label_http_goes_first_unless_unknown)
{
	struct str page = STR("<meta charset=koi8-r>");

	ck_assert(str_is(charset_label(page, "text/html;charset=big5"),
			 "big5"));
	ck_assert(str_is(charset_label(page, "text/html;charset=x-none"),
			 "koi8-r"));
	ck_assert(str_is(charset_label(page, "text/html;charset="), "koi8-r"));
}
END_TEST

START_TEST(by_label_unknown_and_unwanted_are_none)
{
	static const char *const bad[] = {
		"", " ", "utf-7", "iso-2022-cn", "../../tmp/x", "UTF-8//IGNORE",
		"utf-8\0x", "replacement", "hz-gb-2312", "ebcdic-us",
		"0123456789012345678901234567890123456789",
	};
	const char *name;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad) - 1; i++)
		if (i != 6)
			ck_assert_int_eq(charset_by_label(str_of(bad[i]),
							  &name),
					 CHARSET_NONE);
	ck_assert_int_eq(charset_by_label(STR("utf-8\0x"), &name),
			 CHARSET_NONE);
	ck_assert_int_eq(charset_by_label(STR(" UTF-8\n"), &name),
			 CHARSET_UTF8);
}
END_TEST

START_TEST(open_every_charset_has_a_converter)
{
	for (int id = 0; charset_name(id); id++)
		ck_assert_msg(charset_open(id), "%s", charset_name(id));
	ck_assert_ptr_null(charset_name(CHARSET_NONE));
}
END_TEST

START_TEST(decode_label_that_does_not_fit_is_passed_over)
{
	/* 0x92 is a control character in iso-8859-2, and a quote at home. */
	is(STR("l\x92\xE9t\xE9 s\x92" "en va"),
	   "text/html; charset=iso-8859-2", "windows-1252",
	   STR("l\xE2\x80\x99\xC3\xA9t\xC3\xA9 s\xE2\x80\x99" "en va"));
	is(STR("caf\xE9 noir"), "text/html; charset=utf-16", "windows-1252",
	   STR("caf\xC3\xA9 noir"));
}
END_TEST

START_TEST(decode_ascii_bears_the_name_that_was_declared)
{
	is(STR("plain"), NULL, "utf-8", STR("plain"));
	is(STR("plain"), "text/html; charset=latin1", "iso-8859-1",
	   STR("plain"));
	is(STR("<?xml encoding='koi8-r'?>"), "application/xml", "koi8-r",
	   STR("<?xml encoding='koi8-r'?>"));
	is(STR("<?xml encoding='koi8-r'?>"), "text/xml", "us-ascii",
	   STR("<?xml encoding='koi8-r'?>"));
	is(STR("<a/>"), "text/atom+xml;charset=utf-8", "utf-8", STR("<a/>"));
}
END_TEST

/* "В начале было слово, и слово было у Бога." in three charsets. */
START_TEST(decode_cyrillic_is_guessed)
{
	is(STR("\xC2 \xED\xE0\xF7\xE0\xEB\xE5 \xE1\xFB\xEB\xEE "
	       "\xF1\xEB\xEE\xE2\xEE, \xE8 \xF1\xEB\xEE\xE2\xEE "
	       "\xE1\xFB\xEB\xEE \xF3 \xC1\xEE\xE3\xE0."), NULL,
	   "windows-1251",
	   STR("В начале было слово, и слово было у Бога."));
	is(STR("\xF7 \xCE\xC1\xDE\xC1\xCC\xC5 \xC2\xD9\xCC\xCF "
	       "\xD3\xCC\xCF\xD7\xCF, \xC9 \xD3\xCC\xCF\xD7\xCF "
	       "\xC2\xD9\xCC\xCF \xD5 \xE2\xCF\xC7\xC1."), NULL, "koi8-r",
	   STR("В начале было слово, и слово было у Бога."));
}
END_TEST

START_TEST(decode_western_is_never_from_elsewhere)
{
	static const char *const texts[] = {
		"Cl\xF4ture de la bourse : l'\xE9nergie tir\xE9" "e vers le "
		"bas, \xE0 la veille d'un congr\xE8s tr\xE8s attendu o\xF9 "
		"l'on d\xE9" "battra \xAB de tout \xBB",
		"Die Gr\xF6\xDF" "e der \xC4nderungen \xFC" "berrascht die "
		"M\xE4rkte; gro\xDF" "e H\xE4user k\xFCrzen",
		"\xBFQui\xE9n ma\xF1" "ana? El ni\xF1o corri\xF3 hacia "
		"all\xED, se\xF1" "or. \xA1Qu\xE9 l\xE1stima!",
		"A p\xE2tisserie in Zo\xEB's na\xEFve caf\xE9, \xA3" "3 a slice",
		"Na \xE1gua, as na\xE7\xF5" "es n\xE3o t\xEAm raz\xF5" "es",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		decode(str_of(texts[i]), NULL);
		ck_assert_str_eq(got.name, "windows-1252");
		ck_assert_uint_eq(got.lost, 0);
	}
}
END_TEST

START_TEST(decode_latin9_by_its_euro_and_its_oe)
{
	is(STR("12 \xA4"), NULL, "iso-8859-15", STR("12 \xE2\x82\xAC"));
	is(STR("c\xBDur"), NULL, "iso-8859-15", STR("c\xC5\x93ur"));
	is(STR("2\xBDh"), NULL, "windows-1252", STR("2\xC2\xBDh"));
	is(STR("12 \xA4 l\x92\xE9"), NULL, "windows-1252",
	   STR("12 \xC2\xA4 l\xE2\x80\x99\xC3\xA9"));
}
END_TEST

START_TEST(decode_undefined_bytes_are_lost)
{
	is(STR("caf\xE9 \x81."), NULL, "windows-1252",
	   STR("caf\xC3\xA9 \xEF\xBF\xBD."));
	ck_assert_uint_eq(got.lost, 1);
}
END_TEST

START_TEST(decode_nuls_are_left_out)
{
	is(STR("a\0b\0\0 and a long text that is no UTF-16 for it, or so"),
	   NULL, "utf-8",
	   STR("ab and a long text that is no UTF-16 for it, or so"));
	ck_assert_uint_eq(got.lost, 3);
	is(STR("\0\0\0"), NULL, "utf-8", STR(""));
	is(STR("\xFE\xFF\0\0\0a\0\0"), NULL, "utf-16be", STR("a"));
}
END_TEST

START_TEST(decode_twice_encoded_is_undone)
{
	is(STR("d\xC3\x83\xC2\xA9j\xC3\x83\xC2\xA0"), NULL, "utf-8",
	   STR("d\xC3\xA9j\xC3\xA0"));
	is(STR("l\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2\x65"), NULL, "utf-8",
	   STR("l\xE2\x80\x99" "e"));
	/* One letter that is right: the text speaks of the mistake. */
	is(STR("\xC3\x83\xC2\xA9 for \xC3\xA9"), NULL, "utf-8",
	   STR("\xC3\x83\xC2\xA9 for \xC3\xA9"));
	is(STR("\xC3\x83\xC2\xA9 \xE4\xB8\xAD"), NULL, "utf-8",
	   STR("\xC3\x83\xC2\xA9 \xE4\xB8\xAD"));
}
END_TEST

START_TEST(decode_iso2022_is_switched_by_escapes)
{
	is(STR("\x1B$B%K%e!<%9$r$*FI$_$/$@$5$$!#\x1B(B\n"),
	   "text/html; charset=iso-2022-jp", "iso-2022-jp",
	   STR("ニュースをお読みください。\n"));
	is(STR("one \x1B[1m bold"), NULL, "utf-8", STR("one \x1B[1m bold"));
}
END_TEST

START_TEST(decode_small_arena_is_no_memory)
{
	char room[64];
	struct arena small = { room, room + sizeof(room) };

	ck_assert_int_eq(charset_decode(STR("\xE9 \xE9"), NULL, &small, &got),
			 -ENOMEM);
}
END_TEST

START_TEST(decode_large_garbage_is_linear)
{
	enum { N = 4 << 20 };
	char *p = malloc(N);
	struct arena a, whole;

	for (size_t i = 0; i < N; i++)
		p[i] = (char)(i * i >> 7);
	ck_assert_int_eq(arena_open(&whole, 32 << 20), 0);
	a = whole;
	ck_assert_int_eq(charset_decode((struct str){ p, N },
					"x; charset=gb18030", &a, &got), 0);
	ck_assert_uint_ge(got.text.n, N / 3);
	arena_close(whole);
	free(p);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(decode_mark_says_which),
		CHECK_TEST(decode_half_pairs_are_lost),
		CHECK_TEST(decode_wide_without_a_mark_by_its_zeros),
		CHECK_TEST(decode_utf8_goes_before_the_label),
		CHECK_TEST(decode_utf8_cut_or_nearly_is_utf8),
		CHECK_TEST(decode_labels_are_read_as_browsers_do),
		CHECK_TEST(decode_label_of_declaration_and_meta),
		CHECK_TEST(label_meta_at_the_limit_and_behind),
		CHECK_TEST(label_http_goes_first_unless_unknown),
		CHECK_TEST(by_label_unknown_and_unwanted_are_none),
		CHECK_TEST(open_every_charset_has_a_converter),
		CHECK_TEST(decode_label_that_does_not_fit_is_passed_over),
		CHECK_TEST(decode_ascii_bears_the_name_that_was_declared),
		CHECK_TEST(decode_cyrillic_is_guessed),
		CHECK_TEST(decode_western_is_never_from_elsewhere),
		CHECK_TEST(decode_latin9_by_its_euro_and_its_oe),
		CHECK_TEST(decode_undefined_bytes_are_lost),
		CHECK_TEST(decode_nuls_are_left_out),
		CHECK_TEST(decode_twice_encoded_is_undone),
		CHECK_TEST(decode_iso2022_is_switched_by_escapes),
		CHECK_TEST(decode_small_arena_is_no_memory),
		CHECK_TEST(decode_large_garbage_is_linear),
		CHECK_END,
	};

	return check_main("charset_decode", tests);
}
