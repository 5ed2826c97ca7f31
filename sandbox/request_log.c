/* sandbox/request_log.c — the ring of latest requests. */
#include "sandbox/request_log.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/sb.h"
#include "base/secret.h"

void request_log_add(struct request_log *log, struct request_row row, const char *method, const char *path,
                     const json_t *query)
{
    AUTO_SB struct sb text = SB_INIT(REQUEST_PATH * 4);
    const char *key;
    json_t *v;
    int n = 0;
    sb_add(&text, path);
    if (strncmp(path, "/oauth/", 7) != 0) {
        json_object_foreach ((json_t *)(uintptr_t)query, key, v) {
            sb_addf(&text, "%c%s=%s", n++ ? '&' : '?', key, json_string_value(v));
        }
    }
    AUTO_FREE char *clean = secret_redact(text.buf);
    size_t len = strlen(clean);
    if (len >= sizeof row.path) { /* not in the middle of a character */
        for (len = sizeof row.path - 1; ((unsigned char)clean[len] & 0xC0) == 0x80; len--) {
        }
    }
    snprintf(row.path, sizeof row.path, "%.*s", (int)len, clean);
    snprintf(row.method, sizeof row.method, "%s", method);
    if (!log->row) {
        log->row = mem_zalloc(REQUEST_LOG * sizeof *log->row);
    }
    log->row[log->n++ % REQUEST_LOG] = row;
}

size_t request_log_count(const struct request_log *log)
{
    return log->n < REQUEST_LOG ? log->n : REQUEST_LOG;
}

const struct request_row *request_log_at(const struct request_log *log, size_t i)
{
    return &log->row[(log->n - 1 - i) % REQUEST_LOG];
}

void request_log_release(struct request_log *log)
{
    free(log->row);
    *log = (struct request_log){0};
}
