/* Apart from hash.c: only what needs it loads libcrypto. */
#include "base/hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <pthread.h>

static EVP_MD *sha256;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* EVP_sha256() is looked up anew for each digest, which takes longer than the
 * digest of a short text. */
static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

int hash_sha256(struct str s, unsigned char out[HASH_SHA_SIZE])
{
	pthread_once(&once, fetch);
	if (!EVP_Digest(s.p ? s.p : "", s.n, out, NULL, sha256, NULL))
		return -ENOMEM;
	return 0;
}
