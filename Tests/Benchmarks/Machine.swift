import Foundation

/// What the figures were measured on.
struct Machine {
  var directory: String

  /// Lines that say what was measured, and on what.
  func heading(commit: String, isQuick: Bool) -> [String] {
    let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    var lines = [
      "callbackd, commit \(commit)\(isQuick ? ", the quick half" : "")",
      "machine: \(cores) cores, \(Self.processor), Linux \(Self.kernel); load before \(Self.load)",
      "file system: \(fileSystem)",
    ]
    if ["tmpfs", "ramfs"].contains(fileSystem) {
      lines.append("It is in memory, where syncing costs nothing: name a directory on a disk with --dir.")
    }
    #if DEBUG
      lines.append("A build for debugging: the figures say little.")
    #endif
    return lines
  }

  /// Of the last 1, 5 and 15 minutes.
  static var load: String {
    lines(of: "/proc/loadavg").first?.split(separator: " ").prefix(3).joined(separator: " ") ?? "?"
  }

  private static var kernel: String { lines(of: "/proc/sys/kernel/osrelease").first.map(String.init) ?? "?" }

  private static var processor: String {
    let line = lines(of: "/proc/cpuinfo").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown processor"
  }

  /// The type of the file system that is mounted nearest above the directory (proc_pid_mounts(5)).
  private var fileSystem: String {
    var nearest = (length: 0, type: "unknown file system")
    for line in Self.lines(of: "/proc/self/mounts") {
      let words = line.split(separator: " ")
      guard words.count > 2 else { continue }
      let point = words[1] == "/" ? "" : words[1]
      // Of those at the same place, the last one covers the others.
      if directory.hasPrefix(point + "/"), point.utf8.count >= nearest.length {
        nearest = (point.utf8.count, String(words[2]))
      }
    }
    return nearest.type
  }

  /// None where the kernel does not tell: the heading then says so.
  private static func lines(of file: String) -> [Substring] {
    let data = FileManager.default.contents(atPath: file) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n")
  }
}
