#!/usr/bin/env python3
"""Makes officetime.txt: ends of spans of open time, found in another way than OfficeHours finds them.

A list of every minute of four years at which the office is open is made from what the clock on its wall shows (zoneinfo). The
end of a span is then looked up in it: of four hours, it is the 240th open minute from the start.

Each line is an office and the ends of its cases:

    ZONE CENTRE SPANS CLOSED = END…

CENTRE is a minute since 1970, three times in four one at which the clock is set, wherever it is. SPANS are WEEKDAYS@OPENS-CLOSES, weekdays as digits from 0 (Sunday), times
as minutes of the day. CLOSED are days since 1970, or "-". The ends are in minutes after the start of their case. Starts and
spans follow from the line's number, by the generator `Splitmix` and `case`, which OfficeTimeTests.swift has too.

Run it again (python3 officetime.py > officetime.txt) after new zone data have changed a year to come.
"""

from bisect import bisect_left
from datetime import datetime, timezone
from itertools import compress
from zoneinfo import ZoneInfo

ZONES = """
Africa/Abidjan Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Johannesburg Africa/Juba Africa/Khartoum Africa/Lagos
Africa/Sao_Tome Africa/Tripoli Africa/Windhoek America/Anchorage America/Argentina/San_Luis America/Asuncion America/Bogota
America/Caracas America/Chicago America/Denver America/Halifax America/Havana America/Los_Angeles America/Mexico_City
America/Montevideo America/New_York America/Nuuk America/Phoenix America/Port-au-Prince America/Punta_Arenas America/Santiago
America/Sao_Paulo America/Scoresbysund America/St_Johns Antarctica/Casey Antarctica/Macquarie Antarctica/Troll Asia/Amman
Asia/Dhaka Asia/Gaza Asia/Kathmandu Asia/Kolkata Asia/Pyongyang Asia/Tehran Asia/Tokyo Atlantic/Azores Australia/Adelaide
Australia/Eucla Australia/Lord_Howe Australia/Sydney Europe/Berlin Europe/Dublin Europe/Istanbul Europe/Lisbon Europe/London
Europe/Moscow Europe/Volgograd Pacific/Apia Pacific/Auckland Pacific/Chatham Pacific/Kiritimati Pacific/Norfolk
""".split()
OFFICES = 1000
CASES = 100
DAY = 1440
MOST_DAYS = 731
HALF_WINDOW = (MOST_DAYS + 60) * DAY


class Splitmix:
    """SplitMix64 (Steele, Lea, Flood 2014)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
        return (mixed ^ (mixed >> 31)) % bound


def case(random, centre):
    """A start near the centre, and a span's days and minutes, in minutes: the same as in OfficeTimeTests.swift."""
    reach = [2 * DAY, 2 * DAY, 20 * DAY][random.below(3)]
    start = centre - reach + random.below(2 * reach)
    kind = random.below(8)
    days = 1 + random.below(9) if kind < 4 else 0
    minutes = 1 + random.below([30, 300, 3000][random.below(3)]) if 2 < kind else 0
    if random.below(50) == 0:
        days = minutes = 0
    return (start, -days, -minutes) if random.below(5) < 2 else (start, days, minutes)


def offset(zone, minute):
    """Minutes east of Greenwich."""
    return int(datetime.fromtimestamp(minute * 60, zone).utcoffset().total_seconds()) // 60


def runs(zone, first, end):
    """The minutes from `first` to `end`, parted where the clock is set: (first, end, offset)."""
    found = []
    here = first
    while here < end:
        east = offset(zone, here)
        ahead = here
        for step in (DAY, 1):
            while ahead + step < end and offset(zone, ahead + step) == east:
                ahead += step
        found.append((here, ahead + 1, east))
        here = ahead + 1
    return found


def open_on(spans, closed, day):
    """For each minute that the clock can show on this day, whether it is open."""
    shown = bytearray(DAY)
    if day in closed:
        return shown
    for weekdays, opens, closes in spans:
        if (day + 4) % 7 in weekdays:
            end = closes if closes > opens else DAY
            shown[opens:end] = b"\1" * (end - opens)
        if (day + 3) % 7 in weekdays and day - 1 not in closed and closes <= opens:
            shown[0:closes] = b"\1" * closes
    return shown


