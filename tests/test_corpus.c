#include "learn/corpus.h"

#include <errno.h>
#include <unistd.h>

#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static const char *topics[] = { "sovereignty", "market" };
static const char *stances[] = { "favour", "against" };
static struct err why;

static struct recipe recipe(bool given)
{
	struct recipe r = { .fields = { "id", "title", "text", "topics",
					"hand" } };

	if (given)
		r.topics = (struct conf_texts){ topics, 2 };
	r.stances = (struct conf_texts){ stances, 2 };
	return r;
}

static int read_bytes(struct corpus *c, const struct recipe *r, const char *z,
		      size_t n)
{
	const char *name = path;
	int result;

	check_folder(folder);
	check_file(folder, "a.jsonl", z, n, path);
	err_clear(&why);
	result = corpus_read(c, r, STR(""), &name, 1, &why);
	check_folder_done(folder);
	return result;
}

static int read_text(struct corpus *c, const struct recipe *r, const char *z)
{
	return read_bytes(c, r, z, strlen(z));
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
	ck_assert_str_eq(c.v[0].title.p, "T");
	ck_assert_ptr_null(c.v[1].hand);
	ck_assert_str_eq(c.v[1].id, c.v[1].place);
	ck_assert_str_eq(c.report, "");
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
		     "unknown stance '(no text)'");
	line_is_told(&r, "{\"text\":\"x\",\"topics\":[\"market\",7]}",
		     "entry 2 of 'topics' is no text");
	line_is_told(&r, "{\"text\":\"x\",\"topics\":7}",
		     "'topics' is of another type, expected an object");
	line_is_told(&r, "{\"text\":\"x\"}", "'topics' is missing");
	line_is_told(&r, "{\"topics\":[]}", "neither 'title' nor 'text'");
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

	line_is_told(&r, "{\"text\":\"x\",\"topics\":[\"\"]}",
		     "cannot name a topic");
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

START_TEST(read_same_text_with_other_labels_is_told)
{
	struct recipe r = recipe(true);
	struct corpus c;

	ck_assert_int_eq(
		read_text(&c, &r,
			  "{\"text\":\"a\",\"topics\":[\"market\"]}\n"
			  "{\"text\":\"b\",\"topics\":[]}\n"
			  "{\"text\":\"a\",\"topics\":[]}\n"
			  "{\"text\":\"a\",\"topics\":[\"market\"]}\n"
			  "{\"title\":\"a\",\"text\":\"a\",\"topics\":[]}\n"),
		0);
	ck_assert_uint_eq(c.report_count, 1);
	ck_assert_ptr_nonnull(strstr(c.report, ":3: the same text has other "
					       "labels at "));
	ck_assert_ptr_nonnull(strstr(c.report, "a.jsonl:1\n"));
	ck_assert_uint_eq(c.n, 4); /* the first labelling stands */
	ck_assert_uint_eq(c.v[0].labels[1], CORPUS_NO_STANCE);
	ck_assert_str_eq(c.v[1].text.p, "b");
	corpus_free(&c);
}
END_TEST

START_TEST(read_nothing_left_is_refused)
{
	struct recipe r = recipe(true);
	struct corpus c;

	ck_assert_int_eq(read_text(&c, &r, ""), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(why.text, "no labelled document"));
	ck_assert_int_eq(read_text(&c, &r, "{\"text\":\"a\"}\n"), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(why.text, ":1: 'topics' is missing"));
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
	ck_assert_int_eq(read_bytes(&c, &r, b.p, b.n), 0);
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
	for (int i = 0; i < 150; i++)
		buf_printf(&b, "{\"text\":\"%d\"}\n", i);
	ck_assert_int_eq(read_bytes(&c, &r, b.p, b.n), 0);
	buf_done(&b);
	ck_assert_uint_eq(c.report_count, 150);
	check_folder(folder);
	check_file(folder, "out", "", 0, out);
	ck_assert_ptr_nonnull(freopen(out, "w", stderr));
	corpus_warn(&c);
	fflush(stderr);
	f = fopen(out, "r");
	while (fgets(line, sizeof(line), f))
		lines++;
	fclose(f);
	ck_assert_uint_eq(lines, 101);
	ck_assert_ptr_nonnull(strstr(line, "50 more lines"));
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
		CHECK_TEST(read_same_text_with_other_labels_is_told),
		CHECK_TEST(read_nothing_left_is_refused),
		CHECK_TEST(read_form_c_and_line_ends),
		CHECK_TEST(read_patterns_beside_the_folder),
		CHECK_TEST(read_more_labels_than_ever),
		CHECK_TEST(warn_long_report_is_cut_by_lines),
		CHECK_END,
	};

	return check_main("corpus", tests);
}
