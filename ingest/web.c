#include "ingest/web.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "ingest/hosts.h"
#include "ingest/robots_cache.h"
#include "ingest/web_transfer.h"

enum { HOST_MAX = 1024 };

/* A job goes through these, and from RUNS back to the first of them at each
 * redirect. */
enum job_state {
	JOB_NEW,
	JOB_AWAITS, /* the robots.txt that another job fetches */
	JOB_WAITS,  /* for its turn */
	JOB_RUNS,
	JOB_OVER, /* and not yet told */
};

struct web_job {
	struct hosts_entry turn; /* first, so that it is known by it */
	struct web_job *next, *before; /* among all */
	struct web_job *next_in_line;  /* of those that await, or are over */
	struct web *w;
	enum job_state state;
	/* The request. */
	char *agent, *accept, *etag, *last_modified;
	bool robots;
	void (*done)(void *self, const struct web_answer *a);
	void *self;
	/* Where it is. */
	struct web_url url;
	char *moved;	 /* or NULL */
	bool temporary;	 /* a redirect was not permanent */
	bool downgraded; /* https led to http */
	int hops;
	int64_t delay; /* what robots.txt asks for between two requests */
	struct web_transfer *transfer;
	/* It fetches the robots.txt of this site, and these await it. */
	struct robots_site *site;
	struct web_job *awaiting, **last_awaiting;
	struct web_job *awaits; /* the job that does */
	/* What became of it. */
	enum web_result result;
	int64_t retry_after_ms;
	struct err sentence;
};

struct web {
	const struct web_settings *settings;
	struct web_transfers *transfers;
	struct hosts *hosts;
	struct robots_cache *robots;
	struct web_job *jobs;
	struct web_job *over, **last_over;
	size_t running;
	struct web_stats stats;
};

static int64_t wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Jobs. */

static void job_free(struct web_job *j)
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

static void job_unlink(struct web_job *j)
{
	*(j->before ? &j->before->next : &j->w->jobs) = j->next;
	if (j->next)
		j->next->before = j->before;
}

static struct web_job *job_new(struct web *w)
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

static void set_state(struct web_job *j, enum job_state state)
{
	j->w->stats.waiting += is_waiting(state);
	j->w->stats.waiting -= is_waiting(j->state);
	j->state = state;
}

static void join(struct web_job ***last, struct web_job *j)
{
	j->next_in_line = NULL;
	**last = j;
	*last = &j->next_in_line;
}

static void leave(struct web_job **first, struct web_job ***last,
		  struct web_job *j)
{
	struct web_job **at = first;

	while (*at != j)
		at = &(*at)->next_in_line;
	*at = j->next_in_line;
	if (!*at)
		*last = at;
}

/* It is over, as result and the sentence say, which begins with its URL. */
static void over(struct web_job *j, enum web_result result, const char *fmt,
		 ...) __attribute__((format(printf, 3, 4)));

static void over(struct web_job *j, enum web_result result, const char *fmt,
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
	set_state(j, JOB_OVER);
	join(&j->w->last_over, j);
}

/* Our trouble goes up; the job is told all the same, for it has an owner. */
static int over_lacking(struct web_job *j, int r)
{
	over(j, WEB_FAILED, "%s", strerror(-r));
	return r;
}

/* Which way a job goes: to rest, to robots.txt, into the queue. */

static struct str host_of(const struct web_job *j)
{
	return str_of(j->url.host);
}

static bool rests(struct web_job *j)
{
	int64_t wall = wall_ms();
	int64_t until = hosts_rest_until(j->w->hosts, host_of(j), wall);

	if (!until)
		return false;
	j->retry_after_ms = until - wall;
	over(j, WEB_FAILED,
	     "its host asked to be left alone; %lld s of that are left",
	     (long long)(j->retry_after_ms + 999) / 1000);
	return true;
}

static int queue(struct web_job *j, bool first)
{
	int r = hosts_queue(j->w->hosts, host_of(j), &j->turn, first,
			    clock_ms());

	if (r)
		return over_lacking(j, r);
	set_state(j, JOB_WAITS);
	return 0;
}

static struct robots_site *site_of(struct web_job *j)
{
	struct buf origin;
	struct robots_site *site;
	bool v6 = strchr(j->url.host, ':') != NULL;

	buf_init(&origin, WEB_URL_MAX + 64);
	buf_printf(&origin, "%s://%s%s%s:%s", j->url.scheme, v6 ? "[" : "",
		   j->url.host, v6 ? "]" : "", j->url.port);
	site = buf_error(&origin) ? NULL
				  : robots_cache_get(j->w->robots,
						     buf_view(&origin),
						     clock_ms());
	buf_done(&origin);
	return site;
}

static void robots_done(void *self, const struct web_answer *a);