class Office:
    def __init__(self, zone, centre, spans, closed):
        first, end = centre - HALF_WINDOW, centre + HALF_WINDOW
        self.runs = runs(zone, first, end)
        first_day = first // DAY - 2
        wall = bytearray()
        for day in range(first_day, end // DAY + 3):
            wall += open_on(spans, closed, day)
        state = bytearray()
        shown_until = None
        for start, stop, east in self.runs:
            begins = start + east - first_day * DAY
            piece = wall[begins : begins + stop - start]
            # What the clock shows for the second time stays as it was when the clock was set back.
            again = max(0, min(len(piece), (shown_until or begins) - begins))
            piece[:again] = state[-1:] * again
            state += piece
            shown_until = begins + len(piece)
        self.open = list(compress(range(first, end), state))

    def is_open(self, minute):
        at = bisect_left(self.open, minute)
        return at < len(self.open) and self.open[at] == minute

    def day(self, minute):
        return next((minute + east) // DAY for _, stop, east in self.runs if minute < stop)

    def later(self, minute, days):
        """When the clock first shows, or has passed over, the same time so many days later."""
        wanted = minute + days * DAY + next(east for _, stop, east in self.runs if minute < stop)
        return next(max(start, wanted - east) for start, stop, east in self.runs if wanted < stop + east)

    def end(self, start, days, minutes):
        here = start
        if days:
            here = self.later(start, days)
            if not self.is_open(here):
                here = self.nth(here, 0, days < 0)
        if minutes and here is not None:
            here = self.nth(here, abs(minutes), minutes < 0)
        return start + days * DAY + minutes if here is None else here

    def nth(self, here, count, back):
        """The end of the so-manieth open minute, or its beginning, going back; of none, the next opening or last closing."""
        at = bisect_left(self.open, here)
        index = at - max(count, 1) if back else at + max(count, 1) - 1
        if not 0 <= index < len(self.open):
            return None
        minute = self.open[index]
        if abs(self.day(minute) - self.day(here)) > MOST_DAYS:
            return None
        return minute + (1 if back == (count == 0) else 0)


def random_hours(random, centre):
    spans = []
    for _ in range(1 + random.below(4)):
        weekdays = [set(range(1, 6)), set(range(7)), {day for day in range(7) if random.below(2)}, {random.below(7)}]
        grain = [60, 30, 15, 1][random.below(4)]
        # Clocks are set at night.
        opens = random.below([300, DAY][random.below(2)]) // grain * grain
        closes = random.below(DAY + 1) // grain * grain
        if opens != closes:
            spans.append((weekdays[random.below(4)], opens, closes))
    closed = sorted({centre // DAY - 20 + random.below(40) for _ in range(random.below(6))})
    return spans, closed


def main():
    years = [int(datetime(year, 1, 1, tzinfo=timezone.utc).timestamp()) // 60 for year in (2000, 2038)]
    zones = [(name, ZoneInfo(name)) for name in ZONES]
    changes = {name: [run[0] for run in runs(zone, *years)[1:]] for name, zone in zones}
    for number in range(OFFICES):
        random = Splitmix(number + 1_000_000)
        name, zone = zones[number % len(zones)]
        centre = years[0] + random.below(years[1] - years[0])
        if changes[name] and random.below(4):
            centre = changes[name][random.below(len(changes[name]))]
        spans, closed = random_hours(random, centre)
        office = Office(zone, centre, spans, closed)
        cases = Splitmix(number)
        ends = []
        for _ in range(CASES):
            start, days, minutes = case(cases, centre)
            ends.append(office.end(start, days, minutes) - start)
        written = ",".join(f"{''.join(map(str, sorted(w)))}@{opens}-{closes}" for w, opens, closes in spans) or "-"
        print(name, centre, written, ",".join(map(str, closed)) or "-", "=", *ends)


main()
