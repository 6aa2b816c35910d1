/* test_near.c -- "did you mean". */
#include "base/near.h"

#include <stdint.h>
#include <string.h>

#include "tests/check_main.h"

static const char *nearest(const char *typed, const char *a, const char *b)
{
	struct near n;

	near_init(&n, str_of(typed));
	near_offer(&n, a);
	if (b)
		near_offer(&n, b);
	return near_best(&n);
}

START_TEST(best_each_kind_of_slip_costs_one)
{
	ck_assert_str_eq(nearest("outpt", "output", NULL), "output");
	ck_assert_str_eq(nearest("outputs", "output", NULL), "output");
	ck_assert_str_eq(nearest("ouyput", "output", NULL), "output");
	ck_assert_str_eq(nearest("otuput", "output", NULL), "output");
	/* three letters have one slip in them */
	ck_assert_str_eq(nearest("rnu", "run", NULL), "run");
	ck_assert_ptr_null(nearest("nru", "urn", NULL));
}
END_TEST

START_TEST(best_too_far_is_none)
{
	/* 1 + n / 4: four letters bear two slips, seven two, eight three */
	ck_assert_str_eq(nearest("abcd", "abxy", NULL), "abxy");
	ck_assert_ptr_null(nearest("abcd", "axyz", NULL));
	ck_assert_ptr_null(nearest("abcdefg", "abcdxyz", NULL));
	ck_assert_str_eq(nearest("abcdefgh", "abcdexyz", NULL), "abcdexyz");
	ck_assert_ptr_null(nearest("abcdefgh", "abcdwxyz", NULL));
}
END_TEST

START_TEST(best_word_that_shares_no_letter_is_none)
{
	ck_assert_ptr_null(nearest("x", "n", NULL));
	ck_assert_ptr_null(nearest("", "n", NULL));
	ck_assert_ptr_null(nearest("", "", NULL));
	ck_assert_str_eq(nearest("no", "on", NULL), "on");
}
END_TEST

START_TEST(best_of_several_is_the_nearest_and_the_first)
{
	ck_assert_str_eq(nearest("sourc", "source", "sources"), "source");
	ck_assert_str_eq(nearest("sourcs", "source", "sources"), "source");
	ck_assert_str_eq(nearest("sources", "source", "sources"), "sources");
}
END_TEST

START_TEST(best_without_offers_is_none)
{
	struct near n;

	near_init(&n, STR("abc"));
	ck_assert_ptr_null(near_best(&n));
	near_init(&n, (struct str){ NULL, 0 });
	near_offer(&n, "abc");
	ck_assert_ptr_null(near_best(&n));
}
END_TEST

START_TEST(offer_words_of_64_letters_are_compared_and_65_not)
{
	char typed[66], word[66];

	for (size_t n = 63; n <= 65; n++) {
		memset(typed, 'a', n);
		memset(word, 'a', n);
		typed[n] = word[n] = '\0';
		word[n / 2] = 'b';
		if (n <= 64)
			ck_assert_str_eq(nearest(typed, word, NULL), word);
		else
			ck_assert_ptr_null(nearest(typed, word, NULL));
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(best_each_kind_of_slip_costs_one),
		CHECK_TEST(best_too_far_is_none),
		CHECK_TEST(best_word_that_shares_no_letter_is_none),
		CHECK_TEST(best_of_several_is_the_nearest_and_the_first),
		CHECK_TEST(best_without_offers_is_none),
		CHECK_TEST(offer_words_of_64_letters_are_compared_and_65_not),
		CHECK_END,
	};

	return check_main("near", tests);
}
