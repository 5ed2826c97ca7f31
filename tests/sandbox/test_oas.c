/* A sample of answers against Zoho's own OpenAPI files. */
#include <stdio.h>
#include <string.h>

#include "tests/oas.h"
#include "tests/sandbox/client.h"

struct sample {
    const char *file, *schema_path, *method; /* of the document */
    long status;
    const char *path, *body; /* of the call; %s is the id the row before made */
};

#define QUOTES "\"module\":{\"api_name\":\"Quotes\"}"
static const struct sample samples[] = {
    {"apis", "/__apis", "get", 200, "/crm/v8/__apis", NULL},
    {"features", "/__features", "get", 200, "/crm/v8/__features", NULL},
    {"org", "/org", "get", 200, "/crm/v8/org", NULL},
    {"modules", "/settings/modules", "get", 200, "/crm/v8/settings/modules", NULL},
    {"fields", "/settings/fields", "get", 200, "/crm/v8/settings/fields?module=Quotes", NULL},
    {"fields", "/settings/fields", "post", 201, "/crm/v8/settings/fields?module=Quotes",
     "{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"text\"}]}"},
    {"fields", "/settings/fields", "post", 400, "/crm/v8/settings/fields?module=Nowhere", "{\"fields\":[{}]}"},
    {"layouts", "/settings/layouts", "get", 200, "/crm/v8/settings/layouts?module=Vendors", NULL},
    {"global_picklists", "/settings/global_picklists", "post", 201, "/crm/v8/settings/global_picklists",
     "{\"global_picklists\":[{\"display_label\":\"Zones\",\"pick_list_values\":[{\"display_value\":\"A\"}]}]}"},
    {"global_picklists", "/settings/global_picklists/{id}", "get", 200, "/crm/v8/settings/global_picklists/%s", NULL},
    {"variables", "/settings/variables", "post", 201, "/crm/v8/settings/variables",
     "{\"variables\":[{\"name\":\"V\",\"api_name\":\"v\",\"type\":\"integer\",\"value\":1,\"variable_group\":{\"name\":"
     "\"General\"}}]}"},
    {"variables", "/settings/variables", "get", 200, "/crm/v8/settings/variables", NULL},
    {"variable_groups", "/settings/variable_groups", "get", 200, "/crm/v8/settings/variable_groups", NULL},
    {"related_lists", "/settings/related_lists", "get", 200, "/crm/v8/settings/related_lists?module=Accounts", NULL},
    {"roles", "/settings/roles", "get", 200, "/crm/v8/settings/roles", NULL},
    {"profiles", "/settings/profiles", "get", 200, "/crm/v8/settings/profiles", NULL},
    {"users", "/users", "get", 200, "/crm/v8/users", NULL},
    {"record_locking_configurations", "/settings/record_locking_configurations", "post", 201,
     "/crm/v8/settings/record_locking_configurations?module=Quotes",
     "{\"record_locking_configurations\":[{\"lock_type\":\"automatic\",\"locked_for\":\"all_profiles\",\"feature_"
     "type\":\"record_locking\",\"locking_"
     "rules\":[{\"name\":\"r\",\"lock_existing_records\":false,\"criteria\":{\"field\":{\"api_name\":\"Subject\"},"
     "\"comparator\":\"equal\",\"value\":\"x\"}}]"
     "}]}"},
    {"record_locking_configurations", "/settings/record_locking_configurations", "get", 200,
     "/crm/v8/settings/record_locking_configurations?module=Quotes", NULL},
    {"workflow_tasks", "/settings/automation/tasks", "post", 201, "/crm/v8/settings/automation/tasks",
     "{\"tasks\":[{\"name\":\"T\"," QUOTES
     ",\"feature_type\":\"workflow\",\"field_mappings\":[{\"field\":{\"api_name\":\"Subject\"},\"type\":\"static\","
     "\"value\":\"x\"}]}]}"},
    {"webhooks", "/settings/automation/webhooks", "post", 201, "/crm/v8/settings/automation/webhooks",
     "{\"webhooks\":[{\"name\":\"W\"," QUOTES
     ",\"feature_type\":\"workflow\",\"url\":\"https://erp.example.org/\",\"http_method\":\"POST\","
     "\"authentication\":{\"type\":\"general\"}}]}"},
    {"field_updates", "/settings/automation/field_updates", "post", 201, "/crm/v8/settings/automation/field_updates",
     "{\"field_updates\":[{\"name\":\"F\"," QUOTES
     ",\"feature_type\":\"workflow\",\"type\":\"static\",\"field\":{\"api_name\":\"Quote_Stage\"},"
     "\"value\":\"Draft\"}]}"},
    {"workflow_rules", "/settings/automation/workflow_rules", "post", 201, "/crm/v8/settings/automation/workflow_rules",
     "{\"workflow_rules\":[{\"name\":\"R\"," QUOTES
     ",\"execute_when\":{\"type\":\"create\"},\"conditions\":[{\"sequence_number\":1,\"criteria_"
     "details\":null,\"instant_actions\":{\"actions\":[{\"type\":\"field_updates\",\"id\":\"%s\"}]}}]}]}"},
    {"workflow_rules", "/settings/automation/workflow_rules/{id}", "get", 200,
     "/crm/v8/settings/automation/workflow_rules/%s", NULL},
    {"record", "/{module}", "post", 201, "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"A\"}]}"},
    {"record", "/{module}/{recordID}", "get", 200, "/crm/v8/Products/%s", NULL},
    {"record", "/{module}/upsert", "post", 200, "/crm/v8/Products/upsert", "{\"data\":[{\"Product_Name\":\"A\"}]}"},
    {"record", "/{module}", "get", 200, "/crm/v8/Products?fields=Product_Name", NULL},
    {"record_count", "/{moduleApiName}/actions/count", "get", 200, "/crm/v8/Products/actions/count", NULL},
    {"coql", "/coql", "post", 200, "/crm/v8/coql", "{\"select_query\":\"select id from Products where id > 0\"}"},
    {"coql", "/coql", "post", 400, "/crm/v8/coql", "{\"select_query\":\"selec\"}"},
    {"coql", "/coql", "post", 200, "/crm/v8/coql",
     "{\"select_query\":\"select id from Products where id > 0\",\"include_meta\":[\"fields\"]}"},
    {"coql", "/coql", "post", 400, "/crm/v8/coql",
     "{\"select_query\":\"select id from Products where id > 0 order by id, id\"}"},
    {"module_search", "/{module}/search", "get", 200, "/crm/v8/Products/search?word=A", NULL},
    {"module_search", "/{module}/search", "get", 400, "/crm/v8/Products/search", NULL},
    {"module_search", "/{module}/search", "get", 400, "/crm/v8/Products/search?criteria=(X:equals:1)", NULL},
    {"record_count", "/{moduleApiName}/actions/count", "get", 400, "/crm/v8/Products/actions/count?email=a", NULL},
    {"record", "/{module}/deleted", "get", 200, "/crm/v8/Vendors/deleted", NULL},
    {"record", "/{module}", "post", 201, "/crm/v8/Accounts", "{\"data\":[{\"Account_Name\":\"A\"}]}"},
    {"record", "/{module}/{recordID}/actions/clone", "post", 201, "/crm/v8/Accounts/%s/actions/clone", "{}"},
    {"related_records", "/{parentRecordModule}/{parentRecord}/{relatedList}", "get", 400,
     "/crm/v8/Accounts/%s/Contacts", NULL},
    {"tags", "/settings/tags", "post", 201, "/crm/v8/settings/tags?module=Accounts", "{\"tags\":[{\"name\":\"hot\"}]}"},
    {"tags", "/settings/tags", "post", 400, "/crm/v8/settings/tags?module=Accounts", "{\"tags\":[{\"name\":\"hot\"}]}"},
    {"tags", "/settings/tags", "get", 200, "/crm/v8/settings/tags?module=Accounts", NULL},
    {"tags_actions", "/{module}/actions/add_tags", "post", 400, "/crm/v8/Accounts/actions/add_tags",
     "{\"tags\":[{\"name\":\"hot\"}]}"},
    {"mass_update", "/{module}/actions/mass_update", "post", 400, "/crm/v8/Nowhere/actions/mass_update", "{}"},
    {"bulk_read", "/read", "post", 201, "/crm/bulk/v8/read", "{\"query\":{\"module\":{\"api_name\":\"Products\"}}}"},
    {"bulk_read", "/read", "post", 400, "/crm/bulk/v8/read",
     "{\"query\":{\"module\":{\"api_name\":\"Products\"},\"page\":0}}"},
    {"bulk_read", "/read/{jobId}", "get", 404, "/crm/bulk/v8/read/1", NULL},
    {"composite_requests", "/__composite_requests", "post", 200, "/crm/v8/__composite_requests",
     "{\"__composite_requests\":[{\"method\":\"GET\",\"uri\":\"/crm/v8/org\"}]}"},
    {"composite_requests", "/__composite_requests", "post", 400, "/crm/v8/__composite_requests", "{}"},
    {"workflow_configurations", "/workflow_configurations", "get", 200, "/crm/v8/workflow_configurations?module=Leads",
     NULL},
    {"business_hours", "/settings/business_hours", "post", 201, "/crm/v8/settings/business_hours",
     "{\"business_hours\":{\"week_starts_on\":\"Monday\",\"type\":\"24_by_5\"}}"},
    {"business_hours", "/settings/business_hours", "get", 200, "/crm/v8/settings/business_hours", NULL},
    {"fiscal_year", "/settings/fiscal_year", "get", 200, "/crm/v8/settings/fiscal_year", NULL},
    {"duplicate_check_preference", "/settings/duplicate_check_preference", "post", 200,
     "/crm/v8/settings/duplicate_check_preference?module=Leads",
     "{\"duplicate_check_preference\":{\"type\":\"mapped_module_records\",\"type_configurations\":[{\"mapped_module\":{"
     "\"api_name\":"
     "\"Contacts\"},\"field_mappings\":[{\"current_field\":{\"api_name\":\"Email\"},\"mapped_field\":{\"api_name\":"
     "\"Email\"}}]}]}}"},
    {"duplicate_check_preference", "/settings/duplicate_check_preference", "get", 200,
     "/crm/v8/settings/duplicate_check_preference?module=Leads", NULL},
    {"users", "/users/{user}", "delete", 400, "/crm/v8/users/1", NULL},
    {"roles", "/settings/roles/{role}", "delete", 400, "/crm/v8/settings/roles/1", NULL},
    {"profiles", "/settings/profiles/{id}", "delete", 400, "/crm/v8/settings/profiles/1", NULL},
    {"pipeline", "/settings/pipeline", "get", 400, "/crm/v8/settings/pipeline?layout_id=1", NULL},
};

