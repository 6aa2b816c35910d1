/* date_parts.h -- dates from within. Behind date.h: for date.c (the forms that
 * are taken at their word), date_feed.c (all that feeds hold) and date_words.c
 * (names of months, days and zones) alone. */
#ifndef VIGIE_DATE_PARTS_H
#define VIGIE_DATE_PARTS_H

#include <stdbool.h>

#include "base/str.h"
#include "parse/date.h"

/* As much of a date as is known: month and day are 0 when they are not. */
struct date_when {
	int year, month, day;
	bool timed;
	int hour, minute, second;
	int zone; /* minutes east of Greenwich */
};

/* Two strict forms, of which s is all. */
bool date_read_iso(struct str s, struct date_when *w);
bool date_read_mail(struct str s, struct date_when *w);
/* May it stand in a calendar? A leap second may. */
bool date_can_be(const struct date_when *w);
/* What it is in UTC, to the second: what is not known is the first. Returns 0,
 * or -EINVAL when that is no year from 1 to 9999. */
int date_write_utc(const struct date_when *w, char out[DATE_MAX]);

enum date_word {
	DATE_WORD_NONE,
	DATE_WORD_MONTH, /* value: 1 to 12 */
	DATE_WORD_DAY,	 /* of the week; value: 1 is Monday */
	DATE_WORD_ZONE,	 /* value: minutes east */
	DATE_WORD_HALF,	 /* of the day; value: 0 is morning, 12 afternoon */
	DATE_WORD_FILL,	 /* "th", "de", "à": says nothing */
	DATE_WORD_KOREA, /* year, month, day: there, and so is the clock */
};

/* What the word, of any case and in any language we know, means. */
enum date_word date_word(struct str s, int *value);

#endif
