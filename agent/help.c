/* agent/help.c — help, version, completion and the manual page, all from the command table. */
#include "agent/command.h"
#include "agent/version.h"
#include "base/text.h"

static void opt_line(struct sb *b, const struct opt *o)
{
    AUTO_FREE char *names =
        o->letter ? mem_printf("-%c, --%s%s%s", o->letter, o->name, o->value ? " " : "", o->value ? o->value : "")
                  : mem_printf("    --%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    sb_addf(b, "  %-26s %s\n", names, o->help);
}

static void wrap(struct sb *b, const char *text, size_t width)
{
    size_t col = 0;
    while (*text) {
        size_t n = strcspn(text, " ");
        if (col && col + 1 + n > width) {
            sb_addc(b, '\n');
            col = 0;
        } else if (col) {
            sb_addc(b, ' ');
            col++;
        }
        sb_addn(b, text, n);
        col += n;
        text += n + strspn(text + n, " ");
    }
    sb_addc(b, '\n');
}

/* The order of work; a command that is in no group is shown last, so that none is forgotten. */
static const struct {
    const char *title, *commands; /* first words, each between commas */
} groups[] = {
    {"start", ",init,context,doctor,"},
    {"change an org", ",plan,show,rehearse,apply,resume,verify,off,on,audit,adopt,drift,"},
    {"hand steps and history", ",guide,attest,status,measure,report,log,"},
    {"the sandbox, a Zoho org on this machine", ",sandbox,"},
    {"playbooks of your own", ",playbook,schema,"},
    {"Deluge scripts", ",deluge,"},
};
enum { GROUPS = sizeof groups / sizeof *groups };

static size_t group_of(const struct command *c)
{
    AUTO_FREE char *key = mem_printf(",%.*s,", (int)strcspn(c->name, " "), c->name);
    size_t g = 0;
    while (g < GROUPS && !strstr(groups[g].commands, key))
        g++;
    return g;
}

static void command_line(struct sb *b, const struct command *c)
{
    AUTO_FREE char *name = mem_printf("%s %s", c->name, c->args);
    sb_add(b, "  ");
    add_column(b, name, 22);
    sb_addf(b, "%s\n", c->help);
}

static void help_all(struct sb *b)
{
    sb_add(b, "zagent — plan and apply for Zoho CRM, with the steps only a person can do\n\n"
              "usage: zagent [options] COMMAND [arguments]\n");
    for (size_t g = 0; g <= GROUPS; g++) {
        sb_addf(b, "\n%s:\n", g < GROUPS ? groups[g].title : "more");
        for (size_t i = 0; i < commands_n; i++)
            if (group_of(&commands[i]) == g)
                command_line(b, &commands[i]);
    }
    sb_add(b, "\noptions of every command:\n");
    for (const struct opt *o = global_opts; o->name; o++)
        opt_line(b, o);
    sb_add(b, "\nfirst steps, without an account:\n"
              "  zagent init --example demo && cd demo\n  zagent plan\n  zagent apply --dry-run\n");
}

static void help_one(struct sb *b, const struct command *c)
{
    sb_addf(b, "zagent %s — %s\n\nusage: zagent %s %s\n", c->name, c->help, c->name, c->args);
    if (c->detail) {
        sb_addc(b, '\n');
        wrap(b, c->detail, 78);
    }
    if (c->opts) {
        sb_add(b, "\noptions:\n");
        for (const struct opt *o = c->opts; o->name; o++)
            opt_line(b, o);
    }
    sb_addf(b, "\nexample: %s\n", c->example);
}

static void help_exit_codes(struct sb *b, json_t *data)
{
    json_t *rows = json_array();
    js_set(data, "exit_codes", rows);
    sb_add(b, "code  name                 try again  what may have changed\n");
    for (int k = 0; k < ERR__MAX; k++) {
        enum err_kind kind = (enum err_kind)k;
        json_t *o = json_object();
        js_set_int(o, "code", err_exit_code(kind));
        js_set_str(o, "name", err_kind_name(kind));
        js_set_bool(o, "retryable", err_kind_retryable(kind));
        js_set_str(o, "side_effects", err_side_effects(kind));
        json_array_append_new(rows, o);
        sb_addf(b, "%4d  %-20s %-10s %s\n", err_exit_code(kind), err_kind_name(kind),
                err_kind_retryable(kind) ? "yes" : "no", err_side_effects(kind));
    }
}

/* ---- the manual page, mdoc ---- */

/* mdoc gives a meaning to a leading dot or quote and to backslashes. */
static void mdoc_text(struct sb *b, const char *text)
{
    if (*text == '.' || *text == '\'')
        sb_add(b, "\\&");
    for (; *text; text++) {
        if (*text == '\\')
            sb_add(b, "\\e");
        else if (!strncmp(text, ". ", 2) && text[2] >= 'A' &&
                 text[2] <= 'Z') { /* a new sentence begins on a new line */
            sb_add(b, ".\n");
            text++;
        } else
            sb_addc(b, *text);
    }
    sb_addc(b, '\n');
}

static void mdoc_opt(struct sb *b, const struct opt *o)
{
    sb_add(b, ".It ");
    if (o->letter)
        sb_addf(b, "Fl %c%s%s , ", o->letter, o->value ? " Ar " : "", o->value ? o->value : "");
    sb_addf(b, "Fl -%s%s%s\n", o->name, o->value ? " Ar " : "", o->value ? o->value : "");
    mdoc_text(b, o->help);
}

static void mdoc_command(struct sb *b, const struct command *c)
{
    sb_addf(b, ".It Cm %s", c->name);
    if (*c->args)
        sb_addf(b, " Ar %s", c->args);
    sb_addc(b, '\n');
    AUTO_FREE char *first = mem_dup(c->help);
    if (first[0] >= 'a' && first[0] <= 'z')
        first[0] = (char)(first[0] - 'a' + 'A');
    sb_addf(b, "%s.\n", first);
    if (c->detail)
        mdoc_text(b, c->detail);
    if (!c->opts)
        return;
    sb_add(b, ".Bl -tag -width Ds\n");
    for (const struct opt *o = c->opts; o->name; o++)
        mdoc_opt(b, o);
    sb_add(b, ".El\n");
}

static void man_page(struct sb *b)
{
    sb_add(b, ".Dd November 21, 2026\n.Dt ZAGENT 1\n.Os\n.Sh NAME\n.Nm zagent\n.Nd plan and apply for Zoho CRM\n.Sh "
              "SYNOPSIS\n.Nm\n"
              ".Op Ar options\n.Ar command\n.Op Ar arguments\n.Sh DESCRIPTION\n.Nm\n"
              "reads what a business wrote down, compares it with a Zoho CRM org and makes one ordered plan over "
              "machine steps and hand "
              "steps.\nMachine steps it applies, reads back and logs.\nHand steps become a guide that is verified "
              "afterwards.\n.Pp\n"
              "The options of every command are:\n.Bl -tag -width Ds\n");
    for (const struct opt *o = global_opts; o->name; o++)
        mdoc_opt(b, o);
    sb_add(b, ".El\n.Pp\nThe commands are:\n.Bl -tag -width Ds\n");
    for (size_t i = 0; i < commands_n; i++)
        mdoc_command(b, &commands[i]);
    sb_add(b, ".El\n.Sh ENVIRONMENT\n.Bl -tag -width SOURCE_DATE_EPOCH\n.It Ev NO_COLOR\nNo colour.\n.It Ev "
              "SOURCE_DATE_EPOCH\n"
              "The time that a run sees, for reproducible output.\n.It Ev XDG_STATE_HOME\nWhere credentials and tokens "
              "are kept.\n"
              ".It Ev ZAGENT_ACTOR\nWho acts, for the log.\n.El\n.Sh FILES\n.Bl -tag -width Ds\n.It Pa "
              "zagent.yaml\nThe project: its orgs, "
              "never hosts, keys or commands.\n.It Pa context/\nWhat the business knows.\n.It Pa templates/ Ns Ar NAME "
              "Ns Pa /playbook.yaml\n"
              "A playbook.\n.It Pa generated/ Ns Ar NAME Ns Pa /guide.html\nThe guide for the steps only a person can "
              "do.\n.It Pa BUILD_LOG.md\n"
              "What every run did, chained.\n.It Pa .zagent/\nThe journal, saved plans, the sandbox.\n.It Pa HALT\n"
              "While this file exists nothing is changed.\n.El\n.Sh EXIT STATUS\n.Bl -tag -width Ds\n");
    for (int k = 0; k < ERR__MAX; k++)
        sb_addf(b, ".It %d\n%s; what may have changed: %s.\n", err_exit_code((enum err_kind)k),
                err_kind_name((enum err_kind)k), err_side_effects((enum err_kind)k));
    sb_add(b, ".El\n.Sh EXAMPLES\n.Bd -literal -offset indent\nzagent init --example demo && cd demo\nzagent "
              "plan\nzagent apply --dry-run\n"
              "zagent apply\n.Ed\n");
}

/* ---- completion ---- */

static void words_of(struct sb *b, const char *prefix, size_t words)
{
    for (size_t i = 0; i < commands_n; i++) {
        const char *n = commands[i].name, *space = strchr(n, ' ');
        size_t len = strlen(prefix);
        if (words == 1) {
            AUTO_FREE char *first = mem_dupn(n, space ? (size_t)(space - n) : strlen(n));
            AUTO_FREE char *probe = mem_printf(" %s ", first);
            AUTO_FREE char *have = mem_printf(" %s ", b->buf);
            if (!strstr(have, probe))
                sb_addf(b, "%s%s", b->len ? " " : "", first);
        } else if (space && !strncmp(n, prefix, len) && n[len] == ' ') {
            sb_addf(b, "%s%s", b->len ? " " : "", space + 1);
        }
    }
}

static void opts_of(struct sb *b, const struct command *c)
{
    for (const struct opt *o = c ? c->opts : NULL; o && o->name; o++)
        sb_addf(b, "%s--%s", b->len ? " " : "", o->name);
    for (const struct opt *o = global_opts; o->name; o++)
        sb_addf(b, "%s--%s", b->len ? " " : "", o->name);
}

static void bash_completion(struct sb *b)
{
    AUTO_SB struct sb first = SB_INIT(4000);
    words_of(&first, "", 1);
    sb_addf(b,
            "# bash completion for zagent: eval \"$(zagent completion bash)\"\n_zagent()\n{\n    local "
            "cur=${COMP_WORDS[COMP_CWORD]} "
            "one=${COMP_WORDS[1]} two=\"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" words=\n    if [ \"$COMP_CWORD\" -eq 1 ]; "
            "then\n"
            "        words='%s'\n    else\n        case $two in\n",
            first.buf);
    for (size_t i = 0; i < commands_n; i++) {
        AUTO_SB struct sb o = SB_INIT(4000);
        if (!strchr(commands[i].name, ' '))
            continue;
        opts_of(&o, &commands[i]);
        sb_addf(b, "        '%s') words='%s' ;;\n", commands[i].name, o.buf);
    }
    sb_add(b, "        esac\n        [ -n \"$words\" ] || case $one in\n");
    AUTO_FREE char *last = mem_dup("");
    for (size_t i = 0; i < commands_n; i++) {
        AUTO_SB struct sb w = SB_INIT(4000);
        const char *space = strchr(commands[i].name, ' ');
        AUTO_FREE char *one =
            mem_dupn(commands[i].name, space ? (size_t)(space - commands[i].name) : strlen(commands[i].name));
        if (!strcmp(one, last))
            continue;
        if (space)
            words_of(&w, one, 2);
        else
            opts_of(&w, &commands[i]);
        sb_addf(b, "        %s) words='%s' ;;\n", one, w.buf);
        free(last);
        last = mem_dup(one);
    }
    sb_add(b, "        esac\n        if [ \"${cur#-}\" = \"$cur\" ] && [ -d templates ] && case $one in "
              "plan|apply|show|verify|off|on|guide) : ;; "
              "*) false ;; esac; then\n            words=\"$words $(cd templates && ls -d [a-z]*/ 2>/dev/null | tr -d "
              "/)\"\n        fi\n    fi\n"
              "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -F _zagent zagent\n");
}

/* fish knows two escapes between single quotes: \\' and \\\\. */
static void fish_text(struct sb *b, const char *text)
{
    sb_add(b, " -d '");
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            sb_addc(b, '\\');
        sb_addc(b, *text);
    }
    sb_add(b, "'\n");
}

static void fish_opt(struct sb *b, const char *under, const struct opt *o)
{
    sb_add(b, "complete -c zagent");
    if (under)
        sb_addf(b, " -n '__fish_seen_subcommand_from %s'", under);
    sb_addf(b, " -l %s", o->name);
    if (o->letter)
        sb_addf(b, " -s %c", o->letter);
    fish_text(b, o->help);
}

static void fish_completion(struct sb *b)
{
    sb_add(b, "# fish completion for zagent: zagent completion fish | source\ncomplete -c zagent -f\n");
    for (const struct opt *o = global_opts; o->name; o++)
        fish_opt(b, NULL, o);
    for (size_t i = 0; i < commands_n; i++) {
        const char *space = strchr(commands[i].name, ' ');
        AUTO_FREE char *one =
            mem_dupn(commands[i].name, space ? (size_t)(space - commands[i].name) : strlen(commands[i].name));
        sb_addf(b, "complete -c zagent -n '__fish_use_subcommand' -a %s", one);
        if (space)
            sb_addf(b, "\ncomplete -c zagent -n '__fish_seen_subcommand_from %s' -a %s", one, space + 1);
        fish_text(b, commands[i].help);
        for (const struct opt *o = commands[i].opts; o && o->name; o++)
            fish_opt(b, one, o);
    }
}

int cmd_completion(struct app *a, struct err *e)
{
    AUTO_SB struct sb b = SB_INIT(1 << 18);
    const char *shell = a->args[0];
    if (!strcmp(shell, "bash")) {
        bash_completion(&b);
    } else if (!strcmp(shell, "zsh")) {
        sb_add(&b, "#compdef zagent\n# zsh completion for zagent: it speaks bash's through bashcompinit\nautoload -U "
                   "+X bashcompinit && bashcompinit\n");
        bash_completion(&b);
    } else if (!strcmp(shell, "fish")) {
        fish_completion(&b);
    } else {
        err_set(e, ERR_USAGE, "no completion for '%s'", shell);
        return err_fix(e, "one of bash, zsh, fish");
    }
    if (sb_check(&b, "completion", e) < 0)
        return -1;
    js_set_str(a->data, "script", b.buf);
    app_write(a, b.buf);
    return 0;
}

int cmd_help(struct app *a, struct err *e)
{
    AUTO_SB struct sb b = SB_INIT(1 << 18);
    AUTO_FREE char *name =
        a->n_args > 1 ? mem_printf("%s %s", a->args[0], a->args[1]) : mem_dup(a->n_args ? a->args[0] : "");
    const struct command *c = command_find(name);
    if (c)
        help_one(&b, c);
    else if (!*name)
        help_all(&b);
    else if (!strcmp(name, "exit-codes"))
        help_exit_codes(&b, a->data);
    else if (!strcmp(name, "man"))
        man_page(&b);
    else {
        /* A noun alone: its commands. */
        size_t len = strlen(name);
        for (size_t i = 0; i < commands_n; i++)
            if (!strncmp(commands[i].name, name, len) && commands[i].name[len] == ' ')
                sb_addf(&b, "  zagent %-22s %s\n", commands[i].name, commands[i].help);
        if (!b.len) {
            err_set(e, ERR_USAGE, "no help on '%s'", name);
            return err_fix(e, "see 'zagent help'");
        }
    }
    if (sb_check(&b, "help", e) < 0)
        return -1;
    js_set_str(a->data, "text", b.buf);
    app_write(a, b.buf);
    return 0;
}

int cmd_version(struct app *a, struct err *e)
{
    (void)e;
    js_set_str(a->data, "version", ZAGENT_VERSION);
    app_print(a, "zagent %s\n", ZAGENT_VERSION);
    return 0;
}
