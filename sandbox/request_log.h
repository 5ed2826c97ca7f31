/*
 * sandbox/request_log.h — the latest requests of this process, for the page: a ring in memory.
 *
 * Secrets     the query of an accounts path is left out (it may hold a client secret); others pass secret_redact.
 * Ownership   request_log_release frees; rows are borrowed until the next add.
 */
#ifndef SANDBOX_REQUEST_LOG_H
#define SANDBOX_REQUEST_LOG_H
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum { REQUEST_LOG = 200, REQUEST_PATH = 200 };
struct request_row {
    int64_t at;      /* the sandbox's clock */
    int64_t credits; /* spent by it */
    int status;      /* 0 = the connection was closed without an answer */
    char method[8], path[REQUEST_PATH];
};
struct request_log {
    struct request_row *row; /* NULL until the first */
    size_t n;                /* requests ever */
};

/* path and query as they came; copies. row: at, credits and status; the rest is filled in. */
void request_log_add(struct request_log *log, struct request_row row, const char *method, const char *path,
                     const json_t *query);
size_t request_log_count(const struct request_log *log);
/* 0 = the latest. */
const struct request_row *request_log_at(const struct request_log *log, size_t i);
void request_log_release(struct request_log *log);
#endif
