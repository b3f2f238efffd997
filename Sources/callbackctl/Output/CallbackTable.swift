import CallbackControl

/// Rows of callbacks as a table.
struct CallbackTable {
  var rows: [CallbackRow]
  var names: [String: String]
  var clock: WallClock

  /// The table for so many columns. Where those who rang have no room, their deadlines are told by the time left alone.
  func table(width: Int?) -> Table {
    let whole = table(isShort: false)
    return whole.layout(width).shown.contains(Self.caller) ? whole : table(isShort: true)
  }

  /// The column of those who rang.
  private static let caller = 5

  private func table(isShort: Bool) -> Table {
    Table(
      columns: [
        .init(title: "NO", alignsRight: true), .init(title: clock.isUTC && !isShort ? "DUE (UTC)" : "DUE"),
        .init(title: "URGENCY"), .init(title: "WHO", minimum: 14),
        .init(title: "RING"), .init(title: "CALLER", minimum: 8), .init(title: "REGARDING", minimum: 8),
        .init(title: "ACCOUNT", minimum: 8),
      ],
      rows: rows.map { cells($0, isShort: isShort) })
  }

  private func cells(_ row: CallbackRow, isShort: Bool) -> [Table.Cell] {
    [
      .init("\(row.id)"), due(row, isShort: isShort),
      .init(row.urgency, style: row.urgency == "emergency" ? .late : .plain),
      who(row), .init(ring(row)), .init(row.caller ?? row.patient ?? "-"),
      .init(regarding(row)), .init(row.account ?? "-"),
    ]
  }

  private func due(_ row: CallbackRow, isShort: Bool) -> Table.Cell {
    guard row.state != "closed" else { return .init(clock.bare(row.dueAt)) }
    let style: Style = row.overdueSeconds > 0 ? .late : row.dueAt.timeIntervalSince(clock.now) < 900 ? .soon : .plain
    let left = clock.deadline(row.dueAt)
    return .init(isShort ? left : "\(left) (\(clock.bare(row.dueAt)))", style: style)
  }

  private func regarding(_ row: CallbackRow) -> String {
    switch row.kind {
    case "unreadable": "unreadable message"
    case "missing": "missing: \(row.regarding ?? "messages")"
    default: row.regarding ?? "-"
    }
  }

  /// Longer ones are no numbers, and would leave no room for the rest; `show` has them whole.
  private static let longestNumber = 28

  private func ring(_ row: CallbackRow) -> String {
    row.callback?.harmless.cut(to: Self.longestNumber) ?? (row.kind == "message" ? "no number" : "ask the service")
  }

  /// Who has it, or, as long as nobody does, whom it is for.
  private func who(_ row: CallbackRow) -> Table.Cell {
    let recipient = names[row.recipient] ?? row.recipient
    guard let owner = row.owner.map({ names[$0] ?? $0 }) else {
      return row.state == "closed" ? .init(recipient) : .init("for \(recipient)", style: .soon)
    }
    switch row.state {
    case "retrying": return .init("\(owner) tries again")
    case "closed": return .init(owner)
    default: return .init("\(owner) has it")
    }
  }
}
