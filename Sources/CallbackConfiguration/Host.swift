import CallbackRules
import Foundation
import Glibc

/// What the machine says of itself, for defaults; each is looked up where it is needed.
public struct Host: Sendable {
  private let findMailDomain: @Sendable () -> String
  private let findZone: @Sendable () -> Zone

  /// What stands behind the `@` of the daemon's own address.
  public var mailDomain: String { findMailDomain() }
  public var zone: Zone { findZone() }

  public init(
    mailDomain: @autoclosure @escaping @Sendable () -> String, zone: @autoclosure @escaping @Sendable () -> Zone
  ) {
    findMailDomain = mailDomain
    findZone = zone
  }

  /// This machine, without asking the network.
  public static var current: Host {
    Host(mailDomain: currentMailDomain, zone: Zone(TimeZone.current.identifier) ?? .utc)
  }

  /// The host's name if it has a domain; else the name for local mail (`/etc/mailname`, Debian policy 11.6); else the bare name.
  private static var currentMailDomain: String {
    var buffer = [CChar](repeating: 0, count: 256)
    let name =
      gethostname(&buffer, buffer.count) == 0
      ? String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : ""
    // Most systems have none, and the bare name is as good then.
    let file = FileManager.default.contents(atPath: "/etc/mailname") ?? Data()
    let mailName = String(decoding: file, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
    let names = [name, mailName ?? ""].filter(isDomain)
    return names.first { $0.contains(".") } ?? names.first ?? "localhost"
  }
}
