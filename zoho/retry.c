#include "zoho/retry.h"

static const char *const outcome_name[] = {
#define X(name) #name,
    RETRY_OUTCOMES(X)
#undef X
};
static const char *const verdict_name[] = {
#define X(name) #name,
    RETRY_VERDICTS(X)
#undef X
};

const char *retry_outcome_name(enum retry_outcome o)
{
    return o < RETRY__MAX ? outcome_name[o] : "?";
}

const char *retry_verdict_name(enum retry_verdict v)
{
    return v < VERDICT__MAX ? verdict_name[v] : "?";
}

/* Rows: outcome. Columns: ZOHO_SAFE, ZOHO_IDEMPOTENT, ZOHO_CREATE. */
static const enum retry_verdict table[RETRY__MAX][3] = {
    [RETRY_OK] = {VERDICT_DONE, VERDICT_DONE, VERDICT_DONE},
    [RETRY_NOT_SENT] = {VERDICT_AGAIN, VERDICT_AGAIN, VERDICT_AGAIN},
    [RETRY_NO_ANSWER] = {VERDICT_AGAIN, VERDICT_AGAIN, VERDICT_UNKNOWN},
    [RETRY_GARBLED] = {VERDICT_AGAIN, VERDICT_UNKNOWN, VERDICT_UNKNOWN},
    [RETRY_RATE] = {VERDICT_AGAIN, VERDICT_AGAIN, VERDICT_AGAIN},
    [RETRY_TOKEN] = {VERDICT_REFRESH, VERDICT_REFRESH, VERDICT_REFRESH},
    [RETRY_SERVER] = {VERDICT_AGAIN, VERDICT_AGAIN, VERDICT_UNKNOWN},
    [RETRY_REFUSED] = {VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL},
    [RETRY_FATAL] = {VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL},
};

enum retry_verdict retry_decide(enum zoho_retry cls, enum retry_outcome o)
{
    return table[o][cls];
}

enum retry_verdict retry_last(enum zoho_retry cls, enum retry_outcome o)
{
    enum retry_verdict v = table[o][cls];
    if (v == VERDICT_REFRESH)
        return VERDICT_FAIL;
    if (v != VERDICT_AGAIN)
        return v;
    bool may_have_happened = o == RETRY_NO_ANSWER || o == RETRY_SERVER;
    return cls != ZOHO_SAFE && may_have_happened ? VERDICT_UNKNOWN : VERDICT_FAIL;
}

int64_t retry_delay_ms(int attempt, uint64_t random, int64_t retry_after_s)
{
    int64_t below = RETRY_CAP_MS;
    if (attempt >= 0 && attempt < 6)
        below = (int64_t)RETRY_BASE_MS << attempt;
    int64_t ms = (int64_t)(random % (uint64_t)(below + 1));
    if (retry_after_s > 0) {
        int64_t least = retry_after_s > RETRY_CAP_MS / 1000 ? RETRY_CAP_MS : retry_after_s * 1000;
        if (ms < least)
            ms = least;
    }
    return ms;
}

void retry_budget_init(struct retry_budget *b)
{
    b->tenths = RETRY_BUDGET_START * 10;
}

void retry_budget_request(struct retry_budget *b)
{
    b->tenths++;
}

bool retry_budget_take(struct retry_budget *b)
{
    if (b->tenths < 10)
        return false;
    b->tenths -= 10;
    return true;
}

uint64_t retry_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
