#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "base/unicode.h"
#include "parse/date_parts.h"

struct name {
	const char *words; /* in small letters, a space between them */
	int value;
};

/* English, French, German, Spanish, Italian, Portuguese, Dutch, Greek and
 * Hungarian; also cut to three letters or more, see begins(). */
static const struct name months[] = {
	{ "january janvier januar jänner enero gennaio janeiro januari "
	  "ιανουάριος ιανουαρίου ιαν január", 1 },
	{ "february fév février februar feber febrero febbraio fevereiro "
	  "februari φεβρουάριος φεβρουαρίου φεβ február", 2 },
	{ "march mars märz mrz marzo março maart mrt μάρτιος μαρτίου μάρ "
	  "μάώ μαρ március", 3 },
	{ "april avril abril aprile απρίλιος απριλίου απρ április", 4 },
	{ "may mai mayo maggio mag maio mei μάιος μαΐου μάϊ μαϊ μάι μαι "
	  "május", 5 },
	{ "june juin juni junio giugno junho ιούνιος ιουνίου ιούν ιον ιουν "
	  "június", 6 },
	{ "july juillet juil juli julio luglio julho ιούλιος ιουλίου ιούλ "
	  "ιολ ιουλ július", 7 },
	{ "august août aout agosto augustus αύγουστος αυγούστου αύγ αυγ "
	  "augusztus", 8 },
	{ "september sept septembre septiembre settembre setembro σεπτέμβριος "
	  "σεπτεμβρίου σεπ szeptember", 9 },
	{ "october octobre oktober okt octubre ottobre outubro οκτώβριος "
	  "οκτωβρίου οκτ október", 10 },
	{ "november novembre noviembre novembro νοέμβριος νοεμβρίου νοέ νοε",
	  11 },
	{ "december décembre dezember dez diciembre dicembre dezembro "
	  "δεκέμβριος δεκεμβρίου δεκ", 12 },
};

static const struct name days[] = {
	{ "monday lundi montag lunes lunedì segunda maandag δευτέρα δευ "
	  "hétfő", 1 },
	{ "tuesday tues mardi dienstag martes martedì terça dinsdag τρίτη τρι "
	  "kedd", 2 },
	{ "wednesday mercredi mittwoch miércoles mercoledì quarta woensdag "
	  "τετάρτη τετ szerda", 3 },
	{ "thursday thurs jeudi donnerstag jueves giovedì quinta donderdag "
	  "πέμπτη πεμ csütörtök", 4 },
	{ "friday vendredi freitag viernes venerdì sexta vrijdag παρασκευή "
	  "παρ péntek", 5 },
	{ "saturday samedi samstag sonnabend sábado sabato zaterdag σάββατο "
	  "σαβ szombat", 6 },
	{ "sunday dimanche sonntag domingo domenica zondag κυριακή κυρ "
	  "vasárnap", 7 },
};

/* Minutes east. Those that mean several zones mean the one of English feeds. */
static const struct name zones[] = {
	{ "z ut utc gmt wet etc", 0 },
	{ "cet met mez bst west", 60 },
	{ "cest mest mesz eet sast", 120 },
	{ "eest msk", 180 },
	{ "ist", 330 },
	{ "awst hkt sgt", 480 },
	{ "jst kst", 540 },
	{ "aest", 600 },
	{ "aedt", 660 },
	{ "nzst", 720 },
	{ "nzdt", 780 },
	{ "brt adt art", -180 },
	{ "ast at edt", -240 },
	{ "est et cdt", -300 },
	{ "cst ct mdt", -360 },
	{ "mst mt pdt", -420 },
	{ "pst pt akdt", -480 },
	{ "akst", -540 },
	{ "hst", -600 },
};

static const struct name halves[] = {
	{ "am a.m 오전", 0 },
	{ "pm p.m 오후", 12 },
};

static const struct name fillers[] = {
	{ "st nd rd th er t de del di du of the le la el den der um at à às a "
	  "alle om ore uhr on", 0 },
};

static const struct name korea[] = { { "년 월 일", 0 } };

/* Long names are also written by their first letters: "sept", "août.". */
enum { SHORTENED_MIN = 3, LONGEST = 64 };

static bool begins(struct str word, struct str name, bool may_be_short)
{
	if (str_eq(word, name))
		return true;
	return may_be_short && word.n >= SHORTENED_MIN && word.n < name.n &&
	       str_starts(name, word);
}

static bool find(struct str word, const struct name *names, size_t n,
		 bool may_be_short, int *value)
{
	for (size_t i = 0; i < n; i++) {
		const char *p = names[i].words;

		while (*p) {
			const char *end = p;

			while (*end && *end != ' ')
				end++;
			*value = names[i].value;
			if (*p == word.p[0] &&
			    begins(word, (struct str){ p, (size_t)(end - p) },
				   may_be_short))
				return true;
			p = end + (*end == ' ');
		}
	}
	return false;
}

static struct str in_small_letters(struct str s, char out[LONGEST])
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n = 0, step;

	for (; p < end && n + 4 <= LONGEST; p += step) {
		utf8proc_int32_t c =
			(utf8proc_int32_t)unicode_decode(p, end, &step);

		n += unicode_encode((uint32_t)utf8proc_tolower(c), out + n);
	}
	return (struct str){ out, n };
}

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

enum date_word date_word(struct str s, int *value)
{
	static const struct {
		const struct name *names;
		size_t n;
		bool may_be_short;
		enum date_word kind;
	} tables[] = {
		{ zones, COUNT(zones), false, DATE_WORD_ZONE },
		{ halves, COUNT(halves), false, DATE_WORD_HALF },
		{ fillers, COUNT(fillers), false, DATE_WORD_FILL },
		{ korea, COUNT(korea), false, DATE_WORD_KOREA },
		{ months, COUNT(months), true, DATE_WORD_MONTH },
		{ days, COUNT(days), true, DATE_WORD_DAY },
	};
	char small[LONGEST] = "";

	*value = 0;
	if (!s.n || s.n > LONGEST / 2)
		return DATE_WORD_NONE;
	s = in_small_letters(s, small);
	for (size_t i = 0; i < COUNT(tables); i++)
		if (find(s, tables[i].names, tables[i].n,
			 tables[i].may_be_short, value))
			return tables[i].kind;
	*value = 0;
	return DATE_WORD_NONE;
}
