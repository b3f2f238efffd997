import Foundation

/// What a person wrote into a reply, without what the mail program put around it: quoted text, the line that introduces it,
/// signatures, banners.
///
/// Mail programs quote in many ways, and none of them says so in a form that all have. Whatever might be quoted is cut: an answer
/// that is cut by mistake is told to the person, but a quoted word that is taken for an answer is not.
public struct ReplyText: Sendable, Equatable {
  /// The lines, trimmed; blank ones between them are kept, at most one at a time.
  public private(set) var lines: [String] = []

  private static let mostLines = 2000
  private static let mostLineBytes = 4000
  /// Programs break lines at 70 columns or more: behind a quoted one that is nearly as long stands its rest.
  private static let longQuoteColumns = 55

  /// - Parameter text: lines that are quoted begin with `>`.
  public init(_ text: String) {
    let all = text.split(maxSplits: Self.mostLines, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .prefix(Self.mostLines).map { Self.cleaned($0) }
    var index = 0
    var isRestOfQuote = false
    while index < all.count {
      let line = all[index]
      if line.hasPrefix(">") {
        isRestOfQuote = line.count >= Self.longQuoteColumns
        index += 1
        continue
      }
      if isRestOfQuote, !line.isEmpty {
        index += 1
        continue
      }
      isRestOfQuote = false
      if Self.endsReply(all[index...]) { break }
      if let count = Self.introduction(all[index...]) {
        index += count
        // Where the quoted text has no marks, it goes on to the end.
        guard all[index...].first(where: { !$0.isEmpty })?.hasPrefix(">") ?? false else { break }
        continue
      }
      if !Self.isOfProgram(line) { add(line) }
      index += 1
    }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
  }

  private mutating func add(_ line: String) {
    if line.isEmpty, lines.last?.isEmpty ?? true { return }
    lines.append(line)
  }

  /// One line without what can't be seen.
  private static func cleaned(_ line: Substring) -> String {
    var scalars = String.UnicodeScalarView()
    var count = 0
    for scalar in line.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control where scalar == "\t": scalars.append(" ")
      case .format, .control: continue
      case .spaceSeparator: scalars.append(" ")
      default: scalars.append(scalar)
      }
      count += 1
      if count >= mostLineBytes { break }
    }
    return String(scalars).trimmingCharacters(in: .whitespaces)
  }

  // MARK: - What ends a reply

  private static func endsReply(_ rest: ArraySlice<String>) -> Bool {
    guard let line = rest.first else { return true }
    if line == "--" || line == "—" { return true }
    if isDivider(line) || isHeaderBlock(rest) { return true }
    let lower = line.lowercased()
    return notices.contains { lower.hasPrefix($0) }
  }

  /// What law firms' and hospitals' mail systems put below each mail.
  private static let notices = [
    "confidentiality notice", "confidential notice", "disclaimer:", "privacy notice:", "this e-mail and any",
    "this email and any", "this message and any", "this e-mail is confidential", "this email is confidential",
    "this message is confidential", "this e-mail message", "this email message", "this message is intended",
    "the information contained in this", "the information in this", "important: this e",
  ]

  /// `-----Original Message-----`, `________________________________`, `---------- Forwarded message ---------`.
  private static func isDivider(_ line: String) -> Bool {
    let marks = line.prefix { $0 == "-" || $0 == "_" || $0 == "*" || $0 == "=" || $0 == " " }
    let drawn = marks.count { $0 != " " }
    if marks.count == line.count { return drawn >= 8 }
    let lower = line.lowercased()
    if forwarded.contains(where: { lower.hasPrefix($0) }) { return true }
    guard drawn >= 2 else { return false }
    return originals.contains { lower.contains($0) }
  }

  private static let originals = [
    "original message", "original appointment", "original-nachricht", "ursprüngliche nachricht",
    "originalnachricht", "message d'origine", "message d’origine", "message original", "mensaje original",
    "messaggio originale", "oorspronkelijk bericht", "mensagem original", "ursprungligt meddelande",
    "forwarded message", "weitergeleitete nachricht", "message transféré", "mensaje reenviado", "reply message",
  ]
  private static let forwarded = [
    "begin forwarded message:", "anfang der weitergeleiteten nachricht", "début du message réexpédié",
    "début du message transféré", "inicio del mensaje reenviado",
  ]

  /// The header of the mail that is quoted, as Outlook and others write it: two or more of its fields, the sender first.
  private static func isHeaderBlock(_ rest: ArraySlice<String>) -> Bool {
    guard let first = rest.first.flatMap(field), senders.contains(first) else { return false }
    let following = rest.dropFirst().prefix(8).filter { !$0.isEmpty }.prefix(4)
    return following.contains { field($0).map(others.contains) ?? false }
  }

  private static let senders: Set<String> = ["from", "von", "de", "da", "van", "från", "fra", "od"]
  private static let others: Set<String> = [
    "sent", "date", "to", "subject", "gesendet", "datum", "an", "betreff", "envoyé", "à", "objet", "enviado", "fecha",
    "para", "asunto", "inviato", "data", "a", "oggetto", "verzonden", "aan", "onderwerp", "skickat", "till", "ämne",
    "sendt", "til", "emne", "wysłano", "do", "temat", "envoyé le", "enviado el", "gesendet am",
  ]

  /// `*From:* Riverside` is a line of the field `from`.
  private static func field(_ line: String) -> String? {
    guard let colon = line.firstIndex(of: ":"), line.distance(from: line.startIndex, to: colon) <= 16 else {
      return nil
    }
    return line[..<colon].filter { $0 != "*" && $0 != "\u{A0}" }.trimmingCharacters(in: .whitespaces).lowercased()
  }

  // MARK: - What introduces quoted text

  /// How many lines introduce what is quoted below them: `On Mon, 23 Nov 2026, Riverside <…> wrote:`, which may be broken; nil
  /// where none do.
  private static func introduction(_ rest: ArraySlice<String>) -> Int? {
    guard let first = rest.first, !first.isEmpty else { return nil }
    // What stands above such a line is not part of it, though no blank line be between: `On it`.
    let mayBeBroken = first.contains(where: \.isNumber) || first.contains("@")
    var joined = ""
    for (count, line) in rest.prefix(mayBeBroken ? 4 : 1).enumerated() {
      guard !line.isEmpty, !line.hasPrefix(">"), joined.utf8.count + line.utf8.count <= 600 else { break }
      joined += (count == 0 ? "" : " ") + line
      if isIntroduction(joined, isOneLine: count == 0) { return count + 1 }
      // In whatever language: a moment or an address, a colon, and then what is quoted.
      let next = rest.dropFirst(count + 1).first { !$0.isEmpty }
      if line.hasSuffix(":"), next?.hasPrefix(">") ?? false, joined.contains("@") || hasMoment(joined) {
        return count + 1
      }
    }
    return nil
  }

  private static func isIntroduction(_ text: String, isOneLine: Bool) -> Bool {
    guard text.count >= 12 else { return false }
    let lower = text.lowercased()
    let opens = openers.contains(where: lower.hasPrefix)
    guard opens || isOneLine else { return false }
    // Without an address or a number it is somebody's own sentence: "On my way, as Chen wrote:".
    guard lower.contains("@") || lower.contains(where: \.isNumber) else { return false }
    let body = lower.hasSuffix(":") ? lower.dropLast().trimmingCharacters(in: .whitespaces) : lower
    let endsSo = verbs.contains { body.hasSuffix($0) }
    if endsSo, opens || lower.hasSuffix(":") { return true }
    // `Am 23.11.26 um 14:05 schrieb Riverside:`, `Le 23/11/2026 à 14:05, Riverside a écrit :`
    return lower.hasSuffix(":") && verbs.contains { lower.contains(" " + $0 + " ") }
  }

  private static let openers = [
    "on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "dne ", "w dniu ", "mon", "tue", "wed", "thu", "fri",
    "sat",
    "sun", "at ", "vào ",
  ]
  private static let verbs = [
    "wrote", "writes", "schrieb", "schrieb am", "geschrieben", "a écrit", "écrivait", "escribió", "ha scritto",
    "scriveva", "schreef", "het volgende geschreven", "escreveu", "skrev", "napsal", "napisał", "napisała", "kirjoitti",
  ]

  private static func hasMoment(_ text: String) -> Bool { text.count(where: \.isNumber) >= 4 }

  // MARK: - What programs add

  /// A line that is nobody's words: `Sent from my iPhone`, a banner of the mail system.
  private static func isOfProgram(_ line: String) -> Bool {
    let lower = line.lowercased()
    return programs.contains { lower.hasPrefix($0) }
      || (lower.hasPrefix("caution:") || lower.hasPrefix("warning:") || lower.hasPrefix("achtung:"))
        && (lower.contains("extern") || lower.contains("originated"))
      || sentWith.contains { lower.contains($0) }
  }

  private static let programs = [
    "sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo", "sent from proton",
    "sent from samsung",
    "sent from gmail", "sent from mobile", "sent via ", "sent with ", "sent using ", "get outlook for ",
    "get bluemail for ", "von meinem ", "gesendet von ", "gesendet mit ", "gesendet aus ", "outlook für ",
    "holen sie sich outlook", "envoyé de mon ", "envoyé depuis ", "envoyé à partir de ", "obtenez outlook",
    "télécharger outlook", "enviado desde mi ", "enviado desde ", "obtener outlook", "inviato da ", "scarica outlook",
    "verzonden vanaf ", "verstuurd vanaf ", "download outlook", "enviado do meu ", "skickat från ", "[external",
    "external email",
    "*external", "[extern",
  ]
  private static let sentWith = [
    "with k-9 mail", "mit k-9 mail", "avec k-9 mail", "con k-9 mail", "please excuse my brevity", "aka.ms/ghei36",
    "aka.ms/o0ukef", "aka.ms/aab9ysg",
  ]
}
