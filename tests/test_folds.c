#include "learn/folds.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/check_main.h"

enum { DOCS = 300, TOPICS = 3, FOLDS = 5 };

static struct example examples[DOCS];
static unsigned char labels[DOCS][TOPICS];
static uint64_t groups[DOCS];
static struct corpus corpus = { .v = examples, .n = DOCS,
				.topic_count = TOPICS };

/* A rare topic, a common one, one with stances. */
static void make(void)
{
	for (size_t i = 0; i < DOCS; i++) {
		examples[i].labels = labels[i];
		labels[i][0] = i % 30 == 0 ? CORPUS_NO_STANCE : 0;
		labels[i][1] = i % 2 ? CORPUS_NO_STANCE : 0;
		labels[i][2] = i % 4 ? 0 : (unsigned char)(1 + i / 4 % 3);
		groups[i] = i;
	}
}

START_TEST(deal_every_document_once_and_evenly)
{
	uint32_t fold[DOCS], sizes[FOLDS] = { 0 };

	make();
	ck_assert_int_eq(folds_deal(&corpus, groups, FOLDS, 1, fold), 0);
	for (size_t i = 0; i < DOCS; i++) {
		ck_assert_uint_lt(fold[i], FOLDS);
		sizes[fold[i]]++;
	}
	for (size_t f = 0; f < FOLDS; f++) {
		ck_assert_uint_ge(sizes[f], DOCS / FOLDS - 5);
		ck_assert_uint_le(sizes[f], DOCS / FOLDS + 5);
	}
}
END_TEST

START_TEST(deal_labels_evenly)
{
	uint32_t fold[DOCS], n[FOLDS][TOPICS][4] = { 0 };

	make();
	ck_assert_int_eq(folds_deal(&corpus, groups, FOLDS, 1, fold), 0);
	for (size_t i = 0; i < DOCS; i++)
		for (size_t t = 0; t < TOPICS; t++)
			n[fold[i]][t][labels[i][t] == CORPUS_NO_STANCE
					      ? 1
					      : labels[i][t]]++;
	for (size_t f = 0; f < FOLDS; f++) {
		ck_assert_uint_eq(n[f][0][1], 2); /* of ten */
		ck_assert_uint_ge(n[f][1][1], 28); /* of 150 */
		ck_assert_uint_le(n[f][1][1], 32);
		for (size_t s = 1; s <= 3; s++) { /* of 25 each */
			ck_assert_uint_ge(n[f][2][s], 4);
			ck_assert_uint_le(n[f][2][s], 6);
		}
	}
}
END_TEST

START_TEST(deal_groups_never_straddle)
{
	for (uint64_t size = 2; size <= 50; size += 16) {
		uint32_t fold[DOCS];
		size_t straddle = 0;

		make();
		for (size_t i = 0; i < DOCS; i++)
			groups[i] = i * 7 % DOCS / size;
		for (uint64_t seed = 0; seed < 5; seed++) {
			ck_assert_int_eq(folds_deal(&corpus, groups, FOLDS,
						    seed, fold), 0);
			for (size_t i = 0; i < DOCS; i++)
				for (size_t j = 0; j < i; j++)
					straddle += groups[i] == groups[j] &&
						    fold[i] != fold[j];
		}
		ck_assert_uint_eq(straddle, 0);
	}
}
END_TEST

START_TEST(deal_same_seed_gives_the_same)
{
	uint32_t a[DOCS], b[DOCS], c[DOCS];

	make();
	folds_deal(&corpus, groups, FOLDS, 3, a);
	folds_deal(&corpus, groups, FOLDS, 3, b);
	folds_deal(&corpus, groups, FOLDS, 4, c);
	ck_assert_mem_eq(a, b, sizeof(a));
	ck_assert_mem_ne(a, c, sizeof(a));
}
END_TEST

START_TEST(deal_fewer_documents_than_folds)
{
	struct corpus few = { .v = examples, .n = 2, .topic_count = TOPICS };
	uint32_t fold[2];

	make();
	ck_assert_int_eq(folds_deal(&few, groups, 100, 1, fold), 0);
	ck_assert_uint_ne(fold[0], fold[1]);
	ck_assert_uint_lt(fold[0], 100);
	ck_assert_uint_lt(fold[1], 100);
}
END_TEST

START_TEST(by_hand_is_a_fold_a_hand)
{
	uint32_t fold[DOCS];

	make();
	for (size_t i = 0; i < DOCS; i++)
		examples[i].hand = i % 3 ? "anna" : "bert";
	ck_assert_uint_eq(folds_by_hand(&corpus, 64, fold), 2);
	for (size_t i = 0; i < DOCS; i++)
		ck_assert_uint_eq(fold[i], i % 3 != 0);
}
END_TEST

