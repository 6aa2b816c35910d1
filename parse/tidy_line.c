/* A line and the words of it that count. */
#include <string.h>

#include "parse/tidy_parts.h"

/* Quotes and brackets that close behind a full stop. */
static struct str cut_closing(struct str s)
{
	static const char *const closing[] = {
		"\"", ")", "]", " ", "»", "”", "\u00A0", "\u202F",
	};
	size_t before;

	do {
		before = s.n;
		for (size_t i = 0; i < sizeof(closing) / sizeof(*closing); i++)
			if (str_ends(s, str_of(closing[i])))
				s.n -= strlen(closing[i]);
	} while (s.n < before);
	return s;
}

static bool is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80 ||
	       (c >= '0' && c <= '9');
}

bool tidy_is_sentence(struct str s)
{
	s = cut_closing(str_trim(s));
	if (s.n < 4 || !str_ends(s, STR(".")) || str_ends(s, STR("...")))
		return false;
	/* A word of three small letters or more, no abbreviation. */
	for (size_t i = 2; i <= 4; i++)
		if (!is_of_word(s.p[s.n - i]))
			return false;
	return true;
}

bool tidy_has_stop(struct str s)
{
	s = str_trim(s);
	return str_ends(s, STR(".")) && !str_ends(s, STR("..."));
}

/* Signs that stand before and behind a label: "» [Lire aussi]". */
static bool is_edge(char c)
{
	return c && strchr(" *>-#|\"'[](~_=+:;,.!", c);
}

static void find_words(struct tidy_line *l)
{
	const char *z = l->f.z;

	l->from = 0;
	l->to = l->f.n;
	while (l->from < l->to && is_edge(z[l->from]) &&
	       strncmp(z + l->from, "(c)", 3))
		l->from++;
	if (!l->f.whole)
		return;
	while (l->to > l->from && (is_edge(z[l->to - 1]) ||
				   z[l->to - 1] == ')')) {
		/* A count goes with its brackets: "Commentaires (12)". */
		size_t at = l->to - 1;

		while (z[l->to - 1] == ')' && at > l->from &&
		       z[at - 1] >= '0' && z[at - 1] <= '9')
			at--;
		if (z[l->to - 1] == ')' && at < l->to - 1 && at > l->from &&
		    z[at - 1] == '(')
			l->to = at - 1;
		else
			l->to--;
	}
}

void tidy_line_init(struct str s, unsigned places, struct tidy_line *ret)
{
	ret->s = s;
	ret->places = places;
	ret->is_first = ret->is_post = false;
	fold(s, &ret->f);
	find_words(ret);
}

struct str tidy_words(const struct tidy_line *l)
{
	return (struct str){ l->f.z + l->from, l->to - l->from };
}
