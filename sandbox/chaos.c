/* sandbox/chaos.c — failures by chance, the same for the same seed. */
#include <inttypes.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "sandbox/fault.h"

enum { DEFAULT_RATE = 10, MAX_RATE = 90, IN_A_ROW = 2, DELAY_MS = 50 };

int chaos_parse(struct chaos *c, const char *text, struct err *e)
{
    char *end;
    *c = (struct chaos){.rate = DEFAULT_RATE};
    if (!text) {
        return 0;
    }
    c->seed = strtoull(text, &end, 10);
    bool good = end != text && *text != '-';
    if (good && *end == ':') {
        const char *rate = end + 1;
        c->rate = (int)strtol(rate, &end, 10);
        good = end != rate && c->rate >= 1 && c->rate <= MAX_RATE;
    }
    if (!good || *end) {
        err_set(e, ERR_USAGE, "'%s' is not SEED or SEED:RATE", text);
        err_at(e, "column %zu of '%s'", (size_t)(end - text) + 1, text);
        return err_fix(e, "write two whole numbers, e.g. 7:20; RATE is 1 to %d per cent", MAX_RATE);
    }
    c->on = true;
    c->calls = json_object();
    return 0;
}

/* What chance may order. Reads: queries too, although they are sent by POST. */
static const struct row {
    enum fault_action action;
    int weight, number, retry_after_s;
    bool after_commit, reads, writes;
} table[] = {
    {FAULT_drop, 3, 0, 0, false, true, true},         {FAULT_drop, 4, 0, 0, true, false, true},
    {FAULT_cut, 2, 0, 0, true, true, true},           {FAULT_garbage, 1, 0, 0, false, true, true},
    {FAULT_garbage, 2, 0, 0, true, false, true},      {FAULT_mislabel, 1, 0, 0, true, true, true},
    {FAULT_twice, 1, 0, 0, true, true, true},         {FAULT_status, 2, 429, 0, false, true, true},
    {FAULT_status, 2, 429, 1, false, true, true},     {FAULT_status, 2, 500, 0, false, true, true},
    {FAULT_status, 2, 502, 0, false, true, true},     {FAULT_status, 3, 503, 0, false, true, true},
    {FAULT_status, 3, 500, 0, true, false, true},     {FAULT_lie, 2, 0, 0, false, false, true},
    {FAULT_forget, 2, 0, 0, false, false, true},      {FAULT_late, 3, 2, 0, false, false, true},
    {FAULT_expire, 1, 0, 0, false, true, true},       {FAULT_skew, 1, 900, 0, true, true, true},
    {FAULT__NONE, 2, DELAY_MS, 0, false, true, true},
};

/* Optional keys of settings that were seen lost, or whose loss a read-back must find (zoho-api.md 6.6). */
static const char forgotten[] = "tooltip,description,colour_code,sequence_number";

static uint64_t chance(const struct chaos *c, const char *key, int64_t seen)
{
    char hex[65];
    AUTO_FREE char *text = mem_printf("%" PRIu64 "|%s|%" PRId64, c->seed, key, seen);
    digest_sha256(text, strlen(text), hex);
    hex[16] = '\0';
    return strtoull(hex, NULL, 16);
}

static const struct row *row_for(uint64_t n, bool reading)
{
    int all = 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        all += (reading ? table[i].reads : table[i].writes) ? table[i].weight : 0;
    }
    int left = (int)(n % (uint64_t)all);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        left -= (reading ? table[i].reads : table[i].writes) ? table[i].weight : 0;
        if (left < 0) {
            return &table[i];
        }
    }
    return &table[0];
}

static char *call_key(const char *method, const char *path, const json_t *query)
{
    AUTO_FREE char *q = json_dumps(query, JSON_COMPACT | JSON_SORT_KEYS);
    return mem_printf("%s %s %s", method, path, q ? q : "");
}

const struct fault *chaos_hit(struct chaos *c, const char *method, const char *path, const json_t *query)
{
    if (!c->on) {
        return NULL;
    }
    AUTO_FREE char *key = call_key(method, path, query);
    json_t *call = json_object_get(c->calls, key);
    if (!call) {
        call = json_object();
        js_set(c->calls, key, call);
    }
    int64_t seen = js_int(call, "seen", 0), row = js_int(call, "row", 0);
    uint64_t n = chance(c, key, seen);
    bool strikes = row < IN_A_ROW && (int)(n % 100) < c->rate;
    js_set_int(call, "seen", seen + 1);
    js_set_int(call, "row", strikes ? row + 1 : 0);
    if (!strikes) {
        return NULL;
    }
    bool sign_in = strncmp(path, "/oauth/", 7) == 0;
    bool reading = sign_in || strcmp(method, "GET") == 0 || strstr(path, "/coql");
    const struct row *r = row_for(n / 100, reading);
    if (sign_in && (r->action == FAULT_expire || r->after_commit)) {
        return NULL; /* a mint nobody gets counts towards ten in ten minutes */
    }
    c->now = (struct fault){.after_commit = r->after_commit,
                            .action = r->action,
                            .number = r->number,
                            .retry_after_s = r->retry_after_s,
                            .delay_ms = r->action == FAULT__NONE ? r->number : 0};
    snprintf(c->now.text, sizeof c->now.text, "%s", r->action == FAULT_forget ? forgotten : "");
    return &c->now;
}
