import Dispatch
import Foundation

/// The one directory that everything is made in; gone afterwards, also where measuring failed or was interrupted.
final class Scratch {
  let path: String

  static func use(in parent: String, _ body: (String) throws -> Void) throws {
    let scratch = try Scratch(in: parent)
    let outcome = Result { try body(scratch.path) }
    Progress.show("removing \(scratch.path)")
    try FileManager.default.removeItem(atPath: scratch.path)
    Progress.clear()
    try outcome.get()
  }

  private var interrupts: [any DispatchSourceSignal] = []

  private init(in parent: String) throws(CannotMeasure) {
    guard let real = realpath(parent, nil) else {
      throw CannotMeasure("\(parent) is not there: \(String(cString: strerror(errno)))")
    }
    defer { free(real) }
    var template = Array("\(String(cString: real))/callbackd-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CannotMeasure("can't make a directory in \(parent)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    Self.spread(directoriesIn: path)
    for number in [SIGINT, SIGTERM] { interrupts.append(Self.cleanUp(path, on: number)) }
  }

  deinit {
    for interrupt in interrupts { interrupt.cancel() }
  }

  /// Asks ext4 to put each new directory in here far from the others (chattr(1), attribute T).
  ///
  /// ext4 gives nobody an inode that was freed in the last minutes, and passes over each of them anew for every file that is
  /// made beside them. A run would else pay ten times for what the run before it removed.
  private static func spread(directoriesIn path: String) {
    let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return }
    defer { close(directory) }
    // FS_IOC_GETFLAGS, FS_IOC_SETFLAGS and FS_TOPDIR_FL of linux/fs.h; other file systems refuse, and don't need it.
    var flags: Int32 = 0
    guard ioctl(directory, 0x8008_6601, &flags) == 0 else { return }
    flags |= 0x0002_0000
    _ = ioctl(directory, 0x4008_6602, &flags)
  }

  /// Ends everything on this signal: the daemon, the measuring, the directory.
  private static func cleanUp(_ path: String, on number: Int32) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { @Sendable in
      DaemonProcess.killAll {
        // The thread that measures would go on making files; execve(2) ends it.
        let words = ["sh", "-c", "rm -rf -- \"$0\"; exit \(128 + number)", path]
        execv("/bin/sh", words.map { word in strdup(word) } + [nil])
        exit(1)
      }
    }
    source.resume()
    return source
  }
}
