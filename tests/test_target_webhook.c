/* A receiver on loopback that does as it is told: tests/receiver.py. */
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "tests/target_case.h"

static char folder[CHECK_PATH_MAX], place[64], log_text[1 << 16];
static struct target_case c = { .kind = &target_webhook };
static struct buf want; /* the lines that were put */
static pid_t receiver;
static int port;

static void read_text(const char *name, char *ret, size_t n)
{
	char path[CHECK_PATH_MAX + 16];
	struct str s;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ret[0] = '\0';
	if (file_read(path, n - 1, &s, NULL))
		return;
	memcpy(ret, s.p, s.n + 1);
	free((char *)s.p);
}

static void plan(const char *lines)
{
	char path[CHECK_PATH_MAX];

	check_file(folder, "plan", lines, strlen(lines), path);
}

static void begin(void)
{
	char number[16] = "";

	check_folder(folder);
	buf_init(&want, 64 << 20);
	receiver = fork();
	if (!receiver) {
		execl("tests/receiver.py", "receiver.py", folder, NULL);
		_exit(127);
	}
	for (int i = 0; i < 500 && !number[0]; i++) {
		poll(NULL, 0, 20);
		read_text("port", number, sizeof(number));
	}
	port = atoi(number);
	ck_assert_int_gt(port, 0);
	snprintf(place, sizeof(place), "http://127.0.0.1:%d/in?a=1", port);
}

static void end(void)
{
	case_close(&c);
	kill(receiver, SIGKILL);
	waitpid(receiver, NULL, 0);
	buf_done(&want);
	check_folder_done(folder);
}

static void put(uint64_t first, uint64_t last)
{
	for (uint64_t seq = first; seq < last; seq++) {
		case_put(&c, seq);
		case_line(&want, seq);
	}
}

static int commit_until(int64_t ms)
{
	int64_t until = clock_ms() + ms;
	int r;

	while ((r = case_commit(&c)) == STEP_WAIT && clock_ms() < until)
		poll(NULL, 0, 20);
	return r;
}

/* Each line that was put has been delivered, once, in its order. */
static void got_all(void)
{
	char path[CHECK_PATH_MAX + 16];
	struct str got;

	snprintf(path, sizeof(path), "%s/got", folder);
	ck_assert_int_eq(file_read(path, 64 << 20, &got, NULL), 0);
	ck_assert_uint_eq(got.n, want.n);
	ck_assert(str_eq(got, buf_view(&want)));
	free((char *)got.p);
}

/* Of every request, the fields of one number, joined. */
static const char *logged(int field)
{
	static char out[1 << 16];
	struct str rest;

	read_text("log", log_text, sizeof(log_text));
	rest = str_of(log_text);
	out[0] = '\0';
	while (rest.n) {
		struct str line = str_cut(&rest, '\n'), one = { 0 };
		size_t n = strlen(out);

		for (int i = 0; i <= field; i++)
			one = str_cut(&line, '\t');
		snprintf(out + n, sizeof(out) - n, "%s" STR_FMT,
			 n ? " " : "", STR_ARG(one));
	}
	return out;
}

START_TEST(commit_posts_lines_with_their_key)
{
	begin();
	case_open(&c, place);
	ck_assert(!c.kind->commits(c.self));
	put(0, 2);
	ck_assert_str_eq(logged(0), "");
	ck_assert_msg(case_commit(&c) == 0, "%s", c.err.text);
	ck_assert_int_eq(case_commit(&c), 0);
	got_all();
	ck_assert_str_eq(logged(0), "200");
	ck_assert_str_eq(logged(1), "/in?a=1");
	ck_assert_str_eq(logged(2), "application/x-ndjson");
	/* printf '%s:0\n%s:1\n' ORIGIN ORIGIN | sha256sum */
	ck_assert_str_eq(logged(3), "295a381f6679734079e13660a0a43ac4"
				    "680d0d794de40600e9b16cf48a27cd4a");
	ck_assert_str_eq(logged(4), "None");
	ck_assert_str_eq(logged(5), "2");
	end();
}
END_TEST

START_TEST(group_larger_than_a_post_is_split)
{
	char *most;

	begin();
	case_open(&c, place);
	put(0, 12000);
	case_line(&want, 12000);
	case_put(&c, 12000);
	ck_assert_msg(case_commit(&c) == 0, "%s", c.err.text);
	got_all();
	ck_assert_str_eq(logged(0), "200 200 200 200");
	most = strstr(logged(5), "4096"); /* never more lines than these */
	ck_assert(!most || strlen(most) >= 4);
	end();
}
END_TEST

