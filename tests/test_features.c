#include "classify/features.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "classify/tfidf.h"
#include "tests/check_main.h"

static char block[1 << 20];

static const struct tokens_settings plain_words = { .min_length = 1,
						    .compounds = true };

static struct features_block terms(enum features_kind of, int64_t lo,
				   int64_t hi)
{
	return (struct features_block){ .of = of, .fields = 1 << FIELD_TEXT,
					.ngrams = { lo, hi } };
}

static void add(struct features *f, struct features_block b,
		enum tokens_cut cut, bool cased)
{
	struct tokens_settings s = features_cut(&plain_words, cut, cased,
						false);

	ck_assert_int_eq(features_add(f, &b, &s, NULL), 0);
}

static struct reading read_text(const struct features *f, const char *text,
				struct arena *a)
{
	struct reading r;

	ck_assert_int_eq(features_read(f, FIELD_TEXT, str_of(text), a, &r), 0);
	return r;
}

static void name(const struct features *f, uint32_t b,
		 const struct occurrence *o, const struct reading *r,
		 struct buf *out)
{
	buf_clear(out);
	features_name(f, b, o, r, out);
	ck_assert_int_eq(buf_error(out), 0);
}

/* The names of the terms of a text, '|' between them. */
static const char *list_cut(struct features_block b, enum tokens_cut cut,
			    bool cased, const char *text)
{
	static char out[8192];
	struct arena a = { block, block + sizeof(block) };
	struct features f = { .cut_count = 0 };
	struct reading r;
	struct buf one;

	add(&f, b, cut, cased);
	r = read_text(&f, text, &a);
	buf_init(&one, 1 << 16);
	out[0] = '\0';
	for (size_t i = 0; i < r.block[0].n; i++) {
		const struct occurrence *o = &r.block[0].v[i];

		name(&f, 0, o, &r, &one);
		snprintf(out + strlen(out), sizeof(out) - strlen(out),
			 "%s" STR_FMT, i ? "|" : "", STR_ARG(buf_view(&one)));
		ck_assert_uint_le(o->first, o->last);
		ck_assert_uint_lt(o->last, r.cut[0].n);
	}
	buf_done(&one);
	features_done(&f);
	return out;
}

static const char *list(struct features_block b, const char *text)
{
	return list_cut(b, TOKENS_WORDS, false, text);
}

START_TEST(words_are_runs_of_words)
{
	ck_assert_str_eq(list(terms(FEATURES_WORDS, 1, 1), "a b a"), "a|b|a");
	ck_assert_str_eq(list(terms(FEATURES_WORDS, 1, 2), "a b c"),
			 "a|a b|b|b c|c");
	ck_assert_str_eq(list(terms(FEATURES_WORDS, 2, 3), "a b c d"),
			 "a b|a b c|b c|b c d|c d");
	ck_assert_str_eq(list(terms(FEATURES_WORDS, 3, 3), "a b"), "");
	ck_assert_str_eq(list(terms(FEATURES_WORDS, 1, 2), ""), "");
}
END_TEST

START_TEST(words_leave_extras_outside_the_sequence)
{
	ck_assert_str_eq(list(terms(FEATURES_WORDS, 1, 2), "le Gaia-X va"),
			 "le|le gaia|gaia|gaia x|x|x va|gaia-x|va");
	ck_assert_str_eq(list(terms(FEATURES_WORDS, 2, 2), "S3NS va"),
			 "s3ns va");
	ck_assert_str_eq(list(terms(FEATURES_WORDS, 1, 3), "S3NS"), "s3ns|ns");
}
END_TEST

START_TEST(words_of_other_cuts_keep_what_these_keep)
{
	ck_assert_str_eq(list_cut(terms(FEATURES_WORDS, 1, 1), TOKENS_BLANKS,
				  true, "Le (Cloud) :-)"),
			 "Le|(Cloud)|:-)");
	ck_assert_str_eq(list_cut(terms(FEATURES_WORDS, 1, 2), TOKENS_PLAIN,
				  false, "L'Europe: OK"),
			 "l|l europe|europe|europe ok|ok");
}
END_TEST

