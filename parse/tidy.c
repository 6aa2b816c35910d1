#include "parse/tidy.h"

#include <errno.h>
#include <string.h>

#include "base/unicode.h"
#include "parse/tidy_parts.h"

enum {
	HEAD_LINES = 8, /* that are not empty */
	HEAD_BYTES = 4000,
	SHORTEST = 3,	/* bytes of a line that any rule is about */
	CUTS_MAX = 1024, /* an article has no more */
	GLUED_MAX = 6,	/* pieces glued to the head of a line */
	EVIDENCE_LINES = 200, /* behind the head of a comment box */
	LOOKS_MAX = 8,	/* at as many lines, in a text */
	POST_MAX = 1000, /* bytes of what somebody posted */
	COMMENT_MAX = 2000, /* bytes of one reader's comment */
};

struct scan {
	struct str text;
	size_t line, stop, next; /* a line, without and with what ends it */
	size_t lines;		 /* before it, that are not empty */
	bool is_parted;		 /* from the line before by an empty one */
	size_t last, last_stop;	 /* the line before it that was kept */
	size_t abuse;		 /* behind the last such mark; 0: none yet */
	size_t box;		 /* where the comments begin; text.n: nowhere */
	struct tidy_cut *cuts;
	size_t count;
	struct str author;
	char published[DATE_MAX], other[DATE_MAX];
	bool full;
	unsigned looks;		 /* ahead, for comments */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The next line that is not empty; false at the end. */
static bool next_line(struct scan *s)
{
	const char *end;
	size_t at = s->next;
	bool is_parted = at == 0;

	for (; at < s->text.n && is_space(s->text.p[at]); at++)
		is_parted = is_parted || s->text.p[at] == '\n';
	if (at == s->text.n)
		return false;
	end = memchr(s->text.p + at, '\n', s->text.n - at);
	s->line = at;
	s->is_parted = is_parted;
	s->stop = end ? (size_t)(end - s->text.p) : s->text.n;
	s->next = s->stop + (end != NULL);
	return true;
}

static void read_line(const struct scan *s, struct tidy_line *l)
{
	struct str text = { s->text.p + s->line, s->stop - s->line };
	unsigned places = TIDY_BODY;

	if (s->lines < HEAD_LINES && s->line < HEAD_BYTES)
		places |= TIDY_HEAD;
	if (s->line >= s->text.n - s->text.n / 3)
		places |= TIDY_TAIL;
	tidy_line_init(str_trim(text), places, l);
	l->is_first = s->lines == 0;
	l->is_post = s->text.n < POST_MAX;
}

/* Cuts. */

static bool extends(const struct tidy_cut *last, enum tidy_kind kind,
		    size_t start)
{
	return last->end == start && last->kind == kind;
}

static void cut(struct scan *s, enum tidy_kind kind, size_t start, size_t end)
{
	if (start >= end || s->full)
		return;
	if (s->count && extends(&s->cuts[s->count - 1], kind, start)) {
		s->cuts[s->count - 1].end = end;
		return;
	}
	s->full = s->count == CUTS_MAX;
	if (!s->full)
		s->cuts[s->count++] = (struct tidy_cut){ kind, start, end };
}

/* The whole line, from `start` in it, with its newline; of the empty lines
 * around it one gap stays. */
static void cut_line(struct scan *s, enum tidy_kind kind, size_t start)
{
	size_t end = s->next;

	while (s->is_parted && end < s->text.n && s->text.p[end] == '\n')
		end++;
	cut(s, kind, start, end);
	s->next = end;
}

/* Of a line whose pieces are all cut. */
static void cut_newline(struct scan *s)
{
	cut_line(s, s->cuts[s->count - 1].kind, s->stop);
}

static void note(struct scan *s, const struct tidy_line *l,
		 const struct tidy_found *found)
{
	bool is_update = str_starts(tidy_words(l), STR("mis")) ||
			 str_starts(tidy_words(l), STR("updated"));
	char *to = is_update ? s->other : s->published;

	if (!s->author.n)
		s->author = found->author;
	/* The more precise one: "date 2022-11" is of an archive. */
	if (strlen(found->date) > strlen(to))
		memcpy(to, found->date, DATE_MAX);
}

static bool is_junk(const struct tidy_line *l, struct tidy_found *found)
{
	static bool (*const kinds[])(const struct tidy_line *,
				     struct tidy_found *) = {
		tidy_stamp, tidy_counters, tidy_byline, tidy_phrase,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		*found = (struct tidy_found){ .author = { NULL, 0 } };
		if (kinds[i](l, found))
			return true;
	}
	return false;
}

static size_t junk_head(const struct tidy_line *l, struct tidy_found *found)
{
	static size_t (*const heads[])(const struct tidy_line *,
				       struct tidy_found *) = {
		tidy_phrase_head, tidy_counters_head, tidy_stamp_head,
		tidy_byline_head,
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads) && !n; i++) {
		*found = (struct tidy_found){ .author = { NULL, 0 } };
		n = heads[i](l, found);
	}
	return n;
}

