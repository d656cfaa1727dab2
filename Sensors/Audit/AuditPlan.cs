using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Linux;

namespace Picket.Sensors.Audit;

/// <summary>Which audit records are made of kernel events, and which keys they get: what rules ask for, laid out for quick looks.</summary>
public sealed class AuditPlan
{
    private const int Numbers = 512;

    /// <summary>Told by the record of an executed program, which does not say by which of them it was.</summary>
    private static readonly string[] Executions = ["execve", "execveat"];

    private readonly Watch[] _watches;
    private readonly KeyedCall[] _executions;
    private readonly CallPlan?[] _own;
    private readonly CallPlan?[] _compat;

    private AuditPlan(AuditTypes types, HashSet<string> calls, Watch[] watches, Dictionary<string, CallPlan> plans, KeyedCall[] executions)
    {
        Types = types;
        Calls = calls;
        _watches = watches;
        _executions = executions;
        _own = ByNumber(CallNames.OwnEntry, plans);
        _compat = CallNames.CompatEntry is { } entry ? ByNumber(entry, plans) : [];
    }

    /// <summary>The types of records that are made.</summary>
    public AuditTypes Types { get; }

    /// <summary>The system calls that must be looked at for it.</summary>
    public IReadOnlySet<string> Calls { get; }

    /// <summary>Which files a record of type PATH is made of; null for all. Executions have theirs in any case.</summary>
    internal PathFilter? Paths { get; private init; }

    /// <summary>Whether nothing is made at all.</summary>
    public bool IsEmpty => Types == AuditTypes.None;

    /// <summary>Joins what Sigma rules ask for with the audit rules whose keys they name.</summary>
    public static AuditPlan Of(AuditInterest interest, IReadOnlyList<AuditRule> rules)
    {
        ArgumentNullException.ThrowIfNull(interest);
        ArgumentNullException.ThrowIfNull(rules);
        var named = rules.Where(rule => interest.Keys.Contains(rule.Key)).ToList();
        var plans = interest.Calls.ToDictionary(call => call, _ => new CallPlan([]), StringComparer.Ordinal);
        foreach (var group in named.SelectMany(rule => rule.Calls.Select(call => (Call: call, Rule: rule))).GroupBy(pair => pair.Call))
        {
            var keyed = group.Select(pair => new KeyedCall(pair.Rule, Encoding.UTF8.GetBytes(pair.Rule.Key))).ToArray();
            plans[group.Key] = new CallPlan(keyed) { OnlyKeyed = !plans.ContainsKey(group.Key) };
        }

        var executions = Executions.SelectMany(call => plans.TryGetValue(call, out var plan) ? plan.Keyed : [])
            .DistinctBy(keyed => keyed.Rule);
        var watches = named.Where(rule => rule.Path is not null)
            .Select(rule => new Watch(rule, Encoding.UTF8.GetBytes(rule.Path!), Encoding.UTF8.GetBytes(rule.Key)));
        var syscalls = interest.Types.HasFlag(AuditTypes.Syscall);
        return new AuditPlan(interest.Types, syscalls ? [.. plans.Keys.Except(Executions)] : [], [.. watches], plans, [.. executions])
        {
            Paths = interest.Paths,
        };
    }

    /// <summary>What is made of a system call; null for nothing.</summary>
    internal CallPlan? Find(uint number, bool compat) // hot
    {
        var plans = compat ? _compat : _own;
        return number < (uint)plans.Length ? plans[number] : null;
    }

    /// <summary>Adds the keys of an execution of <paramref name="path"/> to the record added last.</summary>
    internal void AddExecutionKeys(ReadOnlySpan<byte> path, EventBatch batch) // hot
    {
        foreach (var watch in _watches)
        {
            if (watch.Rule.Permissions.Contains('x', StringComparison.Ordinal) && watch.Covers(path))
                batch.AddText(AuditFields.Key, watch.Key);
        }

        foreach (var keyed in _executions)
        {
            if (keyed.Rule.Fits(default, true)) batch.AddText(AuditFields.Key, keyed.Key);
        }
    }

    private static CallPlan?[] ByNumber(SyscallEntry entry, Dictionary<string, CallPlan> plans)
    {
        var numbers = new CallPlan?[Numbers];
        foreach (var (call, plan) in plans)
        {
            if (SyscallNames.NumberOf(entry, call) is { } number && number < Numbers) numbers[number] = plan;
        }

        return numbers;
    }

    /// <summary>What is made of one system call.</summary>
    /// <param name="Keyed">The audit rules about it.</param>
    internal sealed record CallPlan(KeyedCall[] Keyed)
    {
        /// <summary>Whether only calls that fit an audit rule are of interest, because no rule asks for the call by its name.</summary>
        public bool OnlyKeyed { get; init; }
    }

    /// <summary>An audit rule about system calls, and its key's bytes.</summary>
    internal readonly record struct KeyedCall(AuditRule Rule, byte[] Key);

    private readonly record struct Watch(AuditRule Rule, byte[] Path, byte[] Key)
    {
        public bool Covers(ReadOnlySpan<byte> path) => // hot
            Path[^1] == (byte)'/' ? path.StartsWith(Path) : path.SequenceEqual(Path);
    }
}