START_TEST(chars_are_those_of_char_wb)
{
	ck_assert_str_eq(list(terms(FEATURES_CHARS, 3, 4), "gaia"),
			 " ga|gai|aia|ia | gai|gaia|aia ");
	ck_assert_str_eq(list(terms(FEATURES_CHARS, 3, 3), "été"),
			 " ét|été|té ");
	/* A word shorter than n counts once. */
	ck_assert_str_eq(list(terms(FEATURES_CHARS, 3, 5), "à le"),
			 " à | le|le | le ");
	ck_assert_str_eq(list(terms(FEATURES_CHARS, 1, 1), "ab"), " |a|b| ");
	ck_assert_str_eq(list(terms(FEATURES_CHARS, 16, 16), "x"), " x ");
}
END_TEST

START_TEST(chars_leave_extras_out)
{
	ck_assert_str_eq(list(terms(FEATURES_CHARS, 4, 4), "ab-cd"),
			 " ab | cd ");
}
END_TEST

START_TEST(chars_of_the_longest_word)
{
	char text[TOKENS_WORD_MAX + 1] = "";
	struct arena a = { block, block + sizeof(block) };
	struct features f = { .cut_count = 0 };
	struct occurrences all;

	memset(text, 'a', TOKENS_WORD_MAX);
	add(&f, terms(FEATURES_CHARS, 3, 3), TOKENS_WORDS, false);
	all = read_text(&f, text, &a).block[0];
	ck_assert_uint_eq(all.n, TOKENS_WORD_MAX);
	ck_assert_uint_eq(all.v[1].hash, all.v[TOKENS_WORD_MAX - 2].hash);
	ck_assert_uint_ne(all.v[0].hash, all.v[1].hash);
	features_done(&f);
}
END_TEST

START_TEST(across_goes_over_blanks_and_not_over_the_ends)
{
	ck_assert_str_eq(list(terms(FEATURES_ACROSS, 2, 3), "ab c"),
			 "ab|b | c|ab |b c");
	ck_assert_str_eq(list(terms(FEATURES_ACROSS, 1, 1), "é b"), "é| |b");
	ck_assert_str_eq(list(terms(FEATURES_ACROSS, 5, 5), "a b c"), "a b c");
	ck_assert_str_eq(list(terms(FEATURES_ACROSS, 4, 5), "abc"), "");
	ck_assert_str_eq(list(terms(FEATURES_ACROSS, 1, 3), ""), "");
	ck_assert_str_eq(list(terms(FEATURES_ACROSS, 1, 3), " … "), "");
}
END_TEST

START_TEST(across_has_one_blank_between_and_no_extras)
{
	ck_assert_str_eq(list(terms(FEATURES_ACROSS, 6, 6), "a,  b -\n Gaia-X"),
			 "a b ga| b gai|b gaia| gaia |gaia x");
	ck_assert_str_eq(list_cut(terms(FEATURES_ACROSS, 4, 4), TOKENS_BLANKS,
				  true, "À  B!"),
			 "À B!");
	ck_assert_str_eq(list_cut(terms(FEATURES_ACROSS, 4, 4), TOKENS_BLANKS,
				  false, "À  B!"),
			 "à b!");
}
END_TEST

START_TEST(across_knows_words_and_bytes)
{
	struct arena a = { block, block + sizeof(block) };
	struct features f = { .cut_count = 0 };
	struct occurrences all;

	add(&f, terms(FEATURES_ACROSS, 3, 3), TOKENS_WORDS, false);
	all = read_text(&f, "éa Gaia-X", &a).block[0];
	ck_assert_uint_eq(all.n, 7);
	ck_assert_uint_eq(all.v[0].size, 4); /* "éa ", whose blank is éa's */
	ck_assert_uint_eq(all.v[0].last, 0);
	ck_assert_uint_eq(all.v[2].from, 3); /* " ga" */
	ck_assert_uint_eq(all.v[2].size, 3);
	ck_assert_uint_eq(all.v[2].first, 0);
	ck_assert_uint_eq(all.v[2].last, 1);
	ck_assert_uint_eq(all.v[6].first, 1); /* "a x" */
	ck_assert_uint_eq(all.v[6].last, 2);
	features_done(&f);
}
END_TEST

