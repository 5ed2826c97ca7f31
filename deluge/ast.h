/*
 * deluge/ast.h — the tree of a Deluge script: what the parser makes; checker and interpreter read it.
 *
 * Shape       struct dg_script owns everything through one arena: source text, tokens (comments among them),
 *             names, statements and expressions. A script without signature is a list of statements; a function
 *             is a statement of kind DG_FUNCTION at the outermost level, listed again in script.function.
 * Names       interned a script: two equal names are one pointer, and `index` counts from 0 to n_names - 1, so
 *             variables can live in an array of slots. `lower` is for built-ins, which ignore case; variables
 *             do not.
 * Ids         every statement and every expression has an `id` (0 … n_stmts - 1, 0 … n_exprs - 1): for
 *             coverage and side tables.
 * Places      byte offsets from 0; lines and columns from 1, a column counts code points (a BOM and a CR count
 *             nothing).
 * Brackets    DG_PAREN is kept, so the tree says what the author wrote; look through with dg_unparen().
 * Comments    stay tokens in their place (script.token, kind DG_T_COMMENT): the formatter prints tokens, so
 *             nothing is lost.
 * Damage      a script with errors still has a tree: DG_BAD stands where an expression or statement could not
 *             be read. Never evaluate a script for which dg_parse returned false.
 * Bounds      source ≤ DG_MAX_SOURCE bytes; brackets and blocks nest ≤ DG_MAX_DEPTH; a tree is at most
 *             DG_MAX_HEIGHT high (a + b + c … leans left), so a recursive walker is safe.
 * Source      the grammar is in docs/DELUGE-RULES.md; it was measured on public scripts that Zoho's own editor
 *             had formatted.
 */
#ifndef DELUGE_AST_H
#define DELUGE_AST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deluge/arena.h"

enum { DG_MAX_SOURCE = 8 << 20, DG_MAX_DEPTH = 200, DG_MAX_HEIGHT = 1500 };

/* From the first byte to one past the last. */
struct dg_span {
    uint32_t off, end;
    uint32_t line, col;
    uint32_t end_line, end_col; /* of the place one past the last byte */
};

struct dg_name {
    const char *s;     /* as written, NUL-terminated */
    const char *lower; /* ASCII lower case */
    uint32_t len, index;
};

/* ── Tokens ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* enum, how it is written (or called in a message) */
#define DG_TOKENS(X)                                                                                                   \
    X(EOF, "end of script")                                                                                            \
    X(COMMENT, "comment")                                                                                              \
    X(NAME, "name")                                                                                                    \
    X(INT, "number")                                                                                                   \
    X(DECIMAL, "number")                                                                                               \
    X(TEXT, "text")   /* "…" */                                                                                      \
    X(QUOTED, "text") /* '…': a date when it reads as one, else text */                                              \
    X(LPAREN, "(")                                                                                                     \
    X(RPAREN, ")")                                                                                                     \
    X(LBRACE, "{")                                                                                                     \
    X(RBRACE, "}")                                                                                                     \
    X(LBRACKET, "[")                                                                                                   \
    X(RBRACKET, "]")                                                                                                   \
    X(COMMA, ",")                                                                                                      \
    X(SEMI, ";")                                                                                                       \
    X(COLON, ":")                                                                                                      \
    X(DOT, ".")                                                                                                        \
    X(ASSIGN, "=")                                                                                                     \
    X(EQ, "==")                                                                                                        \
    X(NE, "!=")                                                                                                        \
    X(LT, "<")                                                                                                         \
    X(LE, "<=")                                                                                                        \
    X(GT, ">")                                                                                                         \
    X(GE, ">=")                                                                                                        \
    X(PLUS, "+")                                                                                                       \
    X(MINUS, "-")                                                                                                      \
    X(STAR, "*")                                                                                                       \
    X(SLASH, "/")                                                                                                      \
    X(PERCENT, "%")                                                                                                    \
    X(NOT, "!")                                                                                                        \
    X(AND, "&&")                                                                                                       \
    X(OR, "||")                                                                                                        \
    X(PLUS_ASSIGN, "+=")                                                                                               \
    X(MINUS_ASSIGN, "-=")                                                                                              \
    X(STAR_ASSIGN, "*=")                                                                                               \
    X(SLASH_ASSIGN, "/=")                                                                                              \
    X(PERCENT_ASSIGN, "%=")                                                                                            \
    X(INC, "++") /* not Deluge: lexed so that the message can say what to write instead */                             \
    X(DEC, "--")                                                                                                       \
    X(ARROW, "->")                                                                                                     \
    X(FAT_ARROW, "=>")                                                                                                 \
    X(QUESTION, "?")                                                                                                   \
    X(OTHER, "character") /* any other mark: & | ~ ^ @ # ` $ */

