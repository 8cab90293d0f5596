#include "node/page/area.h"

static const struct area *const areas[] = {
    &area_case,  &area_record, &area_ahead, &area_courier, &area_house,
#ifdef FENGQIAO_STYLE_PAGE
    &area_style,
#endif
};

#define AREAS_LEN (sizeof(areas) / sizeof(areas[0]))

const struct area *area_at(size_t number)
{
    return number < AREAS_LEN ? areas[number] : NULL;
}
