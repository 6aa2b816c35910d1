#include "learn/evaluate.h"

#include <sysexits.h>

#include "tests/data/command.h"
#include "tests/data/targets.h"

static struct command got;
static struct tiny tiny;
static char bundle[CHECK_PATH_MAX];

static void make(void)
{
	struct buf b;

	tiny_made(&tiny, TINY_RECIPE, 24);
	tiny_bundle(&tiny, &b);
	check_file(tiny.folder, "m.vigie", b.p, b.n, bundle);
	buf_done(&b);
}

START_TEST(evaluate_json_parses)
{
	char digest[HASH_SHA_HEX];
	struct err e = { "" };
	struct model *m;
	json_t *o;

	make();
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", "--json", bundle,
		tiny.data);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	o = json_parse(str_of(got.out), &e);
	ck_assert_msg(o != NULL, "%s", e.text);
	ck_assert_int_eq(json_integer_value(json_object_get(o, "documents")),
			 24);
	ck_assert_ptr_nonnull(json_object_get(json_object_get(o, "stances"),
					      "confusion"));
	ck_assert_int_eq(model_open(bundle, &m, &e), 0);
	ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(o,
						       "model")), m->id));
	hash_hex(tiny.corpus.digest, HASH_SHA_SIZE, digest);
	ck_assert_str_eq(json_string_value(json_object_get(o, "data_sha256")),
			 digest);
	model_free(m);
	json_decref(o);
	tiny_done(&tiny);
}
END_TEST

START_TEST(evaluate_table_names_every_topic)
{
	make();
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle,
		tiny.data);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "tiny ("));
	ck_assert_ptr_nonnull(strstr(got.out, "on 24 documents"));
	for (size_t i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(strstr(got.out, tiny_topics[i]));
		ck_assert_ptr_nonnull(strstr(got.out, tiny_stances[i]));
	}
	tiny_done(&tiny);
}
END_TEST

/* Every file after the bundle counts, and so does a document with labels that
 * the model does not know: it is judged without them. */
START_TEST(evaluate_takes_all_files_and_documents)
{
	char more[CHECK_PATH_MAX];
	const char *line = "{\"text\":\"rien\",\"topics\":{}}\n"
			   "{\"text\":\"rien\",\"topics\":{\"sport\":null}}\n";

	make();
	check_file(tiny.folder, "more.jsonl", line, strlen(line), more);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle,
		tiny.data, more);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "on 26 documents"));
	ck_assert_ptr_nonnull(strstr(got.err, "more.jsonl:2: unknown topic "
					      "'sport'"));
	tiny_done(&tiny);
}
END_TEST

START_TEST(evaluate_one_document_is_enough)
{
	char one[CHECK_PATH_MAX];
	const char *line = "{\"text\":\"Gaia-X\",\"topics\":{\"market\":"
			   "\"favour\"}}\n";

	make();
	check_file(tiny.folder, "one.jsonl", line, strlen(line), one);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle, one);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "on 1 document\n"));
	ck_assert_ptr_null(strstr(got.out, "nan"));
	tiny_done(&tiny);
}
END_TEST

static json_t *member(const json_t *o, const char *name)
{
	json_t *v = json_object_get(o, name);

	ck_assert_msg(v != NULL, "no %s", name);
	return v;
}

static bool same_topics(const json_t *a, const json_t *b)
{
	for (size_t t = 0; t < 3; t++)
		if (!json_object_get(a, tiny_topics[t]) !=
		    !json_object_get(b, tiny_topics[t]))
			return false;
	return true;
}

/* A line a document, in their order, and as right as the report says. */
START_TEST(evaluate_predictions_add_up_to_the_report)
{
	char path[CHECK_PATH_MAX + 8];
	double exact = 0;
	struct str all, rest, line;
	size_t n = 0;
	json_t *o;

	make();
	snprintf(path, sizeof(path), "%s/said", tiny.folder);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", "--json",
		"--predictions", path, bundle, tiny.data);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_int_eq(file_read(path, 1 << 20, &all, NULL), 0);
	for (rest = all; rest.n; n++) {
		const json_t *gold, *given;

		line = str_cut(&rest, '\n');
		o = json_parse(line, NULL);
		ck_assert_str_eq(json_string_value(member(o, "id")),
				 tiny.corpus.v[n].id);
		gold = member(o, "gold");
		given = member(o, "given");
		exact += same_topics(gold, given);
		json_decref(o);
	}
	ck_assert_uint_eq(n, 24);
	o = json_parse(str_of(got.out), NULL);
	ck_assert_double_eq_tol(json_real_value(member(member(o, "topics"),
						       "exact")),
				exact / 24, 1e-12);
	json_decref(o);
	free((char *)all.p);
	tiny_done(&tiny);
}
END_TEST

START_TEST(evaluate_page_names_model_and_data)
{
	char path[CHECK_PATH_MAX + 8], digest[HASH_SHA_HEX];
	struct err e = { "" };
	struct model *m;
	struct str page;

	make();
	snprintf(path, sizeof(path), "%s/page", tiny.folder);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", "--html", path,
		bundle, tiny.data);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "on 24 documents"));
	ck_assert_int_eq(file_read(path, 1 << 20, &page, NULL), 0);
	ck_assert_int_eq(model_open(bundle, &m, &e), 0);
	hash_hex(tiny.corpus.digest, HASH_SHA_SIZE, digest);
	ck_assert_ptr_nonnull(tiny_find(page, "<h2>on 24 documents</h2>"));
	ck_assert_ptr_nonnull(tiny_find(page, m->id));
	ck_assert_ptr_nonnull(tiny_find(page, digest));
	ck_assert_ptr_nonnull(tiny_find(page, tiny.data));
	model_free(m);
	free((char *)page.p);
	tiny_done(&tiny);
}
END_TEST

