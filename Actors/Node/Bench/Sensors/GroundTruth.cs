using System.Globalization;
using System.Runtime.InteropServices;

namespace Picket.Node.Bench.Sensors;

/// <summary>
/// Compares what the generator did with what the sensors say, operation by operation. The generator's two looks at the clock tell
/// apart what has the same id, name or port again.
/// </summary>
internal sealed class GroundTruth
{
    private readonly LoadLog _log;
    private readonly Func<string, long> _lost;
    private readonly Expectations _expectations;
    private readonly Dictionary<(string Kind, string Subject), List<ExportedEvent>> _events = [];

    /// <summary>Makes the comparison.</summary>
    /// <param name="log">What was done.</param>
    /// <param name="events">What was seen, in its order.</param>
    /// <param name="lost">How many events of a kind the node counted as lost, whoever caused them.</param>
    public GroundTruth(LoadLog log, IEnumerable<ExportedEvent> events, Func<string, long> lost)
    {
        _log = log;
        _lost = lost;
        _expectations = new Expectations(log.Folder);
        foreach (var seen in events)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_events, (seen.Kind, seen.Subject), out _);
            (list ??= []).Add(seen);
        }
    }

    /// <summary>The processes that a log is about.</summary>
    public static HashSet<int> ProcessesOf(LoadLog log)
    {
        var pids = new HashSet<int>(log.Workers);
        foreach (ref readonly var operation in log.Operations) pids.Add(operation.Pid);
        return pids;
    }

    /// <summary>An account of each kind of event that the log's operations should have made.</summary>
    public IReadOnlyList<Account> Compare()
    {
        var accounts = new List<Account>();
        foreach (var code in Enum.GetValues<OperationCode>())
        {
            foreach (var kind in Expectations.KindsOf(code))
            {
                if (CompareKind(code, kind) is { Done: > 0 } account) accounts.Add(account);
            }
        }

        return accounts;
    }

    private Account CompareKind(OperationCode code, string kind)
    {
        var (done, seen, wrong, repeated) = (0L, 0L, 0L, 0L);
        string? example = null;
        var operations = _log.Operations;
        for (var i = 0; i < operations.Length; i++)
        {
            ref readonly var operation = ref operations[i];
            if (operation.Code != code || operation.Error != 0) continue;
            done++;
            var expected = _expectations.Of(operation, operations[Math.Max(0, i - 1)], kind);
            var found = Find(expected, ref repeated);
            if (found is null)
            {
                example ??= Describe(operation, $"was not seen ({expected.Subject})");
                continue;
            }

            seen++;
            if (_expectations.FaultOf(operation, found) is not { } fault) continue;
            if (wrong++ == 0) example = Describe(operation, fault);
        }

        var lost = Math.Min(done - seen, _lost(kind));
        return new Account(code, kind, done, seen, lost, wrong, repeated, wrong > 0 || lost < done - seen ? example : null);
    }

    private ExportedEvent? Find(in Expectation expected, ref long repeated)
    {
        if (!_events.TryGetValue((expected.Kind, expected.Subject), out var list)) return null;
        ExportedEvent? found = null;
        foreach (var seen in list)
        {
            if (!expected.IsMetBy(seen)) continue;
            if (found is not null) repeated++;
            found ??= seen;
        }

        return found;
    }

    private static string Describe(in Operation operation, string what) => string.Create(
        CultureInfo.InvariantCulture, $"{operation.Code} {operation.Number} of worker {operation.Worker}, process {operation.Pid}, {what}");
}
