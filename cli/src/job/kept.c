#include "job/kept.h"
#include "image/image_write.h"
#include "system/durable.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPIES_MAX = 999, TEXT_BYTES = PATH_MAX + 512 };

/* "sim-3d2f.kept-1.hex", in the journal's folder. */
static bool copy_path(const char *name, char *path, size_t room)
{
    char folder[PATH_MAX];
    int length = durable_folder(folder, sizeof folder) ? snprintf(path, room, "%s/%s", folder, name) : 0;
    return length > 0 && (size_t)length < room;
}

static void copy_name(const struct journal_key *key, unsigned number, char *name, size_t room)
{
    snprintf(name, room, "%s.kept-%u.hex", key->text, number);
}

/* A simulated device that is in memory only is gone with this run: nobody could bring anything back. */
static bool outlives_the_run(const struct journal_key *key)
{
    return key->text[0] != '\0';
}

static bool exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

static void tell_of_earlier(const struct journal_key *key, struct output *output)
{
    for (unsigned number = 1; outlives_the_run(key) && number <= COPIES_MAX; number++) {
        char name[JOURNAL_KEY_BYTES + 32];
        char path[PATH_MAX];
        char text[TEXT_BYTES];
        copy_name(key, number, name, sizeof name);
        if (copy_path(name, path, sizeof path) && exists(path)) {
            snprintf(text, sizeof text,
                     "An earlier run did not come to its end. What else was in the sectors that it was to erase is in "
                     "%s: `relock write` of that file brings it back. Remove the file once it is of no more use.",
                     path);
            output->functions->notice(output, text);
            return;
        }
    }
}

void kept_begin(struct kept *kept, struct rlk_wish *wish, const struct journal_key *key, struct output *output)
{
    *kept = (struct kept){.room = NULL};
    bool may_erase_sectors = wish->job == RLK_JOB_WRITE || wish->job == RLK_JOB_UPDATE;
    if (may_erase_sectors && !wish->erases_whole_sectors) {
        kept->room = malloc(RLK_IMAGE_PAYLOAD_BYTES_MAX);
        tell_of_earlier(key, output);
    }
    wish->keep_room = kept->room;
    wish->keep_room_bytes = kept->room != NULL ? RLK_IMAGE_PAYLOAD_BYTES_MAX : 0;
}

/* A file that is there is another run's, whose device may not have it back yet. */
static bool find_free_name(const struct journal_key *key, struct kept *kept, char *name, size_t room)
{
    for (unsigned number = 1; number <= COPIES_MAX; number++) {
        copy_name(key, number, name, room);
        if (!copy_path(name, kept->path, sizeof kept->path)) {
            break;
        }
        if (!exists(kept->path)) {
            return true;
        }
    }
    kept->path[0] = '\0';
    return false;
}

static void copy_from_image(const struct rlk_image *image, uint32_t addr, uint8_t *out, uint32_t length)
{
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        if (addr >= segment->addr && addr - segment->addr < segment->length) {
            memcpy(out, &image->bytes[segment->offset + (addr - segment->addr)], length);
        }
    }
}

/* How much of the firmware stands before the range in its flash word, and is not in the copy yet. */
static uint32_t bytes_begun(const struct rlk_session *session, const struct rlk_segment *range,
                            const struct rlk_image *copy)
{
    const struct rlk_segment *last = &copy->segments[copy->segment_count];
    const bool follows = copy->segment_count > 0 && last[-1].addr + last[-1].length == range->addr;
    return follows ? 0 : range->addr % rlk_session_findings(session)->chip.program_bytes;
}

/* What is in a flash word, or in 16 bytes, of the firmware goes with the firmware's part: no chip takes the rest alone.
 */
static void add_range(const struct rlk_session *session, const struct rlk_segment *range, struct rlk_image *copy)
{
    const struct rlk_image *image = session->wish.image;
    const uint32_t begun = bytes_begun(session, range, copy);
    uint8_t *out = &copy->bytes[copy->size];
    copy_from_image(image, range->addr - begun, out, begun);
    memcpy(out + begun, &session->wish.keep_room[range->offset], range->length);
    for (uint32_t i = 0; i < range->length; i++) {
        if (rlk_image_gives(image, range->addr + i)) {
            copy_from_image(image, range->addr + i, &out[begun + i], 1);
        }
    }
    copy->segments[copy->segment_count] = (struct rlk_segment){
        .addr = range->addr - begun, .length = begun + range->length, .offset = (uint32_t)copy->size};
    copy->segment_count++;
    copy->size += begun + range->length;
}

static bool as_image(const struct rlk_session *session, struct rlk_image *copy)
{
    const size_t count = rlk_session_kept_count(session);
    *copy = (struct rlk_image){.capacity = count * rlk_session_findings(session)->chip.program_bytes};
    for (size_t i = 0; i < count; i++) {
        copy->capacity += rlk_session_kept(session, i)->length;
    }
    copy->bytes = malloc(copy->capacity);
    for (size_t i = 0; copy->bytes != NULL && i < count; i++) {
        add_range(session, rlk_session_kept(session, i), copy);
    }
    return copy->bytes != NULL;
}

static bool write_copy(const char *name, const struct rlk_session *session)
{
    struct rlk_image image;
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (stream == NULL) {
        return false;
    }
    bool is_whole = as_image(session, &image);
    if (is_whole) {
        image_write_hex(stream, &image);
        free(image.bytes);
    }
    /* The last newline is durable_write's. */
    bool is_written = fclose(stream) == 0 && is_whole && length > 0 && durable_write(name, text, length - 1);
    free(text);
    return is_written;
}

enum rlk_error kept_save(struct kept *kept, const struct journal_key *key, const struct rlk_session *session,
                         struct output *output)
{
    char name[JOURNAL_KEY_BYTES + 32];
    if (!outlives_the_run(key)) {
        return RLK_OK;
    }
    if (kept->path[0] != '\0') {
        snprintf(name, sizeof name, "%s", strrchr(kept->path, '/') + 1);
    } else if (!find_free_name(key, kept, name, sizeof name)) {
        return RLK_E_JOURNAL_FAILED;
    }
    if (!write_copy(name, session)) {
        return RLK_E_JOURNAL_FAILED;
    }
    output->functions->kept(output, session, kept->path);
    return RLK_OK;
}

static void remove_copy(const struct kept *kept)
{
    if (unlink(kept->path) == 0) {
        (void)durable_sync_beside(kept->path);
    }
}

static void say_where_it_is(const struct kept *kept, struct output *output)
{
    char text[TEXT_BYTES];
    snprintf(
        text, sizeof text,
        "What else was in the sectors that were to be erased is in %s. The same command looks at what is there now, "
        "and does not know of this file: once it has ended well, `relock write` of this file brings the rest back.",
        kept->path);
    output->functions->notice(output, text);
}

void kept_end(struct kept *kept, const struct rlk_session *session, bool is_proven, struct output *output)
{
    if (kept->path[0] != '\0' && (is_proven || !rlk_session_has_begun(session))) {
        remove_copy(kept);
    } else if (kept->path[0] != '\0') {
        say_where_it_is(kept, output);
    }
    free(kept->room);
    *kept = (struct kept){.room = NULL};
}
