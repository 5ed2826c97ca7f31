/* Any bytes as JSON: no crash, no leak; what parses has one canonical form, and that form parses to itself. */
#include "base/js.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {0};
    json_t *j = js_parse_remote((const char *)data, size, "fuzz", &e);
    if ((j == NULL) == (e.kind == ERR_NONE) || (!j && (!e.what[0] || !e.where[0])))
        abort();
    if (!j)
        return 0;
    char *once = js_canonical(j, NULL);
    if (once) {
        json_t *again = js_parse(once, strlen(once), "canonical", &e);
        char *twice = again ? js_canonical(again, &e) : NULL;
        if (!twice || strcmp(once, twice) != 0)
            abort();
        free(twice);
        json_decref(again);
    }
    free(once);
    json_decref(j);
    return 0;
}
