#include "wire/http_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define AT(member) offsetof(struct http_settings, member)

enum { SECRET_MAX = 1 << 20, BACKLOG = 128 };

const struct conf_key http_keys[] = {
	{ "listen", CONF_TEXT, AT(listen),
	  .help = "an address and port, as in 127.0.0.1:9470; none: no HTTP" },
	{ "token_file", CONF_TEXT, AT(token_file),
	  .help = "a file, 0600, with the token that requests must bear "
		  "(Authorization: Bearer …)" },
	{ "certificate", CONF_TEXT, AT(certificate),
	  .help = "a PEM file; with key, answers over TLS" },
	{ "key", CONF_TEXT, AT(key), .help = "its key, a PEM file, 0600" },
	{ "behind_proxy", CONF_BOOL, AT(behind_proxy), "false",
	  .help = "a reverse proxy does TLS and limits who comes: listen "
		  "beyond this machine without" },
	{ "body", CONF_SIZE, AT(body), "16M", 1024, 1 << 30,
	  .help = "the largest request" },
	{ "connections", CONF_INT, AT(connections), "64", 1, 4096,
	  .help = "at once, at most" },
	{ "timeout", CONF_TIME, AT(timeout), "30s", 100, 3600000,
	  .help = "a client that has not sent its request, or not taken its "
		  "answer, by then is cut off; each 16 KB of a body that came "
		  "give it a second more" },
	{ .name = NULL },
};

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} at;
	socklen_t n;
	bool loopback;
};

static bool read_port(const char *z, uint16_t *ret)
{
	size_t digits = strspn(z, "0123456789");
	int port = digits && digits <= 5 && !z[digits] ? atoi(z) : -1;

	*ret = htons((uint16_t)port);
	return port >= 0 && port <= 65535;
}

/* Names are not looked up: where one leads to may change after the check.
 * "localhost" is what it always is. */
static bool read_host(const char *host, uint16_t port, struct address *ret)
{
	*ret = (struct address){ .n = sizeof(ret->at.v4) };
	if (inet_pton(AF_INET, host, &ret->at.v4.sin_addr) == 1) {
		ret->at.v4.sin_family = AF_INET;
		ret->at.v4.sin_port = port;
		ret->loopback = ntohl(ret->at.v4.sin_addr.s_addr) >> 24 == 127;
		return true;
	}
	*ret = (struct address){ .n = sizeof(ret->at.v6) };
	if (inet_pton(AF_INET6, host, &ret->at.v6.sin6_addr) != 1)
		return false;
	ret->at.v6.sin6_family = AF_INET6;
	ret->at.v6.sin6_port = port;
	ret->loopback = IN6_IS_ADDR_LOOPBACK(&ret->at.v6.sin6_addr);
	return true;
}

static bool read_address(const char *z, struct address *ret)
{
	const char *colon = strrchr(z, ':');
	size_t n = colon ? (size_t)(colon - z) : 0;
	char host[64];
	uint16_t port;
	bool bracketed = n > 2 && z[0] == '[' && z[n - 1] == ']';

	if (!n || n >= sizeof(host) || !read_port(colon + 1, &port))
		return false;
	snprintf(host, sizeof(host), "%.*s", (int)(bracketed ? n - 2 : n),
		 bracketed ? z + 1 : z);
	if (bracketed != (strchr(host, ':') != NULL))
		return false;
	return read_host(strcmp(host, "localhost") ? host : "127.0.0.1", port,
			 ret);
}

static int check_address(const struct http_settings *s, struct err *e)
{
	struct address a;

	if (!s->listen || read_address(s->listen, &a))
		return 0;
	return err_set(e, -EINVAL,
		       "http.listen: '%s' is no address to listen on, expected "
		       "one as 127.0.0.1:9470, [::1]:9470 or localhost:9470",
		       s->listen);
}

static int check_pair(const struct http_settings *s, struct err *e)
{
	if (!s->certificate == !s->key)
		return 0;
	return err_set(e, -EINVAL, "http.%s: there is no '%s'; TLS needs both",
		       s->key ? "key" : "certificate",
		       s->key ? "certificate" : "key");
}

/* Whoever can reach it could push articles and read what is published. */
static int check_exposure(const struct http_settings *s, struct err *e)
{
	struct address a;
	bool veiled = (s->certificate && s->key) || s->behind_proxy;

	if (!s->listen || !read_address(s->listen, &a) || a.loopback ||
	    (s->token_file && veiled))
		return 0;
	return err_set(e, -EINVAL,
		       "http.listen: %s is more than this machine, which needs "
		       "%s%s%s",
		       s->listen, s->token_file ? "" : "'token_file'",
		       s->token_file || veiled ? "" : " and ",
		       veiled ? ""
			      : "'certificate' and 'key' (or 'behind_proxy: "
				"true' where a proxy does TLS)");
}

static int (*const checks[])(const struct http_settings *, struct err *) = {
	check_address, check_pair, check_exposure, NULL
};

