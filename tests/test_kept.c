#include "learn/kept.h"

#include <errno.h>

#include "tests/data/allocations.h"
#include "tests/data/targets.h"

#define RECIPE                                                              \
	TINY_RECIPE "fields: {id: key, title: head, topics: labels}\n"      \
		    "at_least_one: true\nunsure: 0.25\nformat: jsonl\n"     \
		    "metric: mean_f1\nmetric_labels: [favour, market]\n"

static struct tiny tiny;
static struct buf bundle;
static struct model *model;
static struct kept kept;

/* A model by a recipe that the data knows nothing of. */
static void learn(const char *yaml)
{
	char path[CHECK_PATH_MAX];

	tiny_made(&tiny, TINY_RECIPE, 24);
	conf_done(&tiny.conf);
	check_file(tiny.folder, "other.yaml", yaml, strlen(yaml), path);
	ck_assert_int_eq(recipe_load(&tiny.conf, path, &tiny.recipe, NULL), 0);
	tiny.corpus.stances = tiny.recipe.stances;
	tiny_bundle(&tiny, &bundle);
	model = tiny_view(&bundle);
}

static void done(void)
{
	kept_done(&kept);
	model_free(model);
	buf_done(&bundle);
	tiny_done(&tiny);
}

START_TEST(recipe_is_what_the_model_was_learnt_by)
{
	const struct recipe *r = &kept.recipe;

	learn(RECIPE);
	ck_assert_int_eq(kept_open(&kept, model, NULL), 0);
	ck_assert_str_eq(r->fields.id, "key");
	ck_assert_str_eq(r->fields.title, "head");
	ck_assert_str_eq(r->fields.text, "text");
	ck_assert_str_eq(r->fields.topics, "labels");
	ck_assert_str_eq(r->fields.date, "date");
	ck_assert(r->at_least_one && !r->one_of && r->unsure == 0.25);
	ck_assert_int_eq(r->format, RECIPE_FORMAT_JSONL);
	ck_assert_int_eq(r->metric, RECIPE_METRIC_MEAN_F1);
	ck_assert_uint_eq(r->metric_labels.n, 2);
	ck_assert_str_eq(r->metric_labels.v[1], "market");
	ck_assert_uint_eq(r->topics.n, 3);
	ck_assert_str_eq(r->topics.v[0], "sovereignty");
	ck_assert_uint_eq(r->stances.n, 3);
	ck_assert_str_eq(r->stances.v[2], "neutral");
	ck_assert_uint_eq(r->only.n, 0);
	done();
}
END_TEST

/* With targets that are texts, the model's one topic is nobody's name. */
START_TEST(targets_text_has_no_topics)
{
	model = targets_model(&tiny, TARGETS_TEXT, 12, &bundle);
	ck_assert_int_eq(kept_open(&kept, model, NULL), 0);
	ck_assert_int_eq(kept.recipe.targets, BUNDLE_TARGETS_TEXT);
	ck_assert_uint_eq(kept.recipe.topics.n, 0);
	ck_assert_uint_eq(kept.recipe.stances.n, 2);
	done();
}
END_TEST

static json_t *strange(const struct model *m, const void *arg)
{
	(void)m;
	return json_loads(arg, 0, NULL);
}

static void open_with(const char *head)
{
	tiny_made(&tiny, TINY_RECIPE, 24);
	tiny.fit.extra = strange;
	tiny.fit.extra_arg = head;
	tiny_bundle(&tiny, &bundle);
	model = tiny_view(&bundle);
	ck_assert_int_eq(kept_open(&kept, model, NULL), 0);
}

START_TEST(documents_that_only_were_learnt_from)
{
	open_with("{\"recipe\": {\"only\": [\"lang\", \"fr\"]}}");
	ck_assert_uint_eq(kept.recipe.only.n, 2);
	ck_assert_str_eq(kept.recipe.only.v[0], "lang");
	ck_assert_str_eq(kept.recipe.only.v[1], "fr");
	done();
}
END_TEST

/* A head that another wrote is not trusted: what it does not tell or tells
 * wrongly is as a recipe has it by default. */
