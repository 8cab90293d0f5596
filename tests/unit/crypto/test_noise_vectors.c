/*
 * test_noise_vectors FILE: runs every vector of our two handshakes in a vectors.txt of
 * github.com/flynn/noise. A vector is a block of "key=hex" lines that begins with
 * "handshake=NAME" and ends at an empty line; msg_0 to msg_2 are the handshake, the later
 * ones transport, the initiator's first.
 */
#include "crypto/noise.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/key.h"
#include "vector.h"

#define LINE_SIZE 4096
#define MESSAGES_MAX 8
#define BYTES_MAX 512

struct bytes_of {
    uint8_t data[BYTES_MAX];
    size_t len;
    bool is_set;
};

struct vector {
    enum noise_pattern pattern;
    struct bytes_of init_static, resp_static, init_ephemeral, resp_ephemeral;
    struct bytes_of prologue, psk;
    struct bytes_of payload[MESSAGES_MAX], ciphertext[MESSAGES_MAX];
};

static const char *vectors_path;

static void set_bytes(struct bytes_of *bytes, const char *hex)
{
    assert_false(bytes->is_set);
    bytes->len = vector_read(bytes->data, BYTES_MAX, hex);
    bytes->is_set = true;
}

/* One line of a vector. A key that we do not know fails the test: it would mean that the
 * vector is only half run. */
static void set_field(struct vector *vector, const char *key, const char *hex)
{
    struct {
        const char *key;
        struct bytes_of *bytes;
    } fields[] = {{"init_static", &vector->init_static},
                  {"resp_static", &vector->resp_static},
                  {"gen_init_ephemeral", &vector->init_ephemeral},
                  {"gen_resp_ephemeral", &vector->resp_ephemeral},
                  {"prologue", &vector->prologue},
                  {"preshared_key", &vector->psk}};
    for (size_t i = 0; i < COUNT(fields); i++)
        if (strcmp(fields[i].key, key) == 0) {
            set_bytes(fields[i].bytes, hex);
            return;
        }
    unsigned number = 0;
    char kind[16] = "";
    if (sscanf(key, "msg_%1u_%15s", &number, kind) != 2 || number >= MESSAGES_MAX)
        fail_msg("unknown key %s", key);
    if (strcmp(kind, "payload") == 0)
        set_bytes(&vector->payload[number], hex);
    else if (strcmp(kind, "ciphertext") == 0)
        set_bytes(&vector->ciphertext[number], hex);
    else
        fail_msg("unknown key %s", key);
}

static struct noise_config config_of(const struct vector *vector, bool is_initiator,
                                     const uint8_t rs[static NOISE_KEY_SIZE])
{
    const struct bytes_of *s = is_initiator ? &vector->init_static : &vector->resp_static;
    const struct bytes_of *e =
        is_initiator ? &vector->init_ephemeral : &vector->resp_ephemeral;
    assert_int_equal(s->len, NOISE_KEY_SIZE);
    assert_int_equal(e->len, NOISE_KEY_SIZE);
    const bool is_xk = vector->pattern == NOISE_XK;
    if (!is_xk)
        assert_int_equal(vector->psk.len, NOISE_KEY_SIZE);
    return (struct noise_config){.pattern = vector->pattern,
                                 .is_initiator = is_initiator,
                                 .prologue = vector->prologue.data,
                                 .prologue_len = vector->prologue.len,
                                 .s_secret = s->data,
                                 .e_secret = e->data,
                                 .rs = is_xk && is_initiator ? rs : NULL,
                                 .psk = is_xk ? NULL : vector->psk.data};
}

static void run_handshake(const struct vector *vector, struct noise_handshake sides[2])
{
    for (size_t i = 0; i < 3; i++) {
        struct noise_handshake *writer = &sides[i % 2], *reader = &sides[1 - i % 2];
        const struct bytes_of *payload = &vector->payload[i];
        const struct bytes_of *wanted = &vector->ciphertext[i];
        uint8_t message[BYTES_MAX + NOISE_OVERHEAD_MAX], read[BYTES_MAX];
        size_t message_len = 0, read_len = 0;
        assert_true(payload->is_set && wanted->is_set);

        assert_true(noise_write(writer, payload->data, payload->len, message,
                                sizeof(message), &message_len));
        assert_int_equal(message_len, wanted->len);
        assert_memory_equal(message, wanted->data, wanted->len);

        assert_true(
            noise_read(reader, message, message_len, read, sizeof(read), &read_len));
        assert_int_equal(read_len, payload->len);
        assert_memory_equal(read, payload->data, payload->len);
    }
}

