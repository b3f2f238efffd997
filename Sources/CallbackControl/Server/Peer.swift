import Glibc

/// Who is at the other end of a connection, as the kernel says (unix(7), socket(7)): nothing here can be claimed.
///
/// The credentials are those of the process that connected, at the time when it did.
public struct Peer: Sendable, Equatable {
  public var pid: Int32
  public var uid: UInt32
  public var gid: UInt32
  /// All its groups, `gid` among them.
  public var groups: Set<UInt32>
  /// The name of the account with this uid; nil if there is none, or the name service did not answer.
  public var login: String?
  /// Whether it has the group `staffGroup`; false also where the name service did not answer.
  public var isStaff: Bool
  /// Whether it has the group `dropGroup`; false also where the name service did not answer.
  public var mayDrop: Bool
  /// Which of the groups it has that accounts are limited to; none also where the name service did not answer.
  public var accountGroups: Set<String> = []

  /// The group that may see and work callbacks.
  public static let staffGroup = "callback-staff"
  /// The group that may drop messages.
  public static let dropGroup = "callback-drop"

  public init(
    pid: Int32, uid: UInt32, gid: UInt32, groups: Set<UInt32> = [], login: String? = nil, isStaff: Bool = false,
    mayDrop: Bool = false
  ) {
    self.pid = pid
    self.uid = uid
    self.gid = gid
    self.groups = groups.union([gid])
    self.login = login
    self.isStaff = isStaff
    self.mayDrop = mayDrop
  }

  /// The peer of a connected Unix socket, without what the name service knows; nil if the kernel does not say.
  init?(of descriptor: Int32) {
    // struct ucred: pid, uid, gid, each of 32 bits.
    var credentials: [UInt32] = [0, 0, 0]
    var length = socklen_t(credentials.count * MemoryLayout<UInt32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0,
      let groups = Self.groups(of: descriptor)
    else { return nil }
    self.init(
      pid: Int32(bitPattern: credentials[0]), uid: credentials[1], gid: credentials[2], groups: groups)
  }

  private static func groups(of descriptor: Int32) -> Set<UInt32>? {
    var groups = [UInt32](repeating: 0, count: 64)
    // The kernel says in `length` how many bytes it would have needed (NGROUPS_MAX is 65536 groups).
    for _ in 0..<2 {
      var length = socklen_t(groups.count * MemoryLayout<UInt32>.size)
      if getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, &groups, &length) == 0 {
        return Set(groups.prefix(Int(length) / MemoryLayout<UInt32>.size))
      }
      guard errno == ERANGE else { return nil }
      groups = Array(repeating: 0, count: Int(length) / MemoryLayout<UInt32>.size)
    }
    return nil
  }
}
