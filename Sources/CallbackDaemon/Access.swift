import CallbackControl
import CallbackRules
import Foundation

/// Who may do what over the control socket, by the kernel's word on who the peer is.
///
/// Root and the daemon's own user may do everything, `callback-staff` may see and work callbacks, those of an account with a
/// `group` only with that group, `callback-drop` may ask for receipts. Everybody may ask for the status and the metrics, but gets
/// counts only.
struct Access {
  private let peer: Peer
  private let office: Office

  init(_ peer: Peer, office: Office) {
    self.peer = peer
    self.office = office
  }

  func check(_ call: ControlCall) throws(ControlFailure) {
    switch call {
    case .status, .metrics: return
    case .receipt:
      guard !mayWork, !peer.mayDrop else { return }
      throw .notAllowed(
        "You may not ask for receipts: ask an administrator to add you to the group \(Peer.dropGroup), then log in again."
      )
    case .purge:
      guard !mayDoAll else { return }
      throw .notAllowed("Only root and the daemon's user may purge: what is deleted is gone.")
    case .list, .watch, .show, .act, .onCall, .names, .verify, .export, .report, .mailReport: break
    }
    guard mayWork else {
      throw .notAllowed(
        "You may not see or work callbacks: ask an administrator to add you to the group \(Peer.staffGroup), then log in again."
      )
    }
  }

  private var mayDoAll: Bool { peer.uid == 0 || peer.uid == geteuid() }

  private var mayWork: Bool { mayDoAll || peer.isStaff }

  // MARK: - Accounts

  /// The ids of the accounts whose callbacks the peer may see; nil: every account's, also of those that are no longer there.
  ///
  /// What is of no account that is known is for all staff: it must not be for nobody.
  var visibleAccounts: [String]? {
    guard !mayDoAll, office.accounts.values.contains(where: { $0.group != nil }) else { return nil }
    return office.accounts.values.filter { mayRead($0) }.map(\.id).sorted()
  }

  /// Whether the peer may see and work this callback.
  func maySee(_ callback: Callback) -> Bool {
    guard let id = callback.message.account, let visible = visibleAccounts else { return true }
    return visible.contains(id)
  }

  func check(_ callback: Callback) throws(ControlFailure) {
    guard let id = callback.message.account, !maySee(callback) else { return }
    throw refusal(of: id, "callback \(callback.id)")
  }

  func check(account: Account) throws(ControlFailure) {
    guard !mayDoAll, !mayRead(account) else { return }
    throw refusal(of: account.id, "the callbacks of \(account.id)")
  }

  private func mayRead(_ account: Account) -> Bool { account.group.map(peer.accountGroups.contains) ?? true }

  private func refusal(of account: String, _ what: String) -> ControlFailure {
    guard let group = office.accounts[account]?.group else {
      return .notAllowed(
        "You may not see \(what): its account is no longer in the configuration; ask an administrator.")
    }
    return .notAllowed(
      "You may not see \(what): ask an administrator to add you to the group \(group), then log in again.")
  }

  /// As much of a report as the peer may see: what a mail program or a directory's name says is not for everybody.
  func visible(_ report: StatusReport) -> StatusReport {
    guard !mayWork else { return report }
    var report = report
    for stage in [\StatusReport.Stages.intake, \.answers, \.timer, \.store, \.delivery, \.control] {
      report.stages[keyPath: stage].detail = nil
    }
    report.alarms = []
    return report
  }

  // MARK: - Persons

  /// The person whose login the peer has; nil where it is nobody's.
  var ownPerson: Person? { peer.login.flatMap { office.person(login: $0) } }

  /// What the history keeps as the account that acted.
  var login: String { peer.login ?? "uid \(peer.uid)" }

  /// The id of the person who acts: the one named, or the one whose login the peer has.
  ///
  /// Naming another one is for those who have no login of their own, and for root and the daemon's user.
  func person(named written: String?) throws(ControlFailure) -> String {
    let own = ownPerson
    guard let written else {
      guard let own else {
        throw .needsPerson(
          "The login \(peer.login ?? "with number \(peer.uid)") is nobody's in the configuration: say who acts with --as PERSON."
        )
      }
      return own.id
    }
    guard let id = office.id(named: written), let named = office.people[id] else {
      throw .badRequest("Nobody is called “\(written)”\(office.hint(written, among: office.namesOfPeople)).")
    }
    guard named.active else { throw .badRequest("\(named.name) has left; name somebody who is there.") }
    if let own, own.id != id, !mayDoAll { throw .notAllowed("You act as \(own.name); leave out --as.") }
    return id
  }
}
