import Foundation

/// What becomes of a mail about a notice.
extension Rules {
  /// Refused answers about one callback of which the person is told; a line in its history has each.
  static let mostRefusalsTold = 5
  /// Of so many answers that went wrong a person is told in 24 hours: however a loop came about, it ends here.
  private static let mostToldADay = 20
  /// And of so many for one mail, which may hold many commands.
  private static let mostToldAMail = 5
  /// Of more callbacks in one mail none has a line in its history of what was written: as many as such a mail lists.
  static let mostEntries = 40

  /// Says what becomes of a mail that answers a notice, or says what became of it.
  ///
  /// A person's answer counts only if it comes from that person's address alone, and while the callback is open. Whoever answers is
  /// told of what was not understood, once for each callback, and of what was refused; programs are told nothing.
  public func answer(_ mail: AnswerMail, to notice: AnsweredNotice, at now: Date) -> AnswerVerdict {
    var verdict = verdict(on: mail, to: notice, at: now)
    verdict.transitions = verdict.transitions.map { heedingQuietHours($0, at: now) }
    return verdict
  }

  private func verdict(on mail: AnswerMail, to notice: AnsweredNotice, at now: Date) -> AnswerVerdict {
    switch mail.nature {
    case .other: return AnswerVerdict(.ignored)
    case .delayed(let why): return delayed(notice, why: why, at: now)
    case .failed(let why): return notTold(by: notice, why: why, at: now)
    case .automatic: return notTold(by: notice, why: "a program answered: out of office, or the like", at: now)
    case .person: break
    }
    // Nobody waits for an answer to an alarm, but whoever writes one may think so.
    guard !notice.isAlarm, let first = notice.entries.first else { return stray(mail, at: now) }
    let reply = Reply(mail.text)
    guard let person = office.people[notice.person], person.active else {
      let why = "\(office.displayName(of: notice.person)) is not in the office any more."
      return AnswerVerdict(.refused, transitions: [refusal(first, why: why, of: reply, tells: nil, at: now)])
    }
    guard mail.isFrom(person) else {
      let why = "It did not come from the address of \(person.name)\(mail.named)."
      let words = "It did not come from your address. Answer from that, or use callbackctl."
      let mayTell = mostTold(of: notice) > 0 && first.refusals < Self.mostRefusalsTold
      let tells = mayTell ? words : nil
      return AnswerVerdict(.refused, transitions: [refusal(first, why: why, of: reply, tells: tells, at: now)])
    }
    var answer = AnswerInHand(reply: reply, notice: notice, mostTold: mostTold(of: notice))
    take(&answer, at: now)
    return answer.verdict
  }

  /// Says what becomes of a mail that belongs to no notice.
  ///
  /// - Parameter meant: the callback that it names, though it does not know the notice's token.
  public func stray(_ mail: AnswerMail?, meaning meant: Callback? = nil, at now: Date) -> AnswerVerdict {
    guard let mail else {
      // It can't be read, so nobody knows what it says.
      return AnswerVerdict(
        .stray, alarm: strayAlarm(of: nil, at: now),
        reason: "The mail could not be decoded; read it, and do what it asks for with callbackctl.")
    }
    let sender = office.people.values.filter { $0.active && mail.isFrom($0) }.min { $0.id < $1.id }
    let transitions = meant.map { callback in
      let why = "It names callback \(callback.id), but answers no mail that was sent\(mail.named)."
      return Transition(callback, events: [Event(at: now, .answerRefused, text: why)])
    }
    let isPersons = mail.nature == .person && sender != nil
    return AnswerVerdict(
      .stray, transitions: transitions.map { [$0] } ?? [],
      alarm: isPersons ? strayAlarm(of: sender?.id, at: now) : nil,
      reason: isPersons
        ? "It is from \(sender?.name ?? "somebody"), and answers no mail that was sent; read it, and do what it asks for with callbackctl."
        : "It answers no mail that was sent.")
  }

  /// Once a day for each person: its key says so.
  private func strayAlarm(of person: String?, at now: Date) -> Alarm {
    let day = office.zone.startOfDay(at: now)
    return Alarm(.strayAnswer, from: day, until: now, person: person)
  }

  private func mostTold(of notice: AnsweredNotice) -> Int {
    max(min(Self.mostToldADay - notice.toldToday, Self.mostToldAMail), 0)
  }

  // MARK: - Refusing

