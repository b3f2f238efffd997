import ArgumentParser
import CallbackControl
import CallbackStore
import Foundation

struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a backup in the place of the store, while the daemon is stopped.",
    discussion: """
      The backup is looked through first. The store that is there is kept beside it under another name. Messages in the spool \
      are not touched. What came in since the backup must be asked for: see operations.md.

      Example:
        callbackctl restore /backup/callbackd-2026-11-25T091500Z.db
      """)

  @Argument(help: "A backup.")
  var file: String

  @Flag(help: "Also where its record is not whole.")
  var force = false

  @OptionGroup var global: GlobalOptions

  private struct Result: Encodable {
    var restored: String
    @Nullable var aside: String?
    var knowsNumbers: Bool

    enum CodingKeys: String, CodingKey {
      case restored, aside
      case knowsNumbers = "knows_numbers"
    }
  }

  func run() throws {
    let state = try global.places.state()
    let result: Result
    // First: nothing may change while the backup is looked at.
    let directory = try Self.take(state)
    do {
      let backup = try StoreFile.readable(file)
      try check(backup, against: state)
      let mark = "before-" + Date().formatted(.iso8601.dateTimeSeparator(.standard).timeSeparator(.omitted))
      let restored = try directory.restore(backup, mark: mark)
      result = Result(restored: file, aside: restored.aside, knowsNumbers: restored.knowsNumbers)
    } catch let error as StoreError {
      throw Failure(error)
    }
    if global.json {
      try global.printJSON(result)
    } else {
      report(result)
    }
  }

  private static func take(_ state: String) throws -> StateDirectory {
    do throws(StoreError) {
      return try StateDirectory(state)
    } catch {
      let code = access(state, W_OK) == 0 ? EX_TEMPFAIL : errno == ENOENT ? EX_NOINPUT : EX_NOPERM
      throw Failure(code, error.description)
    }
  }

  private func check(_ backup: StoreFile, against state: String) throws {
    var (one, other) = (stat(), stat())
    if stat(backup.path, &one) == 0, stat(state + "/" + StateDirectory.storeName, &other) == 0,
      one.st_ino == other.st_ino,
      one.st_dev == other.st_dev
    {
      throw Failure(EX_USAGE, "\(backup.path) is the store itself.")
    }
    if let damage = try backup.damages().first {
      throw Failure(EX_DATAERR, "\(backup.path) is damaged, and was not put back (SQLite: \(damage.harmless)).")
    }
    guard try backup.hasRecord else { return }
    if let finding = try backup.findings().findings.first, !force {
      throw Failure(
        EX_DATAERR,
        "The record of \(backup.path) is not whole: \(finding.sentence) With --force it is put back all the same.")
    }
  }

  private func report(_ result: Result) {
    print("\(result.restored.harmless) was put back.")
    if let aside = result.aside {
      print("The store before is now \(aside.harmless). It holds patients' data: remove it when you are sure.")
    }
    if !result.knowsNumbers {
      print("It could not be read, so numbers that were given since the backup may be given again.")
    }
    print("Start callbackd (`systemctl start callbackd`), then ask the services for what came in since the backup.")
  }
}
