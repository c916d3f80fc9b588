"""The applications of clients/python/examples in front of a real Provost."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import httpx
import pytest
from real_provost import Application, RealProvost, User, until

FRAMEWORKS = ["fastapi", "flask", "django", "django-asgi"]


@pytest.fixture(scope="module")
def provost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealProvost]:
    running = RealProvost(tmp_path_factory.mktemp("provost"))
    running.sign_in_admin()
    running.admin("/plans", {"name": "trial", "conversationsPerDay": 3, "creditsPerMonth": 100, "isDefault": True})
    yield running
    running.stop()


@pytest.fixture(scope="module")
def service_key(provost: RealProvost) -> str:
    return provost.service_key("verify", "usage:consume", "messages:write")


@pytest.fixture(scope="module")
def apps(provost: RealProvost, service_key: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dict[str, Application]]:
    folder = tmp_path_factory.mktemp("applications")
    started = {name: Application(name, provost, service_key, folder) for name in FRAMEWORKS}
    for app in started.values():
        app.ready()
    yield started
    for app in started.values():
        app.stop()


@pytest.fixture(scope="module", params=FRAMEWORKS)
def app(request: Any, apps: Dict[str, Application]) -> Application:
    return apps[request.param]


@pytest.fixture
def ada(provost: RealProvost) -> User:
    return provost.user()


def test_keeps_out_who_brings_nothing_and_leaves_open_what_is_open(app: Application) -> None:
    answer = app.call("GET", "/me")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json; charset=utf-8")
    assert answer.headers["www-authenticate"] == 'Bearer realm="provost"'
    assert answer.json()["code"] == "auth.required"
    assert app.call("GET", "/me", "pv_live_invented").json()["code"] == "api-keys.invalid"
    assert app.call("GET", "/health").status_code == 200


def test_lets_tokens_and_keys_in_and_says_whose_they_are(app: Application, ada: User) -> None:
    for credential in (ada.token, ada.key):
        me = app.call("GET", "/me", credential).json()
        assert (me["subject"], me["plan"], me["stale"]) == (ada.id, "trial", False)
        assert {"usage:consume", "messages:write"} <= set(me["scopes"])


def test_plays_the_main_job_counts_it_logs_it_and_stops_at_the_limit(app: Application, ada: User) -> None:
    answers = [app.call("POST", "/chat", ada.key) for _ in range(3)]
    assert [answer.json()["remaining"] for answer in answers] == [2, 1, 0]
    assert answers[0].headers["ratelimit"].startswith('"conversations";r=2')
    refused = app.call("POST", "/chat", ada.key)
    assert (refused.status_code, refused.json()["code"]) == (429, "usage.limit-reached")
    assert refused.json()["limits"][0]["remaining"] == 0 and int(refused.headers["retry-after"]) > 0
    logged = [answer.json()["log"] for answer in answers]
    until(lambda: sorted(ada.logs()) == sorted(logged))


def test_holds_credits_while_a_request_runs_and_charges_what_it_cost(app: Application, ada: User) -> None:
    assert app.call("POST", "/essay", ada.key).status_code == 200
    until(lambda: ada.call("GET", "/usage").json()["credits"]["balance"] == 80)


def test_refuses_a_revoked_key_and_an_ended_session_within_two_seconds(app: Application, ada: User, capsys: Any) -> None:
    for credential in (ada.key, ada.token):
        until(lambda: app.call("GET", "/me", credential).status_code == 200)
    ada.call("DELETE", f"/users/me/api-keys/{ada.key_id}")
    key_seconds = seconds_until(lambda: app.call("GET", "/me", ada.key).json().get("code") == "api-keys.invalid")
    ada.call("POST", "/auth/logout-all")
    session_seconds = seconds_until(lambda: app.call("GET", "/me", ada.token).json().get("code") == "auth.session-ended")
    with capsys.disabled():
        print(f"\n{app.name}: refused {key_seconds * 1000:.0f} ms after its key was revoked, {session_seconds * 1000:.0f} ms after its session ended")


def seconds_until(holds: Callable[[], bool]) -> float:
    started = time.monotonic()
    until(holds, 2)
    return time.monotonic() - started


def test_take_tokens_of_a_new_signing_key_at_once_and_of_the_former_still(provost: RealProvost, apps: Dict[str, Application], ada: User) -> None:
    former = ada.token
    assert [app.call("GET", "/me", former).status_code for app in apps.values()] == [200] * len(apps)
    provost.cli("keys", "rotate", "--now")
    signed_by = _kid(former)
    new = until(lambda: next((token for token in [ada.sign_in()] if _kid(token) != signed_by), None))
    for token in (new, former):
        assert [app.call("GET", "/me", token).status_code for app in apps.values()] == [200] * len(apps)


def _kid(token: str) -> str:
    return token.split(".")[0]


def asks_nothing_more(provost: RealProvost, app: Application, key: str) -> bool:
    before = provost.asked("/auth/verify")
    assert all(app.call("GET", "/me", key).status_code == 200 for _ in range(20))
    return provost.asked("/auth/verify") == before


def notes_until(app: Application, key: str, end: float) -> List[httpx.Response]:
    answers = []
    while time.monotonic() < end:
        answers.append(app.call("POST", "/notes", key))
    return answers


def test_goes_on_while_provost_is_stopped_and_loses_and_doubles_no_log(
    provost: RealProvost, service_key: str, ada: User, tmp_path: Path, pytestconfig: pytest.Config, capsys: Any
) -> None:
    """Two processes share a spool; one is killed with what it has acknowledged, and the other one posts it."""
    seconds = float(pytestconfig.getoption("outage_seconds"))
    pair = [Application("fastapi-alone", provost, service_key, tmp_path, OUTAGE_SECONDS="3600") for _ in range(2)]
    for app in pair:
        app.ready()
        until(lambda: asks_nothing_more(provost, app, ada.key), 30)
    before = [app.call("POST", "/notes", ada.key) for app in pair]
    provost.stop()
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(2) as callers:
        during = [answer for answers in callers.map(lambda app: notes_until(app, ada.key, end), pair) for answer in answers]
    pair[0].kill()
    provost.start()
    ada.token = ada.sign_in()
    logged = [answer.json()["log"] for answer in before + during if answer.status_code == 200]
    refused = len(before) + len(during) - len(logged)
    until(lambda: len(ada.logs()) >= len(logged), 120)
    stored = ada.logs()
    pair[1].stop()
    lost, doubled = len(set(logged) - set(stored)), len(stored) - len(set(stored))
    with capsys.disabled():
        print(f"\nProvost stopped for {seconds:.0f} s: {len(during)} requests served meanwhile, {refused} refused; {len(logged)} logged, {lost} lost, {doubled} doubled")
    assert sorted(stored) == sorted(logged)
    assert refused == 0
