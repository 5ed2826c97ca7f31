/*
 * Prices, seen from outside: a quote for 15 kWp whose every figure stands beside its formula and whose total is the org's own, written
 * out as docs/PRICED-QUOTE.md; and a sheet of some thousand rows in which every planted defect is found and every other row is exact.
 */
#include "base/sb.h"
#include "deluge/decimal.h"
#include "sandbox/inside.h"
#include "tests/agent/shell.h"
#include "tests/sandbox/client.h"
#include "tests/test.h"

enum { TEXT = 1 << 20, FORMULA = 512 };

/* ---- formulas as Price Calculation writes them ---- */

static struct dec number_at(const char **s)
{
    const char *from = *s;
    struct dec d = dec_int(0);
    while (**s == '-' || **s == '.' || (**s >= '0' && **s <= '9'))
        ++*s;
    assert_true(dec_parse(from, (size_t)(*s - from), &d));
    return d;
}

/* To the next sign: + - % or x, which stand between blanks ("tax" holds none). */
static const char *skip_words(const char *s)
{
    while (*s && !(s[0] == ' ' && strchr("+-x%", s[1]) && s[1] && s[2] == ' '))
        s++;
    return *s ? s + 1 : s;
}

/* "0.1525 x 1.02", "19 % of 50.00", "1.00 - 0.50 discount + 2 tax": from left to right, as it is read. False when it is words. */
static bool worked_out(const char *formula, struct dec *out)
{
    const char *s = formula;
    if (!(*s >= '0' && *s <= '9') && *s != '-')
        return false;
    *out = number_at(&s);
    for (s = skip_words(s); *s; s = skip_words(s)) {
        char op = *s++;
        s += strspn(s, " of"); /* "% of", "+ " */
        struct dec b = number_at(&s);
        switch (op) {
        case 'x':
            *out = dec_mul(*out, b);
            break;
        case '+':
            *out = dec_add(*out, b);
            break;
        case '-':
            *out = dec_sub(*out, b);
            break;
        default:
            *out = dec_div(dec_mul(*out, b), dec_int(100));
        }
    }
    return true;
}

/* Each line "figure | formula | value": the value is what the formula gives, rounded to the places it is shown with. */
static size_t check_formulas(const char *calculation, struct sb *table)
{
    size_t checked = 0;
    for (const char *line = calculation; *line;) {
        size_t n = strcspn(line, "\n");
        char figure[FORMULA], formula[FORMULA], value[FORMULA];
        AUTO_FREE char *one = mem_dupn(line, n);
        assert_int_equal(sscanf(one, "%511[^|]| %511[^|]| %511[^|]", figure, formula, value), 3);
        formula[strlen(formula) - 1] = '\0';
        figure[strlen(figure) - 1] = '\0';
        struct dec have, want;
        const char *point = strchr(value, '.');
        size_t digits = strspn(value, "-.0123456789");
        assert_true(dec_parse(value, digits, &have));
        int places = point ? (int)(digits - (size_t)(point - value) - 1) : 0;
        if (!strstr(formula, "percent") && worked_out(formula, &want)) {
            if (dec_cmp(dec_round(want, places, DEC_HALF_UP), have) != 0)
                fail_msg("%s: %s is not %s", figure, formula, value);
            checked++;
        }
        sb_addf(table, "| %s | %s | %s |\n", figure, formula, value);
        line += n + (line[n] == '\n');
    }
    return checked;
}

/* ---- the quote ---- */

static const struct {
    const char *code, *quantity, *discount;
} items[] = {
    {"PV-630", "15120", "0"}, {"INV-15", "15000", "0"}, {"MNT-1", "15.12", "0"},
    {"CAB-6", "180", "0"},    {"METER", "1", "0"},      {"BAT-10", "1", "0"},
    {"WBX-11", "1", "15.5"},  {"INST", "15.12", "0"},   {"PERMIT", "1", "0"},
};

