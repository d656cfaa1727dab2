using System.Globalization;
using System.Runtime.InteropServices;

namespace Picket.Node.Bench.Sensors;

/// <summary>
/// Compares what the generator did with what the sensors say, operation by operation. A process is known by its id and its start,
/// which lies between the generator's two looks at the clock, so that a pid that was used twice is told apart.
/// </summary>
internal sealed class GroundTruth
{
    private readonly LoadLog _log;
    private readonly Func<string, long> _lost;
    private readonly Dictionary<(string Kind, int Pid), List<ExportedEvent>> _events = [];

    /// <summary>Makes the comparison.</summary>
    /// <param name="log">What was done.</param>
    /// <param name="events">What was seen, in its order.</param>
    /// <param name="lost">How many events of a kind the node counted as lost, whoever caused them.</param>
    public GroundTruth(LoadLog log, IEnumerable<ExportedEvent> events, Func<string, long> lost)
    {
        _log = log;
        _lost = lost;
        foreach (var seen in events)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_events, (seen.Kind, seen.Pid), out _);
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
        foreach (var kind in (string[])["process_fork", "process_creation", "process_termination"])
        {
            if (CompareKind(OperationCode.Exec, kind) is { Done: > 0 } account) accounts.Add(account);
        }

        return accounts;
    }

    private Account CompareKind(OperationCode code, string kind)
    {
        var (done, seen, wrong, repeated) = (0L, 0L, 0L, 0L);
        string? example = null;
        foreach (ref readonly var operation in _log.Operations)
        {
            if (operation.Code != code || operation.Error != 0) continue;
            done++;
            var found = Find(operation, kind, ref repeated);
            if (found is null)
            {
                example ??= Describe(operation, "was not seen");
                continue;
            }

            seen++;
            if (Fault(operation, found) is not { } fault) continue;
            wrong++;
            example ??= Describe(operation, fault);
        }

        var lost = Math.Min(done - seen, _lost(kind));
        return new Account(code, kind, done, seen, lost, wrong, repeated, wrong > 0 || lost < done - seen ? example : null);
    }

    private ExportedEvent? Find(in Operation operation, string kind, ref long repeated)
    {
        if (!_events.TryGetValue((kind, operation.Pid), out var list)) return null;
        ExportedEvent? found = null;
        foreach (var seen in list)
        {
            if (seen.StartNs < operation.BeforeNs || seen.StartNs > operation.AfterNs) continue;
            if (found is not null) repeated++;
            found ??= seen;
        }

        return found;
    }

    /// <summary>In what the event differs from what was done; null when it does not.</summary>
    private string? Fault(in Operation operation, ExportedEvent seen)
    {
        if (seen.Kind == "process_fork") return null;
        var image = string.Create(CultureInfo.InvariantCulture, $"{_log.Folder}/noop{operation.Worker}");
        if (seen.Image != image) return $"has the image {seen.Image}, not {image}";
        var line = string.Create(CultureInfo.InvariantCulture, $"noop {operation.Number}");
        if (seen.CommandLine != line) return $"has the command line '{seen.CommandLine}', not '{line}'";
        if (seen.Kind != "process_creation") return null;
        return seen.Inode == operation.Inode && seen.Device == operation.Device ? null
            : $"is of the file {seen.Device}:{seen.Inode}, not {operation.Device}:{operation.Inode}";
    }

    private static string Describe(in Operation operation, string what) => string.Create(
        CultureInfo.InvariantCulture, $"{operation.Code} {operation.Number} of worker {operation.Worker}, process {operation.Pid}, {what}");
}
