import CallbackRules
import Foundation
import GRDB
import Testing

@testable import CallbackStore

@Suite("Backups")
struct BackupTests {
  /// A state directory with a store in which callbacks have lived, and a backup of it.
  private struct Place {
    let directory: TemporaryDirectory
    let scene: StoreScene
    var state: String { scene.directory.path }
    var store: String { state + "/callbackd.db" }
    var backup: String { directory.path + "/backup.db" }

    init() throws {
      directory = try TemporaryDirectory()
      scene = try StoreScene.lived()
      try StoreFile(store).copy(to: backup)
    }
  }

  private func mode(_ path: String) throws -> mode_t {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return status.st_mode & 0o777
  }

  private func refusal(_ body: () throws -> Void) throws -> StoreError {
    try #require(throws: StoreError.self, performing: body)
  }

  @Test("A backup is whole, one file, for its owner alone")
  func whole() throws {
    let place = try Place()
    let backup = try StoreFile(place.backup)
    #expect(try backup.damages() == [])
    let look = try backup.findings()
    #expect(look.findings == [])
    #expect((look.events, look.callbacks) == (10, 4))
    #expect(try backup.recordHead() == place.scene.store.recordHead())
    #expect(try mode(place.backup) == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.directory.path) == ["backup.db"])
  }

  @Test("What is written while a backup is made is not in it, waits for nothing, and does not have it begin anew")
  func whileWriting() throws {
    let scene = try StoreScene.lived()
    // Larger than is copied at once.
    for number in 0..<40 {
      var message = Message(takenAt: StoreScene.now)
      message.body = String(repeating: "\(number % 10)", count: 250_000)
      try scene.admitWithEvent(message)
    }
    let head = try scene.store.recordHead()
    let copy = scene.directory.path + "/copy"
    var steps: [Double] = []
    try StoreFile(scene.directory.path + "/callbackd.db").copy(to: copy) { part in
      steps.append(part)
      do { try scene.note(1, "Meanwhile") } catch { Issue.record(error) }
    }
    #expect(steps.count > 1)
    #expect(steps == steps.sorted() && steps.last == 1)
    #expect(try StoreFile(copy).recordHead() == head)
    #expect(try StoreFile(copy).findings().findings == [])
    #expect(try scene.findings() == [])
  }

  @Test("A copy is never made over a file that is there, and what is no store of ours is named")
  func refused() throws {
    let place = try Place()
    let there = try refusal { try StoreFile(place.store).copy(to: place.backup) }
    #expect(there.description == "\(place.backup) can't be made: File exists.")
    let other = place.directory.path + "/other.db"
    try DatabaseQueue(path: other).inDatabase { try $0.execute(sql: "CREATE TABLE stamps (id INTEGER)") }
    #expect(try refusal { _ = try StoreFile(other) }.description == "\(other) is a database, but not one of callbackd.")
    try Data("no database, but longer than its header would be ".utf8).write(to: URL(filePath: other))
    #expect(try refusal { _ = try StoreFile(other) }.description.contains("file is not a database"))
    try DatabaseQueue(path: place.backup).inDatabase {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')")
    }
    #expect(try refusal { _ = try StoreFile(place.backup) }.description.contains("newer version"))
  }

  @Test("What SQLite finds damaged is said")
  func damaged() throws {
    let place = try Place()
    try DatabaseQueue(path: place.backup).inDatabase { database in
      try database.execute(
        sql:
          "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'event_callback'; PRAGMA foreign_keys = OFF"
      )
      try database.execute(sql: "DROP TRIGGER event_stays; DELETE FROM callback WHERE id = 2")
    }
    #expect(try !StoreFile(place.backup).damages().isEmpty)
  }

  @Test("Put back, the store is as it was, the one before is kept beside it, and no number is given twice")
  func restored() throws {
    let place = try Place()
    try place.scene.admitWithEvent(Message(takenAt: StoreScene.now))
    try place.scene.store.database.close()
    let restored = try StateDirectory(place.state).restore(StoreFile(place.backup), mark: "before")
    #expect(restored.knowsNumbers)
    #expect(restored.aside == place.store + ".before")
    #expect(try mode(place.store) == 0o600)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place.state).sorted()
        == ["callbackd.db", "callbackd.db.before", "lock"])
    let store = try SQLiteStore(file: place.store)
    #expect(try store.recordHead()?.number == 10)
    #expect(try store.story(of: 5) == nil)
    let admitted = try store.admit([place.scene.arrival([Message(takenAt: StoreScene.now)])], at: StoreScene.now) {
      Transition(StoreScene.callback(of: $0), events: [Event(at: StoreScene.now, .admitted)])
    }
    #expect(admitted.first?.callbacks.first?.id == 6)
    #expect(try StoreFile(place.store + ".before").findings().callbacks == 5)
    #expect(try StoreFile(place.store).findings().findings == [])
  }

  @Test("A damaged store is kept with its log, and the log of it never meets the one put back")
  func overDamaged() throws {
    let place = try Place()
    let state = try TemporaryDirectory()
    let store = state.path + "/callbackd.db"
    try Data("no log".utf8).write(to: URL(filePath: store + "-wal"))
    try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: store))
    let restored = try StateDirectory(state.path).restore(StoreFile(place.backup), mark: "before")
    #expect(!restored.knowsNumbers)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: state.path).sorted()
        == ["callbackd.db", "callbackd.db.before", "callbackd.db.before-wal", "lock"])
    #expect(try Data(contentsOf: URL(filePath: store + ".before")) == Data(repeating: 0x41, count: 8192))
    #expect(try Data(contentsOf: URL(filePath: store + ".before-wal")) == Data("no log".utf8))
    #expect(try SQLiteStore(file: store).recordHead()?.number == 10)
  }

  @Test("Where there was no store, the backup is put there")
  func onNothing() throws {
    let place = try Place()
    let state = try TemporaryDirectory()
    let restored = try StateDirectory(state.path).restore(StoreFile(place.backup), mark: "before")
    #expect(restored.aside == nil)
    #expect(try SQLiteStore(file: state.path + "/callbackd.db").counts().open == 3)
  }

  @Test("While a daemon has the state, nothing is put back; and while it is put back, no daemon starts")
  func locked() throws {
    let place = try Place()
    do {
      let daemon = try StateLock(directory: place.state)
      let error = try refusal { _ = try StateDirectory(place.state) }
      #expect(error.description.contains("Another callbackd has \(place.state) in use"))
      withExtendedLifetime(daemon) {}
    }
    let directory = try StateDirectory(place.state)
    #expect(throws: StoreError.self) { try StateLock(directory: place.state) }
    withExtendedLifetime(directory) {}
  }

  @Test("What a restore that was cut off left over is written anew")
  func again() throws {
    let place = try Place()
    try place.scene.store.database.close()
    try Data("half".utf8).write(to: URL(filePath: place.store + ".restored"))
    _ = try StateDirectory(place.state).restore(StoreFile(place.backup), mark: "before")
    #expect(try SQLiteStore(file: place.store).recordHead()?.number == 10)
  }
}
