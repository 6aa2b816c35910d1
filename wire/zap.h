/* zap.h -- who may come in (RFC 27/ZAP): answers the question that ZeroMQ asks
 * for every connection to a bound socket whose domain is ZAP_DOMAIN. It has no
 * thread: its socket is waited for with the others, and zap_answer() answers.
 *
 * Where nobody answers, ZeroMQ lets everybody in: open it before the first
 * socket is bound, and free it after the last one is closed. One thread. */
#ifndef VIGIE_ZAP_H
#define VIGIE_ZAP_H

#include <stdint.h>

#include "base/err.h"
#include "wire/keys.h"

#define ZAP_DOMAIN "vigie"

struct zap;

/* For the ZeroMQ context; keys are borrowed, and asked each time. */
int zap_open(void *context, const struct keys *keys, struct zap **ret,
	     struct err *e);
void zap_free(struct zap *z);
/* The ZeroMQ socket, to wait on; NULL when z is. */
void *zap_socket(const struct zap *z);
/* Answer what has been asked, without waiting. */
void zap_answer(struct zap *z);
/* How many were turned away since this last returned other than 0, which it
 * does three times a minute at most; the sentence is about the last of them. */
uint64_t zap_refusals(struct zap *z, struct err *last);

#endif
