/* What a node knows for itself: meta, peers, deliveries. */
#include <string.h>

#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

static void a_named_value_is_replaced_by_a_later_one(void **state)
{
    struct store *store = *state;
    struct buf value = {0};
    sample_begin(store);
    assert_int_equal(store_meta_get(store, "site", &value), STATUS_NOT_FOUND);

    assert_int_equal(store_meta_put(store, "site", bytes_str("one")), STATUS_OK);
    assert_int_equal(store_meta_put(store, "site", bytes_str("two")), STATUS_OK);
    assert_int_equal(store_meta_put(store, "empty", (struct bytes){0}), STATUS_OK);
    sample_commit(store);

    store = sample_reopen(state, false);
    assert_int_equal(store_meta_get(store, "site", &value), STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&value), "two"));
    assert_int_equal(store_meta_get(store, "empty", &value), STATUS_OK);
    assert_int_equal(value.len, 0);
    buf_deinit(&value);
}

struct peer_list {
    struct store_peer peers[4];
    char addresses[4][32];
    int len;
};

static enum status collect_peer(void *context, const struct store_peer *peer)
{
    struct peer_list *list = context;
    assert_true(list->len < 4);
    assert_true(peer->address.len < 32);
    if (peer->address.len > 0)
        memcpy(list->addresses[list->len], peer->address.data, peer->address.len);
    list->peers[list->len++] = *peer;
    return STATUS_OK;
}

static void a_peer_is_kept_by_site_and_key_and_replaced_whole(void **state)
{
    struct store *store = *state;
    struct peer_list list = {0};
    struct store_peer peer = {.site = sample_id(1), .is_parent = true, .paired_at = 5};
    memset(peer.node_key, 0x4b, sizeof(peer.node_key));
    peer.address = bytes_str("county:7411");
    sample_begin(store);
    assert_int_equal(store_peer_put(store, &peer), STATUS_OK);
    peer.heard_at = 9;
    peer.agreed_at = 8;
    peer.address = bytes_str("");
    assert_int_equal(store_peer_put(store, &peer), STATUS_OK);
    peer.node_key[0] = 0;
    peer.is_parent = false;
    assert_int_equal(store_peer_put(store, &peer), STATUS_OK);
    sample_commit(store);

    assert_int_equal(store_peers(store, collect_peer, &list), STATUS_OK);

    assert_int_equal(list.len, 2);
    assert_false(list.peers[0].is_parent);
    assert_true(list.peers[1].is_parent);
    assert_string_equal(list.addresses[1], "");
    assert_int_equal(list.peers[1].paired_at, 5);
    assert_int_equal(list.peers[1].heard_at, 9);
    assert_int_equal(list.peers[1].agreed_at, 8);
    assert_int_equal(list.peers[1].node_key[5], 0x4b);

    /* It has another key: what is known goes along, and two become one. */
    uint8_t third[32] = {3};
    sample_begin(store);
    assert_int_equal(store_peer_rename(store, &peer.site, list.peers[1].node_key, third),
                     STATUS_OK);
    assert_int_equal(store_peer_rename(store, &peer.site, list.peers[0].node_key, third),
                     STATUS_OK);
    assert_int_equal(store_peer_rename(store, &peer.site, list.peers[0].node_key, third),
                     STATUS_OK);
    sample_commit(store);
    list = (struct peer_list){0};
    assert_int_equal(store_peers(store, collect_peer, &list), STATUS_OK);
    assert_int_equal(list.len, 1);
    assert_memory_equal(list.peers[0].node_key, third, 32);
    assert_false(list.peers[0].is_parent);
}

static void the_first_acknowledgement_of_a_delivery_stays(void **state)
{
    struct store *store = *state;
    struct id op = sample_id(1), site = sample_id(2), other = sample_id(3);
    uint64_t wall = 0;
    sample_begin(store);
    assert_int_equal(store_delivery_put(store, &op, &site, 100), STATUS_OK);
    assert_int_equal(store_delivery_put(store, &op, &site, 200), STATUS_OK);
    sample_commit(store);

    assert_int_equal(store_delivery_get(store, &op, &site, &wall), STATUS_OK);

    assert_int_equal(wall, 100);
    assert_int_equal(store_delivery_get(store, &op, &other, &wall), STATUS_NOT_FOUND);
    assert_int_equal(store_delivery_get(store, &site, &site, &wall), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_named_value_is_replaced_by_a_later_one),
        TEST(a_peer_is_kept_by_site_and_key_and_replaced_whole),
        TEST(the_first_acknowledgement_of_a_delivery_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
