/* policy show: who can see what, and who may do what. */
#include <string.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/reply.h"

static const struct {
    const char *topic, *zh_cn, *en;
} topics[] = {
    {"see", "谁能看到什么", "Who can see what"},
    {"write", "谁可以写下什么", "Who may write what"},
    {"ask", "谁可以向这台机器要求什么", "Who may ask this machine for what"},
};

static void print_line(FILE *out, struct bytes line, const char *language)
{
    bool is_sight = bytes_equal_str(answer_text(line, "topic"), "see");
    fputs("  ", out);
    if (!is_sight) {
        printable_print(out, answer_text(line, "about"));
        fputs(": ", out);
    }
    printable_print(out, answer_text(line, language));
    fputc('\n', out);
}

static void print_topic(FILE *out, struct bytes result, size_t topic,
                        const char *language)
{
    struct bytes line;
    bool is_chinese = strcmp(language, "zh_cn") == 0;
    fprintf(out, "%s%s\n", topic > 0 ? "\n" : "",
            is_chinese ? topics[topic].zh_cn : topics[topic].en);
    struct answer_list rows = answer_list(result, "lines");
    while (answer_next(&rows, &line))
        if (bytes_equal_str(answer_text(line, "topic"), topics[topic].topic))
            print_line(out, line, language);
}

static enum exit_code run_show(struct cli *cli)
{
    const char *language = options_value(cli->options, "lang");
    struct bytes result;
    if (!language)
        language = "en";
    if (strcmp(language, "zh_CN") != 0 && strcmp(language, "en") != 0)
        return cli_usage(cli, "--lang is zh_CN or en");
    enum exit_code code = ask(cli, ASK_ANYBODY, "policy", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
        print_topic(cli->out, result, i, strcmp(language, "en") == 0 ? "en" : "zh_cn");
    return EXIT_DONE;
}

const struct verb cmd_policy_verbs[] = {
    {
        .name = "policy show",
        .arguments = "[--lang zh_CN|en]",
        .help = "Who can see what, and who may do what: the rules of this node in plain "
                "words.\nThey are made from the tables that enforce them.",
        .example = "policy show --lang zh_CN",
        .run = run_show,
        .options = {{.name = "lang", .value = "zh_CN|en"}},
    },
    {.name = NULL},
};
