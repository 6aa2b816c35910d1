#include <errno.h>
#include <string.h>

#include "base/unicode.h"
#include "parse/date_parts.h"

/* A date of people is read as a heap of words and numbers first, and then the
 * numbers find their places: feeds have every order that there is. */

enum { NUMBERS_MAX = 3, FEED_DATE_MAX = 100 };

struct number {
	int value, digits;
};

struct heap {
	struct number numbers[NUMBERS_MAX]; /* that are not the clock */
	int count;
	struct date_when w;
	bool zoned, halved, korean;
	int half;
	char separator; /* the last between two numbers */
};

static bool is_digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

static bool is_word(const char *p, const char *end)
{
	return p < end && ((*p >= 'A' && *p <= 'Z') ||
			   (*p >= 'a' && *p <= 'z') || (*p & 0x80));
}

static const char *number(const char *p, const char *end, struct number *ret)
{
	*ret = (struct number){ 0, 0 };
	for (; is_digit(p, end); p++, ret->digits++)
		if (ret->digits < 9)
			ret->value = 10 * ret->value + *p - '0';
	return p;
}

/* 9:15, 09:15:00, 09:15:00.123, 9h15, of which the hour has been read. */
static const char *clock(const char *p, const char *end, struct number hour,
			 struct heap *h)
{
	struct number part;

	if (h->w.timed || hour.digits > 2)
		return NULL;
	h->w.timed = true;
	h->w.hour = hour.value;
	p = number(p + 1, end, &part);
	if (part.digits != 2 && (part.digits != 1 || p == end || *p != ':'))
		return NULL;
	h->w.minute = part.value;
	if (p == end || *p != ':')
		return p;
	p = number(p + 1, end, &part);
	if (!part.digits || part.digits > 2)
		return NULL;
	h->w.second = part.value;
	if (p == end || (*p != '.' && *p != ','))
		return p;
	return is_digit(p + 1, end) ? number(p + 1, end, &part) : p;
}

static bool is_clock(const char *p, const char *end)
{
	return p < end && (*p == ':' || *p == 'h' || *p == 'H') &&
	       is_digit(p + 1, end);
}

/* +0100, -01:00, +1, behind the clock. */
static const char *offset(const char *p, const char *end, struct heap *h)
{
	bool west = *p == '-';
	struct number hours, minutes = { 0, 2 };

	p = number(p + 1, end, &hours);
	if (p < end && *p == ':') {
		p = number(p + 1, end, &minutes);
	} else if (hours.digits == 4) {
		minutes.value = hours.value % 100;
		hours = (struct number){ hours.value / 100, 2 };
	}
	if (hours.digits < 1 || hours.digits > 2 || minutes.digits != 2 ||
	    hours.value > 23 || minutes.value > 59)
		return NULL;
	h->zoned = true;
	h->w.zone = (60 * hours.value + minutes.value) * (west ? -1 : 1);
	return p;
}

/* Names of zones that nobody knows: better an hour off than no date. */
static bool may_be_zone(struct str word, const struct heap *h)
{
	if (!h->w.timed || h->zoned || word.n > 5)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] < 'A' || word.p[i] > 'Z')
			return false;
	return true;
}

static bool take_meaning(struct str word, struct heap *h)
{
	int value;

	switch (date_word(word, &value)) {
	case DATE_WORD_MONTH:
		if (h->w.month)
			return false;
		h->w.month = value;
		return true;
	case DATE_WORD_ZONE:
		if (!h->zoned)
			h->w.zone = value;
		return true;
	case DATE_WORD_HALF:
		h->korean |= word.p[0] & 0x80;
		h->halved = true;
		h->half = value;
		return true;
	case DATE_WORD_KOREA:
		h->korean = true;
		return true;
	case DATE_WORD_DAY:
	case DATE_WORD_FILL:
		return true;
	default:
		return may_be_zone(word, h);
	}
}

static const char *word(const char *p, const char *end, struct heap *h)
{
	struct str w = { p, 0 };

	while (is_word(p, end))
		p++;
	w.n = (size_t)(p - w.p);
	return take_meaning(w, h) ? p : NULL;
}

static const char *digits(const char *p, const char *end, struct heap *h)
{
	struct number n;

	p = number(p, end, &n);
	if (is_clock(p, end))
		return clock(p, end, n, h);
	if (h->count == NUMBERS_MAX || n.digits > 4)
		return NULL;
	h->numbers[h->count++] = n;
	return p;
}

static const char *one(const char *p, const char *end, struct heap *h)
{
	if (is_digit(p, end))
		return digits(p, end, h);
	if (is_word(p, end))
		return word(p, end, h);
	if ((*p == '+' || *p == '-') && h->w.timed)
		return h->zoned ? NULL : offset(p, end, h);
	if (!strchr(" \t\r\n,.-/'", *p))
		return NULL;
	if (h->count && *p != ' ')
		h->separator = *p;
	return p + 1;
}

static bool gather(struct str s, struct heap *h)
{
	const char *p = s.p, *end;

	if (!s.n)
		return true;
	end = s.p + s.n;
	while (p < end) {
		p = one(p, end, h);
		if (!p)
			return false;
	}
	return true;
}

/* Two digits as in RFC 2822, section 4.3. */
static int year_of(struct number n)
{
	if (n.digits > 2)
		return n.value;
	return n.value + (n.value < 50 ? 2000 : 1900);
}

static bool is_year(struct number n)
{
	return n.digits == 4 || n.value > 31;
}

