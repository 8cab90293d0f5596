#include "tests/vectors/vector_maker.h"

#include "crypto/sign.h"
#include "crypto/sshsig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void maker_must(enum status status)
{
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "make_vectors: %s\n", status_text(status));
        exit(2);
    }
}

/* ---- printing ---- */

static void put_hex(const void *data, size_t len)
{
    const uint8_t *at = data;
    if (len == 0)
        (void)putchar('-');
    for (size_t i = 0; i < len; i++)
        (void)printf("%02x", at[i]);
}

void maker_put_line(const char *key, const void *data, size_t len)
{
    (void)printf("%s=", key);
    put_hex(data, len);
    (void)putchar('\n');
}

static void put_fields(const struct op *op)
{
    for (uint32_t i = 0; i < op->fields_len; i++) {
        const struct op_field *field = &op->fields[i];
        (void)printf("field=%.*s ", (int)field->name.len, (const char *)field->name.data);
        put_hex(field->salt, field->is_shown ? sizeof(field->salt) : 0);
        (void)putchar(' ');
        put_hex(field->commitment, sizeof(field->commitment));
        (void)putchar(' ');
        put_hex(field->value.data, field->is_shown ? field->value.len : 0);
        (void)putchar('\n');
    }
}

static bool judge(const struct maker *maker, struct op *op)
{
    return op_decode_bytes(op, buf_bytes(&maker->bytes), NULL) == STATUS_OK &&
           op_rebuild(op) == STATUS_OK && sign_key_is_sound(op->author) &&
           op_verify(op, &maker->network);
}

void maker_print_refused(struct maker *maker, const char *name, const char *class)
{
    static struct op op;
    if (judge(maker, &op)) {
        (void)fprintf(stderr, "%s: accepted\n", name);
        maker->wrong++;
    }
    (void)printf("name=%s\nverdict=refused\nclass=%s\n", name, class);
    maker_put_line("bytes", maker->bytes.data, maker->bytes.len);
    (void)putchar('\n');
}

void maker_print_accepted(struct maker *maker, const char *name)
{
    static struct op op;
    struct buf header = {0};
    if (!judge(maker, &op)) {
        (void)fprintf(stderr, "%s: refused\n", name);
        maker->wrong++;
    }
    op_encode_header(&op, &header);
    maker_must(buf_status(&header));
    (void)printf("name=%s\nverdict=ok\n", name);
    maker_put_line("bytes", maker->bytes.data, maker->bytes.len);
    maker_put_line("header", header.data, header.len);
    maker_put_line("seed", maker->seed, sizeof(maker->seed));
    maker_put_line("signature", op.signature, sizeof(op.signature));
    maker_put_line("id", op.id.bytes, sizeof(op.id.bytes));
    maker_put_line("secret", op.secret, op.has_secret ? sizeof(op.secret) : 0);
    put_fields(&op);
    (void)putchar('\n');
    buf_deinit(&header);
}

/* ---- making ---- */

void maker_clear(struct maker *maker)
{
    for (uint32_t i = 0; i < maker->texts_len; i++)
        buf_deinit(&maker->texts[i]);
    memset(maker->texts, 0, sizeof(maker->texts));
    maker->texts_len = 0;
    maker->op = (struct op){0};
}

void maker_draw_id(const struct maker *maker, struct id *id)
{
    rng_fill(&maker->rng, "id", NULL, id->bytes, ID_SIZE);
}

void maker_add(struct maker *maker, const char *name, struct bytes value)
{
    maker_must(op_add_field(&maker->op, name, value));
}

void maker_add_text(struct maker *maker, const char *name, const char *text)
{
    struct buf *buf = &maker->texts[maker->texts_len++];
    pack_str(buf, text);
    maker_must(buf_status(buf));
    maker_add(maker, name, buf_bytes(buf));
}

void maker_begin_founding(struct maker *maker, const char *kind)
{
    maker_clear(maker);
    struct op *op = &maker->op;
    op->is_founding = true;
    op->kind = bytes_str(kind);
    op->time = 1;
    op->wall = WALL_2025;
    op->quality = WALL_NTP;
    if (strcmp(kind, "found") != 0)
        maker_must(op_add_authority(op, &maker->charter));
}

void maker_begin(struct maker *maker, const char *kind)
{
    maker_clear(maker);
    struct op *op = &maker->op;
    struct id parent;
    op->kind = bytes_str(kind);
    op->time = 7;
    op->wall = WALL_2025 + 60;
    op->quality = WALL_RTC;
    maker_draw_id(maker, &op->scope);
    maker_draw_id(maker, &parent);
    maker_must(op_add_parent(op, &parent));
    maker_must(op_add_authority(op, &maker->charter));
}

void maker_begin_note(struct maker *maker)
{
    maker_begin(maker, "note");
    maker_add_text(maker, "text", "ok");
}

void maker_encode(struct maker *maker, uint32_t show)
{
    buf_clear(&maker->bytes);
    op_encode(&maker->op, show, &maker->bytes);
    maker_must(buf_status(&maker->bytes));
}

void maker_seal(struct maker *maker)
{
    maker_must(op_seal(&maker->op, &maker->network, maker->seed, &maker->rng));
    maker_encode(maker, ~0u);
}

void maker_sign_again(struct maker *maker, const struct id *network, const char *space)
{
    struct op *op = &maker->op;
    struct buf header = {0};
    uint8_t message[SSHSIG_PREIMAGE_MAX];
    op_encode_header(op, &header);
    maker_must(buf_status(&header));
    size_t len =
        sshsig_preimage(message, space, network->bytes, ID_SIZE, header.data, header.len);
    sign_message(op->signature, maker->seed, message, len);
    buf_deinit(&header);
    maker_encode(maker, ~0u);
}

/* What the composer would not let through. */
void maker_seal_as_is(struct maker *maker, uint64_t version)
{
    maker_seal(maker);
    maker->op.version = version;
    maker_sign_again(maker, &maker->network, OP_NAMESPACE);
}

void maker_accept(struct maker *maker, const char *name)
{
    maker_seal(maker);
    maker_print_accepted(maker, name);
}

void maker_refuse(struct maker *maker, const char *name, const char *class)
{
    maker_seal_as_is(maker, OP_VERSION);
    maker_print_refused(maker, name, class);
}