enum dg_token_kind {
#define X(id, text) DG_T_##id,
    DG_TOKENS(X)
#undef X
        DG_T__MAX
};

/* What the parser understood a token to be; only the formatter reads it. */
enum dg_role {
    DG_R_NONE,
    DG_R_STMT,        /* first token of a statement: begins a line */
    DG_R_BLOCK_OPEN,  /* { of a block */
    DG_R_BLOCK_CLOSE, /* } of a block */
    DG_R_STMT_END,    /* ; that ends a statement */
    DG_R_CLAUSE,      /* else, catch: begins a line after a block */
    DG_R_HEAD,        /* if, else, for, catch, delete …: word followed by its own spacing */
    DG_R_LOOP_VAR,    /* the variable of for each: two spaces before it */
    DG_R_UNARY,       /* prefix ! - */
    DG_R_BINARY,      /* operator with a space on both sides */
    DG_R_WORD,        /* a word with a space on both sides: in, sort, by, range, from, to */
    DG_R_TASK_OPEN,   /* [ of invokeurl, sendmail, insert into */
    DG_R_TASK_CLOSE,  /* its ] */
    DG_R_KEY,         /* first token of a key in a task block: begins a line */
    DG_R_KEY_MORE,    /* further token of that key (content-type, reply to) */
    DG_R_KEY_COLON,   /* the : after it */
    DG_R_FIELD,       /* first token of a field of insert into: begins a line */
    DG_R_MAP_COLON,   /* : of a map literal or a key-value argument */
    DG_R__MAX
};

struct dg_token {
    uint8_t kind;    /* enum dg_token_kind */
    uint8_t role;    /* enum dg_role */
    bool line_start; /* nothing but space before it on its line */
    bool broken;     /* unclosed text or comment, already reported */
    struct dg_span span;
    const struct dg_name *name; /* DG_T_NAME */
};

/* ── Expressions ────────────────────────────────────────────────────────────────────────────────────────────────── */

enum dg_expr_kind {
    DG_BAD,     /* could not be read; reported */
    DG_NULL,    /* null */
    DG_BOOL,    /* true false */
    DG_INT,     /* 64 bits: ids of 19 digits */
    DG_DECIMAL, /* digits as written: never a double */
    DG_TEXT,    /* "…" decoded, or '…' */
    DG_NAME,    /* a variable; also the first part of zoho.crm.…, input.…, thisapp.… */
    DG_WORD,    /* bare word in a task block: type :GET */
    DG_MEMBER,  /* of.name without brackets: rec.Field, zoho.currentdate, input.Email */
    DG_ASPECT,  /* of:name, Creator only: input.Country:ui */
    DG_CALL,    /* [on.]name(args): built-in, integration task, user function */
    DG_UNARY,
    DG_BINARY,
    DG_COND,       /* if(test, then, otherwise) as a value */
    DG_PAREN,      /* (inner) */
    DG_LIST,       /* {a,b} or [a,b] */
    DG_MAP,        /* {"k":v} */
    DG_EMPTY,      /* {}: an empty map or list, decided at first use */
    DG_TYPED_LIST, /* List:String(...) with optional first value */
    DG_ENTRY,      /* key:value as an argument of Collection(…) and insert(…) */
    DG_QUERY,      /* Form[criteria] sort by F desc range from a to b */
    DG_TASK,       /* invokeurl […], invokeapi […], insert into F […] as a value */
    DG_FILE,       /* file:expr in sendmail attachments */
    DG_EXPR__MAX
};

/* enum, text, level (higher binds tighter) */
#define DG_BINARY_OPS(X)                                                                                               \
    X(OR, "||", 1)                                                                                                     \
    X(AND, "&&", 2)                                                                                                    \
    X(EQ, "==", 3)                                                                                                     \
    X(EQ_SINGLE, "=", 3) /* accepted as equality by the live editor; DL078 */                                          \
    X(NE, "!=", 3)                                                                                                     \
    X(LT, "<", 4)                                                                                                      \
    X(LE, "<=", 4)                                                                                                     \
    X(GT, ">", 4)                                                                                                      \
    X(GE, ">=", 4)                                                                                                     \
    X(IN, "in", 4) /* the words only in criteria: Form[Name contains "x"] */                                           \
    X(LIKE, "like", 4)                                                                                                 \
    X(CONTAINS, "contains", 4)                                                                                         \
    X(STARTS_WITH, "startsWith", 4)                                                                                    \
    X(ENDS_WITH, "endsWith", 4)                                                                                        \
    X(IS, "is", 4) /* is null */                                                                                       \
    X(ADD, "+", 5) /* also joins text */                                                                               \
    X(SUB, "-", 5)                                                                                                     \
    X(MUL, "*", 6)                                                                                                     \
    X(DIV, "/", 6)                                                                                                     \
    X(MOD, "%", 6)

