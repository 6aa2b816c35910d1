#include "classify/tokens.h"

#include <errno.h>
#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/hash.h"
#include "classify/cut.h"

static bool is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') ||
	       (c >= 0x1C && c <= 0x1F) || c == 0x85 || c == 0xA0 ||
	       c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
	       c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* What strip_accents takes away where it stands alone. */
static bool is_accent(uint32_t c)
{
	return c >= 0x300 && c < 0x370;
}

static enum cut_class sign_in_words(uint32_t c)
{
	switch (c) {
	case '-':
	case 0x2010:
	case 0x2011:
		return CUT_HYPHEN;
	case '\'':
	case 0x2019:
	case 0x02BC:
	case 0xB4:
		return CUT_APOSTROPHE;
	case 0xAD:
		return CUT_SOFT;
	default:
		return CUT_BREAK;
	}
}

enum cut_class cut_class_of(const struct tokens_settings *s, uint32_t c)
{
	bool words = s->cut == TOKENS_WORDS;
	enum cut_class sign = words ? sign_in_words(c) : CUT_BREAK;

	if (sign != CUT_BREAK)
		return sign;
	if (is_blank(c))
		return CUT_BLANK;
	if (c == '_')
		return CUT_LETTER;
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return CUT_LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return words || (s->strip_accents && is_accent(c)) ? CUT_MARK
								   : CUT_BREAK;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return CUT_DIGIT;
	default:
		return CUT_BREAK;
	}
}

/* The letter without its marks: the first of its canonical decomposition, but
 * not of a Hangul syllable, whose parts are letters. */
static uint32_t base_letter(uint32_t c)
{
	const struct tokens_settings words = { .cut = TOKENS_WORDS };
	utf8proc_int32_t parts[8];
	int last = 0;
	utf8proc_ssize_t n;

	if (c < 0xC0)
		return c;
	n = utf8proc_decompose_char((utf8proc_int32_t)c, parts, 8,
				    UTF8PROC_DECOMPOSE, &last);
	if (n > 1 && cut_class_of(&words, (uint32_t)parts[1]) != CUT_MARK)
		return c;
	return n > 0 ? (uint32_t)parts[0] : c;
}

/* But for the ligatures of words, which become two letters: cut_put(). */
static uint32_t fold(const struct tokens_settings *s, uint32_t c)
{
	enum cut_class sign = s->cut == TOKENS_WORDS ? sign_in_words(c)
						     : CUT_BREAK;

	if (sign != CUT_BREAK)
		return sign == CUT_HYPHEN	? '-'
		       : sign == CUT_APOSTROPHE ? '\''
						: CUT_NOTHING;
	if (!s->cased)
		c = (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
	if (!s->strip_accents)
		return c;
	return is_accent(c) ? CUT_NOTHING : base_letter(c);
}

static void put(struct cutter *c, uint32_t x)
{
	char bytes[4];
	size_t n = unicode_encode(x, bytes);

	if (c->out_end - c->out < (ptrdiff_t)n) {
		c->full = true;
		return;
	}
	memcpy(c->out, bytes, n);
	c->out += n;
}

/* Œ and Æ are left of capitals only when letters keep their case. */
static bool undo_ligature(struct cutter *c, uint32_t x, uint32_t next)
{
	bool capital = x == 0x152 || x == 0xC6;
	bool o = x == 0x152 || x == 0x153;

	if (!capital && !o && x != 0xE6)
		return false;
	put(c, (o ? 'o' : 'a') - (capital ? 32u : 0));
	put(c, capital && utf8proc_category((utf8proc_int32_t)next) ==
				  UTF8PROC_CATEGORY_LU
		       ? 'E'
		       : 'e');
	return true;
}

bool cut_put_wide(struct cutter *c, uint32_t x, uint32_t next)
{
	uint32_t to = x < CUT_LOW ? c->t->low[x].folded : fold(&c->t->set, x);

	if (to == CUT_NOTHING)
		return false;
	if (c->t->set.cut != TOKENS_WORDS || !undo_ligature(c, to, next))
		put(c, to);
	return true;
}

/* Fold text[start..end). How many characters are left of it. */
static int64_t fold_run(struct cutter *c, size_t start, size_t end)
{
	uint32_t x, next = 0;
	int64_t points = 0;
	size_t n = 0;

	if (start < end)
		next = cut_char(c, start, &n);
	while (start < end) {
		x = next;
		start += n;
		next = start < end ? cut_char(c, start, &n) : 0;
		points += cut_put(c, x, next);
	}
	return points;
}

static int by_hash(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Stop words are folded as words are; these are compared before the stemmer
 * has changed them. What is longer than a word can be is never met. */
static int fill_stop(struct tokenizer *t)
{
	char room[2 * TOKENS_WORD_MAX];

	t->stop = calloc(t->set.stop_count + 1, sizeof(*t->stop));
	if (!t->stop)
		return -ENOMEM;
	for (size_t i = 0; i < t->set.stop_count; i++) {
		struct cutter c = { .t = t,
				    .text = str_of(t->set.stop[i]),
				    .out = room,
				    .out_end = room + sizeof(room) };

		if (c.text.n > TOKENS_WORD_MAX)
			continue;
		fold_run(&c, 0, c.text.n);
		t->stop[t->stop_count++] =
			hash_xx((struct str){ room, (size_t)(c.out - room) },
				0);
	}
	qsort(t->stop, t->stop_count, sizeof(*t->stop), by_hash);
	return 0;
}

int tokenizer_new(const struct tokens_settings *s, struct tokenizer **ret,
		  struct err *e)
{
	struct tokenizer *t = calloc(1, sizeof(*t));
	int r = -ENOMEM;

	if (!t)
		return r;
	t->set = *s;
	for (uint32_t c = 0; c < CUT_LOW; c++)
		t->low[c] = (struct cut_letter){ fold(s, c),
						 (uint8_t)cut_class_of(s, c) };
	if (fill_stop(t))
		goto fail;
	if (s->stem && strcmp(s->stem, "none")) {
		t->stemmer = sb_stemmer_new(s->stem, "UTF_8");
		if (!t->stemmer) {
			r = err_set(e, -EINVAL,
				    "no stemmer is called '%s'; french, "
				    "english, german, spanish, italian and "
				    "others are",
				    s->stem);
			goto fail;
		}
	}
	t->set.stem = NULL; /* nothing borrowed is kept */
	t->set.stop = NULL;
	*ret = t;
	return 0;
fail:
	tokenizer_free(t);
	return r;
}

void tokenizer_free(struct tokenizer *t)
{
	if (!t)
		return;
	if (t->stemmer)
		sb_stemmer_delete(t->stemmer);
	free(t->stop);
	free(t);
}

static bool is_stop(const struct tokenizer *t, struct str s)
{
	uint64_t h;

	if (!t->stop_count)
		return false;
	h = hash_xx(s, 0);
	return bsearch(&h, t->stop, t->stop_count, sizeof(h), by_hash);
}

/* Has digits, hyphens or other signs: nothing that is inflected. */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char b = (unsigned char)s.p[i];

		if (b < 0x80 && (b | 0x20u) - 'a' >= 26 && b != '_' &&
		    b != '\'')
			return true;
	}
	return false;
}

