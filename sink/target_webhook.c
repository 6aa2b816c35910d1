/* target_webhook.c -- lines posted to a URL, as JSON lines. Any answer of the
 * class 2xx says that the receiver has them; nothing else does, and what it
 * does not have is posted again until it has. Nothing is dropped: a receiver
 * that refuses one record for good stops the sink, which says which it is.
 *
 *	POST PLACE
 *	Content-Type: application/x-ndjson
 *	Idempotency-Key: the SHA-256 of the "origin:seq\n" of its lines
 *	Authorization: Bearer …	(with token_file)
 *
 * A post whose answer was lost comes again with the same lines and key. After
 * a crash of the sink lines may come again among others; their origin and seq
 * tell. Redirects are followed on the same host alone: the token is for it. */
#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/stop.h"
#include "sink/held.h"
#include "sink/sink.h"
#include "sink/target.h"

enum {
	POST_MAX = 1 << 20, /* bytes of lines; one that is longer goes alone */
	POST_ROWS_MAX = 4096,
	TIMEOUT_MS = 10000,
	PAUSE_MIN_MS = 250,
	PAUSE_MAX_MS = 60000,
	RETRY_AFTER_MAX_S = 3600,
	HOPS_MAX = 5,
	TOKEN_MAX = 4096,
	SAID_MAX = 160, /* bytes of an answer that a sentence quotes */
	URL_MAX = 2048,
};

struct webhook {
	const char *place;
	const char *token_file; /* NULL: none */
	int64_t timeout;
	CURL *curl;
	char url[URL_MAX]; /* where a redirect led, for one post */
	char token[TOKEN_MAX];
	struct held held;
	size_t from;	     /* the first row that is not delivered */
	size_t most;	     /* rows a post may have; fewer after a refusal */
	int64_t next, pause; /* when to try again; then wait so long */
	struct buf said;     /* the beginning of the answer */
};

/* The place and its token. */

static int bad_url(const char *url, const char *why, struct err *e)
{
	return err_set(e, -EINVAL, "'%s' is no URL to post to: %s", url, why);
}

static int check_url(const char *url, struct err *e)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *user = NULL;
	CURLUcode code;
	int r = 0;

	if (!u)
		return -ENOMEM;
	code = curl_url_set(u, CURLUPART_URL, url, 0);
	if (!code)
		code = curl_url_get(u, CURLUPART_SCHEME, &scheme, 0);
	if (code)
		r = bad_url(url, curl_url_strerror(code), e);
	else if (strcmp(scheme, "https") && strcmp(scheme, "http"))
		r = bad_url(url, "expected https://… or http://…", e);
	else if (!curl_url_get(u, CURLUPART_USER, &user, 0))
		r = err_set(e, -EINVAL,
			    "a name and password in a URL would be logged; "
			    "use token_file");
	else if (strlen(url) >= URL_MAX)
		r = err_set(e, -EINVAL, "a URL of %zu bytes; at most %d are "
			    "allowed",
			    strlen(url), URL_MAX - 1);
	curl_free(scheme);
	curl_free(user);
	curl_url_cleanup(u);
	return r;
}

static int check_mode(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st))
		return err_sys(e, -errno, "%s", path);
	if (st.st_mode & 077)
		return err_set(e, -EACCES,
			       "%s: others may read this token; chmod 600 it",
			       path);
	return 0;
}

/* Visible ASCII alone: anything else could end the header. */
static int read_token(struct webhook *w, struct err *e)
{
	struct str all, token;
	int r;

	if (!w->token_file)
		return 0;
	r = check_mode(w->token_file, e);
	if (!r)
		r = file_read(w->token_file, TOKEN_MAX - 1, &all, e);
	if (r)
		return r;
	token = str_trim(all);
	for (size_t i = 0; i < token.n; i++)
		if (!isgraph((unsigned char)token.p[i]))
			r = -EINVAL;
	if (!token.n || r)
		r = err_set(e, -EINVAL,
			    "%s: expected one token of visible characters",
			    w->token_file);
	else
		snprintf(w->token, sizeof(w->token), STR_FMT, STR_ARG(token));
	free((char *)all.p);
	return r;
}

