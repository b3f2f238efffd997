import CallbackControl
import Foundation

/// What `watch` shows: the callbacks that it knows of, where the reader is, and what is being asked.
///
/// Pure: the daemon's replies and the keys go in; what to do and what to draw come out.
struct Board {
  private(set) var rows: [Int64: CallbackRow] = [:]
  /// What is looked for in each row, in lower case.
  private var words: [Int64: String] = [:]
  private(set) var names: [String: String] = [:]
  /// The latest, the oldest first.
  private(set) var happenings: [HappeningRow] = []
  private(set) var troubles: [String] = []
  /// Where to go on reading the list; nil: all of it is here, or as much as there is room for.
  private(set) var next: String?
  /// Whether there are more than it holds.
  private(set) var isPartial = false
  var link = Link.connecting

  var mode = Mode.list
  /// What the last act came to, or why not.
  var message: Message?
  /// Only those that hold this are shown.
  var filter = ""
  /// The number of the callback under the cursor.
  var selected: Int64?
  /// Where it stood, in case it goes.
  private(set) var selectedIndex = 0
  /// How many callbacks a page has: the drawing decides.
  var pageRows = 10

  /// More are not held: nobody pages through them, and a narrower list is asked for.
  static let mostRows = 10_000
  private static let mostHappenings = 100
  /// What happens to every callback, and would hide what people do; `show` has it.
  private static let quiet: Set<String> = ["announced", "delivered", "noted", "clock-corrected"]

  enum Link: Equatable {
    case connecting
    case live
    /// Since when, and why.
    case lost(Date, String)
  }

  struct Message: Equatable {
    var text: String
    var isFailure = false
  }

  enum Mode: Equatable {
    case list
    /// What came of a try.
    case outcomes(Int64)
    case confirm(Question)
    case input(Input, String)
    case help
    /// A text, and its first line on the screen.
    case text([String], top: Int)
  }

  /// What is asked before it is done.
  enum Question: Equatable {
    case done(Int64)
    /// From its owner, by name.
    case take(Int64, String)
    case declined(Int64)
  }

  /// What is typed.
  enum Input: Equatable {
    case filter
    case note(Int64)
    case snooze(Int64)
    case assign(Int64)
  }

  // MARK: - What the daemon says

  mutating func take(_ reply: WatchReply) {
    link = .live
    if reply.isPage {
      rows.removeAll(keepingCapacity: true)
      words.removeAll(keepingCapacity: true)
      happenings.removeAll()
      isPartial = false
      next = reply.next
    }
    names.merge(reply.names) { $1 }
    troubles = reply.troubles
    hold(reply.callbacks)
    for number in reply.gone { remove(number) }
    let told = reply.happenings.filter { !Self.quiet.contains($0.event.kind) }
    happenings = (happenings + told).suffix(Self.mostHappenings)
  }

  /// A further page of the list.
  mutating func take(_ page: ListReply) {
    names.merge(page.names) { $1 }
    hold(page.callbacks)
    next = isPartial ? nil : page.next
  }

  /// What an act made of a callback: it is shown before the daemon tells everybody.
  mutating func take(_ reply: ActReply) {
    names.merge(reply.names) { $1 }
    if reply.callback.state == "closed" {
      remove(reply.callback.id)
    } else {
      hold([reply.callback])
    }
  }

  /// The rest of the list can't be had now.
  mutating func stopReading() {
    next = nil
    isPartial = true
  }

  private mutating func hold(_ callbacks: [CallbackRow]) {
    for row in callbacks {
      guard rows.count < Self.mostRows || rows[row.id] != nil else {
        stopReading()
        return
      }
      rows[row.id] = row
      let people = [row.recipient, row.owner].compactMap { $0 }.flatMap { [$0, name($0)] }
      let texts = [row.caller, row.patient, row.regarding, row.callback, row.account, row.urgency].compactMap { $0 }
      words[row.id] = (people + texts).joined(separator: "\n").lowercased()
    }
  }

  private mutating func remove(_ number: Int64) {
    rows[number] = nil
    words[number] = nil
  }

  // MARK: - What is shown

  /// The callbacks in their order: those that are overdue, the most urgent first, then those that are due next.
  func sections(at now: Date) -> (overdue: [CallbackRow], dueNext: [CallbackRow]) {
    let wanted = filter.lowercased()
    let shown = rows.values.filter { row in
      wanted.isEmpty || "\(row.id)" == wanted || words[row.id]?.contains(wanted) == true
    }
    let overdue = shown.filter { $0.dueAt <= now }.sorted {
      (-Self.level(of: $0), $0.dueAt, $0.id) < (-Self.level(of: $1), $1.dueAt, $1.id)
    }
    let dueNext = shown.filter { $0.dueAt > now }.sorted {
      ($0.dueAt, -Self.level(of: $0), $0.id) < ($1.dueAt, -Self.level(of: $1), $1.id)
    }
    return (overdue, dueNext)
  }

  private static func level(of row: CallbackRow) -> Int {
    ["routine", "urgent", "emergency"].firstIndex(of: row.urgency) ?? 0
  }

  /// The place of the cursor among these; where its callback is gone, the one that took its place.
  func index(in numbers: [Int64]) -> Int {
    if let selected, let index = numbers.firstIndex(of: selected) { return index }
    return min(selectedIndex, max(0, numbers.count - 1))
  }

  mutating func select(_ index: Int, in numbers: [Int64]) {
    guard !numbers.isEmpty else {
      (selected, selectedIndex) = (nil, 0)
      return
    }
    selectedIndex = min(max(0, index), numbers.count - 1)
    selected = numbers[selectedIndex]
  }

  /// Keeps the cursor on a callback that is there.
  mutating func settle(at now: Date) {
    let numbers = numbers(at: now)
    select(index(in: numbers), in: numbers)
  }

  func numbers(at now: Date) -> [Int64] {
    let (overdue, dueNext) = sections(at: now)
    return (overdue + dueNext).map(\.id)
  }

  func name(_ id: String) -> String { names[id] ?? id }
}
