import CallbackRules

/// One message taken apart: its fields and its free text, not yet what they mean.
struct SplitMessage {
  var fields: [MessageField]
  var freeText: String?
  /// The lines of the file that the lines of the free text are; nil where the format has none.
  var freeTextLines: FreeTextLines?
  /// What is wrong with it as a whole, the worst first.
  var problems: [String]
  /// Which pattern took too long; the worst of all, since it may be the reason why nothing was found.
  var patternProblem: String?
  /// All of it, as UTF-8: for a person to read where no field could be.
  var written: ArraySlice<UInt8>
  /// The bytes that it was read from; nil: the whole file.
  var original: [UInt8]?
  var form: Form = .file

  /// What of a file makes one message.
  enum Form: Equatable {
    /// All of a plain text.
    case file
    /// A row of a table, which begins at this line.
    case row(line: Int)
    /// A JSON object, which begins at this line.
    case object(line: Int)
  }

  /// What it names as its account.
  var account: String? {
    fields.first { $0.meaning == .account && !$0.value.isEmpty }?.value.prefix(utf8: GatheredFields.maximumValueBytes)
  }

  /// The same, with what the names mean by another layout.
  func renamed(by layout: MessageLayout) -> SplitMessage {
    var split = self
    split.fields = layout.renamed(fields)
    return split
  }
}

extension SplitMessage.Form {
  /// How to tell messages apart, for a sentence.
  var separately: String {
    switch self {
    case .file: "send each message as a file of its own"
    case .row: "write each message as a row of its own"
    case .object: "write each message as an object of its own"
    }
  }

  /// Why a message with no known field is none, and what to mend.
  func nothingKnown(hasPatterns: Bool) -> String {
    switch self {
    case .file:
      "line 1: no line is a field that is known\(hasPatterns ? ", and none of the profile's patterns fits" : ""); "
        + "write one on each line, as Name: value, at least Caller and Callback"
    case .row: nothingSaid
    case .object(let line):
      "object at line \(line): none of its names is known; write at least \"caller\" and \"callback\""
    }
  }

  /// Why a message that names nobody and nothing is none, and what to mend.
  var nothingSaid: String {
    let remedy = "says neither who called nor about what; write at least Caller and Callback"
    return switch self {
    case .file: "The file \(remedy)"
    case .row(let line): "row at line \(line): it \(remedy)"
    case .object(let line): "object at line \(line): it \(remedy)"
    }
  }
}

/// Which lines of a file those of a free text are: some that are counted out, then one after the other.
struct FreeTextLines {
  var first: [Int] = []
  /// The number of the line after the `first`.
  var next: Int?

  /// The number of the line at this index.
  func number(at index: Int) -> Int? {
    index < first.count ? first[index] : next.map { $0 + index - first.count }
  }
}
