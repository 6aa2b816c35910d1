/* Bylines are written for people: "By Jane Doe, Reporter | 3 May 2020". What is
 * left here is the names. */
#include <errno.h>
#include <string.h>

#include "parse/fold.h"
#include "parse/page_found.h"
#include "parse/stamp.h"

enum { NAME_MAX_BYTES = 120, BYLINE_MAX = 600 };

static const char *const leads[] = {
	"by: ", "by ", "par ", "von ", "por ", "di ", "door ", "da ",
	"author: ", "author : ", "authors: ", "auteur : ", "auteur: ",
	"auteurs : ", "autor: ", "autorin: ", "autoren: ", "autore: ",
	"written by: ", "written by ", "posted by: ", "posted by ",
	"published by ", "ecrit par ", "publie par ", "propos recueillis par ",
	"geschrieben von ", "verfasst von ", "ein artikel von ",
	"eine kolumne von ", "ein beitrag von ", "gastbeitrag von ", "text: ",
	"texte : ", "texto: ", "escrito por ", "publicado por ", "scritto da ",
	"a cura di ", "geschreven door ", "article by ", "story by ",
	"reported by ", "reporting by ", "interview by ", "words by ",
	"created by ", "about ", "autor ", "author ", "auteur ", "beitrag von ",
	"mis en ligne par ", "article de ", "un article de ", "napisal ",
	"view all posts by ", "zeige alle beitrage von ", "alle beitrage von ",
	"posts by ", "voir tous les articles de ", "alle artikel von ",
	"more by ",
};

/* From here on it is no name any more. */
static const char *const ends[] = {
	" | ", " * ", " - ", " / ", " (", " [", " posted on ", " published ",
	" publie ", " updated ", " mis a jour ", " follow ", " @", " http",
	" www.", " >", ": ", " special to ", " et al", " view ", " ago",
	" stand", " journaliste", " suivre", " editor ", " edited by ",
	" updated", " last updated",
};

/* The same, but for the "In" of a name. */
static const char *const small_ends[] = {
	" in ", " for ", " via ", " with ", " avec ", " mit ", " at ",
};

/* What stands behind a name as another would: "Jane Doe, Reporter". */
static const char *const roles[] = {
	"reporter", "editor", "staff", "correspondent", "contributor",
	"journaliste", "journalist", "journalistin", "redakteur",
	"redakteurin", "redacteur", "redactrice", "grand",
	"managing", "senior", "associate", "chief", "writer", "author",
	"correspondant", "correspondante", "envoye", "envoyee", "vom", "am",
	"professor", "director", "usa", "contributing", "guest", "deputy",
	"freelance", "co-founder", "founder", "ceo", "md", "ma", "phd", "kg",
};

static void drop(struct str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static bool is_web(struct str folded)
{
	return str_starts(folded, STR("http")) ||
	       str_starts(folded, STR("www.")) ||
	       str_starts(folded, STR("/")) || str_starts(folded, STR("@")) ||
	       fold_find(folded, "://") < folded.n;
}

static struct str cut_leads(struct str s)
{
	struct fold f;

	for (int i = 0; i < 3; i++) {
		size_t best = 0;

		fold(s, &f);
		for (size_t k = 0; k < sizeof(leads) / sizeof(*leads); k++) {
			size_t n = strlen(leads[k]);

			if (n > best && n < f.n &&
			    str_starts(fold_view(&f), str_of(leads[k])))
				best = n;
		}
		if (!best)
			break;
		drop(&s, f.at[best]);
		s = str_trim(s);
	}
	return s;
}

/* Dates, and counts of comments; one word may be the name of an account. */
static size_t number_at(struct str folded, size_t end)
{
	bool has_space = false;
	char date[DATE_MAX];

	for (size_t i = 1; i < end; i++) {
		struct str rest = { folded.p + i, folded.n - i };

		if (folded.p[i - 1] == ' ' && stamp_read(rest, false, date))
			return i;
		has_space = has_space || folded.p[i - 1] == ' ';
		if (folded.p[i] >= '0' && folded.p[i] <= '9' && has_space)
			return i;
	}
	return end;
}

static struct str cut_ends(struct str s)
{
	struct fold f;
	struct str folded;
	size_t end;

	fold(s, &f);
	folded = fold_view(&f);
	end = folded.n;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t at = fold_find(folded, ends[i]);

		if (at && at < end)
			end = at;
	}
	for (size_t i = 0; i < sizeof(small_ends) / sizeof(*small_ends); i++) {
		size_t at = fold_find(folded, small_ends[i]);

		if (at && at < end && s.p[f.at[at + 1]] >= 'a')
			end = at;
	}
	end = number_at(folded, end);
	if (end < folded.n || f.whole)
		s.n = f.at[end];
	return s;
}

static bool is_edge(char c)
{
	return c && strchr(" ,;:.|-/*\"'([", c);
}

