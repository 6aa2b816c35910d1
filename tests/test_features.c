#include "classify/features.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check_main.h"

static char block[1 << 20];

static struct tokens words(const char *text, struct arena *a)
{
	struct tokens_settings set = { .min_length = 1, .compounds = true };
	struct tokenizer *t = NULL;
	struct tokens k;

	ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
	ck_assert_int_eq(tokens_cut(t, str_of(text), a, &k), 0);
	tokenizer_free(t);
	return k;
}

static struct features_settings grams(int64_t words_lo, int64_t words_hi,
				      int64_t chars_lo, int64_t chars_hi)
{
	return (struct features_settings){ { { words_lo, words_hi },
					     { chars_lo, chars_hi } } };
}

/* The names of the terms of a text, '|' between them. */
static const char *list(struct features_settings set, const char *text)
{
	static char out[8192];
	struct arena a = { block, block + sizeof(block) };
	struct tokens k = words(text, &a);
	struct occurrences all;
	struct buf b;

	buf_init(&b, sizeof(out) - 1);
	ck_assert_int_eq(features_list(&set, k, &a, &all), 0);
	for (size_t i = 0; i < all.n; i++) {
		if (i)
			buf_add_char(&b, '|');
		features_name(&all.v[i], k, &b);
		ck_assert_uint_le(all.v[i].first, all.v[i].last);
		ck_assert_uint_lt(all.v[i].last, k.n);
	}
	ck_assert_int_eq(buf_error(&b), 0);
	snprintf(out, sizeof(out), STR_FMT, STR_ARG(buf_view(&b)));
	buf_done(&b);
	return out;
}

START_TEST(list_word_grams)
{
	ck_assert_str_eq(list(grams(1, 1, 0, 0), "a b a"), "a|b|a");
	ck_assert_str_eq(list(grams(1, 2, 0, 0), "a b c"), "a|a b|b|b c|c");
	ck_assert_str_eq(list(grams(2, 3, 0, 0), "a b c d"),
			 "a b|a b c|b c|b c d|c d");
	ck_assert_str_eq(list(grams(3, 3, 0, 0), "a b"), "");
	ck_assert_str_eq(list(grams(1, 2, 0, 0), ""), "");
}
END_TEST

START_TEST(list_extras_stand_outside_the_sequence)
{
	ck_assert_str_eq(list(grams(1, 2, 0, 0), "le Gaia-X va"),
			 "le|le gaia|gaia|gaia x|x|x va|gaia-x|va");
	ck_assert_str_eq(list(grams(2, 2, 0, 0), "S3NS va"), "s3ns va");
	ck_assert_str_eq(list(grams(1, 3, 0, 0), "S3NS"), "s3ns|ns");
}
END_TEST

START_TEST(list_char_grams_are_those_of_char_wb)
{
	ck_assert_str_eq(list(grams(0, 0, 3, 4), "gaia"),
			 " ga|gai|aia|ia | gai|gaia|aia ");
	ck_assert_str_eq(list(grams(0, 0, 3, 3), "été"), " ét|été|té ");
	/* A word shorter than n counts once. */
	ck_assert_str_eq(list(grams(0, 0, 3, 5), "à le"), " à | le|le | le ");
	ck_assert_str_eq(list(grams(0, 0, 1, 1), "ab"), " |a|b| ");
	ck_assert_str_eq(list(grams(0, 0, 16, 16), "x"), " x ");
}
END_TEST

START_TEST(list_char_grams_leave_extras_out)
{
	ck_assert_str_eq(list(grams(0, 0, 4, 4), "ab-cd"), " ab | cd ");
}
END_TEST

START_TEST(list_longest_word_has_its_grams)
{
	char text[TOKENS_WORD_MAX + 1] = "";
	struct arena a = { block, block + sizeof(block) };
	struct features_settings set = grams(0, 0, 3, 3);
	struct occurrences all;
	struct tokens k;

	memset(text, 'a', TOKENS_WORD_MAX);
	k = words(text, &a);
	ck_assert_int_eq(features_list(&set, k, &a, &all), 0);
	ck_assert_uint_eq(all.n, TOKENS_WORD_MAX);
	ck_assert_uint_eq(all.v[1].hash, all.v[TOKENS_WORD_MAX - 2].hash);
	ck_assert_uint_ne(all.v[0].hash, all.v[1].hash);
}
END_TEST

/* Equal names in one block have equal hashes, all others differ. */
START_TEST(list_hash_is_of_block_and_name)
{
	struct arena a = { block, block + sizeof(block) };
	struct features_settings set = grams(1, 2, 1, 4);
	struct tokens k = words("a b a b ab ba a-b abba S3NS été", &a);
	struct occurrences all;
	struct buf x, y;

	ck_assert_int_eq(features_list(&set, k, &a, &all), 0);
	buf_init(&x, 4096);
	buf_init(&y, 4096);
	for (size_t i = 0; i < all.n; i++)
		for (size_t j = 0; j < all.n; j++) {
			buf_clear(&x);
			buf_clear(&y);
			features_name(&all.v[i], k, &x);
			features_name(&all.v[j], k, &y);
			ck_assert_int_eq(all.v[i].hash == all.v[j].hash,
					 all.v[i].block == all.v[j].block &&
						 str_eq(buf_view(&x),
							buf_view(&y)));
		}
	buf_done(&x);
	buf_done(&y);
}
END_TEST

START_TEST(list_occurrence_knows_its_words)
{
	struct arena a = { block, block + sizeof(block) };
	struct features_settings set = grams(2, 2, 0, 0);
	struct tokens k = words("le Gaia-X va", &a);
	struct occurrences all;

	ck_assert_int_eq(features_list(&set, k, &a, &all), 0);
	ck_assert_uint_eq(all.n, 3);
	/* x va: over the extra between them. */
	ck_assert_uint_eq(all.v[2].first, 2);
	ck_assert_uint_eq(all.v[2].last, 4);
	ck_assert_uint_eq(all.v[2].words, 2);
}
END_TEST

START_TEST(list_arena_too_small_is_out_of_memory)
{
	struct features_settings set = grams(1, 2, 3, 5);
	struct arena a = { block, block + sizeof(block) };
	struct tokens k = words("le cloud Gaia-X", &a);
	size_t size = 0;
	int r;

	do {
		char *exact = malloc(size + 1);
		struct arena small = { exact, exact + size };
		struct occurrences all;

		r = features_list(&set, k, &small, &all);
		ck_assert(r == 0 || r == -ENOMEM);
		free(exact);
		ck_assert_uint_lt(++size, 1 << 16);
	} while (r);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(list_word_grams),
		CHECK_TEST(list_extras_stand_outside_the_sequence),
		CHECK_TEST(list_char_grams_are_those_of_char_wb),
		CHECK_TEST(list_char_grams_leave_extras_out),
		CHECK_TEST(list_longest_word_has_its_grams),
		CHECK_TEST(list_hash_is_of_block_and_name),
		CHECK_TEST(list_occurrence_knows_its_words),
		CHECK_TEST(list_arena_too_small_is_out_of_memory),
		CHECK_END,
	};

	return check_main("features", tests);
}
