#include "agent/interrupt.h"

#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t asked;

static void on_signal(int sig)
{
    if (asked)
        _exit(128 + sig);
    asked = sig;
}

void interrupt_arm(void)
{
    struct sigaction sa = {.sa_handler = on_signal};
    sigemptyset(&sa.sa_mask);
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGTERM, &sa, NULL);
}

bool interrupt_asked(void)
{
    return asked != 0;
}