/* Where the bytes of a word and of a run are the most that they can be. */
START_TEST(across_longest_words_of_widest_characters)
{
	struct features f = { .cut_count = 0 };
	struct arena a = { block, block + sizeof(block) };
	char text[3 * (TOKENS_WORD_MAX + 1) + 1] = "";
	struct reading r;
	struct buf b;

	for (int w = 0; w < 3; w++) {
		for (int i = 0; i < TOKENS_WORD_MAX / 4; i++)
			strcat(text, "𐐨"); /* four bytes */
		strcat(text, " ");
	}
	add(&f, terms(FEATURES_ACROSS, 16, 16), TOKENS_WORDS, false);
	r = read_text(&f, text, &a);
	ck_assert_uint_eq(r.block[0].n, 3 * 64 + 2 - 15);
	buf_init(&b, 4096);
	for (size_t i = 0; i < r.block[0].n; i++) {
		name(&f, 0, &r.block[0].v[i], &r, &b);
		ck_assert_uint_ge(b.n, 15 * 4 + 1);
		ck_assert_uint_eq(b.n, r.block[0].v[i].size);
	}
	buf_done(&b);
	features_done(&f);
}
END_TEST

START_TEST(opening_is_first_words_pairs_and_length)
{
	struct features_block b = terms(FEATURES_OPENING, 1, 1);

	ck_assert_str_eq(list(b, "le Gaia-X va bien hier"),
			 "^^le|^le|^gaia|^le gaia|^x|^gaia x|^va|^x va|"
			 "2^2 words");
	ck_assert_str_eq(list(b, "le"), "^^le|^le|2^1 words");
	ck_assert_str_eq(list(b, ""), "");
	ck_assert_str_eq(list(b, "a b c d e f g"),
			 "^^a|^a|^b|^a b|^c|^b c|^d|^c d|2^3 words");
}
END_TEST

START_TEST(given_is_names_and_values)
{
	static const char text[] = "a:1 b:-2.5 i:1:2 h:1e3";
	static const float values[] = { 1, -2.5f, 2, 1000 };
	struct arena a = { block, block + sizeof(block) };
	struct features f = { .cut_count = 0 };
	struct reading r;

	ck_assert_str_eq(list_cut(terms(FEATURES_GIVEN, 1, 1), TOKENS_BLANKS,
				  true, text), "a|b|i:1|h");
	add(&f, terms(FEATURES_GIVEN, 1, 1), TOKENS_BLANKS, true);
	r = read_text(&f, text, &a);
	for (size_t i = 0; i < 4; i++)
		ck_assert(r.block[0].v[i].n == values[i]);
	features_done(&f);
}
END_TEST

START_TEST(given_bad_numbers_and_nothing_are_not_there)
{
	ck_assert_str_eq(
		list_cut(terms(FEATURES_GIVEN, 1, 1), TOKENS_BLANKS, true,
			 "b:x c: :3 : d e:1e400 f:nan g:-inf h:1,5 i:0 j:-0.0 "
			 "k:1234567890123456789012345678901234 l:2"),
		"l");
}
END_TEST

START_TEST(first_words_alone_are_read_with_their_extras)
{
	struct features_block b = terms(FEATURES_WORDS, 1, 2);

	b.first = 1;
	ck_assert_str_eq(list(b, "S3NS va bien"), "s3ns|ns");
	ck_assert_str_eq(list(b, "Gaia-X va"), "gaia");
	b.first = 2;
	ck_assert_str_eq(list(b, "Gaia-X va"), "gaia|gaia x|x|gaia-x");
	b.first = 3;
	ck_assert_str_eq(list(b, "Gaia-X va"),
			 "gaia|gaia x|x|x va|gaia-x|va");
	b.first = 4;
	ck_assert_str_eq(list(b, "a b"), "a|a b|b");
	b = terms(FEATURES_ACROSS, 3, 3);
	b.first = 2;
	ck_assert_str_eq(list(b, "ab cd ef"), "ab |b c| cd");
	b = terms(FEATURES_OPENING, 1, 1);
	b.first = 2;
	ck_assert_str_eq(list(b, "a b c d e f g"),
			 "^^a|^a|^b|^a b|2^1 words");
}
END_TEST

START_TEST(read_only_the_fields_that_are_asked_for)
{
	struct arena a = { block, block + sizeof(block) };
	struct features f = { .cut_count = 0 };
	struct features_block b = terms(FEATURES_WORDS, 1, 1);
	struct reading r;

	b.fields = 1 << FIELD_TITLE | 1 << FIELD_TARGET;
	add(&f, b, TOKENS_WORDS, false);
	add(&f, terms(FEATURES_CHARS, 3, 3), TOKENS_BLANKS, false);
	for (int field = 0; field < FIELD_COUNT; field++) {
		bool text = field == FIELD_TEXT;

		ck_assert_int_eq(features_read(&f, (enum field)field,
					       STR("a b"), &a, &r), 0);
		ck_assert_uint_eq(r.cut[0].n, text ? 0 : 2);
		ck_assert_uint_eq(r.block[0].n, text ? 0 : 2);
		ck_assert_uint_eq(r.cut[1].n, text ? 2 : 0);
		ck_assert_uint_eq(r.block[1].n, text ? 2 : 0);
	}
	features_done(&f);
}
END_TEST

