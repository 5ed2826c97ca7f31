#include "sandbox/totals.h"

#include <stdio.h>
#include <stdlib.h>

#include "deluge/decimal.h"

/* A stored number with the 15 digits it is answered with. */
static struct dec number(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    struct dec d = dec_int(0);
    char text[64];
    if (json_is_integer(v))
        return dec_int(json_integer_value(v));
    int n = json_is_real(v) ? snprintf(text, sizeof text, "%.15g", json_real_value(v)) : 0;
    return n > 0 && dec_parse(text, (size_t)n, &d) ? d : dec_int(0);
}

static struct dec cents(struct dec d)
{
    return dec_round(d, 2, DEC_HALF_UP);
}

static void put(json_t *o, const char *key, struct dec d)
{
    char text[DEC_TEXT];
    dec_print(d, text);
    json_object_set_new(o, key, json_real(strtod(text, NULL)));
}

/* The taxes of a line, each with its value; their sum. */
static struct dec line_tax(json_t *row, struct dec base)
{
    json_t *tax;
    size_t i;
    struct dec sum = dec_int(0);
    if (!js_arr(row, "Line_Tax"))
        return cents(number(row, "Tax"));
    json_array_foreach (js_arr(row, "Line_Tax"), i, tax) {
        if (!json_is_object(tax))
            continue;
        struct dec value = cents(dec_div(dec_mul(base, number(tax, "percentage")), dec_int(100)));
        put(tax, "value", value);
        sum = dec_add(sum, value);
    }
    put(row, "Tax", sum);
    return sum;
}

void totals_fill(json_t *record)
{
    json_t *row;
    size_t i;
    struct dec sum = dec_int(0);
    if (!js_arr(record, "Quoted_Items"))
        return;
    json_array_foreach (js_arr(record, "Quoted_Items"), i, row) {
        struct dec total = cents(dec_mul(number(row, "Quantity"), number(row, "List_Price")));
        struct dec after = dec_sub(total, cents(number(row, "Discount")));
        struct dec net = dec_add(after, line_tax(row, after));
        put(row, "Total", total);
        put(row, "Total_After_Discount", after);
        put(row, "Net_Total", net);
        sum = dec_add(sum, net);
    }
    put(record, "Sub_Total", sum);
    put(record, "Grand_Total",
        cents(dec_add(dec_sub(sum, number(record, "Discount")),
                      dec_add(number(record, "Tax"), number(record, "Adjustment")))));
}
