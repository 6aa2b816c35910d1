#include "learn/corpus.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static const char *topics[] = { "sovereignty", "market" };
static const char *stances[] = { "favour", "against" };
static struct err why;

static struct recipe recipe(bool given)
{
	struct recipe r = { .fields = { "id", "title", "text", "topics",
					"stance", "target", "hand", "date" } };

	if (given)
		r.topics = (struct conf_texts){ topics, 2 };
	r.stances = (struct conf_texts){ stances, 2 };
	return r;
}

/* Read a file of this name that holds these bytes. */
static int read_named(struct corpus *c, const struct recipe *r,
		      const char *file, struct str s)
{
	const char *name = path;
	int result;

	check_folder(folder);
	check_file(folder, file, s.p, s.n, path);
	err_clear(&why);
	result = corpus_read(c, r, STR(""), &name, 1, &why);
	check_folder_done(folder);
	return result;
}

static int read_text(struct corpus *c, const struct recipe *r, const char *z)
{
	return read_named(c, r, "a.jsonl", str_of(z));
}

static const char good[] = "{\"text\":\"a good line\",\"topics\":{}}\n";

/* One line among good ones is left out and told, with file and line. */
static void line_is_told(const struct recipe *r, const char *line,
			 const char *sentence)
{
	char text[4096], place[CHECK_PATH_MAX + 8];
	struct corpus c;

	snprintf(text, sizeof(text), "%s\n%s\n%s", good, line,
		 "{\"text\":\"b\",\"topics\":[\"market\"]}\n");
	ck_assert_int_eq(read_text(&c, r, text), 0);
	snprintf(place, sizeof(place), "%s:3: ", path);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_uint_eq(c.report_count, 1);
	ck_assert_msg(!strncmp(c.report, place, strlen(place)), "%s", c.report);
	ck_assert_msg(strstr(c.report, sentence) != NULL, "%s", c.report);
	ck_assert_uint_eq(c.v[1].labels[c.topic_count - 1] |
				  c.v[1].labels[0], CORPUS_NO_STANCE);
	corpus_free(&c);
}

START_TEST(read_labels_of_every_shape)
{
	struct recipe r = recipe(true);
	struct corpus c;

	ck_assert_int_eq(
		read_text(&c, &r,
			  "{\"id\":\"x\",\"hand\":\"me\",\"title\":\" T \","
			  "\"date\":\"2022-11-30\",\"target\":\"y\","
			  "\"text\":\"a\",\"topics\":{\"market\":\"against\","
			  "\"sovereignty\":\"favour\"}}\n"
			  "{\"text\":\"b\",\"topics\":[\"market\"]}\n"
			  "{\"text\":\"c\",\"topics\":\"sovereignty\"}\n"
			  "{\"text\":\"d\",\"topics\":{\"market\":null}}\n"
			  "\n"
			  "{\"title\":\"e\",\"topics\":[]}"), 0);
	ck_assert_uint_eq(c.n, 5);
	ck_assert_uint_eq(c.topic_count, 2);
	ck_assert_str_eq(c.topics[0], "sovereignty");
	ck_assert_uint_eq(c.v[0].labels[0], 1);
	ck_assert_uint_eq(c.v[0].labels[1], 2);
	ck_assert_uint_eq(c.v[1].labels[0], 0);
	ck_assert_uint_eq(c.v[1].labels[1], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[2].labels[0], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[3].labels[1], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[4].labels[0] + c.v[4].labels[1], 0);
	ck_assert_str_eq(c.v[0].id, "x");
	ck_assert_str_eq(c.v[0].hand, "me");
	ck_assert_str_eq(c.v[0].date, "2022-11-30");
	ck_assert_str_eq(c.v[0].title.p, "T");
	ck_assert_uint_eq(c.v[0].target.n, 0); /* the recipe has none */
	ck_assert_str_eq(c.v[0].target.p, "");
	ck_assert_ptr_null(c.v[1].date);
	ck_assert_ptr_null(c.v[1].hand);
	ck_assert_str_eq(c.v[1].id, c.v[1].place);
	ck_assert_str_eq(c.report, "");
	ck_assert_str_eq(c.summary, "");
	ck_assert_uint_eq(c.report_count, 0);
	corpus_free(&c);
}
END_TEST

