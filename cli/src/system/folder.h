/*
 * Folders: the path of what lies in one, and the one that keeps this user's files.
 */
#ifndef RELOCK_CLI_FOLDER_H
#define RELOCK_CLI_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* "folder/name" into `path`. False: it does not fit `room`, and `path` is cut. */
bool folder_join(char *path, size_t room, const char *folder, const char *name);

/* "$VARIABLE/relock", or "$HOME/otherwise/relock" where the variable names no absolute path (XDG Base Directory
 * Specification 0.8). False if neither says where, or if `room` is too small. */
bool folder_of_user(char *path, size_t room, const char *variable, const char *otherwise);

#endif
