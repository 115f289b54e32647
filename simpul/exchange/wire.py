"""Sending one event to an address that somebody else chose: encrypted, signed, never inwards, never redirected, never for long.

The name is looked up once, every address it has is judged, and the connection goes to the address that was judged, so that a
name which answers differently a moment later changes nothing. The answer's body is not read: its status is enough.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Sequence

from django.conf import settings

from simpul.exchange import rules

CONNECT_SECONDS = 5.0
LONGEST_SECONDS = 15.0


class TargetRefused(Exception):  # noqa: N818 - an answer, not a fault
    """The address is one that is never called; the words name no person."""


class Unreachable(Exception):  # noqa: N818
    """Nothing answered, or not as a web server does."""


def allowed_networks() -> list[rules.Network]:
    """Networks inside the walls that this installation lets subscribers stand in (``SIMPUL_WEBHOOK_NETWORKS``)."""
    return [ipaddress.ip_network(name, strict=False) for name in settings.SIMPUL_WEBHOOK_NETWORKS]


def addresses_of(target: rules.Target) -> list[str]:
    """The addresses of a target, when each of them may be called.

    Raises:
        Unreachable: the name is not known.
        TargetRefused: one of its addresses is never called, or is outside and the target is not encrypted.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unreachable("name not found") from fault
    names = list(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in found))
    allowed = allowed_networks()
    for name in names:
        address = ipaddress.ip_address(name)
        if not rules.may_call(address, allowed):
            raise TargetRefused("address inside the walls")
        if not target.secure and not rules.is_inner(address, allowed):
            raise TargetRefused("not encrypted")
    return names


def post(target: rules.Target, body: bytes, headers: dict[str, str]) -> int:
    """Send and return the status of the answer.

    Raises:
        TargetRefused, Unreachable.
    """
    addresses = addresses_of(target)
    connection = _connect(target, addresses)
    watchdog = threading.Timer(LONGEST_SECONDS, _cut, args=(connection,))
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("POST", target.path, body=body, headers=headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise Unreachable(type(fault).__name__) from fault
    finally:
        watchdog.cancel()
        connection.close()


def _connect(target: rules.Target, addresses: Sequence[str]) -> http.client.HTTPConnection:
    """A connection to one of the judged addresses; over TLS the certificate is held against the name, not the address."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=CONNECT_SECONDS)
    connection.auto_open = 0  # it never connects by itself: that would ask for the name again
    connection.default_port = (
        443 if target.secure else 80
    )  # the usual port is not part of the name it is called by
    fault: OSError | None = None
    for address in addresses[:3]:
        try:
            plain = socket.create_connection((address, target.port), timeout=CONNECT_SECONDS)
        except OSError as found:
            fault = found
            continue
        try:
            connection.sock = _encrypted(plain, target.host) if target.secure else plain
        except OSError as found:
            plain.close()
            fault = found
            continue
        return connection
    raise Unreachable(type(fault).__name__ if fault else "no address") from fault


def _encrypted(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a connection that drips: whoever waits for it gets an error at once."""
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
