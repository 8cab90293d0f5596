#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/nearest.h"
#include "cli/number.h"
#include "cli/printable.h"
#include "proto/bytes.h"
#include "proto/pack.h"

static const struct verb_option global_options[] = {
    {.name = "dir", .value = "D"},
    {.name = "as", .value = "PERSON"},
    {.name = "json"},
    {.name = "help"},
    {.name = "version"},
    {.name = NULL},
};

static const struct verb_option *option_find(const struct verb_option *options,
                                             size_t max, const char *name, size_t len)
{
    for (size_t i = 0; i < max && options[i].name; i++) {
        if (strlen(options[i].name) == len && memcmp(options[i].name, name, len) == 0)
            return &options[i];
    }
    return NULL;
}

static const struct verb_option *global_find(const char *argument)
{
    return option_find(global_options, sizeof(global_options) / sizeof(*global_options),
                       argument + 2, strcspn(argument + 2, "="));
}

static bool is_option(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0';
}

static bool arguments_are_text(int argc, const char *const argv[], FILE *err)
{
    for (int i = 1; i < argc; i++) {
        if (!utf8_is_valid(bytes_str(argv[i]))) {
            fprintf(err,
                    "fengqiao: argument %d is not UTF-8 text; set the terminal to "
                    "UTF-8 and type it again\n",
                    i);
            return false;
        }
    }
    return true;
}

/* Where the first words stand, options of the program left out; the search ends at the
 * first option that only a verb can know. */
static int find_words(int argc, const char *const argv[], int at[2])
{
    int found = 0;
    for (int i = 1; i < argc && found < 2; i++) {
        if (!is_option(argv[i])) {
            at[found++] = i;
            continue;
        }
        if (argv[i][1] != '-' || argv[i][2] == '\0')
            break;
        const struct verb_option *option = global_find(argv[i]);
        if (!option)
            break;
        if (option->value && !strchr(argv[i], '='))
            i++;
    }
    return found;
}

static const struct verb *verb_find(const char *first, const char *second)
{
    for (size_t g = 0; cli_groups[g]; g++) {
        for (const struct verb *verb = cli_groups[g]; verb->name; verb++) {
            size_t len = strlen(first);
            if (strncmp(verb->name, first, len) != 0)
                continue;
            const char *rest = verb->name + len;
            if (!second && *rest == '\0')
                return verb;
            if (second && *rest == ' ' && strcmp(rest + 1, second) == 0)
                return verb;
        }
    }
    return NULL;
}

static bool group_exists(const char *first)
{
    size_t len = strlen(first);
    for (size_t g = 0; cli_groups[g]; g++) {
        for (const struct verb *verb = cli_groups[g]; verb->name; verb++) {
            if (strncmp(verb->name, first, len) == 0 && verb->name[len] == ' ')
                return true;
        }
    }
    return false;
}

static void say_unknown_verb(FILE *err, const char *first, const char *second)
{
    const char *nearest = nearest_verb(first, second);
    fputs("fengqiao: there is no verb `", err);
    printable_print(err, bytes_str(first));
    if (second && group_exists(first)) {
        fputc(' ', err);
        printable_print(err, bytes_str(second));
    }
    fprintf(err,
            "'; did you mean `fengqiao %s'?\n"
            "usage: fengqiao [--dir D] [--as PERSON] [--json] VERB ...\n"
            "       fengqiao --help lists the verbs\n",
            nearest);
}

static bool say_wrong_use(const struct options *options, FILE *err)
{
    fprintf(err, "usage: fengqiao %s%s%s\n       fengqiao %s --help tells more\n",
            options->verb->name, *options->verb->arguments ? " " : "",
            options->verb->arguments, options->verb->name);
    return false;
}

