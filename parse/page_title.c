/* One title out of many: of the page's tag, which names the site too, of what
 * machines are told, and of the heading that readers see. */
#include <string.h>

#include "parse/fold.h"
#include "parse/page_found.h"

static const char *const separators[] = {
	" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • ", " / ", " < ",
	" › ", " : ", " ‹ ", " « ", "| ", " ~ ", " |",
};

bool page_same_words(struct str a, struct str b)
{
	struct fold x, y;

	fold(str_trim(a), &x);
	fold(str_trim(b), &y);
	return x.n && str_eq(fold_view(&x), fold_view(&y));
}

static size_t letters_of(const struct fold *f, char *to, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n && n < size; i++)
		if ((f->z[i] >= 'a' && f->z[i] <= 'z') ||
		    (f->z[i] >= '0' && f->z[i] <= '9'))
			to[n++] = f->z[i];
	return n;
}

/* Is it the site, by its name or by its host without what is no letter? */
static bool is_site(struct str s, struct str site, struct str host)
{
	char letters[128], own[128];
	struct fold f, h;
	size_t n;

	if (page_same_words(s, site) || page_same_words(s, host))
		return true;
	fold(str_trim(s), &f);
	fold(host, &h);
	n = letters_of(&f, letters, sizeof(letters));
	return n >= 3 &&
	       str_starts((struct str){ own, letters_of(&h, own, sizeof(own)) },
			  (struct str){ letters, n });
}

/* The last place of any separator in s, and its length; s.n: none. */
static size_t last_separator(struct str s, size_t *n)
{
	size_t best = s.n;

	for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++) {
		struct str z = str_of(separators[i]);

		for (size_t at = s.n >= z.n ? s.n - z.n + 1 : 0; at-- > 0;) {
			if (memcmp(s.p + at, z.p, z.n))
				continue;
			if (best == s.n || at > best) {
				best = at;
				*n = z.n;
			}
			break;
		}
	}
	return best;
}

static size_t first_separator(struct str s, size_t *n)
{
	size_t best = s.n;

	for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++) {
		size_t at = fold_find(s, separators[i]);

		if (at < best) {
			best = at;
			*n = strlen(separators[i]);
		}
	}
	return best;
}

/* The title without the site's name at either end. */
static struct str cut_site(struct str s, struct str site, struct str host)
{
	size_t n = 0, at;

	for (int i = 0; i < 3; i++) {
		at = last_separator(s, &n);
		if (at == s.n || at == 0 ||
		    !is_site((struct str){ s.p + at + n, s.n - at - n }, site,
			     host))
			break;
		s = str_trim((struct str){ s.p, at });
	}
	at = first_separator(s, &n);
	if (at < s.n && is_site((struct str){ s.p, at }, site, host))
		s = str_trim((struct str){ s.p + at + n, s.n - at - n });
	return s;
}

/* Words that two titles share, of those that say something. */
static bool is_kin(const struct fold *title, const struct fold *heading)
{
	struct str rest = fold_view(heading);
	int shared = 0;

	while (rest.p) {
		struct str word = str_cut(&rest, ' ');
		char z[32];

		if (word.n < 4 || word.n >= sizeof(z))
			continue;
		memcpy(z, word.p, word.n);
		z[word.n] = '\0';
		shared += fold_find(fold_view(title), z) < title->n;
	}
	return shared >= 2;
}

/* The page's only h1 is what readers call its title, where the title says much
 * the same; one of several, or a lower heading, where the title holds it. */
static struct str agree(const struct page_found *f, struct str title)
{
	struct fold t, h;

	if (f->heading.n < 12 || f->heading.n > 300)
		return title;
	fold(title, &t);
	fold(f->heading, &h);
	if (!t.whole || !h.whole)
		return title;
	/* The kicker stands in the heading too: "Energy: Why it matters". */
	if (fold_find(fold_view(&h), t.z) < h.n)
		return title;
	if (fold_find(fold_view(&t), h.z) < t.n)
		return h.n * 3 < t.n || h.z[h.n - 1] == ':' ? title :
							      f->heading;
	return f->heading_count == 1 && is_kin(&t, &h) ? f->heading : title;
}

/* "Name » Blog Archive » Title" of old WordPress. */
static struct str cut_archive(struct str s)
{
	static const char archive[] = " » Blog Archive » ";
	size_t at = fold_find(s, archive), n = strlen(archive);

	return at == s.n ? s : (struct str){ s.p + at + n, s.n - at - n };
}

/* "Title | Name" where nobody says what the name is. */
static struct str cut_unknown(struct str s)
{
	size_t n = 0, at = last_separator(s, &n), words = 1;

	if (at == s.n || at * 2 < s.n)
		return s;
	for (size_t i = 0; i < at; i++)
		words += s.p[i] == ' ';
	return words < 4 ? s : str_trim((struct str){ s.p, at });
}

/* "Kicker: Title" where others say the title alone. */
static struct str cut_kicker(const struct page_found *f, struct str s)
{
	static const enum page_rank others[] = {
		PAGE_BY_ARTICLE, PAGE_BY_GRAPH, PAGE_BY_NAME, PAGE_BY_ITEM,
	};
	size_t at = fold_find(s, ": ");
	struct str rest = { s.p + at + 2, at < s.n ? s.n - at - 2 : 0 };

	if (rest.n < 12)
		return s;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (page_same_words(rest, f->said[PAGE_TITLE][others[i]]))
			return rest;
	return s;
}

struct str page_title(const struct page_found *f, struct str site,
		      struct str host)
{
	static const enum page_rank order[] = {
		PAGE_BY_GRAPH, PAGE_BY_ARTICLE, PAGE_BY_NAME, PAGE_BY_ITEM,
		PAGE_BY_META,
	};
	struct str s = { "", 0 }, best;

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		s = cut_site(f->said[PAGE_TITLE][order[i]], site, host);
		if (s.n && !page_same_words(s, site))
			return agree(f, cut_kicker(f, s));
	}
	s = cut_site(cut_archive(f->title_tag), site, host);
	if (s.n && !page_same_words(s, site)) {
		best = agree(f, s);
		if (best.p != s.p || s.n < f->title_tag.n)
			return best;
		return cut_unknown(s);
	}
	if (f->heading.n)
		return f->heading;
	s = f->said[PAGE_TITLE][PAGE_BY_PAGE];
	return s.n ? s : f->title_tag;
}