enum dg_binary_op {
#define X(id, text, level) DG_OP_##id,
    DG_BINARY_OPS(X)
#undef X
        DG_OP__MAX
};
enum dg_unary_op { DG_OP_NOT, DG_OP_NEG };

struct dg_expr;

struct dg_entry {
    struct dg_expr *key, *value;
};

/* One key of a task block. A value list (to, cc, bcc, attachments) has n > 1; all others n == 1. */
struct dg_field {
    const char *key; /* lower case, words joined by one space, "-" kept: "url", "content-type", "reply to" */
    struct dg_span key_span;
    struct dg_expr **value;
    size_t n;
};

enum dg_task_kind { DG_INVOKEURL, DG_INVOKEAPI, DG_SENDMAIL, DG_SENDSMS, DG_INSERT };

struct dg_task {
    enum dg_task_kind kind;
    const struct dg_name *form; /* insert into FORM, else NULL */
    struct dg_field *field;     /* insert: key is the field name as written */
    size_t n;
    struct dg_span open; /* the [ */
};

struct dg_query {
    struct dg_expr *of;         /* the form: DG_NAME or DG_MEMBER */
    struct dg_expr *criteria;   /* NULL for Form[] */
    const struct dg_name *sort; /* sort by FIELD, NULL when absent */
    bool descending;
    struct dg_expr *from, *to; /* range, both NULL when absent */
};

struct dg_expr {
    enum dg_expr_kind kind;
    uint16_t height; /* 1 for a leaf */
    uint32_t id;
    struct dg_span span;
    union {
        bool boolean;
        int64_t integer;
        const char *digits; /* DG_DECIMAL, NUL-terminated: "12.50" */
        struct {
            const char *s; /* decoded, NUL-terminated; an unknown escape keeps its backslash ("\d+") */
            size_t n;
            char quote; /* '"' or '\'' */
        } text;
        const struct dg_name *name; /* DG_NAME, DG_WORD */
        struct {
            struct dg_expr *of;
            const struct dg_name *name;
            struct dg_span name_span;
        } member; /* DG_MEMBER, DG_ASPECT */
        struct {
            struct dg_expr *on; /* NULL for f(x) */
            const struct dg_name *name;
            struct dg_span name_span;
            struct dg_expr **arg;
            size_t n;
            struct dg_span close; /* the ) */
        } call;
        struct {
            enum dg_unary_op op;
            struct dg_expr *operand;
        } unary;
        struct {
            enum dg_binary_op op;
            struct dg_span op_span;
            struct dg_expr *left, *right;
        } binary;
        struct {
            struct dg_expr *test, *then, *otherwise;
        } cond;
        struct dg_expr *inner; /* DG_PAREN, DG_FILE */
        struct {
            struct dg_expr **item;
            size_t n;
        } list;
        struct {
            struct dg_entry *entry;
            size_t n;
        } map;
        struct {
            const struct dg_name *type;
            struct dg_expr *value; /* NULL for List:String() */
        } typed;
        struct dg_entry entry;
        struct dg_query query;
        struct dg_task task;
    };
};

/* ── Statements ─────────────────────────────────────────────────────────────────────────────────────────────────── */

enum dg_stmt_kind {
    DG_S_BAD,    /* could not be read; reported */
    DG_S_ASSIGN, /* target op value; */
    DG_S_EXPR,   /* expr; — a call, a task */
    DG_S_IF,
    DG_S_FOR_EACH, /* for each [index] var in iter */
    DG_S_TRY,
    DG_S_THROW,
    DG_S_BREAK,
    DG_S_CONTINUE,
    DG_S_RETURN,
    DG_S_INFO,
    DG_S_MAIL,  /* sendmail […] and sendsms […] */
    DG_S_BLOCK, /* { … } on its own */
    DG_S_ALERT, /* Creator form statements from here on: parsed, never executed */
    DG_S_CANCEL_SUBMIT,
    DG_S_FORM,   /* hide show enable disable clear reload PATHS */
    DG_S_DELETE, /* delete from Form[criteria]; */
    DG_FUNCTION, /* only outermost */
    DG_STMT__MAX
};

