/* checkpoint.h -- what an output held up to a byte of one of its files, so that
 * opening it again need not read what came before, and does not miss what has
 * been moved away since. A small file of text beside the output:
 *
 *	vigie-done 1
 *	file DEVICE INODE OFFSET TAIL	the file that it ends in
 *	records N			in that file up to there, and before
 *	origin HEX LOW BITS		one line each; BITS as two digits a byte
 *	crc CRC				CRC-32C of the bytes before this line
 *
 * It bounds the scan and no more: where it lacks or is damaged, all is read. */
#ifndef VIGIE_CHECKPOINT_H
#define VIGIE_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sink/done.h"

struct checkpoint {
	uint64_t device, inode, offset;
	uint32_t tail; /* CRC-32C of the last bytes before offset */
	uint64_t records;
};

/* Describe the file fd up to offset. 0 or -errno. */
int checkpoint_of(int fd, uint64_t offset, struct checkpoint *ret);
/* Is fd the file that c speaks of, with the same bytes before the offset? */
bool checkpoint_fits(const struct checkpoint *c, int fd);

/* Replace the file at path: written beside it, synced, renamed. done is what c
 * covers. 0 or -errno with the sentence. */
int checkpoint_write(const char *path, const struct checkpoint *c,
		     struct done *done, struct err *e);
/* Read it, adding to done what it covers. Returns 0; -ENOENT when there is
 * none; -EBADMSG for a damaged one, -EPROTONOSUPPORT for one of another
 * version, -errno: with the sentence, done being as it was. */
int checkpoint_read(const char *path, struct checkpoint *ret,
		    struct done *done, struct err *e);

#endif
