/*
 * Happy path: read the authority, or make it (key first, then certificate, each durably);
 * make a key and a certificate for the addresses, signed by it. Failure modes: a key that
 * others may read (refused: a page that everybody can imitate is worse than none), half
 * an authority or a damaged one (refused, nothing is touched: phones trust the old one),
 * a disk that is full.
 */
#include "node/io/web_identity.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "crypto/secret.h"
#include "node/io/process.h"
#include "node/io/web_validity.h"
#include "proto/bytes.h"

#define DAY_S 86400
#define EARLIEST                                                                         \
    1577836800            /* 2020-01-01: a clock that is behind still finds it valid     \
                           */
#define LATEST 2524521600 /* 2049-12-31 */
#define LEAF_DAYS 800     /* phones refuse more than 825 */
#define PEM_MAX 8192
#define SERIAL_SIZE 16

static enum status refused(struct err *err, const char *what, int rc)
{
    return err_set(err, rc == GNUTLS_E_MEMORY_ERROR ? STATUS_NO_MEMORY : STATUS_IO,
                   "the page's certificate cannot be %s: %s", what, gnutls_strerror(rc));
}

/* ---- files ---- */

static enum status put_file(int dir_fd, const char *name, const gnutls_datum_t *bytes,
                            struct err *err)
{
    char fresh[64];
    (void)snprintf(fresh, sizeof(fresh), "%s.new", name);
    (void)unlinkat(dir_fd, fresh, 0); /* of an attempt that was cut off */
    int fd =
        openat(dir_fd, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool is_there =
        fd >= 0 && process_write_all(fd, bytes->data, bytes->size) && fsync(fd) == 0;
    if (fd >= 0)
        is_there = close(fd) == 0 && is_there;
    is_there =
        is_there && renameat(dir_fd, fresh, dir_fd, name) == 0 && fsync(dir_fd) == 0;
    if (is_there)
        return STATUS_OK;
    enum status status =
        err_set(err, STATUS_IO, "%s cannot be written: %s", name, strerror(errno));
    (void)unlinkat(dir_fd, fresh, 0); /* may not be there */
    return status;
}

/* The file with a NUL behind it. NOT_FOUND; DENIED: others may read or write it. */
static enum status get_file(int dir_fd, const char *name, bool is_secret, char **text,
                            struct err *err)
{
    struct stat found;
    int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    *text = NULL;
    if (fd < 0 && errno == ENOENT)
        return STATUS_NOT_FOUND;
    enum status status = STATUS_IO;
    if (fd < 0 || fstat(fd, &found) != 0)
        status = err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
    else if (!S_ISREG(found.st_mode) || found.st_size == 0 || found.st_size > PEM_MAX)
        status = err_set(err, STATUS_CORRUPT, "%s is not what this node wrote", name);
    else if (is_secret && (found.st_mode & 077) != 0)
        status =
            err_set(err, STATUS_DENIED,
                    "%s has mode %04o, so that others may have read it; if you trust "
                    "it, chmod 600 it",
                    name, (unsigned)(found.st_mode & 07777));
    else if ((*text = calloc(1, (size_t)found.st_size + 1)) == NULL)
        status = STATUS_NO_MEMORY;
    else if (!process_read_all(fd, *text, (size_t)found.st_size))
        status = err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
    else
        status = STATUS_OK;
    if (fd >= 0)
        (void)close(fd); /* nothing was written */
    return status;
}

/* ---- certificates ---- */

struct pair_of_keys {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t cert;
};

static int make_pair(struct pair_of_keys *pair)
{
    int rc = gnutls_x509_privkey_init(&pair->key);
    if (rc == 0)
        rc = gnutls_x509_privkey_generate(
            pair->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
            0);
    return rc == 0 ? gnutls_x509_crt_init(&pair->cert) : rc;
}

static void free_pair(struct pair_of_keys *pair)
{
    if (pair->key != NULL)
        gnutls_x509_privkey_deinit(pair->key);
    if (pair->cert != NULL)
        gnutls_x509_crt_deinit(pair->cert);
    *pair = (struct pair_of_keys){0};
}

static int describe(struct pair_of_keys *pair, const char *name, uint64_t until)
{
    uint8_t serial[SERIAL_SIZE], id[64];
    size_t id_len = sizeof(id);
    int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));
    serial[0] &= 0x7f; /* a positive number */
    if (rc == 0)
        rc = gnutls_x509_crt_set_version(pair->cert, 3);
    if (rc == 0)
        rc = gnutls_x509_crt_set_serial(pair->cert, serial, sizeof(serial));
    if (rc == 0)
        rc = gnutls_x509_crt_set_dn_by_oid(pair->cert, GNUTLS_OID_X520_COMMON_NAME, 0,
                                           name, (unsigned)strlen(name));
    if (rc == 0)
        rc = web_validity_set(pair->cert, EARLIEST, until);
    if (rc == 0)
        rc = gnutls_x509_crt_set_key(pair->cert, pair->key);
    if (rc == 0)
        rc = gnutls_x509_crt_get_key_id(pair->cert, 0, id, &id_len);
    return rc == 0 ? gnutls_x509_crt_set_subject_key_id(pair->cert, id, id_len) : rc;
}