START_TEST(add_blocks_that_are_cut_alike_share_the_cut)
{
	struct features f = { .cut_count = 0 };

	add(&f, terms(FEATURES_WORDS, 1, 1), TOKENS_WORDS, false);
	add(&f, terms(FEATURES_CHARS, 3, 3), TOKENS_WORDS, false);
	add(&f, terms(FEATURES_WORDS, 1, 1), TOKENS_WORDS, true);
	add(&f, terms(FEATURES_WORDS, 1, 1), TOKENS_BLANKS, false);
	add(&f, terms(FEATURES_OPENING, 1, 1), TOKENS_WORDS, true);
	ck_assert_uint_eq(f.block_count, 5);
	ck_assert_uint_eq(f.cut_count, 3);
	ck_assert_uint_eq(f.block[1].cut, 0);
	ck_assert_uint_eq(f.block[2].cut, 1);
	ck_assert_uint_eq(f.block[3].cut, 2);
	ck_assert_uint_eq(f.block[4].cut, 1);
	features_done(&f);
	ck_assert_uint_eq(f.block_count, 0);
}
END_TEST

START_TEST(add_too_many_blocks_is_told)
{
	struct features_block b = terms(FEATURES_WORDS, 1, 1);
	struct features f = { .cut_count = 0 };
	struct err e = { "" };

	for (int i = 0; i < FEATURES_BLOCKS_MAX; i++)
		add(&f, b, TOKENS_WORDS, i % 2);
	ck_assert_int_eq(features_add(&f, &b, &plain_words, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "more than 16 blocks"));
	ck_assert_uint_eq(f.block_count, FEATURES_BLOCKS_MAX);
	features_done(&f);
}
END_TEST

START_TEST(add_unknown_stemmer_is_told)
{
	struct features_block b = terms(FEATURES_WORDS, 1, 1);
	struct tokens_settings s = plain_words;
	struct features f = { .cut_count = 0 };
	struct err e = { "" };

	s.stem = "klingon";
	ck_assert_int_eq(features_add(&f, &b, &s, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "klingon"));
	ck_assert_uint_eq(f.block_count + f.cut_count, 0);
	features_done(&f);
}
END_TEST

START_TEST(cut_of_marks_and_blanks_asks_for_no_words)
{
	const char *stop[] = { "le" };
	struct tokens_settings all = { .min_length = 3, .strip_accents = true,
				       .stem = "french", .stop = stop,
				       .stop_count = 1 };

	for (int cut = TOKENS_WORDS; cut <= TOKENS_BLANKS; cut++) {
		bool words = cut == TOKENS_WORDS || cut == TOKENS_PLAIN;
		struct tokens_settings s = features_cut(
			&all, (enum tokens_cut)cut, true, true);

		ck_assert(s.cut == (enum tokens_cut)cut && s.cased &&
			  s.hashtags && s.strip_accents);
		ck_assert_int_eq(s.min_length, words ? 3 : 1);
		ck_assert_uint_eq(s.stop_count, words ? 1 : 0);
		ck_assert((s.stem != NULL) == words);
	}
}
END_TEST

static void add_all(struct features *f)
{
	static const struct {
		enum features_kind of;
		enum tokens_cut cut;
	} all[] = { { FEATURES_WORDS, TOKENS_WORDS },
		    { FEATURES_CHARS, TOKENS_WORDS },
		    { FEATURES_ACROSS, TOKENS_WORDS },
		    { FEATURES_OPENING, TOKENS_WORDS },
		    { FEATURES_WORDS, TOKENS_BLANKS },
		    { FEATURES_GIVEN, TOKENS_BLANKS },
		    { FEATURES_ACROSS, TOKENS_MARKS } };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		add(f, terms(all[i].of, 1, 3), all[i].cut, false);
}

