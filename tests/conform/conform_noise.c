/*
 * conform_noise: whole handshakes from fixed keys (noise), and one side of a live one
 * (noise-start, noise-write, noise-read, noise-hash).
 */
#include "tests/conform/conform.h"

#include <string.h>

#include "crypto/key.h"
#include "crypto/secret.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HANDSHAKE_MESSAGES 3
#define TRANSPORT_PAYLOAD_MAX (NOISE_MESSAGE_MAX - NOISE_TAG_SIZE)

static const struct {
    const char *name;
    enum noise_pattern pattern;
} protocols[] = {
    {"Noise_XK_25519_ChaChaPoly_BLAKE2b", NOISE_XK},
    {"Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b", NOISE_XXPSK0},
};

static bool find_pattern(const char *name, enum noise_pattern *pattern)
{
    for (size_t i = 0; i < COUNT(protocols); i++)
        if (strcmp(protocols[i].name, name) == 0) {
            *pattern = protocols[i].pattern;
            return true;
        }
    return false;
}

/* ---- name=HEX arguments ---- */

struct field {
    const char *name;
    size_t len; /* what it must have; 0: any length */
    bool is_given;
    struct buf value;
};

/* The HEX of "name=HEX", or NULL where word is of another name. */
static const char *value_of(const char *word, const char *name)
{
    size_t len = strlen(name);
    return strncmp(word, name, len) == 0 && word[len] == '=' ? word + len + 1 : NULL;
}

static bool take_field(struct conform_call *call, const char *word, struct field *fields,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct field *field = &fields[i];
        const char *hex = value_of(word, field->name);
        if (hex == NULL)
            continue;
        if (field->is_given) {
            conform_error(call, "a key is given twice");
            return false;
        }
        field->is_given = true;
        if (!conform_bytes(call, hex, &field->value))
            return false;
        if (field->len != 0 && field->value.len != field->len) {
            conform_error(call, "a key has 32 bytes");
            return false;
        }
        return true;
    }
    conform_error(call, "unknown key");
    return false;
}

static void free_fields(struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_deinit(&fields[i].value);
}

/* NULL where it was not given. */
static const uint8_t *field_data(const struct field *field)
{
    return field->is_given ? field->value.data : NULL;
}

/* ---- noise: both sides, from fixed keys ---- */

enum { PROLOGUE, INIT_STATIC, RESP_STATIC, INIT_EPHEMERAL, RESP_EPHEMERAL, PAIR_PSK };

struct pair {
    struct noise_handshake init, resp;
    /* After the handshake: from the initiator to the responder, and back. */
    struct noise_cipher init_send, init_receive, resp_send, resp_receive;
    uint8_t hash[NOISE_HASH_SIZE];
    int messages;
};

static void pair_start(struct pair *pair, enum noise_pattern pattern,
                       const struct field *fields)
{
    uint8_t resp_public[KEY_SIZE];
    key_dh_public(resp_public, field_data(&fields[RESP_STATIC]));
    struct noise_config config = {.pattern = pattern,
                                  .is_initiator = true,
                                  .prologue = field_data(&fields[PROLOGUE]),
                                  .prologue_len = fields[PROLOGUE].value.len,
                                  .s_secret = field_data(&fields[INIT_STATIC]),
                                  .e_secret = field_data(&fields[INIT_EPHEMERAL]),
                                  .rs = pattern == NOISE_XK ? resp_public : NULL,
                                  .psk = field_data(&fields[PAIR_PSK])};
    noise_start(&pair->init, &config);
    config.is_initiator = false;
    config.s_secret = field_data(&fields[RESP_STATIC]);
    config.e_secret = field_data(&fields[RESP_EPHEMERAL]);
    config.rs = NULL;
    noise_start(&pair->resp, &config);
}

static bool pair_handshake(struct pair *pair, const struct buf *payload, uint8_t *message,
                           size_t *len, uint8_t *got, size_t *got_len)
{
    bool is_from_init = pair->messages % 2 == 0;
    struct noise_handshake *writer = is_from_init ? &pair->init : &pair->resp;
    struct noise_handshake *reader = is_from_init ? &pair->resp : &pair->init;
    if (!noise_write(writer, payload->data, payload->len, message, NOISE_MESSAGE_MAX,
                     len))
        return false;
    if (!noise_read(reader, message, *len, got, NOISE_MESSAGE_MAX, got_len))
        return false;
    if (!noise_is_done(&pair->init))
        return true;
    uint8_t resp_hash[NOISE_HASH_SIZE];
    noise_split(&pair->init, &pair->init_send, &pair->init_receive, pair->hash);
    noise_split(&pair->resp, &pair->resp_send, &pair->resp_receive, resp_hash);
    return memcmp(pair->hash, resp_hash, NOISE_HASH_SIZE) == 0;
}

