/*
 * Truth of shape: every request of a whole run and every answer to it against Zoho's published OpenAPI files. What no file
 * describes needs a row with its source in shape.c, what differs a row with the reason; a row that explains nothing must go.
 * The listing is build/test-output/shape/listing.txt.
 */
#include <fnmatch.h>
#include <string.h>

#include "tests/agent/shape.h"
#include "tests/agent/shell.h"
#include "tests/oas.h"
#include "tests/test.h"

struct tally {
    struct oas oas;
    json_t *covered;    /* "POST /settings/fields (v8.0-3.1)" → exchanges */
    json_t *without;    /* path as sent → exchanges */
    json_t *deviations; /* line → exchanges */
    json_t *settled;    /* the same, to which only the newer edition objects while the older describes it */
    json_t *known;      /* what an exchange said before → its lines: most are repeated */
};

static void count(json_t *counts, const char *key)
{
    js_set_int(counts, key, js_int(counts, key, 0) + 1);
}

static json_t *body_of(const json_t *x, const char *key)
{
    const char *text = js_str_or(x, key, "");
    return *text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
}

/* What `op` objects to in one part of an exchange, "METHOD PATH PART FINDING". New reference. */
static json_t *part_of(const json_t *x, const struct oas_op *op, const char *part)
{
    AUTO_JSON json_t *found = json_array();
    json_t *lines = json_array(), *f;
    long status = (long)js_int(x, "status", 0);
    size_t i;
    AUTO_JSON json_t *body = body_of(x, !strcmp(part, "answer") ? "response_body" : "body");
    if (!strcmp(part, "query"))
        oas_query(op, js_obj(x, "query"), found);
    else if (!strcmp(part, "request"))
        oas_request(op, body, found);
    else
        oas_response(op, status, body, found);
    json_array_foreach (found, i, f) {
        AUTO_FREE char *code = !strcmp(part, "answer") ? mem_printf("%ld", status) : mem_dup(part);
        AUTO_FREE char *line = mem_printf("%s %s %s", js_str(x, "method"), code, json_string_value(f));
        js_push_str(lines, line);
    }
    return lines;
}

/* The older edition objects to the same place or to one around it. Lines are "METHOD PART PLACE: WHAT". */
static bool objects_too(const json_t *older, const char *line)
{
    size_t i;
    json_t *one;
    json_array_foreach (older, i, one) {
        const char *text = json_string_value(one), *end = strstr(text, ": ");
        size_t n = (size_t)(end - text);
        if (strncmp(text, line, n) == 0 && (line[n] == ':' || line[n] == '.'))
            return true;
    }
    return false;
}

/* {"lines": [], "settled": []}: the second are those to which only one edition objects while the other describes them. */
static json_t *lines_of(const struct oas *oas, const json_t *x, const struct oas_op *op)
{
    static const char *const parts[] = {"query", "request", "answer"};
    struct oas_op old;
    bool both = !strcmp(op->edition, "v8.0-3.1") && oas_find(oas, "v8.0", js_str(x, "method"), js_str(x, "path"), &old);
    json_t *out = json_pack("{s:[],s:[]}", "lines", "settled");
    for (size_t p = 0; p < 3; p++) {
        AUTO_JSON json_t *found = part_of(x, op, parts[p]);
        AUTO_JSON json_t *older = both ? part_of(x, &old, parts[p]) : NULL;
        size_t i;
        json_t *f;
        json_array_foreach (found, i, f) {
            const char *text = json_string_value(f), *rest = strchr(text, ' ');
            AUTO_FREE char *line = mem_printf("%.*s %s%s", (int)(rest - text), text, op->path, rest);
            js_push_str(js_arr(out, both && !objects_too(older, text) ? "settled" : "lines"), line);
        }
    }
    return out;
}

static void check_exchange(struct tally *t, const json_t *x)
{
    struct oas_op op;
    size_t i;
    json_t *line;
    if (!oas_find(&t->oas, NULL, js_str(x, "method"), js_str(x, "path"), &op)) {
        AUTO_FREE char *key = mem_printf("%s %s", js_str(x, "method"), js_str(x, "path"));
        count(t->without, key);
        return;
    }
    AUTO_FREE char *covered = mem_printf("%s %s (%s)", js_str(x, "method"), op.path, op.edition);
    count(t->covered, covered);
    AUTO_JSON json_t *said = json_copy((json_t *)(uintptr_t)x);
    json_object_del(said, "headers");
    json_object_del(said, "response_headers");
    AUTO_FREE char *all = json_dumps(said, JSON_SORT_KEYS);
    json_t *found = json_object_get(t->known, all);
    if (!found) {
        found = lines_of(&t->oas, x, &op);
        json_object_set_new(t->known, all, found);
    }
    json_array_foreach (js_arr(found, "lines"), i, line)
        count(t->deviations, json_string_value(line));
    json_array_foreach (js_arr(found, "settled"), i, line)
        count(t->settled, json_string_value(line));
}