/* Does it begin as a text does, or as a quotation or a number? What is glued to
 * a text is told from a sentence's own words by this. */
static bool begins_as_text(struct str s)
{
	size_t n;
	uint32_t c;

	if (!s.n)
		return true;
	c = unicode_decode(s.p, s.p + s.n, &n);
	return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE) ||
	       (c >= '0' && c <= '9') || c == 0x152 || c == 0xAB ||
	       c == 0x201C || c == '"';
}

/* What is glued to the head of the line: the pieces up to the last that a text
 * follows. l is then the rest, which may be empty. */
static void cut_heads(struct scan *s, struct tidy_line *l)
{
	struct tidy_found found[GLUED_MAX];
	struct str rest[GLUED_MAX + 1];
	struct tidy_line at = *l;
	size_t n = 0, count = 0;

	rest[0] = l->s;
	for (size_t i = 0; i < GLUED_MAX; i++) {
		n = junk_head(&at, &found[i]);
		if (!n)
			break;
		rest[i + 1] = (struct str){ at.s.p + n, at.s.n - n };
		if (found[i].is_certain || begins_as_text(rest[i + 1]))
			count = i + 1;
		tidy_line_init(rest[i + 1], l->places, &at);
		at.is_first = l->is_first;
	}
	for (size_t i = 0; i < count; i++) {
		note(s, l, &found[i]);
		cut(s, found[i].kind, (size_t)(rest[i].p - s->text.p),
		    (size_t)(rest[i + 1].p - s->text.p));
	}
	if (!count)
		return;
	at.is_first = l->is_first;
	tidy_line_init(rest[count], l->places, l);
	l->is_first = at.is_first;
}

static void cut_tails(struct scan *s, const struct tidy_line *l)
{
	struct str rest = l->s;
	struct tidy_found found;
	size_t n = tidy_phrase_tail(rest, &found);

	if (n) {
		size_t end = (size_t)(rest.p + rest.n - s->text.p);

		cut(s, found.kind, end - n, end);
	}
}

/* Comments. */

/* Do the lines behind this one look like readers' comments and their form? The
 * end of the text does too. */
static bool comments_follow(struct scan *s, size_t wanted)
{
	struct scan ahead = *s;
	struct tidy_line l;
	size_t found = 0, lines = 0;

	if (s->looks++ >= LOOKS_MAX)
		return false;
	for (; lines < EVIDENCE_LINES && next_line(&ahead); lines++) {
		read_line(&ahead, &l);
		found += tidy_comment(&l) != TIDY_NO_COMMENT;
	}
	return found >= wanted || (lines < 2 && wanted < 2);
}

/* A box opens in the last third; before that, only where many signs say so and
 * there is an article above it. */
static bool opens_box(struct scan *s, const struct tidy_line *l)
{
	enum tidy_comment comment = tidy_comment(l);
	bool is_tail = l->places & TIDY_TAIL;

	if (comment != TIDY_OPENS && comment != TIDY_MAY_OPEN)
		return false;
	if (!is_tail)
		return s->line >= 300 && comments_follow(s, 3);
	return comment == TIDY_OPENS || comments_follow(s, 1);
}

/* The line above the first "Signaler un abus" is a comment when it begins as
 * no article does; the lines between two such marks are. */
static bool reads_like_comment(struct str s)
{
	struct fold f;
	struct str words;

	s = str_trim(s);
	fold(s, &f);
	words = fold_view(&f);
	if (!s.n || s.n > COMMENT_MAX)
		return false;
	return (s.p[0] >= 'a' && s.p[0] <= 'z') ||
	       fold_find(s, "!!") < s.n || fold_find(s, "??") < s.n ||
	       str_starts(words, STR("je ")) || str_starts(words, STR("j'")) ||
	       str_starts(words, STR("moi ")) || str_starts(words, STR("i "));
}

static void drop_last_cut(struct scan *s, size_t start)
{
	while (s->count && s->cuts[s->count - 1].start >= start)
		s->count--;
	if (s->count && s->cuts[s->count - 1].end > start)
		s->cuts[s->count - 1].end = start;
}

