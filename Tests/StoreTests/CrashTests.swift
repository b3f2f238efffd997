import CallbackRules
import Foundation
import Testing

@testable import CallbackIntake
@testable import CallbackStore

/// Where the daemon was killed, on the way of one file.
enum CrashPoint: CaseIterable {
  case beforeCommit, afterCommit, afterRename, afterRemoval, afterReceipt, afterForgetting
}

@Suite("After a crash at any point, every file is admitted once and answered for")
struct CrashTests {
  /// One life of a daemon: a store and a spool, with nothing kept in memory from the life before.
  private struct Life {
    let scene: StoreScene
    let spool: Spool
    private let putAway: PutAway
    private let receipts: ReceiptWriter
    private let office: Office

    init(_ scene: StoreScene, root: String) {
      self.scene = scene
      office = Office(
        name: "Riverside", zone: .utc, fallback: "manager",
        policies: Urgency.allCases.map { Policy(urgency: $0, callBackWithin: TimeSpan(seconds: 3600), steps: []) })
      spool = Spool(
        settings: .init(root: root, settleSeconds: 0, staleAfterSeconds: 3600, maxSizeBytes: 4096),
        reader: MessageReader(office: office))
      putAway = PutAway(root: root)
      receipts = ReceiptWriter(root: root)
    }

    func commit(_ arrivals: [Arrival]) throws -> [Admission] {
      try scene.store.admit(arrivals, at: StoreScene.now) { message in
        Transition(
          StoreScene.callback(of: message) { $0.kind = message.problem == nil ? .message : .unreadable })
      }
    }

    func handle(_ admission: Admission, isRecovery: Bool = false) throws {
      _ = try putAway(admission, isRecovery: isRecovery, at: Date())
      try receipts.write(Receipt(for: admission, office: office))
    }

    func finish(_ admissions: [Admission], isRecovery: Bool = false) throws {
      for admission in admissions { try handle(admission, isRecovery: isRecovery) }
      try putAway.sync()
      try scene.store.putAway(admissions.map(\.arrival))
    }

    /// What a daemon does when it starts, and once more.
    func recover() throws {
      try finish(try scene.store.arrivalsInHand(), isRecovery: true)
      for _ in 0..<2 { try finish(try commit(try spool.nextBatch(at: Date()).arrivals)) }
    }
  }

  private static let good = "Callback: 555 010 4477\n"
  private static let bad = "\0\0\0\0"

  private func put(_ text: String, _ root: String) throws {
    try Data(text.utf8).write(to: URL(filePath: root + "/incoming/a.txt"))
  }

  private func names(_ directory: String, _ root: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root + "/" + directory).sorted()
  }

  /// Takes one file as far as `point`, and leaves everything lying there.
  private func live(_ life: Life, root: String, until point: CrashPoint, isGood: Bool) throws {
    let arrivals = try life.spool.nextBatch(at: Date()).arrivals
    guard point != .beforeCommit else { return }
    let admission = try #require(try life.commit(arrivals).first)
    let held = root + "/work/" + String(decoding: HeldName.of(admission), as: UTF8.self)
    switch point {
    case .beforeCommit, .afterCommit: return
    case .afterRename: #expect(rename(root + "/incoming/a.txt", held) == 0)
    case .afterRemoval:
      #expect(rename(root + "/incoming/a.txt", isGood ? held : root + "/rejected/a.txt.1") == 0)
      if isGood { #expect(unlink(held) == 0) }
    case .afterReceipt: try life.handle(admission)
    case .afterForgetting: try life.finish([admission])
    }
  }

  @Test("One file", arguments: CrashPoint.allCases, [true, false])
  func once(point: CrashPoint, isGood: Bool) throws {
    let directory = try TemporaryDirectory()
    try SpoolLayout.create(at: directory.path)
    try put(isGood ? Self.good : Self.bad, directory.path)
    let first = try StoreScene()
    try live(Life(first, root: directory.path), root: directory.path, until: point, isGood: isGood)

    let second = try first.crashed()
    try Life(second, root: directory.path).recover()
    #expect(try second.store.counts().open == 1)
    #expect(try second.store.arrivalsInHand().isEmpty)
    #expect(try names("incoming", directory.path) == [])
    #expect(try names("work", directory.path) == [])
    #expect(try names("accepted", directory.path) == ["a.txt.1.receipt"])
    #expect(try names("rejected", directory.path) == (isGood ? [] : ["a.txt.1", "a.txt.1.reason"]))
    #expect(try second.story(1).original == Array((isGood ? Self.good : Self.bad).utf8))
  }

  @Test("One file, and another of its name that came while the daemon was down", arguments: CrashPoint.allCases)
  func another(point: CrashPoint) throws {
    let directory = try TemporaryDirectory()
    try SpoolLayout.create(at: directory.path)
    try put(Self.good, directory.path)
    let first = try StoreScene()
    try live(Life(first, root: directory.path), root: directory.path, until: point, isGood: true)
    // Where the first still lies there, the new one is put in its place.
    try Data("Callback: 555 010 9999\n".utf8).write(to: URL(filePath: directory.path + "/incoming/.new"))
    #expect(rename(directory.path + "/incoming/.new", directory.path + "/incoming/a.txt") == 0)

    let second = try first.crashed()
    try Life(second, root: directory.path).recover()
    let count = point == .beforeCommit ? 1 : 2
    #expect(try second.store.counts().open == count)
    #expect(try second.story(Int64(count)).original == Array("Callback: 555 010 9999\n".utf8))
    #expect(try second.store.arrivalsInHand().isEmpty)
    #expect(try names("incoming", directory.path) == [])
    #expect(try names("work", directory.path) == [])
    #expect(try names("accepted", directory.path) == (1...count).map { "a.txt.\($0).receipt" })
  }

  @Test("Crash upon crash, in the middle of a hundred files")
  func oftenInTheMiddle() throws {
    let directory = try TemporaryDirectory()
    try SpoolLayout.create(at: directory.path)
    for number in 0..<100 {
      let text = number % 10 == 0 ? Self.bad : "Callback: 555 010 1\(number)\n"
      try Data(text.utf8).write(to: URL(filePath: directory.path + "/incoming/\(number)"))
    }
    var scene = try StoreScene()
    for life in 0..<5 {
      let daemon = Life(scene, root: directory.path)
      let admissions = try daemon.commit(try daemon.spool.nextBatch(at: Date()).arrivals)
      // It gets a little further each time.
      for admission in admissions.prefix(life * 7) { try daemon.handle(admission) }
      try scene.store.putAway(admissions.prefix(life * 3).map(\.arrival))
      scene = try scene.crashed()
    }
    try Life(scene, root: directory.path).recover()
    #expect(try scene.store.counts().open == 100)
    #expect(try names("incoming", directory.path) == [])
    #expect(try names("work", directory.path) == [])
    #expect(try names("accepted", directory.path).count == 100)
    #expect(try names("rejected", directory.path).count == 20)
  }
}