/* With its month in words: the day and the year, or the year alone. */
static bool place_beside_month(struct heap *h)
{
	struct number *n = h->numbers;

	if (h->count == 1 && n[0].digits == 4) {
		h->w.year = n[0].value;
		return true;
	}
	if (h->count != 2)
		return false;
	if (is_year(n[0])) {
		h->w.year = year_of(n[0]);
		h->w.day = n[1].value;
	} else {
		h->w.year = year_of(n[1]);
		h->w.day = n[0].value;
	}
	return h->w.day > 0;
}

/* 29/11/2022, 11/29/2022, 29.11.2022: which is the month must show. */
static bool place_day_and_month(struct heap *h, struct number a,
				struct number b)
{
	bool day_first = a.value > 12 || h->separator == '.';

	if (!day_first && b.value <= 12 && a.value != b.value)
		return false;
	h->w.day = day_first ? a.value : b.value;
	h->w.month = day_first ? b.value : a.value;
	return h->w.day > 0 && h->w.month > 0;
}

static bool place_numbers(struct heap *h)
{
	struct number *n = h->numbers;

	if (h->count != 3)
		return false;
	if (n[0].digits != 4) {
		h->w.year = year_of(n[2]);
		return n[2].digits != 3 && place_day_and_month(h, n[0], n[1]);
	}
	h->w.year = n[0].value;
	h->w.month = n[1].value;
	h->w.day = n[2].value;
	return h->w.month > 0 && h->w.day > 0;
}

static bool set_clock(struct heap *h)
{
	if (h->halved) {
		if (h->w.hour > 12)
			return h->w.hour < 24;
		h->w.hour = h->w.hour % 12 + h->half;
	}
	if (h->korean && !h->zoned)
		h->w.zone = 9 * 60;
	return true;
}

static bool read_people(struct str s, struct date_when *w)
{
	struct heap h = { .count = 0 };

	s = str_trim(str_cut(&s, '('));
	if (!gather(s, &h))
		return false;
	if (!(h.w.month ? place_beside_month(&h) : place_numbers(&h)))
		return false;
	if (!set_clock(&h))
		return false;
	*w = h.w;
	return true;
}

/* The day of the year, whose month it finds. */
static bool place_day_of_year(struct date_when *w, int day)
{
	bool leap = (w->year % 4 == 0 && w->year % 100 != 0) ||
		    w->year % 400 == 0;
	int length[] = { 31, 28 + leap, 31, 30, 31, 30,
			 31, 31, 30, 31, 30, 31 };

	for (w->month = 1; w->month <= 12; w->month++) {
		if (day <= length[w->month - 1])
			break;
		day -= length[w->month - 1];
	}
	w->day = day;
	return day > 0 && w->month <= 12;
}

/* The short forms of ISO 8601: each letter of a pattern is a digit of the year,
 * the month, the day or the day of the year; a year of two digits is one of
 * this century. */
static bool match(struct str s, const char *pattern, struct date_when *w)
{
	int year_digits = 0, of_year = 0;

	*w = (struct date_when){ .year = 0 };
	if (s.n != strlen(pattern))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int *part = pattern[i] == 'Y' ? &w->year :
			    pattern[i] == 'M' ? &w->month :
			    pattern[i] == 'D' ? &w->day :
			    pattern[i] == 'O' ? &of_year : NULL;

		if (part ? !is_digit(s.p + i, s.p + s.n) : s.p[i] != pattern[i])
			return false;
		if (part)
			*part = 10 * *part + s.p[i] - '0';
		year_digits += pattern[i] == 'Y';
	}
	if (year_digits == 2)
		w->year += 2000;
	return !strchr(pattern, 'O') || place_day_of_year(w, of_year);
}

static bool read_short(struct str s, struct date_when *w)
{
	static const char *const patterns[] = {
		"YYYY-0MM-DD", "YYYY-OOO", "YYYYOOO", "YY-MM-DD", "YYMMDD",
		"YY-OOO", "-YY-MM", "-YYMM",
	};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		if (match(s, patterns[i], w))
			return true;
	/* "22013" may as well be the year 2201 and something. */
	return s.n && s.p[0] == '0' && match(s, "YYOOO", w);
}

/* The clock of it is like that of any other. */
static bool read_short_and_clock(struct str s, struct date_when *w)
{
	struct str date = str_cut(&s, 'T');
	struct heap h = { .count = 0 };

	if (!read_short(date, w) || !gather(s, &h) || h.count)
		return false;
	h.w.year = w->year;
	h.w.month = w->month;
	h.w.day = w->day;
	*w = h.w;
	return true;
}

static bool is_seconds(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p + i, s.p + s.n))
			return false;
	return s.n == 10 && s.p[0] == '1';
}

static double seconds(struct str s)
{
	double x = 0;

	for (size_t i = 0; i < s.n; i++)
		x = 10 * x + (s.p[i] - '0');
	return x;
}

int date_parse_feed(struct str s, char out[DATE_MAX])
{
	static bool (*const readers[])(struct str, struct date_when *) = {
		date_read_iso, date_read_mail, read_short_and_clock,
		read_people,
	};

	s = str_trim(s);
	if (!s.n || s.n > FEED_DATE_MAX || unicode_valid(s) < s.n)
		return -EINVAL;
	if (is_seconds(s))
		return date_of_number(seconds(s), out);
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		struct date_when w = { 0 };

		if (readers[i](s, &w))
			return date_can_be(&w) ? date_write_utc(&w, out) :
						 -EINVAL;
	}
	return -EINVAL;
}
