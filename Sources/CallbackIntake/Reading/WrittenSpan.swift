import CallbackRules

extension TimeSpan {
  /// Reads a span as somebody writes it to say when to expect a call: `30 min`, `1 hr 30 min`, `1.5 hours`, `1 1/2 hr`, `half an hour`;
  /// of `30-60 min` the sooner. Nil if it is none, or longer than ten years.
  init?(written tokens: [TimeToken]) {
    var (days, seconds) = (0.0, 0.0)
    var amount: Double?
    var index = 0
    while index < tokens.count {
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      switch tokens[index] {
      case .number(let number, _) where next == .mark(UInt8(ascii: "/")):
        guard index + 2 < tokens.count, case .number(let divisor, 1) = tokens[index + 2], number < divisor else {
          return nil
        }
        amount = (amount ?? 0) + Double(number) / Double(divisor)
        index += 2
      case .number(let number, _) where amount == nil:
        amount = Double(number)
        if next == .mark(UInt8(ascii: ".")), index + 2 < tokens.count, case .number(let part, 1...2) = tokens[index + 2]
        {
          amount = Double(number) + Double(part) / (part > 9 ? 100 : 10)
          index += 2
        } else if next == .mark(UInt8(ascii: "-")) || next == .word("to"), index + 2 < tokens.count,
          case .number = tokens[index + 2]
        {
          index += 2
        }
      case .word("half") where amount == nil: amount = 0.5
      case .word("a"), .word("an"): amount = amount ?? 1
      case .word("one") where amount == nil: amount = 1
      case .word(let word):
        if let unit = CalendarWords.units[word], let count = amount {
          switch unit {
          case .days(let length): days += count * Double(length)
          case .seconds(let length): seconds += count * Double(length)
          }
          amount = nil
        } else if amount != nil || word != "and" && !CalendarWords.fillers.contains(word) {
          return nil
        }
      case .mark(UInt8(ascii: ".")), .mark(UInt8(ascii: ",")): break
      default: return nil
      }
      index += 1
    }
    guard amount == nil, days * 86_400 + seconds > 0, days * 86_400 + seconds <= 3660 * 86_400 else { return nil }
    let wholeDays = days.rounded(.down)
    self.init(days: Int(wholeDays), seconds: Int(seconds + (days - wholeDays) * 86_400))
  }
}
