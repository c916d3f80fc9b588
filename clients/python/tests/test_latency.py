"""What the middleware adds to a request whose caller is remembered. Prints; asserts only that Provost was not asked."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Dict, List

from fake_provost import FakeProvost
from provost import AsgiMiddleware, Provost
from test_vectors import SERVICE_KEY, Play

ROUNDS, REQUESTS = 60, 50


def test_added_latency(tmp_path: Any, capsys: Any) -> None:
    fake = FakeProvost()
    play = Play(fake, tmp_path, {})
    lines = []
    for credential in ("apiKey", "token"):
        for step in ({"wait": "feed"}, {"request": credential, "expect": {"status": 200}}, {"asked": "reset"}):
            play.step(step)
        without, within = asyncio.run(in_turns(play.provost, fake.credential(credential)))
        lines.append(f"{credential}: p50 {added(without, within, 0.5):.1f} µs, p99 {added(without, within, 0.99):.1f} µs added a request ({len(within)} requests, in turns with as many without)")
    play.provost.close(drain_seconds=0)
    fake.close()
    with capsys.disabled():
        print("\n" + "\n".join(lines))


async def in_turns(provost: Provost, credential: str) -> Any:
    guarded = AsgiMiddleware(app, provost)
    scope = {"type": "http", "method": "GET", "path": "/", "client": ("203.0.113.9", 1), "headers": [(b"host", b"app"), (b"authorization", f"Bearer {credential}".encode())]}
    taken: Dict[Any, List[float]] = {app: [], guarded: []}
    await guarded(scope, None, send)  # type: ignore[arg-type]
    for _ in range(ROUNDS):
        for each, times in taken.items():
            for _ in range(REQUESTS):
                started = time.perf_counter()
                await each(scope, None, send)
                times.append(time.perf_counter() - started)
    return sorted(taken[app]), sorted(taken[guarded])


async def app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


async def send(message: Any) -> None:
    """To nobody."""


def added(without: List[float], within: List[float], share: float) -> float:
    return (within[int(share * len(within))] - without[int(share * len(without))]) * 1e6
