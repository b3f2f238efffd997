"""What the documents tell an operator to put into a mail program's configuration, put there as it is written.

A recipe is the block of code under `**Postfix.**` or `**Exim.**`. Of the text only the domain is another.
"""

import re

from roots import REPOSITORY, Trouble

DOCUMENTED, OURS = "riverside.example", "office.test"


def recipe(document, heading, program):
    """The lines that stand in `docs/DOCUMENT` below a heading, for one mail program, by the comments that divide them."""
    text = (REPOSITORY / "docs" / document).read_text()
    found = re.search(rf"^#+ {re.escape(heading)}$.*?^\*\*{program}\.\*\*.*?^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise Trouble(f"docs/{document} has no recipe for {program} below “{heading}”")
    parts, lines = {}, None
    for line in found.group(1).replace(DOCUMENTED, OURS).splitlines():
        if line.startswith("# "):
            lines = parts.setdefault(line.removeprefix("# ").split(",")[0], [])
        elif line.strip():
            lines.append(line)
    return parts


def apply_to_postfix(machine, recipes):
    for parts in recipes:
        machine.sh("cat >>/etc/postfix/master.cf", stdin=_text(parts["/etc/postfix/master.cf"]))
        machine.sh("cat >>/etc/postfix/transport; postmap /etc/postfix/transport", stdin=_text(parts["/etc/postfix/transport"]))
        for line in parts["/etc/postfix/main.cf"]:
            machine.run("postconf", "-e", line)
    machine.run("postfix", "check")
    machine.run("systemctl", "restart", "postfix@-")


def apply_to_exim(machine, recipes):
    """In the files that operations.md names for Debian's split configuration."""
    machine.sh("""sed -i "s/^dc_use_split_config=.*/dc_use_split_config='true'/" /etc/exim4/update-exim4.conf.conf""")
    for parts in recipes:
        router, transport = parts["a router"], parts["a transport"]
        name = router[0].rstrip(":")
        machine.write(f"/etc/exim4/conf.d/router/350_{name}", _text(router))
        machine.write(f"/etc/exim4/conf.d/transport/30_{name}", _text(transport))
    machine.run("update-exim4.conf")
    machine.run("systemctl", "restart", "exim4")


def _text(lines):
    return "".join(f"{line}\n" for line in lines)
