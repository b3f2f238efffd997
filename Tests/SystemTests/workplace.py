"""callbackd at work in a directory of the host, with its disk and its mail program in the hands of the test.

Whoever drops keeps book: a message counts as dropped when its rename was synced. What callbackd made of all that is read from
the outside, by callbackctl, the receipts, and what the mail program wrote down on another disk.
"""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from roots import REPOSITORY, Trouble

BINARIES = REPOSITORY / ".build/release"
# As in systemd/callbackd.service.
WATCHDOG_SECONDS = 30

CONFIGURATION = """
[site]
time_zone = "UTC"
fallback = "chen"

[paths]
spool = "{disk}/spool"
state = "{state}"
run = "{place}/run"

[spool]
settle = "0s"
poll = "2s"

[mail]
sendmail = "{place}/sendmail"
from = "callbacks@riverside.example"
digest_over = 1000

[[person]]
id = "chen"
email = "chen@riverside.example"

[[service]]
id = "night-desk"
phone = "+1 555 010 9000"

[[account]]
id = "riverside"
recipient = "chen"
"""

POLICY = """
[[policy]]
urgency = "{urgency}"
call_back_within = "15m"
own_within = "15m"
finish_within = "1h"
announce = []
step = [ {{ after = "0m", notify = ["recipient"] }} ]
"""

# Writes down which mail it was given, and takes it.
SENDMAIL = """#!/bin/sh
sed -n 's/^Message-I[Dd]: *//p' >>{place}/mails
"""


def overdue(ref):
    """A message whose promise has passed, so that it is told as soon as it is in."""
    taken = datetime.now(timezone.utc) - timedelta(hours=1)
    return (
        f"Ref: {ref}\nCaller: C{ref}\nCallback: 555-0{ref[1:]}\nPatient: P{ref}\nUrgency: emergency\n"
        f"Taken: {taken:%Y-%m-%d %H:%M}\n\nText of {ref}.\n"
    )


