import ArgumentParser
import CallbackControl
import CallbackStore
import Foundation

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Say whether the record is as it was written.",
    discussion: """
      Looks through every event, callback and message for anything that was changed, taken out, added or moved, and prints \
      the head of the record. Keep it elsewhere: with it, a later look also finds what was cut off at the end, or written \
      anew as a whole. Ends with 65 where anything is found.

      Example:
        callbackctl verify
        callbackctl verify --file /backup/callbackd-2026-11-25.db
      """)

  @Option(
    help: ArgumentHelp(
      "A head that was printed before: the record must still lead up to it.", valueName: "number:digest"),
    transform: Self.head)
  var head: RecordHead?

  @Option(help: ArgumentHelp("Look through this backup, in the place of the daemon's store.", valueName: "file"))
  var file: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let look = try file.map(offline) ?? online()
    if global.json {
      try global.printJSON(look)
    } else {
      print(look.text, terminator: "")
    }
    guard look.whole else {
      throw Failure(EX_DATAERR, look.verdict)
    }
  }

  /// More are not looked for: whoever wrote everything anew is found by one.
  static let mostFindings = 1000

  private func online() throws -> RecordLook {
    try global.ask { client throws(ControlError) in
      var look = RecordLook()
      var query = ControlCall.VerifyQuery(head: head?.text)
      repeat {
        let piece = try client.verify(query)
        look.take(piece)
        query.after = piece.next
      } while query.after != nil && look.findings.count < Self.mostFindings
      return look
    }
  }

  private func offline(_ path: String) throws -> RecordLook {
    do throws(StoreError) {
      let file = try StoreFile.readable(path)
      var look = RecordLook()
      look.damages = try file.damages()
      guard try file.hasRecord else {
        throw StoreError(
          "\(path) is of a version that had no record: the daemon makes one when it opens it. SQLite finds "
            + (look.damages.isEmpty ? "it sound." : "it damaged."))
      }
      var next: RecordPlace? = .start
      while let place = next, look.findings.count < Self.mostFindings {
        let piece = try file.checkRecord(from: place, limit: 2000, head: head)
        look.take(piece)
        next = piece.next
      }
      look.head = try file.recordHead()?.text
      return look
    } catch {
      throw Failure(error)
    }
  }

  @Sendable private static func head(_ text: String) throws -> RecordHead {
    guard let head = RecordHead(text) else {
      throw ValidationError("A head is a number, a colon and 64 hexadecimal digits, as `callbackctl verify` prints it.")
    }
    return head
  }
}

/// What a look through the record found: the keys are a promise to programs.
struct RecordLook: Encodable {
  var whole: Bool { findings.isEmpty && damages.isEmpty }
  var events = 0
  var callbacks = 0
  @Nullable var head: String?
  var findings: [FindingRow] = []
  /// What SQLite itself finds wrong with the file.
  var damages: [String] = []

  enum CodingKeys: String, CodingKey {
    case whole, events, callbacks, head, findings, damages
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(whole, forKey: .whole)
    try container.encode(events, forKey: .events)
    try container.encode(callbacks, forKey: .callbacks)
    try container.encode(_head, forKey: .head)
    try container.encode(findings, forKey: .findings)
    try container.encode(damages, forKey: .damages)
  }

  mutating func take(_ piece: VerifyReply) {
    findings += piece.findings
    events += piece.events
    callbacks += piece.callbacks
    // Of the chain: what is added while callbacks are looked at was not seen.
    if piece.events > 0 || head == nil { head = piece.head }
  }

  mutating func take(_ piece: RecordPiece) {
    findings += piece.findings.map {
      FindingRow(
        kind: $0.kind.rawValue, event: $0.event, otherEvent: $0.otherEvent, callback: $0.callback, message: $0.sentence)
    }
    events += piece.events
    callbacks += piece.callbacks
  }

  var text: String {
    var lines = damages.map { "SQLite: \($0.harmless)" } + findings.map(\.message.harmless)
    if whole {
      lines.append("The record is whole: \(Count.of(events, "event")), \(Count.of(callbacks, "callback")).")
      if let head {
        lines += ["Head: \(head)", "Keep the head elsewhere, for `callbackctl verify --head`."]
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  var verdict: String {
    let count = findings.count + damages.count
    let more = findings.count >= Verify.mostFindings ? "at least " : ""
    return
      "The record is not whole: \(more)\(Count.of(count, "finding")). Keep the file as it is, and compare it with a backup."
  }
}

/// `1 event`, `3 events`.
enum Count {
  static func of(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
}

extension StoreFile {
  /// Opens a file that somebody named, and says plainly why it can't.
  static func readable(_ path: String) throws(StoreError) -> StoreFile {
    guard access(path, R_OK) == 0 else {
      throw StoreError(code: -errno, "\(path) can't be read: \(String(cString: strerror(errno))).")
    }
    return try StoreFile(path)
  }
}

extension Failure {
  /// Of a file that is read without the daemon.
  init(_ error: StoreError) {
    sentence = error.description
    code =
      switch error.code {
      case -ENOENT, -ENOTDIR: EX_NOINPUT
      case -EACCES, -EPERM: EX_NOPERM
      default: error.mayPass ? EX_TEMPFAIL : EX_DATAERR
      }
  }
}
