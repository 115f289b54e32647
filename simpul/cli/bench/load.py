"""The other side of a benchmark: people with browsers, in a process of their own, with the standard library alone.

Run as a script it reads one job as JSON on standard input and prints what it measured as JSON. Each client is a thread with one
kept-alive connection, its own cookies and the form's token, as a browser has them. Only the answer that a job measures is timed.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
WARM_UP = 3
_PATIENCE = 120.0


class UnexpectedError(RuntimeError):
    """The server answered something that is not what a benchmark of this page may measure."""


@dataclass
class Answer:
    """What came back: status, where it leads, the page."""

    status: int
    location: str
    text: str
    seconds: float


@dataclass
class Browser:
    """One person's browser: a kept-alive connection, cookies, and the token of the last form."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _line: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._send("GET", path, None)

    def post(self, path: str, values: dict[str, Any]) -> Answer:
        """Send a form with its token."""
        return self._send("POST", path, urlencode({"csrfmiddlewaretoken": self.token, **values}, doseq=True))

    def _send(self, method: str, path: str, body: str | None) -> Answer:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        headers = {
            "Host": f"127.0.0.1:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self.port}",
            }
        begun = time.perf_counter()
        try:
            self._line.request(method, path, body, headers)
            response = self._line.getresponse()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            self._line.close()  # the server gave up a line that rested too long: as a browser does, once more on a new one
            self._line.request(method, path, body, headers)
            response = self._line.getresponse()
        data = response.read()
        took = time.perf_counter() - begun
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        text = data.decode("utf-8", "replace") if "html" in (response.getheader("Content-Type") or "") else ""
        found = _TOKEN.search(text)
        self.token = found.group(1) if found else self.token
        where = urlsplit(response.getheader("Location") or "")
        return Answer(response.status, where.path + (f"?{where.query}" if where.query else ""), text, took)


# --- what clients do --------------------------------------------------------------------------------------------------


def read_page(browser: Browser, path: str) -> float:
    """One page that must be there."""
    answer = browser.get(path)
    if answer.status != 200:
        raise UnexpectedError(f"GET {path}: {answer.status} {answer.location}")
    return answer.seconds


def walk_report(browser: Browser, job: dict[str, Any]) -> tuple[float, int]:
    """Every page of a report but the last button, as a person goes through them; the seconds waited and the pages seen."""
    browser.cookies.clear()
    waited, pages = 0.0, 0
    first = browser.get(job["start"])
    if first.status != 200:
        raise UnexpectedError(f"GET {job['start']}: {first.status} {first.location}")
    waited, pages = first.seconds, 1
    for path, values in job["pages"]:
        answer = browser.post(path, values)
        if answer.status != 302:
            raise UnexpectedError(f"POST {path}: {answer.status}")
        onward = browser.get(answer.location)
        waited, pages = waited + answer.seconds + onward.seconds, pages + 2
        if onward.status == 302:  # a page that has nothing to ask leads on by itself
            onward = browser.get(onward.location)
            waited, pages = waited + onward.seconds, pages + 1
        if onward.status != 200:
            raise UnexpectedError(f"GET {answer.location}: {onward.status}")
    return waited, pages


def send_report(browser: Browser, job: dict[str, Any]) -> float:
    """The last button of a report: the matter is taken in and its receipt given."""
    answer = browser.post(job["last"], {})
    if answer.status != 302 or job["receipt"] not in answer.location:
        raise UnexpectedError(f"POST {job['last']}: {answer.status} {answer.location}")
    return answer.seconds


def take_in(browser: Browser, job: dict[str, Any]) -> float:
    """The counter's one page, sent with keys of its own."""
    answer = browser.post(job["path"], {**job["values"], "case_id": str(uuid4()), "visit_id": str(uuid4())})
    if answer.status != 302:
        raise UnexpectedError(f"POST {job['path']}: {answer.status} {_complaints(answer.text)}")
    return answer.seconds


def follow(browser: Browser, job: dict[str, Any], number: str, pin: str) -> float:
    """Number and PIN, then the matter: what a person at home waits for."""
    browser.cookies.clear()
    browser.get(job["path"])
    proved = browser.post(job["path"], {"number": number, "pin": pin})
    if proved.status != 302:
        raise UnexpectedError(f"POST {job['path']}: {proved.status} {_complaints(proved.text)}")
    return proved.seconds + read_page(browser, proved.location)


def _complaints(text: str) -> str:
    """What a refused form said."""
    found = re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)</', text, re.DOTALL)
    return " | ".join(re.sub(r"<[^>]+>|\s+", " ", part).strip() for part in found)[:400]


# --- clients at once --------------------------------------------------------------------------------------------------


