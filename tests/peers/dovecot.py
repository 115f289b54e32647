"""A real IMAP server (Dovecot) with one mailbox, in a folder of the test."""

from __future__ import annotations

import getpass
import grp
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imap_tools import MailBoxUnencrypted

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
USER, PASSWORD = "pengaduan", "rahasia-contoh"

CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = {login}
default_internal_user = {login}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{root}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """Where the mailbox is."""

    host: str
    port: int
    root: Path

    def put(self, mail: bytes) -> None:
        """Lay a mail into the mailbox, as a mail server would after receiving it."""
        with MailBoxUnencrypted(self.host, self.port).login(USER, PASSWORD) as box:
            box.append(mail, "INBOX")

    def unseen(self) -> int:
        """How many mails nobody has looked at."""
        with MailBoxUnencrypted(self.host, self.port).login(USER, PASSWORD) as box:
            return len(box.uids("UNSEEN"))


@contextmanager
def imap_server(root: Path) -> Iterator[ImapServer]:
    """Start Dovecot in the foreground, wait until it answers, and stop it afterwards."""
    if PROGRAM is None:
        raise RuntimeError("The mail tests need Dovecot:  sudo apt-get install -y dovecot-imapd")
    root.chmod(0o755)
    as_root = os.geteuid() == 0
    uid, gid = (65534, 65534) if as_root else (os.getuid(), os.getgid())
    for name in ("mail", "home", "run", "state"):
        (root / name).mkdir()
        if name in ("mail", "home") and as_root:
            os.chown(root / name, uid, gid)
    login = "nobody" if as_root else getpass.getuser()
    port = _free_port()
    config = root / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            root=root,
            port=port,
            password=PASSWORD,
            uid=uid,
            gid=gid,
            login=login,
            group=grp.getgrgid(gid).gr_name,
        )
    )
    server = subprocess.Popen([PROGRAM, "-F", "-c", str(config)])
    try:
        _wait_for(port, server, root / "dovecot.log")
        yield ImapServer("127.0.0.1", port, root)
    finally:
        server.terminate()
        server.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0 and probe.recv(4) == b"* OK":
                return
        time.sleep(0.05)
    raise RuntimeError(f"Dovecot did not start: {log.read_text() if log.exists() else 'no log'}")
