/*
 * evidence_parts: the inside of evidence, for evidence*.c alone.
 *
 *   entry    one value of the file's sequence: a section, a record, the end; or a gap,
 *            where none can be read
 *   claim    an entry, and what a record says of itself
 *   batch    claims that are examined together, by one hand of the belt
 *   culprit  what a failure is about
 */
#ifndef FENGQIAO_CLI_EVIDENCE_PARTS_H
#define FENGQIAO_CLI_EVIDENCE_PARTS_H

#include "cli/evidence.h"
#include "node/cases/op_source.h"
#include "proto/limits.h"
#include "proto/pack.h"

struct fold_result;

/* --- evidence_entry.c: head and entries in the bytes --- */

#define EVIDENCE_ENTRY_MAX ((size_t)OP_SIZE_MAX + 64) /* bytes of a record */
#define EVIDENCE_OTHERS_MAX ((size_t)64)              /* of any other entry */

enum evidence_entry_kind { ENTRY_RECORD, ENTRY_SECTION, ENTRY_END, ENTRY_GAP };

struct evidence_entry {
    enum evidence_entry_kind kind;
    uint64_t offset;
    struct id id;    /* record; section: its scope */
    uint64_t count;  /* section, end */
    struct bytes op; /* borrowed: op bytes of a record; of a gap as much as is kept */
    bool is_last;    /* end, gap: nothing stands behind it */
};

/* NULL, or why it is none. */
const char *evidence_read_head(struct pack_reader *reader, struct evidence_head *head);
/* False, and the reader stays, where no entry stands there. */
bool evidence_read_entry(struct pack_reader *reader, struct evidence_entry *entry);
/* Was a gap a record? And what of it were its op bytes? */
bool evidence_is_like_record(struct bytes gap);
struct bytes evidence_ops_of_gap(struct bytes gap);

/* --- evidence_stream.c: the file as it comes --- */

struct evidence_stream {
    FILE *file;    /* borrowed */
    uint64_t size; /* 0: nobody knows before */
    uint64_t offset;
    uint8_t *window, *gap;
    size_t start, end; /* what was read and not passed over yet */
    bool is_at_end;
};

/* False: no memory. */
bool evidence_stream_open(struct evidence_stream *stream, FILE *file);
void evidence_stream_close(struct evidence_stream *stream);
/* *why: NULL, or why what stands there is no head. IO. */
enum status evidence_stream_head(struct evidence_stream *stream,
                                 struct evidence_head *head, const char **why,
                                 struct err *err) MUST_USE;
/* The next entry, good until the one after it is asked for. NOT_FOUND: the file has
 * ended; IO. */
enum status evidence_stream_next(struct evidence_stream *stream,
                                 struct evidence_entry *entry, struct err *err) MUST_USE;

/* --- evidence_batch.c: what records say of themselves --- */

#define EVIDENCE_BATCH 32

struct evidence_claim {
    struct evidence_entry entry;
    enum status form; /* of a record; NO_MEMORY: nothing can be told */
    struct err err;   /* of the form */
    bool has_sound_key, is_signed;
    struct op op;
};

struct evidence_batch {
    struct buf bytes; /* that its entries borrow */
    uint32_t len;
    struct evidence_claim claims[EVIDENCE_BATCH];
};

/* Authors' keys that one hand has found sound: that takes as long as a signature. */
#define EVIDENCE_SOUND_KEYS 1024
struct evidence_sound {
    bool is_there[EVIDENCE_SOUND_KEYS];
    uint8_t keys[EVIDENCE_SOUND_KEYS][32];
};

/* Takes entries until the batch or the file is full; the latter: *is_over. IO, NO_MEMORY.
 */
enum status evidence_batch_fill(struct evidence_batch *batch,
                                struct evidence_stream *stream, bool *is_over,
                                struct err *err) MUST_USE;
/* Looks at nothing but the batch: several at a time. */
void evidence_batch_examine(struct evidence_batch *batch, const struct id *network,
                            struct evidence_sound *sound);

/* --- evidence_index.c: numbers by ids --- */

struct evidence_indexed {
    struct id id;
    uint32_t number;
};

/* A zeroed struct is empty. */
struct evidence_index {
    uint64_t key[ID_SIZE / sizeof(uint32_t)];
    uint32_t slots_len; /* a power of two, or 0 */
    uint32_t *slots;    /* entries, or EVIDENCE_NONE */
    struct evidence_indexed *entries;
    uint32_t len, capacity;
};

/* The number of that id, or EVIDENCE_NONE. */
uint32_t evidence_find(const struct evidence_index *index, const struct id *id);
/* The first number of an id stays. False: no memory. */
bool evidence_remember(struct evidence_index *index, const struct id *id,
                       uint32_t number) MUST_USE;
void evidence_index_clear(struct evidence_index *index);
void evidence_index_deinit(struct evidence_index *index);

/* --- evidence_section.c: what is held of one section --- */

#define EVIDENCE_FAILED (EVIDENCE_NONE - 1) /* in an index: there, and not judged */

