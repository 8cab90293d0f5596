#include "rig.h"

#include <malloc.h>

#include "crypto/key.h"
#include "node/core/job.h"
#include "node/core/session.h"
#include "rig_story.h"

#define CLIENT 7
#define HEAP_MAX (24u << 20)
#define UNIT_HEAD 5

static struct rig rig;
static struct rng_keyed *dice;
static size_t heap_before;

/* --- the transaction that is never committed --- */

enum status __wrap_store_begin(struct store *store);
enum status __wrap_store_commit(struct store *store);
void __wrap_store_roll_back(struct store *store);
enum status __real_store_begin(struct store *store);
enum status __real_store_commit(struct store *store);
void __real_store_roll_back(struct store *store);

enum status __wrap_store_begin(struct store *store)
{
    return store == rig.store ? STATUS_OK : __real_store_begin(store);
}

enum status __wrap_store_commit(struct store *store)
{
    return store == rig.store ? STATUS_OK : __real_store_commit(store);
}

void __wrap_store_roll_back(struct store *store)
{
    /* No disk fails here, so a turn that is rolled back was stopped by what a peer or a
     * client said. */
    HOLDS(store != rig.store);
    __real_store_roll_back(store);
}

enum status __wrap_patrol_settle(struct core *core);

/* It looks in a transaction that it rolls back, and there is only the one around all. */
enum status __wrap_patrol_settle(struct core *core)
{
    return STATUS_OK;
}

/* --- from one input to the next --- */

size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