START_TEST(read_topics_left_to_the_data_are_sorted)
{
	struct recipe r = recipe(false);
	struct corpus c;

	ck_assert_int_eq(read_text(&c, &r,
				   "{\"text\":\"a\",\"topics\":[\"z\",\"m\"]}\n"
				   "{\"text\":\"b\",\"topics\":[\"a\"]}\n"
				   "{\"text\":\"c\",\"topics\":"
				   "{\"m\":\"favour\"}}\n"), 0);
	ck_assert_uint_eq(c.topic_count, 3);
	ck_assert_str_eq(c.topics[0], "a");
	ck_assert_str_eq(c.topics[1], "m");
	ck_assert_str_eq(c.topics[2], "z");
	ck_assert_uint_eq(c.v[0].labels[0], 0);
	ck_assert_uint_eq(c.v[0].labels[1], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[0].labels[2], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[1].labels[0], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[2].labels[1], 1);
	corpus_free(&c);
}
END_TEST

START_TEST(read_bad_lines_are_named)
{
	struct recipe r = recipe(true);

	line_is_told(&r, "{\"text\":\"x\",\"topics\":{\"sovereignity\":null}}",
		     "unknown topic 'sovereignity': did you mean "
		     "'sovereignty'?");
	line_is_told(&r, "{\"text\":\"x\",\"topics\":{\"market\":\"favor\"}}",
		     "unknown stance 'favor': did you mean 'favour'?");
	line_is_told(&r, "{\"text\":\"x\",\"topics\":{\"market\":7}}",
		     "the stance on 'market' is no text");
	line_is_told(&r, "{\"text\":\"x\",\"topics\":[\"market\",7]}",
		     "entry 2 of 'topics' is no text");
	line_is_told(&r, "{\"text\":\"x\",\"topics\":7}",
		     "'topics' is of another type, expected an object");
	line_is_told(&r, "{\"text\":\"x\"}", "'topics' is missing");
	line_is_told(&r, "{\"text\":\"x\",\"topics\":[\"\"]}",
		     "an empty label");
	line_is_told(&r, "{\"topics\":[]}",
		     "no text: neither 'title' nor 'text' holds one");
	line_is_told(&r, "{\"text\":\" \\n\",\"topics\":[]}", "neither");
	line_is_told(&r, "{\"text\":5,\"topics\":[]}", "neither");
	line_is_told(&r, "[1]", "no JSON object");
	line_is_told(&r, "{\"text\":\"x\",", "no JSON");
	line_is_told(&r, "{\"text\":\"\xE9t\xE9\",\"topics\":[]}", "no JSON");
}
END_TEST

START_TEST(read_name_of_no_topic_is_named)
{
	struct recipe r = recipe(false);

	line_is_told(&r, "{\"text\":\"x\",\"topics\":[\"a\\\"b\"]}",
		     "cannot name a topic");
}
END_TEST

/* A bad label takes back the good ones beside it. */
START_TEST(read_bad_label_leaves_no_trace)
{
	struct recipe r = recipe(true);
	struct corpus c;

	ck_assert_int_eq(
		read_text(&c, &r,
			  "{\"text\":\"a\",\"topics\":{\"market\":\"favour\","
			  "\"sovereignty\":\"for\"}}\n"
			  "{\"text\":\"b\",\"topics\":[]}\n"), 0);
	ck_assert_uint_eq(c.n, 1);
	ck_assert_uint_eq(c.v[0].labels[0] + c.v[0].labels[1], 0);
	corpus_free(&c);
}
END_TEST

START_TEST(read_one_of_wants_one)
{
	struct recipe r = recipe(true);

	r.one_of = true;
	struct corpus c;

	ck_assert_int_eq(
		read_text(&c, &r,
			  "{\"text\":\"a\",\"topics\":\"market\"}\n"
			  "{\"text\":\"b\",\"topics\":[]}\n"
			  "{\"text\":\"c\",\"topics\":[\"market\","
			  "\"sovereignty\"]}\n"), 0);
	ck_assert_uint_eq(c.n, 1);
	ck_assert_uint_eq(c.report_count, 2);
	ck_assert_ptr_nonnull(strstr(c.report, ":2: 0 topics where"));
	ck_assert_ptr_nonnull(strstr(c.report, ":3: 2 topics where"));
	corpus_free(&c);
}
END_TEST

