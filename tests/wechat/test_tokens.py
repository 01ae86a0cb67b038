"""When a token is fetched, and by whom. Time is a number that the test moves."""

from __future__ import annotations

import pytest

from wxcore.wechat.tokens import AccessTokens, MemoryTokenStore, StoredToken, TokenUnavailable


class World:
    """A clock, a store, and a WeChat that counts the tokens it gives."""

    def __init__(self, life: float = 7200.0) -> None:
        self.now = 1_700_000_000.0
        self.life = life
        self.fetched = 0
        self.same_token = False
        self.failure: Exception | None = None
        self.store = MemoryTokenStore(clock=lambda: self.now)
        self.tokens = self.process()

    def process(self) -> AccessTokens:
        return AccessTokens(self.store, self.fetch, lambda: self.now, self.sleep, lease_seconds=60)

    def fetch(self) -> StoredToken:
        self.fetched += 1
        if self.failure:
            raise self.failure
        return StoredToken("same" if self.same_token else f"token {self.fetched}", self.now + self.life)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def world() -> World:
    return World()


def test_the_first_call_fetches_and_the_next_ones_do_not(world: World) -> None:
    assert [world.tokens.get() for _ in range(3)] == ["token 1"] * 3
    assert world.fetched == 1


def test_another_process_uses_what_the_first_has_stored(world: World) -> None:
    world.tokens.get()
    assert world.process().get() == "token 1"
    assert world.fetched == 1


def test_it_is_refreshed_five_minutes_before_its_end_and_not_earlier(world: World) -> None:
    world.tokens.get()
    world.tokens.get()
    world.now += 7200 - 301
    assert world.tokens.get() == "token 1"
    world.now += 2
    assert world.tokens.get() == "token 2"


def test_a_short_life_is_used_for_four_fifths() -> None:
    world = World(life=10)
    world.tokens.get()
    world.tokens.get()
    world.now += 7.9
    assert world.tokens.get() == "token 1"
    world.now += 0.2
    assert world.tokens.get() == "token 2"


def test_a_token_returned_with_the_rest_of_its_life_is_not_fetched_with_each_call(world: World) -> None:
    world.same_token, world.life = True, 200.0
    for _ in range(50):
        world.tokens.get()
        world.now += 1
    assert world.fetched == 1


def test_a_rejected_token_is_replaced(world: World) -> None:
    world.tokens.get()
    assert world.tokens.get(rejected="token 1") == "token 2"


def test_a_rejected_token_that_somebody_has_replaced_is_not_fetched_again(world: World) -> None:
    world.tokens.get()
    world.tokens.get(rejected="token 1")
    assert world.process().get(rejected="token 1") == "token 2"
    assert world.fetched == 2


def test_a_rejected_token_that_wechat_gives_again_is_tried_again(world: World) -> None:
    world.same_token = True
    world.tokens.get()
    assert world.tokens.get(rejected="same") == "same"
    assert world.fetched == 2


def test_who_does_not_get_the_claim_keeps_using_a_valid_token(world: World) -> None:
    world.tokens.get()
    world.tokens.get()
    world.now += 7200 - 100
    world.store.claim(holder="another process", lease_seconds=60)
    assert world.tokens.get() == "token 1"
    assert world.fetched == 1


def test_who_waits_gets_the_token_that_the_holder_brings(world: World) -> None:
    world.store.claim(holder="another process", lease_seconds=60)

    def sleep(seconds: float) -> None:
        world.store.save(StoredToken("theirs", world.now + 7200), holder="another process")

    tokens = AccessTokens(world.store, world.fetch, lambda: world.now, sleep)
    assert tokens.get() == "theirs"
    assert world.fetched == 0


def test_a_holder_that_died_is_replaced_when_its_lease_ends(world: World) -> None:
    world.store.claim(holder="dead process", lease_seconds=30)
    assert world.tokens.get() == "token 1"


def test_waiting_has_an_end(world: World) -> None:
    world.store.claim(holder="stuck process", lease_seconds=10_000)
    with pytest.raises(TokenUnavailable):
        world.tokens.get()


def test_a_failed_fetch_raises_and_lets_the_next_one_try(world: World) -> None:
    world.failure = ConnectionError("no network")
    with pytest.raises(ConnectionError):
        world.tokens.get()
    world.failure = None
    assert world.process().get() == "token 2"


def test_a_renewal_fetches_although_the_stored_token_is_good(world: World) -> None:
    world.tokens.get()
    assert world.tokens.renew() == "token 2"
    assert world.tokens.get() == "token 2"
