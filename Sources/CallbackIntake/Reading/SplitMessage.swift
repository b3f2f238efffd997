import CallbackRules

/// One message taken apart: its fields and its free text, not yet what they mean.
struct SplitMessage {
  var fields: [MessageField]
  var freeText: String?
  /// The lines of the file that the lines of the free text are; nil where the format has none.
  var freeTextLines: LineNumbers?
  /// What is wrong with it as a whole, the worst first.
  var problems: [String]
  /// Which pattern took too long; the worst of all, since it may be the reason why nothing was found.
  var patternProblem: String?
  /// All of it, for a person to read where no field could be.
  var text: String
  /// The bytes that it was read from; nil: the whole file.
  var original: [UInt8]?

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

/// Which lines of a file those of a text are: some that are counted out, then one after the other.
struct LineNumbers {
  var first: [Int] = []
  /// The number of the line after the `first`.
  var next: Int?

  /// The number of the line at this index.
  func number(at index: Int) -> Int? {
    index < first.count ? first[index] : next.map { $0 + index - first.count }
  }
}
