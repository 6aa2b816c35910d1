#include "parse/stamp.h"

#include <stdio.h>
#include <string.h>

enum { LEADS_MAX = 3 }; /* "le", "sam.", "den" */

struct day {
	int year, month, day; /* 0: not said */
};

/* Folded names and short forms; no form means two months in two languages. */
static const char *const months[12] = {
	" janvier january januar janner januari enero gennaio stycznia styczen"
	" janeiro jan janv ene gen sty ",
	" fevrier february februar februari febrero febbraio lutego luty"
	" fevereiro feb fevr fev febr lut ",
	" mars march marz maerz marzo maart marca marzec marco mar mrz mrt ",
	" avril april abril aprile kwietnia kwiecien avr apr abr kwi ",
	" mai may mayo maggio mei maja maj maio mag ",
	" juin june juni junio giugno czerwca czerwiec junho jun giu cze ",
	" juillet july juli julio luglio lipca lipiec julho jul juil lug lip ",
	" aout august agosto augustus sierpnia sierpien aug ago aou sie ",
	" septembre september septiembre setiembre settembre wrzesnia wrzesien"
	" setembro sep sept set wrz ",
	" octobre october oktober octubre ottobre pazdziernika pazdziernik"
	" outubro oct okt ott out paz ",
	" novembre november noviembre listopada listopad novembro nov lis ",
	" decembre december dezember diciembre dicembre grudnia grudzien"
	" dezembro dec dez dic gru ",
};

static const char weekdays[] =
	" lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday"
	" wednesday thursday friday saturday sunday montag dienstag mittwoch"
	" donnerstag freitag samstag sonnabend sonntag lunes martes miercoles"
	" jueves viernes sabado domingo lunedi martedi mercoledi giovedi"
	" venerdi sabato domenica maandag dinsdag woensdag donderdag vrijdag"
	" zaterdag zondag poniedzialek wtorek sroda czwartek piatek sobota"
	" niedziela segunda-feira terca-feira quarta-feira quinta-feira"
	" sexta-feira mon tue tues wed thu thur thurs fri sat sun lun mar mer"
	" jeu ven sam dim mo di mi do fr sa so lu ma me je ve vr za zo ";

/* What stands before a date. */
static const char leads[] =
	" le on the den dem am vom el il op em dia dnia ce this ";

/* Is the word one of those, which have a space on both sides? */
static bool is_one_of(struct str word, const char *list)
{
	char z[24];
	size_t n = word.n;

	if (!n || n + 3 > sizeof(z))
		return false;
	z[0] = ' ';
	memcpy(z + 1, word.p, n);
	memcpy(z + n + 1, " ", 2);
	return strstr(list, z);
}

/* The readers below take what they read off the head of *s. */

