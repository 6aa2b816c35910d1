#include "ingest/address.h"

#include <arpa/inet.h>

#include "tests/check_main.h"

/* Is the address as it is written public? */
static bool public(const char *written)
{
	unsigned char ip[16];

	if (inet_pton(AF_INET, written, ip) == 1)
		return address_public_v4(ip);
	ck_assert_msg(inet_pton(AF_INET6, written, ip) == 1, "%s", written);
	return address_public_v6(ip);
}

/* First and last of a range, and their neighbours outside; NULL: those belong
 * to another range. */
struct edges {
	const char *before, *first, *last, *after;
};

static void refused_to_its_edges(const struct edges *e)
{
	ck_assert_msg(!e->before || public(e->before), "%s", e->before);
	ck_assert_msg(!public(e->first), "%s", e->first);
	ck_assert_msg(!public(e->last), "%s", e->last);
	ck_assert_msg(!e->after || public(e->after), "%s", e->after);
}

START_TEST(v4_special_ranges_are_refused_to_their_edges)
{
	static const struct edges ranges[] = {
		{ NULL, "0.0.0.0", "0.255.255.255", "1.0.0.0" },
		{ "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0" },
		{ "100.63.255.255", "100.64.0.0", "100.127.255.255",
		  "100.128.0.0" },
		{ "126.255.255.255", "127.0.0.0", "127.255.255.255",
		  "128.0.0.0" },
		{ "168.63.129.15", "168.63.129.16", "168.63.129.16",
		  "168.63.129.17" },
		{ "169.253.255.255", "169.254.0.0", "169.254.255.255",
		  "169.255.0.0" },
		{ "172.15.255.255", "172.16.0.0", "172.31.255.255",
		  "172.32.0.0" },
		{ "191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0" },
		{ "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0" },
		{ "192.31.195.255", "192.31.196.0", "192.31.196.255",
		  "192.31.197.0" },
		{ "192.52.192.255", "192.52.193.0", "192.52.193.255",
		  "192.52.194.0" },
		{ "192.88.98.255", "192.88.99.0", "192.88.99.255",
		  "192.88.100.0" },
		{ "192.167.255.255", "192.168.0.0", "192.168.255.255",
		  "192.169.0.0" },
		{ "192.175.47.255", "192.175.48.0", "192.175.48.255",
		  "192.175.49.0" },
		{ "198.17.255.255", "198.18.0.0", "198.19.255.255",
		  "198.20.0.0" },
		{ "198.51.99.255", "198.51.100.0", "198.51.100.255",
		  "198.51.101.0" },
		{ "203.0.112.255", "203.0.113.0", "203.0.113.255",
		  "203.0.114.0" },
		{ "223.255.255.255", "224.0.0.0", "239.255.255.255", NULL },
		{ NULL, "240.0.0.0", "255.255.255.255", NULL },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		refused_to_its_edges(&ranges[i]);
}
END_TEST

START_TEST(v6_special_ranges_are_refused_to_their_edges)
{
	static const struct edges ranges[] = {
		{ NULL, "::2:0:0", "::fffe:ffff:ffff", NULL },
		{ NULL, "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
		  NULL },
		{ NULL, "100::", "100::ffff:ffff:ffff:ffff", NULL },
		{ NULL, "1fff:ffff::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  "2000::" },
		{ "2000:ffff::", "2001::", "2001::ffff:ffff:ffff", NULL },
		{ NULL, "2001:1ff:ffff:ffff:ffff:ffff:ffff:fffe",
		  "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::" },
		{ "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::",
		  "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::" },
		{ "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff", "2620:4f:8000::",
		  "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", "2620:4f:8001::" },
		{ "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::",
		  "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::" },
		{ "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "4000::",
		  "5f00::1", NULL },
		{ NULL, "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  NULL },
		{ NULL, "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  NULL },
		{ NULL, "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  NULL },
		{ NULL, "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  NULL },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		refused_to_its_edges(&ranges[i]);
	ck_assert(!public("::"));
	ck_assert(!public("::1"));
}
END_TEST

START_TEST(v6_that_holds_v4_is_judged_by_it)
{
	static const struct edges ranges[] = {
		{ "::ffff:9.255.255.255", "::ffff:10.0.0.0",
		  "::ffff:10.255.255.255", "::ffff:11.0.0.0" },
		{ "::169.253.255.255", "::169.254.0.0", "::169.254.255.255",
		  "::169.255.0.0" },
		{ "64:ff9b::126.255.255.255", "64:ff9b::127.0.0.0",
		  "64:ff9b::127.255.255.255", "64:ff9b::128.0.0.0" },
		/* 2002:V4V4:V4V4:: */
		{ "2002:c0a7:ffff:ffff:ffff:ffff:ffff:ffff", "2002:c0a8::",
		  "2002:c0a8:ffff:ffff:ffff:ffff:ffff:ffff", "2002:c0a9::" },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		refused_to_its_edges(&ranges[i]);
}
END_TEST

START_TEST(hosts_of_the_internet_are_public)
{
	ck_assert(public("1.1.1.1"));
	ck_assert(public("8.8.8.8"));
	ck_assert(public("93.184.215.14"));
	ck_assert(public("2606:4700:4700::1111"));
	ck_assert(public("2a00:1450:4007:80e::200e"));
	ck_assert(public("2003:e2::1"));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(v4_special_ranges_are_refused_to_their_edges),
		CHECK_TEST(v6_special_ranges_are_refused_to_their_edges),
		CHECK_TEST(v6_that_holds_v4_is_judged_by_it),
		CHECK_TEST(hosts_of_the_internet_are_public),
		CHECK_END,
	};

	return check_main("address", tests);
}
