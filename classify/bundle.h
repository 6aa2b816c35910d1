/* bundle.h -- the layout of a bundle: one file, mapped as it lies.
 *
 *   0   "VGBUNDLE"
 *   8   version u32, sections u32
 *   16  size of the file u64
 *   24  sections times { kind u32, zero u32, at u64, size u64 }
 *   …   the sections, each beginning at a multiple of 64
 *   -32 SHA-256 of all bytes before it
 *
 * Little-endian. The bundle's id is the SHA-256 of the whole file, so that
 * sha256sum(1) shows it. Written by learn, read by classify. */
#ifndef VIGIE_BUNDLE_H
#define VIGIE_BUNDLE_H

#include <stdint.h>

enum {
	BUNDLE_VERSION = 1,
	BUNDLE_HEAD = 24,
	BUNDLE_ALIGN = 64,
	BUNDLE_TRAILER = 32,
	BUNDLE_TOPICS_MAX = 4096,
	BUNDLE_STANCES_MAX = 16,
	BUNDLE_NAME_MAX = 128,
};

#define BUNDLE_MAGIC "VGBUNDLE"

enum bundle_section_kind {
	BUNDLE_JSON = 1,    /* the head: names, settings, card */
	BUNDLE_SLOTS = 2,   /* struct tfidf_slot, a power of two of them */
	BUNDLE_IDF = 3,	    /* double a term */
	BUNDLE_NAMES = 4,   /* u32 terms + 1 offsets, then the bytes */
	BUNDLE_COLUMNS = 5, /* struct bundle_column each */
	BUNDLE_WEIGHTS = 6, /* double[terms][columns]: term-major */
	BUNDLE_KERNELS = 7, /* machines that are not linear; see kernel.h */
	BUNDLE_KINDS,
};

struct bundle_section {
	uint32_t kind, zero;
	uint64_t at, size;
};

/* A column is one decision value: a topic, or one stance on one topic. */
struct bundle_column {
	double intercept; /* libsvm's -rho, and the copy's constant */
	double a, b; /* probability = 1 / (1 + exp(a * decision + b)) */
	double threshold; /* of a topic: given when decision > threshold */
	uint64_t kernel; /* 0: linear; else 1 + index of its machine */
};

#endif
