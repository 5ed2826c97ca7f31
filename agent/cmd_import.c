/* agent/cmd_import.c — context import: a sheet through the description of a playbook into context/, or the list of what to mend. */
#include "agent/import.h"
#include "agent/playbook_check.h"
#include "agent/session.h"

enum { SHOWN = 60 /* defects on the screen; --report has them all */, LINES = 8 /* of a note; --json has them all */ };

/* The description of the import, and the rows that the table has so far (empty when there is none). */
static json_t *description(struct app *a, json_t **so_far, struct err *e)
{
    struct context c;
    struct playbook pb;
    json_t *spec = NULL;
    AUTO_JSON json_t *nothing = json_object(), *missing = json_array();
    AUTO_FREE char *dir = project_path(a->project, "context");
    if (context_load(&c, dir, e) < 0)
        return NULL;
    if (playbook_load(&pb, a->project, a->args[0], e) == 0 && playbook_data(&pb, &c, nothing, NULL, missing, e) == 0)
        spec = playbook_import(&pb, a->args[1], e);
    struct err none = {0};
    *so_far = spec ? context_table(&c, js_str_or(spec, "table", ""), &none) : NULL;
    playbook_release(&pb);
    context_release(&c);
    return spec;
}

/* The key columns of a row, and all columns. Caller frees. */
static char *row_text(const json_t *spec, const json_t *row, bool whole)
{
    AUTO_SB struct sb b = SB_INIT(1 << 20);
    const char *column;
    json_t *c;
    size_t i;
    if (whole)
        json_object_foreach (js_obj(spec, "columns"), column, c)
            sb_addf(&b, "%s\n", js_str_or(row, column, ""));
    else
        json_array_foreach (js_arr(spec, "key"), i, c)
            sb_addf(&b, "%s%s", i ? " " : "", js_str_or(row, json_string_value(c), ""));
    return sb_take(&b, "a row", NULL);
}

/* {new, changed, gone [key]} of the result's table against the rows so far. New reference. */
static json_t *against(const json_t *spec, const json_t *so_far, const json_t *table)
{
    AUTO_JSON json_t *old = json_object();
    json_t *row, *gone = json_array();
    const char *key;
    size_t i;
    long long fresh = 0, changed = 0;
    json_array_foreach (so_far, i, row) {
        AUTO_FREE char *k = row_text(spec, row, false), *all = row_text(spec, row, true);
        js_set_str(old, k, all);
    }
    json_array_foreach (table, i, row) {
        AUTO_FREE char *k = row_text(spec, row, false), *all = row_text(spec, row, true);
        fresh += !js_str(old, k);
        changed += js_str(old, k) && strcmp(js_str(old, k), all) != 0;
        json_object_del(old, k);
    }
    json_object_foreach (old, key, row)
        js_push_str(gone, key);
    return json_pack("{s:I,s:I,s:o}", "new", (json_int_t)fresh, "changed", (json_int_t)changed, "gone", gone);
}

