/* A label's time goes into waiting for weights, scattered over more memory than
 * a cache holds. With the weights of all labels side by side, a wait brings
 * eight instead of one.
 *
 * Most features are in one row alone. Such a one's weight is the row's own
 * multiplier times its value, and all that the descent needs of them is the sum
 * of their squares: they are left out of the rows, and come back at the end.
 * The features left are numbered by how many rows hold them, so that the common
 * ones stand together. */
#include "learn/descent.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "classify/cpu.h"

static const double tolerance = 1e-4; /* scikit-learn's */

/* How far a step goes of the way to the best place on its line: a longer one
 * pays in the rounds after (successive overrelaxation; Mangasarian and
 * Musicant, IEEE Transactions on Neural Networks 10, 1999, show that any below
 * 2 converges). 1.5 takes a third off the rows visited where the cost is
 * squared; the plain hinge, whose way is flat, gains nothing. */
static const double relaxation = 1.5;

enum {
	ROUNDS_MAX = 1000,
	AHEAD = 12,
	LINE = 64,
	ALONE = UINT32_MAX,
	COMMON = 256,
};

struct descent {
	const struct feat *const *x;
	size_t n, dims;
	uint32_t shared;  /* features in more than one row */
	uint32_t *place;  /* of a feature among these, or ALONE */
	size_t *start;	  /* of each row's entries, and the end of the last */
	uint32_t *at;	  /* an entry's place … */
	double *value;	  /* … and value */
	double *alone;	  /* a row's sum of squares of what it has alone */
	double *square;	  /* and of everything, the intercept's included */
};

/* One run. What there is a lane of stands side by side, width of them. */
struct run {
	const struct descent *d;
	size_t width; /* 4 or DESCENT_LANES */
	double *w;	       /* [shared + 1][width]; the intercept's last */
	double *alpha;	       /* [n][width] */
	signed char *y;	       /* [n][width] */
	unsigned char *active; /* a row's lanes that are not set aside */
	uint32_t *order;       /* [n + 2]; none comes to the last two */
	uint64_t state;
	double reach; /* of a step */
	unsigned char running; /* lanes that have not come to their end */
	/* By lane and side, 0 for -1: */
	double upper[DESCENT_LANES][2], ridge[DESCENT_LANES][2];
	/* By lane, of the projected gradients: bounds of the last round and
	 * what this one has met. */
	double high[DESCENT_LANES], low[DESCENT_LANES];
	double most[DESCENT_LANES], least[DESCENT_LANES];
};

/* The rows. */

static size_t count_rows(const struct descent *d, uint32_t *df)
{
	size_t entries = 0;

	for (size_t i = 0; i < d->n; i++)
		for (const struct feat *f = d->x[i]; f->index >= 0; f++) {
			df[f->index]++;
			entries++;
		}
	return entries;
}

static uint32_t rank_of(uint32_t df)
{
	return COMMON - (df < COMMON ? df : COMMON);
}

/* In place of how many rows hold it, a feature's number. */
static void number(struct descent *d)
{
	uint32_t next[COMMON + 2] = { 0 };

	for (size_t i = 0; i < d->dims; i++)
		next[rank_of(d->place[i]) + 1]++;
	for (uint32_t i = 1; i < COMMON; i++)
		next[i] += next[i - 1];
	d->shared = next[COMMON - 1]; /* in two rows and more */
	for (size_t i = 0; i < d->dims; i++)
		d->place[i] = d->place[i] > 1 ? next[rank_of(d->place[i])]++
					      : ALONE;
}

static void fill(struct descent *d)
{
	size_t at = 0;

	for (size_t i = 0; i < d->n; i++) {
		d->start[i] = at;
		d->square[i] = 1;
		for (const struct feat *f = d->x[i]; f->index >= 0; f++) {
			double square = f->value * f->value;

			d->square[i] += square;
			d->at[at] = d->place[f->index];
			d->value[at] = f->value;
			if (d->at[at] == ALONE)
				d->alone[i] += square;
			else
				at++;
		}
	}
	d->start[d->n] = at;
}