START_TEST(line_longer_than_a_post_goes_alone)
{
	char *text = malloc(3 << 20);
	struct str line = { text, 3 << 20 };

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', line.n - 1);
	text[line.n - 1] = '\n';
	begin();
	case_open(&c, place);
	put(0, 2);
	case_put_line(&c, 2, line);
	buf_add_str(&want, line);
	put(3, 5);
	ck_assert_msg(case_commit(&c) == 0, "%s", c.err.text);
	got_all();
	ck_assert_str_eq(logged(5), "2 1 2");
	free(text);
	end();
}
END_TEST

START_TEST(refusal_is_waited_out_and_the_same_post_repeated)
{
	begin();
	case_open(&c, place);
	put(0, 3);
	plan("500\nclose\n408\n429\n404\n200\n");
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	case_says(&c, place);
	case_says(&c, "answers 500: so it is");
	ck_assert_int_eq(case_commit(&c), STEP_WAIT); /* not yet */
	ck_assert_str_eq(c.err.text, "");
	ck_assert_str_eq(logged(0), "500");
	ck_assert_int_eq(commit_until(30000), 0);
	got_all();
	ck_assert_str_eq(logged(0), "500 close 408 429 404 200");
	ck_assert_str_eq(logged(5), "3 3 3 3 3 3");
	ck_assert(strlen(logged(3)) == 6 * 65 - 1);
	ck_assert(!memcmp(logged(3), logged(3) + 5 * 65, 64));
	end();
}
END_TEST

START_TEST(retry_after_is_honoured)
{
	int64_t start;

	begin();
	case_open(&c, place);
	put(0, 1);
	plan("503 Retry-After: 2\n");
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	start = clock_ms();
	ck_assert_int_eq(commit_until(10000), 0);
	ck_assert_int_ge(clock_ms() - start, 1900);
	got_all();
	end();
}
END_TEST

/* Within a life what was delivered is not posted again. */
START_TEST(what_was_delivered_is_not_posted_again)
{
	begin();
	case_open(&c, place);
	put(0, 5000);
	plan("200\n500\n");
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	ck_assert_int_eq(commit_until(10000), 0);
	got_all();
	end();
}
END_TEST

/* The others get through, and the sentence names the one. */
START_TEST(record_that_is_refused_is_found_and_named)
{
	begin();
	case_open(&c, place);
	put(0, 8);
	plan("422 if \"seq\":5, always\n");
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	case_says(&c, "answers 422 to seq 5 of origin " CASE_ORIGIN
		      ": so it is (it is asked again until it takes it)");
	plan("");
	ck_assert_int_eq(commit_until(10000), 0);
	got_all();
	end();
}
END_TEST

START_TEST(answer_that_does_not_come_is_waited_for_as_told)
{
	int64_t start;

	c.settings.timeout = 300;
	begin();
	case_open(&c, place);
	put(0, 1);
	plan("late\n");
	start = clock_ms();
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	ck_assert_int_lt(clock_ms() - start, 900);
	case_says(&c, "Timeout was reached");
	ck_assert_int_eq(commit_until(10000), 0);
	end();
}
END_TEST

START_TEST(nobody_there_is_waited_for)
{
	begin();
	case_open(&c, "http://127.0.0.1:1/");
	put(0, 1);
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	case_says(&c, "http://127.0.0.1:1/: Couldn't connect to server");
	end();
}
END_TEST

static void token_is(const char *text, mode_t mode)
{
	static char path[CHECK_PATH_MAX];

	check_file(folder, "token", text, strlen(text), path);
	chmod(path, mode);
	c.settings.token_file = path;
}

START_TEST(redirect_stays_on_the_host_and_bears_the_token)
{
	begin();
	token_is("secret\n", 0600);
	case_open(&c, place);
	put(0, 1);
	plan("307 Location: /there\n308 Location: "
	     "http://127.0.0.1:{port}/on\n");
	ck_assert_msg(case_commit(&c) == 0, "%s", c.err.text);
	got_all();
	ck_assert_str_eq(logged(1), "/in?a=1 /there /on");
	ck_assert_str_eq(logged(4),
			 "Bearer secret Bearer secret Bearer secret");
	end();
}
END_TEST

