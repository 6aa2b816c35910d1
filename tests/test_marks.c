#include "commands/marks.h"

#include <errno.h>
#include <math.h>

#include "tests/check_main.h"

static char block[1 << 20];

static struct span span(enum field f, uint32_t start, uint32_t end, double w)
{
	return (struct span){ f, start, end, w };
}

START_TEST(flatten_joins_what_overlaps)
{
	/* "Gaia-X cloud": the compound, its parts, a word; and a title. */
	struct span v[] = { span(FIELD_TEXT, 7, 12, 4),
			    span(FIELD_TEXT, 0, 4, 1),
			    span(FIELD_TEXT, 0, 6, 0.5),
			    span(FIELD_TEXT, 5, 6, -2),
			    span(FIELD_TITLE, 2, 9, 3) };
	struct spans w = marks_flatten((struct spans){ v, 5 });

	ck_assert_uint_eq(w.n, 3);
	ck_assert_int_eq(w.v[0].field, FIELD_TITLE);
	ck_assert_uint_eq(w.v[1].start, 0);
	ck_assert_uint_eq(w.v[1].end, 6);
	ck_assert_double_eq_tol(w.v[1].weight, -0.5, 1e-15);
	ck_assert_uint_eq(w.v[2].start, 7);
	ck_assert(marks_heaviest(w) == 4);
}
END_TEST

START_TEST(flatten_leaves_neighbours_apart)
{
	struct span v[] = { span(FIELD_TEXT, 0, 3, 1),
			    span(FIELD_TEXT, 3, 5, 1) };

	ck_assert_uint_eq(marks_flatten((struct spans){ v, 2 }).n, 2);
	ck_assert_uint_eq(marks_flatten((struct spans){ NULL, 0 }).n, 0);
	ck_assert(marks_heaviest((struct spans){ NULL, 0 }) == 0);
}
END_TEST

START_TEST(heavy_keeps_a_part_and_makes_phrases)
{
	const struct str field[FIELD_COUNT] = {
		STR(""), STR("aa bb cc dd, ee l’ff"), STR("")
	};
	struct span v[] = {
		span(FIELD_TEXT, 0, 2, 1),	 span(FIELD_TEXT, 3, 5, 0.4),
		span(FIELD_TEXT, 6, 8, -0.5),	 span(FIELD_TEXT, 9, 11, 0.29),
		span(FIELD_TEXT, 13, 15, -0.3),	 span(FIELD_TEXT, 16, 17, -0.6),
		span(FIELD_TEXT, 20, 22, -0.4),
	};
	struct spans w = marks_heavy(field, (struct spans){ v, 7 }, 0.3);

	ck_assert_uint_eq(w.n, 3);
	ck_assert_uint_eq(w.v[0].end, 5);
	ck_assert_double_eq_tol(w.v[0].weight, 1.4, 1e-15);
	ck_assert_uint_eq(w.v[1].start, 6); /* of the other sign */
	ck_assert_uint_eq(w.v[1].end, 8);   /* a comma divides */
	ck_assert_uint_eq(w.v[2].start, 13);
	ck_assert_uint_eq(w.v[2].end, 22); /* the apostrophe does not */
}
END_TEST

START_TEST(heavy_of_weightless_words_is_none)
{
	const struct str field[FIELD_COUNT] = { STR("aa"), STR(""), STR("") };
	struct span v[] = { span(FIELD_TITLE, 0, 2, 0) };

	ck_assert_uint_eq(marks_heavy(field, (struct spans){ v, 1 }, 0.3).n,
			  0);
}
END_TEST

START_TEST(tell_adds_up_each_word)
{
	const struct str field[FIELD_COUNT] = { STR("ab"), STR("ab cd ab ef"),
						STR("") };
	struct span v[] = { span(FIELD_TITLE, 0, 2, 0.5),
			    span(FIELD_TEXT, 0, 2, 0.25),
			    span(FIELD_TEXT, 3, 5, -1),
			    span(FIELD_TEXT, 6, 8, 0.25),
			    span(FIELD_TEXT, 9, 11, 2) };
	struct told told[5];

	ck_assert_uint_eq(marks_tell(field, (struct spans){ v, 5 }, told), 3);
	ck_assert(str_is(told[0].word, "ef"));
	ck_assert(str_is(told[1].word, "ab"));
	ck_assert_double_eq_tol(told[1].weight, 1, 1e-15);
	ck_assert_uint_eq(told[1].times, 3);
	ck_assert(str_is(told[2].word, "cd"));
	ck_assert_uint_eq(marks_tell(field, (struct spans){ NULL, 0 }, told),
			  0);
}
END_TEST

/* Sentences. */

static int cut(const char *z, struct sentence **ret)
{
	struct arena a = { block, block + sizeof(block) };

	return marks_cut(str_of(z), &a, ret);
}

static void cuts_into(const char *z, const char *const *want, int n)
{
	struct sentence *s;
	int got = cut(z, &s);

	ck_assert_msg(got == n, "%d sentences in: %s", got, z);
	for (int i = 0; i < n; i++) {
		struct str one = { z + s[i].start, s[i].end - s[i].start };

		ck_assert_msg(str_is(one, want[i]), "'" STR_FMT "', not '%s'",
			      STR_ARG(one), want[i]);
	}
}

#define CUTS_INTO(z, ...)                                                   \
	cuts_into(z, (const char *const[]){ __VA_ARGS__ },                  \
		  (int)(sizeof((const char *const[]){ __VA_ARGS__ }) /      \
			sizeof(char *)))

