#include "system/times.h"
#include <time.h>

uint64_t times_now_s(void)
{
    return (uint64_t)time(NULL);
}

void times_write(char *to, uint64_t seconds)
{
    time_t moment = (time_t)seconds;
    struct tm parts;
    to[0] = '\0';
    if (gmtime_r(&moment, &parts) != NULL) {
        (void)strftime(to, TIME_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
}