struct dg_stmt;
struct dg_block {
    struct dg_span span; /* the braces included; for a script without signature the whole text */
    struct dg_stmt **stmt;
    size_t n;
};

struct dg_branch {
    struct dg_expr *test; /* NULL for else */
    struct dg_block body;
    struct dg_span head; /* the word if or else */
};

struct dg_param {
    const struct dg_name *type; /* NULL when untyped */
    const struct dg_name *name;
    struct dg_span span;
};

struct dg_function {
    const struct dg_name *type;  /* NULL when none was written */
    const struct dg_name *space; /* automation, standalone, …; NULL when none */
    const struct dg_name *name;
    struct dg_param *param;
    size_t n;
    struct dg_block body;
    struct dg_span head; /* signature, to its ) */
    struct dg_span type_span, space_span, name_span;
};

struct dg_stmt {
    enum dg_stmt_kind kind;
    uint32_t id;
    struct dg_span span; /* to its ; or } */
    union {
        struct {
            struct dg_expr *target; /* DG_NAME, DG_MEMBER, DG_ASPECT, or DG_BAD */
            enum dg_token_kind op;  /* DG_T_ASSIGN, or a compound one */
            struct dg_span op_span;
            struct dg_expr *value;
        } assign;
        struct dg_expr *expr; /* EXPR, THROW, INFO, DELETE; RETURN: NULL for a bare one; ALERT: last argument */
        struct {
            struct dg_branch *branch; /* if, else if …, else */
            size_t n;
        } cond;
        struct {
            const struct dg_name *var;
            struct dg_span var_span;
            bool index; /* for each index i in list */
            struct dg_expr *iter;
            struct dg_block body;
        } each;
        struct {
            struct dg_block body, handler;
            const struct dg_name *var; /* catch (e); NULL when none */
            struct dg_span var_span, catch_span;
        } attempt;
        struct dg_task task; /* DG_S_MAIL */
        struct dg_block block;
        struct {
            const struct dg_name *verb;
            struct dg_expr **path;
            size_t n;
        } form;
        struct dg_function *function;
    };
};

struct dg_script {
    struct dg_arena arena;
    const char *file; /* for messages */
    const char *text; /* NUL-terminated copy of the source */
    size_t len;
    bool bom;
    uint32_t *line; /* byte offset of each line */
    size_t n_lines;
    struct dg_token *token; /* comments included; the last is DG_T_EOF */
    size_t n_tokens;
    const struct dg_name **name; /* by index */
    size_t n_names;
    struct dg_block body; /* everything at the outermost level, functions included */
    struct dg_function **function;
    size_t n_functions;
    uint32_t n_stmts, n_exprs;
};

/* ── Helpers every reader of the tree needs ─────────────────────────────────────────────────────────────────────── */

const char *dg_token_text(enum dg_token_kind kind);
const char *dg_binary_text(enum dg_binary_op op);
struct dg_expr *dg_unparen(struct dg_expr *e);
/* "zoho.crm.getRecordById" of a call or "zoho.currentdate" of a member, when every part is a plain name; lower case.
 * Returns buf, or NULL when it is something else or does not fit. */
const char *dg_path(const struct dg_expr *e, char *buf, size_t size);
/* The name at the left end: zoho of zoho.crm.x(), deal of deal.get("a").get("b"); NULL when it is no name. */
const struct dg_name *dg_root_name(const struct dg_expr *e);
/* ASCII, ignoring case: for built-ins and keywords. NULL name is never equal. */
static inline bool dg_is(const struct dg_name *name, const char *lower)
{
    return name && name->lower[0] == lower[0] && strcmp(name->lower, lower) == 0;
}
/* The field with that (lower-case) key, NULL when absent. */
const struct dg_field *dg_task_field(const struct dg_task *t, const char *key);

/* Calls visit on each direct sub-expression, in the order they are written. */
typedef void (*dg_expr_visitor)(struct dg_expr *e, void *ctx);
void dg_each_child(const struct dg_expr *e, dg_expr_visitor visit, void *ctx);
/* Calls visit on each expression that belongs to the statement itself (not to statements in its blocks). */
void dg_each_stmt_expr(const struct dg_stmt *s, dg_expr_visitor visit, void *ctx);
typedef void (*dg_block_visitor)(const struct dg_block *b, void *ctx);
/* Calls visit on each block directly inside the statement. */
void dg_each_stmt_block(const struct dg_stmt *s, dg_block_visitor visit, void *ctx);
#endif
