import CallbackRules
import Foundation

/// The words of an alarm, which concerns no patient. Times are the site's.
struct AlarmText {
  let alarm: Alarm
  let office: Office
  /// Where `callbackctl` is.
  let host: String
  let raisedAt: Date

  /// `was down 02:10 to 03:40, 3 promises passed`.
  var headline: String {
    switch alarm.kind {
    case .downTime: "was down \(shortly(alarm.from)) to \(shortly(alarm.until)), \(passed)"
    case .clockSet: "the clock was set forward by \(span), \(passed)"
    case .coverageGap: "nobody is on call\(inRotation) from \(shortly(alarm.from)) to \(shortly(alarm.until))"
    case .spoolTrouble: "trouble with the spool since \(shortly(alarm.from))"
    case .spoolRestored: "the spool is in order again, after \(span) of trouble"
    case .storageTrouble: "the store has taken nothing since \(shortly(alarm.from))"
    case .storageRestored: "the store is in order again, after \(span) of trouble"
    case .staleFiles: "a file has been unfinished since \(shortly(alarm.from))"
    case .silentService: "nothing from \(service) since \(shortly(alarm.from))"
    case .channelTrouble: "nothing goes out by \(channel) since \(shortly(alarm.from)), \(waiting)"
    case .channelRestored: "notices go out by \(channel) again, after \(span) of trouble"
    case .deliveryTrouble: "a notice has waited since \(shortly(alarm.from)), \(waiting)"
    case .deliveryRestored: "no notice waits for too long any more, after \(span) of trouble"
    case .canary: "mails go out"
    case .strayAnswer: "a mail\(ofPerson) could not be placed"
    }
  }

  /// What happened.
  var happened: String {
    let times = "from \(time(alarm.from)) to \(time(alarm.until))"
    return switch alarm.kind {
    case .downTime: "callbackd was down \(times), \(span)."
    case .clockSet:
      "The clock\(host.isEmpty ? "" : " of \(VisibleText(host).line)") was set forward by \(span), \(times)."
    case .coverageGap: "Nobody is on call\(inRotation) \(times)."
    case .spoolTrouble: "Since \(time(alarm.from)) callbackd has not been able to use its spool as it should."
    case .spoolRestored: "callbackd could not use its spool as it should \(times), \(span). It can again."
    case .storageTrouble: "Since \(time(alarm.from)) callbackd has not been able to write to its store."
    case .storageRestored: "callbackd could not write to its store \(times), \(span). It can again."
    case .staleFiles: "A file in the spool has been unfinished since \(time(alarm.from))."
    case .strayAnswer:
      "A mail\(ofPerson) came to the address that notices are sent from. \(alarm.person == nil ? "It can't be read." : "It answers none of them.")"
    case .silentService: "The service \(service) has sent nothing since \(time(alarm.from)), for \(span)."
    case .channelTrouble: "Since \(time(alarm.from)) nothing has gone out by \(channel), for \(span); \(waiting)."
    case .channelRestored: "Nothing went out by \(channel) \(times), \(span). Notices do again."
    case .deliveryTrouble:
      "A notice that could have gone \(time(alarm.from)) has not been handed over for \(span); \(waiting) in all."
    case .deliveryRestored: "Notices waited for too long \(times), \(span). None does any more."
    case .canary: "This mail left callbackd\(onHost) \(time(alarm.from)), and it has arrived."
    }
  }

  /// What it means.
  var meaning: String {
    let late = alarm.promisesPassed > 0 ? ", and \(passed): whoever owes these calls is told now." : ", but \(passed)."
    return switch alarm.kind {
    case .downTime: "Meanwhile nobody was told of anything\(late)"
    case .clockSet: "What was due in between is late at once\(late)"
    case .coverageGap:
      "A step that tells this rotation then tells nobody: the next is taken at once, and at last \(fallback) is told."
    case .spoolTrouble:
      "Messages may wait there unread, and their callers with them; callbacks that are in are still reminded of."
    case .spoolRestored: "Messages that waited there are taken in; those that came in late may be overdue."
    case .storageTrouble:
      "Meanwhile no message is taken in, nobody is told of any callback, and nothing that people do is noted."
    case .storageRestored: "Messages that waited in the spool are taken in, and what fell due is told now."
    case .staleFiles: "A transfer may have died, and its message is not in."
    case .strayAnswer: "Nothing was done for it, and nobody else is told; of further ones today you are not told again."
    case .silentService:
      "Either nobody rang, or its messages do not reach this machine, and callers wait in vain."
    case .channelTrouble: "Whoever has no other channel is told of nothing meanwhile; the steps of each callback go on."
    case .channelRestored: "What waited goes out now; what was closed meanwhile is not told."
    case .deliveryTrouble:
      "Whoever it is for has not been told by it, though others may be told; the steps of each callback go on."
    case .deliveryRestored: "What waited was handed over, or given up, and the next channel or step taken."
    case .canary: "One is sent after each start and every morning, so that it is missed when mails no longer arrive."
    }
  }

