/* memory.h -- how much memory the machine of a test has. Include it in one file
 * of a program. */
#ifndef VIGIE_TESTS_MEMORY_H
#define VIGIE_TESTS_MEMORY_H

#include <unistd.h>

long __sysconf(int name);

static long memory_pages; /* of the machine; 0: as many as there are */

long sysconf(int name)
{
	return name == _SC_PHYS_PAGES && memory_pages ? memory_pages
						      : __sysconf(name);
}

#endif
