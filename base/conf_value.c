#include "base/conf_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Each parser returns false when the text is none of its kind. */

static bool parse_real(struct str s, double *out)
{
	char text[64], *end;

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*out = strtod(text, &end);
	return end == text + s.n && isfinite(*out);
}

static bool parse_int(struct str s, int64_t *out)
{
	char text[32], *end;

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	errno = 0;
	*out = strtoll(text, &end, 10);
	return !errno && end == text + s.n;
}

struct unit {
	const char *name;
	double factor;
};

static const struct unit sizes[] = {
	{ "", 1 },	  { "k", 1024 },      { "K", 1024 },
	{ "M", 1048576 }, { "G", 1073741824 }, { NULL, 0 },
};
static const struct unit times[] = {
	{ "ms", 1 },	  { "s", 1000 }, { "m", 60000 },
	{ "h", 3600000 }, { "d", 86400000 }, { NULL, 0 },
};

static bool parse_unit(struct str s, const struct unit *units, int64_t *out)
{
	struct str digits = s, unit;
	double x;

	while (digits.n && (digits.p[digits.n - 1] < '0' ||
			    digits.p[digits.n - 1] > '9'))
		digits.n--;
	unit = str_trim((struct str){ s.p + digits.n, s.n - digits.n });
	if (!parse_real(digits, &x))
		return false;
	while (units->name && !str_is(unit, units->name))
		units++;
	x *= units->factor;
	if (!units->name || !(x >= 0 && x < 9e15))
		return false;
	*out = (int64_t)x;
	return true;
}

static bool parse_bool(struct str s, bool *out)
{
	*out = str_is(s, "true") || str_is(s, "yes") || str_is(s, "on");
	return *out || str_is(s, "false") || str_is(s, "no") ||
	       str_is(s, "off");
}

static bool within(const struct conf_key *k, double x)
{
	return (k->min == 0 && k->max == 0) || (x >= k->min && x <= k->max);
}

const char *conf_wanted(const struct conf_key *k, char *out, size_t size)
{
	static const char *const names[] = {
		[CONF_TEXT] = "a text",
		[CONF_BOOL] = "true or false",
		[CONF_INT] = "a whole number",
		[CONF_REAL] = "a number",
		[CONF_SIZE] = "a size such as 64k, 16M or 2G",
		[CONF_TIME] = "a time such as 250ms, 5s or 2m",
		[CONF_CHOICE] = "one of",
		[CONF_RANGE] = "two whole numbers such as [1, 2], the larger last",
		[CONF_TEXTS] = "a text or a list of texts",
		[CONF_REALS] = "a number or a list of numbers",
		[CONF_MAP] = "a map of keys",
		[CONF_MAPS] = "a list of maps",
		[CONF_ANY] = "a map of texts",
	};
	size_t n = (size_t)snprintf(out, size, "%s", names[k->kind]);

	for (size_t i = 0; k->kind == CONF_CHOICE && k->choices[i]; i++)
		n += (size_t)snprintf(out + n, size - n, "%s %s", i ? "," : "",
				      k->choices[i]);
	if ((k->kind == CONF_INT || k->kind == CONF_REAL ||
	     k->kind == CONF_RANGE || k->kind == CONF_REALS) &&
	    (k->min != 0 || k->max != 0))
		n += (size_t)snprintf(out + n, size - n, " from %.15g to %.15g",
				      k->min, k->max);
	if ((k->kind == CONF_SIZE || k->kind == CONF_TIME) && k->max > 0)
		snprintf(out + n, size - n, ", %.0f to %.0f %s", k->min,
			 k->max, k->kind == CONF_SIZE ? "bytes" : "ms");
	return out;
}

static int choice_of(const struct conf_key *k, struct str s)
{
	for (int i = 0; k->choices[i]; i++)
		if (str_is(s, k->choices[i]))
			return i;
	return -1;
}

bool conf_set_scalar(const struct conf_key *k, struct str s, struct arena *a,
		     void *at)
{
	double x = 0;
	int64_t i = 0;
	bool b;
	int choice;

	switch (k->kind) {
	case CONF_TEXT:
		/* YAML can write a NUL ("\0"), a C string cannot hold it. */
		s = str_has(s, '\0') ? (struct str){ NULL, 0 }
			       : arena_copy(a, s);
		if (s.p)
			*(const char **)at = s.p;
		return s.p != NULL;
	case CONF_BOOL:
		if (!parse_bool(s, &b))
			return false;
		*(bool *)at = b;
		return true;
	case CONF_REAL:
		if (!parse_real(s, &x) || !within(k, x))
			return false;
		*(double *)at = x;
		return true;
	case CONF_CHOICE:
		choice = choice_of(k, s);
		if (choice < 0)
			return false;
		*(int *)at = choice;
		return true;
	case CONF_INT:
		if (!parse_int(s, &i) || !within(k, (double)i))
			return false;
		*(int64_t *)at = i;
		return true;
	case CONF_SIZE:
	case CONF_TIME:
		if (!parse_unit(s, k->kind == CONF_SIZE ? sizes : times, &i) ||
		    !within(k, (double)i))
			return false;
		*(int64_t *)at = i;
		return true;
	default:
		return false;
	}
}
