#include "classify/tokens.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/unicode.h"
#include "classify/cut.h"
#include "tests/check_main.h"

static char block[1 << 20];

static struct tokens_settings plain(void)
{
	return (struct tokens_settings){ .min_length = 1, .compounds = true };
}

static struct tokens_settings by(enum tokens_cut cut)
{
	return (struct tokens_settings){ .min_length = 1, .cut = cut };
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
static const char *slices_by(struct tokens_settings set, const char *text)
{
	static char out[4096];
	struct arena a = { block, block + sizeof(block) };
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

static const char *slices(const char *text)
{
	return slices_by(plain(), text);
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
	for (enum tokens_cut k = TOKENS_WORDS; k <= TOKENS_BLANKS; k++)
		for (size_t n = TOKENS_WORD_MAX - 1; n <= TOKENS_WORD_MAX + 1;
		     n++) {
			char text[TOKENS_WORD_MAX + 16] = "x ";
			char want[sizeof(text)];

			memset(text + 2, 'a', n);
			strcpy(text + 2 + n, " y");
			strcpy(want, n > TOKENS_WORD_MAX ? "x y" : text);
			ck_assert_str_eq(cut_by(by(k), text), want);
		}
}
END_TEST

/* What counts are the bytes of the text, from the first line to the next. */
START_TEST(cut_broken_word_length_limit)
{
	for (size_t n = TOKENS_WORD_MAX - 1; n <= TOKENS_WORD_MAX + 1; n++) {
		char text[TOKENS_WORD_MAX + 16] = "x ", *p = text + 2;
		struct tokens_settings set = plain();

		set.compounds = false;
		memset(p, 'a', n);
		memcpy(p + 100, "-\n", 2);
		strcpy(p + n, " y");
		ck_assert_uint_eq(strlen(cut_by(set, text)),
				  n > TOKENS_WORD_MAX ? 3 : n - 2 + 4);
	}
}
END_TEST

/* Ⱥ has two bytes, its small letter three; a hyphenated word with digits is
 * folded three times, and so is a tag that is hyphenated. */
START_TEST(cut_letters_that_grow_fit)
{
	enum { LINES = 15 };
	static const size_t want[][2] = { { 4, 5 }, { 2, 4 }, { 3, 5 },
					  { 1, 3 } };
	char text[(TOKENS_WORD_MAX + 1) * LINES + 1] = "";

	for (size_t n = 0; n + 1 < sizeof(text); n += TOKENS_WORD_MAX + 1) {
		text[n] = '#';
		for (size_t i = 1; i < TOKENS_WORD_MAX - 7; i += 2)
			memcpy(text + n + i, "Ⱥ", 2);
		memcpy(text + n + TOKENS_WORD_MAX - 7, "1-ȺȺ \n", 8);
	}
	for (size_t i = 0; i < 8; i++) {
		struct arena a = { block, block + sizeof(block) };
		struct tokens_settings set = by((enum tokens_cut)(i / 2));
		struct tokenizer *t = NULL;
		struct tokens k;

		set.compounds = true;
		set.hashtags = i % 2;
		ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
		ck_assert_int_eq(tokens_cut(t, str_of(text), &a, &k), 0);
		ck_assert_uint_eq(k.n, LINES * want[i / 2][i % 2]);
		tokenizer_free(t);
	}
}
END_TEST

START_TEST(cut_nothing_gives_nothing)
{
	for (enum tokens_cut cut = TOKENS_WORDS; cut <= TOKENS_BLANKS; cut++) {
		struct arena a = { block, block + sizeof(block) };
		struct tokens_settings set = by(cut);
		struct tokenizer *t = NULL;
		struct tokens k = { NULL, 99 };

		set.hashtags = true;
		ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
		ck_assert_int_eq(
			tokens_cut(t, (struct str){ NULL, 0 }, &a, &k), 0);
		ck_assert_uint_eq(k.n, 0);
		tokenizer_free(t);
		ck_assert_str_eq(cut_by(set, ""), "");
		ck_assert_str_eq(cut_by(set, " \t\r\n\u00A0\u202F\u2028 "),
				 "");
	}
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

/* Tries every size until one is enough; the tokens that are then there. */
static size_t first_fit(struct tokenizer *t, const char *text)
{
	for (size_t size = 0; size < 1 << 16; size++) {
		char *exact = malloc(size + 1); /* ASan guards its end */
		struct arena a = { exact, exact + size };
		struct tokens k = { NULL, 99 };
		int r = tokens_cut(t, str_of(text), &a, &k);

		free(exact);
		ck_assert(r == 0 || r == -ENOMEM);
		if (!r)
			return k.n;
		ck_assert_uint_eq(k.n, 99);
	}
	ck_abort_msg("64 kB are not enough");
}

START_TEST(cut_arena_too_small_is_out_of_memory)
{
	static const size_t want[] = { 17, 16, 17, 11 };
	const char *text = "L’État d'aujourd'hui, Gaia-X et S3NS, l’œuvre "
			   "abon-\nnée #AuNord.";

	for (enum tokens_cut k = TOKENS_WORDS; k <= TOKENS_BLANKS; k++) {
		struct tokens_settings set = by(k);
		struct tokenizer *t = NULL;

		set.hashtags = set.compounds = true;
		set.stem = "french";
		ck_assert_int_eq(tokenizer_new(&set, &t, NULL), 0);
		ck_assert_uint_eq(first_fit(t, text), want[k]);
		tokenizer_free(t);
	}
}
END_TEST

/* The line breaks are where they were found in newspapers. */
START_TEST(cut_word_broken_at_a_line_end_is_one)
{
	struct tokens_settings set = plain();

	ck_assert_str_eq(slices("une souve-\nraineté."),
			 "une|souve-\nraineté|souve-\nraineté");
	ck_assert_str_eq(cut("Une souve-\nraineté."),
			 "une souveraineté +souve-raineté");
	ck_assert_str_eq(cut("ÉTA-\nblissement l’hô-\npital"),
			 "établissement +éta-blissement le hôpital "
			 "+hô-pital");
	set.compounds = false;
	ck_assert_str_eq(cut_by(set, "abon‐ \r\n\u00A0\tnements "
				     "anti-\nconsti-\ntutionnel"),
			 "abonnements anticonstitutionnel");
	/* The stemmer sees the word that was meant. */
	set.stem = "french";
	ck_assert_str_eq(cut_by(set, "souve-\nraines"), "souverain");
}
END_TEST

/* sous-secteur may be broken as souverain is: both readings are terms. */
START_TEST(cut_hyphen_that_may_be_its_own_gives_both_readings)
{
	ck_assert_str_eq(cut("sous-\nsecteur well-\nknown"),
			 "soussecteur +sous-secteur wellknown +well-known");
	ck_assert_str_eq(cut("ner-\nvous va-\nleur"),
			 "nervous +ner-vous valeur +va-leur");
	ck_assert_str_eq(cut("gou-\nvernement-là"),
			 "gouvernement +gou-vernement là +gouvernement-là");
}
END_TEST

START_TEST(cut_hyphen_of_its_own_survives_a_line_end)
{
	ck_assert_str_eq(cut("c’est-à-\ndire"),
			 "ce est à dire +est-à-dire");
	ck_assert_str_eq(cut("dit-\nelle a-\nt-il, moi-\nmême’"),
			 "dit elle +dit-elle a t il +a-t-il moi même "
			 "+moi-même");
	ck_assert_str_eq(cut("peut-\nêtre celui-\nci e-\ncommerce"),
			 "peut être +peut-être celui ci +celui-ci e commerce "
			 "+e-commerce");
	ck_assert_str_eq(cut("S3NS-\nlike"), "s3ns +ns like +s3ns-like");
	ck_assert_str_eq(slices("dit-\nelle"), "dit|elle|dit-\nelle");
}
END_TEST

START_TEST(cut_words_with_an_apostrophe_may_be_broken_before_it)
{
	struct tokens_settings set = plain();

	set.compounds = false;
	ck_assert_str_eq(cut_by(set, "aujour-\nd’hui lors-\nqu’elle "
				     "quel-\nqu'un"),
			 "aujourd'hui lorsque elle quelqu'un");
}
END_TEST

START_TEST(cut_line_end_that_breaks_no_word)
{
	char far[128] = "souve-\n";

	/* A capital begins something else; an empty line ends a paragraph;
	 * a hyphen may end a word, a year or a list. */
	ck_assert_str_eq(cut("Rhône-\nAlpes souve-\n\nraineté"),
			 "rhône alpes souve raineté");
	ck_assert_str_eq(cut("2020-\nannée -\noui souve- raineté souve-\n"),
			 "2020 année oui souve raineté souve");
	ck_assert_str_eq(cut("souve\nraineté souve –\nraineté"),
			 "souve raineté souve raineté");
	memset(far + 7, ' ', 64);
	strcpy(far + 7 + 64, "raineté");
	ck_assert_str_eq(cut(far), "souve raineté");
}
END_TEST

START_TEST(cut_soft_hyphens_vanish)
{
	ck_assert_str_eq(cut("sou\u00ADve\u00AD\u00ADrai\u00ADneté a\u00AD "
			     "\u00ADb c\u00AD-d l\u00AD'e"),
			 "souveraineté a b c d +c-d le e");
	ck_assert_str_eq(slices("\u00ADsou\u00ADve\u00AD."),
			 "sou\u00ADve");
	/* At a line's end there is no doubt, nor for capitals. */
	ck_assert_str_eq(cut("souve\u00AD\nraineté SOUVE\u00AD \nRAINETÉ"),
			 "souveraineté souveraineté");
}
END_TEST

START_TEST(cut_no_break_spaces_are_blanks)
{
	const char *text = "10\u202F000\u00A0euros\u2007!";

	ck_assert_str_eq(cut(text), "10 000 euros");
	ck_assert_str_eq(cut_by(by(TOKENS_PLAIN), text), "10 000 euros");
	ck_assert_str_eq(cut_by(by(TOKENS_MARKS), text), "10 000 euros !");
	ck_assert_str_eq(cut_by(by(TOKENS_BLANKS), text), "10 000 euros !");
}
END_TEST

START_TEST(cut_capitals_fold_with_and_without_accents)
{
	struct tokens_settings bare = plain();

	bare.strip_accents = true;
	ck_assert_str_eq(cut("À É Œ Æ Ç Ÿ Ǽ"), "à é oe ae ç ÿ ǽ");
	ck_assert_str_eq(cut("à é œ æ ç ÿ"), "à é oe ae ç ÿ");
	ck_assert_str_eq(cut_by(bare, "À É Œ Æ Ç Ÿ Ǽ"), "a e oe ae c y ae");
	ck_assert_str_eq(cut_by(bare, "à é œ æ ç ÿ"), "a e oe ae c y");
	ck_assert_str_eq(cut_by(bare, "ÉTAT ETAT État SÉCURITÉ SECURITE"),
			 "etat etat etat securite securite");
}
END_TEST

/* As scikit-learn's default pattern (?u)\b\w\w+\b, of the lower-cased text. */
START_TEST(plain_of_two_is_scikit_learns_default)
{
	struct tokens_settings set = by(TOKENS_PLAIN);

	set.min_length = 2;
	ck_assert_str_eq(cut_by(set, "L'État n'a qu’une Gaia-X, S3NS; a_b __"),
			 "état qu une gaia s3ns a_b __");
	ck_assert_str_eq(cut_by(set, "don't Œuvre x² ½½ 云计算 ٣٤ ʼn"),
			 "don œuvre x² ½½ 云计算 ٣٤ ʼn");
	/* Marks are no \w, and neither are soft hyphens. */
	ck_assert_str_eq(cut_by(set, "abq\u0303cd sou\u00ADve हिन्दी"),
			 "abq cd sou ve");
	set.strip_accents = true;
	ck_assert_str_eq(cut_by(set, "e\u0301te\u0301 ÉTÉ a\u0301"),
			 "ete ete");
}
END_TEST

START_TEST(plain_knows_no_language)
{
	struct tokens_settings set = by(TOKENS_PLAIN);

	set.compounds = true;
	ck_assert_str_eq(cut_by(set, "l'Europe souve-\nraineté company's"),
			 "l europe souve raineté company s");
	set.stem = "french";
	ck_assert_str_eq(cut_by(set, "nationales S3NSES"), "national s3nses");
	ck_assert_str_eq(slices_by(by(TOKENS_PLAIN), "«Été!» n'a"),
			 "Été|n|a");
}
END_TEST

START_TEST(marks_are_one_character_each)
{
	struct tokens_settings set = by(TOKENS_MARKS);

	ck_assert_str_eq(cut_by(set, "Super!!! :-( «oui»…"),
			 "super ! ! ! : - ( « oui » …");
	ck_assert_str_eq(cut_by(set, "ok🚀🚀 ☁\uFE0F 5€"),
			 "ok 🚀 🚀 ☁ \uFE0F 5 €");
	ck_assert_str_eq(cut_by(set, "don't l’été 'a' b'' 'c’d'e"),
			 "don't l’été ' a ' b ' ' ' c’d'e");
	ck_assert_str_eq(slices_by(set, "L’Été, 🚀."), "L’Été|,|🚀|.");
}
END_TEST

START_TEST(marks_keep_addresses_names_and_tags)
{
	struct tokens_settings set = by(TOKENS_MARKS);

	ck_assert_str_eq(cut_by(set, "@Bob_2 #Cloud @ # ##a b@c.fr"),
			 "@bob_2 #cloud @ # # #a b @c . fr");
	ck_assert_str_eq(
		cut_by(set, "http://a.b/?c=#d) HTTPS://X\u00A0e xhttp://f"),
		"http://a.b/?c=#d) https://x e xhttp : / / f");
	/* Nothing behind, or another scheme. */
	ck_assert_str_eq(cut_by(set, "http:// https:/g http"),
			 "http : / / https : / g http");
	set.cased = true;
	ck_assert_str_eq(cut_by(set, "HTTP://x http://Y"),
			 "HTTP : / / x http://Y");
}
END_TEST

/* A stemmer is for words; of "@souveraines," it knows nothing. */
START_TEST(marks_with_signs_are_not_stemmed)
{
	struct tokens_settings set = by(TOKENS_MARKS);

	set.stem = "french";
	ck_assert_str_eq(cut_by(set, "nationales @nationales #nationales"),
			 "national @nationales #nationales");
	set.cut = TOKENS_BLANKS;
	ck_assert_str_eq(cut_by(set, "nationales nationales,"),
			 "national nationales,");
}
END_TEST

START_TEST(marks_accent_that_is_stripped_is_no_token)
{
	struct tokens_settings set = by(TOKENS_MARKS);

	ck_assert_str_eq(cut_by(set, "a \u0301 q\u0303b"),
			 "a \u0301 q \u0303 b");
	set.strip_accents = true;
	ck_assert_str_eq(cut_by(set, "a \u0301 q\u0303b"), "a qb");
	ck_assert_str_eq(cut_by(set, "#\u0301Ab @\u0301 c"), "#ab @ c");
	set.min_length = 0;
	ck_assert_str_eq(cut_by(set, "a \u0301 b"), "a b");
	set.cut = TOKENS_BLANKS;
	ck_assert_str_eq(cut_by(set, "a \u0301 q\u0303b"), "a qb");
}
END_TEST

START_TEST(blanks_give_what_stands_between)
{
	struct tokens_settings set = by(TOKENS_BLANKS);

	ck_assert_str_eq(cut_by(set, " L’État,\n(oui)\u2003a-b\x1c c"),
			 "l’état, (oui) a-b c");
	ck_assert_str_eq(cut_by(set, "d\u200Be f\xC2\x85g\u3000Œ"),
			 "d\u200Be f g œ");
	ck_assert_str_eq(slices_by(set, " L’État, où"), "L’État,|où");
}
END_TEST

START_TEST(option_cased_keeps_capitals)
{
	struct tokens_settings set = plain();

	set.cased = true;
	ck_assert_str_eq(cut_by(set, "La NSA, Été Gaia-X Company's"),
			 "La NSA Été Gaia X +Gaia-X Company");
	/* The vowel that comes back goes with the letters before it. */
	ck_assert_str_eq(cut_by(set, "L’Europe QU’IL Qu’il Aujourd’hui DON'T"),
			 "Le Europe QUE IL Que il Aujourd'hui DON'T");
	ck_assert_str_eq(cut_by(set, "Œuvre ŒUVRE cœur CŒUR Æquo"),
			 "Oeuvre OEUVRE coeur COEUR Aequo");
	set.strip_accents = true;
	ck_assert_str_eq(cut_by(set, "État ÀÉ"), "Etat AE");
	for (enum tokens_cut k = TOKENS_PLAIN; k <= TOKENS_BLANKS; k++) {
		set = by(k);
		set.cased = true;
		ck_assert_str_eq(cut_by(set, "La NSA Œuvre"), "La NSA Œuvre");
	}
}
END_TEST

START_TEST(option_cased_stop_words_are_met_as_they_are_written)
{
	const char *stop[] = { "le", "Œuvre" };
	struct tokens_settings set = plain();

	set.cased = true;
	set.stop = stop;
	set.stop_count = 2;
	ck_assert_str_eq(cut_by(set, "Le le Oeuvre œuvre ŒUVRE"),
			 "Le oeuvre OEUVRE");
}
END_TEST

START_TEST(option_hashtags_adds_the_parts_of_a_tag)
{
	struct tokens_settings set = by(TOKENS_WORDS);

	set.hashtags = true;
	ck_assert_str_eq(cut_by(set, "Non #PartOfTag fin"),
			 "non partoftag part of tag fin");
	ck_assert_str_eq(slices_by(set, "é #ÉtatFrançais!"),
			 "é|ÉtatFrançais|État|Français");
	set.cut = TOKENS_PLAIN;
	ck_assert_str_eq(cut_by(set, "Non #PartOfTag fin"),
			 "non partoftag part of tag fin");
	set.cut = TOKENS_MARKS;
	ck_assert_str_eq(cut_by(set, "Non #PartOfTag! @BobBy"),
			 "non #partoftag part of tag ! @bobby");
	ck_assert_str_eq(slices_by(set, "#AbCd"), "#AbCd|Ab|Cd");
	set.cut = TOKENS_BLANKS;
	ck_assert_str_eq(cut_by(set, "(#PartOfTag), #AbCd#EfGh"),
			 "(#partoftag), part of tag #abcd#efgh ab cd ef gh");
	set.cased = true;
	ck_assert_str_eq(cut_by(set, "#PartOf"), "#PartOf Part Of");
}
END_TEST

START_TEST(option_hashtags_parts_go_by_case_and_digits)
{
	struct tokens_settings set = by(TOKENS_PLAIN);

	set.hashtags = true;
	ck_assert_str_eq(cut_by(set, "#COVID19 #iPhone #EUCloudAct #ABc #A1b"),
			 "covid19 covid 19 iphone i phone eucloudact eu cloud "
			 "act abc a bc a1b a 1 b");
	ck_assert_str_eq(cut_by(set, "#une_autre_fois #云Cloud #ΕλλάδαΕυρώπη"),
			 "une_autre_fois une autre fois 云cloud 云 cloud "
			 "ελλάδαευρώπη ελλάδα ευρώπη");
	ck_assert_str_eq(cut_by(set, "#aǅb"), "aǆb a ǆb");
	set.cut = TOKENS_WORDS; /* which have marks */
	ck_assert_str_eq(cut_by(set, "#Q\u0303abCd"),
			 "q\u0303abcd q\u0303ab cd");
}
END_TEST

START_TEST(option_hashtags_of_one_part_adds_nothing)
{
	struct tokens_settings set = by(TOKENS_PLAIN);

	set.hashtags = true;
	ck_assert_str_eq(cut_by(set, "#Cloud #NSA #2022 #_oui_ # #! PartOf"),
			 "cloud nsa 2022 _oui_ partof");
	ck_assert_str_eq(cut_by(set, "#"), "");
	set.hashtags = false;
	ck_assert_str_eq(cut_by(set, "#PartOfTag"), "partoftag");
}
END_TEST

START_TEST(option_hashtags_tag_that_is_too_long_is_passed_over)
{
	char tag[2 * TOKENS_WORD_MAX] = "#AbCd", spaced[sizeof(tag) + 8];
	struct tokens_settings set = by(TOKENS_PLAIN);

	set.hashtags = true;
	memset(tag + 5, 'e', TOKENS_WORD_MAX);
	for (enum tokens_cut k = TOKENS_WORDS; k <= TOKENS_BLANKS; k++) {
		set.cut = k;
		ck_assert_str_eq(cut_by(set, tag), "");
	}
	memset(tag, 'e', TOKENS_WORD_MAX);
	strcpy(tag + TOKENS_WORD_MAX, "#AbCd");
	ck_assert_str_eq(cut_by(set, tag), "");
	snprintf(spaced, sizeof(spaced), "f %s", tag + TOKENS_WORD_MAX);
	ck_assert_str_eq(cut_by(set, spaced), "f #abcd ab cd");
}
END_TEST

START_TEST(option_hashtags_parts_are_words)
{
	const char *stop[] = { "of" };
	struct tokens_settings set = plain();

	set.hashtags = true;
	set.min_length = 2;
	set.stop = stop;
	set.stop_count = 1;
	set.stem = "english";
	ck_assert_str_eq(cut_by(set, "#LotsOfPartners4u"),
			 "lotsofpartners4u lot partner");
	set = plain();
	set.hashtags = true;
	/* The tag is the first run of what a hyphen or apostrophe goes on
	 * with. Its runs of letters are among the parts. */
	ck_assert_str_eq(cut_by(set, "#JoBiden's #CloudAct-X S3NS #S3NS-T2EST"),
			 "jobiden jo biden cloudact x +cloudact-x cloud act "
			 "s3ns +ns s3ns t2est +est +s3ns-t2est s 3 ns");
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

static void compare_ways(const struct tokens_settings *set, struct str text)
{
	static char fast[1 << 17], slow[1 << 17];
	struct arena a = { fast, fast + sizeof(fast) };
	struct arena b = { slow, slow + sizeof(slow) };
	struct tokenizer *t = NULL;
	struct tokens x, y;

	ck_assert_int_eq(tokenizer_new(set, &t, NULL), 0);
	ck_assert_int_eq(tokens_cut(t, text, &a, &x), 0);
	ck_assert_int_eq(cut_slowly(t, text, &b, &y), 0);
	ck_assert_uint_eq(x.n, y.n);
	for (size_t i = 0; i < x.n; i++) {
		ck_assert_msg(str_eq(x.v[i].s, y.v[i].s),
			      STR_FMT " is not " STR_FMT, STR_ARG(x.v[i].s),
			      STR_ARG(y.v[i].s));
		ck_assert_uint_eq(x.v[i].hash, hash_xx(x.v[i].s, 0));
		ck_assert_uint_eq(x.v[i].hash, y.v[i].hash);
		ck_assert_uint_eq(x.v[i].start, y.v[i].start);
		ck_assert_uint_eq(x.v[i].end, y.v[i].end);
		ck_assert_int_eq(x.v[i].extra, y.v[i].extra);
	}
	tokenizer_free(t);
}

/* Runs of plain ASCII go another way than what must be looked at: with every
 * sign beside them, over the borders of blocks, too long to be words. */
START_TEST(cut_plain_ascii_as_everything_else)
{
	static const char *const signs[] = {
		" ", "-", "'", "’", "\u00AD", "-\n", "é", "1", "_", "#", "\u0301",
		". ", "œ", "«", "Gaia-X", "l'", "'s", "S3NS", "the", "nation",
	};
	static char long_word[TOKENS_WORD_MAX + 2];
	enum { SIGNS = sizeof(signs) / sizeof(*signs) };
	unsigned state = 7;

	memset(long_word, 'w', sizeof(long_word) - 1);
	for (unsigned i = 0; i < 2000; i++) {
		struct tokens_settings set = {
			.min_length = 1 + i % 3,
			.cut = i >> 1 & 1 ? TOKENS_WORDS : TOKENS_PLAIN,
			.cased = i >> 2 & 1, .hashtags = i >> 3 & 1,
			.compounds = i >> 4 & 1, .strip_accents = i >> 5 & 1,
			.stem = i >> 6 & 1 ? "french" : NULL,
			.stop = (const char *[]){ "the", "état" },
			.stop_count = i >> 7 & 1 ? 2 : 0,
		};
		struct buf b;

		buf_init(&b, 1 << 12);
		for (unsigned n = i % 60; n; n--) {
			state = state * 1103515245u + 12345u;
			buf_add_z(&b, signs[(state >> 16) % SIGNS]);
			buf_add(&b, "Nationalisations", state >> 20 & 15);
			if ((state >> 24) % 50 == 0)
				buf_add(&b, long_word,
					sizeof(long_word) - 3 + n % 3);
		}
		ck_assert_int_eq(buf_error(&b), 0);
		compare_ways(&set, buf_view(&b));
		buf_done(&b);
	}
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
		CHECK_TEST(cut_broken_word_length_limit),
		CHECK_TEST(cut_letters_that_grow_fit),
		CHECK_TEST(cut_nothing_gives_nothing),
		CHECK_TEST(cut_offsets_are_exact),
		CHECK_TEST(cut_arena_too_small_is_out_of_memory),
		CHECK_TEST(cut_word_broken_at_a_line_end_is_one),
		CHECK_TEST(cut_hyphen_that_may_be_its_own_gives_both_readings),
		CHECK_TEST(cut_hyphen_of_its_own_survives_a_line_end),
		CHECK_TEST(cut_words_with_an_apostrophe_may_be_broken_before_it),
		CHECK_TEST(cut_line_end_that_breaks_no_word),
		CHECK_TEST(cut_soft_hyphens_vanish),
		CHECK_TEST(cut_no_break_spaces_are_blanks),
		CHECK_TEST(cut_capitals_fold_with_and_without_accents),
		CHECK_TEST(plain_of_two_is_scikit_learns_default),
		CHECK_TEST(plain_knows_no_language),
		CHECK_TEST(marks_are_one_character_each),
		CHECK_TEST(marks_keep_addresses_names_and_tags),
		CHECK_TEST(marks_with_signs_are_not_stemmed),
		CHECK_TEST(marks_accent_that_is_stripped_is_no_token),
		CHECK_TEST(blanks_give_what_stands_between),
		CHECK_TEST(option_cased_keeps_capitals),
		CHECK_TEST(option_cased_stop_words_are_met_as_they_are_written),
		CHECK_TEST(option_hashtags_adds_the_parts_of_a_tag),
		CHECK_TEST(option_hashtags_parts_go_by_case_and_digits),
		CHECK_TEST(option_hashtags_of_one_part_adds_nothing),
		CHECK_TEST(option_hashtags_tag_that_is_too_long_is_passed_over),
		CHECK_TEST(option_hashtags_parts_are_words),
		CHECK_TEST(option_min_length_counts_characters),
		CHECK_TEST(option_compounds_off_gives_parts_alone),
		CHECK_TEST(option_strip_accents_makes_one_word),
		CHECK_TEST(option_stem_french),
		CHECK_TEST(option_stem_english),
		CHECK_TEST(option_stem_unknown_is_refused),
		CHECK_TEST(cut_plain_ascii_as_everything_else),
		CHECK_TEST(option_stop_words_are_left_out),
		CHECK_TEST(option_stop_words_are_told_before_stemming),
		CHECK_TEST(option_stop_word_longer_than_a_word_is_never_met),
		CHECK_END,
	};

	return check_main("tokens", tests);
}
