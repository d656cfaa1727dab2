using System.Globalization;
using Picket.Node.Reloading;
using Picket.Node.Self;
using Picket.Sensors;

namespace Picket.Node.Status;

/// <summary>What is not as it should be, one line each; whoever knows nothing else of the node knows by these whether to look.</summary>
internal static class StatusProblems
{
    public static IReadOnlyList<string> Of(StatusSource source, SelfSnapshot? self, IReadOnlyList<StatusOfActor> actors,
        IReadOnlyList<PartState> parts)
    {
        var counters = source.Counters;
        var problems = new List<string>();
        foreach (var actor in actors.Where(actor => !actor.Answers)) problems.Add($"{actor.Path} does not answer");
        foreach (var part in parts) problems.AddRange(Of(part));
        if (counters.Lost > 0) problems.Add(Say($"{counters.Lost} events were lost in the kernel in this run"));
        if (counters.Malformed > 0) problems.Add(Say($"{counters.Malformed} records contradicted themselves"));
        if (counters.Failed + counters.Dropped > 0)
            problems.Add(Say($"{counters.Failed} items failed inside the node, and {counters.Dropped} came back unhandled"));
        if (counters.Spilled > 0) problems.Add(Say($"{counters.Spilled} events wait on disk for engines that cannot keep up"));
        if (source.Guard?.Report is { Reason.Length: > 0 } guard) problems.Add($"nobody guards the node: {guard.Reason}");
        problems.AddRange(Of(source.Book.Now));
        foreach (var sink in counters.Sinks.Where(sink => sink.Failures > 0))
            problems.Add(Say($"the sink {sink.Name} failed {sink.Failures} times in a row"));
        foreach (var (path, reason) in source.Files?.Unwatched ?? [])
            problems.Add($"the node's own files {(path.Length == 0 ? "" : $"in {path} ")}are not watched: {reason}");
        if (self is null) return problems;
        if (!self.IsBalanced)
        {
            problems.Add("the ledger does not balance: "
                + string.Join(", ", self.Lines.Where(line => line.In != line.Out).Select(line => line.Line)));
        }

        if (self.AncestryInTrouble) problems.Add("the store fails: the dead ancestors of processes are not kept");
        foreach (var (name, count) in self.Notices)
        {
            if (name is "rule-disabled") problems.Add(Say($"{count} times a rule was switched off since it failed too often"));
            if (name is "sensor-tampered") problems.Add(Say($"{count} times somebody took apart a part of the sensor"));
        }

        return problems;
    }

    private static IEnumerable<string> Of(RuleStanding standing)
    {
        if (standing.Rules.Errors.Count > 0) yield return Say($"{standing.Rules.Errors.Count} rules or files of rules could not be used");
        if (standing.Rules.Rules.Count == 0) yield return "there is no rule: nothing is detected";
        foreach (var kept in standing.Kept) yield return $"a changed file of rules has errors and stays as it was: {kept.Errors[0]}";
        if (standing.Last is { Result: ReloadResult.Failed } failed) yield return $"the rules could not be reloaded: {failed.Message}";
    }

    private static IEnumerable<string> Of(PartState part)
    {
        if (part.State != PartActivity.Working)
        {
            var what = part.State == PartActivity.Stopped ? "is stopped" : "sees nothing";
            yield return Say($"{part.Name} {what} since {part.Since:yyyy-MM-dd'T'HH:mm:ss'Z'}: {part.Reason}");
        }

        foreach (var (program, reason) in part.Missing)
            yield return $"{part.Name}: the program {program} is not at work on this host: {reason}";
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
