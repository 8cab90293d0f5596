/*
 * plain_channel: the channel without Noise, in the place of the true one (the linker's
 * --wrap), so that what a fuzzer changes in a message arrives as a changed message. On
 * the wire stand units:
 *
 *   type(1) ‖ length(4) ‖ payload
 *   'H'  pattern(1) ‖ static public key(32) ‖ psk(32): once from each end, the dialer's
 *        first
 *   'M'  a message     'F'  fin, no payload
 */
#include <string.h>

#include "crypto/digest.h"
#include "crypto/key.h"
#include "proto/channel.h"
#include "proto/limits.h"

#define UNIT_HEAD 5
#define GREETING_SIZE 65

void __wrap_key_dh_public(uint8_t public_key[static KEY_SIZE],
                          const uint8_t secret_key[static KEY_SIZE]);
enum status __wrap_channel_init(struct channel *channel,
                                const struct channel_config *config);
enum status __wrap_channel_receive(struct channel *channel, struct bytes bytes,
                                   struct err *err);
bool __wrap_channel_is_open(const struct channel *channel);
enum status __wrap_channel_next(struct channel *channel, struct bytes *message);
bool __wrap_channel_is_finished(const struct channel *channel);
void __wrap_channel_send(struct channel *channel, struct bytes message);
void __wrap_channel_flush(struct channel *channel);
void __wrap_channel_finish(struct channel *channel);
enum status __wrap_channel_status(const struct channel *channel);

void __wrap_key_dh_public(uint8_t public_key[static KEY_SIZE],
                          const uint8_t secret_key[static KEY_SIZE])
{
    digest_of(public_key, "fengqiao/test/dh-key", secret_key, KEY_SIZE);
}

static void add_unit(struct buf *out, uint8_t type, struct bytes payload)
{
    buf_add_u8(out, type);
    buf_add_u32(out, (uint32_t)payload.len);
    buf_add(out, payload.data, payload.len);
}

static void greet(struct channel *channel, const uint8_t *psk)
{
    uint8_t greeting[GREETING_SIZE] = {(uint8_t)channel->pattern};
    key_dh_public(greeting + 1, channel->s_secret);
    if (psk != NULL)
        memcpy(greeting + 33, psk, 32);
    add_unit(&channel->out, 'H', bytes_of(greeting, sizeof(greeting)));
}

enum status __wrap_channel_init(struct channel *channel,
                                const struct channel_config *config)
{
    *channel = (struct channel){
        .stage = config->is_initiator ? CHANNEL_HANDSHAKE : CHANNEL_HELLO,
        .is_initiator = config->is_initiator,
        .pattern = config->pattern,
        .psks_len = config->psks_len,
    };
    memcpy(channel->s_secret, config->s_secret, 32);
    for (uint32_t i = 0; i < config->psks_len; i++)
        memcpy(channel->psks[i], config->psks[i], 32);
    if (config->remote_static != NULL)
        memcpy(channel->remote_static, config->remote_static, 32);
    if (config->is_initiator)
        greet(channel, config->psks_len > 0 ? config->psks[0] : NULL);
    return STATUS_OK;
}

/* As with Noise: the pattern is the dialer's choice, an XK dialer knows whom it dials,
 * and a psk has to be one of the invitations. */
static bool take_greeting(struct channel *channel, struct bytes payload)
{
    if (payload.len != GREETING_SIZE || payload.data[0] > NOISE_XXPSK0)
        return false;
    enum noise_pattern pattern = (enum noise_pattern)payload.data[0];
    if (channel->is_initiator) {
        if (pattern != channel->pattern ||
            (pattern == NOISE_XK &&
             memcmp(channel->remote_static, payload.data + 1, 32) != 0))
            return false;
    } else {
        channel->pattern = pattern;
        uint32_t i = 0;
        while (pattern == NOISE_XXPSK0 && i < channel->psks_len &&
               memcmp(channel->psks[i], payload.data + 33, 32) != 0)
            i++;
        if (pattern == NOISE_XXPSK0 && i == channel->psks_len)
            return false;
        channel->psk_used = i;
        greet(channel, NULL);
    }
    memcpy(channel->remote_static, payload.data + 1, 32);
    channel->stage = CHANNEL_OPEN;
    return true;
}

static bool take_unit(struct channel *channel, uint8_t type, struct bytes payload)
{
    if (type == 'H')
        return channel->stage <= CHANNEL_HANDSHAKE && take_greeting(channel, payload);
    if (channel->stage != CHANNEL_OPEN || channel->fin_received)
        return false;
    if (type == 'F') {
        channel->fin_received = true;
        return payload.len == 0;
    }
    buf_add_u32(&channel->stream, (uint32_t)payload.len);
    buf_add(&channel->stream, payload.data, payload.len);
    return type == 'M';
}

static uint32_t read_length(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

enum status __wrap_channel_receive(struct channel *channel, struct bytes bytes,
                                   struct err *err)
{
    (void)err;
    if (channel->stage == CHANNEL_FAILED)
        return STATUS_INVALID;
    buf_add(&channel->in, bytes.data, bytes.len);
    size_t at = 0;
    bool is_good = true;
    while (is_good && channel->in.len - at >= UNIT_HEAD) {
        const uint8_t *unit = channel->in.data + at;
        uint32_t len = read_length(unit + 1);
        is_good = len <= MESSAGE_SIZE_MAX;
        if (!is_good || channel->in.len - at - UNIT_HEAD < len)
            break;
        is_good = take_unit(channel, unit[0], bytes_of(unit + UNIT_HEAD, len));
        at += UNIT_HEAD + len;
    }
    buf_drop(&channel->in, at);
    if (!is_good)
        channel->stage = CHANNEL_FAILED;
    return is_good ? STATUS_OK : STATUS_UNVERIFIED;
}

bool __wrap_channel_is_open(const struct channel *channel)
{
    return channel->stage == CHANNEL_OPEN;
}

enum status __wrap_channel_next(struct channel *channel, struct bytes *message)
{
    buf_drop(&channel->stream, channel->stream_taken);
    channel->stream_taken = 0;
    if (channel->stream.len == 0)
        return STATUS_NOT_FOUND;
    *message = bytes_of(channel->stream.data + 4, read_length(channel->stream.data));
    channel->stream_taken = 4 + message->len;
    return STATUS_OK;
}

bool __wrap_channel_is_finished(const struct channel *channel)
{
    return channel->fin_received && channel->stream.len == channel->stream_taken;
}

void __wrap_channel_send(struct channel *channel, struct bytes message)
{
    if (channel->stage == CHANNEL_OPEN && !channel->fin_sent)
        add_unit(&channel->pending, 'M', message);
}

void __wrap_channel_flush(struct channel *channel)
{
    buf_add(&channel->out, channel->pending.data, channel->pending.len);
    buf_clear(&channel->pending);
}

void __wrap_channel_finish(struct channel *channel)
{
    __wrap_channel_flush(channel);
    if (channel->stage == CHANNEL_OPEN && !channel->fin_sent)
        add_unit(&channel->out, 'F', (struct bytes){0});
    channel->fin_sent = true;
}

enum status __wrap_channel_status(const struct channel *channel)
{
    return buf_status(&channel->pending) == STATUS_OK ? buf_status(&channel->out)
                                                      : STATUS_NO_MEMORY;
}