static bool pair_transport(struct pair *pair, const struct buf *payload, uint8_t *message,
                           size_t *len, uint8_t *got, size_t *got_len)
{
    /* The handshake done, the initiator begins anew, as in the vectors of flynn/noise. */
    bool is_from_init = (pair->messages - HANDSHAKE_MESSAGES) % 2 == 0;
    struct noise_cipher *send = is_from_init ? &pair->init_send : &pair->resp_send;
    struct noise_cipher *receive =
        is_from_init ? &pair->resp_receive : &pair->init_receive;
    if (payload->len > TRANSPORT_PAYLOAD_MAX)
        return false;
    if (!noise_seal(send, payload->data, payload->len, message))
        return false;
    *len = payload->len + NOISE_TAG_SIZE;
    *got_len = payload->len;
    return noise_open(receive, message, *len, got);
}

/* One payload from writer to reader. Says the message, or "bad". */
static bool pair_message(struct conform_call *call, struct pair *pair, const char *hex)
{
    static uint8_t message[NOISE_MESSAGE_MAX], got[NOISE_MESSAGE_MAX];
    size_t len = 0, got_len = 0;
    struct buf payload = {0};
    bool is_said = false;
    if (!conform_bytes(call, hex, &payload))
        goto free_payload;
    bool holds = pair->messages < HANDSHAKE_MESSAGES
                     ? pair_handshake(pair, &payload, message, &len, got, &got_len)
                     : pair_transport(pair, &payload, message, &len, got, &got_len);
    if (!holds || got_len != payload.len ||
        (got_len > 0 && memcmp(got, payload.data, got_len) != 0)) {
        buf_clear(call->answer);
        conform_say(call, "bad");
        goto free_payload;
    }
    conform_say_hex(call, message, len);
    conform_say(call, " ");
    pair->messages++;
    is_said = true;
free_payload:
    buf_deinit(&payload);
    return is_said;
}

static void noise(struct conform_call *call)
{
    static struct pair pair;
    struct field fields[] = {
        [PROLOGUE] = {.name = "prologue"},
        [INIT_STATIC] = {.name = "init_static", .len = NOISE_KEY_SIZE},
        [RESP_STATIC] = {.name = "resp_static", .len = NOISE_KEY_SIZE},
        [INIT_EPHEMERAL] = {.name = "init_ephemeral", .len = NOISE_KEY_SIZE},
        [RESP_EPHEMERAL] = {.name = "resp_ephemeral", .len = NOISE_KEY_SIZE},
        [PAIR_PSK] = {.name = "psk", .len = NOISE_KEY_SIZE},
    };
    enum noise_pattern pattern;
    if (!find_pattern(call->words[1], &pattern)) {
        conform_error(call, "unknown protocol");
        return;
    }

    size_t payloads = 0;
    for (size_t i = 2; i < call->count; i++) {
        if (value_of(call->words[i], "payload") != NULL)
            payloads++;
        else if (!take_field(call, call->words[i], fields, COUNT(fields)))
            goto free_all;
    }
    for (size_t i = INIT_STATIC; i <= RESP_EPHEMERAL; i++)
        if (!fields[i].is_given) {
            conform_error(call, "a key is missing");
            goto free_all;
        }
    if (fields[PAIR_PSK].is_given != (pattern == NOISE_XXPSK0)) {
        conform_error(call, "psk belongs to XXpsk0, and to it alone");
        goto free_all;
    }
    if (payloads < HANDSHAKE_MESSAGES) {
        conform_error(call, "a handshake has three payloads");
        goto free_all;
    }

    pair_start(&pair, pattern, fields);
    for (size_t i = 2; i < call->count; i++) {
        const char *hex = value_of(call->words[i], "payload");
        if (hex != NULL && !pair_message(call, &pair, hex))
            goto free_all;
    }
    conform_say_hex(call, pair.hash, sizeof(pair.hash));
free_all:
    secret_wipe(&pair, sizeof(pair));
    free_fields(fields, COUNT(fields));
}

/* ---- one side, live ---- */

enum { SIDE_PROLOGUE, STATIC, EPHEMERAL, REMOTE_STATIC, SIDE_PSK };