static struct str trim(struct str s)
{
	bool initial;

	while (s.n && is_edge(s.p[0]))
		drop(&s, 1);
	while (s.n && is_edge(s.p[s.n - 1])) {
		/* "Joe S." and "Sammy Davis Jr." keep their stop. */
		initial = s.p[s.n - 1] == '.' && s.n > 3 &&
			  (s.p[s.n - 3] == ' ' || str_ends(s, STR("Jr.")));
		if (initial)
			break;
		s.n--;
	}
	while (str_ends(s, STR("–")) || str_ends(s, STR("…")) ||
	       str_ends(s, STR("—")) || str_ends(s, STR("•")))
		s.n -= 3;
	return str_trim(s);
}

static bool is_no_name(struct str s)
{
	static const char *const none[] = {
		"admin", "administrator", "anonymous", "unknown", "author",
		"authors", "editor", "staff", "by", "null", "none", "undefined",
		"guest", "webmaster", "default", "follow", "share", "facebook",
		"twitter", "about the author", "auteur", "autor", "redaction",
		"la redaction", "super user", "user", "root", "read more",
		"comments", "about", "view all posts", "follow author", "foto",
		"photo", "bild", "last updated", "text", "profile", "archive",
		"contact", "kontakt", "author page", "print", "email", "e-mail",
		"publie", "published", "posted", "updated", "veroffentlicht",
		"publicado", "pubblicato", "par", "von", "por", "last",
		"written by", "posted by", "text:",
	};
	struct fold f;
	struct str folded, rest, first;
	bool has_letter = false;

	fold(s, &f);
	folded = rest = fold_view(&f);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		if (str_is(folded, none[i]))
			return true;
	first = str_cut(&rest, ' ');
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (str_is(first, roles[i]))
			return true;
	for (size_t i = 0; i < folded.n; i++)
		has_letter = has_letter || (unsigned char)folded.p[i] >= 'a';
	return !has_letter || is_web(folded) || s.n > NAME_MAX_BYTES ||
	       str_starts(folded, STR("copyright"));
}

/* One name is kept once, whatever its case. */
static bool has_name(const struct buf *out, struct str name)
{
	struct str rest = buf_view(out);
	struct fold f, one;

	fold(name, &f);
	while (rest.n) {
		fold(str_trim(str_cut(&rest, ',')), &one);
		if (str_eq(fold_view(&f), fold_view(&one)))
			return true;
	}
	return false;
}

static void add_name(struct buf *out, struct str s)
{
	s = trim(cut_ends(cut_leads(trim(s))));
	if (!s.n || is_no_name(s) || has_name(out, s) ||
	    out->n + s.n + 2 > PAGE_AUTHORS_MAX)
		return;
	if (out->n)
		buf_add_z(out, ", ");
	buf_add_str(out, s);
}

/* Where one name ends and the next begins in s: the sign's place, and its
 * length in *n; s.n: nowhere. */
static size_t next_name(struct str s, size_t *n)
{
	static const char *const signs[] = {
		", ", "; ", ";", " and ", " et ", " und ", " & ", " y ", " e ",
		" en ", "\n", " And ", " | ",
	};
	size_t best = s.n;

	*n = 0;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t at = fold_find(s, signs[i]);

		/* "Mac & i" is one. */
		if (at < best && (signs[i][0] != ' ' ||
				  fold_find((struct str){ s.p, at }, " ") <
					  at)) {
			best = at;
			*n = strlen(signs[i]);
		}
	}
	return best;
}

/* Remarks in brackets are not of the name: "(avec A et B)". Into to, which
 * holds s.n bytes. */
static size_t without_remarks(struct str s, char *to)
{
	size_t n = 0, depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		depth += s.p[i] == '(';
		if (depth == 1 && s.p[i] == '(' && n && to[n - 1] == ' ')
			n--;
		if (!depth)
			to[n++] = s.p[i];
		else if (s.p[i] == ')')
			depth--;
	}
	return n;
}

struct str page_names(struct page_found *f, struct str byline)
{
	struct str rest = cut_leads(str_trim(byline)), ret = { "", 0 };
	char plain[BYLINE_MAX];
	struct buf out;
	size_t n;

	if (rest.n > BYLINE_MAX)
		return ret;
	rest = (struct str){ plain, without_remarks(rest, plain) };
	buf_init(&out, PAGE_AUTHORS_MAX);
	while (rest.n) {
		size_t at = next_name(rest, &n);
		struct str one = { rest.p, at };

		drop(&rest, at + n);
		add_name(&out, one);
	}
	if (out.n && !buf_error(&out))
		ret = arena_copy(f->a, buf_view(&out));
	f->no_memory = f->no_memory || buf_error(&out) == -ENOMEM || !ret.p;
	buf_done(&out);
	return ret.p ? ret : (struct str){ "", 0 };
}