/* A topic that only a line without use has brought is none. */
START_TEST(read_topics_of_bad_lines_are_none)
{
	struct recipe r = recipe(false);
	struct corpus c;

	r.one_of = true;
	ck_assert_int_eq(
		read_text(&c, &r,
			  "{\"text\":\"a\",\"topics\":[\"x\",\"y\"]}\n"
			  "{\"text\":\"b\",\"topics\":[\"z\"]}\n"
			  "{\"text\":\"c\",\"topics\":[\"y\"]}\n"), 0);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_uint_eq(c.topic_count, 2);
	ck_assert_str_eq(c.topics[0], "y");
	ck_assert_str_eq(c.topics[1], "z");
	ck_assert_uint_eq(c.v[0].labels[1], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[1].labels[0], CORPUS_NO_STANCE);
	corpus_free(&c);
}
END_TEST

START_TEST(read_same_document_with_other_labels_is_told_and_kept)
{
	struct recipe r = recipe(true);
	struct corpus c;
	char place[2 * CHECK_PATH_MAX + 64];

	ck_assert_int_eq(
		read_text(&c, &r,
			  "{\"text\":\"a\",\"topics\":[\"market\"]}\n"
			  "{\"text\":\"b\",\"topics\":[]}\n"
			  "{\"text\":\" a\",\"topics\":[]}\n"
			  "{\"text\":\"a\",\"topics\":[\"market\"]}\n"
			  "{\"title\":\"a\",\"text\":\"a\",\"topics\":[]}\n"
			  "{\"text\":\"a\",\"topics\":[\"market\"]}\n"),
		0);
	snprintf(place, sizeof(place),
		 "%s:3: contradicts %s:1: the same document with other "
		 "labels\nof 6 documents 1 contradict one before, 2 are exact "
		 "copies\n", path, path);
	ck_assert_str_eq(c.report, place);
	ck_assert_str_eq(c.summary, strchr(c.report, '\n') + 1);
	ck_assert_uint_eq(c.report_count, 1);
	ck_assert_uint_eq(c.contradictions, 1);
	ck_assert_uint_eq(c.copies, 2);
	ck_assert_uint_eq(c.n, 6);
	ck_assert_uint_eq(c.v[0].labels[1], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[2].labels[1], 0);
	corpus_free(&c);
}
END_TEST

START_TEST(read_copies_alone_are_no_error)
{
	struct recipe r = recipe(true);
	struct corpus c;

	ck_assert_int_eq(read_text(&c, &r,
				   "{\"text\":\"a\",\"topics\":[]}\n"
				   "{\"text\":\"a\",\"topics\":[]}\n"), 0);
	ck_assert_uint_eq(c.report_count, 0);
	ck_assert_ptr_eq(c.report, c.summary);
	ck_assert_str_eq(c.summary, "of 2 documents 0 contradict one before, "
				    "1 are exact copies\n");
	corpus_free(&c);
}
END_TEST

static const char targeted[] =
	"{\"text\":\"a\",\"target\":\"me\u0301tro\",\"stance\":\"favour\"}\n"
	"{\"text\":\"a\",\"target\":\"autos\",\"stance\":\"against\"}\n"
	"{\"text\":\"b\",\"target\":\"m\u00e9tro\",\"stance\":\"maybe\"}\n"
	"{\"text\":\"c\",\"target\":\"m\u00e9tro\"}\n"
	"{\"text\":\"a\",\"target\":\"m\u00e9tro\",\"stance\":\"against\"}\n"
	"{\"text\":\"d\",\"target\":\" \",\"stance\":\"against\"}\n";