static char *with_id(const char *text, const char *id)
{
    const char *mark = text ? strstr(text, "%s") : NULL;
    return !text ? NULL : mark ? mem_printf("%.*s%s%s", (int)(mark - text), text, id, mark + 2) : mem_dup(text);
}

static size_t check_one(struct client *c, const struct sample *s, char **id)
{
    AUTO_JSON json_t *doc = oas_load(s->file);
    AUTO_JSON json_t *findings = json_array();
    AUTO_FREE char *path = with_id(s->path, *id), *body = with_id(s->body, *id);
    AUTO_FREE char *method = mem_dup(strcmp(s->method, "get") == 0      ? "GET"
                                     : strcmp(s->method, "delete") == 0 ? "DELETE"
                                                                        : "POST");
    AUTO_JSON json_t *answer = client_call(c, s->status, method, path, body);
    size_t bad = 0, i;
    json_t *f;
    const char *made =
        js_str(js_obj(json_array_get(json_object_iter_value(json_object_iter(answer)), 0), "details"), "id");
    if (made) {
        free(*id);
        *id = mem_dup(made);
    }
    assert_int_equal(oas_check(doc, s->schema_path, s->method, s->status, answer, findings), 0);
    json_array_foreach (findings, i, f) {
        printf("%s %s: %s\n", s->method, s->schema_path, json_string_value(f));
        bad++;
    }
    return bad;
}

static void answers_have_the_shape_zoho_publishes(void **state)
{
    (void)state;
    AUTO_JSON json_t *there = oas_load("fields");
    if (!there) {
        printf("skipped: the OpenAPI files are not there (ZAGENT_SHARED)\n");
        skip();
    }
    struct client c = {0};
    client_up(&c, NULL);
    AUTO_FREE char *id = client_made(&c, 201, "POST", "/crm/v8/Vendors", "{\"data\":[{\"Vendor_Name\":\"V\"}]}");
    AUTO_FREE char *gone = mem_printf("/crm/v8/Vendors/%s", id);
    free(client_made(&c, 200, "DELETE", gone, NULL));
    size_t bad = 0;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        bad += check_one(&c, &samples[i], &id);
    }
    client_down(&c);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_have_the_shape_zoho_publishes)};
    return cmocka_run_group_tests_name("sandbox/oas", tests, NULL, NULL);
}
