import CallbackControl
import CallbackRules
import CallbackStore
import Foundation

/// Who tried what they may not: it stands in the callback's history.
extension Daemon {
  /// Writes down that a call about one callback was refused, if it was for want of rights.
  func noteRefusal(_ failure: ControlFailure, of call: ControlCall, to peer: Peer, _ access: Access) {
    switch failure {
    case .notAllowed, .needsPerson: break
    default: return
    }
    switch refusals.take(user: peer.uid, callback: call.number, command: call.word, at: .now) {
    case .known: return
    case .tooMany(let isFirst):
      if isFirst {
        logger.warning(
          "The user with number \(peer.uid) was refused too often in an hour: what else is refused now is not written down."
        )
      }
    case .write:
      guard let number = call.number else {
        return logger.notice("The user with number \(peer.uid) was refused: \(call.word).")
      }
      let actor = Event.Actor.person(access.ownPerson?.id ?? "", login: access.login)
      do throws(StoreError) {
        try stages.noteRefusal(of: call.word, on: number, to: actor, at: now)
        control?.noteChange()
      } catch {
        storeFailed(error)
      }
    }
  }
}