START_TEST(read_targets_that_are_topics)
{
	struct recipe r = recipe(false);
	struct corpus c;

	r.targets = BUNDLE_TARGETS_TOPICS;
	ck_assert_int_eq(read_text(&c, &r, targeted), 0);
	ck_assert_uint_eq(c.topic_count, 2);
	ck_assert_str_eq(c.topics[0], "autos");
	ck_assert_str_eq(c.topics[1], "métro");
	ck_assert_uint_eq(c.n, 3);
	ck_assert_uint_eq(c.v[0].labels[0], 0);
	ck_assert_uint_eq(c.v[0].labels[1], 1);
	ck_assert_uint_eq(c.v[1].labels[0], 2);
	ck_assert_uint_eq(c.v[2].labels[1], 2);
	ck_assert_str_eq(c.v[0].target.p, "métro");
	/* One text on two targets is two documents. */
	ck_assert_uint_eq(c.contradictions, 1);
	ck_assert_ptr_nonnull(strstr(c.report, ":3: unknown stance 'maybe'"));
	ck_assert_ptr_nonnull(strstr(c.report, ":4: 'stance' is missing"));
	ck_assert_ptr_nonnull(strstr(c.report, ":5: contradicts "));
	ck_assert_ptr_nonnull(strstr(c.report, ":6: 'target' is missing"));
	ck_assert_uint_eq(c.report_count, 4);
	corpus_free(&c);
}
END_TEST

START_TEST(read_targets_that_are_texts)
{
	struct recipe r = recipe(false);
	struct corpus c;

	r.targets = BUNDLE_TARGETS_TEXT;
	ck_assert_int_eq(read_text(&c, &r, targeted), 0);
	ck_assert_uint_eq(c.topic_count, 1);
	ck_assert_str_eq(c.topics[0], "target");
	ck_assert_uint_eq(c.n, 3);
	ck_assert_uint_eq(c.v[0].labels[0], 1);
	ck_assert_uint_eq(c.v[1].labels[0], 2);
	ck_assert_str_eq(c.v[0].target.p, "métro");
	ck_assert_str_eq(c.v[1].target.p, "autos");
	ck_assert_uint_eq(c.contradictions, 1);
	ck_assert_uint_eq(c.report_count, 4);
	corpus_free(&c);
}
END_TEST

static const char odd[] =
	"{\"text\":\"a\",\"topics\":{\"sport\":\"favour\","
	"\"market\":\"favour\"}}\n"
	"{\"text\":\"b\",\"topics\":{\"market\":\"maybe\"}}\n"
	"{\"text\":\"c\",\"topics\":{\"sport\":null}}\n"
	"{\"text\":\"d\",\"topics\":{\"market\":\"against\"}}\n"
	"{\"text\":\"e\",\"topics\":7}\n";

START_TEST(read_to_train_leaves_unknown_labels_out)
{
	struct recipe r = recipe(true);
	struct corpus c;

	ck_assert_int_eq(read_text(&c, &r, odd), 0);
	ck_assert_uint_eq(c.n, 1);
	ck_assert_str_eq(c.v[0].text.p, "d");
	ck_assert_uint_eq(c.report_count, 4);
	corpus_free(&c);
}
END_TEST

START_TEST(read_lenient_keeps_every_document)
{
	struct recipe r = recipe(true);
	const char *name = path;
	struct corpus c;

	check_folder(folder);
	check_file(folder, "a.jsonl", odd, sizeof(odd) - 1, path);
	ck_assert_int_eq(corpus_read_lenient(&c, &r, STR(""), &name, 1, &why),
			 0);
	ck_assert_uint_eq(c.n, 4);
	ck_assert_uint_eq(c.topic_count, 2);
	ck_assert_uint_eq(c.v[0].labels[0], 0);
	ck_assert_uint_eq(c.v[0].labels[1], 1);
	ck_assert_uint_eq(c.v[1].labels[1], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[2].labels[0] + c.v[2].labels[1], 0);
	ck_assert_uint_eq(c.v[3].labels[1], 2);
	ck_assert_ptr_nonnull(strstr(c.report, ":1: unknown topic 'sport'\n"));
	ck_assert_ptr_nonnull(strstr(c.report, ":2: unknown stance 'maybe'"));
	ck_assert_ptr_nonnull(strstr(c.report, ":3: unknown topic 'sport'\n"));
	ck_assert_ptr_nonnull(strstr(c.report, ":5: 'topics' is of another"));
	ck_assert_uint_eq(c.report_count, 4);
	corpus_free(&c);
	check_folder_done(folder);
}
END_TEST

