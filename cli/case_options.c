#include "cli/case_options.h"

#include "cli/options.h"
#include "cli/party.h"
#include "node/cases/minor.h"

static enum exit_code add_parties(struct cli *cli, struct request *request)
{
    struct party_list parties = {0};
    const char *text;
    bool is_minor = options_has(cli->options, "minor");
    for (uint32_t n = 0; (text = options_nth(cli->options, "party", n)); n++) {
        if (is_minor && !party_add_role(&parties, text))
            return cli_usage(cli,
                             "with --minor a --party is a role: " MINOR_ROLES
                             "; a second one is parent-2; at most %d of them",
                             PARTIES_MAX);
        if (!is_minor && !party_add(&parties, text))
            return cli_usage(cli,
                             "--party is an alias and a role, as 张某:applicant; at "
                             "most %d of them",
                             PARTIES_MAX);
    }
    party_request(&parties, request);
    if (is_minor)
        request_bool(request, "minor", true);
    return EXIT_DONE;
}

enum exit_code case_options_add(struct cli *cli, struct request *request)
{
    const struct options *options = cli->options;
    request_text(request, "category", options_value(options, "category"));
    request_text(request, "title", options_value(options, "title"));
    request_text(request, "context", options_value(options, "context"));
    request_text(request, "place", options_value(options, "place"));
    request_text(request, "wish", options_value(options, "wish"));
    request_text(request, "found_by", options_value(options, "found-by"));
    return add_parties(cli, request);
}
