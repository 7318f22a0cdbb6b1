#include "image/gunzip.h"
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_ONLY = 16 + MAX_WBITS, ROOM_FIRST = 65536 };

/* More room for what comes out. */
static bool grow(z_stream *stream, struct content *inflated, size_t *room, size_t length_max)
{
    const size_t used = inflated->length;
    const size_t more = *room == 0 ? ROOM_FIRST : *room * 2;
    *room = more < length_max ? more : length_max;
    uint8_t *bytes = *room > used ? realloc(inflated->bytes, *room + 1) : NULL;
    if (bytes == NULL) {
        return false;
    }
    inflated->bytes = bytes;
    stream->next_out = bytes + used;
    stream->avail_out = (uInt)(*room - used);
    return true;
}

/* One call of inflate; RLK_OK to go on. `is_done`: the last member ended with the input. */
static enum rlk_error inflate_on(z_stream *stream, bool *is_done)
{
    const int result = inflate(stream, Z_NO_FLUSH);
    *is_done = result == Z_STREAM_END && stream->avail_in == 0;
    if (result == Z_STREAM_END) {
        return *is_done || inflateReset(stream) == Z_OK ? RLK_OK : RLK_E_GZIP_DAMAGED;
    }
    /* With room left, all that came was used up, and there is no end. */
    return result == Z_OK && !(stream->avail_in == 0 && stream->avail_out > 0) ? RLK_OK : RLK_E_GZIP_DAMAGED;
}

static enum rlk_error inflate_all(z_stream *stream, struct content *inflated, size_t length_max)
{
    size_t room = 0;
    bool is_done = false;
    enum rlk_error error = grow(stream, inflated, &room, length_max) ? RLK_OK : RLK_E_FILE_TOO_LARGE;
    while (error == RLK_OK && !is_done) {
        if (stream->avail_out == 0 && !grow(stream, inflated, &room, length_max)) {
            return RLK_E_FILE_TOO_LARGE;
        }
        const size_t before = stream->avail_out;
        error = inflate_on(stream, &is_done);
        inflated->length += before - stream->avail_out;
    }
    return error;
}

enum rlk_error gunzip(struct content *content, size_t length_max)
{
    z_stream stream = {.next_in = content->bytes, .avail_in = (uInt)content->length};
    struct content inflated = {0};
    if (inflateInit2(&stream, GZIP_ONLY) != Z_OK) {
        return RLK_E_FILE_TOO_LARGE;
    }
    /* One byte more than is allowed, so that exactly as many are told from too many. */
    enum rlk_error error = inflate_all(&stream, &inflated, length_max + 1);
    inflateEnd(&stream);
    if (error == RLK_OK && inflated.length > length_max) {
        error = RLK_E_FILE_TOO_LARGE;
    }
    if (error != RLK_OK) {
        content_free(&inflated);
        return error;
    }
    content_free(content);
    inflated.bytes[inflated.length] = '\0';
    *content = inflated;
    return RLK_OK;
}
