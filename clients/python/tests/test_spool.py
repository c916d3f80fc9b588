"""Message logs on the disk: what `log` has answered for is posted once, whatever happens to the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, List

import pytest
from fake_provost import FakeProvost
from provost import Options, Provost, SpoolOptions, Unavailable
from real_provost import environment, until

MESSAGES = [{"role": "user", "content": "hello"}]
SERVICE_KEY = "pv_live_service"
CHILD = Path(__file__).parent / "spool_child.py"


@pytest.fixture
def fake() -> Iterator[FakeProvost]:
    served = FakeProvost()
    yield served
    served.close()


def opened(fake: FakeProvost, folder: Path, **more: Any) -> Provost:
    return Provost(Options(fake.url, SERVICE_KEY, spool=SpoolOptions(str(folder), **more), on_error=lambda _: None))


def log(provost: Provost, log_id: str, content: str = "hello") -> str:
    return provost.log(id=log_id, user_id="u", model="m", messages=[{"role": "user", "content": content}])


def child(fake: FakeProvost, folder: Path, what: str) -> "subprocess.Popen[str]":
    settings = environment(PYTHONPATH=str(CHILD.parents[1]), PYTHONDONTWRITEBYTECODE="1")
    command = [sys.executable, str(CHILD), what, fake.url, str(folder)]
    return subprocess.Popen(command, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_what_a_killed_worker_acknowledged_is_posted_by_the_others_once(fake: FakeProvost, tmp_path: Path) -> None:
    """Three workers that were forked from a parent which had begun to log already, as pre-forking servers do; the parent dies as well."""
    fake.modes["logs"] = ["500"]
    parent = child(fake, tmp_path, "workers")
    assert parent.stdout
    acknowledged: List[str] = []
    pids: List[int] = []
    is_killed = False
    for line in parent.stdout:
        kind, value = line.split()
        if kind == "pid":
            pids.append(int(value))
        else:
            acknowledged.append(value)
        if len(pids) == 3 and not is_killed and f"{pids[0]}-20" in acknowledged:
            os.kill(pids[0], signal.SIGKILL)
            parent.kill()
            is_killed = True
        if is_killed and len(acknowledged) > 300 and len({each.split("-")[0] for each in acknowledged}) == 4:
            fake.modes["logs"] = ["ok"]
            break
    # By the two that live.
    until(lambda: set(acknowledged) <= set(fake.arrived))
    for pid in pids[1:]:
        os.kill(pid, signal.SIGKILL)
    acknowledged += [line.split()[1] for line in parent.stdout.read().split("\n")[:-1]]
    parent.wait()
    heir = opened(fake, tmp_path)
    heir.start()
    until(lambda: set(acknowledged) <= set(fake.arrived))
    heir.close()
    assert {each.split("-")[0] for each in acknowledged} == {"parent", *map(str, pids)}


def test_no_thread_imports_what_a_child_forked_meanwhile_would_find_locked(fake: FakeProvost, tmp_path: Path) -> None:
    """Connections, tokens, answers, failures: all that they need is imported with the module itself."""
    parent = child(fake, tmp_path, "imports")
    assert parent.stdin and parent.stdout
    for credential in ("token", "forgedToken", "apiKey"):
        parent.stdin.write(f"{fake.credential(credential)}\n")
    parent.stdin.flush()
    said = [parent.stdout.readline().strip() for _ in range(4)]
    until(lambda: fake.arrived == ["while-it-is-well"])
    fake.go_down()
    parent.stdin.close()
    said += [line.strip() for line in parent.stdout]
    assert said == ["log while-it-is-well", "admitted", "refused auth.invalid-token", "admitted", "log while-it-is-away", "troubled True", "imported []"]
    parent.wait()


def test_a_process_that_was_killed_leaves_all_it_acknowledged_to_the_next_one(fake: FakeProvost, tmp_path: Path) -> None:
    fake.go_down()
    doomed = child(fake, tmp_path, "threads")
    assert doomed.stdout
    acknowledged = [doomed.stdout.readline().split()[1] for _ in range(200)]
    doomed.send_signal(signal.SIGKILL)
    acknowledged += [line.split()[1] for line in doomed.stdout.read().split("\n")[:-1]]
    fake.go_up()
    heir = opened(fake, tmp_path)
    heir.start()
    until(lambda: set(acknowledged) <= set(fake.arrived))
    until(lambda: not list(tmp_path.glob("*.log")))
    heir.close()


def test_a_write_that_the_disk_breaks_off_is_refused_and_spoils_nothing(fake: FakeProvost, tmp_path: Path) -> None:
    fake.go_down()
    full = child(fake, tmp_path, "full")
    printed = full.communicate(timeout=60)[0].splitlines()
    assert printed == ["log small-1", "refused provost.spool-full", "log small-2", "refused provost.spool-full"]
    fake.go_up()
    heir = opened(fake, tmp_path)
    heir.start()
    until(lambda: fake.arrived == ["small-1", "small-2"])
    heir.close()


def test_a_damaged_line_is_left_out_and_the_others_arrive(fake: FakeProvost, tmp_path: Path) -> None:
    fake.go_down()
    provost = opened(fake, tmp_path)
    for log_id in ("a", "damaged", "b"):
        log(provost, log_id)
    provost.close(drain_seconds=0)
    (segment,) = tmp_path.glob("*.log")
    segment.write_bytes(segment.read_bytes().replace(b"damaged", b"dbmaged"))
    fake.go_up()
    provost.start()
    until(lambda: fake.arrived == ["a", "b"])
    provost.close()


def test_many_segments_go_in_order_and_are_bounded_together(fake: FakeProvost, tmp_path: Path) -> None:
    fake.go_down()
    provost = opened(fake, tmp_path, max_bytes=12_000_000)
    kept = []
    with pytest.raises(Unavailable, match="No more message logs"):
        for index in range(30):
            kept.append(log(provost, f"large-{index}", "x" * 900_000))
    assert 10 <= len(kept) <= 13
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 12_000_000
    fake.go_up()
    until(lambda: fake.arrived == kept)
    log(provost, "after")
    until(lambda: fake.arrived[-1] == "after")
    provost.close(drain_seconds=30)
    assert list(tmp_path.iterdir()) == []
