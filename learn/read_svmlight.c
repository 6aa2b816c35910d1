#include "learn/read_svmlight.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/read_lines.h"

struct svmlight {
	struct read_sink *sink;
	size_t line;
	struct str whole; /* the line in hand */
	struct buf labels; /* struct raw_label */
	struct buf text;
	uint64_t last; /* index, when text is not empty */
};

static struct str next_word(struct str *rest)
{
	struct str word;
	size_t n = 0;

	*rest = str_trim(*rest);
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
		n++;
	word = (struct str){ rest->p, n };
	rest->p += n, rest->n -= n;
	return word;
}

static bool wrong(struct svmlight *v, struct str word, const char *why)
{
	read_complain(v->sink, v->line, (size_t)(word.p - v->whole.p) + 1,
		      "'" STR_FMT "': %s", STR_ARG(read_shown(word)), why);
	return false;
}

static bool read_index(struct str s, uint64_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit = (uint64_t)s.p[i] - '0';

		if (s.p[i] < '0' || s.p[i] > '9' ||
		    *ret > (UINT64_MAX - digit) / 10)
			return false;
		*ret = *ret * 10 + digit;
	}
	return s.n > 0;
}

/* Not what strtof() takes beyond numbers: hexadecimal, inf, nan. */
static bool read_value(struct str s, float *ret)
{
	char z[64], *end;

	if (!s.n || s.n >= sizeof(z))
		return false;
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	if (strspn(z, "+-.0123456789eE") != s.n)
		return false;
	*ret = strtof(z, &end);
	return !*end && isfinite(*ret);
}

static bool add_pair(struct svmlight *v, struct str word)
{
	struct str value = word, index = str_cut(&value, ':');
	uint64_t i;
	float x;

	if (!value.p)
		return wrong(v, word, "expected index:value");
	if (!read_index(index, &i))
		return wrong(v, word, "the index is no whole number from 0 on");
	if (v->text.n && i <= v->last)
		return wrong(v, word, "indices ascend, and this one does not");
	if (!read_value(value, &x))
		return wrong(v, word, "the value is no finite number");
	v->last = i;
	buf_printf(&v->text, "%s%" PRIu64 ":%.9g", v->text.n ? " " : "", i,
		   (double)x);
	return true;
}

/* The first word, unless it is a pair already. */
static void add_labels(struct svmlight *v, struct str word)
{
	while (word.p) {
		struct raw_label l = { str_cut(&word, ','), { NULL, 0 } };

		buf_add(&v->labels, &l, sizeof(l));
	}
}

static bool read_words(struct svmlight *v, struct str rest)
{
	struct str before = rest, word = next_word(&rest);

	if (!str_has(word, ':')) {
		add_labels(v, word);
		before = rest;
		word = next_word(&rest);
	}
	if (!str_starts(word, STR("qid:")))
		rest = before;
	while ((word = next_word(&rest)).n)
		if (!add_pair(v, word))
			return false;
	if (!v->text.n)
		read_complain(v->sink, v->line, 0, "no index:value");
	return v->text.n;
}

static int read_line(struct svmlight *v)
{
	struct raw_example x = { .line = v->line };
	struct str rest = v->whole;
	int r;

	rest = str_trim(str_cut(&rest, '#'));
	if (!rest.n)
		return 0;
	buf_clear(&v->labels);
	buf_clear(&v->text);
	if (!read_words(v, rest))
		return 0;
	x.text = buf_view(&v->text);
	x.labels = (const struct raw_label *)(void *)v->labels.p;
	x.n = v->labels.n / sizeof(*x.labels);
	r = buf_error(&v->labels);
	if (!r)
		r = buf_error(&v->text);
	return r ? r : v->sink->example(v->sink->arg, &x);
}

int read_svmlight(struct read_sink *s, struct str bytes, struct err *e)
{
	struct read_lines l = read_lines_of(bytes);
	struct svmlight v = { .sink = s };
	int r = 0;

	(void)e;
	buf_init(&v.labels, bytes.n * sizeof(struct raw_label));
	buf_init(&v.text, SIZE_MAX);
	while (!r && read_lines_next(&l, &v.whole)) {
		v.line = l.number;
		if (read_is_text(s, v.line, 0, "line", v.whole))
			r = read_line(&v);
	}
	buf_done(&v.labels);
	buf_done(&v.text);
	return r;
}
