/*
 * Happy path: connect to the control socket of the directory, send one request, read one
 * answer. Failure modes: nobody listens there (NOT_FOUND); the connection breaks off, or
 * what comes is longer than an answer or none at all (IO).
 */
#include "node/io/own_socket.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "node/io/process.h"
#include "proto/limits.h"
#include "proto/pack.h"

static bool connect_to(const char *dir, int *fd)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *fd = -1;
    if ((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%s/control.sock",
                         dir) >= sizeof(address.sun_path))
        return false;
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return *fd >= 0 &&
           connect(*fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
}

static bool send_request(int fd, const char *method, const struct buf *arguments)
{
    struct buf request = {0}, framed = {0};
    pack_array(&request, 3);
    pack_uint(&request, 1);
    pack_str(&request, method);
    buf_append(&request, arguments);
    buf_add_u32(&framed, (uint32_t)request.len);
    buf_append(&framed, &request);
    bool is_sent = buf_status(&framed) == STATUS_OK &&
                   process_write_all(fd, framed.data, framed.len);
    buf_deinit(&request);
    buf_deinit(&framed);
    return is_sent;
}

static bool take_answer(struct bytes body, struct buf *result,
                        char word[static OWN_SOCKET_WORD_SIZE])
{
    struct pack_reader reader = pack_reader_of(body);
    struct bytes name, value;
    uint32_t elements;
    uint64_t number;
    if (pack_check(body, NULL) != STATUS_OK ||
        pack_read_array(&reader, &elements, NULL) != STATUS_OK || elements != 3 ||
        pack_read_uint(&reader, &number, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        name.len >= OWN_SOCKET_WORD_SIZE)
        return false;
    if (pack_value(&reader, 1, &value, NULL) != STATUS_OK) /* never: it was checked */
        return false;
    memcpy(word, name.data, name.len);
    word[name.len] = '\0';
    buf_add(result, value.data, value.len);
    return buf_status(result) == STATUS_OK;
}

static bool read_answer(int fd, struct buf *result,
                        char word[static OWN_SOCKET_WORD_SIZE])
{
    uint8_t head[4];
    struct buf body = {0};
    if (!process_read_all(fd, head, sizeof(head)))
        return false;
    size_t len =
        (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (len > CONTROL_MESSAGE_MAX)
        return false;
    uint8_t *room = buf_reserve(&body, len);
    bool is_read = room != NULL && process_read_all(fd, room, len) &&
                   take_answer(bytes_of(room, len), result, word);
    buf_deinit(&body);
    return is_read;
}

enum status own_socket_ask(const char *dir, const char *method,
                           const struct buf *arguments, struct buf *result,
                           char word[static OWN_SOCKET_WORD_SIZE])
{
    int fd;
    enum status status = STATUS_OK;
    if (!connect_to(dir, &fd))
        status = STATUS_NOT_FOUND;
    else if (!send_request(fd, method, arguments) || !read_answer(fd, result, word))
        status = STATUS_IO;
    if (fd >= 0)
        (void)close(fd); /* nothing was left unsaid */
    return status;
}
