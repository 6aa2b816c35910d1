#include "learn/read_table.h"

#include <errno.h>

#include "tests/test_read_gather.h"

static struct gather g;

#define CSV(z, examples, report) \
	GATHER_ASSERT(&g, read_table_csv, z, examples, report)
#define TSV(z, examples, report) \
	GATHER_ASSERT(&g, read_table_tsv, z, examples, report)
#define CSV_REFUSED(z, sentence) \
	GATHER_ASSERT_REFUSED(&g, read_table_csv, z, -EBADMSG, sentence)

START_TEST(csv_rows_below_their_header)
{
	gather_init(&g);
	CSV("\xEF\xBB\xBFid,text,topics,date,other,title,hand\r\n"
	    "1,\"a, b\",m,2022,x,T,me\r\n"
	    "2,\"c\nd\",,,,,\r\n"
	    "\r\n"
	    "3,e,m|s.favour,,,,",
	    "2 id=<1> title=<T> text=<a, b> hand=<me> date=<2022> ~[m]\n"
	    "3 id=<2> text=<c\nd> ~[]\n"
	    "6 id=<3> text=<e> ~[m s.favour]\n",
	    "");
	gather_done(&g);
}
END_TEST

START_TEST(csv_columns_by_the_recipes_names)
{
	gather_init(&g);
	g.recipe.fields.text = "body";
	g.recipe.fields.topics = "label";
	CSV("label ,\"body\",text\nsport|,b,t\n", "2 text=<b> ~[sport <>]\n",
	    "");
	g.recipe.fields.text = "label"; /* one column may be two fields */
	CSV("label\nsport\n", "2 text=<sport> ~[sport]\n", "");
	gather_done(&g);
}
END_TEST

START_TEST(csv_title_alone_will_do)
{
	gather_init(&g);
	CSV("title,topics\nT,m\n", "2 title=<T> ~[m]\n", "");
	gather_done(&g);
}
END_TEST

START_TEST(csv_ragged_rows_are_told)
{
	gather_init(&g);
	CSV("text,topics\na,m,x,y\nb\n\"c\nd\"\ne,s\n", "6 text=<e> ~[s]\n",
	    "F:2:5: 4 cells in a row, the header has 2\n"
	    "F:3:2: 1 cells in a row, the header has 2\n"
	    "F:5:3: 1 cells in a row, the header has 2\n");
	gather_done(&g);
}
END_TEST

START_TEST(csv_text_behind_a_quote_is_told)
{
	gather_init(&g);
	CSV("text,topics\nx,\"m\" \n\"b\",s\n", "3 text=<b> ~[s]\n",
	    "F:2:6: something follows the closing quote of a cell; quotes "
	    "within a cell are doubled\n");
	gather_done(&g);
}
END_TEST

START_TEST(csv_bytes_that_are_no_text_are_told)
{
	static const char bytes[] = "text,topics\nok,\xE9t\xE9\na\0,m\nb,m\n";

	gather_init(&g);
	ck_assert_int_eq(read_table_csv(&g.sink,
					(struct str){ bytes,
						      sizeof(bytes) - 1 },
					&g.why), 0);
	GATHER_ASSERT_STR(buf_view(&g.out), "4 text=<b> ~[m]\n");
	GATHER_ASSERT_STR(buf_view(&g.sink.report),
			  "F:2:4: byte 1 of the cell is no UTF-8\n"
			  "F:3:1: byte 2 of the cell is NUL, which is no "
			  "text\n");
	gather_done(&g);
}
END_TEST

START_TEST(csv_header_without_a_column_is_refused)
{
	gather_init(&g);
	CSV_REFUSED("text,label\na,m\n",
		    "F:1: no column is called 'topics'; they are called text, "
		    "label: see the recipe's 'fields'");
	CSV_REFUSED("body,topics\na,m\n",
		    "F:1: no column is called 'text'; they are called body, "
		    "topics: see the recipe's 'fields'");
	g.recipe.targets = BUNDLE_TARGETS_TEXT;
	CSV_REFUSED("text,stance\na,m\n",
		    "F:1: no column is called 'target'; they are called text, "
		    "stance: see the recipe's 'fields'");
	CSV_REFUSED("text,target\na,m\n",
		    "F:1: no column is called 'stance'; they are called text, "
		    "target: see the recipe's 'fields'");
	gather_done(&g);
}
END_TEST

START_TEST(csv_header_in_another_encoding_is_refused)
{
	gather_init(&g);
	CSV_REFUSED("text,th\xE8me\na,m\n",
		    "F:1: the names of the columns are no UTF-8: save the file "
		    "as UTF-8");
	ck_assert_int_eq(read_table_tsv(&g.sink, STR("\xFF\xFEt\0\n\0"), NULL),
			 -EBADMSG);
	ck_assert_int_eq(read_table_tsv(&g.sink, STR("t\0\n\0"), NULL),
			 -EBADMSG);
	gather_done(&g);
}
END_TEST