START_TEST(by_hand_wants_two_to_most)
{
	static char names[DOCS][8];
	uint32_t fold[DOCS];

	make();
	for (size_t i = 0; i < DOCS; i++)
		examples[i].hand = "one";
	ck_assert_uint_eq(folds_by_hand(&corpus, 64, fold), 0);
	examples[7].hand = NULL;
	ck_assert_uint_eq(folds_by_hand(&corpus, 64, fold), 0);
	for (size_t n = 63; n <= 65; n++) {
		for (size_t i = 0; i < DOCS; i++) {
			snprintf(names[i], sizeof(names[i]), "h%zu", i % n);
			examples[i].hand = names[i];
		}
		ck_assert_uint_eq(folds_by_hand(&corpus, 64, fold),
				  n <= 64 ? n : 0);
	}
}
END_TEST

/* Five documents that a file of folds speaks of. */
enum { FEW = 5 };

static struct corpus few(void)
{
	static const char *const ids[FEW] = { "b", "a", "c", "b", "7" };
	static struct example v[FEW];

	for (size_t i = 0; i < FEW; i++)
		v[i] = (struct example){ .id = ids[i], .place = "data:9" };
	return (struct corpus){ .v = v, .n = FEW };
}

static int read_folds(const char *text, struct folds_dealt *d, struct err *e)
{
	char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
	const struct corpus c = few();
	int r;

	check_folder(folder);
	check_file(folder, "folds.jsonl", text, strlen(text), path);
	*e = (struct err){ "" };
	r = folds_read(path, &c, d, e);
	check_folder_done(folder);
	return r;
}

/* In any order, ids that nobody has among them, and a number for an id. */
START_TEST(read_finds_documents_by_id)
{
	static const uint32_t want[] = { 0, 1, 4, 0, 1, 2, 0, 0, 2, 999 };
	struct folds_dealt d;
	struct err e;

	ck_assert_int_eq(read_folds("{\"id\":\"a\",\"folds\":[1,0]}\n"
				    "\n"
				    "{\"id\":\"nobody\",\"folds\":[3,3]}\r\n"
				    "{\"id\":\"b\",\"folds\":[0,2],\"x\":1}\n"
				    "{\"id\":7,\"folds\":[1,999]}\n"
				    "{\"id\":\"c\",\"folds\":[4,0]}",
				    &d, &e), 0);
	ck_assert_uint_eq(d.repeats, 2);
	ck_assert_mem_eq(d.fold, want, sizeof(want));
	ck_assert_uint_eq(folds_count(d.fold, FEW), 5);
	ck_assert_uint_eq(folds_count(d.fold + FEW, FEW), 1000);
	folds_dealt_done(&d);
}
END_TEST

START_TEST(read_fault_is_told_with_its_place)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "{\"id\":\"a\",\"folds\":[0]}\n{\"id\":\"b\"", "jsonl:2: " },
		{ "\n{\"folds\":[0]}", "jsonl:2: 'id' is missing" },
		{ "{\"id\":true,\"folds\":[0]}", ":1: 'id' is missing or no" },
		{ "{\"id\":\"a\"}", ":1: 'folds' is missing" },
		{ "{\"id\":\"a\",\"folds\":2}", ":1: 'folds' is missing or" },
		{ "{\"id\":\"a\",\"folds\":[]}", ":1: 'folds' has 0 numbers" },
		{ "{\"id\":\"a\",\"folds\":[0]}\n"
		  "{\"id\":\"b\",\"folds\":[0,1]}",
		  ":2: 'folds' has 2 numbers, the first line has 1" },
		{ "{\"id\":\"a\",\"folds\":[0,-1]}", "entry 2 of 'folds'" },
		{ "{\"id\":\"a\",\"folds\":[1000]}", "from 0 to 999" },
		{ "{\"id\":\"a\",\"folds\":[0.5]}", "entry 1 of 'folds'" },
		{ "{\"id\":\"b\",\"folds\":[0]}\n{\"id\":\"b\",\"folds\":[0]}",
		  ":2: 'b' has folds already" },
		{ "{\"id\":\"b\",\"folds\":[0]}\n{\"id\":\"a\",\"folds\":[1]}"
		  "\n{\"id\":\"7\",\"folds\":[1]}",
		  "has no folds for 'c' (data:9)" },
		{ "", "has no folds for 'b'" },
		{ "{\"id\":\"b\",\"folds\":[0,1]}\n"
		  "{\"id\":\"a\",\"folds\":[1,1]}\n"
		  "{\"id\":\"7\",\"folds\":[1,1]}\n"
		  "{\"id\":\"c\",\"folds\":[1,1]}",
		  "repeat 1 has all documents in one fold" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct folds_dealt d;
		struct err e;

		ck_assert_int_eq(read_folds(cases[i].text, &d, &e), -EBADMSG);
		ck_assert_msg(strstr(e.text, cases[i].says) != NULL,
			      "case %zu: %s", i, e.text);
		ck_assert_ptr_nonnull(strstr(e.text, "folds.jsonl"));
		folds_dealt_done(&d);
	}
}
END_TEST

