import Glibc

/// How many descriptors the daemon may have open.
///
/// libdispatch aborts the process where one can't be had, so there must be more than clients (64), children
/// (`mail.parallel`, at most 64, several each), folders of the spool (256) and the daemon itself can need together.
enum DescriptorLimit {
  private static let enough: rlim_t = 1024

  /// Raises the soft limit, which a login shell may have set low, as far as the hard one allows, and as far as is needed.
  ///
  /// - Throws: where that is not enough.
  static func raise() throws(StartError) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < enough else { return }
    limit.rlim_cur = min(enough, limit.rlim_max)
    guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur == enough else {
      throw StartError(
        status: .unavailable,
        "callbackd may have \(limit.rlim_cur) files open at once, and needs \(enough): raise LimitNOFILE in its unit, or `ulimit -n`."
      )
    }
  }
}
