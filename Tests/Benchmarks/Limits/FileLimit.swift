import Foundation

/// What the file system takes for a backlog that is read, answered for and removed, but not stored.
struct FileLimit {
  /// Holds the files, and nothing else.
  var directory: String
  /// Where a receipt is made for each; nil: none.
  var receipts: String?

  private static let receipt = "Callback: 12345\nFor: Dr. Rivera\nCall back by: 2026-11-23 14:35 UTC\n"

  /// Seconds for all `count` files.
  func measure(_ count: Int) throws -> Double {
    guard let stream = opendir(directory) else { throw CannotMeasure("can't list \(directory)") }
    defer { closedir(stream) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    var removed = 0
    let start = ContinuousClock.now
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name == "." || name == ".." { continue }
      let file = try done(openat(dirfd(stream), name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), "open a file of a backlog")
      var status = stat()
      try done(fstat(file, &status), "look at a file of a backlog")
      try done(read(file, &buffer, buffer.count), "read a file of a backlog")
      close(file)
      try done(unlinkat(dirfd(stream), name, 0), "remove a file of a backlog")
      if let receipts { try makeReceipt("\(receipts)/\(name).receipt") }
      removed += 1
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    guard removed == count else { throw CannotMeasure("\(directory) had \(removed) files, not \(count)") }
    return seconds
  }

  private func makeReceipt(_ path: String) throws(CannotMeasure) {
    let file = try done(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640), "create a receipt")
    defer { close(file) }
    try done(write(file, Self.receipt, Self.receipt.utf8.count), "write a receipt")
  }
}
