#include "classify/tokens.h"

#include <errno.h>
#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/hash_word.h"
#include "classify/cut.h"

/* Of a word and its stem, in the tokenizer's memo; longer ones are stemmed each
 * time. 16,384 of them take 768 kB. */
enum { STEM_MAX = 31, STEMS = 1 << 14 };

/* How a word is kept that was stemmed before. */
struct stemmed {
	uint64_t hash; /* of the stem */
	uint8_t n;
	char bytes[STEM_MAX];
};

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
			hash_word((struct str){ room, (size_t)(c.out - room) });
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
		if (memo_init(&t->stems, STEMS, sizeof(struct stemmed)))
			goto fail;
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
	memo_done(&t->stems);
	free(t->stop);
	free(t);
}

static bool is_stop(const struct tokenizer *t, uint64_t hash)
{
	return bsearch(&hash, t->stop, t->stop_count, sizeof(hash), by_hash);
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

static struct str stem_anew(struct cutter *c, struct str s)
{
	const sb_symbol *p;

	if (is_name(s))
		return s;
	p = sb_stemmer_stem(c->t->stemmer, (const sb_symbol *)s.p, (int)s.n);
	if (!p) {
		c->full = true;
		return s;
	}
	return (struct str){ (const char *)p,
			     (size_t)sb_stemmer_length(c->t->stemmer) };
}

/* The stem of s, wherever its bytes are; *hash becomes its own. */
static struct str stem(struct cutter *c, struct str s, uint64_t *hash)
{
	const struct stemmed *known = memo_find(&c->t->stems, *hash);
	struct stemmed *keep;
	struct str to;
	uint64_t key = *hash;

	if (known) {
		*hash = known->hash;
		return (struct str){ known->bytes, known->n };
	}
	to = stem_anew(c, s);
	*hash = hash_word(to);
	if (to.n <= STEM_MAX && !c->full) {
		keep = memo_put(&c->t->stems, key);
		keep->hash = *hash;
		keep->n = (uint8_t)to.n;
		memcpy(keep->bytes, to.p, to.n);
	}
	return to;
}

/* s with its bytes where those of tokens are. */
static struct str put_stem(struct cutter *c, struct str s)
{
	char *at = c->out;

	if (s.n > (size_t)(c->out_end - at)) {
		c->full = true;
		return s;
	}
	memmove(at, s.p, s.n);
	c->out += s.n;
	return (struct str){ at, s.n };
}

/* Folded, the word is s, of so many characters. */
static inline void add_token(struct cutter *c, struct str s, int64_t points,
			     size_t start, size_t end, bool extra)
{
	const struct tokenizer *t = c->t;
	uint64_t hash;

	if (!s.n || points < t->set.min_length)
		return;
	hash = hash_word(s);
	if (t->stop_count && is_stop(t, hash))
		return;
	if (t->stemmer)
		s = put_stem(c, stem(c, s, &hash));
	if (c->next == c->end)
		c->full = true;
	else
		*c->next++ = (struct token){ s, hash, (uint32_t)start,
					     (uint32_t)end, extra };
}

void cut_emit(struct cutter *c, char *from, int64_t points, size_t start,
	      size_t end, bool extra)
{
	struct str s = { from, (size_t)(c->out - from) };
	const struct token *k = c->next;

	c->out = from;
	add_token(c, s, points, start, end, extra);
	if (c->next > k) /* its bytes are s or a stem in place of it */
		c->out = from + k->s.n;
}

void cut_token(struct cutter *c, size_t start, size_t end)
{
	char *from = c->out;

	if (end - start <= TOKENS_WORD_MAX)
		cut_emit(c, from, fold_run(c, start, end), start, end, false);
}

void cut_plain_token(struct cutter *c, size_t start, size_t end)
{
	size_t n = end - start;

	if (n <= TOKENS_WORD_MAX)
		add_token(c, (struct str){ c->folded + start, n }, (int64_t)n,
			  start, end, false);
}

/* A letter of two bytes may have a small one of three (Ⱥ, ⱥ), and no character
 * grows by more than half. Words are folded up to three times: as parts, as
 * runs of letters, as a whole; and the parts of tags once more. */
static size_t room_for(const struct tokens_settings *s, size_t n)
{
	size_t times = s->cut == TOKENS_WORDS ? 5 : 2;

	return n * (times + (s->hashtags ? 2 : 0)) + 64;
}

/* The bytes of every token and what is known of the text before it is cut. */
static bool take_room(struct cutter *c, struct arena *a, bool slowly)
{
	const struct tokens_settings *set = &c->t->set;
	struct scan how = { set->cased, set->cut == TOKENS_WORDS };
	size_t blocks = scan_room(c->text.n);
	size_t room = room_for(set, c->text.n);
	struct scan_bits *bits = NULL;
	char *folded = NULL;

	if (set->cut == TOKENS_WORDS || set->cut == TOKENS_PLAIN) {
		bits = arena_room(a, blocks * sizeof(*bits));
		folded = arena_room(a, blocks * SCAN_BYTES);
		if (!bits || !folded)
			return false;
		scan_text(&how, c->text, folded, bits);
		for (size_t i = 0; slowly && i < blocks; i++)
			bits[i] = (struct scan_bits){ 0, UINT64_MAX };
	}
	c->bits = bits;
	c->folded = folded;
	c->out = arena_room(a, room);
	c->out_end = c->out + room;
	return c->out;
}

static int cut_text(struct tokenizer *t, struct str text, bool slowly,
		    struct arena *a, struct tokens *ret)
{
	static void (*const cuts[])(struct cutter *c) = {
		[TOKENS_WORDS] = cut_words,
		[TOKENS_PLAIN] = cut_plain,
		[TOKENS_MARKS] = cut_marks,
		[TOKENS_BLANKS] = cut_blanks,
	};
	struct cutter c = { .t = t, .text = text };
	struct token *first;

	if (!take_room(&c, a, slowly))
		return -ENOMEM;
	first = c.next = arena_room(a, 0);
	if (!first)
		return -ENOMEM;
	c.end = first + arena_left(*a) / sizeof(*first);
	cuts[t->set.cut](&c);
	if (c.full)
		return -ENOMEM;
	a->p = (char *)c.next;
	*ret = (struct tokens){ first, (size_t)(c.next - first) };
	return 0;
}

int tokens_cut(struct tokenizer *t, struct str text, struct arena *a,
	       struct tokens *ret)
{
	return cut_text(t, text, false, a, ret);
}

int cut_slowly(struct tokenizer *t, struct str text, struct arena *a,
	       struct tokens *ret)
{
	return cut_text(t, text, true, a, ret);
}
