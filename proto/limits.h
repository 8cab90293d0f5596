/*
 * limits: every size that the outside can choose has its bound here, and is checked
 * before memory is taken for it.
 */
#ifndef FENGQIAO_PROTO_LIMITS_H
#define FENGQIAO_PROTO_LIMITS_H

/* Encoding. */
#define PACK_DEPTH_MAX 8

/* Ops. */
#define OP_SIZE_MAX (128u * 1024) /* one op, contents included */
#define OP_FIELDS_MAX 32
#define OP_PARENTS_MAX 32
#define OP_AUTHORITY_MAX 8
#define OP_NAME_MAX 24 /* bytes of a kind's or a field's name */
#define OP_VALUE_MAX (64u * 1024)
/* All values of an op together, so that OP_SIZE_MAX holds for each of its forms: with the
 * secret, with single salts, with or without a dictionary. */
#define OP_VALUES_MAX (96u * 1024)

/* Messages and frames. */
#define MESSAGE_SIZE_MAX (1024u * 1024)
#define OPS_PER_MESSAGE_MAX 1024
#define DICTIONARY_MAX 4096
#define IDS_PER_MESSAGE_MAX 8192
#define NEGENTROPY_MESSAGE_MAX (512u * 1024)

/* Bundles: files for sticks and backups. What one holds is padded to BUNDLE_CLASS_MIN
 * times a power of two. */
#define BUNDLE_CLASS_MIN (32u * 1024)
#define BUNDLE_PAYLOAD_MAX (1024u * 1024)
#define BUNDLE_FILE_MAX (BUNDLE_PAYLOAD_MAX + 64u * 1024) /* sealed */
/* Machines of one site whose bundles are acknowledged; scopes that one bundle says to
 * hold, and files that it says to lack; files on one stick: fengqiao-001.age and on;
 * files of one backup's folder, fengqiao-backup-0001.age and on: one a day for ten years,
 * and as many as all pieces of files take at once. */
#define BUNDLE_GOT_MAX 32
#define BUNDLE_SCOPES_MAX 8192
#define BUNDLE_SLOTS_MAX 999
#define BACKUP_SLOTS_MAX 9999

/* Notes of transparency logs, and what carries them. */
#define NOTE_SIZE_MAX (16u * 1024)
#define NOTE_SIGNATURES_MAX 24
#define NOTE_NAME_MAX 256  /* bytes of a key's name */
#define TLOG_HASHES_MAX 63 /* of one proof, as C2SP has it */
#define TLOG_EXTRA_MAX 1024
#define WITNESS_REQUEST_MAX (NOTE_SIZE_MAX + 4u * 1024)
#define TLOG_PROOF_SIZE_MAX (NOTE_SIZE_MAX + 8u * 1024)

/* Pictures. */
#define PICTURE_SIDE_MAX 16384 /* pixels */

/* Attachments: 48 pieces, so that one fits into a request. */
#define ATTACHMENT_CHUNK_SIZE (64u * 1024)
#define ATTACHMENT_CHUNKS_MAX 48
#define ATTACHMENT_SIZE_MAX (ATTACHMENT_CHUNKS_MAX * ATTACHMENT_CHUNK_SIZE)
#define ATTACHMENTS_PER_CASE_MAX 64
#define RELEASED_FILES_MAX 8                          /* that one release names */
#define ATTACHMENTS_BYTES_MAX (1024ull * 1024 * 1024) /* of a node */

/* What was pasted in and waits. */
#define PASTES_MAX 64
#define PASTES_BYTES_MAX (64u * 1024 * 1024) /* of all photos */

/* Those who come over the network. */
#define FAR_CLIENTS_MAX 64
#define FAR_UNLOCKED_MS (10 * 60 * 1000) /* without a request */
#define DEVICES_PERSON_MAX 16
#define DEVICE_LABEL_MAX 60
#define DEVICE_CODES_MAX 8 /* open at a time */
#define DEVICE_CODE_LIFETIME_MS (10 * 60 * 1000)
#define DEVICE_CODES_WRONG_MAX 10 /* in that time */
#define ONCE_SIZE 16
#define ONCES_MAX 1000     /* answers that are kept */
#define FORM_DRAFTS_MAX 64 /* of a person */
#define FORM_NAME_MAX 120
#define FORM_DRAFT_SIZE_MAX (64u * 1024)
/* Bytes of a new PIN: six digits; a steward does better with a passphrase. */
#define PIN_MIN 6
#define PIN_WAITS_MAX 16 /* persons whose last wrong PIN is remembered */

/* Evidence: of one section, which is judged as a whole, and of all charters together,
 * which are kept to the end. */
