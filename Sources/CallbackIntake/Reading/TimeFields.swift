import CallbackRules
import Foundation

/// Turns the times that a message writes into moments, by its account's clock.
struct TimeFields {
  private let source: MessageSource
  private let zone: Zone
  private let dayFirst: Bool

  /// How far a service's clock may be ahead of ours.
  static let allowedAheadSeconds = 300.0
  /// 2000-01-01: a file or a call from before has met a broken clock.
  private static let earliest = Date(timeIntervalSince1970: 946_684_800)

  struct Taken {
    var moment: Date
    var problem: String?
    var notes: [String] = []
  }

  init(source: MessageSource, account: Account?, office: Office) {
    self.source = source
    zone = account?.zone ?? office.zone
    dayFirst = account?.dayFirst ?? false
  }

  /// When the file was written, as far as that can be: never after its arrival.
  func fileTime(notes: inout [String]) -> Date {
    guard source.modifiedAt >= Self.earliest else {
      notes.append("the file's own time is before 2000; its arrival stands for it")
      return source.arrivedAt
    }
    return min(source.modifiedAt, source.arrivedAt)
  }

  // MARK: - Taken

  /// When the call was taken. Without a time that can be read, the file's time.
  func taken(from fields: inout GatheredFields) -> Taken {
    guard let first = fields.times.first else {
      var notes: [String] = []
      return Taken(moment: fileTime(notes: &notes), notes: notes)
    }
    var ignored: [String] = []
    let fileTime = fileTime(notes: &ignored)
    var (written, lastUsed) = (WrittenTime(), first)
    for field in fields.times {
      guard let part = read(field), part.isPossible else { return Taken(moment: fileTime, problem: problem(field)) }
      if written.merge(part) { lastUsed = field } else { fields.noteRepeat(of: first, by: field) }
    }
    let limit = written.clock == nil ? fileTime : fileTime.addingTimeInterval(Self.allowedAheadSeconds)
    guard let moment = written.moment(notAfter: limit, in: zone) else {
      return Taken(moment: fileTime, problem: problem(lastUsed))
    }
    var taken = Taken(moment: moment)
    if written.clock == nil {
      taken.notes.append(
        "line \(first.line): \(quoted(first.name)) has no time of day; \(startOfDayNote(moment, fileTime))")
    }
    noteOrder(written, first, &taken.notes)
    if moment > source.arrivedAt.addingTimeInterval(Self.allowedAheadSeconds) {
      taken.moment = source.arrivedAt
      taken.notes.append("line \(first.line): \(quoted(first.name)) is in the future; the arrival stands for it")
    }
    return taken
  }

  private func startOfDayNote(_ moment: Date, _ fileTime: Date) -> String {
    moment == fileTime ? "the file's time stands for it" : "the beginning of the day stands for it"
  }

  private func read(_ field: MessageField) -> WrittenTime? {
    TimeToken.pieces(of: field.value).flatMap { WrittenTime($0, dayFirst: dayFirst) }
  }

  private func problem(_ field: MessageField) -> String {
    "line \(field.line): \(quoted(field.name)) \"\(quoted(field.value))\" is not a date and time; "
      + "write it as 2026-11-23 14:05"
  }

  // MARK: - Promised and Reachable-Until

  /// What the caller was told; nil, with a note, if it can't be read.
  func promised(_ field: MessageField?, takenAt: Date, notes: inout [String]) -> Date? {
    timeToCome(field, takenAt: takenAt, notes: &notes)
  }

  /// After when the caller can't be reached; nil, with a note, if it can't be read.
  func reachableUntil(_ field: MessageField?, takenAt: Date, notes: inout [String]) -> Date? {
    timeToCome(field, takenAt: takenAt, notes: &notes)
  }

  private func timeToCome(_ field: MessageField?, takenAt: Date, notes: inout [String]) -> Date? {
    guard let field else { return nil }
    guard let tokens = TimeToken.pieces(of: field.value), let moment = moment(tokens, field, takenAt, &notes) else {
      notes.append(
        "line \(field.line): \(quoted(field.name)) \"\(quoted(field.value))\" is not a time that can be read; left out")
      return nil
    }
    if moment < takenAt { notes.append("line \(field.line): \(quoted(field.name)) is before the call was taken") }
    return moment
  }

  private func moment(
    _ tokens: [TimeToken], _ field: MessageField, _ takenAt: Date, _ notes: inout [String]
  ) -> Date? {
    if let span = TimeSpan(written: tokens) {
      let start = span.days == 0 ? takenAt : zone.moment(of: zone.civilTime(at: takenAt).adding(days: span.days))
      return start.addingTimeInterval(Double(span.clockSeconds))
    }
    guard let written = WrittenTime(tokens, dayFirst: dayFirst), written.isPossible else { return nil }
    noteOrder(written, field, &notes)
    if written.clock == nil {
      notes.append("line \(field.line): \(quoted(field.name)) has no time of day; read as the end of the office day")
    }
    return written.moment(after: takenAt, in: zone)
  }

  private func noteOrder(_ written: WrittenTime, _ field: MessageField, _ notes: inout [String]) {
    guard written.otherOrder else { return }
    notes.append(
      "line \(field.line): \(quoted(field.name)) has day and month the other way round than the account; "
        + "check its `dates` in the configuration")
  }
}

extension WrittenTime {
  /// Adds what another field says and this does not; false if it adds nothing.
  fileprivate mutating func merge(_ other: WrittenTime) -> Bool {
    let adds = day == nil && other.day != nil || clock == nil && other.clock != nil
    guard adds else { return false }
    if day == nil { (day, otherOrder) = (other.day, other.otherOrder) }
    if clock == nil { (clock, offset) = (other.clock, other.offset) }
    return true
  }
}
