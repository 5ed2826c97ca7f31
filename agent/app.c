#include "agent/command.h"

#include <assert.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/text.h"

static const struct opt *declared(const struct app *a, const char *name)
{
    const struct opt *tables[] = {a->cmd ? a->cmd->opts : NULL, global_opts};
    for (size_t t = 0; t < 2; t++)
        for (const struct opt *o = tables[t]; o && o->name; o++)
            if (!strcmp(o->name, name))
                return o;
    return NULL;
}

bool app_flag(const struct app *a, const char *name)
{
    assert(declared(a, name) && declared(a, name)->kind == OPT_FLAG);
    return js_bool(a->opts, name, false);
}

const char *app_text(const struct app *a, const char *name, const char *fallback)
{
    assert(declared(a, name) && declared(a, name)->kind == OPT_TEXT);
    return js_str_or(a->opts, name, fallback);
}

int64_t app_int(const struct app *a, const char *name, int64_t fallback)
{
    assert(declared(a, name) && declared(a, name)->kind == OPT_INT);
    return js_int(a->opts, name, fallback);
}

const json_t *app_list(const struct app *a, const char *name)
{
    assert(declared(a, name) && declared(a, name)->kind == OPT_LIST);
    return js_arr(a->opts, name);
}

static void emit(FILE *f, const char *text, bool clean)
{
    AUTO_FREE char *safe = secret_redact(text);
    if (!clean) {
        fputs(safe, f);
        return;
    }
    AUTO_FREE char *shown = text_clean(safe, true);
    fputs(shown, f);
}

/* Our own colour codes must survive the cleaning, so they are private marks in the text until here. */
static const struct {
    const char *name, *mark, *code;
} paints[] = {
    {"red", "\x01r", "\x1b[31m"},
    {"green", "\x01g", "\x1b[32m"},
    {"yellow", "\x01y", "\x1b[33m"},
    {"bold",
     "\x01"
     "b",
     "\x1b[1m"},
    {"dim",
     "\x01"
     "d",
     "\x1b[2m"},
    {NULL, "\x01e", "\x1b[0m"},
};

const char *app_paint(const struct app *a, const char *color)
{
    if (!a->color)
        return "";
    for (size_t i = 0; i < sizeof paints / sizeof *paints; i++)
        if (color == paints[i].name || (color && paints[i].name && !strcmp(color, paints[i].name)))
            return paints[i].mark;
    return "";
}

/* Splits at our marks: what lies between is cleaned, the marks become codes. */
static void emit_painted(FILE *f, char *text)
{
    char *p = text;
    for (;;) {
        char *mark = strchr(p, '\x01');
        if (mark)
            *mark = '\0';
        if (*p)
            emit(f, p, true);
        if (!mark || !mark[1])
            return;
        for (size_t i = 0; i < sizeof paints / sizeof *paints; i++)
            if (paints[i].mark[1] == mark[1])
                fputs(paints[i].code, f);
        p = mark + 2;
    }
}

static void vprint(const struct app *a, FILE *f, const char *fmt, va_list ap)
{
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    if (a->color)
        emit_painted(f, text);
    else
        emit(f, text, true);
}

void app_print(struct app *a, const char *fmt, ...)
{
    if (a->json)
        return;
    va_list ap;
    va_start(ap, fmt);
    vprint(a, stdout, fmt, ap);
    va_end(ap);
}

void app_write(struct app *a, const char *text)
{
    if (!a->json)
        emit(stdout, text, false);
}

void app_say(struct app *a, const char *fmt, ...)
{
    if (a->quiet)
        return;
    fflush(stdout); /* both may end in one file: in the order they were said */
    va_list ap;
    va_start(ap, fmt);
    vprint(a, stderr, fmt, ap);
    va_end(ap);
}

void app_warn(struct app *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    js_push_str(a->warnings, text);
    app_say(a, "%swarning:%s %s\n", app_paint(a, "yellow"), app_paint(a, NULL), text);
}

char *address_for_people(const char *address)
{
    char *plain = text_percent_decode(address);
    char *slash = plain ? strchr(plain, '/') : NULL;
    if (slash)
        *slash = ' ';
    return plain ? plain : mem_dup(address);
}

void add_column(struct sb *b, const char *text, size_t width)
{
    size_t w = text_width(text);
    sb_add(b, text);
    for (size_t n = w < width ? width - w + 2 : 2; n; n--)
        sb_addc(b, ' ');
}

int app_confirm(struct app *a, const char *question, const char *must_type, struct err *e)
{
    if (a->no_input || !isatty(STDIN_FILENO)) {
        err_set(e, ERR_REFUSED, "nobody to ask: %s", question);
        return err_fix(e, "add --yes to say yes in a script");
    }
    const char *want = must_type ? must_type : "yes";
    fflush(stdout);
    app_say(a, "%s\nType %s%s%s to go on: ", question, app_paint(a, "bold"), want, app_paint(a, NULL));
    AUTO_FREE char *line = NULL;
    size_t cap = 0;
    ssize_t n = getline(&line, &cap, stdin);
    if (n > 0 && line[n - 1] == '\n')
        line[n - 1] = '\0';
    if (n > 0 && !strcmp(line, want))
        return 0;
    err_set(e, ERR_REFUSED, "not confirmed: nothing was changed");
    return err_fix(e, "run the same command again and type %s", want);
}
