#include "ingest/near_copies.h"

#include "tests/check_main.h"

#define ID_A "0123456789abcdef0123456789abcdef"
#define ID_B "fedcba9876543210fedcba9876543210"
#define ID_C "00000000000000000000000000000001"

static struct near_copies *n;
static char leader[IDENTITY_HEX];
static double like;

static void begin(int64_t window, double similarity)
{
	ck_assert_int_eq(near_copies_new(window, similarity, &n), 0);
}

/* Article number i, of which the first `changed` places are another's. */
static struct minhash article(uint64_t i, int changed)
{
	struct minhash m, other;

	minhash_of_hash(i, &m);
	minhash_of_hash(~i, &other);
	memcpy(m.v, other.v, (size_t)changed * sizeof(*m.v));
	return m;
}

static void add(struct minhash m, const char *of)
{
	near_copies_add(n, &m, of);
}

static const char *found(struct minhash m, const char *id)
{
	return near_copies_find(n, &m, id, leader, &like) ? leader : "none";
}

START_TEST(find_copy_names_its_leader)
{
	begin(1000, 0.35);
	ck_assert_str_eq(found(article(1, 0), ID_B), "none");
	add(article(1, 0), ID_A);
	ck_assert_str_eq(found(article(1, 0), ID_B), ID_A);
	ck_assert_double_eq(like, 1);
	ck_assert_str_eq(found(article(2, 0), ID_B), "none");
	near_copies_free(n);
}
END_TEST

/* 23 of 64 places are 0.359. */
START_TEST(find_similarity_limit)
{
	begin(1000, 0.35);
	add(article(1, 0), ID_A);
	ck_assert_str_eq(found(article(1, 64 - 22), ID_B), "none");
	ck_assert_str_eq(found(article(1, 64 - 23), ID_B), ID_A);
	ck_assert_double_eq(like, 23 / 64.);
	ck_assert_str_eq(found(article(1, 64 - 24), ID_B), ID_A);
	near_copies_free(n);
	begin(1000, 1);
	add(article(1, 0), ID_A);
	ck_assert_str_eq(found(article(1, 1), ID_B), "none");
	ck_assert_str_eq(found(article(1, 0), ID_B), ID_A);
	near_copies_free(n);
}
END_TEST

/* A copy of a copy, which is unlike the first, follows the first. */
START_TEST(find_copy_of_a_copy_names_the_first)
{
	begin(1000, 0.35);
	add(article(1, 0), ID_A);
	add(article(1, 32), ID_A);
	ck_assert_str_eq(found(article(1, 48), ID_C), ID_A);
	ck_assert_double_eq(like, 48 / 64.);
	near_copies_free(n);
}
END_TEST

START_TEST(find_most_alike_wins)
{
	begin(1000, 0.35);
	add(article(1, 0), ID_A);
	add(article(1, 20), ID_B);
	ck_assert_str_eq(found(article(1, 8), ID_C), ID_A);
	ck_assert_str_eq(found(article(1, 16), ID_C), ID_B);
	near_copies_free(n);
}
END_TEST

START_TEST(find_never_names_the_article_itself)
{
	begin(1000, 0.35);
	add(article(1, 0), ID_A);
	ck_assert_str_eq(found(article(1, 4), ID_A), "none");
	add(article(1, 0), ID_A); /* of B, which follows it */
	ck_assert_str_eq(found(article(1, 4), ID_A), "none");
	ck_assert_str_eq(found(article(1, 4), ID_B), ID_A);
	near_copies_free(n);
}
END_TEST

START_TEST(add_past_the_window_forgets_the_oldest)
{
	begin(100, 0.35);
	for (uint64_t i = 0; i < 100; i++)
		add(article(i, 0), ID_A);
	ck_assert_str_eq(found(article(0, 0), ID_B), ID_A);
	add(article(100, 0), ID_B);
	ck_assert_str_eq(found(article(0, 0), ID_B), "none");
	ck_assert_str_eq(found(article(1, 0), ID_B), ID_A);
	ck_assert_str_eq(found(article(100, 0), ID_C), ID_B);
	near_copies_free(n);
}
END_TEST

/* Tables are overwritten; of 32 enough are left. */
START_TEST(find_in_a_full_window_finds_all)
{
	int missed = 0;

	begin(5000, 0.35);
	for (uint64_t i = 0; i < 5000; i++)
		add(article(i, 0), ID_A);
	for (uint64_t i = 0; i < 5000; i++)
		missed += strcmp(found(article(i, 20), ID_B), ID_A) != 0;
	ck_assert_int_le(missed, 2);
	near_copies_free(n);
}
END_TEST

START_TEST(window_of_one_works)
{
	begin(1, 0.35);
	add(article(1, 0), ID_A);
	add(article(2, 0), ID_B);
	ck_assert_str_eq(found(article(1, 0), ID_C), "none");
	ck_assert_str_eq(found(article(2, 0), ID_C), ID_B);
	near_copies_free(n);
	near_copies_free(NULL);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(find_copy_names_its_leader),
		CHECK_TEST(find_similarity_limit),
		CHECK_TEST(find_copy_of_a_copy_names_the_first),
		CHECK_TEST(find_most_alike_wins),
		CHECK_TEST(find_never_names_the_article_itself),
		CHECK_TEST(add_past_the_window_forgets_the_oldest),
		CHECK_TEST(find_in_a_full_window_finds_all),
		CHECK_TEST(window_of_one_works),
		CHECK_END,
	};

	return check_main("near_copies", tests);
}
