/* agent/playbook_pages.c — what a manifest gives people to read: pages of the guide, open questions, artifacts. */
#include "agent/playbook_check.h"
#include "agent/playbook_keys.h"

/* Pages render, and no menu path of theirs is unproven without saying so. */
static void check_pages(const struct playbook *pb, const char *note, bool by_hand, json_t *findings)
{
    static const char *const pages[] = {"intro", "emergency", "go_live", "monday"};
    const json_t *guide = js_obj(pb->y.root, "guide");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const char *file = js_str(guide, pages[i]);
        AUTO_FREE char *at = mem_printf("/guide/%s", pages[i]);
        if (!file && by_hand && !strcmp(pages[i], "emergency"))
            playbook_finding(findings, &pb->y, guide ? "/guide" : "", "error",
                             "write the page: the quickest way out first, who decides, what stays",
                             "there are steps by hand and no page for emergencies");
        if (!file)
            continue;
        struct err why = {0};
        AUTO_FREE char *text = playbook_render(pb, file, NULL, &why);
        if (!text) {
            playbook_finding_err(findings, &why);
            continue;
        }
        for (const char *mark = text; (mark = strstr(mark, "[?]")); mark++)
            if (!*note || strncmp(mark, note, strlen(note)) != 0)
                playbook_finding(findings, &pb->y, at, "error", note,
                                 "the page '%s' shows an unproven menu path without the note to check the label", file);
    }
}

static void check_questions(const struct playbook *pb, json_t *findings)
{
    json_t *one;
    size_t i;
    json_array_foreach (js_arr(js_obj(pb->y.root, "guide"), "open_questions"), i, one) {
        AUTO_FREE char *at = mem_printf("/guide/open_questions/%zu", i);
        if (!js_str(one, "text"))
            playbook_finding(findings, &pb->y, at, "error", "write {text: the question, where: who decides it}",
                             "an open question has no text");
    }
}

static void check_artifacts(const struct playbook *pb, json_t *findings)
{
    json_t *one;
    size_t i;
    json_array_foreach (js_arr(pb->y.root, "artifacts"), i, one) {
        struct err why = {0};
        AUTO_FREE char *text = playbook_render(pb, js_str_or(one, "template", ""), NULL, &why);
        if (!text)
            playbook_finding_err(findings, &why);
    }
}

void playbook_check_pages(const struct playbook *pb, const char *note, bool by_hand, json_t *findings)
{
    check_pages(pb, note, by_hand, findings);
    check_questions(pb, findings);
    check_artifacts(pb, findings);
}
