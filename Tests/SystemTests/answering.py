"""Mails that come in: answers to notices, and messages, by what the documents say to tell the mail program.

All are handed to the machine's mail program by SMTP, as a reply from elsewhere is.
"""

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from datetime import datetime, timezone

import office
from recipes import OURS, recipe
from roots import Trouble

OFFICE, ONCALL = f"callbacks@{OURS}", f"oncall@{OURS}"
CASES = ("answered ok", "a bounce", "out of office", "answers closed", "a message")


class Answering:
    """The cases, once the mail program and callbackd know where mails for the office go."""

    def __init__(self, mta, machine):
        self.mta = mta
        self.machine = machine

    def set_up(self):
        self.mta.apply(
            self.machine,
            [
                recipe("answers.md", "For operations", self.mta.documented),
                recipe("operations.md", "Messages by mail", self.mta.documented),
            ],
        )
        self.machine.write(
            "/etc/callbackd/callbackd.toml", office.configuration(ONCALL, f'from = "{OFFICE}"\nanswers = true\ndetail = "full"'),
        )
        self.machine.run("systemctl", "reload", "callbackd")

    # ---- Cases: each returns what there is to say of it

    def try_answered_ok(self):
        number, notice = self.told("ok")
        self.post(ONCALL, reply(notice, "Ok, thanks"))
        self.expect(number, "acknowledged")
        owner = office.show(self.machine, number)["callback"]["owner"]
        if owner != "oncall":
            raise Trouble(f"callback {number} is owned by {owner}")
        self.post(ONCALL, reply(notice, "done\n\nShe is fine."))
        self.expect(number, "reached")
        self.expect_nothing_left()
        return "it is oncall's; done closes it"

    def try_a_bounce(self):
        """The mail program's own: of a user who is not there."""
        number = office.drop(self.machine, "nosuch", self.mark("bounce"))
        if "delivery-failed" in self.kinds(number):
            raise Trouble(f"callback {number} was refused at once: it bounces nothing")
        self.expect_next_step(number, "bounce")
        return "not told, next step told"

    def try_out_of_office(self):
        number, notice = self.told("away")
        answer = reply(notice, "I am away until Monday.")
        answer["Auto-Submitted"] = "auto-replied"
        self.post("", answer)
        self.expect_next_step(number, "away")
        return "not told, next step told"

    def try_answers_closed(self):
        """callback-mail can't write: the mail program keeps the mail, and tries again."""
        number, notice = self.told("closed")
        answers = "/var/spool/callbackd/answers"
        self.machine.sh(f"mv {answers} {answers}.away")
        try:
            self.post(ONCALL, reply(notice, "voicemail"))
            self.machine.wait_for(
                "callback-mail's sentence in the log", lambda: answers in self.machine.sh(self.mta.log).stdout, 60
            )
            waiting = self.machine.sh(self.mta.list_queue).stdout
            if ONCALL not in waiting:
                raise Trouble(f"the answer does not wait in the queue: {waiting}")
        finally:
            self.machine.sh(f"mv {answers}.away {answers}")
        self.machine.sh(self.mta.run_queue)
        self.expect(number, "voicemail")
        return "kept, then carried out"

    def try_a_message(self):
        mark = self.mark("message")
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "desk@night.example", f"messages@{OURS}", mark
        mail["Date"], mail["Message-ID"] = format_datetime(datetime.now(timezone.utc)), make_msgid(domain="night.example")
        mail.set_content(office.message("oncall", mark))
        self.post("desk@night.example", mail, to=f"messages@{OURS}")
        self.arrival("oncall", mark)
        return "taken in"

    # ---- What they are made of

    def mark(self, word):
        return f"mark-{self.mta.name}-{word}"

    def told(self, word):
        """The number of a callback, and the mail that told its recipient of it."""
        number = office.drop(self.machine, "oncall", self.mark(word))
        return number, self.arrival("oncall", self.mark(word))

    def arrival(self, user, mark):
        return self.machine.wait_for(
            f"the mail of {mark} in the mailbox of {user}", lambda: office.mail_with(self.machine, user, mark), 60
        )

    def post(self, sender, mail, to=OFFICE):
        if "To" not in mail:
            mail["To"] = to
        self.machine.smtp(sender, to, mail.as_bytes())

    def kinds(self, number):
        return [event["kind"] for event in office.show(self.machine, number)["events"]]

    def expect(self, number, kind):
        self.machine.wait_for(f"“{kind}” in the history of {number}", lambda: kind in self.kinds(number), 60)

    def expect_next_step(self, number, word):
        self.expect(number, "not-told")
        self.arrival("manager", self.mark(word))

    def expect_nothing_left(self):
        """None in the spool, and none put aside."""
        for what in ("answers", "rejected"):
            self.machine.wait_for(
                f"an empty {what}", lambda: not self.machine.sh(f"ls -A /var/spool/callbackd/{what}").stdout, 30
            )


def reply(notice, text):
    """As Gmail writes it, to a notice that Python's email has read."""
    answer = EmailMessage()
    answer["From"] = f"Dr. Oncall <{ONCALL}>"
    answer["Date"] = format_datetime(datetime.now(timezone.utc))
    answer["Message-ID"] = make_msgid(domain="mail.example")
    answer["Subject"] = f"Re: {notice['Subject']}"
    answer["In-Reply-To"] = notice["Message-ID"]
    answer["References"] = notice["Message-ID"]
    quoted = "\n".join(f"> {line}" for line in office.text_of(notice).splitlines())
    answer.set_content(f"{text}\n\nOn Mon, Nov 23, 2026 at 2:05 PM Riverside Family Practice <\n{OFFICE}> wrote:\n\n{quoted}\n")
    return answer
