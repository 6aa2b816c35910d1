/* bundle_bytes.h -- the bytes of a bundle in memory: mapped, copied for this
 * process alone, or copied once for all processes of a machine.
 *
 * The file that a bundle was installed as may be written into at any moment,
 * as cp(1) does: who had it mapped would judge by something else in the middle
 * of an article, or be killed (SIGBUS). So who judges has a copy. The shared
 * one lies in BASE/vigie-bundles-UID, a folder that is our user's alone, in a
 * file that nobody may write, named by the digest that the bundle ends with:
 *
 *   vigie-bundles-998/            0700
 *     3f…c2.vigie                 0400, flock()ed (shared) by all who map it
 *     new                         on its way to be one of these
 *
 * Under an exclusive flock() on the folder one process at a time looks for a
 * copy, or makes one, and removes what nobody has locked: what a killed process
 * left behind goes with the next that comes or leaves. The last turns out the
 * light: an empty folder is removed. Any thread. */
#ifndef VIGIE_BUNDLE_BYTES_H
#define VIGIE_BUNDLE_BYTES_H

#include "base/err.h"
#include "base/str.h"

struct bundle_bytes {
	struct str view;
	const char *base; /* of a shared copy, else NULL */
	int folder, file; /* likewise: open, the file locked */
};

/* Map size bytes of fd, the file itself: for who reads it and ends. 0 or
 * -errno. */
int bundle_bytes_map(int fd, size_t size, struct bundle_bytes *ret);
/* Read size bytes of fd, from its beginning, into memory of ours. If there are
 * less, zeros follow, which no digest fits. 0 or -errno. */
int bundle_bytes_own(int fd, size_t size, struct bundle_bytes *ret);
/* Map the copy that all share, made or found to have the very bytes of the
 * file; they are not verified otherwise. base is borrowed as long as the copy.
 * 0; -EACCES (the folder is not ours alone), -ENOSPC (the file system would be
 * nearly full), -EWOULDBLOCK (another process kept the folder for a minute)
 * and other -errno, with the sentence: then nothing is left behind. */
int bundle_bytes_shared(const char *base, int fd, size_t size,
			struct bundle_bytes *ret, struct err *e);
/* Give up the bytes, and the shared copy when we were its last user. */
void bundle_bytes_done(struct bundle_bytes *b);

/* Remove what processes that were killed have left in base. */
void bundle_bytes_sweep(const char *base);

#endif