/* The job that fetches it goes before all others of the host. */
static int fetch_robots(struct web_job *j, struct robots_site *site)
{
	struct web_job *f = job_new(j->w);
	int r;

	if (!f)
		return -ENOMEM;
	f->done = robots_done;
	f->self = f;
	r = web_url_parse(&j->url, "/robots.txt", &f->url, NULL);
	if (r) {
		job_unlink(f);
		job_free(f);
		return -ENOMEM;
	}
	f->site = site;
	site->self = f;
	site->state = ROBOTS_FETCHING;
	return queue(f, true);
}

static void await(struct web_job *j, struct web_job *f)
{
	j->awaits = f;
	set_state(j, JOB_AWAITS);
	join(&f->last_awaiting, j);
}

/* By rules that are known. */
static int route_by(struct web_job *j, const struct robots_site *site,
		    bool first)
{
	if (site->state == ROBOTS_NONE)
		over(j, WEB_FAILED,
		     "the robots.txt of its host could not be read a moment "
		     "ago, so that nothing is fetched there");
	else if (site->rules &&
		 !robots_allows(site->rules, str_of(j->url.target)))
		over(j, WEB_REFUSED,
		     "the robots.txt of its host does not allow it; "
		     "web.robots: false would not ask");
	else {
		j->delay = site->rules ? robots_delay(site->rules) : 0;
		return queue(j, first);
	}
	return 0;
}

static int route(struct web_job *j, bool first)
{
	struct robots_site *site;
	int r = 0;

	if (rests(j))
		return 0;
	if (!j->robots || !j->w->settings->robots)
		return queue(j, first);
	site = site_of(j);
	if (!site)
		return over_lacking(j, -ENOMEM);
	if (site->state == ROBOTS_UNKNOWN)
		r = fetch_robots(j, site);
	if (r)
		return over_lacking(j, r);
	if (site->state != ROBOTS_FETCHING)
		return route_by(j, site, first);
	await(j, site->self);
	return 0;
}

/* RFC 9309, 2.3.1: without an answer nothing is allowed, and all when the
 * answer is that there is none. A 429 says neither. */
static void robots_done(void *self, const struct web_answer *a)
{
	struct web_job *f = self, *j;
	struct web *w = f->w;
	struct robots *rules = NULL;
	bool none = a->result == WEB_FAILED || a->status == 429 ||
		    a->status >= 500;

	if (a->status >= 200 && a->status < 300 &&
	    robots_parse(a->body, ROBOTS_AGENT, &rules))
		none = true;
	robots_cache_set(w->robots, f->site, rules, !none, clock_ms());
	while ((j = f->awaiting)) {
		f->awaiting = j->next_in_line;
		j->awaits = NULL;
		if (!none || hosts_rest_until(w->hosts, host_of(j), wall_ms()))
			route(j, false); /* what it lacks is told */
		else
			over(j, WEB_FAILED,
			     "the robots.txt of its host cannot be read, so "
			     "that nothing is fetched there for now (%s)",
			     a->sentence ? a->sentence : "no memory");
	}
}

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

	if (rests(j)) {
		hosts_done(w->hosts, &j->turn, now, now);
		return 0;
	}
	r = web_transfer_start(w->transfers, &ask, &j->transfer);
	if (r) {
		hosts_done(w->hosts, &j->turn, now, now);
		return over_lacking(j, r);
	}
	set_state(j, JOB_RUNS);
	w->running++;
	w->stats.requests++;
	return 0;
}

static int start_due(struct web *w)
{
	struct hosts_entry *e;
	int r = 0;

	while (!r && w->running < (size_t)w->settings->connections &&
	       (e = hosts_take(w->hosts, clock_ms())))
		r = start((struct web_job *)e);
	return r;
}

static void run_out(struct web_job *j)
{
	int64_t now = clock_ms();

	j->w->running--;
	hosts_done(j->w->hosts, &j->turn, now + gap_of(j), now);
}

/* What it got. */

static bool is_redirect(const struct web_got *got)
{
	int s = got->status;

	return got->head->location && (s == 301 || s == 302 || s == 303 ||
				       s == 307 || s == 308);
}

/* As long as all that came before was for good, so is where it led. */
static int learn_move(struct web_job *j, const struct web_url *to, int status)
{
	const char *url = to->login ? to->login : to->text;
	char *moved;

	if (status != 301 && status != 308)
		j->temporary = true;
	if (j->temporary || web_url_is_downgrade(&j->url, to))
		return 0;
	moved = strdup(url);
	if (!moved)
		return -ENOMEM;
	free(j->moved);
	j->moved = moved;
	return 0;
}

static int go_to(struct web_job *j, struct web_url to, int status)
{
	int r = learn_move(j, &to, status);

	if (web_url_is_downgrade(&j->url, &to))
		j->downgraded = j->temporary = true;
	web_transfer_free(j->transfer);
	j->transfer = NULL;
	web_url_done(&j->url);
	j->url = to;
	j->delay = 0;
	set_state(j, JOB_NEW);
	return r ? over_lacking(j, r) : route(j, true);
}

