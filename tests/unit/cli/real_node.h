/*
 * real_node: the daemon itself as a child process of the test, on a folder under /tmp and
 * a port of the loopback, with keys and PINs that cost nothing (plain_keys). A program
 * that uses it begins its main with real_node_be_child.
 */
#ifndef FENGQIAO_TESTS_REAL_NODE_H
#define FENGQIAO_TESTS_REAL_NODE_H

#include <stdbool.h>
#include <sys/types.h>

#define REAL_NODE_PIN "246810"

struct real_node {
    char home[48]; /* holds the node's folder, its log and the PIN of its steward */
    char dir[64], pin[64], log[64];
    char address[64]; /* where it listens */
    pid_t child;
};

/* The node's own children are this program once more, and so is "fengqiaod" where PATH
 * leads to it: then it does not return. */
void real_node_be_child(int argc, char *argv[]);
/* Makes a site of that tier and name, whose steward is 陈某, and runs it. */
void real_node_start(struct real_node *node, const char *tier, const char *name);
/* Makes another machine of the site of host, which invited it by code, and runs it. */
void real_node_join(struct real_node *node, const struct real_node *host,
                    const char *name, const char *code);
/* As a service manager does: it must end with 0. What it has stays … */
void real_node_rest(struct real_node *node);
/* … and it runs again, at the same address. */
void real_node_wake(struct real_node *node);
/* It rests, and its folder goes. */
void real_node_stop(struct real_node *node);

#endif
