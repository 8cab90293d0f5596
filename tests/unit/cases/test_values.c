/* Which values fit which type of field: for each type what fits, and one thing wrong at a
 * time. Values are written as hexadecimal MessagePack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/schema.h"

#define ID_A "c4200101010101010101010101010101010101010101010101010101010101010101"
#define ID_B "c4200202020202020202020202020202020202020202020202020202020202020202"
#define BIN_16 "c41001010101010101010101010101010101"
#define BIN_31 "c41f01010101010101010101010101010101010101010101010101010101010101"
#define BEYOND "a66265796f6e64"
#define DANGER "a664616e676572"
#define DECISION "a86465636973696f6e"
#define KEEP "a46b656570"
#define REASON "a6726561736f6e"
#define SOLVABLE "a8736f6c7661626c65"

static const struct {
    enum schema_type type;
    uint32_t max;
    bool fits;
    const char *hex;
} rows[] = {
    {TYPE_TEXT, 3, true, "a3616263"},
    {TYPE_TEXT, 3, false, "a461626364"},
    {TYPE_TEXT, 3, false, "a0"},
    {TYPE_TEXT, 3, false, "c40161"},
    {TYPE_TEXT, 3, false, "a161a161"},
    {TYPE_TEXT, 3, false, ""},
    {TYPE_WORD, 9, true, "a26e6f"},
    {TYPE_WORD, 9, false, "a26e"},
    {TYPE_WORD, 9, false, "a3796573"},
    {TYPE_WORD, 9, false, "a161"},
    {TYPE_WORD, 9, false, "a7616c6c206e6f74"},
    {TYPE_WORD, 9, false, "a0"},
    {TYPE_WORD, 9, false, "01"},
    {TYPE_UINT, 4, true, "04"},
    {TYPE_UINT, 4, false, "05"},
    {TYPE_UINT, 4, false, "ff"},
    {TYPE_UINT, 4, false, "a104"},
    {TYPE_FLAG, 0, true, "c3"},
    {TYPE_FLAG, 0, true, "c2"},
    {TYPE_FLAG, 0, false, "c0"},
    {TYPE_FLAG, 0, false, "01"},
    {TYPE_FLAG, 0, false, "c1"},
    {TYPE_ID, 32, true, ID_A},
    {TYPE_ID, 32, false, BIN_31},
    {TYPE_ID, 32, false, "a0"},
    {TYPE_KEY, 32, true, ID_A},
    {TYPE_KEY, 32, false, BIN_31},
    {TYPE_DH_KEY, 32, true, ID_A},
    {TYPE_DH_KEY, 32, false, BIN_31},
    {TYPE_SALT, 16, true, BIN_16},
    {TYPE_SALT, 16, false, ID_A},
    {TYPE_BYTES, 16, true, BIN_16},
    {TYPE_BYTES, 16, false, ID_A},
    {TYPE_BYTES, 16, false, "c400"},
    {TYPE_BYTES, 16, false, "a101"},
    {TYPE_IDS, 2, true, "90"},
    {TYPE_IDS, 2, true, "92" ID_A ID_B},
    {TYPE_IDS, 2, false, "92" ID_B ID_A},
    {TYPE_IDS, 2, false, "92" ID_A ID_A},
    {TYPE_IDS, 2, false, "93" ID_A ID_B ID_B},
    {TYPE_IDS, 2, false, "91" BIN_31},
    {TYPE_IDS, 2, false, "9101"},
    {TYPE_IDS, 2, false, "80"},
    {TYPE_TEXTS, 2, true, "92a161a162"},
    {TYPE_TEXTS, 2, false, "93a161a162a163"},
    {TYPE_TEXTS, 2, false, "91a0"},
    {TYPE_TEXTS, 2, false, "9101"},
    {TYPE_TEXTS, 2, false, "a161"},
    {TYPE_ROLES, 2, true, "9292a161a16292a163a162"},
    {TYPE_ROLES, 2, false, "90"},
    {TYPE_ROLES, 2, false, "9291a16192a163a162"},
    {TYPE_ROLES, 2, false, "9192a0a162"},
    {TYPE_ROLES, 2, false, "9192a161a0"},
    {TYPE_ROLES, 2, false, "9292a161a16292a161a163"},
    {TYPE_STEPS, 2, true, "9293a161a1620093a161a162cd0e42"},
    {TYPE_STEPS, 2, false, "90"},
    {TYPE_STEPS, 2, false, "9192a161a162"},
    {TYPE_STEPS, 2, false, "9193a0a16200"},
    {TYPE_STEPS, 2, false, "9193a1610100"},
    {TYPE_STEPS, 2, false, "9193a161a000"},
    {TYPE_STEPS, 2, false, "9193a161a162a130"},
    {TYPE_STEPS, 2, false, "9193a161a162cd0e43"},
    {TYPE_NAMES, 2, true, "92a161a162"},
    {TYPE_NAMES, 2, false, "90"},
    {TYPE_NAMES, 2, false, "92a161a161"},
    {TYPE_NAMES, 2, false, "93a161a162a163"},
    {TYPE_NAMES, 2, false, "91a0"},
    {TYPE_NAMES, 2, false, "9101"},
    {TYPE_PARTIES, 1, true, "9192a161a162"},
    {TYPE_PARTIES, 1, true, "90"},
    {TYPE_PARTIES, 1, false, "9292a161a16292a161a162"},
    {TYPE_PARTIES, 1, false, "9191a161"},
    {TYPE_PARTIES, 1, false, "9193a161a162a163"},
    {TYPE_PARTIES, 1, false, "919201a162"},
    {TYPE_PARTIES, 1, false, "9192a16101"},
    {TYPE_PARTIES, 1, false, "91a161"},
    {TYPE_PARTIES, 1, false, "c0"},
    {TYPE_PARTIES, 1, false, "9192a0a162"},
    {TYPE_PARTIES, 1, false, "9192a161a0"},
    {TYPE_CONSENTS, 1, true, "9193a16191a162a46f72616c"},
    {TYPE_CONSENTS, 1, true, "90"},
    {TYPE_CONSENTS, 1, false, "9193a16191a162a16f"},
    {TYPE_CONSENTS, 1, false, "9193a1619101a46f72616c"},
    {TYPE_CONSENTS, 1, false, "91930191a162a46f72616c"},
    {TYPE_CONSENTS, 1, false, "9192a16191a162"},
    {TYPE_CONSENTS, 1, false, "9101"},
    {TYPE_CONSENTS, 1, false, "9293a16190a46f72616c93a16190a46f72616c"},
    {TYPE_CONSENTS, 1, false, "01"},
    {TYPE_CONSENTS, 1, false, "9193a16191a162c4046f72616c"},
    {TYPE_CONSENTS, 1, false, "9193a091a162a46f72616c"},
    {TYPE_SITES, 2, true, "9192" ID_A "03"},
    {TYPE_SITES, 2, true, "9292" ID_A "0392" ID_B "01"},
    {TYPE_SITES, 2, false, "90"},
    {TYPE_SITES, 2, false, "9292" ID_B "0392" ID_A "01"},
    {TYPE_SITES, 2, false, "9292" ID_A "0392" ID_A "01"},
    {TYPE_SITES, 2, false, "9392" ID_A "0392" ID_B "0192" ID_B "01"},
    {TYPE_SITES, 2, false, "9192" BIN_31 "03"},
    {TYPE_SITES, 2, false, "9192" ID_A "a103"},
    {TYPE_SITES, 2, false, "9192" ID_A "ceffffffff"},
    {TYPE_SITES, 2, false, "9191" ID_A},
    {TYPE_SITES, 2, false, "9101"},
    {TYPE_SITES, 2, false, "01"},
    {TYPE_CLAUSES, 2, true, "9192a161a162"},
    {TYPE_CLAUSES, 2, false, "90"},
    {TYPE_CLAUSES, 1, false, "9292a161a16292a161a162"},
    {TYPE_CLAUSES, 2, false, "9191a161"},
    {TYPE_CLAUSES, 2, false, "9192a0a162"},
    {TYPE_CLAUSES, 2, false, "9192a161a0"},
    {TYPE_CITES, 2, true, "90"},
    {TYPE_CITES, 2, true, "9192" ID_A "a162"},
    {TYPE_CITES, 1, false, "9292" ID_A "a16292" ID_A "a162"},
    {TYPE_CITES, 2, false, "9191" ID_A},
    {TYPE_CITES, 2, false, "9192" BIN_31 "a162"},
    {TYPE_CITES, 2, false, "9192" ID_A "01"},
    {TYPE_CITES, 2, false, "9192" ID_A "a0"},
    {TYPE_TRIAGE, 0, true,
     "85" BEYOND "c3" DANGER "c2" DECISION KEEP REASON "a161" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false, "84" BEYOND "c3" DANGER "c2" DECISION KEEP REASON "a161"},
    {TYPE_TRIAGE, 0, false, "90"},
    {TYPE_TRIAGE, 0, false,
     "85" DANGER "c3" DANGER "c2" DECISION KEEP REASON "a161" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false,
     "85" BEYOND "01" DANGER "c2" DECISION KEEP REASON "a161" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false,
     "85" BEYOND "c3" BEYOND "c2" DECISION KEEP REASON "a161" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false,
     "85" BEYOND "c3" DANGER "01" DECISION KEEP REASON "a161" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false,
     "85" BEYOND "c3" DANGER "c2" REASON KEEP REASON "a161" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false,
     "85" BEYOND "c3" DANGER "c2" DECISION "a161" REASON "a161" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false,
     "85" BEYOND "c3" DANGER "c2" DECISION KEEP SOLVABLE "a161" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false,
     "85" BEYOND "c3" DANGER "c2" DECISION KEEP REASON "a0" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false,
     "85" BEYOND "c3" DANGER "c2" DECISION KEEP REASON "a161" REASON "c2"},
    {TYPE_TRIAGE, 0, false,
     "85" BEYOND "c3" DANGER "c2" DECISION KEEP REASON "a161" SOLVABLE "01"},
    {TYPE_TRIAGE, 0, false,
     "8501c3" DANGER "c2" DECISION KEEP REASON "a161" SOLVABLE "c2"},
    {TYPE_TRIAGE, 0, false,
     "85a66165796f6e64c3a664616e676572c2a86465636973696f6ea46b656570a6726561736f6ea161a87"
     "36f6c7661626c65c2"}, /* aeyond */
    {TYPE_TRIAGE, 0, false,
     "85a66265796f6e64c3a664616e676573c2a86465636973696f6ea46b656570a6726561736f6ea161a87"
     "36f6c7661626c65c2"}, /* danges */
    {TYPE_TRIAGE, 0, false,
     "85a66265796f6e64c3a664616e676572c2a86465636973696f6fa46b656570a6726561736f6ea161a87"
     "36f6c7661626c65c2"}, /* decisioo */
    {TYPE_TRIAGE, 0, false,
     "85a66265796f6e64c3a664616e676572c2a86465636973696f6ea46b656570a6726561736f6fa161a87"
     "36f6c7661626c65c2"}, /* reasoo */
    {TYPE_TRIAGE, 0, false,
     "85a66265796f6e64c3a664616e676572c2a86465636973696f6ea46b656570a6726561736f6ea161a87"
     "36f6c7661626c66c2"}, /* solvablf */
    {TYPE_TRIAGE, 0, false,
     "84a66265796f6e64c3a664616e676572c2a86465636973696f6ea46b656570a6726561736f6ea161"},
    {TYPE_TRIAGE, 0, false,
     "86a66265796f6e64c3a664616e676572c2a86465636973696f6ea46b656570a6726561736f6ea161a87"
     "36f6c7661626c65c2a17a01"},
    {TYPE_DIGESTS, 2, true, "91" ID_A},
    {TYPE_DIGESTS, 2, true, "92" ID_B ID_A},
    {TYPE_DIGESTS, 2, false, "93" ID_A ID_A ID_A},
    {TYPE_DIGESTS, 2, false, "90"},
    {TYPE_DIGESTS, 2, false, "c400"},
    {TYPE_DIGESTS, 2, false, "91c0"},
    {TYPE_SECRET, 0, true, ID_A},
    {TYPE_SECRET, 0, false, "c40100"},
    {TYPE_DATE, 0, true, "aa323032362d31312d3330"},  /* 2026-11-30 */
    {TYPE_DATE, 0, false, "aa323032362d31312d3331"}, /* 2026-11-31 */
    {TYPE_DATE, 0, false, "a9323032362d312d3330"},   /* 2026-1-30 */
    {TYPE_DATE, 0, false, "c4023230"},
    {TYPE_DATE, 0, false, "90"},
};

static void M3_a_value_fits_its_type_or_does_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[512];
        size_t len = strlen(rows[i].hex) / 2;
        struct schema_field field = {.name = "field",
                                     .type = rows[i].type,
                                     .max = rows[i].max,
                                     .words = "ask no oral"};
        assert_true(len <= sizeof(bytes) && hex_decode(bytes, len, rows[i].hex));
        bool fits = schema_value_fits(&field, bytes_of(bytes, len));
        if (fits != rows[i].fits)
            fail_msg("%s: %s", schema_type_text(rows[i].type), rows[i].hex);
    }
}

/* Cut anywhere, no value that fits fits any more. */
static void M3_a_value_that_is_cut_does_not_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[512];
        size_t len = strlen(rows[i].hex) / 2;
        struct schema_field field = {.name = "field",
                                     .type = rows[i].type,
                                     .max = rows[i].max,
                                     .words = "ask no oral"};
        assert_true(hex_decode(bytes, len, rows[i].hex));
        for (size_t cut = 0; rows[i].fits && cut < len; cut++)
            assert_false(schema_value_fits(&field, bytes_of(bytes, cut)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(M3_a_value_fits_its_type_or_does_not),
        cmocka_unit_test(M3_a_value_that_is_cut_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
