/* fuzz_language.c -- any bytes have a language of the list, or none. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parse/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char all[] = " fr en de es it nl pt other ";
	const char *got;
	/* So that a byte read past the end is seen. */
	char *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	got = language_of((struct str){ copy, size });
	assert(!got || strstr(all, got));
	free(copy);
	return 0;
}