#define EVIDENCE_SECTION_OPS_MAX 65536
#define EVIDENCE_SECTION_BYTES_MAX (32u * 1024 * 1024)
#define EVIDENCE_SITES_MAX 1024
#define EVIDENCE_CHARTERS_OPS_MAX 65536
/* What it says of ledgers: logs, of one of them seals and checkpoints, what is opened. */
#define EVIDENCE_LOGS_MAX 64
#define EVIDENCE_SEALS_MAX 65536
#define EVIDENCE_CHECKPOINTS_MAX 64
#define EVIDENCE_OPENED_MAX 16384
/* What a verdict tells one by one; the rest is counted. */
#define EVIDENCE_FAILURES_TOLD 10000
#define EVIDENCE_SCOPES_TOLD 10000
#define EVIDENCE_HEADS_TOLD 32 /* of a scope */
#define EVIDENCE_EARLIER_TOLD 10000

/* Nodes. */
#define SESSIONS_MAX 256
#define HALF_OPEN_MAX 32
#define HANDSHAKE_DEADLINE_MS 5000
#define INVITES_MAX 4
#define INVITE_LIFETIME_MS (10 * 60 * 1000)
#define WAITING_OPS_MAX 32768 /* of one site at most: */
#define WAITING_SITE_MAX 4096
/* What one site may bring, where no steward has said otherwise; and what may come beyond
 * it nevertheless: charters, and answers in records of our own. */
#define QUOTA_OPS_MAX 1000000
#define QUOTA_BYTES_MAX (1024u * 1024 * 1024)
#define QUOTA_HIGHEST (1ull << 48) /* of what a steward may say */
#define QUOTA_RESERVE_OPS 16384
#define QUOTA_RESERVE_BYTES (16u * 1024 * 1024)
#define QUARANTINE_MAX 4096 /* rows; of one site at most: */
#define QUARANTINE_SITE_MAX 512
#define QUARANTINE_SITE_BYTES_MAX (4u * 1024 * 1024)
#define ROUNDS_MAX 16 /* that end unequal, without a pause */
/* After so many with nothing left to move a node looks at itself; after as many again as
 * before where it found nothing, up to: */
#define DOUBT_ROUNDS 4
#define DOUBT_ROUNDS_MAX 128
#define DOUBT_PACE_MS (60 * 1000)       /* between two that count */
#define PATROL_PACE_MS (30 * 60 * 1000) /* between two looks at one scope */
/* Between two looks at all for which it calls, where the last one changed nothing. */
#define PATROL_PAUSE_MS (24ull * 60 * 60 * 1000)
#define PATROL_PAUSE_MAX_MS (32 * PATROL_PAUSE_MS)
#define SITE_NAME_MAX 120
#define PERSON_NAME_MAX 60
#define HOLDERS_MAX 16
#define QUORUM_MAX 16 /* stewards that an act may take */
/* A day of a site begins at midnight, so many minutes east of Greenwich. */
#define SITE_MINUTES_EAST 480
#define DUE_ITEMS_MAX 10000 /* of one answer; where nothing else is asked for: */
#define DUE_ITEMS 1000

/* Control socket. */
#define CONTROL_MESSAGE_MAX (4u * 1024 * 1024)
#define CONTROL_CLIENTS_MAX 64
#define CALLERS_MAX (CONTROL_CLIENTS_MAX + FAR_CLIENTS_MAX)
#define ROUND_PLACES_MAX 64 /* of one list of places and topics */
#define ROUND_TOPICS_MAX 16
#define CARD_ROLES_MAX 16
#define CARD_STEPS_MAX 32
#define ROUNDS_SHOWN_MAX 100 /* the newest, of one answer */
#define MEETINGS_SHOWN_MAX 100
#define AGENDA_MEETINGS_MAX 8  /* the newest, of which open items are shown */
#define AGENDA_RECORDS_MAX 200 /* of one answer */
#define SUGGEST_CASES_MAX 2000 /* the newest, that are counted by category */
#define SUGGEST_CATEGORIES_MAX 16
#define SUGGEST_DAYS 90      /* now, and as many before that */
#define LIST_PAGE_MAX 500    /* rows of one answer */
#define IMPORT_ROWS_MAX 1000 /* cases of one request, taken together or not at all */
#define STANDING_MAX                                                                     \
    32 /* writes side by side that are shown: as many as an op has parents */

/* Search. */
#define QUERY_TOKENS_MAX 32
#define SEARCH_HITS_MAX 200 /* of one answer; where nothing else is asked for: */
#define SEARCH_HITS 20
#define SEARCH_STEPS_MAX 16384 /* in the index, of one request */

/* Charter. */
#define CHARTER_OPS_MAX 65536
#define CHARTER_CHAIN_MAX 8

#endif
