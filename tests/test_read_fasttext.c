#include "learn/read_fasttext.h"

#include <errno.h>

#include "tests/test_read_gather.h"

static struct gather g;

#define READ(z, examples, report) \
	GATHER_ASSERT(&g, read_fasttext, z, examples, report)

START_TEST(fasttext_labels_and_text)
{
	gather_init(&g);
	READ("__label__sport The  text, as it\tis.\r\n"
	     "__label__a __label__b.favour\tboth\n"
	     "\n"
	     "none at all\n"
	     "__label__x",
	     "1 text=<The text, as it is.> ~[sport]\n"
	     "2 text=<both> ~[a b.favour]\n"
	     "4 text=<none at all> ~[]\n"
	     "5 text=<> ~[x]\n",
	     "");
	gather_done(&g);
}
END_TEST

/* Else the answer would be among the words. */
START_TEST(fasttext_labels_within_the_text_are_labels)
{
	gather_init(&g);
	READ("one __label__a two __label__b\n", "1 text=<one two> ~[a b]\n",
	     "");
	READ("see x__label__a __label_b\n",
	     "1 text=<see x__label__a __label_b> ~[]\n", "");
	gather_done(&g);
}
END_TEST

START_TEST(fasttext_empty_label_is_handed_on)
{
	gather_init(&g);
	READ("__label__ text\n", "1 text=<text> ~[<>]\n", "");
	gather_done(&g);
}
END_TEST

START_TEST(fasttext_bytes_that_are_no_text_are_told)
{
	static const char bytes[] =
		"__label__a x\0y\n__label__a \xE9t\xE9\n__label__a ok\n";

	gather_init(&g);
	ck_assert_int_eq(read_fasttext(&g.sink,
				       (struct str){ bytes,
						     sizeof(bytes) - 1 },
				       &g.why), 0);
	GATHER_ASSERT_STR(buf_view(&g.out), "3 text=<ok> ~[a]\n");
	GATHER_ASSERT_STR(buf_view(&g.sink.report),
			  "F:1: byte 13 of the line is NUL, which is no text\n"
			  "F:2: byte 12 of the line is no UTF-8\n");
	gather_done(&g);
}
END_TEST

START_TEST(fasttext_trouble_of_the_sink_ends_it)
{
	gather_init(&g);
	g.answer = -ENOMEM;
	ck_assert_int_eq(read_fasttext(&g.sink, STR("a\nb\n"), &g.why),
			 -ENOMEM);
	GATHER_ASSERT_STR(buf_view(&g.out), "1 text=<a> ~[]\n");
	gather_done(&g);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(fasttext_labels_and_text),
		CHECK_TEST(fasttext_labels_within_the_text_are_labels),
		CHECK_TEST(fasttext_empty_label_is_handed_on),
		CHECK_TEST(fasttext_bytes_that_are_no_text_are_told),
		CHECK_TEST(fasttext_trouble_of_the_sink_ends_it),
		CHECK_END,
	};

	return check_main("read_fasttext", tests);
}
