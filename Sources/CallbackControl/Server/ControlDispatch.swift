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
    /// The first of many replies, and what the next one is to be asked for with.
    case stream(Data, ControlCall.WatchQuery)
    /// The bytes are not there yet; with what the answer is made of, and whether the client wants it.
    case later(LaterReply, oneway: Bool)
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
    let answer: Answer
    do {
      answer = try respond(to: message, from: peer)
    } catch let failure as ControlFailure {
      answer = .reply(Self.encode(failure))
    } catch {
      // Only a value that JSON can't hold comes here.
      preconditionFailure("a reply could not be encoded: \(error)")
    }
    // What comes later is begun all the same.
    if case .later = answer { return answer }
    return message.oneway ? .nothing : answer
  }

  /// What goes on being told.
  enum News {
    case reply(Data, ControlCall.WatchQuery)
    /// There is nothing to say.
    case nothing(ControlCall.WatchQuery)
    /// Nothing more will be told; the bytes say why.
    case end(Data)
  }

  func news(for query: ControlCall.WatchQuery, to peer: Peer) -> News {
    switch handler(.watch(query), peer) {
    case .watched(let reply, let place):
      var next = query
      next.place = place
      guard let reply else { return .nothing(next) }
      do {
        return .reply(try Self.envelope(Reply(parameters: reply, continues: true)), next)
      } catch {
        preconditionFailure("a reply could not be encoded: \(error)")
      }
    case .failed(let failure): return .end(Self.encode(failure))
    default: preconditionFailure("a watch was answered as another call")
    }
  }

  static func encode(_ failure: ControlFailure) -> Data { encode(.failed(failure)) }

  /// The bytes of an answer that is there.
  static func encode(_ reply: ControlReply) -> Data {
    do {
      return try data(of: reply)
    } catch {
      preconditionFailure("a reply could not be encoded: \(error)")
    }
  }

  private func respond(to message: Message, from peer: Peer) throws -> Answer {
    // Another protocol on the same connection is not spoken here.
    if message.upgrade { throw ControlFailure.methodNotImplemented(message.method) }
    var parameters = message.parameters
    switch message.method {
    case ControlInterface.service + ".GetInfo":
      try parameters.finish()
      let info = Info(
        vendor: "callbackd", product: "callbackd", version: version, url: "",
        interfaces: [ControlInterface.service, ControlInterface.name])
      return .reply(try Self.envelope(Reply(parameters: info)))
    case ControlInterface.service + ".GetInterfaceDescription":
      let interface = try parameters.required("interface", String.self)
      try parameters.finish()
      guard let description = ControlInterface.description(of: interface) else {
        throw ControlFailure.interfaceNotFound(interface)
      }
      return .reply(try Self.envelope(Reply(parameters: ["description": description])))
    default:
      return try control(message, &parameters, from: peer)
    }
  }

  private func control(_ message: Message, _ parameters: inout ParameterReader, from peer: Peer) throws -> Answer {
    guard let dot = message.method.lastIndex(of: ".") else { throw ControlFailure.methodNotFound(message.method) }
    let interface = String(message.method[..<dot])
    guard interface == ControlInterface.name else {
      // Of an interface that is served, a method is missing; else the interface is.
      throw interface == ControlInterface.service
        ? ControlFailure.methodNotFound(message.method) : .interfaceNotFound(interface)
    }
    let method = String(message.method[message.method.index(after: dot)...])
    let call = try ControlCall(method: method, parameters: &parameters)
    if case .watch(let query) = call {
      guard message.more else { throw ControlFailure.expectedMore }
      // Nobody would hear what a one-way call has to say.
      if message.oneway { return .nothing }
      switch news(for: query, to: peer) {
      case .reply(let data, let next): return .stream(data, next)
      case .end(let data): return .reply(data)
      case .nothing: preconditionFailure("a watch began without a page")
      }
    }
    let reply = handler(call, peer)
    if case .later(let later) = reply { return .later(later, oneway: message.oneway) }
    return .reply(try Self.data(of: reply))
  }

  private static func data(of reply: ControlReply) throws -> Data {
    switch reply {
    case .list(let reply): return try envelope(Reply(parameters: reply))
    case .show(let reply): return try envelope(Reply(parameters: reply))
    case .acted(let reply): return try envelope(Reply(parameters: reply))
    case .onCall(let reply): return try envelope(Reply(parameters: reply))
    case .receipt(let reply): return try envelope(Reply(parameters: reply))
    case .names(let reply): return try envelope(Reply(parameters: reply))
    case .verify(let reply): return try envelope(Reply(parameters: reply))
    case .export(let reply): return try envelope(Reply(parameters: reply))
    case .purge(let reply): return try envelope(Reply(parameters: reply))
    case .status(let report): return try envelope(Reply(parameters: report))
    case .metrics(let reply): return try envelope(Reply(parameters: reply))
    case .report(let report): return try envelope(Reply(parameters: report))
    case .mailed(let reply): return try envelope(Reply(parameters: reply))
    case .failed(let failure):
      return try envelope(Reply(error: failure.name, parameters: FailureParameters(failure)))
    case .watched: preconditionFailure("a call was answered as a watch")
    case .later: preconditionFailure("an answer that came later is there")
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
  /// Where a method has one reply, that is the whole answer all the same.
  let more: Bool
  let upgrade: Bool

  enum CodingKeys: String, CodingKey {
    case method, parameters, oneway, more, upgrade
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    method = try container.decode(String.self, forKey: .method)
    oneway = try container.decodeIfPresent(Bool.self, forKey: .oneway) ?? false
    more = try container.decodeIfPresent(Bool.self, forKey: .more) ?? false
    upgrade = try container.decodeIfPresent(Bool.self, forKey: .upgrade) ?? false
    let absent = try !container.contains(.parameters) || container.decodeNil(forKey: .parameters)
    parameters = ParameterReader(
      absent ? nil : try container.nestedContainer(keyedBy: ParameterKey.self, forKey: .parameters))
  }
}

private struct Reply<Parameters: Encodable>: Encodable {
  var error: String?
  var parameters: Parameters
  /// Whether more replies follow; left out where none does.
  var continues: Bool?
}

private struct Info: Encodable {
  var vendor: String
  var product: String
  var version: String
  var url: String
  var interfaces: [String]
}
