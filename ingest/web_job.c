#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ingest/web_parts.h"

int64_t web_wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void web_job_free(struct web_job *j)
{
	web_transfer_free(j->transfer);
	web_url_done(&j->url);
	free(j->agent);
	free(j->accept);
	free(j->etag);
	free(j->last_modified);
	free(j->moved);
	free(j);
}

void web_job_unlink(struct web_job *j)
{
	*(j->before ? &j->before->next : &j->w->jobs) = j->next;
	if (j->next)
		j->next->before = j->before;
}

struct web_job *web_job_new(struct web *w)
{
	struct web_job *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->w = w;
	j->last_awaiting = &j->awaiting;
	j->retry_after_ms = -1;
	j->next = w->jobs;
	if (w->jobs)
		w->jobs->before = j;
	w->jobs = j;
	return j;
}

static bool is_waiting(enum job_state state)
{
	return state == JOB_WAITS || state == JOB_AWAITS;
}

void web_job_set(struct web_job *j, enum job_state state)
{
	j->w->stats.waiting += is_waiting(state);
	j->w->stats.waiting -= is_waiting(j->state);
	j->state = state;
}

void web_job_join(struct web_job ***last, struct web_job *j)
{
	j->next_in_line = NULL;
	**last = j;
	*last = &j->next_in_line;
}

void web_job_leave(struct web_job **first, struct web_job ***last,
		   struct web_job *j)
{
	struct web_job **at = first;

	while (*at != j)
		at = &(*at)->next_in_line;
	*at = j->next_in_line;
	if (!*at)
		*last = at;
}

void web_job_over(struct web_job *j, enum web_result result, const char *fmt,
		  ...)
{
	char why[sizeof(j->sentence.text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	err_clear(&j->sentence);
	if (why[0] && j->url.text)
		err_set(&j->sentence, 0, "%.300s: %s", j->url.text, why);
	else
		err_set(&j->sentence, 0, "%s", why);
	j->result = result;
	web_job_set(j, JOB_OVER);
	web_job_join(&j->w->last_over, j);
}

int web_job_lacks(struct web_job *j, int r)
{
	web_job_over(j, WEB_FAILED, "%s", strerror(-r));
	return r;
}

struct str web_job_host(const struct web_job *j)
{
	return str_of(j->url.host);
}

bool web_job_rests(struct web_job *j)
{
	int64_t wall = web_wall_ms();
	int64_t until = hosts_rest_until(j->w->hosts, web_job_host(j), wall);

	if (!until)
		return false;
	j->retry_after_ms = until - wall;
	web_job_over(j, WEB_FAILED,
		     "its host asked to be left alone; %lld s of that are left",
		     (long long)(j->retry_after_ms + 999) / 1000);
	return true;
}
