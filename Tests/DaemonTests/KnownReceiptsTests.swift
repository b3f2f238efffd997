import CallbackIntake
import CallbackRules
import Foundation
import Testing

@testable import CallbackDaemon

@Suite("Receipts for those who may only drop")
struct KnownReceiptsTests {
  private static let office = Office(
    name: "Riverside", zone: .utc, fallback: "chen", people: [Person(id: "chen", name: "Dr. Chen")],
    policies: Urgency.allCases.map { Policy(urgency: $0, callBackWithin: TimeSpan(seconds: 3600), steps: []) })

  private static func name(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "drop-20261123T190500Z-" + String(repeating: "0", count: 16 - digits.count) + digits + ".txt"
  }

  private static func admission(_ name: String, number: Int64) -> Admission {
    var callback = Callback(
      kind: .message, message: Message(takenAt: Date(timeIntervalSince1970: 0), caller: "Ana Diaz"), recipient: "chen",
      admittedAt: Date(timeIntervalSince1970: 0), dueAt: Date(timeIntervalSince1970: 1_795_460_700))
    callback.id = number
    return Admission(
      arrival: number, identity: FileIdentity(inode: 1, sizeBytes: 1, modifiedNanoseconds: 0),
      place: FilePlace(.incoming(folder: nil), name: Array(name.utf8)), callbacks: [callback])
  }

  @Test("A file that callbackctl dropped is answered for by the text of its receipt")
  func known() {
    var receipts = KnownReceipts()
    receipts.add(Self.admission(Self.name(7), number: 12), office: Self.office)
    #expect(receipts[Self.name(7)] == "Callback: 12\nFor: Dr. Chen\nCall back by: 2026-11-23 19:05 UTC\n")
    #expect(receipts[Self.name(8)] == nil)
  }

  @Test(
    "A name that somebody could guess is not answered for",
    arguments: [
      "message.txt", "drop-1.txt", "drop-20261123T190500Z-0000000000000007x.txt", "drop-a-b-0000000000000007.txt",
      "drop-20261123T190500Z-000000000000000G.txt", "", "drop--",
    ])
  func guessable(name: String) {
    var receipts = KnownReceipts()
    receipts.add(Self.admission(name, number: 12), office: Self.office)
    #expect(receipts[name] == nil)
  }

  @Test("Of long receipts fewer are kept, and always the latest")
  func boundedBytes() {
    var receipts = KnownReceipts()
    for number in 0..<6 {
      var batch = Self.admission(Self.name(number), number: 1)
      batch.callbacks = Array(repeating: batch.callbacks[0], count: 20_000)
      receipts.add(batch, office: Self.office)
    }
    let kept = (0..<6).compactMap { receipts[Self.name($0)] }
    #expect(!kept.isEmpty && kept.reduce(0) { $0 + $1.utf8.count } <= KnownReceipts.mostBytes)
    #expect(receipts[Self.name(0)] == nil && receipts[Self.name(5)] != nil)
  }

  @Test("The oldest are forgotten, and a name that comes again has the later receipt")
  func bounded() {
    var receipts = KnownReceipts()
    for number in 0..<(KnownReceipts.most + 10) {
      receipts.add(Self.admission(Self.name(number), number: Int64(number)), office: Self.office)
    }
    #expect(receipts[Self.name(9)] == nil && receipts[Self.name(10)] != nil)
    receipts.add(Self.admission(Self.name(10), number: 77), office: Self.office)
    #expect(receipts[Self.name(10)]?.hasPrefix("Callback: 77\n") == true)
    receipts.add(Self.admission(Self.name(KnownReceipts.most + 10), number: 1), office: Self.office)
    #expect(receipts[Self.name(10)] == nil && receipts[Self.name(11)] != nil)
  }
}
