using Picket.Detection.Events;

namespace Picket.Node.Self;

/// <summary>What /self knows at one moment.</summary>
/// <param name="Heartbeats">The number of the last heartbeat.</param>
/// <param name="Passed">The last barrier that passed every line of the ledger.</param>
/// <param name="IsBalanced">Whether every line balanced at its last report.</param>
/// <param name="Lines">The last report of each line, by name.</param>
/// <param name="Notices">How often each notice was raised, by name.</param>
/// <param name="AncestryInTrouble">Whether the store fails.</param>
internal sealed record SelfSnapshot(
    long Heartbeats, long Passed, bool IsBalanced, IReadOnlyList<LedgerReport> Lines, IReadOnlyList<KeyValuePair<string, long>> Notices,
    bool AncestryInTrouble)
{
    public static SelfSnapshot Of(SelfState state) => new(
        state.Heartbeats, state.Ledger.Passed, state.Ledger.IsBalanced,
        [.. state.Ledger.Last.Values.OrderBy(report => report.Line, StringComparer.Ordinal)],
        [.. state.Notices.OrderBy(notice => notice.Key, StringComparer.Ordinal)], state.AncestryInTrouble);
}
