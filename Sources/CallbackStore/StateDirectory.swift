import Foundation
import GRDB

/// The directory of the daemon's state, as whoever puts a backup back sees it: while no daemon runs.
public final class StateDirectory {
  private let path: String
  private let lock: StateLock
  /// Whose it is, and whose everything in it must be.
  private let owner: (uid: uid_t, gid: gid_t)

  public static let storeName = "callbackd.db"

  private var store: String { path + "/" + Self.storeName }

  /// Keeps every daemon out as long as this lives.
  ///
  /// - Throws: where a daemon has it.
  public init(_ path: String) throws(StoreError) {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw StoreError("\(path) can't be examined: \(String(cString: strerror(errno))). Is it the state directory?")
    }
    owner = (status.st_uid, status.st_gid)
    lock = try StateLock(directory: path)
    try give(path + "/lock")
  }

  /// What putting a backup back did.
  public struct Restored: Sendable {
    /// Where the store before is now; nil where there was none.
    public var aside: String?
    /// Whether the numbers that were given since the backup are known, so that none is given twice.
    public var knowsNumbers = true
  }

  /// Puts a backup in the place of the store, which is kept beside it under another name.
  ///
  /// A crash at any point leaves the one or the other whole in its place.
  ///
  /// - Parameter mark: what the name of the store before gets; new with every time.
  public func restore(_ backup: StoreFile, mark: String) throws(StoreError) -> Restored {
    let new = store + ".restored"
    unlink(new)
    try backup.copy(to: new)
    var restored = Restored()
    if access(store, F_OK) == 0 {
      let aside = try keep(as: mark)
      restored.aside = aside
      restored.knowsNumbers = try takeNumbers(into: new)
      // Then it is in the store itself.
      if restored.knowsNumbers { unlink(aside + "-wal") }
      // The log of one store must never meet another.
      for suffix in ["-wal", "-shm"] { unlink(store + suffix) }
    }
    try give(new)
    try sync(new)
    guard rename(new, store) == 0 else {
      throw StoreError("\(new) can't be renamed to \(store): \(String(cString: strerror(errno))).")
    }
    try sync(path)
    return restored
  }

  /// Numbers that people have said aloud since the backup must not be given to other callbacks.
  ///
  /// - Returns: false where the store that is there can't be read.
  private func takeNumbers(into new: String) throws(StoreError) -> Bool {
    let given: [Row]
    do {
      let database = try DatabaseQueue(path: store)
      given = try database.inDatabase { database in
        try Row.fetchAll(database, sql: "SELECT seq, name FROM sqlite_sequence WHERE name IN ('callback', 'notice')")
      }
      // Its log goes into it: a crash from here on loses nothing of it.
      try database.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try database.close()
    } catch {
      return false
    }
    do {
      let database = try DatabaseQueue(path: new)
      try database.write { database in
        for row in given {
          try database.execute(
            sql: "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?",
            arguments: [row[0] as Int64, row[1] as String])
          if database.changesCount == 0 {
            try database.execute(
              sql: "INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)",
              arguments: [row[0] as Int64, row[1] as String])
          }
        }
      }
      try database.close()
    } catch {
      throw StoreError(error, doing: "write \(new)")
    }
    return true
  }

  /// Gives the store a second name, and its log, which one that is damaged may lose when it is opened.
  private func keep(as mark: String) throws(StoreError) -> String {
    let aside = "\(store).\(mark)"
    for suffix in ["", "-wal"] where access(store + suffix, F_OK) == 0 {
      guard link(store + suffix, aside + suffix) == 0 else {
        throw StoreError(
          "\(store + suffix) can't be kept as \(aside + suffix): \(String(cString: strerror(errno))). Nothing was changed."
        )
      }
    }
    try sync(path)
    return aside
  }

  private func give(_ file: String) throws(StoreError) {
    guard geteuid() != 0 || (chown(file, owner.uid, owner.gid) == 0 && chmod(file, 0o600) == 0) else {
      throw StoreError("\(file) can't be given to the daemon's user: \(String(cString: strerror(errno))).")
    }
  }

  private func sync(_ file: String) throws(StoreError) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw StoreError("\(file) can't be synced: \(String(cString: strerror(errno))).")
    }
  }
}