static int check_place(struct webhook *w, const struct target_options *o,
		       struct err *e)
{
	int r = check_url(o->place, e);

	w->token_file = o->settings ? o->settings->token_file : NULL;
	if (!r)
		r = read_token(w, e);
	if (!r && w->token_file && !strncmp(o->place, "http:", 5))
		buf_printf(o->notes, "%s: the token goes there unencrypted\n",
			   o->place);
	return r;
}

static int webhook_check(const struct target_options *o, struct err *e)
{
	struct webhook w = { .place = o->place };

	return check_place(&w, o, e);
}

/* Opening. */

static size_t hear(char *bytes, size_t one, size_t n, void *to)
{
	struct buf *said = to;
	size_t room = SAID_MAX - said->n;

	(void)one;
	buf_add(said, bytes, n < room ? n : room);
	return n;
}

/* Until the answer is here; a second signal means now. */
static int go_on(void *arg, curl_off_t a, curl_off_t b, curl_off_t c,
		 curl_off_t d)
{
	(void)arg;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return stop_count() >= 2;
}

static int set_up(struct webhook *w, struct err *e)
{
	CURLcode code = CURLE_OK;

#define SET(option, value)                                       \
	do {                                                     \
		if (!code)                                       \
			code = curl_easy_setopt(w->curl, option, \
						value);          \
	} while (0)
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_TIMEOUT_MS, (long)w->timeout);
	SET(CURLOPT_USERAGENT, "vigie/" VIGIE_VERSION);
	SET(CURLOPT_WRITEFUNCTION, hear);
	SET(CURLOPT_WRITEDATA, &w->said);
	SET(CURLOPT_XFERINFOFUNCTION, go_on);
	SET(CURLOPT_NOPROGRESS, 0L);
#undef SET
	return code ? err_set(e, -ENOMEM, "%s", curl_easy_strerror(code)) : 0;
}

static int open_all(struct webhook *w, const struct target_options *o,
		    struct err *e)
{
	int r = check_place(w, o, e);

	if (r)
		return r;
	w->curl = curl_easy_init();
	return w->curl ? set_up(w, e) : -ENOMEM;
}

static void webhook_close(void *self)
{
	struct webhook *w = self;

	curl_easy_cleanup(w->curl);
	curl_global_cleanup();
	held_done(&w->held);
	buf_done(&w->said);
	free(w);
}

static int webhook_open(const struct target_options *o, void **ret,
			struct err *e)
{
	const struct sink_target *set = o->settings;
	struct webhook *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->place = o->place;
	w->timeout = set && set->timeout ? set->timeout : TIMEOUT_MS;
	w->most = POST_ROWS_MAX;
	held_init(&w->held);
	buf_init(&w->said, SAID_MAX);
	r = curl_global_init(CURL_GLOBAL_DEFAULT) ? -ENOMEM : 0;
	if (!r)
		r = open_all(w, o, e);
	if (r) {
		webhook_close(w);
		return r;
	}
	*ret = w;
	return 0;
}

/* What the receiver has cannot be asked for. */
static bool webhook_commits(const void *self)
{
	(void)self;
	return false;
}

static int webhook_write(void *self, const struct record *line, struct err *e)
{
	struct webhook *w = self;
	int r = held_add(&w->held, line, e);

	return r ? err_at(e, r, "%s: ", w->place) : 0;
}

/* One post. */

struct post {
	struct str body;
	size_t rows;
	char key[HASH_SHA_HEX];
};

static int add_key(struct post *p, const struct held_row *row)
{
	unsigned char sha[HASH_SHA_SIZE];
	struct buf names;
	int r;

	buf_init(&names, POST_ROWS_MAX * (size_t)(WIRE_ORIGIN_HEX + 24));
	for (size_t i = 0; i < p->rows; i++) {
		char hex[WIRE_ORIGIN_HEX];

		origin_hex(row[i].origin, hex);
		buf_printf(&names, "%s:%llu\n", hex,
			   (unsigned long long)row[i].seq);
	}
	r = buf_error(&names) ? buf_error(&names)
			      : hash_sha256(buf_view(&names), sha);
	if (!r)
		hash_hex(sha, sizeof(sha), p->key);
	buf_done(&names);
	return r;
}