START_TEST(cut_at_ends_of_sentences)
{
	CUTS_INTO("One. Two! Three? Four… Five",
		  "One.", "Two!", "Three?", "Four…", "Five");
	CUTS_INTO("  « Oui. » Il part. ", "« Oui. »", "Il part.");
	CUTS_INTO("He said \"no.\" Then he left.", "He said \"no.\"",
		  "Then he left.");
	CUTS_INTO("Vraiment ?! Oui.", "Vraiment ?!", "Oui.");
	CUTS_INTO("Élan. Été", "Élan.", "Été");
}
END_TEST

START_TEST(cut_not_within_a_sentence)
{
	CUTS_INTO("M. Durand paie 3.5 euros.", "M. Durand paie 3.5 euros.");
	CUTS_INTO("J. F. Kennedy, i.e. him.", "J. F. Kennedy, i.e. him.");
	CUTS_INTO("Yahoo! was bought.", "Yahoo! was bought.");
	CUTS_INTO("example.org is down", "example.org is down");
}
END_TEST

START_TEST(cut_at_lines)
{
	CUTS_INTO("A headline\nand a line\n\n  the rest ", "A headline",
		  "and a line", "the rest");
	CUTS_INTO("à\nà", "à", "à");
}
END_TEST

START_TEST(cut_of_blanks_is_nothing)
{
	struct sentence *s;

	ck_assert_int_eq(cut("", &s), 0);
	ck_assert_int_eq(cut(" \n\t ", &s), 0);
}
END_TEST

START_TEST(cut_long_ones_at_a_blank)
{
	static char z[3 * SENTENCE_MAX];
	struct sentence *s;
	size_t n = sizeof(z) - 1;
	int count;

	for (size_t i = 0; i < n; i++)
		z[i] = i % 10 == 9 ? ' ' : 'a';
	count = cut(z, &s);
	ck_assert_int_ge(count, 3);
	for (int i = 0; i < count; i++) {
		ck_assert_uint_le(s[i].end - s[i].start, SENTENCE_MAX);
		ck_assert(z[s[i].start] == 'a' && z[s[i].end - 1] == 'a');
		ck_assert(!i || s[i].start == s[i - 1].end + 1);
	}
	memset(z, 'a', n); /* one without a blank stays whole */
	ck_assert_int_eq(cut(z, &s), 1);
	ck_assert_uint_eq(s[0].end, n);
}
END_TEST

/* No character is lost between the sentences, whatever the text. */
START_TEST(cut_keeps_every_character)
{
	static const char *const bits[] = { ".", " ", "!", "\n", "é", "»",
					    "A", "a", " ", "…", "\"" };
	unsigned state = 9;

	for (int round = 0; round < 500; round++) {
		char z[200] = "";
		struct sentence *s;
		size_t at = 0;
		int n;

		for (int i = 0; i < 40; i++) {
			state = state * 1103515245u + 12345u;
			strcat(z, bits[(state >> 16) % 11]);
		}
		n = cut(z, &s);
		ck_assert_int_ge(n, 0);
		for (int i = 0; i <= n; i++) {
			size_t end = i < n ? s[i].start : strlen(z);
			const char *p = z + at;

			while (p < z + end) {
				bool wide = !strncmp(p, " ", 2);

				ck_assert_msg(wide || *p == ' ' || *p == '\n',
					      "lost '%s' of '%s'", p, z);
				p += wide ? 2 : 1;
			}
			if (i < n) {
				ck_assert_uint_lt(s[i].start, s[i].end);
				at = s[i].end;
			}
		}
	}
}
END_TEST

START_TEST(cut_arena_full_is_out_of_memory)
{
	struct arena a = { block, block + sizeof(struct sentence) };
	struct sentence *s;

	ck_assert_int_eq(marks_cut(STR("One. Two."), &a, &s), -ENOMEM);
}
END_TEST

/* Which to show. */

static void pick(size_t n, double part, const char *want)
{
	static const char *const text = "One. Two. Three. Four.";
	struct span v[] = { span(FIELD_TITLE, 0, 3, 99),
			    span(FIELD_TEXT, 0, 3, 1),
			    span(FIELD_TEXT, 5, 8, -4),
			    span(FIELD_TEXT, 10, 15, 2),
			    span(FIELD_TEXT, 17, 21, 3) };
	struct arena a = { block, block + sizeof(block) };
	struct sentence *s;

	ck_assert_int_eq(marks_cut(str_of(text), &a, &s), 4);
	marks_pick(s, 4, FIELD_TEXT, (struct spans){ v, 5 }, n, part, a);
	for (size_t i = 0; i < 4; i++)
		ck_assert_msg(s[i].shown == (want[i] == '1'),
			      "sentence %zu of %zu at %g", i, n, part);
}

START_TEST(pick_the_heaviest_until_enough)
{
	pick(4, 0.1, "1111");
	pick(3, 1, "0111");
	pick(3, 0.7, "0101");
	pick(3, 0.4, "0100");
	pick(1, 1, "0100");
	pick(3, 0, "0100");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(flatten_joins_what_overlaps),
		CHECK_TEST(flatten_leaves_neighbours_apart),
		CHECK_TEST(heavy_keeps_a_part_and_makes_phrases),
		CHECK_TEST(heavy_of_weightless_words_is_none),
		CHECK_TEST(tell_adds_up_each_word),
		CHECK_TEST(cut_at_ends_of_sentences),
		CHECK_TEST(cut_not_within_a_sentence),
		CHECK_TEST(cut_at_lines),
		CHECK_TEST(cut_of_blanks_is_nothing),
		CHECK_TEST(cut_long_ones_at_a_blank),
		CHECK_TEST(cut_keeps_every_character),
		CHECK_TEST(cut_arena_full_is_out_of_memory),
		CHECK_TEST(pick_the_heaviest_until_enough),
		CHECK_END,
	};

	return check_main("marks", tests);
}
