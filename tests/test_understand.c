#include "ingest/understand.h"

#include <errno.h>
#include <jansson.h>

#include "ingest/ingest.h"
#include "parse/language.h"
#include "parse/tidy.h"
#include "tests/check_main.h"

/* The ids, as sha256sum gives them: of "uhttps://example.org/a", and of "t",
 * source, NUL, title, NUL, text. */
#define ID_OF_URL "c8e45ae35365db4bd3b3c58b0edbb740"
#define ID_T_ALONE "568172d8c52109a648b07690d6bb3433"
#define ID_X_ALONE "c72e3bd7267189bb40eef41b5131368d"
#define ID_T_AND_X "3ed20527e94ceecdf7d955a4a7015fc4"
#define ID_S_AND_T "70d98779d4426b87aae83ea25cf7d98d"

static struct arena arena;
static struct article article;
static struct err err;

/* In place of the rules of tidy.h, which have their own tests: a line that
 * begins with "CUT " is cut, and so is "CUT BY NAME", which says who wrote. */
int tidy(struct str clean, struct arena *a, struct tidy *ret)
{
	static struct tidy_cut cut;
	struct str rest = clean, line = str_cut(&rest, '\n');

	(void)a;
	*ret = (struct tidy){ .text = clean };
	if (!str_starts(line, STR("CUT ")))
		return 0;
	cut = (struct tidy_cut){ TIDY_SHARE, 0, line.n };
	ret->text = rest.p ? rest : STR("");
	ret->cuts = &cut;
	ret->cut_count = 1;
	if (str_starts(line, STR("CUT BY "))) {
		ret->author = (struct str){ line.p + 7, line.n - 7 };
		ret->date = STR("2024-05");
	}
	return 0;
}

const char *tidy_name(enum tidy_kind kind)
{
	return kind == TIDY_SHARE ? "share" : "other";
}

static size_t looked_at;

/* And of language.h: a text says its language itself. */
const char *language_of(struct str text)
{
	looked_at = text.n;
	if (str_starts(text, STR("Deutsch")))
		return "de";
	return str_starts(text, STR("Suomi")) ? "other" : NULL;
}

static int read_raw(const struct raw *raw, const char *fetched)
{
	err_clear(&err);
	if (!arena.p)
		ck_assert_int_eq(arena_open(&arena, UNDERSTAND_ARENA), 0);
	return understand(raw, fetched, &(struct arena){ arena.p, arena.end },
			  &article, &err);
}

static struct raw json(struct str bytes)
{
	return (struct raw){ .kind = RAW_JSON, .bytes = bytes,
			     .place = "news.jsonl:3", .file = "news.jsonl" };
}

static struct raw text(struct str bytes)
{
	return (struct raw){ .kind = RAW_TEXT, .bytes = bytes,
			     .place = "a/b.txt", .file = "a/b.txt" };
}

static void same(struct str got, const char *want)
{
	ck_assert_msg(str_is(got, want), "got " STR_FMT ", not %s",
		      STR_ARG(got), want);
}

static void reads(struct raw raw, const char *meta, const char *title,
		  const char *body)
{
	int r = read_raw(&raw, NULL);

	ck_assert_msg(r == 0, "%d: %s", r, err.text);
	same(article.meta, meta);
	same(article.title, title);
	same(article.text, body);
}

static void refuses(struct raw raw, const char *sentence)
{
	ck_assert_int_eq(read_raw(&raw, NULL), STEP_REJECT);
	ck_assert_str_eq(err.text, sentence);
}

/* What the member `name` of the article is, as JSON; "none" when absent. */
static const char *member(const char *z, const char *name)
{
	static char out[4096];
	struct raw raw = json(str_of(z));
	struct buf b;
	json_t *all, *v;

	ck_assert_msg(!read_raw(&raw, NULL), "%s", err.text);
	buf_init(&b, 1 << 16);
	buf_printf(&b, "{" STR_FMT "}", STR_ARG(article.meta));
	all = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_msg(all != NULL, STR_FMT, STR_ARG(buf_view(&b)));
	v = json_object_get(all, name);
	out[v ? json_dumpb(v, out, sizeof(out) - 1,
			   JSON_ENCODE_ANY | JSON_COMPACT) : 0] = '\0';
	json_decref(all);
	buf_done(&b);
	return v ? out : "none";
}