START_TEST(redirect_elsewhere_is_not_followed)
{
	static const char *const elsewhere[] = {
		"307 Location: http://localhost:{port}/\n",
		"307 Location: https://127.0.0.1:{port}/\n",
		"302 Location: http://127.0.0.1:1/\n",
		"301 Location: file:///etc/passwd\n",
		"303 Location: /x\n",
		"307 Location: /in always\n",
	};
	static const char *const sentences[] = {
		"which is another host or scheme",
		"which is another host or scheme",
		"which is another host or scheme",
		"which is another host or scheme",
		"answers 303",
		"redirects in a circle",
	};

	begin();
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++) {
		case_open(&c, place);
		plan(elsewhere[i]);
		put(i, i + 1);
		ck_assert_int_eq(case_commit(&c), STEP_WAIT);
		case_says(&c, sentences[i]);
		case_close(&c);
	}
	case_open(&c, place);
	ck_assert_str_eq(logged(0), "307 307 302 301 303 "
				    "307 307 307 307 307 307");
	end();
}
END_TEST

START_TEST(token_is_read_again_when_it_is_refused)
{
	begin();
	token_is("old", 0600);
	case_open(&c, place);
	put(0, 1);
	token_is("new", 0600);
	plan("401\n");
	ck_assert_int_eq(case_commit(&c), STEP_WAIT);
	ck_assert_int_eq(commit_until(10000), 0);
	ck_assert_str_eq(logged(4), "Bearer old Bearer new");
	end();
}
END_TEST

START_TEST(token_that_others_may_read_is_refused)
{
	begin();
	token_is("secret", 0644);
	ck_assert_int_eq(case_try(&c, place, false), -EACCES);
	case_says(&c, "/token: others may read this token; chmod 600 it");
	token_is("two words", 0600);
	ck_assert_int_eq(case_try(&c, place, false), -EINVAL);
	token_is("", 0600);
	ck_assert_int_eq(case_try(&c, place, false), -EINVAL);
	token_is("good", 0600);
	case_open(&c, place);
	buf_add_char(&c.notes, '\0');
	ck_assert(strstr(c.notes.p, ": the token goes there unencrypted\n"));
	end();
}
END_TEST

static void is_no_place(const char *url, const char *sentence)
{
	struct target_options o = { .place = url };

	err_clear(&c.err);
	ck_assert_int_eq(c.kind->check(&o, &c.err), -EINVAL);
	case_says(&c, sentence);
	ck_assert(!strstr(c.err.text, "secret"));
}

START_TEST(check_reads_urls_and_never_says_passwords)
{
	char path[2100] = "http://x/";
	struct target_options o = { .place = "https://news.example/in" };

	ck_assert_int_eq(c.kind->check(&o, &c.err), 0);
	is_no_place("news.example", "is no URL to post to");
	is_no_place("ftp://news.example/", "expected https://… or http://…");
	is_no_place("http://", "is no URL to post to");
	is_no_place("https://me:secret@news.example/", "use token_file");
	memset(path + 9, 'x', 2047 - 9);
	o.place = path;
	ck_assert_int_eq(c.kind->check(&o, &c.err), 0);
	strcat(path, "x");
	is_no_place(path, "a URL of 2048 bytes; at most 2047 are allowed");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(commit_posts_lines_with_their_key),
		CHECK_TEST(group_larger_than_a_post_is_split),
		CHECK_TEST(line_longer_than_a_post_goes_alone),
		CHECK_TEST(refusal_is_waited_out_and_the_same_post_repeated),
		CHECK_TEST(retry_after_is_honoured),
		CHECK_TEST(what_was_delivered_is_not_posted_again),
		CHECK_TEST(record_that_is_refused_is_found_and_named),
		CHECK_TEST(answer_that_does_not_come_is_waited_for_as_told),
		CHECK_TEST(nobody_there_is_waited_for),
		CHECK_TEST(redirect_stays_on_the_host_and_bears_the_token),
		CHECK_TEST(redirect_elsewhere_is_not_followed),
		CHECK_TEST(token_is_read_again_when_it_is_refused),
		CHECK_TEST(token_that_others_may_read_is_refused),
		CHECK_TEST(check_reads_urls_and_never_says_passwords),
		CHECK_END,
	};

	return check_main("target_webhook", tests);
}
