"""Provost in front of a Python application: for ASGI (FastAPI, Starlette), WSGI (Flask) and Django.

Needs `httpx`; with `cryptography` access tokens are checked here, without it Provost is asked about them. One file: copy it,
or `pip install ./clients/python`. What it does and why: docs/decisions/0013-middleware.md; how to use it: README.md beside it.
"""

from __future__ import annotations

import asyncio
import atexit
import base64
import contextlib
import encodings.idna  # noqa: F401 - by the first connection, see below
import hashlib
import http
import ipaddress
import json
import logging
import math
import os
import random
import re
import threading
import time
import weakref
import zlib
from collections import OrderedDict, deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Awaitable, Callable, Deque, Dict, Iterable, Iterator, List, Mapping, MutableMapping, Optional, Sequence, Set, Tuple, TypeVar, Union

import httpx

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.backends import default_backend
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    # A process that forks while one of our threads imports leaves the module locked in its child for ever, and the child's
    # threads would wait for it. So all that the threads need is imported before there are any; a test counts what is not.
    default_backend()
    HAS_CRYPTOGRAPHY = True
except ImportError:
    HAS_CRYPTOGRAPHY = False

__all__ = [
    "AsgiMiddleware", "Caller", "Forbidden", "Guard", "Identity", "InsufficientCredits", "LimitReached", "Options", "Provost", "ProvostError",
    "SpoolOptions", "Unauthenticated", "Unavailable", "WsgiMiddleware", "django_middleware", "protect_flask",
]
__version__ = "0.1.0"

_logger = logging.getLogger("provost")
_Answer = TypeVar("_Answer")

MAX_CREDENTIAL = 4096
MAX_TOKEN_SECONDS = 900
SKEW_SECONDS = 30
ATTEMPT_SECONDS = 1.0
CALL_SECONDS = 2.0
MAX_BATCH = 500
MAX_BATCH_BYTES = 768 * 1024
MAX_LOG_BYTES = 1_000_000
MAX_ANSWER_BYTES = 1024 * 1024
PROBLEM_TYPE = "application/problem+json; charset=utf-8"


# --- what an application says and gets


@dataclass(frozen=True)
class SpoolOptions:
    folder: str
    """Of this application's own; its worker processes share it."""
    max_bytes: int = 256 * 1024 * 1024
    """Of all files in it, those with refused logs included."""


@dataclass(frozen=True)
class Options:
    """What an application says once about the Provost it uses."""

    url: str
    """Where Provost is, without `/api/v1`, such as http://127.0.0.1:3000."""
    service_key: str = field(repr=False)
    """A service key with the scopes that are used here: `verify`, and as needed `usage:consume` and `messages:write`."""
    issuer: Optional[str] = None
    """The `iss` of access tokens: what PUBLIC_URL of Provost says. Without it, `url`."""
    kinds: Sequence[str] = ("user",)
    """Which kinds of callers are let in: of `user`, `staff`, `admin` and `service`."""
    key_seconds: float = 2
    """For how long an API key is believed without asking again, 2 to 5."""
    session_seconds: float = 60
    """For how long a session is believed without asking again, 2 to 900. What ends it is told sooner."""
    outage_seconds: float = 0
    """For how long callers who were verified before go on being let in while Provost does not answer, up to 3,600. 0: nobody is.
    What is revoked meanwhile, by another instance of Provost, is not heard here."""
    spool: Optional[SpoolOptions] = None
    """Where message logs wait on the disk. Without it `log` cannot be used."""
    on_error: Callable[[Exception], None] = lambda error: _logger.warning("%s", error)
    """Hears of what goes wrong in the background: logs that cannot be posted or were refused, reservations that could not be settled."""
    connections: int = 16
    """Most connections to Provost of one process, and most questions at a time."""
    tls: Any = True
    """As `verify` of httpx: an SSLContext, or a file of certificates where Provost has one of your own."""
    clock: Callable[[], float] = time.time
    """Seconds since 1970; for tests."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"https?://[^/?#@\s]+(/[^?#\s]*)?", self.url):
            raise ValueError("url must be the http or https address of Provost, and nothing more")
        if not re.fullmatch(r"pv_[!-~]+", self.service_key):
            raise ValueError("service_key must be a service key of Provost, which begins with pv_")
        if not self.kinds or not set(self.kinds) <= {"user", "staff", "admin", "service"}:
            raise ValueError("kinds must name some of user, staff, admin, service")
        for name, least, most in (("key_seconds", 2, 5), ("session_seconds", 2, 900), ("outage_seconds", 0, 3600), ("connections", 1, 1000)):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} must be from {least} to {most}")
        object.__setattr__(self, "url", self.url.rstrip("/"))
        object.__setattr__(self, "issuer", self.issuer or self.url)


Cost = Mapping[str, int]
"""`conversations` (1 if it is absent) and `credits` (0)."""
Hold = Mapping[str, int]
"""As a cost, and `ttlSeconds` (300), after which Provost gives back what was held, whatever became of the request."""


@dataclass(frozen=True)
class Guard:
    """What is asked of callers. Functions are given the request (ASGI's scope, WSGI's environ, Django's request) and the caller."""

    scopes: Sequence[str] = ()
    """All of these; others are answered 403 `access.missing-permission`."""
    consume: Union[Cost, Callable[[Any, Caller], Optional[Cost]], None] = None
    """What each request uses up; it is not let in when that is more than is left (429, 402)."""
    reserve: Union[Hold, Callable[[Any, Caller], Optional[Hold]], None] = None
    """What each request may use up, held while it is carried out. At its end `spend` decides what it cost; without it all that was
    held is charged, or nothing when the answer is a 5xx or was broken off."""


@dataclass(frozen=True)
class Identity:
    """Who is behind a credential."""

    subject: str
    kind: str
    scopes: Tuple[str, ...]
    plan: Optional[str]
    key_id: Optional[str] = None
    session_id: Optional[str] = None
    stale: bool = False
    """Believed without asking, because Provost is away and `outage_seconds` allows it."""


class ProvostError(Exception):
    """Why a request is not let in, or a call to Provost did not work out."""

    def __init__(self, status: int, code: str, detail: str, headers: Optional[Mapping[str, str]] = None, extensions: Optional[Mapping[str, Any]] = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        """Stable; compare this."""
        self.detail = detail
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})

    def body(self, path: str) -> Dict[str, Any]:
        """RFC 9457, as Provost itself would write it."""
        title = http.HTTPStatus(self.status).phrase
        problem = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail, "instance": path, "code": self.code, "message": self.detail}
        return {**problem, **self.extensions}

    def answer(self, path: str) -> Tuple[int, List[Tuple[str, str]], bytes]:
        content = json.dumps(self.body(path)).encode()
        return self.status, [("content-type", PROBLEM_TYPE), ("content-length", str(len(content))), ("cache-control", "no-store"), *self.headers.items()], content


class Unauthenticated(ProvostError):
    """401: there is no credential, or it is dead."""

    def __init__(self, code: str, detail: str) -> None:
        error = "" if code == "auth.required" else ', error="invalid_token"'
        super().__init__(401, code, detail, {"www-authenticate": f'Bearer realm="provost"{error}'})


class Forbidden(ProvostError):
    """403: known, but not allowed to do this."""

    def __init__(self, code: str, detail: str, extensions: Optional[Mapping[str, Any]] = None) -> None:
        super().__init__(403, code, detail, extensions=extensions)


class LimitReached(ProvostError):
    """429: the daily limit is reached. Nothing was counted."""


class InsufficientCredits(ProvostError):
    """402: the balance is too low. Nothing was spent."""


class Unavailable(ProvostError):
    """503 with `Retry-After`: Provost could not be asked. The code says why.

    `provost.unavailable` (away, slow or failing), `provost.bad-answer` (something else answers there), `provost.busy` (our service
    key is too fast), `provost.misconfigured` (it is refused, or the address is wrong), `provost.spool-full` (no more logs can be kept).
    """

    def __init__(self, code: str, detail: str, retry_after_seconds: float = 1) -> None:
        self.retry_after_seconds = max(1, math.ceil(retry_after_seconds))
        super().__init__(503, code, detail, {"retry-after": str(self.retry_after_seconds)})


