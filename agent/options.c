#include "agent/options.h"

#include "base/text.h"

static const struct opt *opt_find(const struct opt *o, const char *name, size_t len)
{
    for (; o && o->name; o++)
        if (strlen(o->name) == len && !strncmp(o->name, name, len))
            return o;
    return NULL;
}

static const struct opt *opt_letter(const struct opt *o, char letter)
{
    for (; o && o->name; o++)
        if (o->letter == letter)
            return o;
    return NULL;
}

static const char *opt_nearest(const struct command *c, const char *name)
{
    const char *names[64];
    size_t n = 0;
    for (const struct opt *o = c ? c->opts : NULL; o && o->name && n < 64; o++)
        names[n++] = o->name;
    for (const struct opt *o = global_opts; o->name && n < 64; o++)
        names[n++] = o->name;
    return text_nearest(name, names, n);
}

static int unknown_option(const struct command *c, const char *arg, struct err *e)
{
    AUTO_FREE char *name = mem_dupn(arg, strcspn(arg, "="));
    const char *near = strncmp(name, "--", 2) == 0 ? opt_nearest(c, name + 2) : NULL;
    err_set(e, ERR_USAGE, "unknown option '%s'%s%s", name, c ? " for " : "", c ? c->name : "");
    return near ? err_fix(e, "did you mean --%s?", near)
                : err_fix(e, "see 'zagent help%s%s'", c ? " " : "", c ? c->name : "");
}

static int store(struct app *a, const struct opt *o, const char *value, struct err *e)
{
    if (o->kind == OPT_INT) {
        char *end;
        long long n = strtoll(value, &end, 10);
        if (!*value || *end) {
            err_set(e, ERR_USAGE, "--%s takes a whole number, not '%s'", o->name, value);
            return err_fix(e, "see 'zagent help %s'", a->cmd ? a->cmd->name : "");
        }
        js_set_int(a->opts, o->name, n);
    } else if (o->kind == OPT_LIST) {
        if (!json_object_get(a->opts, o->name))
            js_set(a->opts, o->name, json_array());
        js_push_str(json_object_get(a->opts, o->name), value);
    } else {
        js_set_str(a->opts, o->name, value);
    }
    return 0;
}

/* Handles argv[*i], which starts with a dash; moves *i over a separate value. */
static int option(struct app *a, int argc, char **argv, int *i, struct err *e)
{
    const char *arg = argv[*i], *value = NULL;
    const struct opt *o;
    if (arg[1] == '-') {
        const char *eq = strchr(arg, '=');
        size_t len = eq ? (size_t)(eq - arg - 2) : strlen(arg + 2);
        value = eq ? eq + 1 : NULL;
        o = opt_find(a->cmd ? a->cmd->opts : NULL, arg + 2, len);
        if (!o)
            o = opt_find(global_opts, arg + 2, len);
    } else {
        o = arg[2] ? NULL : opt_letter(a->cmd ? a->cmd->opts : NULL, arg[1]);
        if (!o && !arg[2])
            o = opt_letter(global_opts, arg[1]);
    }
    if (!o)
        return unknown_option(a->cmd, arg, e);
    if (o->kind == OPT_FLAG) {
        if (value)
            return err_set(e, ERR_USAGE, "--%s takes no value", o->name);
        js_set_bool(a->opts, o->name, true);
        return 0;
    }
    if (!value && *i + 1 < argc)
        value = argv[++*i];
    if (!value)
        return err_set(e, ERR_USAGE, "--%s needs a value: --%s %s", o->name, o->name, o->value);
    return store(a, o, value, e);
}

/* "sandbox" alone, or "sandbox strat": says what there is. */
static int unknown_command(const char *word, const char *second, struct err *e)
{
    AUTO_SB struct sb under = SB_INIT(400);
    size_t len = strlen(word);
    for (size_t i = 0; i < commands_n; i++)
        if (!strncmp(commands[i].name, word, len) && commands[i].name[len] == ' ')
            sb_addf(&under, "%s%s", under.len ? ", " : "", commands[i].name + len + 1);
    if (under.len) {
        if (second)
            err_set(e, ERR_USAGE, "unknown command '%s %s'", word, second);
        else
            err_set(e, ERR_USAGE, "'%s' needs a second word", word);
        return err_fix(e, "one of: %s", under.buf);
    }
    const char *names[128];
    for (size_t i = 0; i < commands_n && i < 128; i++)
        names[i] = commands[i].name;
    const char *near = text_nearest(word, names, commands_n);
    err_set(e, ERR_USAGE, "unknown command '%s'", word);
    return near ? err_fix(e, "did you mean 'zagent %s'?", near) : err_fix(e, "see 'zagent help'");
}

