#include "ingest/cache_headers.h"

#include <string.h>
#include <strings.h>

/* As RFC 9111 (1.2.2) caps what does not fit. */
enum { DELTA_MAX = 0x7fffffff };

static bool names(struct str s, const char *z)
{
	return s.n == strlen(z) && !strncasecmp(s.p, z, s.n);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number of digits alone, at most DELTA_MAX; -1. */
static int64_t number(struct str s)
{
	int64_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return -1;
		n = n * 10 + (s.p[i] - '0');
		n = n < DELTA_MAX ? n : DELTA_MAX;
	}
	return s.n ? n : -1;
}

/* Dates. */

/* The next word of *rest: what lies between spaces, commas and hyphens. */
static struct str next_word(struct str *rest)
{
	struct str word;
	size_t n = 0;

	while (rest->n && strchr(" \t,-", *rest->p)) {
		rest->p++;
		rest->n--;
	}
	while (n < rest->n && !strchr(" \t,-", rest->p[n]))
		n++;
	word = (struct str){ rest->p, n };
	rest->p += n;
	rest->n -= n;
	return word;
}

/* 1..12; 0: another word. */
static int month_of(struct str s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; s.n == 3 && i < 12; i++)
		if (!strncasecmp(s.p, months + i * 3, 3))
			return i + 1;
	return 0;
}

/* HH:MM:SS, of which a leap second is the last. Seconds of the day; -1. */
static int64_t time_of(struct str s)
{
	int64_t h = number(str_cut(&s, ':')), m, sec;

	if (!s.p)
		return -1;
	m = number(str_cut(&s, ':'));
	sec = s.p ? number(s) : -1;
	if (h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 60)
		return -1;
	return h * 3600 + m * 60 + sec;
}

static int64_t year_of(struct str s)
{
	int64_t y = number(s);

	if (s.n == 2 && y >= 0)
		return y + (y < 70 ? 2000 : 1900);
	return s.n == 4 ? y : -1;
}

/* Days from 1970-01-01 to this one (Howard Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms"): years begin in March, so that the leap day is
 * the last. */
static int64_t days(int64_t y, int64_t m, int64_t d)
{
	int64_t era, year, day;

	y -= m <= 2;
	era = y / 400;
	year = y - era * 400;
	day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year * 365 + year / 4 - year / 100 + day -
	       719468;
}

int64_t cache_headers_date(struct str s)
{
	struct str word[5], tmp;
	int64_t d, y, t;
	int m;

	for (size_t i = 0; i < 5; i++)
		word[i] = next_word(&s);
	m = month_of(word[1]); /* Sun Nov 6 08:49:37 1994 */
	if (m) {
		tmp = word[3];
		word[3] = word[4];
		word[4] = tmp;
	} else {
		tmp = word[1];
		word[1] = word[2];
		word[2] = tmp;
		m = month_of(word[1]);
	}
	d = number(word[2]);
	y = year_of(word[3]);
	t = time_of(word[4]);
	if (!m || d < 1 || d > 31 || y < 1970 || t < 0)
		return -1;
	return days(y, m, d) * 86400 + t;
}

/* Fields. */

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Quoted numbers are wrong, but are seen. */
static struct str unquote(struct str s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		return (struct str){ s.p + 1, s.n - 2 };
	return s;
}

/* Of several the longest counts: that is who wants to be left alone. */
static void add_control(struct cache_headers *c, struct str value)
{
	do {
		struct str one = str_cut(&value, ',');
		struct str name = str_trim(str_cut(&one, '='));

		if (names(name, "no-store") || (names(name, "no-cache") &&
						!one.p))
			c->again = true;
		if (names(name, "max-age") && one.p)
			c->max_age = larger(c->max_age,
					    number(unquote(str_trim(one))));
	} while (value.p);
}

/* "Expires: 0" and the like: already. */
static int64_t expiry(struct str value)
{
	int64_t at = cache_headers_date(value);

	return at < 0 ? 0 : at;
}

static void add_retry(struct cache_headers *c, struct str value)
{
	int64_t span = number(value);

	if (span >= 0)
		c->retry_after = larger(c->retry_after, span);
	else
		c->retry_at = larger(c->retry_at, cache_headers_date(value));
}

void cache_headers_init(struct cache_headers *c)
{
	*c = (struct cache_headers){ -1, -1, -1, -1, -1, -1, false };
}

void cache_headers_add(struct cache_headers *c, struct str name,
		       struct str value)
{
	value = str_trim(value);
	if (names(name, "Cache-Control"))
		add_control(c, value);
	else if (names(name, "Expires"))
		c->expires = larger(c->expires, expiry(value));
	else if (names(name, "Retry-After"))
		add_retry(c, value);
	else if (names(name, "Date"))
		c->date = cache_headers_date(value);
	else if (names(name, "Age"))
		c->age = number(value);
}

/* What they add up to. */

/* Milliseconds until the date; one that has passed is now. */
static int64_t until(const struct cache_headers *c, int64_t date,
		     int64_t now_ms)
{
	int64_t now = c->date >= 0 ? c->date * 1000 : now_ms;

	return larger(date * 1000 - now, 0);
}

int64_t cache_headers_max_age(const struct cache_headers *c, int64_t now_ms)
{
	int64_t span;

	if (c->again)
		return 0;
	if (c->max_age >= 0)
		span = c->max_age * 1000;
	else if (c->expires >= 0)
		span = until(c, c->expires, now_ms);
	else
		return -1;
	return larger(span - larger(c->age, 0) * 1000, 0);
}

int64_t cache_headers_retry_after(const struct cache_headers *c,
				  int64_t now_ms)
{
	if (c->retry_after >= 0)
		return c->retry_after * 1000;
	return c->retry_at >= 0 ? until(c, c->retry_at, now_ms) : -1;
}
