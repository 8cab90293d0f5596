#include "tests/sim/sim_auditing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "node/cases/view.h"

void sim_fail_audit(struct sim_county *f, const struct sim_fault *fault)
{
    struct buf out = {0};
    struct bytes number = {0};
    char text[32], hex[2 * ID_SIZE + 1], gone[2 * ID_SIZE + 1];
    struct id record = sim_escalate(f, f->xikou, "水沟");
    struct id recalled = sim_escalate(f, f->xikou, "旧沟");
    hex_encode(hex, record.bytes, ID_SIZE);
    hex_encode(gone, recalled.bytes, ID_SIZE);
    SIM_SAY(f, f->xikou, &out, "case.new", "category", "邻里", "title", "界石",
            "narrative", "争执");
    assert_true(view_map_text(buf_bytes(&out), "number", &number));
    (void)snprintf(text, sizeof(text), "%.*s", (int)number.len,
                   (const char *)number.data);
    SIM_SAY(f, f->xikou, NULL, "case.task", "case", text, "due", "2020-01-01", "owner",
            "李调解", "text", "量沟");
    SIM_SAY(f, f->xikou, NULL, "escalation.recall", "escalation", gone, "reason", "撤回");
    world_run(f->world, UINT64_C(25) * 3600 * 1000);
    const struct sim_request requests[] = {
        {VILLAGE, "audit", {NULL}, 0},
        {VILLAGE, "audit", {"after", "seal 0"}, 0},
        {VILLAGE, "audit", {"after", "due 0"}, 0},
        {VILLAGE, "audit.sample", {"cases", "!", "draw_seed", "s", "n", "#3"}, 0},
        {VILLAGE, "audit.explain", {"escalation", hex}, 0},
        {TOWNSHIP, "audit.sample", {"draw_seed", "s", "n", "#3", "site", "溪口村"}, 0},
        {TOWNSHIP, "audit.explain", {"escalation", gone}, 0},
    };
    sim_fail_each_request(f, fault, requests, sizeof(requests) / sizeof(requests[0]));
    buf_deinit(&out);
}
