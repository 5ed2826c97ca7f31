/* state/buildlog_check.c — reads BUILD_LOG.md back and names each place where the chain does not hold. */
#include "state/buildlog.h"
#include "state/chain.h"

struct check {
    json_t *findings;
    struct chain_link last;
    int64_t runs, segments;
};

__attribute__((format(printf, 3, 4))) static void found(struct check *c, int line, const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *said = mem_vprintf(text, ap);
    va_end(ap);
    json_t *f = json_object();
    js_set_int(f, "line", line);
    js_set_str(f, "text", said);
    json_array_append_new(c->findings, f);
}

static void section(struct check *c, const char *text, size_t len, int first_line, int line, const struct chain_link *l)
{
    struct chain_link want = *l;
    chain_seal(&want, text, len);
    if (strcmp(l->prev, c->last.sha256) != 0)
        found(c, line, "R%lld does not follow the section above it: a section was removed, moved or edited",
              (long long)l->run);
    if (strcmp(l->sha256, want.sha256) != 0)
        found(c, first_line, "the section that ends with R%lld was edited: it does not match its hash",
              (long long)l->run);
    if (c->runs == 0 || strcmp(l->journal, c->last.journal) != 0)
        c->segments++;
    c->runs++;
    c->last = *l;
}

static void tail(struct check *c, const char *text, size_t len, int line)
{
    if (len == 0)
        return;
    found(c, line, "text after R%lld has no closing line: a run was killed while writing, or somebody added it",
          (long long)c->last.run);
    if (memmem(text, len, "\r\n", 2))
        found(c, line,
              "line endings were changed to CRLF, which breaks every hash after R%lld: keep the file as it is (git: * "
              "-text)",
              (long long)c->last.run);
}

int buildlog_check(const char *text, size_t len, const char *journal_id, json_t *findings, json_t *info, struct err *e)
{
    if (len > BUILDLOG_MAX_BYTES) {
        err_set(e, ERR_LIMIT, "the log is larger than %d MiB", BUILDLOG_MAX_BYTES >> 20);
        return err_at(e, "BUILD_LOG.md");
    }
    struct check c = {.findings = findings, .last = CHAIN_START};
    size_t start = 0;
    int line = 1, first_line = 1;
    for (size_t at = 0; at < len; line++) {
        const char *nl = memchr(text + at, '\n', len - at);
        if (!nl)
            break;
        size_t n = (size_t)(nl - text) - at;
        struct chain_link l;
        if (chain_parse(text + at, n, &l)) {
            section(&c, text + start, at - start, first_line, line, &l);
            start = at + n + 1;
            first_line = line + 1;
        }
        at += n + 1;
    }
    tail(&c, text + start, len - start, first_line);
    js_set_int(info, "runs", c.runs);
    js_set_int(info, "segments", c.segments);
    js_set_str(info, "last_sha256", c.last.sha256);
    js_set_str(info, "journal", !journal_id ? "absent" : strcmp(journal_id, c.last.journal) == 0 ? "same" : "other");
    return 0;
}
