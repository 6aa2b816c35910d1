/* tidy_kit.h -- what clang-tidy cannot see and every compiler does not need: the
 * functions of base/err.h return the number that they were given, and an errno
 * that is forwarded is not 0. tests/tidy includes this before each file. */
#ifndef VIGIE_TIDY_KIT_H
#define VIGIE_TIDY_KIT_H

#include "base/err.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): a call is no expression to wrap */
#define err_given(call, r)                       \
	__extension__({                          \
		int given = (r);                 \
		(void)call;                      \
		if (!given)                      \
			__builtin_unreachable(); \
		given;                           \
	})
/* NOLINTEND(bugprone-macro-parentheses) */
#define err_set(e, r, ...) err_given((err_set)(e, r, __VA_ARGS__), r)
#define err_sys(e, r, ...) err_given((err_sys)(e, r, __VA_ARGS__), r)
#define err_at(e, r, ...) err_given((err_at)(e, r, __VA_ARGS__), r)

#endif
