/// What every page has.
enum PageStyle {
  /// Colours that differ in lightness too, for those who can't tell hues apart, and in print.
  static let css: Markup = """
    :root { --paper: #fff; --card: #f6f7f9; --ink: #1c2530; --soft: #5a6573; --line: #d7dce3; --empty: #e9ecf1;
      --kept: #2166a5; --broken: #d95f0e; --rest: #b4bbc6; }
    @media (prefers-color-scheme: dark) { :root { --paper: #14181d; --card: #1d232b; --ink: #e4e8ee; --soft: #9aa5b3;
      --line: #38424f; --empty: #29313b; --kept: #6aaee6; --broken: #f5924a; --rest: #5f6b7a; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem; background: var(--paper); color: var(--ink);
      font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; }
    h2 { font-size: 1.05rem; line-height: 1.3; margin: 0 0 .75rem; }
    header p { margin: .4rem 0 1.2rem; color: var(--soft); } header strong { color: var(--ink); }
    footer { margin-top: 1.5rem; color: var(--soft); font-size: .85rem; }
    section { background: var(--card); border-radius: .6rem; padding: 1rem 1.1rem; margin-bottom: 1rem; min-width: 0; }
    section > p { margin: .6rem 0 0; font-size: .9rem; color: var(--soft); }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 1rem;
      align-items: start; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0 0 1rem; }
    .tiles div { background: var(--card); border-radius: .6rem; padding: .8rem 1rem; border-left: .3rem solid var(--kept); }
    .tiles .bad { border-left-color: var(--broken); }
    dt { font-size: .85rem; color: var(--soft); }
    dd { margin: 0; font-size: 1.7rem; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; }
    dd small { display: block; font-size: .8rem; font-weight: 400; line-height: 1.35; color: var(--soft); }
    svg { display: block; width: 100%; height: auto; }
    svg text { font-size: 13px; fill: var(--soft); font-variant-numeric: tabular-nums; }
    .end { text-anchor: end; } .middle { text-anchor: middle; }
    rect.kept { fill: var(--kept); } rect.broken { fill: var(--broken); } rect.rest { fill: var(--rest); }
    .empty { fill: var(--empty); } .grid { stroke: var(--line); }
    .mark { fill: var(--broken); stroke: var(--paper); stroke-width: 1; }
    .legend span { margin-right: 1rem; display: inline-block; }
    .legend span::before { content: ""; display: inline-block; width: .75em; height: .75em; margin-right: .4em;
      border-radius: 2px; background: var(--rest); }
    .legend .kept::before { background: var(--kept); } .legend .broken::before { background: var(--broken); }
    .legend .mark::before { background: var(--broken); border-radius: 50%; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    th, td { padding: .35rem .6rem; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
    thead th, thead td { border-top: 0; color: var(--soft); font-weight: 500; font-size: .82rem; }
    tbody th { font-weight: 400; min-width: 4rem; }
    th:first-child { padding-left: 0; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .bar { width: 28%; } .bar svg { height: .8rem; margin-top: .3rem; }
    details { margin-top: .6rem; font-size: .9rem; } summary { cursor: pointer; color: var(--soft); }
    .definitions dl { margin: 0; font-size: .9rem; } .definitions dt { margin-top: .5rem; font-weight: 600; color: var(--ink); }
    .definitions dd { font-size: inherit; font-weight: 400; line-height: 1.5; color: var(--soft); }
    @media (max-width: 30rem) { .tiles { grid-template-columns: 1fr 1fr; } .tiles div:last-child { grid-column: span 2; }
      svg text { font-size: 15px; } .bar { width: 18%; } }
    @media print {
      :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --empty: #eee; --kept: #2166a5;
        --broken: #d95f0e; --rest: #b4bbc6; }
      @page { margin: 1.5cm; }
      html { font-size: 8.5pt; }
      body { max-width: none; padding: 0; }
      section, .tiles div { border: 1px solid var(--line); break-inside: avoid; padding: .6rem .8rem; }
      .tiles { grid-template-columns: repeat(5, 1fr); } .tiles div { border-left: .3rem solid var(--kept); }
      .charts { grid-template-columns: 1fr 1fr; } details { display: none; }
      .scroll { overflow: visible; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }

    """

  /// Short; docs/reports.md has them whole.
  static let definitions: Markup = """
    <section class="definitions">
    <h2>How this is counted</h2>
    <dl>
    <dt>Calls taken</dt><dd>Every callback whose call was taken in the span, as it stood when this was made; of a callback \
    that was deleted since, times and outcome still count.</dd>
    <dt>Kept</dt><dd>The patient was reached by the deadline, to the second.</dd>
    <dt>Broken</dt><dd>The deadline passed before that, whatever happened later. How far it had come then: the furthest \
    counts; what came in when its deadline had passed is apart.</dd>
    <dt>No longer owed</dt><dd>By the deadline the patient had declined, the service had withdrawn the call, or a person \
    had closed it with a reason. Neither kept nor broken.</dd>
    <dt>Share kept</dt><dd>Of those kept or broken, rounded down: 100 % means all.</dd>
    <dt>Times</dt><dd>From when the call was taken, nights and weekends included. Percentiles are by nearest rank: the 90th \
    is the shortest time that at least nine in ten did not exceed.</dd>
    <dt>Days and hours</dt><dd>By the site’s clock, of when the call was taken.</dd>
    </dl>
    </section>

    """
}
