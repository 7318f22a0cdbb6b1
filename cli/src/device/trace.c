#include "device/trace.h"
#include "relock/transcript.h"

bool trace_open(struct trace *trace, const char *path)
{
    trace->stream = path != NULL ? fopen(path, "w") : NULL;
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
