/* sandbox/server.h — HTTP on 127.0.0.1 by libmicrohttpd: one thread, requests run one by one; the record file. */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H
#include "sandbox/org.h"

int server_start(struct sandbox *s, int port, struct err *e);
void server_stop(struct sandbox *s);
#endif