static int follow(struct web_job *j, const struct web_got *got)
{
	struct web_url to;
	struct err e = { "" };
	int r;

	if (++j->hops > WEB_HOPS_MAX) {
		over(j, WEB_REFUSED, "after %d redirects there is another one",
		     WEB_HOPS_MAX);
		return 0;
	}
	r = web_url_parse(&j->url, got->head->location, &to, &e);
	if (r < 0)
		return over_lacking(j, r);
	if (r) {
		over(j, WEB_REFUSED, "it answers %d and leads elsewhere: %s",
		     got->status, e.text);
	} else if (!strcmp(to.text, j->url.text)) {
		web_url_done(&to);
		over(j, WEB_REFUSED, "it answers %d and leads to itself",
		     got->status);
	} else {
		return go_to(j, to, got->status);
	}
	return 0;
}

static const char *advice(int status)
{
	switch (status) {
	case 401:
		return ": a name and password in the address may help";
	case 403:
		return ": some sites refuse by User-Agent, which web.agent "
		       "sets";
	case 404:
		return ": it is not there (any more)";
	case 410:
		return ": it is gone for good; do not ask again";
	case 429:
		return ": it was asked too often";
	default:
		return status >= 500 ? ": a trouble of its own; later" : "";
	}
}

static bool wants_rest(int status)
{
	return status == 429 || status == 503;
}

static void weigh(struct web_job *j, const struct web_got *got)
{
	int64_t wall = wall_ms();
	int64_t told = cache_headers_retry_after(&got->head->cache, wall);

	j->retry_after_ms = told;
	if (wants_rest(got->status))
		j->retry_after_ms = hosts_rest(j->w->hosts, host_of(j), told,
					       wall);
	else
		hosts_good(j->w->hosts, host_of(j));
}

static bool asked_for_304(const struct web_job *j)
{
	return !j->downgraded && ((j->etag && j->etag[0]) ||
				  (j->last_modified && j->last_modified[0]));
}

static int hear(struct web_job *j)
{
	struct web_got got;

	web_transfer_got(j->transfer, &got);
	run_out(j);
	j->w->stats.bytes += got.body.n;
	if (got.result != WEB_ANSWER) {
		over(j, got.result, "%s", got.why);
		return 0;
	}
	weigh(j, &got);
	if (is_redirect(&got))
		return follow(j, &got);
	if (got.status == 304 && !asked_for_304(j))
		over(j, WEB_FAILED, "it answers 304, nothing new, though all "
		     "of it was asked for");
	else if (got.status >= 400)
		over(j, WEB_ANSWER, "it answers %d%s", got.status,
		     advice(got.status));
	else
		over(j, WEB_ANSWER, "%s", "");
	return 0;
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
	a->max_age_ms = cache_headers_max_age(&head->cache, wall_ms());
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
	job_unlink(j);
	j->done(j->self, &a);
	job_free(j);
}

/* As many as are over now: what done() asks for comes in the next turn. */
static void tell_all(struct web *w)
{
	size_t n = 0;

	for (struct web_job *j = w->over; j; j = j->next_in_line)
		n++;
	for (; n && w->over; n--) {
		struct web_job *j = w->over;

		leave(&w->over, &w->last_over, j);
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

		job_unlink(j);
		job_free(j);
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
	struct web_job *j = job_new(w);
	struct err e = { "" };
	int r;

	if (!j)
		return -ENOMEM;
	r = copy_request(j, q);
	if (!r)
		r = web_url_parse(NULL, q->url, &j->url, &e);
	if (r < 0) {
		job_unlink(j);
		job_free(j);
		return r;
	}
	if (r)
		over(j, WEB_REFUSED, "%s", e.text);
	else
		route(j, false); /* what it lacks is told */
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
		leave(&j->awaits->awaiting, &j->awaits->last_awaiting, j);
	else if (j->state == JOB_OVER)
		leave(&w->over, &w->last_over, j);
	set_state(j, JOB_NEW);
	job_unlink(j);
	job_free(j);
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
	if (due < 0 || w->running >= (size_t)w->settings->connections)
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
	while (!r && (x = web_transfers_over(w->transfers)))
		r = hear(web_transfer_owner(x));
	if (!r)
		r = start_due(w);
	tell_all(w);
	if (!r)
		r = start_due(w);
	hosts_tidy(w->hosts, clock_ms(), wall_ms());
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

	hosts_rest_set(w->hosts, name_of(host, name), until_ms, wall_ms());
}

int64_t web_host_until(const struct web *w, struct str host)
{
	char name[HOST_MAX];

	return hosts_rest_until(w->hosts, name_of(host, name), wall_ms());
}

struct web_stats web_stats(const struct web *w)
{
	return w ? w->stats : (struct web_stats){ 0 };
}
