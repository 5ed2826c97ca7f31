/*
 * deluge/parser.h — what the parse_*.c files share: the token cursor, the open brackets, reporting and recovery.
 *
 * Shape       recursive descent over statements, precedence climbing over expressions.
 * Recovery    the first mistake of a statement is reported and sets `panic`; every parse function then returns at once,
 *             and dg_p_sync moves to the next statement. A token the lexer found broken sets panic without a message.
 * Files       parse.c cursor, nodes, outermost level · parse_stmt.c · parse_body.c blocks · parse_head.c if, for each, try ·
 *             parse_function.c · parse_expr.c · parse_literal.c · parse_operator.c · parse_block.c task blocks
 *             parse_report.c messages and brackets · parse_recover.c where the next statement begins
 *             parse_wrong.c statements of other languages · parse_advice.c habits, each with the message that helps
 */
#ifndef DELUGE_PARSER_H
#define DELUGE_PARSER_H
#include "deluge/parse.h"

struct dg_open {
    uint8_t kind; /* DG_T_LPAREN, … */
    struct dg_span span;
};

struct dg_parser {
    struct dg_script *s;
    struct dg_diags *d;
    struct dg_token **tok; /* without comments; the last is EOF */
    size_t n, at;
    bool panic;
    size_t before;        /* errors the caller had already */
    int depth;            /* nesting of expressions and blocks */
    int criteria;         /* inside Form[…]: contains, like, in … are operators */
    struct dg_open *open; /* brackets of the current statement and blocks around it */
    size_t n_open, cap_open;
    size_t stmt_open; /* n_open where the current statement began */
    bool doubt;       /* a block whose closing brace stands at another indent than its head was seen */
    struct dg_span doubt_span;
};

/* ── Cursor ── */
struct dg_token *dg_p_tok(struct dg_parser *p, size_t ahead);
bool dg_p_at(struct dg_parser *p, enum dg_token_kind kind);
bool dg_p_at_word(struct dg_parser *p, size_t ahead, const char *lower);
struct dg_token *dg_p_next(struct dg_parser *p, enum dg_role role);
bool dg_p_take(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role);
/* Takes the token or reports "expected …"; an opening bracket is remembered, a closing one matched. */
bool dg_p_expect(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role);
bool dg_p_open(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role);
bool dg_p_close(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role);
struct dg_span dg_p_from(struct dg_parser *p, struct dg_span start); /* start … end of the token taken last */
/* The place just behind the token taken last: where something is missing. */
struct dg_span dg_p_behind(struct dg_parser *p);

/* ── Reporting: sets panic; NULL when this statement has its message already ── */
struct dg_diag *dg_p_error(struct dg_parser *p, const char *rule, struct dg_span at, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
/* The same, without panic: for mistakes the parser can read through. */
struct dg_diag *dg_p_mistake(struct dg_parser *p, const char *rule, struct dg_span at, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
void dg_p_unexpected(struct dg_parser *p, const char *wanted);
/* parse_advice.c: true when the tokens at the cursor are a known habit, now reported in words of its own … */
bool dg_p_advise(struct dg_parser *p, const char *wanted);
/* … and what to do where two values stand side by side, or NULL. */
const char *dg_p_advice_between(struct dg_parser *p, const char *wanted);
/* So many mistakes that reading on makes no sense. */
bool dg_p_given_up(const struct dg_parser *p);
bool dg_p_enter(struct dg_parser *p); /* false with an error when too deep; dg_p_leave in either case */
void dg_p_leave(struct dg_parser *p);
/* To the end of the broken statement. */
void dg_p_sync(struct dg_parser *p, size_t start);
bool dg_p_statement_word(const struct dg_name *n); /* if, for, return, … */
/* while, foreach, function, …: a statement of another language. */
bool dg_p_foreign_word(const struct dg_name *n);
/* Could a statement begin at this token (first on its line)? */
bool dg_p_begins_statement(struct dg_parser *p, size_t index);

/* ── Nodes ── */
struct dg_expr *dg_p_expr_new(struct dg_parser *p, enum dg_expr_kind kind, struct dg_span start);
struct dg_expr *dg_p_expr_done(struct dg_parser *p, struct dg_expr *e); /* end of span, height */
/* A copy of a heap list in the arena; frees the list. */
void *dg_p_keep(struct dg_parser *p, void *list, size_t n, size_t size);

/* ── Grammar ── */
struct dg_expr *dg_p_expr(struct dg_parser *p);
/* Goes on from a value that was read already: postfix, operators. */
struct dg_expr *dg_p_postfix(struct dg_parser *p, struct dg_expr *e);
struct dg_expr *dg_p_unary(struct dg_parser *p);
struct dg_expr *dg_p_binary_from(struct dg_parser *p, struct dg_expr *left, int level);
struct dg_expr *dg_p_cond_rest(struct dg_parser *p, struct dg_span start, struct dg_expr *test);
/* a, b, key:value … up to (not including) the closing bracket. */
void dg_p_arguments(struct dg_parser *p, enum dg_token_kind close, struct dg_expr ***arg, size_t *n);
struct dg_expr *dg_p_literal(struct dg_parser *p);      /* a text or number */
struct dg_expr *dg_p_constant(struct dg_parser *p);     /* null, true, false, else NULL */
struct dg_expr *dg_p_braces(struct dg_parser *p);       /* {…}: map, list, or empty */
struct dg_expr *dg_p_bracket_list(struct dg_parser *p); /* […] */
bool dg_p_typed_list_here(struct dg_parser *p);         /* List:String( */
struct dg_expr *dg_p_typed_list(struct dg_parser *p);
bool dg_p_task_here(struct dg_parser *p, enum dg_task_kind *kind);
/* invokeurl { … } or sendmail ( to : … ): reported and skipped. */
bool dg_p_task_in_wrong_brackets(struct dg_parser *p);
/* Past a { … } at the cursor, whatever is in it; stays where there is none or no end. */
void dg_p_skip_braces(struct dg_parser *p);
void dg_p_task(struct dg_parser *p, enum dg_task_kind kind, struct dg_task *t);
struct dg_stmt *dg_p_stmt(struct dg_parser *p);
bool dg_p_clause_here(struct dg_parser *p); /* else, else if, elseif, elif */
struct dg_stmt *dg_p_if(struct dg_parser *p);
struct dg_stmt *dg_p_else_alone(struct dg_parser *p);
struct dg_stmt *dg_p_for_each(struct dg_parser *p);
struct dg_stmt *dg_p_try(struct dg_parser *p);
/* Assignment, call or value, of which `e` has been read. */
struct dg_stmt *dg_p_simple_rest(struct dg_parser *p, struct dg_stmt *s, struct dg_expr *e);
void dg_p_stmts(struct dg_parser *p, struct dg_block *b, bool outermost);
bool dg_p_block(struct dg_parser *p, struct dg_block *b, struct dg_span head, const char *what);
bool dg_p_function_here(struct dg_parser *p);
struct dg_stmt *dg_p_function(struct dg_parser *p);
/* Statements of other languages: NULL when it is none, else what could be read of it. */
struct dg_stmt *dg_p_wrong_stmt(struct dg_parser *p);
struct dg_stmt *dg_p_stmt_new(struct dg_parser *p, enum dg_stmt_kind kind);
struct dg_stmt *dg_p_stmt_done(struct dg_parser *p, struct dg_stmt *s);
void dg_p_end_statement(struct dg_parser *p, bool optional);
#endif
