/* refer, rule, decline, task, task-done, invite, grade, joint: what the sites say to each
 * other about what was sent. */
#include "cli/options.h"
#include "cli/reply.h"

/* The last word of the command line is the text, or "-". */
static enum exit_code say(struct cli *cli, const char *method, struct request *request,
                          const char *name, const char *words)
{
    const struct options *options = cli->options;
    struct buf owned = {0};
    struct bytes text;
    const char *argument = options->words[options->words_len - 1];
    enum exit_code code = ask_input(cli, argument, &owned, &text);
    if (code == EXIT_DONE) {
        request_text(request, "escalation", options->words[0]);
        request_bytes_text(request, name, text);
        code = reply_step(cli, method, request, words);
    }
    request_deinit(request);
    buf_deinit(&owned);
    return code;
}

static enum exit_code run_refer(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "channel", options_value(cli->options, "to"));
    return say(cli, "escalation.refer", &request, "text", "Referred.");
}

static enum exit_code run_rule(struct cli *cli)
{
    struct request request = {0};
    return say(cli, "escalation.rule", &request, "text",
               "The ruling goes to everybody who holds the record.");
}

static enum exit_code run_decline(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "op", cli->options->words[1]);
    return say(cli, "escalation.decline", &request, "text", "Declined.");
}

static enum exit_code run_task(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "owner", options_value(cli->options, "owner"));
    request_text(&request, "due", options_value(cli->options, "due"));
    return say(cli, "escalation.task", &request, "text", "The task is given.");
}

static enum exit_code run_task_done(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    request_text(&request, "escalation", options->words[0]);
    request_text(&request, "op", options->words[1]);
    request_text(&request, "text", options_value(options, "text"));
    return reply_step(cli, "escalation.task_done", &request, "The task is done.");
}

static enum exit_code run_invite(struct cli *cli)
{
    const struct options *options = cli->options;
    const char *classes = options_value(options, "show");
    struct request request = {0};
    request_text(&request, "escalation", options->words[0]);
    request_text(&request, "site", options->words[1]);
    if (classes != NULL)
        request_words(&request, "classes", classes);
    request_text(&request, "text", options_value(options, "text"));
    return reply_step(cli, "escalation.invite", &request,
                      "Invited; it gets the record with the next sync.");
}

static enum exit_code run_grade(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "reason", options_value(cli->options, "reason"));
    return say(cli, "escalation.grade", &request, "word", "Graded.");
}

static enum exit_code run_joint(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "text", options_value(cli->options, "text"));
    return say(cli, "escalation.joint", &request, "word", "Everybody will see that.");
}

const struct verb cmd_talk_verbs[] = {
    {
        .name = "refer",
        .arguments = "ESCALATION --to CHANNEL TEXT",
        .help = "Refer the matter to another channel, with a sentence why.\n"
                "CHANNEL: people (people's mediation), administrative, trade, lawyer, "
                "court. What is referred stays\nrecorded; the way to court is always "
                "open.",
        .example = "refer 3f2a91c0 --to court \"双方争的是所有权\"",
        .words_min = 2,
        .words_max = 2,
        .run = run_refer,
        .options = {{.name = "to", .value = "CHANNEL", .is_required = true}},
    },
    {
        .name = "rule",
        .arguments = "ESCALATION TEXT",
        .help = "Rule on the matter; needs the role judge or authority.",
        .example = "rule 3f2a91c0 \"沟由两村各清一半\"",
        .words_min = 2,
        .words_max = 2,
        .run = run_rule,
    },
    {
        .name = "decline",
        .arguments = "ESCALATION OP TEXT",
        .help = "A village declines an advice, a department an invitation.\n"
                "OP is the id that `show' gives, or its first 8 digits or more.",
        .example = "decline 3f2a91c0 0c8d11ab52f0 \"村里另有办法\"",
        .words_min = 3,
        .words_max = 3,
        .run = run_decline,
    },
    {
        .name = "task",
        .arguments = "ESCALATION TEXT --owner WHO --due DAY",
        .help = "Give a task with an owner and a date.\n"
                "WHO is the name of a site or a person; DAY such as 2026-11-30.",
        .example = "task 3f2a91c0 测量水位 --owner 水利站 --due 2026-11-30",
        .words_min = 2,
        .words_max = 2,
        .run = run_task,
        .options = {{.name = "owner", .value = "WHO", .is_required = true},
                    {.name = "due", .value = "DAY", .is_required = true}},
    },
    {
        .name = "task-done",
        .arguments = "ESCALATION OP [--text T]",
        .help = "Say that a task is done.\n"
                "OP is the id that `show' gives, or its first 8 digits or more.",
        .example = "task-done 3f2a91c0 77b0c4d2e913 --text 已测",
        .words_min = 2,
        .words_max = 2,
        .run = run_task_done,
        .options = {{.name = "text", .value = "T"}},
    },
    {
        .name = "invite",
        .arguments = "ESCALATION SITE [--show a,b,c] [--text T]",
        .help =
            "Invite a department that is linked with us to take part, if the village "
            "permits it.\n"
            "SITE is a name or an id of `peer list'. --show: record, context, parties, "
            "consent, talk; without\nit as much as we are shown, and never more.",
        .example = "invite 3f2a91c0 水利站 --show record,context,talk",
        .words_min = 2,
        .words_max = 2,
        .run = run_invite,
        .options = {{.name = "show", .value = "a,b,c"}, {.name = "text", .value = "T"}},
    },
    {
        .name = "grade",
        .arguments = "ESCALATION WORD --reason R",
        .help = "Grade the matter in our own words, beside the village's fields.",
        .example = "grade 3f2a91c0 镇二级 --reason 涉及两村",
        .words_min = 2,
        .words_max = 2,
        .run = run_grade,
        .options = {{.name = "reason", .value = "R", .is_required = true}},
    },
    {
        .name = "joint",
        .arguments = "ESCALATION WORD [--text T]",
        .help = "Say how far we are with our part of the matter.\n"
                "WORD: taken, working, done, declined. Where everybody who was asked has "
                "declined, that is shown\nto all (服务缺位).",
        .example = "joint 3f2a91c0 working --text 已派人测量",
        .words_min = 2,
        .words_max = 2,
        .run = run_joint,
        .options = {{.name = "text", .value = "T"}},
    },
    {.name = NULL},
};
