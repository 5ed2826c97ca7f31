#include "agent/audit/accepted.h"

#include <string.h>

#include "agent/audit/rules.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/sb.h"

enum { COLUMNS = 5 };
static const char *const columns[COLUMNS] = {"rule", "address", "reason", "by", "until"};

/* The cells of "| a | b |", trimmed; a bar in a cell is \|. */
static size_t cells_of(const char *line, size_t n, char *cell[COLUMNS])
{
    size_t count = 0, i = 1;
    while (i < n && count < COLUMNS) {
        AUTO_SB struct sb b = SB_INIT(4096);
        for (; i < n && line[i] != '|'; i++) {
            if (line[i] == '\\' && i + 1 < n && line[i + 1] == '|')
                i++;
            sb_addc(&b, line[i]);
        }
        i++;
        const char *from = b.buf + strspn(b.buf, " `");
        size_t len = strlen(from);
        while (len && (from[len - 1] == ' ' || from[len - 1] == '`'))
            len--;
        cell[count++] = mem_dupn(from, len);
    }
    return count;
}

static int check_row(const json_t *row, const char *name, struct err *e)
{
    const char *rule = js_str_or(row, "rule", ""), *until = js_str_or(row, "until", "");
    long long line = (long long)js_int(row, "line", 0);
    int64_t day;
    struct err quiet = {0};
    if (!audit_rule_find(rule)) {
        err_set(e, ERR_CONFIG, "no rule of the audit is called '%.40s'", rule);
        err_at(e, "%s:%lld", name, line);
        return err_fix(e, "take the rule and the address as the report prints them");
    }
    if (!*js_str_or(row, "reason", "")) {
        err_set(e, ERR_CONFIG, "an accepted finding needs its reason");
        err_at(e, "%s:%lld", name, line);
        return err_fix(e, "write why it may stay, in the column Reason");
    }
    if (*until && (strlen(until) != 10 || clock_parse(until, &day, &quiet) < 0)) {
        err_set(e, ERR_CONFIG, "'%.40s' is no day", until);
        err_at(e, "%s:%lld", name, line);
        return err_fix(e, "write Until as 2027-01-31, or leave it empty");
    }
    return 0;
}

json_t *accepted_read(const char *text, const char *name, struct err *e)
{
    json_t *rows = json_array();
    int64_t number = 0;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, "\n");
        char *cell[COLUMNS] = {0};
        number++;
        if (*p == '|' && strncmp(p, "|--", 3) != 0 && strncmp(p, "| --", 4) != 0) {
            size_t count = cells_of(p, n, cell);
            if (count >= 2 && strcmp(cell[0], "Rule") != 0) {
                json_t *row = json_object();
                for (size_t i = 0; i < COLUMNS; i++)
                    js_set_str(row, columns[i], cell[i] ? cell[i] : "");
                js_set_int(row, "line", number);
                js_set_bool(row, "used", false);
                json_array_append_new(rows, row);
            }
        }
        for (size_t i = 0; i < COLUMNS; i++)
            free(cell[i]);
        if (json_array_size(rows) && js_int(json_array_get(rows, json_array_size(rows) - 1), "line", 0) == number &&
            check_row(json_array_get(rows, json_array_size(rows) - 1), name, e) < 0) {
            json_decref(rows);
            return NULL;
        }
        p += n + (p[n] == '\n');
    }
    return rows;
}

static bool fits(const json_t *row, const json_t *finding, int64_t now)
{
    const char *address = js_str_or(row, "address", ""), *of = js_str_or(finding, "address", ""),
               *until = js_str_or(row, "until", "");
    size_t n = strlen(address);
    int64_t day = 0;
    struct err quiet = {0};
    if (*until && clock_parse(until, &day, &quiet) == 0 && now >= day + 86400)
        return false;
    bool same = n && address[n - 1] == '*' ? strncmp(address, of, n - 1) == 0 : strcmp(address, of) == 0;
    return same && !strcmp(js_str_or(row, "rule", ""), js_str_or(finding, "rule", ""));
}

void accepted_mark(json_t *rows, json_t *findings, int64_t now)
{
    json_t *f, *row;
    size_t i, k;
    json_array_foreach (findings, i, f)
        json_array_foreach (rows, k, row)
            if (fits(row, f, now)) {
                js_set_str(f, "accepted", js_str_or(row, "reason", ""));
                js_set_bool(row, "used", true);
            }
}

static void add_cell(struct sb *b, const char *text)
{
    sb_add(b, "| ");
    for (const char *p = text; *p; p++) {
        if (*p == '|')
            sb_addc(b, '\\');
        sb_addc(b, *p == '\n' ? ' ' : *p);
    }
    sb_addc(b, ' ');
}

static void add_row(struct sb *b, const char *rule, const char *address, const char *reason, const char *by,
                    const char *until)
{
    const char *const cell[COLUMNS] = {rule, address, reason, by, until};
    for (size_t i = 0; i < COLUMNS; i++)
        add_cell(b, cell[i]);
    sb_add(b, "|\n");
}

char *accepted_write(const json_t *rows, const json_t *findings, const char *reason, const char *by)
{
    AUTO_SB struct sb b = SB_INIT(16 << 20);
    const json_t *row, *f;
    size_t i;
    sb_add(&b, "# Findings that may stay\n\nOne row a finding that 'zagent audit report' shall not count as news. An "
               "address may "
               "end in `*`; after Until it is news again.\n\n| Rule | Address | Reason | By | Until |\n| --- | --- | "
               "--- | --- | "
               "--- |\n");
    json_array_foreach (rows, i, row)
        add_row(&b, js_str_or(row, "rule", ""), js_str_or(row, "address", ""), js_str_or(row, "reason", ""),
                js_str_or(row, "by", ""), js_str_or(row, "until", ""));
    json_array_foreach (findings, i, f)
        if (!js_str(f, "accepted"))
            add_row(&b, js_str_or(f, "rule", ""), js_str_or(f, "address", ""), reason, by, "");
    return mem_dup(b.buf);
}