/* Returns how many transport messages the vector has. */
static int run_transport(const struct vector *vector, struct noise_cipher send[2],
                         struct noise_cipher receive[2])
{
    int count = 0;
    for (size_t i = 3; i < MESSAGES_MAX && vector->payload[i].is_set; i++, count++) {
        const size_t from = (i - 3) % 2;
        const struct bytes_of *payload = &vector->payload[i];
        const struct bytes_of *wanted = &vector->ciphertext[i];
        uint8_t sealed[BYTES_MAX + NOISE_TAG_SIZE], opened[BYTES_MAX];

        assert_true(noise_seal(&send[from], payload->data, payload->len, sealed));
        assert_int_equal(payload->len + NOISE_TAG_SIZE, wanted->len);
        assert_memory_equal(sealed, wanted->data, wanted->len);

        assert_true(noise_open(&receive[1 - from], sealed, wanted->len, opened));
        assert_memory_equal(opened, payload->data, payload->len);
    }
    return count;
}

static void run_vector(const struct vector *vector)
{
    struct noise_handshake sides[2];
    struct noise_cipher send[2], receive[2];
    uint8_t hash[2][NOISE_HASH_SIZE], init_public[NOISE_KEY_SIZE];
    uint8_t resp_public[NOISE_KEY_SIZE];
    key_dh_public(init_public, vector->init_static.data);
    key_dh_public(resp_public, vector->resp_static.data);
    struct noise_config initiator = config_of(vector, true, resp_public);
    struct noise_config responder = config_of(vector, false, resp_public);
    noise_start(&sides[0], &initiator);
    noise_start(&sides[1], &responder);

    run_handshake(vector, sides);

    assert_memory_equal(noise_remote_static(&sides[0]), resp_public, NOISE_KEY_SIZE);
    assert_memory_equal(noise_remote_static(&sides[1]), init_public, NOISE_KEY_SIZE);
    for (size_t i = 0; i < 2; i++) {
        assert_true(noise_is_done(&sides[i]));
        noise_split(&sides[i], &send[i], &receive[i], hash[i]);
    }
    assert_memory_equal(hash[0], hash[1], NOISE_HASH_SIZE);
    assert_int_equal(run_transport(vector, send, receive), 2);
}

/* Reads the rest of the block into vector and runs it. */
static void run_block(FILE *file, enum noise_pattern pattern)
{
    char line[LINE_SIZE];
    struct vector vector = {.pattern = pattern};
    while (fgets(line, sizeof(line), file) != NULL) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        if (line[0] == '\0')
            break;
        char *equals = strchr(line, '=');
        assert_non_null(equals);
        *equals = '\0';
        set_field(&vector, line, equals + 1);
    }
    run_vector(&vector);
}

/* Runs every vector of that name; returns how many there were. */
static int run_all(const char *name, enum noise_pattern pattern)
{
    FILE *file = fopen(vectors_path, "r");
    if (file == NULL)
        fail_msg("%s is missing: install golang-github-flynn-noise-dev", vectors_path);
    char line[LINE_SIZE], wanted[128];
    int count = 0;
    (void)snprintf(wanted, sizeof(wanted), "handshake=%s\n", name);
    while (fgets(line, sizeof(line), file) != NULL)
        if (strcmp(line, wanted) == 0) {
            run_block(file, pattern);
            count++;
        }
    assert_int_equal(fclose(file), 0);
    print_message("%s: %d vectors\n", name, count);
    return count;
}

/* With and without a prologue, with empty and with filled payloads: four of each. */
static void all_vectors_of_noise_XK_hold(void **state)
{
    assert_int_equal(run_all("Noise_XK_25519_ChaChaPoly_BLAKE2b", NOISE_XK), 4);
}

static void all_vectors_of_noise_XXpsk0_hold(void **state)
{
    assert_int_equal(run_all("Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b", NOISE_XXPSK0), 4);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_vectors_of_noise_XK_hold),
        cmocka_unit_test(all_vectors_of_noise_XXpsk0_hold),
    };
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return 2;
    }
    vectors_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
