#!/usr/bin/env python3
"""Writes rotations.txt: who is on call in random rotations, by another way of counting than the daemon's.

    ./rotations.py > rotations.txt

Case N is made from SplitMix64 seeded with N, here and in RotationTableTests.swift, in the same order. Its line of 100 holds for
each case who is told, as a sum of 2^person, and for how many minutes it has been and will be so (in base 36; `-`
where that is longer than `WINDOW`). Times of zones come from zoneinfo.
"""

from bisect import bisect_right
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

CASES = 10_000
WINDOW = 3 * 1440
ZONES = [
    ("America/New_York", (3, 8), (11, 1)), ("Europe/Paris", (3, 29), (10, 25)),
    ("Australia/Lord_Howe", (4, 5), (10, 4)), ("America/Santiago", (4, 5), (9, 6)),
    ("America/Havana", (3, 8), (11, 1)), ("Asia/Kathmandu", (1, 1), (7, 1)),
]
EVERY_MINUTES = [15, 60, 90, 480, 720, 1440, 2160, 10_080, 20_160]
CLOSED = [datetime(2026, 3, 9), datetime(2026, 3, 29), datetime(2026, 4, 6), datetime(2026, 10, 4), datetime(2026, 11, 2)]
# Weekdays as Python counts them (Monday is 0), and the minutes of opening and closing; a closing after 1440 is on the next day.
HOURS = [
    [({0, 1, 2, 3, 4}, 480, 720), ({0, 1, 2, 3, 4}, 780, 1020)],
    [({0, 1, 2, 3, 4, 5, 6}, 1080, 1440 + 480)],
    [({5, 6}, 0, 1440), ({4}, 1350, 1440 + 90)],
]


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return (z ^ (z >> 31)) % bound


def utc_minute(local, zone):
    """Minutes since 1970 at which the wall first shows `local`; of a skipped time the change."""
    aware = local.replace(tzinfo=zone, fold=0)
    moment = aware.astimezone(timezone.utc)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return int(moment.timestamp()) // 60
    low, high = int(moment.timestamp()) // 60 - 1440, int(moment.timestamp()) // 60 + 1440

    def offset(minute):
        return datetime.fromtimestamp(minute * 60, zone).utcoffset()

    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
    return high


class Case:
    def __init__(self, number):
        random = SplitMix64(number)
        name, spring, autumn = ZONES[random.below(6)]
        self.zone = ZoneInfo(name)
        self.moments = {}
        self.instead = []
        for _ in range(6):
            active, instead = random.below(4) != 0, random.below(8)
            self.instead.append("active" if active else instead if instead < 6 else None)
        if random.below(2) == 0:
            month, day = [spring, autumn][random.below(2)]
            day = datetime(2026, month, day) + timedelta(days=random.below(3) - 1)
        else:
            day = datetime(2026, 1, 1) + timedelta(days=random.below(600))
        self.now = int(day.replace(tzinfo=timezone.utc).timestamp()) // 60 + random.below(2880) - 720
        self.layers = []
        for _ in range(1 + random.below(3)):
            members = [random.below(7) for _ in range(1 + random.below(4))]
            back = random.below(4) if random.below(2) == 0 else random.below(400)
            starts = day + timedelta(days=1 - back, minutes=15 * random.below(96))
            every = EVERY_MINUTES[random.below(9)]
            hours = random.below(6)
            self.layers.append((members, starts, every, hours if hours < 3 else None))
        self.overrides = []
        for _ in range(random.below(4)):
            person = random.below(6)
            start = day + timedelta(days=random.below(4) - 2, minutes=15 * random.below(96))
            self.overrides.append((person, start, start + timedelta(minutes=15 * (1 + random.below(96)))))

    def minute(self, local):
        if local not in self.moments:
            self.moments[local] = utc_minute(local, self.zone)
        return self.moments[local]

    def told(self, member):
        """The people of a person (0 to 5) or of the team (6), as a sum of 2^person."""
        if member == 6:
            return self.told(0) | self.told(1)
        seen = set()
        while self.instead[member] != "active":
            seen.add(member)
            member = self.instead[member]
            if member is None or member in seen:
                return 0
        return 1 << member

    def turn_at(self, layer, minute):
        """How many hand-offs there have been; the first begins turn 1."""
        _, starts, every, _ = layer
        low, high = 0, 1
        while self.minute(starts + timedelta(minutes=every * high)) <= minute:
            high *= 2
        if self.minute(starts) > minute:
            return 0
        while high - low > 1:
            middle = (low + high) // 2
            if self.minute(starts + timedelta(minutes=every * middle)) <= minute:
                low = middle
            else:
                high = middle
        return low + 1

    def open_times(self, hours):
        if hours not in self.opened:
            wall = datetime.fromtimestamp(self.now * 60, timezone.utc).replace(tzinfo=None)
            today = datetime(wall.year, wall.month, wall.day)
            self.opened[hours] = []
            for offset in range(-7, 8):
                day = today + timedelta(days=offset)
                for weekdays, opens, closes in HOURS[hours]:
                    if day.weekday() not in weekdays or day in CLOSED:
                        continue
                    if closes > 1440 and day + timedelta(days=1) in CLOSED:
                        closes = 1440
                    times = [self.minute(day + timedelta(minutes=at)) for at in (opens, closes)]
                    self.opened[hours].append(times)
        return self.opened[hours]

    opened = None

    def on_call(self, minute):
        candidates = [
            person for person, start, end in reversed(self.overrides)
            if self.minute(start) <= minute < self.minute(end)
        ]
        for layer in reversed(self.layers):
            if layer[3] is not None and not any(a <= minute < b for a, b in self.open_times(layer[3])):
                continue
            turn = self.turn_at(layer, minute)
            if turn > 0:
                candidates.append(layer[0][(turn - 1) % len(layer[0])])
        return next((people for people in map(self.told, candidates) if people), 0)

    def changes(self):
        """Every minute within the window at which something may change, in order."""
        minutes = set()
        for _, start, end in self.overrides:
            minutes |= {self.minute(start), self.minute(end)}
        for layer in self.layers:
            first = max(1, self.turn_at(layer, self.now - WINDOW))
            for turn in range(first, self.turn_at(layer, self.now + WINDOW) + 1):
                minutes.add(self.minute(layer[1] + timedelta(minutes=layer[2] * (turn - 1))))
            if layer[3] is not None:
                minutes |= {minute for times in self.open_times(layer[3]) for minute in times}
        return sorted(minutes)

    def result(self):
        self.opened = {}
        people = self.on_call(self.now)
        changes = self.changes()
        at = bisect_right(changes, self.now)
        before = next((m for m in reversed(changes[:at]) if self.on_call(m - 1) != people), None)
        after = next((m for m in changes[at:] if self.on_call(m) != people), None)
        back = WINDOW + 1 if before is None else self.now - before
        ahead = WINDOW + 1 if after is None else after - self.now
        return f"{people} {base36(back)} {base36(ahead)}"


def base36(number):
    if number > WINDOW:
        return "-"
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
        if number == 0:
            return digits


for first in range(0, CASES, 100):
    print(",".join(Case(number).result() for number in range(first, first + 100)))
