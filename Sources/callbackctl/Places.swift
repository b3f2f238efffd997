import CallbackConfiguration
import CallbackDelivery
import Foundation

/// Where the daemon's files are: by option, else by the environment, else by the configuration, else where they always are.
struct Places {
  static let configuration = "/etc/callbackd/callbackd.toml"
  static let socket = Configuration.Paths().control

  private let file: String
  /// Whether somebody named the file, so that it must be there.
  private let isNamed: Bool
  private let socket: String?

  init(config: String?, socket: String?, environment: [String: String]) {
    let named = config ?? environment["CALLBACKD_CONFIG"]
    file = named ?? Self.configuration
    isNamed = named != nil
    self.socket = socket ?? environment["CALLBACKD_SOCKET"]
  }

  /// A configuration with a mistake in it keeps nobody from the daemon, which goes on with the one it had.
  ///
  /// - Parameter isQuiet: whether nothing is said of mistakes in it.
  func controlSocket(isQuiet: Bool = false) throws(Failure) -> String {
    if let socket { return socket }
    guard try isReadable() else { return Self.socket }
    do {
      return try Configuration.load(file: file).configuration.paths.control
    } catch {
      if !isQuiet { Terminal.complain("\(file) has mistakes (`callbackd --check` names them); trying \(Self.socket).") }
      return Self.socket
    }
  }

  /// The spool's directory. A message put into the wrong one would be lost, so a configuration with a mistake is refused.
  func spool() throws(Failure) -> String {
    try isReadable() ? load().paths.spool : Configuration.Paths().spool
  }

  /// The state directory. The wrong one would be taken for an empty one, so a configuration with a mistake is refused.
  func state() throws(Failure) -> String {
    try isReadable() ? load().paths.state : Configuration.Paths().state
  }

  /// The store's file.
  func store() throws(Failure) -> String { try state() + "/callbackd.db" }

  /// The configuration whole.
  func load() throws(Failure) -> Configuration {
    do {
      return try Configuration.load(file: file).configuration
    } catch {
      throw failure(error)
    }
  }

  /// 66 where the file can't be read, 65 where it has mistakes.
  private func failure(_ error: ConfigurationError) -> Failure {
    Failure(access(file, R_OK) == 0 ? EX_DATAERR : EX_NOINPUT, error.description)
  }

  /// The configuration with the templates of its notices.
  ///
  /// - Parameter detail: instead of the configuration's.
  func loadWithTemplates(
    detail: Configuration.Mail.Detail? = nil
  ) throws(Failure) -> (configuration: Configuration, templates: NoticeTemplates) {
    do {
      var configuration = try Configuration.load(file: file).configuration
      if let detail { configuration.mail.detail = detail }
      return (configuration, try NoticeTemplates.load(beside: file, for: configuration).templates)
    } catch {
      throw failure(error)
    }
  }

  /// False for the usual configuration if it is not there or not for us.
  private func isReadable() throws(Failure) -> Bool {
    if access(file, R_OK) == 0 { return true }
    guard isNamed else { return false }
    throw Failure(EX_NOINPUT, "The configuration \(file) can't be read: \(String(cString: strerror(errno))).")
  }
}
