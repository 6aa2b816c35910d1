#include "commands/marks.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/unicode.h"

struct spans marks_flatten(struct spans w)
{
	size_t n = 0;

	if (w.n)
		qsort(w.v, w.n, sizeof(*w.v), spread_by_place);
	for (size_t i = 0; i < w.n; i++) {
		struct span *last = n ? &w.v[n - 1] : NULL;

		if (!last || last->field != w.v[i].field ||
		    last->end <= w.v[i].start) {
			w.v[n++] = w.v[i];
			continue;
		}
		last->weight += w.v[i].weight;
		if (w.v[i].end > last->end)
			last->end = w.v[i].end;
	}
	return (struct spans){ w.v, n };
}

double marks_heaviest(struct spans w)
{
	double most = 0;

	for (size_t i = 0; i < w.n; i++)
		most = fmax(most, fabs(w.v[i].weight));
	return most;
}

/* What may stand between the words of a phrase: a blank, an apostrophe or a
 * hyphen, one of them. */
static bool is_joint(struct str gap)
{
	size_t n;
	uint32_t c;

	if (!gap.n)
		return true;
	c = unicode_decode(gap.p, gap.p + gap.n, &n);
	return n == gap.n && (c == ' ' || c == '\'' || c == '-' ||
			      c == 0xA0 || c == 0x202F || c == 0x2019);
}

static bool is_phrase(const struct str field[FIELD_COUNT],
		      const struct span *x, const struct span *y)
{
	return x->field == y->field &&
	       (x->weight > 0) == (y->weight > 0) &&
	       is_joint((struct str){ field[x->field].p + x->end,
				      y->start - x->end });
}

struct spans marks_heavy(const struct str field[FIELD_COUNT], struct spans w,
			 double part)
{
	double least = part * marks_heaviest(w);
	size_t n = 0;

	for (size_t i = 0; i < w.n; i++) {
		struct span *last = n ? &w.v[n - 1] : NULL;

		if (w.v[i].weight == 0 || fabs(w.v[i].weight) < least)
			continue;
		if (last && is_phrase(field, last, &w.v[i])) {
			last->end = w.v[i].end;
			last->weight += w.v[i].weight;
		} else {
			w.v[n++] = w.v[i];
		}
	}
	return (struct spans){ w.v, n };
}

static int by_word(const void *a, const void *b)
{
	const struct told *x = a, *y = b;
	int c = str_cmp(x->word, y->word);

	/* Equal words by place, so that their sum is always the same. */
	return c ? c : (x->word.p > y->word.p) - (x->word.p < y->word.p);
}

static int by_weight(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return str_cmp(x->word, y->word);
}

size_t marks_tell(const struct str field[FIELD_COUNT], struct spans w,
		  struct told *out)
{
	size_t n = 0;

	for (size_t i = 0; i < w.n; i++)
		out[i] = (struct told){
			{ field[w.v[i].field].p + w.v[i].start,
			  w.v[i].end - w.v[i].start },
			w.v[i].weight,
			1,
		};
	if (w.n)
		qsort(out, w.n, sizeof(*out), by_word);
	for (size_t i = 0; i < w.n; i++) {
		if (n && str_eq(out[n - 1].word, out[i].word)) {
			out[n - 1].weight += out[i].weight;
			out[n - 1].times++;
		} else {
			out[n++] = out[i];
		}
	}
	if (n)
		qsort(out, n, sizeof(*out), by_weight);
	return n;
}

/* Sentences. A point ends one when a blank and no small letter follow, unless
 * it stands behind a single letter (M. Durand, J. F. Kennedy). What follows a
 * known abbreviation is cut off wrongly, which costs nothing but looks. */

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == 0xA0 || c == 0x202F;
}

static bool is_end(uint32_t c)
{
	return c == '.' || c == '!' || c == '?' || c == 0x2026 /* … */ ||
	       c == 0x3002 || c == 0xFF01 || c == 0xFF1F; /* 。！？ */
}

