#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "ingest/web_parts.h"

static int queue(struct web_job *j, bool first)
{
	int r = hosts_queue(j->w->hosts, web_job_host(j), &j->turn, first,
			    clock_ms());

	if (r)
		return web_job_lacks(j, r);
	web_job_set(j, JOB_WAITS);
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
	site = buf_error(&origin)
		       ? NULL
		       : robots_cache_get(j->w->robots, buf_view(&origin),
					  clock_ms());
	buf_done(&origin);
	return site;
}

static void robots_done(void *self, const struct web_answer *a);

/* The job that fetches it goes before all others of the host. */
static int fetch_robots(struct web_job *j, struct robots_site *site)
{
	struct web_job *f = web_job_new(j->w);
	int r;

	if (!f)
		return -ENOMEM;
	f->done = robots_done;
	f->self = f;
	r = web_url_parse(&j->url, "/robots.txt", &f->url, NULL);
	if (r) {
		web_job_unlink(f);
		web_job_free(f);
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
	web_job_set(j, JOB_AWAITS);
	web_job_join(&f->last_awaiting, j);
}

/* By rules that are known. */
static int route_by(struct web_job *j, const struct robots_site *site,
		    bool first)
{
	if (site->state == ROBOTS_NONE)
		web_job_over(
			j, WEB_FAILED,
			"the robots.txt of its host could not be read a moment "
			"ago, so that nothing is fetched there");
	else if (site->rules &&
		 !robots_allows(site->rules, str_of(j->url.target)))
		web_job_over(j, WEB_REFUSED,
			     "the robots.txt of its host does not allow it; "
			     "web.robots: false would not ask");
	else {
		j->delay = site->rules ? robots_delay(site->rules) : 0;
		return queue(j, first);
	}
	return 0;
}

int web_route(struct web_job *j, bool first)
{
	struct robots_site *site;
	int r = 0;

	if (web_job_rests(j))
		return 0;
	if (!j->robots || !j->w->settings->robots)
		return queue(j, first);
	site = site_of(j);
	if (!site)
		return web_job_lacks(j, -ENOMEM);
	if (site->state == ROBOTS_UNKNOWN)
		r = fetch_robots(j, site);
	if (r)
		return web_job_lacks(j, r);
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
		if (!none ||
		    hosts_rest_until(w->hosts, web_job_host(j), web_wall_ms()))
			web_route(j, false); /* what it lacks is told */
		else
			web_job_over(
				j, WEB_FAILED,
				"the robots.txt of its host cannot be read, so "
				"that nothing is fetched there for now (%s)",
				a->sentence ? a->sentence : "no memory");
	}
}
