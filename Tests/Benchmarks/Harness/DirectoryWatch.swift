import Foundation

/// Tells of files that come into directories (inotify(7)), at once and at little cost.
final class DirectoryWatch {
  private let descriptor: Int32
  private var directories: [Int32: String] = [:]

  struct Arrived {
    var directory: String
    var name: String
  }

  /// - Parameter directories: with what is waited for in each: IN_MOVED_TO, IN_CLOSE_WRITE.
  init(_ directories: [(path: String, event: Int32)]) throws(CannotMeasure) {
    descriptor = try done(inotify_init1(Int32(IN_CLOEXEC)), "watch directories")
    for (path, event) in directories {
      self.directories[try done(inotify_add_watch(descriptor, path, UInt32(bitPattern: event)), "watch \(path)")] = path
    }
  }

  deinit { close(descriptor) }

  /// Waits for files; none if none came in time.
  func next(within limit: Duration) throws(CannotMeasure) -> [Arrived] {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = try done(poll(&watched, 1, Int32(limit / .milliseconds(1))), "wait for files")
    guard ready > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = try done(read(descriptor, &buffer, buffer.count), "read what came in")
    return try arrived(buffer[..<count])
  }

  private func arrived(_ bytes: ArraySlice<UInt8>) throws(CannotMeasure) -> [Arrived] {
    var found: [Arrived] = []
    var offset = 0
    let header = MemoryLayout<inotify_event>.size
    while offset + header <= bytes.count {
      let event = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self) }
      guard let directory = directories[event.wd] else { throw CannotMeasure("more files came in than could be noted") }
      let name = bytes[(offset + header)..<(offset + header + Int(event.len))].prefix { $0 != 0 }
      found.append(Arrived(directory: directory, name: String(decoding: name, as: UTF8.self)))
      offset += header + Int(event.len)
    }
    return found
  }
}
