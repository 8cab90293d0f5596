#include "cli/shortage.h"

static bool was_noted;

void shortage_note(void)
{
    was_noted = true;
}

bool shortage_was(void)
{
    bool was = was_noted;
    was_noted = false;
    return was;
}
