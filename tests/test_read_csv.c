#include "learn/read_csv.h"

#include <errno.h>

#include "tests/check_main.h"

/* All records: cells in brackets, a line a record; "!LINE:COLUMN" where one is
 * refused, and "!!" where the rest is. */
static struct str all(struct buf *b, struct str bytes, char separator,
		      bool quotes)
{
	struct read_csv c;
	struct err e = { "" };
	int r;

	buf_init(b, 1 << 20);
	read_csv_init(&c, bytes, separator, quotes);
	while ((r = read_csv_next(&c, &e)) != STEP_END) {
		for (size_t i = 0; i < c.n; i++)
			buf_printf(b, "[" STR_FMT "]", STR_ARG(c.v[i].text));
		if (r)
			buf_printf(b, "%s%zu:%zu", r < 0 ? "!!" : "!",
				   c.end.line, c.end.column);
		buf_add_char(b, '\n');
		ck_assert_int_eq(r != 0, e.text[0] != '\0');
		err_clear(&e);
		if (r < 0)
			break;
	}
	read_csv_done(&c);
	return buf_view(b);
}

static void records_are(struct str bytes, char separator, bool quotes,
			const char *expected)
{
	struct buf b;
	struct str got = all(&b, bytes, separator, quotes);

	ck_assert_msg(str_is(got, expected), "got\n" STR_FMT "expected\n%s",
		      STR_ARG(got), expected);
	buf_done(&b);
}

#define CSV(z, expected) records_are(STR(z), ',', true, expected)
#define TSV(z, expected) records_are(STR(z), '\t', false, expected)

START_TEST(csv_cells_and_ends_of_lines)
{
	CSV("a,b\nc,d\r\ne,f", "[a][b]\n[c][d]\n[e][f]\n");
	CSV("a,b\n", "[a][b]\n");
	CSV("", "");
	CSV(",", "[][]\n");
	CSV("a,\n,b", "[a][]\n[][b]\n");
	CSV("\n\na", "[]\n[]\n[a]\n");
	CSV(" a , b ", "[ a ][ b ]\n");
	CSV("a\rb,c\r", "[a\rb][c\r]\n");
	CSV("\r\n", "[]\n");
}
END_TEST

START_TEST(csv_quotes)
{
	CSV("\"a\",\"b\"\r\n\"c\"", "[a][b]\n[c]\n");
	CSV("\"a,b\",c", "[a,b][c]\n");
	CSV("\"a\nb\r\nc\",d\ne", "[a\nb\r\nc][d]\n[e]\n");
	CSV("\"say \"\"yes\"\"\",\"\"\"\"", "[say \"yes\"][\"]\n");
	CSV("\"\",\"\"", "[][]\n");
	CSV("5\" disk,a\"b\"", "[5\" disk][a\"b\"]\n");
}
END_TEST

START_TEST(csv_text_behind_a_quote_costs_its_line)
{
	CSV("a,\"b\"c,d\ne,f", "!1:6\n[e][f]\n");
	CSV("\"a\n\"b\nc", "!2:2\n[c]\n");
	CSV("\"a\" ,b\nc", "!1:4\n[c]\n");
	CSV("\"a\"\r", "!1:4\n");
}
END_TEST

START_TEST(csv_open_quote_costs_the_rest)
{
	CSV("a,b\nc,\"d\ne,f\n", "[a][b]\n!!2:3\n");
	CSV("\"", "!!1:1\n");
	CSV("\"\"\"", "!!1:1\n");
}
END_TEST

START_TEST(csv_nul_and_bad_bytes_pass)
{
	struct read_csv c;
	struct err e = { "" };

	read_csv_init(&c, STR("a\0b,\xE9\n"), ',', true);
	ck_assert_int_eq(read_csv_next(&c, &e), 0);
	ck_assert_uint_eq(c.n, 2);
	ck_assert(str_eq(c.v[0].text, STR("a\0b")));
	ck_assert(str_eq(c.v[1].text, STR("\xE9")));
	read_csv_done(&c);
}
END_TEST

START_TEST(tsv_has_no_quotes)
{
	TSV("a\t\"b\nc\\t\t\"d\"\"e\"\r\n",
	    "[a][\"b]\n[c\\t][\"d\"\"e\"]\n");
	TSV("a,b\tc", "[a,b][c]\n");
}
END_TEST

START_TEST(csv_places_are_those_of_the_cells)
{
	struct read_csv c;
	struct err e = { "" };

	read_csv_init(&c, STR("ab,\"x\ny\",é,z\nlast"), ',', true);
	ck_assert_int_eq(read_csv_next(&c, &e), 0);
	ck_assert_uint_eq(c.n, 4);
	ck_assert_uint_eq(c.v[0].place.line, 1);
	ck_assert_uint_eq(c.v[0].place.column, 1);
	ck_assert_uint_eq(c.v[1].place.line, 1);
	ck_assert_uint_eq(c.v[1].place.column, 4);
	ck_assert_uint_eq(c.v[2].place.line, 2);
	ck_assert_uint_eq(c.v[2].place.column, 4);
	ck_assert_uint_eq(c.v[3].place.column, 7); /* in bytes */
	ck_assert_uint_eq(c.end.line, 2);
	ck_assert_uint_eq(c.end.column, 8);
	ck_assert_int_eq(read_csv_next(&c, &e), 0);
	ck_assert_uint_eq(c.v[0].place.line, 3);
	ck_assert_uint_eq(c.end.column, 5);
	ck_assert_int_eq(read_csv_next(&c, &e), STEP_END);
	read_csv_done(&c);
}
END_TEST

START_TEST(csv_cell_of_a_megabyte)
{
	struct read_csv c;
	struct err e = { "" };
	struct buf b;

	buf_init(&b, 1 << 22);
	buf_add_z(&b, "a,\"");
	for (int i = 0; i < 1 << 20; i++)
		buf_add_z(&b, i % 1000 ? "x" : "\"\"");
	buf_add_z(&b, "\",b\n");
	read_csv_init(&c, buf_view(&b), ',', true);
	ck_assert_int_eq(read_csv_next(&c, &e), 0);
	ck_assert_uint_eq(c.n, 3);
	ck_assert_uint_eq(c.v[1].text.n, 1 << 20);
	ck_assert_int_eq(c.v[1].text.p[1000], '"');
	ck_assert(str_is(c.v[2].text, "b"));
	ck_assert(str_is(c.v[0].text, "a"));
	read_csv_done(&c);
	buf_done(&b);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(csv_cells_and_ends_of_lines),
		CHECK_TEST(csv_quotes),
		CHECK_TEST(csv_text_behind_a_quote_costs_its_line),
		CHECK_TEST(csv_open_quote_costs_the_rest),
		CHECK_TEST(csv_nul_and_bad_bytes_pass),
		CHECK_TEST(tsv_has_no_quotes),
		CHECK_TEST(csv_places_are_those_of_the_cells),
		CHECK_TEST(csv_cell_of_a_megabyte),
		CHECK_END,
	};

	return check_main("read_csv", tests);
}
