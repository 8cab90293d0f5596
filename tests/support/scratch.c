#include "tests/support/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROOT "/tmp"
#define PREFIX "fengqiao-sim-"
#define OLD_S 3600 /* a folder whose name has no process: after an hour nobody's */

void scratch_remove(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return;
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL)
        (void)unlinkat(dirfd(folder), entry->d_name, 0); /* "." and ".." stay */
    (void)closedir(folder);
    (void)rmdir(path); /* a folder that is not empty is not ours */
}

/* PREFIX process "-" six letters; before that, PREFIX six letters. */
static bool is_dead(const char *path, const char *name)
{
    char *end;
    long process = strtol(name + strlen(PREFIX), &end, 10);
    if (process > 0 && *end == '-')
        return kill((pid_t)process, 0) != 0 && errno == ESRCH;
    struct stat about;
    return strlen(name) == strlen(PREFIX) + 6 && lstat(path, &about) == 0 &&
           S_ISDIR(about.st_mode) && about.st_uid == getuid() &&
           about.st_mtime + OLD_S < time(NULL);
}

static void clear_dead(void)
{
    DIR *root = opendir(ROOT);
    if (root == NULL)
        return;
    struct dirent *entry;
    while ((entry = readdir(root)) != NULL) {
        char path[sizeof(ROOT) + sizeof(entry->d_name)];
        if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", ROOT, entry->d_name);
        if (is_dead(path, entry->d_name))
            scratch_remove(path);
    }
    (void)closedir(root);
}

bool scratch_make(char path[static SCRATCH_SIZE])
{
    clear_dead();
    (void)snprintf(path, SCRATCH_SIZE, ROOT "/" PREFIX "%ld-XXXXXX", (long)getpid());
    return mkdtemp(path) != NULL;
}
