#include "ingest/web.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ingest/web_parts.h"

enum { HOST_MAX = 1024 };

/* Its turn. */

static int64_t gap_of(const struct web_job *j)
{
	int64_t gap = j->w->settings->gap;

	return j->delay > gap ? j->delay : gap;
}

static int start(struct web_job *j)
{
	struct web *w = j->w;
	struct web_ask ask = {
		.url = &j->url,
		.agent = j->agent,
		.accept = j->accept,
		.etag = j->downgraded ? NULL : j->etag,
		.last_modified = j->downgraded ? NULL : j->last_modified,
		.body = j->site ? ROBOTS_MAX + 1 : (size_t)w->settings->body,
		.cut = j->site != NULL,
		.owner = j,
	};
	int64_t now = clock_ms();
	int r;

	if (web_job_rests(j)) {
		hosts_done(w->hosts, &j->turn, now, now);
		return 0;
	}
	r = web_transfer_start(w->transfers, &ask, &j->transfer);
	if (r) {
		hosts_done(w->hosts, &j->turn, now, now);
		return web_job_lacks(j, r);
	}
	web_job_set(j, JOB_RUNS);
	w->running++;
	w->stats.requests++;
	return 0;
}

/* Answers that wait to be told are held: they count as if they came still, or
 * memory would grow where they are told slower than they come. */
static bool may_start(const struct web *w)
{
	size_t held = w->running;

	for (const struct web_job *j = w->over; j; j = j->next_in_line)
		held += j->transfer != NULL;
	return held < (size_t)w->settings->connections;
}

static int start_due(struct web *w)
{
	struct hosts_entry *e;
	int r = 0;

	while (!r && may_start(w) && (e = hosts_take(w->hosts, clock_ms())))
		r = start((struct web_job *)e);
	return r;
}

static void run_out(struct web_job *j)
{
	int64_t now = clock_ms();

	j->w->running--;
	hosts_done(j->w->hosts, &j->turn, now + gap_of(j), now);
}

/* Telling. */

static void count(struct web *w, const struct web_answer *a)
{
	w->stats.answers += a->result == WEB_ANSWER;
	w->stats.not_modified += a->status == 304;
	w->stats.refused += a->result == WEB_REFUSED;
	w->stats.failed += a->result == WEB_FAILED;
}

static void fill_in(const struct web_job *j, const struct web_got *got,
		    struct web_answer *a)
{
	const struct web_head *head = got->head;

	a->status = got->status;
	a->body = got->body;
	a->moved = got->status < 400 ? j->moved : NULL;
	a->type = head->type;
	a->etag = head->etag;
	a->last_modified = head->last_modified;
	a->max_age_ms = cache_headers_max_age(&head->cache, web_wall_ms());
}

static void tell(struct web_job *j)
{
	struct web_got got;
	struct web_answer a = {
		.result = j->result,
		.url = j->url.text ? j->url.text : "",
		.max_age_ms = -1,
		.retry_after_ms = j->retry_after_ms,
		.sentence = j->sentence.text[0] ? j->sentence.text : NULL,
	};

	if (j->result == WEB_ANSWER) {
		web_transfer_got(j->transfer, &got);
		fill_in(j, &got, &a);
	}
	if (!j->site)
		count(j->w, &a);
	web_job_unlink(j);
	j->done(j->self, &a);
	web_job_free(j);
}

/* One owner a turn: what it does with a hostile answer may take seconds, and
 * others wait. What is for ourselves, a robots.txt, takes no time. */
static void tell_one(struct web *w)
{
	bool told = false;

	while (w->over && !told) {
		struct web_job *j = w->over;

		told = !j->site;
		web_job_leave(&w->over, &w->last_over, j);
		tell(j);
	}
}

/* The contract. */

int web_open(const struct web_settings *s, struct web **ret, struct err *e)
{
	struct web *w = calloc(1, sizeof(*w));
	int r = w ? 0 : -ENOMEM;

	if (!r) {
		w->settings = s;
		w->last_over = &w->over;
		r = hosts_new(&w->hosts);
	}
	if (!r)
		r = robots_cache_new(&w->robots);
	if (!r)
		r = web_transfers_open(s, &w->transfers, e);
	if (r) {
		web_free(w);
		return r;
	}
	*ret = w;
	return 0;
}

