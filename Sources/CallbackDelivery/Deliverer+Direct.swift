import CallbackRules
import Foundation

extension Deliverer {
  /// What became of an alarm that went past the store.
  public struct Direct: Sendable, Equatable {
    /// By how many channels somebody was reached.
    public var delivered = 0
    /// Sentences that may be logged.
    public var problems: [String] = []

    public init() {}
  }

  /// Tells these people of an alarm by every channel that each has, one after the other.
  ///
  /// For when the store can't take a notice, most likely because the disk is full: it needs neither store nor disk. By every
  /// channel, because the first may need room too (sendmail queues on a disk). The notice has the number 0. Its file is
  /// written where that can be done.
  ///
  /// - Parameter token: as an `OutgoingNotice` has it.
  public func tellDirectly(_ alarm: Alarm, people: [String], token: String, now: Date) async -> Direct {
    var result = Direct()
    for id in people {
      for channel in 0..<(office.people[id]?.channelsInOrder.count ?? 1) where !Task.isCancelled {
        let notice = OutgoingNotice(
          number: 0, token: token, person: id, createdAt: now, channelIndex: channel, content: .alarm(alarm))
        switch await deliver(notice, now: now).outcome {
        case .delivered: result.delivered += 1
        case .retryLater(let why), .refused(let why): result.problems.append(why)
        }
      }
    }
    return result
  }
}