START_TEST(understand_full_json_gives_every_member)
{
	struct raw raw = json(STR(
		"{\"id\":7,\"text\":\"Le texte.\",\"title\":\"Un titre\","
		"\"url\":\"https://www.example.org/a/?utm_source=x\","
		"\"author\":[\"A. Un\",\"B. Deux\"],\"source\":\"Le Monde\","
		"\"published\":\"2022-11-29T10:00:00+01:00\","
		"\"language\":\"fr\",\"fetched\":\"hier\",\"tags\":[1,null]}"));

	ck_assert_int_eq(read_raw(&raw, "2022-12-01T00:00:00Z"), 0);
	same(article.meta,
	     "\"id\":\"" ID_OF_URL "\","
	     "\"url\":\"https://www.example.org/a/?utm_source=x\","
	     "\"title\":\"Un titre\",\"source\":\"Le Monde\","
	     "\"author\":\"A. Un, B. Deux\","
	     "\"published\":\"2022-11-29T09:00:00Z\","
	     "\"fetched\":\"2022-12-01T00:00:00Z\",\"language\":\"fr\","
	     "\"language_declared\":\"fr\",\"revision\":1,\"near_of\":null,"
	     "\"input\":{\"id\":7,\"fetched\":\"hier\",\"tags\":[1,null]}");
	same(article.title, "Un titre");
	same(article.text, "Le texte.");
}
END_TEST

START_TEST(understand_bare_json_has_nulls_and_no_input)
{
	reads(json(STR("{\"title\":\"T\"}")),
	      "\"id\":\"" ID_T_ALONE "\",\"url\":null,"
	      "\"title\":\"T\",\"source\":null,\"author\":null,"
	      "\"published\":null,\"fetched\":null,\"language\":null,"
	      "\"revision\":1,\"near_of\":null", "T", "");
	reads(json(STR("{\"text\":\"X\"}")),
	      "\"id\":\"" ID_X_ALONE "\",\"url\":null,"
	      "\"title\":null,\"source\":null,\"author\":null,"
	      "\"published\":null,\"fetched\":null,\"language\":null,"
	      "\"revision\":1,\"near_of\":null", "", "X");
}
END_TEST

START_TEST(understand_other_parts_are_not_touched)
{
	struct raw raw = json(STR("{\"title\":\"T\"}"));

	article = (struct article){ .seq = 7, .flags = 8, .keys = STR("k"),
				    .verdict = STR("v") };
	ck_assert_int_eq(read_raw(&raw, NULL), 0);
	ck_assert_uint_eq(article.seq, 7);
	ck_assert_uint_eq(article.flags, 8);
	same(article.keys, "k");
	same(article.verdict, "v");
}
END_TEST

/* Cleaned as a title is; in the meta right behind it; no part of the id. */
START_TEST(understand_target_is_cleaned_and_told)
{
	reads(json(STR("{\"target\":\" Êtes-vous\\npour\\t l'e\\u0301cole \\u0007?"
		       " \",\"title\":\"T\",\"text\":\"X\"}")),
	      "\"id\":\"" ID_T_AND_X "\",\"url\":null,"
	      "\"title\":\"T\",\"target\":\"Êtes-vous pour l'école ?\","
	      "\"source\":null,\"author\":null,"
	      "\"published\":null,\"fetched\":null,\"language\":null,"
	      "\"revision\":1,\"near_of\":null", "T", "X");
	same(article.target, "Êtes-vous pour l'école ?");
}
END_TEST

START_TEST(understand_without_target_it_is_empty)
{
	static const char *const none[] = {
		"{\"title\":\"T\"}",
		"{\"title\":\"T\",\"target\":null}",
		"{\"title\":\"T\",\"target\":\" \\n\"}",
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		article.target = STR("left");
		ck_assert_str_eq(member(none[i], "target"), "none");
		ck_assert_str_eq(member(none[i], "input"), "none");
		same(article.target, "");
	}
	article.target = STR("left");
	reads(text(STR("T\n\nX")),
	      "\"id\":\"" ID_T_AND_X "\",\"url\":null,"
	      "\"title\":\"T\",\"source\":null,\"author\":null,"
	      "\"published\":null,\"fetched\":null,\"language\":null,"
	      "\"revision\":1,\"near_of\":null,"
	      "\"input\":{\"file\":\"a/b.txt\"}", "T", "X");
	same(article.target, "");
}
END_TEST

START_TEST(understand_target_alone_is_no_article)
{
	refuses(json(STR("{\"target\":\"Hillary Clinton\"}")),
		"news.jsonl:3: neither title nor text; an article needs one "
		"of them");
}
END_TEST

START_TEST(understand_aliases_are_read)
{
	ck_assert_str_eq(member("{\"headline\":\"T\"}", "title"), "\"T\"");
	member("{\"body\":\"B\"}", "text");
	same(article.text, "B");
	member("{\"content\":\"C\"}", "text");
	same(article.text, "C");
	ck_assert_str_eq(member("{\"text\":\"x\",\"link\":\"l\"}", "url"),
			 "\"l\"");
	ck_assert_str_eq(member("{\"text\":\"x\",\"byline\":\"b\"}", "author"),
			 "\"b\"");
	ck_assert_str_eq(member("{\"text\":\"x\",\"date\":\"2022\"}",
				"published"), "\"2022\"");
	ck_assert_str_eq(member("{\"text\":\"x\",\"lang\":\"fr\"}",
				"language"), "\"fr\"");
}
END_TEST

