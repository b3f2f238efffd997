/// One message taken apart: its fields and its free text, not yet what they mean.
struct SplitMessage {
  var fields: [MessageField]
  var freeText: String?
  /// What is wrong with it as a whole, the worst first.
  var problems: [String]
  /// All of it, for a person to read where no field could be.
  var text: String
  /// The bytes that it was read from; nil: the whole file.
  var original: [UInt8]?
}
