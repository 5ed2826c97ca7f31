/* Adopting what others built, through the program: every sort of field, action and view goes to an empty org and back, to the byte. */
#include "base/sb.h"
#include "tests/agent/shell.h"
#include "tests/sandbox/client.h"
#include "tests/test.h"

#define S "/crm/v8/settings/"
#define A S "automation/"

/* What a person and other programs made, in this order; $NAME stands for the id an earlier one got. */
static const struct {
    const char *name, *path, *body;
} built[] = {
    {"regions", S "global_picklists",
     "{'global_picklists':[{'display_label':'Our "
     "Regions','api_name':'Our_Regions','description':'where','pick_list_values':[{"
     "'display_value':'North','actual_value':'North'},{'display_value':'South','actual_value':'South'}]}]}"},
    {NULL, S "fields?module=Deals",
     "{'fields':[{'field_label':'Region','data_type':'picklist','global_picklist':{'id':'$regions','api_name':'Our_"
     "Regions'}}]}"},
    {NULL, S "fields?module=Deals",
     "{'fields':[{'field_label':'Note To "
     "All','data_type':'textarea','textarea':{'type':'large'},'tooltip':{'name':'static_text',"
     "'value':'{{mind}} the: #gap, \\'yes\\''}}]}"},
    {NULL, S "fields?module=Deals",
     "{'fields':[{'field_label':'Fee','data_type':'currency','length':12,'decimal_place':2,'currency':{'precision':2,"
     "'rounding_option':'round_up'}}]}"},
    {NULL, S "fields?module=Deals", "{'fields':[{'field_label':'Share','data_type':'percent','length':5}]}"},
    {NULL, S "fields?module=Deals", "{'fields':[{'field_label':'Big No','data_type':'bigint','length':18}]}"},
    {NULL, S "fields?module=Deals",
     "{'fields':[{'field_label':'Weight','data_type':'double','length':9,'decimal_place':3}]}"},
    {NULL, S "fields?module=Deals",
     "{'fields':[{'field_label':'Serial','data_type':'autonumber','auto_number':{'prefix':'S-','start_number':'100','"
     "suffix':'-x'}}]}"},
    {NULL, S "fields?module=Deals", "{'fields':[{'field_label':'Yes','data_type':'boolean'}]}"},
    {NULL, S "fields?module=Deals", "{'fields':[{'field_label':'Mail','data_type':'email','length':80}]}"},
    {NULL, S "fields?module=Deals", "{'fields':[{'field_label':'Call','data_type':'phone','length':20}]}"},
    {NULL, S "fields?module=Deals", "{'fields':[{'field_label':'Page','data_type':'website','length':120}]}"},
    {NULL, S "fields?module=Deals", "{'fields':[{'field_label':'Day','data_type':'date'}]}"},
    {NULL, S "fields?module=Deals", "{'fields':[{'field_label':'Moment','data_type':'datetime'}]}"},
    {NULL, S "fields?module=Deals",
     "{'fields':[{'field_label':'Several','data_type':'multiselectpicklist','pick_list_values':[{'display_value':'A & "
     "B','actual_value'"
     ":'A & B'},{'display_value':'no','actual_value':'no'}]}]}"},
    {NULL, S "fields?module=Deals", "{'fields':[{'field_label':'Helper','data_type':'userlookup'}]}"},
    {NULL, S "fields?module=Deals",
     "{'fields':[{'field_label':'Supplier','data_type':'lookup','lookup':{'module':{'api_name':'Vendors'},'display_"
     "label':'Deals "
     "supplied'}}]}"},
    {NULL, S "fields?module=Deals",
     "{'fields':[{'field_label':'Code','data_type':'text','length':30,'unique':{'case_sensitive':false}}]}"},
    {"update", A "field_updates",
     "{'field_updates':[{'name':'Set: 100% "
     "{{sure}}','module':{'api_name':'Deals'},'feature_type':'workflow','type':'static','field':{"
     "'api_name':'Note_To_All'},'value':'on'}]}"},
    {NULL, A "workflow_rules",
     "{'workflow_rules':[{'name':'Late "
     "ones','module':{'api_name':'Deals'},'execute_when':{'type':'create_or_edit','details':{"
     "'trigger_module':{'api_name':'Deals'},'repeat':false}},'conditions':[{'sequence_number':1,'criteria_details':{'"
     "criteria':{"
     "'group_operator':'AND','group':[{'comparator':'equal','field':{'api_name':'Region'},'type':'value','value':'"
     "North'},{"
     "'comparator':'greater_than','field':{'api_name':'Fee'},'type':'value','value':'5'}]}},'instant_actions':{'"
     "actions':[{'type':"
     "'field_updates','id':'$update'},{'type':'add_tags','details':{'tags':[{'name':'late'}],'over_write':false}}]},"
     "'scheduled_actions':[{'execute_after':{'period':'days','unit':2},'actions':[{'type':'field_updates','id':'$"
     "update'}]}]},{"
     "'sequence_number':2,'criteria_details':{'criteria':{'comparator':'equal','field':{'api_name':'Yes'},'type':'"
     "value','value':true}}"
     ",'instant_actions':{'actions':[{'type':'field_updates','id':'$update'}]}}]}]}"},
    {NULL, S "custom_views?module=Deals",
     "{'custom_views':[{'name':'North, "
     "open','access_type':'only_to_me','fields':[{'api_name':'Deal_Name'},{'api_name':'Region'}],"
     "'criteria':{'comparator':'equal','field':{'api_name':'Region'},'type':'value','value':'North'},'sort_by':{'api_"
     "name':'Fee'},"
     "'sort_order':'desc'}]}"},
    {NULL, S "variables",
     "{'variables':[{'name':'Days','api_name':'days','type':'integer','value':'7','variable_group':{'name':'General'}}]"
     "}"},
};

