#include "ingest/address.h"

#include <stddef.h>
#include <string.h>

/* The first bits of the address are these. */
struct range {
	unsigned char bytes[16];
	unsigned bits;
};

static bool within(const unsigned char *ip, const struct range *r)
{
	size_t whole = r->bits / 8;
	unsigned rest = r->bits % 8;

	if (memcmp(ip, r->bytes, whole))
		return false;
	return !rest || (ip[whole] ^ r->bytes[whole]) >> (8 - rest) == 0;
}

static bool within_any(const unsigned char *ip, const struct range *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (within(ip, &v[i]))
			return true;
	return false;
}

/* 192.0.0.9 and .10 are reachable by their registration, but are no hosts that
 * publish anything: anycast of PCP and TURN. */
static const struct range v4_private[] = {
	{ { 0 }, 8 },		    /* "this network" */
	{ { 10 }, 8 },		    /* private use */
	{ { 100, 64 }, 10 },	    /* between providers and customers */
	{ { 127 }, 8 },		    /* loopback */
	{ { 169, 254 }, 16 },	    /* link-local; metadata services */
	{ { 172, 16 }, 12 },	    /* private use */
	{ { 192, 0, 0 }, 24 },	    /* protocols */
	{ { 192, 0, 2 }, 24 },	    /* documentation */
	{ { 192, 31, 196 }, 24 },   /* AS112 */
	{ { 192, 52, 193 }, 24 },   /* AMT */
	{ { 192, 88, 99 }, 24 },    /* 6to4 relays, no more */
	{ { 192, 168 }, 16 },	    /* private use */
	{ { 192, 175, 48 }, 24 },   /* AS112 */
	{ { 198, 18 }, 15 },	    /* benchmarks */
	{ { 198, 51, 100 }, 24 },   /* documentation */
	{ { 203, 0, 113 }, 24 },    /* documentation */
	{ { 224 }, 4 },		    /* multicast */
	{ { 240 }, 4 },		    /* reserved; broadcast */
};

/* Azure's metadata and DNS, which every machine there reaches, has an address
 * out of the public ones. */
static const struct range v4_metadata[] = { { { 168, 63, 129, 16 }, 32 } };

bool address_public_v4(const unsigned char ip[4])
{
	return !within_any(ip, v4_private,
			   sizeof(v4_private) / sizeof(v4_private[0])) &&
	       !within_any(ip, v4_metadata, 1);
}

static const struct range v6_global = { { 0x20 }, 3 };
static const struct range v6_private[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },		     /* protocols; Teredo */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },	     /* documentation */
	{ { 0x26, 0x20, 0x00, 0x4f, 0x80 }, 48 },    /* AS112 */
	{ { 0x3f, 0xff, 0x00 }, 20 },		     /* documentation */
};

/* Where an IPv4 address lies in an IPv6 one. */
static const struct holder {
	struct range range;
	size_t at;
} v4_holders[] = {
	{ { { [10] = 0xff, 0xff }, 96 }, 12 },		/* mapped */
	{ { { 0 }, 96 }, 12 },				/* compatible */
	{ { { 0x00, 0x64, 0xff, 0x9b }, 96 }, 12 },	/* NAT64 */
	{ { { 0x20, 0x02 }, 16 }, 2 },			/* 6to4 */
};

bool address_public_v6(const unsigned char ip[16])
{
	for (size_t i = 0; i < sizeof(v4_holders) / sizeof(v4_holders[0]); i++)
		if (within(ip, &v4_holders[i].range))
			return address_public_v4(ip + v4_holders[i].at);
	return within(ip, &v6_global) &&
	       !within_any(ip, v6_private,
			   sizeof(v6_private) / sizeof(v6_private[0]));
}