static void cut_abuse(struct scan *s)
{
	struct str above = { s->text.p + s->last, s->last_stop - s->last };
	size_t from = s->line;

	if (s->abuse && s->line - s->abuse <= COMMENT_MAX)
		from = s->abuse;
	else if (s->last_stop && s->last > s->text.n / 2 &&
		 reads_like_comment(above))
		from = s->last;
	drop_last_cut(s, from);
	cut(s, TIDY_COMMENTS, from, s->line);
	cut_line(s, TIDY_ABUSE, s->line);
	s->abuse = s->next;
}

/* One line, from which what is glued to it is cut first, unless all of it goes
 * together: "Publié le 22 octobre | 3 min". */
static void tidy_one(struct scan *s, struct tidy_line *l)
{
	struct tidy_found found;
	bool is_all = is_junk(l, &found);

	if (!is_all && l->places & TIDY_HEAD) {
		cut_heads(s, l);
		is_all = l->s.n && is_junk(l, &found);
	}
	if (!l->s.n) {
		cut_newline(s);
	} else if (!is_all) {
		cut_tails(s, l);
		s->last = (size_t)(l->s.p - s->text.p);
		s->last_stop = s->stop;
	} else if (found.kind == TIDY_ABUSE) {
		cut_abuse(s);
	} else {
		note(s, l, &found);
		cut_line(s, found.kind, (size_t)(l->s.p - s->text.p));
	}
}

static void tidy_lines(struct scan *s)
{
	struct tidy_line l;

	for (; !s->full && next_line(s); s->lines++) {
		if (s->stop - s->line < SHORTEST)
			continue;
		read_line(s, &l);
		if (opens_box(s, &l)) {
			s->box = s->line;
			cut(s, TIDY_COMMENTS, s->line, s->text.n);
			return;
		}
		tidy_one(s, &l);
	}
}

/* Cuts that reach the end take the white space before them along. */
static void trim_end(struct scan *s)
{
	size_t limit = s->text.n;

	for (size_t i = s->count; i-- && s->cuts[i].end == limit;) {
		size_t floor = i ? s->cuts[i - 1].end : 0;

		while (s->cuts[i].start > floor &&
		       is_space(s->text.p[s->cuts[i].start - 1]))
			s->cuts[i].start--;
		limit = s->cuts[i].start;
	}
}

static bool is_too_much(const struct scan *s)
{
	size_t n = 0, count = s->count;

	if (s->box < s->text.n)
		count--;
	for (size_t i = 0; i < count; i++)
		n += s->cuts[i].end - s->cuts[i].start;
	return s->full || n > s->text.n / 2;
}

static int join(const struct scan *s, struct arena *a, struct str *ret)
{
	size_t at = 0, n = 0;
	char *out = arena_take(a, s->text.n);

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i <= s->count; i++) {
		size_t to = i < s->count ? s->cuts[i].start : s->text.n;

		memcpy(out + n, s->text.p + at, to - at);
		n += to - at;
		at = i < s->count ? s->cuts[i].end : at;
	}
	*ret = (struct str){ out, n };
	return 0;
}

static int finish(const struct scan *s, struct arena *a, struct tidy *ret)
{
	const char *date = s->published[0] ? s->published : s->other;
	struct tidy t = { s->text, s->cuts, s->count,
			  { "", 0 }, { "", 0 } };
	int r;

	if (!s->count) {
		*ret = t;
		return 0;
	}
	r = join(s, a, &t.text);
	if (r)
		return r;
	t.date = arena_copy(a, str_of(date));
	if (!t.date.p)
		return -ENOMEM;
	if (s->author.n)
		t.author = s->author;
	*ret = t;
	return 0;
}

int tidy(struct str clean, struct arena *a, struct tidy *ret)
{
	struct tidy_cut *cuts = arena_take_array(a, CUTS_MAX, sizeof(*cuts));
	struct scan s = { .text = clean, .cuts = cuts, .box = clean.n };

	if (!cuts)
		return -ENOMEM;
	if (clean.n <= TIDY_BYTES_MAX)
		tidy_lines(&s);
	trim_end(&s);
	if (is_too_much(&s))
		s.count = 0;
	return finish(&s, a, ret);
}

const char *tidy_name(enum tidy_kind kind)
{
	static const char *const names[TIDY_KINDS] = {
		[TIDY_NAVIGATION] = "navigation",
		[TIDY_CONSENT] = "consent",
		[TIDY_DATE] = "date",
		[TIDY_SHARE] = "share-counter",
		[TIDY_CREDIT] = "credit",
		[TIDY_BYLINE] = "byline",
		[TIDY_RELATED] = "related",
		[TIDY_TAGS] = "tags",
		[TIDY_COMMENTS] = "comments",
		[TIDY_ABUSE] = "abuse",
		[TIDY_MORE] = "more",
	};

	return names[kind];
}
