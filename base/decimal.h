/* decimal.h -- a double in decimal, exactly as printf(3) has it with "%.*g",
 * for the numbers that records are full of. Pure. */
#ifndef VIGIE_DECIMAL_H
#define VIGIE_DECIMAL_H

#include <stddef.h>

enum { DECIMAL_MAX = 32, DECIMAL_DIGITS_MAX = 17 };

/* Write x with so many significant digits, without a NUL; returns the length.
 * 0 when that is left to printf(): for what it would write with an exponent
 * (below 1e-4; above 10 to the digits), for what is not finite, and for more
 * than DECIMAL_DIGITS_MAX digits or none. */
size_t decimal_write(double x, int digits, char out[DECIMAL_MAX]);

#endif
