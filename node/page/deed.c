#include "node/page/deed.h"

#include "node/page/area.h"

const struct deed *deed_at(size_t number)
{
    const struct area *area;
    for (size_t i = 0; (area = area_at(i)) != NULL; i++) {
        if (number < area->deeds_len)
            return &area->deeds[number];
        number -= area->deeds_len;
    }
    return NULL;
}

const struct deed *deed_find(struct bytes path, struct bytes stars[2])
{
    const struct deed *deed;
    for (size_t i = 0; (deed = deed_at(i)) != NULL; i++)
        if (screen_path_fits(deed->path, path, stars))
            return deed;
    return NULL;
}
