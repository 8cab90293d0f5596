/*
 * terminal_qr: a text as a QR code of half blocks, two rows of it in a line.
 */
#ifndef FENGQIAO_CLI_TERMINAL_QR_H
#define FENGQIAO_CLI_TERMINAL_QR_H

#include <stdbool.h>
#include <stdio.h>

/* Light modules are drawn, as on a dark screen; on a terminal the colours are set, so
 * that it is the same on a light one. False: no memory. */
bool terminal_qr_print(FILE *out, const char *text);

#endif
