#include "tests/support/fail_call.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static struct {
    bool is_armed, for_good;
    const char *name, *beside, *refused;
    uint64_t left;
    int error;
} fault;

void fail_call_after(const char *name, uint64_t calls, int error)
{
    fault.is_armed = true;
    fault.for_good = false;
    fault.name = name;
    fault.beside = NULL;
    fault.refused = NULL;
    fault.left = calls;
    fault.error = error;
}

void fail_call_for_good(const char *name, uint64_t calls, int error)
{
    fail_call_after(name, calls, error);
    fault.for_good = true;
}

void fail_call_beside(const char *name)
{
    fault.beside = name;
}

const char *fail_call_stop(void)
{
    const char *refused = fault.refused;
    fault.is_armed = false;
    fault.refused = NULL;
    return refused;
}

int fail_call_error(void)
{
    return fault.error;
}

bool fail_call(const char *name)
{
    if (fault.is_armed && fault.beside != NULL && strcmp(fault.beside, name) == 0) {
        errno = fault.error;
        return true;
    }
    if (!fault.is_armed || (fault.name != NULL && strcmp(fault.name, name) != 0))
        return false;
    if (fault.left > 0) {
        fault.left--;
        return false;
    }
    fault.is_armed = fault.for_good;
    fault.refused = name;
    errno = fault.error;
    return true;
}

/* symbol: what the linker sees, which the size of files may have given a number. */
#define STAND_IN(type, symbol, name, parameters, arguments)                              \
    type __real_##symbol parameters;                                                     \
    type __wrap_##symbol parameters;                                                     \
    type __wrap_##symbol parameters                                                      \
    {                                                                                    \
        return fail_call(name) ? (type)-1 : __real_##symbol arguments;                   \
    }

/* ---- files ---- */

static mode_t mode_of(int flags, va_list more)
{
    return (flags & O_CREAT) != 0 ? (mode_t)va_arg(more, int) : 0;
}

#define STAND_IN_OPEN(symbol)                                                            \
    int __real_##symbol(const char *path, int flags, ...);                               \
    int __wrap_##symbol(const char *path, int flags, ...);                               \
    int __wrap_##symbol(const char *path, int flags, ...)                                \
    {                                                                                    \
        va_list more;                                                                    \
        va_start(more, flags);                                                           \
        mode_t mode = mode_of(flags, more);                                              \
        va_end(more);                                                                    \
        return fail_call("open") ? -1 : __real_##symbol(path, flags, mode);              \
    }
#define STAND_IN_OPENAT(symbol)                                                          \
    int __real_##symbol(int dir, const char *path, int flags, ...);                      \
    int __wrap_##symbol(int dir, const char *path, int flags, ...);                      \
    int __wrap_##symbol(int dir, const char *path, int flags, ...)                       \
    {                                                                                    \
        va_list more;                                                                    \
        va_start(more, flags);                                                           \
        mode_t mode = mode_of(flags, more);                                              \
        va_end(more);                                                                    \
        return fail_call("openat") ? -1 : __real_##symbol(dir, path, flags, mode);       \
    }

STAND_IN_OPEN(open)
STAND_IN_OPEN(open64)
STAND_IN_OPENAT(openat)
STAND_IN_OPENAT(openat64)
STAND_IN(int, fstat, "fstat", (int fd, struct stat *out), (fd, out))
STAND_IN(int, fstat64, "fstat", (int fd, struct stat *out), (fd, out))
STAND_IN(int, fstatat, "fstatat",
         (int dir, const char *path, struct stat *out, int flags),
         (dir, path, out, flags))
STAND_IN(int, fstatat64, "fstatat",
         (int dir, const char *path, struct stat *out, int flags),
         (dir, path, out, flags))
/* Where the time of old had 32 bits, these are told by the size of time as well. */
#if defined(__TIMESIZE) && __TIMESIZE == 32
STAND_IN(int, __fstat64_time64, "fstat", (int fd, struct stat *out), (fd, out))
STAND_IN(int, __fstatat64_time64, "fstatat",
         (int dir, const char *path, struct stat *out, int flags),
         (dir, path, out, flags))
