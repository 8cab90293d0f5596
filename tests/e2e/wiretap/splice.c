#include "tests/e2e/wiretap/splice.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/rng.h"
#include "proto/frame.h"
#include "proto/hello.h"

#define READ_SIZE 65536
#define MESSAGE_2_SIZE 48
#define MESSAGE_3_SIZE 64

static const char tapped[] = "tapped", opaque[] = "opaque";

void splice_open(struct splice *splice, uint64_t number, int child_fd, int parent_fd,
                 const struct splice_keys *keys, struct transcript *transcript)
{
    memset(splice, 0, sizeof(*splice));
    splice->number = number;
    splice->child.name = "child";
    splice->child.fd = child_fd;
    splice->parent.name = "parent";
    splice->parent.fd = parent_fd;
    splice->keys = keys;
    splice->transcript = transcript;
}

static void give_up(struct splice *splice, const char *why)
{
    if (splice->fault == NULL)
        splice->fault = why;
    splice->is_over = true;
}

static struct splice_end *other_end(struct splice *splice, const struct splice_end *end)
{
    return end == &splice->child ? &splice->parent : &splice->child;
}

/* ---- which kind ---- */

static void open_channel(struct splice *splice, struct splice_end *end, bool is_initiator)
{
    const struct splice_keys *keys = splice->keys;
    struct rng rng = rng_system();
    uint8_t ephemeral[32];
    rng_fill(&rng, "wiretap", NULL, ephemeral, sizeof(ephemeral));
    struct channel_config config = {
        .is_initiator = is_initiator,
        .pattern = NOISE_XK,
        .network = keys->network,
        .s_secret = is_initiator ? keys->child_secret : keys->parent_secret,
        .e_secret = ephemeral,
        .remote_static = is_initiator ? keys->parent_public : NULL,
    };
    if (channel_init(&end->channel, &config) != STATUS_OK)
        give_up(splice, "a channel could not be made");
    end->has_channel = true;
}

/* False: its first bytes are not here yet. */
static bool find_kind(struct splice *splice)
{
    enum noise_pattern pattern;
    if (splice->kind != NULL)
        return true;
    if (splice->child.raw.len < HELLO_PREAMBLE_SIZE)
        return false;
    bool is_ours = hello_parse(splice->child.raw.data, &pattern) && pattern == NOISE_XK;
    splice->kind = is_ours ? tapped : opaque;
    transcript_open(splice->transcript, splice->number, splice->kind);
    if (is_ours) {
        open_channel(splice, &splice->child, false);
        open_channel(splice, &splice->parent, true);
    }
    return true;
}

/* ---- tapped ---- */

/* Bytes for the wire that the channel of this end made. */
static void take_out(struct splice_end *end)
{
    buf_add(&end->out, end->channel.out.data, end->channel.out.len);
    buf_clear(&end->channel.out);
}

/* How long the next unit from this end is; 0: that is not known yet. */
static size_t unit_len(const struct splice *splice, const struct splice_end *end)
{
    if (!channel_is_open(&end->channel)) {
        if (end == &splice->parent)
            return MESSAGE_2_SIZE;
        return end->handshakes == 0 ? HELLO_SIZE + HELLO_FIRST_SIZE : MESSAGE_3_SIZE;
    }
    if (end->raw.len < FRAME_LENGTH_SIZE)
        return 0;
    size_t length = (size_t)end->raw.data[0] << 8 | end->raw.data[1];
    /* What is no class is refused by the channel as soon as it sees the length. */
    return FRAME_LENGTH_SIZE + (frame_is_class(length) ? length : 0);
}

static void move_handshake(struct splice *splice, struct splice_end *from, size_t len)
{
    from->handshakes++;
    transcript_handshake(splice->transcript, splice->number, from->name, len);
    take_out(from);
    if (from == &splice->child && channel_is_open(&from->channel) &&
        memcmp(from->channel.remote_static, splice->keys->child_public, 32) != 0)
        give_up(splice, "the child is not the one whose keys we have");
}