START_TEST(head_without_sense_gives_defaults)
{
	static const char *const heads[] = {
		"{\"recipe\": null, \"fields\": null}",
		"{\"recipe\": {\"metric\": 99, \"format\": -1,"
		" \"metric_labels\": [3], \"only\": [\"lang\"]},"
		" \"fields\": {\"text\": 7}}",
		"{\"recipe\": [], \"fields\": \"text\"}",
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		open_with(heads[i]);
		ck_assert_int_eq(kept.recipe.metric, RECIPE_METRIC_MACRO_F1);
		ck_assert_int_eq(kept.recipe.format, RECIPE_FORMAT_AUTO);
		ck_assert_uint_eq(kept.recipe.metric_labels.n, 0);
		ck_assert_uint_eq(kept.recipe.only.n, 0);
		ck_assert_str_eq(kept.recipe.fields.text, "text");
		ck_assert_str_eq(kept.recipe.fields.topics, "topics");
		done();
	}
}
END_TEST

START_TEST(format_and_fields_can_be_others)
{
	struct err e = { "" };

	memset(&kept, 0, sizeof(kept));
	ck_assert_int_eq(kept_set_format(&kept, NULL, &e), 0);
	ck_assert_int_eq(kept.recipe.format, RECIPE_FORMAT_AUTO);
	ck_assert_int_eq(kept_set_format(&kept, "csv", &e), 0);
	ck_assert_int_eq(kept.recipe.format, RECIPE_FORMAT_CSV);
	ck_assert_int_eq(kept_set_field(&kept, "text=body", &e), 0);
	ck_assert_str_eq(kept.recipe.fields.text, "body");
	ck_assert_int_eq(kept_set_field(&kept, "stance=a=b", &e), 0);
	ck_assert_str_eq(kept.recipe.fields.stance, "a=b");
}
END_TEST

START_TEST(format_and_fields_that_are_not_say_which_are)
{
	struct err e = { "" };

	memset(&kept, 0, sizeof(kept));
	ck_assert_int_eq(kept_set_format(&kept, "xml", &e), -EINVAL);
	ck_assert_str_eq(e.text, "--format xml: there is no such format, "
				 "expected one of auto, jsonl, csv, tsv, "
				 "fasttext, svmlight, folder");
	err_clear(&e);
	ck_assert_int_eq(kept_set_field(&kept, "body=text", &e), -EINVAL);
	ck_assert_str_eq(e.text, "--field body=text: a document has no "
				 "'body', expected one of id, title, text, "
				 "topics, stance, target, hand, date");
	for (int i = 0; i < 3; i++) {
		const char *pair = i == 0 ? "text" : i == 1 ? "text=" : "";

		err_clear(&e);
		ck_assert_int_eq(kept_set_field(&kept, pair, &e), -EINVAL);
		ck_assert_ptr_nonnull(strstr(e.text, "expected NAME=THEIRS"));
	}
	ck_assert_ptr_null(kept.recipe.fields.text);
}
END_TEST

START_TEST(no_memory_is_told)
{
	struct err e = { "" };
	int n = 0;

	learn(RECIPE);
	for (bool failed = true; failed; n += failed) {
		int r;

		err_clear(&e);
		allocations_fail_at((unsigned long)n + 1);
		r = kept_open(&kept, model, &e);
		failed = allocations_failed();
		allocations_fail_at(0);
		if (r)
			ck_assert_ptr_nonnull(strchr(e.text, ' '));
		ck_assert(failed || !r);
		kept_done(&kept);
	}
	ck_assert_int_ge(n, 4);
	done();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(recipe_is_what_the_model_was_learnt_by),
		CHECK_TEST(targets_text_has_no_topics),
		CHECK_TEST(documents_that_only_were_learnt_from),
		CHECK_TEST(head_without_sense_gives_defaults),
		CHECK_TEST(format_and_fields_can_be_others),
		CHECK_TEST(format_and_fields_that_are_not_say_which_are),
		CHECK_TEST(no_memory_is_told),
		CHECK_END,
	};

	return check_main("kept", tests);
}
