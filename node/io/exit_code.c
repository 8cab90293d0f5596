#include "node/io/exit_code.h"

#include <sysexits.h>

#include "node/io/log.h"

int sysexit_of(enum status status)
{
    switch (status) { /* never: the enum has no other value */
    case STATUS_OK:
        return EX_OK;
    case STATUS_INVALID:
    case STATUS_TOO_LARGE:
        return EX_USAGE;
    case STATUS_CORRUPT:
    case STATUS_UNVERIFIED:
        return EX_DATAERR;
    case STATUS_NOT_FOUND:
        return EX_NOINPUT;
    case STATUS_BUSY:
    case STATUS_UNREACHABLE:
        return EX_UNAVAILABLE;
    case STATUS_NO_MEMORY:
        return EX_OSERR;
    case STATUS_EXISTS:
        return EX_CANTCREAT;
    case STATUS_FULL:
    case STATUS_IO:
        return EX_IOERR;
    case STATUS_UNSUPPORTED:
        return EX_CONFIG;
    case STATUS_DENIED:
        return EX_NOPERM;
    case STATUS_CLOSED:
        return EX_TEMPFAIL;
    case STATUS_MORE:
    case STATUS_CONFLICT:
        break;
    }
    return EX_SOFTWARE;
}

int exit_code_told(enum status status, const struct err *err)
{
    if (status != STATUS_OK)
        log_error("%s", err_text(err, status));
    return sysexit_of(status);
}
