/*
 * Signing in as a user does it, against the sandbox: self client, browser, device; what is kept, shown, refused and taken back.
 */
#include <fcntl.h>
#include <pty.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/command.h"
#include "agent/org.h"
#include "agent/project.h"
#include "base/sb.h"
#include "tests/agent/shell.h"
#include "tests/sandbox/client.h"
#include "tests/test.h"

static const char form_type[] = "application/x-www-form-urlencoded";

static void ok(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void ok(int status, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *cmd = mem_vprintf(fmt, ap);
    va_end(ap);
    struct run r = shell("%s", cmd);
    if (r.status != status)
        fail_msg("%s: exit %d\n%s%s", cmd, r.status, r.out, r.err);
    run_release(&r);
}

static void private_file(const char *name, const char *text)
{
    shell_write(name, text);
    assert_int_equal(chmod(name, 0600), 0);
}

static char *between(const char *text, const char *before, const char *after)
{
    const char *p = strstr(text, before);
    if (!p)
        fail_msg("'%s' is not in: %.900s", before, text);
    p += strlen(before);
    const char *end = strstr(p, after);
    return mem_dupn(p, end ? (size_t)(end - p) : strlen(p));
}

/* ---- self client ---- */

static void exactly_the_scopes_of_auth_scopes_carry_a_playbook_through_plan_and_apply(void **state)
{
    (void)state;
    shell_enter("auth-scopes");
    shell_project();
    shell_sandbox_with("--tls");
    private_file("words.txt", "a few words nobody guesses\n");
    ok(0, "umask 077; unset SOURCE_DATE_EPOCH; zagent sandbox code --scope \"$(zagent auth scopes --reader --line)\" "
          ">r.credentials && zagent sandbox code --scope \"$(zagent auth scopes --writer --line)\" >w.credentials");
    AUTO_JSON json_t *in = shell_json(0, "auth login --flow self-client --code-file r.credentials");
    assert_int_equal(json_array_size(js_arr(js_obj(in, "data"), "missing")), 0);
    json_decref(shell_json(0, "auth login --writer --code-file w.credentials --passphrase-file words.txt"));
    AUTO_JSON json_t *plan = shell_json(0, "plan quote-bom");
    const json_t *sum = js_obj(js_obj(plan, "data"), "summary");
    assert_true(js_int(sum, "api", 0) > 40); /* nothing went by hand because a list could not be read */
    ok(0, "zagent apply --yes --passphrase-file words.txt");
    AUTO_JSON json_t *all = shell_exchanges();
    json_t *x;
    size_t i;
    json_array_foreach (all, i, x) {
        AUTO_FREE char *seen = json_dumps(x, JSON_COMPACT);
        if (strstr(seen, "OAUTH_SCOPE_MISMATCH") || js_int(x, "status", 0) == 401)
            fail_msg("%.400s", seen);
    }
    ok(8, "zagent apply --yes"); /* nobody at a terminal, no passphrase: no prompt, no writer */
    ok(4, "printf 'another few words\\n' | zagent apply --yes --passphrase-fd 0");
    shell_sandbox_stop();
}

/* What deletes is asked for only where a deletion is meant. */
static void delete_is_asked_for_by_a_tombstone_or_a_rollback_only(void **state)
{
    (void)state;
    shell_enter("auth-delete");
    shell_small_project();
    ok(1, "zagent auth scopes --json | grep -q DELETE");
    ok(0, "zagent auth scopes --delete-created --line | grep -q settings.workflow_rules.DELETE");
    ok(1, "zagent auth scopes --reader --delete-created --line | grep -q DELETE");
    ok(0, "mkdir templates/small-removal && printf 'format: 1\nname: small-removal\ntitle: T\nsolves: [P1]\nresources: "
          "[]\nremoved:"
          "\n  - {address: field/Deals.Old_State, why: replaced}\n' >templates/small-removal/playbook.yaml");
    AUTO_JSON json_t *env = shell_json(0, "auth scopes");
    AUTO_FREE char *writer = json_dumps(js_arr(js_obj(env, "data"), "writer"), 0);
    assert_non_null(strstr(writer, "settings.fields.DELETE"));
    assert_non_null(strstr(writer, "tombstone"));
    assert_null(strstr(writer, "workflow_rules.DELETE"));
}

static void a_scope_that_was_not_granted_is_named_with_what_to_do(void **state)
{
    (void)state;
    shell_enter("auth-missing");
    shell_small_project();
    shell_sandbox(NULL);
    ok(0, "umask 077; zagent sandbox code --scope ZohoCRM.org.READ,ZohoCRM.settings.modules.READ >c.credentials");
    AUTO_JSON json_t *in = shell_json(0, "auth login --code-file c.credentials");
    assert_true(json_array_size(js_arr(js_obj(in, "data"), "missing")) > 3);
    struct run r = shell("zagent auth status");
    assert_non_null(strstr(r.out, "missing ZohoCRM.settings.fields.READ"));
    assert_non_null(strstr(r.out, "fix: zagent auth login --org embedded"));
    run_release(&r);
    shell_sandbox_stop();
}

static void a_credential_for_another_org_is_refused_with_both_names_and_not_kept(void **state)
{
    (void)state;
    shell_enter("auth-pin");
    shell_small_project();
    shell_write("zagent.yaml", "format: 1\norgs:\n  embedded: {sandbox: true, zgid: \"4711\"}\n");
    shell_sandbox(NULL);
    ok(0, "umask 077; zagent sandbox code >c.credentials");
    struct run r = shell("zagent auth login --code-file c.credentials");
    assert_int_equal(r.status, 8);
    assert_non_null(strstr(r.err, "4711"));
    assert_non_null(strstr(r.err, "700000042"));
    assert_non_null(strstr(r.err, "opens 'Example Company'"));
    run_release(&r);
    ok(0, "test ! -e .zagent/embedded.reader.credentials.json");
    shell_sandbox_stop();
}

static void what_is_kept_is_private_sealed_and_never_shown(void **state)
{
    (void)state;
    shell_enter("auth-kept");
    shell_small_project();
    shell_sandbox(NULL);
    private_file("words.txt", "a few words nobody guesses\n");
    ok(0, "umask 077; zagent sandbox code >r.credentials; zagent sandbox code >w.credentials");
    json_decref(shell_json(0, "auth login --code-file r.credentials"));
    json_decref(shell_json(0, "auth login --writer --code-file w.credentials --passphrase-file words.txt"));
    struct stat st;
    assert_int_equal(stat(".zagent/embedded.writer.credentials.json", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    AUTO_FREE char *kept = shell_file(".zagent/embedded.reader.credentials.json");
    AUTO_FREE char *sealed = shell_file(".zagent/embedded.writer.credentials.json");
    AUTO_JSON json_t *reader = json_loads(kept, 0, NULL);
    const char *refresh = js_str(js_obj(reader, "secrets"), "refresh_token");
    const char *secret = js_str(js_obj(reader, "secrets"), "client_secret");
    assert_non_null(refresh);
    assert_null(strstr(sealed, "refresh_token"));
    assert_null(strstr(sealed, secret));
    static const char *const shows[] = {"auth status", "auth status --json", "doctor", "doctor --json",
                                        "auth scopes --json"};
    for (size_t i = 0; i < sizeof shows / sizeof *shows; i++) {
        struct run r = shell("zagent %s 2>&1", shows[i]);
        assert_null(strstr(r.out, secret));
        assert_null(strstr(r.out, refresh));
        run_release(&r);
    }
    ok(8, "chmod 644 words.txt; zagent apply --yes --passphrase-file words.txt"); /* others may read it */
    ok(8, "zagent auth login --writer --keep file --code-file r.credentials");
    ok(2,
       "chmod 600 words.txt; echo short >s.txt; chmod 600 s.txt; zagent auth login --writer --code-file r.credentials "
       "--passphrase-file s.txt");
    shell_sandbox_stop();
}

static void logging_out_revokes_and_deletes(void **state)
{
    (void)state;
    shell_enter("auth-logout");
    shell_small_project();
    shell_sandbox(NULL);
    private_file("words.txt", "a few words nobody guesses\n");
    ok(0, "umask 077; zagent sandbox code >r.credentials; zagent sandbox code >w.credentials");
    ok(0, "zagent auth login --code-file r.credentials");
    ok(0, "zagent auth login --writer --code-file w.credentials --passphrase-file words.txt");
    AUTO_FREE char *kept = shell_file(".zagent/embedded.reader.credentials.json");
    AUTO_JSON json_t *reader = json_loads(kept, 0, NULL);
    ok(8, "zagent auth logout --writer"); /* sealed: revoking needs the passphrase */
    ok(0, "zagent auth logout --passphrase-file words.txt");
    ok(0, "test -z \"$(ls .zagent | grep -e credentials -e token$)\"");
    ok(0, "zagent auth logout");
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = json_loads(note, 0, NULL);
    struct client c;
    client_join(&c, info);
    AUTO_FREE char *form =
        mem_printf("grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s", js_str(info, "client_id"),
                   js_str(info, "client_secret"), js_str(js_obj(reader, "secrets"), "refresh_token"));
    AUTO_JSON json_t *dead = client_send(&c, 200, "POST", "/oauth/v2/token", form_type, form);
    assert_string_equal(js_str(dead, "error"), "invalid_code");
    client_down(&c);
    shell_sandbox_stop();
}

static void a_used_code_is_refused_with_what_to_do(void **state)
{
    (void)state;
    shell_enter("auth-used");
    shell_small_project();
    shell_sandbox(NULL);
    ok(0, "umask 077; zagent sandbox code >c.credentials && zagent auth login --code-file c.credentials");
    struct run r = shell("zagent auth login --code-file c.credentials");
    assert_int_equal(r.status, 4);
    assert_non_null(strstr(r.err, "works once"));
    run_release(&r);
    /* A code of no shape at all, and one that others may read. */
    private_file("none.txt", "\n");
    ok(2, "zagent auth login --code-file none.txt");
    ok(8, "chmod 644 c.credentials; zagent auth login --code-file c.credentials");
    ok(0, "rm c.credentials");
    shell_sandbox_stop();
}

static void the_keyring_takes_a_credential_by_standard_input_only(void **state)
{
    (void)state;
    shell_enter("auth-keyring");
    shell_small_project();
    shell_sandbox(NULL);
    shell_write("secret-tool",
                "#!/bin/sh\necho \"$@\" >>\"$HOME/../args\"\ncase $1 in\nstore) cat >\"$HOME/../ring\" ;;\n"
                "lookup) cat \"$HOME/../ring\" ;;\nclear) rm \"$HOME/../ring\" ;;\nesac\n");
    assert_int_equal(chmod("secret-tool", 0755), 0);
    ok(0, "umask 077; zagent sandbox code >c.credentials");
    ok(2, "zagent auth login --writer --keep keyring --code-file c.credentials"); /* not beside us: only in $PATH */
    ok(0, "PATH=\"$PWD:$PATH\" zagent auth login --writer --keep keyring --code-file c.credentials");
    AUTO_FREE char *file = shell_file(".zagent/embedded.writer.credentials.json");
    AUTO_FREE char *args = shell_file("args");
    AUTO_FREE char *ring = shell_file("ring");
    AUTO_JSON json_t *secrets = json_loads(ring, 0, NULL);
    assert_null(strstr(file, js_str(secrets, "refresh_token")));
    assert_null(strstr(args, js_str(secrets, "refresh_token")));
    ok(0, "PATH=\"$PWD:$PATH\" zagent plan && PATH=\"$PWD:$PATH\" zagent apply --yes");
    ok(4, "zagent apply --yes");
    ok(0, "PATH=\"$PWD:$PATH\" zagent auth logout && test ! -e ring && rm args");
    shell_sandbox_stop();
}

/* ---- the terminal ---- */

/* Reads what the program shows on its terminal until `want` stands there. */
static void shown(int fd, struct sb *all, const char *want)
{
    while (!strstr(all->buf, want)) {
        char buf[512];
        ssize_t n = read(fd, buf, sizeof buf);
        if (n <= 0)
            fail_msg("'%s' was never shown: %s", want, all->buf);
        sb_addn(all, buf, (size_t)n);
    }
}

static void type_in(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void what_is_typed_at_the_terminal_is_not_echoed(void **state)
{
    (void)state;
    shell_enter("auth-terminal");
    shell_small_project();
    ok(0, "umask 077; zagent sandbox code >c.credentials");
    AUTO_FREE char *code = shell_file("c.credentials");
    int fd;
    alarm(60); /* a question that never comes must not stop the suite */
    pid_t pid = forkpty(&fd, NULL, NULL, NULL);
    assert_true(pid >= 0);
    if (pid == 0) {
        execlp("zagent", "zagent", "auth", "login", "--writer", "--flow", "self-client", (char *)NULL);
        _exit(127);
    }
    AUTO_SB struct sb all = SB_INIT(1 << 20);
    shown(fd, &all, "New passphrase");
    type_in(fd, "typed words here\n");
    shown(fd, &all, "The same again: ");
    type_in(fd, "typed words here\n");
    shown(fd, &all, "Code: ");
    type_in(fd, code);
    shown(fd, &all, "as writer");
    assert_int_equal(shell_wait(pid), 0);
    alarm(0);
    close(fd);
    assert_null(strstr(all.buf, "typed words"));
    assert_null(strstr(all.buf, "1000."));
    ok(0, "test -e .zagent/embedded.writer.credentials.json");
}

/* ---- the browser ---- */

static size_t keep(char *p, size_t n, size_t m, void *sb)
{
    sb_addn(sb, p, n * m);
    return n * m;
}

/* GET as a browser would; 0 when nobody listens. */
static long get(const char *url, const char *host, struct sb *page)
{
    CURL *c = curl_easy_init();
    struct curl_slist *h = host ? curl_slist_append(NULL, host) : NULL;
    long status = 0;
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, h);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, page);
    curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(c);
    curl_slist_free_all(h);
    return status;
}

/* Starts a browser sign-in; the link it prints. */
static char *login_by_browser(pid_t *pid, const char *more)
{
    AUTO_FREE char *cmd =
        mem_printf("zagent auth login --flow browser --no-browser %s >login.out 2>login.err </dev/null", more);
    unlink("login.err");
    *pid = shell_spawn(cmd);
    for (int i = 0; i < 2000; i++) {
        struct err quiet = {0};
        char *text = NULL;
        size_t n;
        bool there = fs_read("login.err", 64 << 10, &text, &n, &quiet) == 0 && strstr(text, "S256\n");
        char *link = there ? between(text, "\nhttp", "\n") : NULL;
        free(text);
        if (link) {
            char *url = mem_printf("http%s", link);
            free(link);
            return url;
        }
        usleep(5000);
    }
    fail_msg("no link came");
    return NULL;
}

/* The person looks at the consent page and answers; where the browser is sent then. */
static char *consent(struct client *c, const char *link, const char *answer)
{
    const char *path = strstr(link, "/oauth/");
    assert_non_null(path);
    json_decref(client_get(c, 200, "%s", path));
    AUTO_FREE char *once = between(c->text, "name=\"form\" value=\"", "\"");
    AUTO_FREE char *form =
        mem_printf("%s&form=%s&answer=%s&user=admin%%40example.org", strchr(path, '?') + 1, once, answer);
    json_decref(client_send(c, 302, "POST", "/oauth/v2/auth", form_type, form));
    return between(c->headers, "Location: ", "\r\n");
}

static void join(struct client *c)
{
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = json_loads(note, 0, NULL);
    client_join(c, info);
}

static void a_browser_signs_in_over_tls_with_pkce_and_the_door_closes_behind_it(void **state)
{
    (void)state;
    shell_enter("auth-browser");
    shell_small_project();
    shell_sandbox_with("--tls");
    struct client c;
    join(&c);
    pid_t pid;
    AUTO_FREE char *link = login_by_browser(&pid, "");
    assert_non_null(strstr(link, "https://127.0.0.1:"));
    assert_non_null(strstr(link, "code_challenge_method=S256"));
    assert_non_null(strstr(link, "redirect_uri=http%3A%2F%2F127.0.0.1%3A"));
    assert_null(strstr(link, "client_secret"));
    AUTO_FREE char *to = consent(&c, link, "accept");
    AUTO_FREE char *base = between(to, "", "/callback");
    /* Strangers knock first: none of them is taken for the answer, none is told anything. */
    AUTO_SB struct sb page = SB_INIT(1 << 20);
    AUTO_FREE char *elsewhere = mem_printf("%s/favicon.ico", base);
    assert_int_equal(get(elsewhere, NULL, &page), 404);
    assert_int_equal(get(to, "Host: evil.example", &page), 403);
    sb_clear(&page);
    assert_int_equal(get(to, NULL, &page), 200);
    assert_null(strstr(page.buf, "1000."));
    assert_int_equal(shell_wait(pid), 0);
    assert_int_equal(get(to, NULL, &page), 0); /* a second answer finds nobody */
    AUTO_FREE char *said = shell_file("login.out");
    assert_non_null(strstr(said, "as reader"));
    ok(0, "zagent plan");
    client_down(&c);
    shell_sandbox_stop();
}

static void a_wrong_state_and_a_no_end_the_sign_in_and_nothing_is_kept(void **state)
{
    (void)state;
    static const struct {
        const char *answer, *from, *to;
        int exit;
        const char *says;
    } row[] = {
        {"accept", "&state=", "&state=0", 8, "does not belong to this sign-in"},
        {"accept", "&state=", "&nostate=", 8, "does not belong to this sign-in"},
        {"accept", "accounts-server=", "accounts-server=https%3A%2F%2Faccounts.evil.example&x=", 8, "is not Zoho's"},
        {"deny", "", "", 4, "said no"}};
    shell_enter("auth-state");
    shell_small_project();
    shell_sandbox(NULL);
    struct client c;
    join(&c);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        pid_t pid;
        AUTO_FREE char *link = login_by_browser(&pid, "");
        AUTO_FREE char *to = consent(&c, link, row[i].answer);
        AUTO_FREE char *head = between(to, "", row[i].from);
        AUTO_FREE char *sent = mem_printf("%s%s%s", *row[i].from ? head : to, row[i].to,
                                          *row[i].from ? strstr(to, row[i].from) + strlen(row[i].from) : "");
        AUTO_SB struct sb page = SB_INIT(1 << 20);
        assert_int_equal(get(sent, NULL, &page), 200);
        assert_int_equal(shell_wait(pid), row[i].exit);
        AUTO_FREE char *said = shell_file("login.err");
        if (!strstr(said, row[i].says))
            fail_msg("%s", said);
        ok(0, "test ! -e .zagent/embedded.reader.credentials.json");
    }
    client_down(&c);
    shell_sandbox_stop();
}

static void a_user_of_another_data_centre_is_followed_there(void **state)
{
    (void)state;
    shell_enter("auth-other-dc");
    shell_small_project();
    shell_sandbox_with("--refuse other_dc");
    struct client c;
    join(&c);
    pid_t pid;
    AUTO_FREE char *link = login_by_browser(&pid, "");
    AUTO_FREE char *to = consent(&c, link, "accept");
    assert_non_null(strstr(to, "accounts-server=http%3A%2F%2Flocalhost%3A"));
    AUTO_SB struct sb page = SB_INIT(1 << 20);
    assert_int_equal(get(to, NULL, &page), 200);
    assert_int_equal(shell_wait(pid), 0);
    ok(0, "zagent plan");
    client_down(&c);
    shell_sandbox_stop();
}

static void without_a_person_nothing_waits_for_one(void **state)
{
    (void)state;
    shell_enter("auth-nobody");
    shell_small_project();
    static const struct {
        const char *args;
        int exit;
    } row[] = {{"--flow device --no-input", 8},
               {"--flow browser --no-input", 8},
               {"--flow self-client", 8},
               {"--flow import", 2},
               {"--flow carrier-pigeon", 2},
               {"--writer --flow self-client", 8},
               {"--keep pocket", 2}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        ok(row[i].exit, "zagent auth login %s", row[i].args);
    shell_write("zagent.yaml", "format: 1\norgs:\n  main: {dc: eu}\n  second: {dc: us}\n");
    ok(2, "zagent auth login --flow self-client"); /* two orgs: which? */
    ok(8, "zagent auth login --org main --flow self-client");
}

static void no_real_org_is_reached_by_forgetting_to_name_it(void **state)
{
    (void)state;
    shell_enter("auth-default");
    shell_small_project();
    shell_write("zagent.yaml", "format: 1\norgs:\n  embedded: {sandbox: true}\n  main: {dc: eu}\ndefault_org: main\n");
    struct run r = shell("zagent plan");
    assert_int_equal(r.status, 2);
    assert_non_null(strstr(r.err, "--org NAME (embedded, main)"));
    run_release(&r);
    ok(4, "zagent plan --org main"); /* not signed in */
    shell_write("zagent.yaml",
                "format: 1\norgs:\n  embedded: {sandbox: true}\n  main: {dc: eu}\ndefault_org: embedded\n");
    ok(0, "zagent plan");
}

/* ---- the device: in this process, where the test is the person and the clock ---- */

struct wait {
    struct client c;
    int64_t mono_ms;
    int sleeps;
};

static int64_t wait_now(void *ctx)
{
    return ((struct wait *)ctx)->c.now;
}

static int64_t wait_mono(void *ctx)
{
    return ((struct wait *)ctx)->mono_ms;
}

/* Time passes; after the first poll the person types the code in. */
static void wait_sleep(void *ctx, int64_t ms)
{
    struct wait *w = ctx;
    w->c.now += ms / 1000;
    w->mono_ms += ms;
    if (++w->sleeps != 40)
        return;
    AUTO_FREE char *talk = shell_file("talk");
    AUTO_FREE char *code = between(talk, "Type   ", "\n");
    json_decref(client_get(&w->c, 200, "/oauth/v3/device?user_code=%s", code));
    AUTO_FREE char *once = between(w->c.text, "name=\"form\" value=\"", "\"");
    AUTO_FREE char *form = mem_printf("user_code=%s&form=%s&answer=accept&user=admin%%40example.org", code, once);
    json_decref(client_send(&w->c, 200, "POST", "/oauth/v3/device", form_type, form));
}

/* A sandbox of this process, noted as one that serves. */
static void serve_here(struct wait *w, const char *refuse, struct fs_lock *lock)
{
    struct err e = {0};
    struct fs_root root;
    struct sandbox_options o = {.record_path = "exchanges.jsonl", .refuse = refuse};
    client_up(&w->c, &o);
    AUTO_JSON json_t *note = json_deep_copy(w->c.info);
    js_set_int(note, "pid", getpid());
    AUTO_FREE char *text = js_pretty(note, &e);
    assert_int_equal(fs_root_open(&root, ".zagent", true, 0700, &e), 0);
    assert_int_equal(fs_write_in(&root, "sandbox.json", text, strlen(text), 0600, &e), 0);
    assert_int_equal(fs_lock(lock, &root, ORG_SERVING, "test", 0, &e), 0);
    fs_root_close(&root);
}

static int login_by_device(struct wait *w, struct err *e)
{
    struct app a = {.cmd = command_find("auth login"),
                    .opts = json_pack("{s:s,s:b}", "flow", "device", "no-browser", 1),
                    .json = true,
                    .clock = {wait_now, wait_mono, wait_sleep, w},
                    .data = json_object(),
                    .warnings = json_array(),
                    .meta = json_object()};
    fflush(stderr);
    int was = dup(STDERR_FILENO), talk = open("talk", O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(was >= 0 && talk >= 0);
    dup2(talk, STDERR_FILENO);
    setvbuf(stderr, NULL, _IONBF, 0);
    int rc = project_open(&a.project, ".", false, e);
    if (rc == 0)
        rc = a.cmd->run(&a, e);
    dup2(was, STDERR_FILENO);
    close(was);
    close(talk);
    project_close(a.project);
    json_decref(a.opts);
    json_decref(a.data);
    json_decref(a.warnings);
    json_decref(a.meta);
    return rc;
}

static size_t count_in(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p++)
        n++;
    return n;
}

static void a_device_waits_politely_and_follows_the_user_to_another_data_centre(void **state)
{
    (void)state;
    static const char *const refuse[] = {NULL, "other_dc"};
    for (size_t i = 0; i < 2; i++) {
        shell_enter("auth-device");
        shell_small_project();
        struct wait w = {0};
        struct fs_lock lock;
        struct err e = {0};
        serve_here(&w, refuse[i], &lock);
        if (login_by_device(&w, &e) < 0)
            fail_msg("%s (%s)", e.what, e.where);
        assert_int_equal(access(".zagent/embedded.reader.credentials.json", F_OK), 0);
        fs_unlock(&lock);
        client_down(&w.c);
        AUTO_FREE char *seen = shell_file("exchanges.jsonl");
        assert_int_equal(count_in(seen, "\"path\":\"/oauth/v3/device/token\""), i ? 3 : 2);
        assert_int_equal(count_in(seen, "slow_down"), 0);
        assert_int_equal(count_in(seen, "user_location"), i);
    }
}

static void a_device_code_nobody_types_ends(void **state)
{
    (void)state;
    shell_enter("auth-device-late");
    shell_small_project();
    struct wait w = {.sleeps = 1000};
    struct fs_lock lock;
    struct err e = {0};
    serve_here(&w, NULL, &lock);
    assert_int_equal(login_by_device(&w, &e), -1);
    assert_int_equal(e.kind, ERR_AUTH);
    assert_non_null(strstr(e.fix, "again"));
    fs_unlock(&lock);
    client_down(&w.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_scopes_of_auth_scopes_carry_a_playbook_through_plan_and_apply),
        cmocka_unit_test(delete_is_asked_for_by_a_tombstone_or_a_rollback_only),
        cmocka_unit_test(a_scope_that_was_not_granted_is_named_with_what_to_do),
        cmocka_unit_test(a_credential_for_another_org_is_refused_with_both_names_and_not_kept),
        cmocka_unit_test(what_is_kept_is_private_sealed_and_never_shown),
        cmocka_unit_test(logging_out_revokes_and_deletes),
        cmocka_unit_test(a_used_code_is_refused_with_what_to_do),
        cmocka_unit_test(the_keyring_takes_a_credential_by_standard_input_only),
        cmocka_unit_test(what_is_typed_at_the_terminal_is_not_echoed),
        cmocka_unit_test(a_browser_signs_in_over_tls_with_pkce_and_the_door_closes_behind_it),
        cmocka_unit_test(a_wrong_state_and_a_no_end_the_sign_in_and_nothing_is_kept),
        cmocka_unit_test(a_user_of_another_data_centre_is_followed_there),
        cmocka_unit_test(without_a_person_nothing_waits_for_one),
        cmocka_unit_test(no_real_org_is_reached_by_forgetting_to_name_it),
        cmocka_unit_test(a_device_waits_politely_and_follows_the_user_to_another_data_centre),
        cmocka_unit_test(a_device_code_nobody_types_ends),
    };
    return cmocka_run_group_tests_name("agent/auth", tests, NULL, NULL);
}
