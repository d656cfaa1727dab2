using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma;

/// <summary>What rules for the service <c>auditd</c> ask of whoever makes audit records.</summary>
public static class AuditDemand
{
    private const string Service = "auditd";

    /// <summary>Whether a rule of this log source is about audit records.</summary>
    public static bool IsAudit(SigmaLogSource source) =>
        string.IsNullOrEmpty(source.Category) && Service.Equals(source.Service, StringComparison.OrdinalIgnoreCase);

    /// <summary>What the rules for auditd among <paramref name="rules"/> ask for.</summary>
    public static AuditInterest Of(IEnumerable<SigmaRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var types = AuditTypes.None;
        var calls = new HashSet<string>(StringComparer.Ordinal);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var aboutPaths = new List<SigmaRule>();
        foreach (var rule in rules)
        {
            if (!IsAudit(rule.LogSource)) continue;
            var typesOfRule = TypesOf(rule);
            types |= typesOfRule;
            if (typesOfRule.HasFlag(AuditTypes.Path)) aboutPaths.Add(rule);
            calls.UnionWith(RuleValues.Plain(rule, "SYSCALL").Select(name => name.ToLowerInvariant()));
            keys.UnionWith(RuleValues.Plain(rule, "key"));
        }

        return new AuditInterest(types, calls, keys) { Paths = NamedPaths.Of(aboutPaths) };
    }

    /// <summary>
    /// The types that a rule could match among those that are made of kernel events; none for one that is about other types alone. A rule
    /// that names no type is about those that have its fields.
    /// </summary>
    internal static AuditTypes TypesOf(SigmaRule rule)
    {
        var types = AuditTypes.None;
        var named = false;
        foreach (var item in RuleValues.Items(rule))
        {
            if (item.Field != "type") continue;
            named = true;
            foreach (var value in item.Values) types |= RuleValues.IsPlain(item, value) ? TypeOf(value.Text) : AuditTypes.All;
        }

        if (named) return types;
        foreach (var item in RuleValues.Items(rule)) types |= TypesWith(item.Field);
        return types;
    }

    private static AuditTypes TypeOf(string name) => name.ToUpperInvariant() switch
    {
        "EXECVE" => AuditTypes.Execve,
        "SYSCALL" => AuditTypes.Syscall,
        "PATH" => AuditTypes.Path,
        "CWD" => AuditTypes.Cwd,
        _ => AuditTypes.None,
    };

    private static AuditTypes TypesWith(string? field) => field switch
    {
        null => AuditTypes.All,
        "argc" => AuditTypes.Execve,
        "name" or "nametype" or "inode" or "mode" or "dev" or "ouid" or "ogid" or "item" => AuditTypes.Path,
        "cwd" => AuditTypes.Cwd,
        ['a', >= '0' and <= '9', ..] => AuditTypes.Execve | AuditTypes.Syscall,
        _ => AuditTypes.Syscall,
    };
}
