/* stamp.h -- dates as pages print them over an article, for people: "le samedi
 * 22 octobre 2022 à 12h20", "22. Oktober 2022", "Oct 22, 2022 5:30 pm GMT",
 * "22/10/2022". In French, English, German, Spanish, Italian, Dutch, Polish,
 * Portuguese. What machines write is date.h's. Pure. */
#ifndef VIGIE_STAMP_H
#define VIGIE_STAMP_H

#include <stdbool.h>

#include "base/str.h"
#include "parse/date.h"

/* Read the date at the head of a folded text (parse/fold.h). Returns how many
 * bytes it takes, the time that follows it included; 0 when there is none.
 * out is "2022-10-22"; "2022-10" when there is no day; empty when there is no
 * year ("22/10"). The time is left out: it lacks its zone. month_first reads
 * 10/11 as the eleventh of October; both ways when only one can be. */
size_t stamp_read(struct str folded, bool month_first, char out[DATE_MAX]);
/* The first date with a year and a day in the text, into out; where it stands,
 * or folded.n when there is none. */
size_t stamp_find(struct str folded, bool month_first, char out[DATE_MAX]);

#endif
