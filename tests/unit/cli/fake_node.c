#include "tests/unit/cli/fake_node.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/pack.h"

void fake_node_say(struct buf *out, const char *status, struct bytes result)
{
    pack_str(out, status);
    buf_add(out, result.data, result.len);
}

void fake_node_say_text(struct buf *out, const char *status, const char *text)
{
    pack_str(out, status);
    pack_str(out, text);
}

static bool read_all(int fd, uint8_t *data, size_t len)
{
    while (len > 0) {
        ssize_t got = read(fd, data, len);
        if (got <= 0)
            return false;
        data += got;
        len -= (size_t)got;
    }
    return true;
}

static bool answer_one(int fd, fake_node_answer *answer, unsigned call)
{
    uint8_t head[4];
    if (!read_all(fd, head, 4))
        return false;
    size_t len =
        (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    uint8_t *message = malloc(len);
    struct buf said = {0};
    struct buf out = {0};
    bool is_open = message && read_all(fd, message, len);
    struct pack_reader reader = pack_reader_of(bytes_of(message, len));
    uint32_t count;
    uint64_t number;
    struct bytes method;
    struct bytes arguments;
    is_open = is_open && pack_check(bytes_of(message, len), NULL) == STATUS_OK &&
              pack_read_array(&reader, &count, NULL) == STATUS_OK && count == 3 &&
              pack_read_uint(&reader, &number, NULL) == STATUS_OK &&
              pack_read_str(&reader, &method, NULL) == STATUS_OK &&
              pack_value(&reader, 1, &arguments, NULL) == STATUS_OK;
    if (is_open)
        answer(method, arguments, call, &said);
    is_open = is_open && said.len > 0;
    if (is_open) {
        buf_add_u32(&out, 0);
        pack_array(&out, 3);
        pack_uint(&out, number);
        buf_add(&out, said.data, said.len);
        uint32_t size = (uint32_t)out.len - 4;
        for (int i = 0; i < 4; i++)
            out.data[i] = (uint8_t)(size >> (24 - 8 * i));
        is_open = write(fd, out.data, out.len) == (ssize_t)out.len;
    }
    free(message);
    buf_deinit(&said);
    buf_deinit(&out);
    return is_open;
}

static void serve(int listener, fake_node_answer *answer)
{
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            _exit(1);
        for (unsigned call = 0; answer_one(fd, answer, call); call++)
            continue;
        (void)close(fd);
    }
}

void fake_node_start(struct fake_node *node, fake_node_answer *answer)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char pin[96];
    (void)snprintf(node->dir, sizeof(node->dir), "/tmp/fengqiao-test-XXXXXX");
    assert(mkdtemp(node->dir));
    (void)snprintf(pin, sizeof(pin), "%s/pin", node->dir);
    FILE *file = fopen(pin, "w");
    assert(file);
    fputs("123456\n", file);
    assert(fclose(file) == 0);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/control.sock",
                   node->dir);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(listener >= 0);
    assert(bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0);
    assert(listen(listener, 4) == 0);
    node->child = fork();
    assert(node->child >= 0);
    if (node->child == 0) {
        /* A test that failed does not stop us; nor may we hold its output open. */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)signal(SIGPIPE, SIG_IGN); /* a client may leave before its answer */
        serve(listener, answer);
    }
    (void)close(listener);
    assert(setenv("FENGQIAO_DIR", node->dir, 1) == 0);
    assert(setenv("FENGQIAO_PIN_FILE", pin, 1) == 0);
}

void fake_node_stop(struct fake_node *node)
{
    char path[96];
    (void)kill(node->child, SIGKILL);
    (void)waitpid(node->child, NULL, 0);
    const char *const names[] = {"pin", "control.sock", "case.evidence", "long.evidence",
                                 "cases.csv"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", node->dir, names[i]);
        (void)unlink(path);
    }
    /* Fails where a test left a part behind, and shows it. */
    assert(rmdir(node->dir) == 0);
    (void)unsetenv("FENGQIAO_DIR");
    (void)unsetenv("FENGQIAO_PIN_FILE");
}
