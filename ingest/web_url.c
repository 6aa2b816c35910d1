#include "ingest/web_url.h"

#include <curl/curl.h>
#include <errno.h>
#include <idn2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char TOO_LONG[] = "it is over 8192 bytes long";

void web_url_done(struct web_url *u)
{
	free(u->text);
	free(u->login);
	free(u->scheme);
	free(u->host);
	free(u->port);
	free(u->target);
	free(u->user);
	free(u->password);
	*u = (struct web_url){ 0 };
}

bool web_url_is_downgrade(const struct web_url *from,
			  const struct web_url *to)
{
	return !strcmp(from->scheme, "https") && strcmp(to->scheme, "https");
}

/* Of what could not be taken apart, all up to the last '@' may be a name and a
 * password. */
static const char *shown(const char *url)
{
	const char *at = strrchr(url, '@');

	return at ? at + 1 : url;
}

static int refuse(const char *url, const char *why, struct err *e)
{
	return err_set(e, STEP_REJECT, "'%.200s' cannot be fetched: %s",
		       shown(url), why);
}

/* One part, as curl gives it, into memory of ours. It is there or *ret is as it
 * was. */
static int part(CURLU *u, CURLUPart which, unsigned flags, char **ret)
{
	char *its = NULL;
	CURLUcode code = curl_url_get(u, which, &its, flags);

	if (code == CURLUE_OUT_OF_MEMORY)
		return -ENOMEM;
	if (code)
		return 0;
	*ret = strdup(its);
	curl_free(its);
	return *ret ? 0 : -ENOMEM;
}

/* How a host is written does not make another one of it. */
static void tidy_host(char *host)
{
	size_t n = strlen(host);

	if (n > 1 && host[0] == '[' && host[n - 1] == ']') {
		memmove(host, host + 1, n - 2);
		host[n -= 2] = '\0';
	}
	if (n > 1 && host[n - 1] == '.')
		host[n - 1] = '\0';
	for (; *host; host++)
		if (*host >= 'A' && *host <= 'Z')
			*host = (char)(*host | 0x20);
}

static bool is_ascii(const char *s)
{
	while (*s && (unsigned char)*s < 0x80)
		s++;
	return !*s;
}

/* A name in other letters has a form in ASCII (RFC 5891), which is what is
 * looked up. libcurl would take it to be in the locale's charset. */
static int to_ascii(CURLU *u, const char *ref, char **host, struct err *e)
{
	int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL, code;
	uint8_t *ascii = NULL;
	CURLUcode set;

	if (is_ascii(*host))
		return 0;
	code = idn2_lookup_u8((const uint8_t *)*host, &ascii, flags);
	if (code == IDN2_MALLOC)
		return -ENOMEM;
	if (code)
		return refuse(ref, idn2_strerror(code), e);
	set = curl_url_set(u, CURLUPART_HOST, (char *)ascii, 0);
	free(*host);
	*host = set ? NULL : strdup((char *)ascii);
	idn2_free(ascii);
	return *host ? 0 : -ENOMEM;
}

static int take_target(CURLU *u, struct web_url *ret)
{
	char *path = NULL, *query = NULL;
	size_t n;
	int r = part(u, CURLUPART_PATH, 0, &path);

	if (!r)
		r = part(u, CURLUPART_QUERY, 0, &query);
	n = (path ? strlen(path) : 0) + (query ? strlen(query) : 0) + 2;
	ret->target = r ? NULL : malloc(n);
	if (ret->target)
		snprintf(ret->target, n, "%s%s%s", path ? path : "",
			 query ? "?" : "", query ? query : "");
	free(path);
	free(query);
	return ret->target ? 0 : -ENOMEM;
}

static int take_place(CURLU *u, const char *ref, struct web_url *ret,
		      struct err *e)
{
	int r = part(u, CURLUPART_SCHEME, 0, &ret->scheme);

	if (!r)
		r = part(u, CURLUPART_HOST, 0, &ret->host);
	if (r)
		return r;
	if (!ret->scheme ||
	    (strcmp(ret->scheme, "http") && strcmp(ret->scheme, "https")))
		return refuse(ref, "only http:// and https:// are", e);
	if (!ret->host || !ret->host[0])
		return refuse(ref, "it names no host", e);
	r = to_ascii(u, ref, &ret->host, e);
	if (r)
		return r;
	tidy_host(ret->host);
	r = part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT, &ret->port);
	return r ? r : take_target(u, ret);
}

static bool inherits(const struct web_url *from, const struct web_url *to)
{
	return from->user && !strcmp(from->host, to->host) &&
	       !web_url_is_downgrade(from, to);
}

static int take_login(CURLU *u, const struct web_url *from,
		      struct web_url *ret)
{
	int r = 0;

	if (from) {
		bool theirs = inherits(from, ret);

		if (theirs)
			ret->user = strdup(from->user);
		if (theirs && from->password)
			ret->password = strdup(from->password);
		if (theirs && (!ret->user ||
			       (from->password && !ret->password)))
			return -ENOMEM;
	} else {
		r = part(u, CURLUPART_USER, CURLU_URLDECODE, &ret->user);
		if (!r)
			r = part(u, CURLUPART_PASSWORD, CURLU_URLDECODE,
				 &ret->password);
	}
	return r;
}

/* The whole, with the given name and password (NULL: without). */
static int take_text(CURLU *u, const char *user, const char *password,
		     char **ret)
{
	curl_url_set(u, CURLUPART_USER, user, CURLU_URLENCODE);
	curl_url_set(u, CURLUPART_PASSWORD, password, CURLU_URLENCODE);
	return part(u, CURLUPART_URL, 0, ret) || !*ret ? -ENOMEM : 0;
}

static int take_all(CURLU *u, const struct web_url *from, const char *ref,
		    struct web_url *ret, struct err *e)
{
	int r = take_place(u, ref, ret, e);

	if (!r)
		r = take_login(u, from, ret);
	if (r)
		return r;
	curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
	if (ret->user)
		r = take_text(u, ret->user, ret->password, &ret->login);
	if (!r)
		r = take_text(u, NULL, NULL, &ret->text);
	if (!r && strlen(ret->text) > WEB_URL_MAX)
		r = refuse(ref, TOO_LONG, e);
	return r;
}

/* As browsers do, what should have been encoded is. */
static CURLUcode resolve(CURLU *u, const struct web_url *from, const char *ref)
{
	unsigned flags = CURLU_URLENCODE | CURLU_ALLOW_SPACE |
			 CURLU_NON_SUPPORT_SCHEME;
	CURLUcode code = CURLUE_OK;

	if (from)
		code = curl_url_set(u, CURLUPART_URL, from->text, 0);
	return code ? code : curl_url_set(u, CURLUPART_URL, ref, flags);
}

int web_url_parse(const struct web_url *from, const char *ref,
		  struct web_url *ret, struct err *e)
{
	struct web_url made = { 0 };
	CURLUcode code;
	CURLU *u;
	int r;

	if (strlen(ref) > WEB_URL_MAX)
		return refuse(ref, TOO_LONG, e);
	u = curl_url();
	if (!u)
		return -ENOMEM;
	code = resolve(u, from, ref);
	if (code == CURLUE_OUT_OF_MEMORY)
		r = -ENOMEM;
	else if (code)
		r = refuse(ref, curl_url_strerror(code), e);
	else
		r = take_all(u, from, ref, &made, e);
	curl_url_cleanup(u);
	if (r)
		web_url_done(&made);
	else
		*ret = made;
	return r;
}
