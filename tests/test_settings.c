#include "commands/settings.h"

#include <errno.h>

#include "commands/stages.h"
#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct settings s;
static struct conf c;
static struct err err;

static int load(const char *yaml)
{
	check_folder(folder);
	check_file(folder, "vigie.yaml", yaml, strlen(yaml), path);
	return settings_load(&c, path, &s, &err);
}

static void end(void)
{
	conf_done(&c);
	check_folder_done(folder);
}

/* One problem, which has these words. */
static void is_wrong(const char *yaml, const char *words)
{
	memset(&err, 0, sizeof(err));
	ck_assert_int_eq(load(yaml), -EINVAL);
	ck_assert_uint_eq(c.count, 1);
	ck_assert_msg(strstr(err.text, words) != NULL, "'%s' is not in '%s'",
		      words, err.text);
	ck_assert(str_starts(str_of(err.text), str_of(path)));
	end();
}

START_TEST(load_nothing_gives_defaults)
{
	ck_assert_int_eq(settings_load(&c, NULL, &s, &err), 0);
	ck_assert_ptr_null(s.ingest.bind);
	ck_assert_ptr_null(s.sink.bind);
	ck_assert_int_eq(s.ingest.window, 8192);
	ck_assert_int_eq(s.workers, 0);
	conf_done(&c);
}
END_TEST

START_TEST(load_missing_file_is_no_input)
{
	ck_assert_int_eq(settings_load(&c, "/nonexistent", &s, &err), -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent"));
	conf_done(&c);
}
END_TEST

START_TEST(endpoints_that_are_none_are_named)
{
	is_wrong("ingest: {bind: nowhere}\n", "ingest.bind: 'nowhere'");
	is_wrong("classify: {sink: http://x}\n", "classify.sink: 'http://x'");
	is_wrong("classify: {connect: [ipc:///a, b]}\n",
		 "classify.connect: 'b'");
	is_wrong("sink: {bind: ipc://}\n", "sink.bind: 'ipc://'");
	is_wrong("sink: {connect: [tcp://x]}\n", "sink.connect: 'tcp://x'");
	is_wrong("sink: {targets: [{publish: x}]}\n",
		 "sink.targets.publish: 'x'");
}
END_TEST

START_TEST(tcp_needs_keys)
{
	is_wrong("ingest: {bind: \"tcp://*:1\"}\n",
		 "ingest.bind: tcp://*:1 is reachable by others: make keys "
		 "with 'vigie keygen'");
	is_wrong("classify: {connect: [ipc:///a, tcp://b:1]}\n",
		 "classify.connect: tcp://b:1 is reachable");
	is_wrong("sink: {targets: [{publish: tcp://b:1}]}\n",
		 "sink.targets.publish: tcp://b:1 is reachable");
	memset(&err, 0, sizeof(err));
	ck_assert_int_eq(load("ingest: {bind: \"tcp://*:1\"}\n"
			      "keys: {folder: /k}\n"),
			 0);
	ck_assert_str_eq(s.keys.folder, "/k");
	ck_assert_ptr_eq(s.ingest.keys, &s.keys);
	end();
}
END_TEST

START_TEST(sources_need_a_path_and_a_known_kind)
{
	is_wrong("ingest: {sources: [{path: a}, {name: x}]}\n",
		 "source 2 has neither 'path' nor 'url'");
	is_wrong("ingest: {sources: [{path: a, kind: jsnol}]}\n",
		 "no kind of source is called 'jsnol'; did you mean jsonl?");
}
END_TEST

START_TEST(addresses_stand_for_paths)
{
	memset(&err, 0, sizeof(err));
	ck_assert_int_eq(load("ingest: {journal: {path: j}, sources: [{url: "
			      "\"https://a.example/rss\"}]}\n"), 0);
	ck_assert_str_eq(((struct ingest_source *)s.ingest.sources.v)->path,
			 "https://a.example/rss");
	end();
	is_wrong("ingest: {sources: [{url: \"https://a.example/rss\"}]}\n",
		 "https://a.example/rss is polled, which needs a journal");
	is_wrong("ingest: {journal: {path: j}, sources: [{url: a.xml}]}\n",
		 "'a.xml' is no address: it must begin with https://");
	is_wrong("ingest: {journal: {path: j}, sources: [{url: \"http://\"}]}"
		 "\n", "'http://' cannot be fetched");
	is_wrong("ingest: {journal: {path: j}, sources: [{url: "
		 "\"http://a.example:99999/\"}]}\n", "cannot be fetched");
	is_wrong("ingest: {journal: {path: j}, sources: [{path: a, url: "
		 "\"http://b\"}]}\n", "source 1 has both 'path' and 'url'");
}
END_TEST

START_TEST(followed_sources_and_pushes_need_a_journal)
{
	is_wrong("ingest: {sources: [{path: a}, {path: b, follow: true}]}\n",
		 "ingest.sources: b is followed, which needs a journal");
	is_wrong("ingest: {push: {bind: ipc:///p}}\n",
		 "ingest.push.bind: what is pushed is answered when it is on "
		 "disk, which needs a journal");
	is_wrong("ingest: {push: {bind: p}, journal: {path: j}}\n",
		 "ingest.push.bind: 'p'");
	is_wrong("ingest: {push: {bind: \"tcp://*:1\"}, journal: {path: j}}\n",
		 "ingest.push.bind: tcp://*:1 is reachable by others");
	memset(&err, 0, sizeof(err));
	ck_assert_int_eq(load("ingest: {push: {bind: ipc:///p}, journal: "
			      "{path: j}, sources: [{path: b, follow: "
			      "true}]}\n"), 0);
	end();
}
END_TEST

START_TEST(http_of_each_room_is_checked)
{
	is_wrong("ingest: {http: {listen: nowhere}}\n",
		 "ingest.http.listen: 'nowhere'");
	is_wrong("classify: {http: {listen: \"0.0.0.0:1\"}}\n",
		 "classify.http.listen: ");
	is_wrong("sink: {http: {listen: \"127.0.0.1:1\", key: k}}\n",
		 "sink.http.key: ");
}
END_TEST

START_TEST(pushes_are_taken_with_a_journal_and_a_door)
{
	static const struct {
		const char *yaml;
		bool takes;
	} all[] = {
		{ "ingest: {journal: {path: j}}\n", false },
		{ "ingest: {http: {listen: \"127.0.0.1:1\"}}\n", false },
		{ "ingest: {http: {listen: \"127.0.0.1:1\"}, journal: "
		  "{path: j}}\n", true },
		{ "ingest: {push: {bind: ipc:///p}, journal: {path: j}}\n",
		  true },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		ck_assert_int_eq(load(all[i].yaml), 0);
		ck_assert_int_eq(settings_take_pushes(&s), all[i].takes);
		end();
	}
}
END_TEST

START_TEST(targets_need_one_place)
{
	is_wrong("sink: {targets: [{jsonl: a}, {}]}\n", "target 2 needs one");
	is_wrong("sink: {targets: [{jsonl: a, publish: ipc:///b}]}\n",
		 "target 1 needs one");
}
END_TEST

START_TEST(problems_are_collected)
{
	ck_assert_int_eq(load("ingest:\n  bind: a\n  widnow: 3\nsink:\n"
			      "  bind: b\nrun:\n  workers: 1025\n"),
			 -EINVAL);
	ck_assert_uint_eq(c.count, 4);
	ck_assert_ptr_nonnull(strstr(c.problems.p, ":3:3: "));
	ck_assert_ptr_nonnull(strstr(c.problems.p, "'window'"));
	ck_assert_ptr_nonnull(strstr(c.problems.p, ":7:12: "));
	end();
}
END_TEST

START_TEST(endpoints_not_told_are_the_usual)
{
	ck_assert_int_eq(load("ingest: {bind: ipc:///mine}\n"), 0);
	settings_endpoints(&s);
	ck_assert_str_eq(s.ingest.bind, "ipc:///mine");
	ck_assert_str_eq(s.sink.bind, "ipc:///run/vigie/verdicts");
	ck_assert_str_eq(s.classify.sink, s.sink.bind);
	ck_assert_str_eq(s.sink.connect.v[0], "ipc:///run/vigie/articles");
	ck_assert_str_eq(s.classify.connect.v[0], s.sink.connect.v[0]);
	end();
}
END_TEST

START_TEST(model_told_is_taken)
{
	ck_assert_int_eq(load("classify: {model: my.vigie}\n"), 0);
	ck_assert_str_eq(s.classify.model, "my.vigie");
	ck_assert_int_eq(settings_need_model(&s, &err), 0);
	s.classify.model = NULL;
	ck_assert_int_eq(settings_need_model(&s, &err), -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "vigie train"));
	end();
}
END_TEST

