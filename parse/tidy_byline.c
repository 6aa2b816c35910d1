/* Who wrote it and where, as it stands over and under an article. Names are
 * told by their capitals, so this looks at the line as it is written. */
#include <string.h>
#include <utf8proc.h>

#include "base/unicode.h"
#include "parse/stamp.h"
#include "parse/tidy_parts.h"

enum {
	LINE_BYTES = 200,
	NAME_WORDS = 8,  /* of several names together */
	PLACE_BYTES = 160,
};

static const char *const leads[] = {
	"propos recueillis par ", "article ecrit par ", "ecrit par ",
	"redige par ", "publie par ", "poste par ", "written by ",
	"posted by ", "published by ", "geschrieben von ", "escrito por ",
	"scritto da ", "geschreven door ", "par ", "by ", "von ", "por ",
	"di ", "door ",
};

static const char *const agencies[] = {
	"reuters", "afp", "ap", "dpa", "ansa", "efe", "lusa", "ats", "belga",
	"anp", "europa press", "bloomberg", "upi", "pa", "xinhua", "tass",
	"apa", "ani", "pti", "ians", "kyodo", "agefi-dow jones", "awp",
	"agefi", "dow jones", "zonebourse", "aof", "adnkronos", "agenciabrasil",
	"bluewin", "canadian press", "la presse canadienne", "cp", "cnn",
};

static const char *const date_leads[] = {
	"publie le ", "publie ", "published on ", "published ", "posted on ",
	"mis a jour le ", "mise a jour le ", "le ", "on ", "am ", "el ", "il ",
	"op ", "em ", "updated ",
};

static const char *const roles[] = {
	"journaliste", "redacteur", "redactrice", "correspondant",
	"correspondante", "envoye special", "envoyee speciale",
	"grand reporter", "staff writer", "staff reporter", "reporter",
	"correspondent", "editor",
};

static const char *const partners[] = {
	"avec afp", "avec reuters", "avec agences", "afp", "reuters",
};

static void drop(struct str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static bool take_any(struct str *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!s->n || list[i][0] != s->p[0] ||
		    !str_starts(*s, str_of(list[i])))
			continue;
		drop(s, strlen(list[i]));
		return true;
	}
	return false;
}

#define TAKE_ANY(s, list) take_any(s, list, sizeof(list) / sizeof(*(list)))

static bool is_capital(struct str word)
{
	size_t n;
	uint32_t c;

	if (!word.n)
		return false;
	c = unicode_decode(word.p, word.p + word.n, &n);
	return utf8proc_category((utf8proc_int32_t)c) ==
	       UTF8PROC_CATEGORY_LU;
}

static bool is_all_capitals(struct str word)
{
	bool any = false;

	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] >= 'a' && word.p[i] <= 'z')
			return false;
		any = any || (word.p[i] >= 'A' && word.p[i] <= 'Z');
	}
	return any;
}

