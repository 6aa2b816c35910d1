#include "learn/copies.h"

#include <stdlib.h>

#include "tests/check_main.h"

static char block[1 << 20];

static void sign(const char *title, const char *text, uint64_t *out)
{
	struct arena a = { block, block + sizeof(block) };
	struct tokens_settings set = { .min_length = 1, .compounds = true };
	struct tokenizer *t = NULL;
	struct tokens x, y;

	ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
	ck_assert_int_eq(tokens_cut(t, str_of(title), &a, &x), 0);
	ck_assert_int_eq(tokens_cut(t, str_of(text), &a, &y), 0);
	copies_sign(x, y, out);
	tokenizer_free(t);
}

static int same(const uint64_t *x, const uint64_t *y)
{
	int n = 0;

	for (int i = 0; i < COPIES_SIGNATURE; i++)
		n += x[i] == y[i];
	return n;
}

/* Words w0 … of which each k-th is another. */
static const char *text_of(int n, int k)
{
	static char out[4096];
	size_t at = 0;

	for (int i = 0; i < n; i++)
		at += (size_t)snprintf(out + at, sizeof(out) - at, "%s%d ",
				       k && i % k == k - 1 ? "x" : "w", i);
	return out;
}

START_TEST(sign_same_words_are_equal)
{
	uint64_t x[COPIES_SIGNATURE], y[COPIES_SIGNATURE];

	sign("Le cloud souverain", "avance en Europe", x);
	sign("", "LE CLOUD, souverain avance: en Europe!", y);
	ck_assert_int_eq(same(x, y), COPIES_SIGNATURE);
	sign("", "Gaia-X avance", x); /* an extra counts for nothing */
	sign("", "Gaia X avance", y);
	ck_assert_int_eq(same(x, y), COPIES_SIGNATURE);
}
END_TEST

START_TEST(sign_short_texts_are_told_apart)
{
	static const char *const texts[] = { "", "cloud", "europe",
					     "cloud europe", "europe cloud" };
	uint64_t s[5][COPIES_SIGNATURE];

	for (size_t i = 0; i < 5; i++)
		sign("", texts[i], s[i]);
	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < i; j++)
			ck_assert_int_eq(same(s[i], s[j]), 0);
}
END_TEST

/* The part of equal minima estimates the Jaccard similarity: 300 runs in each,
 * of which about k - 3 in k are shared. */
START_TEST(sign_estimates_similarity)
{
	for (int k = 4; k <= 50; k += 23) {
		uint64_t x[COPIES_SIGNATURE], y[COPIES_SIGNATURE];
		double shared = (double)(k - 3) / k, j = shared / (2 - shared);

		sign("", text_of(300, 0), x);
		sign("", text_of(300, k), y);
		ck_assert_double_eq_tol((double)same(x, y) / COPIES_SIGNATURE,
					j, 0.19); /* three deviations */
	}
}
END_TEST

START_TEST(group_near_copies_share_the_first)
{
	uint64_t s[6][COPIES_SIGNATURE], groups[6];

	sign("", text_of(300, 0), s[0]);
	sign("", "nothing of the kind was ever written here by anyone", s[1]);
	sign("", text_of(300, 50), s[2]);
	sign("", text_of(300, 60), s[3]);
	sign("", text_of(300, 2), s[4]);
	sign("", "nothing of the kind was ever written here by anyone", s[5]);
	ck_assert_int_eq(copies_group(s[0], 6, groups), 0);
	ck_assert_uint_eq(groups[0], 0);
	ck_assert_uint_eq(groups[1], 1);
	ck_assert_uint_eq(groups[2], 0);
	ck_assert_uint_eq(groups[3], 0);
	ck_assert_uint_eq(groups[4], 4);
	ck_assert_uint_eq(groups[5], 1);
}
END_TEST

START_TEST(group_none_is_none)
{
	uint64_t groups[1] = { 7 };

	ck_assert_int_eq(copies_group(NULL, 0, groups), 0);
	ck_assert_uint_eq(groups[0], 7);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(sign_same_words_are_equal),
		CHECK_TEST(sign_short_texts_are_told_apart),
		CHECK_TEST(sign_estimates_similarity),
		CHECK_TEST(group_near_copies_share_the_first),
		CHECK_TEST(group_none_is_none),
		CHECK_END,
	};

	return check_main("copies", tests);
}
