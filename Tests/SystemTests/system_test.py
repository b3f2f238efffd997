#!/usr/bin/env python3
"""callbackd as an office has it: the package on a Debian that boots, with Postfix, under its own systemd.

    system_test.py [--quick] DEB
    system_test.py --probe

Each step prints when it was done; the first that fails says what, where, and shows the machine's journal. --quick leaves out
what mostly waits. --probe boots a machine and does nothing with it; where none boots it ends with 75 and says why.
"""

import json
import re
import sys
import time
from pathlib import Path

import office
from hangs import WATCHDOG_SECONDS, Hangs
from machine import Machine
from mta_test import prepare_host
from mtas import MTAS
from package_life import PackageLife
from roots import Roots, Trouble

# From systemd-nspawn's start to the escalation in the mailbox.
BOOT_TO_MAIL_SECONDS = 30
RESTART_SECONDS = 10
EXPOSURE = 1.5
# The units' own words for what happened: systemd/callbackd.catalog.
STARTED, OVERDUE = "5e65d2f228f54eda85098096841ce635", "88efde18886c420189837c368b1d60c7"

class Installed(Hangs, PackageLife):
    """The steps, in their order: each takes the machine as the one before left it."""

    def __init__(self, machine, deb):
        self.machine = machine
        self.deb = deb
        self.mail_number = 0

    STEPS = (
        ("first_escalation", True),
        ("status_in_counts", True),
        ("rights", True),
        ("journal", True),
        ("exposure", True),
        ("reload", True),
        ("restart_and_stop", True),
        ("crash", True),
        ("watchdog", True),
        ("hung_store", False),
        ("hung_intake", False),
        ("down_for_good", True),
        ("ends_again_and_again", False),
        ("memory", False),
        ("upgrade", True),
        ("remove_and_purge", True),
    )

    # ---- From nothing to a mail

    def first_escalation(self):
        """The shipped configuration, untouched: everything goes to root."""
        machine = self.machine
        office.install(machine, self.deb)
        machine.sh("useradd --create-home --groups callback-drop nightdesk")
        self.expect_active()
        ready = machine.since_boot()
        number = office.drop(machine, "somebody", "mark-first")
        receipt = machine.since_boot()
        machine.wait_for(f"a mail about callback {number} in root's mailbox", lambda: self.mail_about(number), 30)
        mailed = machine.since_boot()
        if mailed > BOOT_TO_MAIL_SECONDS:
            raise Trouble(f"the escalation came {mailed:.1f} s after boot, more than {BOOT_TO_MAIL_SECONDS} s")
        return f"after boot: READY {ready:.1f} s, receipt {receipt:.1f} s, escalation in the mailbox {mailed:.1f} s"

    def status_in_counts(self):
        machine = self.machine
        # The daemon tells systemd at its ticks.
        machine.wait_for("the open callback in systemctl status", lambda: "1 open" in self.property("StatusText"), 20)
        line = self.property("StatusText")
        if office.PATIENT in line or "Jane" in line:
            raise Trouble(f"systemctl status names a person: {line}")
        machine.run("systemctl", "status", "callbackd")
        return line

    def rights(self):
        """Who is in no group can't drop; who may drop can't look; staff can see."""
        machine = self.machine
        machine.sh("useradd --create-home stranger; useradd --create-home --groups callback-staff mrivera")
        refused = machine.run("callbackctl", "drop", user="stranger", stdin="To: x\n", check=False)
        if refused.returncode == 0:
            raise Trouble("somebody without the group callback-drop could drop a message")
        for path in ("incoming", "accepted", "rejected", "work", "notifications"):
            if machine.run("ls", f"/var/spool/callbackd/{path}", user="nightdesk", check=False).returncode == 0:
                raise Trouble(f"who may only drop can list {path}/")
        if machine.run("callbackctl", "list", user="nightdesk", check=False).returncode == 0:
            raise Trouble("who may only drop can see callbacks")
        machine.run("callbackctl", "list", user="mrivera")
        if machine.run("ls", "/var/lib/callbackd", user="mrivera", check=False).returncode == 0:
            raise Trouble("staff can list the state directory")
        return "drop, see, and no more"

    def journal(self):
        machine = self.machine
        lines = machine.run("journalctl", "-u", "callbackd", "-o", "json", "--no-pager").stdout.splitlines()
        entries = [json.loads(line) for line in lines]
        overdue = [e for e in entries if e.get("MESSAGE_ID") == OVERDUE and e.get("CALLBACK") == "1"]
        if not overdue or not any(e.get("MESSAGE_ID") == STARTED for e in entries):
            raise Trouble("the journal lacks the entries of the start, or of callback 1 being overdue, with their fields")
        if any(office.PATIENT in str(e.get("MESSAGE")) or "mark-first" in str(e.get("MESSAGE")) for e in entries):
            raise Trouble("an entry of the journal holds words of a message")
        explained = machine.run("journalctl", "-x", "-u", "callbackd", f"MESSAGE_ID={OVERDUE}", "--no-pager").stdout
        if "Callback 1 is overdue" not in explained or "callbackctl show 1" not in explained:
            raise Trouble(f"journalctl -x does not explain an entry:\n{explained}")
        return f"{len(entries)} entries, with fields and catalog"

    def exposure(self):
        score = office.exposure(self.machine)
        if score > EXPOSURE:
            raise Trouble(f"systemd-analyze security gives {score}, more than {EXPOSURE}")
        return f"{score} with Postfix, mail delivered"

    # ---- Changes and ends

    def reload(self):
        machine = self.machine
        config = "/etc/callbackd/callbackd.toml"
        took = self.timed("systemctl", "reload", "callbackd")
        good = machine.read(config)
        machine.write(config, good + "\n[nonsense]\n")
        if machine.run("systemctl", "reload", "callbackd", check=False).returncode == 0:
            raise Trouble("a reload with a mistake in the configuration did not fail")
        self.expect_active()
        machine.write(config, good)
        self.escalate("after a refused reload")
        machine.write(config, office.configuration())
        machine.run("systemctl", "reload", "callbackd")
        office.add_readers(machine)
        number = office.drop(machine, "oncall", "mark-reload")
        machine.wait_for(
            "the mail that the new configuration asks for", lambda: office.mail_with(machine, "oncall", "mark-reload"), 30
        )
        return f"{took:.2f} s; one with a mistake changes nothing; callback {number} by the new one"

    def restart_and_stop(self):
        machine = self.machine
        restart = self.timed("systemctl", "restart", "callbackd")
        stop = self.timed("systemctl", "stop", "callbackd")
        machine.run("callbackctl", "drop", user="nightdesk", stdin=office.message("oncall", "mark-down"))
        start = self.timed("systemctl", "start", "callbackd")
        machine.wait_for(
            "the mail of what was dropped while it was down", lambda: office.mail_with(machine, "oncall", "mark-down"), 30
        )
        return f"restart {restart:.2f} s, stop {stop:.2f} s, start {start:.2f} s; what was dropped meanwhile came"

    def crash(self):
        before = self.main_process()
        self.machine.sh(f"kill -KILL {before}")
        took = self.comes_back(before, RESTART_SECONDS + 10)
        self.escalate("after a crash")
        return f"killed, it was back after {took:.1f} s"

    def watchdog(self):
        before = self.main_process()
        self.machine.sh(f"kill -STOP {before}")
        took = self.comes_back(before, 2 * WATCHDOG_SECONDS)
        said = self.machine.run("journalctl", "-u", "callbackd", "--no-pager").stdout
        if "Watchdog timeout" not in said:
            raise Trouble("the journal does not say that the watchdog ended the stopped daemon")
        self.escalate("after the watchdog")
        return f"stopped with SIGSTOP, it was back after {took:.1f} s"

    def down_for_good(self):
        """A mistake in the configuration at a start: systemd leaves it down, and the alarm unit mails."""
        machine = self.machine
        config = "/etc/callbackd/callbackd.toml"
        good = machine.read(config)
        machine.write(config, good + "\n[nonsense]\n")
        machine.run("systemctl", "restart", "callbackd", check=False)
        machine.wait_for("the unit to fail", lambda: self.property("ActiveState") == "failed", 20)
        machine.wait_for("the alarm in root's mailbox", lambda: self.alarm("stays down"), 20)
        machine.write(config, good)
        machine.run("systemctl", "restart", "callbackd")
        return "78, and an alarm to root without the daemon"

    def ends_again_and_again(self):
        """A program that can't start: three tries, then the alarm."""
        machine = self.machine
        machine.write(
            "/run/systemd/system/callbackd.service.d/90-broken.conf", "[Service]\nExecStart=\nExecStart=/bin/false\n"
        )
        machine.sh("systemctl daemon-reload; systemctl restart callbackd || true")
        machine.wait_for("the alarm in root's mailbox", lambda: self.alarm("again and again"), 5 * RESTART_SECONDS)
        machine.sh("rm -r /run/systemd/system/callbackd.service.d; systemctl daemon-reload")
        machine.run("systemctl", "restart", "callbackd")
        self.expect_active()
        return "told after three restarts"

    def memory(self):
        limit = self.property("MemoryMax")
        if limit == "infinity":
            raise Trouble("the unit has no memory limit")
        status = self.machine.read(f"/proc/{self.main_process()}/status")
        most = int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) / 1e3
        return f"{most:.0f} MB resident at most, {int(limit) / 1e6:.0f} MB allowed"

    # ---- What they are made of

    def expect_active(self):
        self.machine.wait_for("callbackd to be active", lambda: self.property("ActiveState") == "active", 30)

    def property(self, name):
        return self.machine.run("systemctl", "show", f"--property={name}", "--value", "callbackd").stdout.strip()

    def main_process(self):
        return self.property("MainPID")

    def comes_back(self, before, seconds):
        """How long until another daemon than process `before` is ready."""
        since = time.monotonic()
        self.machine.wait_for(
            "callbackd to come back",
            lambda: self.property("ActiveState") == "active" and self.main_process() not in ("0", before), seconds,
        )
        return time.monotonic() - since

    def timed(self, *command):
        since = time.monotonic()
        self.machine.run(*command)
        return time.monotonic() - since

    def escalate(self, when):
        """That a message that is dropped now reaches a mailbox."""
        self.mail_number += 1
        number = office.drop(self.machine, "oncall", f"mark-{self.mail_number}-again")
        self.machine.wait_for(f"the mail about callback {number}, {when}", lambda: self.mail_about(number), 30)

    def mail_about(self, number):
        boxes = [office.mails(self.machine, user) for user in ("root", *office.READERS)]
        return any(f"Callback {number}:" in str(mail["Subject"]) for box in boxes for mail in box)

    def alarm(self, words):
        return any(words in str(mail["Subject"]) for mail in office.mails(self.machine, "root"))

    def callbacks(self):
        rows = json.loads(self.machine.run("callbackctl", "list", "--json").stdout)
        return [(row["id"], row["taken_at"], row["due_at"]) for row in rows]


