#include "tests/unit/cli/against.h"

#include "tests/unit/cli/tape.h"

struct run_cli run_against(fake_node_answer *answer, const char *const arguments[])
{
    struct fake_node node;
    struct tape tape;
    fake_node_start(&node, answer);
    struct run_cli run = tape_record(&tape, arguments, "");
    tape_expect_harmless(&tape);
    tape_expect_all_or_failure(&tape);
    fake_node_stop(&node);
    tape_deinit(&tape);
    return run;
}