/* Equal names in one block have equal hashes, all others differ. */
START_TEST(hash_is_of_block_and_name)
{
	struct arena a = { block, block + sizeof(block) };
	struct features f = { .cut_count = 0 };
	static struct {
		uint64_t hash;
		uint32_t block;
		char name[64];
	} all[1024];
	struct reading r;
	struct buf b;
	size_t n = 0;

	add_all(&f);
	r = read_text(&f, "a b a b ab ba a-b abba S3NS été a:1 b:2", &a);
	buf_init(&b, 4096);
	for (uint32_t k = 0; k < f.block_count; k++)
		for (size_t i = 0; i < r.block[k].n; i++) {
			name(&f, k, &r.block[k].v[i], &r, &b);
			all[n].hash = r.block[k].v[i].hash;
			all[n].block = k;
			snprintf(all[n++].name, 64, STR_FMT,
				 STR_ARG(buf_view(&b)));
		}
	ck_assert_uint_gt(n, 200);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			ck_assert_int_eq(all[i].hash == all[j].hash,
					 all[i].block == all[j].block &&
						 !strcmp(all[i].name,
							 all[j].name));
	buf_done(&b);
	features_done(&f);
}
END_TEST

struct keyed {
	uint64_t hash;
	uint32_t block;
	char name[4];
};

static int by_hash(const void *a, const void *b)
{
	uint64_t x = ((const struct keyed *)a)->hash;
	uint64_t y = ((const struct keyed *)b)->hash;

	return (x > y) - (x < y);
}

/* XXH3 with seeds 1 and 2 gives "les" and "ler" the same hash: so short are
 * most terms that several blocks have. */
START_TEST(hash_of_the_short_differs_between_blocks)
{
	struct features f = { .cut_count = 0 };
	struct keyed *all;
	struct reading r;
	struct arena a;
	struct buf text;
	size_t n = 0;

	for (int i = 0; i < 4; i++)
		add(&f, terms(i % 2 ? FEATURES_ACROSS : FEATURES_WORDS,
			      i % 2 ? 3 : 1, i % 2 ? 3 : 1),
		    i < 2 ? TOKENS_WORDS : TOKENS_BLANKS, false);
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 26 * 26 * 26; i++)
		buf_printf(&text, "%c%c%c ", 'a' + i / 26 / 26,
			   'a' + i / 26 % 26, 'a' + i % 26);
	ck_assert_int_eq(arena_open(&a, 1 << 26), 0);
	ck_assert_int_eq(features_read(&f, FIELD_TEXT, buf_view(&text), &a, &r),
			 0);
	all = arena_take_array(&a, 1 << 18, sizeof(*all));
	for (uint32_t k = 0; k < 4; k++)
		for (size_t i = 0; i < r.block[k].n; i++, n++) {
			const struct occurrence *o = &r.block[k].v[i];

			buf_clear(&text);
			features_name(&f, k, o, &r, &text);
			ck_assert_uint_eq(text.n, 3);
			all[n] = (struct keyed){ .hash = o->hash, .block = k };
			memcpy(all[n].name, text.p, 3);
		}
	ck_assert_uint_eq(n, 17576 * 2 + (17576 * 4 - 3) * 2);
	qsort(all, n, sizeof(*all), by_hash);
	for (size_t i = 1; i < n; i++)
		ck_assert_msg(all[i].hash != all[i - 1].hash ||
				      (all[i].block == all[i - 1].block &&
				       !strcmp(all[i].name, all[i - 1].name)),
			      "'%s' of %u is '%s' of %u", all[i].name,
			      all[i].block, all[i - 1].name, all[i - 1].block);
	buf_done(&text);
	features_done(&f);
}
END_TEST

START_TEST(occurrence_knows_its_words)
{
	struct arena a = { block, block + sizeof(block) };
	struct features f = { .cut_count = 0 };
	struct occurrences all;

	add(&f, terms(FEATURES_WORDS, 2, 2), TOKENS_WORDS, false);
	all = read_text(&f, "le Gaia-X va", &a).block[0];
	ck_assert_uint_eq(all.n, 3);
	/* x va: over the extra between them. */
	ck_assert_uint_eq(all.v[2].first, 2);
	ck_assert_uint_eq(all.v[2].last, 4);
	ck_assert(all.v[2].n == 1);
	features_done(&f);
}
END_TEST

/* The counts of a text that is read with the terms of its words kept are those
 * of one that is not: the first time, the next, and with words too long to
 * keep. */
