/* deluge/builtin_xml.c — XML through libxml2: no entity is expanded, nothing is loaded. help/functions/xml */
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>

#include "deluge/builtin.h"

enum { MAX_XML = 4 << 20, MAX_OPS = 1000000 };

static bool invalid(struct dg_frame *f)
{
    return dg_fail(f, "Invalid XML or Invalid XPath");
}

static void quiet(void *ctx, const char *msg, ...)
{
    (void)ctx;
    (void)msg;
}

static void quiet_error(void *ctx, xmlErrorPtr e)
{
    (void)ctx;
    (void)e;
}

/* NULL when it is no well-formed XML. A document type is refused: with it come entities. */
static xmlDoc *parse(const char *s, size_t n)
{
    xmlSetGenericErrorFunc(NULL, quiet);
    xmlDoc *d = n <= MAX_XML ? xmlReadMemory(s, (int)n, NULL, "UTF-8",
                                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                                 XML_PARSE_NOBLANKS | XML_PARSE_NOCDATA | XML_PARSE_COMPACT)
                             : NULL;
    if (d && d->intSubset) {
        xmlFreeDoc(d);
        return NULL;
    }
    return d;
}

/* ── To XML ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void escape(struct sb *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *as = s[i] == '&' ? "&amp;" : s[i] == '<' ? "&lt;" : s[i] == '>' ? "&gt;" : NULL;
        if (as)
            sb_add(out, as);
        else
            sb_addc(out, (unsigned char)s[i] < ' ' && s[i] != '\n' && s[i] != '\t' && s[i] != '\r' ? ' ' : s[i]);
    }
}

static bool is_name(struct dv key)
{
    return key.t.n && xmlValidateNCName((const xmlChar *)key.t.s, 0) == 0;
}

/* A list gives its element once an item: {"a":[1,2]} → <a>1</a><a>2</a>. */
static bool element(struct dg_frame *f, struct sb *out, struct dv key, struct dv v, int depth)
{
    if (depth > DV_MAX_DEPTH)
        return dg_fail_limit(f, "A value nests deeper than %d", DV_MAX_DEPTH);
    if (!is_name(key))
        return dg_fail(f, "An error occurred while performing this action: \"%.40s\" is no name for an XML element",
                       key.t.s);
    if (dv_is_list(v) && v.box->n) {
        for (size_t i = 0; i < v.box->n; i++)
            if (!element(f, out, key, v.box->item[i], depth + 1))
                return false;
        return true;
    }
    sb_addf(out, "<%s>", key.t.s);
    for (size_t i = 0; v.kind == DV_BOX && i < v.box->n; i++)
        if (!element(f, out, v.box->key[i], v.box->item[i], depth + 1))
            return false;
    if (v.kind != DV_BOX && v.kind != DV_NULL) {
        v = dg_text(f, v);
        escape(out, v.t.s, v.t.n);
    }
    sb_addf(out, "</%s>", key.t.s);
    return out->bad ? dg_fail_limit(f, "A text is longer than %d MB", DV_MAX_TEXT >> 20) : true;
}

/* A map, or text that holds one, below <root>. */
static bool to_xml(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    struct dv map = {0};
    if (!dg_convert(f, c->arg[0], "map", &map) || !element(f, &b, dv_static("root"), map, 0))
        return false;
    *out = dg_take(f, &b);
    return true;
}

