/* The settings of the server, its token and its TLS. */
#include "wire/http_parts.h"

#include <curl/curl.h>
#include <sys/stat.h>

#include "tests/fake_client.h"

static char folder[CHECK_PATH_MAX];
static struct http *http;
static struct err err;

static void turn(void)
{
	ck_assert_int_eq(http_turn(http, &err), 0);
}

static void handle(void *self, struct http_request *r)
{
	struct http_view v = http_look(r);

	(void)self;
	http_answer(r, v.authorised ? 200 : 401, NULL,
		    v.body.n ? v.body : STR("none"));
}

static const struct http_handler handler = { handle, NULL, NULL };

static struct http_settings on(const char *address)
{
	return (struct http_settings){ .listen = address,
				       .body = 65536,
				       .connections = 8 };
}

/* What http_check() says, and http_open() too, begins so; NULL: nothing. */
static void judged(struct http_settings s, const char *sentence)
{
	struct conf c;

	err_clear(&err);
	ck_assert_int_eq(conf_load(&c, NULL, http_keys,
				   &(struct http_settings){ .body = 0 }, &err),
			 0);
	http_check(&c, "ingest", &s);
	ck_assert_uint_eq(c.count, sentence ? 1 : 0);
	if (sentence) {
		buf_add_char(&c.problems, '\0');
		ck_assert_msg(strstr(c.problems.p, sentence), "%s",
			      c.problems.p);
		ck_assert_int_eq(http_open(&s, &handler, &http, &err), -EINVAL);
		/* It is the same sentence after the room's name. */
		ck_assert_ptr_nonnull(strstr(c.problems.p, "ingest.http."));
		ck_assert_ptr_nonnull(strstr(c.problems.p, err.text));
	}
	conf_done(&c);
}

START_TEST(addresses_are_judged)
{
	static const char *const good[] = { "127.0.0.1:9470", "[::1]:9470",
					    "localhost:0", "127.9.9.9:65535" };
	static const char *const bad[] = {
		"", "9470", ":9470", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
		"127.0.0.1:65536", "127.0.0.1:9470 ", "::1:9470", "[::1]",
		"[127.0.0.1]:1", "news.example:9470", "[]:1", "*:9470",
		"http://127.0.0.1:9470", "127.0.0.1:-1", "127.0.0.1:123456"
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		judged(on(good[i]), NULL);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		judged(on(bad[i]), "ingest.http.listen: '");
	judged((struct http_settings){ .listen = NULL }, NULL);
}
END_TEST

START_TEST(beyond_this_machine_needs_token_and_tls)
{
	static const char *const wide[] = { "0.0.0.0:0", "[::]:0",
					    "192.0.2.7:0", "128.0.0.1:0" };

	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
		struct http_settings s = on(wide[i]);

		judged(s, "ingest.http.listen: ");
		judged(s, "needs 'token_file' and 'certificate' and 'key' (or");
		s.token_file = "t";
		judged(s, "needs 'certificate' and 'key' (or 'behind_proxy: "
			  "true'");
		s.behind_proxy = true;
		judged(s, NULL);
		s.token_file = NULL;
		judged(s, "needs 'token_file'");
		s = on(wide[i]);
		s.certificate = "c";
		s.key = "k";
		judged(s, "needs 'token_file'");
		s.token_file = "t";
		judged(s, NULL);
	}
}
END_TEST

START_TEST(certificate_and_key_go_together)
{
	struct http_settings s = on("127.0.0.1:0");

	s.certificate = "c";
	judged(s, "ingest.http.certificate: there is no 'key'");
	s = on("127.0.0.1:0");
	s.key = "k";
	judged(s, "ingest.http.key: there is no 'certificate'");
}
END_TEST

static const char *file(const char *name, const char *text, mode_t mode)
{
	static char path[CHECK_PATH_MAX];

	check_file(folder, name, text, strlen(text), path);
	ck_assert_int_eq(chmod(path, mode), 0);
	return path;
}

static int token_of(const char *path, char *token)
{
	err_clear(&err);
	return http_read_token(path, token, &err);
}

START_TEST(token_that_others_can_read_is_refused)
{
	static const mode_t wide[] = { 0640, 0604, 0644, 0620, 0602, 0610 };
	char token[HTTP_TOKEN_MAX + 1];
	const char *path;

	check_folder(folder);
	ck_assert_int_eq(token_of(file("t", "abc\n", 0600), token), 0);
	ck_assert_str_eq(token, "abc");
	ck_assert_int_eq(token_of(file("u", "abc", 0400), token), 0);
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
		path = file("t", "abc\n", wide[i]);
		ck_assert_int_eq(token_of(path, token), -EACCES);
		ck_assert_ptr_nonnull(strstr(err.text, "chmod 600"));
		ck_assert_ptr_nonnull(strstr(err.text, path));
	}
	ck_assert_int_eq(token_of(folder, token), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "no regular file"));
	ck_assert_int_eq(token_of("/nowhere/t", token), -ENOENT);
	check_folder_done(folder);
}
END_TEST

START_TEST(token_is_one_line)
{
	static const char *const bad[] = { "", "\n", "two words\n", "a\nb\n",
					   "t\x01k", "é\n" };
	char token[HTTP_TOKEN_MAX + 1], line[HTTP_TOKEN_MAX + 2];

	check_folder(folder);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ck_assert_int_eq(token_of(file("b", bad[i], 0600), token),
				 -EINVAL);
		ck_assert_ptr_nonnull(strstr(err.text, "is no token"));
	}
	memset(line, 'a', sizeof(line));
	line[HTTP_TOKEN_MAX] = '\0';
	ck_assert_int_eq(token_of(file("b", line, 0600), token), 0);
	ck_assert_str_eq(token, line);
	line[HTTP_TOKEN_MAX] = 'a';
	line[HTTP_TOKEN_MAX + 1] = '\0';
	ck_assert_int_eq(token_of(file("b", line, 0600), token), -EINVAL);
	check_folder_done(folder);
}
END_TEST

