import CallbackRules
import Foundation
import Testing

@testable import CallbackControl
@testable import callbackctl

/// An office's evening, as `watch` shows it.
enum SampleBoard {
  static let clock = WallClock(now: sampleNow, zone: Zone("America/New_York") ?? .utc)
  static let names = ["oncall": "On call", "chen": "Dr. Chen", "rivera": "Dr. Rivera", "nurses": "The nurses"]

  static func row(
    _ id: Int64, _ urgency: Urgency, dueInMinutes minutes: Double, caller: String, owner: String? = nil,
    state: Callback.State? = nil, regarding: String? = nil
  ) -> CallbackRow {
    var callback = sampleCallback(id: id)
    callback.urgency = urgency
    callback.dueAt = sampleNow.addingTimeInterval(minutes * 60)
    callback.message.caller = caller
    callback.message.regarding = regarding
    callback.owner = owner
    callback.state = state ?? (owner == nil ? .open : .owned)
    return CallbackRow(callback, now: sampleNow)
  }

  static let rows = [
    row(12, .urgent, dueInMinutes: -12, caller: "Ana Diaz", owner: "chen", regarding: "fever 104 since noon"),
    row(15, .emergency, dueInMinutes: -3, caller: "山田太郎", regarding: "chest pain"),
    row(9, .routine, dueInMinutes: -200, caller: "Jose\u{301} \u{202E}\u{1B}[31mevil", regarding: "refill\u{9B}2J"),
    row(20, .routine, dueInMinutes: 8, caller: "Sam Lee 👩‍👧", owner: "rivera", state: .retrying),
    row(17, .urgent, dueInMinutes: 25, caller: "Pat O’Brien", regarding: "new rash"),
    row(18, .routine, dueInMinutes: 190, caller: "Lee Roe", owner: "chen"),
  ]

  static var board: Board {
    var board = Board()
    let events = [
      (Int64(15), Event(at: sampleNow - 400, actor: .service("night-desk"), .admitted)),
      (12, Event(at: sampleNow - 300, actor: .person("chen", login: "mchen"), .acknowledged)),
      (20, Event(at: sampleNow - 130, actor: .person("rivera", login: nil), .noAnswer, until: sampleNow + 480)),
      (15, Event(at: sampleNow - 60, .overdue)), (15, Event(at: sampleNow - 60, .stepTaken, person: "nurses", step: 0)),
    ]
    board.take(
      WatchReply(
        at: sampleNow, isPage: true, callbacks: rows,
        happenings: events.map { HappeningRow(callback: $0.0, event: $0.1) }, names: names))
    board.settle(at: sampleNow)
    return board
  }

  static func many(_ count: Int) -> Board {
    var board = Board()
    let rows = (1...count).map { row(Int64($0), .urgent, dueInMinutes: Double($0) - 10, caller: "Caller \($0)") }
    board.take(WatchReply(at: sampleNow, isPage: true, callbacks: rows, names: names))
    board.settle(at: sampleNow)
    return board
  }

  static func lines(_ board: Board, _ width: Int, _ height: Int, colour: Bool = false) -> [String] {
    BoardScreen(board: board, clock: clock, width: width, height: height, colour: colour).lines
  }

  static func press(_ board: inout Board, _ keys: [Key]) -> [Board.Intent] {
    keys.compactMap { board.press($0, at: sampleNow) }
  }
}

