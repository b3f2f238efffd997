#!/usr/bin/env python3
"""callbackd under faults that a machine can have: killed, without power, with a disk that fails.

    fault_test.py [--kills N] [--cuts N] [--errors SECONDS] [--scarcity SECONDS] [--damage]
                  [--soak MINUTES] [--seed N]

--kills   the daemon is killed N times at random moments (SIGKILL, with its children)
--cuts    the power fails N times at random moments: the file system stops at once and forgets what it had not written
          (ext4 in a file, EXT4_IOC_SHUTDOWN without a flush of its journal); then it is mounted again
--errors  each of the errors below comes back from every third such system call for so many seconds (strace)
--scarcity
          for so many seconds each: the disk is full, or read-only, too few files may be open, there is no memory, the
          daemon gets no time (SIGSTOP)
--damage  the database is damaged in each of the ways below, while the daemon runs and while it does not
--soak    a day of a busy desk passes in so many minutes, and half of the one before; resident memory and descriptors must
          stay flat

Messages are dropped all the while. After each fault: every message that was dropped has one callback and one receipt that
names it, every callback was told, under one Message-ID, and the database is whole. Needs the release build, and root.
"""

import argparse
import contextlib
import fcntl
import os
import random
import re
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import workplace
from damage import damages
from roots import Trouble
from soak import soak
from workplace import Workplace

# linux/fs.h, ext4.h: _IOR('X', 125, __u32), and not to flush the journal first.
EXT4_IOC_SHUTDOWN, NOLOGFLUSH = 0x8004587D, 2

ERRORS = (
    ("pwrite64", "EIO"), ("pwrite64", "ENOSPC"),
    ("fsync,fdatasync", "EIO"), ("fsync,fdatasync", "ENOSPC"),
    ("rename,renameat,renameat2", "EIO"), ("rename,renameat,renameat2", "ENOSPC"),
    ("unlink,unlinkat", "EIO"),
    ("openat", "EMFILE"), ("openat", "ENFILE"),
    ("pread64", "EIO"),
    ("getdents64", "EIO"),
    ("newfstatat,fstat,statx", "EIO"),
    ("clone,clone3,vfork", "EAGAIN"),
)


