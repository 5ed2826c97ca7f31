#include "agent/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "agent/interrupt.h"

enum { LINE_MAX_BYTES = 4096, SHORTEST_PASSPHRASE = 12 };

/* One line of fd; what was read is wiped by the caller. False at the end of input or on an interrupt. */
static bool read_line(int fd, char *line, size_t max, size_t *len)
{
    *len = 0;
    for (;;) {
        char c;
        ssize_t k = read(fd, &c, 1);
        if (k < 0 && errno == EINTR && !interrupt_asked())
            continue;
        if (k <= 0)
            return k == 0 && *len > 0;
        if (c == '\n')
            break;
        if (*len + 1 >= max)
            return false;
        line[(*len)++] = c;
    }
    if (*len && line[*len - 1] == '\r')
        (*len)--;
    return true;
}

static int take_line(int fd, struct secret *out, struct err *e)
{
    char line[LINE_MAX_BYTES] = {0};
    size_t len;
    bool got = read_line(fd, line, sizeof line, &len);
    line[len] = '\0';
    bool whole = got && strlen(line) == len && len > 0;
    if (whole)
        secret_set(out, line);
    explicit_bzero(line, sizeof line);
    if (whole)
        return 0;
    if (interrupt_asked())
        return err_set(e, ERR_INTERRUPTED, "interrupted: nothing was changed");
    err_set(e, ERR_USAGE, "no answer: an empty line, or one of more than %d bytes", LINE_MAX_BYTES - 1);
    return err_fix(e, "run the same command again");
}

/* A terminal, or why not. */
static int has_terminal(const struct app *a, const char *question, const char *instead, struct err *e)
{
    if (!a->no_input && isatty(STDIN_FILENO))
        return 0;
    err_set(e, ERR_REFUSED, "nobody to ask: %s", question);
    return err_fix(e, "%s", instead);
}

static void say_question(struct app *a, const char *question)
{
    bool quiet = a->quiet;
    a->quiet = false; /* a question is no talk */
    app_say(a, "%s: ", question);
    a->quiet = quiet;
}

int ask_line(struct app *a, const char *question, const char *instead, char **out, struct err *e)
{
    struct secret line = {0};
    *out = NULL;
    if (has_terminal(a, question, instead, e) < 0)
        return -1;
    say_question(a, question);
    if (take_line(STDIN_FILENO, &line, e) < 0)
        return -1;
    *out = mem_dup(line.p);
    secret_release(&line);
    return 0;
}

int ask_secret(struct app *a, const char *question, const char *instead, struct secret *out, struct err *e)
{
    struct termios was;
    if (has_terminal(a, question, instead, e) < 0)
        return -1;
    if (tcgetattr(STDIN_FILENO, &was) < 0)
        return err_errno(e, errno, "standard input", "the terminal does not say how it is set");
    struct termios silent = was;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    /* Before the question stands there: what is typed at its sight would else be echoed and thrown away. */
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    say_question(a, question);
    int rc = take_line(STDIN_FILENO, out, e);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &was);
    fputc('\n', stderr); /* the person's own was not echoed */
    return rc;
}

int ask_file(const char *path, size_t max, struct secret *out, struct err *e)
{
    if (strcmp(path, "-") == 0)
        return take_line(STDIN_FILENO, out, e);
    struct stat st = {0};
    /* A pipe the shell made (<(…)) is nobody else's; a file must be private. */
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && fs_private_check(path, e) < 0)
        return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_errno(e, errno, path, "the file cannot be read");
    int rc = S_ISREG(st.st_mode) && st.st_size > (off_t)max
                 ? err_set(e, ERR_LIMIT, "the file is longer than one secret can be")
                 : take_line(fd, out, e);
    close(fd);
    return rc < 0 ? err_at(e, "%s", path) : 0;
}

/* From an option or the environment: 1 = *out is filled, 0 = neither says. */
static int given_passphrase(const struct app *a, struct secret *out, struct err *e)
{
    int64_t fd = js_int(a->opts, "passphrase-fd", -1);
    const char *file = js_str_or(a->opts, "passphrase-file", getenv("ZAGENT_PASSPHRASE_FILE"));
    int rc = 0;
    if (fd >= 0)
        rc = take_line((int)fd, out, e) < 0 ? err_at(e, "--passphrase-fd %lld", (long long)fd) : 1;
    else if (file && *file)
        rc = ask_file(file, LINE_MAX_BYTES, out, e) < 0 ? -1 : 1;
    return rc;
}

int ask_passphrase(struct app *a, const char *what, bool is_new, struct secret *out, struct err *e)
{
    static const char instead[] = "give it by --passphrase-file FILE (mode 0600), --passphrase-fd N or "
                                  "ZAGENT_PASSPHRASE_FILE; never on the command line";
    AUTO_FREE char *question = mem_printf(is_new ? "New passphrase for %s" : "Passphrase for %s", what);
    int given = given_passphrase(a, out, e);
    if (given < 0 || (given == 0 && ask_secret(a, question, instead, out, e) < 0))
        return -1;
    if (!is_new)
        return 0;
    if (out->n < SHORTEST_PASSPHRASE) {
        secret_release(out);
        err_set(e, ERR_USAGE, "the passphrase is shorter than %d bytes", SHORTEST_PASSPHRASE);
        return err_fix(e, "take a few words: it stands between the file and whoever copies it");
    }
    if (given)
        return 0;
    struct secret again = {0};
    if (ask_secret(a, "The same again", instead, &again, e) < 0)
        return -1;
    bool same = again.p && strcmp(again.p, out->p) == 0;
    secret_release(&again);
    if (same)
        return 0;
    secret_release(out);
    err_set(e, ERR_USAGE, "the two passphrases differ");
    return err_fix(e, "run the same command again");
}
