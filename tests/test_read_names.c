#include "learn/read_names.h"

#include "tests/check_main.h"

static struct read_names t;

START_TEST(names_are_found_by_number)
{
	read_names_init(&t);
	ck_assert_int_eq(read_names_find(&t, STR("a")), -1);
	ck_assert_int_eq(read_names_add(&t, "market"), 0);
	ck_assert_int_eq(read_names_add(&t, "sport"), 0);
	ck_assert_uint_eq(read_names_count(&t), 2);
	ck_assert_int_eq(read_names_find(&t, STR("market")), 0);
	ck_assert_int_eq(read_names_find(&t, STR("sport")), 1);
	ck_assert_int_eq(read_names_find(&t, STR("spor")), -1);
	ck_assert_int_eq(read_names_find(&t, STR("sports")), -1);
	ck_assert_int_eq(read_names_find(&t, STR("")), -1);
	ck_assert_str_eq(read_names_at(&t, 1), "sport");
	read_names_done(&t);
}
END_TEST

START_TEST(names_stay_found_while_the_table_grows)
{
	static char name[5000][8];

	read_names_init(&t);
	for (int i = 0; i < 5000; i++) {
		snprintf(name[i], sizeof(name[i]), "t%d", i);
		ck_assert_int_eq(read_names_add(&t, name[i]), 0);
	}
	for (int i = 0; i < 5000; i++)
		ck_assert_int_eq(read_names_find(&t, str_of(name[i])), i);
	ck_assert_int_eq(read_names_find(&t, STR("t5000")), -1);
	read_names_done(&t);
}
END_TEST

START_TEST(names_near_a_slip)
{
	read_names_init(&t);
	ck_assert_ptr_null(read_names_near(&t, STR("market")));
	ck_assert_int_eq(read_names_add(&t, "sport"), 0);
	ck_assert_int_eq(read_names_add(&t, "market"), 0);
	ck_assert_str_eq(read_names_near(&t, STR("makret")), "market");
	ck_assert_ptr_null(read_names_near(&t, STR("cinema")));
	read_names_done(&t);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(names_are_found_by_number),
		CHECK_TEST(names_stay_found_while_the_table_grows),
		CHECK_TEST(names_near_a_slip),
		CHECK_END,
	};

	return check_main("read_names", tests);
}
