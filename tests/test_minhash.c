#include "ingest/minhash.h"

#include "tests/check_main.h"

/* "w0 w1 w2 …", n words, each parted from the next by `gap`. */
static struct str words(int n, const char *gap)
{
	static char text[1 << 16];
	size_t at = 0;

	text[0] = '\0';
	for (int i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%sw%d",
				       i ? gap : "", i);
	return (struct str){ text, at };
}

/* Computed in another language, from what the headers say. Journals hold
 * signatures: whatever gives another one breaks them. */
START_TEST(of_gives_the_same_on_any_machine)
{
	static const uint32_t want[MINHASH_SIZE] = {
		0x047FFD87, 0x003056EA, 0x005CEA6F, 0x01E2E223, 0x0019B9BA,
		0x003166EE, 0x0041E2A8, 0x0061041C, 0x000F7EAB, 0x00409B77,
		0x009AE608, 0x00012BBA, 0x02B7CDB7, 0x0005730A, 0x00CF185B,
		0x002702A2, 0x00C89595, 0x008681EE, 0x0139C714, 0x0154591C,
		0x01A9F5CC, 0x00BE76D9, 0x0038C33C, 0x002BFC67, 0x00219152,
		0x0015DB8A, 0x012E87C9, 0x0019B22E, 0x005F6E04, 0x01FE52F8,
		0x0053E604, 0x004CFBD0, 0x013DDAEF, 0x0050B610, 0x007E8C8C,
		0x00DF1FF9, 0x02906202, 0x002FEC59, 0x02BCD823, 0x000831DF,
		0x003D6789, 0x0056D921, 0x02776CA3, 0x00235E30, 0x022638C2,
		0x0046BC2E, 0x002B0CFF, 0x01128198, 0x00D242F9, 0x00325D4B,
		0x0021174F, 0x00193429, 0x01C93A99, 0x026D81F1, 0x00D2B4F0,
		0x00225288, 0x016656B1, 0x00D3498F, 0x010909A5, 0x004C9F0A,
		0x00F75B7F, 0x01014337, 0x003B7105, 0x01C24A08,
	};
	struct minhash m;

	ck_assert(minhash_of(words(300, " "), &m));
	for (int i = 0; i < MINHASH_SIZE; i++)
		ck_assert_uint_eq(m.v[i], want[i]);
}
END_TEST

START_TEST(of_only_words_count)
{
	struct minhash a, b;

	ck_assert(minhash_of(words(200, " "), &a));
	ck_assert(minhash_of(words(200, ",\n W"), &b));
	ck_assert_double_lt(minhash_similarity(&a, &b), 0.1);
	ck_assert(minhash_of(words(200, " \xC2\xBB\n- "), &b));
	ck_assert_double_eq(minhash_similarity(&a, &b), 1);
}
END_TEST

START_TEST(of_few_words_says_so)
{
	struct minhash m;

	for (int n = 0; n <= 3; n++)
		ck_assert(!minhash_of(words(n, " "), &m));
	ck_assert(!minhash_of(words(MINHASH_WORDS_MIN - 1, " "), &m));
	ck_assert(minhash_of(words(MINHASH_WORDS_MIN, " "), &m));
	ck_assert(minhash_of(words(MINHASH_WORDS_MIN + 1, " "), &m));
}
END_TEST

/* 400 of 500 runs are shared: within four standard errors. */
START_TEST(similarity_estimates_the_share_of_runs)
{
	struct minhash a, b;

	ck_assert(minhash_of(words(502, " "), &a));
	ck_assert(minhash_of(words(402, " "), &b));
	ck_assert_double_gt(minhash_similarity(&a, &b), 0.8 - 0.2);
	ck_assert_double_lt(minhash_similarity(&a, &b), 0.8 + 0.2);
	ck_assert_double_eq(minhash_similarity(&a, &a), 1);
}
END_TEST

START_TEST(of_hash_is_like_itself_alone)
{
	struct minhash a, b;

	minhash_of_hash(1, &a);
	minhash_of_hash(1, &b);
	ck_assert_double_eq(minhash_similarity(&a, &b), 1);
	minhash_of_hash(2, &b);
	ck_assert_double_eq(minhash_similarity(&a, &b), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(of_gives_the_same_on_any_machine),
		CHECK_TEST(of_only_words_count),
		CHECK_TEST(of_few_words_says_so),
		CHECK_TEST(similarity_estimates_the_share_of_runs),
		CHECK_TEST(of_hash_is_like_itself_alone),
		CHECK_END,
	};

	return check_main("minhash", tests);
}
