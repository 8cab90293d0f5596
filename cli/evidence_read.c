/*
 * Reading an evidence file. Happy path: head, then entries in batches, which lie on a
 * belt: all hands examine them while this thread reads on and puts what was examined in
 * its place, in the order of the file. Failure modes: what fails is named and the next
 * one read; where the disk or the memory fails, there is no verdict.
 */
#include <stdlib.h>

#include "cli/belt.h"
#include "cli/evidence_parts.h"
#include "cli/progress.h"

struct reading {
    struct evidence *evidence;
    struct evidence_stream *stream;
    struct evidence_section *section;
    struct progress *progress; /* may be NULL */
    struct belt *belt;
    struct evidence_batch *batches; /* one a place of the belt */
    struct evidence_sound *sound;   /* one a hand */
};

static void examine(void *context, uint32_t place, uint32_t hand)
{
    struct reading *reading = context;
    evidence_batch_examine(&reading->batches[place], &reading->evidence->head.network,
                           &reading->sound[hand]);
}

static void place_first(struct reading *reading)
{
    struct evidence *evidence = reading->evidence;
    const struct evidence_batch *batch = &reading->batches[belt_take(reading->belt)];
    for (uint32_t i = 0; i < batch->len && !evidence->failed_memory; i++) {
        const struct evidence_claim *claim = &batch->claims[i];
        evidence_place(evidence, reading->section, claim);
        if (claim->entry.kind == ENTRY_END)
            evidence->has_end = true;
    }
    if (reading->progress)
        progress_show_part(reading->progress, evidence->records, reading->stream->offset,
                           reading->stream->size);
}

static enum status read_entries(struct reading *reading, struct err *err)
{
    struct evidence *evidence = reading->evidence;
    enum status status = STATUS_OK;
    bool is_over = false;
    while (status == STATUS_OK && !evidence->failed_memory) {
        status = evidence->proofs_status;
        if (status != STATUS_OK)
            break;
        if (!is_over && !belt_is_full(reading->belt)) {
            status = evidence_batch_fill(&reading->batches[belt_next(reading->belt)],
                                         reading->stream, &is_over, err);
            belt_put(reading->belt);
        } else if (!belt_is_empty(reading->belt)) {
            place_first(reading);
        } else {
            return STATUS_OK;
        }
    }
    return evidence->failed_memory ? STATUS_NO_MEMORY : status;
}

/* A head whose network name is damaged lets no signature hold: say so once. */
static void check_network(struct evidence *evidence)
{
    struct evidence_culprit whole = {0};
    if (evidence->failed[CHECK_SIGNATURE] > 1 && evidence->passed[CHECK_SIGNATURE] == 0)
        evidence_fail(evidence, CHECK_FORM, &whole,
                      "not one signature holds: the network name in the head may be "
                      "damaged");
}

static enum status read_head(struct reading *reading, struct err *err)
{
    struct evidence *evidence = reading->evidence;
    struct evidence_culprit whole = {0};
    const char *why;
    enum status status =
        evidence_stream_head(reading->stream, &evidence->head, &why, err);
    if (status != STATUS_OK)
        return status;
    evidence->has_head = why == NULL;
    if (why)
        evidence_fail(evidence, CHECK_FORM, &whole, "%s", why);
    return STATUS_OK;
}

enum status evidence_read(struct evidence *evidence, struct evidence_stream *stream,
                          struct evidence_section *section, struct progress *progress,
                          struct err *err)
{
    struct reading reading = {
        .evidence = evidence, .stream = stream, .section = section, .progress = progress};
    enum status status = read_head(&reading, err);
    if (status != STATUS_OK || !evidence->has_head)
        return status;
    reading.belt = belt_new(examine, &reading);
    if (!reading.belt)
        return STATUS_NO_MEMORY;
    reading.batches = calloc(BELT_PLACES, sizeof(*reading.batches));
    reading.sound = calloc(belt_hands(reading.belt), sizeof(*reading.sound));
    status =
        reading.batches && reading.sound ? read_entries(&reading, err) : STATUS_NO_MEMORY;
    belt_free(reading.belt);
    for (uint32_t i = 0; reading.batches && i < BELT_PLACES; i++)
        buf_deinit(&reading.batches[i].bytes);
    free(reading.batches);
    free(reading.sound);
    if (status != STATUS_OK)
        return status;
    if (!evidence->has_end) {
        struct evidence_culprit here = {.offset = stream->offset};
        evidence_log_close(evidence);
        evidence_judge(evidence, section);
        evidence_fail(evidence, CHECK_END, &here, "the end is missing: the file was cut");
    }
    check_network(evidence);
    return STATUS_OK;
}
