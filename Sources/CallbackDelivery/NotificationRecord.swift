import CallbackRules
import Foundation

/// A notice about one callback as a program reads it; what is not known is left out.
struct NotificationRecord: Encodable {
  let notice: Int64
  let callback: Int64
  let kind: String
  let reason: String
  /// What there is to say beside the reason, where there is.
  let text: String?
  let person: String
  let urgency: String
  let account: String?
  let service: String?
  let servicePhone: String?
  let state: String
  let owner: String?
  let attempts: Int
  let dueAt: String
  let createdAt: String
  /// How late the callback was when the notice was made; 0 if it was not.
  let overdueSeconds: Int
  /// With `detail = full` alone.
  let message: Content?

  /// The message, under the names that `callbackctl list --json` uses.
  struct Content: Encodable {
    let recipient: String?
    let caller: String?
    let relationship: String?
    let callback: String?
    let patient: String?
    let dateOfBirth: String?
    let regarding: String?
    let language: String?
    let voicemailOk: Bool
    let reachableUntil: String?
    let takenAt: String
    let promisedAt: String?
    let ref: String?
    let body: String?
    let problem: String?
  }

  /// - Parameter number: the notice's, if not the item's own: that of the whole.
  init(_ item: OutgoingNotice.Item, number: Int64? = nil, office: Office, withMessage: Bool) {
    let callback = item.callback
    let service = Self.service(of: callback, office: office)
    notice = number ?? item.number
    self.callback = callback.id
    kind = callback.kind.rawValue
    reason = item.notice.reason.rawValue
    text = item.notice.text
    person = item.notice.person
    urgency = callback.urgency.name
    account = callback.message.account
    self.service = service?.id ?? callback.message.service
    servicePhone = service?.phone
    state = callback.state.rawValue
    owner = callback.owner
    attempts = callback.attempts
    dueAt = callback.dueAt.timestamp
    createdAt = item.createdAt.timestamp
    overdueSeconds = max(0, LocalTime.seconds(from: callback.dueAt, to: item.createdAt))
    message = withMessage ? Content(callback.message) : nil
  }

  /// The service to ask about a callback: the one that sent it, else the account's.
  static func service(of callback: Callback, office: Office) -> Service? {
    let account = callback.message.account.flatMap { office.accounts[$0] }
    return [callback.message.service, account?.service].lazy.compactMap { $0.flatMap { office.services[$0] } }.first
  }
}

extension NotificationRecord.Content {
  init(_ message: Message) {
    // Displays and shells show these: nothing in them may act on a terminal.
    func line(_ text: String?) -> String? { text.map { VisibleText($0).line } }
    recipient = line(message.to)
    caller = line(message.caller)
    relationship = line(message.relationship)
    callback = line(message.callback?.written)
    patient = line(message.patient)
    dateOfBirth = line(message.dateOfBirth)
    regarding = line(message.regarding)
    language = line(message.language)
    voicemailOk = message.voicemailAllowed
    reachableUntil = message.reachableUntil?.timestamp
    takenAt = message.takenAt.timestamp
    promisedAt = message.promisedAt?.timestamp
    ref = line(message.ref)
    body = message.body.map { VisibleText($0).lines }
    problem = line(message.problem)
  }
}
