/* sandbox/fault.c — reading fault rules and matching requests. */
#include "sandbox/fault.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const struct {
    const char *name, *argument;
} actions[] = {
#define X(name, argument, what) {#name, argument},
    FAULT_ACTIONS(X)
#undef X
};
enum { ACTIONS = sizeof actions / sizeof *actions, WORDS = ACTIONS + 5 };

struct reading {
    const char *whole; /* the text the user gave */
    struct err *e;
};

static int bad(const struct reading *r, const char *at, const char *word)
{
    const char *known[WORDS] = {"nth", "every", "before-commit", "after-commit", "retry-after"};
    for (size_t i = 0; i < ACTIONS; i++) {
        known[i + 5] = actions[i].name;
    }
    AUTO_FREE char *stem = mem_dupn(word, strcspn(word, "="));
    const char *near = text_nearest(stem, known, WORDS);
    err_set(r->e, ERR_USAGE, "'%s' is not part of a fault rule", word);
    err_at(r->e, "column %zu of '%s'", (size_t)(at - r->whole) + 1, r->whole);
    return err_fix(r->e, "write e.g. 'POST /settings/fields nth=2 after-commit drop'%s%s",
                   near ? "; did you mean " : "", near ? near : "");
}

/* "nth=2" → 2; false when the word is another or no number follows. */
static bool number(const char *w, const char *key, int *out)
{
    char *end;
    size_t n = strlen(key);
    if (strncmp(w, key, n) != 0 || w[n] != '=') {
        return false;
    }
    long v = strtol(w + n + 1, &end, 10);
    if (end == w + n + 1 || *end || v < -1000000 || v > 1000000) {
        return false;
    }
    *out = (int)v;
    return true;
}

static bool is_action(struct fault *f, const char *w)
{
    for (size_t i = 0; i < ACTIONS; i++) {
        size_t n = strlen(actions[i].name);
        const char *argument = actions[i].argument;
        bool fits = *argument == '\0'               ? strcmp(w, actions[i].name) == 0
                    : strcmp(argument, "=KEY") == 0 ? strncmp(w, "forget=", 7) == 0 && w[7]
                                                    : number(w, actions[i].name, &f->number);
        if (!fits) {
            continue;
        }
        if (i == FAULT_delay) {
            f->delay_ms = f->number;
            return f->delay_ms >= 0;
        }
        if (f->action != FAULT__NONE) { /* one a rule */
            return false;
        }
        f->action = (enum fault_action)i;
        snprintf(f->text, sizeof f->text, "%s", w[n] ? w + n + 1 : "");
        return i != FAULT_status || (f->number >= 400 && f->number < 600);
    }
    return false;
}

static int word_of(struct fault *f, int index, const char *w, const char *at, const struct reading *r)
{
    if (index == 0) {
        snprintf(f->method, sizeof f->method, "%s", w);
        return strspn(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(w) || strcmp(w, "*") == 0 ? 0 : bad(r, at, w);
    }
    if (index == 1) {
        snprintf(f->path, sizeof f->path, "%s", w);
        return *w == '/' || strcmp(w, "*") == 0 ? 0 : bad(r, at, w);
    }
    if (strcmp(w, "after-commit") == 0) {
        f->after_commit = true;
        return 0;
    }
    bool fits = strcmp(w, "before-commit") == 0 || (number(w, "nth", &f->nth) && f->nth >= 0) ||
                (number(w, "every", &f->every) && f->every > 0) ||
                (number(w, "retry-after", &f->retry_after_s) && f->retry_after_s >= 0) || is_action(f, w);
    return fits ? 0 : bad(r, at, w);
}

static int one(struct fault *f, const char *rule, size_t len, const struct reading *r)
{
    *f = (struct fault){.nth = 1, .action = FAULT__NONE};
    int words = 0;
    size_t i = strspn(rule, " "), start = i;
    while (i < len) {
        size_t n = strcspn(rule + i, " ;");
        char w[FAULT_TEXT];
        snprintf(w, sizeof w, "%.*s", (int)n, rule + i);
        if (n >= sizeof w || word_of(f, words++, w, rule + i, r)) {
            return n >= sizeof w ? bad(r, rule + i, w) : -1;
        }
        i += n;
        i += strspn(rule + i, " ");
    }
    AUTO_FREE char *whole = mem_dupn(rule + start, len - start);
    return words >= 3 && (f->action != FAULT__NONE || f->delay_ms) ? 0 : bad(r, rule + start, whole);
}

int faults_parse(struct faults *f, const char *text, struct err *e)
{
    struct reading r = {text, e};
    f->n = 0;
    while (text && *text) {
        size_t n = strcspn(text, ";");
        if (n > strspn(text, " ")) {
            if (f->n == FAULT_MAX) {
                return err_set(e, ERR_LIMIT, "more than %d fault rules", FAULT_MAX);
            }
            if (one(&f->item[f->n++], text, n, &r)) {
                return -1;
            }
        }
        text += n + (text[n] == ';');
    }
    return 0;
}

void faults_release(struct faults *f)
{
    json_decref(f->chaos.calls);
    json_decref(f->hidden);
    *f = (struct faults){0};
}

const struct fault *faults_hit(struct faults *f, const char *method, const char *path, const json_t *query)
{
    const struct fault *hit = NULL;
    for (int i = 0; i < f->n; i++) {
        struct fault *r = &f->item[i];
        if ((strcmp(r->method, "*") != 0 && strcmp(r->method, method) != 0) ||
            (strcmp(r->path, "*") != 0 && !strstr(path, r->path))) {
            continue;
        }
        r->seen++;
        bool now = r->every ? r->seen % r->every == 0 : r->nth == 0 || r->seen == r->nth;
        hit = !hit && now ? r : hit;
    }
    return hit ? hit : chaos_hit(&f->chaos, method, path, query);
}
