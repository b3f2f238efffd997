import CallbackIntake
import CallbackRules
import Foundation
import GRDB

/// A service's list, compared with what is here.
extension Database {
  /// Stores a callback for each Ref of the list that is not known and that no open callback asks for.
  func compare(
    _ list: RefList, of message: Message, with book: RefBook, at now: Date, rule: (MissingRefs) -> Transition
  ) throws -> ListAnswer {
    let owner = RefOwner(service: message.service, account: message.account)
    var answer = ListAnswer(count: list.refs.count)
    var rest: [String] = []
    func ask(_ refs: [String]) throws -> Int64 {
      let missing = MissingRefs(
        service: message.service, account: message.account, ranges: RefRange.ranges(of: refs), cause: .list)
      answer.made.append(try book.ask(rule(missing), for: missing))
      return answer.made[answer.made.count - 1]
    }
    // In the order of their numbers, so that none seems to skip others of the list.
    for ref in list.refs.sorted(by: { RefRange.comesBefore(RefRange($0), RefRange($1)) }) {
      try book.expect(ref, of: owner)
      guard try isMissing(ref, of: message, at: now) else { continue }
      if let known = try book.openCallback(asking: ref, of: owner) {
        answer.missing.append(ListAnswer.Missing(ref: ref, callback: known))
      } else if answer.made.count < RefList.mostCallbacks {
        answer.missing.append(ListAnswer.Missing(ref: ref, callback: try ask([ref])))
      } else {
        rest.append(ref)
      }
    }
    if !rest.isEmpty {
      answer.missing.append(ListAnswer.Missing(ref: nil, count: rest.count, callback: try ask(rest)))
    }
    return answer
  }

  /// Whoever writes a list by hand is not held to capitals and leading zeros.
  private func isMissing(_ ref: String, of message: Message, at now: Date) throws -> Bool {
    try sameRef(message, spelled: [ref], at: now).isEmpty
      && sameRef(message, spelled: Array(RefNumber.spellings(of: ref).dropFirst()), at: now).isEmpty
  }
}
