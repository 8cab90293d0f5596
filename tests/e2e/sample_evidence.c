/* sample_evidence: writes an evidence file about a village, with two escalations, a case
 * and withheld fields, for whoever reads such files; prints the site that it trusts. With
 * "odd" some of it was signed by people who do not keep to the rules of order, time and
 * scope.
 * usage: sample_evidence FILE [odd] */
#include <stdio.h>
#include <string.h>

#include "crypto/key.h"
#include "tests/unit/cli/evidence_maker.h"

static uint32_t mask_without(const struct op *op, const char *name)
{
    uint32_t mask = ~0u;
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, name))
            mask &= ~(1u << i);
    return mask;
}

/* A parent in another scope, and an authority that is no charter. */
static void add_odd(struct maker *maker)
{
    struct maker_say say = {.kind = "confirm",
                            .signer = VILLAGE_STEWARD,
                            .parent = MAKER_LINK_VILLAGE,
                            .beside = MAKER_NONE,
                            .authority = MAKER_LINK_VILLAGE,
                            .scope = MAKER_ESCALATE};
    (void)maker_add(maker, &say);
    say.parent = MAKER_OPENED;
    say.authority = MAKER_OPENED;
    (void)maker_add(maker, &say);
}

int main(int argc, char **argv)
{
    bool is_odd = argc == 3 && strcmp(argv[2], "odd") == 0;
    const struct maker_wish wish = {.advices = 3,
                                    .has_case = true,
                                    .is_in_danger = true,
                                    .is_recalled = !is_odd,
                                    .has_wrong_time = is_odd};
    const struct maker_wish other = {.number = 7};
    struct maker *maker = maker_new(&wish);
    struct maker_file_wish file_wish = MAKER_WHOLE;
    char trust[KEY_TEXT_SIZE];
    struct buf file = {0};
    FILE *out = argc == 2 || is_odd ? fopen(argv[1], "wb") : NULL;
    (void)maker_add_escalation(maker, &other, MAKER_LINK_VILLAGE, VILLAGE_STEWARD);
    if (is_odd)
        add_odd(maker);
    file_wish.about = "site";
    file_wish.head = MAKER_FOUND_VILLAGE;
    file_wish.withheld = MAKER_ESCALATE;
    file_wish.mask = mask_without(maker_op(maker, MAKER_ESCALATE), "case.context");
    maker_file(maker, &file_wish, &file, NULL);
    key_to_text(trust, "fqs1", maker_op(maker, MAKER_FOUND_TOWNSHIP)->id.bytes);
    bool is_written = out && fwrite(file.data, 1, file.len, out) == file.len;
    if (out && fclose(out) != 0)
        is_written = false;
    if (is_written)
        printf("%s\n", trust);
    else
        fprintf(stderr, "usage: sample_evidence FILE [odd]\n");
    buf_deinit(&file);
    maker_free(maker);
    return is_written ? 0 : 1;
}
