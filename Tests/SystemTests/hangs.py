"""What a daemon does whose disk, or whose share, does not answer: steps of system_test.py."""

import re
import subprocess
import tempfile
import time
from pathlib import Path

import office
from roots import Trouble

WATCHDOG_SECONDS = 30

# As long as there is a file /run/hang-syncing, no sync that begins ever returns; with /run/hang-reading, no look into a directory.
HANG_DROPIN = "/run/systemd/system/callbackd.service.d/90-hang.conf"
HANG = """
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
static void hang(const char *flag)
{
  int before = errno;
  while (access(flag, F_OK) == 0) pause();
  errno = before;
}
int fsync(int file) { hang("/run/hang-syncing"); return syscall(SYS_fsync, file); }
int fdatasync(int file) { hang("/run/hang-syncing"); return syscall(SYS_fdatasync, file); }
struct dirent *readdir(DIR *directory)
{
  struct dirent *(*next)(DIR *) = (struct dirent *(*)(DIR *))dlsym(RTLD_NEXT, "readdir");
  hang("/run/hang-reading");
  return next(directory);
}
"""


class Hangs:
    """For what has `machine`, and the ways of `Installed` to look at the unit."""

    def hung_store(self):
        """A disk that does not answer: the sync of a commit never returns."""
        machine, before = self.machine, self.let_hang()
        marks = [f"mark-hung-{number}" for number in range(5)]
        machine.sh("touch /run/hang-syncing")
        for mark in marks:
            machine.run("callbackctl", "drop", user="nightdesk", stdin=office.message("oncall", mark))
        since = time.monotonic()
        machine.wait_for("the watchdog", lambda: self.main_process() != before, 2 * WATCHDOG_SECONDS)
        machine.sh("rm /run/hang-syncing")
        self.comes_back(before, 2 * WATCHDOG_SECONDS)
        took = time.monotonic() - since
        if took > 2 * WATCHDOG_SECONDS:
            raise Trouble(f"it was back after {took:.1f} s")
        if machine.run("journalctl", "-u", "callbackd", "--no-pager").stdout.count("Watchdog timeout") < 2:
            raise Trouble("the journal does not say that the watchdog ended the daemon whose commit hung")
        for mark in marks:
            machine.wait_for(f"the mail of {mark}", lambda: office.mail_with(machine, "oncall", mark), 30)
        return f"a commit that hangs: it was back after {took:.1f} s, and told of the {len(marks)} messages dropped meanwhile"

    def hung_intake(self):
        """A share that does not answer: reading the spool's directory never returns. What is in is told in time all the same."""
        machine, before = self.machine, self.let_hang()
        soon = "To: oncall\nCaller: Jane Doe\nCallback: 555-010-7777\nUrgency: urgent\nPromised: 1 min\nRegarding: mark-soon\n"
        receipt = machine.run("callbackctl", "drop", "--wait", "--timeout", "20", user="nightdesk", stdin=soon).stdout
        number = int(re.search(r"Callback: (\d+)", receipt).group(1))
        machine.sh("touch /run/hang-reading")
        since = time.monotonic()
        machine.run("callbackctl", "drop", user="nightdesk", stdin=office.message("oncall", "mark-away"))
        machine.wait_for("trouble in intake", lambda: "trouble in intake" in self.property("StatusText"), 150)
        known = time.monotonic() - since
        machine.wait_for(f"the mail about callback {number}", lambda: self.mail_about(number), 60)
        if office.mail_with(machine, "oncall", "mark-away"):
            raise Trouble("a message came in though the spool could not be read: the trial is none")
        if self.main_process() != before:
            raise Trouble("the daemon was restarted because its spool hung")
        machine.sh("rm /run/hang-reading; systemctl restart callbackd")
        machine.wait_for("the message that waited there", lambda: office.mail_with(machine, "oncall", "mark-away"), 60)
        machine.sh("rm -r /run/systemd/system/callbackd.service.d; systemctl daemon-reload; systemctl restart callbackd")
        return f"shown after {known:.0f} s; a deadline meanwhile was told, without a restart"

    def let_hang(self):
        """Runs the daemon so that its calls hang when they are to, and returns its process."""
        machine = self.machine
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / "hang.c").write_text(HANG)
            subprocess.run(["clang", "-shared", "-fPIC", "-o", f"{place}/hang.so", f"{place}/hang.c"], check=True)
            machine.put(f"{place}/hang.so", "/usr/local/lib/hang.so")
        machine.write(HANG_DROPIN, "[Service]\nEnvironment=LD_PRELOAD=/usr/local/lib/hang.so\n")
        machine.sh("systemctl daemon-reload; systemctl restart callbackd")
        return self.main_process()
