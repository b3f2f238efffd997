import Foundation

/// Turns one message of a client into what is answered, by the varlink protocol (varlink.org/Method-Call).
///
/// Trusts nothing in the message: what is not a call ends the connection, what is a wrong call is answered with an error.
struct ControlDispatch: Sendable {
  let version: String
  let handler: ControlServer.Handler

  enum Answer {
    /// The bytes to send, NUL included.
    case reply(Data)
    /// The call was one-way.
    case nothing
    /// It was no call.
    case hangUp
  }

  func answer(to frame: [UInt8], from peer: Peer) -> Answer {
    let message: Message
    do {
      message = try ControlCoding.decode(Message.self, from: Data(frame))
    } catch {
      return .hangUp
    }
    let reply: Data
    do {
      reply = try respond(to: message, from: peer)
    } catch let failure as ControlFailure {
      reply = Self.encode(failure)
    } catch {
      // Only a value that JSON can't hold comes here.
      preconditionFailure("a reply could not be encoded: \(error)")
    }
    return message.oneway ? .nothing : .reply(reply)
  }

  static func encode(_ failure: ControlFailure) -> Data {
    do {
      return try envelope(Reply(error: failure.name, parameters: FailureParameters(failure)))
    } catch {
      preconditionFailure("an error could not be encoded: \(error)")
    }
  }

  private func respond(to message: Message, from peer: Peer) throws -> Data {
    // Another protocol on the same connection is not spoken here.
    if message.upgrade { throw ControlFailure.methodNotImplemented(message.method) }
    var parameters = message.parameters
    switch message.method {
    case ControlInterface.service + ".GetInfo":
      try parameters.finish()
      return try Self.envelope(
        Reply(
          parameters: Info(
            vendor: "callbackd", product: "callbackd", version: version, url: "",
            interfaces: [ControlInterface.service, ControlInterface.name])))
    case ControlInterface.service + ".GetInterfaceDescription":
      let interface = try parameters.required("interface", String.self)
      try parameters.finish()
      guard let description = ControlInterface.description(of: interface) else {
        throw ControlFailure.interfaceNotFound(interface)
      }
      return try Self.envelope(Reply(parameters: ["description": description]))
    default:
      return try control(message, &parameters, from: peer)
    }
  }

  private func control(_ message: Message, _ parameters: inout ParameterReader, from peer: Peer) throws -> Data {
    guard let dot = message.method.lastIndex(of: ".") else { throw ControlFailure.methodNotFound(message.method) }
    let interface = String(message.method[..<dot])
    guard interface == ControlInterface.name else {
      // Of an interface that is served, a method is missing; else the interface is.
      throw interface == ControlInterface.service
        ? ControlFailure.methodNotFound(message.method) : .interfaceNotFound(interface)
    }
    let method = String(message.method[message.method.index(after: dot)...])
    let call = try ControlCall(method: method, parameters: &parameters)
    switch handler(call, peer) {
    case .list(let reply): return try Self.envelope(Reply(parameters: reply))
    case .show(let reply): return try Self.envelope(Reply(parameters: reply))
    case .acted(let reply): return try Self.envelope(Reply(parameters: reply))
    case .onCall(let reply): return try Self.envelope(Reply(parameters: reply))
    case .receipt(let reply): return try Self.envelope(Reply(parameters: reply))
    case .verify(let reply): return try Self.envelope(Reply(parameters: reply))
    case .export(let reply): return try Self.envelope(Reply(parameters: reply))
    case .purge(let reply): return try Self.envelope(Reply(parameters: reply))
    case .status(let report): return try Self.envelope(Reply(parameters: report))
    case .failed(let failure): throw failure
    }
  }

  private static func envelope(_ reply: Reply<some Encodable>) throws -> Data {
    var data = try ControlCoding.encode(reply)
    data.append(0)
    return data
  }
}

/// A method call as it comes.
private struct Message: Decodable {
  let method: String
  let parameters: ParameterReader
  let oneway: Bool
  let upgrade: Bool

  // `more` asks for further replies where a method has them; none has yet, and one reply is then the whole answer.
  enum CodingKeys: String, CodingKey {
    case method, parameters, oneway, upgrade
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    method = try container.decode(String.self, forKey: .method)
    oneway = try container.decodeIfPresent(Bool.self, forKey: .oneway) ?? false
    upgrade = try container.decodeIfPresent(Bool.self, forKey: .upgrade) ?? false
    let absent = try !container.contains(.parameters) || container.decodeNil(forKey: .parameters)
    parameters = ParameterReader(
      absent ? nil : try container.nestedContainer(keyedBy: ParameterKey.self, forKey: .parameters))
  }
}

private struct Reply<Parameters: Encodable>: Encodable {
  var error: String?
  var parameters: Parameters
}

private struct Info: Encodable {
  var vendor: String
  var product: String
  var version: String
  var url: String
  var interfaces: [String]
}
