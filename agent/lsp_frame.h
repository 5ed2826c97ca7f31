/*
 * agent/lsp_frame.h — where one message of the base protocol begins and ends: "Content-Length: N\r\n\r\n" and N bytes.
 *
 * Shape       looks at the bytes read so far and changes nothing; the caller drops what was used and asks again.
 * Bounds      headers ≤ LSP_MAX_HEADER, a message ≤ LSP_MAX_MESSAGE: a longer one is to be skipped, not kept.
 * Source      Language Server Protocol 3.17, "Base Protocol".
 */
#ifndef AGENT_LSP_FRAME_H
#define AGENT_LSP_FRAME_H
#include <stddef.h>

enum { LSP_MAX_HEADER = 4096, LSP_MAX_MESSAGE = 32 << 20 };

enum lsp_frame_state {
    LSP_MORE,    /* not all of it is here */
    LSP_MESSAGE, /* body, len and used are filled */
    LSP_TOO_BIG, /* used counts the headers; len bytes of body follow and are to be thrown away */
    LSP_BROKEN   /* no headers of this protocol: nothing after it can be trusted */
};
struct lsp_frame {
    size_t body, len; /* offset and length of the body */
    size_t used;      /* bytes to drop */
};
enum lsp_frame_state lsp_frame_next(const char *bytes, size_t n, struct lsp_frame *f);
#endif
