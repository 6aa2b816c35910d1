#include "learn/lacking.h"

#include <errno.h>
#include <unistd.h>

#include "tests/data/tiny.h"

static const char lines[] =
	"{\"text\":\"cloud\",\"topics\":{\"t\":\"for\"}}\n"
	"{\"text\":\"data\",\"topics\":{\"u\":null}}\n"
	"{\"text\":\"europe\",\"topics\":{}}\n";

static struct err why;

/* What the check gives, and what it says to people, into said. */
static int check(const char *yaml, char *said, size_t size)
{
	FILE *err = tmpfile();
	int was = dup(STDERR_FILENO), r;
	struct tiny t;
	size_t n;

	tiny_open(&t, yaml, str_of(lines));
	ck_assert_ptr_nonnull(err);
	dup2(fileno(err), STDERR_FILENO);
	err_clear(&why);
	r = lacking_check(&t.recipe, &t.corpus, &why);
	dup2(was, STDERR_FILENO);
	rewind(err);
	n = fread(said, 1, size - 1, err);
	said[n] = '\0';
	fclose(err);
	close(was);
	tiny_done(&t);
	return r;
}

START_TEST(check_what_no_document_has_is_told)
{
	char said[1024];

	ck_assert_int_eq(check("topics: [t, u]\nstances: [for]\n", said,
			       sizeof(said)), 0);
	ck_assert_str_eq(said, "");
	ck_assert_int_eq(check("topics: [t, mars, u]\n"
			       "stances: [for, against]\n", said,
			       sizeof(said)), 0);
	ck_assert_ptr_nonnull(strstr(said, "no document is about 'mars'"));
	ck_assert_ptr_nonnull(strstr(said, "takes the stance 'against'"));
	ck_assert_ptr_null(strstr(said, "'t'"));
	ck_assert_ptr_null(strstr(said, "'u'"));
	ck_assert_ptr_null(strstr(said, "'for'"));
}
END_TEST

START_TEST(check_metric_of_unknown_labels_is_refused)
{
	char said[1024];

	ck_assert_int_eq(check("stances: [for]\nmetric: mean_f1\n"
			       "metric_labels: [for, u]\n", said,
			       sizeof(said)), 0);
	ck_assert_int_eq(check("stances: [for]\nmetric: mean_f1\n"
			       "metric_labels: [for, For]\n", said,
			       sizeof(said)), -EINVAL);
	ck_assert_str_eq(why.text,
			 "metric_labels: there is no topic or stance 'For'");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(check_what_no_document_has_is_told),
		CHECK_TEST(check_metric_of_unknown_labels_is_refused),
		CHECK_END,
	};

	return check_main("lacking", tests);
}
