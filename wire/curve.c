#include "wire/curve.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

size_t curve_span(struct str text)
{
	static const char alphabet[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		".-:+=^!/*?&<>()[]{}@%$#";
	size_t n = 0;

	while (n < text.n && memchr(alphabet, text.p[n], sizeof(alphabet) - 1))
		n++;
	return n;
}

bool curve_decode(struct str text, unsigned char key[KEY_SIZE])
{
	char z[KEY_TEXT + 1];
	bool good;

	if (text.n != KEY_TEXT || curve_span(text) != KEY_TEXT)
		return false;
	memcpy(z, text.p, KEY_TEXT);
	z[KEY_TEXT] = '\0';
	good = zmq_z85_decode(key, z) != NULL;
	explicit_bzero(z, sizeof(z));
	return good;
}

void curve_encode(const unsigned char key[KEY_SIZE], char text[KEY_TEXT + 1])
{
	zmq_z85_encode(text, key, KEY_SIZE);
}

static int not_built(struct err *e)
{
	return err_set(e, -ENOTSUP, "ZeroMQ was built without CURVE");
}

int curve_public(const char secret[KEY_TEXT + 1], char public[KEY_TEXT + 1],
		 struct err *e)
{
	return zmq_curve_public(public, secret) ? not_built(e) : 0;
}

int curve_pair(char public[KEY_TEXT + 1], char secret[KEY_TEXT + 1],
	       struct err *e)
{
	return zmq_curve_keypair(public, secret) ? not_built(e) : 0;
}
