/*
 * page_scene: the steward of a village in front of the page of its node.
 */
#ifndef FENGQIAO_TESTS_PAGE_SCENE_H
#define FENGQIAO_TESTS_PAGE_SCENE_H

#include "tests/sim/browser.h"

#define PIN "246810"
#define NEW_CASE                                                                         \
    "title=界墙&category=邻里&narrative=墙越了界&party=张某&party-role=applicant"
#define PAGE_BYTES_MAX (60 * 1024)

struct page_scene {
    struct browser_door door;
    struct browser browser; /* signed in */
};

/* Of cmocka. */
int page_scene_set_up(void **state);
int page_scene_tear_down(void **state);

/* A new case by way of its form; its path. */
void page_scene_write_case(struct page_scene *scene, const char *fields,
                           char path[static 128]);

#endif
