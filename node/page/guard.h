/*
 * guard: what a request has to show before anybody looks at what it wants: that it came
 * to a name of ours, from a page of ours, by a device that was signed in.
 */
#ifndef FENGQIAO_PAGE_GUARD_H
#define FENGQIAO_PAGE_GUARD_H

#include <stdbool.h>

#include "proto/bytes.h"

#define TOKEN_SIZE 32
#define MARK_TEXT_SIZE 33 /* of a form's mark: 32 digits and a NUL */

/* Is the Host one that this node answers under: the address and port at which the
 * connection came in, or one of the names (parted by blanks, with their ports)? Against
 * DNS rebinding, so on every bind. */
bool guard_host(struct bytes host, struct bytes local, const char *names);
/* Is the Origin absent, or our own: scheme and that Host? "null" is not. */
bool guard_origin(struct bytes origin, struct bytes host, bool is_tls);

/* The value of a cookie; false: it is not there. */
bool guard_cookie(struct bytes cookies, const char *name, struct bytes *value);
/* The token of the session cookie. False: none, or not 64 digits. */
bool guard_token(struct bytes cookies, uint8_t token[static TOKEN_SIZE]);

/* The same of "Authorization: Bearer …". */
bool guard_bearer(struct bytes authorization, uint8_t token[static TOKEN_SIZE]);

/* What every form of a session carries: a digest of its token, which no other page can
 * know. */
void guard_mark(char mark[static MARK_TEXT_SIZE], const uint8_t token[static TOKEN_SIZE]);
/* In constant time. */
bool guard_mark_is(struct bytes said, const uint8_t token[static TOKEN_SIZE]);

#endif
