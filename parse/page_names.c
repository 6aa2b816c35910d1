/* Bylines are written for people: "By Jane Doe, Reporter | 3 May 2020". What is
 * left here is the names. */
#include <errno.h>
#include <string.h>
#include <utf8proc.h>

#include "base/unicode.h"
#include "parse/fold.h"
#include "parse/page_found.h"
#include "parse/stamp.h"

enum { NAME_MAX_BYTES = 120, BYLINE_MAX = 600 };

static const char *const leads[] = {
	"by: ", "by ", "par ", "von ", "por ", "di ", "door ", "da ", "author: ",
	"author : ", "authors: ", "auteur : ", "auteur: ", "auteurs : ",
	"autor: ", "autorin: ", "autoren: ", "autore: ", "auteur : ",
	"written by: ", "written by ", "posted by: ", "posted by ",
	"published by ", "ecrit par ", "publie par ", "propos recueillis par ",
	"geschrieben von ", "verfasst von ", "ein artikel von ", "eine kolumne von ",
	"ein beitrag von ", "gastbeitrag von ", "text: ", "texte : ", "texto: ",
	"escrito por ", "publicado por ", "scritto da ", "a cura di ",
	"geschreven door ", "article by ", "story by ", "reported by ",
	"reporting by ", "interview by ", "words by ", "created by ", "about ",
	"autor ", "author ", "auteur ", "beitrag von ", "mis en ligne par ",
	"article de ", "un article de ", "napisal ",
};

/* From here on it is no name any more. */
static const char *const ends[] = {
	" | ", " * ", " - ", " / ", " (", " [", " posted on ", " published ",
	" publie ", " on ", " le ", " am ", " updated ", " mis a jour ",
	" in ", " for ", " via ", " follow ", " @", ", reporter", ", editor",
	", staff", ", correspondent", ", contributor", ", journaliste",
	", redakteur", ", redaktion", ", grand reporter", ", managing",
	", senior", ", associate", ", chief", ", writer", ", author",
	", correspondant", ", envoye", ", vom ", ", am ", ", professor",
	", director", ", usa today", " http", " www.", " >", " with ",
	" avec ", " mit ", ": ", " special to ", " et al", " view ", " ago",
	" um ", " at ",
};

static void drop(struct str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

/* The bytes of s that its folded text takes up to `at`. */
static size_t from_fold(const struct fold *f, size_t at)
{
	return f->at[at];
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
		drop(&s, from_fold(&f, best));
		s = str_trim(s);
	}
	return s;
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
	/* Numbers are of dates, and of comments. */
	for (size_t i = 0; i < end; i++)
		if (folded.p[i] >= '0' && folded.p[i] <= '9' && i &&
		    strchr(" ,.", folded.p[i - 1]))
			end = i;
	if (end < folded.n || f.whole)
		s.n = from_fold(&f, end);
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
		"comments", "about", "view all posts", "follow author",
	};
	struct fold f;
	struct str folded;
	bool has_letter = false;

	fold(s, &f);
	folded = fold_view(&f);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		if (str_is(folded, none[i]))
			return true;
	for (size_t i = 0; i < folded.n; i++)
		has_letter = has_letter || (unsigned char)folded.p[i] >= 'a';
	return !has_letter || is_web(folded) || s.n > NAME_MAX_BYTES;
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
		" en ", "\n", " And ", " with ",
	};
	size_t best = s.n;

	*n = 0;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t at = fold_find(s, signs[i]);

		if (at < best) {
			best = at;
			*n = strlen(signs[i]);
		}
	}
	return best;
}

struct str page_names(struct page_found *f, struct str byline)
{
	struct str rest = cut_leads(str_trim(byline)), ret = { "", 0 };
	struct buf out;
	size_t n;

	if (rest.n > BYLINE_MAX)
		return ret;
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