@Suite struct BoardScreenTests {
  /// A screen as a file has it, for people to look at; with KEEP_SCREENS set, the files are written anew.
  private func expect(_ lines: [String], are file: String, _ location: SourceLocation = #_sourceLocation) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Screens/\(file).txt")
    let text = lines.map { $0.replacing(/\u{1B}\[[0-9;]*m/, with: "") }
      .map { String($0.reversed().drop { $0 == " " }.reversed()) + "\n" }.joined()
    if ProcessInfo.processInfo.environment["KEEP_SCREENS"] != nil { try Data(text.utf8).write(to: url) }
    #expect(text == (try String(contentsOf: url, encoding: .utf8)), "\(text)", sourceLocation: location)
  }

  @Test("80 columns and 24 lines: what is overdue, what is due next, who has it, what just happened")
  func small() throws {
    try expect(SampleBoard.lines(SampleBoard.board, 80, 24), are: "80x24")
  }

  @Test("200 columns and 60 lines have room for everything")
  func large() throws {
    try expect(SampleBoard.lines(SampleBoard.board, 200, 60), are: "200x60")
  }

  @Test("The page on which the cursor is, of 5,000")
  func pages() throws {
    var board = SampleBoard.many(5000)
    board.pageRows = BoardScreen.pageRows(height: 24)
    _ = SampleBoard.press(&board, [.pageDown, .pageDown, .pageDown, .down])
    try expect(SampleBoard.lines(board, 80, 24), are: "80x24-page")
  }

  @Test("What came of a try is chosen from a list; help is a page of its own")
  func menus() throws {
    var board = SampleBoard.board
    _ = SampleBoard.press(&board, [.character("t")])
    try expect(SampleBoard.lines(board, 80, 24), are: "80x24-outcomes")
    _ = SampleBoard.press(&board, [.escape, .character("?")])
    try expect(SampleBoard.lines(board, 80, 24), are: "80x24-help")
  }

  @Test("Where the daemon is gone, that stands there, and what was known is still to be read")
  func lost() throws {
    var board = SampleBoard.board
    board.link = .lost(sampleNow - 60, "can't be reached (Connection refused)")
    try expect(SampleBoard.lines(board, 80, 24), are: "80x24-lost")
  }

  @Test("However small or large the screen, every line fits, and there is one for each row", arguments: [false, true])
  func fits(colour: Bool) {
    var boards = [SampleBoard.board, SampleBoard.many(200), Board()]
    for key in [Key.character("t"), .character("?"), .character("d"), .character("n")] {
      boards.append(SampleBoard.board)
      _ = SampleBoard.press(&boards[boards.count - 1], [key])
    }
    boards.append(SampleBoard.board)
    boards[boards.count - 1].filter = String(repeating: "山", count: 100)
    for board in boards {
      for (width, height) in [(1, 1), (20, 5), (40, 8), (41, 13), (60, 14), (80, 24), (132, 43), (200, 60), (500, 200)]
      {
        let lines = SampleBoard.lines(board, width, height, colour: colour)
        #expect(lines.count == height)
        let texts = lines.map { $0.replacing(/\u{1B}\[[0-9;]*m/, with: "") }
        #expect(texts.allSatisfy { $0.columns <= width }, "\(width) x \(height)")
        #expect(!texts.contains { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } })
      }
    }
  }

  @Test("Without colour nothing is coloured; the cursor is reversed all the same")
  func noColour() {
    let codes = SampleBoard.lines(SampleBoard.board, 80, 24).joined().matches(of: /\u{1B}\[[0-9;]*m/).map {
      "\($0.output)"
    }
    #expect(Set(codes) == ["\u{1B}[7m", "\u{1B}[0m"])
    #expect(SampleBoard.lines(SampleBoard.board, 80, 24, colour: true).joined().contains("\u{1B}[1;31m"))
  }
}

@Suite struct BoardTests {
  @Test("What is overdue comes first, the most urgent on top, then what is due next")
  func order() {
    #expect(SampleBoard.board.numbers(at: sampleNow) == [15, 12, 9, 20, 17, 18])
    // Time alone makes the next ones overdue.
    #expect(SampleBoard.board.numbers(at: sampleNow + 1600) == [15, 12, 17, 9, 20, 18])
  }

  @Test("What changed takes its place, what is gone goes, and the cursor stays with its callback or where it was")
  func changes() {
    var board = SampleBoard.board
    board.select(1, in: board.numbers(at: sampleNow))
    #expect(board.selected == 12)
    board.take(
      WatchReply(
        at: sampleNow, callbacks: [SampleBoard.row(30, .emergency, dueInMinutes: -50, caller: "New")], gone: [15]))
    board.settle(at: sampleNow)
    #expect(board.numbers(at: sampleNow) == [30, 12, 9, 20, 17, 18])
    #expect(board.selected == 12)
    board.take(WatchReply(at: sampleNow, gone: [12]))
    board.settle(at: sampleNow)
    #expect(board.selected == 9)
    // A page voids what was known.
    board.take(WatchReply(at: sampleNow, isPage: true, callbacks: [SampleBoard.rows[4]]))
    board.settle(at: sampleNow)
    #expect(board.numbers(at: sampleNow) == [17] && board.selected == 17)
  }

  @Test(
    "Keys act on the callback under the cursor; what closes or takes is asked first",
    arguments: [
      ("a", "[act 15 acknowledge(take: false)]"), ("dy", "[act 15 done]"), ("dn", "[]"), ("d\r", "[]"),
      ("ja", "[]"), ("jay", "[act 12 acknowledge(take: true)]"), ("t1", "[act 15 no-answer]"),
      ("t2", "[act 15 busy]"), ("t3", "[act 15 voicemail]"), ("t4", "[act 15 wrong-number]"), ("t5", "[]"),
      ("t5y", "[act 15 done]"), ("t6y", "[act 15 declined]"), ("t9", "[]"), ("t\u{1B}", "[]"),
      ("nrang back\r", "[act 15 note(rang back)]"), ("n\r", "[]"), ("nab\u{7F}c\r", "[act 15 note(ac)]"),
      ("s\r", "[act 15 snooze(10m)]"), ("s\u{15}5m\r", "[act 15 snooze(5m)]"), ("s\u{15}soon\r", "[]"),
      ("pchen\r", "[act 15 assign(chen)]"), ("\r", "[show 15]"), ("q", "[quit]"), ("?q", "[]"), ("Ga", "[]"),
      ("\u{1B}[200~dydy\u{1B}[201~", "[]"), ("n\u{1B}[200~a\nb\u{1B}[201~\r", "[act 15 note(a b)]"),
    ])
  func keys(typed: String, expected: String) {
    var board = SampleBoard.board
    var reader = KeyReader()
    let intents = SampleBoard.press(&board, reader.feed(typed.utf8) + reader.end())
    #expect("[\(intents.map(Self.said).joined(separator: ", "))]" == expected)
  }

  private static func said(_ intent: Board.Intent) -> String {
    switch intent {
    case .act(let number, .attempt(let outcome), _): "act \(number) \(outcome.rawValue)"
    case .act(let number, .note(let text), _): "act \(number) note(\(text))"
    case .act(let number, .snooze(let span), _): "act \(number) snooze(\(span))"
    case .act(let number, .assign(let id), _): "act \(number) assign(\(id))"
    case .act(let number, let command, _): "act \(number) \(command)"
    case .show(let number): "show \(number)"
    case .redraw: "redraw"
    case .quit: "quit"
    }
  }

  @Test("A filter finds names, numbers, callers; Esc shows all again")
  func filter() {
    var board = SampleBoard.board
    for (word, numbers) in [
      ("chen", [12, 18]), ("17", [17]), ("YAMADA", []), ("山田", [15]), ("on call", [15, 12, 9, 20, 17, 18]),
    ] {
      board.filter = word
      #expect(board.numbers(at: sampleNow) == numbers.map(Int64.init), "\(word)")
    }
    board.filter = ""
    _ = SampleBoard.press(&board, [.character("/"), .character("r"), .character("a"), .character("s"), .enter])
    #expect(board.numbers(at: sampleNow) == [17])
    _ = SampleBoard.press(&board, [.escape])
    #expect(board.numbers(at: sampleNow).count == 6)
  }

  @Test("It holds no more than it may, and says that there are more")
  func bounded() {
    var board = SampleBoard.many(Board.mostRows)
    board.take(ListReply(callbacks: [SampleBoard.row(20_000, .routine, dueInMinutes: 1, caller: "x")], next: "more"))
    #expect(board.rows.count == Board.mostRows && board.isPartial && board.next == nil)
    for _ in 0..<1000 {
      board.take(
        WatchReply(at: sampleNow, happenings: [HappeningRow(callback: 1, event: Event(at: sampleNow, .overdue))]))
    }
    #expect(board.happenings.count == 100)
    let quiet = [Event.Kind.announced, .delivered, .noted].map {
      HappeningRow(callback: 2, event: Event(at: sampleNow, $0))
    }
    board.take(WatchReply(at: sampleNow, happenings: quiet))
    #expect(board.happenings.allSatisfy { $0.callback == 1 })
  }

  @Test("What an act made of a callback stands there at once")
  func acted() {
    var board = SampleBoard.board
    var callback = sampleCallback(id: 15)
    callback.owner = "chen"
    board.take(ActReply(callback, now: sampleNow))
    #expect(board.rows[15]?.owner == "chen")
    callback.state = .closed
    board.take(ActReply(callback, now: sampleNow))
    #expect(board.rows[15] == nil)
  }
}
