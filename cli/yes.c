#include "cli/yes.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"

bool yes_is_asked(const struct cli *cli)
{
    return !cli->options->is_json && !options_has(cli->options, "yes") &&
           isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

enum exit_code yes_ask(struct cli *cli, const char *question, const char *else_said)
{
    char answer[8] = "";
    fprintf(cli->err, "\n%s Type yes: ", question);
    (void)fflush(cli->err); /* it is a courtesy */
    if (fgets(answer, sizeof(answer), stdin) && strcmp(answer, "yes\n") == 0)
        return EXIT_DONE;
    fprintf(cli->err, "fengqiao: %s\n", else_said);
    return EXIT_FAILED;
}
