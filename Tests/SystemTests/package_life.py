"""The package replaced by a later one, removed and purged: steps of system_test.py."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from roots import Trouble


class PackageLife:
    """For what has `machine` and `deb`, and the ways of `Installed` to look at the unit."""

    def upgrade(self):
        machine = self.machine
        machine.write("/etc/callbackd/callbackd.toml", machine.read("/etc/callbackd/callbackd.toml") + "# ours\n")
        before, process = self.callbacks(), self.main_process()
        with tempfile.TemporaryDirectory() as place:
            newer = newer_package(self.deb, Path(place))
            machine.put(newer, "/root/newer.deb")
        # As unattended-upgrades does: the answer to dpkg's question about a configuration that both changed is its default.
        machine.run("dpkg", "--force-confdef", "--install", "/root/newer.deb", timeout=120)
        self.expect_active()
        if self.main_process() == process:
            raise Trouble("after the upgrade the old daemon still runs")
        if not machine.read("/etc/callbackd/callbackd.toml").endswith("# ours\n"):
            raise Trouble("the upgrade overwrote the configuration")
        if self.callbacks() != before:
            raise Trouble("the upgrade changed the callbacks")
        self.escalate("after the upgrade")
        return f"{len(before)} callbacks and the configuration kept"

    def remove_and_purge(self):
        machine = self.machine
        before = self.callbacks()
        machine.run("dpkg", "--remove", "callbackd", timeout=120)
        if machine.run("test", "-e", "/usr/bin/callbackd", check=False).returncode == 0:
            raise Trouble("removing the package left /usr/bin/callbackd")
        machine.run("dpkg", "--force-confdef", "--install", "/root/newer.deb", timeout=120)
        self.expect_active()
        if self.callbacks() != before:
            raise Trouble("removing and installing again changed the callbacks")
        if not machine.read("/etc/callbackd/callbackd.toml").endswith("# ours\n"):
            raise Trouble("removing the package removed the configuration")
        machine.run("dpkg", "--purge", "callbackd", timeout=120)
        left = machine.sh(
            "find / /run -xdev -name '*callback*' -not -path '/root/*' -not -path '/var/log/*' -print; "
            "find / /run /tmp -xdev '(' -nouser -o -nogroup ')'; grep callback /etc/passwd /etc/group || true"
        ).stdout
        if left:
            raise Trouble(f"purging left:\n{left}")
        return "removing keeps data, purging leaves nothing"


def newer_package(deb, place):
    """The same package with a higher version, and a shipped configuration that differs, as of a later release."""
    tree = place / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", deb, tree], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version: .*$", r"\g<0>+later", control.read_text()))
    (tree / "etc/callbackd/callbackd.toml").open("a").write("# of a later release\n")
    newer = place / "newer.deb"
    subprocess.run(["dpkg-deb", "-Znone", "--build", tree, newer], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return newer
