#include "parse/stamp.h"

#include <string.h>

#include "parse/fold.h"
#include "tests/check_main.h"

struct pair {
	const char *from, *want; /* NULL: no date; "" one without a year */
};

static void reads(const struct pair *p, bool month_first)
{
	for (; p->from; p++) {
		char out[DATE_MAX] = "untouched";
		struct fold f;
		size_t n;

		fold(str_of(p->from), &f);
		n = stamp_read(fold_view(&f), month_first, out);
		if (p->want)
			ck_assert_msg(n == f.n, "'%s': %zu of %zu", f.z, n,
				      f.n);
		else
			ck_assert_msg(n == 0, "'%s': %s", f.z, out);
		ck_assert_str_eq(out, p->want ? p->want : "untouched");
	}
}

START_TEST(read_month_names_of_eight_languages_are_known)
{
	reads((const struct pair[]){
		{ "22 octobre 2022", "2022-10-22" },
		{ "le samedi 1er février 2020", "2020-02-01" },
		{ "March 3, 2021", "2021-03-03" },
		{ "mar. 3 mars 2021", "2021-03-03" },
		{ "Sat, Mar 3rd 2021", "2021-03-03" },
		{ "3 Aug. 2021", "2021-08-03" },
		{ "Montag, den 22. März 2021", "2021-03-22" },
		{ "5 de enero de 2019", "2019-01-05" },
		{ "giovedì 7 luglio 2022", "2022-07-07" },
		{ "9 augustus 2018", "2018-08-09" },
		{ "14 października 2017", "2017-10-14" },
		{ "2 de março de 2016", "2016-03-02" },
		{ "octobre 2022", "2022-10" },
		{ "22 octobre", "" },
		{ NULL, NULL },
	}, false);
}
END_TEST

START_TEST(read_numbers_are_taken_in_their_order)
{
	reads((const struct pair[]){
		{ "22/10/2022", "2022-10-22" },
		{ "22.10.22", "2022-10-22" },
		{ "2022-10-22", "2022-10-22" },
		{ "2022/10/22", "2022-10-22" },
		{ "10/22/2022", "2022-10-22" },
		{ "03/04/2022", "2022-04-03" },
		{ "22/10", "" },
		{ NULL, NULL },
	}, false);
	reads((const struct pair[]){
		{ "03/04/2022", "2022-03-04" },
		{ "22/10/2022", "2022-10-22" },
		{ NULL, NULL },
	}, true);
}
END_TEST

START_TEST(read_time_behind_is_taken_too)
{
	reads((const struct pair[]){
		{ "22 octobre 2022 à 12h20", "2022-10-22" },
		{ "22.10.2022, 14:30 Uhr", "2022-10-22" },
		{ "Oct 22, 2022 at 5:30 pm GMT", "2022-10-22" },
		{ "2022-10-22T12:20:00+02:00", "2022-10-22" },
		{ "22/10 à 12h20", "" },
		{ "22 ottobre 2022 alle ore 9.15", "2022-10-22" },
		{ NULL, NULL },
	}, false);
}
END_TEST

START_TEST(read_what_cannot_be_is_none)
{
	reads((const struct pair[]){
		{ "32/10/2022", NULL }, { "22/13/2022", NULL },
		{ "31 février", NULL }, { "45 octobre 2022", NULL },
		{ "1.5 million", NULL }, { "2022", NULL }, { "", NULL },
		{ "3-4", NULL }, { "12", NULL },
		{ "22/10/20223", NULL }, { NULL, NULL },
	}, false);
}
END_TEST

START_TEST(find_first_full_date_is_found)
{
	char out[DATE_MAX] = "";
	struct fold f;

	fold(STR("Cloud 3.2: publié en ligne le 22 octobre 2022 par moi"), &f);
	ck_assert_uint_lt(stamp_find(fold_view(&f), false, out), f.n);
	ck_assert_str_eq(out, "2022-10-22");
	fold(STR("Rien en 2022, ni en octobre 2021."), &f);
	ck_assert_uint_eq(stamp_find(fold_view(&f), false, out), f.n);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(read_month_names_of_eight_languages_are_known),
		CHECK_TEST(read_numbers_are_taken_in_their_order),
		CHECK_TEST(read_time_behind_is_taken_too),
		CHECK_TEST(read_what_cannot_be_is_none),
		CHECK_TEST(find_first_full_date_is_found),
		CHECK_END,
	};

	return check_main("stamp", tests);
}