static int bear(const char *line, const char *method)
{
	char text[512];
	int fd = dial(http_port(http)), status;

	snprintf(text, sizeof(text), "%s /x HTTP/1.1\r\nHost: x\r\n%s"
				     "Content-Length: 2\r\n\r\nhi",
		 method, line);
	put_z(fd, text);
	status = hear(fd);
	close(fd);
	return status;
}

START_TEST(token_is_asked_for)
{
	static const char *const wrong[] = {
		"", "Authorization: Bearer \r\n", "Authorization: Bearer secre\r\n",
		"Authorization: Bearer secret2\r\n", "Authorization: secret\r\n",
		"Authorization: Basic secret\r\n", "Authorization: Bearer\r\n",
		"Authorization: Bearer SECRET\r\n",
	};
	struct http_settings s = on("127.0.0.1:0");

	check_folder(folder);
	s.token_file = file("t", "secret\n", 0600);
	ck_assert_int_eq(http_open(&s, &handler, &http, &err), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ck_assert_int_eq(bear(wrong[i], "POST"), 401);
		/* And its body was not kept. */
		ck_assert_str_eq(answer_body(), "none");
	}
	ck_assert_int_eq(bear("Authorization: Bearer secret\r\n", "POST"), 200);
	ck_assert_str_eq(answer_body(), "hi");
	ck_assert_int_eq(bear("authorization: bearer  secret \r\n", "POST"),
			 200);
	http_free(http);
	check_folder_done(folder);
}
END_TEST

static struct http_settings with_tls(void)
{
	static char certificate[CHECK_PATH_MAX + 8], key[CHECK_PATH_MAX + 8];
	char line[4 * CHECK_PATH_MAX];
	struct http_settings s = on("127.0.0.1:0");

	check_folder(folder);
	snprintf(certificate, sizeof(certificate), "%s/c.pem", folder);
	snprintf(key, sizeof(key), "%s/k.pem", folder);
	snprintf(line, sizeof(line),
		 "openssl req -x509 -newkey ec -pkeyopt "
		 "ec_paramgen_curve:P-256 -nodes -keyout '%s' -out '%s' "
		 "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 "
		 "2>'%s/said' && chmod 600 '%s'",
		 key, certificate, folder, key);
	ck_assert_int_eq(system(line), 0);
	s.certificate = certificate;
	s.key = key;
	return s;
}

/* The status over TLS; 0 when there was no answer. */
static long fetch(const char *authority, long version)
{
	CURLM *many = curl_multi_init();
	CURL *c = curl_easy_init();
	char url[64];
	long status = 0;
	int running = 1;

	snprintf(url, sizeof(url), "https://127.0.0.1:%d/x", http_port(http));
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_CAINFO, authority);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, version);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, "hello");
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 20L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, fwrite);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, fopen("/dev/null", "w"));
	curl_multi_add_handle(many, c);
	while (running) {
		curl_multi_perform(many, &running);
		turn();
		curl_multi_poll(many, NULL, 0, 1, NULL);
	}
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	curl_multi_remove_handle(many, c);
	curl_easy_cleanup(c);
	curl_multi_cleanup(many);
	return status;
}

START_TEST(tls_answers_and_plain_does_not)
{
	struct http_settings s = with_tls();

	ck_assert_msg(!http_open(&s, &handler, &http, &err), "%s", err.text);
	ck_assert_int_eq(fetch(s.certificate, CURL_SSLVERSION_TLSv1_2), 200);
	ck_assert_int_eq(fetch(s.certificate, CURL_SSLVERSION_TLSv1_3), 200);
	ck_assert_int_eq(fetch("/dev/null", CURL_SSLVERSION_TLSv1_2), 0);
	ck_assert_int_eq(bear("", "POST"), 0);
	ck_assert_int_eq(fetch(s.certificate, CURL_SSLVERSION_TLSv1_2), 200);
	http_free(http);
	check_folder_done(folder);
}
END_TEST

START_TEST(tls_files_are_judged)
{
	struct http_settings s = with_tls();

	ck_assert_int_eq(chmod(s.key, 0640), 0);
	ck_assert_int_eq(http_open(&s, &handler, &http, &err), -EACCES);
	ck_assert_ptr_nonnull(strstr(err.text, "k.pem"));
	err_clear(&err);
	s.key = file("junk.pem", "junk", 0600);
	ck_assert_int_eq(http_open(&s, &handler, &http, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot be used for TLS"));
	err_clear(&err);
	s.certificate = "/nowhere/c.pem";
	ck_assert_int_eq(http_open(&s, &handler, &http, &err), -ENOENT);
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(addresses_are_judged),
		CHECK_TEST(beyond_this_machine_needs_token_and_tls),
		CHECK_TEST(certificate_and_key_go_together),
		CHECK_TEST(token_that_others_can_read_is_refused),
		CHECK_TEST(token_is_one_line),
		CHECK_TEST(token_is_asked_for),
		CHECK_TEST(tls_answers_and_plain_does_not),
		CHECK_TEST(tls_files_are_judged),
		CHECK_END,
	};

	return check_main("http_parts", tests);
}
