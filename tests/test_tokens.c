#include "classify/tokens.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "tests/check_main.h"

static char block[1 << 20];

static struct tokens_settings plain(void)
{
	return (struct tokens_settings){ .min_length = 1, .compounds = true };
}

/* The words of a text, a space between them, '+' before an extra. Each stands
 * for bytes of the text that are whole code points. */
static const char *cut_by(struct tokens_settings set, const char *text)
{
	static char out[2 * TOKENS_WORD_MAX + 4096];
	struct arena a = { block, block + sizeof(block) };
	struct tokenizer *t = NULL;
	struct err e = { "" };
	struct tokens k;
	size_t n = 0, size = strlen(text);

	ck_assert_msg(!tokenizer_new(&set, &t, &e), "%s", e.text);
	ck_assert_int_eq(tokens_cut(t, str_of(text), &a, &k), 0);
	tokenizer_free(t);
	out[0] = '\0';
	for (size_t i = 0; i < k.n; i++) {
		const struct token *w = &k.v[i];

		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s" STR_FMT,
				      i ? " " : "", w->extra ? "+" : "",
				      STR_ARG(w->s));
		ck_assert_uint_lt(w->start, w->end);
		ck_assert_uint_le(w->end, size);
		ck_assert_int_ne(text[w->start] & 0xC0, 0x80);
		ck_assert_int_ne(text[w->end] & 0xC0, 0x80);
		ck_assert_uint_eq(unicode_valid(w->s), w->s.n);
	}
	return out;
}

static const char *cut(const char *text)
{
	return cut_by(plain(), text);
}

/* The slices of the text that the words stand for, '|' between them. */
static const char *slices(const char *text)
{
	static char out[4096];
	struct arena a = { block, block + sizeof(block) };
	struct tokens_settings set = plain();
	struct tokenizer *t = NULL;
	struct tokens k;
	size_t n = 0;

	ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
	ck_assert_int_eq(tokens_cut(t, str_of(text), &a, &k), 0);
	tokenizer_free(t);
	for (size_t i = 0; i < k.n; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%.*s",
				      i ? "|" : "",
				      (int)(k.v[i].end - k.v[i].start),
				      text + k.v[i].start);
	return out;
}

START_TEST(cut_words_are_lower_cased)
{
	ck_assert_str_eq(cut("Le Cloud, (SecNumCloud) d_e f.g 42 %"),
			 "le cloud secnumcloud d_e f g 42");
	ck_assert_str_eq(cut("ÉTAT Été NOËL ÇA ΣΊΣΥΦΟΣ ЖУРНАЛ"),
			 "état été noël ça σίσυφοσ журнал");
}
END_TEST

START_TEST(cut_elisions_get_their_vowel_back)
{
	ck_assert_str_eq(
		cut("l'Europe d'un j'ai m'a t'a s'il c'est n'a qu'une"),
		"le europe de un je ai me a te a se il ce est ne a "
		"que une");
	ck_assert_str_eq(cut("L’Europe D’UN QU’UNE"),
			 "le europe de un que une");
	ck_assert_str_eq(cut("jusqu'ici Jusqu’où lorsqu'elle Lorsqu’on"),
			 "jusque ici jusque où lorsque elle lorsque on");
	ck_assert_str_eq(cut("puisqu'il quoiqu’en JUSQU'À"),
			 "puisque il quoique en jusque à");
	ck_assert_str_eq(cut("qu'aujourd'hui l'aujourd’hui"),
			 "que aujourd'hui le aujourd'hui");
}
END_TEST

START_TEST(cut_words_with_an_apostrophe_stay_whole)
{
	ck_assert_str_eq(cut("aujourd'hui Aujourd’hui quelqu'un Quelqu’une"),
			 "aujourd'hui aujourd'hui quelqu'un quelqu'une");
	ck_assert_str_eq(
		cut("presqu'île prud'hommes entr’ouvert O'Brien O’BRIEN"),
		"presqu'île prud'hommes entr'ouvert o'brien o'brien");
	ck_assert_str_eq(cut("don't isn’t CAN'T"), "don't isn't can't");
}
END_TEST

START_TEST(cut_english_genitive_is_dropped)
{
	ck_assert_str_eq(cut("company's Company’s OVH'S companies' it's"),
			 "company company ovh companies it");
	ck_assert_str_eq(slices("Gaia's"), "Gaia");
	/* Other tails are words. */
	ck_assert_str_eq(cut("we'll they've"), "we ll they ve");
}
END_TEST

