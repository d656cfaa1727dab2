using System.Text;

namespace Picket.Hocon;

/// <summary>The values that are being resolved, the innermost last: what a look back has to skip and a cycle is named by.</summary>
internal sealed class ActiveValues
{
    private const int ShownLinks = 12;

    private readonly HashSet<ConfigValue> _set = [];
    private readonly List<ConfigValue> _trail = [];

    public int Count => _trail.Count;

    public bool TryAdd(ConfigValue value)
    {
        if (!_set.Add(value)) return false;
        _trail.Add(value);
        return true;
    }

    public void RemoveLast()
    {
        _set.Remove(_trail[^1]);
        _trail.RemoveAt(_trail.Count - 1);
    }

    public bool Contains(ConfigValue value) => _set.Contains(value);

    /// <summary>
    /// The substitutions from <paramref name="start"/> to the innermost and <paramref name="last"/>, with their places, and the first one
    /// again; empty where there are none.
    /// </summary>
    public string Chain(ConfigValue? start, Substitution? last)
    {
        var from = start is null ? -1 : _trail.IndexOf(start);
        var links = from < 0 ? [] : _trail.Skip(from).OfType<Substitution>().ToList();
        if (last is not null) links.Add(last);
        if (links.Count == 0) return "";
        var chain = new StringBuilder(": ");
        for (var i = 0; i < links.Count; i++)
        {
            if (i < ShownLinks) chain.Append(null, $"{links[i]} ({links[i].Origin}) -> ");
            else if (i == ShownLinks) chain.Append(null, $"... {links.Count - ShownLinks} more ... -> ");
        }

        return chain.Append(links[0]).ToString();
    }
}