static void drop(struct str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static bool take_any(struct str *s, const char *chars)
{
	if (!s->n || !s->p[0] || !strchr(chars, s->p[0]))
		return false;
	drop(s, 1);
	return true;
}

static void skip_any(struct str *s, const char *chars)
{
	while (take_any(s, chars))
		;
}

static bool is_digit(struct str s)
{
	return s.n && s.p[0] >= '0' && s.p[0] <= '9';
}

/* A number of min to max digits with no digit behind it. */
static bool take_number(struct str *s, int min, int max, int *ret)
{
	struct str t = *s;
	int n = 0, x = 0;

	for (; is_digit(t) && n <= max; n++, drop(&t, 1))
		x = 10 * x + t.p[0] - '0';
	if (n < min || n > max)
		return false;
	*s = t;
	*ret = x;
	return true;
}

static struct str take_word(struct str *s)
{
	struct str word = { s->p, 0 };

	while (word.n < s->n && ((s->p[word.n] >= 'a' && s->p[word.n] <= 'z') ||
				 (word.n && s->p[word.n] == '-')))
		word.n++;
	drop(s, word.n);
	return word;
}

static bool take_listed(struct str *s, const char *list)
{
	struct str t = *s;

	if (!is_one_of(take_word(&t), list))
		return false;
	*s = t;
	return true;
}

static bool take_month(struct str *s, int *month)
{
	struct str t = *s, word = take_word(&t);

	for (int i = 0; i < 12; i++) {
		if (!is_one_of(word, months[i]))
			continue;
		take_any(&t, ".");
		*month = i + 1;
		*s = t;
		return true;
	}
	return false;
}

static bool can_be(const struct day *d)
{
	static const int last[] = { 31, 29, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };

	return (!d->year || (d->year >= 1900 && d->year <= 2100)) &&
	       d->month >= 1 && d->month <= 12 && d->day >= 0 &&
	       d->day <= last[d->month - 1];
}

/* 2022-10-22, 2022/10/22, 2022.10.22 */
static bool read_year_first(struct str *s, struct day *d)
{
	struct str t = *s;

	if (!take_number(&t, 4, 4, &d->year) || !take_any(&t, "-/.") ||
	    !take_number(&t, 1, 2, &d->month) || !take_any(&t, "-/.") ||
	    !take_number(&t, 1, 2, &d->day) || !d->day || !can_be(d))
		return false;
	*s = t;
	return true;
}

/* 22/10/2022, 22.10.22, 22 - 10 - 2022, 22/10 */
static bool read_numbers(struct str *s, bool month_first, struct day *d)
{
	struct str t = *s, short_end;
	int first, second;
	char sign;

	if (!take_number(&t, 1, 2, &first))
		return false;
	skip_any(&t, " ");
	sign = t.n ? t.p[0] : '\0';
	if (!take_any(&t, "/.-"))
		return false;
	skip_any(&t, " ");
	if (!take_number(&t, 1, 2, &second))
		return false;
	short_end = t;
	skip_any(&t, " ");
	if (!take_any(&t, (char[]){ sign, '\0' })) {
		/* Without a year only the slash says that it is a date. */
		if (sign != '/')
			return false;
		t = short_end;
	} else {
		skip_any(&t, " ");
		if (!take_number(&t, 4, 4, &d->year)) {
			if (!take_number(&t, 2, 2, &d->year))
				return false;
			d->year += d->year < 50 ? 2000 : 1900;
		}
	}
	if ((month_first && first <= 12) || second > 12)
		*d = (struct day){ d->year, first, second };
	else
		*d = (struct day){ d->year, second, first };
	if (!d->day || !can_be(d))
		return false;
	*s = t;
	return true;
}

static bool take_year(struct str *s, int *year)
{
	struct str t = *s;

	skip_any(&t, " ,");
	if (take_listed(&t, " de del of "))
		skip_any(&t, " ");
	if (!take_number(&t, 4, 4, year) || *year < 1900 || *year > 2100) {
		*year = 0;
		return false;
	}
	*s = t;
	return true;
}

/* 22 octobre 2022, 22. Oktober 2022, 1er mars 2022, 22 de octubre de 2022 */
static bool read_day_first(struct str *s, struct day *d)
{
	struct str t = *s;

	if (!take_number(&t, 1, 2, &d->day) || !d->day)
		return false;
	take_any(&t, ".");
	take_listed(&t, " er st nd rd th o a ");
	skip_any(&t, " -/");
	if (take_listed(&t, " de of del di "))
		skip_any(&t, " ");
	if (!take_month(&t, &d->month))
		return false;
	take_any(&t, "-/");
	*s = t;
	take_year(s, &d->year);
	return can_be(d);
}

/* October 22, 2022, Oct 22nd 2022, octobre 2022 */
static bool read_month_first(struct str *s, struct day *d)
{
	struct str t = *s, u;

	if (!take_month(&t, &d->month))
		return false;
	*s = t;
	if (take_year(s, &d->year))
		return can_be(d);
	skip_any(&t, " ");
	if (!take_number(&t, 1, 2, &d->day) || !d->day)
		return false;
	take_listed(&t, " st nd rd th ");
	u = t;
	*s = t;
	return can_be(d) && (take_year(s, &d->year) || str_eq(*s, u));
}

static const char clock_leads[] =
	" a at um alle ore las a-las om o godz klo ";
static const char clock_tails[] =
	" am pm a.m p.m uhr h heures heure uur gmt utc cet cest bst est edt"
	" et pst pdt pt ct cst cdt hrs mesz mez ";

/* "à 12h20", "12:20 pm GMT", "T12:20:00+02:00": taken, not read. */
static void skip_clock(struct str *s)
{
	struct str t = *s, word;
	int x;

	skip_any(&t, " ,-|*>");
	take_any(&t, "t");
	while (take_listed(&t, clock_leads))
		skip_any(&t, " :");
	if (!take_number(&t, 1, 2, &x) || x > 24)
		return;
	word = t;
	if (take_any(&t, "h:."))
		take_number(&t, 2, 2, &x);
	while (take_any(&t, ":.") && take_number(&t, 2, 3, &x))
		;
	if (t.p == word.p || x > 60) {
		skip_any(&word, " ");
		if (!take_listed(&word, " am pm uhr h heures uur "))
			return;
		t = word;
	}
	*s = t;
	while (skip_any(&t, " .("), take_listed(&t, clock_tails)) {
		take_any(&t, ".)");
		*s = t;
	}
	if (take_any(&t, "+") && take_number(&t, 2, 4, &x)) {
		*s = t;
		if (take_any(&t, ":") && take_number(&t, 2, 2, &x))
			*s = t;
	} else if (s->n && s->p[0] == 'z' && (s->n == 1 || s->p[1] == ' ')) {
		drop(s, 1);
	}
}

static bool skip_lead(struct str *s)
{
	if (take_listed(s, leads)) {
		skip_any(s, " ");
		return true;
	}
	if (!take_listed(s, weekdays))
		return false;
	skip_any(s, ".");
	skip_any(s, ", ");
	return true;
}

static bool read_any(struct str *s, bool month_first, struct day *d)
{
	*d = (struct day){ 0, 0, 0 };
	if (read_year_first(s, d))
		return true;
	*d = (struct day){ 0, 0, 0 };
	if (read_numbers(s, month_first, d))
		return true;
	*d = (struct day){ 0, 0, 0 };
	if (read_day_first(s, d))
		return true;
	*d = (struct day){ 0, 0, 0 };
	return read_month_first(s, d);
}

/* Behind what may lead a date. "mar." is a month and a day of the week: a date
 * with a year is the better reading. */
static bool read_led(struct str from, bool month_first, struct str *ret,
		     struct day *day)
{
	for (int i = 0; i <= LEADS_MAX && !day->year; i++) {
		struct str s = from;
		struct day d;

		if (read_any(&s, month_first, &d) && (d.year || !day->month)) {
			*day = d;
			*ret = s;
		}
		if (!skip_lead(&from))
			break;
	}
	return day->month;
}

size_t stamp_read(struct str folded, bool month_first, char out[DATE_MAX])
{
	struct str s = { NULL, 0 };
	struct day d = { 0, 0, 0 };

	if (!read_led(folded, month_first, &s, &d) || is_digit(s))
		return 0;
	out[0] = '\0';
	if (d.year && d.day)
		snprintf(out, DATE_MAX, "%04d-%02d-%02d", d.year % 10000,
			 d.month % 100, d.day % 100);
	else if (d.year)
		snprintf(out, DATE_MAX, "%04d-%02d", d.year % 10000,
			 d.month % 100);
	skip_clock(&s);
	return (size_t)(s.p - folded.p);
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

size_t stamp_find(struct str folded, bool month_first, char out[DATE_MAX])
{
	char found[DATE_MAX];

	for (size_t i = 0; i < folded.n; i++) {
		struct str rest = { folded.p + i, folded.n - i };

		if ((i && is_word_byte(folded.p[i - 1])) ||
		    !stamp_read(rest, month_first, found) ||
		    strlen(found) != strlen("2022-10-22"))
			continue;
		memcpy(out, found, DATE_MAX);
		return i;
	}
	return folded.n;
}