/* Read with what the bundle remembers, and with what the command line says
 * where a file is otherwise. */
START_TEST(evaluate_reads_as_in_training)
{
	const char *csv = "corps;x,but,avis\nréussite salue,market,favour\n"
			  "échec dénonce,sport,against\n";
	char path[CHECK_PATH_MAX];
	struct model *m;
	struct buf b;

	m = targets_model(&tiny, TARGETS_TOPICS, 24, &b);
	model_free(m);
	check_file(tiny.folder, "m.vigie", b.p, b.n, bundle);
	buf_done(&b);
	check_file(tiny.folder, "other", csv, strlen(csv), path);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle,
		tiny.data);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "accuracy"));
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", "--format",
		"csv", "--field", "text=corps;x", "--field", "target=but",
		"--field", "stance=avis", bundle, path);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "on 2 documents"));
	ck_assert_ptr_nonnull(strstr(got.err, "other:3: unknown topic"));
	tiny_done(&tiny);
}
END_TEST

START_TEST(evaluate_thresholds_are_the_bundles)
{
	struct fit_column columns[12];
	struct buf b;
	json_t *o, *labels;

	tiny_made(&tiny, TINY_RECIPE, 24);
	for (int i = 0; i < 12; i++)
		columns[i] = (struct fit_column){
			.a = -1, .threshold = i == 1 ? 1e9 : -1e9
		};
	tiny.fit.columns = columns;
	tiny_bundle(&tiny, &b);
	check_file(tiny.folder, "m.vigie", b.p, b.n, bundle);
	buf_done(&b);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", "--json", bundle,
		tiny.data);
	o = json_parse(str_of(got.out), NULL);
	labels = json_object_get(json_object_get(o, "topics"), "labels");
	ck_assert(json_number_value(json_object_get(
			  json_object_get(labels, "partnership"),
			  "recall")) == 0);
	ck_assert(json_number_value(json_object_get(
			  json_object_get(labels, "market"), "recall")) == 1);
	json_decref(o);
	tiny_done(&tiny);
}
END_TEST

static json_t *golden_shifted(const struct model *m, const void *corpus)
{
	json_t *o = tiny_golden(m, corpus);
	json_t *first = json_array_get(json_object_get(o, "golden"), 0);

	json_array_set_new(json_object_get(first, "scores"), 0,
			   json_real(1234));
	return o;
}

/* Its figures would be another model's. */
START_TEST(evaluate_refuses_a_bundle_that_judges_otherwise)
{
	struct buf b;

	tiny_made(&tiny, TINY_RECIPE, 24);
	tiny.fit.extra = golden_shifted;
	tiny.fit.extra_arg = &tiny.corpus;
	tiny_bundle(&tiny, &b);
	check_file(tiny.folder, "m.vigie", b.p, b.n, bundle);
	buf_done(&b);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle,
		tiny.data);
	ck_assert_int_eq(got.code, EX_DATAERR);
	ck_assert_ptr_nonnull(strstr(got.err, "m.vigie: fails its "
					      "self-test"));
	ck_assert_str_eq(got.out, "");
	tiny_done(&tiny);
}
END_TEST

/* A word of the command line that is wrong, and the sentence's end. */
static void misused(const char *option, const char *value, const char *says)
{
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", option, value,
		bundle, tiny.data);
	ck_assert_int_eq(got.code, EX_USAGE);
	ck_assert_msg(strstr(got.err, says) != NULL, "%s", got.err);
	ck_assert_str_eq(got.out, "");
}

START_TEST(evaluate_bad_usage_is_told)
{
	make();
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle);
	ck_assert_int_eq(got.code, EX_USAGE);
	ck_assert_ptr_nonnull(strstr(got.err, "name a bundle and labelled "
					      "documents"));
	misused("--format", "xml", "--format xml: there is no such format");
	misused("--field", "body", "--field body: expected NAME=THEIRS");
	misused("--field", "body=text", "a document has no 'body'");
	tiny_done(&tiny);
}
END_TEST

START_TEST(evaluate_bad_file_is_told)
{
	make();
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", tiny.data,
		bundle);
	ck_assert_int_eq(got.code, EX_DATAERR);
	ck_assert_ptr_nonnull(strstr(got.err, "data.jsonl: is no bundle"));
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle,
		"/no/such.jsonl");
	ck_assert_int_eq(got.code, EX_NOINPUT);
	ck_assert_ptr_nonnull(strstr(got.err, "/no/such.jsonl"));
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", "--html",
		"/no/such/page", bundle, tiny.data);
	ck_assert_int_eq(got.code, EX_NOINPUT);
	ck_assert_ptr_nonnull(strstr(got.err, "/no/such/page"));
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", "--predictions",
		"/dev/full", bundle, tiny.data);
	ck_assert_int_eq(got.code, EX_IOERR);
	ck_assert_ptr_nonnull(strstr(got.err, "/dev/full"));
	tiny_done(&tiny);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(evaluate_json_parses),
		CHECK_TEST(evaluate_table_names_every_topic),
		CHECK_TEST(evaluate_takes_all_files_and_documents),
		CHECK_TEST(evaluate_one_document_is_enough),
		CHECK_TEST(evaluate_predictions_add_up_to_the_report),
		CHECK_TEST(evaluate_page_names_model_and_data),
		CHECK_TEST(evaluate_reads_as_in_training),
		CHECK_TEST(evaluate_thresholds_are_the_bundles),
		CHECK_TEST(evaluate_refuses_a_bundle_that_judges_otherwise),
		CHECK_TEST(evaluate_bad_usage_is_told),
		CHECK_TEST(evaluate_bad_file_is_told),
		CHECK_END,
	};

	return check_main("evaluate", tests);
}
