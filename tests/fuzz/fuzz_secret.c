/* Any text through redaction: no crash, a live value never comes out, nor once more through it. */
#include <stdint.h>

#include "base/mem.h"
#include "base/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct secret live;
    if (!live.p)
        secret_set(&live, "canary/+1");
    char *text = mem_dupn((const char *)data, size);
    char *out = secret_redact(text);
    char *again = secret_redact(out);
    if (strstr(out, "canary/+1") || strstr(again, "canary/+1"))
        abort();
    free(again);
    free(out);
    free(text);
    return 0;
}
