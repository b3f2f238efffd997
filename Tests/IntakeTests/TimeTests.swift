import CallbackIntake
import CallbackRules
import Foundation
import Testing

/// The file arrives, and was written, on Monday 2026-11-23 at 14:20 in New York, where months are written first.
@Suite("When a call was taken, and until when it must be answered") struct TimeTests {
  private static let takenTimes: [(written: String, wall: String)] = [
    ("2026-11-23 14:05", "2026-11-23 14:05"), ("2026-11-23 14:05:30", "2026-11-23 14:05:30"),
    ("2026-11-23T14:05", "2026-11-23 14:05"), ("2026-11-23T14:05:30.123", "2026-11-23 14:05:30"),
    ("2026-11-23T19:05:00Z", "2026-11-23 14:05"), ("2026-11-23T20:05:00+01:00", "2026-11-23 14:05"),
    ("2026-11-23 14:05:00 -0500", "2026-11-23 14:05"), ("2026-11-23 19:05 UTC", "2026-11-23 14:05"),
    ("20261123T140530", "2026-11-23 14:05:30"), ("20261123T190530Z", "2026-11-23 14:05:30"),
    ("20261123140530", "2026-11-23 14:05:30"), ("202611231905+0000", "2026-11-23 14:05"),
    ("11/23/2026 2:05 PM", "2026-11-23 14:05"), ("11/23/2026 2:05pm", "2026-11-23 14:05"),
    ("11/23/2026, 2:05 p.m.", "2026-11-23 14:05"), ("11/23/26 02:05 PM", "2026-11-23 14:05"),
    ("11/23/2026 12:05 AM", "2026-11-23 00:05"), ("11/23/2026 12:05 PM", "2026-11-23 12:05"),
    ("11/23/2026 2:05", "2026-11-23 02:05"), ("11-23-2026 14:05", "2026-11-23 14:05"),
    ("1/2/2026 8:00", "2026-01-02 08:00"), ("11.22.2026 14:05", "2026-11-22 14:05"),
    ("Nov 23 2026 14:05", "2026-11-23 14:05"), ("November 23rd, 2026 at 2:05 PM", "2026-11-23 14:05"),
    ("23 Nov 2026 14:05", "2026-11-23 14:05"), ("23-Nov-26 14:05", "2026-11-23 14:05"),
    ("Mon, 23 Nov 2026 14:05:12 -0500", "2026-11-23 14:05:12"), ("Monday 11/23/2026 14:05", "2026-11-23 14:05"),
    ("2:05 PM 11/23/2026", "2026-11-23 14:05"), ("11/23/2026 1405", "2026-11-23 14:05"),
    ("11/23 14:05", "2026-11-23 14:05"), ("12/31 14:05", "2025-12-31 14:05"), ("Nov 22 1405", "2026-11-22 14:05"),
    ("today 14:05", "2026-11-23 14:05"), ("yesterday 9pm", "2026-11-22 21:00"), ("Sat 9 pm", "2026-11-21 21:00"),
    ("2:11 PM", "2026-11-23 14:11"), ("14:24", "2026-11-23 14:24"), ("14:26", "2026-11-22 14:26"),
    ("tonight 2:05 pm", "2026-11-23 14:05"), ("2.05 PM", "2026-11-23 14:05"), ("11/25 14:05", "2025-11-25 14:05"),
    ("11:30 PM", "2026-11-22 23:30"), ("1411", "2026-11-23 14:11"), ("19:05Z", "2026-11-23 14:05"),
    ("2026-11-23 14:24", "2026-11-23 14:24"), ("2025-11-01 01:30", "2025-11-01 01:30"),
    // In summer too, New York's own clock; elsewhere's, what it says.
    ("11/23/2026 2:05 PM EST", "2026-11-23 14:05"), ("2:05 PM ET", "2026-11-23 14:05"),
    ("7/1/2026 2:05 PM EST", "2026-07-01 14:05"), ("7/1/2026 2:05 PM EDT", "2026-07-01 14:05"),
    ("11/23/2026 1:05 PM CST", "2026-11-23 14:05"), ("7/1/2026 1:05 PM CDT", "2026-07-01 14:05"),
    ("7/1/2026 1:05 PM CST", "2026-07-01 15:05"), ("7/1/2026 11:05 AM PT", "2026-07-01 14:05"),
    ("Mon Nov 23 14:05:30 EST 2026", "2026-11-23 14:05:30"), ("Mon Nov 23 14:05:30 2026", "2026-11-23 14:05:30"),
    ("Mon Nov  2 14:05:30 2026", "2026-11-02 14:05:30"), ("Wed Nov 5 14:05:30 UTC 2025", "2025-11-05 09:05:30"),
    // Clocks went back at 02:00: the first 01:30. They went forward at 02:00: the moment of the change.
    ("2026-11-01 01:30", "2026-11-01 01:30"), ("2026-03-08 02:30", "2026-03-08 03:00"),
  ]

