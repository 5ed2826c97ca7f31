/* The documented built-ins are those of deluge/docs.c; a task's name has dots and is none. */
#include "deluge/names.h"

#include "base/mem.h"
#include "base/text.h"
#include "deluge/docs.h"

/* Seen in accepted public scripts, or known to one product only: no page to show. */
static const char *const others[] = {"alert",       "append",      "avg",           "count",         "fail",
                                     "failure",     "getAll",      "getAllRecords", "getContent",    "getFileContent",
                                     "getFileName", "getFileSize", "getFileType",   "getName",       "isTime",
                                     "parseJson",   "range",       "rank",          "setCharSet",    "success",
                                     "sum",         "text",        "timeAgo",       "timeRemaining", "toCollection",
                                     "toFile",      "toJSON",      "toListString"};
enum { N_OTHERS = sizeof others / sizeof *others };

static const struct {
    const char *lower, *instead;
} foreign[] = {
    {"split", "toList(separator)"},
    {"join", "toString(separator)"},
    {"substr", "subString(start, end)"},
    {"replace", "replaceAll(old, new)"},
    {"toint", "toLong()"},
    {"parseint", "toLong()"},
    {"push", "add(value)"},
    {"append", "add(value)"},
    {"keyset", "keys()"},
    {"haskey", "containKey(key)"},
    {"has", "containKey(key)"},
    {"includes", "contains(value)"},
    {"tofixed", "round(digits)"},
    {"tofloat", "toDecimal()"},
    {"stringify", "toString()"},
    {"upper", "toUpperCase()"},
    {"lower", "toLowerCase()"},
    {"sortby", "sort()"},
    {"isnotnull", "!isNull(value)"},
    {"isnotempty", "!isEmpty()"},
    {"foreach", "a 'for each' loop"},
    {"indexof", "indexOf(text)"},
    {"compareto", "== or <"},
    {"print", "info"},
    {"println", "info"},
    {"log", "info"},
    {"typeof", "nothing like it"},
    {"gettype", "nothing like it"},
    {"format", "toString(pattern)"},
    {"set", "put(key, value)"},
};

bool dg_builtin(const char *lower)
{
    if (!strchr(lower, '.') && dg_doc_find(lower))
        return true;
    for (size_t i = 0; i < N_OTHERS; i++)
        if (text_casecmp(others[i], lower) == 0)
            return true;
    return false;
}

const char *dg_builtin_instead(const char *lower)
{
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (strcmp(foreign[i].lower, lower) == 0)
            return foreign[i].instead;
    return NULL;
}

const char *dg_builtin_near(const char *name)
{
    AUTO_FREE const char **written = mem_grow(NULL, dg_docs_n + N_OTHERS, sizeof *written);
    size_t n = 0;
    for (size_t i = 0; i < dg_docs_n; i++)
        if (!strchr(dg_docs[i].name, '.'))
            written[n++] = dg_docs[i].name;
    for (size_t i = 0; i < N_OTHERS; i++)
        written[n++] = others[i];
    return text_nearest(name, written, n);
}
