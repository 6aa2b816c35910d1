#include "base/process.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

static struct metric *gauge(struct metrics *m, const char *name,
			    const char *help)
{
	return metrics_get(m, METRIC_GAUGE, name, help, NULL);
}

static void show_build(struct metrics *m)
{
	struct buf labels;

	buf_init(&labels, 4096);
	metrics_label(&labels, "version", STR(VIGIE_VERSION));
	metrics_label(&labels, "room", str_of(log_room()));
	buf_add_char(&labels, '\0');
	if (!buf_error(&labels))
		metric_set(metrics_get(m, METRIC_GAUGE, "vigie_build_info",
				       "Which vigie this is: always 1.",
				       labels.p),
			   1);
	buf_done(&labels);
}

static void show_memory(struct metric *row)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long size, resident;

	if (!f)
		return;
	if (fscanf(f, "%lu %lu", &size, &resident) == 2)
		metric_set(row, (double)resident *
					(double)sysconf(_SC_PAGESIZE));
	fclose(f);
}

static void show_descriptors(struct metric *row)
{
	DIR *d = opendir("/proc/self/fd");
	long n = -3; /* ".", ".." and that of the folder itself */

	if (!d)
		return;
	while (readdir(d))
		n++;
	closedir(d);
	metric_set(row, (double)n);
}

static void show_processor(struct metric *row)
{
	struct rusage u;

	if (!getrusage(RUSAGE_SELF, &u))
		metric_set(row, (double)(u.ru_utime.tv_sec +
					 u.ru_stime.tv_sec) +
					(double)(u.ru_utime.tv_usec +
						 u.ru_stime.tv_usec) /
						1e6);
}

void process_metrics(struct metrics *m)
{
	struct metric *begun = gauge(m, "vigie_start_time_seconds",
				     "When this daemon began, as seconds "
				     "since 1970 (UTC).");

	show_build(m);
	if (metric_value(begun) <= 0)
		metric_set(begun, (double)time(NULL));
	show_memory(gauge(m, "process_resident_memory_bytes",
			  "Memory that it occupies."));
	show_descriptors(gauge(m, "process_open_fds",
			       "File descriptors that it has open."));
	show_processor(metrics_get(m, METRIC_COUNTER,
				   "process_cpu_seconds_total",
				   "Processor time that it has used.", NULL));
}