START_TEST(cut_lone_apostrophes_and_hyphens_are_no_words)
{
	ck_assert_str_eq(cut("'a' -b- ''c'' --d-- e'-f g-'h '' - 'n' l' d’"),
			 "a b c d e f g h n l d");
}
END_TEST

START_TEST(cut_hyphenated_word_gives_parts_and_whole)
{
	ck_assert_str_eq(cut("Gaia-X cloud‑act peut-être"),
			 "gaia x +gaia-x cloud act +cloud-act peut être "
			 "+peut-être");
	ck_assert_str_eq(cut("a-t-il"), "a t il +a-t-il");
	ck_assert_str_eq(cut("L'avant-garde d'outre-mer"),
			 "le avant garde +avant-garde de outre mer +outre-mer");
	ck_assert_str_eq(cut("O'Brien-Smith"), "o'brien smith +o'brien-smith");
	ck_assert_str_eq(slices("à Gaia-X."), "à|Gaia|X|Gaia-X");
}
END_TEST

START_TEST(cut_word_with_digits_gives_its_letters)
{
	ck_assert_str_eq(cut("S3NS NIS2 5G C3A 2022"),
			 "s3ns +ns nis2 +nis 5g c3a 2022");
	ck_assert_str_eq(cut("ISO-27001 x86-cloud"),
			 "iso 27001 +iso-27001 x86 cloud +x86-cloud");
	ck_assert_str_eq(slices("S3NS"), "S3NS|NS");
}
END_TEST

START_TEST(cut_french_punctuation_and_spaces_divide)
{
	ck_assert_str_eq(
		cut("«\u00A0Cloud\u00A0»\u202F: oui\u202F! a…b “c” d—e"),
		"cloud oui a b c d e");
	ck_assert_str_eq(slices("« Été », dit-il"), "Été|dit|il|dit-il");
	ck_assert_str_eq(cut("a\tb\nc\r\nd\u2028e\u200Bf"), "a b c d e f");
}
END_TEST

START_TEST(cut_ligatures_are_undone)
{
	ck_assert_str_eq(cut("œuvre Œuvre CŒUR æquo ÆQUO"),
			 "oeuvre oeuvre coeur aequo aequo");
	ck_assert_str_eq(slices("le cœur bat"), "le|cœur|bat");
}
END_TEST

START_TEST(cut_emoji_are_no_words)
{
	ck_assert_str_eq(cut("☁️ 🇫🇷 👩‍💻 ✅"), "");
	ck_assert_str_eq(cut("☁️Cloud🚀2022🇫🇷fin"), "cloud 2022 fin");
	ck_assert_str_eq(slices("☁️Cloud🚀"), "Cloud");
}
END_TEST

START_TEST(cut_combining_marks_belong_to_the_letter_before)
{
	struct tokens_settings bare = plain();

	bare.strip_accents = true;
	ck_assert_str_eq(cut("q\u0303a x\u0323\u0301"),
			 "q\u0303a x\u0323\u0301");
	ck_assert_str_eq(cut_by(bare, "q\u0303a x\u0323\u0301"), "qa x");
	/* One without a letter begins no word. */
	ck_assert_str_eq(cut("\u0301abc \u0301 a-\u0301b"), "abc a b");
	ck_assert_str_eq(slices("\u0301abc"), "abc");
}
END_TEST

START_TEST(cut_east_asian_runs_are_words)
{
	struct tokens_settings bare = plain();

	bare.strip_accents = true;
	ck_assert_str_eq(cut("云计算，政策。ガイア 한국"), "云计算 政策 ガイア 한국");
	ck_assert_str_eq(cut_by(bare, "云计算 한국"), "云计算 한국");
}
END_TEST

START_TEST(cut_word_length_limit)
{
	for (size_t n = TOKENS_WORD_MAX - 1; n <= TOKENS_WORD_MAX + 1; n++) {
		char text[TOKENS_WORD_MAX + 16] = "x ", want[sizeof(text)];

		memset(text + 2, 'a', n);
		strcpy(text + 2 + n, " y");
		strcpy(want, n > TOKENS_WORD_MAX ? "x y" : text);
		ck_assert_str_eq(cut(text), want);
	}
}
END_TEST

/* Ⱥ has two bytes, its small letter three, and a hyphenated word with digits is
 * folded three times. */
