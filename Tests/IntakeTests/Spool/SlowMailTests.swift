import CallbackRules
import Foundation
import Testing

@testable import CallbackIntake

@Suite("Mails in the spool") struct SlowMailTests {
  @Test("Mails that take long to decode end a batch, so that what was read is admitted, and none is missed")
  func slow() throws {
    let scene = try SpoolScene()
    scene.spool.reader = MessageReader(office: SpoolScene.office) { _ in
      // As long as a decoder that does its worst: each is more than a batch may last.
      Thread.sleep(forTimeInterval: 2.1)
      return .success(DecodedMail(text: "Caller: Ann\n"))
    }
    for name in ["1.eml", "2.eml"] { try scene.put(name, "MIME-Version: 1.0\n\nx\n") }
    let first = try scene.spool.nextBatch(at: Date())
    #expect(first.arrivals.count == 1 && !first.isLast)
    let rest = try scene.scan()
    #expect(rest.arrivals.count == 1 && rest.last.isLast)
    #expect((first.arrivals + rest.arrivals).allSatisfy { $0.problem == nil })
  }
}
