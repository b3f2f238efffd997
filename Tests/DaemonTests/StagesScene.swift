import CallbackDelivery
import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation
import GRDB
import Testing

@testable import CallbackDaemon

/// Stages on a store in a directory of its own: Rivera owes the calls, Chen is the fallback, and nobody is on call for thirty
/// days from a day after `now`.
final class StagesScene {
  /// 2026-11-23T19:20:00Z
  static let now = Date(timeIntervalSince1970: 1_795_461_600)

  let stages: Stages
  private let directory: String
  private var lastInode: UInt64 = 100

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/callbackd.XXXXXX").utf8CString)
    directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    stages = Stages(
      rules: Rules(office: Self.office()), store: try SQLiteStore(file: directory + "/callbackd.db"), digestOver: 3)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: directory) } catch { Issue.record(error) }
  }

  private static func office(services: [Service] = [], hours: [OfficeHours] = []) -> Office {
    func civil(_ days: Double) -> CivilTime { Zone.utc.civilTime(at: Self.now.addingTimeInterval(days * 86_400)) }
    let oncall = Rotation(id: "oncall", members: ["rivera", "gone"], starts: civil(-29), every: TimeSpan(days: 30))
    return Office(
      name: "Riverside", zone: .utc, fallback: "chen",
      people: [
        Person(id: "rivera", name: "Dr. Rivera", email: "rivera@riverside.example"),
        Person(id: "chen", name: "Dr. Chen", email: "chen@riverside.example"),
        Person(id: "gone", name: "Dr. Gone", email: "gone@riverside.example", active: false),
      ],
      rotations: [oncall], hours: hours,
      policies: Urgency.allCases.map {
        Policy(
          urgency: $0, callBackWithin: TimeSpan(seconds: 3600),
          steps: [.init(after: TimeSpan(seconds: 0), notify: [Policy.recipient])])
      },
      services: services, accounts: [Account(id: "riverside", recipient: "rivera", zone: .utc)])
  }

  /// Puts another configuration in force.
  func use(services: [Service], hours: [OfficeHours] = []) {
    stages.rules = Rules(office: Self.office(services: services, hours: hours))
  }

  /// The stages of another daemon on the same store.
  func restarted() -> Stages { Stages(rules: stages.rules, store: stages.store, digestOver: stages.digestOver) }

  /// Runs SQL on the store's file, by a connection of its own.
  func execute(_ sql: String) throws {
    try DatabaseQueue(path: directory + "/callbackd.db").write { try $0.execute(sql: sql) }
  }

  func message(_ patient: String, number: String, _ urgency: Urgency = .routine) -> Message {
    Message(
      takenAt: Self.now, urgency: urgency, account: "riverside",
      callback: PhoneNumber(written: number, countryCode: "1"), patient: patient)
  }

  /// A file that nobody has sent before.
  func arrival(_ messages: Message...) -> Arrival { arrival(of: messages) }

  func arrival(of messages: [Message]) -> Arrival {
    lastInode += 1
    let identity = FileIdentity(inode: lastInode, sizeBytes: 4, modifiedNanoseconds: 17)
    let place = FilePlace(.incoming(folder: nil), name: Array("message.txt".utf8))
    return Arrival(
      identity: identity, place: place, original: Array("text".utf8),
      parts: messages.map { Arrival.Part(message: $0, original: Array("text".utf8)) })
  }

  /// What became of these files' messages: `NUMBER PART`, and the numbers of others.
  @discardableResult
  func admit(_ arrivals: Arrival..., at now: Date = now) throws -> [String] {
    try stages.admit(arrivals, puttingAway: [], at: now).admittances.map { admittance in
      let others = admittance.others.map { " \($0.callback.id)" }.joined()
      return "\(admittance.transition.callback.id) \(admittance.part.rawValue)\(others)"
    }
  }

  func deliverAll(at now: Date) throws { try deliver(try stages.lease(at: now, limit: 100), at: now) }

  func deliver(_ leases: [Lease], at now: Date) throws {
    for lease in leases {
      let delivery = Delivery(outcome: .delivered)
      stages.ended(lease, delivery, at: now)
      _ = try stages.settle(lease, as: delivery, at: now)
    }
  }

  func numbers(of lease: Lease) -> [Int64] {
    guard case .callbacks(let entries) = lease.content else { return [] }
    return entries.map(\.callback.id)
  }
}
