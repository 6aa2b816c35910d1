#include "parse/text.h"

#include <errno.h>
#include <string.h>

#include "tests/check_main.h"

static char block[1 << 16];

static void same(struct str got, struct str want)
{
	ck_assert_uint_eq(got.n, want.n);
	ck_assert_mem_eq(got.p, want.p, want.n);
}

static void cleans(struct str from, struct str want)
{
	struct arena a = { block, block + sizeof(block) };
	struct str got = { NULL, 0 };

	ck_assert_int_eq(text_clean(from, &a, &got), 0);
	same(got, want);
}

static void lines(struct str from, struct str want)
{
	struct arena a = { block, block + sizeof(block) };
	struct str got = { NULL, 0 };

	ck_assert_int_eq(text_line(from, &a, &got), 0);
	same(got, want);
}

static void splits(const char *from, const char *date, const char *title,
		   const char *body)
{
	struct text_parts parts;

	text_split(str_of(from), &parts);
	same(parts.date, str_of(date));
	same(parts.title, str_of(title));
	same(parts.body, str_of(body));
}

START_TEST(clean_nothing_is_nothing)
{
	cleans((struct str){ NULL, 0 }, STR(""));
	lines((struct str){ NULL, 0 }, STR(""));
	cleans(STR(""), STR(""));
}
END_TEST

START_TEST(clean_newlines_of_every_kind_become_one)
{
	cleans(STR("a\r\nb\rc\fd\ve\xC2\x85" "f\xE2\x80\xA8g\xE2\x80\xA9h"),
	       STR("a\nb\nc\nd\ne\nf\ng\nh"));
	cleans(STR("a\r\n\r\nb\r\rc"), STR("a\n\nb\n\nc"));
}
END_TEST

START_TEST(clean_controls_are_out)
{
	cleans(STR("a\0b\x01" "c\x1B[1md\x7F" "e\xC2\x80" "f\xC2\x9F"
		   "g\xEF\xBB\xBFh"), STR("abc[1mdefgh"));
	cleans(STR("a\tb"), STR("a\tb"));
}
END_TEST

START_TEST(clean_inner_no_break_space_is_kept)
{
	cleans(STR("\xC2\xAB\xC2\xA0oui\xE2\x80\xAF!"),
	       STR("\xC2\xAB\xC2\xA0oui\xE2\x80\xAF!"));
}
END_TEST

START_TEST(clean_outer_space_is_trimmed)
{
	cleans(STR(" \t\n\xC2\xA0\xE2\x80\x8B\xE3\x80\x80 a b "
		   "\xE2\x80\xAF\xE1\x9A\x80\xE2\x81\x9F\r\n"), STR("a b"));
	cleans(STR(" \xC2\xA0\n"), STR(""));
	cleans(STR(""), STR(""));
}
END_TEST

START_TEST(clean_decomposed_letters_are_composed)
{
	cleans(STR("e\xCC\x81t\x65\xCC\x81"), STR("\xC3\xA9t\xC3\xA9"));
	/* The control between a letter and its accent goes first. */
	cleans(STR("e\x01\xCC\x81"), STR("\xC3\xA9"));
}
END_TEST

START_TEST(clean_small_arena_is_no_memory)
{
	struct arena a = { block, block + 15 };
	struct str got;

	ck_assert_int_eq(text_clean(STR("0123456789abcdef"), &a, &got),
			 -ENOMEM);
	a = (struct arena){ block, block + 15 };
	ck_assert_int_eq(text_line(STR("0123456789abcdef"), &a, &got),
			 -ENOMEM);
}
END_TEST

START_TEST(line_white_space_runs_become_one_space)
{
	lines(STR(" a\r\n\r\n\tb   c\xC2\xA0" "d \n"),
	      STR("a b c\xC2\xA0" "d"));
	lines(STR("\n"), STR(""));
}
END_TEST

