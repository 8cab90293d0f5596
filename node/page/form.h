/*
 * form: what a browser sent: the fields of a query, of a form, or of a form with files.
 */
#ifndef FENGQIAO_PAGE_FORM_H
#define FENGQIAO_PAGE_FORM_H

#include <stdbool.h>

#include "proto/bytes.h"
#include "proto/err.h"

#define FORM_FIELDS_MAX 256
#define FORM_FIELD_NAME_MAX 64

struct form_field {
    struct bytes name, value; /* borrowed from the memory of the form, or from the body */
    bool is_file;
};

/* A zeroed struct has no fields. */
struct form {
    struct form_field fields[FORM_FIELDS_MAX];
    size_t len;
    uint8_t *memory; /* decoded texts */
    size_t memory_len, memory_size;
};

/* Reads the fields of "a=1&b=%20+". Texts have to be UTF-8 without NUL; line ends become
 * \n. INVALID, TOO_LARGE with a sentence, NO_MEMORY. */
enum status form_read_query(struct form *form, struct bytes query,
                            struct err *err) MUST_USE;
/* Reads those of a body of that Content-Type: application/x-www-form-urlencoded or
 * multipart/form-data, whose files borrow from the body. UNSUPPORTED: another type. */
enum status form_read_body(struct form *form, struct bytes type, struct bytes body,
                           struct err *err) MUST_USE;
/* The number-th field of that name, from 0 on. */
bool form_find(const struct form *form, struct bytes name, size_t number,
               struct bytes *value);
/* The same for a name of ours; an empty text where there is none. */
struct bytes form_text(const struct form *form, const char *name);
/* At most 18 digits; 0 where it is no number. */
bool form_number(struct bytes text, uint64_t *number);
/* Wipes. */
void form_deinit(struct form *form);

#endif