/* Finds the command among the positional words: two words win over one. *used = how many words name it. */
static int pick_command(struct app *a, char **word, int n, int *used, struct err *e)
{
    *used = 0;
    if (n == 0)
        return 0;
    if (n > 1) {
        AUTO_FREE char *two = mem_printf("%s %s", word[0], word[1]);
        a->cmd = command_find(two);
        *used = 2;
    }
    if (!a->cmd) {
        a->cmd = command_find(word[0]);
        *used = 1;
    }
    return a->cmd ? 0 : unknown_command(word[0], n > 1 ? word[1] : NULL, e);
}

/* The words up to the first that is an option after the command, to know whose options follow. A global option with a value
 * (-C DIR) is stepped over by its own table row. */
static int leading_words(char **argv, int argc, char **word, int max)
{
    int n = 0;
    for (int i = 1; i < argc && n < max; i++) {
        if (argv[i][0] != '-' || !argv[i][1]) {
            word[n++] = argv[i];
            continue;
        }
        if (!strcmp(argv[i], "--"))
            break;
        const char *flag = argv[i] + 1;
        const struct opt *o =
            *flag == '-' ? opt_find(global_opts, flag + 1, strlen(flag + 1)) : opt_letter(global_opts, *flag);
        if (o && o->kind != OPT_FLAG)
            i++;
        else if (n)
            break; /* an option of the command: what follows may be its value */
    }
    return n;
}

static int check_counts(struct app *a, struct err *e)
{
    const struct command *c = a->cmd;
    if (a->n_args < c->min_args) {
        err_set(e, ERR_USAGE, "'%s' needs %s", c->name, c->args);
        return err_fix(e, "for example: %s", c->example);
    }
    if (c->max_args >= 0 && a->n_args > c->max_args) {
        err_set(e, ERR_USAGE, "'%s' does not take '%s'", c->name, a->args[c->max_args]);
        return err_fix(e, "usage: zagent %s %s", c->name, c->args);
    }
    return 0;
}

int options_parse(struct app *a, int argc, char **argv, struct err *e)
{
    char *word[2];
    int used, skipped = 0, n = leading_words(argv, argc, word, 2);
    /* --json must shape even the message about a bad option. */
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (!strcmp(argv[i], "--json"))
            a->json = true;
    if (pick_command(a, word, n, &used, e) < 0)
        return -1;
    a->args = mem_zalloc(sizeof *a->args * (size_t)(argc + 1));
    bool ended = false;
    for (int i = 1; i < argc; i++) {
        if (!ended && !strcmp(argv[i], "--"))
            ended = true;
        else if (!ended && argv[i][0] == '-' && argv[i][1]) {
            if (option(a, argc, argv, &i, e) < 0)
                return -1;
        } else if (skipped < used && !ended)
            skipped++;
        else
            a->args[a->n_args++] = argv[i];
    }
    bool help = js_bool(a->opts, "help", false);
    if (js_bool(a->opts, "version", false)) {
        a->cmd = command_find("version");
        a->n_args = 0;
    } else if (help || !a->cmd) {
        /* `zagent X --help` is `zagent help X`; `zagent` alone is a misuse that prints the short help (exit 2). */
        if (!help && !a->cmd) {
            err_set(e, ERR_USAGE, "no command given");
            return err_fix(e, "try 'zagent help'; 'zagent init' starts a project");
        }
        a->n_args = 0;
        if (a->cmd)
            a->args[a->n_args++] = (char *)(uintptr_t)a->cmd->name; /* args are borrowed */
        a->cmd = command_find("help");
    }
    a->no_input = js_bool(a->opts, "no-input", false);
    a->quiet = js_bool(a->opts, "quiet", false);
    return check_counts(a, e);
}
