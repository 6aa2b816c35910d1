#include "classify/cut.h"

#include <utf8proc.h>

size_t cut_run_end(const struct cutter *c, size_t i)
{
	size_t n;

	while (i < c->text.n && cut_class_at(c, i, &n) >= CUT_MARK)
		i += n;
	return i;
}

/* What a character is to the parts of a tag. */
enum part { PART_NONE, PART_UPPER, PART_LOWER, PART_DIGIT, PART_MARK };

/* Letters of scripts that have no capitals are small ones. */
static enum part part_at(const struct cutter *c, size_t at, size_t *n)
{
	uint32_t x = cut_char(c, at, n);
	enum cut_class k = cut_class(c, x);

	if (k != CUT_LETTER)
		return k == CUT_DIGIT  ? PART_DIGIT
		       : k == CUT_MARK ? PART_MARK
				       : PART_NONE;
	switch (utf8proc_category((utf8proc_int32_t)x)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LT:
		return PART_UPPER;
	default:
		return x == '_' ? PART_NONE : PART_LOWER;
	}
}

/* Where the part at `at` ends: [A-Z]?[a-z]+, or [A-Z]+ up to the last that no
 * small letter follows, or digits. Marks go with what they are on. */
static size_t part_end(const struct cutter *c, size_t at, size_t end)
{
	size_t start = at, last = at, n;
	enum part is = part_at(c, at, &n), next;

	for (at += n; at < end; at += n) {
		next = part_at(c, at, &n);
		if (next == PART_MARK)
			continue;
		if (is == PART_UPPER && next == PART_LOWER) {
			if (last > start)
				return last; /* "AB" of "ABCd" */
			is = PART_LOWER;
		}
		if (next != is)
			break;
		last = at;
	}
	return at;
}

/* The first part at or behind `at`, or end when there is none. */
static size_t next_part(const struct cutter *c, size_t at, size_t end)
{
	size_t n;

	for (; at < end; at += n) {
		enum part is = part_at(c, at, &n);

		if (is != PART_NONE && is != PART_MARK)
			break;
	}
	return at;
}

void cut_tag(struct cutter *c, size_t start)
{
	size_t end, from, to;

	if (!cut_is_tag(c, start))
		return;
	end = cut_run_end(c, start);
	from = next_part(c, start, end);
	if (from == end || end - start > TOKENS_WORD_MAX)
		return;
	to = part_end(c, from, end);
	if (next_part(c, to, end) == end)
		return; /* the only one says what the tag says */
	while (from < end) {
		to = part_end(c, from, end);
		cut_token(c, from, to);
		from = next_part(c, to, end);
	}
}

void cut_plain(struct cutter *c)
{
	size_t end, n;

	for (size_t i = scan_next(c->bits, 0); i < c->text.n && !c->full;
	     i = scan_next(c->bits, end)) {
		end = cut_plain_end(c, i);
		if (end > i) {
			cut_plain_token(c, i, end);
		} else if (cut_class_at(c, i, &n) < CUT_DIGIT) {
			end = i + n;
			continue;
		} else {
			end = cut_run_end(c, i + n);
			cut_token(c, i, end);
		}
		cut_tag(c, i);
	}
}

static bool begins_run(const struct cutter *c, size_t i)
{
	size_t n;

	return i < c->text.n && cut_class_at(c, i, &n) >= CUT_DIGIT;
}

static size_t blank_from(const struct cutter *c, size_t i)
{
	size_t n;

	while (i < c->text.n && cut_class_at(c, i, &n) != CUT_BLANK)
		i += n;
	return i;
}

/* The end of https?://\S+ at i, or i. As if the text had been lower-cased
 * before, which is what scikit-learn does. */
static size_t address_end(const struct cutter *c, size_t i)
{
	const char *p = c->text.p + i, *end = c->text.p + c->text.n;
	int small = c->t->set.cased ? 0 : 0x20;
	size_t stop;

	for (const char *z = "http"; *z; z++, p++)
		if (p == end || (*p | small) != *z)
			return i;
	if (p < end && (*p | small) == 's')
		p++;
	for (const char *z = "://"; *z; z++, p++)
		if (p == end || *p != *z)
			return i;
	stop = blank_from(c, (size_t)(p - c->text.p));
	return stop > (size_t)(p - c->text.p) ? stop : i;
}

/* The length of an apostrophe at i that a word goes on behind, or 0. */
static size_t inner_apostrophe(const struct cutter *c, size_t i)
{
	struct str left = { c->text.p + i, c->text.n - i };
	size_t n = str_starts(left, STR("'"))	     ? 1
		   : str_starts(left, STR("\u2019")) ? 3
						     : 0;

	return n && begins_run(c, i + n) ? n : 0;
}

/* The end of what matches at i, which is no blank:
 *
 *	https?://\S+|[@#]\w+|\w+(?:['’]\w+)*|[^\w\s]
 */
static size_t match_end(const struct cutter *c, size_t i)
{
	size_t end = address_end(c, i), n;
	char first = c->text.p[i];

	if (end > i)
		return end;
	if (first == '@' || first == '#')
		return cut_run_end(c, i + 1);
	if (!begins_run(c, i)) {
		cut_class_at(c, i, &n);
		return i + n;
	}
	end = cut_run_end(c, i);
	while ((n = inner_apostrophe(c, end)))
		end = cut_run_end(c, end + n);
	return end;
}

void cut_marks(struct cutter *c)
{
	size_t end, n;

	for (size_t i = 0; i < c->text.n && !c->full; i = end) {
		if (cut_class_at(c, i, &n) == CUT_BLANK) {
			end = i + n;
			continue;
		}
		end = match_end(c, i);
		cut_token(c, i, end);
		if (c->text.p[i] == '#')
			cut_tag(c, i + 1);
	}
}

void cut_blanks(struct cutter *c)
{
	size_t end, n;

	for (size_t i = 0; i < c->text.n && !c->full; i = end) {
		if (cut_class_at(c, i, &n) == CUT_BLANK) {
			end = i + n;
			continue;
		}
		end = blank_from(c, i);
		cut_token(c, i, end);
		for (; i < end && end - i <= TOKENS_WORD_MAX; i++)
			cut_tag(c, i + 1);
	}
}
