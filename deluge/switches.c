#include "deluge/switches.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

const struct dg_switch_row dg_switch_rows[DG_SW__MAX] = {
#define X(id, name, strict, other, source) {name, strict, other, source},
    DG_SWITCHES(X)
#undef X
};

int dg_switch_set(struct dg_switches *s, const char *text, struct err *e)
{
    const char *names[DG_SW__MAX], *eq = strrchr(text, '=');
    for (size_t i = 0; i < DG_SW__MAX; i++) {
        const struct dg_switch_row *row = &dg_switch_rows[i];
        names[i] = row->name;
        size_t n = strlen(row->name);
        if (!eq || (size_t)(eq - text) != n || strncmp(text, row->name, n) != 0)
            continue;
        if (strcmp(eq + 1, row->strict) != 0 && strcmp(eq + 1, row->other) != 0) {
            err_set(e, ERR_USAGE, "switch %s has no position '%s'", row->name, eq + 1);
            return err_fix(e, "write %s=%s (strict) or %s=%s", row->name, row->strict, row->name, row->other);
        }
        s->other[i] = !strcmp(eq + 1, row->other);
        return 0;
    }
    err_set(e, ERR_USAGE, "'%s' is not a switch of the interpreter", text);
    AUTO_FREE char *name = mem_dupn(text, eq ? (size_t)(eq - text) : strlen(text));
    const char *near = text_nearest(name, names, DG_SW__MAX);
    return near ? err_fix(e, "did you mean %s?", near) : err_fix(e, "'zagent deluge run --help' lists them");
}
