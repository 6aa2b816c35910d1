#include "classify/worker.h"

#include "tests/classify_room.h"

/* What was given up passes whole, raw bytes and all, though the sink asks for no
 * text. */
START_TEST(dead_records_pass_unjudged)
{
	struct article dead = { .seq = 5,
				.flags = ARTICLE_DEAD | ARTICLE_RAW,
				.meta = STR("\"source\":\"s\""),
				.title = STR("\377t"),
				.text = STR("\376\0\1 no text"),
				.target = STR("x"),
				.keys = STR("k\n"),
				.verdict = STR("\"reason\":\"r\"") };
	struct article alive = { .seq = 6, .text = some_text }, a;
	struct batch_head h = head(1, 0);
	struct link *ingest, *sink;
	struct batch_reader in;
	struct link_message m;
	struct buf b;

	begin();
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	sink = peer(LINK_PULL, "verdicts", true);
	hears_done(ingest, 0);
	buf_init(&b, 4096);
	batch_begin(&b, &h);
	batch_add(&b, &dead);
	batch_add(&b, &alive);
	ck_assert_int_eq(batch_end(&b, 2), 0);
	say(ingest, &worker, &b);
	ck_assert(heard(sink, &m, PATIENCE_MS));
	ck_assert_int_eq(batch_open(&in, m.body, &err), 0);
	ck_assert_int_eq(batch_next(&in, &a, &err), 0);
	ck_assert_uint_eq(a.flags, dead.flags);
	ck_assert_uint_eq(a.seq, 5);
	ck_assert(str_eq(a.meta, dead.meta) && str_eq(a.title, dead.title) &&
		  str_eq(a.text, dead.text) && str_eq(a.target, dead.target) &&
		  str_eq(a.keys, dead.keys) && str_eq(a.verdict, dead.verdict));
	ck_assert_int_eq(batch_next(&in, &a, &err), 0);
	ck_assert_uint_eq(a.text.n, 0);
	ck_assert(str_starts(a.verdict, STR("\"topics\":[{")));
	hears_done(ingest, 1);
	kill(room, SIGKILL);
	link_free(ingest);
	link_free(sink);
	end();
}
END_TEST

static void await_log(const char *words)
{
	int64_t until = clock_ms() + PATIENCE_MS;

	while (!log_has(words)) {
		ck_assert_msg(clock_ms() < until, "%s", words);
		link_wait(NULL, 0, 10);
	}
}

static void copy_bundle(const char *from, size_t part)
{
	char again[CHECK_PATH_MAX];
	struct str s;

	ck_assert_int_eq(file_read(from, 1 << 24, &s, &err), 0);
	check_file(folder, "tiny.vigie", s.p, s.n / part, again);
	free((void *)(uintptr_t)s.p);
}

/* The bundle that the verdict of the next message names. */
static void names_model(struct link *sink, char id[HASH_SHA_HEX])
{
	struct batch_reader in;
	struct link_message m;
	struct article a;
	const char *at;

	ck_assert(heard(sink, &m, PATIENCE_MS));
	ck_assert_int_eq(batch_open(&in, m.body, &err), 0);
	ck_assert_int_eq(batch_next(&in, &a, &err), 0);
	at = tiny_find(a.verdict, "@sha256:");
	ck_assert_ptr_nonnull(at);
	memcpy(id, at + 8, HASH_SHA_HEX - 1);
	id[HASH_SHA_HEX - 1] = '\0';
}

/* Another model of the same articles. */
static void train_other(char path[CHECK_PATH_MAX])
{
	char recipe[CHECK_PATH_MAX], here[512];
	struct buf b;

	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	buf_init(&b, 4096);
	buf_printf(&b,
		   "name: other\ndata: [%s/tests/data/tiny.jsonl]\n"
		   "topics: [rail, wind]\nstances: [favour, against, neutral]\n"
		   "folds: 0\n",
		   here);
	check_file(folder, "other.yaml", b.p, b.n, recipe);
	buf_done(&b);
	snprintf(path, CHECK_PATH_MAX, "%s/other.vigie", folder);
	train_by(recipe, path);
}

/* A bad bundle is refused, a good one taken over, and the record says which
 * judged. */
START_TEST(bundle_is_swapped_on_sighup)
{
	char before[HASH_SHA_HEX], after[HASH_SHA_HEX], other[CHECK_PATH_MAX];
	struct link *ingest, *sink;

	begin();
	train_other(other);
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	sink = peer(LINK_PULL, "verdicts", true);
	hears_done(ingest, 0);
	give(ingest, 1, 0, 5, 1, some_text);
	names_model(sink, before);
	copy_bundle(other, 2);
	kill(room, SIGHUP);
	await_log("the new bundle is refused, the old one goes on: ");
	give(ingest, 2, 0, 6, 1, some_text);
	names_model(sink, after);
	ck_assert_str_eq(before, after);
	copy_bundle(other, 1);
	kill(room, SIGHUP);
	await_log("from now on");
	give(ingest, 3, 0, 7, 1, some_text);
	names_model(sink, after);
	ck_assert_str_ne(before, after);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	link_free(ingest);
	link_free(sink);
	end();
}
END_TEST

START_TEST(missing_model_ends_the_room)
{
	begin();
	set.model = "/nonexistent";
	go();
	ck_assert_int_eq(room_end(), EX_NOINPUT);
	ck_assert(log_has("/nonexistent"));
	end();
}
END_TEST

/* Change a digit of the first decision value that training wrote down, and let
 * the digest fit. */
static void tamper(const char *path)
{
	char again[CHECK_PATH_MAX], *at;
	struct str s;

	ck_assert_int_eq(file_read(path, 1 << 24, &s, &err), 0);
	at = tiny_find(s, "\"scores\":[");
	ck_assert_ptr_nonnull(at);
	at = strchr(at, '.') + 1;
	*at = *at == '5' ? '6' : '5';
	tiny_seal((char *)(uintptr_t)s.p, s.n);
	check_file(folder, "tiny.vigie", s.p, s.n, again);
	ck_assert_str_eq(path, again);
	free((void *)(uintptr_t)s.p);
}

START_TEST(model_that_fails_its_selftest_ends_the_room)
{
	begin();
	tamper(set.model);
	go();
	ck_assert_int_eq(room_end(), EX_DATAERR);
	ck_assert(log_has("tiny.vigie: fails its self-test: column 0 gives "));
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(dead_records_pass_unjudged),
		CHECK_TEST(bundle_is_swapped_on_sighup),
		CHECK_TEST(missing_model_ends_the_room),
		CHECK_TEST(model_that_fails_its_selftest_ends_the_room),
		CHECK_END,
	};

	return check_main("worker", tests);
}
