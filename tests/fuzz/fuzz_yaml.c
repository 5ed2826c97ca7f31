/* Any bytes as YAML: no crash, no leak, bounded work; an error says what and where; each value has a place. */
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct yaml y;
    struct err e = {0};
    if (yaml_parse(&y, (const char *)data, size, "fuzz", &e) < 0) {
        if (!e.what[0] || !e.where[0])
            abort();
        return 0;
    }
    int line = 0, col = 0;
    const char *pointer;
    json_t *pos;
    json_object_foreach (y.pos, pointer, pos)
        if (!yaml_where(&y, pointer, &line, &col) || line < 1 || col < 1)
            abort();
    free(js_canonical(y.root, NULL));
    yaml_release(&y);
    return 0;
}