#endif
STAND_IN(int, mkstemp, "mkstemp", (char *path), (path))
STAND_IN(int, mkstemp64, "mkstemp", (char *path), (path))
STAND_IN(int, mkdir, "mkdir", (const char *path, mode_t mode), (path, mode))
STAND_IN(int, fchmod, "fchmod", (int fd, mode_t mode), (fd, mode))
STAND_IN(int, fchmodat, "fchmodat", (int dir, const char *path, mode_t mode, int flags),
         (dir, path, mode, flags))
STAND_IN(int, fsync, "fsync", (int fd), (fd))
STAND_IN(int, flock, "flock", (int fd, int operation), (fd, operation))
STAND_IN(int, rename, "rename", (const char *from, const char *to), (from, to))
STAND_IN(int, renameat, "renameat",
         (int from_dir, const char *from, int to_dir, const char *to),
         (from_dir, from, to_dir, to))
STAND_IN(int, renameat2, "renameat2",
         (int from_dir, const char *from, int to_dir, const char *to, unsigned flags),
         (from_dir, from, to_dir, to, flags))
STAND_IN(int, linkat, "linkat",
         (int from_dir, const char *from, int to_dir, const char *to, int flags),
         (from_dir, from, to_dir, to, flags))
STAND_IN(int, unlinkat, "unlinkat", (int dir, const char *path, int flags),
         (dir, path, flags))
STAND_IN(int, rmdir, "rmdir", (const char *path), (path))
STAND_IN(ssize_t, read, "read", (int fd, void *out, size_t len), (fd, out, len))
STAND_IN(ssize_t, write, "write", (int fd, const void *data, size_t len), (fd, data, len))

/* Refused, and closed all the same, as Linux does it. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    bool is_refused = fail_call("close");
    int error = errno;
    int rc = __real_close(fd);
    if (!is_refused)
        return rc;
    errno = error;
    return -1;
}

/* ---- sockets ---- */

STAND_IN(int, socket, "socket", (int domain, int type, int protocol),
         (domain, type, protocol))
STAND_IN(int, bind, "bind", (int fd, const struct sockaddr *at, socklen_t len),
         (fd, at, len))
STAND_IN(int, listen, "listen", (int fd, int backlog), (fd, backlog))
STAND_IN(int, connect, "connect", (int fd, const struct sockaddr *to, socklen_t len),
         (fd, to, len))
STAND_IN(int, getsockname, "getsockname", (int fd, struct sockaddr *out, socklen_t *len),
         (fd, out, len))
STAND_IN(ssize_t, send, "send", (int fd, const void *data, size_t len, int flags),
         (fd, data, len, flags))
STAND_IN(ssize_t, recv, "recv", (int fd, void *out, size_t len, int flags),
         (fd, out, len, flags))

/* ---- the process ---- */

STAND_IN(int, setenv, "setenv", (const char *name, const char *value, int replace),
         (name, value, replace))
STAND_IN(int, tcgetattr, "tcgetattr", (int fd, struct termios *settings), (fd, settings))
STAND_IN(int, tcsetattr, "tcsetattr",
         (int fd, int actions, const struct termios *settings), (fd, actions, settings))
STAND_IN(int, sigaction, "sigaction",
         (int number, const struct sigaction *to, struct sigaction *before),
         (number, to, before))

#define STAND_IN_PRCTL(symbol)                                                           \
    int __real_##symbol(int what, ...);                                                  \
    int __wrap_##symbol(int what, ...);                                                  \
    int __wrap_##symbol(int what, ...)                                                   \
    {                                                                                    \
        unsigned long values[4];                                                         \
        va_list more;                                                                    \
        va_start(more, what);                                                            \
        for (int i = 0; i < 4; i++) /* of a call that says all of them, as ours do */    \
            values[i] = va_arg(more, unsigned long);                                     \
        va_end(more);                                                                    \
        return fail_call("prctl")                                                        \
                   ? -1                                                                  \
                   : __real_##symbol(what, values[0], values[1], values[2], values[3]);  \
    }

STAND_IN_PRCTL(prctl)
#if defined(__TIMESIZE) && __TIMESIZE == 32
STAND_IN_PRCTL(__prctl_time64)
#endif

/* Two names for one, by the size of files. */
STAND_IN(int, setrlimit, "setrlimit", (int what, const struct rlimit *limit),
         (what, limit))
STAND_IN(int, setrlimit64, "setrlimit", (int what, const struct rlimit *limit),
         (what, limit))
