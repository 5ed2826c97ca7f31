#include "zoho/limit.h"

static bool is_coql(const struct zoho_request *rq)
{
    return strcmp(rq->method, "POST") == 0 && strcmp(rq->path, "/crm/v8/coql") == 0;
}

bool limit_is_write(const struct zoho_request *rq)
{
    return strcmp(rq->method, "GET") != 0 && !is_coql(rq);
}

/* Rows a record write carries; 0 for settings. */
static size_t rows_of(const struct zoho_request *rq)
{
    return limit_is_write(rq) ? json_array_size(js_arr(rq->json, "data")) : 0;
}

static bool is_heavy(const struct zoho_request *rq)
{
    return is_coql(rq) || js_str(rq->query, "sort_by") || js_str(rq->query, "cvid") || rows_of(rq) > 10;
}

void limit_init(struct limit *l, int max_parallel)
{
    int max = max_parallel > 0 ? max_parallel : LIMIT_PARALLEL;
    *l = (struct limit){.max = max < LIMIT_PARALLEL_MAX ? max : LIMIT_PARALLEL_MAX, .left = -1};
}

bool limit_start(struct limit *l, const struct zoho_request *rq)
{
    bool write = limit_is_write(rq);
    bool heavy = is_heavy(rq);
    if (l->in_flight >= l->max || l->writing || (write && l->in_flight > 0) || (heavy && l->heavy >= LIMIT_HEAVY))
        return false;
    l->in_flight++;
    l->heavy += heavy;
    l->writing = write;
    return true;
}

void limit_end(struct limit *l, const struct zoho_request *rq)
{
    l->in_flight--;
    l->heavy -= is_heavy(rq);
    if (limit_is_write(rq))
        l->writing = false;
}

void limit_seen(struct limit *l, int64_t remaining)
{
    if (remaining >= 0)
        l->left = remaining;
}

int limit_afford(const struct limit *l, const struct zoho_request *rq, struct err *e)
{
    int price = limit_price(rq);
    if (l->left < 0 || l->left >= price)
        return 0;
    err_set(e, ERR_RATE, "this request costs %d API credits and Zoho says %lld are left", price, (long long)l->left);
    err_at(e, "%s %s", rq->method, rq->path);
    return err_fix(e, "wait: the credits of the last 24 hours come back one by one; then run the same command again");
}

/* The few calls that cost more than one credit (api-limits). */
static const struct {
    const char *method, *path;
    int credits;
} price[] = {
    {"POST", "/crm/v8/settings/modules", 500},
    {"POST", "/crm/bulk/v8/read", 50},
    {"POST", "/crm/bulk/v8/write", 500},
};

int limit_price(const struct zoho_request *rq)
{
    for (size_t i = 0; i < sizeof price / sizeof *price; i++)
        if (strcmp(price[i].method, rq->method) == 0 && strcmp(price[i].path, rq->path) == 0)
            return price[i].credits;
    if (js_str(rq->query, "cvid"))
        return 3;
    size_t rows = rows_of(rq);
    return rows > 0 ? (int)((rows + 9) / 10) : 1;
}

int limit_price_rows(size_t rows)
{
    return rows <= 200 ? 1 : rows <= 1000 ? 2 : 3;
}
