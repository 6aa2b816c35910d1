/* web_parts.h -- the inside of web.h, for its own files alone: what a request
 * is on its way, from web_get() to its done(). */
#ifndef VIGIE_WEB_PARTS_H
#define VIGIE_WEB_PARTS_H

#include "ingest/hosts.h"
#include "ingest/robots_cache.h"
#include "ingest/web.h"
#include "ingest/web_transfer.h"

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

/* Milliseconds since 1970. */
int64_t web_wall_ms(void);

/* web_job.c: what all jobs have in common. */

/* One of w's jobs; NULL: no memory. */
struct web_job *web_job_new(struct web *w);
/* No longer one of w's; still to be freed. */
void web_job_unlink(struct web_job *j);
void web_job_free(struct web_job *j);
void web_job_set(struct web_job *j, enum job_state state);
struct str web_job_host(const struct web_job *j);
/* Lines of jobs: who is over, who awaits a robots.txt. */
void web_job_join(struct web_job ***last, struct web_job *j);
void web_job_leave(struct web_job **first, struct web_job ***last,
		   struct web_job *j);
/* It is over, as result and the sentence say ("": none), which will begin with
 * its URL: tell it in a turn. */
void web_job_over(struct web_job *j, enum web_result result, const char *fmt,
		  ...) __attribute__((format(printf, 3, 4)));
/* Our trouble goes up; the job is told as failed all the same, for it has an
 * owner. Returns r. */
int web_job_lacks(struct web_job *j, int r);
/* Its host wants to be left alone, so that it is over. */
bool web_job_rests(struct web_job *j);

/* web_route.c: which way a job goes. Into the queue, before the others or
 * behind them; to wait for a robots.txt; or it is over. 0; -ENOMEM, and it is
 * over, too. */
int web_route(struct web_job *j, bool first);

/* web_hear.c: what its transfer got. It is over, or on its way to where it was
 * led. The same errors. */
int web_hear(struct web_job *j);

#endif
