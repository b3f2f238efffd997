import CallbackControl

/// Rows of callbacks as a table.
struct CallbackTable {
  var rows: [CallbackRow]
  var names: [String: String]
  var clock: WallClock

  var table: Table {
    Table(
      columns: [
        .init(title: "NO", alignsRight: true), .init(title: "DUE"), .init(title: "URGENCY"),
        .init(title: "WHO", minimum: 11),
        .init(title: "RING"), .init(title: "CALLER", minimum: 8), .init(title: "REGARDING", minimum: 8),
        .init(title: "ACCOUNT", minimum: 8),
      ],
      rows: rows.map(cells))
  }

  private func cells(_ row: CallbackRow) -> [Table.Cell] {
    [
      .init("\(row.id)"), due(row), .init(row.urgency, style: row.urgency == "emergency" ? .late : .plain),
      .init(who(row)), .init(row.callback ?? "no number"), .init(row.caller ?? row.patient ?? "-"),
      .init(row.kind == "unreadable" ? "unreadable message" : row.regarding ?? "-"), .init(row.account ?? "-"),
    ]
  }

  private func due(_ row: CallbackRow) -> Table.Cell {
    guard row.state != "closed" else { return .init(clock.absolute(row.dueAt)) }
    let style: Style = row.overdueSeconds > 0 ? .late : row.dueAt.timeIntervalSince(clock.now) < 900 ? .soon : .plain
    return .init("\(clock.deadline(row.dueAt)) (\(clock.absolute(row.dueAt)))", style: style)
  }

  private func who(_ row: CallbackRow) -> String {
    let recipient = names[row.recipient] ?? row.recipient
    guard let owner = row.owner.map({ names[$0] ?? $0 }) else {
      return row.state == "closed" ? recipient : "nobody (\(recipient))"
    }
    switch row.state {
    case "retrying": return "\(owner) tries again"
    case "closed": return owner
    default: return "\(owner) has it"
    }
  }
}
