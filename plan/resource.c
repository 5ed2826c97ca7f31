/* plan/resource.c — addresses, and the set of what playbooks want. */
#include "plan/resource.h"

#include "base/digest.h"
#include "base/mem.h"
#include "base/sb.h"
#include "base/text.h"
#include "plan/kind.h"

enum { ADDRESS_MAX = 4096 };

/* "/" and "=" part the pieces of a name (layout/section, field=value) and stay readable. */
static void add_encoded(struct sb *b, const char *name)
{
    while (*name) {
        size_t n = strcspn(name, "/=");
        AUTO_FREE char *part = mem_dupn(name, n);
        AUTO_FREE char *enc = text_percent_encode(part);
        sb_add(b, enc);
        name += n;
        if (*name)
            sb_addc(b, *name++);
    }
}

char *address_make(const char *kind, const char *module, const char *name)
{
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX);
    sb_addf(&b, "%s/", kind);
    if (module) {
        add_encoded(&b, module);
        sb_addc(&b, '.');
    }
    add_encoded(&b, name);
    return sb_take(&b, "address", NULL);
}

static void unknown_kind(const char *address, const char *name, struct err *e)
{
    const char **all = mem_grow(NULL, kinds_n, sizeof *all);
    for (size_t i = 0; i < kinds_n; i++)
        all[i] = kinds[i].name;
    const char *near = text_nearest(name, all, kinds_n);
    free(all);
    err_set(e, ERR_CONFIG, "'%s' names no known kind ('%s')", address, name);
    if (near)
        err_fix(e, "did you mean %s/…? docs/PLAYBOOKS.md lists the kinds", near);
    else
        err_fix(e, "write one of the kinds of docs/PLAYBOOKS.md, as in field/Quotes.Margin");
}

static int decode_part(const char *address, const char *text, size_t n, char **out, struct err *e)
{
    AUTO_FREE char *raw = mem_dupn(text, n);
    *out = text_percent_decode(raw);
    if (!*out || !**out) {
        free(*out);
        *out = NULL;
        err_set(e, ERR_CONFIG, "address '%s' has an empty part or a bad %%-escape", address);
        err_fix(e, "write kind/Module.Name; %%XX stands for one byte, %%25 for a percent sign");
        return -1;
    }
    return 0;
}

int address_parse(const char *address, const struct kind **kind, char **module, char **name, struct err *e)
{
    *kind = NULL;
    *module = *name = NULL;
    if (strlen(address) > ADDRESS_MAX) {
        err_set(e, ERR_CONFIG, "an address is longer than %d bytes", ADDRESS_MAX);
        return -1;
    }
    const char *slash = strchr(address, '/');
    AUTO_FREE char *kind_name = slash ? mem_dupn(address, (size_t)(slash - address)) : mem_dup(address);
    *kind = kind_find(kind_name);
    if (!*kind) {
        unknown_kind(address, kind_name, e);
        return -1;
    }
    const char *rest = slash ? slash + 1 : "";
    if ((*kind)->in_module) {
        const char *dot = strchr(rest, '.');
        if (!dot) {
            err_set(e, ERR_CONFIG, "address '%s' lacks its module", address);
            err_fix(e, "write %s/Module.Name", kind_name);
            return -1;
        }
        if (decode_part(address, rest, (size_t)(dot - rest), module, e) < 0)
            return -1;
        rest = dot + 1;
    }
    if (decode_part(address, rest, strlen(rest), name, e) < 0) {
        free(*module);
        *module = NULL;
        return -1;
    }
    return 0;
}

char *address_canonical(const char *written, struct err *e)
{
    const struct kind *kind;
    char *module, *name;
    if (address_parse(written, &kind, &module, &name, e) < 0)
        return NULL;
    char *address = address_make(kind->name, module, name);
    free(module);
    free(name);
    return address;
}

void address_step_id(const char *address, char id[9])
{
    char hex[65];
    digest_sha256(address, strlen(address), hex);
    memcpy(id, hex, 8);
    id[8] = '\0';
}