int descent_new(struct descent **ret, const struct feat *const *x, size_t n,
		size_t dims)
{
	struct descent *d = calloc(1, sizeof(*d));
	size_t entries;

	if (!d)
		return -ENOMEM;
	*d = (struct descent){ .x = x, .n = n, .dims = dims };
	d->place = calloc(dims + 1, sizeof(*d->place));
	d->start = calloc(n + 1, sizeof(*d->start));
	d->alone = calloc(n + 1, sizeof(*d->alone));
	d->square = calloc(n + 1, sizeof(*d->square));
	if (!d->place || !d->start || !d->alone || !d->square)
		goto fail;
	entries = count_rows(d, d->place);
	d->at = calloc(entries + 1 + AHEAD, sizeof(*d->at));
	d->value = malloc((entries + 1) * sizeof(*d->value));
	if (!d->at || !d->value)
		goto fail;
	number(d);
	fill(d);
	*ret = d;
	return 0;
fail:
	descent_free(d);
	return -ENOMEM;
}

void descent_free(struct descent *d)
{
	if (!d)
		return;
	free(d->place);
	free(d->start);
	free(d->alone);
	free(d->square);
	free(d->at);
	free(d->value);
	free(d);
}

/* A step. These are built for each width and each kind of processor, so that
 * the compiler knows how long their innermost loops are, and what takes them. */

/* Four lanes, which AVX2 takes as one and other processors as two and two; a
 * lane alone is one of four whose others rest. */
typedef double four __attribute__((vector_size(32)));

CPU_BOTH void decide(const struct run *s, size_t i, double *dot,
		     const size_t k)
{
	const struct descent *d = s->d;
	const four *w = (const four *)(const void *)s->w;
	four sum[DESCENT_LANES / 4];

	for (size_t l = 0; l < k / 4; l++)
		sum[l] = w[d->shared * (k / 4) + l];
	for (size_t e = d->start[i]; e < d->start[i + 1]; e++) {
		const four *at = w + d->at[e] * (k / 4);
		double x = d->value[e];
		four v = { x, x, x, x };

		__builtin_prefetch(w + d->at[e + AHEAD] * (k / 4));
		for (size_t l = 0; l < k / 4; l++)
			sum[l] += v * at[l];
	}
	memcpy(dot, sum, k * sizeof(*dot));
}

CPU_BOTH void move(struct run *s, size_t i, const double *by, const size_t k)
{
	const struct descent *d = s->d;
	four *w = (four *)(void *)s->w, go[DESCENT_LANES / 4];

	memcpy(go, by, k * sizeof(*by));
	for (size_t l = 0; l < k / 4; l++)
		w[d->shared * (k / 4) + l] += go[l];
	for (size_t e = d->start[i]; e < d->start[i + 1]; e++) {
		four *at = w + d->at[e] * (k / 4);
		double x = d->value[e];
		four v = { x, x, x, x };

		for (size_t l = 0; l < k / 4; l++)
			at[l] += go[l] * v;
	}
}

/* What is at a bound and pushed beyond is set aside where the last round gives
 * reason to think that it stays there; else the projected gradient. */
static bool is_aside(const struct run *s, size_t lane, double a, double upper,
		     double g, double *projected)
{
	*projected = g;
	if (a == 0) {
		*projected = g < 0 ? g : 0;
		return g > s->high[lane];
	}
	if (a == upper) {
		*projected = g > 0 ? g : 0;
		return g < s->low[lane];
	}
	return false;
}

/* Not fmax() and fmin(), which are calls. */
static double larger(double a, double b)
{
	return a > b ? a : b;
}

static double smaller(double a, double b)
{
	return a < b ? a : b;
}

