/// How a person answers a notice.
struct Answers {
  /// `Reply with one of these`, `Answer on front-desk`.
  var how: String
  /// What can be said, and what it means where that is not plain.
  var words: [(say: String, means: String?)]
  /// What only a command does, where the rest is said by a reply.
  var elsewhere: String?

  /// All of it on one line.
  var line: String {
    let said = words.map { word in word.means.map { "\(word.say) (\($0))" } ?? word.say }
    return "\(how): \(said.joined(separator: ", "))" + (elsewhere.map { "; \($0)" } ?? "")
  }

  func fill(_ fields: inout Fields) {
    fields.set("answer", line: line)
    fields.set("answer_how", line: how)
    fields.set(
      "answers",
      words.map { word in
        var fields = Fields()
        fields.set("say", line: word.say)
        fields.set("words", Self.apart(word.say))
        fields.set("means", line: word.means)
        return fields
      })
    fields.set("answer_else", line: elsewhere)
  }

  /// Word by word, for a page: browsers break lines behind the hyphens of an option.
  private static func apart(_ say: String) -> [Fields] {
    say.split(separator: " ").map { word in
      var fields = Fields()
      fields.set("word", line: String(word))
      return fields
    }
  }
}

extension NoticeText {
  var answers: Answers {
    guard callback.isOpen else {
      return Answers(how: "To see it", words: [("\(show)\(Self.on(host))", nil)])
    }
    return byReply ? replies : commands
  }

  private var commands: Answers {
    var words: [(say: String, means: String?)] = []
    if reason == .amended { words.append((show, "what it says now")) }
    if !isMine { words.append(("callbackctl ack \(number)\(callback.owner == nil ? "" : " --take")", "I have it")) }
    words.append(("callbackctl done \(number)", "reached"))
    if reason == .withdrawn {
      words.append((close, "no call wanted"))
    } else if isMine {
      words.append(("callbackctl attempt \(number) no-answer", nil))
    }
    return Answers(how: "Answer\(Self.on(host))", words: words)
  }

  private var replies: Answers {
    var words: [(say: String, means: String?)] = []
    if callback.owner == nil { words.append(("ok", "I have it")) }
    words.append(("done", "reached"))
    if callback.kind == .message { words += [("no answer", nil), ("voicemail", nil), ("busy", nil)] }
    // Only its owner may put it off, and no longer than the policy allows.
    if isMine, let most = snoozeMinutes { words.append(("snooze \(most)m", nil)) }
    words.append(("pass to NAME", nil))
    var elsewhere: [String] = []
    if reason == .amended { elsewhere.append("\(show) (what it says now)") }
    if callback.owner != nil, !isMine { elsewhere.append("callbackctl ack \(number) --take (I have it)") }
    if reason == .withdrawn { elsewhere.append("\(close) (no call wanted)") }
    return Answers(
      how: "Reply with one of these", words: words,
      elsewhere: elsewhere.isEmpty ? nil : "or\(Self.on(host)): \(elsewhere.joined(separator: ", "))")
  }

  var show: String { "callbackctl show \(number)" }

  private var close: String { "callbackctl close \(number) --reason \"withdrawn\"" }

  /// Twenty, or as many as the policy allows; nil for none.
  private var snoozeMinutes: Int? {
    let most = office.policy(for: callback.urgency, account: callback.message.account).snoozeAtMost.seconds / 60
    return most > 0 ? min(most, 20) : nil
  }
}