/* The frame's used bytes stand behind before in the stream. */
static void move_frame(struct splice *splice, struct splice_end *from,
                       struct splice_end *to, size_t len, size_t before)
{
    const struct buf *stream = &from->channel.stream;
    size_t used = stream->len - before;
    bool is_fin = from->channel.fin_received;
    if (used > 0)
        buf_add(&to->channel.pending, stream->data + before, used);
    channel_flush(&to->channel);
    if (is_fin)
        channel_finish(&to->channel);
    take_out(to);
    transcript_frame(splice->transcript, splice->number, from->name, len, used, is_fin);
    struct bytes message;
    enum status status;
    while ((status = channel_next(&from->channel, &message)) == STATUS_OK)
        transcript_message(splice->transcript, splice->number, from->name, message);
    if (status != STATUS_NOT_FOUND || channel_status(&to->channel) != STATUS_OK)
        give_up(splice, "a message is longer than the limit");
}

/* Moves one unit on. False: there is none that could go now. */
static bool move_unit(struct splice *splice, struct splice_end *from)
{
    struct splice_end *to = other_end(splice, from);
    bool was_open = channel_is_open(&from->channel);
    if (splice->is_over || (was_open && !channel_is_open(&to->channel)))
        return false;
    size_t len = unit_len(splice, from), before = from->channel.stream.len;
    if (len == 0 || from->raw.len < len)
        return false;
    struct err err = {0};
    if (channel_receive(&from->channel, bytes_of(from->raw.data, len), &err) !=
        STATUS_OK) {
        give_up(splice, "what came does not hold");
        return false;
    }
    buf_drop(&from->raw, len);
    if (was_open)
        move_frame(splice, from, to, len, before);
    else
        move_handshake(splice, from, len);
    return true;
}

static void move_all(struct splice *splice)
{
    if (!find_kind(splice))
        return;
    if (splice->kind == opaque) {
        struct splice_end *ends[] = {&splice->child, &splice->parent};
        for (int i = 0; i < 2; i++) {
            buf_add(&ends[1 - i]->out, ends[i]->raw.data, ends[i]->raw.len);
            buf_clear(&ends[i]->raw);
        }
        return;
    }
    take_out(&splice->parent); /* our first message */
    bool moved = true;
    while (moved) {
        moved = move_unit(splice, &splice->child);
        moved = move_unit(splice, &splice->parent) || moved;
    }
}

/* ---- sockets ---- */

bool splice_wants_read(const struct splice *splice, const struct splice_end *end)
{
    const struct splice_end *to =
        end == &splice->child ? &splice->parent : &splice->child;
    return !end->is_at_end && to->out.len + end->raw.len < SPLICE_UNSENT_MAX;
}

bool splice_wants_write(const struct splice_end *end)
{
    return end->out.len > 0;
}

static void write_out(struct splice *splice, struct splice_end *end)
{
    while (end->out.len > 0) {
        ssize_t sent = send(end->fd, end->out.data, end->out.len, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (sent < 0) {
            splice->is_over = true; /* it went away; its bytes stay uncounted */
            return;
        }
        end->count.written += (uint64_t)sent;
        buf_drop(&end->out, (size_t)sent);
    }
    if (other_end(splice, end)->is_at_end && !end->is_shut) {
        (void)shutdown(end->fd, SHUT_WR); /* it may be gone already */
        end->is_shut = true;
    }
}

static void write_both(struct splice *splice)
{
    write_out(splice, &splice->child);
    write_out(splice, &splice->parent);
    if (splice->child.is_shut && splice->parent.is_shut)
        splice->is_over = true;
}

void splice_readable(struct splice *splice, struct splice_end *end)
{
    uint8_t room[READ_SIZE];
    ssize_t got = recv(end->fd, room, sizeof(room), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        end->is_at_end = true;
    } else {
        /* Counted before anything looks at them. */
        end->count.read += (uint64_t)got;
        buf_add(&end->raw, room, (size_t)got);
    }
    move_all(splice);
    write_both(splice);
}

void splice_writable(struct splice *splice, struct splice_end *end)
{
    (void)end; /* whichever can, writes */
    write_both(splice);
}

static void end_deinit(struct splice_end *end)
{
    if (end->has_channel)
        channel_deinit(&end->channel);
    buf_deinit(&end->raw);
    buf_deinit(&end->out);
    (void)close(end->fd); /* nothing hangs on it */
}

void splice_close(struct splice *splice)
{
    splice->child.count.left = splice->child.raw.len;
    splice->parent.count.left = splice->parent.raw.len;
    transcript_close(splice->transcript, splice->number,
                     splice->kind == NULL ? "silent" : splice->kind, &splice->child.count,
                     &splice->parent.count, splice->fault);
    end_deinit(&splice->child);
    end_deinit(&splice->parent);
}