/* The lines from the first that is not delivered. The same again as long as
 * nothing is delivered or refused, for nothing is written meanwhile. */
static int next_post(const struct webhook *w, struct post *ret)
{
	size_t n, start;
	const struct held_row *row = held_rows(&w->held, &n);
	const struct held_row *v = row + w->from;

	n -= w->from;
	n = n < w->most ? n : w->most;
	start = v[0].at;
	for (ret->rows = 1; ret->rows < n; ret->rows++) {
		const struct held_row *last = &v[ret->rows];

		if (last->at + last->size + 1 - start > POST_MAX)
			break;
	}
	n = v[ret->rows - 1].at + v[ret->rows - 1].size + 1;
	ret->body = (struct str){ w->held.lines.p + start, n - start };
	return add_key(ret, v);
}

/* Copies the header, as curl does. */
static int add_header(struct curl_slist **list, const char *name,
		      const char *value)
{
	char line[TOKEN_MAX + 64];
	struct curl_slist *longer;

	snprintf(line, sizeof(line), "%s%s", name, value);
	longer = curl_slist_append(*list, line);
	if (!longer)
		return -ENOMEM;
	*list = longer;
	return 0;
}

static int send_post(struct webhook *w, const struct post *p, CURLcode *code)
{
	struct curl_slist *list = NULL;
	int r = add_header(&list, "Content-Type: application/x-ndjson", "");

	if (!r)
		r = add_header(&list, "Expect:", ""); /* no word before 2xx */
	if (!r)
		r = add_header(&list, "Idempotency-Key: ", p->key);
	if (!r && w->token[0])
		r = add_header(&list, "Authorization: Bearer ", w->token);
	buf_clear(&w->said);
	if (!r) {
		curl_easy_setopt(w->curl, CURLOPT_URL, w->url);
		curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, list);
		curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, p->body.p);
		curl_easy_setopt(w->curl, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)p->body.n);
		*code = curl_easy_perform(w->curl);
		curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, NULL);
	}
	curl_slist_free_all(list);
	return r;
}

/* Answers. */

static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
	char *x = NULL, *y = NULL;
	bool same = !curl_url_get(a, part, &x, CURLU_DEFAULT_PORT) &&
		    !curl_url_get(b, part, &y, CURLU_DEFAULT_PORT) &&
		    !strcasecmp(x, y);

	curl_free(x);
	curl_free(y);
	return same;
}

static bool same_host(const char *one, const char *other)
{
	CURLU *a = curl_url(), *b = curl_url();
	bool same = a && b && !curl_url_set(a, CURLUPART_URL, one, 0) &&
		    !curl_url_set(b, CURLUPART_URL, other, 0) &&
		    same_part(a, b, CURLUPART_SCHEME) &&
		    same_part(a, b, CURLUPART_HOST) &&
		    same_part(a, b, CURLUPART_PORT);

	curl_url_cleanup(a);
	curl_url_cleanup(b);
	return same;
}

/* 303 asks for a GET, which would deliver nothing. */
static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 307 ||
	       status == 308;
}

/* 0: post there; STEP_WAIT: it leads elsewhere. */
static int follow(struct webhook *w, long status, struct err *e)
{
	char *to = NULL;

	curl_easy_getinfo(w->curl, CURLINFO_REDIRECT_URL, &to);
	if (!to || strlen(to) >= URL_MAX)
		return err_set(e, STEP_WAIT,
			       "answers %ld and does not say where to", status);
	if (!same_host(w->place, to))
		return err_set(e, STEP_WAIT,
			       "answers %ld, go to %.200s, which is another "
			       "host or scheme: if that is right, name it in "
			       "the configuration",
			       status, to);
	snprintf(w->url, sizeof(w->url), "%s", to);
	return 0;
}

/* Of a 429 or 503, perhaps; less than a day is believed. */
static int64_t retry_after_ms(struct webhook *w)
{
	curl_off_t s = 0;

	curl_easy_getinfo(w->curl, CURLINFO_RETRY_AFTER, &s);
	return 1000 * (s < RETRY_AFTER_MAX_S ? (int64_t)s : RETRY_AFTER_MAX_S);
}

