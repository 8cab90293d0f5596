/* device invite, list, revoke: who is signed in over the network. */
#include <inttypes.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/number.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"

#define URL_MAX 200

/* "http://HOST:PORT", with or without a stroke at its end. */
static bool is_url(const char *url)
{
    bool is_http = strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
    return is_http && strlen(url) <= URL_MAX && strpbrk(url, " \t\r\n?#") == NULL;
}

static enum exit_code run_invite(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    const char *url = options_value(cli->options, "url");
    if (url && !is_url(url))
        return cli_usage(cli, "--url is where the page is, as http://192.168.1.10:8080");
    request_text(&request, "person", options_value(cli->options, "person"));
    enum exit_code code = ask(cli, ASK_PERSON, "device.invite", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fprintf(cli->out,
            "This signs one device in, once, within %" PRIu64 " minutes. Whoever has it "
            "reads what that\nperson may read.\n\n",
            answer_uint(result, "expires_in_s") / 60);
    if (url)
        fprintf(cli->out, "%.*s/enter/",
                (int)(strlen(url) - (url[strlen(url) - 1] == '/')), url);
    printable_print(cli->out, answer_text(result, "code"));
    fputc('\n', cli->out);
    return EXIT_DONE;
}

static enum exit_code run_list(struct cli *cli)
{
    static const char *const titles[] = {"device", "person", "label", "since", "seen"};
    struct bytes result, device;
    struct table table;
    enum exit_code code = ask(cli, ASK_ANYBODY, "device.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    table_init(&table, titles, 5);
    struct answer_list rows = answer_list(result, "devices");
    while (answer_next(&rows, &device)) {
        table_uint(&table, answer_uint(device, "device"));
        table_text(&table, answer_text(device, "name"));
        table_text(&table, answer_text(device, "label"));
        table_time(&table, answer_uint(device, "since"));
        table_time(&table, answer_uint(device, "seen"));
    }
    table_print(&table, cli->out, "No device is signed in.");
    table_deinit(&table);
    return EXIT_DONE;
}

static enum exit_code run_revoke(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    uint64_t number;
    if (!number_read(cli->options->words[0], &number) || number == 0)
        return cli_usage(cli, "a device is named by its number, as device list shows it");
    request_uint(&request, "device", number);
    enum exit_code code = ask(cli, ASK_PERSON, "device.revoke", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fputs("Revoked. It reads nothing more.\n", cli->out);
    return EXIT_DONE;
}

const struct verb cmd_device_verbs[] = {
    {
        .name = "device invite",
        .arguments = "[--person NAME] [--url http://HOST:PORT]",
        .help = "Make a code that signs a phone or another computer in.\n"
                "It is for the person who signs, or for NAME, where a steward asks. With "
                "--url the last line\nis the link to open there, else the code alone.",
        .example = "device invite --person 李某 --url http://192.168.1.10:8080",
        .run = run_invite,
        .options = {{.name = "person", .value = "NAME"},
                    {.name = "url", .value = "http://HOST:PORT"}},
    },
    {
        .name = "device list",
        .arguments = "",
        .help = "The devices that are signed in over the network.\n"
                "Whose they are, and when they were seen last, to the hour.",
        .example = "device list",
        .run = run_list,
    },
    {
        .name = "device revoke",
        .arguments = "N",
        .help = "Sign a device out for good, because it was lost or given away.\n"
                "N is its number in the list. Own ones, or any for a steward.",
        .example = "device revoke 3",
        .words_min = 1,
        .words_max = 1,
        .run = run_revoke,
    },
    {.name = NULL},
};
