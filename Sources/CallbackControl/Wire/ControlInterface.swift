/// What the control socket says of itself, in varlink's interface language (varlink.org/Interface-Definition).
public enum ControlInterface {
  public static let name = "org.callbackd.Control"
  static let service = "org.varlink.service"

  /// The description of an interface that is served, or nil.
  static func description(of interface: String) -> String? {
    switch interface {
    case name: control
    case service: varlink
    default: nil
    }
  }

  /// What every method answers that acts on one callback.
  private static let acted = """
    -> (
      callback: Callback,
      finish_by: ?string,
      retry_at: ?string,
      own_by: ?string,
      snoozed_until: ?string,
      begins: ?string,
      told: []string,
      names: [string]string
    )
    """

  private static let control = """
    # Callbacks: who was promised a call, and who has it.
    #
    # Times are ISO 8601 in UTC (2026-11-23T19:05:00Z). Persons, teams and rotations stand by their ids; `names` gives what
    # people call them. Who may do what follows from the credentials of the peer.
    interface org.callbackd.Control

    # kind: message, unreadable, missing. urgency: routine, urgent, emergency. state: open, owned, retrying, closed.
    # step: how many steps of the policy were taken. overdue_seconds: 0 if it is not overdue, or closed.
    # Texts over 1000 bytes are cut and end in an ellipsis.
    type Callback (
      id: int,
      kind: string,
      account: ?string,
      service: ?string,
      urgency: string,
      state: string,
      recipient: string,
      owner: ?string,
      caller: ?string,
      callback: ?string,
      patient: ?string,
      regarding: ?string,
      ref: ?string,
      language: ?string,
      voicemail_ok: bool,
      reachable_until: ?string,
      taken_at: string,
      promised_at: ?string,
      due_at: string,
      wake_at: ?string,
      overdue_seconds: int,
      step: int,
      attempts: int,
      repeat_calls: int
    )

    # actor: callbackd, service, person; actor_id: which.
    type Event (
      at: string,
      actor: string,
      actor_id: ?string,
      login: ?string,
      kind: string,
      person: ?string,
      step: ?int,
      notice: ?int,
      until: ?string,
      other: ?int,
      urgency: ?string,
      text: ?string
    )

    # part: repeat-call, withdrawal; amendment: what the message was before it was amended.
    type OtherMessage (
      at: string,
      part: string,
      taken_at: string,
      urgency: string,
      service: ?string,
      to: ?string,
      caller: ?string,
      callback: ?string,
      patient: ?string,
      regarding: ?string,
      body: ?string
    )

    # not_before: when the quiet hours of its person end, where it waits for that.
    type Notice (
      number: int,
      person: string,
      reason: string,
      channel: ?string,
      state: string,
      tries: int,
      created_at: string,
      not_before: ?string,
      settled_at: ?string,
      error: ?string
    )

    # due_basis: policy, promised, reachable. original: the bytes as they came, in base64. purged_at: since when the fields of
    # its message are null, and the texts of its events.
    type Detail (
      callback: Callback,
      problem: ?string,
      to: ?string,
      unknown_account: ?string,
      relationship: ?string,
      date_of_birth: ?string,
      operator: ?string,
      body: ?string,
      withdrawn: bool,
      notes: []string,
      other_fields: [](name: string, value: string),
      admitted_at: string,
      told_at: ?string,
      owned_at: ?string,
      attempted_at: ?string,
      reached_at: ?string,
      closed_at: ?string,
      closed_by: ?string,
      purged_at: ?string,
      owned_for: ?string,
      due_basis: string,
      own_by: ?string,
      finish_by: ?string,
      retry_at: ?string,
      snoozed_until: ?string,
      other_messages: []OtherMessage,
      events: []Event,
      notices: []Notice,
      original: ?string
    )

    \(reportTypes)

    type Stage (ok: bool, detail: ?string)

    # kind: down-time, clock-set, coverage-gap, silent-service, stale-files, spool-trouble, spool-restored,
    # storage-trouble, storage-restored, channel-trouble, channel-restored, delivery-trouble, delivery-restored.
    # notices: how many wait, for the channel or in all.
    type Alarm (
      kind: string,
      from: string,
      until: string,
      promises_passed: int,
      notices: int,
      channel: ?string,
      rotation: ?string,
      service: ?string
    )

    # kind: event-changed, text-changed, events-missing, events-swapped, tail-missing, head-differs, callback-changed,
    # callback-missing, callback-unknown, message-changed, other-message-changed. other_event: the last of several, or the
    # one in whose place it stands.
    type Finding (kind: string, event: ?int, other_event: ?int, callback: ?int, message: string)

    # The open callbacks, most urgent first, or the closed ones. limit: 1 to 1000, 500 if left out.
    # after: the `next` of the page before; next is null on the last page.
    method List(
      overdue: ?bool,
      for_person: ?string,
      account: ?string,
      closed: ?bool,
      since: ?string,
      limit: ?int,
      after: ?string
    ) -> (callbacks: []Callback, names: [string]string, next: ?string)

    # Open callbacks, and what changes with them. To be called with `more`: the first reply is a page, as of List, with what
    # happened last; each further one has the callbacks that changed, as they are then, the numbers of those that are closed or
    # are not watched any more, and what happened. At most one a second, and at least one in 15 seconds. A client that missed
    # too much gets a page again (is_page). limit: of rows in a page, 1 to 1000, else 200.
    method Watch(overdue: ?bool, for_person: ?string, account: ?string, limit: ?int) -> (
      at: string,
      is_page: bool,
      callbacks: []Callback,
      gone: []int,
      happenings: [](callback: int, event: Event),
      next: ?string,
      troubles: []string,
      names: [string]string
    )

    method Show(number: int, original: ?bool) -> (detail: Detail, names: [string]string)

    # begins: when time begins to count for the owner, where the office is closed now. told: who is told because of it.
    # as_person: the person who acts, where the peer's login is nobody's or may act for others.
    method Acknowledge(number: int, take: ?bool, note: ?string, as_person: ?string) \(acted)

    # outcome: reached, no-answer, busy, voicemail, wrong-number, declined.
    method Attempt(number: int, outcome: string, note: ?string, as_person: ?string) \(acted)

    # The patient was reached.
    method Done(number: int, note: ?string, as_person: ?string) \(acted)

    method Close(number: int, reason: string, as_person: ?string) \(acted)

    method Reopen(number: int, note: ?string, as_person: ?string) \(acted)

    method Note(number: int, text: string, as_person: ?string) \(acted)

    # to: the person, team or rotation that owes the call from now on.
    method Assign(number: int, to: string, note: ?string, as_person: ?string) \(acted)

    # span: such as 20m.
    method Snooze(number: int, span: string, note: ?string, as_person: ?string) \(acted)

    # Who is on call at a moment (now, if `at` is left out), and the stretch of time around it through which nobody else is, at
    # most 400 days to each side; with days (1 to 366): every shift from then on. A shift without people is a gap.
    method OnCall(at: ?string, days: ?int) -> (
      shifts: [](rotation: string, name: string, member: ?string, people: []string, from: string, until: string),
      names: [string]string
    )

    # What became of a file: the text of its receipt. file: the name under which `callbackctl drop` put it into the spool, which
    # nobody can guess. Null while it is not in, and where it is not known any more: the latest few thousand are.
    method Receipt(file: string) -> (receipt: ?string)

    # Who can be named: persons who are there, teams and rotations with what people call them, and the ids of accounts.
    method Names() -> (
      people: [string]string,
      teams: [string]string,
      rotations: [string]string,
      accounts: []string
    )

    # The next piece of a look through the record: whether it is as it was written. after: the `next` of the piece before; next
    # is null at the end. head: one that was given before, looked for by the first piece. An answer without findings says that
    # the piece is whole.
    method Verify(after: ?string, head: ?string) -> (
      findings: []Finding,
      events: int,
      callbacks: int,
      head: ?string,
      next: ?string
    )

    # Callbacks that came in at `since` or later and before `until` (now, if left out), in the order of their numbers.
    # after: the `next` of the page before; next is null on the last page.
    method Export(since: string, until: ?string, after: ?string) -> (
      callbacks: []Detail,
      names: [string]string,
      next: ?string
    )

    # Deletes what is personal of some of the callbacks that have been closed for longer than the configuration's keep.closed.
    # more: whether to call again. dry_run: deletes nothing, and purged is how many there are.
    method Purge(dry_run: ?bool) -> (purged: int, more: bool)

    method Status() -> (
      version: string,
      started_at: string,
      stages: (intake: Stage, answers: Stage, timer: Stage, store: Stage, delivery: Stage, control: Stage),
      counts: (open: int, overdue: int, owned: int, unowned: int),
      oldest_overdue_seconds: ?int,
      notices_waiting: int,
      next_wake_at: ?string,
      alarms: []Alarm
    )

    \(reportMethods)

    error NoSuchCallback (id: int, message: string)
    # The state of the callback does not allow it.
    error Refused (message: string)
    # The peer may not do it.
    error NotAllowed (message: string)
    # The peer's login is nobody's: name a person.
    error NeedsPerson (message: string)
    error BadRequest (message: string)
    error TryAgain (message: string)

    """

  /// As varlink.org/Service gives it.
  private static let varlink = """
    # The Varlink Service Interface is provided by every varlink service. It describes the service and the interfaces it
    # implements.
    interface org.varlink.service

    method GetInfo() -> (vendor: string, product: string, version: string, url: string, interfaces: []string)
    method GetInterfaceDescription(interface: string) -> (description: string)

    error InterfaceNotFound (interface: string)
    error MethodNotFound (method: string)
    error MethodNotImplemented (method: string)
    error InvalidParameter (parameter: string)
    error PermissionDenied ()
    error ExpectedMore ()

    """
}