START_TEST(understand_first_alias_wins_others_go_to_input)
{
	static const char all[] = "{\"content\":\"c\",\"body\":\"b\","
				  "\"text\":\"t\",\"headline\":\"h\","
				  "\"title\":\"T\",\"link\":\"l\","
				  "\"url\":\"u\"}";

	ck_assert_str_eq(member(all, "input"),
			 "{\"content\":\"c\",\"body\":\"b\","
			 "\"headline\":\"h\",\"link\":\"l\"}");
	same(article.title, "T");
	same(article.text, "t");
}
END_TEST

START_TEST(understand_null_or_blank_gives_way_to_the_next_alias)
{
	ck_assert_str_eq(member("{\"title\":null,\"headline\":\"h\","
				"\"text\":\" \\n\",\"body\":\"\","
				"\"content\":\"c\",\"author\":[],"
				"\"date\":\"\"}", "input"), "none");
	same(article.title, "h");
	same(article.text, "c");
}
END_TEST

START_TEST(understand_unknown_members_are_unchanged)
{
	static const char all[] =
		"{\"z\":\"\\u00e9\\u0001\",\"title\":\"T\",\"a\":{\"b\":[true,"
		"null,-1,1.5]},\"revision\":9,\"input\":{\"x\":1},\"id\":\"m\","
		"\"n\":null}";

	ck_assert_str_eq(member(all, "input"),
			 "{\"z\":\"\xC3\xA9\\u0001\",\"a\":{\"b\":[true,null,"
			 "-1,1.5]},\"revision\":9,\"input\":{\"x\":1},"
			 "\"id\":\"m\",\"n\":null}");
}
END_TEST

START_TEST(understand_wrong_type_goes_to_input)
{
	ck_assert_str_eq(member("{\"title\":\"T\",\"url\":5,\"link\":\"l\","
				"\"author\":[\"a\",1],\"source\":{},"
				"\"published\":true,\"language\":[\"fr\"],"
				"\"target\":[\"x\"]}", "input"),
			 "{\"url\":5,\"link\":\"l\",\"author\":[\"a\",1],"
			 "\"source\":{},\"published\":true,"
			 "\"language\":[\"fr\"],\"target\":[\"x\"]}");
	same(article.target, "");
	reads(json(STR("{\"title\":\"T\",\"source\":5}")),
	      "\"id\":\"" ID_T_ALONE "\",\"url\":null,"
	      "\"title\":\"T\",\"source\":null,\"author\":null,"
	      "\"published\":null,\"fetched\":null,\"language\":null,"
	      "\"revision\":1,\"near_of\":null,\"input\":{\"source\":5}", "T",
	      "");
}
END_TEST

START_TEST(understand_wrong_type_of_title_or_text_is_refused)
{
	refuses(json(STR("{\"title\":5,\"text\":\"x\"}")),
		"news.jsonl:3: title is a number; a string is expected");
	refuses(json(STR("{\"title\":\"T\",\"text\":[\"x\"]}")),
		"news.jsonl:3: text is a list; a string is expected");
	refuses(json(STR("{\"headline\":{}}")),
		"news.jsonl:3: headline is an object; a string is expected");
	refuses(json(STR("{\"title\":\"T\",\"body\":1.5}")),
		"news.jsonl:3: body is a number; a string is expected");
	refuses(json(STR("{\"title\":\"T\",\"content\":true}")),
		"news.jsonl:3: content is true; a string is expected");
	refuses(json(STR("{\"title\":false}")),
		"news.jsonl:3: title is false; a string is expected");
}
END_TEST

START_TEST(understand_nothing_to_read_is_refused)
{
	static const char why[] = "news.jsonl:3: neither title nor text; an "
				  "article needs one of them";

	refuses(json(STR("{}")), why);
	refuses(json(STR("{\"title\":null,\"text\":\" \\u00a0\"}")), why);
	refuses(json(STR("{\"title\":\"\\u0001\"}")), why);
	refuses(text(STR("")),
		"a/b.txt: neither title nor text; an article needs one of "
		"them");
	refuses(text(STR(" date 2022-11 \n")),
		"a/b.txt: neither title nor text; an article needs one of "
		"them");
}
END_TEST

START_TEST(understand_no_json_is_refused)
{
	refuses(json(STR("{\"title\":}")),
		"news.jsonl:3: no JSON: unexpected token near '}' at column "
		"10");
	refuses(json(STR("hello")),
		"news.jsonl:3: no JSON: '[' or '{' expected near 'hello' at "
		"column 5");
	refuses(json(STR("{} {}")),
		"news.jsonl:3: no JSON: end of file expected near '{' at "
		"column 4");
	refuses(json(STR("{\"title\":\"T\",\"title\":\"U\"}")),
		"news.jsonl:3: no JSON: duplicate object key near '\"title\"' "
		"at column 20");
	refuses(json(STR(" [{}]")),
		"news.jsonl:3: a list begins here; one JSON object a line is "
		"expected (jq -c '.[]' FILE makes that of it)");
}
END_TEST

