/// What a field of a message means, and the names by which services write it.
public enum FieldName: Int, Sendable, CaseIterable {
  case to, account, callback, caller, relationship, patient, dateOfBirth, urgency
  case taken
  /// Stands beside a Taken that is a bare date.
  case time
  case promised, reachableUntil, voicemail, language, operatorName, ref, regarding, body, status
  /// The Refs of messages that were sent: it makes a list of the file.
  case sent

  /// The name that documents and reports use.
  public var name: String { names[0] }

  /// That name, and what services write instead, beside other case and marks (`Call-Back`).
  private var names: [String] {
    switch self {
    case .to: ["To", "For", "Doctor", "Provider", "Dr", "Recipient", "Message For"]
    case .account: ["Account", "Acct", "Client", "Practice", "Office"]
    case .callback: ["Callback", "Phone", "Tel", "Callback Number", "PH", "Phone Number", "Phone No", "Telephone"]
    case .caller: ["Caller", "From", "Name", "Caller Name"]
    case .relationship: ["Relationship", "Relation"]
    case .patient: ["Patient", "Patient Name", "PT"]
    case .dateOfBirth: ["DOB", "Date of Birth", "Birth Date"]
    case .urgency: ["Urgency", "Priority", "Urgent", "Stat"]
    case .taken: ["Taken", "Date", "Date/Time", "Time Taken", "Received"]
    case .time: ["Time"]
    case .promised: ["Promised", "Promised By", "Callback By"]
    case .reachableUntil: ["Reachable-Until", "Until", "Available Until"]
    case .voicemail: ["Voicemail-OK", "VM OK", "Leave Message"]
    case .language: ["Language", "Lang"]
    case .operatorName: ["Operator", "Agent", "Op", "Taken By"]
    case .ref: ["Ref", "Msg ID", "Msg No", "Message No", "Ticket"]
    case .regarding: ["Regarding", "Re", "Subject", "Reason"]
    case .body: ["Body", "Message", "Notes", "Text"]
    case .status: ["Status"]
    case .sent: ["Sent", "Messages Sent", "Refs Sent", "Sent Refs"]
    }
  }

  /// The meaning of a name as somebody wrote it, or nil.
  package static func meaning(of name: ArraySlice<UInt8>) -> FieldName? {
    name.count <= longestName ? byKey[key(of: name)] : nil
  }

  /// A name or word without its case and the marks ` -_#./`, by which names are compared.
  package static func key(of name: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: name.count) { buffer in
      var count = 0
      for byte in name where !isIgnored(byte) {
        buffer[count] = lowercased(byte)
        count += 1
      }
      return count
    }
  }

  /// Room for `Available Until` with a mark around each word.
  package static let longestName = 40

  /// Every name by which a field is known, as documents write it.
  package static var allNames: [String] { allCases.flatMap(\.names) }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  private static func isIgnored(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "#"),
      UInt8(ascii: "."), UInt8(ascii: "/"):
      true
    default: false
    }
  }

  private static let byKey: [String: FieldName] = {
    let named = allCases.flatMap { field in field.names.map { (key(of: $0.utf8), field) } }
    return Dictionary(uniqueKeysWithValues: named)
  }()
}
