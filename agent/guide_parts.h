/*
 * agent/guide_parts.h — what the files of the guide share: the words, labels for names, and the data object of agent/guide.h.
 *
 * Call order  guide_open → guide_data (all steps of the playbook) → render → guide_close. Texts for people only come from strings.yaml.
 */
#ifndef AGENT_GUIDE_PARTS_H
#define AGENT_GUIDE_PARTS_H
#include "agent/guide.h"
#include "base/yaml.h"

struct guide {
    const struct guide_input *in;
    struct yaml strings;
    const char *playbook; /* name */
    json_t *all;          /* every hand step of the playbook, in order: numbers count these */
    json_t *hand;         /* [{plan step, n}] hand steps in order: borrowed plan steps under "step" */
    json_t *steps;        /* address → step of the plan, once asked for */
    json_t *
        fields; /* "Module.API" → {label, api_name, module, from: "org"|"plan"|"none"} of every field a hand step names */
};
int guide_open(struct guide *g, const struct guide_input *in, struct err *e);
void guide_close(struct guide *g);

/* strings.yaml: words/GROUP/KEY; the key itself where no word is given. Borrowed. */
const char *guide_word(const struct guide *g, const char *group, const char *key);
/* strings.yaml: kinds/KIND/KEY, NULL when not given. Borrowed. */
const char *guide_kind_word(const struct guide *g, const char *kind, const char *key);
/* The note after an unproven path, as printed. Borrowed. */
const char *guide_check_note(const struct guide *g);
/* Who does it: the step's owner, else the guide's. Borrowed. */
const char *guide_step_owner(const struct guide *g, const json_t *step);
bool guide_step_done(const struct guide *g, const json_t *step);
bool guide_step_by_hand(const struct guide *g, const json_t *step);

/* A VALUE (agent/guide.h). New reference. */
json_t *guide_value(const char *text, const char *api_name);
/* The VALUE of a field of a module; notes in g->fields where the name is known from. */
json_t *guide_field(struct guide *g, const char *module, const char *api_name);
json_t *guide_module(struct guide *g, const char *api_name); /* {label, plural, api_name} */
/* A body for people. */
json_t *guide_body(struct guide *g, const char *module, const json_t *body);
/* NULL for no criteria. */
json_t *guide_criteria(struct guide *g, const char *module, const json_t *tree);
/* Blueprint of a body with states, transitions and connections. */
json_t *guide_blueprint(struct guide *g, const char *module, const json_t *body, struct err *e);
/* The diagram's input (agent/diagram.h) of such a body. */
json_t *guide_blueprint_diagram(const json_t *blueprint);
const json_t *guide_step_body(const struct guide *g, const json_t *step);
/* Module of a step, decoded; NULL for org-wide kinds. Caller frees. */
char *guide_step_module(const json_t *step, char **name);
/* `rules` of agent/guide.h. New reference. */
json_t *guide_rules(struct guide *g, const json_t *step);

/* The step's number among all hand steps of the playbook, 0 for none. */
int64_t guide_step_number(const struct guide *g, const char *address);
/* Data of one hand step and of the whole document. New references. */
json_t *guide_step_data(struct guide *g, const json_t *step, int64_t n, struct err *e);
json_t *guide_document_data(struct guide *g, struct err *e);
#endif