static char *product_id(struct client *c, const char *code)
{
    AUTO_FREE char *query =
        mem_printf("{\"select_query\":\"select id from Products where Product_Code = '%s'\"}", code);
    AUTO_JSON json_t *answer = client_call(c, 200, "POST", "/crm/v8/coql", query);
    return mem_dup(js_str_or(js_path(answer, "data[0]"), "id", ""));
}

static char *make_quote(struct client *c)
{
    struct sb b = SB_INIT(TEXT);
    AUTO_FREE char *account =
        client_made(c, 201, "POST", "/crm/v8/Accounts", "{\"data\":[{\"Account_Name\":\"TEST account\"}]}");
    sb_addf(&b,
            "{\"data\":[{\"Subject\":\"TEST pricing 15 kWp\",\"Account_Name\":{\"id\":\"%s\"},"
            "\"Quoted_Items\":[",
            account);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        AUTO_FREE char *id = product_id(c, items[i].code);
        sb_addf(&b, "%s{\"Product_Name\":{\"id\":\"%s\"},\"Quantity\":%s,\"List_Price\":0,\"Discount\":%s}",
                i ? "," : "", id, items[i].quantity, items[i].discount);
    }
    sb_add(&b, "]}]}");
    char *quote = client_made(c, 201, "POST", "/crm/v8/Quotes", b.buf);
    sb_release(&b);
    return quote;
}

/* What item-categories brings: people have said what the items of the org are. New items came with the list. */
static void review(struct client *c)
{
    static const char *const decided[][2] = {
        {"CAB-6", "Cable and small part"},
        {"BAT-10", "Battery"},
        {"WBX-11", "Wallbox"},
        {"INST", "Service"},
        {"PERMIT", "Service"},
    };
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++) {
        AUTO_FREE char *id = product_id(c, decided[i][0]);
        AUTO_FREE char *body =
            mem_printf("{\"data\":[{\"id\":\"%s\",\"Product_Category\":\"%s\"}]}", id, decided[i][1]);
        free(client_made(c, 200, "PUT", "/crm/v8/Products", body));
    }
}

/* The seller presses the button that the administrator made by the guide. */
static void press(struct client *c, const char *quote, const char *answers)
{
    AUTO_JSON json_t *r = sandbox_press(c->s, NULL, "Quotes", quote, "Price this quote");
    if (!strstr(js_str_or(r, "message", ""), answers))
        fail_msg("the button said: %s", js_str_or(r, "message", "(nothing)"));
}

/* The page, written anew with ZAGENT_GOLDEN=1. */
static void same_page(const char *text)
{
    AUTO_FREE char *path = mem_printf("%s/docs/PRICED-QUOTE.md", shell_root());
    AUTO_FREE char *have = NULL;
    size_t n;
    if (getenv("ZAGENT_GOLDEN")) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
    }
    assert_int_equal(fs_read(path, TEXT, &have, &n, NULL), 0);
    assert_string_equal(have, text);
}