  @Test(
    "Taken",
    arguments: takenTimes)
  func taken(written: String, wall: String) throws {
    let message = try Reading().message("Taken: \(written)\nCaller: J\n")
    #expect(message.takenAt == (try Reading.moment(wall)))
    #expect(message.problem == nil && message.notes.isEmpty)
  }

  @Test(
    "Date and time in fields of their own, in any order",
    arguments: [
      "Date: 11/23/2026\nTime: 2:11 PM", "Time: 2:11 PM\nDate: 11/23/2026", "Time Taken: 14:11\nDate: 2026-11-23",
    ])
  func apart(lines: String) throws {
    let message = try Reading().message("\(lines)\nCaller: J\n")
    #expect(message.takenAt == (try Reading.moment("2026-11-23 14:11")) && message.notes.isEmpty)
  }

  @Test("Day first, where the account says so")
  func dayFirst() throws {
    let account = Account(id: "riverside", zone: Reading.newYork, dayFirst: true)
    for written in ["03/11/2026 08:00", "03.11.26 8:00 AM", "3-11-2026 08:00"] {
      let message = try Reading(accounts: [account]).message("Taken: \(written)\nCaller: J\n")
      #expect(message.takenAt == (try Reading.moment("2026-11-03 08:00")) && message.notes.isEmpty)
    }
  }

  @Test("A date that only fits the other order is read so, and noted")
  func otherOrder() throws {
    let message = try Reading().message("Taken: 22/11/2026 14:05\nCaller: J\n")
    #expect(message.takenAt == (try Reading.moment("2026-11-22 14:05")))
    #expect(message.notes.count == 1 && message.problem == nil)
  }

  @Test("A date without a time is the file's time on its day, else the beginning of the day; noted")
  func dateOnly() throws {
    let same = try Reading().message("Date: 11/23/2026\nCaller: J\n")
    #expect(same.takenAt == Reading.arrival && same.notes.count == 1)
    let earlier = try Reading().message("Date: 11/20/2026\nCaller: J\n")
    #expect(earlier.takenAt == (try Reading.moment("2026-11-20 00:00")) && earlier.notes.count == 1)
  }

  @Test("A time that ISO 8601 can't write in every zone is left out, and noted", arguments: ["Promised", "Until"])
  func endOfTime(field: String) throws {
    let message = try Reading().message("\(field): 12/31/9999 11:59 PM\nCaller: J\n")
    #expect(message.promisedAt == nil && message.reachableUntil == nil)
    #expect(message.notes.count == 1 && message.problem == nil)
  }

  @Test(
    "More than five minutes ahead is the arrival, noted",
    arguments: ["2026-11-23 14:26", "11/24/2026", "tomorrow 9am", "Nov 23 14:26", "11/23 11:45 pm", "11/24 9am"])
  func future(written: String) throws {
    let message = try Reading().message("Taken: \(written)\nCaller: J\n")
    #expect(message.takenAt == Reading.arrival && !message.notes.isEmpty && message.problem == nil)
  }

  @Test("A date without a year counts as ahead over the end of a year, too")
  func newYear() throws {
    let arrival = try Reading.moment("2026-12-31 23:50")
    let early = try Reading(modifiedAt: arrival, arrivedAt: arrival).message("Taken: Jan 1 00:10\nCaller: J\n")
    #expect(early.takenAt == arrival && early.notes.count == 1)
    let next = arrival + 1200
    let late = try Reading(modifiedAt: next, arrivedAt: next).message("Taken: 12/31 23:50\nCaller: J\n")
    #expect(late.takenAt == arrival && late.notes.isEmpty)
  }