static bool take_option(struct options *options, const struct verb_option *option,
                        const char *value, FILE *err)
{
    if (strcmp(option->name, "dir") == 0)
        options->dir = value;
    else if (strcmp(option->name, "as") == 0)
        options->as = value;
    else if (strcmp(option->name, "json") == 0)
        options->is_json = true;
    else if (strcmp(option->name, "help") == 0)
        options->wants_help = true;
    else if (strcmp(option->name, "version") == 0)
        options->wants_version = true;
    else if (options->given_len == OPTIONS_MAX) {
        fprintf(err, "fengqiao: more than %d options\n", OPTIONS_MAX);
        return false;
    } else if (!option->may_repeat && options_has(options, option->name)) {
        fprintf(err, "fengqiao: --%s is given twice\n", option->name);
        return say_wrong_use(options, err);
    } else {
        options->given[options->given_len].option = option;
        options->given[options->given_len++].value = value;
    }
    return true;
}

static const struct verb_option *option_known(const struct options *options,
                                              const char *argument)
{
    if (argument[1] != '-')
        return NULL;
    const struct verb_option *option = global_find(argument);
    if (!option && options->verb)
        option = option_find(options->verb->options, VERB_OPTIONS_MAX, argument + 2,
                             strcspn(argument + 2, "="));
    return option;
}

static bool say_unknown_option(const struct options *options, const char *argument,
                               FILE *err)
{
    fputs("fengqiao: there is no option `", err);
    printable_print(err, bytes_str(argument));
    const char *nearest = options->verb ? nearest_option(options->verb, argument) : NULL;
    if (nearest)
        fprintf(err, "' here; did you mean --%s?\n", nearest);
    else
        fputs("' here; a text that begins with - goes behind --\n", err);
    if (options->verb)
        return say_wrong_use(options, err);
    fputs("usage: fengqiao [--dir D] [--as PERSON] [--json] VERB ...\n", err);
    return false;
}

/* argv[*i] is an option; moves on over its value. */
static bool parse_option(struct options *options, int argc, const char *const argv[],
                         int *i, FILE *err)
{
    const char *argument = argv[*i];
    if (strcmp(argument, "-h") == 0)
        argument = "--help";
    const struct verb_option *option = option_known(options, argument);
    if (!option)
        return say_unknown_option(options, argument, err);
    const char *equals = strchr(argument, '=');
    if (!option->value && equals) {
        fprintf(err, "fengqiao: --%s takes no value\n", option->name);
        return false;
    }
    if (!option->value)
        return take_option(options, option, NULL, err);
    if (equals)
        return take_option(options, option, equals + 1, err);
    if (*i + 1 == argc) {
        fprintf(err, "fengqiao: --%s needs a value: --%s %s\n", option->name,
                option->name, option->value);
        return false;
    }
    return take_option(options, option, argv[++*i], err);
}

static bool check_verb(const struct options *options, FILE *err)
{
    const struct verb *verb = options->verb;
    for (size_t i = 0; i < VERB_OPTIONS_MAX && verb->options[i].name; i++) {
        if (verb->options[i].is_required &&
            !options_has(options, verb->options[i].name)) {
            fprintf(err, "fengqiao: --%s is missing\n", verb->options[i].name);
            return say_wrong_use(options, err);
        }
    }
    if (options->words_len < verb->words_min) {
        fputs("fengqiao: something is missing\n", err);
        return say_wrong_use(options, err);
    }
    if (options->words_len > verb->words_max) {
        fputs("fengqiao: `", err);
        printable_print(err, bytes_str(options->words[verb->words_max]));
        fputs("' is one argument too many; a text with spaces goes into quotes\n", err);
        return say_wrong_use(options, err);
    }
    return true;
}

