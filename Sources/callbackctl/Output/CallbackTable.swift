import CallbackControl

/// Rows of callbacks as a table.
struct CallbackTable {
  var rows: [CallbackRow]
  var names: [String: String]
  var clock: WallClock

  var table: Table {
    Table(
      columns: [
        .init(title: "NO", alignsRight: true), .init(title: clock.isUTC ? "DUE (UTC)" : "DUE"),
        .init(title: "URGENCY"), .init(title: "WHO", minimum: 14),
        .init(title: "RING"), .init(title: "CALLER", minimum: 8), .init(title: "REGARDING", minimum: 8),
        .init(title: "ACCOUNT", minimum: 8),
      ],
      rows: rows.map(cells))
  }

  private func cells(_ row: CallbackRow) -> [Table.Cell] {
    [
      .init("\(row.id)"), due(row), .init(row.urgency, style: row.urgency == "emergency" ? .late : .plain),
      who(row), .init(ring(row)), .init(row.caller ?? row.patient ?? "-"),
      .init(regarding(row)), .init(row.account ?? "-"),
    ]
  }

  private func due(_ row: CallbackRow) -> Table.Cell {
    guard row.state != "closed" else { return .init(clock.bare(row.dueAt)) }
    let style: Style = row.overdueSeconds > 0 ? .late : row.dueAt.timeIntervalSince(clock.now) < 900 ? .soon : .plain
    return .init("\(clock.deadline(row.dueAt)) (\(clock.bare(row.dueAt)))", style: style)
  }

  private func regarding(_ row: CallbackRow) -> String {
    switch row.kind {
    case "unreadable": "unreadable message"
    case "missing": "missing: \(row.regarding ?? "messages")"
    default: row.regarding ?? "-"
    }
  }

  private func ring(_ row: CallbackRow) -> String {
    row.callback ?? (row.kind == "message" ? "no number" : "ask the service")
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