START_TEST(know_changes_no_count)
{
	enum { SLOTS = 1 << 12 };
	static struct tfidf_slot slots[SLOTS];
	static double idf[SLOTS];
	static char room[1 << 20];
	const char *text = "Souveraineté numérique; souveraineté de l'État, "
			   "anticonstitutionnellement numérique";
	struct arena a = { room, room + sizeof(room) };
	struct tfidf t = { .title_weight = 0.3, .block_count = 2,
			   .slots = slots, .slot_mask = SLOTS - 1, .idf = idf };
	struct features f = { .cut_count = 0 };
	struct reading r[FIELD_COUNT];
	struct counts want, c;

	add(&f, terms(FEATURES_WORDS, 1, 2), TOKENS_WORDS, false);
	add(&f, terms(FEATURES_CHARS, 2, 4), TOKENS_WORDS, false);
	f.block[0].fields = f.block[1].fields = 3;
	for (size_t i = 0; i < SLOTS; i++)
		slots[i].term = TFIDF_NONE;
	r[0] = read_text(&f, text, &a);
	for (uint32_t b = 0; b < 2; t.block[b++].end = t.terms)
		for (size_t i = 0; i < r[0].block[b].n; i++) {
			uint64_t hash = r[0].block[b].v[i].hash;

			if (hash % 9 && tfidf_find(&t, hash) == TFIDF_NONE)
				tfidf_put(slots, SLOTS - 1,
					  (struct tfidf_slot){
						  hash, t.terms++,
						  (uint32_t)(hash % 99999) });
		}
	memset(r, 0, sizeof(r));
	for (int round = 0; round < 3; round++) {
		struct arena here = a;

		for (int field = 0; field < 2; field++)
			ck_assert_int_eq(features_read(&f, (enum field)field,
						       str_of(text), &here,
						       &r[field]),
					 0);
		ck_assert(r[0].block[1].found == (round > 0));
		ck_assert_int_eq(tfidf_count(&t, r, &here, &c), 0);
		if (!round) {
			want = c;
			a = here;
			ck_assert_int_eq(features_know(&f, &t), 0);
		}
		ck_assert_uint_eq(c.n, want.n);
		ck_assert_mem_eq(c.idf, want.idf, c.n * sizeof(*c.idf));
		for (size_t i = 0; i < c.n; i++) {
			ck_assert_uint_eq(c.v[i].term, want.v[i].term);
			ck_assert(c.v[i].n == want.v[i].n);
		}
	}
	features_done(&f);
}
END_TEST

START_TEST(read_arena_too_small_is_out_of_memory)
{
	struct features f = { .cut_count = 0 };
	size_t size = 0;
	int r;

	add_all(&f);
	do {
		char *exact = malloc(size + 1);
		struct arena small = { exact, exact + size };
		struct reading ret;

		r = features_read(&f, FIELD_TEXT, STR("le cloud Gaia-X a:1"),
				  &small, &ret);
		ck_assert(r == 0 || r == -ENOMEM);
		free(exact);
		size += 8;
		ck_assert_uint_lt(size, 1 << 17);
	} while (r);
	ck_assert_uint_gt(size, 1024);
	features_done(&f);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(words_are_runs_of_words),
		CHECK_TEST(words_leave_extras_outside_the_sequence),
		CHECK_TEST(words_of_other_cuts_keep_what_these_keep),
		CHECK_TEST(chars_are_those_of_char_wb),
		CHECK_TEST(chars_leave_extras_out),
		CHECK_TEST(chars_of_the_longest_word),
		CHECK_TEST(across_goes_over_blanks_and_not_over_the_ends),
		CHECK_TEST(across_has_one_blank_between_and_no_extras),
		CHECK_TEST(across_knows_words_and_bytes),
		CHECK_TEST(across_longest_words_of_widest_characters),
		CHECK_TEST(opening_is_first_words_pairs_and_length),
		CHECK_TEST(given_is_names_and_values),
		CHECK_TEST(given_bad_numbers_and_nothing_are_not_there),
		CHECK_TEST(first_words_alone_are_read_with_their_extras),
		CHECK_TEST(read_only_the_fields_that_are_asked_for),
		CHECK_TEST(add_blocks_that_are_cut_alike_share_the_cut),
		CHECK_TEST(add_too_many_blocks_is_told),
		CHECK_TEST(add_unknown_stemmer_is_told),
		CHECK_TEST(cut_of_marks_and_blanks_asks_for_no_words),
		CHECK_TEST(hash_is_of_block_and_name),
		CHECK_TEST(hash_of_the_short_differs_between_blocks),
		CHECK_TEST(occurrence_knows_its_words),
		CHECK_TEST(know_changes_no_count),
		CHECK_TEST(read_arena_too_small_is_out_of_memory),
		CHECK_END,
	};

	return check_main("features", tests);
}
