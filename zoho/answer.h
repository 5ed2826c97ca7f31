/*
 * zoho/answer.h — one HTTP answer → outcome, reply and error. Pure.
 *
 * Rules  204 is empty, an empty body under any other 2xx is not an answer; HTML and broken JSON are never read further; a whole-request
 *        error is an error also under HTTP 200; a redirect is an error (its Location is not even looked at).
 */
#ifndef ZOHO_ANSWER_H
#define ZOHO_ANSWER_H
#include "zoho/http.h"

/* Fills *out (release it) or e; out->http and date_s always. */
enum retry_outcome answer_read(const struct zoho_request *rq, const struct http_answer *a, struct zoho_reply *out,
                               struct err *e);
#endif
