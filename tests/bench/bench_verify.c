/*
 * bench_verify: an evidence file about a village, of N records in sections of SIZE, and
 * where SEALS are given each of them under a seal, checked by the client as a process of
 * its own, first whole, then with one flipped byte. Prints records a second, processor
 * time and highest resident memory, beside the signatures that all processors of this
 * machine verify in a second, by libsodium alone. Row C2 at its full size: the client
 * must name the bad record and exit with 3.
 *
 * usage: bench_verify FENGQIAO [RECORDS [SIZE [SEALS]]]
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/cli.h"
#include "crypto/key.h"
#include "tests/unit/cli/evidence_maker.h"
#include "tests/unit/cli/ledger_maker.h"

#define HANDS_MAX 64
#define SIGNATURES 20000 /* of each hand, to measure the machine */

/* Shared with the process that makes the file: its memory must not count as ours, which
 * a client started from here would inherit as its own highest. */
struct sample {
    char path[64];
    char trust[KEY_TEXT_SIZE];
    char bad[2 * ID_SIZE + 1]; /* the record that will fail */
    uint64_t bad_at;           /* the byte to flip: the last of its signature */
    uint64_t size, records;
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0)
        die("clock_gettime");
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- the machine ---- */

static uint8_t signer[32], signatures[SIGNATURES][64];

/* As long as what an op's signature covers. Each is another one: a processor foresees
 * what it has done before. */
static void write_message(uint8_t message[static 100], uint32_t number)
{
    memset(message, 2, 100);
    memcpy(message, &number, sizeof(number));
}

static void sign(void)
{
    uint8_t secret[64], message[100], seed[32] = {1};
    crypto_sign_seed_keypair(signer, secret, seed);
    for (uint32_t i = 0; i < SIGNATURES; i++) {
        write_message(message, i);
        crypto_sign_detached(signatures[i], NULL, message, sizeof(message), secret);
    }
}

static void *check_signatures(void *of)
{
    uint8_t message[100];
    uint32_t *held = of;
    for (uint32_t i = 0; i < SIGNATURES; i++) {
        write_message(message, i);
        *held += crypto_sign_verify_detached(signatures[i], message, sizeof(message),
                                             signer) == 0;
    }
    return NULL;
}

/* Signatures a second, on all processors at once; by the clock, and by the time that
 * processors gave: others may be at work on them. */
struct rate {
    double by_clock, by_processor;
};

