/* agent/cmd_deluge_lsp.c — deluge lsp: the language server between standard input and standard output. */
#include <errno.h>
#include <unistd.h>

#include "agent/command_deluge.h"
#include "agent/deluge_meta.h"
#include "agent/lsp.h"
#include "agent/lsp_frame.h"

const struct opt deluge_lsp_opts[] = {
    {"metadata", 0, OPT_TEXT, "SNAPSHOT", "folder of an org's snapshot: knows module, field and picklist names"},
    {0},
};

struct wire {
    struct sb in;
    size_t skip; /* bytes of a message that is too big */
    bool lost;   /* the client reads no more */
};

static void write_all(struct wire *w, const char *s, size_t n)
{
    while (n && !w->lost) {
        ssize_t got = write(STDOUT_FILENO, s, n);
        if (got < 0 && errno != EINTR)
            w->lost = true;
        if (got > 0) {
            s += got;
            n -= (size_t)got;
        }
    }
}

/* Not through app_print: a document's own text must come back unchanged. */
static void send(void *to, json_t *message)
{
    AUTO_JSON json_t *owned = message;
    AUTO_FREE char *text = json_dumps(owned, JSON_COMPACT);
    AUTO_FREE char *head = mem_printf("Content-Length: %zu\r\n\r\n", strlen(text));
    write_all(to, head, strlen(head));
    write_all(to, text, strlen(text));
}

static void drop(struct sb *b, size_t n)
{
    memmove(b->buf, b->buf + n, b->len - n);
    sb_truncate(b, b->len - n);
}

/* Handles what is complete. false: over, with e filled when the stream makes no sense. */
static bool handle(struct wire *w, struct lsp *l, struct err *e)
{
    struct lsp_frame f;
    for (;;) {
        size_t n = w->skip < w->in.len ? w->skip : w->in.len;
        if (n) {
            drop(&w->in, n);
            w->skip -= n;
        }
        bool more = true;
        switch (lsp_frame_next(w->in.buf, w->in.len, &f)) {
        case LSP_MORE:
            return true;
        case LSP_MESSAGE:
            more = lsp_handle(l, w->in.buf + f.body, f.len);
            break;
        case LSP_TOO_BIG:
            lsp_refuse(l, LSP_INVALID_REQUEST, "the message is too big");
            w->skip = f.len;
            break;
        case LSP_BROKEN:
            lsp_refuse(l, LSP_PARSE_ERROR, "no Content-Length header");
            err_set(e, ERR_PARSE, "standard input is not the language server protocol");
            err_fix(e, "let an editor start this command: docs/EDITORS.md");
            return false;
        }
        if (!more)
            return false;
        drop(&w->in, f.used);
    }
}

static int serve(struct wire *w, struct lsp *l, struct err *e)
{
    char chunk[16384];
    bool more = true;
    while (more && !w->lost) {
        ssize_t n = read(STDIN_FILENO, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            break; /* Ctrl-C */
        if (n < 0)
            return err_errno(e, errno, "standard input", "cannot read");
        if (n == 0)
            break;
        sb_addn(&w->in, chunk, (size_t)n);
        more = handle(w, l, e);
    }
    if (e->kind)
        return -1;
    return l->clean ? 0 : err_set(e, ERR_BUG, "the client left without asking for shutdown");
}

int cmd_deluge_lsp(struct app *a, struct err *e)
{
    const char *dir = app_text(a, "metadata", NULL);
    struct snapshot snapshot;
    struct wire w = {.in = SB_INIT((size_t)LSP_MAX_MESSAGE * 2)};
    struct lsp l;
    if (a->json) {
        err_set(e, ERR_USAGE, "deluge lsp has no --json: standard output belongs to the protocol");
        return err_fix(e, "leave --json out");
    }
    snapshot_init(&snapshot);
    struct dg_meta meta = deluge_meta(&snapshot);
    struct dg_name_source names = deluge_names(&snapshot);
    lsp_init(&l, send, &w);
    l.meta = dir ? &meta : NULL;
    l.names = dir ? &names : NULL;
    int rc = dir ? snapshot_load(&snapshot, dir, e) : 0;
    if (rc == 0)
        rc = serve(&w, &l, e);
    lsp_release(&l);
    sb_release(&w.in);
    snapshot_release(&snapshot);
    return rc;
}
