/* date.h -- dates as feeds and people write them into the one form that the
 * record prints (ISO 8601), no more precise than they were. Pure functions. */
#ifndef VIGIE_DATE_H
#define VIGIE_DATE_H

#include "base/str.h"

enum { DATE_MAX = sizeof("2022-11-29T09:00:00Z") };

/* Write the date s into out: "2022", "2022-11", "2022-11-29", or, when a time
 * is given, "2022-11-29T09:00:00Z" in UTC. It reads
 *
 *	2022   2022-11   2022-11-29   20221129
 *	2022-11-29T10:00:00+01:00	RFC 3339; a space for the T, no
 *					seconds, no zone (then UTC) will do
 *	Tue, 29 Nov 2022 10:00:00 +0100	RFC 2822 and its older forms
 *
 * Returns 0, or -EINVAL for another form and for a date that cannot be. */
int date_parse(struct str s, char out[DATE_MAX]);
/* Any form that a feed was seen to hold, always to the second, in UTC:
 * "2022-11-29T09:00:00Z"; what it lacks is the first (of the month, midnight).
 * Besides the above it reads ISO 8601 in short and with the day of the year,
 * asctime(), dates of people in nine languages, days and months in any order
 * that leaves no doubt, clocks of twelve hours, Unix seconds, and unknown
 * names of zones as UTC. Returns 0, or -EINVAL. */
int date_parse_feed(struct str s, char out[DATE_MAX]);
/* The same as date_parse() of a JSON number: Unix seconds, but a whole number
 * of four or eight digits that reads as a date (2022, 20221129) is that date. */
int date_of_number(double x, char out[DATE_MAX]);

#endif
