import CallbackRules
import Foundation

/// Turns the times that a message writes into moments, by its account's clock.
struct TimeFields {
  private let source: MessageSource
  private let zone: Zone
  private let dayFirst: Bool

  /// How far a service's clock may be ahead of ours.
  static let allowedAheadSeconds = 300.0
  /// What a number alone promises; a lower one may be an hour of the day.
  private static let bareMinutes = 13...240
  /// 2000-01-01: a file or a call from before has met a broken clock.
  private static let earliest = Date(timeIntervalSince1970: 946_684_800)

  struct Taken {
    var moment: Date
    var problem: String?
    var notes: [String] = []
  }

  init(source: MessageSource, belonging: Belonging, office: Office) {
    self.source = source
    zone = belonging.account?.zone ?? office.zone
    let service = belonging.service.flatMap { office.services[$0] }
    dayFirst = belonging.account?.dayFirst ?? service?.dayFirst ?? false
  }

  /// When the file was written, as far as that can be: never after its arrival.
  var fileTime: Date { hasFileTime ? min(source.modifiedAt, source.arrivedAt) : source.arrivedAt }

  /// What to say where the file's time is used.
  var fileTimeNotes: [String] {
    hasFileTime ? [] : ["the file's own time is before 2000; its arrival stands for it"]
  }

  private var hasFileTime: Bool { source.modifiedAt >= Self.earliest }

  // MARK: - Taken

  /// When the call was taken. Without a time that can be read, the file's time.
  func taken(from fields: inout GatheredFields) -> Taken {
    guard let first = fields.times.first else { return Taken(moment: fileTime, notes: fileTimeNotes) }
    var (written, lastUsed) = (WrittenTime(), first)
    var ancient: [String] = []
    for field in fields.times {
      if written.day != nil, written.clock != nil {
        fields.noteRepeat(of: first, by: field)
      } else if let part = read(field), part.isPossible {
        if written.merge(part) { lastUsed = field } else { fields.noteRepeat(of: first, by: field) }
      } else if read(field)?.isAncient == true {
        fields.keepBeside(field)
        ancient.append("\(field.place): \(quoted(field.name)) is before 2000; the file's time stands for it")
      } else {
        return impossible(field, keptIn: &fields)
      }
    }
    if written == WrittenTime() { return Taken(moment: fileTime, notes: ancient + fileTimeNotes) }
    let limit = written.clock == nil ? fileTime : fileTime.addingTimeInterval(Self.allowedAheadSeconds)
    guard let moment = written.moment(notAfter: limit, in: zone) else { return impossible(lastUsed, keptIn: &fields) }
    var taken = Taken(moment: moment, notes: ancient)
    if written.clock == nil {
      taken.notes.append(
        "\(first.place): \(quoted(first.name)) has no time of day; \(startOfDayNote(moment, fileTime))")
    }
    noteOrder(written, first, &taken.notes)
    if moment > source.arrivedAt.addingTimeInterval(Self.allowedAheadSeconds) {
      taken.moment = source.arrivedAt
      taken.notes.append("\(first.place): \(quoted(first.name)) is in the future; the arrival stands for it")
    }
    return taken
  }

  private func startOfDayNote(_ moment: Date, _ fileTime: Date) -> String {
    moment == fileTime ? "the file's time stands for it" : "the beginning of the day stands for it"
  }

  private func read(_ field: MessageField) -> WrittenTime? {
    TimeToken.pieces(of: field.value).flatMap { WrittenTime($0, dayFirst: dayFirst) }
  }

  private func impossible(_ field: MessageField, keptIn fields: inout GatheredFields) -> Taken {
    fields.keepBeside(field)
    let problem =
      "\(field.place): \(quoted(field.name)) \"\(quoted(field.value))\" is not a date and time; "
      + "write it as 2026-11-23 14:05"
    return Taken(moment: fileTime, problem: problem, notes: fileTimeNotes)
  }

  // MARK: - Promised and Reachable-Until

  /// The moment that Promised or Reachable-Until names, after the call; nil, with a note, if it can't be read.
  func toCome(_ name: FieldName, takenAt: Date, in fields: inout GatheredFields, notes: inout [String]) -> Date? {
    guard let field = fields[name] else { return nil }
    guard let tokens = TimeToken.pieces(of: field.value), let moment = moment(tokens, field, takenAt, &notes) else {
      notes.append(
        "\(field.place): \(quoted(field.name)) \"\(quoted(field.value))\" is not a time that can be read; left out")
      fields.keepBeside(field)
      return nil
    }
    if moment < takenAt { notes.append("\(field.place): \(quoted(field.name)) is before the call was taken") }
    return moment
  }

  private func moment(
    _ tokens: [TimeToken], _ field: MessageField, _ takenAt: Date, _ notes: inout [String]
  ) -> Date? {
    if let span = TimeSpan(written: tokens) {
      let start = span.days == 0 ? takenAt : zone.moment(of: zone.civilTime(at: takenAt).adding(days: span.days))
      return start.addingTimeInterval(Double(span.clockSeconds))
    }
    if field.meaning == .promised, tokens.count == 1, case .number(let minutes, digits: 2...3) = tokens[0],
      Self.bareMinutes.contains(minutes)
    {
      notes.append("\(field.place): \(quoted(field.name)) has no unit; read as minutes")
      return takenAt.addingTimeInterval(Double(minutes) * 60)
    }
    guard let written = WrittenTime(tokens, dayFirst: dayFirst), written.isPossible else { return nil }
    noteOrder(written, field, &notes)
    if written.clock == nil {
      notes.append("\(field.place): \(quoted(field.name)) has no time of day; read as the end of the office day")
    }
    return written.moment(after: takenAt, in: zone)
  }

  private func noteOrder(_ written: WrittenTime, _ field: MessageField, _ notes: inout [String]) {
    guard written.otherOrder else { return }
    notes.append(
      "\(field.place): \(quoted(field.name)) has day and month the other way round than the account; "
        + "check its `dates` in the configuration")
  }
}

extension WrittenTime {
  /// Adds what another field says and this does not; false if it adds nothing.
  fileprivate mutating func merge(_ other: WrittenTime) -> Bool {
    let adds = day == nil && other.day != nil || clock == nil && other.clock != nil
    guard adds else { return false }
    if day == nil { (day, otherOrder) = (other.day, other.otherOrder) }
    if clock == nil { (clock, offset, named) = (other.clock, other.offset, other.named) }
    return true
  }
}
