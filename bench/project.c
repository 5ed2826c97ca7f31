/*
 * bench/project.c — project DIR MODULES FIELDS RESOURCES RECORDS : writes a made-up project of that size into DIR.
 *
 * The embedded org gets MODULES modules with FIELDS fields each, and RECORDS records in the first one. The playbook "wide" declares
 * RESOURCES fields of each module, every second one there already, and with RECORDS one value for every second record.
 * Nothing is random: the same arguments give the same bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

struct size {
    long modules, fields, resources, records;
};

/* One row a type of field, taken in turn. */
static const struct {
    const char *name, *seed, *body;
} types[] = {
    {"text", "\"length\": 80", "length: 80"},
    {"integer", NULL, NULL},
    {"picklist", "\"pick_list_values\": [\"Low\", \"Middle\", \"High\"]",
     "pick_list_values: [{display_value: Low, actual_value: Low}, {display_value: Middle, actual_value: Middle}, "
     "{display_value: High, actual_value: High}]"},
    {"date", NULL, NULL},
    {"boolean", NULL, NULL},
};
enum { TYPES = sizeof types / sizeof *types };

static FILE *create(const char *dir, const char *name)
{
    AUTO_FREE char *path = mem_printf("%s/%s", dir, name);
    FILE *f = fopen(path, "we");
    if (!f) {
        fprintf(stderr, "project: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    return f;
}

static void seed_fields(FILE *f, long fields)
{
    for (long i = 0; i < fields; i++) {
        const char *more = types[i % TYPES].seed;
        fprintf(f, "%s\n  {\"api_name\": \"Field_%ld\", \"field_label\": \"Field %ld\", \"data_type\": \"%s\"%s%s}",
                i ? "," : "", i + 1, i + 1, types[i % TYPES].name, more ? ", " : "", more ? more : "");
    }
}

static void write_seed(const char *dir, const struct size *s)
{
    FILE *f = create(dir, "context/sandbox/10-wide.json");
    fprintf(f, "{\"schema\": \"zagent.sandbox-seed/1\",\n\"modules\": [");
    for (long m = 1; m <= s->modules; m++) {
        fprintf(f,
                "%s\n {\"api_name\": \"Wide%ld\", \"singular_label\": \"Wide %ld\", \"plural_label\": \"Wides %ld\", "
                "\"fields\": [",
                m > 1 ? "," : "", m, m, m);
        seed_fields(f, s->fields);
        fprintf(f, "]}");
    }
    fprintf(f, "]");
    if (s->records) {
        fprintf(f, ",\n\"records\": [{\"module\": \"Wide1\", \"rows\": [");
        for (long i = 0; i < s->records; i++)
            fprintf(f, "%s\n {\"Name\": \"Row %ld\", \"Field_1\": \"%s\"}", i ? "," : "", i + 1, i % 2 ? "new" : "old");
        fprintf(f, "]}]");
    }
    fprintf(f, "}\n");
    fclose(f);
}

static void write_playbook(const char *dir, const struct size *s)
{
    FILE *f = create(dir, "templates/wide/playbook.yaml");
    fprintf(f,
            "format: 1\nname: wide\ntitle: Many fields\nsolves: [P1]\nsummary: Many fields are there.\nresources:\n");
    for (long m = 1; m <= s->modules; m++)
        for (long i = 0; i < s->resources; i++) {
            /* Odd ones are in the org, the others beyond what it has. */
            long n = i % 2 ? s->fields + i / 2 + 1 : i / 2 + 1;
            const char *more = types[(n - 1) % TYPES].body;
            fprintf(f, "  - address: field/Wide%ld.Field_%ld\n    body: {field_label: Field %ld, data_type: %s%s%s}\n",
                    m, n, n, types[(n - 1) % TYPES].name, more ? ", " : "", more ? more : "");
        }
    if (s->records)
        fprintf(
            f,
            "  - address: records/Old%%20ones\n    body: {module: Wide1, where: \"Name != ''\", set: {Field_1: new}, "
            "trigger: []}\n");
    fclose(f);
}

int main(int argc, char **argv)
{
    static const char *const folders[] = {"", "context", "context/sandbox", "templates", "templates/wide", ".zagent"};
    if (argc != 6)
        return 2;
    struct size s = {strtol(argv[2], NULL, 10), strtol(argv[3], NULL, 10), strtol(argv[4], NULL, 10),
                     strtol(argv[5], NULL, 10)};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", argv[1], folders[i]);
        mkdir(path, 0755);
    }
    FILE *f = create(argv[1], "zagent.yaml");
    fprintf(f, "format: 1\norgs:\n  embedded: {sandbox: true}\ndefault_org: embedded\n");
    fclose(f);
    f = create(argv[1], "context/pain-points.md");
    fprintf(f, "## Pain points\n\n| id | title | what goes wrong |\n| --- | --- | --- |\n"
               "| P1 | Fields are missing | Nobody can write it down |\n");
    fclose(f);
    write_seed(argv[1], &s);
    write_playbook(argv[1], &s);
    return 0;
}
