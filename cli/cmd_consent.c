/* case consent: what a party allows to leave, refuses, or takes back. */
#include <string.h>

#include "cli/options.h"
#include "cli/reply.h"

/* How each manner is proven. */
static const struct {
    const char *manner, *option;
} proofs[] = {{"oral", "witness"}, {"signed", "paper"}, {"guardian", "guardian"}};
#define PROOFS (sizeof(proofs) / sizeof(proofs[0]))

/* The option that proves a consent of this manner, or NULL where there is no such one. */
static const char *proof_of(const char *manner)
{
    for (size_t i = 0; i < PROOFS; i++)
        if (strcmp(manner, proofs[i].manner) == 0)
            return proofs[i].option;
    return NULL;
}

static enum exit_code check_yes(struct cli *cli)
{
    const struct options *options = cli->options;
    const char *manner = options_value(options, "manner");
    if (!options_value(options, "fields") && !options_value(options, "files"))
        return cli_usage(cli, "--fields says what may leave, or --files");
    if (!manner)
        return cli_usage(cli, "--manner is oral, signed or guardian");
    if (!options_value(options, proof_of(manner)))
        return cli_usage(cli, "a consent of the manner %s is proven by --%s", manner,
                         proof_of(manner));
    return EXIT_DONE;
}

static enum exit_code run_consent(struct cli *cli)
{
    const struct options *options = cli->options;
    const char *manner = options_value(options, "manner");
    bool is_no = options_has(options, "refused") || options_has(options, "revoke");
    struct request request = {0};
    if (manner && !proof_of(manner))
        return cli_usage(cli, "--manner is oral, signed or guardian");
    enum exit_code code = is_no ? EXIT_DONE : check_yes(cli);
    if (code != EXIT_DONE)
        return code;
    request_text(&request, "case", options->words[0]);
    request_text(&request, "party", options_value(options, "party"));
    request_words(&request, "fields", options_value(options, "fields"));
    request_words(&request, "files", options_value(options, "files"));
    request_text(&request, "manner", manner);
    for (size_t i = 0; i < PROOFS; i++)
        request_text(&request, proofs[i].option,
                     options_value(options, proofs[i].option));
    if (is_no)
        request_bool(&request, "refused", true);
    return reply_step(cli, "case.consent", &request,
                      !is_no ? "The consent is recorded."
                      : options_has(options, "revoke")
                          ? "Taken back; from now on nothing of it leaves. What was sent "
                            "before is called back with: fengqiao recall"
                          : "The refusal is recorded.");
}

const struct verb cmd_consent_verbs[] = {
    {
        .name = "case consent",
        .arguments = "NUMBER --party P --fields a,b,c [--files F,G]\n"
                     "       --manner oral|signed|guardian --witness W | --paper NUMBER "
                     "| --guardian G\n"
                     "       fengqiao case consent NUMBER --party P --refused | --revoke "
                     "[--fields a,b,c] [--files F,G]",
        .help = "Record what a party allows to be sent, field by field and file by file "
                "(--files: by name, or the first\nsix digits of the id). A yes says all "
                "of it anew. Another file of the same name is another matter.\n"
                "A consent by word needs a witness, one on paper the paper's number, one "
                "by a guardian who that\nis, in a case of a minor what he or she is to "
                "the child (mother, 母亲).\n--refused: the party said no. --revoke: the "
                "party takes a consent back, all of it or the\nnamed fields; what was "
                "sent before stays sent.",
        .example = "case consent 2026-0001 --party 张某 --fields title,narrative,context "
                   "--manner signed --paper 同意书3号",
        .words_min = 1,
        .words_max = 1,
        .run = run_consent,
        .options = {{.name = "party", .value = "P", .is_required = true},
                    {.name = "fields", .value = "a,b,c"},
                    {.name = "files", .value = "F,G"},
                    {.name = "manner", .value = "oral|signed|guardian"},
                    {.name = "witness", .value = "W"},
                    {.name = "paper", .value = "NUMBER"},
                    {.name = "guardian", .value = "G"},
                    {.name = "refused"},
                    {.name = "revoke"}},
    },
    {.name = NULL},
};
