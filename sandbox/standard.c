/* sandbox/standard.c — the tables of standard modules and fields. */
#include "sandbox/standard.h"

#include <string.h>

const struct standard_module standard_modules[] = {
    {"Leads", "Lead", "Leads", "Last_Name", "Email", false, NULL},
    {"Contacts", "Contact", "Contacts", "Last_Name", "Email", false, NULL},
    {"Accounts", "Account", "Accounts", "Account_Name", "Account_Name", false, NULL},
    {"Deals", "Deal", "Deals", "Deal_Name", "Deal_Name", false, NULL},
    {"Tasks", "Task", "Tasks", "Subject", NULL, false, NULL},
    {"Vendors", "Vendor", "Vendors", "Vendor_Name", "Vendor_Name", false, NULL},
    {"Products", "Product", "Products", "Product_Name", "Product_Name", false, NULL},
    {"Quotes", "Quote", "Quotes", "Subject", "Subject", false, NULL},
    {"Notes", "Note", "Notes", "Note_Title", NULL, false, NULL},
    {"Quoted_Items", "Quoted Item", "Quoted Items", "Product_Name", NULL, true, "Quotes"},
};
const size_t standard_modules_n = sizeof standard_modules / sizeof *standard_modules;

const struct standard_module *standard_module(const char *api_name)
{
    for (size_t i = 0; i < standard_modules_n; i++) {
        if (strcmp(standard_modules[i].api_name, api_name) == 0) {
            return &standard_modules[i];
        }
    }
    return NULL;
}

#define SOURCES                                                                                                        \
    "Advertisement|Cold Call|Employee Referral|External Referral|Online Store|Partner|Public Relations|Trade "         \
    "Show|Web Research|Chat"
#define INDUSTRIES                                                                                                     \
    "Communications|Consulting|Education|Energy|Financial Services|Government|Manufacturing|Real Estate|Technology"
#define ADDRESS(module, prefix, label)                                                                                 \
    {module, prefix "Street", label "Street", "text", NULL, false},                                                    \
        {module, prefix "City", label "City", "text", NULL, false},                                                    \
        {module, prefix "State", label "State", "text", NULL, false},                                                  \
        {module, prefix "Code", label "Code", "text", NULL, false},                                                    \
    {                                                                                                                  \
        module, prefix "Country", label "Country", "text", NULL, false                                                 \
    }