/* $name → its id. Caller frees. */
static char *filled(const char *body, const json_t *ids)
{
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    for (const char *p = body; *p; p++) {
        const char *name;
        json_t *id;
        size_t skip = 0;
        if (*p == '$')
            json_object_foreach ((json_t *)(uintptr_t)ids, name, id)
                if (!strncmp(p + 1, name, strlen(name))) {
                    sb_add(&b, json_string_value(id));
                    skip = strlen(name);
                }
        if (skip)
            p += skip;
        else if (*p == '\\' && p[1] == '\'')
            sb_addc(&b, *++p);
        else
            sb_addc(&b, *p == '\'' ? '"' : *p);
    }
    return sb_take(&b, "body", NULL);
}

static void build_an_org(void)
{
    struct client c;
    AUTO_JSON json_t *ids = json_object();
    AUTO_FREE char *text = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *note = json_loads(text, 0, NULL);
    client_join(&c, note);
    for (size_t i = 0; i < sizeof built / sizeof *built; i++) {
        AUTO_FREE char *body = filled(built[i].body, ids);
        AUTO_FREE char *id = client_made(&c, 201, "POST", built[i].path, body);
        if (built[i].name)
            js_set_str(ids, built[i].name, id);
    }
    client_down(&c);
}

static void run_ok(const char *cmd)
{
    struct run r = shell("%s", cmd);
    if (r.status)
        print_error("%s\n%s%s", cmd, r.out, r.err);
    assert_int_equal(r.status, 0);
    run_release(&r);
}

static void an_org_that_others_built_goes_to_an_empty_one_and_back_to_the_byte(void **state)
{
    (void)state;
    shell_enter("adopt-built");
    run_ok("mkdir -p context templates && cp -r \"$ROOT/templates/_guide\" templates/ && cp "
           "\"$ROOT/tests/agent/crash/pain-points.md\" "
           "context/ && printf 'format: 1\\norgs:\\n  embedded: {sandbox: true}\\n' > zagent.yaml");
    shell_sandbox(NULL);
    build_an_org();
    run_ok("zagent adopt built '*'");
    AUTO_FREE char *playbook = shell_file("templates/built/playbook.yaml");
    assert_non_null(strstr(playbook, "field/Deals.Supplier"));
    assert_non_null(strstr(playbook, "global_picklist/Our_Regions"));
    shell_sandbox_stop();
    run_ok("cp -r templates/built once && rm -rf .zagent && zagent plan built && zagent apply --yes && zagent verify "
           "&& zagent adopt built "
           "'*' && diff -r once templates/built");
}

static void make_function(struct client *c, const char *name, const char *script)
{
    AUTO_FREE char *body = mem_printf(
        "--edge\r\nContent-Disposition: form-data; name=\"metadata\"\r\nContent-Type: application/json\r\n\r\n"
        "{\"functions\":[{\"name\":\"%s\",\"api_name\":\"%s\",\"category\":\"automation\",\"runtime\":\"Deluge "
        "1.0\"}]}\r\n"
        "--edge\r\nContent-Disposition: form-data; name=\"code\"; filename=\"%s.ds\"\r\nContent-Type: "
        "application/octet-stream\r\n\r\n%s\r\n--edge--\r\n",
        name, name, name, script);
    json_decref(client_send(c, 201, "POST", S "functions", "multipart/form-data; boundary=edge", body));
}

static const json_t *at(const json_t *list, const char *address)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (!strcmp(js_str_or(one, "address", ""), address))
            return one;
    return NULL;
}

static void a_script_with_a_secret_is_left_out_with_its_line_and_one_that_fails_its_checks_is_named(void **state)
{
    struct client c;
    (void)state;
    shell_enter("adopt-scripts");
    run_ok("mkdir -p context templates && cp -r \"$ROOT/templates/_guide\" templates/ && cp "
           "\"$ROOT/tests/agent/crash/pain-points.md\" "
           "context/ && printf 'format: 1\\norgs:\\n  embedded: {sandbox: true}\\n' > zagent.yaml");
    shell_sandbox(NULL);
    AUTO_FREE char *text = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *note = json_loads(text, 0, NULL);
    client_join(&c, note);
    make_function(&c, "good", "void automation.good()\n{\n\tinfo \"{{kept}}\";\n}\n");
    make_function(&c, "leaky",
                  "void automation.leaky()\n{\n\th = Map();\n\th.put(\"Authorization\",\"Bearer "
                  "abcdefghijklmnopqrst\");\n}\n");
    make_function(&c, "broken", "void automation.broken()\n{\n\tinfo nowhere;\n}\n");
    AUTO_JSON json_t *done = shell_json(0, "adopt scripts function");
    const json_t *data = js_obj(done, "data");
    assert_non_null(at(js_arr(data, "resources"), "function/good"));
    assert_null(at(js_arr(data, "resources"), "function/leaky"));
    assert_non_null(strstr(js_str_or(at(js_arr(data, "left"), "function/leaky"), "why", ""), "line 4 "));
    assert_non_null(at(js_arr(data, "stopped"), "function/broken"));
    assert_null(at(js_arr(data, "stopped"), "function/good"));
    run_ok("! grep -r abcdefghijklmnopqrst templates && zagent plan scripts --check && test ! -e "
           "templates/scripts/functions/leaky.dg.mustache");
    client_down(&c);
    shell_sandbox_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_org_that_others_built_goes_to_an_empty_one_and_back_to_the_byte),
        cmocka_unit_test(a_script_with_a_secret_is_left_out_with_its_line_and_one_that_fails_its_checks_is_named),
    };
    return cmocka_run_group_tests_name("agent/adopt", tests, NULL, NULL);
}
