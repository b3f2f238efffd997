/// The spool: files that wait, and those that were admitted and are still there.
struct Spool {
  /// Whether a crash may have left files that were admitted.
  var hasLeftovers = false
  private(set) var files: [SpoolFile] = []
  private var lastInode: UInt64 = 100

  mutating func add(_ file: SpoolFile) {
    lastInode += 1
    var file = file
    file.identity.inode = lastInode
    files.append(file)
  }

  mutating func remove(inode: UInt64) { files.removeAll { $0.identity.inode == inode } }

  /// The first ones were admitted, and are still there.
  mutating func admitted(_ count: Int) {
    for index in files.indices.prefix(count) { files[index].wasAdmitted = true }
  }
}
