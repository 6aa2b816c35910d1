/* cpu.h -- the same C compiled twice: as for every machine of its kind, and
 * for those that have AVX2, which is asked when it runs. Neither has fused
 * multiplication, and sums are in the order in which they are written, so that
 * both give the same bits. */
#ifndef VIGIE_CPU_H
#define VIGIE_CPU_H

#include <stdbool.h>

/* Marks the function that is compiled for AVX2 … (VIGIE_PORTABLE: as on other
 * machines, for tests) */
#if defined(__x86_64__) && !defined(VIGIE_PORTABLE)
#define CPU_WIDE __attribute__((target("avx2")))
#else
#define CPU_WIDE
#endif
/* … and what goes into it and into its twin. */
#define CPU_BOTH static inline __attribute__((always_inline))

/* May what is marked CPU_WIDE be called? */
bool cpu_is_wide(void);
/* For tests: the twin from now on, or what the machine has again. */
void cpu_narrow(bool narrow);

#endif