size_t rig_heap(void)
{
    if (__sanitizer_get_current_allocated_bytes != NULL)
        return __sanitizer_get_current_allocated_bytes();
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

struct rig *rig_get(void)
{
    if (rig.store == NULL) {
        rig_story(&rig);
        enum status status = __real_store_begin(rig.store);
        HOLDS(status == STATUS_OK);
    }
    return &rig;
}

static void open_core(struct rig *self)
{
    struct err err = {0};
    enum status status = core_open(&self->core, &self->config, &err);
    HOLDS(status == STATUS_OK);
    rig_event(self, (struct event){.type = EVENT_CLIENT_OPENED, .client = CLIENT});
}

static void forget(struct rig *self)
{
    for (uint32_t i = 0; i < self->jobs_len; i++)
        job_free(self->jobs[i]);
    self->jobs_len = 0;
    for (int i = 0; i < RIG_CONNS; i++) {
        buf_deinit(&self->conns[i].units);
        self->conns[i] = (struct rig_conn){0};
    }
    self->dialed = 0;
}

void rig_reset(struct rig *self, const struct rig_ears *ears)
{
    dice = rng_keyed_new(7, 7);
    HOLDS(dice != NULL);
    self->config.rng = rng_keyed_rng(dice);
    self->config.listens = true;
    self->now_ms = 1000;
    self->next_accept = 2;
    self->wall = 1790000000;
    self->replies = 0;
    self->ears = (struct rig_ears){0};
    heap_before = SIZE_MAX; /* opening is not the peer's doing */
    memset(self->is_told, 0, sizeof(self->is_told));
    open_core(self);
    rig_request(self, buf_bytes(rig_unlock_request()));
    while (self->jobs_len > 0)
        rig_run_job(self, 0);
    HOLDS(self->replies == 1);
    self->replies = 0;
    self->ears = *ears;
    heap_before = rig_heap();
}

void rig_finish(struct rig *self)
{
    core_close(self->core);
    self->core = NULL;
    forget(self);
    rng_keyed_free(dice);
    dice = NULL;
    __real_store_roll_back(self->store);
    enum status status = __real_store_begin(self->store);
    HOLDS(status == STATUS_OK);
}

void rig_restart(struct rig *self)
{
    core_close(self->core);
    for (int i = 0; i < RIG_CONNS; i++)
        if (self->conns[i].number != 0 && self->ears.closed != NULL)
            self->ears.closed(self->ears.context, &self->conns[i]);
    forget(self);
    open_core(self);
}

/* --- what it sends --- */

/* With RIG_TRACE in the environment: what the node does, line by line. */
static void show(const char *what, struct bytes text)
{
    static int is_wanted = -1;
    if (is_wanted < 0)
        is_wanted = getenv("RIG_TRACE") != NULL;
    if (is_wanted)
        (void)fprintf(stderr, "%s %.*s\n", what, (int)text.len, (const char *)text.data);
}

static void look_for_secrets(const struct rig *self, unsigned reader, struct bytes text)
{
    size_t len;
    const struct rig_secret *secrets = rig_secrets(&len);
    for (size_t i = 0; i < len; i++)
        if ((secrets[i].keep_from & reader) && !self->is_told[i])
            HOLDS(memmem(text.data, text.len, secrets[i].bytes.data,
                         secrets[i].bytes.len) == NULL);
}

static struct rig_conn *find_conn(struct rig *self, uint64_t number)
{
    for (int i = 0; i < RIG_CONNS; i++)
        if (self->conns[i].number == number && number != 0)
            return &self->conns[i];
    return NULL;
}

static uint32_t unit_len(const struct buf *units)
{
    const uint8_t *at = units->data + 1;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void take_sent(struct rig *self, struct rig_conn *conn, struct bytes bytes)
{
    buf_add(&conn->units, bytes.data, bytes.len);
    look_for_secrets(self, conn->reader, buf_bytes(&conn->units));
    while (conn->units.len >= UNIT_HEAD) {
        uint32_t len = unit_len(&conn->units);
        HOLDS(len <= MESSAGE_SIZE_MAX);
        if (conn->units.len - UNIT_HEAD < len)
            break;
        uint8_t type = conn->units.data[0];
        HOLDS(type == 'H' || type == 'M' || type == 'F');
        if (type == 'M')
            show("says", bytes_of(conn->units.data + UNIT_HEAD, len < 12 ? len : 12));
        if (type == 'M' && self->ears.message != NULL)
            self->ears.message(self->ears.context, conn,
                               bytes_of(conn->units.data + UNIT_HEAD, len));
        buf_drop(&conn->units, UNIT_HEAD + len);
    }
}

/* --- turns --- */

static bool perform(struct rig *self, struct action *action, uint64_t *closed)
{
    struct rig_conn *conn = find_conn(self, action->conn);
    switch (action->type) {
    case ACTION_DIAL:
        self->dialed = action->conn;
        break;
    case ACTION_SEND:
        /* What goes to a connection that broke off goes nowhere. */
        if (conn != NULL && conn->is_open)
            take_sent(self, conn, buf_bytes(&action->bytes));
        break;
    case ACTION_CLOSE:
        *closed = action->conn;
        break;
    case ACTION_REPLY:
        show("replies", buf_bytes(&action->bytes));
        self->replies++;
        HOLDS(pack_check(buf_bytes(&action->bytes), NULL) == STATUS_OK);
        if (self->ears.reply != NULL)
            self->ears.reply(self->ears.context, buf_bytes(&action->bytes));
        break;
    case ACTION_JOB:
        HOLDS(self->jobs_len < sizeof(self->jobs) / sizeof(self->jobs[0]));
        self->jobs[self->jobs_len++] = action->job;
        action->job = NULL;
        break;
    case ACTION_BEACON:
        HOLDS(!"nobody asked for beacons");
        break;
    case ACTION_BACKUP:
        HOLDS(!"nobody asked for backups");
        break;
    case ACTION_KEYS: /* the store has them */
        break;
    case ACTION_TRACE:
        show("log", bytes_str(action->text));
        look_for_secrets(self, ~0u, bytes_str(action->text));
        break;
    case ACTION_STOP:
        HOLDS(!"the node stopped");
    }
    action_deinit(action);
    return *closed != 0;
}

void rig_check_memory(void)
{
    size_t now = rig_heap();
    HOLDS(now < heap_before || now - heap_before < HEAP_MAX);
}

static void turn(struct rig *self, const struct event *event)
{
    uint64_t closed[64];
    uint32_t closed_len = 0;
    struct action action;
    enum status status = core_begin(self->core);
    HOLDS(status == STATUS_OK);
    core_step(self->core, event);
    status = core_commit(self->core);
    HOLDS(status == STATUS_OK);
    while (core_next_action(self->core, &action)) {
        uint64_t number = 0;
        if (perform(self, &action, &number) && closed_len < 64)
            closed[closed_len++] = number;
    }
    for (uint32_t i = 0; i < closed_len; i++) {
        struct rig_conn *conn = find_conn(self, closed[i]);
        if (conn != NULL)
            rig_cut(self, conn);
        else
            rig_event(self, (struct event){.type = EVENT_CONN_CLOSED, .conn = closed[i]});
    }
}

void rig_event(struct rig *self, struct event event)
{
    event.now_ms = self->now_ms;
    event.wall = self->wall;
    event.quality = WALL_NTP;
    turn(self, &event);
}

struct rig_conn *rig_connect(struct rig *self, unsigned reader, bool by_node)
{
    if (by_node && self->dialed == 0)
        return NULL;
    for (int i = 0; i < RIG_CONNS; i++) {
        struct rig_conn *conn = &self->conns[i];
        if (conn->number != 0)
            continue;
        conn->number = by_node ? self->dialed : self->next_accept;
        conn->reader = reader;
        conn->by_node = by_node;
        conn->is_open = true;
        enum event_type type = by_node ? EVENT_CONN_CONNECTED : EVENT_CONN_ACCEPTED;
        if (by_node)
            self->dialed = 0;
        else
            self->next_accept += 2;
        rig_event(self, (struct event){.type = type, .conn = conn->number});
        return conn->number != 0 ? conn : NULL;
    }
    return NULL;
}

/* Whoever asks for an id may hear it again: as a want, the answer to an unknown one. */
static void note_told(struct rig *self, struct bytes text)
{
    size_t len;
    const struct rig_secret *secrets = rig_secrets(&len);
    for (size_t i = 0; i < len; i++)
        if (!self->is_told[i] && memmem(text.data, text.len, secrets[i].bytes.data,
                                        secrets[i].bytes.len) != NULL)
            self->is_told[i] = true;
}

void rig_bytes(struct rig *self, struct rig_conn *conn, struct bytes bytes)
{
    note_told(self, bytes);
    rig_event(self, (struct event){
                        .type = EVENT_CONN_BYTES, .conn = conn->number, .bytes = bytes});
}

void rig_unit(struct rig *self, struct rig_conn *conn, uint8_t type, struct bytes payload)
{
    struct buf unit = {0};
    buf_add_u8(&unit, type);
    buf_add_u32(&unit, (uint32_t)payload.len);
    buf_add(&unit, payload.data, payload.len);
    rig_bytes(self, conn, buf_bytes(&unit));
    buf_deinit(&unit);
}

void rig_cut(struct rig *self, struct rig_conn *conn)
{
    uint64_t number = conn->number;
    if (self->ears.closed != NULL)
        self->ears.closed(self->ears.context, conn);
    buf_deinit(&conn->units);
    *conn = (struct rig_conn){0};
    rig_event(self, (struct event){.type = EVENT_CONN_CLOSED, .conn = number});
}

static struct job *take_job(struct rig *self, uint32_t at)
{
    struct job *job = self->jobs[at];
    self->jobs_len--;
    memmove(&self->jobs[at], &self->jobs[at + 1],
            (self->jobs_len - at) * sizeof(self->jobs[0]));
    return job;
}

void rig_run_job(struct rig *self, uint32_t at)
{
    if (at >= self->jobs_len)
        return;
    struct job *job = take_job(self, at);
    job_run(job);
    rig_event(self, (struct event){.type = EVENT_JOB_DONE, .job = job});
}

void rig_open_job(struct rig *self, struct buf *payload, enum age_verdict seal)
{
    HOLDS(self->jobs_len > 0);
    struct job *job = take_job(self, 0);
    HOLDS(job->type == JOB_OPEN);
    job->opened = seal;
    if (seal == AGE_WHOLE) {
        note_told(self, buf_bytes(payload));
        job->bytes = *payload;
        *payload = (struct buf){0};
    }
    rig_event(self, (struct event){.type = EVENT_JOB_DONE, .job = job});
}

void rig_request(struct rig *self, struct bytes request)
{
    rig_event(
        self,
        (struct event){.type = EVENT_CLIENT_REQUEST, .client = CLIENT, .bytes = request});
}
