#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

int err_set(struct err *e, int r, const char *fmt, ...)
{
	va_list ap;

	if (!e || e->text[0])
		return r;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return r;
}

int err_sys(struct err *e, int r, const char *fmt, ...)
{
	size_t n;
	va_list ap;

	if (!e || e->text[0])
		return r;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof(e->text) - n, ": %s", strerror(-r));
	return r;
}

int err_at(struct err *e, int r, const char *fmt, ...)
{
	char rest[sizeof(e->text)];
	va_list ap;
	size_t n;

	if (!e)
		return r;
	memcpy(rest, e->text, sizeof(rest));
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof(e->text) - n, "%.*s",
		 (int)(sizeof(rest) - 1), rest);
	return r;
}

void err_clear(struct err *e)
{
	if (e)
		e->text[0] = '\0';
}

int err_exit(int r)
{
	switch (r) {
	case -ENOENT:
	case -ENOTDIR:
	case -EISDIR:
	case -ELOOP:
	case -ENAMETOOLONG:
		return EX_NOINPUT;
	case -EACCES:
	case -EPERM:
		return EX_NOPERM;
	case -ENOMEM:
	case -EMFILE:
	case -ENFILE:
	case -EAGAIN:
		return EX_OSERR;
	case -EIO:
	case -ENOSPC:
	case -EPIPE:
		return EX_IOERR;
	case -EBADMSG:
	case -EILSEQ:
	case -EFBIG:
	case -EPROTONOSUPPORT:
	case STEP_REJECT:
		return EX_DATAERR;
	case -EINVAL:
		return EX_CONFIG;
	case -EPROTO:
		return EX_PROTOCOL;
	case -ETIMEDOUT:
	case STEP_WAIT:
		return EX_TEMPFAIL;
	case -EADDRINUSE:
	case -EADDRNOTAVAIL:
	case -ECONNREFUSED:
	case -EHOSTUNREACH:
		return EX_UNAVAILABLE;
	case -EEXIST:
	case -EROFS:
		return EX_CANTCREAT;
	default:
		return r >= 0 ? EX_OK : EX_SOFTWARE;
	}
}
