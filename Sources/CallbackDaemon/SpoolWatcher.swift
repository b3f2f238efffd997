import Dispatch
import Foundation
import Logging

/// Hints from inotify(7) that something changed in the spool.
///
/// A hint is never trusted to be complete: the scan decides. Where inotify can't be had (watch limit, network shares), the
/// poll finds files all the same, only later.
final class SpoolWatcher {
  private let descriptor: Int32
  private var source: (any DispatchSourceRead)?
  /// Folders by their watch.
  private var folders: [Int32: String?] = [:]
  private var hasFailed = false
  private let logger: Logger
  private let hint: (Hint) -> Void

  enum Hint {
    /// A whole file was renamed into this folder.
    case renamedIn([UInt8], folder: String?)
    /// Anything else: look.
    case look
  }

  /// - Parameter hint: called on the queue.
  init?(logger: Logger, hint: @escaping (Hint) -> Void) {
    descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    self.logger = logger
    self.hint = hint
    guard descriptor >= 0 else {
      logger.warning(
        "No inotify (\(String(cString: strerror(errno)))): the spool is polled only; raise fs.inotify.max_user_instances."
      )
      return nil
    }
  }

  /// Starts to deliver hints through `handler`, which must call `readHints` on the queue.
  func start(queue: DispatchQueue, handler: @escaping @Sendable () -> Void) {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler(handler: handler)
    let descriptor = descriptor
    source.setCancelHandler { @Sendable in close(descriptor) }
    source.resume()
    self.source = source
  }

  deinit { source?.cancel() }

  /// Watches these folders; adding one that is watched already changes nothing.
  ///
  /// - Returns: whether one is watched only now, so that of what has come into it since it was listed nobody was told.
  func watch(_ wanted: [(folder: String?, path: String)]) -> Bool {
    let events =
      IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MOVE_SELF | IN_DELETE_SELF | IN_UNMOUNT
      | Int32(bitPattern: UInt32(IN_ONLYDIR))
    var current: [Int32: String?] = [:]
    for (folder, path) in wanted {
      let watch = inotify_add_watch(descriptor, path, UInt32(bitPattern: events))
      if watch >= 0 {
        current[watch] = folder
      } else if !hasFailed {
        hasFailed = true
        logger.warning(
          "A spool directory can't be watched (\(String(cString: strerror(errno)))): it is polled; raise fs.inotify.max_user_watches."
        )
      }
    }
    for watch in folders.keys where current[watch] == nil { inotify_rm_watch(descriptor, watch) }
    let isAnyNew = current.keys.contains { folders[$0] == nil }
    folders = current
    return isAnyNew
  }

  /// Reads what the kernel has to say and passes it on.
  func readHints() {
    let size = 64 << 10
    withUnsafeTemporaryAllocation(byteCount: size, alignment: MemoryLayout<inotify_event>.alignment) { buffer in
      while case let count = read(descriptor, buffer.baseAddress, size), count > 0 {
        pass(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    hint(.look)
  }

  private func pass(_ events: UnsafeRawBufferPointer) {
    var offset = 0
    let header = MemoryLayout<inotify_event>.size
    while offset + header <= events.count {
      let event = events.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
      let name = events[(offset + header)..<(offset + header + Int(event.len))].prefix { $0 != 0 }
      if event.mask & UInt32(IN_MOVED_TO) != 0, event.mask & UInt32(IN_ISDIR) == 0, let folder = folders[event.wd] {
        hint(.renamedIn([UInt8](name), folder: folder))
      }
      offset += header + Int(event.len)
    }
  }
}
