/*
 * qr: a text as a QR code, drawn as an SVG that stands in the page itself.
 */
#ifndef FENGQIAO_NODE_WEB_QR_H
#define FENGQIAO_NODE_WEB_QR_H

#include "proto/bytes.h"

#define QR_TEXT_MAX 400

/* Appends the SVG. TOO_LARGE, NO_MEMORY. */
enum status qr_add(struct buf *out, struct bytes text) MUST_USE;

#endif
