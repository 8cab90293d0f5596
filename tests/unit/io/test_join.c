/* The mode join: what it says and with which code it leaves, whatever the network, the
 * other machine or this one refuses, and that then nothing is left of the node. What the
 * two machines say to each other is proven in sim.newcomer; here the other one is the
 * test's, and says bytes that mean nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "node/core/newcomer.h"
#include "node/io/join.h"
#include "node/io/node_key.h"
#include "node/io/seek.h"
#include "proto/pairing_link.h"
#include "proto/words.h"
#include "tests/support/fail_call.h"
#include "tests/support/plain_keys.h"
#include "tests/unit/io/modes_house.h"

#define WORD_OF_OURS "let me in"
#define WORD_OF_ITS "what is your name?"

struct newcomer {
    struct newcomer_site site;
};

static struct {
    int listener,
        line;         /* of the machine that invites; the line is -1 before it is taken */
    char at[32];      /* where it listens */
    int answers;      /* it gives so many, one to each word … */
    enum status ends; /* … and then this is how it ended */
    enum status opens; /* newcomer_open's */
    bool is_gone;      /* it ends the line instead of answering */
    bool talks_on;     /* it says more than anybody wants to hear, to the end */
    int turns;         /* of the last run */
    struct newcomer_site site;
    char address[SEEK_ADDRESS_SIZE]; /* as it was wished for */
    char code[WORDS_CODE_SIZE];
    enum status is_heard; /* seek_code's */
    /* Of the system: */
    bool is_connected_late, is_answer_late;
    int polls_interrupted;
    int connect_error; /* what became of a connection that was not made at once */
    bool is_unknown;   /* a host's name */
    int addresses;     /* of a host: the last of them is the machine's … */
    bool has_more;     /* … or another comes behind it */
    bool is_at_once;   /* a connection is, and leads nowhere */
} f;

/* ---- what is said ---- */

int __real_shutdown(int fd, int how);
ssize_t __real_send(int fd, const void *data, size_t len, int flags);

static void take_line(void)
{
    if (f.line < 0)
        f.line = accept(f.listener, NULL, NULL); /* none: it was never made */
}

static void other_says(const char *text)
{
    (void)__real_send(f.line, text, strlen(text), MSG_NOSIGNAL); /* or it is not heard */
}

enum status __wrap_newcomer_open(struct newcomer **newcomer,
                                 const struct core_config *config,
                                 const struct newcomer_wish *wish, struct err *err);
void __wrap_newcomer_close(struct newcomer *newcomer);
enum status __wrap_newcomer_take(struct newcomer *newcomer, struct bytes bytes,
                                 uint64_t wall, enum wall_quality quality,
                                 struct buf *out, struct err *err);
const struct newcomer_site *__wrap_newcomer_site(const struct newcomer *newcomer);
enum status __wrap_seek_code(const uint8_t psk[static 32],
                             char address[static SEEK_ADDRESS_SIZE], struct err *err);

enum status __wrap_newcomer_open(struct newcomer **newcomer,
                                 const struct core_config *config,
                                 const struct newcomer_wish *wish, struct err *err)
{
    *newcomer = NULL;
    assert_non_null(config->store);
    if (f.opens != STATUS_OK)
        return err_set(err, f.opens, "the core does not begin");
    *newcomer = calloc(1, sizeof(**newcomer));
    if (*newcomer == NULL)
        return STATUS_NO_MEMORY;
    (*newcomer)->site = f.site;
    (void)snprintf(f.address, sizeof(f.address), "%s", wish->address);
    f.turns = 0;
    return STATUS_OK;
}

void __wrap_newcomer_close(struct newcomer *newcomer)
{
    free(newcomer);
}

/* Acts for both: the newcomer wants a word to be sent, and what the other one answers is
 * there when it is waited for. */
