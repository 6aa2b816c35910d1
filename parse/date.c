#include "parse/date.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "parse/date_parts.h"

/* The readers below take what they read off the head of *s. */

static bool is_digit(struct str s)
{
	return s.n && s.p[0] >= '0' && s.p[0] <= '9';
}

static bool is_letter(struct str s)
{
	return s.n && ((s.p[0] >= 'A' && s.p[0] <= 'Z') ||
		       (s.p[0] >= 'a' && s.p[0] <= 'z'));
}

static void drop(struct str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static bool take_char(struct str *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	drop(s, 1);
	return true;
}

static void skip_spaces(struct str *s)
{
	while (take_char(s, ' '))
		;
}

/* Just n digits; what follows is not looked at. */
static bool take_digits(struct str *s, int n, int *ret)
{
	int x = 0;

	for (; n && is_digit(*s); n--, drop(s, 1))
		x = 10 * x + s->p[0] - '0';
	*ret = x;
	return n == 0;
}

/* A month or a day of two digits; there is no month 00. */
static bool take_two(struct str *s, int *ret)
{
	return take_digits(s, 2, ret) && *ret > 0;
}

static struct str take_word(struct str *s)
{
	struct str word = { s->p, 0 };

	for (; is_letter(*s); drop(s, 1))
		word.n++;
	return word;
}

static bool same(struct str word, const char *z, size_t n)
{
	return word.n == n && !strncasecmp(word.p, z, n);
}

/* 10:00, 10:00:00, 10:00:00.123 */
static bool take_clock(struct str *s, struct date_when *w)
{
	int ignored;

	w->timed = true;
	if (!take_digits(s, 2, &w->hour) || !take_char(s, ':') ||
	    !take_digits(s, 2, &w->minute))
		return false;
	if (!take_char(s, ':'))
		return true;
	if (!take_digits(s, 2, &w->second))
		return false;
	if (!take_char(s, '.') && !take_char(s, ','))
		return true;
	if (!is_digit(*s))
		return false;
	while (take_digits(s, 1, &ignored))
		;
	return true;
}

static bool zone_by_name(struct str name, struct date_when *w)
{
	return date_word(name, &w->zone) == DATE_WORD_ZONE;
}

/* Z, GMT, +01:00, +0100, +01, or nothing. */
static bool take_zone(struct str *s, struct date_when *w)
{
	int hours, minutes = 0;
	bool west;

	skip_spaces(s);
	if (!s->n)
		return true;
	if (is_letter(*s))
		return zone_by_name(take_word(s), w);
	west = take_char(s, '-');
	if ((!west && !take_char(s, '+')) || !take_digits(s, 2, &hours))
		return false;
	if ((take_char(s, ':') || s->n) && !take_digits(s, 2, &minutes))
		return false;
	w->zone = (60 * hours + minutes) * (west ? -1 : 1);
	return hours < 24 && minutes < 60;
}

/* 2022, 2022-11, 2022-11-29, 20221129, 2022-11-29T10:00:00+01:00 */
bool date_read_iso(struct str s, struct date_when *w)
{
	if (!take_digits(&s, 4, &w->year))
		return false;
	if (s.n == 0)
		return true;
	if (is_digit(s))
		return take_two(&s, &w->month) && take_two(&s, &w->day) &&
		       !s.n;
	if (!take_char(&s, '-') || !take_two(&s, &w->month))
		return false;
	if (!s.n)
		return true;
	if (!take_char(&s, '-') || !take_two(&s, &w->day))
		return false;
	if (!s.n)
		return true;
	if (!take_char(&s, 'T') && !take_char(&s, 't') && !take_char(&s, ' '))
		return false;
	return take_clock(&s, w) && take_zone(&s, w) && !s.n;
}

/* The number of the name in the table, from 1; 0: none of them. Names are
 * written whole or as their first three letters. */
static int number_of(struct str word, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (same(word, names[i], 3) ||
		    same(word, names[i], strlen(names[i])))
			return i + 1;
	return 0;
}

static const char *const months[] = {
	"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December", NULL,
};

static const char *const days[] = {
	"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
	"Sunday", NULL,
};

/* "Tue, " or nothing. That the day of the week fits the date is not asked:
 * feeds get it wrong, and the date right. */
static bool skip_weekday(struct str *s)
{
	if (!is_letter(*s))
		return true;
	if (!number_of(take_word(s), days))
		return false;
	take_char(s, ',');
	skip_spaces(s);
	return true;
}

/* Two digits are a year between 1950 and 2049 (RFC 2822, section 4.3). */
static bool take_mail_year(struct str *s, int *year)
{
	if (!take_digits(s, 2, year))
		return false;
	if (is_digit(*s)) {
		int century = *year;

		if (!take_digits(s, 2, year))
			return false;
		*year += 100 * century;
	} else {
		*year += *year < 50 ? 2000 : 1900;
	}
	return true;
}

/* Tue, 29 Nov 2022 10:00:00 +0100 (a comment) */
bool date_read_mail(struct str s, struct date_when *w)
{
	s = str_trim(str_cut(&s, '('));
	if (!skip_weekday(&s) || !take_digits(&s, 1, &w->day))
		return false;
	if (is_digit(s)) {
		int ones;

		take_digits(&s, 1, &ones);
		w->day = 10 * w->day + ones;
	}
	skip_spaces(&s);
	w->month = number_of(take_word(&s), months);
	skip_spaces(&s);
	if (!w->day || !w->month || !take_mail_year(&s, &w->year))
		return false;
	if (!s.n)
		return true;
	if (!take_char(&s, ' '))
		return false;
	skip_spaces(&s);
	return take_clock(&s, w) && take_zone(&s, w) && !s.n;
}

static int days_in(int year, int month)
{
	static const int days_of[] = { 31, 28, 31, 30, 31, 30,
				       31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days_of[month - 1] + (month == 2 && leap);
}

bool date_can_be(const struct date_when *w)
{
	if (w->year < 1 || w->month > 12)
		return false;
	if (w->month && w->day > days_in(w->year, w->month))
		return false;
	/* A leap second is one of the next minute. */
	return w->hour < 24 && w->minute < 60 && w->second <= 60;
}

static int write_seconds(time_t t, char out[DATE_MAX])
{
	struct tm tm;

	if (!gmtime_r(&t, &tm) || tm.tm_year < 1 - 1900 ||
	    tm.tm_year > 9999 - 1900)
		return -EINVAL;
	/* The %Y of strftime() has no leading zeros. */
	snprintf(out, DATE_MAX, "%04d", tm.tm_year + 1900);
	strftime(out + 4, DATE_MAX - 4, "-%m-%dT%H:%M:%SZ", &tm);
	return 0;
}

int date_write_utc(const struct date_when *w, char out[DATE_MAX])
{
	struct tm tm = { .tm_year = w->year - 1900,
			 .tm_mon = w->month ? w->month - 1 : 0,
			 .tm_mday = w->day ? w->day : 1,
			 .tm_hour = w->hour,
			 .tm_min = w->minute - w->zone,
			 .tm_sec = w->second };

	return write_seconds(timegm(&tm), out);
}

static int write_date(const struct date_when *w, char out[DATE_MAX])
{
	if (w->timed)
		return date_write_utc(w, out);
	if (w->day)
		snprintf(out, DATE_MAX, "%04d-%02d-%02d", w->year, w->month,
			 w->day);
	else if (w->month)
		snprintf(out, DATE_MAX, "%04d-%02d", w->year, w->month);
	else
		snprintf(out, DATE_MAX, "%04d", w->year);
	return 0;
}

int date_parse(struct str s, char out[DATE_MAX])
{
	struct date_when iso = { 0 }, mail = { 0 };

	s = str_trim(s);
	if (date_read_iso(s, &iso))
		return date_can_be(&iso) ? write_date(&iso, out) : -EINVAL;
	if (date_read_mail(s, &mail))
		return date_can_be(&mail) ? write_date(&mail, out) : -EINVAL;
	return -EINVAL;
}

int date_of_number(double x, char out[DATE_MAX])
{
	char digits[16];

	if (!isfinite(x) || fabs(x) > 1e12)
		return -EINVAL;
	if (x == floor(x) && ((x >= 1000 && x < 1e4) ||
			      (x >= 1e7 && x < 1e8))) {
		snprintf(digits, sizeof(digits), "%.0f", x);
		if (!date_parse(str_of(digits), out))
			return 0;
	}
	return write_seconds((time_t)floor(x), out);
}