def _dead_token() -> Unauthenticated:
    return Unauthenticated("auth.invalid-token", "The access token is not valid.")


def _away(detail: str = "Provost does not answer at the moment; try again shortly.", retry_after_seconds: float = 1) -> Unavailable:
    return Unavailable("provost.unavailable", detail, retry_after_seconds)


def _bad_answer() -> Unavailable:
    return Unavailable("provost.bad-answer", "What answers at the address of Provost does not answer as Provost does.")


def _misconfigured() -> Unavailable:
    return Unavailable("provost.misconfigured", "This application cannot ask Provost: its service key is refused, or the address is wrong.", 10)


# --- ids and keys

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_KEY = re.compile(r"pv_[a-z][a-z0-9]{1,15}_([0-9A-Za-z]{22})_[0-9A-Za-z]{43}([0-9A-Za-z]{6})")
_DIGITS = {digit: value for value, digit in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}


class _Ids:
    """UUIDv7 (RFC 9562 §5.7): the ids of one process sort as they were made, also within a millisecond."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = self._counter = 0

    def next(self) -> str:
        with self._lock:
            now = int(self._clock() * 1000)
            if now > self._last:
                self._last, self._counter = now, random.getrandbits(10)
            else:
                self._counter += 1
                if self._counter > 0xFFF:
                    self._last, self._counter = self._last + 1, 0
            head = f"{self._last:012x}7{self._counter:03x}"
        tail = f"{int.from_bytes(os.urandom(8), 'big') & 0x3FFFFFFFFFFFFFFF | 0x8000000000000000:016x}"
        return f"{head[:8]}-{head[8:12]}-{head[12:]}-{tail[:4]}-{tail[4:]}"


def id_in_key(key: str) -> Optional[str]:
    """The id inside an API key; None for what Provost never made, which is refused without asking it."""
    match = _KEY.fullmatch(key)
    if not match or _base62(match[2]) != zlib.crc32(key[:-6].encode()):
        return None
    value = _base62(match[1])
    if value >= 1 << 128:
        return None
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _base62(text: str) -> int:
    value = 0
    for digit in text:
        value = value * 62 + _DIGITS[digit]
    return value


def _credential_of(authorization: Optional[str], api_key: Optional[str]) -> str:
    if authorization is not None:
        credential = authorization[7:].strip() if authorization[:7].lower() == "bearer " else ""
    elif api_key is not None:
        credential = api_key
    else:
        raise Unauthenticated("auth.required", "Sign in, or send an API key: Authorization: Bearer <token or key>.")
    if not 0 < len(credential) <= MAX_CREDENTIAL:
        raise Unauthenticated("auth.invalid-token", "This is neither a valid access token nor a valid API key.")
    return credential


def _address(text: Optional[str]) -> Optional[str]:
    try:
        return str(ipaddress.ip_address(text)) if text else None
    except ValueError:
        return None


# --- calls to Provost


class _Breaker:
    """After five failures in a row Provost is left alone for a second; then one call tries."""

    FAILURES = 5
    OPEN_SECONDS = 1.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def admit(self) -> None:
        with self._lock:
            if self._failures < self.FAILURES:
                return
            now = time.monotonic()
            if now < self._until:
                raise _away(retry_after_seconds=self._until - now)
            # Whoever comes while this one tries is refused as before.
            self._until = now + self.OPEN_SECONDS

    def note(self, is_good: bool) -> None:
        with self._lock:
            self._failures = 0 if is_good else self._failures + 1
            if not is_good:
                self._until = time.monotonic() + self.OPEN_SECONDS


@dataclass(frozen=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    body: Dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.body.get("code"))

    @property
    def retry_after_seconds(self) -> float:
        try:
            return float(int(self.headers.get("retry-after", "1")))
        except ValueError:
            return 1


class _Calls:
    ATTEMPTS = 3
    FIRST_PAUSE_SECONDS = 0.05

    def __init__(self, options: Options) -> None:
        self._options = options
        self._breaker = _Breaker()
        limits = httpx.Limits(max_connections=options.connections + 3, max_keepalive_connections=options.connections + 3, keepalive_expiry=4)
        headers = {"authorization": f"Bearer {options.service_key}", "accept": "application/json", "accept-encoding": "identity", "user-agent": f"provost-python/{__version__}"}
        # No proxies and no .netrc of the environment: the service key goes to Provost and to nobody else.
        self._client = httpx.Client(base_url=options.url, headers=headers, limits=limits, verify=options.tls, trust_env=False, follow_redirects=False)

    def close(self) -> None:
        self._client.close()

    def call(self, path: str, body: Mapping[str, Any], read: Callable[[_Reply], _Answer], deadline: float, idempotency_key: Optional[str] = None) -> _Answer:
        """Posts what may be repeated until `read` makes sense of the answer: three attempts, full jitter, within the deadline."""
        content = json.dumps(body).encode()
        headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
        for attempt in range(1, self.ATTEMPTS + 1):
            self._breaker.admit()
            try:
                answer = self._judged(self.once("POST", f"/api/v1{path}", content, headers, min(ATTEMPT_SECONDS, deadline - time.monotonic())), read)
            except Unavailable as error:
                if error.code in _NO_FAILURE:
                    self._breaker.note(True)
                    raise
                self._breaker.note(False)
                pause = random.uniform(0, self.FIRST_PAUSE_SECONDS * 2**attempt) + (error.retry_after_seconds if error.retry_after_seconds > 1 else 0)
                if attempt == self.ATTEMPTS or time.monotonic() + pause >= deadline:
                    raise
                time.sleep(pause)
            except ProvostError:
                self._breaker.note(True)
                raise
            except BaseException:
                self._breaker.note(False)
                raise
            else:
                self._breaker.note(True)
                return answer
        raise AssertionError("unreachable")

    def once(self, method: str, path: str, content: Optional[bytes] = None, headers: Optional[Mapping[str, str]] = None, seconds: float = 1) -> _Reply:
        """One attempt. Raises `Unavailable` when no answer comes, or one that only failure or something else would give."""
        if seconds <= 0:
            raise _away()
        sent = {**(headers or {}), **({"content-type": "application/json"} if content is not None else {})}
        try:
            with self._client.stream(method, path, content=content, headers=sent, timeout=seconds) as response:
                raw = _bounded(response, time.monotonic() + seconds)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise _away() from error
        reply = _Reply(response.status_code, response.headers, _object(raw))
        if reply.status >= 500:
            raise _away(retry_after_seconds=reply.retry_after_seconds)
        if reply.status < 200 or 300 <= reply.status < 400 or (reply.status not in (204, 205) and reply.status < 300 and not raw):
            raise _bad_answer()
        return reply

    def _judged(self, reply: _Reply, read: Callable[[_Reply], _Answer]) -> _Answer:
        if reply.status == 401 or (reply.status in (403, 404) and reply.code in _OUR_FAULT):
            raise _misconfigured()
        if reply.status == 429 and reply.code != "usage.limit-reached":
            raise Unavailable("provost.busy", "This application asks Provost more often than its service key may.", reply.retry_after_seconds)
        try:
            return read(reply)
        except (KeyError, TypeError, ValueError) as error:
            raise _bad_answer() from error


_NO_FAILURE = ("provost.busy", "provost.misconfigured")
_OUR_FAULT = ("access.missing-permission", "access.forbidden", "access.wrong-network", "access.not-yours", "api-keys.wrong-network", "route.not-found", "None")


def _bounded(response: httpx.Response, deadline: float) -> bytes:
    raw = b""
    for chunk in response.iter_raw():
        raw += chunk
        if len(raw) > MAX_ANSWER_BYTES:
            raise _bad_answer()
        if time.monotonic() > deadline:
            raise _away()
    return raw


def _object(raw: bytes) -> Dict[str, Any]:
    try:
        value = json.loads(raw)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


# --- access tokens, checked here


@dataclass(frozen=True)
class _Claims:
    subject: str
    kind: str
    session_id: str
    issued_at: int
    expires_at: int
    not_before: float
    signed_by: str
    refusal: Optional[str]


class _Jwks:
    """The keys that Provost publishes. An unknown id makes us read them again, once a second at most."""

    AGE_SECONDS = 300.0
    AGAIN_SECONDS = 1.0

    def __init__(self, calls: _Calls) -> None:
        self._calls = calls
        self._lock = threading.Lock()
        self._keys: Dict[str, Any] = {}
        self._tried_at = -math.inf
        self._failure: Optional[Unavailable] = None

    def known(self, kid: str) -> Any:
        return self._keys.get(kid)

    def find(self, kid: str) -> Any:
        """The key, or None where nobody published one of this id."""
        if kid not in self._keys:
            self.read(self.AGAIN_SECONDS)
        if kid not in self._keys and self._failure:
            raise self._failure
        return self._keys.get(kid)

    def read(self, unless_within_seconds: float) -> None:
        with self._lock:
            if time.monotonic() - self._tried_at < unless_within_seconds:
                return
            try:
                reply = self._calls.once("GET", "/.well-known/jwks.json")
                self._keys = _published(reply)
                self._failure = None
            except Unavailable as error:
                self._failure = error
            finally:
                self._tried_at = time.monotonic()


class _Tokens:
    """ES256 access tokens, believed only in the form that Provost makes. Of a header nothing is followed but a `kid` of the list."""

    REMEMBERED = 10_000

    def __init__(self, options: Options, jwks: _Jwks) -> None:
        self._options = options
        self._jwks = jwks
        self._audiences = {f"provost:{kind}": kind for kind in options.kinds if kind != "service"}
        self._verified: Dict[bytes, _Claims] = {}

    def known(self, token: str, digest: bytes) -> Optional[_Claims]:
        """Without asking anybody; None where the published keys must be read first."""
        claims = self._verified.get(digest)
        if claims and self._jwks.known(claims.signed_by) is not None:
            return self._in_time(claims)
        kid = _kid_of(token)
        return self._checked(token, digest, self._jwks.known(kid)) if self._jwks.known(kid) is not None else None

    def verify(self, token: str, digest: bytes) -> _Claims:
        return self._checked(token, digest, self._jwks.find(_kid_of(token)))

    def _checked(self, token: str, digest: bytes, key: Any) -> _Claims:
        head, _, signature_text = token.rpartition(".")
        signature = _decoded(signature_text)
        if key is None or len(signature) != 64:
            raise _dead_token()
        try:
            key.verify(encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")), head.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise _dead_token() from None
        claims = self._claims(_json_part(head.partition(".")[2]), _kid_of(token))
        if len(self._verified) >= self.REMEMBERED:
            self._verified.clear()
        self._verified[digest] = claims
        return self._in_time(claims)

    def _claims(self, payload: Mapping[str, Any], kid: str) -> _Claims:
        subject, session_id, times = payload.get("sub"), payload.get("sid"), [payload.get("iat"), payload.get("exp")]
        if not all(_is_id(each) for each in (subject, session_id, payload.get("jti"))) or not all(type(each) is int for each in times):
            raise _dead_token()
        issued_at, expires_at = times
        not_before = payload.get("nbf", issued_at)
        if payload.get("iss") != self._options.issuer or expires_at - issued_at > MAX_TOKEN_SECONDS or type(not_before) not in (int, float):
            raise _dead_token()
        kind, refusal = self._standing(payload)
        return _Claims(subject, kind, session_id, issued_at, expires_at, not_before, kid, refusal)

    def _standing(self, payload: Mapping[str, Any]) -> Tuple[str, Optional[str]]:
        """The kind, and why one who is known is not let in. `act` and its audience go together: neither is believed alone."""
        audience, act, pending = payload.get("aud"), payload.get("act"), payload.get("pending")
        if audience == "provost:user:read-only" and isinstance(act, dict) and _is_id(act.get("sub")) and act.get("kind") == "admin":
            return "user", "access.read-only"
        kind = self._audiences.get(audience) if isinstance(audience, str) else None
        if kind is None or "act" in payload or ("pending" in payload and pending not in _PENDING):
            raise _dead_token()
        return kind, _PENDING.get(pending) if isinstance(pending, str) else None

    def _in_time(self, claims: _Claims) -> _Claims:
        now = self._options.clock()
        if now >= claims.expires_at + SKEW_SECONDS:
            raise Unauthenticated("auth.token-expired", "The access token has expired; refresh it.")
        if max(claims.issued_at, claims.not_before) > now + SKEW_SECONDS:
            raise _dead_token()
        if claims.refusal:
            raise _refusal(claims.refusal)
        return claims


_PENDING = {"password-change": "auth.password-change-required", "mfa-enrolment": "auth.mfa-enrolment-required"}


def _kid_of(token: str) -> str:
    parts = token.split(".")
    if len(parts) != 3:
        raise _dead_token()
    header = _json_part(parts[0])
    kid = header.get("kid")
    if header.keys() != {"alg", "typ", "kid"} or header["alg"] != "ES256" or header["typ"] != "at+jwt" or not isinstance(kid, str):
        raise _dead_token()
    return kid


def _decoded(part: str) -> bytes:
    """Only the canonical spelling is taken: then a token has one text."""
    try:
        raw = base64.urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    except ValueError:
        raise _dead_token() from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        raise _dead_token()
    return raw


def _json_part(part: str) -> Dict[str, Any]:
    try:
        value = json.loads(_decoded(part).decode(), object_pairs_hook=_without_repeats, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise _dead_token() from None
    if not isinstance(value, dict):
        raise _dead_token()
    return value


def _without_repeats(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member comes twice")
    return members


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _published(reply: _Reply) -> Dict[str, Any]:
    listed = reply.body.get("keys")
    if reply.status != 200 or not isinstance(listed, list):
        raise _bad_answer()
    keys = {}
    for jwk in listed:
        with contextlib.suppress(KeyError, TypeError, ValueError, ProvostError):
            if jwk["kty"] == "EC" and jwk["crv"] == "P-256" and isinstance(jwk["kid"], str):
                x, y = (int.from_bytes(_decoded(jwk[name]), "big") for name in ("x", "y"))
                keys[jwk["kid"]] = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    if not keys:
        raise _bad_answer()
    return keys


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


# --- answers of POST /auth/verify

_DEAD = {
    "api-keys.invalid": "This API key is not valid.",
    "api-keys.expired": "This API key has expired.",
    "auth.invalid-token": "The access token is not valid.",
    "auth.token-expired": "The access token has expired; refresh it.",
    "auth.session-ended": "The session has ended; sign in again.",
    "auth.wrong-audience": "This credential is for another part of the service.",
    "auth.required": "Sign in.",
}


def _refusal(code: str) -> ProvostError:
    if code in _DEAD:
        return Unauthenticated(code, _DEAD[code])
    if code == "access.read-only":
        return Forbidden(code, "Who acts as a user can look, and change nothing.")
    return Forbidden(code, "Provost does not let this credential in.")


def _verified(reply: _Reply, look: "_Look", kinds: Sequence[str]) -> Identity:
    body = reply.body
    if reply.status != 200 or not isinstance(body.get("active"), bool):
        raise ValueError("not an answer of /auth/verify")
    if not body["active"]:
        raise _refusal(str(body.get("reason") or "auth.invalid-token"))
    subject, kind, scopes, plan = body["subject"], body["kind"], body["scopes"], body.get("plan")
    if not isinstance(subject, str) or not isinstance(kind, str) or not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        raise ValueError("not an identity")
    if kind not in kinds or (look.claims and (look.claims.subject, look.claims.kind) != (subject, kind)):
        raise Unauthenticated("auth.wrong-audience", _DEAD["auth.wrong-audience"])
    return Identity(subject, kind, tuple(scopes), plan if isinstance(plan, str) else None, look.key_id, look.session_id)


# --- what is remembered, and for how long


@dataclass(frozen=True)
class _Look:
    """A credential that was presented, and under what its answer is remembered. Never the credential's text: its SHA-256."""

    credential: str = field(repr=False)
    address: Optional[str]
    digest: bytes
    place: Any
    key_id: Optional[str] = None
    session_id: Optional[str] = None
    claims: Optional[_Claims] = None
    needs_keys: bool = False


