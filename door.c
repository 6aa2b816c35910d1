/* door.c -- main() of what is called vigie: it takes apart one document itself
 * (`vigie ingest --dump`), which is done for thousands in a row, and becomes
 * the program with all rooms for anything else. That one loads some sixty
 * libraries, which costs more than most documents. */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "base/streams.h"
#include "commands/dump_cmd.h"

/* Beside this program as it was built, or where it was installed. */
static void become(char **argv)
{
	static const char *const places[] = { "lib/vigie/vigie",
					      "../lib/vigie/vigie" };
	char self[PATH_MAX], path[PATH_MAX + 32];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	struct str folder;

	self[n < 0 ? 0 : n] = '\0';
	folder = file_folder(self);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, sizeof(path), STR_FMT "%s", STR_ARG(folder),
			 places[i]);
		execv(path, argv);
		if (errno != ENOENT)
			break;
	}
	fprintf(stderr, "vigie: %s: %s; is it installed as a whole?\n", path,
		strerror(errno));
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "ingest") &&
	    dump_asked(argc - 1, argv + 1)) {
		streams_hold();
		return streams_close(dump_main(argc - 1, argv + 1));
	}
	become(argv);
	return EX_UNAVAILABLE;
}
