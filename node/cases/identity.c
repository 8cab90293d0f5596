#include "node/cases/identity.h"

#include <assert.h>
#include <string.h>

#include "proto/date.h"

#define NUMBER_WORD "id-number "
#define PHONE_WORD "phone "
#define PHONE_DIGITS_MIN 5

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* ISO 7064, MOD 11-2, as GB 11643 has it. */
static bool check_holds(const uint8_t *number)
{
    static const uint8_t weights[IDENTITY_NUMBER_LEN - 1] = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                                             3, 7, 9,  10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    int sum = 0;
    for (int i = 0; i < IDENTITY_NUMBER_LEN - 1; i++)
        sum += weights[i] * (number[i] - '0');
    return number[IDENTITY_NUMBER_LEN - 1] == (uint8_t)checks[sum % 11];
}

static bool has_birthday(const uint8_t *number)
{
    int64_t day;
    char date[DATE_TEXT_SIZE] = "0000-00-00";
    memcpy(date, number + 6, 4);
    memcpy(date + 5, number + 10, 2);
    memcpy(date + 8, number + 12, 2);
    return date_parse(bytes_str(date), &day);
}

static enum status check_number(struct bytes number, struct err *err)
{
    if (number.len != IDENTITY_NUMBER_LEN)
        return err_set(err, STATUS_INVALID,
                       "an identity number has 18 characters, this has %zu", number.len);
    for (size_t i = 0; i < number.len - 1; i++)
        if (!is_digit(number.data[i]))
            return err_set(err, STATUS_INVALID,
                           "an identity number is 17 digits and a digit or X");
    if (!has_birthday(number.data))
        return err_set(err, STATUS_INVALID,
                       "the identity number names a day of birth that there is not");
    if (!check_holds(number.data))
        return err_set(err, STATUS_INVALID,
                       "the identity number's last character does not fit the others: "
                       "one was mistyped");
    return STATUS_OK;
}

/* Digits, perhaps a + before them, and blanks or hyphens between them. */
static enum status check_phone(struct bytes phone, struct err *err)
{
    size_t digits = 0;
    bool is_good = phone.len <= IDENTITY_PHONE_MAX;
    for (size_t i = 0; is_good && i < phone.len; i++) {
        uint8_t c = phone.data[i];
        digits += is_digit(c);
        is_good = is_digit(c) || (i == 0 ? c == '+' : c == ' ' || c == '-');
    }
    if (is_good && digits >= PHONE_DIGITS_MIN)
        return STATUS_OK;
    return err_set(err, STATUS_INVALID,
                   "a phone number is %d digits or more, at most %d characters, as "
                   "138 0000 0000 or +86-10-12345678",
                   PHONE_DIGITS_MIN, IDENTITY_PHONE_MAX);
}

enum status identity_check(const struct identity *identity, struct err *err)
{
    if (identity->number.len == 0 && identity->phone.len == 0)
        return err_set(err, STATUS_INVALID,
                       "what is to be kept: an identity number, a phone number or both");
    enum status status = STATUS_OK;
    if (identity->number.len > 0)
        status = check_number(identity->number, err);
    if (status == STATUS_OK && identity->phone.len > 0)
        status = check_phone(identity->phone, err);
    return status;
}

static size_t put_line(char *text, size_t at, const char *word, struct bytes value)
{
    if (value.len == 0)
        return at;
    memcpy(text + at, word, strlen(word));
    at += strlen(word);
    memcpy(text + at, value.data, value.len);
    at += value.len;
    text[at] = '\n';
    return at + 1;
}

size_t identity_write(char text[static IDENTITY_TEXT_MAX],
                      const struct identity *identity, uint8_t padding)
{
    assert(identity->number.len <= IDENTITY_NUMBER_LEN);
    assert(identity->phone.len <= IDENTITY_PHONE_MAX);
    size_t len = IDENTITY_TEXT_MIN + padding;
    memset(text, ' ', len);
    size_t at = put_line(text, 0, NUMBER_WORD, identity->number);
    (void)put_line(text, at, PHONE_WORD, identity->phone); /* spaces come behind it */
    return len;
}

static bool take_line(struct bytes *text, const char *word, struct bytes *value)
{
    size_t word_len = strlen(word);
    const uint8_t *end = text->len > 0 ? memchr(text->data, '\n', text->len) : NULL;
    if (end == NULL || (size_t)(end - text->data) < word_len ||
        memcmp(text->data, word, word_len) != 0)
        return false;
    size_t line_len = (size_t)(end - text->data);
    *value = bytes_of(text->data + word_len, line_len - word_len);
    *text = bytes_of(end + 1, text->len - line_len - 1);
    return true;
}

void identity_read(struct identity *identity, struct bytes text)
{
    *identity = (struct identity){0};
    (void)take_line(&text, NUMBER_WORD, &identity->number); /* either may be missing */
    (void)take_line(&text, PHONE_WORD, &identity->phone);
}
