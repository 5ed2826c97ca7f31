/* sandbox/totals.h: a quote's amounts, to the cent and without a binary fraction in between. */
#include "sandbox/totals.h"
#include "tests/test.h"

static json_t *filled(const char *text)
{
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    totals_fill(j);
    return j;
}

static void has(const json_t *o, const char *path, double wanted)
{
    double have = json_number_value(js_path(o, path));
    if (have < wanted - 1e-9 || have > wanted + 1e-9)
        fail_msg("%s is %.6f, wanted %.6f", path, have, wanted);
}

static void half_a_cent_goes_up_also_where_a_double_lies_below_it(void **state)
{
    (void)state;
    AUTO_JSON json_t *q = filled("{\"Quoted_Items\":[{\"Quantity\":1,\"List_Price\":1.005},"
                                 "{\"Quantity\":3,\"List_Price\":0.335},{\"Quantity\":15120,\"List_Price\":0.2038}]}");
    has(q, "Quoted_Items[0].Total", 1.01);
    has(q, "Quoted_Items[1].Total", 1.01);
    has(q, "Quoted_Items[2].Total", 3081.46);
    has(q, "Grand_Total", 3083.48);
}

static void tax_is_counted_on_what_is_left_after_the_discount(void **state)
{
    (void)state;
    AUTO_JSON json_t *q =
        filled("{\"Quoted_Items\":[{\"Quantity\":2,\"List_Price\":100,\"Discount\":20,\"Line_Tax\":[{\"name\":\"A\","
               "\"percentage\":19},{\"name\":\"B\",\"percentage\":1.5}]},"
               "{\"Quantity\":1,\"List_Price\":50,\"Tax\":3,\"Line_Tax\":[]}]}");
    has(q, "Quoted_Items[0].Total_After_Discount", 180);
    has(q, "Quoted_Items[0].Line_Tax[0].value", 34.2);
    has(q, "Quoted_Items[0].Line_Tax[1].value", 2.7);
    has(q, "Quoted_Items[0].Tax", 36.9);
    has(q, "Quoted_Items[0].Net_Total", 216.9);
    has(q, "Quoted_Items[1].Net_Total", 50);
    has(q, "Sub_Total", 266.9);
}

static void the_head_of_the_quote_comes_last(void **state)
{
    (void)state;
    AUTO_JSON json_t *q = filled("{\"Discount\":10,\"Tax\":1.9,\"Adjustment\":-0.01,\"Quoted_Items\":[{\"Quantity\":1,"
                                 "\"List_Price\":100,\"Tax\":5}]}");
    has(q, "Sub_Total", 105);
    has(q, "Grand_Total", 96.89);
    AUTO_JSON json_t *other = filled("{\"Subject\":\"no lines\"}");
    assert_null(json_object_get(other, "Grand_Total"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_a_cent_goes_up_also_where_a_double_lies_below_it),
        cmocka_unit_test(tax_is_counted_on_what_is_left_after_the_discount),
        cmocka_unit_test(the_head_of_the_quote_comes_last),
    };
    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
