#include "parse/tags.h"

#include "tests/check_main.h"

/* Every piece as "kind:name:body" and a bar. */
static void pieces(const char *text, const char *want)
{
	static const char kinds[] = "tcoed";
	struct tags t;
	struct tags_piece p;
	struct buf b;

	buf_init(&b, 1 << 20);
	tags_init(&t, str_of(text));
	while (tags_next(&t, &p))
		buf_printf(&b, "%c:" STR_FMT ":" STR_FMT "%s|", kinds[p.kind],
			   STR_ARG(p.name), STR_ARG(p.body),
			   p.empty ? "/" : "");
	buf_add_char(&b, '\0');
	ck_assert_str_eq(b.p, want);
	buf_done(&b);
}

START_TEST(next_gives_views_of_all_kinds)
{
	pieces("<!DOCTYPE x [<!ENTITY a '>'>]><a b='>'/>t<![CDATA[<]]></a >",
	       "d::DOCTYPE x |o:a: b='>'/|t::t|c::<|e:a: |");
}
END_TEST

START_TEST(next_what_is_not_closed_ends_somewhere)
{
	pieces("<!-- a > b", "t:: b|");
	pieces("<? a > b", "t:: b|");
	pieces("<![CDATA[ a > b", "t::<![CDATA[ a > b|");
	pieces("<!DOCTYPE a [ b > c", "d::DOCTYPE a |t:: c|");
	pieces("<a b='c>d", "o:a: b='c|t::d|");
	pieces("<a b", "t::<a b|");
	pieces("<!--", "");
	pieces("<?", "t::<?|");
}
END_TEST

START_TEST(attribute_forms_are_read)
{
	struct str body = STR(" a='1' b=\"2\" c=3 d e = 'f' g='h"), name, value;
	const char *const want[] = { "a", "1", "b", "2", "c", "3", "d", "",
				     "e", "f", "g", "h" };
	size_t n = 0;

	while (tags_attribute(&body, &name, &value)) {
		ck_assert(str_is(name, want[n++]));
		ck_assert(str_is(value, want[n++]));
	}
	ck_assert_uint_eq(n, sizeof(want) / sizeof(*want));
	body = STR(" = / ='a' /");
	n = 0;
	while (tags_attribute(&body, &name, &value))
		n++;
	ck_assert_uint_le(n, 4);
}
END_TEST

START_TEST(skip_to_close_finds_any_case)
{
	struct tags t;
	struct tags_piece p;

	tags_init(&t, STR("a < </b> </SCRIPT>c"));
	ck_assert(str_is(tags_skip_to_close(&t, "script"), "a < </b> "));
	ck_assert(tags_next(&t, &p));
	ck_assert_int_eq(p.kind, TAGS_CLOSE);
	ck_assert(str_is(tags_skip_to_close(&t, "script"), "c"));
	ck_assert(!tags_next(&t, &p));
}
END_TEST

static size_t attributes_of(size_t n)
{
	struct tags t;
	struct tags_piece p;
	struct str name, value;
	struct buf b;
	size_t count = 0;

	buf_init(&b, 1 << 20);
	buf_add_z(&b, "<a b='");
	for (size_t i = 0; i + strlen(" b=''") < n; i++)
		buf_add_char(&b, 'x');
	buf_add_z(&b, "'>");
	tags_init(&t, buf_view(&b));
	ck_assert(tags_next(&t, &p));
	ck_assert_int_eq(p.kind, TAGS_OPEN);
	while (tags_attribute(&p.body, &name, &value))
		count++;
	ck_assert(!tags_next(&t, &p));
	buf_done(&b);
	return count;
}

START_TEST(next_long_tag_has_no_attributes)
{
	ck_assert_uint_eq(attributes_of(TAGS_TAG_MAX - 1), 1);
	ck_assert_uint_eq(attributes_of(TAGS_TAG_MAX + 1), 0);
	ck_assert_uint_eq(attributes_of(500000), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_gives_views_of_all_kinds),
		CHECK_TEST(next_what_is_not_closed_ends_somewhere),
		CHECK_TEST(attribute_forms_are_read),
		CHECK_TEST(skip_to_close_finds_any_case),
		CHECK_TEST(next_long_tag_has_no_attributes),
		CHECK_END,
	};

	return check_main("tags", tests);
}
