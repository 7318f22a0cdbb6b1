#include "release/download.h"
#include "system/interrupt.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_S = 20, SILENCE_S = 30, SILENCE_BYTES_PER_S = 100, WHOLE_S = 1800, FIRST_ROOM = 16384 };

static const char letters_and_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static size_t span(const char *text, const char *more)
{
    size_t length = 0;
    while (text[length] != '\0' && (strchr(letters_and_digits, text[length]) || strchr(more, text[length]))) {
        length++;
    }
    return length;
}

static bool is_this_computer(const char *host, size_t length)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == length && memcmp(names[i], host, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Plain characters, no empty segment, none that begins with a dot. */
static bool is_plain_path(const char *path)
{
    return path[0] == '/' && span(path, "-._~/") == strlen(path) && strstr(path, "//") == NULL &&
           strstr(path, "/.") == NULL;
}

bool download_may(const char *url)
{
    bool is_secure = strncmp(url, "https://", 8) == 0;
    if (!is_secure && strncmp(url, "http://", 7) != 0) {
        return false;
    }
    const char *host = url + (is_secure ? 8 : 7);
    size_t length = strncmp(host, "[::1]", 5) == 0 ? 5 : span(host, ".-");
    const char *rest = host + length;
    if (rest[0] == ':') {
        size_t digits = strspn(rest + 1, "0123456789");
        rest += digits > 0 && digits <= 5 ? digits + 1 : 0;
    }
    return length > 0 && (is_secure || is_this_computer(host, length)) && is_plain_path(rest);
}

struct transfer {
    struct content *content;
    size_t room, length_max;
    bool is_too_large;
    download_progress *progress;
    download_header *header;
    void *context;
};

static bool make_room(struct transfer *transfer, size_t length)
{
    if (length <= transfer->room) {
        return true;
    }
    size_t room = transfer->room < FIRST_ROOM ? FIRST_ROOM : transfer->room * 2;
    room = room < length ? length : room;
    uint8_t *bytes = realloc(transfer->content->bytes, room);
    if (bytes != NULL) {
        transfer->content->bytes = bytes;
        transfer->room = room;
    }
    return bytes != NULL;
}

/* Taking less than came ends the transfer. */
static size_t on_bytes(char *bytes, size_t one, size_t count, void *context)
{
    (void)one;
    struct transfer *transfer = context;
    struct content *content = transfer->content;
    if (count > transfer->length_max - content->length) {
        transfer->is_too_large = true;
        return 0;
    }
    if (!make_room(transfer, content->length + count)) {
        return 0;
    }
    memcpy(content->bytes + content->length, bytes, count);
    content->length += count;
    if (transfer->progress != NULL) {
        transfer->progress(transfer->context, content->length);
    }
    return count;
}

static int on_time(void *context, curl_off_t all, curl_off_t now, curl_off_t all_up, curl_off_t now_up)
{
    (void)context;
    (void)all;
    (void)now;
    (void)all_up;
    (void)now_up;
    return interrupt_was_asked() ? 1 : 0;
}

/* Whatever an environment or a default could add is said to be off. */
static bool prepare(CURL *curl, const char *url, struct transfer *transfer)
{
    bool is_secure = strncmp(url, "https://", 8) == 0;
    const CURLcode results[] = {
        curl_easy_setopt(curl, CURLOPT_URL, url),
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, is_secure ? "https" : "http"),
        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L),
        curl_easy_setopt(curl, CURLOPT_PROXY, ""),
        curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED),
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L),
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L),
        curl_easy_setopt(curl, CURLOPT_USERAGENT, "relock/" RELOCK_VERSION),
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S),
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SILENCE_S),
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SILENCE_BYTES_PER_S),
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)WHOLE_S),
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L),
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes),
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer),
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L),
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_time),
    };
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        if (results[i] != CURLE_OK) {
            return false;
        }
    }
    return true;
}

static enum content_state state_of(CURL *curl, CURLcode result, const struct transfer *transfer)
{
    long status = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (result == CURLE_ABORTED_BY_CALLBACK) {
        return CONTENT_INTERRUPTED;
    }
    if (status == 404 || status == 410) {
        return CONTENT_MISSING;
    }
    if (status != 200) {
        return CONTENT_NOT_REACHED;
    }
    if (transfer->is_too_large) {
        return CONTENT_TOO_LARGE;
    }
    if (result == CURLE_PARTIAL_FILE) {
        return CONTENT_CUT_OFF;
    }
    return result == CURLE_OK && transfer->content->bytes != NULL ? CONTENT_OK : CONTENT_NOT_REACHED;
}

static void tell_headers(CURL *curl, const struct transfer *transfer)
{
    struct curl_header *header = NULL;
    while (transfer->header != NULL && (header = curl_easy_nextheader(curl, CURLH_HEADER, -1, header)) != NULL) {
        transfer->header(transfer->context, header->name, header->value);
    }
}

static enum content_state get(struct transfer transfer, const char *url)
{
    *transfer.content = (struct content){0};
    CURL *curl = download_may(url) && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    if (curl == NULL || !make_room(&transfer, 1)) {
        return CONTENT_NOT_REACHED;
    }
    enum content_state state = CONTENT_NOT_REACHED;
    if (prepare(curl, url, &transfer)) {
        state = state_of(curl, curl_easy_perform(curl), &transfer);
        tell_headers(curl, &transfer);
    }
    curl_easy_cleanup(curl);
    return state;
}

enum content_state download_get(struct content *content, const char *url, size_t length_max,
                                download_progress *progress, void *context)
{
    return get(
        (struct transfer){.content = content, .length_max = length_max, .progress = progress, .context = context}, url);
}

enum content_state download_look(struct content *content, const char *url, size_t length_max, download_header *header,
                                 void *context)
{
    return get((struct transfer){.content = content, .length_max = length_max, .header = header, .context = context},
               url);
}
