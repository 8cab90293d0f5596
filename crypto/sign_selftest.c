#include "crypto/sign.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

/*
 * Ed25519 libraries agree on honest signatures and differ on made-up ones. Here are the
 * made-up ones with the one verdict that the format asks for. A library may be replaced
 * beneath us at any time, so the daemon and the client run this at each start.
 */

struct signature_case {
    const char *name;
    const char *public_key; /* all in hexadecimal */
    const char *message;
    const char *signature;
    bool holds;
};

static const struct signature_case signature_cases[] = {
    /* RFC 8032 §7.1, TEST 1 to 3. */
    {"RFC 8032 TEST 1",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
     true},
    {"RFC 8032 TEST 2",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
     true},
    {"RFC 8032 TEST 3",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
     true},

    /* Chalkias, Garillot, Nikolaenko: Taming the many EdDSAs (SSR 2020), §5.1; the bytes
     * are those of ed25519-speccheck, cases.json. The first four, S above L and the two
     * that are not reduced for the hash satisfy the cofactorless equation, so that only
     * the checks on R, A and S refuse them. */
    {"speccheck: small A and R",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
     "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
     "0000000000000000000000000000000000000000000000000000000000000000",
     false},
    {"speccheck: small A",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
     "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
     "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
     false},
    {"speccheck: small R",
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
     "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
     "8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
     false},
    {"speccheck: mixed A and R, equation holds",
     "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
     "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
     "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f"
     "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
     false},
    {"speccheck: mixed A and R, cofactored only",
     "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
     "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
     "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
     "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
     false},
    {"speccheck: mixed A, cofactored only",
     "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
     "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
     "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
     "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
     false},
    {"speccheck: S above L",
     "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
     "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
     "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
     "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
     false},
    {"speccheck: S far above L",
     "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
     "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
     "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
     "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
     false},
    {"speccheck: non-canonical small R, reduced for the hash",
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
     "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f",
     false},
    {"speccheck: non-canonical small R",
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
     "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "ca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908",
     false},
    {"speccheck: non-canonical small A, reduced for the hash",
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b",
     "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
     "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
     false},
    {"speccheck: non-canonical small A",
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f",
     "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
     "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
     false},

    /* Made for this file by a separate program on points. The seed is 00 01 .. 1f, the
     * message "fengqiao"; the mixed keys are that key and a point of order 2, 4 or 8. */
    {"honest", "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "c9a71603f3aaaf513f45d6e3e84b94e0e543f91e8a60efcd8aabc7ee23f00ac0"
     "5dee4925c4630730d3d041e12eda3c9b1cc5a97815b7dfc4ece2c68d2aa2500d",
     true},
    {"S + L", "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "c9a71603f3aaaf513f45d6e3e84b94e0e543f91e8a60efcd8aabc7ee23f00ac0"
     "4ac23f82dec61988a96d39840dd41bb01cc5a97815b7dfc4ece2c68d2aa2501d",
     false},
    {"R + torsion of order 8",
     "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "f54631262828438474e0f472e57e1dd05b807294b62290e8793434e47615c8c5"
     "c46d040ef8367eb1eaa02d895f191207be63d5b19acaff14d3bd8773449b600e",
     false},
    {"R + torsion of order 2",
     "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "2458e9fc0c5550aec0ba291c17b46b1f1abc06e1759f103275543811dc0ff53f"
     "f38cfb66af59f946f6bee5fb68e3c575cfe3c41ed97b74c1b206adf399492705",
     false},
    {"R the identity", "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "0100000000000000000000000000000000000000000000000000000000000000"
     "717b598e5502019721e0786a3d5d7d7eac8465dfc5f5041525cef37472c45600",
     false},
    {"R the identity, y + p",
     "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
     "4056e05fe34ef156971c32eb64e7379afe59a600cb11e599032eb525f463c20f",
     false},
    {"R the identity, y + p and signed",
     "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "01e00e35e85b47aa23efe4d2b92755e60ccafa61274f25934b155273cd467707",
     false},
    {"R the identity, signed",
     "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "0100000000000000000000000000000000000000000000000000000000000080"
     "7ba69af3d5599d44a5d253d09d3e1cd1e3f6b511ab547079ce72bfb185f6f804",
     false},
    {"R of order 8", "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
     "9b1e6eec33d34adca00191c7be83918fcac5294b781d4252e13f61594a56a60e",
     false},
    {"R of order 2", "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
     "66656e677169616f",
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
     "c63cc05a83ace1700012fb543e442d84a4e36abe95ffcdddbf9d281eba5b760f",
     false},
    {"A of order 2L, equation holds",
     "ea5ef8400c31ef41e28f22e718b43f66981b29cf645af2a0e223799bedaace47",
     "66656e677169616f",
     "036328491a66af69a32f0ebad91949edc16dda2462a28ca57f446bb54dea8dfc"
     "a306715703022f5bfc6ebcc8f8eb8bd30a668751aa637dd0c0c5ec38fe02df07",
     false},
    {"A of order 4L, equation holds",
     "8b2a59ac4324b312dd8d7e5480f0d2e11412b04eeb4e515268a730a951142b6c",
     "66656e677169616f",
     "af5caa8cd9d675d3fd44a2a1cb8b8226ef368660de1c1a542670a33302bf4fc2"
     "2fe112aaa8e41b868b0f2a1e0e772b40e2602191165729e48943d48c09d40e08",
     false},
    {"A of order 8L, equation holds",
     "b502ff3d92e31d8190b4aa4ea0414005167fad089c4de9dac8a2fc850fed4f58",
     "66656e677169616f",
     "af5caa8cd9d675d3fd44a2a1cb8b8226ef368660de1c1a542670a33302bf4fc2"
     "bd32b69888813df84bc602b691f32b53b6181dad9393f50ebe88b14ae5d3040c",
     false},
};

