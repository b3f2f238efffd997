import ArgumentParser
import CallbackControl
import CallbackStore
import Foundation

struct Backup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the store into a file, while the daemon works.",
    discussion: """
      Reads the store's file itself, so only root and the daemon's user can. The copy is as the store was at one moment; it is \
      synced and looked through before it gets its name. It holds patients' data: keep it as closed as the store.

      Example:
        callbackctl backup /backup
        callbackctl backup /backup/callbackd.db
      """)

  @Argument(help: "A file that is not there yet, or a directory, which gets one with the time in its name.")
  var destination: String

  @OptionGroup var global: GlobalOptions

  private struct Result: Encodable {
    var file: String
    var bytes: Int
    var events: Int
    var callbacks: Int
    @Nullable var head: String?
    var whole: Bool
  }

  func run() throws {
    let file = try target()
    let result: Result
    do {
      result = try copy(try StoreFile.readable(try global.places.store()), to: file)
    } catch let error as StoreError {
      throw Failure(error)
    }
    if global.json {
      try global.printJSON(result)
    } else {
      print(
        "\(file.harmless): \(Count.of(result.callbacks, "callback")), \(Count.of(result.events, "event")), "
          + "\(Int64(result.bytes).formatted(.byteCount(style: .file))).")
      if let head = result.head { print("Head: \(head)") }
    }
    guard result.whole else {
      throw Failure(
        EX_DATAERR,
        "The record in it is not whole: `callbackctl verify --file \(file)` says where. The backup was kept.")
    }
  }

  private func target() throws -> String {
    var status = stat()
    var file = destination
    if stat(destination, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      let time = Date().formatted(.iso8601.dateTimeSeparator(.standard).timeSeparator(.omitted))
      file = (destination.hasSuffix("/") ? destination : destination + "/") + "callbackd-\(time).db"
    }
    guard lstat(file, &status) != 0 else {
      throw Failure(EX_CANTCREAT, "\(file) is there already: name another file, or a directory.")
    }
    let directory = Self.directory(of: file)
    guard access(directory, W_OK | X_OK) == 0 else {
      throw Failure(
        EX_CANTCREAT, "Nothing can be put into \(directory): \(String(cString: strerror(errno))). Name another place.")
    }
    return file
  }

  private static func directory(of file: String) -> String {
    file.contains("/") ? String(file[...(file.lastIndex(of: "/") ?? file.startIndex)]) : "."
  }

  private func copy(_ store: StoreFile, to file: String) throws -> Result {
    // A name that nobody takes for a backup until it is one.
    let part = file + ".part"
    unlink(part)
    var isKept = false
    defer { if !isKept { unlink(part) } }
    let progress = Progress(of: "copied")
    try store.copy(to: part) { progress.show($0) }
    progress.end()
    let copy = try StoreFile(part)
    if let damage = try copy.damages().first {
      throw Failure(
        EX_DATAERR, "The store is damaged, so there is no backup of it (SQLite: \(damage.harmless)). Keep older ones.")
    }
    let look = try copy.findings()
    let result = Result(
      file: file, bytes: try Self.size(of: part), events: look.events, callbacks: look.callbacks,
      head: try copy.recordHead()?.text, whole: look.findings.isEmpty)
    guard rename(part, file) == 0 else {
      throw Failure(EX_CANTCREAT, "\(part) can't be renamed to \(file): \(String(cString: strerror(errno))).")
    }
    isKept = true
    try Self.syncDirectory(of: file)
    return result
  }

  private static func size(of path: String) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw Failure(EX_IOERR, "\(path) can't be examined: \(String(cString: strerror(errno))).")
    }
    return Int(status.st_size)
  }

  private static func syncDirectory(of file: String) throws {
    let directory = directory(of: file)
    let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw Failure(EX_IOERR, "\(directory) can't be synced: \(String(cString: strerror(errno))).")
    }
  }
}

/// How far something long has come, on standard error where that is a terminal.
final class Progress {
  private let what: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private var shown = -1

  init(of what: String) {
    self.what = what
  }

  /// - Parameter part: from 0 to 1.
  func show(_ part: Double) {
    let percent = Int(part * 100)
    guard isShown, percent > shown else { return }
    shown = percent
    FileHandle.standardError.write(Data("\r\(percent)% \(what)".utf8))
  }

  func end() {
    if isShown, shown >= 0 { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}
