import CallbackRules
import Foundation

/// A message as services write them: what `Tests/IntakeTests/Samples/01-urgent.txt` holds, with a number and a Ref of its own.
struct SampleMessage {
  /// Tells it from the others; less than a million.
  var number: Int
  var taken = Date()
  /// What the caller was told.
  var promised = "30 min"

  var text: String {
    let digits = String(String(1_000_000 + number).dropFirst())
    return """
      To: Dr. Rivera
      Account: riverside
      Taken: \(taken.timestamp)
      Caller: Jane Doe
      Relationship: mother
      Callback: (555) \(200 + number / 10_000)-\(digits.suffix(4)) ext 12
      Patient: Sam Doe
      DOB: 04/02/2019
      Urgency: urgent
      Promised: \(promised)
      Operator: op17
      Ref: AS-\(digits)
      Regarding: fever 104 since noon

      Mother was told the doctor would ring within half an hour.

      """
  }

  /// Writes it as a new file.
  ///
  /// - Parameter synced: whether it is on the disk afterwards, as `callbackctl drop` has it.
  func write(to path: String, synced: Bool = false) throws(CannotMeasure) {
    let file = try done(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600), "create \(path)")
    defer { close(file) }
    var text = text
    let count = text.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) }
    guard count == text.utf8.count else { throw CannotMeasure("can't write \(path) whole: is the disk full?") }
    if synced { try done(fsync(file), "sync \(path)") }
  }

  /// Writes so many, each with its own number, into a directory.
  ///
  /// - Parameter synced: whether all are written back to the disk afterwards.
  static func write(_ count: Int, into directory: String, synced: Bool) throws(CannotMeasure) {
    let taken = Date()
    for number in 0..<count {
      if number.isMultiple(of: 1000) { Progress.show("writing file \(number) of \(count)") }
      try SampleMessage(number: number, taken: taken).write(to: "\(directory)/\(number).txt")
    }
    guard synced else { return }
    Progress.show("having \(count) files written back")
    sync()
  }
}
