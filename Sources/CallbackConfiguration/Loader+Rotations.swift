import CallbackRules
import Foundation

extension Loader {
  func readRotations() -> [Section<Rotation>] {
    root.sections("rotation") { table in
      let id = table.ownId(.rotation)
      let name = table.read("name", .anyText)
      let lowest = readLayer(of: table)
      let above = table.sections("layer") { readLayer(of: $0) }
      let overrides = readOverrides(of: table)
      guard let lowest else { return nil }
      return (Rotation(id: id ?? "", name: name, layers: [lowest] + above, overrides: overrides), table)
    }
  }

  private func readLayer(of table: TableReader) -> Rotation.Layer? {
    let members = members(of: table, [.person, .team])
    let starts = table.require("starts", .dayAndTime)
    let every = table.require("every", .span(.minutes(15), to: .days(366)))
    let hours = table.reference("hours", to: [.hours])
    guard let starts, let every else { return nil }
    return Rotation.Layer(members: members, starts: starts, every: every, hours: hours)
  }

  func members(of table: TableReader, _ kinds: Set<Ids.Kind>) -> [String] {
    table.demand("members", "has nobody; write at least one id, such as [\"rivera\"]")
    return table.references("members", to: kinds) ?? []
  }

  private func readOverrides(of rotation: TableReader) -> [Rotation.Override] {
    rotation.sections("override") { table in
      let from = table.require("from", .dayAndTime)
      let until = table.require("until", .dayAndTime)
      table.demand("person", "is missing; write the id of who is on call meanwhile")
      let person = table.reference("person", to: [.person])
      guard let from, let until, let person else { return nil }
      if until.secondsSince1970 <= from.secondsSince1970 {
        table.problem("until", "ends before it begins; write a time after `from`")
      }
      return Rotation.Override(from: from, until: until, person: person)
    }
  }

  // MARK: - Gaps

  /// How far ahead an administrator is warned.
  private static let daysAhead = 60

  /// Promises hold in a gap too, but only by falling through to later steps, so it should be on purpose.
  func warnOfGaps(_ office: Office, now: Date) {
    let horizon = now + Double(Self.daysAhead * 86_400)
    let gaps = Dictionary(grouping: office.gaps(from: now, until: horizon), by: \.rotation)
    for (rotation, table) in rotations {
      guard let gaps = gaps[rotation.id], let first = gaps.first else { continue }
      let from = first.from > now ? " from \(office.zone.text(first.from))" : ""
      let until = first.until < horizon ? " until \(office.zone.text(first.until))" : from.isEmpty ? " at all" : " on"
      let more =
        gaps.count == 1 ? "" : " (and \(gaps.count - 1) more \(gaps.count == 2 ? "gap" : "gaps") in the next 60 days)"
      let turn = rotation.candidates(at: first.from, zone: office.zone, hours: office.hours).first
      let why = turn.map { "; \(quoted($0)) has the turn but can't be told" } ?? ""
      findings.warning(
        table.place, "nobody is on call in \(quoted(rotation.id))\(from)\(until)\(more)\(why); add \(remedy(turn))")
    }
  }

  private func remedy(_ turn: String?) -> String {
    turn == nil
      ? "a [[rotation.override]] for then, or begin earlier, or add a layer without `hours`"
      : "an address, an `instead` or a [[rotation.override]] for then"
  }
}

extension Zone {
  /// `2026-11-26 08:00`.
  fileprivate func text(_ moment: Date) -> String {
    let time = civilTime(at: moment)
    return "\(time.dateText) \(time.clockText)"
  }
}
