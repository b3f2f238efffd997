import CallbackRules
import Foundation
import Glibc

/// What the machine says of itself, for defaults.
public struct Host: Sendable {
  /// What stands behind the `@` of the daemon's own address.
  public var mailDomain: String
  public var zone: Zone

  public init(mailDomain: String, zone: Zone) {
    self.mailDomain = mailDomain
    self.zone = zone
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
    let mailName: String
    do {
      mailName = try String(contentsOfFile: "/etc/mailname", encoding: .utf8).trimmingCharacters(
        in: .whitespacesAndNewlines)
    } catch {
      // Most systems have none, and the bare name is as good then.
      mailName = ""
    }
    let names = [name, mailName].filter(isDomain)
    return names.first { $0.contains(".") } ?? names.first ?? "localhost"
  }
}
