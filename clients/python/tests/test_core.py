"""What the vectors do not say: without `cryptography`, reservations, callers that go away, wrong options."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Dict, Iterator, List

import provost as kit
import pytest
from fake_provost import HEAD, FakeProvost
from provost import AsgiMiddleware, Guard, Options, Provost
from real_provost import own_time, until
from test_vectors import Play, asgi_request, wsgi_request

SERVICE_KEY = "pv_live_service"
BEARER = {"authorization": f"Bearer {HEAD['apiKey']}"}


@pytest.fixture
def fake() -> Iterator[FakeProvost]:
    served = FakeProvost()
    yield served
    served.close()


def test_without_cryptography_provost_is_asked_and_the_revoked_are_dead_within_two_seconds(fake: FakeProvost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "HAS_CRYPTOGRAPHY", False)
    play = Play(fake, tmp_path, {})
    session = {"kind": "session", "id": HEAD["session"]}
    token = fake.credential("token")
    fake.credential = lambda name: token  # type: ignore[method-assign]
    for step in (
        {"wait": "feed"}, {"request": "token", "expect": {"status": 200}}, {"asked": "reset"}, {"request": "token", "expect": {"status": 200}}, {"asked": {"verify": 0, "jwks": 0}},
        {"revoke": session}, {"eventually": {"request": "token", "expect": {"status": 401, "code": "auth.session-ended"}}, "withinMs": 2000},
    ):
        play.step(step)
    play.provost.close(drain_seconds=0)


def test_an_answer_that_was_under_way_when_the_revocation_came_is_not_remembered(fake: FakeProvost, tmp_path: Path) -> None:
    play = Play(fake, tmp_path, {})
    verify = fake.verify

    def overtaken(body: Dict[str, Any]) -> Any:
        answer = verify(body)
        fake.verify = verify  # type: ignore[method-assign]
        play.step({"revoke": {"kind": "principal", "id": HEAD["subject"]}})
        play.step({"wait": "feed"})
        return answer

    play.step({"wait": "feed"})
    fake.verify = overtaken  # type: ignore[method-assign]
    play.step({"request": "apiKey", "expect": {"status": 200}})
    play.step({"request": "apiKey", "expect": {"status": 401, "code": "api-keys.invalid"}})
    play.provost.close(drain_seconds=0)


async def run_asgi(provost: Provost, app: Any, guard: Guard, key: str = HEAD["apiKey"]) -> List[Dict[str, Any]]:
    sent: List[Dict[str, Any]] = []

    async def send(message: Dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "client": None, "headers": [(b"x-api-key", key.encode())]}
    await AsgiMiddleware(app, provost, guard)(scope, None, send)  # type: ignore[arg-type]
    return sent


def answering(status: int, spent: Any = None, is_complete: bool = True) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if spent is not None:
            scope["provost"].spend(spent)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": not is_complete})

    return app


@pytest.mark.parametrize(
    "app, closed",
    [(answering(200), 50), (answering(200, 20), 20), (answering(500), "released"), (answering(200, is_complete=False), "released"), (answering(500, 7), 7)],
    ids=["all when it says nothing", "what it says", "nothing after a 5xx", "nothing when the answer is broken off", "what it says, even after a 5xx"],
)
def test_a_reservation_charges(app: Any, closed: Any, fake: FakeProvost) -> None:
    provost = Provost(url=fake.url, service_key=SERVICE_KEY)
    asyncio.run(run_asgi(provost, app, Guard(reserve={"credits": 50})))
    until(lambda: list(fake.closed.values()) == [closed])
    provost.close()


def test_a_reservation_is_settled_once_when_provost_is_back(fake: FakeProvost) -> None:
    provost = Provost(url=fake.url, service_key=SERVICE_KEY)
    fake.modes["close"] = ["500", "500", "500", "lost-answer", "500", "ok"]
    asyncio.run(run_asgi(provost, answering(200, 20), Guard(reserve=lambda scope, caller: {"credits": 50} if scope["method"] == "POST" and caller.plan == "free" else None)))
    until(lambda: fake.asked["close"] >= 6)
    assert list(fake.closed.values()) == [20]
    provost.close()


def test_a_caller_that_goes_away_takes_the_answer_from_nobody_else(fake: FakeProvost) -> None:
    """Also while the question still waits for its turn, which is when it could be taken back."""
    provost = Provost(url=fake.url, service_key=SERVICE_KEY, connections=1)
    fake.modes["verify"] = ["reset", "reset", "ok"]

    async def all_three() -> Any:
        keys = (HEAD["otherKey"], HEAD["apiKey"], HEAD["apiKey"])
        callers = [asyncio.ensure_future(run_asgi(provost, answering(200), Guard(), key)) for key in keys]
        await asyncio.sleep(0)
        callers[1].cancel()
        return await asyncio.gather(*callers, return_exceptions=True)

    first, gone, served = asyncio.run(all_three())
    assert isinstance(gone, asyncio.CancelledError)
    assert [first[0]["status"], served[0]["status"]] == [200, 200]
    provost.close()


def test_who_was_refused_since_is_not_let_in_by_an_outage(fake: FakeProvost) -> None:
    """A key that has expired, for one: nobody announces that."""
    provost = Provost(url=fake.url, service_key=SERVICE_KEY, outage_seconds=60)
    look, memory = provost._look(HEAD["apiKey"], None), provost._live().memory
    until(memory.is_heard)
    memory.keep(look, kit.Identity("u", "user", (), None), memory.mark())
    assert memory.outlasting(look)
    memory.keep_refusal(look, kit.Unauthenticated("api-keys.expired", "It has expired."))
    assert memory.outlasting(look) is None
    provost.close()


def test_the_event_loop_goes_on_while_provost_is_asked(fake: FakeProvost) -> None:
    provost = Provost(url=fake.url, service_key=SERVICE_KEY)
    fake.modes["verify"] = ["slow"]

    async def beside() -> float:
        asked = asyncio.ensure_future(run_asgi(provost, answering(200), Guard()))
        longest = 0.0
        while not asked.done():
            before = own_time.now()
            await asyncio.sleep(0.01)
            longest = max(longest, own_time.now() - before)
        assert asked.result()[0]["status"] == 503
        return longest

    assert asyncio.run(beside()) < 0.5
    provost.close()


def test_an_open_path_asks_nobody_and_a_head_request_is_refused_without_a_body(fake: FakeProvost) -> None:
    provost = Provost(url=fake.url, service_key=SERVICE_KEY)
    scope = {"type": "http", "method": "HEAD", "path": "/closed", "client": None, "headers": []}
    sent: List[Dict[str, Any]] = []

    async def send(message: Dict[str, Any]) -> None:
        sent.append(message)

    guarded = AsgiMiddleware(answering(204), provost, lambda method, path: None if path == "/open" else Guard())
    asyncio.run(guarded({**scope, "path": "/open"}, None, send))  # type: ignore[arg-type]
    asyncio.run(guarded(scope, None, send))  # type: ignore[arg-type]
    assert [(message.get("status"), message.get("body")) for message in sent] == [(204, None), (None, b""), (401, None), (None, b"")]
    assert fake.asked["verify"] == 0
    provost.close()


@pytest.mark.parametrize(
    "wrong",
    [{"url": "ftp://provost"}, {"url": "http://user:pass@provost"}, {"service_key": "secret"}, {"kinds": ["root"]}, {"kinds": []}, {"key_seconds": 60}, {"outage_seconds": 1e9}],
)
def test_options_that_cannot_be_meant_are_refused(wrong: Dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Options(**{"url": "http://provost", "service_key": SERVICE_KEY, **wrong})


def test_no_secret_is_shown_by_what_is_printed(fake: FakeProvost) -> None:
    provost = Provost(url=fake.url, service_key=SERVICE_KEY)
    assert SERVICE_KEY not in repr(provost.options)
    assert HEAD["apiKey"] not in repr(provost._look(HEAD["apiKey"], None))
    for request_to in (asgi_request, wsgi_request):
        assert request_to(provost, Guard(), BEARER)[0] == 200
    assert HEAD["apiKey"] not in repr(vars(provost._live().memory))
    provost.close()
