import CallbackConfiguration
import CallbackRules
import Foundation

/// What `--check` says of the machine: groups, accounts and programs that the configuration names and that are not there.
///
/// None of it keeps the daemon from starting, as each may be there a moment later; and the daemon itself never looks, since a
/// name service may have to ask over a network.
struct HostCheck {
  let configuration: Configuration

  /// Sentences, each beginning with the key that it is about.
  var warnings: [String] { groups + logins + sendmail + commands }

  private var office: Office { configuration.office }
  private var people: [Person] { office.people.values.filter(\.active).sorted { $0.id < $1.id } }

  private var groups: [String] {
    office.accountGroups.sorted().filter { getgrnam($0) == nil }.map {
      "account.group: this machine has no group `\($0)`, so only root may see that account; make the group"
    }
  }

  private var logins: [String] {
    people.compactMap { person in
      guard let login = person.login, getpwnam(login) == nil else { return nil }
      return "person.login: this machine has no account `\(login)`, so nobody acts as `\(person.id)` without --as; "
        + "make the account, or remove the login"
    }
  }

  private var sendmail: [String] {
    guard people.contains(where: { $0.email != nil && $0.channelsInOrder.contains(Channel.mail) }) else { return [] }
    return missing(configuration.mail.sendmail).map {
      ["mail.sendmail: the program `\(configuration.mail.sendmail)` \($0), so no mail goes out; install a mail program"]
    } ?? []
  }

  private var commands: [String] {
    let used = Set(people.flatMap(\.channelsInOrder))
    return office.channels.values.filter { used.contains($0.id) }.sorted { $0.id < $1.id }.compactMap { channel in
      guard case .command(let words) = channel.kind, let program = words.first, let why = missing(program) else {
        return nil
      }
      return "channel.run: the program `\(program)` \(why), so nothing goes out by `\(channel.id)`; put it there"
    }
  }

  /// Why a program can't be run; nil if it can. Whether its directories are open to the daemon's user is not looked at.
  private func missing(_ program: String) -> String? {
    var status = stat()
    guard stat(program, &status) == 0 else { return "is not there" }
    return status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o111 != 0 ? nil : "may not be run"
  }
}
