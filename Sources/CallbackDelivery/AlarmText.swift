import CallbackRules
import Foundation

/// The words of an alarm, which concerns no patient. Times are the site's.
struct AlarmText {
  let alarm: Alarm
  let office: Office
  /// Where `callbackctl` is.
  let host: String
  let raisedAt: Date

  /// `callbackd: was down 02:10 to 03:40, 3 promises passed`.
  var subject: String {
    switch alarm.kind {
    case .downTime: "callbackd: was down \(shortly(alarm.from)) to \(shortly(alarm.until)), \(passed)"
    case .clockSet: "callbackd: the clock was set forward by \(span), \(passed)"
    case .coverageGap:
      "callbackd: nobody is on call\(inRotation) from \(shortly(alarm.from)) to \(shortly(alarm.until))"
    }
  }

  /// Three lines: what happened, what it means, what to do.
  var body: String {
    let (from, until) = (time(alarm.from), time(alarm.until))
    switch alarm.kind {
    case .downTime:
      return """
        callbackd was down from \(from) to \(until), \(span).
        Nobody was told of anything meanwhile, and \(passed): those concerned are told now.
        Please see to what is overdue\(NoticeText.on(host)): callbackctl list --overdue
        """
    case .clockSet:
      return """
        The clock\(host.isEmpty ? "" : " of \(VisibleText(host).line)") was set forward by \(span), from \(from) to \(until).
        What fell due in between fell due at once, and \(passed): those concerned are told now.
        Please see whether the clock is right, and to what is overdue\(NoticeText.on(host)): callbackctl list --overdue
        """
    case .coverageGap:
      return """
        Nobody is on call\(inRotation) from \(from) to \(until).
        Whoever rings then has nobody to ring back at first: a step that would tell this rotation goes on to the next, at last to \(fallback).
        Please look\(NoticeText.on(host)): callbackctl oncall --days 14; then give somebody this time in the configuration, and reload it.
        """
    }
  }

  private var fallback: String { VisibleText(office.displayName(of: office.fallback)).line }

  private var inRotation: String {
    alarm.rotation.map { " in \(VisibleText(office.displayName(of: $0)).line)" } ?? ""
  }

  private var passed: String {
    switch alarm.promisesPassed {
    case ...0: "no promise passed"
    case let count: "\(Quantity.text(count, "promise")) passed"
    }
  }

  private var span: String {
    let seconds = max(0, LocalTime.seconds(from: alarm.from, to: alarm.until))
    return LocalTime.span(seconds: seconds) ?? "\(seconds) s"
  }

  private func time(_ moment: Date) -> String { LocalTime.short(moment, zone: office.zone) }

  /// No more of a time than is needed: `02:10`, within a week `Sat 08:00`, else `Sat 28 Nov 08:00`.
  private func shortly(_ moment: Date) -> String {
    let times = [alarm.from, alarm.until]
    if times.contains(where: { abs($0.timeIntervalSince(raisedAt)) >= 6 * 86_400 }) { return time(moment) }
    let days = Set([alarm.from, alarm.until, raisedAt].map { office.zone.civilTime(at: $0).dateText })
    let civil = office.zone.civilTime(at: moment)
    return days.count == 1 ? civil.clockText : "\(civil.weekdayText) \(civil.clockText)"
  }
}