static void noise_start_side(struct conform_call *call)
{
    struct conform_session *session = call->session;
    struct field fields[] = {
        [SIDE_PROLOGUE] = {.name = "prologue"},
        [STATIC] = {.name = "static", .len = NOISE_KEY_SIZE},
        [EPHEMERAL] = {.name = "ephemeral", .len = NOISE_KEY_SIZE},
        [REMOTE_STATIC] = {.name = "remote_static", .len = NOISE_KEY_SIZE},
        [SIDE_PSK] = {.name = "psk", .len = NOISE_KEY_SIZE},
    };
    enum noise_pattern pattern;
    secret_wipe(session, sizeof(*session));
    if (!find_pattern(call->words[1], &pattern)) {
        conform_error(call, "unknown protocol");
        return;
    }
    bool is_initiator = strcmp(call->words[2], "init") == 0;
    if (!is_initiator && strcmp(call->words[2], "resp") != 0) {
        conform_error(call, "init or resp");
        return;
    }

    for (size_t i = 3; i < call->count; i++)
        if (!take_field(call, call->words[i], fields, COUNT(fields)))
            goto free_all;
    if (!fields[STATIC].is_given || !fields[EPHEMERAL].is_given) {
        conform_error(call, "a key is missing");
        goto free_all;
    }
    if (fields[SIDE_PSK].is_given != (pattern == NOISE_XXPSK0)) {
        conform_error(call, "psk belongs to XXpsk0, and to it alone");
        goto free_all;
    }
    if (fields[REMOTE_STATIC].is_given != (pattern == NOISE_XK && is_initiator)) {
        conform_error(call, "remote_static belongs to XK's initiator, and to it alone");
        goto free_all;
    }

    struct noise_config config = {.pattern = pattern,
                                  .is_initiator = is_initiator,
                                  .prologue = field_data(&fields[SIDE_PROLOGUE]),
                                  .prologue_len = fields[SIDE_PROLOGUE].value.len,
                                  .s_secret = field_data(&fields[STATIC]),
                                  .e_secret = field_data(&fields[EPHEMERAL]),
                                  .rs = field_data(&fields[REMOTE_STATIC]),
                                  .psk = field_data(&fields[SIDE_PSK])};
    noise_start(&session->handshake, &config);
    session->is_started = true;
    conform_say(call, "ok");
free_all:
    free_fields(fields, COUNT(fields));
}

/* After the third message: from here on the words are transport. */
static void finish_if_done(struct conform_session *session)
{
    if (!noise_is_done(&session->handshake))
        return;
    noise_split(&session->handshake, &session->send, &session->receive, session->hash);
    session->is_done = true;
}

/* The request's one argument. False: it is answered. */
static bool take_side_bytes(struct conform_call *call, struct buf *in)
{
    if (!call->session->is_started) {
        conform_error(call, "noise-start comes first");
        return false;
    }
    if (!conform_bytes(call, call->words[1], in))
        return false;
    if (in->len > NOISE_MESSAGE_MAX) {
        conform_error(call, "longer than a Noise message");
        return false;
    }
    return true;
}

static void noise_write_side(struct conform_call *call)
{
    static uint8_t message[NOISE_MESSAGE_MAX];
    struct conform_session *session = call->session;
    struct buf in = {0};
    size_t len = 0;
    if (!take_side_bytes(call, &in))
        goto free_in;
    bool holds;
    if (session->is_done) {
        holds = in.len <= TRANSPORT_PAYLOAD_MAX &&
                noise_seal(&session->send, in.data, in.len, message);
        len = in.len + NOISE_TAG_SIZE;
    } else {
        holds = noise_write(&session->handshake, in.data, in.len, message,
                            sizeof(message), &len);
        finish_if_done(session);
    }
    if (holds)
        conform_say_hex(call, message, len);
    else
        conform_say(call, "bad");
free_in:
    buf_deinit(&in);
}

static void noise_read_side(struct conform_call *call)
{
    static uint8_t payload[NOISE_MESSAGE_MAX];
    struct conform_session *session = call->session;
    struct buf in = {0};
    size_t len = 0;
    if (!take_side_bytes(call, &in))
        goto free_in;
    bool holds;
    if (session->is_done) {
        holds = noise_open(&session->receive, in.data, in.len, payload);
        len = holds ? in.len - NOISE_TAG_SIZE : 0;
    } else {
        holds = noise_read(&session->handshake, in.data, in.len, payload, sizeof(payload),
                           &len);
        finish_if_done(session);
    }
    if (holds)
        conform_say_hex(call, payload, len);
    else
        conform_say(call, "bad");
free_in:
    buf_deinit(&in);
}

static void noise_hash_side(struct conform_call *call)
{
    if (!call->session->is_done) {
        conform_error(call, "the handshake is not done");
        return;
    }
    conform_say_hex(call, call->session->hash, NOISE_HASH_SIZE);
}

const struct conform_word conform_noise_words[] = {
    {"noise", 2, CONFORM_WORDS_MAX, noise,
     "noise NAME prologue=HEX init_static=HEX resp_static=HEX init_ephemeral=HEX "
     "resp_ephemeral=HEX psk=HEX payload=HEX ...: the messages and the handshake hash"},
    {"noise-start", 2, CONFORM_WORDS_MAX, noise_start_side,
     "noise-start NAME init|resp prologue=HEX static=HEX ephemeral=HEX "
     "remote_static=HEX psk=HEX: ok"},
    {"noise-write", 1, 1, noise_write_side, "noise-write PAYLOAD: the message or bad"},
    {"noise-read", 1, 1, noise_read_side, "noise-read MESSAGE: the payload or bad"},
    {"noise-hash", 0, 0, noise_hash_side, "noise-hash: the handshake hash, 64 bytes"},
    {NULL, 0, 0, NULL, NULL},
};
