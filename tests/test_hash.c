/* test_hash.c -- known vectors; both ways of computing a CRC must agree, so
 * the source itself is included. */
#include "base/hash_crc32c.c"

#include <stdlib.h>

#include "base/hash_word.h"
#include "tests/check_main.h"

static uint32_t portable(uint32_t crc, const void *p, size_t n)
{
	return ~crc_portable(~crc, p, n);
}

static uint32_t fast(uint32_t crc, const void *p, size_t n)
{
	return hash_crc32c(crc, (struct str){ p, n });
}

/* RFC 3720, appendix B.4, and the check value of every catalogue. */
START_TEST(crc32c_known_vectors_both_ways)
{
	unsigned char bytes[32];

	ck_assert_uint_eq(fast(0, "123456789", 9), 0xE3069283);
	ck_assert_uint_eq(portable(0, "123456789", 9), 0xE3069283);
	ck_assert_uint_eq(fast(0, NULL, 0), 0);
	ck_assert_uint_eq(portable(0, NULL, 0), 0);
	memset(bytes, 0, 32);
	ck_assert_uint_eq(fast(0, bytes, 32), 0x8A9136AA);
	ck_assert_uint_eq(portable(0, bytes, 32), 0x8A9136AA);
	memset(bytes, 0xff, 32);
	ck_assert_uint_eq(fast(0, bytes, 32), 0x62A8AB43);
	ck_assert_uint_eq(portable(0, bytes, 32), 0x62A8AB43);
	for (int i = 0; i < 32; i++)
		bytes[i] = (unsigned char)i;
	ck_assert_uint_eq(fast(0, bytes, 32), 0x46DD794E);
	ck_assert_uint_eq(portable(0, bytes, 32), 0x46DD794E);
	for (int i = 0; i < 32; i++)
		bytes[i] = (unsigned char)(31 - i);
	ck_assert_uint_eq(fast(0, bytes, 32), 0x113FDB5C);
	ck_assert_uint_eq(portable(0, bytes, 32), 0x113FDB5C);
}
END_TEST

START_TEST(crc32c_every_length_and_offset_agrees)
{
	unsigned char bytes[100];
	uint32_t x = 1;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (unsigned char)(x >> 24);
	}
	for (size_t from = 0; from < 9; from++)
		for (size_t n = 0; n + from <= sizeof(bytes); n++)
			ck_assert_uint_eq(fast(x, bytes + from, n),
					  portable(x, bytes + from, n));
}
END_TEST

START_TEST(crc32c_in_pieces_is_that_of_the_whole)
{
	const char *text = "The quick brown fox jumps over the lazy dog";
	uint32_t whole = fast(0, text, strlen(text));

	for (size_t i = 0; i <= strlen(text); i++) {
		uint32_t head = fast(0, text, i);

		ck_assert_uint_eq(fast(head, text + i, strlen(text) - i), whole);
		ck_assert_uint_eq(portable(portable(0, text, i), text + i,
					   strlen(text) - i),
				  whole);
	}
}
END_TEST

#ifdef __x86_64__
START_TEST(crc32c_sse42_agrees_where_there_is_one)
{
	const unsigned char *p = (const unsigned char *)"123456789";

	if (__builtin_cpu_supports("sse4.2"))
		ck_assert_uint_eq(~crc_sse42(~0u, p, 9), 0xE3069283);
}
END_TEST
#else
START_TEST(crc32c_sse42_agrees_where_there_is_one)
{
}
END_TEST
#endif

static void sha_is(const char *text, size_t n, const char *want)
{
	unsigned char sum[HASH_SHA_SIZE];
	char hex[HASH_SHA_HEX];

	ck_assert_int_eq(hash_sha256((struct str){ text, n }, sum), 0);
	hash_hex(sum, sizeof(sum), hex);
	ck_assert_str_eq(hex, want);
}

/* FIPS 180-4 examples. */
START_TEST(sha256_known_vectors)
{
	char *million = malloc(1000000);

	sha_is("abc", 3,
	       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha_is(NULL, 0,
	       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha_is("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
	       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	ck_assert_ptr_nonnull(million);
	memset(million, 'a', 1000000);
	sha_is(million, 1000000,
	       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
}
END_TEST

/* The figures of xxHash's own sanity checks for XXH3 64 with seed 0. */
START_TEST(xx_known_vectors_and_seed)
{
	ck_assert_uint_eq(hash_xx((struct str){ NULL, 0 }, 0),
			  0x2D06800538D394C2u);
	ck_assert_uint_eq(hash_xx(STR(""), 0), 0x2D06800538D394C2u);
	ck_assert_uint_ne(hash_xx(STR("a"), 0), hash_xx(STR("a"), 1));
	ck_assert_uint_ne(hash_xx(STR("a"), 0), hash_xx(STR("b"), 0));
}
END_TEST

START_TEST(hex_every_byte_has_two_digits)
{
	unsigned char all[256];
	char hex[513], want[3];

	for (int i = 0; i < 256; i++)
		all[i] = (unsigned char)i;
	hash_hex(all, 256, hex);
	ck_assert_uint_eq(strlen(hex), 512);
	for (int i = 0; i < 256; i++) {
		snprintf(want, sizeof(want), "%02x", i);
		ck_assert_int_eq(memcmp(hex + 2 * i, want, 2), 0);
	}
	hash_hex(all, 0, hex);
	ck_assert_str_eq(hex, "");
}
END_TEST

START_TEST(word_is_that_of_xx_at_every_length)
{
	char bytes[300];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 31);
	for (size_t n = 0; n <= sizeof(bytes); n++)
		ck_assert(hash_word((struct str){ bytes, n }) ==
			  hash_xx((struct str){ bytes, n }, 0));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(crc32c_known_vectors_both_ways),
		CHECK_TEST(crc32c_every_length_and_offset_agrees),
		CHECK_TEST(crc32c_in_pieces_is_that_of_the_whole),
		CHECK_TEST(crc32c_sse42_agrees_where_there_is_one),
		CHECK_TEST(sha256_known_vectors),
		CHECK_TEST(xx_known_vectors_and_seed),
		CHECK_TEST(word_is_that_of_xx_at_every_length),
		CHECK_TEST(hex_every_byte_has_two_digits),
		CHECK_END,
	};

	return check_main("hash", tests);
}