/* How far a row's multiplier goes in a lane, with the sign of its side. */
static double step(struct run *s, size_t i, size_t lane, double dot)
{
	double *a = &s->alpha[i * s->width + lane], old = *a, pg;
	double y = s->y[i * s->width + lane];
	double upper = s->upper[lane][y > 0], ridge = s->ridge[lane][y > 0];
	double g = y * dot - 1 + old * (s->d->alone[i] + ridge);

	if (is_aside(s, lane, old, upper, g, &pg)) {
		s->active[i] &= (unsigned char)~(1U << lane);
		return 0;
	}
	s->most[lane] = larger(s->most[lane], pg);
	s->least[lane] = smaller(s->least[lane], pg);
	if (fabs(pg) <= 1e-12)
		return 0;
	*a = smaller(larger(old - s->reach * g / (s->d->square[i] + ridge), 0),
		     upper);
	return (*a - old) * y;
}

/* What the rows after this one begin with: the next one's weights, and where
 * the one after that has its entries. */
CPU_BOTH void foresee(const struct run *s, size_t o, const size_t k)
{
	const struct descent *d = s->d;
	size_t at = d->start[s->order[o + 1]];

	if (s->active[s->order[o + 1]])
		for (size_t e = at; e < at + AHEAD; e++)
			__builtin_prefetch(s->w + d->at[e] * k);
	at = d->start[s->order[o + 2]];
	__builtin_prefetch(d->at + at);
	__builtin_prefetch(d->value + at);
	__builtin_prefetch(d->value + at + LINE / sizeof(*d->value));
}

CPU_BOTH void sweep(struct run *s, const size_t k)
{
	for (size_t o = 0; o < s->d->n; o++) {
		size_t i = s->order[o];
		double dot[DESCENT_LANES], by[DESCENT_LANES] = { 0 };
		unsigned mask = s->active[i];
		bool moves = false;

		if (!mask)
			continue;
		foresee(s, o, k);
		decide(s, i, dot, k);
		for (size_t l = 0; l < k; l++)
			if (mask >> l & 1) {
				by[l] = step(s, i, l, dot[l]);
				moves |= by[l] != 0;
			}
		if (moves)
			move(s, i, by, k);
	}
}

CPU_BOTH void sweep_width(struct run *s)
{
	if (s->width == 4)
		sweep(s, 4);
	else
		sweep(s, DESCENT_LANES);
}

CPU_WIDE static void sweep_wide(struct run *s)
{
	sweep_width(s);
}

static void sweep_narrow(struct run *s)
{
	sweep_width(s);
}

static void sweep_all(struct run *s)
{
	(cpu_is_wide() ? sweep_wide : sweep_narrow)(s);
}

/* Rounds. */

/* xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift
 * generators, scrambled", 2016). */
static uint64_t draw(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545F4914F6CDD1DU;
}

/* All rows, also those that some lanes pass over: the order must not depend on
 * who is solved beside whom. */
static void shuffle(struct run *s)
{
	for (size_t i = s->d->n; i > 1; i--) {
		size_t j = (size_t)((draw(&s->state) >> 32) * i >> 32);
		uint32_t swap = s->order[i - 1];

		s->order[i - 1] = s->order[j];
		s->order[j] = swap;
	}
}

static void set_all(struct run *s, size_t lane, bool on)
{
	unsigned char bit = (unsigned char)(1U << lane);

	for (size_t i = 0; i < s->d->n; i++)
		s->active[i] = (unsigned char)(on ? s->active[i] | bit
						  : s->active[i] & ~bit);
}

static bool is_whole(const struct run *s, size_t lane)
{
	for (size_t i = 0; i < s->d->n; i++)
		if (!(s->active[i] >> lane & 1))
			return false;
	return true;
}

/* A lane that is near enough ends when no row was set aside, else looks at all
 * of them again. */
static void close_round(struct run *s, size_t lane)
{
	double most = s->most[lane], least = s->least[lane];

	s->high[lane] = most > 0 ? most : INFINITY;
	s->low[lane] = least < 0 ? least : -INFINITY;
	if (most - least > tolerance)
		return;
	s->high[lane] = INFINITY;
	s->low[lane] = -INFINITY;
	if (is_whole(s, lane)) {
		s->running &= (unsigned char)~(1U << lane);
		set_all(s, lane, false);
	} else {
		set_all(s, lane, true);
	}
}