char *resource_where(const struct resource *r)
{
    if (!r->file)
        return mem_dup("");
    return r->line > 0 ? mem_printf("%s:%d:%d", r->file, r->line, r->col) : mem_dup(r->file);
}

static int canonical_needs(struct resource *r, struct err *e)
{
    struct strset out = {0};
    for (size_t i = 0; i < r->needs.n; i++) {
        AUTO_FREE char *a = address_canonical(r->needs.item[i], e);
        if (!a) {
            strset_release(&out);
            return -1;
        }
        strset_add(&out, a);
    }
    strset_release(&r->needs);
    r->needs = out;
    return 0;
}

static int complete(struct resource *r, struct err *e)
{
    const struct kind *kind;
    char *module, *name;
    if (address_parse(r->address, &kind, &module, &name, e) < 0)
        return -1;
    free(r->address);
    free(r->module);
    free(r->name);
    r->address = address_make(kind->name, module, name);
    r->kind = kind;
    r->module = module;
    r->name = name;
    if (!r->body)
        r->body = json_object();
    if (!r->because)
        r->because = json_array();
    if (kind->cls == KIND_REFERENCE) {
        err_set(e, ERR_CONFIG, "'%s' can be referred to but not planned", r->address);
        return err_fix(e, "remove it, or make the %s in Zoho with a manual/… step", kind->title);
    }
    return canonical_needs(r, e);
}

static int duplicate(const struct resource *first, const struct resource *again, struct err *e)
{
    AUTO_FREE char *where = resource_where(first);
    err_set(e, ERR_CONFIG, "'%s' is declared twice", again->address);
    return err_fix(e, "keep one of the two; the first stands at %s", *where ? where : "an unknown place");
}

int desired_add(struct desired *d, struct resource *r, struct err *e)
{
    struct resource own = *r;
    memset(r, 0, sizeof *r);
    int rc = complete(&own, e);
    const struct resource *first = rc < 0 ? NULL : desired_find(d, own.address);
    if (first)
        rc = duplicate(first, &own, e);
    if (rc < 0) {
        AUTO_FREE char *where = resource_where(&own);
        if (*where)
            err_at(e, "%s", where);
        resource_release(&own);
        return -1;
    }
    if (!d->index)
        d->index = json_object();
    js_set_int(d->index, own.address, (int64_t)d->n);
    VEC_PUSH(d->r, d->n, d->cap, own);
    return 0;
}

const struct resource *desired_find(const struct desired *d, const char *address)
{
    json_t *at = d ? json_object_get(d->index, address) : NULL;
    return at ? &d->r[json_integer_value(at)] : NULL;
}

void resource_copy(struct resource *to, const struct resource *from)
{
    *to = (struct resource){
        .address = mem_dup(from->address),
        .kind = from->kind,
        .module = from->module ? mem_dup(from->module) : NULL,
        .name = mem_dup(from->name),
        .playbook = from->playbook ? mem_dup(from->playbook) : NULL,
        .body = json_incref(from->body),
        .because = json_incref(from->because),
        .hand = json_incref(from->hand),
        .artifact = json_incref(from->artifact),
        .tombstone = json_incref(from->tombstone),
        .file = from->file ? mem_dup(from->file) : NULL,
        .line = from->line,
        .col = from->col,
    };
    strset_merge(&to->needs, &from->needs);
    strset_merge(&to->after, &from->after);
    strset_merge(&to->also, &from->also);
}

void resource_release(struct resource *r)
{
    free(r->address);
    free(r->module);
    free(r->name);
    free(r->playbook);
    free(r->file);
    json_decref(r->body);
    json_decref(r->because);
    json_decref(r->hand);
    json_decref(r->artifact);
    json_decref(r->tombstone);
    strset_release(&r->needs);
    strset_release(&r->after);
    strset_release(&r->also);
    memset(r, 0, sizeof *r);
}

void desired_release(struct desired *d)
{
    for (size_t i = 0; i < d->n; i++)
        resource_release(&d->r[i]);
    free(d->r);
    json_decref(d->index);
    memset(d, 0, sizeof *d);
}
