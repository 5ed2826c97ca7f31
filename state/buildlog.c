#include "state/buildlog.h"

#include <errno.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/sb.h"
#include "base/secret.h"
#include "base/text.h"
#include "state/chain.h"

static const char file_head[] = "# Build log\n\n"
                                "What was done in this org, run by run; the newest run is last. zagent writes this "
                                "file and `zagent log --check` finds any edit.\n";

/* Redacted, cleaned, on one line, and unable to open markup, a table cell, HTML, a link or an autolink. */
static void add_text(struct sb *b, const char *text)
{
    AUTO_FREE char *safe = secret_redact(text);
    AUTO_FREE char *clean = text_clean(safe, true);
    for (const char *p = clean; *p; p++) {
        if (*p == '\n' || *p == '\t') {
            sb_addc(b, ' ');
            continue;
        }
        if (strchr("\\`*_[]<>&|~#", *p) || (*p == ':' && p[1] == '/'))
            sb_addc(b, '\\');
        sb_addc(b, *p);
    }
}

/* An address as people read it: decoded, in a code span where its characters allow; anything else is plain escaped text. */
static void add_address(struct sb *b, const char *address)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/% (),:&=";
    AUTO_FREE char *safe = secret_redact(address);
    AUTO_FREE char *decoded = text_percent_decode(safe);
    const char *shown = decoded ? decoded : safe;
    if (*shown && shown[strspn(shown, plain)] == '\0')
        sb_addf(b, "`%s`", shown);
    else
        add_text(b, shown);
}

static void add_cell(struct sb *b, const json_t *row, const char *key)
{
    const json_t *v = json_object_get(row, key);
    sb_add(b, " | ");
    if (json_is_string(v)) {
        add_text(b, json_string_value(v));
    } else if (v && !json_is_null(v)) {
        AUTO_FREE char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_SORT_KEYS);
        if (text)
            add_text(b, text);
    }
}