START_TEST(read_tables)
{
	struct recipe r = recipe(true);
	struct corpus c;
	const char csv[] = "id,text,topics\n"
			   "7,\"a, \"\"b\"\"\",market.favour|sovereignty\n"
			   ",c,\n"
			   "9,d,market|\n";

	ck_assert_int_eq(read_named(&c, &r, "a.csv", str_of(csv)), 0);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_str_eq(c.v[0].text.p, "a, \"b\"");
	ck_assert_str_eq(c.v[0].id, "7");
	ck_assert_uint_eq(c.v[0].labels[0], CORPUS_NO_STANCE);
	ck_assert_uint_eq(c.v[0].labels[1], 1);
	ck_assert_uint_eq(c.v[1].labels[0] + c.v[1].labels[1], 0);
	ck_assert_str_eq(c.v[1].id, c.v[1].place);
	ck_assert_ptr_nonnull(strstr(c.v[1].place, "a.csv:3"));
	ck_assert_ptr_nonnull(strstr(c.report, "a.csv:4: an empty label\n"));
	corpus_free(&c);
	ck_assert_int_eq(read_named(&c, &r, "a.tsv",
				    STR("text\ttopics\na\tmarket\n")), 0);
	ck_assert_uint_eq(c.v[0].labels[1], CORPUS_NO_STANCE);
	corpus_free(&c);
	ck_assert_int_eq(read_named(&c, &r, "a.csv", STR("text\na\n")),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(why.text, "a.csv:1: no column is called "
					       "'topics'"));
}
END_TEST

START_TEST(read_lines_of_other_programs)
{
	struct recipe r = recipe(false);
	struct corpus c;
	const char ft[] = "__label__b __label__a some words\n__label__b x\n";
	const char svm[] = "b,a 1:0.5 2:1\n-1 3:1\n";

	ck_assert_int_eq(read_named(&c, &r, "a.txt", str_of(ft)), 0);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_str_eq(c.topics[1], "b");
	ck_assert_str_eq(c.v[0].text.p, "some words");
	ck_assert_uint_eq(c.v[1].labels[0], 0);
	ck_assert_uint_eq(c.v[1].labels[1], CORPUS_NO_STANCE);
	corpus_free(&c);
	ck_assert_int_eq(read_named(&c, &r, "a.svm", str_of(svm)), 0);
	ck_assert_uint_eq(c.topic_count, 3);
	ck_assert_str_eq(c.topics[0], "-1");
	ck_assert_str_eq(c.v[0].text.p, "1:0.5 2:1");
	ck_assert_ptr_nonnull(strstr(c.v[1].id, "a.svm:2"));
	corpus_free(&c);
}
END_TEST

START_TEST(read_form_is_checked)
{
	struct recipe r = recipe(true);
	struct corpus c;

	ck_assert_int_eq(read_named(&c, &r, "a.doc", STR("x")), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why.text, "set the recipe's 'format'"));
	r.targets = BUNDLE_TARGETS_TOPICS;
	ck_assert_int_eq(read_named(&c, &r, "a.svm", STR("1 1:1\n")), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why.text, "have no fields for the "
					       "recipe's 'targets'"));
}
END_TEST

START_TEST(read_nothing_left_is_refused)
{
	const char *only[] = { "text", "b" };
	struct recipe r = recipe(true);
	struct corpus c;

	ck_assert_int_eq(read_text(&c, &r, ""), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(why.text, "no labelled document"));
	ck_assert_int_eq(read_text(&c, &r, "{\"text\":\"a\"}\n"), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(why.text, ":1: 'topics' is missing"));
	ck_assert_int_eq(read_text(&c, &r, "{\"text\":\"a\"}\n[]\n3\n"),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(why.text, ":1: 'topics' is missing"));
	ck_assert_ptr_nonnull(strstr(why.text, "; such errors: 3"));
	ck_assert_ptr_null(strstr(why.text, ":2: "));
	/* All are of another kind. */
	r.only = (struct conf_texts){ only, 2 };
	ck_assert_int_eq(read_text(&c, &r, "{\"text\":\"a\"}\n"), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(why.text, "'only' passes over"));
	/* Documents, but no topic at all. */
	r = recipe(false);
	ck_assert_int_eq(read_text(&c, &r, good), -EBADMSG);
}
END_TEST

