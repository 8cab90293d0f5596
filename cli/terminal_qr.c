#include "cli/terminal_qr.h"

#include <qrencode.h>
#include <unistd.h>

#define QUIET 4 /* modules around it, which readers need */
#define WHITE_ON_BLACK "\x1b[97;40m"
#define AS_BEFORE "\x1b[0m"

/* Around the code everything is light. */
static bool is_dark(const QRcode *code, int x, int y)
{
    if (x < 0 || y < 0 || x >= code->width || y >= code->width)
        return false;
    return (code->data[(size_t)y * (size_t)code->width + (size_t)x] & 1) != 0;
}

static void print_line(FILE *out, const QRcode *code, int y)
{
    static const char *const blocks[] = {" ", "▄", "▀", "█"};
    for (int x = -QUIET; x < code->width + QUIET; x++) {
        int upper = is_dark(code, x, y) ? 0 : 2, lower = is_dark(code, x, y + 1) ? 0 : 1;
        fputs(blocks[upper + lower], out);
    }
}

bool terminal_qr_print(FILE *out, const char *text)
{
    bool has_colours = isatty(fileno(out)) == 1;
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return false;
    for (int y = -QUIET; y < code->width + QUIET; y += 2) {
        fputs(has_colours ? WHITE_ON_BLACK : "", out);
        print_line(out, code, y);
        fputs(has_colours ? AS_BEFORE "\n" : "\n", out);
    }
    QRcode_free(code);
    return true;
}
