"""The built Provost on the embedded engine in a folder of its own, and applications in front of which it stands."""

from __future__ import annotations

import itertools
import os
import random
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional
from uuid import uuid4

import httpx

REPOSITORY = Path(__file__).parents[3]
EXAMPLES = Path(__file__).parents[1] / "examples"
# Everybody in a test calls from one network, and cheap hashes will do.
SETTINGS = {
    "RATE_LIMIT_SIGN_IN": "0", "RATE_LIMIT_REGISTRATION": "0", "RATE_LIMIT_PUBLIC": "0", "RATE_LIMIT_WRONG_CREDENTIALS": "0",
    "ARGON2_MEMORY_KIB": "64", "ARGON2_PASSES": "1", "LOG_LEVEL": "info", "LOG_REQUESTS": "all", "JOBS_ENABLED": "false",
    "ADMIN_PASSWORD": "first password of the admin",
}


def environment(**more: str) -> Dict[str, str]:
    """Nothing of this process's own settings leaks in, but what a program needs to run at all."""
    return {**{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}, **more}


# The system gives none of these to anybody who asks for just any: those begin at 32768.
_PORTS = itertools.count(random.randrange(10_000, 19_000))


def free_port() -> int:
    """Nobody listens at it, and that stays so until its server comes, or comes back."""
    for port in _PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("unreachable")


class OwnTime(threading.Thread):
    """How long something lasts while this process has its turns: what is promised within a time is promised of the middleware, and a
    machine that runs other programs only for a while does not count against it."""

    STEP_SECONDS = 0.01
    LONGEST_STEP_SECONDS = 0.1

    def __init__(self) -> None:
        super().__init__(name="own-time", daemon=True)
        self._lock = threading.Lock()
        self._passed, self._at = 0.0, time.monotonic()
        self.start()

    def now(self) -> float:
        with self._lock:
            at = time.monotonic()
            self._passed += min(at - self._at, self.LONGEST_STEP_SECONDS)
            self._at = at
            return self._passed

    def run(self) -> None:
        while True:
            time.sleep(self.STEP_SECONDS)
            self.now()


own_time = OwnTime()


def zone_at_noon() -> str:
    """Where it is about noon, so that no day and no month ends while a test counts."""
    east = 12 - datetime.now(timezone.utc).hour
    return f"Etc/GMT{'-' if east > 0 else '+'}{abs(east)}"


def until(holds: Callable[[], Any], seconds: float = 30) -> Any:
    """What `holds` answers as soon as that is something; an error while it is tried counts as not yet. The last try begins at the end."""
    end = own_time.now() + seconds
    while True:
        is_last = own_time.now() > end
        try:
            answer = holds()
            assert answer, "did not happen in time"
            return answer
        except (httpx.HTTPError, AssertionError):
            if is_last:
                raise
        time.sleep(0.02)


class RealProvost:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api = httpx.Client(base_url=f"{self.url}/api/v1", timeout=10)
        self.admin_token = ""
        self.log = open(folder / "provost.log", "ab")
        self.start()

    def asked(self, path: str) -> int:
        """How often it has been asked this by now."""
        return (self.folder / "provost.log").read_bytes().count(f"/api/v1{path}".encode())

    def start(self) -> None:
        self.process = subprocess.Popen(["node", "dist/main.js"], cwd=REPOSITORY, env=self._environment(), stdout=self.log)
        until(lambda: httpx.get(f"{self.url}/health/ready").status_code == 200, 60)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def cli(self, *arguments: str) -> str:
        command = ["node", "dist/cli/provost.js", *arguments]
        return subprocess.run(command, cwd=REPOSITORY, env=self._environment(), check=True, capture_output=True, text=True).stdout

    def admin(self, path: str, body: Dict[str, Any]) -> Dict[str, Any]:
        """Over HTTP: a start of the command line takes as long as one of the service."""
        answer = self.api.post(f"/admin{path}", json=body, headers={"authorization": f"Bearer {self.admin_token}"} if self.admin_token else {})
        assert answer.status_code < 300, answer.text
        return dict(answer.json()) if answer.content else {}

    def sign_in_admin(self) -> None:
        """The first password must be changed before anything else."""
        first, password = SETTINGS["ADMIN_PASSWORD"], "second password of the admin"
        self.admin_token = self.admin("/auth/login", {"login": "admin", "password": first})["accessToken"]
        self.admin("/auth/password/change", {"currentPassword": first, "newPassword": password})
        self.admin_token = ""
        self.admin_token = self.admin("/auth/login", {"login": "admin", "password": password})["accessToken"]

    def service_key(self, *scopes: str) -> str:
        return str(self.admin("/service-keys", {"name": f"app-{uuid4().hex[:8]}", "scopes": scopes})["key"])

    def user(self) -> "User":
        name = f"u{uuid4().hex[:12]}"
        body = {"username": name, "email": f"{name}@example.org", "password": "small engines, big gears"}
        assert self.api.post("/auth/register", json=body).status_code == 201
        return User(self, name)

    def _environment(self) -> Dict[str, str]:
        return environment(DATA_DIR=str(self.folder), HOST="127.0.0.1", PORT=str(self.port), **SETTINGS)