/* The verb, and how many words name it. False: no such verb. */
static bool choose_verb(struct options *options, int argc, const char *const argv[],
                        int at[2], int *named, FILE *err)
{
    int found = find_words(argc, argv, at);
    *named = 0;
    if (found > 0 && strcmp(argv[at[0]], "help") == 0) {
        options->wants_help = true;
        *named = 1;
        return true;
    }
    if (found == 0)
        return true;
    const char *second = found == 2 ? argv[at[1]] : NULL;
    if (second && (options->verb = verb_find(argv[at[0]], second))) {
        *named = 2;
        return true;
    }
    if ((options->verb = verb_find(argv[at[0]], NULL))) {
        *named = 1;
        return true;
    }
    if (!second && group_exists(argv[at[0]])) {
        options->group = argv[at[0]];
        *named = 1;
        return true;
    }
    say_unknown_verb(err, argv[at[0]], second);
    return false;
}

bool options_parse(struct options *options, int argc, const char *const argv[], FILE *err)
{
    *options = (struct options){.as = ""};
    if (!arguments_are_text(argc, argv, err))
        return false;
    options->dir = getenv("FENGQIAO_DIR");
    int at[2] = {0, 0};
    int named;
    if (!choose_verb(options, argc, argv, at, &named, err))
        return false;
    bool options_end = false;
    for (int i = 1; i < argc; i++) {
        if ((named > 0 && i == at[0]) || (named > 1 && i == at[1]))
            continue;
        if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else if (!options_end && is_option(argv[i])) {
            if (!parse_option(options, argc, argv, &i, err))
                return false;
        } else if (options->words_len == OPTIONS_WORDS_MAX) {
            fprintf(err, "fengqiao: more than %d arguments\n", OPTIONS_WORDS_MAX);
            return false;
        } else {
            options->words[options->words_len++] = argv[i];
        }
    }
    if (options->wants_help || options->wants_version)
        return true;
    if (options->verb)
        return check_verb(options, err);
    fputs(options->group ? "fengqiao: which of these?\n" : "fengqiao: no verb is given\n",
          err);
    options_overview(err, options->group);
    return false;
}

const char *options_nth(const struct options *options, const char *name, uint32_t n)
{
    for (uint32_t i = 0; i < options->given_len; i++) {
        if (strcmp(options->given[i].option->name, name) == 0 && n-- == 0)
            return options->given[i].value;
    }
    return NULL;
}

const char *options_value(const struct options *options, const char *name)
{
    return options_nth(options, name, 0);
}

bool options_has(const struct options *options, const char *name)
{
    for (uint32_t i = 0; i < options->given_len; i++) {
        if (strcmp(options->given[i].option->name, name) == 0)
            return true;
    }
    return false;
}

bool options_number(const struct options *options, const char *name, uint64_t *number)
{
    const char *text = options_value(options, name);
    *number = 0;
    return !text || number_read(text, number);
}

bool options_positive(const struct options *options, const char *name, uint64_t *number)
{
    return options_number(options, name, number) &&
           (*number > 0 || !options_has(options, name));
}

static bool is_in_group(const struct verb *verb, const char *group)
{
    size_t len = group ? strlen(group) : 0;
    return !group || (strncmp(verb->name, group, len) == 0 && verb->name[len] == ' ');
}

void options_overview(FILE *out, const char *group)
{
    fputs("usage: fengqiao [--dir D] [--as PERSON] [--json] VERB ...\n\n", out);
    for (size_t g = 0; cli_groups[g]; g++) {
        for (const struct verb *verb = cli_groups[g]; verb->name; verb++) {
            if (is_in_group(verb, group))
                fprintf(out, "  %-21s %.*s\n", verb->name,
                        (int)strcspn(verb->help, ".\n"), verb->help);
        }
    }
    fputs("\n"
          "  --dir D        the node's directory (or FENGQIAO_DIR)\n"
          "  --as PERSON    who signs: a name or a key; left out: the steward\n"
          "  --json         the result as one JSON object\n"
          "  --help         after a verb: what it does, with an example\n"
          "  --version\n",
          out);
}

void options_help(FILE *out, const struct verb *verb)
{
    fprintf(out, "usage: fengqiao %s%s%s\n\n%s\n\nexample:\n  fengqiao %s\n", verb->name,
            *verb->arguments ? " " : "", verb->arguments, verb->help, verb->example);
}
