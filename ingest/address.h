/* address.h -- which IP addresses lie on the public internet. Pure.
 *
 * What the special-purpose registries of IANA (RFC 6890) call not globally
 * reachable is not public, nor is what holds an IPv4 address that is not:
 * mapped and compatible ones, 6to4 (2002::/16), NAT64 (64:ff9b::/96). Teredo,
 * multicast, documentation and what nobody was given (outside 2000::/3) are
 * not, either. */
#ifndef VIGIE_ADDRESS_H
#define VIGIE_ADDRESS_H

#include <stdbool.h>

/* Of 4 and 16 bytes in network order. */
bool address_public_v4(const unsigned char ip[4]);
bool address_public_v6(const unsigned char ip[16]);

#endif