START_TEST(understand_bytes_that_are_no_text_are_refused)
{
	refuses(json(STR("{\"title\":\"a\0b\"}")),
		"news.jsonl:3: no text: byte 11 is 0x00, a control character; "
		"if it is a text all the same, save it as UTF-8");
	refuses(text(STR("\x89PNG\r\n\x1A\n")),
		"a/b.txt: no text: byte 6 is 0x1A, a control character; if it "
		"is a text all the same, save it as UTF-8");
	refuses(text(STR("\x81")),
		"a/b.txt: byte 0 is 0x81, which neither UTF-8 nor "
		"Windows-1252 has; save it as UTF-8");
}
END_TEST

START_TEST(understand_latin1_json_is_converted)
{
	member("{\"title\":\"\xC9t\xE9\",\"k\xE9y\":\"\x80\"}", "input");
	same(article.title, "\xC3\x89t\xC3\xA9");
	ck_assert_str_eq(member("{\"title\":\"\xC9t\xE9\",\"k\xE9\":\"\x80\"}",
				"input"),
			 "{\"k\xC3\xA9\":\"\xE2\x82\xAC\"}");
}
END_TEST

START_TEST(understand_json_strings_are_cleaned)
{
	struct raw raw = json(STR(
		"{\"title\":\" A\\nB\\t\\u0007 e\\u0301 \",\"text\":"
		"\"a\\r\\nb\\u0001\\u0000c\"}"));

	/* jansson refuses \u0000, which no text needs. */
	ck_assert_int_eq(read_raw(&raw, NULL), STEP_REJECT);
	raw = json(STR("{\"title\":\" A\\nB\\t\\u0007 e\\u0301 \",\"text\":"
		       "\"a\\r\\nb\\u0001c\\u2028d\"}"));
	ck_assert_int_eq(read_raw(&raw, NULL), 0);
	same(article.title, "A B \xC3\xA9");
	same(article.text, "a\nbc\nd");
}
END_TEST

START_TEST(understand_input_comes_out_byte_for_byte)
{
	struct raw raw = json(
		STR("{\"id\":1e3,\"text\":\"X\",\"x\\u00e9\": [1.10,\r 0.1, "
		    "9007199254740993e2 ] ,\"b\":{\"c\":\"}\\\"\\\\\"} , "
		    "\"t\\u0069tle\":\"T\"}"));

	ck_assert_msg(!read_raw(&raw, NULL), "%s", err.text);
	ck_assert_msg(str_ends(article.meta,
			       STR("\"input\":{\"id\":1e3,\"x\\u00e9\":[1.10, "
				   "0.1, 9007199254740993e2 ],"
				   "\"b\":{\"c\":\"}\\\"\\\\\"}}")),
		      STR_FMT, STR_ARG(article.meta));
	ck_assert(str_is(article.title, "T"));
}
END_TEST

START_TEST(understand_bad_date_goes_to_input_as_it_was_named)
{
	static const char line[] =
		"{\"title\":\"T\",\"date\":\"le 29 novembre\"}";

	ck_assert_str_eq(member(line, "published"), "null");
	ck_assert_str_eq(member(line, "input"),
			 "{\"date\":\"le 29 novembre\"}");
	ck_assert_str_eq(member("{\"title\":\"T\",\"published\":1e300}",
				"published"), "null");
}
END_TEST

START_TEST(understand_date_as_number_is_unix_seconds)
{
	ck_assert_str_eq(member("{\"title\":\"T\",\"date\":1669712400}",
				"published"), "\"2022-11-29T09:00:00Z\"");
	ck_assert_str_eq(member("{\"title\":\"T\",\"date\":1669712400.5}",
				"published"), "\"2022-11-29T09:00:00Z\"");
}
END_TEST

START_TEST(understand_author_forms)
{
	ck_assert_str_eq(member("{\"title\":\"T\",\"author\":[\"a\",\" \","
				"\"b \"]}", "author"), "\"a, b\"");
	ck_assert_str_eq(member("{\"title\":\"T\",\"author\":\"a\"}",
				"author"), "\"a\"");
	ck_assert_str_eq(member("{\"title\":\"T\",\"author\":[]}", "author"),
			 "null");
}
END_TEST

START_TEST(understand_text_has_title_and_file)
{
	reads(text(STR("T\r\n\r\nX\r\n")),
	      "\"id\":\"" ID_T_AND_X "\",\"url\":null,"
	      "\"title\":\"T\",\"source\":null,\"author\":null,"
	      "\"published\":null,\"fetched\":null,\"language\":null,"
	      "\"revision\":1,\"near_of\":null,"
	      "\"input\":{\"file\":\"a/b.txt\"}", "T", "X");
}
END_TEST

