import CConfinement
import Glibc

/// Takes from this process whatever decoding a mail does not need, for good, before the first byte of one is read.
///
/// Each is done as far as the kernel and the sandbox around it allow; none is needed for the result to be right.
enum Confinement {
  private static let memoryBytes: rlim_t = 256 << 20
  private static let processorSeconds: rlim_t = 5

  static func confine() {
    limit(RLIMIT_CPU, to: processorSeconds)
    limit(RLIMIT_AS, to: memoryBytes)
    // The result goes into a pipe, which this doesn't bound.
    limit(RLIMIT_FSIZE, to: 0)
    limit(RLIMIT_CORE, to: 0)
    limit(RLIMIT_NOFILE, to: 16)
    limit(__RLIMIT_NPROC, to: 0)
    _ = cconfinement_no_dump()
    guard cconfinement_no_new_privileges() == 0 else { return }
    confineToReading()
  }

  private static func limit(_ resource: __rlimit_resource, to value: rlim_t) {
    var limit = rlimit(rlim_cur: value, rlim_max: value)
    _ = setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
  }

  /// By landlock(7): nothing may be opened, made or removed, but what converters of character sets (iconv(3)) are read from.
  private static func confineToReading() {
    let rules = cconfinement_begin()
    guard rules >= 0 else { return }
    for directory in ["/usr/lib", "/usr/lib64", "/lib", "/lib64"] { cconfinement_allow_reading(rules, directory, 1) }
    cconfinement_allow_reading(rules, "/etc/ld.so.cache", 0)
    _ = cconfinement_enforce(rules)
    close(rules)
  }
}