enum status __wrap_newcomer_take(struct newcomer *newcomer, struct bytes bytes,
                                 uint64_t wall, enum wall_quality quality,
                                 struct buf *out, struct err *err)
{
    (void)newcomer;
    (void)wall;
    (void)quality;
    take_line();
    if (f.turns > 0)
        assert_memory_equal(bytes.data, WORD_OF_ITS, bytes.len);
    buf_add(out, WORD_OF_OURS, sizeof(WORD_OF_OURS) - 1);
    if (f.turns++ < f.answers) {
        if (f.is_gone)
            (void)__real_shutdown(f.line, SHUT_RDWR);
        else
            other_says(WORD_OF_ITS);
        return STATUS_MORE;
    }
    return f.ends == STATUS_OK ? STATUS_OK
                               : err_set(err, f.ends, "what it says does not hold");
}

const struct newcomer_site *__wrap_newcomer_site(const struct newcomer *newcomer)
{
    return &newcomer->site;
}

enum status __wrap_seek_code(const uint8_t psk[static 32],
                             char address[static SEEK_ADDRESS_SIZE], struct err *err)
{
    (void)psk;
    (void)snprintf(address, SEEK_ADDRESS_SIZE, "%s", f.at);
    return f.is_heard == STATUS_OK ? STATUS_OK
                                   : err_set(err, f.is_heard, "nobody was heard");
}

/* ---- what the system says ---- */

int __real_poll(struct pollfd *fds, nfds_t len, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t len, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t len, int timeout)
{
    if (f.polls_interrupted-- > 0)
        errno = EINTR;
    else if (f.line < 0 ? f.is_connected_late : f.is_answer_late)
        return 0;
    else if (!fail_call("poll"))
        return __real_poll(fds, len, timeout);
    return -1;
}

/* Whoever is left goes as well. */
int __wrap_shutdown(int fd, int how);
int __wrap_shutdown(int fd, int how)
{
    int rc = __real_shutdown(fd, how);
    take_line();
    for (int i = 0; f.talks_on && i < 1000; i++)
        other_says(WORD_OF_ITS);
    if (!f.talks_on)
        (void)__real_shutdown(f.line, SHUT_WR);
    return rc;
}

/* symbol: what the linker sees, which the size of a time may have given a number. */
#define STAND_IN_GETSOCKOPT(symbol)                                                      \
    int __real_##symbol(int fd, int level, int name, void *out, socklen_t *len);         \
    int __wrap_##symbol(int fd, int level, int name, void *out, socklen_t *len);         \
    int __wrap_##symbol(int fd, int level, int name, void *out, socklen_t *len)          \
    {                                                                                    \
        if (fail_call("getsockopt"))                                                     \
            return -1;                                                                   \
        int rc = __real_##symbol(fd, level, name, out, len);                             \
        if (f.connect_error != 0)                                                        \
            memcpy(out, &f.connect_error, sizeof(f.connect_error));                      \
        return rc;                                                                       \
    }
STAND_IN_GETSOCKOPT(getsockopt)
#if defined(__TIMESIZE) && __TIMESIZE == 32
STAND_IN_GETSOCKOPT(__getsockopt64)
#endif

int __real_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
                       struct addrinfo **list);
int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
                       struct addrinfo **list);
int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
                       struct addrinfo **list)
{
    if (f.is_unknown || fail_call("getaddrinfo"))
        return EAI_NONAME;
    int rc = __real_getaddrinfo(host, port, hints, list);
    if (rc == 0 && f.is_at_once) {
        (*list)->ai_socktype = SOCK_DGRAM;
        (*list)->ai_protocol = 0;
    }
    if (rc == 0 && f.has_more)
        (void)__real_getaddrinfo("127.0.0.1", "1", hints, &(*list)->ai_next);
    for (int i = 1; rc == 0 && i < f.addresses; i++) {
        struct addrinfo *last = *list;
        rc = __real_getaddrinfo("127.0.0.1", "1", hints, list); /* nobody is there */
        if (rc == 0) {
            freeaddrinfo((*list)->ai_next);
            (*list)->ai_next = last;
        }
    }
    return rc;
}

