/*
 * What the files of the text output share.
 */
#ifndef RELOCK_CLI_OUTPUT_TEXT_PARTS_H
#define RELOCK_CLI_OUTPUT_TEXT_PARTS_H

#include "output/output.h"

#define COLUMNS     79U
#define LABEL_WIDTH 15U /* two blanks, the label, blanks */
#define FIGURE      32U
#define TEXT        320U

/* The bar has a line of its own, the last one: whatever else is said goes above it. */
void output_clear_bar(struct output *output);

/* "  Label        text", and a text of its own, wrapped. */
void output_labelled(struct output *output, const char *label, const char *text);
void output_paragraph(struct output *output, const char *text);

/* Reaching the device and asking about it is not worth a line. */
bool output_stage_is_work(enum rlk_stage stage);

/* The plan, what changes and what is lost. */
void output_text_plan(struct output *output, const struct plan_view *view);
void output_text_kept(struct output *output, const struct rlk_session *session, const char *path);

#endif
