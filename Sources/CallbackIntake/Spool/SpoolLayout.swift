import Foundation

/// The directories of the spool and who may do what in them.
public enum SpoolLayout {
  /// Staff may add files, but neither list nor read what others added. What they add gets the directory's group, so that the
  /// daemon can read it whatever their own group is.
  static let incoming = "incoming"
  /// Files in hand.
  static let work = "work"
  static let accepted = "accepted"
  static let rejected = "rejected"
  /// Answers to notices, and what mail systems say of them.
  static let answers = "answers"
  public static let notifications = "notifications"

  private static let modes: [(name: String, mode: mode_t)] = [
    (incoming, 0o3730), (work, 0o700), (accepted, 0o2710), (rejected, 0o2750), (notifications, 0o2750),
    (answers, 0o1730),
  ]

  /// The path of a folder in `incoming/`; nil: of `incoming/` itself.
  public static func path(ofFolder folder: String?, in root: String) -> String {
    root + "/" + incoming + (folder.map { "/" + $0 } ?? "")
  }

  public static func answers(in root: String) -> String { root + "/" + answers }

  /// Makes what is missing, with the modes of the shipped tmpfiles.d file; what is there stays as it is.
  public static func create(at root: String) throws(SpoolError) {
    try create(root, mode: 0o755)
    for directory in modes { try create(root + "/" + directory.name, mode: directory.mode) }
  }

  private static func create(_ path: String, mode: mode_t) throws(SpoolError) {
    // The mode comes after: the unit's RestrictSUIDSGID= denies every mkdir(2) that names the set-group-ID bit, also where
    // the directory is there.
    guard mkdir(path, 0o700) == 0 else {
      guard errno == EEXIST else { throw SpoolError(code: errno, could: "make", path) }
      return
    }
    guard chmod(path, mode) == 0 else {
      let code = errno
      // With another mode nobody could drop anything, and it would pass for whole at the next start.
      rmdir(path)
      throw SpoolError(code: code, could: "make", path)
    }
  }
}