static double of_timeval(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double of_usage(const struct rusage *used)
{
    return of_timeval(used->ru_utime) + of_timeval(used->ru_stime);
}

static struct rate measure_rate(uint32_t *hands)
{
    struct rusage before, after;
    pthread_t threads[HANDS_MAX];
    uint32_t held[HANDS_MAX] = {0};
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        die("sched_getaffinity");
    *hands = (uint32_t)CPU_COUNT(&set);
    if (*hands > HANDS_MAX)
        *hands = HANDS_MAX;
    double from = seconds(CLOCK_MONOTONIC);
    (void)getrusage(RUSAGE_SELF, &before); /* cannot fail */
    for (uint32_t i = 0; i < *hands; i++)
        if (pthread_create(&threads[i], NULL, check_signatures, &held[i]) != 0)
            die("pthread_create");
    for (uint32_t i = 0; i < *hands; i++)
        if (pthread_join(threads[i], NULL) != 0 || held[i] != SIGNATURES)
            die("a signature");
    (void)getrusage(RUSAGE_SELF, &after);
    double checked = *hands * (double)SIGNATURES;
    return (struct rate){checked / (seconds(CLOCK_MONOTONIC) - from),
                         *hands * checked / (of_usage(&after) - of_usage(&before))};
}

/* ---- the file ---- */

static int compare_scopes(const void *a, const void *b)
{
    return id_compare(a, b);
}

struct scope {
    struct id id; /* first: compared by it */
    uint32_t number;
};

/* The same charters each time, and another escalation for each number. */
static struct maker *make_one(uint32_t number, uint32_t advices)
{
    const struct maker_wish wish = {.number = number, .advices = advices};
    return maker_new(&wish);
}

/* Escalations in the order of their ids. */
static struct scope *list_scopes(uint32_t len)
{
    struct scope *scopes = calloc(len, sizeof(*scopes));
    if (!scopes)
        die("memory");
    for (uint32_t i = 0; i < len; i++) {
        struct maker *maker = make_one(i, 1);
        scopes[i] = (struct scope){maker_op(maker, MAKER_ESCALATE)->id, i};
        maker_free(maker);
    }
    qsort(scopes, len, sizeof(*scopes), compare_scopes);
    return scopes;
}

static void write_out(FILE *out, struct buf *bytes, struct sample *sample)
{
    if (fwrite(bytes->data, 1, bytes->len, out) != bytes->len)
        die(sample->path);
    sample->size += bytes->len;
    buf_clear(bytes);
}

/* The ledger of the village's machine: all escalations in the order of the file, and so
 * many seals between them. */
struct ledger {
    struct ledger_maker *maker; /* NULL: none */
    uint32_t seals;
    uint64_t *sizes; /* of the shared tree at each seal */
    uint64_t index;  /* of the record that comes next */
    struct buf *included;
};

static void hold_all(struct ledger *ledger, const struct scope *scopes, uint32_t len,
                     uint32_t advices)
{
    uint64_t held = 0, records = (uint64_t)len * (advices + 3);
    for (uint32_t i = 0, seal = 0; i < len; i++) {
        struct maker *maker = make_one(scopes[i].number, advices);
        for (uint32_t op = MAKER_ESCALATE; op < maker_ops_len(maker); op++) {
            (void)ledger_maker_hold(ledger->maker, MAKER_SHARED,
                                    &maker_op(maker, op)->id);
            held++;
            for (; seal < ledger->seals && held >= records * (seal + 1) / ledger->seals;
                 seal++) {
                (void)ledger_maker_seal(ledger->maker, 1800000000, NULL);
                ledger->sizes[seal] = held;
            }
        }
        maker_free(maker);
    }
}

static void make_ledger(struct ledger *ledger, const struct scope *scopes, uint32_t len,
                        uint32_t advices)
{
    uint8_t seed[32];
    if (ledger->seals == 0)
        return;
    memset(seed, VILLAGE_NODE, sizeof(seed));
    ledger->maker = ledger_maker_new(seed, 1);
    ledger->sizes = calloc(ledger->seals, sizeof(*ledger->sizes));
    ledger->included = calloc(MAKER_ADVISE + advices, sizeof(*ledger->included));
    if (!ledger->sizes || !ledger->included)
        die("memory");
    hold_all(ledger, scopes, len, advices);
}

/* Each under the first seal that holds it. */
static const struct buf *write_proofs(struct ledger *ledger, const struct maker *maker)
{
    uint32_t seal = 0;
    if (!ledger->maker)
        return NULL;
    for (uint32_t op = MAKER_ESCALATE; op < maker_ops_len(maker); op++) {
        while (ledger->sizes[seal] <= ledger->index)
            seal++;
        buf_clear(&ledger->included[op]);
        ledger_maker_included(ledger->maker, seal, MAKER_SHARED, ledger->index++,
                              2 * seal + MAKER_SHARED, &ledger->included[op]);
    }
    return ledger->included;
}

static void write_beginning(FILE *out, struct buf *bytes, const struct ledger *ledger,
                            struct sample *sample)
{
    struct maker *maker = make_one(0, 1);
    uint8_t witness[32];
    struct maker_file_wish wish = MAKER_WHOLE;
    const struct op *township = maker_op(maker, MAKER_FOUND_TOWNSHIP);
    wish.about = "site";
    wish.head = MAKER_FOUND_VILLAGE;
    maker_head(maker, &wish, bytes);
    memset(witness, TOWNSHIP_NODE, sizeof(witness));
    if (ledger->maker)
        ledger_maker_whole(ledger->maker, witness, bytes);
    sample->records += maker_charters(maker, bytes);
    key_to_text(sample->trust, "fqs1", township->id.bytes);
    write_out(out, bytes, sample);
    maker_free(maker);
}

static void make(struct sample *sample, uint32_t records, uint32_t size, uint32_t seals)
{
    uint32_t len = records / size > 0 ? records / size : 1;
    uint32_t advices = size > MAKER_ADVISE ? size - 3 : 1;
    struct ledger ledger = {.seals = seals};
    struct scope *scopes = list_scopes(len);
    struct buf bytes = {0};
    FILE *out = fopen(sample->path, "wb");
    if (!out)
        die(sample->path);
    make_ledger(&ledger, scopes, len, advices);
    write_beginning(out, &bytes, &ledger, sample);
    for (uint32_t i = 0; i < len; i++) {
        struct maker *maker = make_one(scopes[i].number, advices);
        sample->records += maker_section_included(maker, MAKER_ESCALATE,
                                                  write_proofs(&ledger, maker), &bytes);
        if (i == len / 2) { /* its last record */
            hex_encode(sample->bad, maker_op(maker, maker_ops_len(maker) - 1)->id.bytes,
                       ID_SIZE);
            sample->bad_at = sample->size + bytes.len - 1;
            if (ledger.maker)
                sample->bad_at -= ledger.included[maker_ops_len(maker) - 1].len;
        }
        write_out(out, &bytes, sample);
        maker_free(maker);
    }
    maker_end(sample->records, &bytes);
    write_out(out, &bytes, sample);
    if (fclose(out) != 0)
        die(sample->path);
    buf_deinit(&bytes);
    free(scopes);
}

static void make_apart(struct sample *sample, uint32_t records, uint32_t size,
                       uint32_t seals)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        make(sample, records, size, seals);
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        die("the file cannot be made");
}

