#include "tests/support/fail_place.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include <execinfo.h>

/* Four are ours and of who stands in. Deep enough to tell the requests apart that meet in
 * one helper, and not each turn of a fold that calls itself. */
#define DEPTH 12
#define PLACES_MAX 32768

static uint64_t places[PLACES_MAX]; /* a table by hash; 0: free */
static uint32_t places_len;

void fail_place_forget(void)
{
    memset(places, 0, sizeof(places));
    places_len = 0;
}

/* FNV-1a over the return addresses. */
static uint64_t place_now(void)
{
    void *open[DEPTH];
    uint64_t hash = 14695981039346656037u;
    int len = backtrace(open, DEPTH);
    for (int i = 0; i < len; i++)
        hash = (hash ^ (uintptr_t)open[i]) * 1099511628211u;
    return hash == 0 ? 1 : hash;
}

bool fail_place_is_new(void)
{
    uint64_t place = place_now();
    for (uint64_t at = place;; at++) {
        uint64_t *slot = &places[at % PLACES_MAX];
        if (*slot == place)
            return false;
        if (*slot != 0)
            continue;
        assert(places_len < PLACES_MAX / 2);
        places_len++;
        *slot = place;
        return true;
    }
}
