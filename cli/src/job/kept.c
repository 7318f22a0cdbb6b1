#include "job/kept.h"
#include "image/image_write.h"
#include "system/durable.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_BYTES = PATH_MAX + 512 };

void kept_begin(struct kept *kept, struct rlk_wish *wish, const struct arguments *arguments,
                const struct copies *copies)
{
    *kept = (struct kept){.arguments = arguments, .copies = *copies};
    bool may_erase_sectors = wish->job == RLK_JOB_WRITE || wish->job == RLK_JOB_UPDATE;
    if (may_erase_sectors && !wish->erases_whole_sectors) {
        kept->room = malloc(RLK_IMAGE_PAYLOAD_BYTES_MAX);
    }
    wish->keep_room = kept->room;
    wish->keep_room_bytes = kept->room != NULL ? RLK_IMAGE_PAYLOAD_BYTES_MAX : 0;
    if (arguments->verb != VERB_WRITE || !copies_is_copy(arguments->words[0], kept->written)) {
        kept->written[0] = '\0';
    }
    wish->accept_any_image = wish->accept_any_image || kept->written[0] != '\0';
}

/* --- copies that are there --- */

/* The index-th one that waits: not this run's own, nor the one that it writes. */
static bool waits_at(const struct kept *kept, size_t index, char *path)
{
    char real[PATH_MAX];
    size_t waiting = 0;
    for (size_t i = 0; copies_at(&kept->copies, i, path); i++) {
        bool is_written = copies_is_copy(path, real) && strcmp(real, kept->written) == 0;
        if (!is_written && strcmp(path, kept->path) != 0 && waiting++ == index) {
            return true;
        }
    }
    return false;
}

static void put_command(const struct kept *kept, const char *path, struct output *output)
{
    char command[COPIES_COMMAND_BYTES];
    copies_command(path, kept->arguments, command, sizeof command);
    output->functions->command(output, command);
}

/* The earliest first: what was kept later holds. */
static void put_commands(const struct kept *kept, struct output *output)
{
    char path[PATH_MAX];
    for (size_t i = 0; copies_at(&kept->copies, i, path); i++) {
        put_command(kept, path, output);
    }
    if (!copies_has(&kept->copies, kept->path)) {
        put_command(kept, kept->path, output);
    }
}

static void tell_of_waiting(const struct kept *kept, const char *path, struct output *output)
{
    output->functions->notice(
        output, copies_is_by_port(path)
                    ? "An earlier run on a device that was at this port then did not come to its end. What else was in "
                      "the sectors that it was to erase is in a copy. If it is this device, this brings it back, and "
                      "removes the copy:"
                    : "An earlier run on this device did not come to its end. What else was in the sectors that it was "
                      "to erase is in a copy. This brings it back, and removes the copy:");
    put_command(kept, path, output);
}

static void tell_of_the_past(const char *path, struct output *output)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof text,
             "An earlier run has left a copy of what %s had in its sectors before. A protected device cannot take it "
             "back, so the file may be removed: %s",
             copies_is_by_port(path) ? "a device that was at this port then" : "this device", path);
    output->functions->notice(output, text);
}

static bool is_open(const struct rlk_session *session)
{
    return rlk_session_evidence(session)->protection == RLK_PROTECTION_OPEN;
}

void kept_tell(struct kept *kept, const struct rlk_session *session, struct output *output)
{
    char path[PATH_MAX];
    for (size_t i = 0; !kept->has_told && waits_at(kept, i, path); i++) {
        if (is_open(session)) {
            tell_of_waiting(kept, path, output);
        } else {
            tell_of_the_past(path, output);
        }
    }
    kept->has_told = true;
}

enum rlk_error kept_judge(const struct kept *kept, const struct rlk_session *session)
{
    char path[PATH_MAX];
    bool protects = session->goal.end_protected && is_open(session) && !session->wish.erases_whole_sectors;
    return protects && waits_at(kept, 0, path) ? RLK_E_KEPT_NOT_BACK : RLK_OK;
}

