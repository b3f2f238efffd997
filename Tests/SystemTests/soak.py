"""A day of a busy desk in minutes: its messages come in, people work them, and what the daemon holds is looked at all the while.

Every span of the day is as much shorter as the day is, those of the policies too. What is kept for days (receipts in memory,
callbacks in the store) grows by a whole day's work.
"""

import heapq
import json
import math
import os
import random
import signal
import socket
import statistics
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

from roots import Trouble
from workplace import Workplace

DAY_HOURS = 24
# How many messages come in within each hour of the day: 4,020 together, which is a service with twenty practices.
HOURLY = (60, 40, 30, 30, 40, 90, 200, 300, 260, 180, 160, 180, 300, 260, 160, 160, 220, 320, 300, 240, 180, 140, 100, 70)
# In less time than this it is a part of these messages, so that the trial's own programs keep up, and no slope is judged.
WHOLE_MINUTES = 20
# Before the day, half of the one before: caches and the allocator's pools fill.
WARM_UP_HOURS = 12
# Flat is what grows by less than this in a day.
MOST_GROWTH_KB, MOST_GROWTH_DESCRIPTORS = 4096, 1
SAMPLE_SECONDS = 2

# Spans of a day: call_back_within, own_within, remind_before, finish_within, step, repeat_every; in minutes.
POLICIES = {
    "emergency": (15, 5, 5, 10, 5, 5),
    "urgent": (30, 10, 10, 20, 15, 15),
    "routine": (240, 80, 30, 160, 120, 480),
}

POLICY = """
[[policy]]
urgency = "{urgency}"
call_back_within = "{due}s"
own_within = "{own}s"
remind_before = ["{remind}s"]
finish_within = "{finish}s"
step = [ {{ after = "0m", notify = ["recipient"] }}, {{ after = "{step}s", notify = ["chen"], repeat_every = "{again}s" }} ]
retry = {{ no_answer = "{retry}s", busy = "{retry}s", voicemail = "{retry}s" }}
"""


