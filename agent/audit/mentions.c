#include "agent/audit/mentions.h"

#include <ctype.h>
#include <string.h>

#include "agent/deluge_files.h"
#include "agent/playbook.h"

enum { FILE_MAX = 4 << 20, CODE_MAX = 160 };

static bool word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *find_word(const char *line, size_t n, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = line; (p = memmem(p, n - (size_t)(p - line), word, len)); p++)
        if ((p == line || !word_char(p[-1])) && (p + len == line + n || !word_char(p[len])))
            return p;
    return NULL;
}

static void in_text(json_t *out, const char *file, const char *text, const char *module, const char *name)
{
    int64_t number = 0;
    if (module && !find_word(text, strlen(text), module))
        return;
    for (const char *line = text; *line;) {
        size_t n = strcspn(line, "\n");
        number++;
        if (find_word(line, n, name)) {
            const char *from = line + strspn(line, " \t");
            size_t len = n - (size_t)(from - line);
            json_t *o = json_object();
            AUTO_FREE char *code = mem_dupn(from, len < CODE_MAX ? len : CODE_MAX);
            js_set_str(o, "file", file);
            js_set_int(o, "line", number);
            js_set_str(o, "code", code);
            json_array_append_new(out, o);
        }
        line += n + (line[n] == '\n');
    }
}

json_t *mentions_find(const struct project *p, const char *module, const char *name, struct err *e)
{
    static const char *const endings[] = {".yaml", ".mustache", NULL};
    json_t *out = json_array();
    char **names = NULL;
    size_t n = 0;
    int rc = playbook_list(p, &names, &n, e);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct deluge_files files = {0};
        AUTO_FREE char *rel = mem_printf("templates/%s", names[i]);
        AUTO_FREE char *dir = project_path(p, rel);
        rc = deluge_files_below(&files, dir, endings, e);
        for (size_t k = 0; rc == 0 && k < files.n; k++) {
            AUTO_FREE char *text = NULL;
            size_t len;
            const char *shown = strstr(files.path[k], rel);
            if (strstr(files.path[k], ".test.yaml")) /* what is expected of a script uses nothing */
                continue;
            rc = fs_read(files.path[k], FILE_MAX, &text, &len, e);
            if (rc == 0)
                in_text(out, shown ? shown : files.path[k], text, module, name);
        }
        deluge_files_release(&files);
    }
    fs_list_free(names, n);
    if (rc == 0)
        return out;
    json_decref(out);
    return NULL;
}
