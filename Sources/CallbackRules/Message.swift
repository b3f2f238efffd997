import Foundation

/// What the answering service took down: one file in the spool, or one row of a batch file.
///
/// All of it is patient data, unless it says otherwise.
public struct Message: Sendable, Equatable {
  /// Why it could not be understood: one sentence with the line and the remedy. Nil for a message that was read whole;
  /// else the other fields hold whatever could be read.
  public var problem: String?

  /// The id of the service that sent it, from its folder in the spool or the account. No patient data.
  public var service: String?
  /// The id of the account it is for. Nil if it names none that is known and there is more than one. No patient data.
  public var account: String?
  /// The account as written, where it named one that is not known.
  public var unknownAccount: String?
  /// Whom it names, as written.
  public var to: String?

  public var caller: String?
  public var relationship: String?
  /// The number to ring. Nil: look it up, or ask the service.
  public var callback: PhoneNumber?
  public var patient: String?
  /// As written.
  public var dateOfBirth: String?
  public var urgency: Urgency
  /// When the call was taken. The promise counts from here.
  public var takenAt: Date
  /// What the caller was told, if anything.
  public var promisedAt: Date?
  /// After which the caller can't be reached.
  public var reachableUntil: Date?
  /// Whether a message may be left.
  public var voicemailAllowed: Bool
  /// The caller's language, as written.
  public var language: String?
  /// Who took the call.
  public var operatorName: String?
  /// The service's own number for it.
  public var ref: String?
  /// The Message-ID, if it came as a mail: only to know it again.
  public var mailID: String?
  public var regarding: String?
  /// The free text.
  public var body: String?
  /// `Status: withdrawn`.
  public var withdrawn: Bool
  /// The Refs that the service says it sent: then it is no message, but such a list. Never stored.
  public var sent: RefList?
  /// Fields with a name that is not known, in their order, as written.
  public var otherFields: [OtherField]
  /// What was odd about it and how it was read nevertheless, a sentence each.
  public var notes: [String]

  public struct OtherField: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(
    takenAt: Date, urgency: Urgency = .routine, problem: String? = nil, service: String? = nil,
    account: String? = nil, to: String? = nil, caller: String? = nil, callback: PhoneNumber? = nil,
    patient: String? = nil, regarding: String? = nil
  ) {
    self.takenAt = takenAt
    self.urgency = urgency
    self.problem = problem
    self.service = service
    self.account = account
    self.to = to
    self.caller = caller
    self.callback = callback
    self.patient = patient
    self.regarding = regarding
    voicemailAllowed = false
    withdrawn = false
    otherFields = []
    notes = []
  }
}
