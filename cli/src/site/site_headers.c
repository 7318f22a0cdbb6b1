#include "site/site_headers.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Everything but USB, a screen that stays on, and the copy buttons is off. */
#define PERMISSIONS                                                                                                    \
    "usb=(self), screen-wake-lock=(self), clipboard-write=(self), accelerometer=(), autoplay=(), camera=(), "          \
    "clipboard-read=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), "           \
    "gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), "   \
    "picture-in-picture=(), publickey-credentials-get=(), serial=(), storage-access=(), sync-xhr=(), "                 \
    "window-management=(), xr-spatial-tracking=()"

static const struct header {
    const char *name, *value; /* NULL: the policy */
} headers[] = {
    {"Content-Security-Policy", NULL},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Permissions-Policy", PERMISSIONS},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    /* Kept, but asked for each time: no name carries a version, and a page of two versions is none. */
    {"Cache-Control", "no-cache"},
};

#define HEADERS (sizeof headers / sizeof headers[0])

static void put_headers_file(FILE *stream, const char *policy)
{
    fputs("# Made by `relock site build`. For hosts that read _headers: Netlify, Cloudflare Pages.\n/*\n", stream);
    for (size_t i = 0; i < HEADERS; i++) {
        fprintf(stream, "  %s: %s\n", headers[i].name, headers[i].value != NULL ? headers[i].value : policy);
    }
    fputs("# When https works for good on the whole host:\n#  Strict-Transport-Security: max-age=31536000\n", stream);
}

static void put_missing_page(FILE *stream, const char *policy)
{
    (void)policy;
    fputs("<!doctype html>\n"
          "<html lang=\"en\">\n"
          "<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n"
          "<title>Not found</title>\n"
          "<p>There is nothing at this address.</p>\n",
          stream);
}

static const struct type {
    const char *endings, *name;
    const char *other; /* what some hosts send in its place and browsers take as well, or NULL */
} types[] = {
    {"html", "text/html", NULL},
    {"css", "text/css", NULL},
    {"js", "text/javascript", "application/javascript"},
    {"txt hex", "text/plain", "application/octet-stream"},
    {"json sig", "application/json", NULL},
    {"webmanifest", "application/manifest+json", "application/json"},
    {"wasm", "application/wasm", NULL},
    {"svg", "image/svg+xml", NULL},
    {"png", "image/png", NULL},
    {"jpg jpeg", "image/jpeg", NULL},
    {"webp", "image/webp", NULL},
};

#define TYPES (sizeof types / sizeof types[0])

static const char nginx_begin[] =
    "# Made by `relock site build`. Include it in the `server` or the `location` that serves this folder:\n"
    "#     include /var/www/relock/_nginx.conf;\n"
    "# A location of your own that has an add_header loses all of these: include this file in it, too.\n"
    "types {\n";

static const char nginx_middle[] =
    "}\n"
    "default_type application/octet-stream;\n"
    "charset utf-8;\n"
    "charset_types text/css text/javascript text/plain application/json application/manifest+json;\n"
    "gzip on;\n"
    "gzip_types text/css text/javascript application/json application/manifest+json application/wasm image/svg+xml;\n"
    "location ~ \"/(_headers|_nginx\\.conf|\\.relock-site)$\" {\n"
    "    return 404;\n"
    "}\n";

static void put_nginx_file(FILE *stream, const char *policy)
{
    fputs(nginx_begin, stream);
    for (size_t i = 0; i < TYPES; i++) {
        fprintf(stream, "    %s %s;\n", types[i].name, types[i].endings);
    }
    fputs(nginx_middle, stream);
    for (size_t i = 0; i < HEADERS; i++) {
        fprintf(stream, "add_header %s \"%s\" always;\n", headers[i].name,
                headers[i].value != NULL ? headers[i].value : policy);
    }
    fputs("# When https works for good on the whole host:\n"
          "# add_header Strict-Transport-Security \"max-age=31536000\" always;\n",
          stream);
}

enum rlk_error site_headers_put(struct site_files *files, struct output *output, const char *policy)
{
    static const struct {
        const char *path;
        void (*put)(FILE *stream, const char *policy);
    } forms[] = {
        {SITE_HEADERS_FILE, put_headers_file}, {SITE_NGINX_FILE, put_nginx_file}, {"404.html", put_missing_page}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char *text = NULL;
        size_t length = 0;
        FILE *stream = open_memstream(&text, &length);
        if (stream == NULL) {
            return site_refuse(output, "No memory is left.");
        }
        forms[i].put(stream, policy);
        if (fclose(stream) != 0 || !site_files_put(files, forms[i].path, text, length)) {
            return site_refuse(output, "No memory is left.");
        }
    }
    return RLK_OK;
}

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; length > 0 && (at = strstr(at, word)) != NULL; at += length) {
        bool is_whole = (at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0');
        if (is_whole) {
            return true;
        }
    }
    return false;
}

/* Parameters behind a type ("; charset=utf-8") are not looked at. */
static bool is_type(const char *sent, const char *name)
{
    size_t length = strcspn(sent, "; ");
    return name != NULL && strlen(name) == length && strncasecmp(sent, name, length) == 0;
}

const char *site_headers_type(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < TYPES; i++) {
        if (has_word(types[i].endings, dot + 1)) {
            return types[i].name;
        }
    }
    return NULL;
}

bool site_headers_type_will_do(const char *wanted, const char *sent)
{
    for (size_t i = 0; i < TYPES; i++) {
        if (strcmp(types[i].name, wanted) == 0) {
            return is_type(sent, types[i].name) || is_type(sent, types[i].other);
        }
    }
    return false;
}
