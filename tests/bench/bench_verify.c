/*
 * bench_verify: an evidence file of N records checked by the client as a process of its
 * own, first whole, then with one flipped byte. Prints time, processor time and highest
 * resident memory, beside what one core verifies in a second. Row C2 at its full size:
 * the client must name the bad record and exit with 3.
 *
 * usage: bench_verify FENGQIAO [RECORDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "crypto/key.h"
#include "tests/unit/cli/evidence_maker.h"

/* Shared with the process that makes the file: its memory must not count as ours, which
 * a client started from here would inherit as its own highest. */
struct sample {
    char path[64];
    char trust[KEY_TEXT_SIZE];
    char bad[2 * ID_SIZE + 1]; /* the record that will fail */
    uint64_t bad_at;           /* the byte to flip: the last of its signature */
    uint64_t size;
    double rate; /* signatures a second on one core */
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

static double measure_rate(const struct op *op)
{
    const uint32_t share = 2000;
    uint32_t held = 0;
    struct id network;
    network_id(&network, "fengqiao");
    double from = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (uint32_t i = 0; i < share; i++)
        held += op_verify(op, &network);
    return held / (seconds(CLOCK_THREAD_CPUTIME_ID) - from);
}

static void make(struct sample *sample, uint32_t records)
{
    struct maker_wish wish = {.advices = records - MAKER_ADVISE};
    struct maker *maker = maker_new(&wish);
    struct buf file = {0};
    uint64_t *offsets = calloc(maker_ops_len(maker), sizeof(*offsets));
    uint32_t bad = records / 2;
    if (!offsets)
        die("memory");
    maker_file(maker, &MAKER_WHOLE, &file, offsets);
    FILE *out = fopen(sample->path, "wb");
    if (!out || fwrite(file.data, 1, file.len, out) != file.len || fclose(out) != 0)
        die(sample->path);
    key_to_text(sample->trust, "fqs1", maker_op(maker, MAKER_FOUND_TOWNSHIP)->id.bytes);
    hex_encode(sample->bad, maker_op(maker, bad)->id.bytes, ID_SIZE);
    sample->bad_at = offsets[bad + 1] - 1;
    sample->size = file.len;
    sample->rate = measure_rate(maker_op(maker, MAKER_ADVISE));
    free(offsets);
    buf_deinit(&file);
    maker_free(maker);
}

static void make_apart(struct sample *sample, uint32_t records)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        make(sample, records);
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

static double of_timeval(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* Runs the client; its words in said, its exit code. */
static int verify(const char *client, const struct sample *sample, const char *title,
                  char *said, size_t size)
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
         len < size - 1 && (got = read(answer[0], said + len, size - 1 - len)) > 0;)
        len += (size_t)got;
    said[len] = '\0';
    close(answer[0]);
    if (wait4(pid, &status, 0, &used) != pid)
        die("wait4");
    double took = seconds(CLOCK_MONOTONIC) - from;
    printf("%-12s %8.2f s, %.2f s of processors, at most %.1f MiB\n", title, took,
           of_timeval(used.ru_utime) + of_timeval(used.ru_stime),
           (double)used.ru_maxrss / 1024);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv)
{
    uint32_t records = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 100000;
    static char said[65536];
    struct sample *sample = mmap(NULL, sizeof(*sample), PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (argc < 2 || records <= MAKER_ADVISE + 2) {
        fprintf(stderr, "usage: bench_verify FENGQIAO [RECORDS]\n");
        return 2;
    }
    if (sample == MAP_FAILED)
        die("mmap");
    (void)snprintf(sample->path, sizeof(sample->path), "/tmp/fengqiao-bench-XXXXXX");
    int fd = mkstemp(sample->path);
    if (fd < 0 || close(fd) != 0)
        die(sample->path);
    make_apart(sample, records);
    printf(
        "file         %u records, %.1f MiB; one core checks %.0f signatures a second\n",
        records, (double)sample->size / 1048576, sample->rate);
    bool holds = verify(argv[1], sample, "whole", said, sizeof(said)) == EXIT_DONE;
    flip(sample);
    bool is_named =
        verify(argv[1], sample, "one bad", said, sizeof(said)) == EXIT_UNVERIFIED &&
        strstr(said, sample->bad);
    (void)unlink(sample->path);
    printf("the whole file %s; the bad record %s\n", holds ? "holds" : "DOES NOT HOLD",
           is_named ? "is named, exit code 3" : "IS NOT NAMED");
    return holds && is_named ? 0 : 1;
}