int http_fault(const struct http_settings *s, struct err *e)
{
	int r = 0;

	for (size_t i = 0; checks[i] && !r; i++)
		r = checks[i](s, e);
	return r;
}

void http_check(struct conf *c, const char *room,
		const struct http_settings *s)
{
	for (size_t i = 0; checks[i]; i++) {
		struct err e = { "" };

		if (checks[i](s, &e))
			conf_problem(c, "%s.%s", room, e.text);
	}
}

static int bound(int fd, const struct address *a, int *port)
{
	struct address got = { .n = sizeof(got.at) };
	int yes = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (a->at.any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	if (bind(fd, &a->at.any, a->n) || listen(fd, BACKLOG) ||
	    getsockname(fd, &got.at.any, &got.n))
		return -errno;
	*port = ntohs(a->at.any.sa_family == AF_INET ? got.at.v4.sin_port
						     : got.at.v6.sin6_port);
	return 0;
}

int http_listen(const char *address, int *fd, int *port, struct err *e)
{
	struct address a;
	int r;

	if (!read_address(address, &a))
		return err_set(e, -EINVAL, "'%s' is no address to listen on",
			       address);
	*fd = socket(a.at.any.sa_family,
		     SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	r = *fd < 0 ? -errno : bound(*fd, &a, port);
	if (!r)
		return 0;
	if (*fd >= 0)
		close(*fd);
	return err_sys(e, r, "cannot listen on %s", address);
}

/* What is looked at is what is read, whatever happens to its name. */
static int check_secret(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_sys(e, -errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "%s: is no regular file", path);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(e, -EACCES,
			       "%s: others than its owner can get at it (mode "
			       "%04o); chmod 600 it",
			       path, (unsigned)st.st_mode & 07777);
	if (st.st_size > SECRET_MAX)
		return err_set(e, -EFBIG, "%s: larger than %d bytes", path,
			       SECRET_MAX);
	return 0;
}

static int read_fd(int fd, const char *path, struct str *ret, struct err *e)
{
	char *p = malloc(SECRET_MAX + 1);
	size_t n = 0;
	ssize_t got;

	if (!p)
		return err_sys(e, -ENOMEM, "%s", path);
	while (n < SECRET_MAX && (got = read(fd, p + n, SECRET_MAX - n))) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(p);
			return err_sys(e, -errno, "%s", path);
		}
		n += (size_t)got;
	}
	p[n] = '\0';
	*ret = (struct str){ p, n };
	return 0;
}

int http_read_secret(const char *path, struct str *ret, struct err *e)
{
	/* Not to wait for the writer of a pipe that has this name. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), r;

	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	r = check_secret(fd, path, e);
	if (!r)
		r = read_fd(fd, path, ret, e);
	close(fd);
	return r;
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n && s.n <= HTTP_TOKEN_MAX;
}

int http_read_token(const char *path, char *token, struct err *e)
{
	struct str file, s;
	int r = http_read_secret(path, &file, e);

	if (r)
		return r;
	s = str_trim(file);
	if (is_token(s)) {
		memcpy(token, s.p, s.n);
		token[s.n] = '\0';
	} else {
		r = err_set(e, -EINVAL,
			    "%s: is no token: one line of at most %d printable "
			    "characters, without spaces (openssl rand -hex 32 "
			    "makes one)",
			    path, HTTP_TOKEN_MAX);
	}
	memset((char *)file.p, 0, file.n);
	free((char *)file.p);
	return r;
}

int http_token_open(struct http_token *t, const char *path, struct err *e)
{
	char token[HTTP_TOKEN_MAX + 1];
	int r = path ? http_read_token(path, token, e) : 0;

	*t = (struct http_token){ .asked = path };
	if (!path || r)
		return r;
	return hash_sha256(str_of(token), t->digest);
}

/* Both digests are compared to their ends, whatever they begin with. */
bool http_token_borne(const struct http_token *t, const char *line)
{
	unsigned char told[HASH_SHA_SIZE], differ = 0;

	if (!t->asked)
		return true;
	if (!line || strncasecmp(line, "Bearer ", 7) ||
	    hash_sha256(str_trim(str_of(line + 7)), told))
		return false;
	for (size_t i = 0; i < sizeof(told); i++)
		differ |= (unsigned char)(told[i] ^ t->digest[i]);
	return !differ;
}

struct str http_refusal(int status, uint64_t body, char text[HTTP_REFUSAL_MAX])
{
	int n;

	if (status == 405)
		n = snprintf(text, HTTP_REFUSAL_MAX,
			     "{\"error\":\"only GET, HEAD and POST are "
			     "served\"}\n");
	else if (status == 413)
		n = snprintf(text, HTTP_REFUSAL_MAX,
			     "{\"error\":\"the body is larger than %llu "
			     "bytes; send it in parts\"}\n",
			     (unsigned long long)body);
	else
		n = snprintf(text, HTTP_REFUSAL_MAX,
			     "{\"error\":\"too many requests are being read; "
			     "send it again later\",\"retry_after\":%s}\n",
			     HTTP_RETRY_AFTER);
	return (struct str){ text, (size_t)n };
}