static bool is_closer(uint32_t c)
{
	return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0xBB ||
	       c == 0x2019 || c == 0x201D;
}

static uint32_t char_at(struct str s, size_t at, size_t *n)
{
	if (at >= s.n) {
		*n = 0;
		return '\n';
	}
	return unicode_decode(s.p + at, s.p + s.n, n);
}

static size_t skip_blanks(struct str s, size_t at, bool *line)
{
	uint32_t c;
	size_t n;

	for (; at < s.n; at += n) {
		c = char_at(s, at, &n);
		if (!is_blank(c))
			break;
		*line |= c == '\n';
	}
	return at;
}

/* One letter alone before the point at `at`. */
static bool is_initial(struct str s, size_t start, size_t at)
{
	return at > start && s.p[at] == '.' && s.p[at - 1] >= 'A' &&
	       s.p[at - 1] <= 'Z' &&
	       (at - 1 == start || is_blank((unsigned char)s.p[at - 2]) ||
		s.p[at - 2] == '.');
}

static bool is_small(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || c == ',' || c == ';' || c == ':';
}

/* Where the sentence that begins at start ends, behind its marks. */
static size_t sentence_end(struct str s, size_t start)
{
	size_t blank = 0, at = start, n;

	while (at < s.n) {
		uint32_t c = char_at(s, at, &n);
		size_t next = at + n;
		bool line = false;

		if (c == '\n')
			return at;
		if (is_blank(c))
			blank = at;
		if (next - start > SENTENCE_MAX && blank)
			return blank;
		if (!is_end(c) || is_initial(s, start, at)) {
			at = next;
			continue;
		}
		for (c = char_at(s, next, &n); is_end(c) || is_closer(c);
		     c = char_at(s, next, &n))
			next += n;
		/* « fin. » */
		if (is_blank(c) && char_at(s, next + n, &n) == 0xBB)
			next = skip_blanks(s, next, &line) + n;
		at = skip_blanks(s, next, &line);
		if (line || at == s.n ||
		    (at > next && !is_small(char_at(s, at, &n))))
			return next;
		at = next;
	}
	return s.n;
}

int marks_cut(struct str text, struct arena *a, struct sentence **ret)
{
	bool line = false;
	size_t at = skip_blanks(text, 0, &line);
	int count = 0;

	*ret = arena_take(a, 0);
	while (at < text.n) {
		size_t end = sentence_end(text, at);
		struct sentence *s = arena_extend(a, sizeof(*s));

		if (!s)
			return -ENOMEM;
		s->start = (uint32_t)at;
		while (end > at + 1 && (text.p[end - 1] == ' ' ||
					text.p[end - 1] == '\t'))
			end--;
		s->end = (uint32_t)end;
		count++;
		at = skip_blanks(text, end, &line);
	}
	return count;
}

static int heavier(const void *a, const void *b)
{
	const struct sentence *x = *(const struct sentence *const *)a;
	const struct sentence *y = *(const struct sentence *const *)b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x->start > y->start) - (x->start < y->start);
}

void marks_pick(struct sentence *s, size_t count, enum field f,
		struct spans flat, size_t n, double part,
		struct arena scratch)
{
	struct sentence **order = arena_take_array(&scratch, count + 1,
						   sizeof(*order));
	double sum = 0, held = 0;
	size_t k = 0;

	for (size_t i = 0; i < count; i++) {
		s[i].weight = 0;
		s[i].shown = count <= n || !order;
		if (order)
			order[i] = &s[i];
	}
	for (size_t i = 0; i < flat.n; i++) {
		if (flat.v[i].field != f)
			continue;
		while (k < count && s[k].end <= flat.v[i].start)
			k++;
		if (k < count)
			s[k].weight += fabs(flat.v[i].weight);
		sum += fabs(flat.v[i].weight);
	}
	if (count <= n || !order)
		return;
	qsort(order, count, sizeof(struct sentence *), heavier);
	for (size_t i = 0; i < n && (i == 0 || held < part * sum); i++) {
		order[i]->shown = true;
		held += order[i]->weight;
	}
}
