/*
 * What a host sends with the page's files, in the forms that hosts take it in. docs/hosting.md says why each.
 */
#ifndef RELOCK_CLI_SITE_HEADERS_H
#define RELOCK_CLI_SITE_HEADERS_H

#include "output/output.h"
#include "site/site_files.h"

#define SITE_HEADERS_FILE "_headers"
#define SITE_NGINX_FILE   "_nginx.conf"

/* Writes _headers (Netlify, Cloudflare Pages, scripts/serve.mjs) and _nginx.conf, with this policy; and 404.html, for
 * without it some hosts answer with index.html whatever they are asked for. RLK_OK, or RLK_E_SITE_* after it was said
 * why. */
enum rlk_error site_headers_put(struct site_files *files, struct output *output, const char *policy);

/* The type that a file wants to be sent with, "text/javascript"; NULL if it does not matter. */
const char *site_headers_type(const char *path);

/* Whether a Content-Type is as good as the wanted type. */
bool site_headers_type_will_do(const char *wanted, const char *sent);

#endif
