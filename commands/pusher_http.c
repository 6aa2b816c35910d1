#include "commands/pusher_http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "wire/http_parts.h"

enum { URL_MAX = 2048, SILENCE_MS = 5000 };

struct pusher_http {
	CURL *curl;
	char url[URL_MAX];
	char bearer[HTTP_TOKEN_MAX + 32];
	struct buf *answer; /* of the request in hand */
	curl_off_t moved;   /* bytes of it, either way, */
	int64_t moved_ms;   /* and when the last of them went */
	char why[CURL_ERROR_SIZE];
};

static size_t on_bytes(char *p, size_t size, size_t n, void *self)
{
	struct pusher_http *h = self;

	buf_add(h->answer, p, size * n);
	return buf_error(h->answer) ? 0 : size * n;
}

/* A transfer that stands still for five seconds is over, however long a large
 * one takes; curl's own measure of it is an average. */
static int on_progress(void *self, curl_off_t down_all, curl_off_t down,
		       curl_off_t up_all, curl_off_t up)
{
	struct pusher_http *h = self;

	(void)down_all;
	(void)up_all;
	if (h->moved != down + up) {
		h->moved = down + up;
		h->moved_ms = clock_ms();
	}
	return stop_asked() || clock_ms() - h->moved_ms >= SILENCE_MS;
}

/* Where to: a URL without a path is that of an ingest. */
static int set_url(struct pusher_http *h, const char *to, struct err *e)
{
	const char *host = strstr(to, "://") + 3;
	const char *path = strchr(host, '/');
	int n = snprintf(h->url, sizeof(h->url), "%s%s", to,
			 !path	     ? "/articles"
			 : path[1] ? ""
				     : "articles");

	if (!*host || *host == '/' || n >= URL_MAX)
		return err_set(e, -EINVAL, "'%s' is no URL to push to", to);
	return 0;
}

static int set_token(struct pusher_http *h, const char *path, struct err *e)
{
	char token[HTTP_TOKEN_MAX + 1];
	int r = path ? http_read_token(path, token, e) : 0;

	if (path && !r)
		snprintf(h->bearer, sizeof(h->bearer),
			 "Authorization: Bearer %s", token);
	return r;
}

/* No redirects: the token is for this server. */
static void set_options(struct pusher_http *h, const struct pusher_options *o)
{
	CURL *c = h->curl;

	curl_easy_setopt(c, CURLOPT_URL, h->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)SILENCE_MS);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, h->why);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, h);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "vigie/" VIGIE_VERSION);
	if (o->ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, o->ca);
}

int pusher_http_open(const struct pusher_options *o, struct pusher_http **ret,
		     struct err *e)
{
	struct pusher_http *h = calloc(1, sizeof(*h));
	int r;

	if (!h)
		return err_sys(e, -ENOMEM, "push");
	h->curl = curl_easy_init();
	r = h->curl ? set_url(h, o->to, e) : err_sys(e, -ENOMEM, "libcurl");
	if (!r)
		r = set_token(h, o->token_file, e);
	if (r) {
		pusher_http_close(h);
		return r;
	}
	set_options(h, o);
	*ret = h;
	return 0;
}

void pusher_http_close(struct pusher_http *h)
{
	if (!h)
		return;
	if (h->curl)
		curl_easy_cleanup(h->curl);
	free(h);
}

static bool add_header(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	*list = longer ? longer : *list;
	return longer != NULL;
}

static struct curl_slist *headers_of(const struct pusher_http *h,
				     struct str key)
{
	struct curl_slist *list = NULL;
	char line[300];
	bool good;

	snprintf(line, sizeof(line), "Idempotency-Key: " STR_FMT,
		 STR_ARG(key));
	good = add_header(&list, "Content-Type: application/x-ndjson") &&
	       add_header(&list, line) &&
	       (!h->bearer[0] || add_header(&list, h->bearer));
	if (good)
		return list;
	curl_slist_free_all(list);
	return NULL;
}

int pusher_http_post(struct pusher_http *h, struct str key, struct str body,
		     int *status, int64_t *again_ms, struct buf *answer,
		     struct err *e)
{
	struct curl_slist *headers = headers_of(h, key);
	curl_off_t again = 0;
	long code = 0;
	CURLcode r;

	if (!headers)
		return err_sys(e, -ENOMEM, "libcurl");
	h->answer = answer;
	h->why[0] = '\0';
	h->moved = 0;
	h->moved_ms = clock_ms();
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)body.n);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, body.p);
	r = curl_easy_perform(h->curl);
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &code);
	curl_easy_getinfo(h->curl, CURLINFO_RETRY_AFTER, &again);
	curl_slist_free_all(headers);
	*status = (int)code;
	*again_ms = again * 1000;
	if (r == CURLE_PEER_FAILED_VERIFICATION ||
	    r == CURLE_SSL_CACERT_BADFILE)
		return err_set(e, -EACCES, "%s: %s", h->url,
			       h->why[0] ? h->why : curl_easy_strerror(r));
	if (r == CURLE_ABORTED_BY_CALLBACK)
		return err_set(e, STEP_WAIT, "%s does not answer", h->url);
	return r == CURLE_OK
		       ? 0
		       : err_set(e, STEP_WAIT, "%s: %s", h->url,
				 h->why[0] ? h->why : curl_easy_strerror(r));
}