START_TEST(command_line_replaces_sources_and_targets)
{
	const char *names[] = { "a", "b" };
	struct opt_list none = { .n = 0 }, two = { names, 2 };

	ck_assert_int_eq(load("ingest: {sources: [{path: x}]}\n"
			      "sink: {targets: [{jsonl: y}]}\n"), 0);
	ck_assert_int_eq(stages_sources(&s, &none), 0);
	stages_targets(&s, NULL, NULL);
	ck_assert_uint_eq(s.ingest.sources.n, 1);
	ck_assert_uint_eq(s.sink.targets.n, 1);
	ck_assert_int_eq(stages_sources(&s, &two), 0);
	stages_targets(&s, "-", "ipc:///p");
	ck_assert_uint_eq(s.ingest.sources.n, 2);
	ck_assert_str_eq(((const struct ingest_source *)s.ingest.sources.v)[1]
				 .path, "b");
	ck_assert_uint_eq(s.sink.targets.n, 2);
	free(s.ingest.sources.v);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(load_nothing_gives_defaults),
		CHECK_TEST(load_missing_file_is_no_input),
		CHECK_TEST(endpoints_that_are_none_are_named),
		CHECK_TEST(tcp_needs_keys),
		CHECK_TEST(sources_need_a_path_and_a_known_kind),
		CHECK_TEST(addresses_stand_for_paths),
		CHECK_TEST(followed_sources_and_pushes_need_a_journal),
		CHECK_TEST(http_of_each_room_is_checked),
		CHECK_TEST(pushes_are_taken_with_a_journal_and_a_door),
		CHECK_TEST(targets_need_one_place),
		CHECK_TEST(problems_are_collected),
		CHECK_TEST(endpoints_not_told_are_the_usual),
		CHECK_TEST(model_told_is_taken),
		CHECK_TEST(command_line_replaces_sources_and_targets),
		CHECK_END,
	};

	return check_main("settings", tests);
}
