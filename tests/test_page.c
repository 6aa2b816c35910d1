#include "learn/page.h"

#include "tests/check_main.h"

/* What is written, for the test alone. */
static char text[4096];

static struct page begin(void)
{
	struct page p = { .out = fmemopen(text, sizeof(text), "w") };

	ck_assert_ptr_nonnull(p.out);
	return p;
}

static void wrote(struct page *p, const char *want)
{
	ck_assert_int_eq(fclose(p->out), 0);
	ck_assert_str_eq(text, want);
}

START_TEST(words_wrap_beside_their_label)
{
	struct page p = begin();

	page_label(&p, 8, "label");
	for (int i = 0; i < 9; i++)
		page_printf(&p, "word-%d12", i);
	page_end(&p);
	wrote(&p, "label   word-012 word-112 word-212 word-312 word-412 "
		  "word-512 word-612 word-712\n"
		  "        word-812\n");
}
END_TEST

START_TEST(words_are_as_wide_as_their_characters)
{
	struct page p = begin();
	char z[200] = "";

	for (int i = 0; i < 80; i++)
		strcat(z, "é");
	page_label(&p, 0, "");
	page_add(&p, z);
	page_add(&p, "x");
	page_end(&p);
	strcat(z, "\nx\n");
	wrote(&p, z);
}
END_TEST

START_TEST(label_that_is_too_long_keeps_its_blank)
{
	struct page p = begin();

	page_label(&p, 4, "long");
	page_add(&p, "a  b\nc");
	page_end(&p);
	page_label(&p, 4, "abc");
	page_add(&p, "d");
	page_end(&p);
	wrote(&p, "long a b c\nabc d\n");
}
END_TEST

START_TEST(control_characters_are_blanks)
{
	struct page p = begin();

	page_label(&p, 0, "");
	page_word(&p, "a\033[1m\x7f", 6);
	page_end(&p);
	wrote(&p, "a [1m \n");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(words_wrap_beside_their_label),
		CHECK_TEST(words_are_as_wide_as_their_characters),
		CHECK_TEST(label_that_is_too_long_keeps_its_blank),
		CHECK_TEST(control_characters_are_blanks),
		CHECK_END,
	};

	return check_main("page", tests);
}