  /// A line in the history, and where the person is to know of it, a notice.
  ///
  /// - Parameters:
  ///   - why: a sentence, for the history.
  ///   - tells: sentences for the person; nil: nobody is told.
  func refusal(
    _ entry: AnsweredNotice.Entry, on callback: Callback? = nil, why: String, of reply: Reply, tells: String?,
    at now: Date
  ) -> Transition {
    var transition = Transition(callback ?? entry.callback)
    let said = [reply.written, reply.note ?? ""].filter { !$0.isEmpty }.joined(separator: "; ").prefix(utf8Bytes: 1000)
    transition.append(
      Event(
        at: now, .answerRefused, person: entry.notice.person, notice: entry.number,
        text: why + (said.isEmpty ? "" : " It said: \(said)")))
    if let tells { transition.answer(entry.notice.person, .answerRefused, text: tells, at: now) }
    return transition
  }

  // MARK: - Mails that told nobody

  private func delayed(_ notice: AnsweredNotice, why: String, at now: Date) -> AnswerVerdict {
    let transitions = notice.eachCallback.prefix(Self.mostEntries).filter(\.callback.isOpen).map { entry in
      Transition(
        entry.callback,
        events: [
          Event(
            at: now, .deliveryDelayed, person: notice.person, step: entry.notice.step, notice: entry.number,
            text: "the mail system says that \(why)")
        ])
    }
    return AnswerVerdict(.ignored, transitions: transitions)
  }

  /// As a notice that was refused, only later: the person's next channel, else the next step at once (promise 6). Once: what has
  /// told nobody already is not told of again.
  private func notTold(by notice: AnsweredNotice, why: String, at now: Date) -> AnswerVerdict {
    let channels = office.people[notice.person]?.channels ?? []
    // What has gone by another channel since is not what came back.
    if channels.indices.contains(notice.channelIndex), channels[notice.channelIndex] != Channel.mail {
      return AnswerVerdict(.ignored)
    }
    let hasFurther = notice.channelIndex + 1 < channels.count
    if notice.isAlarm {
      return AnswerVerdict(.notTold, fates: [notice.number: hasFurther ? .nextChannel : .failed(why: why)])
    }
    var verdict = AnswerVerdict(.notTold)
    for entry in notice.entries where entry.isDelivered {
      // Two notices about one callback may have gone together: the second sees what the first did.
      let known = verdict.transitions.firstIndex { $0.callback.id == entry.callback.id }
      let callback = known.map { verdict.transitions[$0].callback } ?? entry.callback
      var transition = Transition(callback)
      transition.append(
        Event(at: now, .notTold, person: notice.person, step: entry.notice.step, notice: entry.number, text: why))
      let isNeeded = callback.isOpen && !hasActed(notice.person, on: callback, since: entry.createdAt)
      verdict.fates[entry.number] = isNeeded && hasFurther ? .nextChannel : .failed(why: why)
      if isNeeded, !hasFurther, !entry.othersMayKnow {
        fallThrough(from: entry.notice, in: &transition, at: now, passingOver: notice.person)
      }
      if transition.callback.isOpen { transition.callback.wakeAt = nextClock(of: transition.callback)?.1 }
      if let known { verdict.transitions[known].append(transition) } else { verdict.transitions.append(transition) }
    }
    return verdict.transitions.isEmpty ? AnswerVerdict(.ignored) : verdict
  }

  /// Whoever took it after the notice was made has heard of it.
  private func hasActed(_ person: String, on callback: Callback, since: Date) -> Bool {
    callback.owner == person && callback.ownerSince.map { $0 >= since } ?? false
  }
}

extension AnswerMail {
  /// Whether it has one sender, whose address is this person's. Mail programs write addresses in any case.
  func isFrom(_ person: Person) -> Bool {
    guard let email = person.email, let sender = senders.first, Set(senders.map { $0.lowercased() }).count == 1
    else { return false }
    return sender.lowercased() == email.lowercased()
  }

  /// ` but from x@example.org`, for the history; nothing where there is no one sender.
  fileprivate var named: String {
    guard senders.count == 1, let sender = senders.first, sender.utf8.count <= 254,
      sender.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { return ", but has not one sender" }
    return ", but from \(sender)"
  }
}

extension AnsweredNotice {
  /// The first of each callback.
  var eachCallback: [Entry] {
    var seen: Set<Int64> = []
    return entries.filter { seen.insert($0.callback.id).inserted }
  }
}

extension Transition {
  /// Goes on by another one of the same callback.
  mutating func append(_ next: Transition) {
    callback = next.callback
    for event in next.events { append(event) }
    for notice in next.notices { notify(notice) }
  }

  /// Has a person told what became of an answer.
  mutating func answer(_ person: String, _ reason: Notice.Reason, text: String? = nil, at now: Date) {
    append(Event(at: now, .announced, person: person))
    notify(Notice(person: person, reason: reason, text: text))
  }
}

extension Zone {
  fileprivate func startOfDay(at moment: Date) -> Date {
    let time = civilTime(at: moment)
    guard let day = CivilTime(year: time.year, month: time.month, day: time.day) else { return moment }
    return self.moment(of: day)
  }
}
