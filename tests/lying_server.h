/* lying_server.h -- a lying_server.py for one test: started, asked what it was
 * asked, ended with the test however that ends. */
#ifndef VIGIE_LYING_SERVER_H
#define VIGIE_LYING_SERVER_H

#include <fcntl.h>
#include <jansson.h>
#include <strings.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "tests/check_main.h"

struct lying_server {
	char folder[CHECK_PATH_MAX]; /* with www, log and port in it */
	int port;
	pid_t pid;
	int stdin_fd; /* it ends when this does */
};

static inline void lying_server_run(struct lying_server *s, int from,
				    const char *cert, const char *key)
{
	dup2(from, STDIN_FILENO);
	close(from);
	if (cert)
		execlp("python3", "python3", "tests/lying_server.py",
		       s->folder, "--stdin", "--tls", cert, key, NULL);
	else
		execlp("python3", "python3", "tests/lying_server.py",
		       s->folder, "--stdin", NULL);
	_exit(127);
}

static inline void lying_server_read_port(struct lying_server *s)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	char path[CHECK_PATH_MAX + 8];
	FILE *f = NULL;

	snprintf(path, sizeof(path), "%s/port", s->folder);
	for (int i = 0; !f && i < 4000; i++) {
		f = fopen(path, "r");
		if (!f)
			nanosleep(&moment, NULL);
	}
	ck_assert_msg(f != NULL, "the server does not start");
	ck_assert_int_eq(fscanf(f, "%d", &s->port), 1);
	fclose(f);
}

/* In a new folder; with TLS when there is a certificate. */
static inline void lying_server_start(struct lying_server *s, const char *cert,
				      const char *key)
{
	char path[CHECK_PATH_MAX + 8];
	int ends[2];

	check_folder(s->folder);
	snprintf(path, sizeof(path), "mkdir '%s/www'", s->folder);
	ck_assert_int_eq(system(path), 0);
	ck_assert_int_eq(pipe(ends), 0);
	s->stdin_fd = ends[1];
	fcntl(ends[1], F_SETFD, FD_CLOEXEC); /* not another server's */
	s->pid = fork();
	ck_assert_int_ge(s->pid, 0);
	if (!s->pid)
		lying_server_run(s, ends[0], cert, key);
	close(ends[0]);
	lying_server_read_port(s);
}

static inline void lying_server_stop(struct lying_server *s)
{
	close(s->stdin_fd);
	waitpid(s->pid, NULL, 0);
	check_folder_done(s->folder);
}

/* Make /www/NAME, and its .head when that is not NULL. */
static inline void lying_server_file(const struct lying_server *s,
				     const char *name, const char *body,
				     const char *head)
{
	char www[CHECK_PATH_MAX + 8], full[256], path[CHECK_PATH_MAX];

	snprintf(www, sizeof(www), "%s/www", s->folder);
	if (body)
		check_file(www, name, body, strlen(body), path);
	snprintf(full, sizeof(full), "%s.head", name);
	if (head)
		check_file(www, full, head, strlen(head), path);
}

/* What was asked so far: an array of the objects of its log, to be freed by
 * json_decref(). */
static inline json_t *lying_server_log(const struct lying_server *s)
{
	char path[CHECK_PATH_MAX + 8];
	json_t *all = json_array();
	FILE *f;
	json_t *line;

	snprintf(path, sizeof(path), "%s/log", s->folder);
	f = fopen(path, "r");
	while (f && (line = json_loadf(f, JSON_DISABLE_EOF_CHECK, NULL)))
		json_array_append_new(all, line);
	if (f)
		fclose(f);
	return all;
}

/* The value of a header of the request i of the log (-1: the last), or NULL. */
static inline const char *lying_server_header(const json_t *log, int i,
					      const char *name)
{
	size_t n = json_array_size(log), k;
	const json_t *headers, *h;

	headers = json_object_get(
		json_array_get(log, i < 0 ? n - 1 : (size_t)i), "headers");
	json_array_foreach(headers, k, h)
		if (!strcasecmp(json_string_value(json_array_get(h, 0)), name))
			return json_string_value(json_array_get(h, 1));
	return NULL;
}

#endif
