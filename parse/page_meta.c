#include <errno.h>
#include <string.h>
#include <strings.h>

#include "parse/fold.h"
#include "parse/page.h"
#include "parse/page_found.h"
#include "parse/stamp.h"
#include "parse/url.h"

/* Dates. */

enum { DAY_LENGTH = sizeof("2022-10-22") - 1 };

/* Midnight somewhere is a day without a time; in UTC it would be another day. */
static void keep_local_day(struct str s, char date[DATE_MAX])
{
	static const char midnight[] = "00:00";
	size_t n = DAY_LENGTH + 1 + sizeof(midnight) - 1;

	if (s.n <= n || strlen(date) <= DAY_LENGTH || s.p[4] != '-' ||
	    memcmp(s.p + DAY_LENGTH + 1, midnight, sizeof(midnight) - 1) ||
	    (s.p[n] == ':' && !(s.n > n + 2 && s.p[n + 1] == '0' &&
				s.p[n + 2] == '0')) ||
	    !memcmp(s.p, date, DAY_LENGTH))
		return;
	memcpy(date, s.p, DAY_LENGTH);
	date[DAY_LENGTH] = '\0';
}

bool page_date(const struct page_found *f, struct str s, char out[DATE_MAX])
{
	char date[DATE_MAX];
	struct fold one;

	s = str_trim(s);
	if (!s.n || s.n > PAGE_SAID_MAX)
		return false;
	if (date_parse(s, date) || strlen(date) < DAY_LENGTH) {
		fold(s, &one);
		if (stamp_find(fold_view(&one), f->month_first, date) == one.n)
			return false;
	} else {
		keep_local_day(s, date);
	}
	/* Templates put in zero for what they do not know. */
	if (strncmp(date, "1971", 4) < 0 || strncmp(date, "2100", 4) > 0)
		return false;
	memcpy(out, date, strlen(date) + 1);
	return true;
}

/* https://host/2022/10/22/title, https://host/2022/7/2/title */
static bool date_of_url(struct str url, char out[DATE_MAX])
{
	for (size_t i = 0; i + 10 <= url.n; i++) {
		struct str rest = { url.p + i + 1, url.n - i - 1 };
		struct fold f;
		size_t n;

		if (url.p[i] != '/' || rest.p[0] < '1' || rest.p[0] > '2' ||
		    (rest.p[4] != '/' && rest.p[4] != '-'))
			continue;
		rest.n = rest.n < 11 ? rest.n : 11;
		fold(rest, &f);
		n = stamp_read(fold_view(&f), false, out);
		if (n >= 8 && n <= 10 && strlen(out) == DAY_LENGTH &&
		    (n == f.n || strchr("/-_.", f.z[n])))
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
	char date[DATE_MAX] = "", first[DATE_MAX];

	for (int r = 0; r < PAGE_RANKS && !date[0]; r++)
		if (!page_date(f, f->said[field][r], date))
			date[0] = '\0';
	/* An address is given once; what was published anew has another date,
	 * and not just another zone's day. */
	if (field == PAGE_PUBLISHED && date_of_url(url, first) &&
	    (!date[0] || strncmp(first, date, sizeof("2022-10") - 1) < 0))
		return keep(f, first);
	return date[0] ? keep(f, date) : (struct str){ "", 0 };
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
		PAGE_BY_META, PAGE_BY_MARK, PAGE_BY_CHANCE,
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		struct str s = f->said[PAGE_SITE][order[i]];

		if (s.n && s.n <= 120 && !url_is_web(s))
			return s;
	}
	return host_of(url);
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

/* By what both say: the day, or the second. */
static bool is_before(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	return n && memcmp(a.p, b.p, n) < 0;
}

static void choose(struct page_found *f, struct page *ret)
{
	struct str host;

	ret->url = choose_url(f);
	host = host_of(ret->url);
	ret->site = choose_site(f, ret->url);
	ret->title = page_title(f, ret->site, host);
	ret->author = page_author(f, ret->site, host);
	ret->published = choose_date(f, PAGE_PUBLISHED, ret->url);
	ret->modified = choose_date(f, PAGE_MODIFIED, ret->url);
	if (is_before(ret->modified, ret->published))
		ret->modified = (struct str){ "", 0 };
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
