extension ControlInterface {
  static let reportTypes = """
    # How long something took from when the call was taken: seconds, over `count` callbacks. Percentiles by nearest rank.
    type Spread (count: int, median: ?int, percentile_90: ?int, worst: ?int)

    # taken: calls of the span. kept: reached by the deadline. broken: not. ended: no longer owed by the deadline.
    # why: of the broken, how far each had come when its deadline passed.
    type Figures (
      taken: int,
      kept: int,
      broken: int,
      ended: (declined: int, withdrawn: int, closed: int),
      pending: int,
      why: (came_in_late: int, not_told: int, not_owned: int, not_tried: int, not_reached: int),
      reached_late: int,
      open: int,
      overdue: int,
      unreadable: int,
      missing: int,
      escalated: int,
      attempts: (total: int, none: int, one: int, two: int, more: int),
      repeat_calls: (callbacks: int, calls: int),
      times: (came_in: Spread, told: Spread, owned: Spread, reached: Spread)
    )
    """

  static let reportMethods = """
    # The figures of Status, and what has happened since the daemon started, in Prometheus' text format.
    method Metrics() -> (text: string)

    # How promises were kept: callbacks whose call was taken from `since` until `until` (now, if left out; at most ten years),
    # as they stand now. by: account, person, urgency, hour. key: null for callbacks without an account. days and hours go by
    # the site's clock; weekday 1 is Monday. up_to: seconds, null for any longer. step: null for the fallback.
    method Report(since: string, until: ?string, by: ?string) -> (
      site: string,
      zone: string,
      since: string,
      until: string,
      made_at: string,
      total: Figures,
      by: ?string,
      groups: [](key: ?string, figures: Figures),
      days: [](date: string, taken: int, kept: int, broken: int),
      hours: [](weekday: int, hour: int, taken: int, kept: int, broken: int),
      reach_times: [](up_to: ?int, callbacks: int),
      steps: [](step: ?int, person: string, notices: int, callbacks: int),
      now: (
        open: int,
        overdue: int,
        unowned: int,
        late: [](id: int, account: ?string, urgency: string, due_at: string, recipient: string, owner: ?string)
      ),
      names: [string]string
    )

    # Mails it to a person, or to all of a team, and answers when the mail program has taken it.
    method MailReport(since: string, until: ?string, by: ?string, to: string) -> (told: []string, names: [string]string)
    """
}