class User:
    def __init__(self, provost: RealProvost, name: str) -> None:
        self.provost, self.name = provost, name
        self.token = self.sign_in()
        made = self.call("POST", "/users/me/api-keys", {"name": "notebook"}).json()
        self.key, self.key_id = made["key"], made["apiKey"]["id"]
        self.id = self.call("GET", "/auth/me").json()["user"]["id"]
        self.call("PUT", "/users/me/preferences", {"timeZone": zone_at_noon()})

    def sign_in(self) -> str:
        answer = self.provost.api.post("/auth/login", json={"login": self.name, "password": "small engines, big gears"})
        return str(answer.json()["accessToken"])

    def call(self, method: str, path: str, body: Optional[Dict[str, Any]] = None) -> httpx.Response:
        answer = self.provost.api.request(method, path, json=body, headers={"authorization": f"Bearer {self.token}"})
        assert answer.status_code < 300, answer.text
        return answer

    def logs(self) -> List[str]:
        """The ids of all that was logged of this user, each as often as it is there."""
        ids: List[str] = []
        cursor = ""
        while True:
            page = self.call("GET", f"/message-logs?limit=100{cursor}").json()
            ids += [each["id"] for each in page["data"]]
            if page["nextCursor"] is None:
                return ids
            cursor = f"&cursor={page['nextCursor']}"


class Application:
    """One of the examples in a process of its own."""

    COMMANDS = {
        "fastapi": ["-m", "uvicorn", "fastapi_app:app", "--workers", "2", "--log-level", "warning", "--port"],
        "fastapi-alone": ["-m", "uvicorn", "fastapi_app:app", "--log-level", "warning", "--port"],
        "flask": ["-m", "flask", "--app", "flask_app", "run", "--port"],
        "django": ["django_app.py", "runserver", "--noreload", "--nothreading"],
        "django-asgi": ["-m", "uvicorn", "django_app:asgi", "--log-level", "warning", "--port"],
    }

    def __init__(self, name: str, provost: RealProvost, service_key: str, folder: Path, **more: str) -> None:
        self.name = name
        port = free_port()
        paths = f"{EXAMPLES}{os.pathsep}{EXAMPLES.parent}"
        settings = environment(PROVOST_URL=provost.url, PROVOST_SERVICE_KEY=service_key, SPOOL_FOLDER=str(folder / f"spool-{name}"), PYTHONPATH=paths, PYTHONDONTWRITEBYTECODE="1", **more)
        with open(folder / f"{name}.log", "wb") as log:
            self.process = subprocess.Popen([sys.executable, *self.COMMANDS[name], str(port)], cwd=EXAMPLES, env=settings, stdout=log, stderr=log)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)

    def ready(self) -> None:
        until(lambda: self.client.get("/health").status_code == 200, 60)

    def call(self, method: str, path: str, credential: Optional[str] = None) -> httpx.Response:
        return self.client.request(method, path, headers={"authorization": f"Bearer {credential}"} if credential else {})

    def kill(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait(60)

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(60)