class Disk:
    """An ext4 of its own, in a file, whose power can fail."""

    def __init__(self, place, options="defaults"):
        self.options = options
        self.image = place / "disk.img"
        self.root = place / "disk"
        self.root.mkdir()
        subprocess.run(["truncate", "--size=256M", self.image], check=True)
        subprocess.run(["mkfs.ext4", "-q", self.image], check=True)
        self.mount()

    def mount(self, further="rw"):
        options = f"loop,{self.options},{further}"
        subprocess.run(["mount", "-o", options, self.image, self.root], check=True)

    def fail(self):
        """Has the file system find an error in itself."""
        found = subprocess.run(["findmnt", "-no", "SOURCE", self.root], check=True, capture_output=True, text=True)
        Path(f"/sys/fs/ext4/{Path(found.stdout.strip()).name}/trigger_fs_error").write_text("a trial")

    def mend(self):
        """As an administrator would, while it is not mounted."""
        done = subprocess.run(["e2fsck", "-fy", self.image], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise Trouble(f"e2fsck ended with {done.returncode}: {done.stdout}")

    def cut(self):
        directory = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.ioctl(directory, EXT4_IOC_SHUTDOWN, struct.pack("I", NOLOGFLUSH))
        finally:
            os.close(directory)

    def unmount(self):
        # What a killed program had open is closed in the background.
        for _ in range(100):
            if not os.path.ismount(self.root) or subprocess.run(["umount", self.root], capture_output=True).returncode == 0:
                return
            time.sleep(0.05)
        raise Trouble(f"{self.root} can't be unmounted: somebody has it open")


@contextlib.contextmanager
def dropping(work):
    """Messages are dropped meanwhile, some at once and then none for a moment, as fast as the disk takes them."""
    stop = threading.Event()

    def drop():
        while not stop.is_set():
            with contextlib.suppress(OSError):
                work.drop()
            stop.wait(random.choice((0, 0, 0, 0.02, 0.1)))

    thread = threading.Thread(target=drop)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def at_random(work):
    time.sleep(random.uniform(0.02, 0.6))
    return work.receipts()


def kills(place, count):
    work = Workplace(place, make_directory(place / "disk"))
    starts, seen = [], None
    for _ in range(count):
        starts.append(work.start())
        with dropping(work):
            seen = at_random(work)
            work.kill()
        work.check_database()
    return conclude(work, starts, seen, f"{count} times SIGKILL")


def cuts(place, count):
    disk = Disk(place)
    work = Workplace(place, disk.root)
    starts, seen = [], None
    try:
        for index in range(count):
            starts.append(work.start())
            if index % 10 == 0:
                work.check(seen)
            with dropping(work):
                seen = at_random(work)
                disk.cut()
                work.kill()
            disk.unmount()
            disk.mount()
            work.check_database()
        return conclude(work, starts, seen, f"{count} power cuts")
    finally:
        work.kill()
        disk.unmount()


def conclude(work, starts, seen, what):
    starts.append(work.start())
    repeats = work.check(seen)
    work.stop()
    starts.sort()
    return (
        f"{what}: {len(work.dropped)} messages, lost 0, told to nobody 0, told again {repeats} times; "
        f"database whole each time; READY after {starts[len(starts) // 2]:.2f} s (median), {starts[-1]:.2f} s at most"
    )


def errors(place, seconds):
    """Runs each of ERRORS, and yields a line for it."""
    for calls, error in ERRORS:
        with tempfile.TemporaryDirectory(dir=place) as directory:
            yield f"{calls}: {error}", under_error(Path(directory), calls, error, seconds)


def under_error(place, calls, error, seconds):
    work = Workplace(place, make_directory(place / "disk"))
    work.start()
    before = len(work.log.read_text())
    with dropping(work):
        time.sleep(0.5)
        strace = subprocess.Popen(
            ["strace", "-f", "-qq", "-I", "1", "-o", place / "strace", "-e", f"trace={calls}",
             "-e", f"inject={calls}:error={error}:when=2+3", "-p", str(work.process)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        seen = work.receipts()
        strace.terminate()
        strace.wait(30)
    injected = (place / "strace").read_text(errors="replace").count("(INJECTED)")
    logged = len(work.log.read_text()[before:].splitlines())
    ended, how = work.ended(), "ran on"
    if ended is not None:
        how = f"ended ({ended}) and was started again"
        work.start()
    since = time.monotonic()
    repeats = work.check(seen)
    work.check_database()
    settled = time.monotonic() - since
    work.stop()
    if injected == 0:
        raise Trouble(f"no {calls} was made to fail: the trial is none")
    return (
        f"{injected} failed calls, {logged} lines of log: {how}; {len(work.dropped)} messages, lost 0, "
        f"told again {repeats} times; in order {settled:.1f} s afterwards"
    )


def scarcity(place, seconds):
    """Takes away what it needs, one thing at a time, and yields a line for each."""
    for take in (disk_full, state_read_only, descriptors_gone, memory_gone, time_gone):
        with tempfile.TemporaryDirectory(dir=place) as directory:
            yield take.__doc__.splitlines()[0], take(Path(directory), seconds)


def disk_full(place, seconds):
    """disk full: no room for the state, while messages come into a spool that has some"""
    disk = Disk(place)
    work = Workplace(place, make_directory(place / "other"), disk.root / "state")
    try:
        work.start()
        with dropping(work):
            time.sleep(0.5)
            # In many small pieces at last, so that not one block is left.
            for size in ("1M", "4k"):
                filler = ["dd", "if=/dev/zero", f"of={disk.root}/full.{size}", f"bs={size}"]
                subprocess.run(filler, stderr=subprocess.DEVNULL)
            time.sleep(seconds)
            for path in disk.root.glob("full.*"):
                path.unlink()
            took = recovery(work)
        return aftermath(work, took)
    finally:
        work.kill()
        disk.unmount()


def state_read_only(place, seconds):
    """state read-only: its file system finds an error and takes no more (ext4, errors=remount-ro), until it is mended"""
    disk = Disk(place, "errors=remount-ro")
    work = Workplace(place, make_directory(place / "other"), disk.root / "state")
    try:
        work.start()
        with dropping(work):
            time.sleep(0.5)
            disk.fail()
            time.sleep(seconds)
            if (code := work.ended()) is not None:
                raise Trouble(f"callbackd ended with {code} when its state became read-only:\n{work.last_words()}")
            work.kill()
            disk.unmount()
            disk.mend()
            disk.mount("ro")
            code = work.refused()
            disk.unmount()
            disk.mount()
            work.start()
            took = recovery(work)
        return f"ran on, a start meanwhile ended with {code}; {aftermath(work, took)}"
    finally:
        work.kill()
        disk.unmount()


def memory_gone(place, seconds):
    """memory gone: it may have no more than it has (prlimit, RLIMIT_DATA), while long messages come in"""
    work = Workplace(place, make_directory(place / "disk"))
    try:
        work.start()
        with dropping(work):
            time.sleep(0.5)
            before = resource.prlimit(work.process, resource.RLIMIT_DATA)
            # In kB, and what may grow counts: see proc(5).
            held = int(re.search(r"VmData:\s+(\d+)", Path(f"/proc/{work.process}/status").read_text()).group(1)) << 10
            resource.prlimit(work.process, resource.RLIMIT_DATA, (held, before[1]))
            end = time.monotonic() + seconds
            while time.monotonic() < end and work.ended() is None:
                work.drop(lambda ref: workplace.overdue(ref) + ("x" * 1000 + "\n") * 900)
                time.sleep(0.1)
            if work.ended() is None:
                resource.prlimit(work.process, resource.RLIMIT_DATA, before)
            took = recovery(work)
        return aftermath(work, took)
    finally:
        work.kill()


def descriptors_gone(place, seconds):
    """descriptors gone: no more files may be open than are (prlimit)"""
    work = Workplace(place, make_directory(place / "disk"))
    try:
        work.start()
        with dropping(work):
            time.sleep(0.5)
            limit = ["prlimit", f"--pid={work.process}"]
            most = len(os.listdir(f"/proc/{work.process}/fd"))
            before = resource.prlimit(work.process, resource.RLIMIT_NOFILE)
            subprocess.run([*limit, f"--nofile={most}:{before[1]}"], check=True)
            time.sleep(seconds)
            if work.ended() is None:
                subprocess.run([*limit, f"--nofile={before[0]}:{before[1]}"], check=True)
            took = recovery(work)
        return aftermath(work, took)
    finally:
        work.kill()


def time_gone(place, seconds):
    """no time: SIGSTOP, then SIGCONT"""
    work = Workplace(place, make_directory(place / "disk"))
    try:
        work.start()
        with dropping(work):
            time.sleep(0.5)
            os.kill(work.process, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(work.process, signal.SIGCONT)
            took = recovery(work)
        return aftermath(work, took)
    finally:
        work.kill()


def recovery(work):
    """Says how long after the fault everything that had been dropped until its end is in, answered for and told."""
    how, dropped = "ran on", set(work.dropped)
    since = time.monotonic()
    if (ended := work.ended()) is not None:
        how = f"ended ({ended}) and was started again"
        work.start()
    # As long as a hand-over that hangs may take to be noticed, and the watchdog to run out.
    work.settle(seconds=120, only=dropped)
    if work.watchdogs:
        how += ", its watchdog ran out, and it was started again"
    return f"{how}; {len(dropped)} messages in order {time.monotonic() - since:.1f} s after its end"


def aftermath(work, took):
    repeats = work.check()
    work.stop()
    work.check_database()
    return f"{took}, lost 0, told again {repeats} times"


def make_directory(path):
    path.mkdir()
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--cuts", type=int, default=0)
    parser.add_argument("--errors", type=float, default=0)
    parser.add_argument("--scarcity", type=float, default=0)
    parser.add_argument("--damage", action="store_true")
    parser.add_argument("--soak", type=float, default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    wanted = parser.parse_args()
    if os.environ.get("FAULT_TEST_APART") is None:
        # Its mounts are nobody else's, and gone with it.
        os.environ["FAULT_TEST_APART"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
    random.seed(wanted.seed)
    print(f"seed {wanted.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="callbackd-faults-") as place:
        if wanted.kills:
            print(kills(make_directory(Path(place) / "kills"), wanted.kills), flush=True)
        if wanted.cuts:
            print(cuts(make_directory(Path(place) / "cuts"), wanted.cuts), flush=True)
        if wanted.errors:
            for what, said in errors(Path(place), wanted.errors):
                print(f"{what}: {said}", flush=True)
        if wanted.scarcity:
            for what, said in scarcity(Path(place), wanted.scarcity):
                print(f"{what}: {said}", flush=True)
        if wanted.damage:
            for what, said in damages(Path(place)):
                print(f"{what}: {said}", flush=True)
        if wanted.soak:
            print(soak(make_directory(Path(place) / "soak"), wanted.soak), flush=True)


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"fault_test: {trouble}")
