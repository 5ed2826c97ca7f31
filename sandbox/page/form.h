/* sandbox/page/form.h — a posted form: reading it, and writing labelled inputs with what was typed and what was wrong with it. */
#ifndef SANDBOX_PAGE_FORM_H
#define SANDBOX_PAGE_FORM_H
#include "sandbox/page/page.h"

/* application/x-www-form-urlencoded: name → text; a name sent more than once → array of texts. New reference. */
json_t *form_read(const struct call *c);
/* The posted text of a name; NULL when it was not posted or is empty. */
const char *form_text(const struct page *p, const char *name);
/* The texts under a name, one or many; new array. */
json_t *form_texts(const struct page *p, const char *name);

/* <form> of this page's own address with its token; do_what distinguishes the forms of one page. */
void form_open(struct page *p, const char *do_what);
void form_close(struct page *p, const char *button);

/* One labelled input. value: what it shows unless something was posted; NULL = empty. */
struct input {
    const char *name, *label,
        *type; /* type: text number date datetime-local email tel url textarea code checkbox select */
    const char *value;
    bool required;
    const char *hint;         /* below the label; NULL = none */
    const json_t *options;    /* of select: array of {"value","label"}; "" is offered first unless required */
    const json_t *many;       /* of a select that takes several: the chosen texts; NULL = takes one */
    const char *invalid_name; /* where errors look it up; NULL = name */
};
void form_input(struct page *p, const struct input *in);
/* [{"value","label"}] builder. */
void form_option(json_t *options, const char *value, const char *label);
#endif
