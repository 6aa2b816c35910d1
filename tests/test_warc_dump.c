#include "ingest/warc_dump.h"

#include <fcntl.h>
#include <unistd.h>

#include "tests/check_main.h"
#include "tests/warc_kit.h"

static struct buf file;

static void gives(const char *want)
{
	char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX], *text;
	struct err e = { "" };
	size_t n;
	FILE *out;
	int fd;

	check_folder(folder);
	check_file(folder, "a", file.p, file.n, path);
	fd = open(path, O_RDONLY);
	out = open_memstream(&text, &n);
	ck_assert_int_eq(warc_dump(fd, out, &e), 0);
	fclose(out);
	ck_assert_str_eq(text, want);
	free(text);
	close(fd);
	check_folder_done(folder);
}

START_TEST(dump_a_line_for_each_record)
{
	buf_init(&file, 1 << 20);
	kit_member(&file, "response", "<http://a/>",
		   STR("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n"
		       "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"));
	kit_member(&file, "warcinfo", NULL, STR("x"));
	kit_member(&file, "response", NULL,
		   STR("HTTP/1.1 200 OK\r\nContent-Encoding: zz\r\n\r\nx"));
	gives("{\"type\":\"response\",\"uri\":\"http://a/\","
	      "\"date\":\"2026-01-02T03:04:05Z\","
	      "\"id\":\"<urn:uuid:response>\",\"length\":77,"
	      "\"complete\":true,\"status\":200,\"mime\":\"a/b\","
	      "\"chunked\":true,\"payload_bytes\":3,\"payload_sha1\":"
	      "\"a9993e364706816aba3e25717850c26c9cd0d89d\"}\n"
	      "{\"type\":\"warcinfo\",\"uri\":null,"
	      "\"date\":\"2026-01-02T03:04:05Z\","
	      "\"id\":\"<urn:uuid:warcinfo>\",\"length\":1,"
	      "\"complete\":true}\n"
	      "{\"type\":\"response\",\"uri\":null,"
	      "\"date\":\"2026-01-02T03:04:05Z\","
	      "\"id\":\"<urn:uuid:response>\",\"length\":42,"
	      "\"complete\":true,\"error\":\"its Content-Encoding 'zz' is "
	      "not known\"}\n");
	buf_done(&file);
}
END_TEST

START_TEST(dump_damage_is_a_line_as_well)
{
	buf_init(&file, 1 << 20);
	buf_add_z(&file, "garbage\n");
	kit_record(&file, "response", NULL, STR("abcdef"));
	file.n -= 7;
	gives("{\"error\":\"at byte 0: no WARC record begins here; looking "
	      "for the next\"}\n"
	      "{\"type\":\"response\",\"uri\":null,"
	      "\"date\":\"2026-01-02T03:04:05Z\","
	      "\"id\":\"<urn:uuid:response>\",\"length\":6,"
	      "\"complete\":false,\"error\":\"cut off after 3 of 6 "
	      "bytes\"}\n");
	buf_done(&file);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(dump_a_line_for_each_record),
		CHECK_TEST(dump_damage_is_a_line_as_well),
		CHECK_END,
	};

	return check_main("warc_dump", tests);
}