static enum status make_authority(struct pair_of_keys *ca, int dir_fd, struct err *err)
{
    gnutls_datum_t key = {0}, cert = {0};
    int rc = make_pair(ca);
    if (rc == 0)
        rc = describe(ca, "Fengqiao page of this node", LATEST);
    if (rc == 0)
        rc = gnutls_x509_crt_set_basic_constraints(ca->cert, 1, 0);
    if (rc == 0)
        rc = gnutls_x509_crt_set_key_usage(ca->cert, GNUTLS_KEY_KEY_CERT_SIGN);
    if (rc == 0)
        rc = gnutls_x509_crt_sign2(ca->cert, ca->cert, ca->key, GNUTLS_DIG_SHA256, 0);
    if (rc == 0)
        rc = gnutls_x509_privkey_export2_pkcs8(ca->key, GNUTLS_X509_FMT_PEM, NULL,
                                               GNUTLS_PKCS_PLAIN, &key);
    if (rc == 0)
        rc = gnutls_x509_crt_export2(ca->cert, GNUTLS_X509_FMT_PEM, &cert);
    enum status status = rc == 0 ? STATUS_OK : refused(err, "made", rc);
    if (status == STATUS_OK)
        status = put_file(dir_fd, WEB_CA_KEY_NAME, &key, err);
    if (status == STATUS_OK)
        status = put_file(dir_fd, WEB_CA_NAME, &cert, err);
    if (key.data != NULL)
        secret_wipe(key.data, key.size);
    gnutls_free(key.data);
    gnutls_free(cert.data);
    return status;
}

static enum status import_authority(struct pair_of_keys *ca, const char *key,
                                    const char *cert, struct err *err)
{
    gnutls_datum_t key_bytes = {(void *)(uintptr_t)key, (unsigned)strlen(key)};
    gnutls_datum_t cert_bytes = {(void *)(uintptr_t)cert, (unsigned)strlen(cert)};
    uint8_t of_key[64] = {0}, of_cert[64] = {0};
    size_t key_len = sizeof(of_key), cert_len = sizeof(of_cert);
    int rc = gnutls_x509_privkey_init(&ca->key);
    if (rc == 0)
        rc = gnutls_x509_crt_init(&ca->cert);
    if (rc == 0)
        rc = gnutls_x509_privkey_import(ca->key, &key_bytes, GNUTLS_X509_FMT_PEM);
    if (rc == 0)
        rc = gnutls_x509_crt_import(ca->cert, &cert_bytes, GNUTLS_X509_FMT_PEM);
    if (rc == 0)
        rc = gnutls_x509_privkey_get_key_id(ca->key, 0, of_key, &key_len);
    if (rc == 0)
        rc = gnutls_x509_crt_get_key_id(ca->cert, 0, of_cert, &cert_len);
    if (rc == 0 && memcmp(of_key, of_cert, sizeof(of_key)) == 0)
        return STATUS_OK;
    /* Nobody throws an authority away that phones trust because memory was short. */
    if (rc == GNUTLS_E_MEMORY_ERROR)
        return refused(err, "read", rc);
    return err_set(err, STATUS_CORRUPT,
                   WEB_CA_NAME " and " WEB_CA_KEY_NAME
                               " do not belong together; bring them back, or take both "
                               "away: phones then have to trust a new one");
}

static enum status open_authority(struct pair_of_keys *ca, int dir_fd, struct err *err)
{
    char *key = NULL, *cert = NULL;
    enum status status = get_file(dir_fd, WEB_CA_KEY_NAME, true, &key, err);
    enum status other = status == STATUS_OK || status == STATUS_NOT_FOUND
                            ? get_file(dir_fd, WEB_CA_NAME, false, &cert, err)
                            : status;
    /* A key alone is what a power cut leaves of a first start: nobody trusts it yet. */
    if (other == STATUS_NOT_FOUND)
        status = make_authority(ca, dir_fd, err);
    else if (status == STATUS_NOT_FOUND && other == STATUS_OK)
        status =
            err_set(err, STATUS_CORRUPT,
                    WEB_CA_KEY_NAME " is missing; bring it back, or take " WEB_CA_NAME
                                    " away as well: phones then have to trust a new "
                                    "one");
    else if (status == STATUS_OK && other == STATUS_OK)
        status = import_authority(ca, key, cert, err);
    else
        status = other;
    if (key != NULL)
        secret_wipe(key, strlen(key));
    free(key);
    free(cert);
    return status;
}