START_TEST(understand_text_leading_date_is_published)
{
	reads(text(STR(" date 2022-11 X")),
	      "\"id\":\"" ID_X_ALONE "\",\"url\":null,"
	      "\"title\":null,\"source\":null,\"author\":null,"
	      "\"published\":\"2022-11\",\"fetched\":null,\"language\":null,"
	      "\"revision\":1,\"near_of\":null,"
	      "\"input\":{\"file\":\"a/b.txt\"}", "", "X");
}
END_TEST

/* The same article has the same id wherever its file lies, and whatever the
 * user calls the source; only what the article says of itself counts. */
START_TEST(understand_name_is_source_but_not_identity)
{
	struct raw raw = text(STR("X"));

	raw.name = "Le Monde";
	raw.file = NULL;
	reads(raw,
	      "\"id\":\"" ID_X_ALONE "\",\"url\":null,"
	      "\"title\":null,\"source\":\"Le Monde\",\"author\":null,"
	      "\"published\":null,\"fetched\":null,\"language\":null,"
	      "\"revision\":1,\"near_of\":null", "", "X");
	raw = json(STR("{\"title\":\"T\",\"source\":\"S\"}"));
	raw.name = "Le Monde";
	reads(raw,
	      "\"id\":\"" ID_S_AND_T "\",\"url\":null,"
	      "\"title\":\"T\",\"source\":\"S\",\"author\":null,"
	      "\"published\":null,\"fetched\":null,\"language\":null,"
	      "\"revision\":1,\"near_of\":null", "T", "");
}
END_TEST

START_TEST(understand_file_name_of_other_charset_is_readable)
{
	struct raw raw = text(STR("X"));

	raw.file = "caf\xE9.txt";
	ck_assert_int_eq(read_raw(&raw, NULL), 0);
	ck_assert(str_ends(article.meta,
			   STR("\"input\":{\"file\":\"caf\xC3\xA9.txt\"}")));
	raw.file = "\x81.txt";
	ck_assert_int_eq(read_raw(&raw, NULL), 0);
	ck_assert(str_ends(article.meta, STR("\"near_of\":null")));
}
END_TEST

/* {"title":"T","text":"xxx…"} so that both take n bytes. */
static struct raw sized(char *p, size_t n)
{
	static const char head[] = "{\"title\":\"T\",\"text\":\"";
	size_t at = sizeof(head) - 1;

	memcpy(p, head, at);
	memset(p + at, 'x', n - 1);
	memcpy(p + at + n - 1, "\"}", 2);
	return json((struct str){ p, at + n + 1 });
}

START_TEST(understand_text_size_limit)
{
	char *p = malloc(ARTICLE_TEXT_MAX + 64);

	for (size_t n = ARTICLE_TEXT_MAX - 1; n <= ARTICLE_TEXT_MAX; n++) {
		struct raw raw = sized(p, n);

		ck_assert_int_eq(read_raw(&raw, NULL), 0);
		ck_assert_uint_eq(article.title.n + article.text.n, n);
	}
	refuses(sized(p, ARTICLE_TEXT_MAX + 1),
		"news.jsonl:3: title, text and target are 4194305 bytes; at "
		"most 4194304 are allowed");
	free(p);
}
END_TEST

/* {"title":"T","target":"YY","text":"xxx…"} so that all take n bytes. */
static struct raw with_target(char *p, size_t n)
{
	static const char head[] =
		"{\"title\":\"T\",\"target\":\"YY\",\"text\":\"";
	size_t at = sizeof(head) - 1;

	memcpy(p, head, at);
	memset(p + at, 'x', n - 3);
	memcpy(p + at + n - 3, "\"}", 2);
	return json((struct str){ p, at + n - 1 });
}

START_TEST(understand_target_counts_as_text)
{
	char *p = malloc(ARTICLE_TEXT_MAX + 64);
	struct raw raw = with_target(p, ARTICLE_TEXT_MAX);

	ck_assert_int_eq(read_raw(&raw, NULL), 0);
	ck_assert_uint_eq(article.text.n, ARTICLE_TEXT_MAX - 3);
	same(article.target, "YY");
	refuses(with_target(p, ARTICLE_TEXT_MAX + 1),
		"news.jsonl:3: title, text and target are 4194305 bytes; at "
		"most 4194304 are allowed");
	free(p);
}
END_TEST