START_TEST(cut_letters_that_grow_fit)
{
	char text[TOKENS_WORD_MAX * 16] = "";
	struct arena a = { block, block + sizeof(block) };
	struct tokens_settings set = plain();
	struct tokenizer *t = NULL;
	struct tokens k;

	for (size_t n = 0; n + TOKENS_WORD_MAX + 1 < sizeof(text);
	     n += TOKENS_WORD_MAX + 1) {
		for (size_t i = 0; i < TOKENS_WORD_MAX - 6; i += 2)
			memcpy(text + n + i, "Ⱥ", 2);
		memcpy(text + n + TOKENS_WORD_MAX - 6, "1-ȺȺ ", 7);
	}
	ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
	ck_assert_int_eq(tokens_cut(t, str_of(text), &a, &k), 0);
	ck_assert_uint_eq(k.n, 15 * 4);
	tokenizer_free(t);
}
END_TEST

START_TEST(cut_nothing_gives_nothing)
{
	struct arena a = { block, block + sizeof(block) };
	struct tokens_settings set = plain();
	struct tokenizer *t = NULL;
	struct tokens k = { NULL, 99 };

	ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
	ck_assert_int_eq(tokens_cut(t, (struct str){ NULL, 0 }, &a, &k), 0);
	ck_assert_uint_eq(k.n, 0);
	tokenizer_free(t);
	ck_assert_str_eq(cut(""), "");
	ck_assert_str_eq(cut(" .,;:!?«»'’-–—… \n"), "");
}
END_TEST

START_TEST(cut_offsets_are_exact)
{
	static const struct {
		const char *s;
		uint32_t start, end;
		bool extra;
	} want[] = {
		{ "le", 4, 5, false },	  { "état", 8, 13, false },
		{ "gaia", 15, 19, false }, { "x2", 20, 22, false },
		{ "gaia-x2", 15, 22, true }, { "oeuf", 23, 27, false },
		{ "don't", 28, 35, false },
	};
	const char *text = "«  L’État, Gaia-X2\nœuf Don’t";
	struct arena a = { block, block + sizeof(block) };
	struct tokens_settings set = plain();
	struct tokenizer *t = NULL;
	struct tokens k;

	ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
	ck_assert_int_eq(tokens_cut(t, str_of(text), &a, &k), 0);
	tokenizer_free(t);
	ck_assert_uint_eq(k.n, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < k.n; i++) {
		ck_assert_msg(str_is(k.v[i].s, want[i].s), "%zu: " STR_FMT, i,
			      STR_ARG(k.v[i].s));
		ck_assert_uint_eq(k.v[i].start, want[i].start);
		ck_assert_uint_eq(k.v[i].end, want[i].end);
		ck_assert_int_eq(k.v[i].extra, want[i].extra);
	}
}
END_TEST

START_TEST(cut_arena_too_small_is_out_of_memory)
{
	const char *text = "L’État d'aujourd'hui, Gaia-X et S3NS, l’œuvre.";
	struct tokens_settings set = plain();
	struct tokenizer *t = NULL;
	size_t size = 0;
	int r;

	set.stem = "french";
	ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
	do {
		char *exact = malloc(size + 1); /* ASan guards its end */
		struct arena a = { exact, exact + size };
		struct tokens k = { NULL, 99 };

		r = tokens_cut(t, str_of(text), &a, &k);
		ck_assert(r == 0 || r == -ENOMEM);
		ck_assert_uint_eq(k.n, r ? 99 : 12);
		free(exact);
		ck_assert_uint_lt(++size, 1 << 16);
	} while (r);
	tokenizer_free(t);
}
END_TEST

START_TEST(option_min_length_counts_characters)
{
	struct tokens_settings set = plain();

	set.min_length = 2;
	ck_assert_str_eq(cut_by(set, "à été l'é 5 Gaia-X x-y"),
			 "été le gaia +gaia-x +x-y");
	set.min_length = 4;
	ck_assert_str_eq(cut_by(set, "été état qu'une lorsqu'une œufs"),
			 "état lorsque oeufs");
}
END_TEST

START_TEST(option_compounds_off_gives_parts_alone)
{
	struct tokens_settings set = plain();

	set.compounds = false;
	ck_assert_str_eq(cut_by(set, "Gaia-X S3NS peut-être"),
			 "gaia x s3ns peut être");
}
END_TEST

START_TEST(option_strip_accents_makes_one_word)
{
	struct tokens_settings set = plain();

	set.strip_accents = true;
	ck_assert_str_eq(cut_by(set, "état ETAT été Ça Noël Łódź ởđ œ"),
			 "etat etat ete ca noel łodz ođ oe");
}
END_TEST

