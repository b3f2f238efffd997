import Foundation

/// Which callbacks a report is about: those whose call was taken in a span of time.
public struct ReportQuery: Sendable, Equatable {
  /// The first moment of the span.
  public var since: Date
  /// The first moment after it.
  public var until: Date
  public var grouping: Grouping?
  /// Only those of these accounts, and those whose account is not known; nil: those of every account.
  public var accounts: Set<String>?

  /// What figures are given for each of.
  public enum Grouping: String, Codable, Sendable, CaseIterable {
    case account
    /// Who has the callback or had it last; where nobody ever did, who owes it: a person, team or rotation.
    case person
    case urgency
    /// The hour of the day, by the site's clock, in which the call was taken.
    case hour
  }

  /// The longest span.
  public static let mostDays = 3660

  public init(since: Date, until: Date, grouping: Grouping? = nil, accounts: Set<String>? = nil) {
    self.since = since
    self.until = until
    self.grouping = grouping
    self.accounts = accounts
  }

  func isAbout(account: String?) -> Bool {
    guard let accounts, let account else { return true }
    return accounts.contains(account)
  }

  /// Whether it is a span, and none longer than a report may be of.
  public var isValid: Bool {
    let seconds = until.timeIntervalSince(since)
    return seconds > 0 && seconds <= Double(Self.mostDays) * 86_400
  }
}