/* It stands in the metadata as well, and so has their bound. */
START_TEST(understand_target_larger_than_the_meta_is_refused)
{
	static const char head[] = "{\"title\":\"T\",\"target\":\"";
	size_t at = sizeof(head) - 1, n = ARTICLE_META_MAX;
	char *p = malloc(n + 64);

	memcpy(p, head, at);
	memset(p + at, 'x', n);
	memcpy(p + at + n, "\"}", 2);
	refuses(json((struct str){ p, at + n + 2 }),
		"news.jsonl:3: title, target, url, author and the fields for "
		"`input` take more than 1048576 bytes");
	free(p);
}
END_TEST

START_TEST(understand_meta_size_limit)
{
	static const char head[] = "{\"title\":\"T\",\"k\":\"";
	size_t at = sizeof(head) - 1, rest;
	struct raw raw = json(STR("{\"title\":\"T\",\"k\":\"\"}"));
	char *p = malloc(ARTICLE_META_MAX + 64);

	ck_assert_int_eq(read_raw(&raw, NULL), 0);
	rest = ARTICLE_META_MAX - article.meta.n;
	for (size_t n = rest - 1; n <= rest + 1; n++) {
		memcpy(p, head, at);
		memset(p + at, 'x', n);
		memcpy(p + at + n, "\"}", 2);
		raw = json((struct str){ p, at + n + 2 });
		if (n <= rest) {
			ck_assert_int_eq(read_raw(&raw, NULL), 0);
			ck_assert_uint_eq(article.meta.n,
					  ARTICLE_META_MAX - rest + n);
			continue;
		}
		refuses(raw, "news.jsonl:3: title, target, url, author and the "
			     "fields for `input` take more than 1048576 "
			     "bytes");
	}
	free(p);
}
END_TEST

/* Refused, not taken for our own trouble: one line must not stop the room. */
START_TEST(understand_worst_pieces_are_refused)
{
	char *p = malloc(RAW_MAX + 1);
	size_t n;

	memset(p, 0x80, RAW_MAX + 1); /* three bytes each in UTF-8 */
	memcpy(p, "{\"text\":\"", 9);
	memcpy(p + RAW_MAX - 2, "\"}", 2);
	refuses(json((struct str){ p, RAW_MAX }),
		"news.jsonl:3: more than 16777216 bytes for one article");
	refuses(json((struct str){ p, RAW_MAX + 1 }),
		"news.jsonl:3: more than 16777216 bytes for one article");
	/* U+FB2C is twice as long in form C. */
	for (n = 9; n + 5 <= RAW_MAX; n += 3)
		memcpy(p + n, "\xEF\xAC\xAC", 3);
	memcpy(p + n, "\"}", 2);
	ck_assert_int_eq(read_raw(&(struct raw){ .kind = RAW_JSON,
						 .bytes = { p, n + 2 },
						 .place = "p" }, NULL),
			 STEP_REJECT);
	/* An author of as many bytes. */
	memcpy(p, "{\"title\":\"T\",\"author\":[\"", 24);
	for (n = 24; n + 6 <= RAW_MAX; n += 3)
		memcpy(p + n, "\xEF\xAC\xAC", 3);
	memcpy(p + n, "\"]}", 3);
	refuses(json((struct str){ p, n + 3 }),
		"news.jsonl:3: title, target, url, author and the fields for "
		"`input` take more than 1048576 bytes");
	free(p);
}
END_TEST

START_TEST(understand_small_arena_is_no_memory)
{
	/* Members want the most that they may take. */
	static char block[ARTICLE_META_MAX + 8192];
	struct raw raw = json(STR("{\"title\":\"T\",\"author\":[\"A\"],"
				  "\"date\":\"2022\",\"url\":\"http://e/a\","
				  "\"target\":\"Y\"}"));
	int last = -ENOMEM;

	for (size_t n = 0; n <= sizeof(block);
	     n += n == 4096 ? ARTICLE_META_MAX - 4096 : 16) {
		struct arena a = { block, block + n };
		int r;

		err_clear(&err);
		r = understand(&raw, NULL, &a, &article, &err);
		ck_assert(r == last || (last && !r));
		if (r)
			ck_assert_str_eq(err.text,
					 "news.jsonl:3: reading the article: "
					 "Cannot allocate memory");
		last = r;
	}
	ck_assert_int_eq(last, 0);
}
END_TEST

static struct raw parsed(struct str bytes)
{
	return (struct raw){ .kind = RAW_PARSED, .bytes = bytes,
			     .place = "https://e.org/feed:1" };
}

START_TEST(understand_parsed_keeps_what_it_does_not_know)
{
	struct raw raw = parsed(STR(
		"{\"title\":\"T\",\"text\":\"X\",\"published\":\"2022\","
		"\"site\":\"S\",\"section\":\"News\",\"summary\":\"x\","
		"\"link\":\"l\",\"target\":\"t\"}"));
	static const char tail[] =
		"\"author\":null,\"published\":\"2022\",\"fetched\":null,"
		"\"language\":null,\"revision\":1,\"near_of\":null,"
		"\"input\":{\"site\":\"S\",\"section\":\"News\","
		"\"summary\":\"x\",\"link\":\"l\",\"target\":\"t\"}";

	ck_assert_msg(!read_raw(&raw, NULL), "%s", err.text);
	ck_assert_msg(str_ends(article.meta, str_of(tail)), STR_FMT,
		      STR_ARG(article.meta));
	same(article.target, "");
}
END_TEST

