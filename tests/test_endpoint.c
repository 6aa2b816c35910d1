#include "wire/endpoint.h"

#include <errno.h>

#include "tests/check_main.h"

START_TEST(check_says_what_is_wrong)
{
	static const char *const good[] = {
		"ipc:///a",		"ipc://a",	   "tcp://host:1",
		"tcp://host:65535",	"tcp://[::1]:80",  "tcp://*:*",
		"tcp://127.0.0.1:5555", "tcp://a.b-c:80",
	};
	static const char *const bad[] = {
		"",		"ipc:///",	"ipc://",	   "tcp://",
		"tcp://host",	"tcp://host:",	"tcp://:80",	   "tcp://host:x",
		"tcp://host:1x", "tcp://host:65536", "tcp://host:123456",
		"tcp://host:-1", "udp://host:1", "inproc://a",	   "/a/b",
		"IPC:///a",	"tcp://host:1 ",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct err e = { "" };

		ck_assert_msg(endpoint_check(good[i], &e) == 0, "%s", e.text);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = { "" };

		ck_assert_msg(endpoint_check(bad[i], &e) == -EINVAL, "%s", bad[i]);
		ck_assert_ptr_nonnull(strstr(e.text, bad[i]));
	}
}
END_TEST

START_TEST(check_path_of_107_bytes_is_good_and_108_too_long)
{
	char text[6 + 108 + 1] = "ipc://";

	for (size_t n = 106; n <= 108; n++) {
		struct err e = { "" };

		memset(text + 6, 'x', n);
		text[6] = '/';
		text[6 + n] = '\0';
		ck_assert_int_eq(endpoint_check(text, &e), n <= 107 ? 0 : -EINVAL);
		if (n == 108)
			ck_assert_ptr_nonnull(strstr(e.text, "107"));
	}
}
END_TEST

START_TEST(addresses_of_this_machine_are_here)
{
	static const char *const here[] = {
		"tcp://127.0.0.1:1", "tcp://127.1.2.3:1", "tcp://localhost:*",
	};
	static const char *const elsewhere[] = {
		"tcp://192.0.2.1:1", "tcp://[2001:db8::1]:1", "tcp://a.example:1",
		"tcp://127.0.0.1.example:1", "ipc:///127.0.0.1:1", "tcp://:1",
		"tcp://[]:1", "", "tcp://",
	};

	for (size_t i = 0; i < sizeof(here) / sizeof(*here); i++)
		ck_assert_msg(endpoint_is_here(here[i]), "%s", here[i]);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++)
		ck_assert_msg(!endpoint_is_here(elsewhere[i]), "%s",
			      elsewhere[i]);
}
END_TEST

START_TEST(a_host_too_long_is_not_here)
{
	char text[400] = "tcp://";

	memset(text + 6, '1', 256);
	memcpy(text + 262, ":1", 3);
	ck_assert(!endpoint_is_here(text));
}
END_TEST

START_TEST(prepare_tcp_is_nothing)
{
	struct err e = { "" };

	ck_assert_int_eq(endpoint_prepare("tcp://127.0.0.1:1", &e), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(check_says_what_is_wrong),
		CHECK_TEST(check_path_of_107_bytes_is_good_and_108_too_long),
		CHECK_TEST(addresses_of_this_machine_are_here),
		CHECK_TEST(a_host_too_long_is_not_here),
		CHECK_TEST(prepare_tcp_is_nothing),
		CHECK_END,
	};

	return check_main("endpoint", tests);
}
