/* Wakes the planted bug that PLANTED names, before main of a unit test. What tells
 * a bug is a test with its rule in its name: random histories, and bytes flipped one
 * after the other, are left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/sim/planted/planted.h"

__attribute__((constructor)) static void wake(void)
{
    const char *name = getenv("PLANTED");
    planted_now = planted_find(name == NULL ? "nothing" : name);
    if (planted_now == PLANTED_LEN)
        abort();
    cmocka_set_skip_filter(TOLD_SKIPS);
}