@dataclass
class Result:
    """What all clients of a job measured."""

    times: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    extra: dict[str, float] = field(default_factory=dict)
    fault: str = ""


def measure(job: dict[str, Any]) -> Result:
    """Let the clients of a job begin together and work for its seconds."""
    result = Result()
    begin = threading.Barrier(job["clients"] + 1)
    threads = [
        threading.Thread(target=_client, args=(job, place, begin, result), daemon=True)
        for place in range(job["clients"])
    ]
    for thread in threads:
        thread.start()
    try:
        begin.wait(_PATIENCE * 5)
        started = time.perf_counter()
        for thread in threads:
            thread.join()
        result.elapsed = time.perf_counter() - started
    except threading.BrokenBarrierError:
        result.fault = result.fault or "the clients did not get ready in time"
    return result


def _client(job: dict[str, Any], place: int, begin: threading.Barrier, result: Result) -> None:
    try:
        turn = _MAKERS[job["scenario"]](job, place, result)
        begin.wait(_PATIENCE * 5)
        until = time.perf_counter() + job["seconds"]
        while time.perf_counter() < until:
            took = turn()
            if took is None:
                break
            result.times.append(took)
    except (UnexpectedError, OSError, http.client.HTTPException) as fault:
        result.fault = f"{type(fault).__name__}: {fault}"
        begin.abort()


def _reader(job: dict[str, Any], place: int, _result: Result) -> Any:
    browser = Browser(job["port"], dict(job.get("cookies", {})))
    paths = job["paths"]
    seen = [place]
    for path in paths[:WARM_UP]:
        read_page(browser, path)

    def turn() -> float:
        seen[0] += job["clients"]
        return read_page(browser, paths[seen[0] % len(paths)])

    return turn


def _sender(job: dict[str, Any], _place: int, result: Result) -> Any:
    """Drafts of as many people are written before the clock starts, so that what is timed is the taking in."""
    browser, ready = Browser(job["port"]), []
    for _draft in range(job["drafts"]):
        waited, pages = walk_report(browser, job)
        for name, value in (("walk_seconds", waited), ("walk_pages", pages), ("walks", 1)):
            result.extra[name] = result.extra.get(name, 0.0) + value
        ready.append((dict(browser.cookies), browser.token))

    def turn() -> float | None:
        if not ready:
            return None
        browser.cookies, browser.token = ready.pop()
        return send_report(browser, job)

    turn()
    return turn


def _counter(job: dict[str, Any], _place: int, _result: Result) -> Any:
    browser = Browser(job["port"], dict(job["cookies"]))
    browser.get(job["path"])
    for _turn in range(WARM_UP):
        take_in(browser, job)
    return lambda: take_in(browser, job)


def _follower(job: dict[str, Any], place: int, _result: Result) -> Any:
    browser = Browser(job["port"])
    seen = [place]

    def turn() -> float:
        seen[0] += job["clients"]
        number, pin = job["receipts"][seen[0] % len(job["receipts"])]
        return follow(browser, job, number, pin)

    turn()
    return turn


PHONE_ID = "108880001"


def delivery_body(mark: str, number: int) -> bytes:
    """A delivery of WhatsApp with one message, as it comes when somebody writes two lines."""
    message = {
        "from": f"62812{number % 10_000:08}",
        "id": f"wamid.{mark}.{number}",
        "timestamp": "1795600000",
        "type": "text",
        "text": {"body": "Jembatan di dusun kami putus sejak semalam, anak-anak tidak bisa ke sekolah."},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "62426", "phone_number_id": PHONE_ID},
        "contacts": [{"profile": {"name": "Nurhayati"}, "wa_id": message["from"]}],
        "messages": [message],
    }
    entry = {"id": "waba", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _deliverer(job: dict[str, Any], place: int, _result: Result) -> Any:
    """A provider: its own kept-alive connection, every delivery signed and another one."""
    line = http.client.HTTPConnection("127.0.0.1", job["port"], timeout=_PATIENCE)
    seen = [place]

    def turn() -> float:
        seen[0] += job["clients"]
        body = delivery_body(job["mark"], seen[0])
        signed = hmac.new(job["secret"].encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signed}"}
        begun = time.perf_counter()
        line.request("POST", job["path"], body, headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise UnexpectedError(f"POST {job['path']}: {answer.status}")
        return time.perf_counter() - begun

    for _turn in range(WARM_UP):
        turn()
    return turn


_MAKERS = {
    "deliver": _deliverer,
    "read": _reader,
    "send": _sender,
    "counter": _counter,
    "follow": _follower,
}


if __name__ == "__main__":
    found = measure(json.load(sys.stdin))
    json.dump(
        {"times": found.times, "elapsed": found.elapsed, "extra": found.extra, "fault": found.fault},
        sys.stdout,
    )
