import ArgumentParser
import CallbackControl
import Foundation

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one callback and its history.",
    discussion: """
      Example:
        callbackctl show 12
        callbackctl show 12 --original > message.txt
      """)

  @Argument(help: "The callback's number.", completion: Completions.numbers)
  var number: Int64

  @Flag(help: "The message's bytes as they came; with --json: in base64.")
  var original = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let reply = try global.ask { client throws(ControlError) in try client.show(number, original: original) }
    if global.json {
      try global.printJSON(reply.detail)
    } else if original {
      guard let bytes = reply.detail.original else {
        throw Failure(EX_NOINPUT, "The original of callback \(number) is not kept any more.")
      }
      try Self.write(bytes)
    } else {
      print(Story(reply, clock: .local, width: Terminal.width).text, terminator: "")
    }
  }

  /// To a terminal harmless, to a file or pipe byte for byte.
  private static func write(_ bytes: Data) throws {
    if isatty(STDOUT_FILENO) == 1 {
      for line in String(decoding: bytes, as: UTF8.self).harmlessLines(width: nil) { print(line) }
    } else {
      try FileHandle.standardOutput.write(contentsOf: bytes)
    }
  }
}
