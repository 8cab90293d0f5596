#include "node/core/action.h"

#include "node/core/job.h"

void action_deinit(struct action *action)
{
    buf_deinit(&action->bytes);
    job_free(action->job);
    action->job = NULL;
}
