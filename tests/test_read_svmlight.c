#include "learn/read_svmlight.h"

#include <errno.h>

#include "tests/test_read_gather.h"

static struct gather g;

#define READ(z, examples, report) \
	GATHER_ASSERT(&g, read_svmlight, z, examples, report)

/* One line that is refused with this sentence, among good ones. */
static void told(const char *line, const char *sentence)
{
	char text[1024], report[1024];

	snprintf(text, sizeof(text), "a 1:1\n%s\nb 1:1\n", line);
	snprintf(report, sizeof(report), "F:2%s\n", sentence);
	READ(text, "1 text=<1:1> [a]\n3 text=<1:1> [b]\n", report);
}

START_TEST(svmlight_labels_and_pairs)
{
	gather_init(&g);
	READ("1 1:0.5 3:-2 10:1e3\n"
	     "-1\t0:1\t7:0\r\n"
	     "sports,world 2:+.25\n"
	     "# a comment alone\n"
	     "\n"
	     "+1.5 qid:7 3:1 # 4:1\n",
	     "1 text=<1:0.5 3:-2 10:1000> [1]\n"
	     "2 text=<0:1 7:0> [-1]\n"
	     "3 text=<2:0.25> [sports world]\n"
	     "6 text=<3:1> [+1.5]\n",
	     "");
	gather_done(&g);
}
END_TEST

START_TEST(svmlight_labels_may_be_none)
{
	gather_init(&g);
	READ(" 1:1 2:1\nqid:3 1:1\na, 1:1\n",
	     "1 text=<1:1 2:1> []\n2 text=<1:1> []\n3 text=<1:1> [a <>]\n",
	     "");
	gather_done(&g);
}
END_TEST

/* The name of a term must not depend on how its number was written. */
START_TEST(svmlight_numbers_in_one_form)
{
	gather_init(&g);
	READ("a 007:0.10000000000000000000000000000000001 8:1.0\n"
	     "a 18446744073709551615:16777217\n",
	     "1 text=<7:0.100000001 8:1> [a]\n"
	     "2 text=<18446744073709551615:16777216> [a]\n",
	     "");
	gather_done(&g);
}
END_TEST

START_TEST(svmlight_bad_pairs_are_told_with_their_column)
{
	gather_init(&g);
	told("a 1:1 x:2", ":7: 'x:2': the index is no whole number from 0 on");
	told("a -1:1", ":3: '-1:1': the index is no whole number from 0 on");
	told("a :1", ":3: ':1': the index is no whole number from 0 on");
	told("a 18446744073709551616:1",
	     ":3: '18446744073709551616:1': the index is no whole number from "
	     "0 on");
	told("a 2:1 2:1", ":7: '2:1': indices ascend, and this one does not");
	told("a 2:1  1:1", ":8: '1:1': indices ascend, and this one does not");
	told("a 1:nan", ":3: '1:nan': the value is no finite number");
	told("a 1:inf", ":3: '1:inf': the value is no finite number");
	told("a 1:0x1", ":3: '1:0x1': the value is no finite number");
	told("a 1:1e39", ":3: '1:1e39': the value is no finite number");
	told("a 1:", ":3: '1:': the value is no finite number");
	told("a 1:1:1", ":3: '1:1:1': the value is no finite number");
	told("a b 1:1", ":3: 'b': expected index:value");
	told("a 1:1 qid:7",
	     ":7: 'qid:7': the index is no whole number from 0 on");
	told("a", ": no index:value");
	told("a # 1:1", ": no index:value");
	gather_done(&g);
}
END_TEST

START_TEST(svmlight_bytes_that_are_no_text_are_told)
{
	gather_init(&g);
	told("\xE9 1:1", ": byte 1 of the line is no UTF-8");
	gather_done(&g);
}
END_TEST

START_TEST(svmlight_trouble_of_the_sink_ends_it)
{
	gather_init(&g);
	g.answer = -ENOMEM;
	ck_assert_int_eq(read_svmlight(&g.sink, STR("a 1:1\nb 1:1\n"),
				       &g.why), -ENOMEM);
	GATHER_ASSERT_STR(buf_view(&g.out), "1 text=<1:1> [a]\n");
	gather_done(&g);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(svmlight_labels_and_pairs),
		CHECK_TEST(svmlight_labels_may_be_none),
		CHECK_TEST(svmlight_numbers_in_one_form),
		CHECK_TEST(svmlight_bad_pairs_are_told_with_their_column),
		CHECK_TEST(svmlight_bytes_that_are_no_text_are_told),
		CHECK_TEST(svmlight_trouble_of_the_sink_ends_it),
		CHECK_END,
	};

	return check_main("read_svmlight", tests);
}