class _Memory:
    """Who was verified, until told to forget. Counts only while revocations are heard."""

    IDENTITIES = 10_000
    REFUSALS = 1000
    HEARD_SECONDS = 1.5

    def __init__(self, options: Options) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._identities: OrderedDict[Any, Tuple[Identity, float]] = OrderedDict()
        self._refusals: OrderedDict[bytes, Tuple[ProvostError, float]] = OrderedDict()
        self._heard_at = -math.inf
        self.forgotten = 0
        """How often something was forgotten: an answer that was under way meanwhile must not be remembered."""

    def is_heard(self) -> bool:
        return time.monotonic() - self._heard_at < self.HEARD_SECONDS

    def heard(self, asked_at: float) -> None:
        """An answer that took longer than its wait and the transit says how things were then, not now."""
        self._heard_at = min(time.monotonic(), asked_at + _Feed.WAIT_SECONDS + _Feed.TRANSIT_SECONDS)

    def get(self, look: _Look) -> Optional[Identity]:
        """Raises the refusal that is remembered."""
        now = time.monotonic()
        found = self._identities.get(look.place)
        if found and now < found[1] and self.is_heard():
            return found[0]
        refused = self._refusals.get(look.digest)
        if refused and now < refused[1]:
            raise refused[0].with_traceback(None)
        return None

    def outlasting(self, look: _Look) -> Optional[Identity]:
        """Who was verified before Provost went away, for as long as an outage may be ridden out."""
        found = self._identities.get(look.place)
        if not found or time.monotonic() - self._heard_at > self._options.outage_seconds:
            return None
        return replace(found[0], stale=True)

    def mark(self) -> Optional[int]:
        """Taken before somebody is verified; what comes out is kept only if nothing was forgotten since, and all of it would have been heard."""
        return self.forgotten if self.is_heard() else None

    def keep(self, look: _Look, identity: Identity, mark: Optional[int]) -> None:
        seconds = self._options.session_seconds if look.claims else self._options.key_seconds
        with self._lock:
            if mark == self.forgotten and self.is_heard():
                _put(self._identities, look.place, (identity, time.monotonic() + seconds), self.IDENTITIES)

    def keep_refusal(self, look: _Look, error: ProvostError) -> None:
        with self._lock:
            self._identities.pop(look.place, None)
            _put(self._refusals, look.digest, (error, time.monotonic() + self._options.key_seconds), self.REFUSALS)

    def forget(self, named: Iterable[str]) -> None:
        """All that has to do with these keys, sessions and principals."""
        ids = set(named)
        with self._lock:
            self.forgotten += 1
            for place, (identity, _) in list(self._identities.items()):
                if not ids.isdisjoint((identity.subject, identity.key_id, identity.session_id)):
                    del self._identities[place]
            self._refusals.clear()

    def forget_all(self) -> None:
        """Nothing is remembered again before the feed is heard again: what happened meanwhile is told to nobody."""
        with self._lock:
            self.forgotten += 1
            self._heard_at = -math.inf
            self._identities.clear()
            self._refusals.clear()


