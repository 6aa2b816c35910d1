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
	BUNDLE_VERSION = 3,
	BUNDLE_VERSION_OLDEST = 2, /* that is read */
	BUNDLE_HEAD = 24,
	BUNDLE_ALIGN = 64,
	BUNDLE_TRAILER = 32,
	BUNDLE_TOPICS_MAX = 4096,
	BUNDLE_STANCES_MAX = 16,
	BUNDLE_NAME_MAX = 128,
	BUNDLE_TERMS_MAX = INT32_MAX / 64,
};

#define BUNDLE_MAGIC "VGBUNDLE"

enum bundle_section_kind {
	BUNDLE_JSON = 1,    /* the head: names, settings, card */
	BUNDLE_SLOTS = 2,   /* struct tfidf_slot, a power of two of them */
	BUNDLE_IDF = 3,	    /* double a term */
	BUNDLE_NAMES = 4,   /* u32 terms + 1 offsets, then the bytes */
	BUNDLE_COLUMNS = 5, /* struct bundle_column each */
	BUNDLE_WEIGHTS = 6, /* double[terms][columns]: term-major */
	BUNDLE_KERNELS = 7, /* machines that are not linear, as version 2 has
			     * them: each alone; see kernel.h */
	BUNDLE_SCALES = 8,  /* double[terms][machines]: squares of what a
			     * machine weighs a term with; see judge.h */
	BUNDLE_CURVES = 9,  /* struct bundle_knot each, for isotonic columns */
	BUNDLE_SCREEN = 10, /* char[terms][screen_stride(topics)]: the weights
			     * of topics once more, coarsely; see screen.h.
			     * Only beside linear topics without scales, and
			     * where they are many */
	BUNDLE_MACHINES = 11, /* the same, sharing their vectors */
	BUNDLE_KINDS,
};

struct bundle_section {
	uint32_t kind, zero;
	uint64_t at, size;
};

/* Who an article's stance is towards. */
enum bundle_targets {
	BUNDLE_TARGETS_NONE,   /* the topics that it is found to have */
	BUNDLE_TARGETS_TOPICS, /* the topic that comes with the article */
	BUNDLE_TARGETS_TEXT,   /* a text that comes with it and is read; the
				* model's one topic stands for it */
};

/* A column is one decision value: a topic, or one stance on one topic. */
struct bundle_column {
	double intercept; /* libsvm's -rho, and the copy's constant */
	double a, b; /* probability = 1 / (1 + exp(a * decision + b)) */
	double threshold; /* of a topic: given when decision > threshold */
	uint64_t kernel; /* 0: linear; else 1 + index of its machine */
	/* Isotonic instead of a and b when knots > 1. */
	uint32_t knot, knots;
};

/* The calibration curve runs straight from knot to knot, both coordinates
 * ascending, and is level beyond the ends. */
struct bundle_knot {
	double decision, probability;
};

#endif
