#include "tests/sim/card.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define PATH_SIZE (SCRATCH_SIZE + 64)

static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 20];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t len;
    assert_non_null(in);
    assert_non_null(out);
    while ((len = fread(bytes, 1, sizeof(bytes), in)) > 0)
        assert_int_equal(fwrite(bytes, 1, len, out), len);
    assert_int_equal(fclose(in), 0);
    assert_int_equal(fclose(out), 0);
}

static void copy(const struct sim_county *f, enum card card, const char *image,
                 const char *suffix, bool is_restored)
{
    char file[PATH_SIZE], kept[PATH_SIZE];
    (void)snprintf(file, sizeof(file), "%s/node-%d.db%s", f->directory, (int)card,
                   suffix);
    (void)snprintf(kept, sizeof(kept), "%s/%s%s", f->directory, image, suffix);
    copy_file(is_restored ? kept : file, is_restored ? file : kept);
}

void card_keep(const struct sim_county *f, enum card card, const char *image)
{
    copy(f, card, image, "", false);
    copy(f, card, image, "-mark", false);
}

void card_restore(const struct sim_county *f, enum card card, const char *image)
{
    copy(f, card, image, "", true);
    copy(f, card, image, "-mark", true);
}

void card_forget_since(const struct sim_county *f, enum card card, const char *image)
{
    copy(f, card, image, "", true);
}
