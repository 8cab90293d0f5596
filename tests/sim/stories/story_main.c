/*
 * fengqiao-stories: lives each story (FILE.story) and compares its minutes with the
 * golden ones beside it (FILE.minutes). Exit 0: all are as they were; 1: some are not; 2:
 * usage.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "tests/sim/stories/sentences.h"

static const char help[] =
    "usage: fengqiao-stories [--accept] [--quiet] FILE.story...\n"
    "       fengqiao-stories --sentences\n"
    "\n"
    "Lives each story and prints its minutes; they must be those in FILE.minutes.\n"
    "\n"
    "  --accept     writes them there instead\n"
    "  --quiet      prints only what is not as it was\n"
    "  --sentences  what a script may say\n"
    "\n"
    "example: fengqiao-stories tests/sim/stories/advice.story\n";

struct wish {
    bool accepts, is_quiet;
};

/* The file beside it; false where its name is none of a story. */
static bool golden_path(const char *path, char out[static 512])
{
    size_t len = strlen(path);
    static const char from[] = ".story", to[] = ".minutes";
    if (len < sizeof(from) || len + sizeof(to) > 512 ||
        strcmp(path + len - (sizeof(from) - 1), from) != 0)
        return false;
    (void)snprintf(out, 512, "%.*s%s", (int)(len - (sizeof(from) - 1)), path, to);
    return true;
}

static bool write_golden(const char *path, const char *minutes)
{
    FILE *file = fopen(path, "w");
    bool is_written = file != NULL && fputs(minutes, file) >= 0;
    if (file != NULL)
        is_written = fclose(file) == 0 && is_written;
    if (!is_written)
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return is_written;
}

/* The whole file with a zero behind; the caller's. NULL: there is none. */
static char *read_golden(const char *path)
{
    FILE *file = fopen(path, "r");
    struct buf text = {0};
    char piece[4096];
    size_t len;
    if (file == NULL)
        return NULL;
    while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
        buf_add(&text, piece, len);
    (void)fclose(file);
    buf_add(&text, "", 1);
    return (char *)text.data;
}

/* Says where the two part. */
static void print_difference(const char *path, const char *golden, const char *minutes)
{
    size_t line = 1;
    while (*golden != '\0' && *minutes != '\0') {
        size_t a = strcspn(golden, "\n"), b = strcspn(minutes, "\n");
        if (a != b || memcmp(golden, minutes, a) != 0)
            break;
        golden += a + (golden[a] == '\n');
        minutes += b + (minutes[b] == '\n');
        line++;
    }
    printf("%s: line %zu is no longer\n  %.*s\nbut\n  %.*s\n", path, line,
           (int)strcspn(golden, "\n"), golden, (int)strcspn(minutes, "\n"), minutes);
}

static bool tell(const struct wish *wish, const char *path)
{
    static struct story story;
    static struct stage stage;
    char beside[512];
    if (!golden_path(path, beside)) {
        (void)fprintf(stderr, "%s: no .story\n", path);
        return false;
    }
    if (!story_read(&story, path))
        return false;
    bool is_told = stage_live(&stage, &story);
    const char *minutes = (const char *)stage.minutes.data;
    char *golden = wish->accepts ? NULL : read_golden(beside);
    bool is_alike = golden != NULL && strcmp(golden, minutes) == 0;
    if (!wish->is_quiet)
        printf("%s\n", minutes);
    if (is_told && wish->accepts)
        is_alike = write_golden(beside, minutes);
    else if (!is_alike)
        print_difference(beside, golden == NULL ? "" : golden, minutes);
    free(golden);
    stage_deinit(&stage);
    return is_told && is_alike;
}

int main(int argc, char *argv[])
{
    struct wish wish = {0};
    int failed = 0, told = 0;
    if (sodium_init() < 0)
        return 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--accept") == 0) {
            wish.accepts = true;
        } else if (strcmp(argv[i], "--quiet") == 0) {
            wish.is_quiet = true;
        } else if (strcmp(argv[i], "--sentences") == 0) {
            sentences_list(stdout);
            return 0;
        } else if (argv[i][0] == '-') {
            (void)fputs(help, strcmp(argv[i], "--help") == 0 ? stdout : stderr);
            return strcmp(argv[i], "--help") == 0 ? 0 : 2;
        } else {
            told++;
            failed += !tell(&wish, argv[i]);
        }
    }
    if (told == 0) {
        (void)fputs(help, stderr);
        return 2;
    }
    printf("%d stories, %d are not as they were\n", told, failed);
    return failed == 0 ? 0 : 1;
}
