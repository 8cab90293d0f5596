/*
 * new_sheet: the mode that makes another recovery key for a site, for a sheet that was
 * lost or seen. The key has no power before stewards name its public half (fengqiao
 * recovery name); the secret one is shown this once and told to nobody.
 */
#ifndef FENGQIAO_NODE_IO_NEW_SHEET_H
#define FENGQIAO_NODE_IO_NEW_SHEET_H

struct daemon_args;

/* Gives the exit code. */
int new_sheet_main(const struct daemon_args *args);

#endif