static const char *source_of(struct raw raw)
{
	static char out[256];
	const char *at;

	ck_assert_msg(!read_raw(&raw, NULL), "%s", err.text);
	snprintf(out, sizeof(out), STR_FMT, STR_ARG(article.meta));
	at = strstr(out, "\"source\":");
	ck_assert_ptr_nonnull(at);
	out[strcspn(at, ",") + (size_t)(at - out)] = '\0';
	return at;
}

START_TEST(understand_parsed_site_is_the_source_of_last_resort)
{
	struct raw raw = parsed(STR("{\"title\":\"T\",\"site\":\"S\"}"));

	ck_assert_str_eq(source_of(raw), "\"source\":\"S\"");
	raw.name = "N";
	ck_assert_str_eq(source_of(raw), "\"source\":\"N\"");
	raw.bytes = STR("{\"title\":\"T\",\"site\":\"S\",\"source\":\"P\"}");
	ck_assert_str_eq(source_of(raw), "\"source\":\"P\"");
	raw.bytes = STR("{\"title\":\"T\",\"site\":5}");
	ck_assert_str_eq(source_of(raw), "\"source\":\"N\"");
}
END_TEST

START_TEST(understand_language_detected_goes_before_declared)
{
	static const char *const cases[][3] = {
		{ "{\"text\":\"Deutsch\"}", "\"de\"", "none" },
		{ "{\"text\":\"Deutsch\",\"lang\":\"fr-CA\"}", "\"de\"",
		  "\"fr-CA\"" },
		{ "{\"text\":\"x\",\"lang\":\"FR_ca\"}", "\"fr\"",
		  "\"FR_ca\"" },
		{ "{\"text\":\"x\",\"lang\":\"fin\"}", "\"fin\"",
		  "\"fin\"" },
		{ "{\"text\":\"Suomi\"}", "\"other\"", "none" },
		{ "{\"text\":\"Suomi\",\"lang\":\"fi\"}", "\"fi\"",
		  "\"fi\"" },
		{ "{\"text\":\"Suomi\",\"lang\":\"?\"}", "\"other\"",
		  "\"?\"" },
		{ "{\"text\":\"x\",\"lang\":\"French\"}", "null",
		  "\"French\"" },
		{ "{\"text\":\"x\",\"lang\":\"f\"}", "null", "\"f\"" },
		{ "{\"text\":\"x\"}", "null", "none" },
		{ "{\"title\":\"Deutsch\"}", "\"de\"", "none" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ck_assert_str_eq(member(cases[i][0], "language"), cases[i][1]);
		ck_assert_str_eq(member(cases[i][0], "language_declared"),
				 cases[i][2]);
	}
}
END_TEST

START_TEST(understand_language_is_seen_by_the_first_lines)
{
	static char bytes[2100] = "{\"text\":\"Deutsch";
	size_t n = strlen(bytes);

	for (; n < 2000; n += 2)
		memcpy(bytes + n, "\xC3\xA9", 2);
	strcpy(bytes + n, "\"}");
	ck_assert_str_eq(member(bytes, "language"), "\"de\"");
	ck_assert_uint_eq(looked_at, 511); /* no letter in two */
	memcpy(bytes, "{\"text\":\"1234567", 16);
	ck_assert_str_eq(member(bytes, "language"), "null");
	ck_assert_uint_gt(looked_at, 1900);
}
END_TEST

static struct story story_of(struct raw raw, int which, bool keep_raw)
{
	const struct understand_options o = { which, keep_raw };
	struct story s;

	read_raw(&raw, NULL); /* for the arena */
	err_clear(&err);
	ck_assert_msg(!understand_story(&raw, &o,
					&(struct arena){ arena.p, arena.end },
					&s, &err), "%s", err.text);
	return s;
}

START_TEST(understand_tidies_what_it_is_told_to)
{
	const struct raw raws[] = {
		text(STR("Title\n\nCUT x\nText")),
		parsed(STR("{\"title\":\"Title\",\"text\":\"CUT x\\nText\"}")),
		json(STR("{\"title\":\"Title\",\"text\":\"CUT x\\nText\"}")),
	};

	for (size_t i = 0; i < 3; i++) {
		struct story s = story_of(raws[i], INGEST_TIDY_ALL, false);

		same(s.title, "Title");
		same(s.text, "Text");
		ck_assert_uint_eq(s.cut.n, 0);
		same(story_of(raws[i], INGEST_TIDY_NONE, true).text,
		     "CUT x\nText");
		same(story_of(raws[i], INGEST_TIDY_TEXTS, true).text,
		     i < 2 ? "Text" : "CUT x\nText");
	}
}
END_TEST

START_TEST(understand_cut_lines_fill_what_is_empty)
{
	struct raw raw = text(STR("CUT BY A. B.\nText"));
	struct story s;

	s = story_of(parsed(STR("{\"text\":\"CUT BY A. B.\\nText\"}")),
		     INGEST_TIDY_TEXTS, true);
	same(s.author, "A. B.");
	same(s.published, "2024-05");
	same(s.cut, "[{\"kind\":\"share\",\"text\":\"CUT BY A. B.\"}]");
	s = story_of(parsed(STR("{\"text\":\"CUT BY A. B.\\nText\","
				"\"author\":\"C\",\"published\":\"2022\"}")),
		     INGEST_TIDY_TEXTS, true);
	same(s.author, "C");
	same(s.published, "2022");
	ck_assert_int_eq(read_raw(&raw, NULL), 0);
	same(article.text, "Text");
	ck_assert_ptr_null(strstr(article.meta.p, "\"cut\""));
}
END_TEST

/* No article is refused for it. */
START_TEST(understand_text_of_nothing_but_cuts_stays)
{
	same(story_of(text(STR("CUT x")), INGEST_TIDY_TEXTS, false).text,
	     "CUT x");
	same(story_of(text(STR("Title\n\nCUT x")), INGEST_TIDY_TEXTS,
		      false).text, "");
}
END_TEST

START_TEST(understand_aliases_are_named)
{
	struct raw raw = json(STR("{\"title\":\"T\"}"));

	ck_assert_uint_eq(story_of(raw, 0, false).aliases, 0);
	raw.alias[1] = STR("http://www.example.org/a/");
	ck_assert_uint_eq(story_of(raw, 0, false).aliases, 1);
	ck_assert_str_eq(story_of(raw, 0, false).alias[0], ID_OF_URL);
	ck_assert_str_eq(story_of(raw, 0, false).id, ID_T_ALONE);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(understand_full_json_gives_every_member),
		CHECK_TEST(understand_bare_json_has_nulls_and_no_input),
		CHECK_TEST(understand_other_parts_are_not_touched),
		CHECK_TEST(understand_target_is_cleaned_and_told),
		CHECK_TEST(understand_without_target_it_is_empty),
		CHECK_TEST(understand_target_alone_is_no_article),
		CHECK_TEST(understand_aliases_are_read),
		CHECK_TEST(understand_first_alias_wins_others_go_to_input),
		CHECK_TEST(
			understand_null_or_blank_gives_way_to_the_next_alias),
		CHECK_TEST(understand_unknown_members_are_unchanged),
		CHECK_TEST(understand_wrong_type_goes_to_input),
		CHECK_TEST(understand_wrong_type_of_title_or_text_is_refused),
		CHECK_TEST(understand_nothing_to_read_is_refused),
		CHECK_TEST(understand_no_json_is_refused),
		CHECK_TEST(understand_bytes_that_are_no_text_are_refused),
		CHECK_TEST(understand_latin1_json_is_converted),
		CHECK_TEST(understand_json_strings_are_cleaned),
		CHECK_TEST(understand_input_comes_out_byte_for_byte),
		CHECK_TEST(understand_bad_date_goes_to_input_as_it_was_named),
		CHECK_TEST(understand_date_as_number_is_unix_seconds),
		CHECK_TEST(understand_author_forms),
		CHECK_TEST(understand_text_has_title_and_file),
		CHECK_TEST(understand_text_leading_date_is_published),
		CHECK_TEST(understand_name_is_source_but_not_identity),
		CHECK_TEST(understand_file_name_of_other_charset_is_readable),
		CHECK_TEST(understand_text_size_limit),
		CHECK_TEST(understand_target_counts_as_text),
		CHECK_TEST(understand_target_larger_than_the_meta_is_refused),
		CHECK_TEST(understand_meta_size_limit),
		CHECK_TEST(understand_worst_pieces_are_refused),
		CHECK_TEST(understand_small_arena_is_no_memory),
		CHECK_TEST(understand_parsed_keeps_what_it_does_not_know),
		CHECK_TEST(understand_parsed_site_is_the_source_of_last_resort),
		CHECK_TEST(understand_language_detected_goes_before_declared),
		CHECK_TEST(understand_language_is_seen_by_the_first_lines),
		CHECK_TEST(understand_tidies_what_it_is_told_to),
		CHECK_TEST(understand_cut_lines_fill_what_is_empty),
		CHECK_TEST(understand_text_of_nothing_but_cuts_stays),
		CHECK_TEST(understand_aliases_are_named),
		CHECK_END,
	};

	return check_main("understand", tests);
}
