#include "node/page/screen.h"

#include "node/page/area.h"

bool screen_path_fits(const char *pattern, struct bytes path, struct bytes stars[2])
{
    size_t at = 0, found = 0;
    for (; *pattern != '\0'; pattern++) {
        if (*pattern != '+') {
            if (at == path.len || path.data[at] != (uint8_t)*pattern)
                return false;
            at++;
            continue;
        }
        size_t begin = at;
        while (at < path.len && path.data[at] != '/')
            at++;
        if (at == begin || found == 2)
            return false;
        stars[found++] = bytes_of(path.data + begin, at - begin);
    }
    return at == path.len;
}

const struct screen *screen_at(size_t number)
{
    const struct area *area;
    for (size_t i = 0; (area = area_at(i)) != NULL; i++) {
        if (number < area->screens_len)
            return &area->screens[number];
        number -= area->screens_len;
    }
    return NULL;
}

const struct screen *screen_find(struct bytes path, struct bytes stars[2])
{
    const struct screen *screen;
    for (size_t i = 0; (screen = screen_at(i)) != NULL; i++)
        if (screen_path_fits(screen->path, path, stars))
            return screen;
    return NULL;
}
