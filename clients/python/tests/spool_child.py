"""What the tests of the spool kill. Prints a line for what was acknowledged, and only then."""

import itertools
import os
import resource
import sys
import threading

from provost import Guard, Provost, ProvostError, SpoolOptions

what, url, folder = sys.argv[1:]
imported = set(sys.modules)
troubled = threading.Event()
provost = Provost(url=url, service_key="pv_live_service", spool=SpoolOptions(folder), on_error=lambda _: troubled.set())


def log(log_id, content="hello"):
    try:
        told = provost.log(id=log_id, user_id="u", model="m", messages=[{"role": "user", "content": content}])
        os.write(1, f"log {told}\n".encode())
    except ProvostError as error:
        os.write(1, f"refused {error.code}\n".encode())


def log_for_ever(name):
    for number in itertools.count():
        log(f"{name}-{number}")


if what == "workers":
    log("parent-0")
    for _ in range(3):
        if os.fork() == 0:
            os.write(1, f"pid {os.getpid()}\n".encode())
            log_for_ever(str(os.getpid()))
    for _ in range(3):
        os.wait()
elif what == "threads":
    for name in "abcd":
        threading.Thread(target=log_for_ever, args=(name,)).start()
elif what == "imports":
    log("while-it-is-well")
    for line in sys.stdin:
        try:
            provost.admit({"authorization": f"Bearer {line.strip()}"}.get, None, Guard())
            os.write(1, b"admitted\n")
        except ProvostError as error:
            os.write(1, f"refused {error.code}\n".encode())
    log("while-it-is-away")
    troubled.wait(60)
    os.write(1, f"troubled {troubled.is_set()}\n".encode())
    os.write(1, f"imported {sorted(set(sys.modules) - imported)}\n".encode())
    os._exit(0)
elif what == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    for log_id, size in (("small-1", 10), ("large-1", 900), ("small-2", 10), ("large-2", 900)):
        log(log_id, "x" * size)
