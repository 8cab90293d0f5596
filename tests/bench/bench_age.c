/*
 * bench_age: how fast an age file is sealed and opened, by us and by the stock tool, each
 * as a process that reads the same file and writes to nowhere, beside what libsodium
 * alone does with such chunks on this machine; and how long the daemon's child takes for
 * the largest bundle, from its start to its end. Prints a table, then one line of JSON.
 *
 * usage: bench_age FENGQIAOD [MIB]
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "crypto/age_reader.h"
#include "crypto/age_text.h"
#include "crypto/age_writer.h"
#include "crypto/key.h"
#include "node/io/key_child.h"
#include "node/io/key_request.h"
#include "node/io/process.h"
#include "proto/limits.h"

#define BUNDLES 50
#define MIB (1u << 20)
#define ROUNDS 3 /* of which the fastest counts */

static struct {
    char folder[64], plain[96], sealed[96], identity[96];
    char recipient[AGE_RECIPIENT_SIZE];
    uint8_t secret[KEY_SIZE], public_key[1][KEY_SIZE];
    size_t mib;
} sample;

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

/* ---- ours ---- */

static bool put_out(void *context, const uint8_t *bytes, size_t len)
{
    return process_write_all(*(const int *)context, bytes, len);
}

static void seal(int in, int out)
{
    static struct age_writer writer;
    static uint8_t piece[AGE_CHUNK_SIZE];
    struct rng rng = rng_system();
    (void)age_writer_begin(&writer, (const uint8_t(*)[KEY_SIZE])sample.public_key, 1,
                           &rng, NULL, put_out, &out);
    for (ssize_t got; (got = read(in, piece, sizeof(piece))) > 0;)
        (void)age_writer_put(&writer, piece, (size_t)got);
    if (age_writer_end(&writer) != AGE_WHOLE)
        _exit(1);
}

static void unseal(int in, int out)
{
    static struct age_reader reader;
    static uint8_t piece[AGE_CHUNK_SIZE];
    const struct age_key key = {.secret = sample.secret};
    age_reader_init(&reader, &key, 1, false);
    for (ssize_t got; (got = read(in, piece, sizeof(piece))) > 0;)
        (void)age_reader_put(&reader, piece, (size_t)got, put_out, &out);
    if (age_reader_end(&reader, put_out, &out) != AGE_WHOLE)
        _exit(1);
}

/* ---- a process, and what it took ---- */

typedef void work_fn(int in, int out);

struct took {
    double wall, processors;
};

static double of_timeval(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static struct took run_once(work_fn *work, char *const argv[], const char *from,
                            const char *to)
{
    struct rusage used;
    int status;
    double start = seconds(CLOCK_MONOTONIC);
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        int in = open(from, O_RDONLY);
        int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (in < 0 || out < 0 || dup2(in, STDIN_FILENO) < 0 ||
            dup2(out, STDOUT_FILENO) < 0)
            _exit(1);
        if (work == NULL) {
            execvp(argv[0], argv);
            _exit(1);
        }
        work(STDIN_FILENO, STDOUT_FILENO);
        _exit(0);
    }
    if (wait4(child, &status, 0, &used) != child || status != 0)
        die(work == NULL ? "age" : "our own");
    return (struct took){seconds(CLOCK_MONOTONIC) - start,
                         of_timeval(used.ru_utime) + of_timeval(used.ru_stime)};
}

static struct took run(work_fn *work, char *const argv[], const char *from)
{
    struct took best = run_once(work, argv, from, "/dev/null");
    for (int i = 1; i < ROUNDS; i++) {
        struct took took = run_once(work, argv, from, "/dev/null");
        if (took.processors < best.processors)
            best = took;
    }
    return best;
}

/* ---- libsodium ---- */

static double bare_rate(void)
{
    static uint8_t chunk[AGE_CHUNK_SIZE + AGE_TAG_SIZE];
    const uint8_t key[32] = {1}, nonce[12] = {0};
    double start = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < sample.mib * MIB / AGE_CHUNK_SIZE; i++)
        (void)crypto_aead_chacha20poly1305_ietf_encrypt(
            chunk, NULL, chunk, AGE_CHUNK_SIZE, NULL, 0, NULL, nonce, key);
    return (double)sample.mib / (seconds(CLOCK_THREAD_CPUTIME_ID) - start);
}

/* ---- the child that opens bundles ---- */

static bool add(void *context, const uint8_t *bytes, size_t len)
{
    buf_add(context, bytes, len);
    return true;
}

static struct job *largest_bundle(void)
{
    static struct age_writer writer;
    static uint8_t payload[BUNDLE_PAYLOAD_MAX];
    struct rng rng = rng_system();
    struct job *job = job_new(JOB_OPEN);
    if (job == NULL)
        die("memory");
    memcpy(job->seed, sample.secret, sizeof(job->seed));
    (void)age_writer_begin(&writer, (const uint8_t(*)[KEY_SIZE])sample.public_key, 1,
                           &rng, NULL, add, &job->wire);
    (void)age_writer_put(&writer, payload, sizeof(payload));
    if (age_writer_end(&writer) != AGE_WHOLE || job->wire.failed)
        die("a bundle");
    return job;
}

