/* agent/commands.c — the command table: dispatch, --help, man page and completions come from here. */
#include "agent/command.h"
#include "agent/command_adopt.h"
#include "agent/command_audit.h"
#include "agent/command_auth.h"
#include "agent/command_deluge.h"
#include "agent/command_playbook.h"
#include "agent/command_rails.h"
#include "agent/command_results.h"
#include "agent/command_review.h"
#include "agent/command_sandbox.h"
#include "sandbox/fault.h"

#define ORG_OPT                                                                                                        \
    {                                                                                                                  \
        "org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"                                     \
    }
#define PRODUCTION_OPT                                                                                                 \
    {                                                                                                                  \
        "production", 0, OPT_TEXT, "NAME", "yes, this production org, by its name in zagent.yaml"                      \
    }
#define END                                                                                                            \
    {                                                                                                                  \
        NULL, 0, OPT_FLAG, NULL, NULL                                                                                  \
    }

const struct opt global_opts[] = {
    {"json", 0, OPT_FLAG, NULL, "one JSON envelope on standard output"},
    {"directory", 'C', OPT_TEXT, "DIR", "work in DIR; the project is there or in the nearest folder above"},
    {"no-input", 0, OPT_FLAG, NULL, "never ask, fail instead"},
    {"quiet", 'q', OPT_FLAG, NULL, "no talk on standard error, only errors"},
    {"help", 'h', OPT_FLAG, NULL, "help on the command"},
    {"version", 'V', OPT_FLAG, NULL, "the version"},
    END,
};

static const struct opt init_opts[] = {{"example", 0, OPT_FLAG, NULL, "with the example business and its playbooks"},
                                       END};
static const struct opt import_opts[] = {
    {"numbers", 0, OPT_TEXT, "MARK", "the mark before a fraction in this sheet: point (0.24) or comma (0,24)"},
    {"only-good", 0, OPT_FLAG, NULL, "write the good rows although others are to be mended"},
    {"report", 0, OPT_TEXT, "FILE", "write what is to be mended as a table (CSV)"},
    END,
};
static const struct opt plan_opts[] = {
    ORG_OPT,
    {"target", 't', OPT_LIST, "ADDRESS", "only this address, kind or glob, and what it needs"},
    {"exclude", 'x', OPT_LIST, "ADDRESS", "not this address, kind or glob, nor what needs it"},
    {"details", 'd', OPT_FLAG, NULL, "every change, property by property"},
    {"summary", 0, OPT_FLAG, NULL, "only the summary"},
    {"check", 0, OPT_FLAG, NULL, "exit 3 when there is something to do"},
    {"strict", 0, OPT_FLAG, NULL, "refuse when a playbook misses a value, instead of leaving it out"},
    END,
};
static const struct opt show_opts[] = {
    {"details", 'd', OPT_FLAG, NULL, "every change, property by property"},
    {"summary", 0, OPT_FLAG, NULL, "only the summary"},
    END,
};
static const struct opt apply_opts[] = {
    ORG_OPT,
    {"dry-run", 'n', OPT_FLAG, NULL, "show every request, rehearse on a copy, write the artifacts, send nothing"},
    {"details", 'd', OPT_FLAG, NULL, "with --dry-run: also what each request carries"},
    {"yes", 'y', OPT_FLAG, NULL, "do not ask"},
    PRODUCTION_OPT,
    PASSPHRASE_OPTS,
    {"allow-delete", 0, OPT_FLAG, NULL, "yes, delete what the plan shows with a tombstone"},
    {"limit", 0, OPT_LIST, "NAME=N",
     "raise a limit for this run: changes, records, deletes, credits, reserve or a kind"},
    END,
};
static const struct opt write_opts[] = {ORG_OPT, PRODUCTION_OPT, PASSPHRASE_OPTS, END};
static const struct opt org_opts[] = {ORG_OPT, END};
static const struct opt verify_opts[] = {
    ORG_OPT,
    {"details", 'd', OPT_FLAG, NULL, "also what is as planned, a line each"},
    END,
};
static const struct opt attest_opts[] = {
    ORG_OPT,
    {"by", 0, OPT_TEXT, "NAME", "who did it"},
    {"note", 0, OPT_TEXT, "TEXT", "what was seen"},
    {"witness", 0, OPT_TEXT, "NAME", "who watched the test of what must not work"},
    {"from", 0, OPT_TEXT, "FILE", "the file that a ticked guide made"},
    END,
};
static const struct opt status_opts[] = {
    ORG_OPT,
    {"for", 0, OPT_TEXT, "NAME", "only hand steps of this owner"},
    {"experiment", 0, OPT_TEXT, "ID", "the expected results of an experiment in context/experiments.md, with evidence"},
    END,
};
static const struct opt log_opts[] = {{"check", 0, OPT_FLAG, NULL, "find any edit of BUILD_LOG.md"}, END};
static const struct opt start_opts[] = {
    ORG_OPT,
    {"port", 'p', OPT_INT, "N", "the port on 127.0.0.1 (default: any free one)"},
    {"db", 0, OPT_TEXT, "FILE", "another store than the project's"},
    {"record", 0, OPT_TEXT, "FILE", "write one JSON line per request and answer"},
    {"edition", 0, OPT_TEXT, "NAME", "edition of a new store"},
    {"refuse", 0, OPT_TEXT, "LIST", "what a new store refuses: blueprint,functions,wrapper,…"},
    {"dc", 0, OPT_TEXT, "NAME", "the data centre it says to be in: us eu in au cn jp ca sa uk ae sg"},
    {"tls", 0, OPT_FLAG, NULL, "serve HTTPS; clients trust the certificate named as ca_file"},
    {"fault", 0, OPT_TEXT, "RULES", "fail on order, e.g. 'POST /settings/fields nth=2 after-commit drop'"},
    {"chaos", 0, OPT_TEXT, "SEED[:RATE]",
     "fail by chance, RATE per cent of the calls (default 10), the same for one seed"},
    END,
};
static const struct opt code_opts[] = {
    ORG_OPT,
    {"scope", 0, OPT_TEXT, "LIST", "what it allows, e.g. ZohoCRM.modules.READ,ZohoCRM.settings.READ"},
    {"user", 0, OPT_TEXT, "EMAIL", "whose code it is (default: the org's first user)"},
    {"minutes", 0, OPT_INT, "N", "how long it lives, 1 to 10 (default 3)"},
    END,
};
static const struct opt reset_opts[] = {
    ORG_OPT,
    {"yes", 'y', OPT_FLAG, NULL, "do not ask"},
    {"edition", 0, OPT_TEXT, "NAME", "edition of the new org"},
    {"refuse", 0, OPT_TEXT, "LIST", "what it refuses: blueprint,functions,wrapper,…"},
    END,
};
static const struct opt ui_opts[] = {
    ORG_OPT,
    {"undo", 0, OPT_FLAG, NULL, "take the clicks back"},
    {"plan", 0, OPT_TEXT, "PLAN", "a saved plan's digest or playbook (default: the latest)"},
    END,
};

