/* Who wrote it, of all who are said to have. Persons before accounts, and both
 * before firms; the site's owner, whom templates name on every page, is nobody's
 * author. */
#include <string.h>

#include "parse/fold.h"
#include "parse/page_found.h"

enum { FIRM_MAX = 120 }; /* bytes */

/* Words of firms and offices; folded. */
static const char *const firm_words[] = {
	"gmbh", "ag", "kg", "gbr", "mbh", "inc", "ltd", "llc", "corp", "sarl",
	"e.v", "e.v.", "ev", "redaktion", "redaction", "redaccion",
	"redazione", "redactie", "redakcja", "newsroom", "editors",
	"editorial", "staff", "team", "verlag", "zeitung", "magazin",
	"magazine", "ministerium", "bundesministerium", "ministere",
	"ministry", "departement", "department", "universitat", "university",
	"universite", "institut", "institute", "verband", "verein",
	"stiftung", "foundation", "fondation", "partei", "sekretariat",
	"news", "online", "agency", "agence", "agentur", "association",
	"gesellschaft", "organization", "bundestag", "presse", "press", "blog",
};

static bool is_firm_word(struct str word)
{
	for (size_t i = 0; i < sizeof(firm_words) / sizeof(*firm_words); i++)
		if (str_is(word, firm_words[i]))
			return true;
	return false;
}

/* "port.example": a host and not "J.K." or "anne.petit.". */
static bool is_host_like(struct str folded)
{
	static const char *const ends[] = {
		".de", ".com", ".org", ".net", ".at", ".ch", ".fr", ".pl",
		".eu", ".info", ".it", ".es", ".nl", ".uk", ".example",
	};

	if (fold_find(folded, " ") < folded.n)
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (str_ends(folded, str_of(ends[i])))
			return true;
	return false;
}

static bool is_firm(struct str s)
{
	struct fold f;
	struct str rest;

	fold(s, &f);
	rest = fold_view(&f);
	if (is_host_like(rest))
		return true;
	while (rest.n) {
		struct str word = rest;

		word.n = 0;
		while (word.n < rest.n && !strchr(" ,;/-", word.p[word.n]))
			word.n++;
		if (is_firm_word(word) || is_host_like(word))
			return true;
		if (word.n == rest.n)
			break;
		rest.p += word.n + 1;
		rest.n -= word.n + 1;
	}
	return false;
}

/* "Quai & Co. KG" is one name. */
static struct str name_of_firm(struct str raw)
{
	struct str s = str_trim(str_cut(&raw, ';'));
	struct fold f;

	fold(s, &f);
	if (s.n > FIRM_MAX || fold_find(fold_view(&f), "copyright") < f.n ||
	    fold_find(fold_view(&f), "(c)") < f.n)
		return (struct str){ "", 0 };
	return s;
}

/* "anne.petit", "fhaacker", "CC7567": what somebody signs in with. */
static bool is_account(struct str s)
{
	if (fold_find(s, " ") < s.n)
		return false;
	if (s.p[0] >= 'a' && s.p[0] <= 'z')
		return true;
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_')
			return true;
	return false;
}

/* The first word alone of a name that was said in full: "Anne" of "Anne Petit",
 * whose site has her name. */
static bool is_short_for(struct str s, struct str full)
{
	return full.n > s.n + 1 && str_starts(full, s) && full.p[s.n] == ' ';
}

/* A site may have the name of the person who writes all of it; "The Port" is
 * none. */
static bool is_person(struct str s)
{
	static const char *const articles[] = {
		"the ", "der ", "die ", "das ", "le ", "la ", "les ", "el ",
		"il ", "de ", "o ",
	};
	struct fold f;
	size_t spaces = 0, small = 0;

	fold(s, &f);
	for (size_t i = 0; i < sizeof(articles) / sizeof(*articles); i++)
		if (str_starts(fold_view(&f), str_of(articles[i])))
			return false;
	for (size_t i = 0; i < s.n; i++) {
		spaces += s.p[i] == ' ';
		small += s.p[i] >= 'a' && s.p[i] <= 'z';
	}
	return spaces >= 1 && spaces <= 2 && 2 * small > s.n &&
	       page_is_names(s) && !is_firm(s);
}

/* The names of s that are not the site's, nor, where firms are among them, other
 * than a person's: of "Anne Petit, Le Port" the first. */
static struct str without_owner(struct page_found *f, struct str s,
				struct str site, struct str host, bool firms)
{
	struct str rest = s;
	struct buf out;

	buf_init(&out, PAGE_AUTHORS_MAX);
	while (rest.n) {
		struct str one = str_trim(str_cut(&rest, ','));

		if (page_same_words(one, site) || page_same_words(one, host) ||
		    (firms && !is_person(one)))
			continue;
		if (out.n)
			buf_add_z(&out, ", ");
		buf_add_str(&out, one);
	}
	s = buf_view(&out);
	s = s.n ? arena_copy(f->a, s) : (struct str){ "", 0 };
	f->no_memory = f->no_memory || !s.p;
	buf_done(&out);
	return s.p ? s : (struct str){ "", 0 };
}

struct str page_author(struct page_found *f, struct str site, struct str host)
{
	struct str owner = { "", 0 }, firm = { "", 0 }, account = { "", 0 };

	for (int r = 0; r < PAGE_RANKS; r++) {
		struct str raw = f->said[PAGE_AUTHOR][r], all, s;
		bool has_firm;

		if (!raw.n)
			continue;
		all = page_names(f, raw);
		if (!all.n)
			continue;
		has_firm = is_firm(raw);
		s = without_owner(f, all, site, host, has_firm);
		if (page_same_words(raw, site) || (!s.n && !has_firm)) {
			owner = owner.n ? owner : all;
		} else if (!s.n) {
			/* The imprint names them in this place. */
			if (!firm.n && r != PAGE_BY_META &&
			    !page_same_words(all, site))
				firm = name_of_firm(raw);
		} else if (is_account(s)) {
			/* That of who entered the page. */
			if (!account.n && r != PAGE_BY_META)
				account = s;
		} else {
			return is_short_for(s, owner) ? owner : s;
		}
	}
	if (account.n)
		return account;
	return owner.n && is_person(owner) ? owner : firm;
}
