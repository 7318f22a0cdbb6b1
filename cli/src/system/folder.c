#include "system/folder.h"
#include <stdio.h>
#include <stdlib.h>

bool folder_join(char *path, size_t room, const char *folder, const char *name)
{
    int length = snprintf(path, room, "%s/%s", folder, name);
    return length > 0 && (size_t)length < room;
}

bool folder_of_user(char *path, size_t room, const char *variable, const char *otherwise)
{
    const char *said = getenv(variable);
    const char *home = getenv("HOME");
    int length = -1;
    if (said != NULL && said[0] == '/') {
        length = snprintf(path, room, "%s/relock", said);
    } else if (home != NULL && home[0] == '/') {
        length = snprintf(path, room, "%s/%s/relock", home, otherwise);
    }
    return length > 0 && (size_t)length < room;
}