static double amount(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

static void a_quote_for_15_kwp_is_priced_to_the_cent_of_the_org(void **state)
{
    (void)state;
    struct clock clock = clock_system();
    struct sandbox_options o = {.db_path = ".zagent/sandbox.db"};
    struct client c = {.now = clock.now_s(clock.ctx)};
    struct sb page = SB_INIT(TEXT), table = SB_INIT(TEXT);
    client_up(&c, &o);
    AUTO_FREE char *id = make_quote(&c);
    press(&c, id, "has no category, so tax and red line are not known");
    review(&c);
    press(&c, id, "Priced with price list 2026-11");
    AUTO_JSON json_t *answer = client_get(&c, 200, "/crm/v8/Quotes/%s", id);
    const json_t *q = js_path(answer, "data[0]"), *row;
    assert_string_equal(js_str_or(q, "Price_Status", ""), "Priced");
    assert_int_equal(check_formulas(js_str_or(q, "Price_Calculation", ""), &table), 49);
    AUTO_FREE char *total = mem_printf("| Grand Total in Zoho | read back | %.2f |", amount(q, "Grand_Total"));
    AUTO_FREE char *own = mem_printf("adjustment | %.2f |", amount(q, "Grand_Total"));
    assert_non_null(strstr(table.buf, total));
    assert_non_null(strstr(table.buf, own));
    sb_add(&page,
           "# A quote for 15 kWp, each figure beside its formula\n\n"
           "Made by a test (`tests/agent/test_pricing.c`): the playbook `pricing` is applied to the sandbox with the "
           "example's context, the quote is entered with items and quantities only and priced by the button Price this "
           "quote. "
           "The test works every formula out again with exact decimals and compares the total with the Grand Total "
           "the org itself arrived at. Prices are placeholders.\n\n"
           "What the customer's quote says:\n\n"
           "| Item | Quantity | List Price | Amount | Discount | Tax | Total |\n"
           "| --- | --: | --: | --: | --: | --: | --: |\n");
    size_t i;
    json_array_foreach (js_arr(q, "Quoted_Items"), i, row)
        sb_addf(&page, "| %s | %s | %.4f | %.2f | %.2f | %.2f | %.2f |\n",
                js_str_or(js_obj(row, "Product_Name"), "name", ""), items[i].quantity, amount(row, "List_Price"),
                amount(row, "Total"), amount(row, "Discount"), amount(row, "Tax"), amount(row, "Net_Total"));
    sb_addf(&page,
            "| **Grand Total** | | | | | | **%.2f** |\n\nWhat Price Calculation says, hidden from those who sell:\n\n"
            "| Figure | Formula | Value |\n| --- | --- | --: |\n%s",
            amount(q, "Grand_Total"), table.buf);
    same_page(page.buf);
    sb_release(&page);
    sb_release(&table);
    client_down(&c);
}

/* What went wrong before: each seller's own sheet. A price of another unit, of an old list or typed over cannot leave the house. */
static void what_a_private_spreadsheet_did_cannot_leave_the_house_any_more(void **state)
{
    (void)state;
    struct clock clock = clock_system();
    struct sandbox_options o = {.db_path = ".zagent/sandbox.db"};
    struct client c = {.now = clock.now_s(clock.ctx)};
    struct err e = {0};
    client_up(&c, &o);
    AUTO_FREE char *module = product_id(&c, "PV-630"), *id = make_quote(&c);
    AUTO_FREE char *pieces = mem_printf("{\"data\":[{\"id\":\"%s\",\"Price_This_Quote\":true,\"Quoted_Items\":["
                                        "{\"Product_Name\":{\"id\":\"%s\"},\"Quantity\":24,\"List_Price\":68.8}]}]}",
                                        id, module);
    free(client_made(&c, 200, "PUT", "/crm/v8/Quotes", pieces));
    AUTO_JSON json_t *refused = client_get(&c, 200, "/crm/v8/Quotes/%s", id);
    const json_t *q = js_path(refused, "data[0]");
    assert_string_equal(js_str_or(q, "Price_Status", ""), "Refused");
    assert_non_null(strstr(js_str_or(q, "Price_Report", ""), "quantity 24 reads like pieces; per W needs 15120"));
    AUTO_JSON json_t *sent = json_pack("{s:s,s:s}", "id", id, "Quote_Stage", "Delivered");
    assert_int_equal(sandbox_ui(c.s, "record", "Quotes", id, sent, NULL, false, &e), -1);
    assert_non_null(strstr(e.what, "Price this quote first"));
    client_down(&c);
}

/* ---- a sheet of some thousand rows ---- */

enum { ROWS = 4000, EVERY = 20 /* one in so many is bad */, LIMIT_S = 20 };

/* A defect: what replaces the cells of a good row, and what must be said of it. */
static const struct dirt {
    const char *category, *basis, *rating, *cost, *price, *said;
} dirt[] = {
    {"PV module", "per W", "430", "160", "", "more than such an item can cost"},
    {"PV module", "per W", "430", "0.00016", "", "more than 4 decimal places"},
    {"PV module", "per W", "430", "0,160.5", "", "marks that part no groups of three"},
    {"PV module", "per W", "430", "1,234", "", "can be 1.234 or 1234"},
    {"PV module", "per piece", "430", "68.8", "", "priced per piece, but such an item is priced per W"},
    {"Inverter", "per W", "8000", "", "", "empty"},
    {"Inverter", "per W", "8", "0.12", "", "times less than the middle"},
    {"Inverter", "", "8000", "0.12", "", "empty"},
    {"Inverter", "per W", "8000", "=B2*1.1", "", "a formula"},
    {"Inverter", "per W", "8000", "#REF!", "", "spreadsheet error"},
    {"Inverter", "per W", "8000", "$0.12", "", "neither the currency nor a unit"},
    {"Inverter", "per W", "8000", "-0.12", "", "negative"},
    {"Battery", "per piece", "", "12 %", "", "neither the currency nor a unit"},
    {"Battery", "per piece", "", "12.05.2026", "", "a date"},
    {"Battery", "per piece", "", "3600 / kW", "", "a price per kW where per piece is meant"},
    {"Battery", "per piece", "", "3600", "360", "too few times unit_cost"},
    {"Bateries", "per piece", "", "3600", "", "not a word for category"},
    {"Battery", "per pallet", "", "3600", "", "not a word for basis"},
    {"Battery", "per piece", "", "3.6E3", "", "scientific"},
    {"Battery", "per piece", "", "tbd", "", "no number"},
};
enum { DIRT = sizeof dirt / sizeof *dirt };

struct planted {
    struct sb sheet, clean; /* what goes in; what must come out */
    const char *said[ROWS + 2];
    size_t bad;
};

static void good_row(struct planted *p, int i, int line)
{
    static const struct {
        const char *category, *basis, *rating, *clean_rating, *clean_basis, *clean_category;
    } kinds[] = {
        {"PV module", "W", "430", "430", "per W", "PV module"},
        {"Modul", "kWp", "0.43 kW", "430", "per W", "PV module"},
        {"Inverter", "je\xC2\xA0W", "8000", "8000", "per W", "Inverter"},
        {"Wechselrichter", "per W", "8 kW", "8000", "per W", "Inverter"},
        {" Battery\xE2\x80\x8B",
         "St\xC3\xBC"
         "ck",
         "", "", "per piece", "Battery"},
    };
    int k = i % (int)(sizeof kinds / sizeof *kinds), cents = i % 97;
    char cost[32], clean[32];
    if (k == 1)
        snprintf(cost, sizeof cost, "%d.%02d \xE2\x82\xAC", 150 + cents / 10, cents % 10 * 10);
    else if (k == 4)
        snprintf(cost, sizeof cost, "\"%d.%03d,%02d\"", 3, 100 + cents, cents);
    else if (k == 2)
        snprintf(cost, sizeof cost, "\"0,1%03d\"", cents);
    else
        snprintf(cost, sizeof cost, "0.1%03d", cents);
    struct dec d;
    if (k == 1)
        d = dec_div(dec_int(1000 * (150 + cents / 10) + 100 * (cents % 10)), dec_int(1000000));
    else if (k == 4)
        d = dec_div(dec_int(310000 + 100 * cents + cents), dec_int(100));
    else
        d = dec_div(dec_int(1000 + cents), dec_int(10000));
    char text[DEC_TEXT];
    size_t n = dec_print(d, text);
    while (strchr(text, '.') && (text[n - 1] == '0' || text[n - 1] == '.')) {
        bool point = text[n - 1] == '.';
        text[--n] = '\0';
        if (point)
            break;
    }
    snprintf(clean, sizeof clean, "%.31s", text);
    sb_addf(&p->sheet, "G-%04d,Item %d,%s,%s,%s,%s,\n", i, i, kinds[k].category, kinds[k].basis, kinds[k].rating, cost);
    sb_addf(&p->clean, "G-%04d,Item %d,%s,%s,%s,%s,,,,,dirty.csv:%d\n", i, i, kinds[k].clean_category,
            kinds[k].clean_basis, kinds[k].clean_rating, clean, line);
}

/* Row i stands in line i + 2. Every EVERYth is bad; of every hundred, two are the same item with two costs. */
static void plant(struct planted *p)
{
    sb_add(&p->sheet, "SKU,Name,Category,Basis,Rating,Cost,Price\n");
    sb_add(&p->clean,
           "sku,name,category,basis,rating_w,unit_cost,sheet_price,fixed_price,sheet_currency,price_unit,Source\n");
    for (int i = 0; i < ROWS; i++) {
        int line = i + 2, nth = i / EVERY;
        if (i % 100 == 50 || i % 100 == 51) {
            sb_addf(&p->sheet, "TWICE-%d,Item,Battery,per piece,,%d,\n", i / 100, 3000 + i);
            p->said[line] = "stands 2 times";
        } else if (i % EVERY == 7) {
            const struct dirt *d = &dirt[nth % DIRT];
            sb_addf(&p->sheet, "B-%04d,Item %d,%s,%s,%s,\"%s\",%s\n", i, i, d->category, d->basis, d->rating, d->cost,
                    d->price);
            p->said[line] = d->said;
        } else {
            good_row(p, i, line);
        }
        p->bad += p->said[line] != NULL;
    }
}

static void every_planted_defect_of_4000_rows_is_found_and_every_good_row_is_exact(void **state)
{
    (void)state;
    struct planted *p = mem_zalloc(sizeof *p);
    p->sheet = (struct sb)SB_INIT(4 * TEXT);
    p->clean = (struct sb)SB_INIT(4 * TEXT);
    plant(p);
    shell_write("dirty.csv", p->sheet.buf);
    AUTO_JSON json_t *answer = shell_json(3, "context import pricing price-list dirty.csv --numbers comma");
    AUTO_JSON json_t *point = shell_json(3, "context import pricing price-list dirty.csv --only-good");
    const json_t *defects = js_path(point, "data.defects"), *d;
    bool *found = mem_zalloc((ROWS + 2) * sizeof *found);
    size_t i;
    json_array_foreach (defects, i, d) {
        int64_t line = js_int(d, "line", 0);
        const char *said = line > 0 && line < ROWS + 2 ? p->said[line] : NULL;
        if (!said || !strstr(js_str_or(d, "text", ""), said))
            fail_msg("line %lld: \"%s\", wanted \"%s\"", (long long)line, js_str_or(d, "text", ""),
                     said ? said : "nothing");
        found[line] = true;
    }
    for (int line = 0; line < ROWS + 2; line++)
        if (p->said[line] && !found[line])
            fail_msg("line %d: nothing was said, wanted \"%s\"", line, p->said[line]);
    assert_int_equal(json_array_size(defects), p->bad);
    AUTO_FREE char *table = shell_file("context/price-list.csv");
    assert_string_equal(table, p->clean.buf);
    assert_true(js_int(js_obj(answer, "data"), "good", 0) > 0);
    sb_release(&p->sheet);
    sb_release(&p->clean);
    free(found);
    free(p);
}

static int enter(void **state)
{
    (void)state;
    shell_enter("pricing");
    shell_project();
    struct run r = shell("zagent plan pricing && zagent apply --yes && zagent sandbox ui && zagent apply --yes && "
                         "zagent sandbox ui && zagent apply --yes && zagent verify");
    if (r.status != 0)
        fail_msg("%s%s", r.out, r.err);
    run_release(&r);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quote_for_15_kwp_is_priced_to_the_cent_of_the_org),
        cmocka_unit_test(what_a_private_spreadsheet_did_cannot_leave_the_house_any_more),
        cmocka_unit_test(every_planted_defect_of_4000_rows_is_found_and_every_good_row_is_exact),
    };
    mem_init();
    return cmocka_run_group_tests(tests, enter, NULL);
}
