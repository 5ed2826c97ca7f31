/* plan/order.c — Kahn's algorithm with a heap, so that ties are settled by rank and address. */
#include "plan/order.h"

#include "base/mem.h"
#include "base/sb.h"

struct queue { /* a binary heap of node indices, smallest (rank, address) on top */
    const struct order_node *node;
    size_t *item, n;
};

static int compare(const struct order_node *a, const struct order_node *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(a->address, b->address);
}

static bool before(const struct queue *q, size_t i, size_t j)
{
    return compare(&q->node[q->item[i]], &q->node[q->item[j]]) < 0;
}

static void swap(struct queue *q, size_t i, size_t j)
{
    size_t t = q->item[i];
    q->item[i] = q->item[j];
    q->item[j] = t;
}

static void push(struct queue *q, size_t index)
{
    size_t i = q->n++;
    q->item[i] = index;
    for (; i && before(q, i, (i - 1) / 2); i = (i - 1) / 2)
        swap(q, i, (i - 1) / 2);
}

static size_t pop(struct queue *q)
{
    size_t top = q->item[0];
    q->item[0] = q->item[--q->n];
    for (size_t i = 0;;) {
        size_t least = i, left = 2 * i + 1;
        if (left < q->n && before(q, left, least))
            least = left;
        if (left + 1 < q->n && before(q, left + 1, least))
            least = left + 1;
        if (least == i)
            return top;
        swap(q, i, least);
        i = least;
    }
}

/* The need that comes first by name among those still open: makes the reported path the same every time. */
static size_t open_need(const struct order_node *node, size_t at, const size_t *waiting)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < node[at].needs_n; i++) {
        size_t k = node[at].needs[i];
        if (waiting[k] && (best == SIZE_MAX || strcmp(node[k].address, node[best].address) < 0))
            best = k;
    }
    return best;
}

/* Every open node has an open need, so following needs must come back to a node already passed. */
static int report_cycle(const struct order_node *node, size_t n, const size_t *waiting, struct err *e)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        if (waiting[i] && (at == SIZE_MAX || strcmp(node[i].address, node[at].address) < 0))
            at = i;
    bool *passed = mem_zalloc(n * sizeof *passed);
    for (; !passed[at]; at = open_need(node, at, waiting))
        passed[at] = true;
    free(passed);
    AUTO_SB struct sb path = SB_INIT(SIZE_MAX);
    size_t start = at;
    do {
        sb_addf(&path, "%s → ", node[at].address);
        at = open_need(node, at, waiting);
    } while (at != start);
    err_set(e, ERR_CONFIG, "these need one another: %s%s", path.buf, node[start].address);
    return err_fix(e, "remove one of these dependencies from the playbook");
}

int order_sort(const struct order_node *node, size_t n, size_t *out, struct err *e)
{
    if (!n)
        return 0;
    size_t edges = 0;
    for (size_t i = 0; i < n; i++)
        edges += node[i].needs_n;
    size_t *waiting = mem_zalloc(n * sizeof *waiting);   /* needs not yet placed */
    size_t *first = mem_zalloc((n + 1) * sizeof *first); /* dependants of i: user[first[i]] … user[first[i + 1] - 1] */
    size_t *user = mem_zalloc((edges + 1) * sizeof *user);
    size_t *fill = mem_zalloc(n * sizeof *fill);
    struct queue q = {node, mem_zalloc(n * sizeof(size_t)), 0};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < node[i].needs_n; k++)
            first[node[i].needs[k] + 1]++;
    for (size_t i = 0; i < n; i++)
        first[i + 1] += first[i];
    for (size_t i = 0; i < n; i++) {
        waiting[i] = node[i].needs_n;
        for (size_t k = 0; k < node[i].needs_n; k++) {
            size_t need = node[i].needs[k];
            user[first[need] + fill[need]++] = i;
        }
        if (!waiting[i])
            push(&q, i);
    }
    size_t placed = 0;
    while (q.n) {
        size_t at = pop(&q);
        out[placed++] = at;
        for (size_t k = first[at]; k < first[at + 1]; k++)
            if (--waiting[user[k]] == 0)
                push(&q, user[k]);
    }
    int rc = placed == n ? 0 : report_cycle(node, n, waiting, e);
    free(waiting);
    free(first);
    free(user);
    free(fill);
    free(q.item);
    return rc;
}