START_TEST(split_first_line_is_the_title)
{
	splits("Un titre\nLe texte.", "", "Un titre", "Le texte.");
	splits("Un titre \n\n\n Le texte.", "", "Un titre", "Le texte.");
	splits("\xC3\x89t\xC3\xA9 ?\nA", "", "\xC3\x89t\xC3\xA9 ?", "A");
	splits("5 questions !\nA", "", "5 questions !", "A");
	splits("Et puis\xE2\x80\xA6\nA", "", "Et puis\xE2\x80\xA6", "A");
	splits("Et puis...\nA", "", "Et puis...", "A");
	splits("\xC2\xAB non \xC2\xBB\nA", "", "\xC2\xAB non \xC2\xBB", "A");
}
END_TEST

START_TEST(split_sentence_is_no_title)
{
	splits("Une phrase.\nLe texte.", "", "", "Une phrase.\nLe texte.");
}
END_TEST

START_TEST(split_small_letter_is_no_title)
{
	splits("une suite\nLe texte", "", "", "une suite\nLe texte");
	splits("\xC3\xA9t\xC3\xA9\nA", "", "", "\xC3\xA9t\xC3\xA9\nA");
}
END_TEST

START_TEST(split_lone_line_is_no_title)
{
	splits("Un titre", "", "", "Un titre");
	splits("", "", "", "");
}
END_TEST

/* 199, 200 and 201 characters, of two bytes each but for the first. */
START_TEST(split_title_length_limit)
{
	for (size_t n = TEXT_TITLE_MAX - 1; n <= TEXT_TITLE_MAX + 1; n++) {
		char s[2 * TEXT_TITLE_MAX + 8] = "T", title[sizeof(s)];
		bool fits = n <= TEXT_TITLE_MAX;

		for (size_t i = 1; i < n; i++)
			strcat(s, "\xC3\xA9");
		strcpy(title, s);
		strcat(s, "\nA");
		splits(s, "", fits ? title : "", fits ? "A" : s);
	}
}
END_TEST

START_TEST(split_leading_date_is_cut_off)
{
	splits(" date 2022-11 Orange et Capgemini.", "2022-11", "",
	       "Orange et Capgemini.");
	splits("date 2025-12-24\nUn titre\nLe texte", "2025-12-24", "Un titre",
	       "Le texte");
	splits("  date  2022-11\tA", "2022-11", "", "A");
	splits("date 2022-11", "2022-11", "", "");
}
END_TEST

START_TEST(split_other_date_stays)
{
	splits("date 2022-13 A", "", "", "date 2022-13 A");
	splits("date 2022-11-31 A", "", "", "date 2022-11-31 A");
	splits("date 2022 A", "", "", "date 2022 A");
	splits("date 20221129 A", "", "", "date 20221129 A");
	splits("date 2022-11: A", "", "", "date 2022-11: A");
	splits("dates 2022-11 A", "", "", "dates 2022-11 A");
	splits("La date 2022-11 A", "", "", "La date 2022-11 A");
	splits("date ", "", "", "date");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(clean_nothing_is_nothing),
		CHECK_TEST(clean_newlines_of_every_kind_become_one),
		CHECK_TEST(clean_controls_are_out),
		CHECK_TEST(clean_inner_no_break_space_is_kept),
		CHECK_TEST(clean_outer_space_is_trimmed),
		CHECK_TEST(clean_decomposed_letters_are_composed),
		CHECK_TEST(clean_small_arena_is_no_memory),
		CHECK_TEST(line_white_space_runs_become_one_space),
		CHECK_TEST(split_first_line_is_the_title),
		CHECK_TEST(split_sentence_is_no_title),
		CHECK_TEST(split_small_letter_is_no_title),
		CHECK_TEST(split_lone_line_is_no_title),
		CHECK_TEST(split_title_length_limit),
		CHECK_TEST(split_leading_date_is_cut_off),
		CHECK_TEST(split_other_date_stays),
		CHECK_END,
	};

	return check_main("text", tests);
}
