/* sandbox/fault.c — reading fault rules and matching requests. */
#include "sandbox/fault.h"

static int bad(struct err *e, const char *word)
{
    err_set(e, ERR_USAGE, "'%s' is not part of a fault rule", word);
    return err_fix(e, "write e.g. 'POST /settings/fields nth=2 after-commit drop'");
}

/* "nth=2" → 2; false when the word is another or no number follows. */
static bool number(const char *w, const char *key, int *out)
{
    char *end;
    size_t n = strlen(key);
    if (strncmp(w, key, n) != 0) {
        return false;
    }
    long v = strtol(w + n, &end, 10);
    if (end == w + n || *end || v < 0 || v > 1000000) {
        return false;
    }
    *out = (int)v;
    return true;
}

static int word_of(struct fault *f, int index, const char *w, struct err *e)
{
    if (index == 0) {
        snprintf(f->method, sizeof f->method, "%s", w);
    } else if (index == 1) {
        snprintf(f->path, sizeof f->path, "%s", w);
    } else if (strcmp(w, "after-commit") == 0) {
        f->after_commit = true;
    } else if (strcmp(w, "drop") == 0) {
        f->drop = true;
    } else if (strcmp(w, "garbage") == 0) {
        f->garbage = true;
    } else if (!number(w, "nth=", &f->nth) && !number(w, "status=", &f->status) && !number(w, "delay=", &f->delay_ms) &&
               strcmp(w, "before-commit") != 0) {
        return bad(e, w);
    }
    return 0;
}

static int one(struct fault *f, const char *rule, size_t len, struct err *e)
{
    *f = (struct fault){.nth = 1};
    int words = 0;
    for (size_t i = 0; i < len;) {
        i += strspn(rule + i, " ");
        size_t n = strcspn(rule + i, " ;");
        if (i >= len || n == 0) {
            break;
        }
        char w[FAULT_TEXT];
        snprintf(w, sizeof w, "%.*s", (int)n, rule + i);
        if (word_of(f, words++, w, e)) {
            return -1;
        }
        i += n;
    }
    if (words < 3 || (!f->drop && !f->garbage && !f->status && !f->delay_ms)) {
        return bad(e, rule);
    }
    return 0;
}

int faults_parse(struct faults *f, const char *text, struct err *e)
{
    f->n = 0;
    while (text && *text) {
        size_t n = strcspn(text, ";");
        if (n > strspn(text, " ")) {
            if (f->n == FAULT_MAX) {
                return err_set(e, ERR_LIMIT, "more than %d fault rules", FAULT_MAX);
            }
            if (one(&f->item[f->n++], text, n, e)) {
                return -1;
            }
        }
        text += n + (text[n] == ';');
    }
    return 0;
}

const struct fault *faults_hit(struct faults *f, const char *method, const char *path)
{
    const struct fault *hit = NULL;
    for (int i = 0; i < f->n; i++) {
        struct fault *r = &f->item[i];
        if ((strcmp(r->method, "*") != 0 && strcmp(r->method, method) != 0) ||
            (strcmp(r->path, "*") != 0 && !strstr(path, r->path))) {
            continue;
        }
        r->seen++;
        if (!hit && (r->nth == 0 || r->seen == r->nth)) {
            hit = r;
        }
    }
    return hit;
}