def probe():
    """Whether what the tests stand on is to be had here: roots from the mirror, mounts, a systemd that boots."""
    try:
        with Machine(MTAS["postfix"].lower(Roots())) as machine:
            print(f"a machine boots here, in {machine.since_boot():.1f} s")
    except (Trouble, OSError) as failure:
        print(f"no machine boots here: {failure}")
        sys.exit(75)


def main():
    if sys.argv[1:] == ["--probe"]:
        return probe()
    words = [word for word in sys.argv[1:] if word != "--quick"]
    if len(words) != 1:
        sys.exit(__doc__)
    quick, deb = "--quick" in sys.argv, Path(words[0])
    postfix = MTAS["postfix"]
    done = 0
    with Machine(postfix.lower(Roots())) as machine:
        prepare_host(machine)
        installed = Installed(machine, deb)
        for name, is_quick in Installed.STEPS:
            if quick and not is_quick:
                continue
            try:
                said = getattr(installed, name)()
            except Trouble as trouble:
                print(f"FAILED at {name}: {trouble}")
                print("\n".join(f"  {machine.hostname}| {line}" for line in machine.complaints().splitlines()))
                print(f"{done} passed, 1 failed")
                sys.exit(1)
            done += 1
            print(f"{machine.since_boot():6.1f} s  {name.replace('_', ' ')}: {said}", flush=True)
    print(f"{done} passed, 0 failed")


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"system_test: {trouble}")
