/*
 * agent/command_auth.h — rows of the command table for signing in, the doctor's options, and the options of whatever opens the writer.
 */
#ifndef AGENT_COMMAND_AUTH_H
#define AGENT_COMMAND_AUTH_H
#include "agent/command.h"

/* Of every command that may write to an org (agent/ask.h reads them). */
#define PASSPHRASE_OPTS                                                                                                \
    {"passphrase-file", 0, OPT_TEXT, "FILE", "the writer's passphrase is the first line of FILE (0600)"},              \
    {                                                                                                                  \
        "passphrase-fd", 0, OPT_INT, "N", "the writer's passphrase comes by file descriptor N"                         \
    }

extern const struct opt doctor_opts[];
extern const struct opt auth_login_opts[], auth_status_opts[], auth_scopes_opts[], auth_logout_opts[];
int cmd_auth_login(struct app *a, struct err *e);
int cmd_auth_status(struct app *a, struct err *e);
int cmd_auth_scopes(struct app *a, struct err *e);
int cmd_auth_logout(struct app *a, struct err *e);
int cmd_doctor(struct app *a, struct err *e);

#define AUTH_COMMANDS                                                                                                  \
    {"auth login",                                                                                                     \
     "",                                                                                                               \
     0,                                                                                                                \
     0,                                                                                                                \
     "sign in to an org, for reading or with --writer for writing",                                                    \
     "Asks Zoho for the scopes of 'zagent auth scopes' and no more. --flow device shows a code to type in on any "     \
     "machine's browser; browser waits on 127.0.0.1 for the consent page of this machine's browser; self-client "      \
     "takes a code made at the API console; import takes a refresh token you have. The reader's credential lies in "   \
     "a file only you can read, the writer's is sealed under a passphrase or in the desktop's keyring. What opens "    \
     "another org than the pinned one is refused and revoked. Secrets are typed, or read from files: never from the "  \
     "command line. docs/SIGN-IN.md goes through each way.",                                                           \
     "zagent auth login --flow self-client --code-file code.txt",                                                      \
     auth_login_opts,                                                                                                  \
     NEEDS_PROJECT,                                                                                                    \
     cmd_auth_login},                                                                                                  \
        {"auth status",                                                                                                \
         "",                                                                                                           \
         0,                                                                                                            \
         0,                                                                                                            \
         "who is signed in where, since when, and which scopes are missing",                                           \
         "Asks no server and opens nothing that is sealed. No secret is shown, not even a part of one.",               \
         "zagent auth status",                                                                                         \
         auth_status_opts,                                                                                             \
         NEEDS_PROJECT,                                                                                                \
         cmd_auth_status},                                                                                             \
        {"auth scopes",                                                                                                \
         "",                                                                                                           \
         0,                                                                                                            \
         0,                                                                                                            \
         "the scopes that this project's playbooks need, each with the reason",                                        \
         "Worked out from the kinds and queries of the playbooks, reader and writer apart; nothing of Zoho is asked. " \
         "--line prints one line to paste into the API console.",                                                      \
         "zagent auth scopes",                                                                                         \
         auth_scopes_opts,                                                                                             \
         NEEDS_PROJECT,                                                                                                \
         cmd_auth_scopes},                                                                                             \
        {"auth logout",                                                                                                \
         "",                                                                                                           \
         0,                                                                                                            \
         0,                                                                                                            \
         "revoke what was granted and delete it here",                                                                 \
         "Both credentials of the org, or one with --reader or --writer. --forget only deletes here, for a "           \
         "passphrase "                                                                                                 \
         "that is lost: then take the app away in the Zoho account too.",                                              \
         "zagent auth logout",                                                                                         \
         auth_logout_opts,                                                                                             \
         NEEDS_PROJECT,                                                                                                \
         cmd_auth_logout},                                                                                             \
        {"doctor",                                                                                                     \
         "",                                                                                                           \
         0,                                                                                                            \
         0,                                                                                                            \
         "can zagent do its work here, and if not, what to ask whom for",                                              \
         "One page: this machine, the way to Zoho, the org, what zagent may do there, room left. Every line that is "  \
         "not "                                                                                                        \
         "ok says what to do, and whom to ask. It reads only. Exit code: that of the first thing in the way. "         \
         "--bundle "                                                                                                   \
         "writes it for support without names, ids and secrets. --open-questions lists what only a live org can "      \
         "settle, "                                                                                                    \
         "as probes that a person can run safely.",                                                                    \
         "zagent doctor",                                                                                              \
         doctor_opts,                                                                                                  \
         NEEDS_PROJECT,                                                                                                \
         cmd_doctor},
#endif
