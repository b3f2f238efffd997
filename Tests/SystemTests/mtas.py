"""The mail programs that are tried, as Debian packages them, and the least that each has to be told."""

from collections.abc import Callable
from dataclasses import dataclass

import recipes


@dataclass(frozen=True)
class MTA:
    name: str
    packages: tuple
    # Run in the root before its packages are installed: answers for debconf.
    prepare: str = ""
    # Run in the root afterwards.
    finish: str = ""
    # Run in the machine.
    set_up: str = "true"
    # The directory into which its sendmail queues.
    queue: str = ""
    # The unit of its server.
    server: str = ""
    # It can't deliver to a mailbox, and passes all to a Postfix on the loopback.
    relays: bool = False
    # The server that can be stopped is that Postfix.
    server_is_relay: bool = False
    # What the documents call it where they say how it passes mails to callback-mail, and what puts that in place.
    documented: str = ""
    apply: Callable | None = None
    # Scripts that print its queue, look at it again at once, and print its log.
    list_queue: str = ""
    run_queue: str = ""
    log: str = ""

    def lower(self, roots):
        return roots.lower(self.name, self.packages, self.prepare, self.finish)


def _answers(*lines):
    # debconf-set-selections is not there before debconf is, which is in every base.
    return "debconf-set-selections <<-.\n" + "\n".join(lines) + "\n.\n"


_POSTFIX_ANSWERS = _answers(
    "postfix postfix/main_mailer_type select Local only",
    "postfix postfix/mailname string office.test",
)

_POSTFIX = (
    "postconf -e inet_interfaces=loopback-only mydestination=office.test,localhost myorigin=office.test myhostname=office.test"
)

MTAS = {
    mta.name: mta
    for mta in (
        MTA(
            "postfix", ("postfix",), _POSTFIX_ANSWERS, _POSTFIX,
            queue="/var/spool/postfix/maildrop", server="postfix@-",
            documented="Postfix", apply=recipes.apply_to_postfix,
            list_queue="postqueue -p", run_queue="postqueue -f", log="journalctl --no-pager -u 'postfix*' -o cat",
        ),
        MTA(
            "exim", ("exim4-daemon-light",),
            set_up="""
                sed -i "s/^dc_other_hostnames=.*/dc_other_hostnames='office.test'/" /etc/exim4/update-exim4.conf.conf
                update-exim4.conf
                systemctl restart exim4
            """,
            queue="/var/spool/exim4/input", server="exim4",
            documented="Exim", apply=recipes.apply_to_exim,
            list_queue="exim4 -bp", run_queue="exim4 -qff", log="cat /var/log/exim4/mainlog",
        ),
        MTA(
            "msmtp", ("msmtp-mta",),
            set_up="printf 'account default\\nhost 127.0.0.1\\nport 25\\ntls off\\nauth off\\n' >/etc/msmtprc",
            relays=True, server="postfix@-", server_is_relay=True,
        ),
        MTA(
            "dma", ("dma",),
            # In callbackd's sandbox it can deliver to a mailbox, but not make one.
            set_up="cd /var/mail; for u in oncall manager; do install -o $u -g mail -m 660 /dev/null $u; done",
            queue="/var/spool/dma",
        ),
        MTA(
            "nullmailer", ("nullmailer",),
            _answers("nullmailer nullmailer/relayhost string 127.0.0.1"),
            set_up="echo office.test >/etc/nullmailer/me; echo 127.0.0.1 >/etc/nullmailer/remotes; systemctl restart nullmailer",
            queue="/var/spool/nullmailer/queue", server="nullmailer", relays=True,
        ),
        MTA(
            "opensmtpd", ("opensmtpd",),
            set_up="""
                sed -i 's/ maildir / mbox /; s/^match for local/match for domain { localhost, office.test }/' /etc/smtpd.conf
                systemctl restart opensmtpd
            """,
            queue="/var/spool/smtpd/queue", server="opensmtpd",
        ),
    )
}

RELAY = MTA("relay", ("postfix",), _POSTFIX_ANSWERS, _POSTFIX)
