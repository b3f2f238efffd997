import Dispatch
import Glibc

/// Asks the name service who a peer is, and keeps the answers for a minute.
///
/// On a queue of its own: the name service may have to ask over a network that does not answer, and escalation must go on.
///
/// `@unchecked Sendable`: what is known is touched on `queue` alone.
final class NameService: @unchecked Sendable {
  private let queue = DispatchQueue(label: "callbackd.names")
  private var logins: [UInt32: Answer<String>] = [:]
  private var groups: [String: Answer<UInt32>] = [:]

  /// The names of the groups that accounts are limited to.
  private var accountGroups: Set<String> = []

  /// What was found, or that there is none.
  private struct Answer<Value> {
    var value: Value?
    var until = ContinuousClock.now.advanced(by: .seconds(60))

    var isFresh: Bool { ContinuousClock.now < until }
  }

  /// Adds to a peer its login, and which groups it has of those that matter.
  ///
  /// - Parameter then: called on another queue, after as long as the name service takes.
  func identify(_ peer: Peer, then: @escaping @Sendable (Peer) -> Void) {
    queue.async { @Sendable [self] in
      var peer = peer
      peer.login = login(of: peer.uid)
      peer.isStaff = group(named: Peer.staffGroup).map(peer.groups.contains) ?? false
      peer.mayDrop = group(named: Peer.dropGroup).map(peer.groups.contains) ?? false
      peer.accountGroups = accountGroups.filter { group(named: $0).map(peer.groups.contains) ?? false }
      then(peer)
    }
  }

  /// Has these groups looked for in whoever is identified from now on.
  func know(_ accountGroups: Set<String>) {
    queue.async { @Sendable [self] in self.accountGroups = accountGroups }
  }

  private func login(of uid: UInt32) -> String? {
    if let answer = logins[uid], answer.isFresh { return answer.value }
    var record = passwd()
    var buffer = Self.buffer()
    var found: UnsafeMutablePointer<passwd>?
    let status = getpwuid_r(uid, &record, &buffer, buffer.count, &found)
    let login = found.map { String(cString: $0.pointee.pw_name) }
    if logins.count >= 1000 { logins.removeAll() }
    // An error is not an answer; it is asked for again the next time.
    if status == 0 { logins[uid] = Answer(value: login) }
    return login
  }

  private func group(named name: String) -> UInt32? {
    if let answer = groups[name], answer.isFresh { return answer.value }
    var record = Glibc.group()
    var buffer = Self.buffer()
    var found: UnsafeMutablePointer<Glibc.group>?
    let status = getgrnam_r(name, &record, &buffer, buffer.count, &found)
    let gid = found?.pointee.gr_gid
    if status == 0 { groups[name] = Answer(value: gid) }
    return gid
  }

  /// Room for a group of some ten thousand members.
  private static func buffer() -> [CChar] { [CChar](repeating: 0, count: 1 << 18) }
}
