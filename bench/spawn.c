/* bench/spawn.c N COMMAND… — runs a command N times, its output thrown away. Prints the median wall ms, the CPU ms of one
 * run and the most MiB any run had. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000.0 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int once(char **command)
{
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        execvp(command[0], command);
        _exit(127);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

int main(int argc, char **argv)
{
    long n = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    if (n < 1)
        return 2;
    AUTO_FREE double *wall = mem_grow(NULL, (size_t)n, sizeof *wall);
    for (long i = 0; i < n; i++) {
        double begin = now_ms();
        if (once(argv + 2) != 0) {
            fprintf(stderr, "%s failed\n", argv[2]);
            return 1;
        }
        wall[i] = now_ms() - begin;
    }
    qsort(wall, (size_t)n, sizeof *wall, by_value);
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    double cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000.0 +
                 (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000.0;
    printf("%.2f %.2f %.1f\n", wall[n / 2], cpu / (double)n, (double)u.ru_maxrss / 1024.0);
    return 0;
}
