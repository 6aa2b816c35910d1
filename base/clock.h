/* clock.h -- time to wait by (monotonic) and time to print (data only). */
#ifndef VIGIE_CLOCK_H
#define VIGIE_CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC: never goes back, means nothing outside. */
int64_t clock_ms(void);
/* Nanoseconds of the same clock, for benchmarks. */
int64_t clock_ns(void);

enum { CLOCK_STAMP_MAX = sizeof("2022-11-29T00:00:00Z") };
/* The wall clock in UTC, as the record prints it. */
void clock_stamp(char out[CLOCK_STAMP_MAX]);

#endif