const struct standard_field standard_fields[] = {
    {"Leads", "Company", "Company", "text", NULL, false},
    {"Leads", "First_Name", "First Name", "text", NULL, false},
    {"Leads", "Last_Name", "Last Name", "text", NULL, true},
    {"Leads", "Email", "Email", "email", NULL, false},
    {"Leads", "Phone", "Phone", "phone", NULL, false},
    {"Leads", "Mobile", "Mobile", "phone", NULL, false},
    {"Leads", "Website", "Website", "website", NULL, false},
    {"Leads", "Lead_Source", "Lead Source", "picklist", SOURCES, false},
    {"Leads", "Lead_Status", "Lead Status", "picklist",
     "Attempted to Contact|Contact in Future|Contacted|Junk Lead|Lost Lead|Not Contacted|Pre-Qualified|Not Qualified",
     false},
    {"Leads", "Industry", "Industry", "picklist", INDUSTRIES, false},
    ADDRESS("Leads", "", ""),
    {"Leads", "Description", "Description", "textarea", NULL, false},

    {"Contacts", "First_Name", "First Name", "text", NULL, false},
    {"Contacts", "Last_Name", "Last Name", "text", NULL, true},
    {"Contacts", "Account_Name", "Account Name", "lookup", "Accounts", false},
    {"Contacts", "Email", "Email", "email", NULL, false},
    {"Contacts", "Phone", "Phone", "phone", NULL, false},
    {"Contacts", "Mobile", "Mobile", "phone", NULL, false},
    {"Contacts", "Title", "Title", "text", NULL, false},
    {"Contacts", "Lead_Source", "Lead Source", "picklist", SOURCES, false},
    ADDRESS("Contacts", "Mailing_", "Mailing "),
    {"Contacts", "Description", "Description", "textarea", NULL, false},

    {"Accounts", "Account_Name", "Account Name", "text", NULL, true},
    {"Accounts", "Phone", "Phone", "phone", NULL, false},
    {"Accounts", "Website", "Website", "website", NULL, false},
    {"Accounts", "Account_Type", "Account Type", "picklist",
     "Analyst|Competitor|Customer|Distributor|Integrator|Investor|Other|Partner|Press|Prospect|Reseller|Supplier|"
     "Vendor",
     false},
    {"Accounts", "Industry", "Industry", "picklist", INDUSTRIES, false},
    {"Accounts", "Annual_Revenue", "Annual Revenue", "currency", NULL, false},
    ADDRESS("Accounts", "Billing_", "Billing "),
    {"Accounts", "Description", "Description", "textarea", NULL, false},

    {"Deals", "Deal_Name", "Deal Name", "text", NULL, true},
    {"Deals", "Account_Name", "Account Name", "lookup", "Accounts", false},
    {"Deals", "Contact_Name", "Contact Name", "lookup", "Contacts", false},
    {"Deals", "Amount", "Amount", "currency", NULL, false},
    {"Deals", "Closing_Date", "Closing Date", "date", NULL, true},
    {"Deals", "Stage", "Stage", "picklist",
     "Qualification|Needs Analysis|Value Proposition|Identify Decision Makers|Proposal/Price "
     "Quote|Negotiation/Review|Closed "
     "Won|Closed Lost|Closed Lost to Competition",
     true},
    {"Deals", "Probability", "Probability (%)", "integer", NULL, false},
    {"Deals", "Type", "Type", "picklist", "Existing Business|New Business", false},
    {"Deals", "Next_Step", "Next Step", "text", NULL, false},
    {"Deals", "Lead_Source", "Lead Source", "picklist", SOURCES, false},
    {"Deals", "Description", "Description", "textarea", NULL, false},

    {"Tasks", "Subject", "Subject", "text", NULL, true},
    {"Tasks", "Due_Date", "Due Date", "date", NULL, false},
    {"Tasks", "Who_Id", "Contact Name", "lookup", "Contacts", false},
    {"Tasks", "What_Id", "Related To", "lookup", NULL, false},
    {"Tasks", "Status", "Status", "picklist", "Not Started|Deferred|In Progress|Completed|Waiting for input", false},
    {"Tasks", "Priority", "Priority", "picklist", "High|Highest|Low|Lowest|Normal", false},
    {"Tasks", "Description", "Description", "textarea", NULL, false},

    {"Vendors", "Vendor_Name", "Vendor Name", "text", NULL, true},
    {"Vendors", "Phone", "Phone", "phone", NULL, false},
    {"Vendors", "Email", "Email", "email", NULL, false},
    {"Vendors", "Website", "Website", "website", NULL, false},
    {"Vendors", "Category", "Category", "text", NULL, false},
    {"Vendors", "Description", "Description", "textarea", NULL, false},

    {"Products", "Product_Name", "Product Name", "text", NULL, true},
    {"Products", "Product_Code", "Product Code", "text", NULL, false},
    {"Products", "Vendor_Name", "Vendor Name", "lookup", "Vendors", false},
    {"Products", "Product_Active", "Product Active", "boolean", NULL, false},
    {"Products", "Product_Category", "Product Category", "picklist", "Hardware|Software|CRM Applications", false},
    {"Products", "Manufacturer", "Manufacturer", "picklist", "AltvetPet Inc.|LexPon Inc.|MetBeat Corp.", false},
    {"Products", "Unit_Price", "Unit Price", "currency", NULL, false},
    {"Products", "Commission_Rate", "Commission Rate", "currency", NULL, false},
    {"Products", "Usage_Unit", "Usage Unit", "picklist",
     "Box|Carton|Dozen|Each|Hours|Impressions|Lb|M|Pack|Pages|Pieces|Quantity|"
     "Reams|Sheet|Spiral Binder|Square Feet|Sales Unit",
     false},
    {"Products", "Qty_in_Stock", "Quantity in Stock", "double", NULL, false},
    {"Products", "Qty_Ordered", "Qty Ordered", "double", NULL, false},
    {"Products", "Taxable", "Taxable", "boolean", NULL, false},
    {"Products", "Description", "Description", "textarea", NULL, false},

    {"Quotes", "Subject", "Subject", "text", NULL, true},
    {"Quotes", "Quote_Number", "Quote Number", "autonumber", NULL, false},
    {"Quotes", "Deal_Name", "Deal Name", "lookup", "Deals", false},
    {"Quotes", "Account_Name", "Account Name", "lookup", "Accounts", true},
    {"Quotes", "Contact_Name", "Contact Name", "lookup", "Contacts", false},
    {"Quotes", "Quote_Stage", "Quote Stage", "picklist",
     "Draft|Negotiation|Delivered|On Hold|Confirmed|Closed Won|Closed Lost", false},
    {"Quotes", "Valid_Till", "Valid Till", "date", NULL, false},
    {"Quotes", "Team", "Team", "text", NULL, false},
    {"Quotes", "Carrier", "Carrier", "picklist", "FedEX|UPS|USPS|DHL|BlueDart", false},
    {"Quotes", "Quoted_Items", "Quoted Items", "subform", "Quoted_Items", true},
    {"Quotes", "Sub_Total", "Sub Total", "currency", NULL, false},
    {"Quotes", "Discount", "Discount", "currency", NULL, false},
    {"Quotes", "Tax", "Tax", "currency", NULL, false},
    {"Quotes", "Adjustment", "Adjustment", "currency", NULL, false},
    {"Quotes", "Grand_Total", "Grand Total", "currency", NULL, false},
    {"Quotes", "Terms_and_Conditions", "Terms and Conditions", "textarea", NULL, false},
    ADDRESS("Quotes", "Billing_", "Billing "),
    ADDRESS("Quotes", "Shipping_", "Shipping "),
    {"Quotes", "Description", "Description", "textarea", NULL, false},

    {"Quoted_Items", "Product_Name", "Product Name", "lookup", "Products", true},
    {"Quoted_Items", "Quantity", "Quantity", "double", NULL, true},
    {"Quoted_Items", "List_Price", "List Price", "currency", NULL, false},
    {"Quoted_Items", "Total", "Amount", "currency", NULL, false},
    {"Quoted_Items", "Discount", "Discount", "currency", NULL, false},
    {"Quoted_Items", "Total_After_Discount", "Total After Discount", "currency", NULL, false},
    {"Quoted_Items", "Line_Tax", "Line Tax", "multiselectpicklist", NULL, false},
    {"Quoted_Items", "Tax", "Tax", "currency", NULL, false},
    {"Quoted_Items", "Net_Total", "Total", "currency", NULL, false},
    {"Quoted_Items", "Description", "Description", "textarea", NULL, false},

    {"Notes", "Note_Title", "Note Title", "text", NULL, false},
    {"Notes", "Note_Content", "Note Content", "textarea", NULL, true},
    {"Notes", "Parent_Id", "Parent ID", "lookup", NULL, false},
};
const size_t standard_fields_n = sizeof standard_fields / sizeof *standard_fields;