static struct str stem(struct cutter *c, struct str s)
{
	const sb_symbol *p;
	size_t n;

	if (!c->t->stemmer || is_name(s))
		return s;
	p = sb_stemmer_stem(c->t->stemmer, (const sb_symbol *)s.p, (int)s.n);
	n = (size_t)sb_stemmer_length(c->t->stemmer);
	if (!p || n > s.n + (size_t)(c->out_end - c->out)) {
		c->full = true;
		return s;
	}
	memcpy((char *)s.p, p, n);
	c->out = (char *)s.p + n;
	return (struct str){ s.p, n };
}

void cut_emit(struct cutter *c, char *from, int64_t points, size_t start,
	      size_t end, bool extra)
{
	struct str s = { from, (size_t)(c->out - from) };
	struct token *k;

	if (!s.n || points < c->t->set.min_length || is_stop(c->t, s)) {
		c->out = from;
		return;
	}
	s = stem(c, s);
	k = arena_extend(c->arena, sizeof(*k));
	if (!k) {
		c->full = true;
		return;
	}
	c->n++;
	*k = (struct token){ s, (uint32_t)start, (uint32_t)end, extra };
}

void cut_token(struct cutter *c, size_t start, size_t end)
{
	char *from = c->out;

	if (end - start <= TOKENS_WORD_MAX)
		cut_emit(c, from, fold_run(c, start, end), start, end, false);
}

/* A letter of two bytes may have a small one of three (Ⱥ, ⱥ), and no character
 * grows by more than half. Words are folded up to three times: as parts, as
 * runs of letters, as a whole; and the parts of tags once more. */
static size_t room_for(const struct tokens_settings *s, size_t n)
{
	size_t times = s->cut == TOKENS_WORDS ? 5 : 2;

	return n * (times + (s->hashtags ? 2 : 0)) + 64;
}

int tokens_cut(struct tokenizer *t, struct str text, struct arena *a,
	       struct tokens *ret)
{
	static void (*const cuts[])(struct cutter *c) = {
		[TOKENS_WORDS] = cut_words,
		[TOKENS_PLAIN] = cut_plain,
		[TOKENS_MARKS] = cut_marks,
		[TOKENS_BLANKS] = cut_blanks,
	};
	size_t room = room_for(&t->set, text.n);
	struct cutter c = { .t = t, .text = text, .arena = a };

	c.out = arena_take(a, room);
	if (!c.out)
		return -ENOMEM;
	c.out_end = c.out + room;
	c.first = arena_take(a, 0);
	cuts[t->set.cut](&c);
	if (c.full)
		return -ENOMEM;
	*ret = (struct tokens){ c.first, c.n };
	return 0;
}
