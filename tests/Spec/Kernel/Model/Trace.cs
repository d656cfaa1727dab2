using System.Text;

namespace Picket.Spec.Kernel.Model;

/// <summary>What was seen of each actor: hooks and handled messages in order, and apart, without order, whose end it was told and what it
/// left in dead letters.</summary>
internal sealed class Trace
{
    private readonly SortedDictionary<string, List<string>> _said = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _apart = new(StringComparer.Ordinal);

    public void Say(string actor, string what) => Of(_said, actor).Add(what);

    public void SayApart(string actor, string what) => Of(_apart, actor).Add(what);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (actor, said) in _said) text.Append(actor).Append(": ").AppendJoin(" | ", said).Append('\n');
        foreach (var (actor, said) in _apart) text.Append(actor).Append(" ~ ").AppendJoin(", ", said.Order(StringComparer.Ordinal)).Append('\n');
        return text.ToString();
    }

    private static List<string> Of(SortedDictionary<string, List<string>> by, string actor)
    {
        if (!by.TryGetValue(actor, out var said)) by[actor] = said = [];
        return said;
    }
}