static void add_rows(struct sb *b, const struct buildlog_run *r)
{
    if (!json_array_size(r->rows))
        return;
    sb_add(b, "\n| step | what | outcome | detail | by | at |\n| --- | --- | --- | --- | --- | --- |\n");
    size_t i;
    const json_t *row;
    json_array_foreach (r->rows, i, row) {
        sb_add(b, "| ");
        add_address(b, js_str_or(row, "address", ""));
        static const char *const keys[] = {"title", "outcome", "detail", "by"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            add_cell(b, row, keys[k]);
        char at[CLOCK_TEXT] = "";
        int64_t t = js_int(row, "at", -1);
        if (t >= 0)
            clock_local(t, r->zone, 1, at);
        sb_addf(b, " | %s |\n", at);
    }
}

/* What the third sentence leads to, by command; anything else is switched off. */
static const char *way_back(const char *command)
{
    static const char *const words[][2] = {
        {"off", "To switch it on again"}, {"not by zagent", "To put it back"}, {"drift accepted", "To take that back"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(command, words[i][0]))
            return words[i][1];
    return "To switch it off";
}

static void add_section(struct sb *b, const struct buildlog_run *r, const char *other_journal)
{
    char at[CLOCK_TEXT];
    clock_local(r->at, r->zone, 0, at);
    sb_addf(b, "\n## R%lld · ", (long long)r->run);
    add_text(b, r->command);
    sb_addf(b, " · %s (", at);
    add_text(b, r->zone && *r->zone ? r->zone : "UTC");
    sb_add(b, ")\n\nOrg ");
    add_text(b, r->org);
    if (r->edition && *r->edition) {
        sb_add(b, " (");
        add_text(b, r->edition);
        sb_add(b, ")");
    }
    sb_add(b, strcmp(r->command, "not by zagent") ? ", by " : ", seen by ");
    add_text(b, r->actor);
    sb_add(b, ".\n\n");
    if (other_journal)
        sb_addf(b,
                "A new journal begins here: the runs above were written from journal %s, which this one cannot "
                "confirm.\n\n",
                other_journal);
    const char *const label[3] = {"Different", "Open", way_back(r->command)};
    for (int i = 0; i < 3; i++) {
        sb_addf(b, "- **%s:** ", label[i]);
        add_text(b, r->sentence[i] && *r->sentence[i] ? r->sentence[i] : "nothing.");
        sb_addc(b, '\n');
    }
    add_rows(b, r);
    sb_addc(b, '\n');
}

/* What stands after the last closing comment was cut off while it was written: it is set aside, not lost. */
static int set_tail_aside(const struct fs_root *project, const char *tail, size_t len, char **notice, struct err *e)
{
    char hex[65];
    digest_sha256(tail, len, hex);
    AUTO_FREE char *name = mem_printf("BUILD_LOG.torn-%.8s.md", hex);
    if (fs_write_in(project, name, tail, len, 0644, e) < 0)
        return -1;
    if (notice)
        *notice = mem_printf(
            "BUILD_LOG.md ended in %zu bytes without a closing line (a run that was killed while writing, or an "
            "edit); they were moved to %s",
            len, name);
    return 0;
}

static int read_log(const struct fs_root *project, char **text, size_t *len, struct err *e)
{
    struct err absent = {0};
    if (fs_read_in(project, "BUILD_LOG.md", BUILDLOG_MAX_BYTES, text, len, &absent) == 0)
        return 0;
    if (absent.kind == ERR_NOT_FOUND) {
        *text = mem_dup("");
        *len = 0;
        return 0;
    }
    if (e)
        *e = absent;
    return -1;
}

int buildlog_writable(const struct fs_root *project, struct err *e)
{
    AUTO_FREE char *old = NULL;
    size_t len = 0;
    int rc = read_log(project, &old, &len, e);
    if (rc == 0 && len)
        rc = fs_append_in(project, "BUILD_LOG.md", "", 0, 0644, e);
    else if (rc == 0 && access(project->path, W_OK) < 0)
        rc = err_errno(e, errno, project->path, "BUILD_LOG.md cannot be made in this folder");
    return rc < 0 ? err_fix(e, "make BUILD_LOG.md an ordinary file you may write; without a log nothing is applied")
                  : 0;
}

int buildlog_append(const struct fs_root *project, const struct buildlog_run *r, const char *journal_id, char **notice,
                    struct err *e)
{
    if (notice)
        *notice = NULL;
    AUTO_FREE char *old = NULL;
    size_t len = 0;
    if (read_log(project, &old, &len, e) < 0)
        return -1;
    struct chain_link last = CHAIN_START;
    size_t kept = chain_end(old, len, &last);
    bool other = kept > 0 && strcmp(last.journal, journal_id) != 0;

    AUTO_SB struct sb b = SB_INIT(BUILDLOG_MAX_BYTES);
    if (kept == 0)
        sb_add(&b, file_head);
    add_section(&b, r, other ? last.journal : NULL);
    struct chain_link link = {.run = r->run};
    snprintf(link.journal, sizeof link.journal, "%s", journal_id);
    memcpy(link.prev, last.sha256, sizeof link.prev);
    chain_seal(&link, b.buf, b.len);
    chain_print(&link, &b);
    if (sb_check(&b, "BUILD_LOG.md", e) < 0)
        return -1;
    if (kept == len)
        return fs_append_in(project, "BUILD_LOG.md", b.buf, b.len, 0644, e);
    if (set_tail_aside(project, old + kept, len - kept, notice, e) < 0)
        return -1;
    AUTO_SB struct sb whole = SB_INIT(BUILDLOG_MAX_BYTES);
    sb_addn(&whole, old, kept);
    sb_addn(&whole, b.buf, b.len);
    if (sb_check(&whole, "BUILD_LOG.md", e) < 0)
        return -1;
    return fs_write_in(project, "BUILD_LOG.md", whole.buf, whole.len, 0644, e);
}