/* ---- the listing ---- */

struct listed {
    int lines, exchanges, unexplained;
};

static struct listed list(FILE *out, const char *title, const json_t *counts, const struct shape_row *rows, size_t n,
                          bool *used)
{
    struct listed sum = {0, 0, 0};
    const char *key;
    json_t *c;
    fprintf(out, "\n%s\n", title);
    json_object_foreach ((json_t *)(uintptr_t)counts, key, c) {
        const char *why = NULL;
        for (size_t i = 0; i < n && !why; i++)
            if (fnmatch(rows[i].what, key, 0) == 0) {
                used[i] = true;
                why = rows[i].why;
            }
        fprintf(out, "%6lld  %s%s%s\n", (long long)json_integer_value(c), key, why ? "  -- " : "", why ? why : "");
        sum.lines++;
        sum.exchanges += (int)json_integer_value(c);
        if (n && !why) {
            print_error("not explained: %s\n", key);
            sum.unexplained++;
        }
    }
    for (size_t i = 0; i < n; i++)
        if (!used[i]) {
            print_error("a row that explains nothing: %s\n", rows[i].what);
            sum.unexplained++;
        }
    return sum;
}

/* Plan, rehearse, apply, the hand steps, verify, off and on again: the whole of what an org is asked. Every exchange. */
static json_t *whole_run(void)
{
    static const char *const run[] = {"doctor",
                                      "audit --records Quotes",
                                      "plan quote-bom",
                                      "apply --dry-run",
                                      "rehearse",
                                      "measure quote-bom",
                                      "apply --yes",
                                      "sandbox ui",
                                      "apply --yes",
                                      "sandbox ui",
                                      "apply --yes",
                                      "sandbox ui",
                                      "apply --yes",
                                      "verify",
                                      "plan quote-bom --check",
                                      "audit --records Quotes",
                                      "rehearse",
                                      "measure quote-bom",
                                      "off quote-bom",
                                      "on quote-bom",
                                      "verify",
                                      "sandbox status"};
    shell_enter("shape");
    shell_project();
    shell_sandbox(NULL);
    for (size_t i = 0; i < sizeof run / sizeof *run; i++)
        json_decref(shell_json(0, "%s", run[i]));
    shell_sandbox_stop();
    return shell_exchanges();
}

static int write_listing(const struct tally *t)
{
    FILE *out = fopen("listing.txt", "w");
    assert_non_null(out);
    AUTO_FREE bool *used = mem_zalloc((shape_sources_n + shape_deviations_n) * sizeof *used);
    struct listed covered = list(out, "Operations checked", t->covered, NULL, 0, NULL);
    struct listed without =
        list(out, "Without a schema, with their source", t->without, shape_sources, shape_sources_n, used);
    struct listed deviations = list(out, "Deviations, with their reason", t->deviations, shape_deviations,
                                    shape_deviations_n, used + shape_sources_n);
    struct listed settled =
        list(out, "The newer edition objects, the older describes it so", t->settled, NULL, 0, NULL);
    fprintf(out,
            "\n%d exchanges of %d operations checked; %d exchanges of %d paths without a schema; %d deviations, "
            "%d more only from the newer edition.\n",
            covered.exchanges, covered.lines, without.exchanges, without.lines, deviations.lines, settled.lines);
    assert_int_equal(fclose(out), 0);
    assert_true(covered.exchanges > 400);
    return without.unexplained + deviations.unexplained;
}

static void every_exchange_of_a_whole_run_has_the_shape_zoho_publishes(void **state)
{
    (void)state;
    struct tally t = {.covered = json_object(),
                      .without = json_object(),
                      .deviations = json_object(),
                      .settled = json_object(),
                      .known = json_object()};
    bool there = oas_open(&t.oas) == 0;
    if (there) {
        AUTO_JSON json_t *all = whole_run();
        size_t i;
        json_t *x;
        json_array_foreach (all, i, x)
            check_exchange(&t, x);
        assert_int_equal(write_listing(&t), 0);
        oas_close(&t.oas);
    }
    json_t *const counts[] = {t.covered, t.without, t.deviations, t.settled, t.known};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        json_decref(counts[i]);
    if (!there) {
        print_message("skipped: the OpenAPI files are not there (ZAGENT_SHARED)\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_exchange_of_a_whole_run_has_the_shape_zoho_publishes)};
    return cmocka_run_group_tests_name("agent/shape", tests, NULL, NULL);
}