START_TEST(read_file_that_is_not_there)
{
	const struct corpus c = few();
	struct folds_dealt d;
	struct err e = { "" };

	ck_assert_int_eq(folds_read("/no/such", &c, &d, &e), -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, "/no/such"));
	folds_dealt_done(&d);
}
END_TEST

/* Ten documents a day each, but for the last three, on one day. */
static void make_dates(void)
{
	static const char *const days[10] = {
		"2023-01-05", "2023-01-01", "2023-01-02", "2023-01-03",
		"2023-01-04", "2023-01-06", "2023-01-07", "2023-02-01",
		"2023-02-01", "2023-02-01"
	};

	make();
	for (size_t i = 0; i < 10; i++) {
		examples[i].date = days[i];
		examples[i].place = "data:1";
	}
	corpus.n = 10;
}

START_TEST(by_time_judges_the_newest_fifth)
{
	uint32_t fold[DOCS];
	struct folds_cut cut;
	struct err e = { "" };

	make_dates();
	ck_assert_int_eq(folds_by_time(&corpus, groups, fold, &cut, &e), 0);
	/* A fifth were two; the third of that day goes with them. */
	ck_assert_str_eq(cut.date, "2023-02-01");
	ck_assert_uint_eq(cut.judged, 3);
	ck_assert_uint_eq(cut.moved, 0);
	for (size_t i = 0; i < 10; i++)
		ck_assert_uint_eq(fold[i], i < 7);
	examples[9].date = "2023-02-02T10:00:00Z";
	examples[8].date = "2023-02-02";
	ck_assert_int_eq(folds_by_time(&corpus, groups, fold, &cut, &e), 0);
	ck_assert_str_eq(cut.date, "2023-02-02");
	ck_assert_uint_eq(cut.judged, 2);
}
END_TEST

/* Document 8 is a copy of the oldest; 6 and 9 are copies of each other. */
START_TEST(by_time_copies_go_with_the_oldest)
{
	uint32_t fold[DOCS];
	struct folds_cut cut;
	struct err e = { "" };

	make_dates();
	groups[8] = 1;
	groups[9] = 6;
	ck_assert_int_eq(folds_by_time(&corpus, groups, fold, &cut, &e), 0);
	ck_assert_uint_eq(fold[8], 1);
	ck_assert_uint_eq(fold[9], 1);
	ck_assert_uint_eq(fold[7], 0);
	ck_assert_uint_eq(cut.judged, 1);
	ck_assert_uint_eq(cut.moved, 2);
	groups[7] = 2;
	ck_assert_int_eq(folds_by_time(&corpus, groups, fold, &cut, &e),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "copied from older"));
}
END_TEST

START_TEST(by_time_wants_dates)
{
	uint32_t fold[DOCS];
	struct folds_cut cut;
	struct err e = { "" };

	make_dates();
	examples[4].date = NULL;
	examples[4].place = "data.jsonl:5";
	ck_assert_int_eq(folds_by_time(&corpus, groups, fold, &cut, &e),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "data.jsonl:5: has no date"));
	err_clear(&e);
	for (size_t i = 0; i < 10; i++)
		examples[i].date = "2023";
	ck_assert_int_eq(folds_by_time(&corpus, groups, fold, &cut, &e),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "the date 2023"));
}
END_TEST

/* Most have the oldest date: the next one is the cut. */
START_TEST(by_time_cuts_behind_the_oldest_date)
{
	uint32_t fold[DOCS];
	struct folds_cut cut;
	struct err e = { "" };

	make_dates();
	for (size_t i = 0; i < 9; i++)
		examples[i].date = "2023";
	ck_assert_int_eq(folds_by_time(&corpus, groups, fold, &cut, &e), 0);
	ck_assert_uint_eq(cut.judged, 1);
	ck_assert_str_eq(cut.date, "2023-02-01");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(deal_every_document_once_and_evenly),
		CHECK_TEST(deal_labels_evenly),
		CHECK_TEST(deal_groups_never_straddle),
		CHECK_TEST(deal_same_seed_gives_the_same),
		CHECK_TEST(deal_fewer_documents_than_folds),
		CHECK_TEST(by_hand_is_a_fold_a_hand),
		CHECK_TEST(by_hand_wants_two_to_most),
		CHECK_TEST(read_finds_documents_by_id),
		CHECK_TEST(read_fault_is_told_with_its_place),
		CHECK_TEST(read_file_that_is_not_there),
		CHECK_TEST(by_time_judges_the_newest_fifth),
		CHECK_TEST(by_time_copies_go_with_the_oldest),
		CHECK_TEST(by_time_wants_dates),
		CHECK_TEST(by_time_cuts_behind_the_oldest_date),
		CHECK_END,
	};

	return check_main("folds", tests);
}
