import CallbackControl
import Foundation

/// The board as lines for a screen of so many columns and rows.
///
/// Pure. There are always as many lines as the screen has rows, and none is wider than it.
struct BoardScreen {
  let board: Board
  let clock: WallClock
  let width: Int
  let height: Int
  let colour: Bool
  private let page: Page

  init(board: Board, clock: WallClock, width: Int, height: Int, colour: Bool) {
    self.board = board
    self.clock = clock
    self.width = width
    self.height = height
    self.colour = colour
    page = Page(of: board, rows: Self.pageRows(height: height), now: clock.now)
  }

  /// Smaller ones show nothing but that.
  static let leastWidth = 40
  static let leastHeight = 8

  var lines: [String] {
    guard width >= Self.leastWidth, height >= Self.leastHeight else {
      let words = "Make the window larger: \(Self.leastWidth) columns, \(Self.leastHeight) lines. q: quit"
      return filled([words.cut(to: max(width, 1))], to: height)
    }
    let head = [title]
    let foot = [Style.heading.applied(to: prompt.text.cut(to: width), colour: colour && !prompt.isFailure), keys]
    let lastLines =
      prompt.isFailure ? [Style.late.applied(to: prompt.text.cut(to: width), colour: colour), keys] : foot
    return head + filled(middle(height - 3), to: height - 3) + lastLines
  }

  /// How many callbacks fit on a page of a screen of so many rows, headings of sections among them.
  static func pageRows(height: Int) -> Int { max(1, height - 4 - happeningRows(height: height)) }

  /// How many rows tell what happened, with their heading; on a low screen none.
  private static func happeningRows(height: Int) -> Int { height < 14 ? 0 : min(max(height / 5, 4), 11) }

  private func filled(_ lines: [String], to count: Int) -> [String] {
    Array(lines.prefix(count)) + Array(repeating: "", count: max(0, count - lines.count))
  }

  // MARK: - Head and foot

  private var title: String {
    let rows = board.rows.values
    let late = rows.count { $0.dueAt <= clock.now }
    let more = board.next != nil || board.isPartial ? "+" : ""
    var parts = ["\(rows.count)\(more) open", "\(late) overdue", "\(rows.count { $0.owner == nil }) nobody's"]
    if !board.filter.isEmpty { parts.append("with “\(board.filter.harmless)”") }
    if page.count > 1 { parts.append("page \(page.number) of \(page.count)") }
    let left = "callbackd \(clock.absolute(clock.now))  " + parts.joined(separator: ", ")
    let right = state
    let room = max(0, width - right.text.columns - 2)
    return Style.heading.applied(to: left.cut(to: room).padded(to: room), colour: colour) + "  "
      + right.style.applied(to: right.text.cut(to: width), colour: colour)
  }

  private var state: (text: String, style: Style) {
    switch board.link {
    case .connecting: ("connecting", .soon)
    case .lost(let since, _): ("NOT CONNECTED since \(clock.bare(since))", .late)
    case .live where !board.troubles.isEmpty: ("trouble: \(board.troubles.joined(separator: ", "))".harmless, .late)
    case .live: ("live", .plain)
    }
  }

  /// What is asked, typed, or was said last.
  private var prompt: (text: String, isFailure: Bool) {
    switch board.mode {
    case .confirm(.done(let number)): return ("Was the patient of callback \(number)\(who(number)) reached? y/n", false)
    case .confirm(.declined(let number)):
      return ("Did the patient of callback \(number)\(who(number)) decline? y/n", false)
    case .confirm(.take(let number, let owner)):
      return ("\(owner.harmless) has callback \(number). Take it over? y/n", false)
    case .input(let input, let text):
      let label =
        switch input {
        case .filter: "Show only those with: "
        case .note(let number): "Note for callback \(number): "
        case .snooze(let number): "Snooze callback \(number) for: "
        case .assign(let number): "Give callback \(number) to: "
        }
      // What is typed last is what one wants to see.
      return (label + text.harmless.cutAtStart(to: max(1, width - label.columns - 1)) + "_", false)
    case .list, .outcomes, .help, .text: break
    }
    if let message = board.message { return (message.text.harmless, message.isFailure) }
    if case .lost(_, let why) = board.link { return ("callbackd \(why.harmless): trying again.", true) }
    return ("", false)
  }

  private func who(_ number: Int64) -> String {
    board.rows[number].flatMap { $0.caller ?? $0.patient }.map { " (\($0.harmless.cut(to: 30)))" } ?? ""
  }