static bool is_particle(struct str word)
{
	static const char *const list[] = {
		"de", "du", "des", "la", "le", "van", "von", "der", "den",
		"el", "al", "bin", "ben", "da", "di", "del", "della", "dos",
		"do", "ten", "ter", "zu", "et", "and", "und", "y", "e", "en",
		"&",
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (str_is(word, list[i]))
			return true;
	return str_starts(word, STR("d'")) || str_starts(word, STR("d’"));
}

/* The next word of *s and the space behind it. */
static struct str take_word(struct str *s)
{
	struct str word = { s->p, 0 };

	while (word.n < s->n && s->p[word.n] != ' ' &&
	       !str_starts((struct str){ s->p + word.n, s->n - word.n },
			   STR("\u00A0")))
		word.n++;
	drop(s, word.n);
	if (s->n)
		drop(s, s->p[0] == ' ' ? 1 : 2);
	return word;
}

static bool is_two_names(struct str s)
{
	struct str a = take_word(&s), b = take_word(&s);

	return is_capital(a) && is_capital(b) && !str_ends(a, STR(","));
}

/* The names at the head of *s, of at least two words; taken. */
static bool take_names(struct str *s, struct str *ret)
{
	struct str t = *s, end = *s;
	int words = 0, capitals = 0;
	bool is_over = false;

	while (t.n && words < NAME_WORDS && !is_over) {
		struct str word = take_word(&t);

		if (!is_capital(word) &&
		    (!capitals || !is_particle(word) || !t.n))
			break;
		words++;
		if (str_ends(word, STR(",")) || str_ends(word, STR(":"))) {
			word.n--;
			is_over = str_ends(word, STR(":")) || !is_two_names(t);
		}
		if (is_capital(word)) {
			capitals++;
			end.p = word.p + word.n;
		}
	}
	*ret = (struct str){ s->p, (size_t)(end.p - s->p) };
	if (capitals < 2)
		return false;
	drop(s, ret->n);
	return true;
}

static void skip_signs(struct str *s)
{
	while (s->n && strchr(" ,-|*>.:;(/", s->p[0]))
		drop(s, 1);
}

/* What stands behind the names: a date, a role, an agency, or nothing. */
static bool is_end_of_byline(struct str folded, char date[DATE_MAX])
{
	size_t n;

	skip_signs(&folded);
	if (!folded.n)
		return true;
	if (TAKE_ANY(&folded, roles))
		return folded.n < 50;
	if (TAKE_ANY(&folded, partners))
		return folded.n < 2;
	TAKE_ANY(&folded, date_leads);
	n = stamp_read(folded, false, date);
	return n && folded.n - n < 90;
}

/* "(Reporting by X; editing by Y)", "(X, édité par Y)" */
static bool is_desk(const struct tidy_line *l)
{
	static const char *const heads[] = {
		"reporting by ", "additional reporting by ", "writing by ",
		"editing by ", "(reporting by ", "(additional reporting by ",
		"(writing by ", "(editing by ", "(avec afp)", "(avec reuters)",
		"avec afp", "avec reuters",
	};
	struct str s = fold_view(&l->f);

	if (!(l->places & TIDY_TAIL) || !l->f.whole || l->s.n > 250)
		return false;
	if (s.n && s.p[0] == '(' && str_ends(s, STR(")")) &&
	    (fold_find(s, " edite par ") < s.n ||
	     fold_find(s, " edited by ") < s.n))
		return true;
	return TAKE_ANY(&s, heads) &&
	       (s.n < 4 || !str_starts(fold_view(&l->f), STR("avec")));
}

bool tidy_byline(const struct tidy_line *l, struct tidy_found *found)
{
	struct str folded = fold_view(&l->f), s = l->s;
	size_t from, names;

	found->kind = TIDY_BYLINE;
	if (is_desk(l))
		return true;
	if (!(l->places & TIDY_HEAD) || !l->f.whole || l->s.n > LINE_BYTES ||
	    tidy_has_stop(l->s) || !TAKE_ANY(&folded, leads))
		return false;
	from = l->f.at[folded.p - l->f.z];
	drop(&s, from);
	if (!take_names(&s, &found->author))
		return false;
	names = (size_t)(s.p - l->s.p);
	while (folded.n && l->f.at[folded.p - l->f.z] < names)
		drop(&folded, 1);
	if (!is_end_of_byline(folded, found->date))
		return false;
	/* The first line is the title: "Par Amour du Risque". */
	return !l->is_first || found->date[0];
}

static bool is_agency(struct str s)
{
	for (size_t i = 0; i < sizeof(agencies) / sizeof(*agencies); i++) {
		struct str z = str_of(agencies[i]);

		if (str_starts(s, z) && (s.n == z.n ||
					 strchr(" -,/)", s.p[z.n])))
			return true;
	}
	return false;
}

/* " (Reuters) - " in the folded line: where the bracket opens and what follows
 * the dash. */
static bool find_agency(const struct fold *f, size_t *open, size_t *behind)
{
	struct str s = fold_view(f), agency;
	const char *at, *close;

	at = memchr(s.p, '(', s.n < PLACE_BYTES ? s.n : PLACE_BYTES);
	if (!at || at == s.p)
		return false;
	drop(&s, (size_t)(at + 1 - s.p));
	close = memchr(s.p, ')', s.n < 40 ? s.n : 40);
	if (!close)
		return false;
	agency = (struct str){ s.p, (size_t)(close - s.p) };
	drop(&s, agency.n + 1);
	if (s.n && s.p[0] == ' ')
		drop(&s, 1);
	if (!is_agency(agency) || s.n < 3 || s.p[0] != '-' || s.p[1] != ' ')
		return false;
	*open = (size_t)(at - f->z);
	*behind = (size_t)(s.p + 2 - f->z);
	return true;
}

/* "PARIS", "NEW YORK", "Paris, 22 oct 2022" */
static bool is_place(struct str s, struct tidy_found *found)
{
	struct str rest = s, place = str_cut(&rest, ',');
	bool is_loud = true, is_proper = true;
	struct fold f;
	int words = 0;

	for (place = str_trim(place); place.n; words++) {
		struct str word = take_word(&place);

		is_loud = is_loud && is_all_capitals(word);
		is_proper = is_proper && is_capital(word);
	}
	if (!words || words > 4)
		return false;
	if (!rest.p)
		return is_loud;
	fold(str_trim(rest), &f);
	if (!stamp_read(fold_view(&f), false, found->date))
		return is_loud && rest.n < 40;
	return is_proper;
}

/* Part "Jean Dupont PARIS" where the capitals begin; the name has two words
 * when it can. */
static bool part_name(struct str s, struct str *name, struct str *place)
{
	struct str rest = s, from = { NULL, 0 };
	int at = 0, words = 0;

	for (; rest.n; words++) {
		struct str before = rest, word = take_word(&rest);

		if (words < 1 || (words < 2 && rest.n))
			continue;
		if (!is_all_capitals(word))
			from.p = NULL;
		else if (!from.p)
			from = before, at = words;
	}
	if (!from.p || !at || words > 7)
		return false;
	*name = str_trim((struct str){ s.p, (size_t)(from.p - s.p) });
	*place = from;
	return is_capital(*name);
}

size_t tidy_byline_head(const struct tidy_line *l, struct tidy_found *found)
{
	struct str folded = fold_view(&l->f), before, place;
	size_t open, behind, end;

	if (!(l->places & TIDY_HEAD) || !find_agency(&l->f, &open, &behind))
		return 0;
	end = l->f.at[behind];
	before = str_trim((struct str){ l->s.p, l->f.at[open] });
	place = before;
	if (str_starts(folded, STR("par ")) || str_starts(folded, STR("by "))) {
		size_t lead = l->f.at[folded.p[0] == 'p' ? 4 : 3];

		if (lead >= before.n)
			return 0;
		drop(&before, lead);
		if (!part_name(before, &found->author, &place))
			return 0;
	}
	found->kind = TIDY_BYLINE;
	return is_place(place, found) ? end : 0;
}
