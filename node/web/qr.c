#include "node/web/qr.h"

#include <stdio.h>
#include <string.h>

#include <qrencode.h>

#define QUIET 4 /* modules around it, which readers need */

/* One path of rectangles, a run of dark modules each. */
static void add_path(struct buf *out, const QRcode *code)
{
    char run[64];
    for (int y = 0; y < code->width; y++) {
        for (int x = 0, len; x < code->width; x += len) {
            const unsigned char *row = code->data + (size_t)y * (size_t)code->width;
            len = 1;
            if ((row[x] & 1) == 0)
                continue;
            while (x + len < code->width && (row[x + len] & 1) != 0)
                len++;
            int written = snprintf(run, sizeof(run), "M%d %dh%dv1h-%dz", x + QUIET,
                                   y + QUIET, len, len);
            buf_add(out, run, (size_t)written);
        }
    }
}

enum status qr_add(struct buf *out, struct bytes text)
{
    char copy[QR_TEXT_MAX + 1], head[160];
    if (text.len > QR_TEXT_MAX)
        return STATUS_TOO_LARGE;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    QRcode *code = QRcode_encodeString8bit(copy, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return STATUS_NO_MEMORY;
    int size = code->width + 2 * QUIET;
    int len = snprintf(head, sizeof(head),
                       "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" "
                       "viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\"><path d=\"",
                       size, size);
    buf_add(out, head, (size_t)len);
    add_path(out, code);
    buf_add(out, "\"/></svg>", 9);
    QRcode_free(code);
    return buf_status(out);
}
