#include "learn/read_jsonl.h"

#include <errno.h>

#include "tests/test_read_gather.h"

static struct gather g;
static const char *stances[] = { "favour", "against" };

static void setup(void)
{
	gather_init(&g);
	g.recipe.stances = (struct conf_texts){ stances, 2 };
}

#define READ(z, examples, report) \
	GATHER_ASSERT(&g, read_jsonl, z, examples, report)

START_TEST(jsonl_labels_of_every_shape)
{
	setup();
	READ("{\"text\":\"a\",\"topics\":{\"m\":\"favour\",\"s\":null}}\n"
	     "{\"text\":\"b\",\"topics\":[\"m\",\"s\"]}\r\n"
	     "\n"
	     "{\"text\":\"c\",\"topics\":\"m.favour\"}\n"
	     "{\"text\":\"d\",\"topics\":[]}",
	     "1 text=<a> [m/favour s]\n2 text=<b> [m s]\n"
	     "4 text=<c> [m.favour]\n5 text=<d> []\n",
	     "");
	gather_done(&g);
}
END_TEST

START_TEST(jsonl_fields_by_the_recipes_names)
{
	setup();
	g.recipe.fields = (struct recipe_fields){
		"nr", "head", "body", "label", "stance", "target", "who", "on"
	};
	READ("{\"nr\":\"x\",\"head\":\"H\",\"body\":\"B\",\"label\":\"m\","
	     "\"who\":\"me\",\"on\":\"2022-11-30\",\"text\":7}",
	     "1 id=<x> title=<H> text=<B> hand=<me> date=<2022-11-30> [m]\n",
	     "");
	gather_done(&g);
}
END_TEST

START_TEST(jsonl_ids_and_dates_may_be_numbers)
{
	setup();
	READ("{\"id\":-7,\"text\":\"a\",\"hand\":2,\"date\":20221130,"
	     "\"topics\":[]}\n"
	     "{\"id\":1.5,\"text\":\"b\",\"date\":true,\"topics\":[]}\n",
	     "1 id=<-7> text=<a> hand=<2> date=<20221130> []\n"
	     "2 text=<b> []\n",
	     "");
	gather_done(&g);
}
END_TEST

START_TEST(jsonl_wrong_labels_are_told)
{
	setup();
	READ("{\"text\":\"x\",\"topics\":{\"m\":7,\"s\":true}}\n"
	     "{\"text\":\"x\",\"topics\":[\"m\",7,null]}\n"
	     "{\"text\":\"x\",\"topics\":7}\n"
	     "{\"text\":\"x\",\"topics\":null}\n"
	     "{\"text\":\"x\"}\n",
	     "",
	     "F:1: the stance on 'm' is no text\n"
	     "F:1: the stance on 's' is no text\n"
	     "F:2: entry 2 of 'topics' is no text\n"
	     "F:2: entry 3 of 'topics' is no text\n"
	     "F:3: 'topics' is of another type, expected an object, a list or "
	     "a text\n"
	     "F:4: 'topics' is missing, expected an object, a list or a text\n"
	     "F:5: 'topics' is missing, expected an object, a list or a "
	     "text\n");
	g.recipe.stances.n = 0; /* then it does not matter */
	READ("{\"text\":\"x\",\"topics\":{\"m\":7}}", "1 text=<x> [m]\n", "");
	gather_done(&g);
}
END_TEST

