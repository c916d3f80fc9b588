"""A Provost that misbehaves on demand, as clients/vectors/README.md describes it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import struct
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple
from uuid import uuid4

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from provost import id_in_key
from real_provost import free_port

VECTORS = Path(__file__).parents[2] / "vectors"


def vectors(name: str) -> Dict[str, Any]:
    return json.loads((VECTORS / f"{name}.json").read_text())


TOKENS = vectors("tokens")
KEYS: Dict[str, Dict[str, str]] = TOKENS["keys"]
HEAD = vectors("failures")
USER = {"active": True, "subject": HEAD["subject"], "kind": "user", "scopes": ["usage:read", "messages:write"], "plan": "free", "limits": []}
STANDING = {"limits": [{"name": "conversations", "limit": 50, "used": 50, "remaining": 0, "resetsAt": "2030-01-01T00:00:00.000Z"}], "credits": {"balance": 0}}


ROUTES = {
    "verify": "verify", "jwks.json": "jwks", "revocations": "revocations", "consume": "consume", "message-logs": "logs",
    "reservations": "reserve", "settle": "close", "release": "close",
}


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private_key(name: str) -> ec.EllipticCurvePrivateKey:
    x, y, d = (int.from_bytes(decoded(KEYS[name][part]), "big") for part in "xyd")
    return ec.EllipticCurvePrivateNumbers(d, ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1())).private_key()


def signature_of(signed: bytes, way: str, key: str) -> str:
    if way == "none":
        return ""
    if way == "HS256":
        pem = private_key("current").public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return encoded(hmac.new(pem, signed, hashlib.sha256).digest())
    der = private_key(key).sign(signed, ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    if way == "der":
        return encoded(der)
    if way == "flipped":
        return encoded(bytes([raw[0] ^ 1]) + raw[1:])
    text = encoded(raw)
    return text[:-1] + chr(ord(text[-1]) + 1) if way == "respelled" else text


def merged(base: Dict[str, Any], changes: Dict[str, Any]) -> Dict[str, Any]:
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def token_of(case: Dict[str, Any], now: int, claims: Optional[Dict[str, Any]] = None) -> str:
    header = merged(TOKENS["header"], case.get("header", {}))
    payload = merged({**TOKENS["claims"], **(claims or {})}, case.get("claims", {}))
    for name in ("iat", "exp", "nbf"):
        if isinstance(payload.get(name), (int, float)):
            payload[name] += now
    texts = [case.get("headerText") or json.dumps(header, separators=(",", ":")), case.get("payloadText") or json.dumps(payload, separators=(",", ":"))]
    signed = ".".join(encoded(text.encode()) for text in texts)
    return f"{signed}.{signature_of(signed.encode(), case.get('signature', 'ES256'), case.get('key', 'current'))}{case.get('suffix', '')}"


class FakeProvost:
    def __init__(self) -> None:
        self.lock = threading.Condition()
        self.modes: Dict[str, List[str]] = {}
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.under_way: Counter[str] = Counter()
        self.revoked: List[Dict[str, Any]] = []
        self.published = ["current"]
        self.consumed: Dict[str, int] = {}
        self.closed: Dict[str, Any] = {}
        self.arrived: List[str] = []
        self.largest_batch = 0
        self.verify_answer: Optional[Dict[str, Any]] = None
        self.is_over = False
        self.connections: List[socket.socket] = []
        self.port = free_port()
        self.go_up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def go_up(self) -> None:
        self.server = _Server(("127.0.0.1", self.port), self)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def go_down(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        with self.lock:
            cut, self.connections = self.connections, []
        for connection in cut:
            _reset(connection)

    def close(self) -> None:
        self.is_over = True
        with self.lock:
            self.lock.notify_all()
        self.go_down()

    def mode(self, route: str) -> str:
        with self.lock:
            modes = self.modes.get(route, ["ok"])
            return modes.pop(0) if len(modes) > 1 else modes[0]

    def credential(self, name: str) -> str:
        now = int(time.time())
        session = {"iss": self.url, "sub": HEAD["subject"], "sid": HEAD["session"], "jti": str(uuid4())}
        if name in ("apiKey", "otherKey"):
            return HEAD[name]
        if name == "nextToken":
            return token_of({"key": "next", "header": {"kid": "test-next"}}, now, {**session, "sid": str(uuid4())})
        if name == "forgedToken":
            return token_of({"key": "foreign"}, now, session)
        if name == "unknownKidToken":
            return token_of({"key": "foreign", "header": {"kid": str(uuid4())}}, now, session)
        return token_of({}, now, session)

    # What the routes answer when they are well.

    def verify(self, body: Dict[str, Any]) -> Tuple[int, Any]:
        if "token" in body:
            claims = json.loads(decoded(body["token"].split(".")[1]))
            is_dead = self._is_revoked("session", claims["sid"]) or self._is_revoked("principal", claims["sub"])
            return 200, {"active": False, "reason": "auth.session-ended"} if is_dead else USER
        key_id = id_in_key(body["apiKey"])
        is_dead = body["apiKey"] not in (HEAD["apiKey"], HEAD["otherKey"]) or self._is_revoked("key", key_id) or self._is_revoked("principal", HEAD["subject"])
        return 200, {"active": False, "reason": "api-keys.invalid"} if is_dead else USER

    def _is_revoked(self, kind: str, each: Optional[str]) -> bool:
        return any(entry["kind"] == kind and entry["id"] == each for entry in self.revoked)

    def revocations(self, query: Dict[str, str]) -> Tuple[int, Any]:
        with self.lock:
            if "cursor" not in query:
                return 200, {"data": [], "cursor": f"{len(self.revoked)}-start"}
            seen = int(query["cursor"].split("-")[0])
            self.lock.wait_for(lambda: len(self.revoked) > seen or self.is_over, float(query["waitSeconds"]))
            return 200, {"data": self.revoked[seen:], "cursor": f"{len(self.revoked)}-start"}

    def consume(self, body: Dict[str, Any], idempotency_key: str) -> Tuple[int, Any]:
        self.consumed[idempotency_key] = body.get("conversations", 1)
        return 200, STANDING

    def take(self, body: Dict[str, Any]) -> Tuple[int, Any]:
        items = body["items"]
        ids = [item["id"] for item in items]
        if any(each.startswith("poison-") for each in ids):
            return 400, {"status": 400, "code": "validation.failed"}
        with self.lock:
            self.largest_batch = max(self.largest_batch, len(items))
            bad = [index for index, each in enumerate(ids) if each.startswith("bad-")]
            fresh = [each for each in ids if not each.startswith("bad-") and each not in self.arrived]
            self.arrived += fresh
        rejected = [{"index": index, "problem": {"status": 400, "code": "validation.failed"}} for index in bad]
        return 202, {"accepted": len(fresh), "duplicates": len(ids) - len(fresh) - len(bad), "rejected": rejected, "ids": ids}


def _reset(connection: socket.socket) -> None:
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: Tuple[str, int], fake: FakeProvost) -> None:
        self.fake = fake
        super().__init__(address, _Handler)

    def handle_error(self, *_: Any) -> None:
        """Cut connections are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        with self.server.fake.lock:
            self.server.fake.connections.append(self.connection)

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        self._serve(json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}"))

    def _serve(self, body: Dict[str, Any]) -> None:
        fake = self.server.fake
        path, _, query_text = self.path.partition("?")
        route = ROUTES[path.rsplit("/", 1)[1]]
        with fake.lock:
            fake.asked[route] += 1
            fake.under_way[route] += 1
            fake.lock.notify_all()
        try:
            self._respond(fake, route, body, query_text)
        finally:
            with fake.lock:
                fake.under_way[route] -= 1

    def _respond(self, fake: FakeProvost, route: str, body: Dict[str, Any], query_text: str) -> None:
        mode = fake.mode(route)
        if mode == "slow":
            time.sleep(10)
        if mode in ("slow", "reset"):
            return self._cut()
        if mode in ("ok", "lost-answer"):
            status, answer = self._answer(fake, route, body, dict(pair.split("=") for pair in query_text.split("&") if pair))
            if mode == "lost-answer":
                return self._cut()
            self._send(status, answer, {})
        else:
            self._misbehave(route, mode)
        with fake.lock:
            fake.answered[route] += 1
            fake.lock.notify_all()

    def _answer(self, fake: FakeProvost, route: str, body: Dict[str, Any], query: Dict[str, str]) -> Tuple[int, Any]:
        if route == "jwks":
            return 200, {"keys": [{**{name: KEYS[each][name] for name in ("kty", "crv", "x", "y", "kid")}, "use": "sig", "alg": "ES256"} for each in fake.published]}
        if route == "revocations":
            return fake.revocations(query)
        if route == "consume":
            return fake.consume(body, self.headers["idempotency-key"])
        if route == "logs":
            return fake.take(body)
        if route == "reserve":
            return 201, {"id": str(uuid4()), **STANDING}
        if route == "close":
            fake.closed[self.headers["idempotency-key"]] = body.get("credits", "released")
            return 200, {}
        if fake.verify_answer is None:
            return fake.verify(body)
        given = fake.verify_answer
        self.extra = given.get("headers", {})
        return given["status"], given["body"]

    extra: Dict[str, str] = {}

    def _misbehave(self, route: str, mode: str) -> None:
        if mode == "garbage":
            self._send(200, "<html>Welcome</html>", {"content-type": "text/html"})
        elif mode == "limit-reached":
            self._send(429, {"status": 429, "code": "usage.limit-reached", "detail": "The limit is reached.", **STANDING}, {"retry-after": "3600"})
        elif mode == "insufficient-credits":
            self._send(402, {"status": 402, "code": "usage.insufficient-credits", "detail": "Not enough.", **STANDING}, {})
        else:
            self._send(int(mode), {"status": int(mode), "code": "some.problem"}, {"retry-after": "1" if route == "logs" else "7"} if mode == "429" else {})

    def _send(self, status: int, body: Any, headers: Dict[str, str]) -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(content)), **headers, **self.extra}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _cut(self) -> None:
        self.close_connection = True
        _reset(self.connection)
