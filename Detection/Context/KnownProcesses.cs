namespace Picket.Detection.Context;

/// <summary>Those of the asked processes that are known, also some seconds after their end.</summary>
/// <param name="Contexts">The latest process of each number.</param>
internal sealed record KnownProcesses(IReadOnlyDictionary<int, ProcessContext> Contexts)
{
    /// <summary>Finds them.</summary>
    /// <param name="ask">Which.</param>
    /// <param name="all">All processes, the oldest first.</param>
    public static KnownProcesses Of(TellProcesses ask, IEnumerable<ProcessContext> all)
    {
        var found = new Dictionary<int, ProcessContext>();
        foreach (var context in all)
        {
            var pid = ask.PidNamespace == 0 ? context.Key.Pid
                : context.Detail.PidNamespace == ask.PidNamespace ? (int)context.Detail.NamespacePid : 0;
            if (ask.Pids.Contains(pid)) found[pid] = context;
        }

        return new KnownProcesses(found);
    }
}