START_TEST(read_form_c_and_line_ends)
{
	struct recipe r = recipe(true);
	struct corpus c;

	ck_assert_int_eq(read_text(&c, &r,
				   "\r\n{\"text\":\"e\\u0301te\\u0301\","
				   "\"topics\":[]}\r\n"), 0);
	ck_assert_str_eq(c.v[0].text.p, "été");
	ck_assert_ptr_nonnull(strstr(c.v[0].place, "a.jsonl:2"));
	corpus_free(&c);
}
END_TEST

START_TEST(read_patterns_beside_the_folder)
{
	struct recipe r = recipe(true);
	const char *patterns[] = { "*.jsonl" };
	unsigned char digest[HASH_SHA_SIZE], both[HASH_SHA_SIZE];
	char file[CHECK_PATH_MAX], slashed[CHECK_PATH_MAX + 1];
	struct corpus c;

	check_folder(folder);
	check_file(folder, "b.jsonl", "{\"text\":\"b\",\"topics\":[]}\n", 25,
		   file);
	check_file(folder, "a.jsonl", "{\"text\":\"a\",\"topics\":[]}\n", 25,
		   file);
	snprintf(slashed, sizeof(slashed), "%s/", folder);
	err_clear(&why);
	ck_assert_int_eq(corpus_read(&c, &r, str_of(slashed), patterns, 1,
				     &why), 0);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_str_eq(c.v[0].text.p, "a"); /* sorted by name */
	memcpy(both, c.digest, sizeof(both));
	corpus_free(&c);
	ck_assert_int_eq(hash_sha256(STR("{\"text\":\"a\",\"topics\":[]}\n"
					 "{\"text\":\"b\",\"topics\":[]}\n"),
				     digest), 0);
	ck_assert_mem_eq(both, digest, sizeof(digest));
	patterns[0] = "*.json";
	ck_assert_int_eq(corpus_read(&c, &r, str_of(slashed), patterns, 1,
				     &why), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why.text, "*.json"));
	check_folder_done(folder);
}
END_TEST

/* Forms may be mixed; the digest is of all bytes in the order read. */
START_TEST(read_folders_and_files)
{
	struct recipe r = recipe(false);
	const char *patterns[] = { "news*", "*.csv" };
	unsigned char digest[HASH_SHA_SIZE];
	char slashed[CHECK_PATH_MAX + 1], label[CHECK_PATH_MAX + 16];
	struct corpus c;

	check_folder(folder);
	for (int i = 0; i < 3; i++) {
		static const char *const name[] = { "news", "news/a",
						    "news/b" };

		snprintf(label, sizeof(label), "%s/%s", folder, name[i]);
		ck_assert_int_eq(mkdir(label, 0700), 0);
	}
	check_file(folder, "news/b/1.txt", "one", 3, path);
	check_file(folder, "news/a/2.txt", "two", 3, path);
	check_file(folder, "z.csv", "text,topics\nthree,b\n", 20, path);
	snprintf(slashed, sizeof(slashed), "%s/", folder);
	err_clear(&why);
	ck_assert_int_eq(corpus_read(&c, &r, str_of(slashed), patterns, 2,
				     &why), 0);
	ck_assert_uint_eq(c.n, 3);
	ck_assert_uint_eq(c.topic_count, 2);
	ck_assert_str_eq(c.v[0].text.p, "two");
	ck_assert_str_eq(c.v[0].id, "a/2.txt");
	snprintf(label, sizeof(label), "%snews/a/2.txt", slashed);
	ck_assert_str_eq(c.v[0].place, label);
	ck_assert_str_eq(c.v[1].text.p, "one");
	ck_assert_uint_eq(c.v[1].labels[1], CORPUS_NO_STANCE);
	ck_assert_str_eq(c.v[2].text.p, "three");
	ck_assert_int_eq(hash_sha256(STR("twoonetext,topics\nthree,b\n"),
				     digest), 0);
	ck_assert_mem_eq(c.digest, digest, sizeof(digest));
	corpus_free(&c);
	check_folder_done(folder);
}
END_TEST

