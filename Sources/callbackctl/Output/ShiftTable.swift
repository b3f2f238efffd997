import CallbackControl
import Foundation

/// Shifts as a table, gaps marked.
struct ShiftTable {
  var rows: [ShiftRow]
  var names: [String: String]
  /// The moment that was asked for; nil: now.
  var at: Date?
  var clock: WallClock

  /// A shift that goes on for longer has no end that anybody waits for. The daemon looks 400 days ahead and back.
  private static let farAway: TimeInterval = 399 * 86_400

  var table: Table {
    let mark = clock.isUTC ? " (UTC)" : ""
    return Table(
      columns: [
        .init(title: "ROTATION", minimum: 8), .init(title: "FROM\(mark)"), .init(title: "UNTIL\(mark)"),
        .init(title: "ON CALL", minimum: 14),
      ],
      rows: rows.map { [.init($0.name), time($0.from), time($0.until), who($0)] })
  }

  private func time(_ date: Date) -> Table.Cell {
    abs(date.timeIntervalSince(at ?? clock.now)) > Self.farAway ? .init("-") : .init(clock.bare(date))
  }

  /// Who is told; before it the team whose shift it is, or who has left and is stood in for.
  private func who(_ row: ShiftRow) -> Table.Cell {
    guard !row.people.isEmpty else { return .init("NOBODY", style: .late) }
    let people = row.people.map { names[$0] ?? $0 }.joined(separator: ", ")
    guard let member = row.member, row.people != [member] else { return .init(people) }
    return .init("\(names[member] ?? member): \(people)")
  }
}
