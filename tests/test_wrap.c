#include "learn/wrap.h"

#include "tests/check_main.h"

/* What is written, for the test alone. */
static char text[4096];

static struct wrap begin(void)
{
	struct wrap p = { .out = fmemopen(text, sizeof(text), "w") };

	ck_assert_ptr_nonnull(p.out);
	return p;
}

static void wrote(struct wrap *p, const char *want)
{
	ck_assert_int_eq(fclose(p->out), 0);
	ck_assert_str_eq(text, want);
}

START_TEST(words_wrap_beside_their_label)
{
	struct wrap p = begin();

	wrap_label(&p, 8, "label");
	for (int i = 0; i < 9; i++)
		wrap_printf(&p, "word-%d12", i);
	wrap_end(&p);
	wrote(&p, "label   word-012 word-112 word-212 word-312 word-412 "
		  "word-512 word-612 word-712\n"
		  "        word-812\n");
}
END_TEST

START_TEST(words_are_as_wide_as_their_characters)
{
	struct wrap p = begin();
	char z[200] = "";

	for (int i = 0; i < 80; i++)
		strcat(z, "é");
	wrap_label(&p, 0, "");
	wrap_add(&p, z);
	wrap_add(&p, "x");
	wrap_end(&p);
	strcat(z, "\nx\n");
	wrote(&p, z);
}
END_TEST

START_TEST(label_that_is_too_long_keeps_its_blank)
{
	struct wrap p = begin();

	wrap_label(&p, 4, "long");
	wrap_add(&p, "a  b\nc");
	wrap_end(&p);
	wrap_label(&p, 4, "abc");
	wrap_add(&p, "d");
	wrap_end(&p);
	wrote(&p, "long a b c\nabc d\n");
}
END_TEST

START_TEST(control_characters_are_blanks)
{
	struct wrap p = begin();

	wrap_label(&p, 0, "");
	wrap_word(&p, "a\033[1m\x7f", 6);
	wrap_end(&p);
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

	return check_main("wrap", tests);
}