  /// What to do.
  var remedy: String {
    let overdue = "callbackctl list --overdue"
    return switch alarm.kind {
    case .downTime: "Please see what is overdue\(onHost): \(overdue); why it was down: journalctl -u callbackd"
    case .clockSet: "Please set the clock right if it is wrong, then see what is overdue\(onHost): \(overdue)"
    case .coverageGap:
      "Please give somebody this time in the configuration, and reload it; who has which\(onHost): "
        + "callbackctl oncall --days 14"
    case .spoolTrouble:
      "Please see what is wrong\(onHost): callbackctl status; until it is mended, have messages phoned through"
    case .storageTrouble:
      "Please see what is wrong\(onHost): callbackctl status, journalctl -u callbackd; until it is mended, ask the "
        + "service for its messages, and see what is due: callbackctl list"
    case .channelTrouble, .deliveryTrouble:
      "Please see what is wrong\(onHost): callbackctl status, journalctl -u callbackd; until it is mended, see what is "
        + "due: callbackctl list"
    case .canary: "There is nothing to do; on a morning without it, please see why\(onHost): callbackctl status"
    case .spoolRestored, .storageRestored, .channelRestored, .deliveryRestored:
      "Please see what is overdue\(onHost): \(overdue)"
    case .staleFiles:
      "Please ask the service what it sent then, and have it sent again; the file lies in the spool's "
        + "incoming/\(onHost)"
    case .strayAnswer:
      "Please read it, or ask who sent it, and do what it asks for with callbackctl; it lies in the spool's "
        + "rejected/\(onHost)"
    case .silentService:
      "Please phone the service\(servicePhone), ask what it has sent since then, and have that sent again or read out."
    }
  }

  private var onHost: String { NoticeText.on(host) }

  private var fallback: String { VisibleText(office.displayName(of: office.fallback)).line }

  private var inRotation: String {
    alarm.rotation.map { " in \(VisibleText(office.displayName(of: $0)).line)" } ?? ""
  }

  /// ` from Dr. Rivera`; nothing where it can't be told.
  private var ofPerson: String { alarm.person.map { " from \(VisibleText(office.displayName(of: $0)).line)" } ?? "" }

  private var service: String { VisibleText(alarm.service ?? "a service").line }

  /// ` at +1 555 010 9000`; nothing where none is known.
  private var servicePhone: String {
    alarm.service.flatMap { office.services[$0] }.map { " at \(VisibleText($0.phone).line)" } ?? ""
  }

  /// `mail`, `the channel pager`.
  private var channel: String {
    switch alarm.channel {
    case Channel.mail?: "mail"
    case let id?: "the channel \(VisibleText(id).line)"
    case nil: "a channel"
    }
  }

  private var waiting: String { "\(Quantity.text(alarm.notices, "notice")) wait\(alarm.notices == 1 ? "s" : "")" }

  private var passed: String {
    switch alarm.promisesPassed {
    case ...0: "no promise passed"
    case let count: "\(Quantity.text(count, "promise")) passed"
    }
  }

  var span: String {
    let seconds = max(0, LocalTime.seconds(from: alarm.from, to: alarm.until))
    return LocalTime.span(seconds: seconds) ?? "\(seconds) s"
  }

  func time(_ moment: Date) -> String { LocalTime.short(moment, zone: office.zone) }

  /// No more of a time than is needed: `02:10`, within a week `Sat 08:00`, else `Sat 28 Nov 08:00`.
  private func shortly(_ moment: Date) -> String {
    let times = [alarm.from, alarm.until]
    if times.contains(where: { abs($0.timeIntervalSince(raisedAt)) >= 6 * 86_400 }) { return time(moment) }
    let days = Set([alarm.from, alarm.until, raisedAt].map { office.zone.civilTime(at: $0).dateText })
    let civil = office.zone.civilTime(at: moment)
    return days.count == 1 ? civil.clockText : "\(civil.weekdayText) \(civil.clockText)"
  }
}
