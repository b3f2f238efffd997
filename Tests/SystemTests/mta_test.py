#!/usr/bin/env python3
"""Six real mail programs, each in a machine of its own, and what callbackd makes of each.

    mta_test.py DEB [NAME…]      the package; the mail programs to try, of those in mtas.py

The daemon is the packaged one, under systemd and in its sandbox, with what callbackd-mta-generator makes of the mail
program. For each: an escalation arrives whole in a mailbox, a recipient who does not exist is noticed, and nothing is lost
where the program's server is stopped, its queue can't be written, or its disk is full. Those that the documents say how to
pipe to callback-mail with are then set up so, and pass answers and messages on. Prints tables of what the program said, and of
what came of it; ends with 1 if anything failed, after all were tried.
"""

import re
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import answering
import office
from answering import Answering
from machine import Machine
from mtas import MTAS, RELAY
from roots import Roots, Trouble

CASES = ("intact", "unknown user", "no such domain", "server stopped", "queue read-only", "disk full", "exposure")


class Trial:
    """One mail program under trial."""

    def __init__(self, mta, machine, mailboxes):
        self.mta = mta
        self.machine = machine
        # Where mail ends: the same machine, or the relay's.
        self.mailboxes = mailboxes
        self.said = {}

    def run(self):
        for case in CASES:
            step = getattr(self, "try_" + case.replace(" ", "_").replace("-", "_"))
            self.note(case, step())
        if self.mta.apply:
            answers = Answering(self.mta, self.machine)
            answers.set_up()
            for case in answering.CASES:
                self.note(case, getattr(answers, "try_" + case.replace(" ", "_"))())

    def note(self, case, said):
        self.said[case] = said
        print(f"  {self.machine.since_boot():6.1f} s  {case}: {said}", flush=True)

    # ---- Cases: each returns what there is to say of it

    def try_intact(self):
        number, mark = self.drop("oncall", "intact")
        outcome = self.first_outcome(number)
        mail = self.arrival("oncall", mark)
        office.check_intact(mail, mark)
        return outcome

    def try_unknown_user(self):
        number, mark = self.drop("nosuch", "unknown")
        outcome = self.first_outcome(number)
        if outcome == "0":
            self.machine.wait_for("a bounce about nosuchuser", lambda: self.bounce("nosuchuser"), 60)
            return "0, then a bounce"
        if "refused" in outcome:
            self.arrival("manager", mark)
            return f"{outcome}, next step told"
        return outcome

    def try_no_such_domain(self):
        number, mark = self.drop("nowhere", "nowhere")
        outcome = self.first_outcome(number)
        if "refused" in outcome:
            self.arrival("manager", mark)
            return f"{outcome}, next step told"
        return outcome

    def try_server_stopped(self):
        server = self.mta.server
        if not server:
            return "has none"
        where = self.mailboxes if self.mta.server_is_relay else self.machine
        where.run("systemctl", "stop", server)
        number, mark = self.drop("oncall", "stopped")
        outcome = self.first_outcome(number)
        # Some deliver by themselves, in the background.
        time.sleep(3)
        without = bool(office.mail_with(self.mailboxes, "oncall", mark))
        where.run("systemctl", "start", server)
        self.arrival("oncall", mark)
        return f"{outcome}, " + ("delivers without" if without else "delivered when it ran again")

    def try_queue_read_only(self):
        return self.with_queue("readonly", "mount --bind {queue} {place}; mount -o remount,ro,bind {place}")

    def try_disk_full(self):
        return self.with_queue(
            "full",
            """
            mount -t tmpfs -o size=64k tmpfs {place}
            cp -a {queue}/. {place}
            chown --reference={queue} {place}
            chmod --reference={queue} {place}
            dd if=/dev/zero of={place}/.full bs=4k 2>/dev/null || true
            """,
        )

    def with_queue(self, word, make):
        """Hands a notice over while what the script `make` made at `place` lies over the queue."""
        queue, place = self.mta.queue, f"/run/{word}"
        if not queue:
            return "has none"
        # Bound when it is as it shall be: callbackd's sandbox has mounts of its own, which get new ones, but no changes.
        self.machine.sh(f"mkdir {place}; {make.format(queue=queue, place=place)}\nmount --bind {place} {queue}")
        number, mark = self.drop("oncall", word)
        outcome = self.first_outcome(number)
        self.machine.sh(f"umount --lazy {queue}; umount {place}")
        self.arrival("oncall", mark)
        return f"{outcome}, delivered afterwards"

    def try_exposure(self):
        """The score of the unit as it is with this mail program, of systemd-analyze security."""
        return str(office.exposure(self.machine))

    # ---- What they are made of

    def drop(self, to, word):
        mark = f"mark-{self.mta.name}-{word}"
        return office.drop(self.machine, to, mark), mark

    def first_outcome(self, number):
        """What the program said when the first notice was handed to it: its exit code, and what callbackd took that for."""
        found = self.machine.wait_for(
            f"callback {number} to be handed to {self.mta.name}", lambda: office.hand_overs(self.machine, number), 60
        )[0]
        if found["kind"] == "delivered":
            return "0"
        text = found["text"] or ""
        code = re.search(r"exit code (\d+)", text)
        how = code.group(1) if code else "time-out" if "was stopped after" in text else text
        return f"{how} refused" if found["kind"] == "delivery-failed" else f"{how} tried again"

    def arrival(self, user, mark):
        return self.mailboxes.wait_for(
            f"the mail of {mark} in the mailbox of {user}",
            lambda: office.mail_with(self.mailboxes, user, mark), 90,
        )

    def bounce(self, address):
        return any(address in mail.as_string() for mail in office.mails(self.mailboxes, "callbackd"))


def try_out(mta, deb, roots):
    print(f"{mta.name}:", flush=True)
    with ExitStack() as stack:
        machine = stack.enter_context(Machine(mta.lower(roots)))
        prepare_host(machine)
        mailboxes = machine
        if mta.relays:
            mailboxes = stack.enter_context(Machine(RELAY.lower(roots), "relay", network_of=machine))
            prepare_host(mailboxes)
            office.add_readers(mailboxes, "callbackd")
        office.add_readers(machine)
        machine.sh(mta.set_up)
        office.set_up(machine, deb, office.configuration())
        trial = Trial(mta, machine, mailboxes)
        try:
            trial.run()
        except Trouble as trouble:
            print(f"  FAILED: {trouble}")
            for place in {machine, mailboxes}:
                print("\n".join(f"    {place.hostname}| {line}" for line in place.complaints().splitlines()))
            return trial.said, False
        return trial.said, True


def prepare_host(machine):
    machine.write("/etc/hosts", "127.0.0.1 localhost office.test office relay.test relay\n")
    machine.write("/etc/mailname", "office.test\n")


def print_table(cases, rows):
    if not rows:
        return
    print("\n| mail program | " + " | ".join(cases) + " |")
    print("| --- " * (len(cases) + 1) + "|")
    for name, said in rows.items():
        print(f"| {name} | " + " | ".join(said.get(case, "FAILED") for case in cases) + " |")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    deb, wanted = Path(sys.argv[1]), sys.argv[2:] or list(MTAS)
    roots = Roots()
    rows, whole = {}, True
    for name in wanted:
        rows[name], went_well = try_out(MTAS[name], deb, roots)
        whole = whole and went_well
    print_table(CASES, rows)
    print_table(answering.CASES, {name: said for name, said in rows.items() if MTAS[name].apply})
    sys.exit(0 if whole else 1)


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"mta_test: {trouble}")
