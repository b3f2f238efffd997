import Foundation

/// A program that goes on for a while, and says something a line at a time.
final class TalkingProgram {
  private let path: String
  private let process = Process()
  private let pipe = Pipe()
  private var said = Data()

  init(_ path: String, _ arguments: [String]) throws {
    self.path = path
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardOutput = pipe
    try process.run()
  }

  deinit { end() }

  /// Ends it, if it has not ended by itself.
  func end() {
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
  }

  /// Waits for the next line, which is a number.
  func number() throws(CannotMeasure) -> Double {
    while true {
      if let end = said.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: said[..<end], as: UTF8.self)
        said.removeSubrange(...end)
        guard let number = Double(line) else { throw CannotMeasure("\(path) said “\(line)”, which is no number") }
        return number
      }
      let more = pipe.fileHandleForReading.availableData
      guard !more.isEmpty else { throw CannotMeasure("\(path) ended without saying what was waited for") }
      said += more
    }
  }
}
