#include "device/trace.h"
#include "relock/transcript.h"
#include <fcntl.h>
#include <unistd.h>

/* Without O_NONBLOCK a pipe that nobody reads would be waited for; one that is read is written like a file. */
static FILE *open_stream(const char *path)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return NULL;
    }
    FILE *stream = fcntl(descriptor, F_SETFL, 0) == 0 ? fdopen(descriptor, "w") : NULL;
    if (stream == NULL) {
        close(descriptor);
    }
    return stream;
}

bool trace_open(struct trace *trace, const char *path)
{
    trace->stream = path != NULL ? open_stream(path) : NULL;
    return path == NULL || trace->stream != NULL;
}

static void put_line(struct trace *trace, const char *line)
{
    fprintf(trace->stream, "%s\n", line);
    fflush(trace->stream);
}

void trace_operation(struct trace *trace, const struct rlk_operation *operation)
{
    if (trace->stream != NULL) {
        char line[RLK_TRANSCRIPT_LINE_BYTES];
        rlk_transcript_operation(operation, line);
        put_line(trace, line);
    }
}

void trace_outcome(struct trace *trace, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    if (trace->stream != NULL) {
        char line[RLK_TRANSCRIPT_LINE_BYTES];
        rlk_transcript_outcome(operation, outcome, line);
        put_line(trace, line);
    }
}

bool trace_close(struct trace *trace)
{
    if (trace->stream == NULL) {
        return true;
    }
    bool is_written = ferror(trace->stream) == 0;
    is_written = fclose(trace->stream) == 0 && is_written;
    trace->stream = NULL;
    return is_written;
}
