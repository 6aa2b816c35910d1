/* archive_kit.h -- archives made for tests: tar by hand, zip without
 * compression, both small enough to be read here. */
#ifndef VIGIE_ARCHIVE_KIT_H
#define VIGIE_ARCHIVE_KIT_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/str.h"

/* A file, or a link when type is '2'; size may differ from what there is. */
static inline void kit_tar_of(struct buf *b, const char *name, char type,
			      size_t size, struct str bytes)
{
	static const char zeros[512];
	char h[512] = { 0 };
	unsigned int sum = 0;

	memcpy(h, name, strlen(name) < 100 ? strlen(name) : 100);
	memcpy(h + 100, "0000644\0000000000\0000000000", 24);
	snprintf(h + 124, 12, "%011zo", size);
	memcpy(h + 136, "00000000000", 12);
	memset(h + 148, ' ', 8);
	h[156] = type;
	if (type == '2')
		memcpy(h + 157, "/etc/passwd", 11);
	memcpy(h + 257, "ustar\00000", 8);
	for (int i = 0; i < 512; i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	buf_add(b, h, sizeof(h));
	buf_add_str(b, bytes);
	buf_add(b, zeros, (512 - bytes.n % 512) % 512);
}

static inline void kit_tar(struct buf *b, const char *name, struct str bytes)
{
	kit_tar_of(b, name, '0', bytes.n, bytes);
}

static inline void kit_tar_end(struct buf *b)
{
	static const char zeros[1024];

	buf_add(b, zeros, sizeof(zeros));
}

static inline void kit_number(struct buf *b, uint32_t x, int n)
{
	for (int i = 0; i < n; i++)
		buf_add_char(b, (char)(x >> 8 * i));
}

/* What is said of an entry in both places. */
static inline void kit_zip_entry(struct buf *b, const char *name,
				 struct str bytes)
{
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)bytes.p,
				       (uInt)bytes.n);

	kit_number(b, 20, 2);	  /* version */
	kit_number(b, 1 << 11, 2); /* names in UTF-8 */
	kit_number(b, 0, 2);	  /* stored */
	kit_number(b, 0x5a21a000, 4);
	kit_number(b, crc, 4);
	kit_number(b, (uint32_t)bytes.n, 4);
	kit_number(b, (uint32_t)bytes.n, 4);
	kit_number(b, (uint32_t)strlen(name), 2);
	kit_number(b, 0, 2);
}

struct kit_file {
	const char *name;
	struct str bytes;
};

static inline void kit_zip(struct buf *b, const struct kit_file *v, size_t n)
{
	struct buf list;
	size_t at;

	buf_init(&list, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		at = b->n;
		kit_number(b, 0x04034b50, 4);
		kit_zip_entry(b, v[i].name, v[i].bytes);
		buf_add_z(b, v[i].name);
		buf_add_str(b, v[i].bytes);
		kit_number(&list, 0x02014b50, 4);
		kit_number(&list, 20, 2);
		kit_zip_entry(&list, v[i].name, v[i].bytes);
		kit_number(&list, 0, 2);
		kit_number(&list, 0, 2);
		kit_number(&list, 0, 2);
		kit_number(&list, 0, 4);
		kit_number(&list, (uint32_t)at, 4);
		buf_add_z(&list, v[i].name);
	}
	at = b->n;
	buf_add_str(b, buf_view(&list));
	kit_number(b, 0x06054b50, 4);
	kit_number(b, 0, 4);
	kit_number(b, (uint32_t)n, 2);
	kit_number(b, (uint32_t)n, 2);
	kit_number(b, (uint32_t)list.n, 4);
	kit_number(b, (uint32_t)at, 4);
	kit_number(b, 0, 2);
	buf_done(&list);
}

#endif
