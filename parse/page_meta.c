#include <errno.h>
#include <string.h>
#include <strings.h>

#include "parse/fold.h"
#include "parse/page.h"
#include "parse/page_found.h"
#include "parse/stamp.h"
#include "parse/url.h"

/* Dates. */

bool page_date(const struct page_found *f, struct str s, char out[DATE_MAX])
{
	char date[DATE_MAX];
	struct fold one;

	s = str_trim(s);
	if (!s.n || s.n > PAGE_SAID_MAX)
		return false;
	if (date_parse(s, date) || strlen(date) < strlen("2022-10-22")) {
		fold(s, &one);
		if (stamp_find(fold_view(&one), f->month_first, date) == one.n)
			return false;
	}
	/* Templates put in zero for what they do not know. */
	if (strncmp(date, "1971", 4) < 0 || strncmp(date, "2100", 4) > 0)
		return false;
	memcpy(out, date, strlen(date) + 1);
	return true;
}

/* https://host/2022/10/22/title */
static bool date_of_url(struct str url, char out[DATE_MAX])
{
	for (size_t i = 0; i + 12 <= url.n; i++) {
		struct fold f;
		size_t n;

		if (url.p[i] != '/' || url.p[i + 1] < '1' ||
		    url.p[i + 1] > '2' || (url.p[i + 5] != '/' &&
					   url.p[i + 5] != '-'))
			continue;
		fold((struct str){ url.p + i + 1, 10 }, &f);
		n = stamp_read(fold_view(&f), false, out);
		if (n == 10 && strlen(out) == 10)
			return true;
	}
	return false;
}

static struct str keep(struct page_found *f, const char *z)
{
	struct str s = arena_copy(f->a, str_of(z));

	if (s.p)
		return s;
	f->no_memory = true;
	return (struct str){ "", 0 };
}

static struct str choose_date(struct page_found *f, enum page_field field,
			      struct str url)
{
	char date[DATE_MAX];

	for (int r = 0; r < PAGE_RANKS; r++)
		if (page_date(f, f->said[field][r], date))
			return keep(f, date);
	if (field == PAGE_PUBLISHED && date_of_url(url, date))
		return keep(f, date);
	return (struct str){ "", 0 };
}

/* Addresses. */

static bool is_home(struct str url)
{
	struct url u;

	url_split(url, &u);
	return (!u.path.n || str_is(u.path, "/")) && !u.query.n;
}

/* Templates write the home page's address, or a mirror's, on every page. */
static bool is_own(const struct page_found *f, struct str url)
{
	if (!url_is_web(url))
		return false;
	if (fold_find(url, "http%3A") < url.n ||
	    fold_find(url, "https%3A") < url.n)
		return false;
	return !f->base.n || (url_same_site(url, f->base) &&
			      (!is_home(url) || is_home(f->base)));
}

static struct str without_fragment(struct str s)
{
	const char *at = s.n ? memchr(s.p, '#', s.n) : NULL;

	/* "#!" is an address of its own. */
	if (at && !(at + 1 < s.p + s.n && at[1] == '!'))
		s.n = (size_t)(at - s.p);
	return s;
}

static struct str choose_url(struct page_found *f)
{
	for (int r = 0; r < PAGE_RANKS; r++) {
		struct str s = f->said[PAGE_URL][r];

		if (!s.n)
			continue;
		if (url_resolve(f->base, s, f->a, &s))
			continue;
		if (is_own(f, s))
			return without_fragment(s);
	}
	return without_fragment(f->base);
}

static struct str host_of(struct str url)
{
	struct url u;

	url_split(url, &u);
	if (!u.host.n)
		return (struct str){ "", 0 };
	if (str_starts(u.host, STR("www."))) {
		u.host.p += 4;
		u.host.n -= 4;
	}
	return u.host;
}

static struct str first_said(const struct page_found *f, enum page_field field)
{
	for (int r = 0; r < PAGE_RANKS; r++)
		if (f->said[field][r].n)
			return f->said[field][r];
	return (struct str){ "", 0 };
}

static struct str choose_site(struct page_found *f, struct str url)
{
	static const enum page_rank order[] = {
		PAGE_BY_GRAPH, PAGE_BY_ARTICLE, PAGE_BY_PAGE, PAGE_BY_NAME,
		PAGE_BY_META, PAGE_BY_MARK,
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		struct str s = f->said[PAGE_SITE][order[i]];

		if (s.n && s.n <= 120 && !url_is_web(s))
			return s;
	}
	return host_of(url);
}

static struct str choose_author(struct page_found *f, struct str site,
				struct str host)
{
	struct str owner = { "", 0 };

	for (int r = 0; r < PAGE_RANKS; r++) {
		struct str s = f->said[PAGE_AUTHOR][r];

		if (!s.n)
			continue;
		s = page_names(f, s);
		if (s.n && !page_same_words(s, site) &&
		    !page_same_words(s, host))
			return s;
		if (s.n && !owner.n)
			owner = s;
	}
	/* The site itself, when nobody else is named. */
	return owner;
}

/* "fr-FR" is "fr". */
static struct str choose_language(struct page_found *f)
{
	for (int r = 0; r < PAGE_RANKS; r++) {
		struct str s = f->said[PAGE_LANGUAGE][r];
		char z[4] = "";
		size_t n = 0;

		while (n < s.n && n < 4 && ((s.p[n] | 0x20) >= 'a') &&
		       ((s.p[n] | 0x20) <= 'z'))
			n++;
		if (n < 2 || n > 3 || (n < s.n && !strchr("-_ ,;", s.p[n])))
			continue;
		for (size_t i = 0; i < n; i++)
			z[i] = (char)(s.p[i] | 0x20);
		return keep(f, z);
	}
	return (struct str){ "", 0 };
}

/* 10/11 is the eleventh of October to Americans alone. */
static bool is_american(const struct page_found *f)
{
	struct str s = f->said[PAGE_LANGUAGE][PAGE_BY_GRAPH];
	struct str locale = f->said[PAGE_LANGUAGE][PAGE_BY_NAME];

	return !strncasecmp(s.n >= 5 ? s.p : "-----", "en-us", 5) ||
	       !strncasecmp(locale.n >= 5 ? locale.p : "-----", "en_us", 5) ||
	       (s.n == 2 && !strncasecmp(s.p, "en", 2));
}

static void choose(struct page_found *f, struct page *ret)
{
	struct str host;

	ret->url = choose_url(f);
	host = host_of(ret->url);
	ret->site = choose_site(f, ret->url);
	ret->title = page_title(f, ret->site, host);
	ret->author = choose_author(f, ret->site, host);
	ret->published = choose_date(f, PAGE_PUBLISHED, ret->url);
	ret->modified = choose_date(f, PAGE_MODIFIED, ret->url);
	ret->language = choose_language(f);
	ret->summary = first_said(f, PAGE_SUMMARY);
	ret->section = first_said(f, PAGE_SECTION);
	ret->has_body_of_json = f->has_body;
	ret->body_of_json = f->body;
}

int page_meta(const struct dom *d, const char *base, struct arena *a,
	      struct page *ret)
{
	struct page_found f = { .d = d, .a = a };

	f.base = base ? str_of(base) : (struct str){ "", 0 };
	f.body = f.heading = f.title_tag = (struct str){ "", 0 };
	page_read_tags(&f);
	page_read_title(&f);
	f.month_first = is_american(&f);
	page_read_json(&f);
	page_read_seen(&f);
	choose(&f, ret);
	return f.no_memory ? -ENOMEM : 0;
}
