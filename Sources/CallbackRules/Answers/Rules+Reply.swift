import Foundation

/// An answer of whom it is known, on its way through its commands.
struct AnswerInHand {
  let reply: Reply
  let notice: AnsweredNotice
  /// Of so many more refusals the person is told.
  var mostTold: Int
  /// By callback.
  var transitions: [Int64: Transition] = [:]
  /// The callbacks that it is about, in the order in which it touched them.
  var order: [Int64] = []
  var isAnyDone = false
  var isAnyRefused = false

  var verdict: AnswerVerdict {
    AnswerVerdict(
      isAnyDone ? .done : isAnyRefused ? .refused : .noted, transitions: order.compactMap { transitions[$0] })
  }

  func callback(_ entry: AnsweredNotice.Entry) -> Callback {
    transitions[entry.callback.id]?.callback ?? entry.callback
  }

  mutating func add(_ transition: Transition) {
    let id = transition.callback.id
    if transitions[id] == nil { order.append(id) }
    transitions[id, default: Transition(transition.callback)].append(transition)
  }
}

/// What a person wrote is carried out, or kept as a note.
extension Rules {
  func take(_ answer: inout AnswerInHand, at now: Date) {
    let reply = answer.reply
    let entries = answer.notice.eachCallback
    guard !reply.commands.isEmpty else { return takeNote(in: &answer, at: now) }
    var noted: Set<Int64> = []
    for line in reply.commands {
      guard let meant = meant(by: line, among: entries) else {
        refuseNumbers(of: line, in: &answer, at: now)
        continue
      }
      for entry in meant {
        // What else was written is a note on each callback, once.
        let isFirst = noted.insert(entry.callback.id).inserted
        carryOut(line.command, note: isFirst ? reply.note : nil, on: entry, in: &answer, at: now)
      }
    }
  }

  /// The callbacks that a line is about; nil where it names one that the mail was not about, or none and could mean several.
  private func meant(by line: AnswerLine, among entries: [AnsweredNotice.Entry]) -> [AnsweredNotice.Entry]? {
    guard !line.numbers.isEmpty else { return entries.count == 1 ? entries : nil }
    let found = line.numbers.map { number in entries.first { $0.callback.id == number } }
    let known = found.compactMap(\.self)
    return known.count == found.count ? known : nil
  }

  private func refuseNumbers(of line: AnswerLine, in answer: inout AnswerInHand, at now: Date) {
    guard let first = answer.notice.entries.first else { return }
    let count = answer.notice.eachCallback.count
    let why =
      line.numbers.isEmpty
      ? "It names none of the \(count) callbacks that the mail was about."
      : "It names a callback that the mail was not about."
    let words =
      count == 1
      ? "The mail that you answered was about callback \(first.callback.id) alone. Answer the mail about the other one."
      : "The mail that you answered was about \(count) callbacks. Put the number of one of them before each command: \(first.callback.id) ok"
    refuse(first, why: why, words: words, in: &answer, at: now)
  }

  private func refuse(
    _ entry: AnsweredNotice.Entry, why: String, words: String, in answer: inout AnswerInHand, at now: Date
  ) {
    answer.isAnyRefused = true
    let mayTell = answer.mostTold > 0 && entry.refusals < Self.mostRefusalsTold
    if mayTell { answer.mostTold -= 1 }
    let transition = refusal(
      entry, on: answer.callback(entry), why: why, of: answer.reply, tells: mayTell ? words : nil, at: now)
    answer.add(transition)
  }

  // MARK: - Commands

  private func carryOut(
    _ wanted: AnswerCommand, note: String?, on entry: AnsweredNotice.Entry, in answer: inout AnswerInHand, at now: Date
  ) {
    let callback = answer.callback(entry)
    let person = answer.notice.person
    guard callback.isOpen, !entry.isExpired else { return refuseLate(entry, callback, in: &answer, at: now) }
    guard let command = command(for: wanted) else {
      return refuse(
        entry, why: "It names nobody here, or not only one.", words: Self.unknownName, in: &answer, at: now)
    }
    var transition = Transition(
      callback,
      events: [
        Event(
          at: now, actor: .person(person, login: nil), .answered, notice: entry.number, text: answer.reply.written)
      ])
    do throws(Refusal) {
      transition.append(try apply(command, by: person, note: note, to: callback, at: now))
    } catch {
      let sentence = error.sentenceForMail(zone: office.zone(ofAccount: callback.message.account))
      return refuse(entry, why: sentence, words: sentence, in: &answer, at: now)
    }
    if !transition.callback.isOpen { tellOfClosing(by: person, in: &transition, at: now) }
    answer.isAnyDone = true
    answer.add(transition)
  }

