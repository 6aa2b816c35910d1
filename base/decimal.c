#include "base/decimal.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* x = m * 2^e, and x * 10^k = m * 5^k * 2^(e + k), which for all numbers that
 * come here is an integer of less than 128 bits, shifted: every digit and the
 * rounding behind the last are exact, with no table and no second way near a
 * tie. printf() does the same with integers of any length, and takes ten times
 * as long. */

/* 5^k and 10^k. */
static uint64_t power(uint64_t of, int k)
{
	uint64_t p = 1;

	while (k-- > 0)
		p *= of;
	return p;
}

/* m * 2^e * 10^k to the nearest integer, a tie to the even one. */
static uint64_t scale(uint64_t m, int e, int k)
{
	unsigned __int128 p = (unsigned __int128)m * power(5, k), rest, half;
	int shift = -(e + k);
	uint64_t q;

	if (shift <= 0)
		return (uint64_t)(p << -shift);
	q = (uint64_t)(p >> shift);
	rest = p - ((unsigned __int128)q << shift);
	half = (unsigned __int128)1 << (shift - 1);
	return q + (rest > half || (rest == half && q % 2));
}

/* The digits of x = m * 2^e as an integer; *exponent is that of the first. */
static uint64_t digits_of(uint64_t m, int e, int digits, int *exponent)
{
	/* floor(log10(2^(e + 52))): the exponent, or one too low. */
	int at = (int)floor((e + 52) * 0.30103);
	uint64_t q = scale(m, e, digits - 1 - at);

	/* Also when all nines were rounded up. */
	if (q >= power(10, digits))
		q = scale(m, e, digits - 1 - ++at);
	*exponent = at;
	return q;
}

/* The first `before` of the digits stand before the point; none, when the
 * number begins with zeros. */
static size_t set_point(const char *digit, int n, int before, char *out)
{
	char *p = out;

	while (n > before && digit[n - 1] == '0')
		n--;
	if (before <= 0) {
		memset(p, '0', 5); /* as many as there may be */
		p[1] = '.';
		p += 2 - before;
		before = 0;
	}
	memcpy(p, digit, (size_t)before);
	p += before;
	if (before && n > before)
		*p++ = '.';
	memcpy(p, digit + before, (size_t)(n - before));
	return (size_t)(p + n - before - out);
}

size_t decimal_write(double x, int digits, char out[DECIMAL_MAX])
{
	bool minus = signbit(x);
	char digit[DECIMAL_DIGITS_MAX];
	int e, exponent;
	uint64_t q;

	x = fabs(x);
	if (minus)
		*out++ = '-';
	if (x == 0)
		return *out = '0', (size_t)minus + 1;
	if (!(x >= 1e-4 && x < 1e17) || digits < 1 ||
	    digits > DECIMAL_DIGITS_MAX)
		return 0;
	q = (uint64_t)ldexp(frexp(x, &e), 53);
	q = digits_of(q, e - 53, digits, &exponent);
	if (exponent >= digits)
		return 0;
	for (int i = digits; i-- > 0; q /= 10)
		digit[i] = (char)('0' + q % 10);
	return (size_t)minus + set_point(digit, digits, exponent + 1, out);
}
