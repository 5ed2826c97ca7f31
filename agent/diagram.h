/*
 * agent/diagram.h — a state diagram as Mermaid text (Git hosts draw it) and as SVG (no viewer needed).
 *
 * Input       {"states": [label, …] in order, "arrows": [{"from","to","label"}], "start": label or null, "dashed": [label, …]}: texts
 * for people; a dashed state stands for several. SVG         by graphviz libgvc with only the core and dot_layout plugins: no font look-ups, nothing leaked,
 * the same bytes on every machine. Text widths are therefore libgvc's own estimate, so nodes get generous margins.
 * Colours are CSS classes, for light, dark and paper. No external reference, no script, no id. Limits
 * DIAGRAM_MAX_STATES: past it ERR_LIMIT (a Blueprint request takes 50; facts: create-blueprint).
 */
#ifndef AGENT_DIAGRAM_H
#define AGENT_DIAGRAM_H
#include "base/err.h"
#include "base/js.h"

enum { DIAGRAM_MAX_STATES = 100, DIAGRAM_MAX_ARROWS = 400, DIAGRAM_MAX_BYTES = 4 << 20 };

/* Caller frees; NULL on error. */
char *diagram_mermaid(const json_t *diagram, struct err *e);
char *diagram_svg(const json_t *diagram, struct err *e);
#endif