class Workplace:
    def __init__(self, place, disk, state=None, policies=None):
        """`disk` holds the spool, and the state too unless that has a directory of its own. `policies`: instead of POLICY."""
        self.place = Path(place)
        self.disk = Path(disk)
        self.state = Path(state or self.disk / "state")
        self.log = self.place / "log"
        self.dropped = set()
        self.sequence = 0
        self.watchdogs = 0
        self._daemon = None
        policies = policies or "".join(POLICY.format(urgency=urgency) for urgency in ("emergency", "urgent", "routine"))
        (self.place / "callbackd.toml").write_text(CONFIGURATION.format(disk=disk, state=self.state, place=place) + policies)
        sendmail = self.place / "sendmail"
        sendmail.write_text(SENDMAIL.format(place=place))
        sendmail.chmod(0o755)
        (self.place / "mails").touch()
        self.incoming = self.disk / "spool/incoming"
        for directory in ("incoming", "work", "accepted", "rejected", "notifications", "answers"):
            (self.disk / "spool" / directory).mkdir(parents=True)
        self.state.mkdir(mode=0o700)
        os.sync()

    # ---- The daemon

    @property
    def process(self):
        return self._daemon.pid

    def start(self, seconds=60):
        """Starts it as systemd would, and returns after how many seconds it was ready."""
        path = self.place / "notify"
        path.unlink(missing_ok=True)
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.bind(str(path))
        since = time.monotonic()
        with self.log.open("ab") as log:
            self._daemon = subprocess.Popen(
                [BINARIES / "callbackd", "--config", self.place / "callbackd.toml"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={"PATH": "/usr/bin:/bin", "NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": f"{WATCHDOG_SECONDS}000000"},
            )
        ready, self.heard = threading.Event(), None
        threading.Thread(target=self._listen, args=(manager, self._daemon, ready), daemon=True).start()
        while time.monotonic() - since < seconds:
            if ready.wait(0.02):
                return time.monotonic() - since
            if self._daemon.poll() is not None:
                raise Trouble(f"callbackd ended with {self._daemon.returncode} at its start:\n{self.last_words()}")
        raise Trouble(f"callbackd was not ready after {seconds} s:\n{self.last_words()}")

    def _listen(self, manager, daemon, ready):
        """Hears what the daemon tells systemd, until it ends: a manager that does not listen would hold it up."""
        with manager:
            manager.settimeout(0.05)
            while daemon.poll() is None:
                try:
                    said = manager.recv(4096).split(b"\n")
                except TimeoutError:
                    continue
                if b"READY=1" in said or b"WATCHDOG=1" in said:
                    self.heard = time.monotonic()
                if b"READY=1" in said:
                    ready.set()

    @property
    def is_silent(self):
        """Whether systemd would end it now: it has not said that all stages make progress."""
        return time.monotonic() - self.heard > WATCHDOG_SECONDS

    def refused(self, seconds=30):
        """The code with which a start ends that must fail."""
        with self.log.open("ab") as log:
            done = subprocess.run(
                [BINARIES / "callbackd", "--config", self.place / "callbackd.toml"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=seconds, env={"PATH": "/usr/bin:/bin"},
            )
        if done.returncode <= 0:
            raise Trouble(f"callbackd was to refuse to start, and ended with {done.returncode}:\n{self.last_words()}")
        return done.returncode

    def ended(self):
        """The exit code of a daemon that ended by itself, or None."""
        return self._daemon.poll()

    def kill(self):
        if self._daemon and self._daemon.poll() is None:
            os.killpg(self._daemon.pid, signal.SIGKILL)
            self._daemon.wait()

    def stop(self):
        self._daemon.send_signal(signal.SIGTERM)
        code = self._daemon.wait(30)
        if code != 0:
            raise Trouble(f"callbackd ended with {code} when it was stopped:\n{self.last_words()}")

    def last_words(self, count=12):
        return "\n".join(f"  | {line}" for line in self.log.read_text(errors="replace").splitlines()[-count:])

    # ---- Messages

    def drop(self, text=None):
        """Drops one message, and keeps book of it when it is on disk. An OSError leaves that open. `text` makes it of its Ref."""
        self.sequence += 1
        ref = f"R{self.sequence:06}"
        text = (text or overdue)(ref)
        hidden = self.incoming / f".{ref}"
        with hidden.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(self.incoming / ref)
        directory = os.open(self.incoming, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        self.dropped.add(ref)

    # ---- What callbackd made of them

    def receipts(self):
        """The number that the receipt of each message names."""
        found = {}
        for name in os.listdir(self.disk / "spool/accepted"):
            if match := re.fullmatch(r"(R\d+)\.(\d+)\.receipt", name):
                found.setdefault(match.group(1), set()).add(int(match.group(2)))
        return found

    def control(self, *words, by_socket=True):
        """What callbackctl says to these words; some it does without the daemon."""
        socket = ["--socket", self.place / "run/control"] if by_socket else []
        done = subprocess.run(
            [BINARIES / "callbackctl", *words, *socket],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
            env={"CALLBACKD_CONFIG": str(self.place / "callbackd.toml")},
        )
        if done.returncode != 0:
            raise Trouble(f"callbackctl {' '.join(words)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def rows(self):
        """The callbacks, by their Refs."""
        found = {}
        for row in json.loads(self.control("list", "--json")):
            found.setdefault(row["ref"], []).append(row["id"])
        return found

    def mails(self):
        """How often each Message-ID was handed over, by the callback's number."""
        found = {}
        for line in (self.place / "mails").read_text().split():
            # Alarms, digests and reports are about no callback, or about several.
            if not (match := re.match(r"<callback-(\d+)\.", line)):
                continue
            number = int(match.group(1))
            found.setdefault(number, {}).setdefault(line, 0)
            found[number][line] += 1
        return found

    def settle(self, seconds=60, only=None):
        """Waits until every dropped message (of `only`) has its receipt and its mail; else says what is missing.

        A daemon whose watchdog runs out is started again, and has as long once more.
        """
        end = time.monotonic() + seconds
        while missing := self.missing(only):
            if self._daemon.poll() is None and self.is_silent:
                self.kill()
                self.watchdogs += 1
                self.start()
                end = time.monotonic() + seconds
            if time.monotonic() > end:
                raise Trouble(f"after {seconds} s: {missing}\n{self.last_words()}")
            time.sleep(0.1)

    def missing(self, only=None):
        receipts, mails = self.receipts(), self.mails()
        wanted = self.dropped if only is None else only
        if without := sorted(wanted - receipts.keys()):
            return f"{len(without)} dropped messages have no receipt, such as {without[0]} ({self.whereabouts(without[0])})"
        told = {number for ref in wanted for number in receipts[ref]}
        if without := sorted(told - mails.keys()):
            return f"{len(without)} callbacks were told to nobody, such as {without[0]}"
        return None

    def whereabouts(self, ref):
        """Where a message is, for whoever has to find out why."""
        found = [f"in {path.relative_to(self.disk)}" for path in (self.disk / "spool").rglob(f"*{ref}*")]
        found += [f"callback {number}" for number in self.rows().get(ref, [])]
        return ", ".join(found) or "nowhere"

    def check(self, seen=None):
        """That nothing was lost or made twice; returns how many mails were repeats. `seen`: receipts seen before a fault."""
        self.settle()
        rows, receipts = self.rows(), self.receipts()
        for ref in self.dropped:
            if len(rows.get(ref, [])) != 1:
                raise Trouble(f"the message {ref} has {len(rows.get(ref, []))} callbacks: {rows.get(ref)}")
        for ref, numbers in [*receipts.items(), *(seen or {}).items()]:
            if numbers != set(rows[ref]):
                raise Trouble(f"the receipt of {ref} names {numbers}, and its callback is {rows[ref]}")
        repeats = 0
        for number, ids in self.mails().items():
            if len(ids) != 1:
                raise Trouble(f"callback {number} was told under {len(ids)} Message-IDs: {sorted(ids)}")
            repeats += sum(ids.values()) - 1
        return repeats

    def check_database(self):
        """SQLite's own check, on a copy: to open it would mend what the daemon is to mend."""
        with tempfile.TemporaryDirectory() as copy:
            for file in self.state.iterdir():
                if ".sqlite" in file.name or ".db" in file.name:
                    (Path(copy) / file.name).write_bytes(file.read_bytes())
            for file in Path(copy).iterdir():
                if file.suffix in (".sqlite", ".db"):
                    database = sqlite3.connect(file)
                    said = database.execute("PRAGMA integrity_check").fetchall()
                    database.close()
                    if said != [("ok",)]:
                        raise Trouble(f"SQLite finds {file.name} broken: {said[:3]}")
                    return
        raise Trouble("there is no database to check")
