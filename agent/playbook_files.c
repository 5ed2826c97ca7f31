/* agent/playbook_files.c — what a step by hand gives away to be imported or pasted elsewhere: an artifact, fit for where it goes. */
#include "agent/n8n_check.h"
#include "agent/playbook_check.h"
#include "plan/kind.h"

static const char *template_of(const struct playbook *pb, const char *file)
{
    size_t i;
    json_t *one;
    json_array_foreach (js_arr(pb->y.root, "artifacts"), i, one)
        if (!strcmp(js_str_or(one, "path", ""), file))
            return js_str(one, "template");
    return NULL;
}

void playbook_file_problems(const struct playbook *pb, const struct resource *r, json_t *problems)
{
    const char *file = r->kind->cls == KIND_ATTEST ? js_str(r->body, "file") : NULL;
    const char *template = file ? template_of(pb, file) : NULL;
    struct err why = {0};
    if (file && !template) {
        AUTO_FREE char *said = mem_printf("no artifact makes the file '%s'", file);
        json_array_append_new(problems, json_pack("{s:s,s:s,s:s}", "level", "error", "text", said, "fix",
                                                  "name the path of one under 'artifacts:'"));
    }
    if (!template || strcmp(r->kind->name, "n8n_workflow") != 0)
        return;
    AUTO_FREE char *text = playbook_render(pb, template, NULL, &why);
    if (text) /* what does not render is a finding of the artifacts */
        n8n_check(text, problems);
}
