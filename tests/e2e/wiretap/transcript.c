#include "tests/e2e/wiretap/transcript.h"

#include <inttypes.h>
#include <stdlib.h>

#include "proto/json.h"
#include "proto/pack.h"

/* A record that is not whole would prove nothing: rather none. */
static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "wiretap: %s\n", what);
    exit(1);
}

static void end_line(struct transcript *transcript)
{
    (void)fputs("}\n", transcript->file); /* ferror tells */
    must(fflush(transcript->file) == 0 && !ferror(transcript->file),
         "the record cannot be written");
}

static void put_hex(FILE *file, struct bytes bytes)
{
    (void)fputc('"', file); /* ferror tells, at the end of the line */
    for (size_t i = 0; i < bytes.len; i++)
        (void)fprintf(file, "%02x", bytes.data[i]);
    (void)fputc('"', file);
}

static void put_text(FILE *file, struct bytes text)
{
    struct buf out = {0};
    json_add_text(&out, text);
    must(buf_status(&out) == STATUS_OK, "no memory");
    (void)fwrite(out.data, 1, out.len, file);
    buf_deinit(&out);
}

void transcript_open(struct transcript *transcript, uint64_t conn, const char *kind)
{
    fprintf(transcript->file, "{\"at\":\"open\",\"conn\":%" PRIu64 ",\"kind\":\"%s\"",
            conn, kind);
    end_line(transcript);
}

void transcript_handshake(struct transcript *transcript, uint64_t conn, const char *from,
                          size_t bytes)
{
    fprintf(transcript->file,
            "{\"at\":\"handshake\",\"conn\":%" PRIu64 ",\"from\":\"%s\",\"bytes\":%zu",
            conn, from, bytes);
    end_line(transcript);
}

void transcript_frame(struct transcript *transcript, uint64_t conn, const char *from,
                      size_t bytes, size_t used, bool is_fin)
{
    fprintf(transcript->file,
            "{\"at\":\"frame\",\"conn\":%" PRIu64
            ",\"from\":\"%s\",\"bytes\":%zu,\"used\":%zu,\"fin\":%s",
            conn, from, bytes, used, is_fin ? "true" : "false");
    end_line(transcript);
}

/* ---- ops ---- */

static void put_op(struct transcript *transcript, bool is_first)
{
    FILE *file = transcript->file;
    struct op *op = &transcript->op;
    fputs(is_first ? "{\"id\":" : ",{\"id\":", file);
    put_hex(file, bytes_of(op->id.bytes, ID_SIZE));
    fputs(",\"scope\":", file);
    put_hex(file, bytes_of(op->scope.bytes, ID_SIZE));
    fputs(",\"kind\":", file);
    put_text(file, op->kind);
    fprintf(file, ",\"verified\":%s,\"shown\":[",
            op_verify(op, &transcript->network) ? "true" : "false");
    const char *comma = "";
    for (uint32_t i = 0; i < op->fields_len; i++) {
        if (!op->fields[i].is_shown)
            continue;
        fprintf(file, "%s{\"name\":", comma);
        put_text(file, op->fields[i].name);
        fputs(",\"value\":", file);
        put_hex(file, op->fields[i].value);
        fputc('}', file);
        comma = ",";
    }
    fputs("],\"withheld\":[", file);
    comma = "";
    for (uint32_t i = 0; i < op->fields_len; i++) {
        if (op->fields[i].is_shown)
            continue;
        fputs(comma, file);
        put_text(file, op->fields[i].name);
        comma = ",";
    }
    fputs("]}", file);
}

static enum status read_dictionary(struct pack_reader *reader, struct id *ids,
                                   uint32_t *len, struct err *err)
{
    enum status status = pack_read_array(reader, len, err);
    if (status == STATUS_OK && *len > DICTIONARY_MAX)
        status = STATUS_TOO_LARGE;
    for (uint32_t i = 0; status == STATUS_OK && i < *len; i++)
        status = pack_read_fixed(reader, ids[i].bytes, ID_SIZE, err);
    return status;
}

static enum status put_ops(struct transcript *transcript, struct pack_reader *reader,
                           const struct op_dictionary *dictionary, struct err *err)
{
    uint32_t count;
    uint64_t skipped;
    enum status status = pack_read_array(reader, &count, err);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        status = op_decode(&transcript->op, reader, dictionary, err);
        if (status == STATUS_OK)
            status = op_rebuild(&transcript->op);
        if (status == STATUS_OK)
            put_op(transcript, i == 0);
    }
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &skipped, err);
    return status;
}

/* The rest of ["ops", dictionary, ops, skipped]. */
static enum status put_ops_message(struct transcript *transcript,
                                   struct pack_reader *reader, struct err *err)
{
    struct op_dictionary dictionary = {0};
    struct id *ids = malloc(DICTIONARY_MAX * sizeof(*ids));
    must(ids != NULL, "no memory");
    dictionary.ids = ids;
    fputs(",\"ops\":[", transcript->file);
    enum status status = read_dictionary(reader, ids, &dictionary.len, err);
    if (status == STATUS_OK)
        status = put_ops(transcript, reader, &dictionary, err);
    fputc(']', transcript->file);
    free(ids);
    return status;
}

void transcript_message(struct transcript *transcript, uint64_t conn, const char *from,
                        struct bytes message)
{
    FILE *file = transcript->file;
    struct pack_reader reader = pack_reader_of(message);
    struct err err = {0};
    uint32_t elements;
    struct bytes name = {0};
    enum status status = pack_read_array(&reader, &elements, &err);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &name, &err);
    fprintf(file,
            "{\"at\":\"message\",\"conn\":%" PRIu64
            ",\"from\":\"%s\",\"bytes\":%zu,\"name\":",
            conn, from, message.len);
    put_text(file, name);
    fputs(",\"hex\":", file);
    put_hex(file, message);
    if (status == STATUS_OK && bytes_equal_str(name, "ops")) {
        status = put_ops_message(transcript, &reader, &err);
        if (status == STATUS_OK && !pack_at_end(&reader))
            status = err_set(&err, STATUS_INVALID, "bytes behind the message");
    }
    if (status != STATUS_OK) {
        fputs(",\"fault\":", file);
        put_text(file, bytes_str(err_text(&err, status)));
    }
    end_line(transcript);
}

/* ---- the end ---- */

static void put_end(FILE *file, const char *name, const struct transcript_end *end)
{
    fprintf(file, ",\"%s\":{\"read\":%" PRIu64 ",\"written\":%" PRIu64 ",\"left\":%zu}",
            name, end->read, end->written, end->left);
}

void transcript_close(struct transcript *transcript, uint64_t conn, const char *kind,
                      const struct transcript_end *child,
                      const struct transcript_end *parent, const char *fault)
{
    fprintf(transcript->file, "{\"at\":\"close\",\"conn\":%" PRIu64 ",\"kind\":\"%s\"",
            conn, kind);
    put_end(transcript->file, "child", child);
    put_end(transcript->file, "parent", parent);
    if (fault != NULL) {
        fputs(",\"fault\":", transcript->file);
        put_text(transcript->file, bytes_str(fault));
    }
    end_line(transcript);
}
