/* Apart from hash.c: only what needs it loads libcrypto. */
#include "base/hash.h"

#include <errno.h>
#include <openssl/evp.h>

int hash_sha256(struct str s, unsigned char out[HASH_SHA_SIZE])
{
	if (!EVP_Digest(s.p ? s.p : "", s.n, out, NULL, EVP_sha256(), NULL))
		return -ENOMEM;
	return 0;
}
