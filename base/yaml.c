#include "base/yaml.h"

#include <string.h>

#include "base/fs.h"
#include "base/text.h"
#include "base/yaml_read.h"

enum { BLANK_LINES = 10000 };

/* The longest run of them. libfyaml keeps the pending ones of a block text on the stack (its issue 315): two million
 * end the process. */
static size_t blank_lines(const char *text, size_t len)
{
    size_t run = 0, longest = 0;
    bool blank = true;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n') {
            run = blank ? run + 1 : 0;
            longest = run > longest ? run : longest;
            blank = true;
        } else if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
            blank = false;
        }
    }
    return longest;
}

int yaml_parse(struct yaml *y, const char *text, size_t len, const char *name, struct err *e)
{
    struct err local = {0};
    *y = (struct yaml){NULL, json_object(), mem_dup(name)};
    size_t bad;
    if (len > YAML_MAX_BYTES)
        err_set(&local, ERR_LIMIT, "YAML of %zu bytes is longer than %d", len, (int)YAML_MAX_BYTES);
    else if (blank_lines(text, len) > BLANK_LINES)
        err_set(&local, ERR_LIMIT, "more than %d blank lines one after another", BLANK_LINES);
    else if (!text_utf8_valid(text, len, &bad))
        err_set(&local, ERR_PARSE, "byte %zu is not UTF-8 text", bad + 1);
    else
        yaml_read(y, text, len, &local);
    if (local.kind == ERR_NONE)
        return 0;
    err_at(&local, "%s", name);
    yaml_release(y);
    if (e && e->kind == ERR_NONE)
        *e = local;
    return -1;
}

int yaml_load(struct yaml *y, const char *path, const char *name, struct err *e)
{
    *y = (struct yaml){0};
    AUTO_FREE char *text = NULL;
    size_t len = 0;
    if (fs_read(path, YAML_MAX_BYTES, &text, &len, e) < 0)
        return -1;
    return yaml_parse(y, text, len, name, e);
}

bool yaml_where(const struct yaml *y, const char *pointer, int *line, int *col)
{
    AUTO_FREE char *p = mem_dup(pointer);
    *line = *col = 1;
    for (bool exact = true;; exact = false) {
        json_t *at = json_object_get(y->pos, p);
        if (at) {
            *line = (int)json_integer_value(json_array_get(at, 0));
            *col = (int)json_integer_value(json_array_get(at, 1));
            return exact;
        }
        char *slash = strrchr(p, '/');
        if (!slash)
            return false;
        *slash = '\0';
    }
}

int yaml_err(struct err *e, const struct yaml *y, const char *pointer, enum err_kind kind, const char *what, ...)
{
    va_list ap;
    va_start(ap, what);
    AUTO_FREE char *text = mem_vprintf(what, ap);
    va_end(ap);
    int line, col;
    yaml_where(y, pointer, &line, &col);
    err_set(e, kind, "%s", text);
    return err_at(e, "%s:%d:%d", y->name, line, col);
}

void yaml_release(struct yaml *y)
{
    json_decref(y->root);
    json_decref(y->pos);
    free(y->name);
    *y = (struct yaml){0};
}