const struct command commands[] = {
    {"init", "[DIR]", 0, 1, "start a project",
     "Writes zagent.yaml, .gitignore and a context to fill in. Files that exist are kept. With --example the "
     "installation's own "
     "example business comes along, ready to plan against the embedded sandbox.",
     "zagent init my-crm", init_opts, 0, cmd_init},
    {"context check", "", 0, 0, "what of context/ is read, assumed, missing, malformed",
     "Malformed content is named as file:line:column. Exit 3 when something is wrong or a playbook misses a value.",
     "zagent context check", NULL, NEEDS_PROJECT, cmd_context_check},
    {"context show", "", 0, 0, "what the business wrote down, as zagent reads it", NULL, "zagent context show", NULL,
     NEEDS_PROJECT, cmd_context_show},
    {"context import", "PLAYBOOK NAME FILE", 3, 3, "a spreadsheet's table into context/, or what is to be mended in it",
     "FILE is CSV, as a spreadsheet saves it; the playbook's 'imports' says what its columns are. Units, marks of "
     "numbers, "
     "duplicates, formulas and prices that cannot be are named by line and column; nothing is guessed. The table is "
     "only "
     "written when every row is good, or with --only-good. Exit 3 when something is to be mended.",
     "zagent context import pricing price-list prices.csv", import_opts, NEEDS_PROJECT, cmd_context_import},
    {"plan", "[PLAYBOOK…]", 0, -1, "what must change so that playbooks come true",
     "Reads the org (never writes), compares, and saves one ordered plan over machine steps and hand steps. Without a "
     "name all "
     "playbooks of the project are planned, but those the context does not feed: they are named, with what they miss. "
     "A playbook that is named, or was applied before, refuses instead.",
     "zagent plan quote-bom", plan_opts, NEEDS_PROJECT, cmd_plan},
    {"show", "[PLAN]", 0, 1, "show a saved plan, without network",
     "PLAN is a digest or a part of one (6 digits or more), or a playbook's name for its latest plan; nothing means "
     "the latest.",
     "zagent show", show_opts, NEEDS_PROJECT, cmd_show},
    {"apply", "[PLAN]", 0, 1, "execute a saved plan, exactly it",
     "Refuses when the org moved since the plan, naming what moved. Every write is journaled before it leaves and read "
     "back after. "
     "Steps that only a person can do wait; the next apply of the same plan goes on with what waited for them.",
     "zagent apply --dry-run", apply_opts, NEEDS_PROJECT, cmd_apply},
    REHEARSAL_COMMANDS{
        "resume", "", 0, 0, "go on with the run that was interrupted",
        "What may or may not have reached the org is settled by reading it, never by sending again blindly.",
        "zagent resume", write_opts, NEEDS_PROJECT, cmd_resume},
    {"verify", "[PLAN]", 0, 1, "read the org and compare it with a saved plan",
     "Exit 3 when a step is not as planned. A step that was in place and is no more is noted as undone.",
     "zagent verify", verify_opts, NEEDS_PROJECT, cmd_verify},
    {"off", "PLAYBOOK", 1, 1, "switch a playbook's effect off",
     "Deactivates its workflow rules and puts back the function source from before; lists what only a person can "
     "switch off.",
     "zagent off quote-bom", write_opts, NEEDS_PROJECT, cmd_off},
    {"on", "PLAYBOOK", 1, 1, "switch a playbook's effect on again", NULL, "zagent on quote-bom", write_opts,
     NEEDS_PROJECT, cmd_on},
    RAILS_COMMANDS{"guide", "[PLAN]", 0, 1, "write the guides for what only a person can do", NULL, "zagent guide",
                   org_opts, NEEDS_PROJECT, cmd_guide},
    {"attest", "[STEP]", 0, 1, "state that a step is done that nobody can read back",
     "STEP is the id printed in the guide, or the address. Where the playbook says what must not work, what was seen "
     "(--note) and "
     "another person as witness are needed. --from takes what the button of a ticked guide saved, also from a mail; a "
     "file that was "
     "changed, or is of another plan or org, is refused.",
     "zagent attest 1a2b3c4d --by 'CRM admin'", attest_opts, NEEDS_PROJECT, cmd_attest},
    {"status", "", 0, 0, "how far each playbook is; what waits for whom", NULL, "zagent status", status_opts,
     NEEDS_PROJECT, cmd_status},
    AUDIT_COMMANDS ADOPT_COMMANDS REVIEW_COMMANDS RESULTS_COMMANDS{
        "log", "", 0, 0, "print BUILD_LOG.md, or --check that nobody edited it", NULL, "zagent log --check", log_opts,
        NEEDS_PROJECT, cmd_log},
    AUTH_COMMANDS{
        "sandbox start", "", 0, 0, "serve a Zoho org on 127.0.0.1 until Ctrl-C",
        "Prints where it listens and the address of its page, where a person looks at records, rules, functions, mails "
        "and "
        "requests, edits as any user and does what only a person can do. With --json one line with api_url, page_url, "
        "accounts_url, client_id, client_secret and refresh_token of that made-up org. Commands of the same project "
        "use "
        "it "
        "while it runs. "
        "--fault RULES: METHOD PATH [nth=N | every=N] [before-commit | after-commit] [retry-after=S] ACTION, several "
        "joined "
        "by ';'. METHOD and PATH may be *. Actions: " FAULT_HELP "all but revoke happen by --chaos too.",
        "zagent sandbox start --json", start_opts, MAY_PROJECT, cmd_sandbox_start},
    {"sandbox code", "", 0, 0, "make a self client's code, as the API console would",
     "A client exchanges it at accounts_url for a refresh token that acts as that user: what the user's profile hides "
     "stays "
     "hidden.",
     "zagent sandbox code --user admin@example.org", code_opts, NEEDS_PROJECT, cmd_sandbox_code},
    {"sandbox reset", "", 0, 0, "throw its org away and make a fresh one", NULL, "zagent sandbox reset --yes",
     reset_opts, NEEDS_PROJECT, cmd_sandbox_reset},
    {"sandbox status", "", 0, 0, "its time, requests, credits, what automation did, calls to what it does not have",
     NULL, "zagent sandbox status", org_opts, NEEDS_PROJECT, cmd_sandbox_status},
    {"sandbox ui", "[STEP…]", 0, -1, "do hand steps there, as the person in Setup would",
     "Without STEP all hand steps of the latest plan that wait.", "zagent sandbox ui", ui_opts, NEEDS_PROJECT,
     cmd_sandbox_ui},
    SANDBOX_COMMANDS PLAYBOOK_COMMANDS DELUGE_COMMANDS{"completion", "SHELL", 1, 1,
                                                       "print the completion script for bash, zsh or fish", NULL,
                                                       "zagent completion bash", NULL, 0, cmd_completion},
    {"help", "[COMMAND]", 0, 2, "help; also on exit-codes and man (the manual's source)", NULL, "zagent help plan",
     NULL, 0, cmd_help},
    {"version", "", 0, 0, "the version", NULL, "zagent version", NULL, 0, cmd_version},
};
const size_t commands_n = sizeof commands / sizeof *commands;

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < commands_n; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}
