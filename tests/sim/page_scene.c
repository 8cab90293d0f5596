#include "tests/sim/page_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int page_scene_set_up(void **state)
{
    struct page_scene *scene = calloc(1, sizeof(*scene));
    void *county;
    if (scene == NULL || sim_county_set_up_in_memory(&county) != 0)
        return -1;
    browser_door_open(&scene->door, county, ((struct sim_county *)county)->fengyuan);
    browser_open(&scene->browser, &scene->door);
    browser_sign_in(&scene->browser, "");
    *state = scene;
    return 0;
}

int page_scene_tear_down(void **state)
{
    struct page_scene *scene = *state;
    void *county = scene->door.f;
    browser_close(&scene->browser);
    browser_door_close(&scene->door);
    free(scene);
    return sim_county_tear_down_in_memory(&county);
}

void page_scene_write_case(struct page_scene *scene, const char *fields,
                           char path[static 128])
{
    char all[512], once[128];
    assert_int_equal(browser_get(&scene->browser, "/cases/new"), 200);
    browser_value(&scene->browser, "once", once);
    assert_int_equal(strlen(once), 32);
    (void)snprintf(all, sizeof(all), "once=%s&pin=" PIN "&%s", once, fields);
    assert_int_equal(browser_post(&scene->browser, "/cases/new", all), 303);
    size_t len = strcspn(scene->browser.location, "?");
    assert_true(len < 128);
    memcpy(path, scene->browser.location, len);
    path[len] = '\0';
}