static int add_name(gnutls_x509_crt_t cert, const char *text, size_t len)
{
    char name[256];
    uint8_t bytes[16];
    if (len == 0 || len >= sizeof(name))
        return 0;
    memcpy(name, text, len);
    name[len] = '\0';
    if (inet_pton(AF_INET, name, bytes) == 1)
        return gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, bytes, 4,
                                                    GNUTLS_FSAN_APPEND);
    if (inet_pton(AF_INET6, name, bytes) == 1)
        return gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, bytes, 16,
                                                    GNUTLS_FSAN_APPEND);
    return gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_DNSNAME, name,
                                                (unsigned)len, GNUTLS_FSAN_APPEND);
}

/* "pi.local:8443 pi": without their ports. */
static int add_names(gnutls_x509_crt_t cert, const char *names)
{
    int rc = 0;
    for (const char *at = names == NULL ? "" : names; rc == 0 && *at != '\0';) {
        size_t len = strcspn(at, " ");
        rc = add_name(cert, at, strcspn(at, " :"));
        at += len + (at[len] == ' ');
    }
    return rc;
}

static enum status make_leaf(struct web_identity *identity, const struct pair_of_keys *ca,
                             const char *host, const char *names, uint64_t wall,
                             struct err *err)
{
    struct pair_of_keys leaf = {0};
    gnutls_datum_t key = {0}, cert = {0};
    uint64_t until = wall == 0 ? LATEST : wall + LEAF_DAYS * DAY_S;
    int rc = make_pair(&leaf);
    if (rc == 0)
        rc = describe(&leaf, "Fengqiao page", until);
    if (rc == 0 && host != NULL)
        rc = add_name(leaf.cert, host, strlen(host));
    if (rc == 0)
        rc = add_names(leaf.cert, names);
    if (rc == 0)
        rc = gnutls_x509_crt_set_key_purpose_oid(leaf.cert, GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (rc == 0)
        rc = gnutls_x509_crt_set_key_usage(leaf.cert, GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (rc == 0)
        rc = gnutls_x509_crt_sign2(leaf.cert, ca->cert, ca->key, GNUTLS_DIG_SHA256, 0);
    if (rc == 0)
        rc = gnutls_x509_privkey_export2_pkcs8(leaf.key, GNUTLS_X509_FMT_PEM, NULL,
                                               GNUTLS_PKCS_PLAIN, &key);
    if (rc == 0)
        rc = gnutls_x509_crt_export2(leaf.cert, GNUTLS_X509_FMT_PEM, &cert);
    if (rc == 0) {
        identity->key = secret_new(key.size + 1);
        identity->chain = calloc(1, cert.size + 1);
        if (identity->key == NULL || identity->chain == NULL)
            rc = GNUTLS_E_MEMORY_ERROR;
    }
    if (rc == 0) {
        memcpy(identity->key, key.data, key.size);
        memcpy(identity->chain, cert.data, cert.size);
    }
    if (key.data != NULL)
        secret_wipe(key.data, key.size);
    gnutls_free(key.data);
    gnutls_free(cert.data);
    free_pair(&leaf);
    return rc == 0 ? STATUS_OK : refused(err, "made", rc);
}

static enum status describe_authority(struct web_identity *identity,
                                      const struct pair_of_keys *ca, struct err *err)
{
    uint8_t digest[32];
    size_t len = sizeof(digest);
    gnutls_datum_t cert = {0};
    int rc = gnutls_x509_crt_get_fingerprint(ca->cert, GNUTLS_DIG_SHA256, digest, &len);
    if (rc == 0)
        rc = gnutls_x509_crt_export2(ca->cert, GNUTLS_X509_FMT_PEM, &cert);
    if (rc == 0 && (identity->authority = calloc(1, cert.size + 1)) == NULL)
        rc = GNUTLS_E_MEMORY_ERROR;
    if (rc == 0) {
        memcpy(identity->authority, cert.data, cert.size);
        hex_encode(identity->fingerprint, digest, sizeof(digest));
    }
    gnutls_free(cert.data);
    return rc == 0 ? STATUS_OK : refused(err, "described", rc);
}

enum status web_identity_open(struct web_identity *identity, int dir_fd, const char *host,
                              const char *names, uint64_t wall, struct err *err)
{
    struct pair_of_keys ca = {0};
    *identity = (struct web_identity){0};
    enum status status = open_authority(&ca, dir_fd, err);
    if (status == STATUS_OK)
        status = make_leaf(identity, &ca, host, names, wall, err);
    if (status == STATUS_OK)
        status = describe_authority(identity, &ca, err);
    free_pair(&ca);
    if (status != STATUS_OK)
        web_identity_close(identity);
    return status;
}

void web_identity_close(struct web_identity *identity)
{
    secret_free(identity->key);
    free(identity->chain);
    free(identity->authority);
    *identity = (struct web_identity){0};
}
