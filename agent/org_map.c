#include "agent/org_map.h"

#include "base/sb.h"
#include "render/render.h"

#define ORG_MAP "context/org-map.csv"
enum { ORG_MAP_MAX = 4 << 20 };

/* Does a line begin with this address, as a cell of its own? */
static bool listed(const char *text, const char *cell)
{
    size_t n = strlen(cell);
    for (const char *p = text; p && *p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL)
        if (!strncmp(p, cell, n) && p[n] == ',')
            return true;
    return false;
}

int org_map_propose(const struct project *p, const json_t *rows, json_t *added, struct err *e)
{
    AUTO_FREE char *text = NULL;
    AUTO_SB struct sb b = SB_INIT(ORG_MAP_MAX);
    size_t len = 0, i;
    json_t *row;
    struct err absent = {0};
    if (fs_read_in(&p->root, ORG_MAP, ORG_MAP_MAX, &text, &len, &absent) < 0) {
        if (absent.kind != ERR_NOT_FOUND) {
            *e = absent;
            return -1;
        }
        text = mem_dup("address,api_name,confirmed_by\n");
        len = strlen(text);
    }
    sb_addn(&b, text, len);
    if (len && text[len - 1] != '\n')
        sb_addc(&b, '\n');
    json_array_foreach (rows, i, row) {
        AUTO_FREE char *address = render_escape(RENDER_CSV, js_str_or(row, "address", ""));
        AUTO_FREE char *api_name = render_escape(RENDER_CSV, js_str_or(row, "api_name", ""));
        if (listed(b.buf, address))
            continue;
        sb_addf(&b, "%s,%s,\n", address, api_name);
        json_array_append(added, row);
    }
    if (!json_array_size(added))
        return 0;
    return sb_check(&b, ORG_MAP, e) < 0 ? -1 : fs_write_in(&p->root, ORG_MAP, b.buf, b.len, 0644, e);
}