/* The encodings of points whose order divides 8: the eight canonical ones (orders 1, 2,
 * 4, 4, 8, 8, 8, 8), then the six others that a lax decoder takes. C2SP CCTV, ed25519.
 */
static const char *const small_points[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

struct key_case {
    const char *name;
    const char *public_key;
    bool is_sound;
};

/* B is the base point. CVE-2025-69277: is_valid_point looked at x alone after multiplying
 * by L, and so took every point of order 2L for one of order L. */
static const struct key_case key_cases[] = {
    {"key B", "5866666666666666666666666666666666666666666666666666666666666666", true},
    {"key B + order 2 (CVE-2025-69277)",
     "9599999999999999999999999999999999999999999999999999999999999999", false},
    {"key 2B + order 2 (CVE-2025-69277)",
     "245c079551b9a0f1a9aec79baef0c668a9e05d3617a15de23dd6dcf60c329fdd", false},
    {"key of order 2L, y = 9",
     "0900000000000000000000000000000000000000000000000000000000000000", false},
    {"key of order 4L, y = 4",
     "0400000000000000000000000000000000000000000000000000000000000000", false},
    {"key of order 8L, y = 3",
     "0300000000000000000000000000000000000000000000000000000000000000", false},
    {"key of order 8L, y = 3 + p",
     "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false},
    {"key that is no point, y = 2",
     "0200000000000000000000000000000000000000000000000000000000000000", false},
    {"key that is no number below p",
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false},
};

#define MESSAGE_MAX 64

/* Our own tables are the only input: a bad digit is a bug. */
static size_t unhex(uint8_t *out, size_t size, const char *hex)
{
    size_t len = 0;
    int rc = sodium_hex2bin(out, size, hex, strlen(hex), NULL, &len, NULL);
    assert(rc == 0);
    (void)rc;
    return len;
}

static void unhex_exactly(uint8_t *out, size_t size, const char *hex)
{
    size_t len = unhex(out, size, hex);
    assert(len == size);
    (void)len;
}

static bool signature_case_passes(const struct signature_case *c)
{
    uint8_t public_key[KEY_SIZE], signature[SIGN_SIZE], message[MESSAGE_MAX];
    unhex_exactly(public_key, sizeof(public_key), c->public_key);
    unhex_exactly(signature, sizeof(signature), c->signature);
    size_t len = unhex(message, sizeof(message), c->message);
    return sign_verify(signature, public_key, message, len) == c->holds;
}

/* Refused as a key, as A and as R, in each of which a library might forget it. S = 0
 * makes the equation hold for the identity. */
static bool small_point_is_refused(const char *hex,
                                   const uint8_t sound_key[static KEY_SIZE])
{
    uint8_t point[KEY_SIZE], signature[SIGN_SIZE] = {0};
    unhex_exactly(point, sizeof(point), hex);
    memcpy(signature, point, sizeof(point));
    return !sign_key_is_sound(point) && !sign_verify_known(signature, point, "", 0) &&
           !sign_verify_known(signature, sound_key, "", 0);
}

static bool key_case_passes(const struct key_case *c)
{
    uint8_t public_key[KEY_SIZE];
    unhex_exactly(public_key, sizeof(public_key), c->public_key);
    return sign_key_is_sound(public_key) == c->is_sound;
}

/* Signing is deterministic, so there is one right answer: RFC 8032 §7.1, TEST 2. */
static bool signing_passes(void)
{
    static const char seed_hex[] =
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    const struct signature_case *known = &signature_cases[1];
    uint8_t seed[KEY_SEED_SIZE], public_key[KEY_SIZE], derived[KEY_SIZE];
    uint8_t wanted[SIGN_SIZE], signature[SIGN_SIZE];
    unhex_exactly(seed, sizeof(seed), seed_hex);
    unhex_exactly(public_key, sizeof(public_key), known->public_key);
    unhex_exactly(wanted, sizeof(wanted), known->signature);
    key_sign_public(derived, seed);
    sign_message(signature, seed, "\x72", 1);
    return memcmp(derived, public_key, sizeof(derived)) == 0 &&
           memcmp(signature, wanted, sizeof(signature)) == 0;
}

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The name of the first case that fails, or NULL. */
static const char *first_failure(void)
{
    if (sodium_init() < 0)
        return "sodium_init";
    if (!signing_passes())
        return "signing";
    for (size_t i = 0; i < COUNT(signature_cases); i++)
        if (!signature_case_passes(&signature_cases[i]))
            return signature_cases[i].name;
    for (size_t i = 0; i < COUNT(key_cases); i++)
        if (!key_case_passes(&key_cases[i]))
            return key_cases[i].name;
    uint8_t sound_key[KEY_SIZE];
    unhex_exactly(sound_key, sizeof(sound_key), signature_cases[0].public_key);
    for (size_t i = 0; i < COUNT(small_points); i++)
        if (!small_point_is_refused(small_points[i], sound_key))
            return small_points[i];
    return NULL;
}

bool sign_selftest(const char **name)
{
    const char *failed = first_failure();
    if (name != NULL)
        *name = failed;
    return failed == NULL;
}