static void descend(struct run *s)
{
	for (int round = 0; round < ROUNDS_MAX && s->running; round++) {
		for (size_t l = 0; l < s->width; l++) {
			s->most[l] = -INFINITY;
			s->least[l] = INFINITY;
		}
		shuffle(s);
		sweep_all(s);
		for (size_t l = 0; l < s->width; l++)
			if (s->running >> l & 1)
				close_round(s, l);
	}
}

/* Beginning and end. */

static void set_lane(struct run *s, size_t lane, const struct descent_lane *by,
		     bool squared)
{
	const double cost[2] = { by->negative, by->positive };

	for (int side = 0; side < 2; side++) {
		s->upper[lane][side] = squared ? INFINITY : cost[side];
		s->ridge[lane][side] = squared ? 0.5 / cost[side] : 0;
	}
	for (size_t i = 0; i < s->d->n; i++)
		s->y[i * s->width + lane] = by->y[i];
	s->high[lane] = INFINITY;
	s->low[lane] = -INFINITY;
	s->running |= (unsigned char)(1U << lane);
	set_all(s, lane, true);
}

/* All lanes of a feature before the next one's: they are neighbours where they
 * go to as well. */
static void write_shared(const struct run *s, const struct descent_lane *to,
			 size_t n)
{
	for (size_t f = 0; f < s->d->dims; f++) {
		uint32_t place = s->d->place[f];

		for (size_t l = 0; l < n; l++)
			to[l].w[f * to[l].stride] =
				place == ALONE ? 0
					       : s->w[place * s->width + l];
	}
}

static void write_alone(const struct run *s, const struct descent_lane *to,
			size_t n, size_t i)
{
	const double *alpha = s->alpha + i * s->width;

	for (const struct feat *f = s->d->x[i]; f->index >= 0; f++)
		for (size_t l = 0; s->d->place[f->index] == ALONE && l < n; l++)
			to[l].w[(size_t)f->index * to[l].stride] =
				alpha[l] * to[l].y[i] * f->value;
}

static void write_lanes(const struct run *s, const struct descent_lane *to,
			size_t n)
{
	write_shared(s, to, n);
	for (size_t i = 0; i < s->d->n; i++)
		write_alone(s, to, n, i);
	for (size_t l = 0; l < n; l++)
		*to[l].intercept =
			s->w[(size_t)s->d->shared * s->width + l];
}

static int run_open(struct run *s, const struct descent *d, size_t n,
		    uint64_t seed)
{
	size_t k = n > 4 ? DESCENT_LANES : 4, size;

	*s = (struct run){ .d = d, .width = k };
	size = (d->shared + (size_t)1) * k * sizeof(*s->w);
	if (posix_memalign((void **)&s->w, LINE, size))
		s->w = NULL;
	s->alpha = calloc(d->n * k + 1, sizeof(*s->alpha));
	s->y = calloc(d->n * k + 1, 1);
	s->active = calloc(d->n + 1, 1);
	s->order = calloc(d->n + 2, sizeof(*s->order));
	if (!s->w || !s->alpha || !s->y || !s->active || !s->order)
		return -ENOMEM;
	memset(s->w, 0, size);
	for (uint32_t i = 0; i < d->n; i++)
		s->order[i] = i;
	s->state = (seed + 1) * 0x9E3779B97F4A7C15U;
	return 0;
}

static void run_done(struct run *s)
{
	free(s->w);
	free(s->alpha);
	free(s->y);
	free(s->active);
	free(s->order);
}

int descent_solve(const struct descent *d, const struct descent_lane *lane,
		  size_t n, bool squared, uint64_t seed)
{
	struct run s;
	int r = run_open(&s, d, n, seed);

	s.reach = squared ? relaxation : 1;
	for (size_t l = 0; l < n && !r; l++)
		set_lane(&s, l, &lane[l], squared);
	if (!r)
		descend(&s);
	if (!r)
		write_lanes(&s, lane, n);
	run_done(&s);
	return r;
}
