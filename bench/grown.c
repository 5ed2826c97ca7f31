/*
 * bench/grown.c — grown DIR MODULES SEED : writes the snapshot of an org that has grown for years into DIR, to be loaded into the sandbox.
 *
 * MODULES modules with 12 to 60 fields, a layout or two, up to six views; rules, actions, functions, a Blueprint for every tenth module;
 * 12 profiles, 80 users, some of them gone. Some of it is in disorder, by chance: lists that differ, rules over fields that went,
 * functions with ids and typing errors. The chance is a counter of its own: the same arguments give the same bytes.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

enum { PROFILES = 12, ROLES = 10, USERS = 80 };

static struct {
    const char *dir;
    unsigned long long chance;
    long long next_id;
    bool first; /* of the file being written */
    FILE *f;
} org;

static unsigned roll(unsigned sides)
{
    org.chance = org.chance * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(org.chance >> 33) % sides;
}

static long long new_id(void)
{
    return org.next_id++;
}

static void begin(const char *list, const char *module)
{
    AUTO_FREE char *folder = mem_printf("%s/%s", org.dir, list);
    AUTO_FREE char *path = module ? mem_printf("%s/%s.json", folder, module) : mem_printf("%s.json", folder);
    if (module && mkdir(folder, 0755) < 0 && errno != EEXIST)
        exit(1);
    org.f = fopen(path, "we");
    if (!org.f) {
        fprintf(stderr, "grown: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    fputs("[", org.f);
    org.first = true;
}

static void next(void)
{
    fputs(org.first ? "\n" : ",\n", org.f);
    org.first = false;
}

static void end(void)
{
    fputs("\n]\n", org.f);
    fclose(org.f);
}

/* Ids that others name: fixed by their place. */
static long long profile_id(unsigned i)
{
    return 5000000000000000100LL + i;
}
static long long role_id(unsigned i)
{
    return 5000000000000000200LL + i;
}
static long long user_id(unsigned i)
{
    return 5000000000000000300LL + i;
}
static long long module_id(long m)
{
    return 5000000000000001000LL + m;
}
static long long field_id(long m, unsigned f)
{
    return 5000000000000100000LL + m * 100 + f;
}

static void people(void)
{
    static const char *const profiles[PROFILES] = {"Administrator", "Standard", "Sales",     "Service",
                                                   "Planning",      "Stock",    "Finance",   "Partner",
                                                   "Reporter",      "Intern",   "Old sales", "Test"};
    begin("profiles", NULL);
    for (unsigned i = 0; i < PROFILES; i++) {
        next();
        fprintf(org.f, "{\"id\":\"%lld\",\"name\":\"%s\",\"custom\":%s}", profile_id(i), profiles[i],
                i > 1 ? "true" : "false");
    }
    end();
    begin("roles", NULL);
    for (unsigned i = 0; i < ROLES; i++) {
        next();
        fprintf(org.f, "{\"id\":\"%lld\",\"name\":\"%s %u\",\"reporting_to\":", role_id(i), i ? "Team" : "CEO", i);
        fprintf(org.f, i ? "{\"id\":\"%lld\"}}" : "null}", role_id(i / 3));
    }
    end();
    begin("users", NULL);
    for (unsigned i = 0; i < USERS; i++) {
        unsigned p = i < 6 ? 0 : 1 + roll(PROFILES - 3);
        next();
        fprintf(org.f,
                "{\"id\":\"%lld\",\"status\":\"%s\",\"confirm\":true,\"full_name\":\"User "
                "%u\",\"email\":\"user-%u@example.org\","
                "\"profile\":{\"id\":\"%lld\"},\"role\":{\"id\":\"%lld\"}}",
                user_id(i), i > 5 && roll(6) == 0 ? "inactive" : "active", i, i, profile_id(p), role_id(roll(ROLES)));
    }
    end();
}

static void modules(long n)
{
    begin("modules", NULL);
    for (long m = 0; m < n; m++) {
        next();
        fprintf(org.f,
                "{\"id\":\"%lld\",\"api_name\":\"Grown%ld\",\"plural_label\":\"Grown %ld\",\"singular_label\":\"Grown "
                "%ld\","
                "\"module_name\":\"Grown%ld\",\"generated_type\":\"%s\",\"api_supported\":true,\"profiles\":[",
                module_id(m), m, m, m, m, m < 10 ? "default" : "custom");
        for (unsigned i = 0; i < PROFILES; i++)
            fprintf(org.f, "%s{\"id\":\"%lld\"}", i ? "," : "", profile_id(i));
        fputs("]}", org.f);
    }
    end();
}

static const char *const types[] = {"text", "picklist", "integer", "date", "currency", "email", "textarea", "boolean"};
enum { TYPES = sizeof types / sizeof *types };

static void values(unsigned seed)
{
    static const char *const list[] = {"New", "Open", "Waiting", "Ordered", "Built", "Done", "Closed"};
    for (unsigned v = 0, shown = 0; v < 7; v++)
        if (v != seed)
            fprintf(org.f, "%s{\"id\":\"%lld\",\"actual_value\":\"%s\",\"display_value\":\"%s\",\"type\":\"used\"}",
                    shown++ ? "," : "", new_id(), list[v], list[v]);
}

static void field(long m, unsigned f, bool alone)
{
    const char *type = types[f % TYPES];
    fprintf(
        org.f,
        "{\"id\":\"%lld\",\"api_name\":\"Field_%u\",\"field_label\":\"%s %u\",\"data_type\":\"%s\",\"custom_field\":%s,"
        "\"required\":%s",
        field_id(m, f), f, f % TYPES == 1 ? "State" : "Field", f, type, f > 3 ? "true" : "false",
        f % 9 == 2 ? "true" : "false");
    if (alone) {
        fputs(",\"pick_list_values\":[", org.f);
        if (f % TYPES == 1)
            values(roll(40));
        fputs("],\"profiles\":[", org.f);
        for (unsigned i = 0; i < PROFILES; i++)
            fprintf(org.f, "%s{\"id\":\"%lld\",\"permission_type\":\"%s\"}", i ? "," : "", profile_id(i),
                    roll(40) ? "read_write" : "read_only");
        fputs("]", org.f);
    }
    fputs("}", org.f);
}

static void of_module(long m)
{
    AUTO_FREE char *name = mem_printf("Grown%ld", m);
    unsigned fields = 12 + roll(49);
    begin("fields", name);
    for (unsigned f = 0; f < fields; f++) {
        next();
        field(m, f, true);
    }
    end();
    begin("layouts", name);
    for (unsigned l = 0; l < 1 + (roll(4) == 0); l++) {
        next();
        fprintf(org.f,
                "{\"id\":\"%lld\",\"name\":\"Layout "
                "%u\",\"status\":\"active\",\"profiles\":[{\"id\":\"%lld\"}],\"sections\":[{"
                "\"id\":\"%lld\",\"name\":\"All\",\"display_label\":\"All\",\"fields\":[",
                new_id(), l, profile_id(2), new_id());
        for (unsigned f = 0, shown = 0; f < fields; f++)
            if (f < 4 || roll(30)) {
                fputs(shown++ ? "," : "", org.f);
                field(m, f, false);
            }
        fputs("]}]}", org.f);
    }
    end();
    begin("custom_views", name);
    unsigned views = roll(7);
    for (unsigned v = 0; v < views; v++) {
        next();
        fprintf(org.f,
                "{\"id\":\"%lld\",\"name\":\"View %u\",\"display_value\":\"View "
                "%u\",\"system_defined\":false,\"access_type\":"
                "\"public\",\"module\":{\"api_name\":\"%s\"},\"created_by\":{\"id\":\"%lld\"},\"fields\":[{\"id\":\"%"
                "lld\",\"api_name\":"
                "\"Field_0\"}],\"criteria\":{\"field\":{\"api_name\":\"Field_1\"},\"comparator\":\"equal\",\"type\":"
                "\"value\","
                "\"value\":\"%s\"}}",
                new_id(), v, v, name, user_id(roll(USERS)), field_id(m, 0), roll(9) ? "Open" : "Opened");
    }
    end();
}

static void automation(long n)
{
    long functions = n / 2;
    AUTO_FREE char *sources = mem_printf("%s/function_code", org.dir);
    long long *wrapper = mem_zalloc((size_t)(functions + 1) * sizeof *wrapper);
    if (mkdir(sources, 0755) < 0 && errno != EEXIST)
        exit(1);
    begin("functions", NULL);
    for (long i = 0; i < functions; i++) {
        AUTO_FREE char *path = mem_printf("%s/grown_%ld.dg", sources, i);
        FILE *f = fopen(path, "we");
        if (!f)
            exit(1);
        fprintf(f,
                "void automation.grown_%ld(String record_id)\n{\n\trow = "
                "zoho.crm.getRecordById(\"Grown%ld\",record_id.toLong());\n"
                "\tif(row != null && row.get(\"Field_%d\") != null)\n\t{\n\t\tchange = "
                "Map();\n\t\tchange.put(\"Field_0\",\"seen %ld\");\n"
                "\t\tr = zoho.crm.updateRecord(\"Grown%ld\",%s,change,{\"trigger\":{%s}});\n\t\tinfo r;\n\t}\n}\n",
                i, i, roll(12) ? 2 : 99, i, i, roll(10) ? "record_id.toLong()" : "5000000000000999999",
                roll(8) ? "" : "\"workflow\"");
        fclose(f);
        next();
        fprintf(org.f,
                "{\"id\":\"%lld\",\"api_name\":\"grown_%ld\",\"name\":\"grown_%ld\",\"category\":\"Automation\"}",
                new_id(), i, i);
    }
    end();
    begin("function_wrappers", NULL);
    for (long i = 0; i < functions; i++) {
        next();
        wrapper[i] = new_id();
        fprintf(org.f,
                "{\"id\":\"%lld\",\"name\":\"grown_%ld\",\"feature_type\":\"workflow\",\"module\":{\"api_name\":"
                "\"Grown%ld\"},"
                "\"function\":{\"api_name\":\"grown_%ld\"}}",
                wrapper[i], i, i, i);
    }
    end();
    begin("workflow_rules", NULL);
    for (long i = 0; i < n; i++) {
        long m = i % (functions ? functions : 1);
        next();
        fprintf(org.f,
                "{\"id\":\"%lld\",\"name\":\"Rule "
                "%ld\",\"module\":{\"api_name\":\"Grown%ld\",\"id\":\"%lld\"},\"status\":{\"active\":%s},"
                "\"created_by\":{\"id\":\"%lld\"},\"execute_when\":{\"type\":\"create_or_edit\",\"details\":{"
                "\"repeat\":true}},"
                "\"conditions\":[{\"id\":\"%lld\",\"sequence_number\":1,\"criteria_details\":{\"criteria\":{\"field\":{"
                "\"api_name\":"
                "\"Field_%d\"},\"comparator\":\"equal\",\"type\":\"value\",\"value\":\"Open\"}},\"instant_actions\":{"
                "\"actions\":[{"
                "\"type\":\"functions\",\"id\":\"%lld\",\"name\":\"grown_%ld\"}]}}]}",
                new_id(), i, m, module_id(m), roll(5) ? "true" : "false", user_id(roll(USERS)), new_id(),
                roll(15) ? 1 : 77, wrapper[m], m);
    }
    end();
    free(wrapper);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    mem_init();
    long n = strtol(argv[2], NULL, 10);
    org.dir = argv[1];
    org.chance = strtoull(argv[3], NULL, 10);
    org.next_id = 5000000000001000000LL;
    if (mkdir(org.dir, 0755) < 0 && errno != EEXIST)
        return 1;
    people();
    modules(n);
    for (long m = 0; m < n; m++)
        of_module(m);
    automation(n);
    return 0;
}