START_TEST(csv_header_of_many_columns_is_cut_short)
{
	struct buf b;

	gather_init(&g);
	buf_init(&b, 1 << 16);
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%scolumn%d", i ? "," : "", i);
	buf_add_char(&b, '\0');
	gather_clear(&g);
	ck_assert_int_eq(read_table_csv(&g.sink, str_of(b.p), &g.why),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(g.why.text, ", …: see the recipe"));
	buf_done(&b);
	gather_done(&g);
}
END_TEST

START_TEST(csv_header_with_a_name_twice_is_refused)
{
	gather_init(&g);
	CSV_REFUSED("text,topics,text\na,m,b\n",
		    "F:1:13: a second column is called 'text'");
	gather_done(&g);
}
END_TEST

START_TEST(csv_open_quote_is_refused)
{
	gather_init(&g);
	CSV_REFUSED("text,topics\na,m\n\"b,m\nc,m\n",
		    "F:3:1: the quote opened here is never closed");
	GATHER_ASSERT_STR(buf_view(&g.out), "2 text=<a> ~[m]\n");
	gather_done(&g);
}
END_TEST

START_TEST(csv_empty_file_is_refused)
{
	gather_init(&g);
	CSV_REFUSED("", "F: is empty, expected a line with the names of the "
			"columns");
	CSV_REFUSED("\xEF\xBB\xBF",
		    "F: is empty, expected a line with the names of the "
		    "columns");
	CSV("text,topics\n", "", "");
	gather_done(&g);
}
END_TEST

START_TEST(csv_targets)
{
	gather_init(&g);
	g.recipe.targets = BUNDLE_TARGETS_TOPICS;
	CSV("text,target,stance\na,Macron,FAVOR\nb,,AGAINST\n",
	    "2 text=<a> target=<Macron> stance=<FAVOR>\n"
	    "3 text=<b> stance=<AGAINST>\n",
	    "");
	gather_done(&g);
}
END_TEST

START_TEST(csv_only_what_is_asked_for)
{
	const char *only[] = { "lang", "fr", "Set", "Training" };

	gather_init(&g);
	g.recipe.only = (struct conf_texts){ only, 4 };
	CSV("text,topics,Set,lang\na,m,Training,fr\nb,m,Test,fr\n"
	    "c,m,Training,\nd,m, Training,fr\n",
	    "2 text=<a> ~[m]\n5 text=<d> ~[m]\n", "");
	CSV_REFUSED("text,topics,lang\na,m,fr\n",
		    "F:1: no column is called 'Set'; they are called text, "
		    "topics, lang: see the recipe's 'only'");
	gather_done(&g);
}
END_TEST

START_TEST(tsv_cells_are_what_they_are)
{
	gather_init(&g);
	TSV("id\ttext\ttopics\r\n1\ta \"b\\t, c\tm|s\r\n2\t\"d\t\n3\te\n",
	    "2 id=<1> text=<a \"b\\t, c> ~[m s]\n3 id=<2> text=<\"d> ~[]\n",
	    "F:4:4: 2 cells in a row, the header has 3\n");
	gather_done(&g);
}
END_TEST

START_TEST(csv_trouble_of_the_sink_ends_it)
{
	gather_init(&g);
	g.answer = -ENOMEM;
	ck_assert_int_eq(read_table_csv(&g.sink,
					STR("text,topics\na,m\nb,m\n"),
					&g.why), -ENOMEM);
	GATHER_ASSERT_STR(buf_view(&g.out), "2 text=<a> ~[m]\n");
	gather_done(&g);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(csv_rows_below_their_header),
		CHECK_TEST(csv_columns_by_the_recipes_names),
		CHECK_TEST(csv_title_alone_will_do),
		CHECK_TEST(csv_ragged_rows_are_told),
		CHECK_TEST(csv_text_behind_a_quote_is_told),
		CHECK_TEST(csv_bytes_that_are_no_text_are_told),
		CHECK_TEST(csv_header_without_a_column_is_refused),
		CHECK_TEST(csv_header_in_another_encoding_is_refused),
		CHECK_TEST(csv_header_of_many_columns_is_cut_short),
		CHECK_TEST(csv_header_with_a_name_twice_is_refused),
		CHECK_TEST(csv_open_quote_is_refused),
		CHECK_TEST(csv_empty_file_is_refused),
		CHECK_TEST(csv_targets),
		CHECK_TEST(csv_only_what_is_asked_for),
		CHECK_TEST(tsv_cells_are_what_they_are),
		CHECK_TEST(csv_trouble_of_the_sink_ends_it),
		CHECK_END,
	};

	return check_main("read_table", tests);
}
