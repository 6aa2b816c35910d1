#include "wire/curve.h"

#include "tests/check_main.h"

/* The pair of RFC 26's examples, as libzmq's own tests have it. */
static const char public[] = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
static const char secret[] = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

START_TEST(public_of_a_secret_is_its_pair)
{
	char out[KEY_TEXT + 1];
	struct err e = { "" };

	ck_assert_int_eq(curve_public(secret, out, &e), 0);
	ck_assert_str_eq(out, public);
}
END_TEST

START_TEST(decode_and_encode_are_inverse)
{
	unsigned char key[KEY_SIZE];
	char out[KEY_TEXT + 1];

	ck_assert(curve_decode(str_of(public), key));
	curve_encode(key, out);
	ck_assert_str_eq(out, public);
}
END_TEST

START_TEST(decode_other_than_40_characters_is_none)
{
	unsigned char key[KEY_SIZE];

	ck_assert(!curve_decode((struct str){ public, 39 }, key));
	ck_assert(!curve_decode((struct str){ public, 41 }, key));
	ck_assert(!curve_decode((struct str){ public, 35 }, key));
	ck_assert(!curve_decode(STR(""), key));
}
END_TEST

START_TEST(decode_any_character_beyond_the_alphabet_is_none)
{
	unsigned char key[KEY_SIZE];
	int good = 0;

	for (int c = 0; c < 256; c++) {
		char text[KEY_TEXT];

		memset(text, '0', sizeof(text));
		text[17] = (char)c;
		good += curve_decode((struct str){ text, KEY_TEXT }, key);
		ck_assert_uint_eq(curve_span((struct str){ text, KEY_TEXT }),
				  curve_decode((struct str){ text, KEY_TEXT },
					       key)
					  ? KEY_TEXT
					  : 17);
	}
	ck_assert_int_eq(good, 85);
}
END_TEST

START_TEST(decode_five_characters_past_four_bytes_is_none)
{
	unsigned char key[KEY_SIZE];
	char text[KEY_TEXT];

	memset(text, '0', sizeof(text));
	memcpy(text + 5, "%nSc0", 5); /* 2^32 - 1 */
	ck_assert(curve_decode((struct str){ text, KEY_TEXT }, key));
	memcpy(text + 5, "%nSc1", 5); /* 2^32 */
	ck_assert(!curve_decode((struct str){ text, KEY_TEXT }, key));
	/* so that none begins like a comment */
	memcpy(text + 5, "#0000", 5);
	ck_assert(!curve_decode((struct str){ text, KEY_TEXT }, key));
}
END_TEST

START_TEST(pair_is_new_each_time_and_fits)
{
	char p[2][KEY_TEXT + 1], s[2][KEY_TEXT + 1], derived[KEY_TEXT + 1];
	struct err e = { "" };

	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(curve_pair(p[i], s[i], &e), 0);
		ck_assert_int_eq(curve_public(s[i], derived, &e), 0);
		ck_assert_str_eq(derived, p[i]);
	}
	ck_assert_str_ne(p[0], p[1]);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(public_of_a_secret_is_its_pair),
		CHECK_TEST(decode_and_encode_are_inverse),
		CHECK_TEST(decode_other_than_40_characters_is_none),
		CHECK_TEST(decode_any_character_beyond_the_alphabet_is_none),
		CHECK_TEST(decode_five_characters_past_four_bytes_is_none),
		CHECK_TEST(pair_is_new_each_time_and_fits),
		CHECK_END,
	};

	return check_main("curve", tests);
}