/* --- this run's own --- */

static void add_range(const struct rlk_session *session, size_t index, struct rlk_image *copy)
{
    struct rlk_segment range = rlk_session_kept_copy(session, index);
    range.offset = (uint32_t)copy->size;
    for (uint32_t at = 0; at < range.length; at++) {
        copy->bytes[copy->size++] = rlk_session_kept_copy_byte(session, index, at);
    }
    copy->segments[copy->segment_count++] = range;
}

static bool as_image(const struct rlk_session *session, struct rlk_image *copy)
{
    const size_t count = rlk_session_kept_count(session);
    *copy = (struct rlk_image){.capacity = 0};
    for (size_t i = 0; i < count; i++) {
        copy->capacity += rlk_session_kept_copy(session, i).length;
    }
    copy->bytes = copy->capacity > 0 ? malloc(copy->capacity) : NULL;
    for (size_t i = 0; copy->bytes != NULL && i < count; i++) {
        add_range(session, i, copy);
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

enum rlk_error kept_save(struct kept *kept, const struct rlk_session *session, struct output *output)
{
    char name[JOURNAL_KEY_BYTES + 32];
    if (kept->copies.keys[0].text[0] == '\0') {
        return RLK_OK; /* simulated in memory: nobody could bring anything back */
    }
    if (kept->path[0] != '\0') {
        snprintf(name, sizeof name, "%s", strrchr(kept->path, '/') + 1);
    } else if (!copies_name_new(&kept->copies, name, sizeof name, kept->path)) {
        kept->path[0] = '\0';
        return RLK_E_COPY_NOT_WRITTEN;
    }
    if (!write_copy(name, session)) {
        return RLK_E_COPY_NOT_WRITTEN;
    }
    kept->has_copy = true;
    output->functions->kept(output, session, kept->path);
    return RLK_OK;
}

/* --- the end --- */

static bool remove_copy(const char *path, const char *text, struct output *output)
{
    if (unlink(path) != 0 && errno != ENOENT) {
        return false;
    }
    (void)durable_sync_beside(path);
    output->functions->notice(output, text);
    return true;
}

static void end_own(const struct kept *kept, bool has_begun, bool is_verified, struct output *output)
{
    bool is_gone = false;
    if (is_verified) {
        is_gone = remove_copy(kept->path,
                              "What else was in the sectors was written back and compared equal, too; its copy was "
                              "removed.",
                              output);
    } else if (!has_begun) {
        is_gone = remove_copy(kept->path, "No sector was erased, so the copy of what is in them was removed.", output);
    }
    if (!is_gone) {
        output->functions->notice(output, "What else was in the sectors that were to be erased is in a copy. First "
                                          "bring it back, which removes the copy; then start the same command as now "
                                          "again:");
        put_commands(kept, output);
    }
}

static void end_written(const struct kept *kept, struct output *output)
{
    bool is_gone = copies_has(&kept->copies, kept->written) &&
                   remove_copy(kept->written, "The device has it all again; the copy was removed.", output);
    if (!is_gone) {
        output->functions->notice(output, "The file stays: by its name it is of another device, or of this one at "
                                          "another port. Remove it once it is of no more use.");
    }
}

/* What was compared before a seal whose proof is missing is in the device, too. */
static bool has_verified(const struct rlk_session *session, enum rlk_stage ending)
{
    return ending != RLK_ENDING_NOT_DONE || rlk_session_evidence(session)->content == RLK_CONTENT_EQUAL;
}

void kept_end(struct kept *kept, const struct rlk_session *session, enum rlk_stage ending, struct output *output)
{
    if (kept->has_copy) {
        end_own(kept, rlk_session_has_begun(session), has_verified(session, ending), output);
    }
    if (kept->written[0] != '\0' && ending == RLK_ENDING_PROVEN) {
        end_written(kept, output);
    }
    free(kept->room);
    kept->room = NULL;
}
