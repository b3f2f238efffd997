import Foundation

/// What the disk takes to make 4 KiB durable at the end of a file: no commit can be quicker.
final class SyncLimit {
  private let descriptor: Int32
  private let block = [UInt8](repeating: 0x20, count: 4096)

  init(file: String) throws(CannotMeasure) {
    descriptor = try done(open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600), "create \(file)")
  }

  deinit { close(descriptor) }

  /// Seconds for one.
  func measure() throws(CannotMeasure) -> Double {
    let start = ContinuousClock.now
    try done(write(descriptor, block, block.count), "write 4 KiB")
    try done(fsync(descriptor), "sync 4 KiB")
    return start.duration(to: .now) / .seconds(1)
  }
}