  /// Nil for a name that nobody has.
  private func command(for wanted: AnswerCommand) -> Command? {
    switch wanted {
    case .acknowledge(let take): .acknowledge(take: take)
    case .done: .done
    case .attempt(let outcome): .attempt(outcome)
    case .snooze(let span): .snooze(span)
    case .pass(let name): office.id(named: name).map { .assign(to: $0) }
    case .note(let text): .note(text)
    }
  }

  private func refuseLate(
    _ entry: AnsweredNotice.Entry, _ callback: Callback, in answer: inout AnswerInHand, at now: Date
  ) {
    let number = callback.id
    let zone = office.zone(ofAccount: callback.message.account)
    let sentence =
      callback.closedAt.map { "Callback \(number) was closed \(zone.shown($0)), before your answer came." }
      ?? "Callback \(number) was closed and opened again after that mail. Answer the latest one about it."
    refuse(entry, why: sentence, words: sentence, in: &answer, at: now)
  }

  /// A mail's sender can be forged: whoever answers for the account hears of it.
  private func tellOfClosing(by person: String, in transition: inout Transition, at now: Date) {
    let account = transition.callback.message.account.flatMap { office.accounts[$0] }
    var told = office.people(for: account?.recipient ?? office.fallback, at: now)
    if told.isEmpty { told = office.people(for: office.fallback, at: now) }
    let text = "\(office.displayName(of: person)) closed callback \(transition.callback.id) by mail."
    for other in told { transition.answer(other.id, .closedByMail, text: text, at: now) }
  }

  // MARK: - Notes

  /// What is no command stands in the history, and whoever wrote it is told how to answer, once for each callback.
  private func takeNote(in answer: inout AnswerInHand, at now: Date) {
    let person = answer.notice.person
    let actor = Event.Actor.person(person, login: nil)
    let entries = answer.notice.eachCallback
    let isForAll = entries.count <= Self.mostEntries
    var mayTell = true
    for entry in isForAll ? entries[...] : entries.prefix(1) {
      let callback = entry.callback
      guard callback.isOpen, !entry.isExpired else {
        refuseLate(entry, callback, in: &answer, at: now)
        continue
      }
      var transition = Transition(callback, events: [Event(at: now, actor: actor, .answered, notice: entry.number)])
      transition.append(
        Event(at: now, actor: actor, .note, notice: entry.number, text: answer.reply.note ?? "(a mail without text)"))
      if mayTell, answer.mostTold > 0, !entry.isTaught {
        transition.answer(person, .answerUnclear, text: howToAnswer(entries), at: now)
        mayTell = false
      }
      answer.add(transition)
    }
  }

  private func howToAnswer(_ entries: [AnsweredNotice.Entry]) -> String {
    let number = entries.first.map { "\($0.callback.id) " } ?? ""
    let before = entries.count > 1 ? ", with the callback's number before it: \(number)ok" : ""
    return """
      The first line of an answer is one of these and nothing else\(before): ok, done, no answer, voicemail, busy, \
      snooze 20m, pass to NAME. Further lines are kept as a note.
      """
  }

  private static let unknownName = "Nobody here has the name that you gave, or not only one. Nothing was passed on."
}

extension Refusal {
  /// What a person reads whose answer by mail was refused.
  func sentenceForMail(zone: Zone) -> String {
    switch self {
    case .ownedByAnother(let name, let since):
      "\(name) has it since \(zone.shown(since)). Answer “take over” to have it instead."
    case .alreadyClosed(let moment): "It was closed \(zone.shown(moment)), before your answer came."
    case .needsOwner(let owner):
      owner.map { "Only \($0), who has it, can snooze it." } ?? "Nobody has it. Answer “ok” before you snooze it."
    case .snoozeTooLong(let span):
      span.map { "It can be snoozed for at most \($0) from now." }
        ?? "It can't be snoozed any longer: ring, or pass it to somebody who can."
    case .nobodyThere(let name): "\(name) can't be told now: nobody there is on, active and has an address."
    case .notClosed: "It is open already."
    case .purged(let moment): "It was closed long ago, and what it said was deleted \(zone.shown(moment))."
    case .emptyText(let what): "The \(what) is empty. Say it in a few words."
    case .unknownRecipient: "Nobody here has the name that you gave."
    case .needsPerson: "Only a person of the office can answer."
    }
  }
}

extension Zone {
  /// `14:05 on 2026-11-23`
  fileprivate func shown(_ moment: Date) -> String {
    let time = civilTime(at: moment)
    return "\(time.clockText) on \(time.dateText)"
  }
}
