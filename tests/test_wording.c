#include "ingest/wording.h"

#include "tests/check_main.h"

/* The words of both are the same. */
static bool same(const char *a, const char *b)
{
	struct wording v, w;
	uint64_t x, y;
	bool more, other;

	wording_begin(&v, str_of(a));
	wording_begin(&w, str_of(b));
	do {
		more = wording_next(&v, &x);
		other = wording_next(&w, &y);
		if (more != other || (more && x != y))
			return false;
	} while (more);
	return true;
}

static int count(const char *text)
{
	struct wording w;
	uint64_t x;
	int n = 0;

	wording_begin(&w, str_of(text));
	while (wording_next(&w, &x))
		n++;
	return n;
}

START_TEST(next_case_blanks_and_punctuation_do_not_count)
{
	ck_assert(same("L'Été, 2024 !", "  l\xE2\x80\x99\xC3\xA9t\xC3\xA9\n2024"));
	ck_assert(same("\xC2\xAB Oui \xC2\xBB", "\"oui\""));
	ck_assert(same("Gaia-X", "gaia x"));
	ck_assert(same("", " ... \xE2\x80\x94 "));
	ck_assert(same("\xC3\x89T\xC3\x89", "\xC3\xA9t\xC3\xA9"));
}
END_TEST

START_TEST(next_letters_and_digits_count)
{
	ck_assert(!same("a b", "b a"));
	ck_assert(!same("ab", "a b"));
	ck_assert(!same("2024", "2025"));
	ck_assert(!same("ete", "\xC3\xA9t\xC3\xA9"));
	ck_assert(!same("a", "a a"));
	ck_assert(!same("\xCE\xB1", "\xCE\xB2"));
}
END_TEST

START_TEST(next_soft_hyphens_and_joiners_are_nothing)
{
	ck_assert(same("souve\xC2\xADrain", "souverain"));
	ck_assert(same("a\xE2\x80\x8D", "a"));
	ck_assert(same("\xEF\xBB\xBF" "a", "a"));
}
END_TEST

START_TEST(next_script_without_blanks_has_a_word_a_character)
{
	ck_assert_int_eq(count("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"), 3);
	ck_assert_int_eq(count("S3NS\xE6\x97\xA5\xE6\x9C\xAC" "ab"), 4);
	ck_assert_int_eq(count("a1 b-c d\xC3\xA9j\xC3\xA0"), 4);
	ck_assert_int_eq(count(""), 0);
}
END_TEST

/* They are remembered: another number is another word. */
START_TEST(next_numbers_are_for_ever)
{
	struct wording w;
	uint64_t x;

	wording_begin(&w, STR("The \xC3\x89t\xC3\xA9 \xE6\x97\xA5"));
	ck_assert(wording_next(&w, &x));
	ck_assert_uint_eq(x, 0xCB3FF435B889FB31u);
	ck_assert(wording_next(&w, &x));
	ck_assert_uint_eq(x, 0x8B8A8C60A097BA91u);
	ck_assert(wording_next(&w, &x));
	ck_assert_uint_eq(x, 0x35D2D22C0CB14CD0u);
	ck_assert(!wording_next(&w, &x));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_case_blanks_and_punctuation_do_not_count),
		CHECK_TEST(next_letters_and_digits_count),
		CHECK_TEST(next_soft_hyphens_and_joiners_are_nothing),
		CHECK_TEST(next_script_without_blanks_has_a_word_a_character),
		CHECK_TEST(next_numbers_are_for_ever),
		CHECK_END,
	};

	return check_main("wording", tests);
}
