/*
 * agent/guide.h — the hand-over guide: what a person must do, as guide.md and as one self-contained guide.html.
 *
 * Flow        plan + states ─ guide_data ─► wording templates ─► guide.md ─ guide_html ─► guide.html        guide_check
 * reads guide.md The HTML is made from the Markdown alone; nothing is said twice. Wording     lives in a folder
 * (templates/_guide/en): no sentence and no menu path stands in C. guide.md.mustache   the whole document: order and
 * headings step.md.mustache    the frame of one hand step; KIND files fill its blocks KIND.md.mustache    the clicks
 * for one kind; a missing one is ERR_CONFIG naming the file to write page.html.mustache  the HTML shell; page.css and
 * page.js are inlined into it strings.yaml        single words: kinds{KIND{title,permission,risk}}, comparators, owner
 * types, …
 *
 * How to write KIND.md.mustache. Fill the blocks of the frame; every block below is mandatory except `values` and
 * `cleanup` (guide_check refuses a guide in which one of the others is empty):
 *
 *     {{<step}}
 *     {{$values}}  a two-column table label | value of everything that is typed or picked          (optional)
 *     {{$actions}} a numbered list, one action an item, each written "1. [ ] …"
 *     {{$expected}} what one sees when it is right             {{$negative}} what must fail, and how it looks
 *     {{$cleanup}} what to remove after the test (optional)    {{$undo}} how to take it back, cheapest first
 *     {{/step}}
 *
 *   Rendered as Markdown, strict: a name that is not listed here is an error. {{x}} escapes; {{{x}}} is for the
 * ready-made Markdown named here (code, cell, block, check, mermaid) and for nothing else. Menu words are **bold** with
 * " > " between; values to type, pick or paste are code ({{{v.code}}}): in the HTML each code span inside a step has a
 * copy button, so nothing else is code. API names follow the label in parentheses, as plain text. After a menu path
 * that no source proves write {{{check}}}: it prints "[?]" with the note "check this label". No raw HTML (it is
 * dropped), no heading above level 4, no line starting with <!--.
 *
 * VALUE       a text as an object {text, label, api_name, code, cell, block}: text = label = what people read; api_name
 * or null; code = a code span, cell = a code span inside a table cell, block = a fenced block (several lines, function
 * source). A thing that is referred to (field, module, layout, template, function, …) is a VALUE too, its label looked
 * up. Write optional ones as {{#body.folder}}… {{{code}}} …{{/body.folder}}.
 *
 * Names in KIND.md.mustache and step.md.mustache (always there; null, false or [] when there is nothing):
 *   org        {name, zone, zgid, edition}
 *   playbook   {name, title, summary}
 *   step       {n, id, address, kind, kind_title, title, name VALUE, create, update, readable, attest, minutes, owner,
 * as, permission, risk, state, waits, blocked, done {outcome,by,at}|null, refused (text)|null, needs [{n|null, id,
 * title, hand, done}], has_needs, why [{id,text,where}], changes [{path,from,to}], notes [text]} readable: zagent reads
 * the result back; attest: it cannot, a person states it. n counts hand steps from 1. module     {label, plural,
 * api_name} or null hand       the playbook's own words for this step, each text or null, they go before the kind's
 * general words: {test_record, test_as, expected, negative, cleanup, undo, evidence, note} body       the step's body
 * (docs/PLAYBOOKS.md) for people: every text or number a VALUE, every reference a VALUE, booleans as they are, lists of
 * these; keys of GUIDE_BODY_KEYS are always there, null when unset. Items of one list all have the same keys. criteria
 * of the body (criteria or entry_criteria), or null: {rows [{n, field VALUE, comparator (words), value VALUE|null}],
 * one, pattern "(1 and 2) or 3"} source     VALUE of the script a function step carries, or null (use
 * {{{source.block}}}); source_path where the file stands, or null blueprint  null, or {field VALUE, layout VALUE|null,
 * states [VALUE + {first,last}], mermaid, transitions [{n, name VALUE, from [VALUE], to VALUE, who [VALUE], criteria as
 * above|null, asks [{field VALUE|null, message VALUE|null, type, mandatory, validation (text)|null}], has_asks, after
 * [{type (words), name VALUE}], has_after}]} check      the note after an unproven menu path
 * rules      the workflow rules that use what the step makes [{name VALUE, body as above, absent (it waits for this step, so
 * nobody has made it), last}]
 *
 * Markers     lines "<!-- zagent:begin NAME [ID] -->" and "<!-- zagent:end -->" (templates write them, invisible on a
 * Git host) become <section class="NAME"> in the HTML and are what guide_check reads. Text from data cannot make one:
 * it is escaped. Ticks       the step's own tick has the step's id, its actions ID.1, ID.2, …: stable across
 * re-planning. Same input, same bytes: the only time is `now`.
 */