static void flip(const struct sample *sample)
{
    FILE *file = fopen(sample->path, "r+b");
    int c = EOF;
    if (!file || fseek(file, (long)sample->bad_at, SEEK_SET) != 0 ||
        (c = getc(file)) == EOF || fseek(file, (long)sample->bad_at, SEEK_SET) != 0 ||
        putc(c ^ 1, file) == EOF || fclose(file) != 0)
        die(sample->path);
}

/* What the client said, how it ended and how long it took. */
struct ran {
    char said[65536];
    int code;
    double took, processors; /* seconds */
};

static void verify(const char *client, const struct sample *sample, const char *title,
                   struct ran *ran)
{
    int answer[2], status;
    size_t len = 0;
    struct rusage used;
    if (pipe(answer) != 0)
        die("pipe");
    fflush(stdout);
    double from = seconds(CLOCK_MONOTONIC);
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        dup2(answer[1], STDOUT_FILENO);
        close(answer[0]);
        execl(client, client, "verify", sample->path, "--trust", sample->trust,
              (char *)NULL);
        _exit(127);
    }
    close(answer[1]);
    for (ssize_t got;
         ;) { /* its end is what counts, and what stands last is what is read */
        if (len > sizeof(ran->said) / 2) {
            memmove(ran->said, ran->said + len / 2, len - len / 2);
            len -= len / 2;
        }
        got = read(answer[0], ran->said + len, sizeof(ran->said) - 1 - len);
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    ran->said[len] = '\0';
    close(answer[0]);
    if (wait4(pid, &status, 0, &used) != pid)
        die("wait4");
    ran->took = seconds(CLOCK_MONOTONIC) - from;
    ran->processors = of_usage(&used);
    ran->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    printf("%-12s %8.2f s, %.2f s of processors, at most %.1f MiB\n", title, ran->took,
           ran->processors, (double)used.ru_maxrss / 1024);
}

int main(int argc, char **argv)
{
    uint32_t records = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 100000;
    uint32_t size = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 1000;
    uint32_t seals = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 0;
    static struct ran ran;
    uint32_t hands;
    struct sample *sample = mmap(NULL, sizeof(*sample), PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (argc < 2 || records < size || size < 4) {
        fprintf(stderr, "usage: bench_verify FENGQIAO [RECORDS [SIZE [SEALS]]]\n");
        return 2;
    }
    if (sample == MAP_FAILED || sodium_init() < 0)
        die("memory");
    (void)snprintf(sample->path, sizeof(sample->path), "/tmp/fengqiao-bench-XXXXXX");
    int fd = mkstemp(sample->path);
    if (fd < 0 || close(fd) != 0)
        die(sample->path);
    sign();
    make_apart(sample, records, size, seals);
    printf("file         %llu records in sections of %u, %u seals, %.1f MiB\n",
           (unsigned long long)sample->records, size, seals,
           (double)sample->size / 1048576);
    struct rate before = measure_rate(&hands);
    verify(argv[1], sample, "whole", &ran);
    bool holds = ran.code == EXIT_DONE;
    struct rate after = measure_rate(&hands); /* it drifts */
    double by_clock = (before.by_clock + after.by_clock) / 2;
    double by_processor = (before.by_processor + after.by_processor) / 2;
    double records_by_processor = hands * (double)sample->records / ran.processors;
    printf("by clock     %.0f records a second; %u processors verify %.0f signatures: "
           "%.2f of it\n",
           (double)sample->records / ran.took, hands, by_clock,
           (double)sample->records / ran.took / by_clock);
    printf("by processor %.0f records a second, %.0f signatures: %.2f of it\n",
           records_by_processor, by_processor, records_by_processor / by_processor);
    flip(sample);
    verify(argv[1], sample, "one bad", &ran);
    bool is_named = ran.code == EXIT_UNVERIFIED && strstr(ran.said, sample->bad);
    (void)unlink(sample->path);
    printf("the whole file %s; the bad record %s\n", holds ? "holds" : "DOES NOT HOLD",
           is_named ? "is named, exit code 3" : "IS NOT NAMED");
    return holds && is_named ? 0 : 1;
}
