/*
 * evidence_parts: the inside of evidence, for evidence*.c alone.
 *
 *   entry    one value of the file's sequence: a section, a record, what the ledger
 *            says, the end; or a gap, where none can be read
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
#include "proto/seal.h"

struct fold_result;

/* --- evidence_entry.c: head and entries in the bytes --- */

#define EVIDENCE_ENTRY_MAX ((size_t)OP_SIZE_MAX + 64) /* bytes of a record */
#define EVIDENCE_OTHERS_MAX ((size_t)64)              /* of a section, or the end */

enum evidence_entry_kind {
    ENTRY_RECORD,
    ENTRY_SECTION,
    ENTRY_LOG,
    ENTRY_CHECKPOINT,
    ENTRY_SEAL,
    ENTRY_OPENED,
    ENTRY_INCLUDED,
    ENTRY_END,
    ENTRY_GAP,
};

struct evidence_entry {
    enum evidence_entry_kind kind;
    uint64_t offset;
    struct id id;    /* record; section: its scope */
    uint64_t count;  /* section, log, end */
    struct bytes op; /* borrowed: op bytes of a record; of a log its origin; a note, a
                        leaf; of what is opened or included the whole behind its first
                        word; of a gap as much as is kept */
    bool is_last;    /* end, gap: nothing stands behind it */
};

struct evidence_proof {
    size_t len;
    struct merkle_hash hashes[TLOG_HASHES_MAX];
};

struct evidence_opened {
    uint64_t tree;     /* below EVIDENCE_TREES */
    struct bytes note; /* borrowed */
    uint8_t size_salt[SEAL_SALT_SIZE], root_salt[SEAL_SALT_SIZE];
    struct evidence_proof proof; /* of consistency */
};

struct evidence_included {
    uint64_t opened; /* the how many-th of the file, from 0 */
    uint64_t index;
    struct evidence_proof proof;
};

/* NULL, or why it is none. */
const char *evidence_read_head(struct pack_reader *reader, struct evidence_head *head);
/* False, and the reader stays, where no entry stands there. */
bool evidence_read_entry(struct pack_reader *reader, struct evidence_entry *entry);
/* Of an entry of that kind. */
void evidence_read_opened(struct bytes value, struct evidence_opened *opened);
void evidence_read_included(struct bytes value, struct evidence_included *included);
/* What was a gap: a record, something of the ledger, or ENTRY_GAP, what nobody can say?
 * And what of a record were its op bytes? */
enum evidence_entry_kind evidence_kind_of_gap(struct bytes gap);
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

/* --- what the ledger says, as it comes --- */

struct evidence_opening {
    bool holds;
    uint8_t tree;
    uint32_t log;
    uint64_t seal, wall; /* the how many-th of its log, from 1; as that claims */
    uint64_t size;
    struct merkle_hash root;
    uint8_t signature[SIGN_SIZE]; /* of its note, by the log's machine */
    uint32_t first, place; /* where the log's begin in places[tree], and where it is */
    uint64_t records;      /* that stand in it by this opening */
};

/* The head of a checkpoint that waits until there are as many seals. */
struct evidence_head_of {
    uint64_t offset, size;
    struct merkle_hash root;
};

/* What the next opening of a tree has to go on from. */
struct evidence_base {
    bool is_known;
    uint64_t size;
    struct merkle_hash root;
    uint32_t first; /* see evidence_opening */
};

/* NONE: the entry before is no record. SOUND: one that says of itself what holds. PASSED:
 * one that fails. UNKNOWN: damage. */
enum evidence_last_state { LAST_NONE, LAST_SOUND, LAST_PASSED, LAST_UNKNOWN };

/* The record before. */
struct evidence_last {
    enum evidence_last_state state;
    struct id id;
    uint64_t wall; /* 0: nothing is claimed */
    uint8_t author[32];
    char kind[OP_NAME_MAX + 1];
};

struct evidence_reading_log {
    bool is_over;    /* records have begun */
    bool is_open;    /* a log is */
    bool is_passed;  /* what stands in it is not looked at */
    bool is_damaged; /* something of it is missing, */
    bool is_broken;  /* seals may be */
    struct merkle_stack stack;
    uint32_t checkpoints;                       /* that came; that hold so far: */
    uint32_t checkpoints_len, checkpoints_next; /* the next to compare */
    struct evidence_head_of heads[EVIDENCE_CHECKPOINTS_MAX];
    uint64_t seals;
    bool has_seal; /* the last one can be read */
    struct seal seal;
    uint64_t tree_next; /* the lowest that may be opened of it */
    struct evidence_base bases[EVIDENCE_TREES];
    struct evidence_last last;
};

/* evidence_ledger.c: a value of the ledger; a gap; records have begun; the end. */
void evidence_ledger_place(struct evidence *evidence, const struct evidence_entry *entry);
void evidence_ledger_gap(struct evidence *evidence, enum evidence_entry_kind kind);
void evidence_ledger_leave(struct evidence *evidence);
void evidence_check_ledger(struct evidence *evidence);
void evidence_ledger_deinit(struct evidence_ledger *ledger);

/* evidence_log.c: seal logs. */
void evidence_log_begin(struct evidence *evidence, const struct evidence_entry *entry);
void evidence_log_checkpoint(struct evidence *evidence,
                             const struct evidence_entry *entry);
void evidence_log_seal(struct evidence *evidence, const struct evidence_entry *entry);
void evidence_log_gap(struct evidence *evidence, enum evidence_entry_kind kind);
/* Does it have what it says? Nothing where none is open. */
void evidence_log_close(struct evidence *evidence);

/* evidence_opened.c: how far trees were, and what stands in them. */
void evidence_opened_place(struct evidence *evidence, const struct evidence_entry *entry);
void evidence_opened_gap(struct evidence *evidence);
/* A record came, and holds so far: the next value may say where it stands. */
void evidence_included_await(struct evidence *evidence,
                             const struct evidence_claim *claim, bool holds);
void evidence_included_place(struct evidence *evidence,
                             const struct evidence_entry *entry);
void evidence_included_gap(struct evidence *evidence, enum evidence_entry_kind kind);

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
/* The charter of that site, or NULL. */
struct charter *evidence_charter_of_site(const struct evidence *evidence,
                                         const struct id *site);
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
/* The same about a log, and what stands in it: named by its machine. */
void evidence_fail_log(struct evidence *evidence, enum evidence_check check,
                       struct evidence_log *log, uint64_t offset, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
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
