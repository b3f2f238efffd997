"""A machine that boots: Debian in systemd-nspawn, with its own processes and network. Its clock is the host's.

It runs on an overlay that is gone afterwards, in mount namespaces of its own, so that nothing of it stays whatever happens
to the test. Only root can have one.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from roots import Trouble

PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"


class Machine:
    """`with Machine(...) as machine:` boots it, and ends it. `network_of` is a machine whose loopback it shares."""

    def __init__(self, lower, hostname="office", network_of=None):
        self.lower = lower
        self.hostname = hostname
        self.network_of = network_of
        self.booted_at = None
        # Its process 1, as the host numbers it.
        self._leader = None
        self._nspawn = None

    def __enter__(self):
        if os.geteuid() != 0:
            raise Trouble("only root can boot a machine")
        self.place = Path(tempfile.mkdtemp(prefix="machine-", dir=self.lower[-1].parent))
        for part in ("upper", "work", "root"):
            (self.place / part).mkdir()
        (self.place / "upper/etc").mkdir()
        (self.place / "upper/etc/hostname").write_text(f"{self.hostname}\n")
        self.console = self.place / "console.log"
        try:
            self._boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._nspawn and self._nspawn.poll() is None:
            # An orderly power-off, as a host would: or what the daemon does at its end would never be seen.
            self._nspawn.send_signal(signal.SIGTERM)
            try:
                self._nspawn.wait(20)
            except subprocess.TimeoutExpired:
                self._nspawn.kill()
                self._nspawn.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    def _boot(self):
        network = "--private-network"
        if self.network_of:
            network = f"--network-namespace-path=/proc/{self.network_of._leader}/ns/net"
        layers = ":".join(str(directory) for directory in self.lower)
        root = self.place / "root"
        script = f"""
            set -eu
            mount -t overlay overlay -o lowerdir={layers},upperdir={self.place}/upper,workdir={self.place}/work {root}
            exec systemd-nspawn --quiet --directory={root} --boot --register=no --keep-unit {network} \\
                --hostname={self.hostname} --resolv-conf=off --timezone=off --link-journal=no --console=pipe
        """
        self.booted_at = time.monotonic()
        with self.console.open("wb") as console:
            # If the test is killed, so is the machine.
            self._nspawn = subprocess.Popen(
                [
                    "setpriv", "--pdeathsig", "KILL",
                    "unshare", "--mount", "--propagation", "private", "sh", "-c", script,
                ],
                stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT,
            )
        self.wait_for("it to boot", self._is_up, 60)

    def _is_up(self):
        if self._nspawn.poll() is not None:
            said = self.console.read_text(errors="replace")
            raise Trouble(f"systemd-nspawn ended with {self._nspawn.returncode}: {said}")
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
        # Until then it is still a part of systemd-nspawn, in the host's mounts.
        if len(children) != 1 or Path(f"/proc/{children[0]}/comm").read_text() != "systemd\n":
            return False
        self._leader = children[0]
        done = self.run("systemctl", "is-system-running", check=False)
        return done.stdout.strip() in ("running", "degraded")

    def since_boot(self):
        return time.monotonic() - self.booted_at

    def run(self, *argv, user=None, stdin=None, check=True, timeout=60):
        """Runs a program in the machine and waits for its end."""
        become = ["runuser", "-u", user, "--"] if user else []
        command = [
            "nsenter", "--target", self._leader, "--mount", "--uts", "--ipc", "--net", "--pid",
            "env", "-i", PATH, "LANG=C.UTF-8", "HOME=/root", *become, *argv,
        ]
        try:
            done = subprocess.run(
                command, input=stdin if stdin is not None else "", text=True, capture_output=True, timeout=timeout
            )
        except subprocess.TimeoutExpired:
            raise Trouble(f"`{' '.join(argv)}` was still running in {self.hostname} after {timeout} s") from None
        if check and done.returncode != 0:
            said = (done.stdout + done.stderr).rstrip()
            raise Trouble(f"`{' '.join(argv)}` in {self.hostname} ended with {done.returncode}: {said}")
        return done

    def sh(self, script, **options):
        """Runs a script of the shell in the machine."""
        return self.run("sh", "-euc", script, **options)

    def write(self, path, text):
        """Writes a file of root's that everybody may read."""
        self.sh(f"mkdir -p {os.path.dirname(path)}; cat >{path}; chmod 644 {path}", stdin=text)

    def read(self, path):
        """The text of a file; empty where there is none."""
        done = self.run("cat", path, check=False)
        return done.stdout if done.returncode == 0 else ""

    def put(self, source, target):
        """Copies a file of the host into the machine."""
        with open(source, "rb") as file:
            enter = ["nsenter", "--target", self._leader, "--mount", "--pid"]
            subprocess.run([*enter, "env", "-i", PATH, "sh", "-c", f"cat >{target}"], stdin=file, check=True)

    def smtp(self, sender, recipient, mail):
        """Hands a mail to whatever listens on the machine's port 25, as another host would."""
        client = (
            "import smtplib, sys\n"
            "with smtplib.SMTP('127.0.0.1', timeout=20) as server:\n"
            "  server.sendmail(sys.argv[1], [sys.argv[2]], sys.stdin.buffer.read())\n"
        )
        # In the machine's network, but with the host's Python: in the machine there is none.
        command = ["nsenter", "--target", self._leader, "--net", sys.executable, "-c", client, sender, recipient]
        done = subprocess.run(command, input=mail, capture_output=True, timeout=60)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").rstrip().splitlines()[-1:]
            raise Trouble(f"{self.hostname} took no mail of <{sender}> to <{recipient}>: {said}")

    def wait_for(self, what, probe, seconds):
        """Waits until `probe` returns something true, and returns that."""
        end = time.monotonic() + seconds
        while True:
            found = probe()
            if found:
                return found
            if time.monotonic() > end:
                raise Trouble(f"waited {seconds} s in {self.hostname} for {what}, in vain")
            time.sleep(0.1)

    def complaints(self):
        """The last lines of its journal, for whoever has to find out why a step failed."""
        done = self.run("journalctl", "--no-pager", "-n", "40", "-o", "short-precise", check=False)
        return done.stdout
