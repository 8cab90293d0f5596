/*
 * bench_verify: an evidence file about a village, of N records in sections of SIZE,
 * checked by the client as a process of its own, first whole, then with one flipped byte.
 * Prints records a second, processor time and highest resident memory, beside the
 * signatures that all processors of this machine verify in a second, by libsodium alone.
 * Row C2 at its full size: the client must name the bad record and exit with 3.
 *
 * usage: bench_verify FENGQIAO [RECORDS [SIZE]]
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

static void write_beginning(FILE *out, struct buf *bytes, struct sample *sample)
{
    struct maker *maker = make_one(0, 1);
    struct maker_file_wish wish = MAKER_WHOLE;
    const struct op *township = maker_op(maker, MAKER_FOUND_TOWNSHIP);
    wish.about = "site";
    wish.head = MAKER_FOUND_VILLAGE;
    maker_head(maker, &wish, bytes);
    sample->records += maker_charters(maker, bytes);
    key_to_text(sample->trust, "fqs1", township->id.bytes);
    write_out(out, bytes, sample);
    maker_free(maker);
}

static void make(struct sample *sample, uint32_t records, uint32_t size)
{
    uint32_t len = records / size > 0 ? records / size : 1;
    struct scope *scopes = list_scopes(len);
    struct buf bytes = {0};
    FILE *out = fopen(sample->path, "wb");
    if (!out)
        die(sample->path);
    write_beginning(out, &bytes, sample);
    for (uint32_t i = 0; i < len; i++) {
        struct maker *maker =
            make_one(scopes[i].number, size > MAKER_ADVISE ? size - 3 : 1);
        sample->records += maker_section(maker, MAKER_ESCALATE, &bytes);
        if (i == len / 2) { /* its last record */
            hex_encode(sample->bad, maker_op(maker, maker_ops_len(maker) - 1)->id.bytes,
                       ID_SIZE);
            sample->bad_at = sample->size + bytes.len - 1;
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

static void make_apart(struct sample *sample, uint32_t records, uint32_t size)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        make(sample, records, size);
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
    static struct ran ran;
    uint32_t hands;
    struct sample *sample = mmap(NULL, sizeof(*sample), PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (argc < 2 || records < size || size < 4) {
        fprintf(stderr, "usage: bench_verify FENGQIAO [RECORDS [SIZE]]\n");
        return 2;
    }
    if (sample == MAP_FAILED || sodium_init() < 0)
        die("memory");
    (void)snprintf(sample->path, sizeof(sample->path), "/tmp/fengqiao-bench-XXXXXX");
    int fd = mkstemp(sample->path);
    if (fd < 0 || close(fd) != 0)
        die(sample->path);
    sign();
    make_apart(sample, records, size);
    printf("file         %llu records in sections of %u, %.1f MiB\n",
           (unsigned long long)sample->records, size, (double)sample->size / 1048576);
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