class Day:
    """`minutes` for the whole of it, and half as long before."""

    def __init__(self, place, disk, minutes):
        self.seconds_per_hour = minutes * 60 / DAY_HOURS
        self.part = min(1, minutes / WHOLE_MINUTES)
        self.work = Workplace(place, disk, policies="".join(self._policy(urgency) for urgency in POLICIES))
        self.since = None
        self.samples = []
        self.callers = []
        self.worked = {}
        self.failures = []
        self.stop = threading.Event()

    def _policy(self, urgency):
        due, own, remind, finish, step, again = (max(1, round(self.seconds(m))) for m in POLICIES[urgency])
        retry = max(1, round(self.seconds(30)))
        return POLICY.format(
            urgency=urgency, due=due, own=own, remind=remind, finish=finish, step=step, again=again, retry=retry
        )

    def seconds(self, minutes):
        """How long so many minutes of the day take."""
        return minutes * self.seconds_per_hour / 60

    @property
    def hour(self):
        """Before the day begins, less than 0."""
        return (time.monotonic() - self.since) / self.seconds_per_hour - WARM_UP_HOURS

    # ---- What happens in it

    def run(self):
        """Lets the day pass; says what came of it."""
        self.work.start()
        self.since = time.monotonic()
        threads = [
            threading.Thread(target=self._kept_on, args=(part,))
            for part in (self._messages, self._desk, self._samples, self._board, self._operations)
        ]
        for thread in threads:
            thread.start()
        try:
            while self.hour < DAY_HOURS and not self.failures:
                time.sleep(0.2)
                if (code := self.work.ended()) is not None:
                    raise Trouble(f"callbackd ended with {code} in hour {self.hour:.1f}:\n{self.work.last_words()}")
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()
        if self.failures:
            raise Trouble(f"in hour {self.hour:.1f}: {self.failures[0]}")
        return self._end()

    def _kept_on(self, part):
        try:
            part()
        except Exception as failure:
            self.failures.append(f"{part.__name__}: {failure!r}")

    def _messages(self):
        while not self.stop.is_set() and (hour := self.hour) < DAY_HOURS:
            self.work.drop(self._message)
            self.stop.wait(random.expovariate(HOURLY[math.floor(hour) % DAY_HOURS] * self.part / self.seconds_per_hour))

    def _message(self, ref):
        """What a desk takes down: most are plain, some of callers who ring again, some long, some not to be read at all."""
        kind = random.random()
        if kind < 0.01:
            return f"\x00\x01 not a message: {ref}"
        if kind < 0.02:
            rows = "".join(f"{ref}-{row},C{ref}-{row},555-{random.randrange(10**7):07}\n" for row in range(10))
            return f"Ref,Caller,Callback\n{rows}"
        if kind < 0.15 and self.callers:
            caller = random.choice(self.callers[-200:])
        else:
            caller = f"555-{random.randrange(10**7):07}"
            self.callers.append(caller)
        urgency = random.choices(("emergency", "urgent", "routine"), (1, 5, 14))[0]
        text = "What the caller said. " * random.choice((1, 1, 1, 10, 500))
        return (
            f"Ref: {ref}\nCaller: Caller of {caller}\nCallback: {caller}\nPatient: Patient of {caller}\n"
            f"Urgency: {urgency}\nTaken: {datetime.now(timezone.utc):%Y-%m-%d %H:%M:%S}\n\n{text}\n"
        )

    def _desk(self):
        """People see what is open, take it, try, and reach somebody: some soon, some only when they were told again and again."""
        plans, known = [], set()
        while not self.stop.is_set():
            for row in json.loads(self.work.control("list", "--json")):
                if row["id"] in known:
                    continue
                known.add(row["id"])
                at = self.hour + random.expovariate(60 / 5)
                if random.random() < 0.1:
                    at += random.uniform(0.5, 3)
                heapq.heappush(plans, (at, row["id"], "ack"))
            while plans and plans[0][0] <= self.hour and not self.stop.is_set():
                at, number, what = heapq.heappop(plans)
                done = self._act(what, number)
                if what == "ack" and done:
                    what = "voicemail" if random.random() < 0.15 else "done"
                    heapq.heappush(plans, (self.hour + random.expovariate(60 / 6), number, what))
                elif what == "voicemail":
                    heapq.heappush(plans, (self.hour + random.uniform(0.5, 1.5), number, "done"))
            self.stop.wait(self.seconds(1))

    def _act(self, what, number):
        words = ("attempt", str(number), what) if what == "voicemail" else (what, str(number))
        self.work.control(*words, "--as", "chen")
        self.worked[what] = self.worked.get(what, 0) + 1
        return True

    def _board(self):
        """A screen that follows what happens, and is opened anew each hour."""
        while not self.stop.is_set():
            until = self.hour + 1
            with socket.socket(socket.AF_UNIX) as board:
                board.settimeout(0.5)
                board.connect(str(self.work.place / "run/control"))
                board.sendall(json.dumps({"method": "org.callbackd.Control.Watch", "parameters": {}, "more": True}).encode() + b"\0")
                while self.hour < until and not self.stop.is_set():
                    try:
                        if not board.recv(1 << 16):
                            raise Trouble("the daemon hung up on a board")
                    except TimeoutError:
                        continue

    def _operations(self):
        """Monitoring each quarter of an hour, a report each hour, a reload every six."""
        for quarter in range(1 - 4 * WARM_UP_HOURS, 4 * DAY_HOURS):
            while self.hour < quarter / 4:
                if self.stop.wait(0.1):
                    return
            self.work.control("status", "--metrics")
            if quarter % 4 == 0:
                self.work.control("report", "--since", "1d", "--json")
            if quarter % 24 == 0:
                os.kill(self.work.process, signal.SIGHUP)

    # ---- What it holds

    def _samples(self):
        while not self.stop.is_set():
            process = Path(f"/proc/{self.work.process}")
            status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
            resident = int(status["VmRSS"].split()[0])
            self.samples.append((self.hour, resident, len(os.listdir(process / "fd")), int(status["Threads"])))
            self.stop.wait(min(SAMPLE_SECONDS, self.seconds_per_hour / 10))

    def _end(self):
        """Whatever is still open is seen to; then nothing may be missing. Who was told is not asked: some by a digest."""
        end = time.monotonic() + 60
        while missing := self.work.dropped - self.work.receipts().keys():
            if time.monotonic() > end:
                raise Trouble(f"{len(missing)} messages have no receipt, such as {self.work.whereabouts(min(missing))}")
            time.sleep(0.1)
        for row in json.loads(self.work.control("list", "--json")):
            self._act("done", row["id"])
        figures = self._figures()
        if figures["callbacks_open"] != 0:
            raise Trouble(f"{figures['callbacks_open']:.0f} callbacks are open when all were seen to")
        if figures["notices_failed_total"] or figures["promises_broken_total"] == 0:
            raise Trouble(f"the day was no trial: {figures}")
        self.work.control("verify")
        hourly = self._hourly()
        self.work.stop()
        self.work.check_database()
        return self._conclude(figures, hourly)

    def _figures(self):
        lines = self.work.control("status", "--metrics").splitlines()
        pairs = (line.split() for line in lines if line.startswith("callbackd_") and "{" not in line)
        return {name.removeprefix("callbackd_"): float(value) for name, value in pairs}

    def _hourly(self):
        """For each hour its number, the median of resident memory in kB, and the fewest and most descriptors and threads."""
        rows = []
        for hour in range(-WARM_UP_HOURS, DAY_HOURS):
            of_hour = [sample for sample in self.samples if math.floor(sample[0]) == hour]
            if not of_hour:
                raise Trouble(f"hour {hour} has no sample")
            _, resident, descriptors, threads = zip(*of_hour)
            rows.append((hour, statistics.median(resident), min(descriptors), max(descriptors), max(threads)))
        return rows

    def _conclude(self, figures, hourly):
        lines = [
            f"  hour {hour:3}: {resident / 1000:5.1f} MB, {fewest} to {most} descriptors, {threads} threads at most"
            for hour, resident, fewest, most, threads in hourly
        ]
        steady = [row for row in hourly if row[0] >= 0]
        hours = [row[0] for row in steady]
        # What is open for a moment is no leak: one shows in the fewest of an hour.
        resident = statistics.linear_regression(hours, [row[1] for row in steady]).slope
        descriptors = statistics.linear_regression(hours, [row[2] for row in steady]).slope
        highest = max(row[1] for row in hourly) / 1000
        said = (
            f"{len(self.work.dropped)} files, {figures['messages_admitted_total']:.0f} messages, "
            f"{figures['notices_delivered_total']:.0f} notices, {figures['promises_broken_total']:.0f} deadlines passed, "
            f"{sum(self.worked.values())} commands; lost 0; resident {highest:.1f} MB at most, "
            f"slope {resident:+.1f} kB an hour; descriptors {min(row[2] for row in steady)} to {max(row[3] for row in steady)}, "
            f"slope of the fewest {descriptors:+.3f} an hour"
        )
        report = "\n".join([said, *lines])
        if self.part == 1 and (resident * DAY_HOURS > MOST_GROWTH_KB or descriptors * DAY_HOURS > MOST_GROWTH_DESCRIPTORS):
            raise Trouble(f"it is not flat: {report}")
        return report


def soak(place, minutes):
    disk = place / "disk"
    disk.mkdir()
    day = Day(place, disk, minutes)
    try:
        return f"a day in {minutes:g} minutes: {day.run()}"
    finally:
        day.work.kill()
