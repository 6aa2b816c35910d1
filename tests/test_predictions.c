#include "learn/predictions.h"

#include "base/json.h"
#include "tests/data/said.h"

/* What is written of two documents. */
static char *written(struct said *x, int targets, uint32_t repeat)
{
	uint32_t fold[SAID_MOST] = { 2, 0, 0, 1 };
	const struct recipe recipe = { .targets = targets };
	const struct fit f = { .corpus = &x->c, .recipe = &recipe };
	struct cross c = { .folds = 3, .fold = fold, .scores = x->s };
	char *out = NULL;
	size_t n = 0;
	FILE *file = open_memstream(&out, &n);

	for (size_t i = 0; i < x->c.n; i++)
		x->v[i].id = i ? "d\"1\"" : "d0";
	ck_assert_int_eq(predictions_write(&c, &f, repeat, file), 0);
	fclose(file);
	return out;
}

START_TEST(write_a_line_a_document)
{
	static const char want[] =
		"{\"id\":\"d0\",\"repeat\":0,\"fold\":2,"
		"\"gold\":{\"sovereignty\":\"favour\",\"market\":null},"
		"\"given\":{\"sovereignty\":\"favour\","
		"\"weather\":\"against\"},\"decisions\":{\"sovereignty\":";
	struct said x;
	char *out, *second;
	struct err e = { "" };
	json_t *o, *d, *p;

	said_init(&x, 2);
	said_add(&x, "f-.", "917", "824");
	said_add(&x, "...", "000", "000");
	x.s.n = 2;
	out = written(&x, BUNDLE_TARGETS_NONE, 0);
	ck_assert_msg(!strncmp(out, want, strlen(want)), "%s", out);
	second = strchr(out, '\n') + 1;
	ck_assert(!strncmp(second, "{\"id\":\"d\\\"1\\\"\",", 15));
	ck_assert_ptr_nonnull(strstr(second, "\"gold\":{},\"given\":{},"));
	o = json_parse((struct str){ out, (size_t)(second - out) }, &e);
	ck_assert_msg(o != NULL, "%s", e.text);
	d = json_object_get(o, "decisions");
	p = json_object_get(o, "probabilities");
	ck_assert_uint_eq(json_object_size(d), 9);
	ck_assert_uint_eq(json_object_size(p), 9);
	ck_assert(json_number_value(json_object_get(d, "market")) ==
		  x.s.decision[1]);
	ck_assert(json_number_value(json_object_get(p, "market.against")) ==
		  x.s.probability[6]);
	json_decref(o);
	free(out);
	said_done(&x);
}
END_TEST

START_TEST(write_topics_alone_are_lists)
{
	struct said x;
	char *out;

	said_init(&x, 0);
	said_add(&x, "-.-", "091", "");
	out = written(&x, BUNDLE_TARGETS_NONE, 3);
	ck_assert_ptr_nonnull(strstr(out, "\"repeat\":3,\"fold\":2,\"gold\":"
					  "[\"sovereignty\",\"weather\"],"
					  "\"given\":[\"market\"],"));
	free(out);
	said_done(&x);
}
END_TEST

/* Of a target's document only its own stances are told. */
START_TEST(write_targets_have_their_own_columns)
{
	struct said x;
	char *out;

	said_init(&x, 2);
	said_add(&x, ".a.", "090", "282");
	out = written(&x, BUNDLE_TARGETS_TOPICS, 0);
	ck_assert_ptr_nonnull(strstr(out, "\"gold\":{\"market\":\"against\"},"
					  "\"given\":{\"market\":\"favour\"},"
					  "\"decisions\":{\"market.favour\":"));
	ck_assert_ptr_null(strstr(out, "sovereignty"));
	ck_assert_ptr_null(strstr(out, "\"market\":0"));
	free(out);
	said_done(&x);
}
END_TEST

START_TEST(write_only_what_was_judged)
{
	struct said x;
	char *out;

	said_small(&x);
	x.s.judged[1] = x.s.judged[2] = x.s.judged[3] = 0;
	out = written(&x, BUNDLE_TARGETS_NONE, 0);
	ck_assert_ptr_eq(strchr(out, '\n'), out + strlen(out) - 1);
	free(out);
	said_done(&x);
}
END_TEST

START_TEST(write_failure_is_told)
{
	uint32_t fold[SAID_MOST] = { 0 };
	const struct recipe recipe = { .targets = BUNDLE_TARGETS_NONE };
	FILE *full = fopen("/dev/full", "w");
	struct said x;
	int r;

	said_small(&x);
	for (size_t i = 0; i < x.c.n; i++)
		x.v[i].id = "d";
	if (!full) { /* no such device here */
		said_done(&x);
		return;
	}
	setvbuf(full, NULL, _IONBF, 0);
	r = predictions_write(&(struct cross){ .folds = 1, .fold = fold,
					       .scores = x.s },
			      &(struct fit){ .corpus = &x.c,
					     .recipe = &recipe },
			      0, full);
	ck_assert_int_lt(r, 0);
	fclose(full);
	said_done(&x);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(write_a_line_a_document),
		CHECK_TEST(write_topics_alone_are_lists),
		CHECK_TEST(write_targets_have_their_own_columns),
		CHECK_TEST(write_only_what_was_judged),
		CHECK_TEST(write_failure_is_told),
		CHECK_END,
	};

	return check_main("predictions", tests);
}
