/*
 * party: the parties of a new case, each an alias and a role.
 */
#ifndef FENGQIAO_CLI_PARTY_H
#define FENGQIAO_CLI_PARTY_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/request.h"

#define PARTIES_MAX 16

/* Borrows its texts. A zeroed struct is an empty list. */
struct party_list {
    uint32_t len;
    struct {
        struct bytes alias, role;
    } parties[PARTIES_MAX];
};

/* "张某:applicant"; the colon may be a full-width one. False: no alias, no role, or too
 * many. */
bool party_add(struct party_list *list, const char *text);
/* Of a minor's case: "child", "parent-2"; a role stands for its alias. */
bool party_add_role(struct party_list *list, const char *text);
bool party_add_parts(struct party_list *list, struct bytes alias, struct bytes role);
/* Adds the argument "parties", where there are any. */
void party_request(const struct party_list *list, struct request *request);

#endif
