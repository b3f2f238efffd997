import CallbackControl
import CallbackRules
import Foundation

/// Who may do what over the control socket, by the kernel's word on who the peer is.
///
/// Root and the daemon's own user may do everything, `callback-staff` may see and work callbacks, `callback-drop` may ask for
/// receipts. Everybody may ask for the status, but gets counts only.
struct Access {
  private let peer: Peer

  init(_ peer: Peer) {
    self.peer = peer
  }

  func check(_ call: ControlCall) throws(ControlFailure) {
    switch call {
    case .status: return
    case .receipt:
      guard !mayWork, !peer.mayDrop else { return }
      throw .notAllowed(
        "You may not ask for receipts: ask an administrator to add you to the group \(Peer.dropGroup), then log in again."
      )
    case .purge:
      guard !isAdministrator else { return }
      throw .notAllowed("Only root and the daemon's user may purge: what is deleted is gone.")
    case .list, .show, .act, .onCall, .verify, .export: break
    }
    guard mayWork else {
      throw .notAllowed(
        "You may not see or work callbacks: ask an administrator to add you to the group \(Peer.staffGroup), then log in again."
      )
    }
  }

  private var mayWork: Bool { isAdministrator || peer.isStaff }

  private var isAdministrator: Bool { peer.uid == 0 || peer.uid == geteuid() }

  /// As much of a report as the peer may see: what a mail program or a directory's name says is not for everybody.
  func visible(_ report: StatusReport) -> StatusReport {
    guard !mayWork else { return report }
    var report = report
    for stage in [\StatusReport.Stages.intake, \.timer, \.store, \.delivery, \.control] {
      report.stages[keyPath: stage].detail = nil
    }
    report.alarms = []
    return report
  }

  /// The id of the person who acts: the one named, or the one whose login the peer has.
  ///
  /// Naming another one is for those who have no login of their own, and for root and the daemon's user.
  func person(named written: String?, office: Office) throws(ControlFailure) -> String {
    let own = peer.login.flatMap { office.person(login: $0) }
    guard let written else {
      guard let own else {
        throw .needsPerson(
          "The login \(peer.login ?? "with number \(peer.uid)") is nobody's in the configuration: say who acts with --as PERSON."
        )
      }
      return own.id
    }
    guard let id = office.id(named: written), let named = office.people[id] else {
      throw .badRequest(
        "Nobody is called “\(written)”; people are \(office.people.keys.sorted().joined(separator: ", ")).")
    }
    guard named.active else { throw .badRequest("\(named.name) has left; name somebody who is there.") }
    if let own, own.id != id, peer.uid != 0, peer.uid != geteuid() {
      throw .notAllowed("You act as \(own.name); leave out --as.")
    }
    return id
  }
}
