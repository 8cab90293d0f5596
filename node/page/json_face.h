/*
 * json_face: the API for programs over HTTP: POST /api/v1/METHOD with a JSON object, GET
 * /api/v1/openapi.json. The table of methods comes from the core (api.methods), so there
 * is no second one.
 */
#ifndef FENGQIAO_PAGE_JSON_FACE_H
#define FENGQIAO_PAGE_JSON_FACE_H

#include "node/page/page.h"
#include "proto/err.h"

#define JSON_PREFIX "/api/v1/"
#define JSON_OPENAPI "openapi.json"

/* The arguments of a method as the core wants them. methods: the answer of api.methods.
 * Bytes and ids are hex. NOT_FOUND: no such method. INVALID with a sentence: no JSON
 * object, an unknown or missing argument, a value of another type. NO_MEMORY. */
enum status json_face_arguments(struct bytes methods, struct bytes method,
                                struct bytes body, struct buf *out,
                                struct err *err) MUST_USE;

/* The OpenAPI 3.1 document of that table. NO_MEMORY. */
enum status json_face_openapi(struct bytes methods, struct buf *out) MUST_USE;

/* What a call gets: its result, or {"error": sentence, "status": name}. */
void json_face_answer(enum status status, struct bytes result,
                      struct page_response *response);

#endif