  @Test(
    "An impossible time is a problem that names line and remedy, and keeps the rest",
    arguments: [
      "25:61", "2026-11-23 25:61", "2026-02-30 10:00", "13/13/2026 10:00", "soon", "14", "0:70 PM", "13:00 AM",
      "20261123240000", "202611231460", "20261123140530 14:05", "99999999999999",
      "2026-11-23 14:05 and then some", "12/2026", "99999999999", "2026-11-23T14:05+99:00",
      "２０２６-11-23 14:05",
    ])
  func impossible(written: String) throws {
    let message = try Reading().message("Caller: Jane\nUrgency: routine\nTaken: \(written)\nPhone: 555 010 1111\n")
    #expect(
      message.problem == "line 3: Taken \"\(written)\" is not a date and time; write it as 2026-11-23 14:05")
    #expect(message.takenAt == Reading.arrival && message.urgency == .urgent)
    #expect(message.caller == "Jane" && message.callback?.digits == "15550101111" && message.body == nil)
  }

  @Test("A date before 2000 is of a broken clock: the file's time stands for it, and it is kept and noted")
  func ancient() throws {
    let message = try Reading().message("Caller: Jane\nTaken: 1970-01-01 00:00\n")
    #expect(message.takenAt == Reading.arrival && message.problem == nil && message.urgency == .routine)
    #expect(message.notes == ["line 2: Taken is before 2000; the file's time stands for it"])
    #expect(message.otherFields == [.init(name: "Taken", value: "1970-01-01 00:00")])
    let apart = try Reading().message("Date: 01/01/1980\nTime: 2:05 PM\nCaller: J\n")
    #expect(apart.takenAt == (try Reading.moment("2026-11-23 14:05")) && apart.problem == nil && apart.notes.count == 1)
    #expect(try Reading().message("Taken: 1999-02-30 10:00\nCaller: J\n").problem != nil)
  }

  @Test("A second time that is none does not spoil a first that is whole")
  func spareTime() throws {
    let message = try Reading().message("Taken: 2026-11-23 14:05\nReceived: by phone\nCaller: J\n")
    #expect(message.takenAt == (try Reading.moment("2026-11-23 14:05")) && message.problem == nil)
    #expect(message.otherFields == [.init(name: "Received", value: "by phone")])
  }

  @Test("The problem names the field that is wrong, of Date and Time")
  func impossiblePart() throws {
    let message = try Reading().message("Date: 11/45/2026\nTime: 2:11 PM\nCaller: J\n")
    #expect(message.problem?.hasPrefix("line 1: Date \"11/45/2026\"") == true)
  }

  @Test("Without Taken the file's time counts, never after the arrival, and not from before 2000")
  func fileTime() throws {
    let arrival = Reading.arrival
    #expect(try Reading(modifiedAt: arrival - 900).message("Caller: J").takenAt == arrival - 900)
    #expect(try Reading(modifiedAt: arrival + 900).message("Caller: J").takenAt == arrival)
    let ancient = try Reading(modifiedAt: Date(timeIntervalSince1970: 0)).message("Caller: J")
    #expect(ancient.takenAt == arrival && ancient.notes.count == 1)
  }

  @Test("A bare time is the latest one before the file was written, however late it arrives")
  func lateArrival() throws {
    let reading = Reading(modifiedAt: Reading.arrival, arrivedAt: Reading.arrival + 2 * 86_400)
    #expect(try reading.message("Time: 14:05\nCaller: J").takenAt == (try Reading.moment("2026-11-23 14:05")))
  }

  private static let timesToCome: [(written: String, wall: String)] = [
    ("30 min", "2026-11-23 14:35"), ("30min", "2026-11-23 14:35"), ("30 minutes", "2026-11-23 14:35"),
    ("1 hr", "2026-11-23 15:05"), ("2 hours", "2026-11-23 16:05"), ("1h30m", "2026-11-23 15:35"),
    ("1 hr 30 min", "2026-11-23 15:35"), ("1.5 hours", "2026-11-23 15:35"), ("half an hour", "2026-11-23 14:35"),
    ("1/2 hour", "2026-11-23 14:35"), ("1 1/2 hrs", "2026-11-23 15:35"), ("8 pm tonight", "2026-11-23 20:00"),
    ("an hour", "2026-11-23 15:05"), ("within 30 min.", "2026-11-23 14:35"), ("in 2 hrs", "2026-11-23 16:05"),
    ("30-60 min", "2026-11-23 14:35"), ("2 days", "2026-11-25 14:05"), ("3 pm", "2026-11-23 15:00"),
    ("by 3 pm", "2026-11-23 15:00"), ("15:30", "2026-11-23 15:30"), ("3:30", "2026-11-23 15:30"),
    ("2:00", "2026-11-24 02:00"), ("12:30", "2026-11-24 00:30"), ("9 am", "2026-11-24 09:00"),
    ("14:05", "2026-11-24 14:05"), ("1 pm", "2026-11-24 13:00"), ("noon", "2026-11-24 12:00"),
    ("midnight", "2026-11-24 00:00"), ("tomorrow 9am", "2026-11-24 09:00"), ("9am tomorrow", "2026-11-24 09:00"),
    ("today 4pm", "2026-11-23 16:00"), ("EOD", "2026-11-23 17:00"), ("end of day", "2026-11-23 17:00"),
    ("EOD tomorrow", "2026-11-24 17:00"), ("close of business", "2026-11-23 17:00"),
    ("2026-11-24 10:00", "2026-11-24 10:00"), ("11/24/2026 10:00 AM", "2026-11-24 10:00"),
    ("2026-11-23T20:00:00Z", "2026-11-23 15:00"), ("11/23/2026 2:30", "2026-11-23 14:30"),
    ("Tuesday 9am", "2026-11-24 09:00"), ("Mon 9am", "2026-11-30 09:00"), ("1/4 9am", "2027-01-04 09:00"),
  ]

  /// The call was taken at 14:05.
  @Test(
    "Promised and Reachable-Until",
    arguments: timesToCome)
  func toCome(written: String, wall: String) throws {
    let expected = try Reading.moment(wall)
    let message = try Reading().message("Taken: 2026-11-23 14:05\nPromised: \(written)\nUntil: \(written)\nCaller: J\n")
    #expect(message.promisedAt == expected && message.reachableUntil == expected)
    #expect(message.notes.isEmpty && message.problem == nil)
  }

  @Test("A number alone is minutes for Promised, noted, and nothing for Reachable-Until", arguments: [13, 30, 240])
  func bareMinutes(number: Int) throws {
    let message = try Reading().message("Taken: 2026-11-23 14:05\nPromised: \(number)\nUntil: \(number)\nCaller: J\n")
    #expect(message.promisedAt == (try Reading.moment("2026-11-23 14:05")) + Double(number) * 60)
    #expect(message.reachableUntil == nil && message.notes.count == 2 && message.problem == nil)
  }

  @Test("The end of a day that is past its office hours is its last minute")
  func endOfLateDay() throws {
    let reading = Reading(arrivedAt: Reading.arrival + 6 * 3600)
    let message = try reading.message("Taken: 2026-11-23 18:00\nPromised: EOD\nCaller: J\n")
    #expect(message.promisedAt == (try Reading.moment("2026-11-23 23:59")))
  }

  @Test("A date without a time is the end of its office day, noted")
  func promisedDay() throws {
    let message = try Reading().message("Promised: tomorrow\nCaller: J\n")
    #expect(message.promisedAt == (try Reading.moment("2026-11-24 17:00")) && message.notes.count == 1)
  }

  @Test(
    "What can't be read is noted, and left out",
    arguments: [
      "25:61", "soon", "3", "12", "241", "2/1 hours", "11/23 min", "1/0 hour", "2 business days", "13 pm or so",
      "-5 min", "0 min", "9999 weeks", "2026-02-30",
    ])
  func unreadable(written: String) throws {
    let message = try Reading().message("Promised: \(written)\nUntil: \(written)\nCaller: J\n")
    #expect(message.promisedAt == nil && message.reachableUntil == nil)
    #expect(message.notes.count == 2 && message.notes[0].contains(written) && message.problem == nil)
  }

  @Test("A promise from before the call stays, and is noted")
  func promisedBefore() throws {
    let message = try Reading().message("Taken: 2026-11-23 14:05\nPromised: 2026-11-23 13:00\nCaller: J\n")
    #expect(message.promisedAt == (try Reading.moment("2026-11-23 13:00")) && message.notes.count == 1)
  }
}
