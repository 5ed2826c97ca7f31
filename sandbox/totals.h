/*
 * sandbox/totals.h — what a quote's form works out: amounts of its lines, taxes, sums. Exact decimals, half a cent up.
 *
 * Line     Total = Quantity × List_Price, Total_After_Discount = Total − Discount, each tax of Line_Tax [{name, percentage, value}] is
 *          a percentage of that (help.zoho.com, Kaizen 9: "the cumulative tax is calculated based on the amount after the discount"),
 *          Tax their sum (as sent where there is no Line_Tax), Net_Total = Total_After_Discount + Tax.
 * Quote    Sub_Total = all Net_Total, Grand_Total = Sub_Total − Discount + Tax + Adjustment.
 * Rounding to the cent, half up, at every amount: our reading; Zoho publishes none (docs/CONFORMANCE.md).
 */
#ifndef SANDBOX_TOTALS_H
#define SANDBOX_TOTALS_H
#include "base/js.h"

/* In place; records without Quoted_Items stay as they are. */
void totals_fill(json_t *record);
#endif
