/* Bylines and dates that nothing marks, by where they stand. */
#include <string.h>

#include "parse/fold.h"
#include "parse/page_found.h"

enum {
	STAMP_TEXT_MAX = 60, /* bytes of a run that is a date and little else */
	DATE_TEXT_MAX = 160,
	BEFORE = 12, /* runs of text around the heading that may date it */
	BEHIND = 30,
	BYLINE_MAX = 100,
	LEAD_MAX = 24, /* bytes, more than of any lead */
};

/* As much of a run as holds any lead. */
static struct str head_of(struct str s)
{
	return (struct str){ s.p, s.n < LEAD_MAX ? s.n : LEAD_MAX };
}

/* "By Jane Doe" in an element of its own, with whatever name. */
static bool reads_as_byline(struct str s)
{
	static const char *const heads[] = {
		"by ", "par ", "von ", "por ", "door ", "written by ",
		"posted by ", "text: ", "autor: ", "author: ", "auteur : ",
	};
	struct fold f;

	if (s.n < 6 || s.n > 80)
		return false;
	fold(head_of(s), &f);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		size_t n = strlen(heads[i]), at;

		if (!str_starts(fold_view(&f), str_of(heads[i])) || n >= f.n)
			continue;
		at = f.at[n];
		/* A name has capitals. */
		return (s.p[at] >= 'A' && s.p[at] <= 'Z') ||
		       (unsigned char)s.p[at] >= 0x80;
	}
	return false;
}

/* "Verfasst von:", the name being the next run. */
static bool is_lone_lead(struct str s)
{
	static const char *const lone[] = {
		"by", "by:", "par", "par:", "par :", "von", "von:", "por",
		"verfasst von:", "verfasst von", "written by", "written by:",
		"posted by", "author:", "autor:", "auteur :", "text:", "di",
		"door", "texte :", "geschrieben von",
	};
	struct fold f;

	if (s.n > 20)
		return false;
	fold(s, &f);
	for (size_t i = 0; i < sizeof(lone) / sizeof(*lone); i++)
		if (str_is(fold_view(&f), lone[i]))
			return true;
	return false;
}

static void say_byline(struct page_found *f, struct str s)
{
	struct str names = page_names(f, s);

	if (page_is_names(names) && !f->said[PAGE_AUTHOR][PAGE_BY_LOOK].n)
		page_say(f, PAGE_AUTHOR, PAGE_BY_LOOK, names);
}

/* A run of text near the heading; led says that the run before it leads a
 * name. */
static void read_run(struct page_found *f, struct str s, bool led)
{
	if (s.n > DATE_TEXT_MAX)
		return;
	page_say_date(f, PAGE_BY_LOOK, s);
	if (led || reads_as_byline(s))
		say_byline(f, s);
}

/* Runs of text around the heading, what is behind it first. */
void page_read_around(struct page_found *f, uint32_t heading)
{
	const struct dom *d = f->d;
	uint32_t from = heading, runs = 0;
	bool led = false;

	if (heading == d->n)
		return;
	while (from && runs < BEFORE)
		runs += d->v[--from].tag == DOM_TEXT;
	runs = 0;
	for (uint32_t i = d->v[heading].end; i < d->n && runs < BEHIND; i++) {
		struct str s = str_trim(d->v[i].text);

		if (d->v[i].tag != DOM_TEXT || !s.n)
			continue;
		runs++;
		read_run(f, s, led);
		led = is_lone_lead(s);
	}
	for (uint32_t i = from; i < heading; i++)
		if (d->v[i].tag == DOM_TEXT)
			read_run(f, str_trim(d->v[i].text), false);
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

/* At last, a date that stands by itself anywhere. */
void page_read_anywhere(struct page_found *f)
{
	for (uint32_t i = 0; i < f->d->n; i++) {
		struct str s = str_trim(f->d->v[i].text);

		if (f->said[PAGE_PUBLISHED][PAGE_BY_LOOK].n)
			return;
		if (f->d->v[i].tag == DOM_TEXT && s.n >= 8 &&
		    s.n <= STAMP_TEXT_MAX && has_digit(s))
			page_say_date(f, PAGE_BY_LOOK, s);
	}
}

/* Leads that name the author wherever they stand. */
static const char *const sure_leads[] = {
	"autor:", "autorin:", "autoren:", "author:", "authors:", "auteur:",
	"auteur :", "auteurs :", "autore:", "autorzy:", "text:", "texte :",
	"texto:", "testo:", "tekst:", "verfasst von", "geschrieben von",
	"written by", "posted by", "ecrit par", "escrito por", "scritto da",
	"geschreven door", "text von", "autoren", "autor", "autorin",
	"ein artikel von", "ein beitrag von", "von:", "by:",
};

/* How many bytes of s such a lead takes; 0: none. */
static size_t sure_lead(struct str s)
{
	struct fold f;
	size_t best = 0;

	fold(head_of(s), &f);
	for (size_t i = 0; i < sizeof(sure_leads) / sizeof(*sure_leads); i++) {
		size_t n = strlen(sure_leads[i]);

		if (n > best && str_starts(fold_view(&f),
					   str_of(sure_leads[i])) &&
		    (n == f.n || f.z[n] == ' '))
			best = n;
	}
	return best ? f.at[best] : 0;
}

static void say_chance(struct page_found *f, struct str s)
{
	struct str names;

	if (s.n < 5 || s.n > BYLINE_MAX || f->chances++ >= PAGE_CHANCES_MAX)
		return;
	names = page_names(f, s);
	if (page_is_names(names) && fold_find(names, " ") < names.n &&
	    !(names.p[0] >= 'a' && names.p[0] <= 'z'))
		page_say(f, PAGE_AUTHOR, PAGE_BY_CHANCE, names);
}

/* Is the run all that its element, and the one around it, holds? */
static bool is_alone(const struct dom *d, uint32_t i)
{
	uint32_t up = d->v[i].parent;

	return d->v[up].end == i + 1 && up + 1 == i &&
	       (dom_is_block(d->v[up].tag) ||
		(d->v[d->v[up].parent].end == i + 1 &&
		 dom_is_block(d->v[d->v[up].parent].tag)));
}

void page_read_bylines(struct page_found *f, uint32_t heading)
{
	const struct dom *d = f->d;
	bool led = false;

	for (uint32_t i = heading < d->n ? d->v[heading].end : 0; i < d->n;
	     i++) {
		struct str s = str_trim(d->v[i].text);
		size_t lead;

		if (f->said[PAGE_AUTHOR][PAGE_BY_CHANCE].n)
			return;
		if (d->v[i].tag != DOM_TEXT) {
			if (page_is_foreign(d, i, heading))
				i = d->v[i].end - 1;
			continue;
		}
		if (!s.n || s.n > BYLINE_MAX) {
			led = led && !s.n;
			continue;
		}
		lead = sure_lead(s);
		if (led || (lead && lead < s.n) ||
		    (is_alone(d, i) && reads_as_byline(s)))
			say_chance(f, (struct str){ s.p + lead, s.n - lead });
		led = lead == s.n;
	}
}
