#include "spoken.h"

#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1 << 20)
#define FORMAT_MAX 512

/* ---- one file ---- */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, FILE_MAX);
    assert(file != NULL && text != NULL);
    size_t len = fread(text, 1, FILE_MAX - 1, file);
    assert(len < FILE_MAX - 1);
    fclose(file);
    return text;
}

static const char *skip_blanks(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

/* Appends what stands between the quotes; returns what is behind them. */
static const char *take_string(const char *at, char *format)
{
    size_t len = strlen(format);
    for (at++; *at != '"'; at++) {
        assert(*at != '\0' && len + 1 < FORMAT_MAX);
        if (*at == '\\')
            at++; /* of the escapes only the quote stands in sentences */
        format[len++] = *at;
    }
    format[len] = '\0';
    return at + 1;
}

/* Strings that stand side by side are one; between them stands at most a PRIu64. */
static const char *take_format(const char *at, char format[static FORMAT_MAX])
{
    format[0] = '\0';
    for (;;) {
        at = skip_blanks(at);
        if (strncmp(at, "PRIu64", 6) == 0) {
            (void)snprintf(format + strlen(format), FORMAT_MAX - strlen(format), "llu");
            at += 6;
        } else if (*at == '"') {
            at = take_string(at, format);
        } else {
            return at;
        }
    }
}

static void add(struct spoken *spoken, const char *format)
{
    if (format[0] == '\0' || strcmp(format, "%s") == 0 ||
        spoken_has(spoken, bytes_str(format)))
        return;
    assert(spoken->len < SPOKEN_MAX);
    spoken->formats[spoken->len++] = strdup(format);
}

/* What #define NAME "…" of the file says. */
static void add_named(struct spoken *spoken, const char *file, const char *name,
                      size_t len)
{
    char wanted[80], format[FORMAT_MAX];
    (void)snprintf(wanted, sizeof(wanted), "#define %.*s \"", (int)len, name);
    const char *found = strstr(file, wanted);
    if (found == NULL)
        return;
    (void)take_format(found + strlen(wanted) - 1, format);
    add(spoken, format);
}

/* The arguments of one err_set: its strings, and a name in capitals in the place of the
 * format, the third. */
static void read_call(struct spoken *spoken, const char *file, const char *at)
{
    char format[FORMAT_MAX];
    int commas = 0;
    for (int depth = 1; depth > 0;) {
        assert(*at != '\0');
        if (*at == '"') {
            at = take_format(at, format);
            add(spoken, format);
        } else if (isupper((unsigned char)*at)) {
            size_t len = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
            if (commas == 2)
                add_named(spoken, file, at, len);
            at += len;
        } else {
            depth += (*at == '(') - (*at == ')');
            commas += *at == ',';
            at++;
        }
    }
}

static void read_source(struct spoken *spoken, const char *path)
{
    char *file = read_file(path);
    for (const char *at = file; (at = strstr(at, "err_set(")) != NULL;) {
        at += strlen("err_set(");
        read_call(spoken, file, at);
    }
    free(file);
}

/* ---- folders ---- */

static bool is_among(const char *name, const char *names)
{
    for (const char *at = names; (at = strstr(at, name)) != NULL; at++)
        if ((at == names || at[-1] == ' ') &&
            (at[strlen(name)] == ' ' || at[strlen(name)] == '\0'))
            return true;
    return false;
}

void spoken_read(struct spoken *spoken, const char *folder, const char *but)
{
    char path[1024];
    DIR *files = opendir(folder);
    assert(files != NULL);
    for (const struct dirent *entry; (entry = readdir(files)) != NULL;) {
        size_t len = strlen(entry->d_name);
        if (len < 3 || strcmp(entry->d_name + len - 2, ".c") != 0 ||
            is_among(entry->d_name, but))
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        read_source(spoken, path);
    }
    closedir(files);
}

bool spoken_has(const struct spoken *spoken, struct bytes format)
{
    for (uint32_t i = 0; i < spoken->len; i++)
        if (bytes_equal_str(format, spoken->formats[i]))
            return true;
    return false;
}

void spoken_deinit(struct spoken *spoken)
{
    for (uint32_t i = 0; i < spoken->len; i++)
        free(spoken->formats[i]);
    *spoken = (struct spoken){0};
}
