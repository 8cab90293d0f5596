#include "node/io/daemon_args.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "node/io/key_child.h"

struct mode {
    const char *word;
    enum daemon_mode mode;
    const char *help; /* NULL: not for people */
};

static const struct mode modes[] = {
    {"init", MODE_INIT, "make a node and the site it belongs to"},
    {"join", MODE_JOIN,
     "make another node of a site, by a code from: fengqiao node invite"},
    {"run", MODE_RUN, "be the node, until SIGTERM or SIGINT"},
    {"check", MODE_CHECK, "look for damage in a stopped node"},
    {"rebuild", MODE_REBUILD, "make everything derived anew in a stopped node"},
    {"restore", MODE_RESTORE, "make a node anew from a backup, by the recovery sheet"},
    {"try-backup", MODE_TRY_BACKUP,
     "restore a backup to see that it can be, and throw that away"},
    {"new-sheet", MODE_NEW_SHEET,
     "make another recovery key for the site of a running node"},
    {KEY_CHILD_WORD, MODE_KEY_CHILD, NULL},
    {BUNDLE_CHILD_WORD, MODE_BUNDLE_CHILD, NULL},
    {"--help", MODE_HELP, "this text"},
    {"--version", MODE_VERSION, "the version"},
};

struct option {
    const char *name, *value, *help; /* value NULL: a flag */
    unsigned modes, required;
    size_t offset;
};

#define FIELD(name) offsetof(struct daemon_args, name)
#define MODES_OF_BACKUP (MODE_RESTORE | MODE_TRY_BACKUP)
#define MODES_OF_DIR                                                                     \
    (MODE_INIT | MODE_JOIN | MODE_RUN | MODE_CHECK | MODE_REBUILD | MODES_OF_BACKUP |    \
     MODE_NEW_SHEET)
#define MODES_OF_MAKING (MODE_INIT | MODE_JOIN)

static const struct option options[] = {
    {"--dir", "D", "the node's directory", MODES_OF_DIR, MODES_OF_DIR, FIELD(dir)},
    {"--tier", "WORD", "village, township, county or department", MODE_INIT, MODE_INIT,
     FIELD(tier)},
    {"--name", "TEXT", "the name of the site; with join, of this machine",
     MODES_OF_MAKING, MODES_OF_MAKING, FIELD(name)},
    {"--at", "HOST:PORT",
     "where the machine that invites listens (else sought on this network)", MODE_JOIN, 0,
     FIELD(at)},
    {"--code", "TEXT",
     "the six words that it shows, in quotes, or the link of its QR code", MODE_JOIN,
     MODE_JOIN, FIELD(code)},
    {"--steward", "TEXT", "the name of its first steward", MODE_INIT, MODE_INIT,
     FIELD(steward)},
    {"--pin-file", "FILE", "the steward's PIN is its first line (else asked)", MODE_INIT,
     0, FIELD(pin_file)},
    {"--network", "TEXT", "the network of the site (else fengqiao)", MODES_OF_MAKING, 0,
     FIELD(network)},
    {"--sheet", "FILE", "write the recovery key there, as a page to print",
     MODE_INIT | MODE_NEW_SHEET, 0, FIELD(sheet)},
    {"--from", "FOLDER", "where the backup lies", MODES_OF_BACKUP, MODES_OF_BACKUP,
     FIELD(from)},
    {"--recovery-file", "FILE", "the recovery key: 24 words or fqr1... (else asked)",
     MODE_RESTORE, 0, FIELD(recovery_file)},
    {"--json", NULL, "answer in JSON", MODES_OF_MAKING | MODES_OF_BACKUP | MODE_NEW_SHEET,
     0, FIELD(is_json)},
    {"--web", "ADDRESS:PORT",
     "the page for browsers there; 127.0.0.1: this machine alone", MODE_RUN, 0,
     FIELD(web)},
    {"--web-open-to-network", NULL, "yes, whoever is on that network may knock at it",
     MODE_RUN, 0, FIELD(opens_web)},
    {"--web-tls", NULL, "https, by an authority of this node's own (D/web-ca.pem)",
     MODE_RUN, 0, FIELD(has_web_tls)},
    {"--web-names", "TEXT", "what else it is called there: \"pi.local:8080 ...\"",
     MODE_RUN, 0, FIELD(web_names)},
    {"--listen", "HOST:PORT", "accept other nodes there; port 0: any", MODE_RUN, 0,
     FIELD(listen)},
    {"--backup", "FOLDER",
     "write what is new into that backup once a day (begun by: fengqiao backup write)",
     MODE_RUN, 0, FIELD(backup)},
    {"--backup-every", "HOURS", "of running time, between two of them (else 24)",
     MODE_RUN, 0, FIELD(backup_every)},
    {"--beacon", NULL,
     "find nodes we know on this network (UDP 7450), and with --listen be found",
     MODE_RUN, 0, FIELD(finds_others)},
};

