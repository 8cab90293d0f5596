#include "tests/unit/io/answering.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/pack.h"

static struct {
    pid_t child;
    struct sockaddr_un at;
} node;

/* All of it: who closes with something unread takes the answer back. */
static void hear_request(int line)
{
    uint8_t room[4096];
    size_t got = 0, len = 4;
    while (got < len) {
        ssize_t more = recv(line, room + got, len - got, 0);
        if (more <= 0)
            return;
        got += (size_t)more;
        if (got == 4)
            len = 4 + ((size_t)room[2] << 8 | room[3]);
        assert(len <= sizeof(room));
    }
}

_Noreturn static void answer(int listener, struct bytes frame)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* not beyond the test */
    for (;;) {
        int line = accept(listener, NULL, NULL);
        hear_request(line);
        (void)send(line, frame.data, frame.len, MSG_NOSIGNAL); /* or nobody waits */
        (void)close(line);
    }
}

void answering_begin(const char *dir, struct bytes frame)
{
    node.at = (struct sockaddr_un){.sun_family = AF_UNIX};
    (void)snprintf(node.at.sun_path, sizeof(node.at.sun_path), "%s/control.sock", dir);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(listener >= 0);
    int rc = bind(listener, (const struct sockaddr *)&node.at, sizeof(node.at));
    assert(rc == 0);
    rc = listen(listener, 8);
    assert(rc == 0);
    node.child = fork();
    assert(node.child >= 0);
    if (node.child == 0)
        answer(listener, frame);
    (void)close(listener);
}

void answering_with(const char *dir, const char *word, struct bytes result)
{
    struct buf answer = {0}, frame = {0};
    pack_array(&answer, 3);
    pack_uint(&answer, 1);
    pack_str(&answer, word);
    buf_add(&answer, result.data, result.len);
    buf_add_u32(&frame, (uint32_t)answer.len);
    buf_append(&frame, &answer);
    answering_begin(dir, buf_bytes(&frame));
    buf_deinit(&answer);
    buf_deinit(&frame);
}

void answering_end(void)
{
    (void)kill(node.child, SIGKILL);
    (void)waitpid(node.child, NULL, 0);
    (void)unlink(node.at.sun_path);
}
