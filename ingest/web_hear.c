#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/web_parts.h"

static bool is_redirect(const struct web_got *got)
{
	int s = got->status;

	return got->head->location &&
	       (s == 301 || s == 302 || s == 303 || s == 307 || s == 308);
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
	web_job_set(j, JOB_NEW);
	return r ? web_job_lacks(j, r) : web_route(j, true);
}

static int follow(struct web_job *j, const struct web_got *got)
{
	struct web_url to;
	struct err e = { "" };
	int r;

	if (++j->hops > WEB_HOPS_MAX) {
		web_job_over(j, WEB_REFUSED,
			     "after %d redirects there is another one",
			     WEB_HOPS_MAX);
		return 0;
	}
	r = web_url_parse(&j->url, got->head->location, &to, &e);
	if (r < 0)
		return web_job_lacks(j, r);
	if (r) {
		web_job_over(j, WEB_REFUSED,
			     "it answers %d and leads elsewhere: %s",
			     got->status, e.text);
	} else if (!strcmp(to.text, j->url.text)) {
		web_url_done(&to);
		web_job_over(j, WEB_REFUSED,
			     "it answers %d and leads to itself", got->status);
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
	int64_t wall = web_wall_ms();
	int64_t told = cache_headers_retry_after(&got->head->cache, wall);

	j->retry_after_ms = told;
	if (wants_rest(got->status))
		j->retry_after_ms =
			hosts_rest(j->w->hosts, web_job_host(j), told, wall);
	else
		hosts_good(j->w->hosts, web_job_host(j));
}

static bool asked_for_304(const struct web_job *j)
{
	return !j->downgraded && ((j->etag && j->etag[0]) ||
				  (j->last_modified && j->last_modified[0]));
}

int web_hear(struct web_job *j)
{
	struct web_got got;

	web_transfer_got(j->transfer, &got);
	j->w->stats.bytes += got.body.n;
	if (got.result != WEB_ANSWER) {
		web_job_over(j, got.result, "%s", got.why);
		return 0;
	}
	weigh(j, &got);
	if (is_redirect(&got))
		return follow(j, &got);
	if (got.status == 304 && !asked_for_304(j))
		web_job_over(j, WEB_FAILED,
			     "it answers 304, nothing new, though all "
			     "of it was asked for");
	else if (got.status >= 400)
		web_job_over(j, WEB_ANSWER, "it answers %d%s", got.status,
			     advice(got.status));
	else
		web_job_over(j, WEB_ANSWER, "%s", "");
	return 0;
}