#define MODES_LEN (sizeof(modes) / sizeof(modes[0]))
#define OPTIONS_LEN (sizeof(options) / sizeof(options[0]))

static void help_options(FILE *out, const struct mode *mode)
{
    for (size_t i = 0; i < OPTIONS_LEN; i++) {
        const struct option *option = &options[i];
        if (option->modes & mode->mode)
            (void)fprintf(out, "  %-22s %-12s %s%s\n", option->name,
                          option->value != NULL ? option->value : "", option->help,
                          option->required & mode->mode ? " (required)" : "");
    }
}

static void help_all(FILE *out)
{
    (void)fputs("usage: fengqiaod MODE [OPTION...]\n\n", out);
    for (size_t i = 0; i < MODES_LEN; i++)
        if (modes[i].help != NULL)
            (void)fprintf(out, "  %-11s %s\n", modes[i].word, modes[i].help);
    for (size_t i = 0; i < MODES_LEN; i++) {
        if ((modes[i].mode & MODES_OF_DIR) == 0)
            continue;
        (void)fprintf(out, "\noptions of %s\n", modes[i].word);
        help_options(out, &modes[i]);
    }
}

void daemon_args_help(FILE *out, enum daemon_mode about)
{
    if (about == MODE_NONE)
        help_all(out);
    for (size_t i = 0; i < MODES_LEN; i++) {
        if (modes[i].mode != about)
            continue;
        (void)fprintf(out, "usage: fengqiaod %s OPTION...\n\n%s\n\n", modes[i].word,
                      modes[i].help);
        help_options(out, &modes[i]);
    }
}

static const struct mode *find_mode(const char *word)
{
    for (size_t i = 0; i < MODES_LEN; i++)
        if (strcmp(modes[i].word, word) == 0)
            return &modes[i];
    return NULL;
}

/* The option that word names, alone or before "=". */
static const struct option *find_option(const char *word)
{
    size_t len = strcspn(word, "=");
    for (size_t i = 0; i < OPTIONS_LEN; i++)
        if (strlen(options[i].name) == len && strncmp(options[i].name, word, len) == 0)
            return &options[i];
    return NULL;
}

static const char **value_of(struct daemon_args *args, const struct option *option)
{
    return (const char **)(void *)((uint8_t *)args + option->offset);
}

/* Takes the option at argv[*i], and its value. */
static enum status take_option(struct daemon_args *args, int argc, char *const argv[],
                               int *i, struct err *err)
{
    const char *word = argv[*i];
    const struct option *option = find_option(word);
    const char *equals = strchr(word, '=');
    if (option == NULL)
        return err_set(err, STATUS_INVALID, "%.64s is no option; see fengqiaod --help",
                       word);
    if ((option->modes & args->mode) == 0)
        return err_set(err, STATUS_INVALID, "%s does not belong to %s", option->name,
                       argv[1]);
    if (option->value == NULL) {
        if (equals != NULL)
            return err_set(err, STATUS_INVALID, "%s takes no value", option->name);
        *(bool *)(void *)((uint8_t *)args + option->offset) = true;
        return STATUS_OK;
    }
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (value == NULL && *i + 1 < argc)
        value = argv[++*i];
    if (value == NULL || *value == '\0')
        return err_set(err, STATUS_INVALID, "%s needs a value (%s)", option->name,
                       option->value);
    if (*value_of(args, option) != NULL)
        return err_set(err, STATUS_INVALID, "%s is given twice", option->name);
    *value_of(args, option) = value;
    return STATUS_OK;
}

enum status daemon_args_parse(struct daemon_args *args, int argc, char *const argv[],
                              struct err *err)
{
    *args = (struct daemon_args){0};
    const struct mode *mode = argc > 1 ? find_mode(argv[1]) : NULL;
    if (argc < 2)
        return err_set(err, STATUS_INVALID, "a mode is missing; see fengqiaod --help");
    if (mode == NULL)
        return err_set(err, STATUS_INVALID, "%.64s is no mode; see fengqiaod --help",
                       argv[1]);
    args->mode = mode->mode;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 && mode->help != NULL) {
            *args = (struct daemon_args){.mode = MODE_HELP};
            args->about = mode->mode & MODES_OF_DIR;
            return STATUS_OK;
        }
        enum status status = take_option(args, argc, argv, &i, err);
        if (status != STATUS_OK)
            return status;
    }
    for (size_t i = 0; i < OPTIONS_LEN; i++)
        if ((options[i].required & args->mode) && *value_of(args, &options[i]) == NULL)
            return err_set(err, STATUS_INVALID, "%s needs %s %s", mode->word,
                           options[i].name, options[i].value);
    return STATUS_OK;
}
