#include "learn/read_twins.h"

#include "tests/check_main.h"

static struct example document(const char *title, const char *text,
			       const char *target)
{
	return (struct example){ .title = str_of(title),
				 .text = str_of(text),
				 .target = str_of(target) };
}

START_TEST(twins_have_title_text_and_target_alike)
{
	const struct example v[] = {
		document("t", "x", ""), document("t", "x", "a"),
		document("", "tx", ""), document("t", "x", ""),
		document("tx", "", ""), document("t", "x", "a"),
		document("t", "x", ""),
	};
	const struct example *first[7];

	ck_assert_int_eq(read_twins(v, 7, first), 0);
	ck_assert_ptr_null(first[0]);
	ck_assert_ptr_null(first[1]);
	ck_assert_ptr_null(first[2]);
	ck_assert_ptr_eq(first[3], &v[0]);
	ck_assert_ptr_null(first[4]);
	ck_assert_ptr_eq(first[5], &v[1]);
	ck_assert_ptr_eq(first[6], &v[0]);
}
END_TEST

START_TEST(twins_of_one)
{
	const struct example v = document("t", "x", "");
	const struct example *first = &v;

	ck_assert_int_eq(read_twins(&v, 1, &first), 0);
	ck_assert_ptr_null(first);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(twins_have_title_text_and_target_alike),
		CHECK_TEST(twins_of_one),
		CHECK_END,
	};

	return check_main("read_twins", tests);
}
