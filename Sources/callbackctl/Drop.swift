import ArgumentParser
import CallbackControl
import CallbackDrop
import Foundation

struct Drop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop",
    abstract: "Put messages into the spool; works with the daemon down.",
    discussion: """
      Example:
        callbackctl drop message.txt
        callbackctl drop --service night-desk --wait < message.txt
      """)

  @Argument(help: "The files; standard input if there is none, or for -.")
  var files: [String] = []

  @Option(help: ArgumentHelp("The service that sends them: into its folder.", valueName: "name"))
  var service: String?

  @Flag(help: "Wait until the daemon has taken them, and print their receipts.")
  var wait = false

  @Option(help: ArgumentHelp("For how many seconds to wait.", valueName: "seconds"))
  var timeout = 10.0

  @OptionGroup var global: GlobalOptions

  /// One file that was dropped, as JSON has it.
  private struct Dropped: Encodable {
    var file: String
    var name: String
    @Nullable var receipt: String? = nil
  }

  func validate() throws {
    if let service, !SpoolDrop.isServiceName(service) {
      throw ValidationError("A service is named by its id, as the configuration has it.")
    }
    guard timeout >= 0, timeout < 86_400 else { throw ValidationError("--timeout is 0 to 86400 seconds.") }
  }

  func run() throws {
    let spool = try global.places.spool()
    let drop = SpoolDrop(spool: spool, service: service)
    // All are read before the first is dropped: one that can't be read should not leave half of them in the spool.
    let contents = try (files.isEmpty ? ["-"] : files).map { ($0, try FileContents.read($0)) }
    var dropped: [Dropped] = []
    for (file, bytes) in contents {
      dropped.append(Dropped(file: file, name: try Self.add(bytes, like: file, to: drop)))
      if !global.json, !wait { print("\(Self.said(file)) is in the spool as \(dropped[dropped.count - 1].name).") }
    }
    if wait {
      let deadline = ContinuousClock.now.advanced(by: .milliseconds(Int(timeout * 1000)))
      let receipts = DropReceipt(
        spool: spool, drop: drop, inquiry: ReceiptInquiry(socket: try global.places.controlSocket()))
      for index in dropped.indices {
        let receipt = try receipts.answer(to: dropped[index].name, until: deadline)
        dropped[index].receipt = receipt
        if !global.json { print(receipt.harmlessLines(width: nil).joined(separator: "\n"), terminator: "") }
      }
    }
    if global.json { try global.printJSON(dropped) }
  }

  /// Of the name it had only an ending such as `.eml` is kept.
  private static func add(_ bytes: [UInt8], like original: String, to drop: SpoolDrop) throws(Failure) -> String {
    let ending = original.split(separator: ".").last.map { $0.lowercased() } ?? ""
    do throws(DropError) {
      return try drop.add(bytes, from: "drop", ending: ["txt", "json", "csv", "eml"].contains(ending) ? ending : "txt")
    } catch {
      throw Failure(error)
    }
  }

  private static func said(_ file: String) -> String { file == "-" ? "Standard input" : file.harmless }
}
