import CallbackRules

/// What the administrator decided, checked whole.
public struct Configuration: Sendable {
  public var office: Office
  public var paths: Paths
  public var spool: Spool
  public var keep: Keep
  public var mail: Mail
  public var reports = Reports()
  /// Where metrics are written for the node exporter, an absolute path; nil: nowhere.
  public var metricsFile: String?
  /// What is written anew while every stage makes progress, for an outside watcher, an absolute path; nil: nothing.
  public var heartbeatFile: String?
  /// Trouble with spool or store that lasts for longer is told to the fallback.
  public var alarmAfter = TimeSpan(seconds: 60)

  /// Absolute paths of directories.
  public struct Paths: Sendable, Equatable {
    public var spool = "/var/spool/callbackd"
    public var state = "/var/lib/callbackd"
    public var run = "/run/callbackd"

    public init() {}

    /// The control socket.
    public var control: String { run + "/control" }
    /// How long `run` may be, in bytes: the path of a socket has room for 108 with its NUL (unix(7)), and while it is made it is
    /// called `control.new`.
    static let longestRun = 95
  }

  public struct Spool: Sendable, Equatable {
    /// For how long a file must be closed and unchanged before it is taken.
    public var settle = TimeSpan(seconds: 2)
    public var receipts = true
    /// How often the spool is looked through without a hint.
    public var poll = TimeSpan(seconds: 30)
    /// An unfinished file older than this raises an alarm.
    public var staleAfter = TimeSpan(seconds: 3600)
    public var maxSizeBytes = 1 << 20
    /// The longest line of a message file.
    public var maxLineBytes = 64 << 10
    /// The most fields of one message.
    public var maxFields = 200
    /// The most messages of a batch file.
    public var maxRows = 10_000

    public init() {}

    /// How much a message file may hold, for whoever reads it.
    public var readingLimits: ReadingLimits {
      ReadingLimits(lineBytes: maxLineBytes, fields: maxFields, rows: maxRows)
    }
  }

  public struct Keep: Sendable, Equatable {
    /// For how long closed callbacks are kept; then what is personal of them is deleted. As long as a Ref counts, at least.
    public var closed = TimeSpan(days: 400)

    public init() {}
  }

  public struct Mail: Sendable, Equatable {
    /// An absolute path.
    public var sendmail = "/usr/sbin/sendmail"
    /// A plain address, also the envelope sender. There is no default that is right everywhere: `callbackd@` and the host's name.
    public var from: String
    /// More notices for one person at one moment become one mail.
    public var digestOver = 3
    public var detail = Detail.minimal
    /// Whether replies to `from` reach callbackd, so that mails may ask for them.
    public var answers = false
    /// How long one hand-over may take.
    public var timeout = TimeSpan(seconds: 30)
    /// How many hand-overs at once, by each channel.
    public var parallel = 4
    /// The id of who gets the mail that shows that mails go out; nil: the fallback.
    public var operatorId: String?

    public enum Detail: String, Sendable, CaseIterable {
      /// No word of the patient, the caller or the message.
      case minimal
      /// The message too.
      case full
    }

    public init(from: String) {
      self.from = from
    }
  }

  /// The report of each week, by mail.
  public struct Reports: Sendable, Equatable {
    /// The ids of persons, teams and rotations; nobody gets it where there are none.
    public var mail: [String] = []
    /// When it is made and sent, by the site's clock.
    public var at = WeeklyTime(weekday: 1, minute: 7 * 60)

    public init() {}
  }

  /// A moment that comes each week.
  public struct WeeklyTime: Sendable, Equatable {
    /// 0 is Sunday, 6 is Saturday.
    public var weekday: Int
    /// Since midnight, by the clock on the wall.
    public var minute: Int

    public init(weekday: Int, minute: Int) {
      self.weekday = weekday
      self.minute = minute
    }
  }

  public init(office: Office, mail: Mail) {
    self.office = office
    self.mail = mail
    paths = Paths()
    spool = Spool()
    keep = Keep()
  }
}