void web_free(struct web *w)
{
	if (!w)
		return;
	while (w->jobs) {
		struct web_job *j = w->jobs;

		web_job_unlink(j);
		web_job_free(j);
	}
	web_transfers_free(w->transfers);
	robots_cache_free(w->robots);
	hosts_free(w->hosts);
	free(w);
}

static int copy(const char *s, char **ret)
{
	*ret = s ? strdup(s) : NULL;
	return s && !*ret ? -ENOMEM : 0;
}

static int copy_request(struct web_job *j, const struct web_request *r)
{
	j->robots = r->robots;
	j->done = r->done;
	j->self = r->self;
	if (copy(r->agent, &j->agent) || copy(r->accept, &j->accept) ||
	    copy(r->etag, &j->etag) ||
	    copy(r->last_modified, &j->last_modified))
		return -ENOMEM;
	return 0;
}

int web_get(struct web *w, const struct web_request *q, struct web_job **ret)
{
	struct web_job *j = web_job_new(w);
	struct err e = { "" };
	int r;

	if (!j)
		return -ENOMEM;
	r = copy_request(j, q);
	if (!r)
		r = web_url_parse(NULL, q->url, &j->url, &e);
	if (r < 0) {
		web_job_unlink(j);
		web_job_free(j);
		return r;
	}
	if (r)
		web_job_over(j, WEB_REFUSED, "%s", e.text);
	else
		web_route(j, false); /* what it lacks is told */
	if (ret)
		*ret = j;
	return 0;
}

void web_cancel(struct web_job *j)
{
	struct web *w = j->w;

	if (j->state == JOB_WAITS)
		hosts_leave(w->hosts, &j->turn);
	else if (j->state == JOB_RUNS)
		run_out(j);
	else if (j->state == JOB_AWAITS)
		web_job_leave(&j->awaits->awaiting,
			      &j->awaits->last_awaiting, j);
	else if (j->state == JOB_OVER)
		web_job_leave(&w->over, &w->last_over, j);
	web_job_set(j, JOB_NEW);
	web_job_unlink(j);
	web_job_free(j);
}

int web_fd(const struct web *w)
{
	return w ? web_transfers_fd(w->transfers) : -1;
}

/* The sooner of two spans, of which -1 is never. */
static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

int64_t web_pause(const struct web *w)
{
	int64_t pause, due;

	if (!w)
		return -1;
	if (w->over)
		return 0;
	pause = web_transfers_pause(w->transfers);
	due = hosts_due(w->hosts);
	if (due < 0 || !may_start(w))
		return pause;
	due -= clock_ms();
	return sooner(pause, due > 0 ? due : 0);
}

int web_turn(struct web *w, struct err *e)
{
	struct web_transfer *x;
	int r;

	if (!w)
		return 0;
	r = web_transfers_turn(w->transfers, e);
	while (!r && (x = web_transfers_over(w->transfers))) {
		run_out(web_transfer_owner(x));
		r = web_hear(web_transfer_owner(x));
	}
	if (!r)
		r = start_due(w);
	tell_one(w);
	if (!r)
		r = start_due(w);
	hosts_tidy(w->hosts, clock_ms(), web_wall_ms());
	return r;
}

/* A host as it is compared: in lower case. */
static struct str name_of(struct str host, char name[HOST_MAX])
{
	size_t n = host.n < HOST_MAX ? host.n : 0;

	for (size_t i = 0; i < n; i++)
		name[i] = (char)(host.p[i] >= 'A' && host.p[i] <= 'Z'
					 ? host.p[i] | 0x20
					 : host.p[i]);
	return (struct str){ name, n };
}

void web_host_set(struct web *w, struct str host, int64_t until_ms)
{
	char name[HOST_MAX];

	hosts_rest_set(w->hosts, name_of(host, name), until_ms, web_wall_ms());
}

int64_t web_host_until(const struct web *w, struct str host)
{
	char name[HOST_MAX];

	return hosts_rest_until(w->hosts, name_of(host, name), web_wall_ms());
}

struct web_stats web_stats(const struct web *w)
{
	return w ? w->stats : (struct web_stats){ 0 };
}
