/* hash.h -- the three digests of the house: XXH3 where speed matters and no
 * enemy chooses the input's meaning, CRC32C against damage, SHA-256 for names
 * that outlive us. */
#ifndef VIGIE_HASH_H
#define VIGIE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { HASH_SHA_SIZE = 32, HASH_SHA_HEX = 2 * HASH_SHA_SIZE + 1 };

uint64_t hash_xx(struct str s, uint64_t seed);
/* CRC-32C (Castagnoli; RFC 3720, appendix B.4) of s; crc is 0 at first, else
 * what the bytes before gave. */
uint32_t hash_crc32c(uint32_t crc, struct str s);
/* SHA-256 (FIPS 180-4). Returns 0 or -ENOMEM. */
int hash_sha256(struct str s, unsigned char out[HASH_SHA_SIZE]);
/* n bytes as 2n hexadecimal digits and a NUL. */
void hash_hex(const unsigned char *bytes, size_t n, char *out);

#endif
