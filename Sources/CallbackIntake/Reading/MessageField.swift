/// One `Name: value` of a message file.
public struct MessageField: Sendable, Equatable {
  /// Counts from 1.
  public var line: Int
  /// As written.
  public var name: String
  /// What it means; nil for a name that is not known.
  public var meaning: FieldName?
  /// Without white space at its ends; empty where a form was left blank.
  public var value: String

  public init(line: Int, name: String, meaning: FieldName?, value: String) {
    self.line = line
    self.name = name
    self.meaning = meaning
    self.value = value
  }
}

/// What a field means. The raw value is the name that documents and reports use.
public enum FieldName: String, Sendable, CaseIterable {
  case to = "To"
  case account = "Account"
  case callback = "Callback"
  case caller = "Caller"
  case relationship = "Relationship"
  case patient = "Patient"
  case dateOfBirth = "DOB"
  case urgency = "Urgency"
  case taken = "Taken"
  /// Stands beside a Taken that is a bare date.
  case time = "Time"
  case promised = "Promised"
  case reachableUntil = "Reachable-Until"
  case voicemail = "Voicemail-OK"
  case language = "Language"
  case operatorName = "Operator"
  case ref = "Ref"
  case regarding = "Regarding"
  case body = "Body"
  case status = "Status"

  /// What services write instead, beside other case and marks (`Call-Back`).
  var aliases: [String] {
    switch self {
    case .to: ["For", "Doctor", "Provider", "Dr", "Recipient"]
    case .account: ["Acct", "Client", "Practice", "Office"]
    case .callback: ["Phone", "Tel", "Callback Number", "PH"]
    case .caller: ["From", "Name", "Caller Name"]
    case .relationship: ["Relation"]
    case .patient: ["Patient Name", "PT"]
    case .dateOfBirth: ["Date of Birth", "Birth Date"]
    case .urgency: ["Priority", "Urgent", "Stat"]
    case .taken: ["Date", "Date/Time", "Time Taken", "Received"]
    case .time: []
    case .promised: ["Promised By", "Callback By"]
    case .reachableUntil: ["Until", "Available Until"]
    case .voicemail: ["VM OK", "Leave Message"]
    case .language: ["Lang"]
    case .operatorName: ["Agent", "Op", "Taken By"]
    case .ref: ["Msg ID", "Msg No", "Message No", "Ticket"]
    case .regarding: ["Re", "Subject", "Reason"]
    case .body: ["Message", "Notes", "Text"]
    case .status: []
    }
  }

  /// The meaning of a name as somebody wrote it, or nil.
  static func meaning(of name: ArraySlice<UInt8>) -> FieldName? {
    name.count <= longestName ? byKey[key(of: name)] : nil
  }

  /// A name or word without its case and the marks ` -_#./`, by which names are compared.
  static func key(of name: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: name.count) { buffer in
      var count = 0
      for byte in name where !isIgnored(byte) {
        buffer[count] = ASCII.lowercased(byte)
        count += 1
      }
      return count
    }
  }

  /// Room for `Available Until` with a mark around each word.
  static let longestName = 40

  private static func isIgnored(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "#"),
      UInt8(ascii: "."), UInt8(ascii: "/"):
      true
    default: false
    }
  }

  private static let byKey: [String: FieldName] = {
    let named = allCases.flatMap { field in ([field.rawValue] + field.aliases).map { (key(of: $0.utf8), field) } }
    return Dictionary(uniqueKeysWithValues: named)
  }()
}
