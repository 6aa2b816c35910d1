#include "base/base64.h"

#include <errno.h>

#include "tests/check_main.h"

static void is(const char *bytes, const char *text)
{
	struct buf b;

	buf_init(&b, 256);
	base64_add(&b, str_of(bytes));
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert(str_is(buf_view(&b), text));
	buf_clear(&b);
	ck_assert_int_eq(base64_decode(&b, str_of(text)), 0);
	ck_assert(str_is(buf_view(&b), bytes));
	buf_done(&b);
}

/* The examples of RFC 4648, section 10. */
START_TEST(add_and_decode_as_the_rfc_has_it)
{
	is("", "");
	is("f", "Zg==");
	is("fo", "Zm8=");
	is("foo", "Zm9v");
	is("foob", "Zm9vYg==");
	is("fooba", "Zm9vYmE=");
	is("foobar", "Zm9vYmFy");
}
END_TEST

START_TEST(every_byte_comes_back)
{
	char bytes[3 * 256];
	struct buf text, back;

	buf_init(&text, 4096);
	buf_init(&back, 4096);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 + i / 256);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		buf_clear(&text);
		buf_clear(&back);
		base64_add(&text, (struct str){ bytes, n });
		ck_assert_uint_eq(text.n, (n + 2) / 3 * 4);
		ck_assert_int_eq(base64_decode(&back, buf_view(&text)), 0);
		ck_assert(str_eq(buf_view(&back), (struct str){ bytes, n }));
	}
	buf_done(&text);
	buf_done(&back);
}
END_TEST

START_TEST(decode_what_is_none_is_refused)
{
	static const char *const bad[] = { "Z",	   "Zg",       "Zg=",
					   "Zg=a", "Z===",     "====",
					   "Zm9!", "Zg==Zg==", "Zm 9v" };
	struct buf b;

	buf_init(&b, 256);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_int_eq(base64_decode(&b, str_of(bad[i])), -EINVAL);
	ck_assert_int_eq(base64_decode(&b, (struct str){ "Zg\0=", 4 }),
			 -EINVAL);
	buf_done(&b);
}
END_TEST

START_TEST(past_the_ceiling_is_told)
{
	struct buf b;

	buf_init(&b, 4);
	base64_add(&b, STR("abcd"));
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	buf_clear(&b);
	ck_assert_int_eq(base64_decode(&b, STR("Zm9vYmFy")), -EMSGSIZE);
	buf_done(&b);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(add_and_decode_as_the_rfc_has_it),
		CHECK_TEST(every_byte_comes_back),
		CHECK_TEST(decode_what_is_none_is_refused),
		CHECK_TEST(past_the_ceiling_is_told),
		CHECK_END,
	};

	return check_main("base64", tests);
}
