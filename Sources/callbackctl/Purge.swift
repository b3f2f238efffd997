import ArgumentParser
import CallbackControl
import Foundation

struct Purge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Delete what is personal of callbacks that were closed long ago.",
    discussion: """
      As long ago as keep.closed in the configuration says. The daemon does so by itself every day. Messages, their bytes and \
      the words in histories are overwritten; times, accounts and people stay for reports. Only for root and the daemon's user.

      Example:
        callbackctl purge --dry-run
        callbackctl purge
      """)

  @Flag(help: "Only say how many there are.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  private struct Result: Encodable {
    var purged: Int
    var dryRun: Bool

    enum CodingKeys: String, CodingKey {
      case purged
      case dryRun = "dry_run"
    }
  }

  func run() throws {
    let purged = try global.ask { client throws(ControlError) in
      var purged = 0
      var more: Bool
      repeat {
        let reply = try client.purge(dryRun: dryRun)
        purged += reply.purged
        more = reply.more
      } while more
      return purged
    }
    if global.json {
      try global.printJSON(Result(purged: purged, dryRun: dryRun))
    } else if purged == 0 {
      print("There is nothing to purge.")
    } else {
      print("\(Count.of(purged, "callback")) \(dryRun ? "would be" : purged == 1 ? "was" : "were") purged.")
    }
  }
}
