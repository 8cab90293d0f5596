#include "cli/given_file.h"

#include <errno.h>
#include <string.h>

static enum exit_code cannot_read(struct cli *cli, const char *path, int error)
{
    struct err err = {0};
    enum status status = err_set(&err, error == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
                                 "%s cannot be read: %s", path, strerror(error));
    return cli_refuse(cli, status, &err);
}

enum exit_code given_file_read(struct cli *cli, const char *path, size_t max,
                               struct buf *file)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (in == NULL)
        return cannot_read(cli, path, errno);
    uint8_t *room = buf_reserve(file, max + 1);
    if (room != NULL)
        file->len += fread(room, 1, max + 1, in);
    int error = ferror(in) ? errno : 0;
    if (in != stdin)
        (void)fclose(in); /* it was only read */
    if (error != 0)
        return cannot_read(cli, path, error);
    return room == NULL ? cli_refuse(cli, STATUS_NO_MEMORY, NULL) : EXIT_DONE;
}

const char *given_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}