static void put_off(struct webhook *w)
{
	int64_t told = retry_after_ms(w);

	w->pause = w->pause ? w->pause * 2 : PAUSE_MIN_MS;
	if (w->pause > PAUSE_MAX_MS)
		w->pause = PAUSE_MAX_MS;
	w->next = clock_ms() + (told > w->pause ? told : w->pause);
}

/* The post as it is will not do: is it one line of it, or its size? */
static bool blames_content(long status)
{
	return status == 400 || status == 413 || status == 422;
}

static int refused(struct webhook *w, const struct post *p, long status,
		   struct err *e)
{
	size_t n;
	const struct held_row *row = held_rows(&w->held, &n) + w->from;
	char hex[WIRE_ORIGIN_HEX], which[64 + WIRE_ORIGIN_HEX] = "";
	struct str said = str_trim(buf_view(&w->said));

	if (blames_content(status) && p->rows == 1) {
		origin_hex(row->origin, hex);
		snprintf(which, sizeof(which), " to seq %llu of origin %s",
			 (unsigned long long)row->seq, hex);
	}
	return err_set(e, STEP_WAIT, "answers %ld%s%s" STR_FMT "%s", status,
		       which, said.n ? ": " : "", STR_ARG(said),
		       status >= 400 && status < 500
			       ? " (it is asked again until it takes it)"
			       : "");
}

/* 0: delivered, or to be posted again at once in smaller pieces. */
static int hear_status(struct webhook *w, const struct post *p, long status,
		       struct err *e)
{
	if (status >= 200 && status < 300) {
		w->from += p->rows;
		w->most = w->most * 2 < POST_ROWS_MAX ? w->most * 2
						      : POST_ROWS_MAX;
		w->pause = 0;
		return 0;
	}
	if (blames_content(status) && p->rows > 1) {
		w->most = p->rows / 2;
		return 0;
	}
	if (status == 401) /* it may have been changed */
		read_token(w, NULL);
	return refused(w, p, status, e);
}

/* One post with the redirects that it takes. */
static int deliver(struct webhook *w, struct err *e)
{
	struct post p;
	CURLcode code = CURLE_OK;
	long status = 0;
	int r = next_post(w, &p);

	snprintf(w->url, sizeof(w->url), "%s", w->place);
	for (int hops = 0; !r; hops++) {
		r = send_post(w, &p, &code);
		if (r)
			break;
		if (code)
			return err_set(e, STEP_WAIT, "%s",
				       curl_easy_strerror(code));
		curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &status);
		if (!is_redirect(status))
			return hear_status(w, &p, status, e);
		r = hops < HOPS_MAX
			    ? follow(w, status, e)
			    : err_set(e, STEP_WAIT, "redirects in a circle");
	}
	return r;
}

/* A receiver that is slow, and no more, does not keep the sink from its other
 * duties: after the time for one answer it goes on later, with no sentence. */
static int webhook_commit(void *self, struct err *e)
{
	struct webhook *w = self;
	int64_t until = clock_ms() + w->timeout;
	struct err why = { "" };
	size_t n;
	int r = 0;

	held_rows(&w->held, &n);
	if (w->from < n && clock_ms() < w->next)
		return STEP_WAIT;
	while (!r && w->from < n) {
		if (clock_ms() > until)
			return STEP_WAIT;
		r = deliver(w, &why);
	}
	if (r == STEP_WAIT)
		put_off(w);
	if (r)
		return err_set(e, r, "%s: %s", w->place, why.text);
	held_clear(&w->held);
	w->from = 0;
	return 0;
}

const struct target_kind target_webhook = {
	.name = "webhook",
	.weaker = "lines are posted until they are answered with 2xx, so that "
		  "none is missing; those whose answer was lost, and after a "
		  "crash some more, come again",
	.check = webhook_check,
	.open = webhook_open,
	.commits = webhook_commits,
	.write = webhook_write,
	.commit = webhook_commit,
	.close = webhook_close,
};
