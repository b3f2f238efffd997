import CallbackRules
import Foundation

/// What staff get for a file: the number to quote, who will be told, and by when the patient is rung. No patient data.
public enum Receipt {
  public static func text(for callbacks: [Callback], office: Office) -> String {
    callbacks.map { callback in
      let zone = office.zone(ofAccount: callback.message.account)
      let due = zone.civilTime(at: callback.dueAt)
      let told = office.displayName(of: callback.recipient)
      let what = callback.kind == .unreadable ? "Not understood; callback" : "Callback"
      return """
        \(what): \(callback.id)
        For: \(told)
        Call back by: \(due.text) \(zone.name)

        """
    }.joined(separator: "\n")
  }
}

extension CivilTime {
  /// `2026-11-23 14:35`.
  fileprivate var text: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day)) \(two(hour)):\(two(minute))"
  }
}
