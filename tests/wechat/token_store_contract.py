"""What every `wxcore.wechat.tokens.TokenStore` must do. Subclass it and give a fixture `store`."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from wxcore.errors import OperatorError
from wxcore.wechat.tokens import StoredToken, TokenStore

LEASE = 60.0
OLD = StoredToken("o" * 512, 1_700_000_000.25)
NEW = StoredToken("n" * 700, 1_700_007_200.5)


class TokenStoreContract:
    def test_it_is_empty_at_first(self, store: TokenStore) -> None:
        assert store.load() is None

    def test_it_gives_back_what_was_saved_also_when_long_and_expired(self, store: TokenStore) -> None:
        _save(store, OLD)
        assert store.load() == OLD

    def test_a_second_token_replaces_the_first(self, store: TokenStore) -> None:
        _save(store, OLD)
        _save(store, NEW)
        assert store.load() == NEW

    def test_a_claim_keeps_everybody_else_out(self, store: TokenStore) -> None:
        assert store.claim(holder="a", lease_seconds=LEASE)
        assert not store.claim(holder="b", lease_seconds=LEASE)

    def test_a_claim_leaves_the_token_in_use(self, store: TokenStore) -> None:
        _save(store, OLD)
        store.claim(holder="a", lease_seconds=LEASE)
        assert store.load() == OLD

    def test_saving_ends_the_lease(self, store: TokenStore) -> None:
        _save(store, OLD, holder="a")
        assert store.claim(holder="b", lease_seconds=LEASE)

    def test_releasing_ends_the_lease_and_leaves_the_token(self, store: TokenStore) -> None:
        _save(store, OLD)
        store.claim(holder="a", lease_seconds=LEASE)
        store.release(holder="a")
        assert store.claim(holder="b", lease_seconds=LEASE)
        assert store.load() == OLD

    def test_failing_ends_the_lease_and_leaves_the_token(self, store: TokenStore) -> None:
        _save(store, OLD)
        store.claim(holder="a", lease_seconds=LEASE)
        store.fail(OperatorError("refused"), holder="b")
        assert not store.claim(holder="b", lease_seconds=LEASE)
        store.fail(OperatorError("refused"), holder="a")
        assert store.claim(holder="b", lease_seconds=LEASE)
        assert store.load() == OLD

    def test_a_lease_that_ran_out_is_taken_over(self, store: TokenStore) -> None:
        store.claim(holder="a", lease_seconds=-1)
        assert store.claim(holder="b", lease_seconds=LEASE)

    def test_who_lost_the_lease_can_neither_end_it_nor_save(self, store: TokenStore) -> None:
        store.claim(holder="a", lease_seconds=-1)
        store.claim(holder="b", lease_seconds=LEASE)
        store.release(holder="a")
        store.save(OLD, holder="a")
        assert not store.claim(holder="c", lease_seconds=LEASE)
        assert store.load() is None

    def test_one_of_many_threads_gets_the_claim(self, store: TokenStore) -> None:
        together = threading.Barrier(8)

        def claim(number: int) -> bool:
            together.wait(10)
            return store.claim(holder=f"thread {number}", lease_seconds=LEASE)

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(claim, range(8))) == 1


def _save(store: TokenStore, token: StoredToken, *, holder: str = "saver") -> None:
    assert store.claim(holder=holder, lease_seconds=LEASE)
    store.save(token, holder=holder)