static void open_bundle(const char *daemon, const struct job *job)
{
    static uint8_t payload[BUNDLE_PAYLOAD_MAX];
    struct key_request request;
    struct key_answer answer;
    int in[2], out[2], status;
    size_t len;
    key_request_write(&request, job);
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        die("pipe");
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        if (dup2(in[0], STDIN_FILENO) >= 0 && dup2(out[1], STDOUT_FILENO) >= 0)
            execl(daemon, "fengqiaod", BUNDLE_CHILD_WORD, (char *)NULL);
        _exit(1);
    }
    (void)close(in[0]);
    (void)close(out[1]);
    if (!process_write_all(in[1], &request, sizeof(request)) ||
        !process_write_all(in[1], job->wire.data, job->wire.len) ||
        !process_read_all(out[0], &answer, sizeof(answer)) ||
        !key_answer_check(&answer, job, &len) || len != sizeof(payload) ||
        !process_read_all(out[0], payload, len))
        die("the child of the daemon");
    (void)close(in[1]);
    (void)close(out[0]);
    if (waitpid(child, &status, 0) != child || status != 0)
        die("the child of the daemon");
}

static double bundle_ms(const char *daemon)
{
    struct job *job = largest_bundle();
    double start = seconds(CLOCK_MONOTONIC);
    for (int i = 0; i < BUNDLES; i++)
        open_bundle(daemon, job);
    job_free(job);
    return 1000 * (seconds(CLOCK_MONOTONIC) - start) / BUNDLES;
}

/* ---- the whole ---- */

static void write_file(const char *path, const void *data, size_t len, size_t times)
{
    FILE *out = fopen(path, "wb");
    if (out == NULL)
        die(path);
    for (size_t i = 0; i < times; i++)
        if (fwrite(data, 1, len, out) != len)
            die(path);
    if (fclose(out) != 0)
        die(path);
}

static void make_sample(void)
{
    static uint8_t mib[MIB];
    char identity[AGE_IDENTITY_SIZE];
    randombytes_buf(sample.secret, sizeof(sample.secret));
    randombytes_buf(mib, sizeof(mib));
    key_dh_public(sample.public_key[0], sample.secret);
    age_recipient_text(sample.recipient, sample.public_key[0]);
    age_identity_text(identity, sample.secret);
    (void)snprintf(sample.folder, sizeof(sample.folder), "/tmp/fengqiao-bench-XXXXXX");
    if (mkdtemp(sample.folder) == NULL)
        die(sample.folder);
    (void)snprintf(sample.plain, sizeof(sample.plain), "%s/plain", sample.folder);
    (void)snprintf(sample.sealed, sizeof(sample.sealed), "%s/sealed", sample.folder);
    (void)snprintf(sample.identity, sizeof(sample.identity), "%s/id", sample.folder);
    write_file(sample.plain, mib, sizeof(mib), sample.mib);
    write_file(sample.identity, identity, strlen(identity), 1);
    (void)run_once(seal, NULL, sample.plain, sample.sealed);
}

static void show(const char *title, struct took took, struct took stock)
{
    printf("%-24s %10.0f %16.0f %18.2f\n", title, (double)sample.mib / took.wall,
           (double)sample.mib / took.processors, stock.processors / took.processors);
}

int main(int argc, char *argv[])
{
    char age[] = "age", to[] = "-r", decrypt[] = "-d", with[] = "-i";
    char *stock_seal[] = {age, to, sample.recipient, NULL};
    char *stock_open[] = {age, decrypt, with, sample.identity, NULL};
    sample.mib = argc > 2 ? strtoul(argv[2], NULL, 10) : 256;
    if (argc < 2 || sample.mib == 0) {
        fprintf(stderr, "usage: bench_age FENGQIAOD [MIB]\n");
        return 2;
    }
    if (sodium_init() < 0)
        return 1;
    make_sample();
    struct took seals = run(seal, NULL, sample.plain);
    struct took opens = run(unseal, NULL, sample.sealed);
    struct took age_seals = run(NULL, stock_seal, sample.plain);
    struct took age_opens = run(NULL, stock_open, sample.sealed);
    double bare = bare_rate(), child = bundle_ms(argv[1]);
    printf("an age file of %zu MiB; MiB a second\n", sample.mib);
    printf("%-24s %10s %16s %18s\n", "", "by clock", "by processor", "of the stock age");
    show("seal", seals, age_seals);
    show("open", opens, age_opens);
    show("age -r", age_seals, age_seals);
    show("age -d", age_opens, age_opens);
    printf("%-24s %10s %16.0f\n", "libsodium alone", "", bare);
    printf("the largest bundle, opened in a child: %.1f ms\n", child);
    printf("{\"mib\":%zu,\"seal\":%.0f,\"open\":%.0f,\"age_seal\":%.0f,\"age_open\":%.0f,"
           "\"bare\":%.0f,\"bundle_ms\":%.1f}\n",
           sample.mib, (double)sample.mib / seals.processors,
           (double)sample.mib / opens.processors,
           (double)sample.mib / age_seals.processors,
           (double)sample.mib / age_opens.processors, bare, child);
    (void)unlink(sample.plain);
    (void)unlink(sample.sealed);
    (void)unlink(sample.identity);
    (void)rmdir(sample.folder);
    return 0;
}
