/// Why a call was not carried out: the errors of `org.callbackd.Control`, and those of every varlink service.
public enum ControlFailure: Error, Sendable, Equatable {
  case noSuchCallback(Int64)
  /// The callback's state does not allow it: "Dr. Chen has it since 02:14; use --take".
  case refused(String)
  /// The peer may not do it.
  case notAllowed(String)
  /// The peer's login is nobody's: a person must be named.
  case needsPerson(String)
  /// The parameters are well formed but name something that is not there.
  case badRequest(String)
  /// Not now.
  case tryAgain(String)

  /// The method, as it was called.
  case methodNotFound(String)
  case methodNotImplemented(String)
  /// The name of the parameter.
  case invalidParameter(String)
  /// The interface, as it was asked for.
  case interfaceNotFound(String)
  /// The method has many replies, and the call did not ask for more than one.
  case expectedMore

  /// A sentence for people.
  public var message: String {
    switch self {
    case .noSuchCallback(let number):
      "There is no callback \(number): look for its number with `callbackctl list`, or `list --closed`."
    case .refused(let text), .notAllowed(let text), .needsPerson(let text), .badRequest(let text), .tryAgain(let text):
      text
    case .methodNotFound(let method): "The daemon does not know the method \(method)."
    case .methodNotImplemented(let method): "The daemon can't do \(method)."
    case .invalidParameter(let name): "The daemon does not accept the parameter \(name)."
    case .interfaceNotFound(let name): "The daemon does not know the interface \(name)."
    case .expectedMore: "The method has many replies: call it with `more`."
    }
  }

  /// The qualified name of the error.
  var name: String {
    switch self {
    case .noSuchCallback: ControlInterface.name + ".NoSuchCallback"
    case .refused: ControlInterface.name + ".Refused"
    case .notAllowed: ControlInterface.name + ".NotAllowed"
    case .needsPerson: ControlInterface.name + ".NeedsPerson"
    case .badRequest: ControlInterface.name + ".BadRequest"
    case .tryAgain: ControlInterface.name + ".TryAgain"
    case .methodNotFound: ControlInterface.service + ".MethodNotFound"
    case .methodNotImplemented: ControlInterface.service + ".MethodNotImplemented"
    case .invalidParameter: ControlInterface.service + ".InvalidParameter"
    case .interfaceNotFound: ControlInterface.service + ".InterfaceNotFound"
    case .expectedMore: ControlInterface.service + ".ExpectedMore"
    }
  }
}

/// The parameters of every error, together; each has those that the interface gives it.
struct FailureParameters: Codable {
  var id: Int64?
  var message: String?
  var method: String?
  var parameter: String?
  var interface: String?

  init() {}

  init(_ failure: ControlFailure) {
    switch failure {
    case .noSuchCallback(let number):
      id = number
      message = failure.message
    case .refused, .notAllowed, .needsPerson, .badRequest, .tryAgain: message = failure.message
    case .methodNotFound(let name), .methodNotImplemented(let name): method = name
    case .invalidParameter(let name): parameter = name
    case .interfaceNotFound(let name): interface = name
    case .expectedMore: break
    }
  }
}

extension ControlFailure {
  /// The failure that a daemon sent; nil for an error that this version does not know.
  init?(name: String, parameters: FailureParameters) {
    let prefixes = [ControlInterface.name + ".", ControlInterface.service + "."]
    guard let prefix = prefixes.first(where: { name.hasPrefix($0) }) else { return nil }
    let message = parameters.message ?? ""
    switch name.dropFirst(prefix.count) {
    case "NoSuchCallback": self = .noSuchCallback(parameters.id ?? 0)
    case "Refused": self = .refused(message)
    case "NotAllowed": self = .notAllowed(message)
    case "NeedsPerson": self = .needsPerson(message)
    case "BadRequest": self = .badRequest(message)
    case "TryAgain": self = .tryAgain(message)
    case "MethodNotFound": self = .methodNotFound(parameters.method ?? "")
    case "MethodNotImplemented": self = .methodNotImplemented(parameters.method ?? "")
    case "InvalidParameter": self = .invalidParameter(parameters.parameter ?? "")
    case "InterfaceNotFound": self = .interfaceNotFound(parameters.interface ?? "")
    case "ExpectedMore": self = .expectedMore
    default: return nil
    }
  }
}
