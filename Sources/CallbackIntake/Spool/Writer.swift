import Foundation

/// Whether somebody has a file open for writing, as far as a read lease (fcntl(2)) can tell: it is refused as long.
///
/// A lease needs the file's owner or CAP_LEASE. Where it may not be asked for, only the file's times tell anything.
enum Writer {
  case nobody
  case somebody
  case unknown

  /// Asks for a lease, which then lasts until the descriptor is closed: meanwhile nobody can open it for writing.
  init(of descriptor: Int32) {
    if fcntl(descriptor, Self.setLease, F_RDLCK) == 0 {
      self = .nobody
    } else {
      // NFS and SMB refuse it also wherever the server has granted nothing, and would do so for good.
      self = errno == EAGAIN && !Self.isOnShare(descriptor) ? .somebody : .unknown
    }
  }

  private static func isOnShare(_ descriptor: Int32) -> Bool {
    // Ample for a `struct statfs`, which begins with the number of the file system's type.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 64) { buffer in
      guard let system = buffer.baseAddress, fileSystemStatus(descriptor, system) == 0 else { return false }
      return shares.contains(UInt32(truncatingIfNeeded: system.pointee))
    }
  }

  /// F_SETLEASE of fcntl(2), which Swift's Glibc leaves out.
  private static let setLease: Int32 = 1024
  /// NFS, CIFS and SMB2, by their numbers of statfs(2).
  private static let shares: Set<UInt32> = [0x6969, 0xFF53_4D42, 0xFE53_4D42]
}

/// fstatfs(2), which Swift's Glibc leaves out.
@_silgen_name("fstatfs")
private func fileSystemStatus(_ descriptor: Int32, _ status: UnsafeMutablePointer<Int>) -> Int32