struct evidence_record {
    struct id id;
    uint64_t offset, time;
    uint32_t at, len; /* its op bytes, in those of the section */
    bool is_built_on; /* a judged record has it as a parent: it is no head */
    bool is_news;     /* evidence_exception.c asks for it */
};

struct evidence_section {
    bool is_open, has_failed, is_too_large;
    struct id scope;
    uint64_t offset;
    bool is_said;  /* a line of the file began it, */
    uint64_t said; /* and says that it has so many records */
    uint64_t entries;
    bool is_founded;      /* the record came that founds its scope, */
    enum scope_kind kind; /* of this kind */
    /* Those that are judged; the first one founds the scope. */
    struct evidence_record *records;
    uint32_t len, capacity;
    struct buf bytes;
    struct evidence_index index; /* of these, and of those that fail */
    bool has_opening;            /* one of them is checked by salts of others */
    uint64_t asked;
    struct {
        uint32_t number; /* EVIDENCE_NONE: none */
        uint64_t asked;  /* the how many-th question was the last one for it */
        struct op op;
    } held[OP_SOURCE_HELD]; /* those asked for last: whoever asks may use several */
};

void evidence_section_begin(struct evidence_section *section, const struct id *scope,
                            uint64_t offset);
/* Keeps a judged record; false: no memory. */
bool evidence_section_add(struct evidence_section *section,
                          const struct evidence_claim *claim) MUST_USE;
/* The op of a judged record, decoded anew; good until OP_SOURCE_HELD more were asked for.
 */
const struct op *evidence_section_op(struct evidence_section *section, uint32_t number);
void evidence_section_deinit(struct evidence_section *section);

/* --- evidence_place.c: what comes takes its place, in the order of the file --- */

void evidence_place(struct evidence *evidence, struct evidence_section *section,
                    const struct evidence_claim *claim);

/* --- evidence_judge.c: a section that is whole --- */

/* Judges what is open, tells, and forgets it. */
void evidence_judge(struct evidence *evidence, struct evidence_section *section);

/* --- evidence_chain.c: the charters, and the links between them --- */

/* The charter that this record, judged before, belongs to; NULL where it belongs to none,
 * or where that cannot be folded. */
struct charter *evidence_charter_of(const struct evidence *evidence,
                                    const struct id *head);
/* Folds the section of a charter into scope, and remembers its records. */
void evidence_judge_charter(struct evidence *evidence, struct evidence_section *section,
                            struct evidence_scope *scope);
/* Its records give no right; they are remembered as records that fail. */
void evidence_pass_charter(struct evidence *evidence,
                           const struct evidence_section *section);
/* At the end of the file. */
void evidence_check_chain(struct evidence *evidence, const struct id *trust);

/* --- evidence_read.c: the whole of it; NO_MEMORY is in evidence->failed_memory --- */

enum status evidence_read(struct evidence *evidence, struct evidence_stream *stream,
                          struct evidence_section *section, struct progress *progress,
                          struct err *err) MUST_USE;

/* --- evidence_failure.c --- */

/* All may be empty. */
struct evidence_culprit {
    const struct id *op;
    const uint8_t *author;
    struct bytes kind;
    struct bytes bytes;
    uint64_t offset;
};
void evidence_fail(struct evidence *evidence, enum evidence_check check,
                   const struct evidence_culprit *culprit, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same about a judged record of the section, by its number. */
void evidence_fail_record(struct evidence *evidence, enum evidence_check check,
                          struct evidence_section *section, uint32_t number,
                          const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same about the section itself. */
void evidence_fail_section(struct evidence *evidence, struct evidence_section *section,
                           const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A charter that fails is named by its founding record. */
void evidence_fail_site(struct evidence *evidence, enum evidence_check check,
                        const struct evidence_scope *scope, const char *reason);

/* --- evidence_signer.c: who signed what is damaged? --- */

/* Keys of authors whose signature held; later, of the charters' members too. */
bool evidence_knows_key(const struct evidence *evidence, const uint8_t key[static 32]);
void evidence_learn_key(struct evidence *evidence, const uint8_t key[static 32]);
/* The author and kind of one that fails, where its bytes do not tell it plainly. */
void evidence_name_signer(struct evidence *evidence, struct evidence_failure *failure,
                          struct bytes bytes);
/* The same of all whose bytes were kept, when the file was read to its end. */
void evidence_name_signers(struct evidence *evidence);

/* --- evidence.c --- */

/* Room for one more of size bytes in a growing array; false without memory. */
bool evidence_grow(void **items, size_t size, uint32_t len, uint32_t *capacity) MUST_USE;
/* May so many more bytes be kept to the end? Then they count. */
bool evidence_may_keep(struct evidence *evidence, size_t len);

/* --- evidence_exception.c: what an auditor is told of an escalation --- */

/* May it say something of that sort? */
bool evidence_is_news(const struct op *op);
/* Fills it in; result is the section's fold. */
void evidence_note_exception(struct evidence *evidence, struct evidence_section *section,
                             const struct fold_result *result,
                             struct evidence_exception *exception);

#endif
