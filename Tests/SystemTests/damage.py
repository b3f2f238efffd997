"""The database is damaged: what the daemon says, and what is left when a backup was put back."""

import json
import os
import random
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

from roots import Trouble
from workplace import BINARIES, Workplace, overdue

# So much that SQLite's cache holds a part of it only.
BEFORE, BODY = 200, ("x" * 1000 + "\n") * 40
AFTER = 20
PAGE_BYTES = 4096


def header(file):
    """its first 100 bytes are gone"""
    overwrite(file, 0, 100)


def pages(file):
    """every page but the first is something else"""
    overwrite(file, PAGE_BYTES, file.stat().st_size - PAGE_BYTES)


def some_pages(file):
    """one page in three is something else"""
    for page in range(1, file.stat().st_size // PAGE_BYTES, 3):
        overwrite(file, page * PAGE_BYTES, PAGE_BYTES)


def cut(file):
    """it is half as long"""
    os.truncate(file, file.stat().st_size // 2)


def log(file):
    """its write-ahead log is something else"""
    wal = file.with_name(file.name + "-wal")
    overwrite(wal, 0, wal.stat().st_size)


def overwrite(file, offset, count):
    with open(file, "r+b") as opened:
        opened.seek(offset)
        opened.write(random.randbytes(count))


def damages(place):
    """Tries each while the daemon is down and while it runs, and yields a line for it."""
    for damage, runs in [(d, False) for d in (header, pages, some_pages, cut)] + [
        (d, True) for d in (header, pages, some_pages, cut, log)
    ]:
        trial = place / f"{damage.__name__}-{runs}"
        trial.mkdir()
        when = "while it runs" if runs else "while it is down"
        yield f"database damaged {when}, {damage.__doc__}", under_damage(trial, damage, runs)


def under_damage(place, damage, runs):
    work = Workplace(place, place)
    try:
        work.start()
        for _ in range(BEFORE):
            work.drop(lambda ref: overdue(ref) + BODY)
        work.settle()
        backup = backed_up(work)
        known = set(work.dropped)
        work.stop()
        empty_log(work)
        if runs:
            work.start()
            # As a file in use is: something is in its log.
            work.drop()
            work.settle()
            known = set(work.dropped)
            backup = backed_up(work)
        damage(work.state / "callbackd.db")
        for _ in range(AFTER):
            work.drop()
        said = running(work) if runs else f"a start {started(work)}"
        # What the damaged store took in meanwhile is in it, and not in the backup.
        taken = set(work.receipts()) - known
        work.control("restore", backup, by_socket=False)
        work.start()
        # What it took in and had no time to answer for is in the spool, or was answered for after all.
        work.settle(only=known | (work.dropped - taken))
        rows = work.rows()
        lost = [ref for ref in work.dropped - taken if len(rows.get(ref, [])) != 1]
        if lost:
            raise Trouble(f"after {damage.__doc__} these have not one callback: {sorted(lost)[:5]}")
        numbers = [number for ids in rows.values() for number in ids]
        if len(set(numbers)) != len(numbers):
            raise Trouble("a number was given twice")
        work.control("verify")
        work.stop()
        work.check_database()
    finally:
        work.kill()
    return (
        f"{said}; of {AFTER} messages dropped afterwards {AFTER - len(taken)} were still in the spool, and came in after "
        f"`restore`, {len(taken)} are in the store put aside; {len(known)} of {len(known)} are in the backup"
    )


def backed_up(work):
    directory = Path(tempfile.mkdtemp(prefix="backup-", dir=work.place))
    work.control("backup", str(directory), by_socket=False)
    return str(next(directory.iterdir()))


def empty_log(work):
    """All of the database in its own file, as after a while: what is damaged there is not in the log beside it."""
    database = sqlite3.connect(work.state / "callbackd.db")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def started(work):
    """How a start on the damaged file goes."""
    try:
        work.start()
    except Trouble:
        return f"ends with {work.ended()}: “{last_sentence(work)}”"
    return f"goes well; {running(work)}"


def running(work):
    """What is known of the damage some seconds later; then the daemon is ended as by an operator."""
    end = time.monotonic() + 10
    trouble = None
    while time.monotonic() < end and work.ended() is None and trouble is None:
        time.sleep(0.2)
        trouble = ask(work)
    if (code := work.ended()) is not None:
        return f"it ended with {code}: “{last_sentence(work)}”"
    work.stop()
    return f"it ran on, and said: “{trouble}”" if trouble else "it ran on and noticed nothing"


def ask(work):
    """What callbackctl says of the store; None where all is well."""
    for words in (["list"], ["verify"], ["status", "--json"]):
        done = subprocess.run(
            [BINARIES / "callbackctl", *words, "--socket", work.place / "run/control"], capture_output=True, text=True
        )
        if done.returncode != 0:
            return (done.stdout + done.stderr).strip().splitlines()[-1]
    stage = json.loads(done.stdout)["stages"]["store"]
    return None if stage["ok"] else stage["detail"]


def last_sentence(work):
    return work.log.read_text(errors="replace").strip().splitlines()[-1]
