import Glibc

/// Starts a child.
struct Spawn {
  var program: String
  var arguments: [String]
  /// Descriptors, for what it has as its first three.
  var input: Int32
  /// Nil: nowhere.
  var output: Int32?
  var errors: Int32

  private static let environment = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C",
  ]

  /// Starts it, and returns once it runs its program, or can't.
  func callAsFunction() throws(SpawnFailure) -> pid_t {
    guard !arguments.contains(where: { $0.utf8.contains(0) }) else {
      throw SpawnFailure("an argument holds a NUL")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    let problems = [
      posix_spawn_file_actions_adddup2(&actions, input, 0),
      output.map { posix_spawn_file_actions_adddup2(&actions, $0, 1) }
        ?? posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0),
      posix_spawn_file_actions_adddup2(&actions, errors, 2),
      closeAllFrom(&actions, 3),
      standIn(&actions, "/"),
      posix_spawnattr_setpgroup(&attributes, 0),
      posix_spawnattr_setsigdefault(&attributes, &signals),
      posix_spawnattr_setsigmask(&attributes, &noSignals),
      posix_spawnattr_setflags(&attributes, Int16(flags)),
    ]
    if let problem = problems.first(where: { $0 != 0 }) { throw SpawnFailure(errno: problem) }
    var pid: pid_t = 0
    let problem = withCStrings([program] + arguments) { arguments in
      withCStrings(Self.environment) { posix_spawn(&pid, program, &actions, &attributes, arguments, $0) }
    }
    switch problem {
    case 0: return pid
    // The kernel does not tell a program that is missing, or may not be run, from one whose interpreter is.
    case let code where [ENOENT, EACCES, ENOTDIR].contains(code) && access(program, X_OK) == 0:
      throw SpawnFailure("its interpreter is missing or may not be run")
    default: throw SpawnFailure(errno: problem)
    }
  }
}

/// Why a child was not started.
struct SpawnFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  init(errno: Int32) {
    self.init(String(cString: strerror(errno)))
  }
}

/// The strings as exec(3) takes them, with a null pointer at their end.
///
/// - Returns: an error's number, or 0.
private func withCStrings(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32) -> Int32 {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return copies.contains(nil) ? ENOMEM : body(copies + [nil])
}

/// posix_spawn_file_actions_addclosefrom_np(3) and posix_spawn_file_actions_addchdir_np(3), which Swift's Glibc leaves out.
@_silgen_name("posix_spawn_file_actions_addclosefrom_np")
private func closeAllFrom(_ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: Int32) -> Int32
@_silgen_name("posix_spawn_file_actions_addchdir_np")
private func standIn(
  _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ path: UnsafePointer<CChar>
) -> Int32
