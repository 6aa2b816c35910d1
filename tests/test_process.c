#include "base/process.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "tests/check_main.h"

static struct metrics *m;

static double value(enum metric_kind kind, const char *name)
{
	return metric_value(metrics_get(m, kind, name, "", NULL));
}

START_TEST(rows_are_those_of_this_process)
{
	double fds, begun;
	struct buf page;
	int fd;

	ck_assert_int_eq(metrics_new(&m), 0);
	log_name("sink");
	process_metrics(m);
	fds = value(METRIC_GAUGE, "process_open_fds");
	begun = value(METRIC_GAUGE, "vigie_start_time_seconds");
	ck_assert(fds >= 1);
	ck_assert(begun > 1.6e9);
	ck_assert(value(METRIC_GAUGE, "process_resident_memory_bytes") > 1e5);
	ck_assert(value(METRIC_COUNTER, "process_cpu_seconds_total") > 0);
	fd = open("/dev/null", O_RDONLY);
	metric_set(metrics_get(m, METRIC_GAUGE, "vigie_start_time_seconds", "",
			       NULL), begun - 10);
	process_metrics(m);
	ck_assert(value(METRIC_GAUGE, "process_open_fds") == fds + 1);
	ck_assert(value(METRIC_GAUGE, "vigie_start_time_seconds") ==
		  begun - 10); /* is not set anew */
	close(fd);
	buf_init(&page, 1 << 16);
	metrics_write(m, &page);
	buf_add_char(&page, '\0');
	ck_assert_ptr_nonnull(strstr(page.p,
				     "\nvigie_build_info{version=\"" VIGIE_VERSION
				     "\",room=\"sink\"} 1\n"));
	buf_done(&page);
	metrics_free(m);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(rows_are_those_of_this_process),
		CHECK_END,
	};

	return check_main("process", tests);
}