#ifndef AGENT_GUIDE_H
#define AGENT_GUIDE_H
#include "base/err.h"
#include "base/js.h"
#include "plan/snapshot.h"

/* Keys of `body` that exist for every kind. */
#define GUIDE_BODY_KEYS                                                                                                \
    "name", "api_name", "description", "singular_label", "plural_label", "display_field", "profiles", "field_label",   \
        "data_type", "length", "precision", "decimal_place", "rounding_option", "currency", "formula", "unique",       \
        "tooltip", "pick_list_values", "lookup", "multiselectlookup", "display_label", "column_count",                 \
        "sequence_number", "fields", "criteria", "entry_criteria", "sort_by", "sort_order", "access_type",             \
        "shared_to", "type", "value", "variable_group", "lock_type", "locked_for", "restricted_actions",               \
        "restricted_communications", "excluded_fields", "lock_excluded_profiles", "locking_rules", "category",         \
        "language", "module", "layout", "field", "function", "arguments", "subject", "content", "folder", "template",  \
        "recipients", "execute_when", "conditions", "message", "states", "transitions", "connections", "where", "set", \
        "trigger", "service", "scopes", "text", "key", "records", "by_hand", "address", "connection", "credentials",   \
        "events", "file", "frequency", "place", "time"

struct guide_input {
    const json_t *plan;     /* zagent.plan/1; steps of other playbooks are left out */
    const json_t *manifest; /* {name, title, summary, guide{owner}, pages{intro,emergency,go_live,monday: rendered
                               Markdown without a heading above ###, or absent}, open_questions [{text,where}]} */
    const char *templates;  /* folder of the wording: "templates/_guide/en" */
    const json_t *org;      /* {name, zone, zgid, edition} */
    const json_t *steps;    /* state_steps(): address → {outcome, detail{by,…}, run, at}; NULL = nothing done yet */
    const json_t *names;    /* address → api_name in this org, or NULL */
    const struct snapshot *snapshot; /* for labels and "confirmed before writing"; NULL = only the plan is known */
    const char *role; /* only the hand steps of this owner, without what others read; NULL = everything */
    int64_t now;
};
/* Owners of the playbook's hand steps, sorted: an array of text. New reference; NULL with e when the wording cannot be read. */
json_t *guide_roles(const struct guide_input *in, struct err *e);

/* Both texts are the caller's to free. Findings as guide_check. ERR_CONFIG for wording that does not render, with its
 * place; ERR_NOT_FOUND when the plan has no step of this playbook. */
int guide_build(const struct guide_input *in, char **md, char **html, json_t *findings, struct err *e);

/* The contract of a guide, machine-checked; pushes {"level":"error|warning","line","text"} (level warning: worth a
 * look). Every hand step of the plan appears once; actions, expected, negative, verify, undo and sign-off are not
 * empty; every field that a hand step names exists in the snapshot or is made by the plan; no text that looks like a
 * secret; "[?]" never without its note; the front matter is complete and names this plan. */
int guide_check(const struct guide_input *in, const char *md, json_t *findings, struct err *e);

/* Markdown with markers → the page. `svg`: step id → SVG that replaces the mermaid block inside <!-- zagent:begin
 * diagram ID -->. */
int guide_html(const char *templates, const char *md, const json_t *svg, const json_t *page, char **html,
               struct err *e);
#endif
