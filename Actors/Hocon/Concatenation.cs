using System.Globalization;
using System.Text;

namespace Picket.Hocon;

/// <summary>Values written beside each other of which at least one is a substitution.</summary>
internal sealed class Concatenation : ConfigValue
{
    private Concatenation(ConfigOrigin origin, IReadOnlyList<ConfigValue> pieces, bool isAppend)
        : base(origin)
    {
        Pieces = pieces;
        IsAppend = isAppend;
    }

    public override ConfigValueKind Kind => ConfigValueKind.Unresolved;

    public IReadOnlyList<ConfigValue> Pieces { get; }

    /// <summary>Whether this came from <c>+=</c>: an optional look back at the same key, then one array.</summary>
    public bool IsAppend { get; }

    /// <summary>What <c>+=</c> adds; only where <see cref="IsAppend"/>.</summary>
    public ConfigArray Appended => (ConfigArray)Pieces[1];

    public static Concatenation Append(Substitution self, ConfigArray added) => new(added.Origin, [self, added], true);

    /// <summary>The one value that <paramref name="pieces"/> make, or a concatenation where that must wait; at least one piece.</summary>
    public static ConfigValue Of(List<ConfigValue> pieces)
    {
        if (pieces.Count == 1) return pieces[0];
        var joined = HasComposite(pieces) ? JoinComposites(pieces, null, static run => run.Aggregate(MergeRules.Over)) : JoinText(pieces);
        return joined.Count == 1 ? joined[0] : new Concatenation(pieces[0].Origin, joined, false);
    }

    /// <summary>The value of resolved pieces, undefined ones left out; null where none is left.</summary>
    /// <param name="pieces">Resolved values and the white space between them.</param>
    /// <param name="places">Where the pieces stand; what a substitution gave has its own place elsewhere.</param>
    /// <param name="merge">Merges resolved objects, each over those before it.</param>
    public static ConfigValue? OfResolved(
        List<ConfigValue> pieces, List<ConfigOrigin> places, Func<List<ConfigValue>, ConfigValue> merge)
    {
        if (pieces.Count == 0) return null;
        if (HasComposite(pieces)) return JoinComposites(pieces, places, merge)[0];
        var joined = JoinText(pieces)[0];
        return joined is Whitespace blank ? new ConfigLiteral(blank.Origin, ConfigValueKind.String, blank.Text) : joined;
    }

    /// <summary>
    /// The elements of an object whose keys are whole numbers, in their order, as a properties file writes an array; null where no key
    /// is one.
    /// </summary>
    public static ConfigArray? NumberedArray(ConfigObject from)
    {
        var numbered = new SortedDictionary<int, ConfigValue>();
        foreach (var (key, field) in from.Members)
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) numbered.TryAdd(index, field.Value);
        }

        return numbered.Count == 0 ? null : new ConfigArray(from.Origin, [.. numbered.Values]);
    }

    private static bool HasComposite(List<ConfigValue> pieces) => pieces.Exists(static piece => piece is ConfigArray or ConfigObject);

    // Beside an array or an object all must become arrays or objects, so that white space never counts.
    private static List<ConfigValue> JoinComposites(
        List<ConfigValue> pieces, List<ConfigOrigin>? places, Func<List<ConfigValue>, ConfigValue> merge)
    {
        var joined = new List<ConfigValue>();
        var run = new List<(ConfigValue Value, ConfigOrigin Place)>();
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            var place = places is null ? piece.Origin : places[i];
            if (piece is ConfigLiteral)
            {
                var composite = pieces.Find(static other => other is ConfigArray or ConfigObject)!;
                throw new ConfigException(place, $"{piece.Describe()} stands beside {composite.Describe()} and cannot be joined with it");
            }

            if (piece is ConfigArray or ConfigObject) run.Add((piece, place));
            if (piece is not Substitution) continue;
            if (run.Count > 0) joined.Add(JoinRun(run, merge));
            run.Clear();
            joined.Add(piece);
        }

        if (run.Count > 0) joined.Add(JoinRun(run, merge));
        return joined;
    }

    private static ConfigValue JoinRun(List<(ConfigValue Value, ConfigOrigin Place)> run, Func<List<ConfigValue>, ConfigValue> merge)
    {
        if (run.Count == 1) return run[0].Value;
        if (run.TrueForAll(static piece => piece.Value is ConfigObject)) return merge(run.ConvertAll(static piece => piece.Value));
        var items = new List<ConfigValue>();
        long weight = 0;
        foreach (var (value, place) in run)
        {
            var array = value as ConfigArray ?? NumberedArray((ConfigObject)value)
                ?? throw new ConfigException(place, "an object stands beside an array and cannot be joined with it");
            ConfigLimits.CheckWeight(weight += array.Weight, place);
            items.AddRange(array.Items);
        }

        return new ConfigArray(run[0].Value.Origin, items);
    }

    // Runs of simple values become one string; a substitution ends a run.
    private static List<ConfigValue> JoinText(List<ConfigValue> pieces)
    {
        var joined = new List<ConfigValue>();
        for (var at = 0; at < pieces.Count;)
        {
            var end = at;
            var simple = false;
            while (end < pieces.Count && pieces[end] is not Substitution) simple |= pieces[end++] is ConfigLiteral;
            if (end <= at + 1) joined.Add(pieces[at]);
            else joined.Add(JoinText(pieces, at, end, simple));
            at = Math.Max(end, at + 1);
        }

        return joined;
    }

    private static ConfigValue JoinText(List<ConfigValue> pieces, int at, int end, bool simple)
    {
        long length = 0;
        for (var i = at; i < end; i++) length += Text(pieces[i]).Length;
        ConfigLimits.CheckWeight(length, pieces[at].Origin);
        var text = new StringBuilder((int)length);
        for (var i = at; i < end; i++) text.Append(Text(pieces[i]));
        return simple
            ? new ConfigLiteral(pieces[at].Origin, ConfigValueKind.String, text.ToString())
            : new Whitespace(pieces[at].Origin, text.ToString());
    }

    private static string Text(ConfigValue piece) => piece is ConfigLiteral literal ? literal.Text : ((Whitespace)piece).Text;
}
