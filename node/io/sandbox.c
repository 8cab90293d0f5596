/*
 * Happy path: limits, no new rights, a filter of calls. Failure modes: a limit that may
 * not be set, a kernel without the filter.
 */
#include "node/io/sandbox.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

/* Programs and libraries that are mapped, and stacks; what matters is the data. */
#define ADDRESSES_BESIDE ((size_t)512 << 20)

/* Its mmap passes its arguments in memory, where no filter sees them. No file is open
 * that could be mapped. */
#ifdef __s390x__
#define MAPPINGS_ARE_SEEN false
#else
#define MAPPINGS_ARE_SEEN true
#endif

static bool limit(int resource, rlim_t most)
{
    const struct rlimit limits = {most, most};
    return setrlimit(resource, &limits) == 0;
}

static bool set_limits(size_t memory_max, unsigned seconds_max)
{
    return limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_NPROC, 0) && limit(RLIMIT_CPU, seconds_max) &&
           limit(RLIMIT_DATA, memory_max) &&
           limit(RLIMIT_AS, (rlim_t)memory_max + ADDRESSES_BESIDE);
}

static bool allow(scmp_filter_ctx filter, int call)
{
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, NULL) == 0;
}

static bool allow_where(scmp_filter_ctx filter, int call, struct scmp_arg_cmp a,
                        struct scmp_arg_cmp b)
{
    const struct scmp_arg_cmp both[] = {a, b};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 2, both) == 0;
}

/* Memory of its own, nothing of which can be run. */
static bool allow_mapping(scmp_filter_ctx filter, int call)
{
    if (!MAPPINGS_ARE_SEEN)
        return allow(filter, call);
    return allow_where(filter, call, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                       SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
}

static bool allow_what_it_needs(scmp_filter_ctx filter)
{
    static const int calls[] = {
        SCMP_SYS(exit),          SCMP_SYS(exit_group),      SCMP_SYS(rt_sigreturn),
        SCMP_SYS(brk),           SCMP_SYS(munmap),          SCMP_SYS(mremap),
        SCMP_SYS(madvise),       SCMP_SYS(futex),           SCMP_SYS(futex_time64),
        SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
    };
    const struct scmp_arg_cmp in = SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO),
                              out = SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO),
                              no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        if (!allow(filter, calls[i]))
            return false;
    return allow_mapping(filter, SCMP_SYS(mmap)) &&
           allow_mapping(filter, SCMP_SYS(mmap2)) &&
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                  &no_code) == 0 &&
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, &in) == 0 &&
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, &out) == 0;
}

static bool filter_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL)
        return false;
    bool is_set =
        seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
        allow_what_it_needs(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_set;
}

bool sandbox_enter(size_t memory_max, unsigned seconds_max)
{
    return set_limits(memory_max, seconds_max) &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && filter_calls();
}

void sandbox_end(int exit_code)
{
    _exit(exit_code);
}