START_TEST(read_more_labels_than_ever)
{
	struct recipe r = recipe(false);
	struct corpus c;
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add_z(&b, "{\"text\":\"a\",\"topics\":[\"t0\"");
	for (int i = 1; i < 1000; i++)
		buf_printf(&b, ",\"t%d\"", i);
	buf_add_z(&b, "]}\n{\"text\":\"b\",\"topics\":[\"t999\"]}\n");
	ck_assert_int_eq(read_named(&c, &r, "a.jsonl", buf_view(&b)), 0);
	ck_assert_uint_eq(c.topic_count, 1000);
	for (uint32_t i = 0; i < 1000; i++) {
		ck_assert_uint_eq(c.v[0].labels[i], CORPUS_NO_STANCE);
		ck_assert_uint_eq(c.v[1].labels[i],
				  strcmp(c.topics[i], "t999")
					  ? 0
					  : CORPUS_NO_STANCE);
	}
	corpus_free(&c);
	buf_done(&b);
}
END_TEST

START_TEST(warn_long_report_is_cut_by_lines)
{
	struct recipe r = recipe(true);
	struct corpus c;
	struct buf b;
	char out[CHECK_PATH_MAX], line[2 * CHECK_PATH_MAX];
	size_t lines = 0;
	FILE *f;

	buf_init(&b, 1 << 20);
	buf_add_z(&b, good);
	buf_add_z(&b, good);
	for (int i = 0; i < 150; i++)
		buf_printf(&b, "{\"text\":\"%d\"}\n", i);
	ck_assert_int_eq(read_named(&c, &r, "a.jsonl", buf_view(&b)), 0);
	buf_done(&b);
	ck_assert_uint_eq(c.report_count, 150);
	check_folder(folder);
	check_file(folder, "out", "", 0, out);
	ck_assert_ptr_nonnull(freopen(out, "w", stderr));
	corpus_warn(&c);
	fflush(stderr);
	f = fopen(out, "r");
	while (fgets(line, sizeof(line), f))
		if (++lines == 101)
			ck_assert_ptr_nonnull(strstr(line, "50 more lines"));
	fclose(f);
	ck_assert_uint_eq(lines, 102);
	ck_assert_ptr_nonnull(strstr(line, "1 are exact copies\n"));
	corpus_free(&c);
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(read_labels_of_every_shape),
		CHECK_TEST(read_topics_left_to_the_data_are_sorted),
		CHECK_TEST(read_bad_lines_are_named),
		CHECK_TEST(read_name_of_no_topic_is_named),
		CHECK_TEST(read_bad_label_leaves_no_trace),
		CHECK_TEST(read_one_of_wants_one),
		CHECK_TEST(read_topics_of_bad_lines_are_none),
		CHECK_TEST(
			read_same_document_with_other_labels_is_told_and_kept),
		CHECK_TEST(read_copies_alone_are_no_error),
		CHECK_TEST(read_targets_that_are_topics),
		CHECK_TEST(read_targets_that_are_texts),
		CHECK_TEST(read_to_train_leaves_unknown_labels_out),
		CHECK_TEST(read_lenient_keeps_every_document),
		CHECK_TEST(read_tables),
		CHECK_TEST(read_lines_of_other_programs),
		CHECK_TEST(read_form_is_checked),
		CHECK_TEST(read_nothing_left_is_refused),
		CHECK_TEST(read_form_c_and_line_ends),
		CHECK_TEST(read_patterns_beside_the_folder),
		CHECK_TEST(read_folders_and_files),
		CHECK_TEST(read_more_labels_than_ever),
		CHECK_TEST(warn_long_report_is_cut_by_lines),
		CHECK_END,
	};

	return check_main("corpus", tests);
}
