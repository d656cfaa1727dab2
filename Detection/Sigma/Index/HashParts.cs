using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// An execution whose executable has to be hashed first comes twice: at once, and when its hashes are known or known to stay away. Each
/// rule sees one of the two: who asks for hashes the later one, any other rule the first. So no rule alerts twice, and none that says
/// "not" of a hash alerts because it is not known yet.
/// </summary>
internal static class HashParts
{
    private static readonly byte Whole = EventRouteTable.Intern("process_creation");
    private static readonly byte WithoutHashes = EventRouteTable.Intern("process_creation, its hashes awaited");
    private static readonly byte HashesOnly = EventRouteTable.Intern("process_creation, with its hashes");
    private static readonly byte AsksHashes = EventRouteTable.Intern("process_creation, by its hashes");
    private static readonly byte AsksHashesOfAny = EventRouteTable.Intern("any, by hashes");
    private static readonly HashSet<string> HashFields = new(StringComparer.Ordinal) { "Hashes", "md5", "sha1", "sha256" };

    /// <summary>Whether a rule asks for hashes of executables.</summary>
    public static bool IsByHashes(RuleSyntax rule) => RuleFields.Of(rule).Any(field => field is not null && HashFields.Contains(field));

    /// <summary>The log source of a rule as routing compares it.</summary>
    public static EventRoute SourceOf(RuleSyntax rule)
    {
        var source = DnsParts.SourceOf(rule);
        if (!IsByHashes(rule)) return source;
        if (source.Category == Whole) return source with { Category = AsksHashes };
        return source is { Category: 0, Service: 0 } ? source with { Category = AsksHashesOfAny } : source;
    }

    /// <summary>The category of an execution, by what its flags say of hashes.</summary>
    public static EventRoute OfExecution(EventRoute route, EventFlags flags) // hot
    {
        if (route.Category != 0 && route.Category != Whole) return route;
        var category = (flags & EventFlags.HashesLate) != 0 ? HashesOnly
            : (flags & EventFlags.HashesAwaited) != 0 ? WithoutHashes : Whole;
        return route with { Category = category };
    }

    /// <summary>Whether a rule's category is none.</summary>
    public static bool IsOfAny(byte category) => category == 0 || category == AsksHashesOfAny;

    /// <summary>Whether an event's category is none that the rule means.</summary>
    public static bool Contradicts(byte known, byte wanted)
    {
        if (wanted == AsksHashes) return known != 0 && known != Whole && known != HashesOnly;
        if (wanted == AsksHashesOfAny) return known == WithoutHashes;
        if (known == HashesOnly) return true;
        return DnsParts.Contradicts(known == WithoutHashes ? Whole : known, wanted);
    }
}
