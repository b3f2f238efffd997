"""The office that the tests set up in a machine: its configuration, a message that is a trial for mail, its mailboxes."""

import email
import email.policy
import json
import mailbox
import os
import re
import tempfile
from datetime import datetime, timedelta, timezone

from roots import Trouble

# Whoever reads mail in the machine. Of the persons below, "nosuch" has an address that nobody has.
READERS = ("oncall", "manager")

CONFIGURATION = """
[site]
name = "Riverside Family Practice"
time_zone = "UTC"
fallback = "manager"

[mail]
{mail}
timeout = "10s"
digest_over = 1000

[[person]]
id = "oncall"
name = "Dr. Oncall"
email = "{oncall}"

[[person]]
id = "manager"
email = "manager"

[[person]]
id = "nosuch"
email = "nosuchuser"

[[person]]
id = "nowhere"
email = "oncall@nowhere.invalid"

[[policy]]
urgency = "emergency"
call_back_within = "15m"
announce = []
step = [ {{ after = "0m", notify = ["recipient"] }}, {{ after = "10m", notify = ["manager"] }} ]

[[policy]]
urgency = "urgent"
call_back_within = "30m"
announce = []
step = [ {{ after = "0m", notify = ["recipient"] }}, {{ after = "24h", notify = ["manager"] }} ]

[[policy]]
urgency = "routine"
call_back_within = "4h"
step = [ {{ after = "0m", notify = ["recipient"] }} ]

[[service]]
id = "night-desk"
phone = "+1 555 010 9000"

[[account]]
id = "riverside"
recipient = "oncall"
"""

PATIENT = "Zoë Müller-Łęcka"
LONG_LINE = "a line of two thousand: " + "0123456789" * 200
LONG_LINE = LONG_LINE[:2000]


def configuration(oncall="oncall", mail='detail = "full"'):
    return CONFIGURATION.format(oncall=oncall, mail=mail)


def message(to, mark):
    """A message whose promise has passed, so that it escalates as soon as it is in."""
    taken = datetime.now(timezone.utc) - timedelta(hours=2)
    return (
        f"To: {to}\nTaken: {taken:%Y-%m-%d %H:%M}\nCaller: Jane Doe\nCallback: 555-010-{sum(mark.encode()) % 10000:04}\n"
        f"Patient: {PATIENT}\nUrgency: urgent\nPromised: 30 min\nRegarding: {mark}\n\n"
        f"From here on the text is a trial for mail.\n.\n{LONG_LINE}\nLast line of {mark}.\n"
    )


def set_up(machine, deb, config):
    """Installs the package and the configuration, and lets the daemon run by it."""
    install(machine, deb)
    machine.write("/etc/callbackd/callbackd.toml", config)
    machine.run("callbackd", "--check")
    machine.sh("useradd --create-home --groups callback-drop nightdesk")
    machine.run("systemctl", "restart", "callbackd")


def install(machine, deb):
    machine.put(deb, "/root/callbackd.deb")
    machine.run("dpkg", "--install", "/root/callbackd.deb", timeout=120)


def exposure(machine):
    """What `systemd-analyze security` gives the unit: from 0, which is safe, to 10."""
    said = machine.run("systemd-analyze", "security", "--no-pager", "callbackd.service").stdout
    return float(re.search(r"Overall exposure level for callbackd.service: ([\d.]+)", said).group(1))


def add_readers(machine, *further):
    for user in (*READERS, *further):
        machine.sh(f"getent passwd {user} >/dev/null || useradd --create-home {user}")


def drop(machine, to, mark):
    """Drops a message as the answering service does, and returns the number on its receipt."""
    done = machine.run(
        "callbackctl", "drop", "--wait", "--timeout", "20", user="nightdesk", stdin=message(to, mark)
    )
    for line in done.stdout.splitlines():
        if line.startswith("Callback: "):
            return int(line.removeprefix("Callback: "))
    raise Trouble(f"the receipt names no callback: {done.stdout}{done.stderr}")


def show(machine, number):
    return json.loads(machine.run("callbackctl", "show", str(number), "--json").stdout)


def hand_overs(machine, number):
    """What the history says of handing notices over: events of the kinds delivered, delivery-delayed and delivery-failed."""
    events = show(machine, number)["events"]
    return [e for e in events if e["kind"] in ("delivered", "delivery-delayed", "delivery-failed")]


def mails(machine, user):
    """The mails in a user's mailbox, as Python's email reads them."""
    text = machine.run("sh", "-c", f"cat /var/mail/{user} 2>/dev/null || true").stdout
    if not text:
        return []
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(text.encode())
    try:
        box = mailbox.mbox(file.name, create=False)
        return [email.message_from_bytes(box.get_bytes(key), policy=email.policy.default) for key in box.keys()]
    finally:
        os.unlink(file.name)


def mail_with(machine, user, mark):
    """The mail in the user's mailbox whose text holds the mark, or None."""
    for mail in mails(machine, user):
        if mark in text_of(mail):
            return mail
    return None


def text_of(mail):
    part = mail.get_body(("plain",))
    return part.get_content() if part else mail.as_string()


def check_intact(mail, mark):
    """That the mail holds all of `message`, byte for byte."""
    text = text_of(mail)
    wanted = {
        "the name in UTF-8": PATIENT,
        "the line that is a dot": "\n.\n",
        "the line of 2,000 characters": LONG_LINE,
        "the last line": f"Last line of {mark}.",
    }
    for what, words in wanted.items():
        if words not in text:
            raise Trouble(f"the mail of {mark} has lost {what}:\n{text}")
    if mail.defects:
        raise Trouble(f"the mail of {mark} is not as RFC 5322 wants it: {mail.defects}")
