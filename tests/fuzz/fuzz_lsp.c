/* Any bytes as the stream a language client sends: frames are cut out without reading past the end, and each step uses
 * some bytes. Run by libFuzzer and over the corpus by tests/agent. */
#include <stdint.h>

#include "agent/lsp_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *s = (const char *)data;
    struct lsp_frame f;
    enum lsp_frame_state state;
    while ((state = lsp_frame_next(s, size, &f)) == LSP_MESSAGE) {
        if (f.used == 0 || f.used > size || f.body + f.len != f.used)
            abort();
        s += f.used;
        size -= f.used;
    }
    if (state == LSP_TOO_BIG && (f.used > size || f.len <= LSP_MAX_MESSAGE))
        abort();
    if (state == LSP_MORE && size > (size_t)LSP_MAX_HEADER + LSP_MAX_MESSAGE)
        abort();
    return 0;
}
