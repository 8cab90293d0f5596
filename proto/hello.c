#include "proto/hello.h"

#include <string.h>

#include "crypto/digest.h"

#define HELLO_VERSION 1

void hello_preamble(uint8_t out[static HELLO_PREAMBLE_SIZE], enum noise_pattern pattern)
{
    out[0] = 'F';
    out[1] = 'Q';
    out[2] = HELLO_VERSION;
    out[3] = pattern == NOISE_XK ? 1 : 2;
}

bool hello_parse(const uint8_t preamble[static HELLO_PREAMBLE_SIZE],
                 enum noise_pattern *pattern)
{
    if (preamble[0] != 'F' || preamble[1] != 'Q' || preamble[2] != HELLO_VERSION)
        return false;
    if (preamble[3] != 1 && preamble[3] != 2)
        return false;
    *pattern = preamble[3] == 1 ? NOISE_XK : NOISE_XXPSK0;
    return true;
}

void hello_key(uint8_t out[static 32], enum noise_pattern pattern,
               const uint8_t material[static 32])
{
    const char *domain =
        pattern == NOISE_XK ? "fengqiao/1/hello-xk" : "fengqiao/1/hello-psk";
    digest_of(out, domain, material, 32);
}

void hello_mac(uint8_t out[static HELLO_MAC_SIZE], const uint8_t key[static 32],
               const uint8_t preamble[static HELLO_PREAMBLE_SIZE],
               const uint8_t first[static HELLO_FIRST_SIZE])
{
    uint8_t data[HELLO_PREAMBLE_SIZE + HELLO_FIRST_SIZE];
    memcpy(data, preamble, HELLO_PREAMBLE_SIZE);
    memcpy(data + HELLO_PREAMBLE_SIZE, first, HELLO_FIRST_SIZE);
    digest_keyed(out, HELLO_MAC_SIZE, key, "fengqiao/1/hello", data, sizeof(data));
}
