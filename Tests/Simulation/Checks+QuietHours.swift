import CallbackRules
import Foundation

/// What must hold of notices to people in their quiet hours.
extension Check where Subject == Deed {
  static let ofQuietHours = [onlyRoutineWaits, routineWaits, neverPassesSilently]

  private static let onlyRoutineWaits = Check("only what is routine waits, and only until quiet hours end") { deed in
    for notice in deed.notices {
      guard let time = notice.notBefore else { continue }
      if deed.after.callback.urgency > .routine { return "\(notice.person) is told of what is not routine later" }
      if time <= deed.now || time > deed.now.addingTimeInterval(86_400) {
        return "\(notice.person) is told at \(Trace.text(time))"
      }
      if deed.isOpen(deed.office.people[notice.person]?.quiet, at: time) {
        return "\(notice.person) is quiet at \(Trace.text(time)) too"
      }
    }
    return nil
  }

  private static let routineWaits = Check("what is routine and not overdue waits for the end of quiet hours") { deed in
    guard deed.after.callback.urgency == .routine, !deed.after.callback.overdue else { return nil }
    let woken = deed.notices.first {
      // Whoever has just written is awake.
      $0.notBefore == nil && !$0.reason.isReply
        && deed.isOpen(deed.office.people[$0.person]?.quiet, at: deed.now)
    }
    return woken.map { "\($0.person) is told (\($0.reason.rawValue))" }
  }

  private static let neverPassesSilently = Check("somebody awake hears of what is overdue") { deed in
    guard deed.after.callback.isOpen, deed.after.callback.overdue, !deed.notices.isEmpty else { return nil }
    return deed.notices.allSatisfy { $0.notBefore != nil } ? "all whom it tells are quiet" : nil
  }
}

extension Deed {
  fileprivate func isOpen(_ quiet: OfficeHours?, at moment: Date) -> Bool {
    quiet?.isOpen(at: moment, in: office.zone) ?? false
  }
}
