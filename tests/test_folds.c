#include "learn/folds.h"

#include <stdlib.h>

#include "tests/check_main.h"

enum { DOCS = 300, TOPICS = 3, FOLDS = 5 };

static struct example examples[DOCS];
static unsigned char labels[DOCS][TOPICS];
static uint64_t groups[DOCS];
static struct corpus corpus = { .v = examples, .n = DOCS,
				.topic_count = TOPICS };

/* A rare topic, a common one, one with stances. */
static void make(void)
{
	for (size_t i = 0; i < DOCS; i++) {
		examples[i].labels = labels[i];
		labels[i][0] = i % 30 == 0 ? CORPUS_NO_STANCE : 0;
		labels[i][1] = i % 2 ? CORPUS_NO_STANCE : 0;
		labels[i][2] = i % 4 ? 0 : (unsigned char)(1 + i / 4 % 3);
		groups[i] = i;
	}
}

START_TEST(deal_every_document_once_and_evenly)
{
	uint32_t fold[DOCS], sizes[FOLDS] = { 0 };

	make();
	ck_assert_int_eq(folds_deal(&corpus, groups, FOLDS, 1, fold), 0);
	for (size_t i = 0; i < DOCS; i++) {
		ck_assert_uint_lt(fold[i], FOLDS);
		sizes[fold[i]]++;
	}
	for (size_t f = 0; f < FOLDS; f++) {
		ck_assert_uint_ge(sizes[f], DOCS / FOLDS - 5);
		ck_assert_uint_le(sizes[f], DOCS / FOLDS + 5);
	}
}
END_TEST

START_TEST(deal_labels_evenly)
{
	uint32_t fold[DOCS], n[FOLDS][TOPICS][4] = { 0 };

	make();
	ck_assert_int_eq(folds_deal(&corpus, groups, FOLDS, 1, fold), 0);
	for (size_t i = 0; i < DOCS; i++)
		for (size_t t = 0; t < TOPICS; t++)
			n[fold[i]][t][labels[i][t] == CORPUS_NO_STANCE
					      ? 1
					      : labels[i][t]]++;
	for (size_t f = 0; f < FOLDS; f++) {
		ck_assert_uint_eq(n[f][0][1], 2); /* of ten */
		ck_assert_uint_ge(n[f][1][1], 28); /* of 150 */
		ck_assert_uint_le(n[f][1][1], 32);
		for (size_t s = 1; s <= 3; s++) { /* of 25 each */
			ck_assert_uint_ge(n[f][2][s], 4);
			ck_assert_uint_le(n[f][2][s], 6);
		}
	}
}
END_TEST

START_TEST(deal_groups_never_straddle)
{
	for (uint64_t size = 2; size <= 50; size += 16) {
		uint32_t fold[DOCS];
		size_t straddle = 0;

		make();
		for (size_t i = 0; i < DOCS; i++)
			groups[i] = i * 7 % DOCS / size;
		for (uint64_t seed = 0; seed < 5; seed++) {
			ck_assert_int_eq(folds_deal(&corpus, groups, FOLDS,
						    seed, fold), 0);
			for (size_t i = 0; i < DOCS; i++)
				for (size_t j = 0; j < i; j++)
					straddle += groups[i] == groups[j] &&
						    fold[i] != fold[j];
		}
		ck_assert_uint_eq(straddle, 0);
	}
}
END_TEST

START_TEST(deal_same_seed_gives_the_same)
{
	uint32_t a[DOCS], b[DOCS], c[DOCS];

	make();
	folds_deal(&corpus, groups, FOLDS, 3, a);
	folds_deal(&corpus, groups, FOLDS, 3, b);
	folds_deal(&corpus, groups, FOLDS, 4, c);
	ck_assert_mem_eq(a, b, sizeof(a));
	ck_assert_mem_ne(a, c, sizeof(a));
}
END_TEST

START_TEST(deal_fewer_documents_than_folds)
{
	struct corpus few = { .v = examples, .n = 2, .topic_count = TOPICS };
	uint32_t fold[2];

	make();
	ck_assert_int_eq(folds_deal(&few, groups, 100, 1, fold), 0);
	ck_assert_uint_ne(fold[0], fold[1]);
	ck_assert_uint_lt(fold[0], 100);
	ck_assert_uint_lt(fold[1], 100);
}
END_TEST

START_TEST(by_hand_is_a_fold_a_hand)
{
	uint32_t fold[DOCS];

	make();
	for (size_t i = 0; i < DOCS; i++)
		examples[i].hand = i % 3 ? "anna" : "bert";
	ck_assert_uint_eq(folds_by_hand(&corpus, 64, fold), 2);
	for (size_t i = 0; i < DOCS; i++)
		ck_assert_uint_eq(fold[i], i % 3 != 0);
}
END_TEST

START_TEST(by_hand_wants_two_to_most)
{
	static char names[DOCS][8];
	uint32_t fold[DOCS];

	make();
	for (size_t i = 0; i < DOCS; i++)
		examples[i].hand = "one";
	ck_assert_uint_eq(folds_by_hand(&corpus, 64, fold), 0);
	examples[7].hand = NULL;
	ck_assert_uint_eq(folds_by_hand(&corpus, 64, fold), 0);
	for (size_t n = 63; n <= 65; n++) {
		for (size_t i = 0; i < DOCS; i++) {
			snprintf(names[i], sizeof(names[i]), "h%zu", i % n);
			examples[i].hand = names[i];
		}
		ck_assert_uint_eq(folds_by_hand(&corpus, 64, fold),
				  n <= 64 ? n : 0);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(deal_every_document_once_and_evenly),
		CHECK_TEST(deal_labels_evenly),
		CHECK_TEST(deal_groups_never_straddle),
		CHECK_TEST(deal_same_seed_gives_the_same),
		CHECK_TEST(deal_fewer_documents_than_folds),
		CHECK_TEST(by_hand_is_a_fold_a_hand),
		CHECK_TEST(by_hand_wants_two_to_most),
		CHECK_END,
	};

	return check_main("folds", tests);
}