/* ---- the house ---- */

static void listen_here(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    f.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(f.listener >= 0);
    assert_int_equal(bind(f.listener, (const struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(f.listener, 8), 0);
    assert_int_equal(getsockname(f.listener, (struct sockaddr *)&at, &len), 0);
    (void)snprintf(f.at, sizeof(f.at), "127.0.0.1:%u", ntohs(at.sin_port));
    f.line = -1;
}

static void hang_up(void)
{
    do {
        if (f.line >= 0)
            (void)close(f.line);
        f.line = accept(f.listener, NULL, NULL); /* who was not let in */
    } while (f.line >= 0);
}

static int set_up(void **state)
{
    static const uint8_t random[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    memset(&f, 0, sizeof(f));
    f.answers = 2;
    f.addresses = 1;
    words_code(f.code, random);
    f.site = (struct newcomer_site){.name = "枫源村", .words = "bamo ceti"};
    listen_here();
    return open_house(state);
}

static int tear_down(void **state)
{
    (void)close(f.listener);
    plain_keys_lack_memory(false);
    return close_house(state);
}

static struct daemon_args join_args(void)
{
    return (struct daemon_args){
        .mode = MODE_JOIN, .dir = house.dir, .name = "山上", .at = f.at, .code = f.code};
}

/* Its exit code. */
static int join_once(const struct daemon_args *args)
{
    int rc = run(join_main, args);
    hang_up();
    return rc;
}

static void expect_refused(const struct daemon_args *args, int code, const char *text)
{
    assert_int_equal(join_once(args), code);
    expect_said(text);
    assert_string_equal(house.out, "");
    expect_no_node();
}

/* ---- joining ---- */

static void a_machine_joins_and_tells_the_two_words(void **state)
{
    char path[80];
    struct stat found;
    (void)state;
    struct daemon_args args = join_args();
    assert_int_equal(join_once(&args), EX_OK);
    expect_told("site      fqs1");
    expect_told("name      枫源村\nwords     bamo ceti\n");
    expect_told("then revoke this machine there");
    expect_told("run it with: fengqiaod run --dir /tmp/");
    assert_null(strstr(house.out, "waits to be let in"));
    assert_string_equal(f.address, f.at);
    (void)snprintf(path, sizeof(path), "%s/" NODE_KEY_NAME, house.dir);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0600);
    remove_node();

    f.site.lacks = 1;
    assert_int_equal(join_once(&args), EX_OK);
    expect_told("1 more steward of the site approves it there");
    remove_node();
    f.site.lacks = 2;
    assert_int_equal(join_once(&args), EX_OK);
    expect_told("2 more stewards of the site approve it there");
    remove_node();
    args.is_json = true;
    (void)snprintf(f.site.name, sizeof(f.site.name), "\"枫\\\x1b\"");
    assert_int_equal(join_once(&args), EX_OK);
    expect_told(
        "\",\"name\":\"\\\"枫\\\\\\u001b\\\"\",\"words\":\"bamo ceti\",\"lacks\":2}\n");
}

static void a_code_that_is_none_is_said_before_anything_is_made(void **state)
{
    char link[PAIRING_LINK_SIZE], five[WORDS_CODE_SIZE];
    (void)state;
    memcpy(five, f.code, sizeof(five));
    *strrchr(five, ' ') = '\0';
    struct daemon_args args = join_args();
    args.code = five;
    expect_refused(&args, EX_USAGE, "a code has six words");
    args.code = "qqqq";
    expect_refused(&args, EX_USAGE, "word 1 of the code is misspelt");
    assert_true(pairing_link_write(link, PAIRING_LINK_SITE, bytes_str(f.code), NULL));
    args.code = link;
    expect_refused(&args, EX_USAGE,
                   "that link does not invite another machine of a site");
    assert_true(pairing_link_write(link, PAIRING_LINK_MACHINE, bytes_str(five), f.at));
    expect_refused(&args, EX_USAGE, "a code has six words");
    assert_true(mkdir(house.dir, 0700) == 0);
    args.code = five;
    assert_int_equal(join_once(&args), EX_USAGE);
    assert_int_equal(rmdir(house.dir), 0);
}

static void a_link_may_say_where_the_other_machine_is(void **state)
{
    char link[PAIRING_LINK_SIZE];
    (void)state;
    struct daemon_args args = join_args();
    assert_true(pairing_link_write(link, PAIRING_LINK_MACHINE, bytes_str(f.code), f.at));
    args.code = link;
    args.at = NULL;
    assert_int_equal(join_once(&args), EX_OK);
    assert_string_equal(f.address, f.at);
    remove_node();
    /* Who says it knows better. */
    assert_true(
        pairing_link_write(link, PAIRING_LINK_MACHINE, bytes_str(f.code), "127.0.0.1:1"));
    args.at = f.at;
    assert_int_equal(join_once(&args), EX_OK);
    assert_string_equal(f.address, f.at);
}

static void where_nobody_says_it_the_machine_is_sought(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    args.at = NULL;
    assert_int_equal(join_once(&args), EX_OK);
    expect_said("seeking who made that code");
    assert_string_equal(f.address, f.at);
    remove_node();
    f.is_heard = STATUS_UNREACHABLE;
    expect_refused(&args, EX_UNAVAILABLE, "nobody was heard");
}

static void a_folder_that_holds_something_is_left_alone(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    args.dir = house.home;
    assert_int_equal(join_once(&args), EX_CANTCREAT);
    expect_said("not an empty directory");
    assert_int_equal(access(house.pin, F_OK), 0);
}

/* ---- the network ---- */

static void where_nobody_answers_it_is_said(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    args.at = "127.0.0.1:1";
    expect_refused(&args, EX_UNAVAILABLE,
                   "nobody answers at 127.0.0.1:1; does the other node run");
    args.at = "no address";
    expect_refused(&args, EX_USAGE, "--at is HOST:PORT");
    args.at = "somebody.example:7447";
    f.is_unknown = true;
    expect_refused(&args, EX_UNAVAILABLE, "nobody answers at somebody.example:7447");
}

static void every_address_of_a_host_is_tried(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    f.addresses = 3;
    f.has_more = true;
    assert_int_equal(join_once(&args), EX_OK);
    remove_node();
    f.addresses = 1;
    f.has_more = false;
    f.is_at_once = f.is_connected_late = true;
    expect_refused(&args, EX_NOPERM, "the other machine ended it");
}

static void refuse(const char *call, uint64_t at, int error)
{
    house.refuses = call;
    house.refuse_at = at;
    house.refuse_error = error;
}

/* A connection that is not made at once is waited for, and then asked about. */
static void a_connection_that_takes_its_time_is_waited_for(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    refuse("connect", 0, EINPROGRESS); /* it is not under way, and nothing can be said */
    f.is_connected_late = true;
    expect_refused(&args, EX_UNAVAILABLE, "nobody answers at");
    f.is_connected_late = false;
    f.connect_error = EHOSTUNREACH;
    expect_refused(&args, EX_UNAVAILABLE, "nobody answers at");
    f.connect_error = 0;
    assert_int_equal(join_once(&args), EX_NOPERM);
    expect_no_node();
}

static void what_is_interrupted_is_done_again(void **state)
{
    static const struct {
        const char *call;
        int error;
    } rows[] = {
        {"send", EINTR},
        {"send", EAGAIN},
        {"recv", EINTR},
        {"recv", EAGAIN},
    };
    (void)state;
    struct daemon_args args = join_args();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        refuse(rows[i].call, 1, rows[i].error);
        assert_int_equal(join_once(&args), EX_OK);
        assert_string_equal(house.refused, rows[i].call);
        remove_node();
    }
    /* So is the waiting. */
    refuse("recv", 0, EAGAIN);
    f.polls_interrupted = 2;
    assert_int_equal(join_once(&args), EX_OK);
}

static void who_falls_silent_is_not_waited_for_for_ever(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    f.is_answer_late = true;
    refuse("recv", 0, EAGAIN);
    expect_refused(&args, EX_NOPERM, "the other machine ended it");
    refuse("send", 0, EAGAIN);
    expect_refused(&args, EX_NOPERM, "the other machine ended it");
}

static void who_ends_the_line_has_refused(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    f.is_gone = true;
    expect_refused(&args, EX_NOPERM, "the code is wrong, used, older than 10 minutes");
}

static void what_does_not_hold_is_refused(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    f.ends = STATUS_UNVERIFIED;
    expect_refused(&args, EX_DATAERR, "what it says does not hold");
    f.ends = STATUS_OK;
    f.opens = STATUS_INVALID;
    expect_refused(&args, EX_USAGE, "the core does not begin");
}

/* It is founded by then, and the other one has nothing to do about it. */
static void a_last_word_that_is_not_heard_is_no_failure(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    refuse("send", (uint64_t)f.answers, EPIPE);
    assert_int_equal(join_once(&args), EX_OK);
    expect_said("did not hear that it was done; it goes on all the same");
    expect_told("words     bamo ceti\n");
}

static void who_talks_on_is_left(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    f.talks_on = true;
    assert_int_equal(join_once(&args), EX_OK);
}

/* ---- this machine ---- */

/* Who does not see them does not know whether somebody stands in between. */
static void C1_a_node_whose_words_nobody_saw_is_not_made(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    house.is_full = true;
    assert_int_equal(join_once(&args), EX_IOERR);
    expect_said("the two words could not be shown");
    expect_no_node();
    house.is_full = false;
}

static void look_at_join(int rc)
{
    hang_up();
    if (rc == EX_OK) {
        expect_told("words     bamo ceti\n");
        remove_node();
        return;
    }
    expect_said("error ");
    assert_string_equal(house.out, "");
    /* Where it could not even be removed, that is said as well. */
    if (strstr(house.err, "could not be removed") != NULL)
        remove_node();
    expect_no_node();
}

static void D2_a_join_that_is_refused_anywhere_leaves_nothing(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    args.at = NULL;
    refuse_each(join_main, &args, EIO, look_at_join);
}

static void without_memory_a_join_leaves_nothing(void **state)
{
    (void)state;
    struct daemon_args args = join_args();
    plain_keys_lack_memory(true);
    expect_refused(&args, EX_OSERR, "the code needs 64 MiB");
    plain_keys_lack_memory(false);
    args.at = NULL;
    forget_each(join_main, &args, look_at_join);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_machine_joins_and_tells_the_two_words),
        A_TEST(a_code_that_is_none_is_said_before_anything_is_made),
        A_TEST(a_link_may_say_where_the_other_machine_is),
        A_TEST(where_nobody_says_it_the_machine_is_sought),
        A_TEST(a_folder_that_holds_something_is_left_alone),
        A_TEST(where_nobody_answers_it_is_said),
        A_TEST(every_address_of_a_host_is_tried),
        A_TEST(a_connection_that_takes_its_time_is_waited_for),
        A_TEST(what_is_interrupted_is_done_again),
        A_TEST(who_falls_silent_is_not_waited_for_for_ever),
        A_TEST(who_ends_the_line_has_refused),
        A_TEST(what_does_not_hold_is_refused),
        A_TEST(a_last_word_that_is_not_heard_is_no_failure),
        A_TEST(who_talks_on_is_left),
        A_TEST(C1_a_node_whose_words_nobody_saw_is_not_made),
        A_TEST(D2_a_join_that_is_refused_anywhere_leaves_nothing),
        A_TEST(without_memory_a_join_leaves_nothing),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
