import CallbackRules
import Foundation
import GRDB
import Testing

@testable import CallbackStore

@Suite("Opening the store")
struct OpeningTests {
  private func refusal(of file: String) throws -> StoreError {
    try #require(throws: StoreError.self) { try SQLiteStore(file: file) }
  }

  @Test("A commit is synced: write-ahead log, synchronous=FULL, read back from the connection in use")
  func durability() throws {
    let scene = try StoreScene()
    #expect(try scene.number("PRAGMA synchronous") == 2)
    #expect(try scene.number("PRAGMA foreign_keys") == 1)
    #expect(try scene.number("PRAGMA mmap_size") == 0)
    let journal = try scene.store.database.inDatabase { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
    #expect(journal == "wal")
  }

  @Test("What was committed is there after a crash")
  func survivesCrash() throws {
    let scene = try StoreScene()
    let callback = try scene.admit(notices: [Notice(person: "rivera", reason: .announce)])
    let after = try scene.crashed()
    #expect(try after.story(callback.id).callback == callback)
    #expect(try after.store.counts() == scene.store.counts())
  }

  @Test("Opening a store again changes nothing in it")
  func opensAgain() throws {
    let scene = try StoreScene()
    try scene.admit()
    let again = try scene.crashed().crashed()
    #expect(try again.store.counts().open == 1)
  }

  @Test("A store of a newer version is refused, and stays as it is")
  func newerVersion() throws {
    let scene = try StoreScene()
    let callback = try scene.admit()
    try scene.store.database.inDatabase { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')") }
    let file = scene.directory.path + "/callbackd.db"
    let error = try refusal(of: file)
    #expect(error.description.contains("newer version"))
    #expect(error.description.contains(file))
    #expect(!error.mayPass)
    #expect(try scene.story(callback.id).callback == callback)
  }

  @Test("A file that is no store is refused, and stays as it is")
  func notAStore() throws {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/callbackd.db"
    let bytes = Data(repeating: 0x41, count: 8192)
    try bytes.write(to: URL(filePath: file))
    let error = try refusal(of: file)
    #expect(error.description.contains("damaged"))
    #expect(!error.mayPass)
    #expect(try Data(contentsOf: URL(filePath: file)) == bytes)
  }

  @Test("A damaged store is refused with the remedy")
  func damaged() throws {
    let scene = try StoreScene()
    try scene.admit()
    try scene.store.database.inDatabase { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    let file = scene.directory.path + "/callbackd.db"
    var bytes = try Data(contentsOf: URL(filePath: file))
    bytes.replaceSubrange(100..<4096, with: Data(repeating: 0xFF, count: 3996))
    let copy = scene.directory.path + "/damaged.db"
    try bytes.write(to: URL(filePath: copy))
    #expect(try refusal(of: copy).description.contains("restore a backup"))
    #expect(try Data(contentsOf: URL(filePath: copy)) == bytes)
  }

  @Test("A directory in the place of the file is refused with the path")
  func directoryInItsPlace() throws {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/callbackd.db"
    try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
    #expect(try refusal(of: file).description.contains(file))
  }

  @Test("A directory that the daemon's user may not write to is refused, and may be mended while it runs")
  func noRights() throws {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/callbackd.db"
    chmod(directory.path, 0o555)
    defer { chmod(directory.path, 0o755) }
    let error = try FileUser.unprivileged { try refusal(of: file) }
    #expect(error.mayPass)
    #expect(error.description.contains("give the daemon's user the state directory"))
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test("What the store writes is for the daemon's user alone, whatever the umask and the directory's mode")
  func modes() throws {
    let directory = try TemporaryDirectory()
    chmod(directory.path, 0o755)
    let store = try SQLiteStore(file: directory.path + "/callbackd.db")
    for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
      var status = stat()
      #expect(lstat(directory.path + "/" + name, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600, "\(name)")
    }
    withExtendedLifetime(store) {}
  }

  @Test("A second daemon on the same state is told so")
  func secondDaemon() throws {
    let directory = try TemporaryDirectory()
    let first = try StateLock(directory: directory.path)
    let error = try #require(throws: StoreError.self) { try StateLock(directory: directory.path) }
    #expect(error.description.contains("Another callbackd has \(directory.path) in use"))
    #expect(!error.mayPass)
    withExtendedLifetime(first) {}
  }

  @Test("The lock is free again once its daemon has ended")
  func lockIsReleased() throws {
    let directory = try TemporaryDirectory()
    do { _ = try StateLock(directory: directory.path) }
    _ = try StateLock(directory: directory.path)
  }

  @Test("A state directory that is missing, or a link for a lock, is named")
  func badLock() throws {
    let directory = try TemporaryDirectory()
    let missing = try #require(throws: StoreError.self) { try StateLock(directory: directory.path + "/none") }
    #expect(missing.description.contains("/none/lock can't be opened"))
    symlink("/etc/hostname", directory.path + "/lock")
    #expect(throws: StoreError.self) { try StateLock(directory: directory.path) }
  }
}