def _put(entries: "OrderedDict[Any, Any]", place: Any, entry: Any, most: int) -> None:
    entries[place] = entry
    entries.move_to_end(place)
    if len(entries) > most:
        entries.popitem(last=False)


class _Loop(threading.Thread):
    """Runs beside the requests until it is told to stop. A daemon: it keeps no process from ending."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._over = threading.Event()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def stop(self) -> None:
        self._over.set()

    def rest(self, seconds: float) -> None:
        self._over.wait(seconds)

    def tell(self, what: str) -> None:
        """Connections are closed under a thread that is told to stop; what it says then means nothing."""
        if not self.is_over:
            _logger.exception(what)


class _Feed(_Loop):
    """Listens to what Provost revokes, in turns of a second, so that it is noticed soon when nothing more is heard."""

    WAIT_SECONDS = 1
    TRANSIT_SECONDS = 0.25

    def __init__(self, calls: _Calls, memory: _Memory, jwks: Optional[_Jwks], every_turn: Callable[[], None]) -> None:
        super().__init__("provost-revocations")
        self._calls, self._memory, self._jwks, self._every_turn = calls, memory, jwks, every_turn
        self._cursor: Optional[str] = None
    def run(self) -> None:
        while not self.is_over:
            try:
                if self._jwks:
                    self._jwks.read(_Jwks.AGE_SECONDS)
                self._turn()
                self._every_turn()
            except Unavailable as error:
                _logger.debug("Revocations are not heard: %s", error.code)
                self.rest(random.uniform(0.1, 0.5))
            except Exception:
                self.tell("The thread that listens to revocations met something unexpected")
                self.rest(1)

    def _turn(self) -> None:
        asked_at = time.monotonic()
        query = "" if self._cursor is None else f"?cursor={self._cursor}&waitSeconds={self.WAIT_SECONDS}"
        reply = self._calls.once("GET", f"/api/v1/auth/revocations{query}", seconds=self.WAIT_SECONDS + 1.5)
        if reply.status == 410:
            self._memory.forget_all()
            self._cursor = None
            return
        cursor, data = reply.body.get("cursor"), reply.body.get("data")
        if reply.status != 200 or not isinstance(cursor, str) or not _CURSOR.fullmatch(cursor) or not isinstance(data, list):
            raise _bad_answer()
        self._forget(data)
        self._cursor = cursor
        # Only now: what was heard must be forgotten before what is remembered counts again.
        self._memory.heard(asked_at)

    def _forget(self, data: Sequence[Any]) -> None:
        if not all(isinstance(each, dict) for each in data):
            raise _bad_answer()
        if any(each.get("kind") not in ("session", "principal", "key") for each in data):
            self._memory.forget_all()
            if self._jwks:
                self._jwks.read(0)
        elif data:
            self._memory.forget(str(each.get("id")) for each in data)


_CURSOR = re.compile(r"[0-9A-Za-z-]{1,64}")


# --- message logs: a spool on disk, and who empties it


class Spool:
    """Log entries on disk until Provost has them.

    Each process appends to a segment of its own and holds a file lock on it for as long as it lives. A segment that nobody
    holds (it is full, or its process is gone) is emptied by whoever takes its lock first: the workers of a server share a folder.
    How far a segment has been posted is kept in memory alone. After a crash part of one is posted again, and is a duplicate there.
    """

    def __init__(self, folder: str, max_bytes: int, ids: _Ids, segment_bytes: int = 4 * 1024 * 1024) -> None:
        if fcntl is None:
            raise ValueError("The spool needs file locks as POSIX has them; leave `spool` away on this system.")
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._max_bytes, self._segment_bytes, self._ids = max_bytes, segment_bytes, ids
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._fd: Optional[int] = None
        self._path = self.folder
        self._size = self._sent = 0
        self._elsewhere_bytes = max_bytes
        self._unsynced: List[Future[None]] = []
        self._held: Set[int] = set()

    def append(self, payload: bytes) -> "Future[None]":
        """Takes one entry, a line of JSON. It is safe from SIGKILL now, and from a power cut when the future is done."""
        line = b"%08x %s\n" % (zlib.crc32(payload), payload)
        with self._lock:
            if self._elsewhere_bytes + self._size + len(line) > self._max_bytes and self.measure() + len(line) > self._max_bytes:
                raise _spool_full()
            if self._fd is None or self._size >= self._segment_bytes:
                self._begin_segment()
            self._write(line)
            synced: Future[None] = Future()
            self._unsynced.append(synced)
            self._changed.notify_all()
            return synced

    def sync(self, timeout: float) -> None:
        """Waits for entries and makes them durable, one fsync for all that came meanwhile."""
        with self._lock:
            self._changed.wait_for(lambda: self._unsynced, timeout)
            waiting, self._unsynced = self._unsynced, []
            copy = self._hold(os.dup(self._fd)) if waiting and self._fd is not None else None
        try:
            if copy is not None:
                os.fsync(copy)
            _settle(waiting, None)
        except OSError as error:
            _settle(waiting, error)
        finally:
            if copy is not None:
                self._drop(copy)

    def wait(self, timeout: float) -> None:
        """Until this process has something to post, or the time is over."""
        with self._lock:
            self._changed.wait_for(lambda: self._sent < self._size, timeout)

    def segments(self) -> Iterator["_Segment"]:
        """Oldest first: those that are this process's own or nobody's."""
        for path in sorted(self.folder.glob("*.log")):
            segment = self._open(path)
            if segment:
                try:
                    yield segment
                finally:
                    self._drop(segment.fd)

    def progress(self, segment: "_Segment") -> None:
        """Up to its start all of it was answered. To our own, more may have come meanwhile."""
        if not segment.is_own:
            if segment.start >= segment.end:
                segment.remove()
            return
        with self._lock:
            if segment.path != self._path or self._fd is None:
                return
            self._sent = segment.start
            if self._sent == self._size >= self._segment_bytes:
                segment.remove()
                self._seal()

    def reject(self, segment: "_Segment", payload: bytes, problem: Any) -> None:
        """What Provost will never take is put aside for people to look at; on the disk before the segment goes."""
        with open(segment.path.with_suffix(".rejected"), "ab") as file:
            file.write(json.dumps({"problem": problem, "item": json.loads(payload)}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def measure(self) -> int:
        """The bytes of all processes together. Between measurements only what this one adds is known."""
        with self._lock:
            total = 0
            for path in self.folder.iterdir():
                with contextlib.suppress(FileNotFoundError):
                    total += path.stat().st_size
            self._elsewhere_bytes = total - self._size
            return total

    def is_empty(self) -> bool:
        with self._lock:
            return self._sent == self._size

    def close(self) -> None:
        self.sync(0)
        with self._lock:
            if self._fd is None:
                return
            if self._sent == self._size:
                self._path.unlink()
            self._seal()

    @property
    def forking(self) -> threading.RLock:
        """Held while the process forks, so that the child knows which descriptors it got."""
        return self._lock

    def leave_to_parent(self) -> None:
        """In a child after a fork: its copies of the descriptors would keep the parent's locks after the parent is gone."""
        for fd in self._held:
            os.close(fd)

    def _hold(self, fd: int) -> int:
        self._held.add(fd)
        return fd

    def _drop(self, fd: int) -> None:
        with self._lock:
            self._held.discard(fd)
            os.close(fd)

    def _open(self, path: Path) -> Optional["_Segment"]:
        with self._lock:
            if path == self._path and self._fd is not None:
                return _Segment(path, self._hold(os.dup(self._fd)), self._sent, self._size, is_own=True)
            segment = _claimed(path)
            if segment:
                self._hold(segment.fd)
            return segment

    def _begin_segment(self) -> None:
        if self._fd is not None:
            self._seal()
        path = self.folder / f"{self._ids.next()}.log"
        try:
            fd = self._hold(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            fcntl.flock(fd, fcntl.LOCK_EX)
            _sync_folder(self.folder)
        except OSError as error:
            raise _spool_full() from error
        self._fd, self._path, self._size, self._sent = fd, path, 0, 0

    def _seal(self) -> None:
        assert self._fd is not None
        os.fsync(self._fd)
        self._drop(self._fd)
        self._fd, self._elsewhere_bytes, self._size, self._sent = None, self._elsewhere_bytes + self._size, 0, 0
        waiting, self._unsynced = self._unsynced, []
        _settle(waiting, None)

    def _write(self, line: bytes) -> None:
        assert self._fd is not None
        try:
            written = os.write(self._fd, line)
        except OSError as error:
            raise _spool_full() from error
        if written < len(line):
            os.ftruncate(self._fd, self._size)
            raise _spool_full()
        self._size += written


class _Segment:
    """A file of entries, each a line with its checksum."""

    def __init__(self, path: Path, fd: int, start: int, end: int, is_own: bool = False) -> None:
        self.path, self.fd, self.start, self.end, self.is_own = path, fd, start, end, is_own

    def take(self) -> List[bytes]:
        """The next entries, and moves on past them. What has a wrong checksum was never acknowledged, or the disk has lost it."""
        data = os.pread(self.fd, min(self.end - self.start, MAX_BATCH_BYTES + MAX_LOG_BYTES), self.start)
        entries: List[bytes] = []
        at = size = 0
        while len(entries) < MAX_BATCH:
            stop = data.find(b"\n", at)
            if stop < 0:
                # The end of a write that was broken off.
                at = at or len(data)
                break
            payload = _payload_of(data[at:stop])
            if payload is not None and entries and size + len(payload) > MAX_BATCH_BYTES:
                break
            at = stop + 1
            if payload is None:
                _logger.error("A damaged line in %s is left out", self.path)
            else:
                entries.append(payload)
                size += len(payload) + 1
        self.start += at
        return entries

    def remove(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()


def _claimed(path: Path) -> Optional[_Segment]:
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with contextlib.suppress(OSError):
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        status = os.fstat(fd)
        # Whoever had it before may have emptied and removed it between our opening and our locking.
        if status.st_nlink > 0:
            return _Segment(path, fd, 0, status.st_size)
    os.close(fd)
    return None


def _payload_of(line: bytes) -> Optional[bytes]:
    checksum, _, payload = line.partition(b" ")
    try:
        return payload if int(checksum, 16) == zlib.crc32(payload) else None
    except ValueError:
        return None


def _settle(waiting: Iterable["Future[None]"], error: Optional[BaseException]) -> None:
    for future in waiting:
        if error:
            future.set_exception(error)
        else:
            future.set_result(None)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _spool_full() -> Unavailable:
    return Unavailable("provost.spool-full", "No more message logs can be kept until Provost has taken those that wait.", 10)


class _Sender(_Loop):
    """Posts what lies in the spool, oldest first, and waits for as long as it takes. Nothing but a clear refusal puts an entry aside."""

    FIRST_PAUSE_SECONDS = 0.1
    LONGEST_PAUSE_SECONDS = 5.0
    POST_SECONDS = 10.0

    def __init__(self, calls: _Calls, spool: Spool, on_error: Callable[[Exception], None]) -> None:
        super().__init__("provost-message-logs")
        self._calls, self._spool, self._on_error = calls, spool, on_error
        self._failures = 0

    def run(self) -> None:
        while not self.is_over:
            self._spool.wait(0.5)
            try:
                self._spool.measure()
                for segment in self._spool.segments():
                    self._empty(segment)
            except Unavailable as error:
                self._pause(error)
            except Exception:
                self.tell("Message logs wait: the thread that posts them met something unexpected")
                self._pause(_away("Message logs wait: see the log for what the thread that posts them met."))

    def _empty(self, segment: _Segment) -> None:
        while segment.start < segment.end:
            entries = segment.take()
            if entries:
                self._post(segment, entries)
            self._spool.progress(segment)
            if self.is_over:
                return

    def _post(self, segment: _Segment, entries: List[bytes]) -> None:
        """Batches that are refused as a whole are taken apart until it is clear which entry is the one."""
        reply = self._calls.once("POST", "/api/v1/message-logs", b'{"items":[' + b",".join(entries) + b"]}", seconds=self.POST_SECONDS)
        if reply.status in (400, 413, 415, 422):
            if len(entries) == 1:
                self._set_aside(segment, entries[0], reply.body)
                return
            middle = len(entries) // 2
            self._post(segment, entries[:middle])
            self._post(segment, entries[middle:])
            return
        if reply.status != 202:
            raise Unavailable("provost.busy" if reply.status == 429 else "provost.misconfigured", f"Message logs are answered with {reply.status}.", reply.retry_after_seconds)
        for index, problem in _rejected(reply, len(entries)):
            self._set_aside(segment, entries[index], problem)
        self._failures = 0

    def _set_aside(self, segment: _Segment, entry: bytes, problem: Any) -> None:
        self._spool.reject(segment, entry, problem)
        self._on_error(ProvostError(400, "provost.log-refused", f"Provost refused a message log, which was set aside: {json.dumps(problem)[:500]}"))

    def _pause(self, error: Unavailable) -> None:
        self._failures += 1
        # Told of once in a row: an outage is one piece of news.
        if self._failures == 1:
            self._on_error(error)
        longest = min(self.LONGEST_PAUSE_SECONDS, self.FIRST_PAUSE_SECONDS * 2 ** min(self._failures, 10))
        asked = min(error.retry_after_seconds, 30) if error.code == "provost.busy" else 0
        self.rest(asked + random.uniform(0, longest))


def _rejected(reply: _Reply, count: int) -> List[Tuple[int, Any]]:
    body = reply.body
    rejected = body.get("rejected")
    numbers = (body.get("accepted"), body.get("duplicates"))
    if not isinstance(rejected, list) or not all(type(number) is int for number in numbers) or sum(numbers) + len(rejected) != count:
        raise _bad_answer()
    found = [(each.get("index"), each.get("problem")) if isinstance(each, dict) else (None, None) for each in rejected]
    if not all(type(index) is int and 0 <= index < count for index, _ in found):
        raise _bad_answer()
    return found


class _Syncer(_Loop):
    """Takes entries from the reach of SIGKILL out of that of a power cut."""

    def __init__(self, spool: Spool) -> None:
        super().__init__("provost-spool-sync")
        self._spool = spool

    def run(self) -> None:
        while not self.is_over:
            self._spool.sync(0.2)


# --- the core that every framework uses


class _Live:
    """What one process has running: connections, threads, memories. Made at the first use, so after a server has forked."""

    def __init__(self, options: Options, ids: _Ids) -> None:
        self.on_error = options.on_error
        self.calls = _Calls(options)
        self.memory = _Memory(options)
        self.jwks = _Jwks(self.calls) if HAS_CRYPTOGRAPHY else None
        self.tokens = _Tokens(options, self.jwks) if self.jwks else None
        self.pool = ThreadPoolExecutor(options.connections, thread_name_prefix="provost")
        self.asking = threading.Lock()
        self.asked: Dict[Tuple[int, bytes], Future[Identity]] = {}
        self.unsettled: Deque[_Closing] = deque(maxlen=10_000)
        self.spool = Spool(options.spool.folder, options.spool.max_bytes, ids) if options.spool else None
        self.feed = _Feed(self.calls, self.memory, self.jwks, self.settle_again)
        self.sender = _Sender(self.calls, self.spool, options.on_error) if self.spool else None
        self.syncer = _Syncer(self.spool) if self.spool else None
        for thread in self.threads:
            thread.start()

    @property
    def threads(self) -> List[_Loop]:
        return [thread for thread in (self.feed, self.sender, self.syncer) if thread]

    def settle_again(self) -> None:
        """What could not be settled while Provost was away. What is given up frees itself when the reservation's time is over."""
        while self.unsettled:
            closing = self.unsettled.popleft()
            if time.monotonic() >= closing.until:
                self.on_error(_away(f"The reservation {closing.reservation_id} could not be settled in its time; Provost gives back what it held."))
            elif not self.close_reservation(closing):
                return

    def close_reservation(self, closing: "_Closing") -> bool:
        try:
            self.calls.call(f"/usage/reservations/{closing.reservation_id}/{closing.path}", closing.body, _closed, time.monotonic() + CALL_SECONDS, closing.idempotency_key)
        except Unavailable:
            self.unsettled.append(closing)
            return False
        except ProvostError as error:
            self.on_error(error)
        return True

    def stop(self, drain_seconds: float) -> None:
        until = time.monotonic() + drain_seconds
        while self.spool and not self.spool.is_empty() and time.monotonic() < until:
            time.sleep(0.02)
        for thread in self.threads:
            thread.stop()
        self.pool.shutdown(wait=True)
        if self.spool and self.sender and self.syncer:
            self.syncer.join(2)
            self.sender.join(0.1)
            self.spool.close()
        self.calls.close()


@dataclass(frozen=True)
class _Closing:
    """How a reservation ends. The key makes it end once, however often it is tried."""

    reservation_id: str
    path: str
    body: Mapping[str, int]
    idempotency_key: str
    until: float


class Provost:
    """Knows Provost for one application. Every worker process may use the same object: connections and threads begin in each by themselves."""

    def __init__(self, options: Optional[Options] = None, **named: Any) -> None:
        self.options = options or Options(**named)
        self._ids = _Ids(self.options.clock)
        self._lock = threading.Lock()
        self._running: Optional[_Live] = None
        _instances.add(self)

    def start(self) -> None:
        """Begins to listen to revocations and to post what the spool holds; otherwise the first request does."""
        self._live()

    def close(self, drain_seconds: float = 2) -> None:
        """Gives message logs so long to reach Provost; what is left waits in the spool for the next start."""
        with self._lock:
            running, self._running = self._running, None
        if running:
            running.stop(drain_seconds)

    # Who is calling. `remembered` never waits; what it does not know, `ask` and `ask_soon` find out.

    def admit(self, headers: Callable[[str], Optional[str]], address: Optional[str], guard: Guard, request: Any = None) -> "Caller":
        """Blocks while Provost is asked. Raises `ProvostError` for whoever is not let in."""
        credential = _credential_of(headers("authorization"), headers("x-api-key"))
        found = self._remembered(credential, address)
        identity = found if isinstance(found, Identity) else self._or_outlasting(found, self._ask_soon(found).result)
        caller = Caller(self, identity)
        caller._demand(guard)
        caller._pay(request, guard)
        return caller

    async def admit_async(self, headers: Callable[[str], Optional[str]], address: Optional[str], guard: Guard, request: Any = None) -> "Caller":
        """As `admit`; the event loop goes on meanwhile."""
        credential = _credential_of(headers("authorization"), headers("x-api-key"))
        found = self._remembered(credential, address)
        if isinstance(found, Identity):
            identity = found
        else:
            asked = self._ask_soon(found)
            # Shielded: others may wait for the same answer when this caller goes away.
            with contextlib.suppress(ProvostError):
                await asyncio.shield(asyncio.wrap_future(asked))
            identity = self._or_outlasting(found, asked.result)
        caller = Caller(self, identity)
        caller._demand(guard)
        if guard.consume or guard.reserve:
            await self.in_thread(lambda: caller._pay(request, guard))
        return caller

    def in_thread(self, work: Callable[[], _Answer]) -> Awaitable[_Answer]:
        return asyncio.get_running_loop().run_in_executor(self._live().pool, work)

    def _remembered(self, credential: str, address: Optional[str]) -> Union[Identity, _Look]:
        look = self._look(credential, _address(address))
        if look.needs_keys:
            return look
        return self._live().memory.get(look) or look

    def _look(self, credential: str, address: Optional[str]) -> _Look:
        digest = hashlib.sha256(f"{credential}\n{address}".encode()).digest()
        if credential.startswith("pv_"):
            key_id = id_in_key(credential)
            if key_id is None:
                raise Unauthenticated("api-keys.invalid", _DEAD["api-keys.invalid"])
            return _Look(credential, address, digest, digest, key_id=key_id)
        tokens = self._live().tokens
        if tokens is None:
            return _unchecked(credential, address, digest)
        claims = tokens.known(credential, digest)
        return self._look_at(credential, address, digest, claims) if claims else _Look(credential, address, digest, digest, needs_keys=True)

    def _look_at(self, credential: str, address: Optional[str], digest: bytes, claims: _Claims) -> _Look:
        return _Look(credential, address, digest, (claims.session_id, claims.subject, address), session_id=claims.session_id, claims=claims)

    def _ask_soon(self, look: _Look) -> "Future[Identity]":
        """Callers that bring the same credential at the same time share one question."""
        live = self._live()
        # Who comes after something ended must not be given what was asked before it.
        name = (live.memory.forgotten, look.digest)
        with live.asking:
            asked = live.asked.get(name)
            if asked is None:
                asked = live.asked[name] = live.pool.submit(self._ask, live, look, time.monotonic() + CALL_SECONDS)
                asked.add_done_callback(lambda _: live.asked.pop(name, None))
        return asked

    def _ask(self, live: _Live, look: _Look, deadline: float) -> Identity:
        if look.needs_keys and live.tokens:
            look = self._look_at(look.credential, look.address, look.digest, live.tokens.verify(look.credential, look.digest))
        # Somebody may have asked between our looking and our getting here.
        known = live.memory.get(look)
        if known:
            return known
        mark = live.memory.mark()
        body = {"token" if look.key_id is None else "apiKey": look.credential, **({"ip": look.address} if look.address else {})}
        try:
            identity = live.calls.call("/auth/verify", body, lambda reply: _verified(reply, look, self.options.kinds), deadline)
        except (Unauthenticated, Forbidden) as refusal:
            live.memory.keep_refusal(look, refusal)
            raise
        live.memory.keep(look, identity, mark)
        return identity

    def _or_outlasting(self, look: _Look, result: Callable[[], Identity]) -> Identity:
        try:
            return result()
        except Unavailable as error:
            known = self._live().memory.outlasting(look) if error.code in ("provost.unavailable", "provost.bad-answer") else None
            if known is None:
                raise
            return known

    def _live(self) -> _Live:
        running = self._running
        if running is None:
            with self._lock:
                running = self._running = self._running or _Live(self.options, self._ids)
        return running

    # What they use up. Every call has an Idempotency-Key of its own, so that repeating it counts once.

    def consume(self, user_id: str, cost: Cost) -> "Counted":
        """Counts, or raises `LimitReached` or `InsufficientCredits` and counts nothing."""
        return self._spend("/usage/consume", user_id, cost, 200)

    def reserve(self, user_id: str, hold: Hold) -> "Counted":
        """Holds until `settle` or `release`; `id` of what comes back names it."""
        return self._spend("/usage/reservations", user_id, hold, 201)

    def settle(self, reservation_id: str, credits: int, ttl_seconds: float = 300) -> None:
        """In the background: the client's answer does not wait for it."""
        self._close(reservation_id, "settle", {"credits": credits}, ttl_seconds)

    def release(self, reservation_id: str, ttl_seconds: float = 300) -> None:
        self._close(reservation_id, "release", {}, ttl_seconds)

    def _spend(self, path: str, user_id: str, cost: Cost, status: int) -> "Counted":
        deadline = time.monotonic() + CALL_SECONDS
        return self._live().calls.call(path, {"userId": user_id, **cost}, lambda reply: _counted(reply, status), deadline, self._ids.next())

    def _close(self, reservation_id: str, path: str, body: Mapping[str, int], ttl_seconds: float) -> None:
        live = self._live()
        live.pool.submit(live.close_reservation, _Closing(reservation_id, path, body, self._ids.next(), time.monotonic() + ttl_seconds))

    # Message logs.

    def log(self, **log: Any) -> str:
        """Keeps a conversation; comes back with its id when it is on the disk, from where it gets to Provost whatever happens to this process.

        `user_id`, `model` and `messages` are needed; `id`, `conversation_id`, `prompt_tokens`, `completion_tokens`, `latency_ms`,
        `metadata` and `created_at` as Provost has them. The same id again changes nothing.
        """
        log_id, kept = self._keep(log)
        kept.result()
        return log_id

    async def log_async(self, **log: Any) -> str:
        """As `log`; the event loop goes on meanwhile."""
        log_id, kept = self._keep(log)
        await asyncio.shield(asyncio.wrap_future(kept))
        return log_id

    def _keep(self, log: Mapping[str, Any]) -> Tuple[str, "Future[None]"]:
        spool = self._live().spool
        if spool is None:
            raise ValueError("Say in the options where message logs wait: spool=SpoolOptions(folder)")
        now = datetime.fromtimestamp(self.options.clock(), timezone.utc).isoformat(timespec="milliseconds")
        item = {"id": self._ids.next(), "createdAt": now, **{_camel(name): value for name, value in log.items() if value is not None}}
        payload = _json_bytes(item)
        if len(payload) > MAX_LOG_BYTES:
            raise ProvostError(413, "request.too-large", f"A message log can have {MAX_LOG_BYTES} bytes of JSON.")
        return item["id"], spool.append(payload)

    def _after_fork(self) -> None:
        if self._running and self._running.spool:
            self._running.spool.leave_to_parent()
        # Kept: its connections are the parent's, and are not to be closed from here.
        _of_parents.append(self._running)
        self._running, self._lock, self._ids = None, threading.Lock(), _Ids(self.options.clock)


@dataclass(frozen=True)
class Counted:
    limits: Sequence[Mapping[str, Any]]
    credits: Mapping[str, int]
    headers: Mapping[str, str]
    """`RateLimit` and `RateLimit-Policy`, for the answer."""
    id: Optional[str] = None
    """Of a reservation."""


class Caller:
    """Who is calling, as the application sees it: an `Identity`, what is left to it, and what to do in its name."""

    def __init__(self, provost: Provost, identity: Identity) -> None:
        self.identity = identity
        self.subject, self.kind, self.scopes, self.plan = identity.subject, identity.kind, identity.scopes, identity.plan
        self.key_id, self.session_id, self.stale = identity.key_id, identity.session_id, identity.stale
        self.standing: Optional[Counted] = None
        """What is left after this request was counted; None where nothing was."""
        self._provost = provost
        self._hold: Hold = {}
        self._held_id: Optional[str] = None
        self._spent: Optional[int] = None

    @property
    def headers(self) -> Mapping[str, str]:
        """For the answer: what is left of the limits."""
        return self.standing.headers if self.standing else {}

    def log(self, **log: Any) -> str:
        """As `Provost.log`, of this caller."""
        return self._provost.log(**{"user_id": self.subject, **log})

    async def log_async(self, **log: Any) -> str:
        return await self._provost.log_async(**{"user_id": self.subject, **log})

    def spend(self, credits: int) -> None:
        """What the request cost in the end, where the guard reserves; charged when the answer has ended."""
        self._spent = credits

    def _demand(self, guard: Guard) -> None:
        for scope in guard.scopes:
            if scope not in self.scopes:
                raise Forbidden("access.missing-permission", f'This needs the scope "{scope}".', {"permission": scope})

    def _pay(self, request: Any, guard: Guard) -> None:
        cost = guard.consume(request, self) if callable(guard.consume) else guard.consume
        if cost:
            self.standing = self._provost.consume(self.subject, cost)
        hold = guard.reserve(request, self) if callable(guard.reserve) else guard.reserve
        if hold:
            self.standing = self._provost.reserve(self.subject, hold)
            self._hold, self._held_id = hold, self.standing.id

    def _finish(self, has_succeeded: bool) -> None:
        """Once, at the answer's end: settles what is held."""
        held_id, self._held_id = self._held_id, None
        if held_id is None:
            return
        cost = self._hold.get("credits", 0) if self._spent is None and has_succeeded else self._spent
        ttl_seconds = self._hold.get("ttlSeconds", 300)
        if cost is None:
            self._provost.release(held_id, ttl_seconds)
        else:
            self._provost.settle(held_id, cost, ttl_seconds)


def _unchecked(token: str, address: Optional[str], digest: bytes) -> _Look:
    """Without `cryptography` Provost checks the signature; that it did makes what the token says about itself true."""
    _kid_of(token)
    payload = _json_part(token.split(".")[1])
    session_id = payload.get("sid")
    return _Look(token, address, digest, digest, session_id=session_id if isinstance(session_id, str) else None)


def _counted(reply: _Reply, status: int) -> Counted:
    if reply.status in (403, 404) and reply.code in ("usage.user-not-active", "user.not-found"):
        raise Forbidden("usage.user-not-active", "This user may not use anything at the moment.")
    told = {name: reply.headers[name] for name in ("ratelimit", "ratelimit-policy", "retry-after") if name in reply.headers}
    limits, credits = reply.body.get("limits"), reply.body.get("credits")
    if not isinstance(limits, list) or not isinstance(credits, dict):
        raise ValueError("no standing")
    refused = {(429, "usage.limit-reached"): LimitReached, (402, "usage.insufficient-credits"): InsufficientCredits}.get((reply.status, reply.code))
    if refused:
        raise refused(reply.status, reply.code, str(reply.body.get("detail", "Nothing is left.")), told, {"limits": limits, "credits": credits})
    if reply.status != status or (status == 201 and not isinstance(reply.body.get("id"), str)):
        raise ValueError("not counted")
    return Counted(limits, credits, told, reply.body.get("id"))


def _closed(reply: _Reply) -> None:
    if reply.status >= 300:
        raise ProvostError(reply.status, reply.code, f"A reservation was not settled: {reply.code}.")


def _camel(name: str) -> str:
    return re.sub("_([a-z])", lambda match: match[1].upper(), name)


def _json_bytes(item: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(item, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # Half a character: escaped it is still JSON, and Provost says what it thinks of it.
        return json.dumps(item, allow_nan=False, separators=(",", ":")).encode()


_instances: "weakref.WeakSet[Provost]" = weakref.WeakSet()
_of_parents: List[Any] = []
_forking: List[Spool] = []


def _before_fork() -> None:
    for instance in list(_instances):
        if instance._running and instance._running.spool:
            instance._running.spool.forking.acquire()
            _forking.append(instance._running.spool)


def _after_fork_in_parent() -> None:
    while _forking:
        _forking.pop().forking.release()


def _after_fork_in_child() -> None:
    _forking.clear()
    for instance in list(_instances):
        instance._after_fork()


def _exit() -> None:
    for instance in list(_instances):
        instance.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
atexit.register(_exit)


# --- frameworks

Scope = MutableMapping[str, Any]
GuardOf = Union[Guard, Callable[[str, str], Optional[Guard]]]
"""What is asked of every request, or a function of its method and path that answers it; None lets everybody in."""


def _guard_of(guard: GuardOf, method: str, path: str) -> Optional[Guard]:
    return guard if isinstance(guard, Guard) else guard(method, path)


class AsgiMiddleware:
    """For FastAPI, Starlette and whatever else speaks ASGI. The caller is `request.state.provost` and `scope["provost"]`, None
    where everybody is let in."""

    def __init__(self, app: Callable[..., Awaitable[None]], provost: Provost, guard: GuardOf = Guard()) -> None:
        self.app, self.provost, self.guard = app, provost, guard

    async def __call__(self, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, self._closing(send))
            return
        guard = _guard_of(self.guard, scope.get("method", "GET"), scope["path"]) if scope["type"] in ("http", "websocket") else None
        if guard is None:
            await self.app(_introduced(scope, None), receive, send)
            return
        try:
            caller = await self.provost.admit_async(_asgi_headers(scope), (scope.get("client") or [None])[0], guard, scope)
        except ProvostError as error:
            await _refuse_asgi(error, scope, receive, send)
            return
        await self._serve(caller, scope, receive, send)

    async def _serve(self, caller: Caller, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        status, is_complete = 500, scope["type"] == "websocket"

        async def telling(message: Any) -> None:
            nonlocal status, is_complete
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), *_raw(caller.headers.items())]}
            await send(message)
            if message["type"] == "http.response.body":
                is_complete = not message.get("more_body", False)
            elif message["type"] == "websocket.accept":
                status = 101

        try:
            await self.app(_introduced(scope, caller), receive, telling)
        except BaseException:
            is_complete = False
            raise
        finally:
            caller._finish(is_complete and status < 500)

    def _closing(self, send: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
        async def closing(message: Any) -> None:
            if message["type"] == "lifespan.startup.complete":
                self.provost.start()
            elif message["type"].startswith("lifespan.shutdown."):
                await asyncio.get_running_loop().run_in_executor(None, self.provost.close)
            await send(message)

        return closing


def _introduced(scope: Scope, caller: Optional[Caller]) -> Scope:
    return {**scope, "provost": caller, "state": {**scope.get("state", {}), "provost": caller}}


def _asgi_headers(scope: Scope) -> Callable[[str], Optional[str]]:
    def header(name: str) -> Optional[str]:
        return next((value.decode("latin-1") for key, value in scope["headers"] if key == name.encode()), None)

    return header


async def _refuse_asgi(error: ProvostError, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    status, headers, content = error.answer(scope["path"])
    await send({"type": "http.response.start", "status": status, "headers": _raw(headers)})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})


def _raw(headers: Iterable[Tuple[str, str]]) -> List[Tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class WsgiMiddleware:
    """For whatever speaks WSGI. The caller is `environ["provost"]`."""

    def __init__(self, app: Callable[..., Iterable[bytes]], provost: Provost, guard: GuardOf = Guard()) -> None:
        self.app, self.provost, self.guard = app, provost, guard

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        guard = _guard_of(self.guard, environ["REQUEST_METHOD"], path)
        if guard is None:
            return self.app(environ, start_response)
        try:
            caller = self.provost.admit(_wsgi_headers(environ), environ.get("REMOTE_ADDR"), guard, environ)
        except ProvostError as error:
            status, headers, content = error.answer(path)
            start_response(f"{status} {http.HTTPStatus(status).phrase}", headers)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]
        return _serve_wsgi(self.app, caller, {**environ, "provost": caller}, start_response)


def _serve_wsgi(app: Callable[..., Iterable[bytes]], caller: Caller, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    answer = _WsgiAnswer(caller)

    def starting(status: str, headers: List[Tuple[str, str]], *error: Any) -> Any:
        answer.has_succeeded = not status.startswith("5")
        return start_response(status, [*headers, *caller.headers.items()], *error)

    try:
        answer.parts = app(environ, starting)
    except BaseException:
        caller._finish(False)
        raise
    return answer


class _WsgiAnswer:
    """What the application answers; servers call `close` when it was sent, or broken off."""

    def __init__(self, caller: Caller) -> None:
        self.parts: Iterable[bytes] = ()
        self.has_succeeded = False
        self._caller = caller
        self._is_complete = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self.parts
        self._is_complete = True

    def close(self) -> None:
        try:
            getattr(self.parts, "close", lambda: None)()
        finally:
            self._caller._finish(self.has_succeeded and self._is_complete)


def _wsgi_headers(environ: Mapping[str, Any]) -> Callable[[str], Optional[str]]:
    return lambda name: environ.get(f"HTTP_{name.upper().replace('-', '_')}")


def protect_flask(app: Any, provost: Provost, guard: GuardOf = Guard()) -> None:
    """For Flask. The caller is `flask.g.provost`, and `environ["provost"]`; None where everybody is let in."""
    import flask

    app.wsgi_app = WsgiMiddleware(app.wsgi_app, provost, guard)

    @app.before_request
    def _introduce() -> None:
        flask.g.provost = flask.request.environ.get("provost")


def django_middleware(get_response: Callable[..., Any]) -> Callable[..., Any]:
    """For Django, sync and async: `MIDDLEWARE = ["provost.django_middleware", …]`. Reads `PROVOST` and, if there is one, `PROVOST_GUARD` of
    the settings: a `Provost` and a guard. The caller is `request.provost`, None where everybody is let in."""
    from django.conf import settings

    try:
        from asgiref.sync import iscoroutinefunction
    except ImportError:
        from asyncio import iscoroutinefunction

    provost: Provost = settings.PROVOST
    guard: GuardOf = getattr(settings, "PROVOST_GUARD", Guard())

    def prepared(request: Any) -> Tuple[Optional[Guard], Callable[[str], Optional[str]], Optional[str]]:
        request.provost = None
        return _guard_of(guard, request.method, request.path), request.headers.get, request.META.get("REMOTE_ADDR")

    async def asynchronous(request: Any) -> Any:
        asked, headers, address = prepared(request)
        if asked is None:
            return await get_response(request)
        try:
            request.provost = await provost.admit_async(headers, address, asked, request)
        except ProvostError as error:
            return _refuse_django(error, request)
        try:
            return _finishing(request.provost, await get_response(request))
        except BaseException:
            request.provost._finish(False)
            raise

    def synchronous(request: Any) -> Any:
        asked, headers, address = prepared(request)
        if asked is None:
            return get_response(request)
        try:
            request.provost = provost.admit(headers, address, asked, request)
        except ProvostError as error:
            return _refuse_django(error, request)
        try:
            return _finishing(request.provost, get_response(request))
        except BaseException:
            request.provost._finish(False)
            raise

    return asynchronous if iscoroutinefunction(get_response) else synchronous


django_middleware.sync_capable = django_middleware.async_capable = True  # type: ignore[attr-defined]


def _refuse_django(error: ProvostError, request: Any) -> Any:
    from django.http import HttpResponse

    status, headers, content = error.answer(request.path)
    answer = HttpResponse(content, status=status)
    for name, value in headers:
        answer[name] = value
    return answer


def _finishing(caller: Caller, response: Any) -> Any:
    close = response.close

    def closing() -> None:
        try:
            close()
        finally:
            caller._finish(response.status_code < 500)

    response.close = closing
    for name, value in caller.headers.items():
        response[name] = value
    return response
