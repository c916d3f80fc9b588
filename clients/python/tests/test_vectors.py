"""The cases of clients/vectors, which the Node middleware passes as well."""

from __future__ import annotations

import asyncio
import io
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Dict, Iterator, List, Tuple

import provost as kit
import pytest
from fake_provost import HEAD, TOKENS, FakeProvost, token_of, vectors
from provost import AsgiMiddleware, Guard, Options, Provost, ProvostError, SpoolOptions, WsgiMiddleware, id_in_key
from real_provost import own_time, until

SERVICE_KEY = "pv_live_service"
LOG = vectors("message-logs")["item"]
Answer = Tuple[int, Dict[str, str], Dict[str, Any]]


def named(cases: List[Dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


@pytest.fixture
def fake() -> Iterator[FakeProvost]:
    served = FakeProvost()
    yield served
    served.close()


def asgi_request(provost: Provost, guard: Guard, headers: Dict[str, str]) -> Answer:
    """A request to an ASGI application that answers with who is calling."""
    sent: List[Dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["state"]["provost"] is scope["provost"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": told(scope["provost"])})

    async def send(message: Dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/chat", "client": ("203.0.113.9", 1), "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    asyncio.run(AsgiMiddleware(app, provost, guard)(scope, None, send))  # type: ignore[arg-type]
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, json.loads(sent[1]["body"])


def wsgi_request(provost: Provost, guard: Guard, headers: Dict[str, str]) -> Answer:
    started: List[Any] = []

    def app(environ: Any, start_response: Any) -> List[bytes]:
        start_response("200 OK", [])
        return [told(environ["provost"])]

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/chat", "REMOTE_ADDR": "203.0.113.9", "wsgi.input": io.BytesIO()}
    environ.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()})
    content = b"".join(WsgiMiddleware(app, provost, guard)(environ, lambda *start: started.append(start)))
    return int(started[0][0].split()[0]), dict(started[0][1]), json.loads(content)


def told(caller: kit.Caller) -> bytes:
    return json.dumps({"subject": caller.subject, "kind": caller.kind, "plan": caller.plan, "scopes": list(caller.scopes), "stale": caller.stale}).encode()


def check(answer: Answer, expected: Dict[str, Any]) -> None:
    status, headers, body = answer
    assert status == expected.get("status", 200), body
    for name, value in expected.items():
        if name == "retryAfter":
            assert int(headers["retry-after"]) >= 1 if value is True else headers["retry-after"] == str(value)
        elif name == "wwwAuthenticate":
            assert headers["www-authenticate"] == value
        elif name not in ("status", "withinMs"):
            assert body.get(name) == value


REQUESTS = pytest.mark.parametrize("request_to", [asgi_request, wsgi_request], ids=["ASGI", "WSGI"])


@named(TOKENS["cases"])
def test_a_token(case: Dict[str, Any], fake: FakeProvost) -> None:
    fake.published = TOKENS["published"]
    options = Options(fake.url, SERVICE_KEY, issuer=TOKENS["issuer"], clock=lambda: TOKENS["now"])
    jwks = kit._Jwks(kit._Calls(options))
    token = token_of(case, TOKENS["now"])
    try:
        if len(token) > kit.MAX_CREDENTIAL:
            kit._credential_of(f"Bearer {token}", None)
        kit._Tokens(options, jwks).verify(token, b"")
        outcome = "accepted"
    except ProvostError as error:
        outcome = error.code
    assert outcome == case["outcome"]


@named(vectors("keys")["cases"])
def test_the_form_of_keys(case: Dict[str, Any]) -> None:
    assert id_in_key(case["key"]) == case["id"]


@named(vectors("verify-answers")["cases"])
def test_an_answer_of_verify(case: Dict[str, Any], fake: FakeProvost) -> None:
    head = vectors("verify-answers")
    fake.verify_answer = case["answer"]
    provost = Provost(url=fake.url, service_key=SERVICE_KEY, kinds=case.get("kinds", head["kinds"]))
    guard = Guard(scopes=case.get("guard", {}).get("scopes", ()))
    check(asgi_request(provost, guard, {"authorization": f"Bearer {head['key']}"}), case["outcome"])
    provost.close()


@REQUESTS
@named(vectors("problems")["cases"])
def test_the_answer_to(case: Dict[str, Any], request_to: Callable[..., Answer], fake: FakeProvost) -> None:
    head = vectors("problems")
    provost = Provost(url=fake.url, service_key=SERVICE_KEY)
    status, headers, body = request_to(provost, Guard(), case["headers"])
    check((status, headers, body), case["outcome"])
    if status != 200:
        assert headers["content-type"].startswith(head["contentType"])
        assert set(head["members"]) <= set(body)
    provost.close()


class Play:
    """One case of steps, with a middleware of its own."""

    def __init__(self, fake: FakeProvost, folder: Any, options: Dict[str, Any]) -> None:
        self.fake, self.folder = fake, folder
        self.guard = Guard(consume=options.get("consume"))
        ahead = options.get("clockAheadSeconds", 0)
        self.options = Options(
            fake.url, SERVICE_KEY, outage_seconds=options.get("outageSeconds", 0), clock=lambda: time.time() + ahead,
            spool=SpoolOptions(str(folder), options.get("spoolMaxBytes", 1 << 28)), on_error=lambda _: None,
        )
        self.provost = Provost(self.options)

    def step(self, step: Dict[str, Any]) -> None:
        (name, does), *_ = [(each, getattr(self, f"do_{each}", None)) for each in step if each not in ("expect", "withinMs", "largestBatch", "bytes", "atOnce")]
        assert does, f"unknown step {name}"
        does(step)

    def do_provost(self, step: Dict[str, Any]) -> None:
        self.fake.go_up() if step["provost"] == "ok" else self.fake.go_down()

    def do_routes(self, step: Dict[str, Any]) -> None:
        with self.fake.lock:
            self.fake.modes.update({route: [modes] if isinstance(modes, str) else list(modes) for route, modes in step["routes"].items()})

    def do_request(self, step: Dict[str, Any]) -> None:
        count = step.get("atOnce", 1)
        credentials = [self.fake.credential(step["request"]) for _ in range(count)]
        with ThreadPoolExecutor(count) as callers:
            for answer in callers.map(self._timed, credentials):
                seconds, result = answer
                check(result, step["expect"])
                assert seconds * 1000 <= step["expect"].get("withinMs", 60_000)

    def _timed(self, credential: str) -> Tuple[float, Answer]:
        started = own_time.now()
        answer = asgi_request(self.provost, self.guard, {"authorization": f"Bearer {credential}"})
        return own_time.now() - started, answer

    def do_eventually(self, step: Dict[str, Any]) -> None:
        until(lambda: self.step(step["eventually"]) or True, step["withinMs"] / 1000)

    def do_revoke(self, step: Dict[str, Any]) -> None:
        with self.fake.lock:
            self.fake.revoked.append({**step["revoke"], "at": "2026-01-01T00:00:00.000Z"})
            self.fake.lock.notify_all()

    def do_rotate(self, step: Dict[str, Any]) -> None:
        self.fake.published = ["current", step["rotate"]]
        self.do_revoke({"revoke": {"kind": "all", "id": None}})

    def do_wait(self, step: Dict[str, Any]) -> None:
        """That it asks again shows that it has made sense of the answer before."""
        self.provost.start()
        fake = self.fake
        with fake.lock:
            asked, answered = fake.asked["revocations"] + (1 if fake.under_way["revocations"] else 2), fake.answered["revocations"]
            assert fake.lock.wait_for(lambda: fake.asked["revocations"] >= asked and fake.answered["revocations"] > answered, 30)

    def do_pauseMs(self, step: Dict[str, Any]) -> None:
        time.sleep(step["pauseMs"] / 1000)

    def do_asked(self, step: Dict[str, Any]) -> None:
        if step["asked"] == "reset":
            self.asked_before = self.fake.asked.copy()
            return
        before = getattr(self, "asked_before", {})
        for route, count in step["asked"].items():
            assert self.fake.asked[route] - before.get(route, 0) == count, route

    def do_consumed(self, step: Dict[str, Any]) -> None:
        assert sum(self.fake.consumed.values()) == step["consumed"]

    def do_log(self, step: Dict[str, Any]) -> None:
        for log_id in step["log"]:
            assert self._log(log_id) == log_id

    def _log(self, log_id: str, content: str = "hello") -> str:
        return self.provost.log(id=log_id, user_id=LOG["userId"], model=LOG["model"], messages=[{**LOG["messages"][0], "content": content}])

    def do_logMany(self, step: Dict[str, Any]) -> None:
        self.many = [f"many-{index}" for index in range(step["logMany"])]
        kept = [self.provost._keep({"id": log_id, "user_id": LOG["userId"], "model": LOG["model"], "messages": LOG["messages"]})[1] for log_id in self.many]
        for future in kept:
            future.result(60)

    def do_logFails(self, step: Dict[str, Any]) -> None:
        with pytest.raises(ProvostError) as refused:
            self._log("refused", "x" * step["bytes"])
        assert refused.value.code == step["logFails"]

    def do_arrives(self, step: Dict[str, Any]) -> None:
        self._arrive(step["arrives"], step)

    def do_arrivesMany(self, step: Dict[str, Any]) -> None:
        self._arrive(self.many, step)
        assert self.fake.largest_batch <= step["largestBatch"]

    def _arrive(self, ids: List[str], step: Dict[str, Any]) -> None:
        until(lambda: len(self.fake.arrived) >= len(ids), step.get("withinMs", 10_000) / 1000)
        assert self.fake.arrived == ids

    def do_rejected(self, step: Dict[str, Any]) -> None:
        until(lambda: self._rejected() == step["rejected"])

    def _rejected(self) -> List[str]:
        lines = [line for file in sorted(self.folder.glob("*.rejected")) for line in file.read_text().splitlines()]
        return [json.loads(line)["item"]["id"] for line in lines]

    def do_restart(self, step: Dict[str, Any]) -> None:
        """As a kill leaves it: the threads are gone, the locks too, and nothing is tidied."""
        live = self.provost._running
        assert live and live.spool
        for thread in live.threads:
            thread.stop()
        for thread in live.threads:
            thread.join()
        live.spool.leave_to_parent()
        self.provost._running = None
        if step["restart"] == "torn":
            with open(sorted(self.folder.glob("*.log"))[-1], "ab") as file:
                file.write(b'00000000 {"id":"torn","mess')
        self.provost = Provost(self.options)


STEPS = [*vectors("failures")["cases"], *vectors("message-logs")["cases"]]


def play(case: Dict[str, Any], folder: Any) -> None:
    fake = FakeProvost()
    played = Play(fake, folder, case.get("options", {}))
    try:
        for step in case["steps"]:
            played.step(step)
    finally:
        played.provost.close(drain_seconds=0)
        fake.close()


@pytest.fixture(scope="module")
def plays(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dict[str, Any]]:
    """The cases are waiting for most of their time, each with a fake of its own: they wait side by side."""
    wanted = {item.callspec.params["case"]["name"]: item.callspec.params["case"] for item in request.session.items if item.name.startswith("test_a_provost_that_fails[")}  # type: ignore[attr-defined]
    with ThreadPoolExecutor(4) as players:
        yield {name: players.submit(play, case, tmp_path_factory.mktemp("spool")) for name, case in wanted.items()}


@named(STEPS)
def test_a_provost_that_fails(case: Dict[str, Any], plays: Dict[str, Any]) -> None:
    plays[case["name"]].result()
