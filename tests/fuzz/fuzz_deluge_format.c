/* Bytes choose among the productions of the grammar (facts 1.3): the script is sound by construction, with any white
 * space and comments between its tokens. It must parse, format to the same tree, and formatting again changes nothing.
 * Run by libFuzzer (-fsanitize=fuzzer) and over the corpus by tests/deluge. */
#include <stdio.h>

#include "deluge/dump.h"
#include "deluge/format.h"
#include "deluge/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_INPUT = 2000, MAX_TEXT = 1 << 22, MAX_DEPTH = 12 };

struct gen {
    const uint8_t *at, *end;
    struct sb out;
    int depth;
};

static unsigned pick(struct gen *g, unsigned n)
{
    return g->at < g->end ? *g->at++ % n : 0;
}

static void gap(struct gen *g)
{
    static const char *const gaps[] = {" ", "\n", "\t", "  ", "\r\n", " /* c */ ", " // c\n", "\n\n\t"};
    sb_add(&g->out, gaps[pick(g, 8)]);
}

/* A production: ~ is a value, # a block, ^ the end of a line, _ one space, a space any gap, the rest itself. */
static void produce(struct gen *g, const char *rule);

static void value(struct gen *g)
{
    static const char *const rules[] = {"a",
                                        "1",
                                        "\"t\\\"x\"",
                                        "12.50",
                                        "null",
                                        "'01-Aug-2022'",
                                        "~ + ~",
                                        "~ == ~ && ! ~",
                                        "a . f ( ~ , ~ )",
                                        "{ \"k\" : ~ , b : ~ }",
                                        "{ ~ , ~ }",
                                        "[ ~ , ~ ]",
                                        "if ( ~ , ~ , ~ )",
                                        "( ~ ) . get ( ~ )",
                                        "Form [ A == ~ ] . Name",
                                        "zoho . crm . getRecordById ( \"M\" , ~ )",
                                        "- ~",
                                        "{ }",
                                        "List : String ( ~ )",
                                        "Form [ A is not null || B contains ~ ]",
                                        "~ * ~ - ~ / ~ % ~",
                                        "f ( )",
                                        "a = ~"};
    produce(g, g->depth > MAX_DEPTH ? "a" : rules[pick(g, sizeof rules / sizeof *rules)]);
}

static void statement(struct gen *g)
{
    static const char *const rules[] = {
        "info ~ ;",
        "a = ~ ;",
        "a . b . c = ~ ;",
        "a . put ( ~ , ~ ) ;",
        "if ( ~ ) # else if ( ~ ) # else #",
        "for each x in ( ~ ) #",
        "for each index i in a #",
        "try # catch ( e ) #",
        "return_~ ;",
        "break ;",
        "sendmail [ from : a^ to : ~ , ~^ subject : ~^ Attachments : file : a , file : b ]",
        "r = invokeurl [ url : ~^ type : GET^ headers : { \"a\" : ~ }^ connection : \"c\" ] ;",
        "r = insert into F [ A = ~^ B.c = ~ ] ;",
        "delete from F [ A == ~ ] ;",
        "throw_~ ;",
        "cancel submit ;",
        "hide_a , b . c ;",
        "alert_\"x\" ;",
        "#",
        "a += ~ ;",
        "return ;",
        "input . A : ui . add ( ~ ) ;",
        "invokeurl [ url : ~ ] ;"};
    produce(g, g->depth > MAX_DEPTH ? "break ;" : rules[pick(g, sizeof rules / sizeof *rules)]);
    sb_addc(&g->out, '\n');
}

static void block(struct gen *g)
{
    sb_addc(&g->out, '{');
    for (unsigned n = pick(g, 3); n > 0; n--)
        statement(g);
    sb_addc(&g->out, '}');
}

static void produce(struct gen *g, const char *rule)
{
    g->depth++;
    for (; *rule; rule++) {
        if (*rule == '~')
            value(g);
        else if (*rule == '#')
            block(g);
        else if (*rule == ' ')
            gap(g);
        else
            sb_addc(&g->out, *rule == '^' ? '\n' : *rule == '_' ? ' ' : *rule);
    }
    g->depth--;
}

static void fail(const char *what, const struct gen *g, const struct dg_diags *d)
{
    fprintf(stderr, "%s%s%s:\n%s\n", what, d->n ? ": " : "", d->n ? d->item[0].message : "", g->out.buf);
    abort();
}

static void round_trip(const struct gen *g)
{
    struct sb once = SB_INIT(MAX_TEXT), twice = SB_INIT(MAX_TEXT);
    struct dg_script s, again;
    struct dg_diags d = {0};
    if (!dg_parse(&s, "made", g->out.buf, g->out.len, &d))
        fail("a sound script is refused", g, &d);
    if (dg_format(&s, &once, NULL) < 0 || !dg_parse(&again, "again", once.buf, once.len, &d) || !dg_same(&s, &again))
        fail("formatting made another tree", g, &d);
    if (dg_format(&again, &twice, NULL) < 0 || once.len != twice.len || memcmp(once.buf, twice.buf, once.len) != 0)
        fail("formatting again changed something", g, &d);
    dg_script_release(&s);
    dg_script_release(&again);
    dg_diags_release(&d);
    sb_release(&once);
    sb_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen g = {data, data + (size > MAX_INPUT ? MAX_INPUT : size), SB_INIT(MAX_TEXT), 0};
    while (g.at < g.end)
        statement(&g);
    if (g.out.len)
        round_trip(&g);
    sb_release(&g.out);
    return 0;
}