static void print_against(struct app *a, const json_t *d)
{
    const json_t *gone = js_arr(d, "gone");
    size_t n = json_array_size(gone);
    app_print(a, "Against the table so far: %lld new, %lld changed, %zu no longer in it",
              (long long)js_int(d, "new", 0), (long long)js_int(d, "changed", 0), n);
    for (size_t i = 0; i < n && i < LINES; i++)
        app_print(a, "%s%s", i ? ", " : ": ", json_string_value(json_array_get(gone, i)));
    app_print(a, "%s.\n", n > LINES ? ", …" : "");
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void print_defects(struct app *a, const json_t *defects)
{
    json_t *d;
    size_t i;
    json_array_foreach (defects, i, d) {
        if (i == SHOWN) {
            app_print(a, "  … and %zu more: --report FILE writes them all, to be opened as a table\n",
                      json_array_size(defects) - SHOWN);
            return;
        }
        app_print(a, "  line %-5d %s", (int)js_int(d, "line", 0), js_str_or(d, "header", "row"));
        if (js_str(d, "cell") && *js_str(d, "cell"))
            app_print(a, " \"%s\"", js_str(d, "cell"));
        app_print(a, ": %s%s%s\n             %s\n", app_paint(a, "red"), js_str_or(d, "text", ""), app_paint(a, NULL),
                  js_str_or(d, "fix", ""));
    }
}

/* "3, 17, 40, …". Caller frees. */
static char *first_lines(const json_t *lines)
{
    AUTO_SB struct sb b = SB_INIT(256);
    size_t n = json_array_size(lines);
    for (size_t i = 0; i < n && i < LINES; i++)
        sb_addf(&b, "%s%d", i ? ", " : "", (int)json_integer_value(json_array_get(lines, i)));
    if (n > LINES)
        sb_add(&b, ", …");
    return sb_take(&b, "lines", NULL);
}

static void print_notes(struct app *a, const json_t *result)
{
    json_t *n;
    size_t i;
    if (json_array_size(js_arr(result, "notes")))
        app_print(a, "\nRead without doubt, nothing to do:\n");
    json_array_foreach (js_arr(result, "notes"), i, n) {
        AUTO_FREE char *lines = first_lines(js_arr(n, "lines"));
        app_print(a, "  %5lld  %s: line%s %s, first \"%s\"\n", (long long)js_int(n, "n", 0), js_str_or(n, "text", ""),
                  js_int(n, "n", 0) == 1 ? "" : "s", lines, js_str_or(n, "cell", ""));
    }
    if (json_array_size(js_arr(result, "unread")))
        app_print(a, "\nColumns that are not read:");
    json_array_foreach (js_arr(result, "unread"), i, n)
        app_print(a, "%s \"%s\"", i ? "," : "", json_string_value(n));
    if (json_array_size(js_arr(result, "unread")))
        app_print(a, "\n");
}

/* A file of the caller's choice, relative to where he stands, as a shell would write it. */
static int write_report(struct app *a, const json_t *result, const char *path, struct err *e)
{
    struct fs_root root;
    AUTO_FREE char *text = import_defects_csv(result), *dir = mem_dup(path);
    char *slash = strrchr(dir, '/');
    if (slash)
        *slash = '\0';
    if (fs_root_open(&root, slash ? dir : ".", false, 0755, e) < 0)
        return -1;
    int rc = fs_write_in(&root, base_name(path), text, strlen(text), 0644, e);
    fs_root_close(&root);
    if (rc == 0)
        app_say(a, "  written  %s\n", path);
    return rc;
}

static int write_table(struct app *a, const json_t *spec, const json_t *result, const json_t *so_far, struct err *e)
{
    const char *file = a->args[2];
    AUTO_FREE char *path = mem_printf("context/%s", js_str_or(spec, "table", "")),
                   *csv = import_csv(spec, result, base_name(file));
    if (fs_write_in(&a->project->root, path, csv, strlen(csv), 0644, e) < 0)
        return -1;
    js_set_str(a->data, "written", path);
    js_set(a->data, "against", against(spec, so_far, js_arr(result, "table")));
    app_print(a, "\n%lld rows written to %s. What they change in an org: zagent plan %s\n",
              (long long)js_int(result, "good", 0), path, a->args[0]);
    print_against(a, js_obj(a->data, "against"));
    return 0;
}

static int finish(struct app *a, const json_t *spec, const json_t *result, const json_t *so_far, struct err *e)
{
    size_t bad = json_array_size(js_arr(result, "defects"));
    long long good = (long long)js_int(result, "good", 0);
    const char *report = app_text(a, "report", NULL), *file = a->args[2];
    if (report && write_report(a, result, report, e) < 0)
        return -1;
    if (good && (!bad || app_flag(a, "only-good")) && write_table(a, spec, result, so_far, e) < 0)
        return -1;
    if (!bad && good)
        return 0;
    err_set(e, ERR_FINDINGS, bad ? "%zu thing%s to mend in the sheet" : "the sheet has no rows", bad,
            bad == 1 ? "" : "s");
    err_at(e, "%s", file);
    if (good && !app_flag(a, "only-good"))
        return err_fix(e,
                       "nothing was written: mend the sheet and import it again, or take the %lld good rows with "
                       "--only-good",
                       good);
    return err_fix(e, "mend the sheet and import it again");
}

int cmd_context_import(struct app *a, struct err *e)
{
    const char *file = a->args[2], *numbers = app_text(a, "numbers", NULL);
    AUTO_FREE char *bytes = NULL;
    AUTO_JSON json_t *spec = NULL, *result = NULL, *so_far = NULL;
    struct sheet sheet = {0};
    size_t len = 0;
    if (numbers && strcmp(numbers, "point") != 0 && strcmp(numbers, "comma") != 0) {
        err_set(e, ERR_USAGE, "--numbers is point or comma");
        return err_fix(e, "say which mark stands before the fraction: 0.24 is point, 0,24 is comma");
    }
    if (!(spec = description(a, &so_far, e)) || fs_read(file, SHEET_BYTES, &bytes, &len, e) < 0 ||
        sheet_read(&sheet, bytes, len, file, e) < 0)
        return -1;
    int rc = import_run(spec, numbers, &sheet, file, &result, e);
    sheet_release(&sheet);
    if (rc < 0)
        return -1;
    size_t bad = json_array_size(js_arr(result, "defects"));
    app_print(a, "%s   %s, header in line %d\n%lld rows: %lld good, %zu thing%s to mend%s\n",
              js_str_or(spec, "title", a->args[1]), file, (int)js_int(result, "header", 0),
              (long long)js_int(result, "rows", 0), (long long)js_int(result, "good", 0), bad, bad == 1 ? "" : "s",
              bad ? "\n" : "");
    print_defects(a, js_arr(result, "defects"));
    print_notes(a, result);
    json_object_update(a->data, result);
    json_object_del(a->data, "table");
    return finish(a, spec, result, so_far, e);
}
