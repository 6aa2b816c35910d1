#include "classify/cpu.h"

static bool is_narrow;

bool cpu_is_wide(void)
{
#if defined(__x86_64__) && !defined(VIGIE_PORTABLE)
	return !is_narrow && __builtin_cpu_supports("avx2");
#else
	return false;
#endif
}

void cpu_narrow(bool narrow)
{
	is_narrow = narrow;
}