/* ── Out of XML ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_json(struct dv t)
{
    size_t i = strspn(t.t.s, " \t\r\n");
    return t.t.s[i] == '{';
}

/* Elements as they are, an attribute as an element of its name (help/functions/xml/executexpath). */
static void show(struct sb *out, xmlDoc *d, xmlNode *node)
{
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        sb_add(out, node->content ? (const char *)node->content : "");
        return;
    }
    if (node->type == XML_NAMESPACE_DECL) { /* not a node at all: it has an address and no more */
        const xmlNs *ns = (const void *)node;
        sb_add(out, ns->href ? (const char *)ns->href : "");
        return;
    }
    if (node->type == XML_ATTRIBUTE_NODE) {
        xmlChar *value = xmlNodeGetContent(node);
        sb_addf(out, "<%s>", (const char *)node->name);
        escape(out, (const char *)value, value ? strlen((const char *)value) : 0);
        sb_addf(out, "</%s>", (const char *)node->name);
        xmlFree(value);
        return;
    }
    xmlBuffer *buffer = xmlBufferCreate();
    if (buffer && xmlNodeDump(buffer, d, node, 0, 0) >= 0)
        sb_add(out, (const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
}

/* Several texts are parted by -|- (unproven), elements follow each other. */
static struct dv found(struct dg_frame *f, xmlDoc *d, xmlXPathObject *o)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    struct dec number;
    if (o->type == XPATH_NODESET) {
        for (int i = 0; o->nodesetval && i < o->nodesetval->nodeNr && !b.bad; i++) {
            xmlNode *node = o->nodesetval->nodeTab[i];
            if (i && node->type == XML_TEXT_NODE)
                sb_add(&b, "-|-");
            show(&b, d, node->type == XML_DOCUMENT_NODE ? xmlDocGetRootElement(d) : node);
        }
        return dg_take(f, &b);
    }
    xmlChar *text = xmlXPathCastToString(o);
    sb_add(&b, (const char *)text);
    xmlFree(text);
    if (o->type == XPATH_NUMBER && dec_parse(b.buf, b.len, &number)) /* 1e6 and the like: plain digits */
        return dg_text(f, dv_dec(number));
    return dg_take(f, &b);
}

static bool execute_xpath(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv text = c->arg[0];
    if (c->arg[1].kind != DV_TEXT)
        return dg_fail(f, "Incompatible types for function at argument index 1 Required: [TEXT] Found: %s",
                       dv_type(c->arg[1]));
    if (text.kind == DV_BOX || is_json(text)) {
        struct dg_call as_xml = {c->name, &text, 1};
        if (!to_xml(f, &as_xml, &text))
            return false;
    }
    xmlDoc *d = parse(text.t.s, text.t.n);
    if (!d)
        return invalid(f);
    xmlXPathContext *x = xmlXPathNewContext(d);
    xmlXPathObject *o = NULL;
    if (x) {
        x->error = quiet_error;
        x->opLimit = MAX_OPS;
        o = xmlXPathEvalExpression((const xmlChar *)c->arg[1].t.s, x);
    }
    if (o)
        *out = found(f, d, o);
    bool ok = o != NULL;
    xmlXPathFreeObject(o);
    xmlXPathFreeContext(x);
    xmlFreeDoc(d);
    return ok ? true : invalid(f);
}

/* The elements that stand beside each other, each as XML: the text may be several documents in a row. */
static bool to_xml_list(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv text = c->arg[0];
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    sb_add(&b, "<list>");
    sb_addn(&b, text.t.s, text.t.n);
    sb_add(&b, "</list>");
    xmlDoc *d = b.bad ? NULL : parse(b.buf, b.len);
    if (!d)
        return invalid(f);
    *out = dv_box_new(&f->run->arena, DV_LIST);
    for (xmlNode *n = xmlDocGetRootElement(d)->children; n; n = n->next) {
        AUTO_SB struct sb one = SB_INIT(DV_MAX_TEXT);
        if (n->type != XML_ELEMENT_NODE)
            continue;
        show(&one, d, n);
        dv_add(&f->run->arena, *out, dg_take(f, &one));
    }
    xmlFreeDoc(d);
    return true;
}

const struct dg_builtin dg_xml_rows[] = {
    {"toxml", ON_TEXT | ON_MAP, 1, 1, to_xml},
    {"executexpath", ON_TEXT | ON_MAP, 2, 2, execute_xpath},
    {"toxmllist", ON_TEXT, 1, 1, to_xml_list},
    {NULL, 0, 0, 0, NULL},
};
