#include "base/streams.h"

#include <fcntl.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

void streams_hold(void)
{
	int fd = open("/dev/null", O_RDONLY);

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/dev/null", O_RDONLY);
	if (fd >= 0)
		close(fd);
}

int streams_close(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	perror("vigie: standard output");
	return code ? code : EX_IOERR;
}
