import CallbackDelivery
import CallbackRules
import CallbackStore

/// The ways in which notices travel: they take them, refuse them, or don't answer.
struct Channels {
  /// By person and channel, `rivera/mail`, or by channel.
  private var troubles: [String: Trouble] = [:]

  enum Trouble {
    case down, refusing
  }

  mutating func set(_ trouble: Trouble?, of key: String) { troubles[key] = trouble }

  mutating func heal() { troubles.removeAll() }

  /// What becomes of handing this over, as `Deliverer` would say.
  func handOver(_ lease: Lease, office: Office) -> Delivery {
    guard let person = office.people[lease.person] else { return Delivery(outcome: .refused("no such person")) }
    let channels = person.channels.isEmpty ? [Channel.mail] : person.channels
    guard channels.indices.contains(lease.channelIndex) else {
      return Delivery(outcome: .refused("no further channel"))
    }
    let channel = channels[lease.channelIndex]
    if channel == Channel.mail, person.email == nil { return Delivery(outcome: .refused("no address")) }
    switch troubles["\(person.id)/\(channel)"] ?? troubles[channel] {
    case nil: return Delivery(outcome: .delivered)
    case .down: return Delivery(outcome: .retryLater("the \(channel) is down"))
    case .refusing: return Delivery(outcome: .refused("the \(channel) refuses"))
    }
  }
}
