/*
 * fail_store_call: how a call of the store is put in front of the real one, for the files
 * that list them (fail_store.h says when one fails).
 */
#ifndef FENGQIAO_TESTS_FAIL_STORE_CALL_H
#define FENGQIAO_TESTS_FAIL_STORE_CALL_H

#include "storage/store.h"

/* One call fails; what comes behind it in the turn reads what it will. */
bool fail_store_call(struct store *store);
enum status fail_store_call_says(void);

/* Whoever gives ops to fn gives them to what comes back, with *context. */
struct fail_store_reader {
    struct store *store;
    store_op_fn *fn;
    void *context;
};
store_op_fn *fail_store_call_through(struct fail_store_reader *reader, void **context);

/* clang-format off */
#define FAIL(name, parameters, arguments)                                                \
    enum status __wrap_##name parameters;                                                \
    enum status __real_##name parameters;                                                \
    enum status __wrap_##name parameters                                                 \
    {                                                                                    \
        return fail_store_call(store) ? fail_store_call_says() : __real_##name arguments;            \
    }
/* The same for what gives ops to fn. */
#define FAIL_OPS(name, parameters, arguments)                                            \
    enum status __wrap_##name parameters;                                                \
    enum status __real_##name parameters;                                                \
    enum status __wrap_##name parameters                                                 \
    {                                                                                    \
        struct fail_store_reader reader = {store, fn, context};                                \
        fn = fail_store_call_through(&reader, &context);                                       \
        return fail_store_call(store) ? fail_store_call_says() : __real_##name arguments;            \
    }
/* clang-format on */

#endif