START_TEST(jsonl_what_is_no_object_is_told)
{
	static const char *const lines[] = { "{\"text\":\"x\",",
					     "{\"text\":\"\\u0000\"}",
					     "{\"text\":\"\xE9\"}", "7",
					     "[1]" };
	struct buf b;

	setup();
	buf_init(&b, 4096);
	for (size_t i = 0; i < 5; i++) {
		char place[32];

		snprintf(place, sizeof(place), "F:2: no JSON%s",
			 i < 4 ? ": " : " object\n");
		buf_clear(&b);
		buf_printf(&b, "{\"text\":\"x\",\"topics\":[]}\n%s\n",
			   lines[i]);
		gather_clear(&g);
		ck_assert_int_eq(read_jsonl(&g.sink, buf_view(&b), &g.why), 0);
		GATHER_ASSERT_STR(buf_view(&g.out), "1 text=<x> []\n");
		ck_assert_uint_eq(g.sink.count, 1);
		ck_assert(str_starts(buf_view(&g.sink.report),
				     str_of(place)));
	}
	buf_done(&b);
	gather_done(&g);
}
END_TEST

START_TEST(jsonl_list_of_all_is_refused)
{
	setup();
	GATHER_ASSERT_REFUSED(&g, read_jsonl,
			      "\n [{\"text\":\"a\",\"topics\":[]}]\n",
			      -EBADMSG,
			      "F: a JSON list, expected one object a line; jq "
			      "-c '.[]' writes it so");
	gather_done(&g);
}
END_TEST

START_TEST(jsonl_targets_need_no_labels)
{
	setup();
	g.recipe.targets = BUNDLE_TARGETS_TEXT;
	READ("\xEF\xBB\xBF{\"text\":\"a\",\"target\":\"t\",\"stance\":\"for\","
	     "\"topics\":7}\n"
	     "{\"text\":\"b\",\"target\":7,\"stance\":null}\n",
	     "1 text=<a> target=<t> stance=<for>\n2 text=<b>\n", "");
	gather_done(&g);
}
END_TEST

START_TEST(jsonl_only_what_is_asked_for)
{
	const char *only[] = { "lang", "fr", "year", "2022", "ok", "true" };

	setup();
	g.recipe.only = (struct conf_texts){ only, 6 };
	READ("{\"text\":\"a\",\"topics\":[],\"lang\":\"fr\",\"year\":2022,"
	     "\"ok\":true}\n"
	     "{\"text\":\"b\",\"topics\":[],\"lang\":\"en\",\"year\":2022,"
	     "\"ok\":true}\n"
	     "{\"text\":\"c\",\"topics\":7,\"lang\":\"fr\",\"year\":2023,"
	     "\"ok\":true}\n"
	     "{\"text\":\"d\",\"topics\":[],\"lang\":\"fr\",\"year\":2022,"
	     "\"ok\":false}\n"
	     "{\"text\":\"e\",\"topics\":[]}\n"
	     "{\"text\":\"f\",\"topics\":[],\"lang\":\"fr\",\"year\":\"2022\","
	     "\"ok\":\"true\"}\n",
	     "1 text=<a> []\n6 text=<f> []\n", "");
	gather_done(&g);
}
END_TEST

START_TEST(jsonl_trouble_of_the_sink_ends_it)
{
	setup();
	g.answer = -ENOMEM;
	ck_assert_int_eq(read_jsonl(&g.sink,
				    STR("{\"text\":\"a\",\"topics\":[]}\n"
					"{\"text\":\"b\",\"topics\":[]}\n"),
				    &g.why), -ENOMEM);
	GATHER_ASSERT_STR(buf_view(&g.out), "1 text=<a> []\n");
	gather_done(&g);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(jsonl_labels_of_every_shape),
		CHECK_TEST(jsonl_fields_by_the_recipes_names),
		CHECK_TEST(jsonl_ids_and_dates_may_be_numbers),
		CHECK_TEST(jsonl_wrong_labels_are_told),
		CHECK_TEST(jsonl_what_is_no_object_is_told),
		CHECK_TEST(jsonl_list_of_all_is_refused),
		CHECK_TEST(jsonl_targets_need_no_labels),
		CHECK_TEST(jsonl_only_what_is_asked_for),
		CHECK_TEST(jsonl_trouble_of_the_sink_ends_it),
		CHECK_END,
	};

	return check_main("read_jsonl", tests);
}