  private var keys: String {
    let words =
      switch board.mode {
      case .list: "a ack  t tried  d done  s snooze  p pass  n note  ↵ show  / find  ? help  q quit"
      case .outcomes: "1-\(Board.outcomes.count) choose  Esc back"
      case .confirm: "y yes  any other key no"
      case .input: "Enter do it  Esc back  Ctrl-U clear"
      case .help: "any key: back"
      case .text: "↑↓ PgUp PgDn move  q back"
      }
    return words.cut(to: width)
  }

  // MARK: - The middle

  private func middle(_ rows: Int) -> [String] {
    switch board.mode {
    case .help: return Self.help.map { $0.cut(to: width) }
    case .outcomes(let number):
      let choices = Board.outcomes.enumerated().map { "    \($0 + 1)  \($1.words)" }
      return (["", "  What came of the try for callback \(number)\(who(number))?", ""] + choices).map {
        $0.cut(to: width)
      }
    case .text(let lines, let top): return lines.dropFirst(top).prefix(rows).map { $0.cut(to: width) }
    case .list, .confirm, .input: return list + happened
    }
  }

  /// The table's heading, then the entries of one page.
  private var list: [String] {
    let count = Self.pageRows(height: height) + 1
    return filled(page.entries.isEmpty ? ["", "  " + nothing] : entries, to: count)
  }

  private var nothing: String {
    if board.link == .connecting { return "Connecting…" }
    return board.filter.isEmpty ? "Nobody waits for a call." : "None of these."
  }

  private var entries: [String] {
    let rows = page.entries.compactMap(\.row)
    let table = CallbackTable(rows: rows, names: board.names, clock: clock).table(width: width - 2)
    let layout = table.layout(width - 2)
    var number = 0
    return ["  " + table.heading(layout, colour: colour)]
      + page.entries.map { entry in
        switch entry {
        case .heading(let words): return Style.heading.applied(to: words, colour: colour)
        case .row(let row):
          defer { number += 1 }
          let isChosen = row.id == page.cursor
          let line = table.line(number, layout, colour: colour && !isChosen)
          return isChosen ? Style.chosen.applied(to: ("> " + line).padded(to: width), colour: true) : "  " + line
        }
      }
  }

  private var happened: [String] {
    let count = Self.happeningRows(height: height)
    guard count > 0 else { return [] }
    let history = History(names: board.names, clock: clock)
    let latest = board.happenings.suffix(count - 1).reversed().map { happening in
      "  \(clock.bare(happening.event.at))  \(happening.callback)  \(history.sentence(happening.event))".harmless
        .cut(to: width)
    }
    return [Style.heading.applied(to: "JUST NOW", colour: colour)] + latest
  }

  private static let help = [
    "", "  ↑ ↓  j k           one up, one down", "  PgUp PgDn  Space   a page", "  Home End  g G      first, last",
    "", "  a   ack: I have it, and will ring back; from its owner, if you say so",
    "  t   tried to reach the patient: what came of it", "  d   done: the patient was reached; closes it",
    "  s   snooze: leave me alone for a while; the deadline stays", "  p   pass it on: to a person, team or rotation",
    "  n   note: words for the history", "  Enter   show the whole message and its history",
    "  /   show only those with a word: a name, a number, an account; Esc: all", "  Ctrl-L   draw all anew",
    "  q, Ctrl-C   quit",
  ]
}

/// The entries of the page on which the cursor is.
private struct Page {
  var entries: [Entry] = []
  var cursor: Int64?
  /// From 1.
  var number = 1
  var count = 1

  /// The heading of a section, or a callback.
  enum Entry {
    case heading(String)
    case row(CallbackRow)

    var row: CallbackRow? { if case .row(let row) = self { row } else { nil } }
  }

  init(of board: Board, rows: Int, now: Date) {
    let (overdue, dueNext) = board.sections(at: now)
    let numbers = (overdue + dueNext).map(\.id)
    guard !numbers.isEmpty else { return }
    var all: [Entry] = []
    if !overdue.isEmpty { all += [.heading("OVERDUE")] + overdue.map(Entry.row) }
    if !dueNext.isEmpty { all += [.heading("DUE NEXT")] + dueNext.map(Entry.row) }
    cursor = numbers[board.index(in: numbers)]
    let place = all.firstIndex { $0.row?.id == cursor } ?? 0
    number = place / rows + 1
    count = (all.count + rows - 1) / rows
    entries = Array(all.dropFirst((number - 1) * rows).prefix(rows))
  }
}
