/* command.h -- a subcommand called as main() calls it, its two streams caught
 * in files. */
#ifndef VIGIE_TESTS_COMMAND_H
#define VIGIE_TESTS_COMMAND_H

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/opt.h"
#include "tests/check_main.h"

struct command {
	char out[1 << 16], err[1 << 16];
	int code;
};

static inline int command_catch(int fd, const char *path)
{
	int kept = dup(fd), to = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(kept, 0);
	ck_assert_int_ge(to, 0);
	dup2(to, fd);
	close(to);
	return kept;
}

static inline void command_give_back(int fd, int kept, const char *path,
				     char *text, size_t max)
{
	struct str s;

	dup2(kept, fd);
	close(kept);
	ck_assert_int_eq(file_read(path, max - 1, &s, NULL), 0);
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	free((char *)s.p);
}

/* argv ends with a NULL; its first word is the subcommand. */
static inline void command_run(const struct cmd *c, struct command *ret,
			       const char *folder, const char *const *argv)
{
	char out[CHECK_PATH_MAX], err[CHECK_PATH_MAX], *words[16];
	int argc = 0, kept[2];

	for (; argv[argc]; argc++)
		words[argc] = (char *)argv[argc];
	words[argc] = NULL;
	snprintf(out, sizeof(out), "%s/stdout", folder);
	snprintf(err, sizeof(err), "%s/stderr", folder);
	fflush(NULL);
	kept[0] = command_catch(STDOUT_FILENO, out);
	kept[1] = command_catch(STDERR_FILENO, err);
	ret->code = c->run(argc, words);
	fflush(NULL);
	command_give_back(STDOUT_FILENO, kept[0], out, ret->out,
			  sizeof(ret->out));
	command_give_back(STDERR_FILENO, kept[1], err, ret->err,
			  sizeof(ret->err));
}

#define COMMAND(c, ret, folder, ...) \
	command_run(c, ret, folder, (const char *const[]){ __VA_ARGS__, NULL })

#endif