START_TEST(option_stem_french)
{
	struct tokens_settings set = plain();

	set.stem = "french";
	ck_assert_str_eq(cut_by(set, "nationales national souveraines"),
			 "national national souverain");
	/* A name keeps its ending; its parts are words. */
	ck_assert_str_eq(cut_by(set, "grandes-ventes S3NSES"),
			 "grand vent +grandes-ventes s3nses +nse");
	/* An elided word is the same term as its whole. */
	ck_assert_str_eq(cut_by(set, "lorsqu'on lorsque"), "lorsqu on lorsqu");
}
END_TEST

START_TEST(option_stem_english)
{
	struct tokens_settings set = plain();

	set.stem = "english";
	ck_assert_str_eq(cut_by(set, "Partners partnered connections running"),
			 "partner partner connect run");
	set.stem = "none";
	ck_assert_str_eq(cut_by(set, "partners"), "partners");
}
END_TEST

START_TEST(option_stem_unknown_is_refused)
{
	struct tokens_settings set = plain();
	struct tokenizer *t = NULL;
	struct err e = { "" };

	set.stem = "klingon";
	ck_assert_int_eq(tokenizer_new(&set, &t, &e), -EINVAL);
	ck_assert_ptr_null(t);
	ck_assert_ptr_nonnull(strstr(e.text, "'klingon'"));
}
END_TEST

START_TEST(option_stop_words_are_left_out)
{
	const char *stop[] = { "le", "DE", "Été", "aujourd’hui", "gaia-x",
			       "cœur" };
	struct tokens_settings set = plain();

	set.stop = stop;
	set.stop_count = 6;
	ck_assert_str_eq(cut_by(set,
				"L'été d'un le de aujourd'hui Gaia-X Cœur"),
			 "un gaia x");
	set.strip_accents = true;
	ck_assert_str_eq(cut_by(set, "ete été legs"), "legs");
}
END_TEST

/* The stemmer would have made "nationales" another word. */
START_TEST(option_stop_words_are_told_before_stemming)
{
	const char *stop[] = { "nationales", "lorsque" };
	struct tokens_settings set = plain();

	set.stop = stop;
	set.stop_count = 2;
	set.stem = "french";
	ck_assert_str_eq(cut_by(set, "nationales national lorsqu'on Lorsque"),
			 "national on");
}
END_TEST

START_TEST(option_stop_word_longer_than_a_word_is_never_met)
{
	char stop[4 * TOKENS_WORD_MAX] = "", *list = stop;
	struct tokens_settings set = plain();

	memset(stop, 'a', sizeof(stop) - 1);
	set.stop = (const char **)(void *)&list;
	set.stop_count = 1;
	ck_assert_str_eq(cut_by(set, "aaa"), "aaa");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(cut_words_are_lower_cased),
		CHECK_TEST(cut_elisions_get_their_vowel_back),
		CHECK_TEST(cut_words_with_an_apostrophe_stay_whole),
		CHECK_TEST(cut_english_genitive_is_dropped),
		CHECK_TEST(cut_lone_apostrophes_and_hyphens_are_no_words),
		CHECK_TEST(cut_hyphenated_word_gives_parts_and_whole),
		CHECK_TEST(cut_word_with_digits_gives_its_letters),
		CHECK_TEST(cut_french_punctuation_and_spaces_divide),
		CHECK_TEST(cut_ligatures_are_undone),
		CHECK_TEST(cut_emoji_are_no_words),
		CHECK_TEST(cut_combining_marks_belong_to_the_letter_before),
		CHECK_TEST(cut_east_asian_runs_are_words),
		CHECK_TEST(cut_word_length_limit),
		CHECK_TEST(cut_letters_that_grow_fit),
		CHECK_TEST(cut_nothing_gives_nothing),
		CHECK_TEST(cut_offsets_are_exact),
		CHECK_TEST(cut_arena_too_small_is_out_of_memory),
		CHECK_TEST(option_min_length_counts_characters),
		CHECK_TEST(option_compounds_off_gives_parts_alone),
		CHECK_TEST(option_strip_accents_makes_one_word),
		CHECK_TEST(option_stem_french),
		CHECK_TEST(option_stem_english),
		CHECK_TEST(option_stem_unknown_is_refused),
		CHECK_TEST(option_stop_words_are_left_out),
		CHECK_TEST(option_stop_words_are_told_before_stemming),
		CHECK_TEST(option_stop_word_longer_than_a_word_is_never_met),
		CHECK_END,
	};

	return check_main("tokens", tests);
}
