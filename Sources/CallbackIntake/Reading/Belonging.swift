import CallbackRules

/// Whose message it is.
struct Belonging: Sendable {
  /// An id.
  var service: String?
  var account: Account?
  /// The account that the message names and that is not known.
  var unknownAccount: String?

  /// - Parameter written: what the message names as its account; nil: nothing.
  init(account written: String?, from source: MessageSource, in office: Office) {
    let folder = source.folderService.flatMap { office.services[$0]?.id }
    let named = written.flatMap { office.accounts[$0] ?? office.account(named: $0) }
    account = named ?? Self.onlyAccount(of: written == nil ? folder : nil, in: office)
    service = folder ?? account?.service ?? (office.services.count == 1 ? office.services.keys.first : nil)
    if named == nil { unknownAccount = written }
  }

  /// The only account of this service, or the only one there is.
  private static func onlyAccount(of service: String?, in office: Office) -> Account? {
    if office.accounts.count == 1 { return office.accounts.values.first }
    guard let service else { return nil }
    let served = office.accounts.values.lazy.filter { $0.service == service }.prefix(2)
    return served.count == 1 ? served.first : nil
  }

}
