#include "wire/endpoint.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"

enum {
	IPC_PATH_MAX = 107, /* sun_path, unix(7) */
	HOST_MAX = 255,
};

/* "*" leaves the port to the system; a name is only looked up by ZeroMQ. */
static bool is_host_port(const char *z)
{
	const char *colon = strrchr(z, ':'), *port = colon ? colon + 1 : "";
	size_t digits = strspn(port, "0123456789");

	if (!colon || colon == z)
		return false;
	if (!strcmp(port, "*"))
		return true;
	return digits && digits <= 5 && !port[digits] && atoi(port) <= 65535;
}

bool endpoint_is_tcp(const char *endpoint)
{
	return !strncmp(endpoint, "tcp://", 6);
}

int endpoint_check(const char *endpoint, struct err *e)
{
	struct str s = str_of(endpoint);

	if (str_starts(s, STR("ipc://"))) {
		if (s.n == 6 || str_ends(s, STR("/")))
			return err_set(e, -EINVAL, "'%s' names no file",
				       endpoint);
		if (s.n - 6 > IPC_PATH_MAX)
			return err_set(e, -EINVAL,
				       "the path of '%s' is longer than the "
				       "%d bytes that a socket may have",
				       endpoint, IPC_PATH_MAX);
		return 0;
	}
	if (endpoint_is_tcp(endpoint) && is_host_port(endpoint + 6))
		return 0;
	return err_set(e, -EINVAL,
		       "'%s' is no endpoint, expected ipc:///path or "
		       "tcp://host:port",
		       endpoint);
}

/* Only an address of this machine can be bound. */
static bool can_bind(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool can = fd >= 0 && !bind(fd, a->ai_addr, a->ai_addrlen);

	if (fd >= 0)
		close(fd);
	return can;
}

bool endpoint_is_here(const char *endpoint)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST,
					.ai_socktype = SOCK_STREAM };
	const char *colon = strrchr(endpoint, ':');
	struct addrinfo *a;
	char host[HOST_MAX + 1];
	struct str s;
	bool here;

	if (!endpoint_is_tcp(endpoint) || colon < endpoint + 6)
		return false;
	s = (struct str){ endpoint + 6, (size_t)(colon - endpoint) - 6 };
	if (str_starts(s, STR("[")) && str_ends(s, STR("]")))
		s = (struct str){ s.p + 1, s.n - 2 };
	if (!s.n || s.n > HOST_MAX)
		return false;
	if (str_is(s, "localhost"))
		return true;
	snprintf(host, sizeof(host), STR_FMT, STR_ARG(s));
	if (getaddrinfo(host, NULL, &hints, &a))
		return false;
	here = can_bind(a);
	freeaddrinfo(a);
	return here;
}

/* Who may write in the folder can replace the socket by one of theirs, unless
 * the folder is sticky, as /tmp is. */
static int check_folder(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st))
		return err_sys(e, -errno, "folder %s", path);
	if (st.st_mode & (S_IWGRP | S_IWOTH) && !(st.st_mode & S_ISVTX))
		return err_set(e, -EACCES,
			       "others can write in folder %s, and so take the "
			       "place of a socket in it: chmod 0700 %s",
			       path, path);
	return 0;
}

/* The folder of a bound ipc socket, private to us when we make it. */
static int make_folder(const char *endpoint, struct err *e)
{
	char path[IPC_PATH_MAX + 1], *slash;

	snprintf(path, sizeof(path), "%s", endpoint + 6);
	slash = strrchr(path, '/');
	if (!slash)
		return check_folder(".", e);
	if (slash == path)
		return check_folder("/", e);
	*slash = '\0';
	if (mkdir(path, 0700) && errno != EEXIST)
		return err_sys(e, -errno, "folder %s", path);
	return check_folder(path, e);
}

/* ZeroMQ unlinks a socket file before it binds, so that a second daemon would
 * take the first one's place unheard. Whoever answers there is alive; the file
 * that a crash left behind refuses, and may go. */
static int look_who_listens(const char *endpoint, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd, r;

	if (strncmp(endpoint, "ipc:///", 7))
		return 0;
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", endpoint + 6);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(e, -errno, "socket for %s", endpoint);
	r = connect(fd, (struct sockaddr *)&a, sizeof(a));
	if (r && errno == EAGAIN) /* there, with a full queue */
		r = 0;
	close(fd);
	return r ? 0
		 : err_sys(e, -EADDRINUSE,
			   "cannot bind %s, another process listens there",
			   endpoint);
}

int endpoint_prepare(const char *endpoint, struct err *e)
{
	int r;

	if (endpoint_is_tcp(endpoint))
		return 0;
	r = make_folder(endpoint, e);
	return r ? r : look_who_listens(endpoint, e);
}
