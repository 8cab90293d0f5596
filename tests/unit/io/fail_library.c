/* What stands in for calls of libuv, libmicrohttpd and gnutls: fail_call says whether
 * they are refused. Each goes by its own name there. */
#include <errno.h>
#include <stdint.h>

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <uv.h>

#include "tests/support/fail_call.h"

#define STAND_IN(type, refused, name, parameters, arguments)                             \
    type __real_##name parameters;                                                       \
    type __wrap_##name parameters;                                                       \
    type __wrap_##name parameters                                                        \
    {                                                                                    \
        return fail_call(#name) ? (refused) : __real_##name arguments;                   \
    }

/* ---- libuv: its codes are errnos below zero ---- */

#define STAND_IN_UV(name, parameters, arguments)                                         \
    STAND_IN(int, -fail_call_error(), name, parameters, arguments)

STAND_IN_UV(uv_loop_init, (uv_loop_t * uv), (uv))
STAND_IN_UV(uv_signal_init, (uv_loop_t * uv, uv_signal_t *signal), (uv, signal))
STAND_IN_UV(uv_signal_start, (uv_signal_t * signal, uv_signal_cb fn, int number),
            (signal, fn, number))
STAND_IN_UV(uv_check_start, (uv_check_t * check, uv_check_cb fn), (check, fn))
STAND_IN_UV(uv_read_start, (uv_stream_t * stream, uv_alloc_cb room, uv_read_cb fn),
            (stream, room, fn))
STAND_IN_UV(uv_write,
            (uv_write_t * request, uv_stream_t *stream, const uv_buf_t *data,
             unsigned count, uv_write_cb fn),
            (request, stream, data, count, fn))
STAND_IN_UV(uv_listen, (uv_stream_t * stream, int backlog, uv_connection_cb fn),
            (stream, backlog, fn))
STAND_IN_UV(uv_tcp_bind, (uv_tcp_t * tcp, const struct sockaddr *at, unsigned flags),
            (tcp, at, flags))
STAND_IN_UV(uv_tcp_getsockname, (const uv_tcp_t *tcp, struct sockaddr *out, int *len),
            (tcp, out, len))
STAND_IN_UV(uv_tcp_connect,
            (uv_connect_t * connect, uv_tcp_t *tcp, const struct sockaddr *to,
             uv_connect_cb fn),
            (connect, tcp, to, fn))
STAND_IN_UV(uv_shutdown,
            (uv_shutdown_t * request, uv_stream_t *stream, uv_shutdown_cb fn),
            (request, stream, fn))
STAND_IN_UV(uv_pipe_open, (uv_pipe_t * pipe, uv_file fd), (pipe, fd))
STAND_IN_UV(uv_queue_work,
            (uv_loop_t * uv, uv_work_t *work, uv_work_cb fn, uv_after_work_cb after),
            (uv, work, fn, after))
STAND_IN_UV(uv_udp_init, (uv_loop_t * uv, uv_udp_t *udp), (uv, udp))
STAND_IN_UV(uv_udp_bind, (uv_udp_t * udp, const struct sockaddr *at, unsigned flags),
            (udp, at, flags))
STAND_IN_UV(uv_udp_set_broadcast, (uv_udp_t * udp, int on), (udp, on))
STAND_IN_UV(uv_udp_set_multicast_ttl, (uv_udp_t * udp, int ttl), (udp, ttl))
STAND_IN_UV(uv_udp_set_ttl, (uv_udp_t * udp, int ttl), (udp, ttl))
STAND_IN_UV(uv_udp_recv_start, (uv_udp_t * udp, uv_alloc_cb room, uv_udp_recv_cb fn),
            (udp, room, fn))
STAND_IN_UV(uv_poll_init, (uv_loop_t * uv, uv_poll_t *handle, int fd), (uv, handle, fd))

/* Refused, and no longer at the door all the same, as libuv does it. */
int __real_uv_accept(uv_stream_t *server, uv_stream_t *client);
int __wrap_uv_accept(uv_stream_t *server, uv_stream_t *client);
int __wrap_uv_accept(uv_stream_t *server, uv_stream_t *client)
{
    int rc = __real_uv_accept(server, client);
    return fail_call("uv_accept") ? -fail_call_error() : rc;
}

/* Refused by libuv itself, which leaves a handle to be closed: there is no such program.
 */
int __real_uv_spawn(uv_loop_t *uv, uv_process_t *process,
                    const uv_process_options_t *options);
int __wrap_uv_spawn(uv_loop_t *uv, uv_process_t *process,
                    const uv_process_options_t *options);
int __wrap_uv_spawn(uv_loop_t *uv, uv_process_t *process,
                    const uv_process_options_t *options)
{
    uv_process_options_t refused = *options;
    refused.file = "/nowhere/at/all";
    return __real_uv_spawn(uv, process, fail_call("uv_spawn") ? &refused : options);
}

/* ---- libmicrohttpd ---- */

STAND_IN(struct MHD_Response *, NULL, MHD_create_response_from_buffer,
         (size_t len, void *data, enum MHD_ResponseMemoryMode mode), (len, data, mode))
STAND_IN(struct MHD_Response *, NULL, MHD_create_response_from_callback,
         (uint64_t size, size_t block, MHD_ContentReaderCallback fn, void *context,
          MHD_ContentReaderFreeCallback end),
         (size, block, fn, context, end))
STAND_IN(const union MHD_DaemonInfo *, NULL, MHD_get_daemon_info,
         (struct MHD_Daemon * daemon, enum MHD_DaemonInfoType type, ...), (daemon, type))
STAND_IN(const union MHD_ConnectionInfo *, NULL, MHD_get_connection_info,
         (struct MHD_Connection * connection, enum MHD_ConnectionInfoType type, ...),
         (connection, type))

/* ---- gnutls ---- */

#define STAND_IN_TLS(name, parameters, arguments)                                        \
    STAND_IN(int,                                                                        \
             fail_call_error() == EPROTO ? GNUTLS_E_INTERNAL_ERROR                       \
                                         : GNUTLS_E_MEMORY_ERROR,                        \
             name, parameters, arguments)

STAND_IN_TLS(gnutls_rnd, (gnutls_rnd_level_t level, void *out, size_t len),
             (level, out, len))
STAND_IN_TLS(gnutls_x509_privkey_init, (gnutls_x509_privkey_t * key), (key))
STAND_IN_TLS(gnutls_x509_privkey_generate,
             (gnutls_x509_privkey_t key, gnutls_pk_algorithm_t kind, unsigned bits,
              unsigned flags),
             (key, kind, bits, flags))
STAND_IN_TLS(gnutls_x509_privkey_export2_pkcs8,
             (gnutls_x509_privkey_t key, gnutls_x509_crt_fmt_t format,
              const char *password, unsigned flags, gnutls_datum_t *out),
             (key, format, password, flags, out))
STAND_IN_TLS(gnutls_x509_privkey_import,
             (gnutls_x509_privkey_t key, const gnutls_datum_t *data,
              gnutls_x509_crt_fmt_t format),
             (key, data, format))
STAND_IN_TLS(gnutls_x509_privkey_get_key_id,
             (gnutls_x509_privkey_t key, unsigned flags, unsigned char *out, size_t *len),
             (key, flags, out, len))
STAND_IN_TLS(gnutls_x509_crt_init, (gnutls_x509_crt_t * cert), (cert))
STAND_IN_TLS(gnutls_x509_crt_import,
             (gnutls_x509_crt_t cert, const gnutls_datum_t *data,
              gnutls_x509_crt_fmt_t format),
             (cert, data, format))
STAND_IN_TLS(gnutls_x509_crt_export2,
             (gnutls_x509_crt_t cert, gnutls_x509_crt_fmt_t format, gnutls_datum_t *out),
             (cert, format, out))
STAND_IN_TLS(gnutls_x509_crt_get_key_id,
             (gnutls_x509_crt_t cert, unsigned flags, unsigned char *out, size_t *len),
             (cert, flags, out, len))
STAND_IN_TLS(gnutls_x509_crt_get_fingerprint,
             (gnutls_x509_crt_t cert, gnutls_digest_algorithm_t kind, void *out,
              size_t *len),
             (cert, kind, out, len))
STAND_IN_TLS(gnutls_x509_crt_set_version, (gnutls_x509_crt_t cert, unsigned version),
             (cert, version))
STAND_IN_TLS(gnutls_x509_crt_set_serial,
             (gnutls_x509_crt_t cert, const void *serial, size_t len),
             (cert, serial, len))
STAND_IN_TLS(gnutls_x509_crt_set_dn_by_oid,
             (gnutls_x509_crt_t cert, const char *oid, unsigned raw, const void *name,
              unsigned len),
             (cert, oid, raw, name, len))
STAND_IN_TLS(gnutls_x509_crt_set_activation_time, (gnutls_x509_crt_t cert, time_t from),
             (cert, from))
STAND_IN_TLS(gnutls_x509_crt_set_expiration_time, (gnutls_x509_crt_t cert, time_t until),
             (cert, until))
STAND_IN_TLS(gnutls_x509_crt_set_key, (gnutls_x509_crt_t cert, gnutls_x509_privkey_t key),
             (cert, key))
STAND_IN_TLS(gnutls_x509_crt_set_subject_key_id,
             (gnutls_x509_crt_t cert, const void *id, size_t len), (cert, id, len))
STAND_IN_TLS(gnutls_x509_crt_set_basic_constraints,
             (gnutls_x509_crt_t cert, unsigned is_authority, int path_len),
             (cert, is_authority, path_len))
STAND_IN_TLS(gnutls_x509_crt_set_key_usage, (gnutls_x509_crt_t cert, unsigned usage),
             (cert, usage))
STAND_IN_TLS(gnutls_x509_crt_set_key_purpose_oid,
             (gnutls_x509_crt_t cert, const void *oid, unsigned critical),
             (cert, oid, critical))
STAND_IN_TLS(gnutls_x509_crt_set_subject_alt_name,
             (gnutls_x509_crt_t cert, gnutls_x509_subject_alt_name_t kind,
              const void *data, unsigned len, unsigned flags),
             (cert, kind, data, len, flags))
STAND_IN_TLS(gnutls_x509_crt_sign2,
             (gnutls_x509_crt_t cert, gnutls_x509_crt_t issuer,
              gnutls_x509_privkey_t issuer_key, gnutls_digest_algorithm_t kind,
              unsigned flags),
             (cert, issuer, issuer_key, kind, flags))
